# SPDX-License-Identifier: MIT
"""Grade a class folder: every file, two at a time, whatever is in it."""

import contextlib
import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from minelib import __version__
from minelib.errors import BadInput, BadParameter, MinelibError
from minelib.lessons.master import lesson
from minelib.lessons.parameters import FILE, read_draws
from minelib.words import gettext as _
from minelib.workbench.grading import guard
from minelib.workbench.grading.engine import Worker
from minelib.workbench.grading.identity import who_is_it
from minelib.workbench.grading.marks import collect, mark
from minelib.workbench.grading.report import Report
from minelib.workbench.grading.result import Result
from minelib.workbench.grading.submissions import find, read
from minelib.workbench.lessons import read_class

__all__ = ["LIMITS", "grade"]

LIMITS = {"seconds": 30, "cell_seconds": 8, "memory_mb": 1500, "file_mb": 50, "disk_mb": 200}
_RUNS = 4  # of one submission: each leaves out the cell that ended the one before


class NoSandbox(MinelibError):
    """This system cannot run submissions apart from the grader."""


def grade(
    folder,
    number=None,
    output=None,
    students=None,
    draws=None,
    lang=None,
    workers=2,
    again=False,
    limits=None,
    progress=None,
):
    """Grade every submission in a folder.

    Parameters
    ----------
    folder : path-like
        Notebooks, or one folder a student.
    number : str or int, optional
        The lesson; without it the one most submissions belong to.
    output : path-like, optional
        Default ``folder/graded``. Gets ``grades.csv``, ``feedback/`` and ``graded.jsonl``.
    students : path-like, optional
        The list of the class; default ``folder/class.csv`` when it is there.
    draws : path-like, optional
        The ``parameters.toml`` the class worked with; default the one in the folder, else the
        package's.
    lang : str, optional
        Language of the notes in the table.
    workers : int
        Submissions at a time, at least 1.
    again : bool
        Whether to grade also what an earlier run has graded and nothing has changed since.
    limits : dict, optional
        Some of `LIMITS`: ``seconds`` for a notebook, ``cell_seconds`` for a cell, ``memory_mb``
        beyond what the packages take, ``file_mb`` for a file it writes, ``disk_mb`` for all files.
    progress : callable, optional
        Called with each `Result` as it comes.

    Returns
    -------
    list of Result
        In the order of the table.

    Raises
    ------
    BadInput
        No such folder, nothing handed in, or a list that cannot be read.
    UnknownName
        No such lesson.
    BadParameter
        Fewer than one worker, or an unknown limit.
    NoSandbox
        On a system without ``fork`` (Windows: use WSL).
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise BadInput(_("There is no folder {folder}.").format(folder=folder))
    if not hasattr(os, "fork"):
        raise NoSandbox(_("Grading needs Linux or macOS; on Windows use it inside WSL."))
    if workers < 1:
        raise BadParameter("workers", workers, _("must be at least 1"))
    for name in set(limits or {}) - set(LIMITS):
        raise BadParameter("limits", name, _("must be one of: {choices}").format(choices=[*LIMITS]))
    limits = {**LIMITS, **(limits or {})}
    output = Path(output) if output else folder / "graded"
    roster = _roster(folder, students)
    draws = _draws(folder, draws)
    submissions = [read(path, folder) for path in find(folder, output)]
    if not submissions and not roster:
        raise BadInput(_("There is nothing to grade in {folder}.").format(folder=folder))
    number = lesson(number).number if number else _usual_lesson(submissions)
    report = Report(output, lang)
    jobs = _sort_out(submissions, number, roster, draws, limits, report, again, progress)
    _run_all(jobs, report, draws, limits, workers, progress)
    report.write_table()
    return sorted(report.results.values(), key=lambda r: (r.student.casefold(), r.file))


def _roster(folder, students):
    path = Path(students) if students else folder / "class.csv"
    return read_class(path) if students or path.is_file() else []


def _draws(folder, draws):
    path = Path(draws) if draws else folder / FILE
    if not draws and not path.is_file():
        return None
    path = path / FILE if path.is_dir() else path
    read_draws(path)
    return str(path.resolve())


def _usual_lesson(submissions):
    counted = Counter(s.lesson for s in submissions if s.lesson)
    if not counted:
        raise BadInput(_("No submission belongs to a lesson; say which: --lesson 1"))
    return counted.most_common(1)[0][0]


def _sort_out(submissions, number, roster, draws, limits, report, again, progress):
    """Results for what needs no running; the rest as jobs."""
    earlier = {} if again else report.earlier()
    own = {s.name: (s.own_id or s.stamped_id or "").strip().casefold() for s in submissions}
    seen, jobs = set(), []

    def done(result, new=True):
        (report.add if new else report.keep)(result)
        if progress:
            progress(result)

    for submission in submissions:
        student, numbers_of, notes = who_is_it(submission, roster)
        seen.add(student)
        result = Result(student, submission.name, number, lang=submission.lang)
        result.digest = submission.digest
        result.key = _key(submission, number, numbers_of, draws, limits)
        before = earlier.get(submission.name)
        if before and before.key == result.key and before.status != "failed" and submission.digest:
            done(before, new=False)
            continue
        result.out_of = 0.0
        for key, parts in notes:
            result.note(key, **parts)
        mine = own[submission.name]
        others = [name for name in own if mine and own[name] == mine and name != submission.name]
        if others:
            result.note("same_id", other=", ".join(others))
        if submission.problem or (submission.lesson and submission.lesson != number):
            result.status = submission.problem or "other_lesson"
            parts = {} if submission.problem else {"own": submission.lesson, "wanted": number}
            result.note(result.status, **parts)
            result.out_of = lesson(number).points
            done(result)
            continue
        if not submission.lesson:
            result.note("no_lesson", wanted=number)
        if submission.twice:
            result.note("twice")
        jobs.append((submission, result, numbers_of))
    for student in roster:
        if student not in seen:
            result = Result(student, "", number, "missing", out_of=lesson(number).points)
            result.note("missing")
            done(result)
    return jobs


def _key(submission, number, numbers_of, draws, limits):
    """A digest of everything a result depends on."""
    master = lesson(number).path.read_bytes()
    lists = Path(draws).read_bytes() if draws else b""
    words = [__version__, submission.digest, number, numbers_of, sorted(limits.items())]
    parts = [json.dumps(words).encode(), master, lists]
    return hashlib.sha256(b"|".join(parts)).hexdigest()[:20]


def _run_all(jobs, report, draws, limits, workers, progress):
    if not jobs:
        return
    number = jobs[0][1].lesson
    idle = [Worker(number) for _n in range(min(workers, len(jobs)))]
    everyone = list(idle)
    pool = ThreadPoolExecutor(len(idle))

    def one(submission, student):
        worker = idle.pop()
        try:
            runs = []
            skip = []
            while len(runs) < _RUNS:
                if not worker.alive:
                    worker.close()
                    worker = Worker(number)
                    everyone.append(worker)
                runs.append(_run(worker, submission, number, student, draws, limits, skip))
                last = _stopped_in(runs[-1])
                if last is None or last in skip:
                    break
                skip.append(last)
            return runs
        finally:
            idle.append(worker)

    try:
        futures = {pool.submit(one, s, n): (s, r, n) for s, r, n in jobs}
        for future in as_completed(futures):
            submission, result, student = futures[future]
            try:
                _finish(result, future.result(), student, draws, limits)
            except Exception as error:  # whatever one file does, the class goes on
                result.status = "failed"
                result.out_of = lesson(result.lesson).points
                result.note("failed", error=f"{type(error).__name__}: {error}"[:200])
            report.add(result)
            if progress:
                progress(result)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        for worker in everyone:
            worker.close()


@contextlib.contextmanager
def _scratch():
    """A folder for one run, gone afterwards whatever was made in it."""
    home = tempfile.mkdtemp(prefix="minelib-submission-")
    try:
        yield os.path.realpath(home)
    finally:  # rm takes trees that are too deep for Python
        subprocess.run(["chmod", "-R", "u+rwx", home], stderr=subprocess.DEVNULL)
        subprocess.run(["rm", "-rf", home], stderr=subprocess.DEVNULL)


def _run(worker, submission, number, student, draws, limits, skip):
    with _scratch() as home:
        shutil.copyfile(submission.path, Path(home, "submission.ipynb"))
        if draws:
            shutil.copyfile(draws, Path(home, FILE))
        answers = [a for e in lesson(number).exercises.values() for a in e.answers]
        own = submission.own_id if submission.own_id is not None else student
        return worker.run(
            {
                "folder": home,
                "number": number,
                "student": own,
                "lang": submission.lang,
                "cells": submission.cells,
                "skip": list(skip),
                "assigned": submission.assigned(),
                "answers": answers,
                "limits": limits,
            }
        )


def _stopped_in(run):
    """The cell a run ended in before its end, or None."""
    begun = [e["begin"] for e in run["events"] if isinstance(e.get("begin"), int)]
    if any(e.get("done") for e in run["events"]) or not begun:
        return None
    return begun[-1]


def _finish(result, runs, student, draws, limits):
    for run in runs:
        cell = _stopped_in(run)
        if cell is None:
            continue
        result.status = "stopped"
        if run["reason"] == "time":
            result.note("total_time", cell=cell + 1, seconds=limits["seconds"])
        elif run["reason"] == "disk":
            result.note("disk", cell=cell + 1, size=limits["disk_mb"])
        elif not any(e.get("cell") == cell for e in run["events"][-1:]):  # else it said why
            result.note("output" if run["reason"] == "output" else "died", cell=cell + 1)
    if not any(run["events"] for run in runs):
        raise RuntimeError(runs[-1]["reason"])
    mark(result, collect(runs), student, draws, limits)


def guards():
    """What keeps submissions in on this system, strongest first."""
    return guard.available()
