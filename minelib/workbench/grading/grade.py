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
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from minelib import __version__
from minelib.checks import between, whole
from minelib.checks.door import Lang, Number, Whole
from minelib.errors import BadInput, BadParameter, MinelibError
from minelib.lessons.master import lesson
from minelib.lessons.parameters import FILE, read_draws
from minelib.words import gettext as _
from minelib.workbench.grading.identity import who_is_it
from minelib.workbench.grading.marks import mark
from minelib.workbench.grading.report import Report
from minelib.workbench.grading.result import Result
from minelib.workbench.grading.runner import Run, Runner
from minelib.workbench.grading.submissions import Submission, find, read
from minelib.workbench.grading.worker import SCRATCH
from minelib.workbench.lessons import read_class

__all__ = ["LIMITS", "grade"]

LIMITS = {"seconds": 30, "cell_seconds": 8, "memory_mb": 1500, "file_mb": 50, "disk_mb": 200}
_RUNS = 4  # of one submission: each leaves out the cell that ended the one before


class NoSandbox(MinelibError):
    """This system cannot run submissions apart from the grader."""


def grade(
    folder: str | Path,
    number: str | Whole | None = None,
    output: str | Path | None = None,
    students: str | Path | None = None,
    draws: str | Path | None = None,
    lang: Lang | None = None,
    workers: Whole = 2,
    again: bool = False,
    limits: Mapping[str, Number] | None = None,
    progress: Callable | None = None,
) -> list[Result]:
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
    workers = whole("workers", workers, 1)
    limits = {**LIMITS, **(limits or {})}
    for name, value in limits.items():
        if name not in LIMITS:
            rule = _("must be one of: {choices}").format(choices=", ".join(LIMITS))
            raise BadParameter("limits", name, rule)
        between(name, value, 0.1, 1e6)
    output = Path(output) if output else folder / "graded"
    roster = _roster(folder, students)
    draws = _draws(folder, draws)
    submissions = [read(path, folder) for path in find(folder, output)]
    if not submissions and not roster:
        raise BadInput(_("There is nothing to grade in {folder}.").format(folder=folder))
    number = lesson(number).number if number is not None else _usual_lesson(submissions)
    report = Report(output, lang, progress)
    earlier = {} if again else report.earlier()
    ids = Counter(s.id for s in submissions if s.id)
    jobs = []
    for submission in submissions:
        result, student = _begin(submission, number, roster, draws, limits)
        before = earlier.get(submission.name)
        if before and before.key == result.key and before.status != "failed" and submission.digest:
            report.keep(before)
            continue
        if ids[submission.id] > 1:
            others = [s.name for s in submissions if s.id == submission.id and s is not submission]
            result.note("same_id", other=", ".join(others))
        if _can_run(submission, result):
            jobs.append((submission, result, student))
        else:
            report.add(result)
    seen = {r.student for r in report.results.values()} | {r.student for _s, r, _n in jobs}
    for student in [s for s in roster if s not in seen]:
        missing = Result(student, "", number, "missing", out_of=lesson(number).points)
        missing.note("missing")
        report.add(missing)
    if jobs:
        _run_all(jobs, report, draws, limits, min(workers, len(jobs)))
    report.write_table()
    return report.in_order()


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


def _begin(submission, number, roster, draws, limits):
    """The result before anything ran, and whose numbers count."""
    student, numbers_of, notes = who_is_it(submission, roster)
    # everything the result depends on
    words = [__version__, submission.digest, number, numbers_of, sorted(limits.items())]
    lists = Path(draws).read_bytes() if draws else b""
    parts = [json.dumps(words).encode(), lesson(number).path.read_bytes(), lists]
    key = hashlib.sha256(b"|".join(parts)).hexdigest()[:20]
    result = Result(student, submission.name, number, key=key, lang=submission.lang)
    result.digest, result.notes = submission.digest, [[key, parts] for key, parts in notes]
    result.out_of = lesson(number).points
    return result, numbers_of


def _can_run(submission, result):
    """Whether there is something to run; the result says why not, or what is odd."""
    if submission.problem or submission.lesson not in (None, result.lesson):
        result.status = submission.problem or "other_lesson"
        own = {} if submission.problem else {"own": submission.lesson, "wanted": result.lesson}
        result.note(result.status, **own)
        return False
    if not submission.lesson:
        result.note("no_lesson", wanted=result.lesson)
    if submission.twice:
        result.note("twice")
    return True


def _run_all(jobs, report, draws, limits, workers):
    runner = Runner(jobs[0][1].lesson)
    pool = ThreadPoolExecutor(workers)
    try:
        futures = {pool.submit(_runs, runner, *job, draws, limits): job for job in jobs}
        for future in as_completed(futures):
            _submission, result, student = futures[future]
            try:
                mark(result, future.result(), student, draws, limits)
            except Exception as error:  # whatever one file does, the class goes on
                result.status = "failed"
                result.note("failed", error=f"{type(error).__name__}: {error}"[:200])
            report.add(result)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        runner.close()


def _runs(
    runner: Runner, submission: Submission, result: Result, student: str, draws, limits
) -> list[Run]:
    """Runs of one submission, until one comes to its end or nothing more can be left out."""
    request = {
        "number": result.lesson,
        "student": submission.own_id if submission.own_id is not None else student,
        "lang": submission.lang,
        "cells": submission.cells,
        "assigned": submission.assigned(),
        "answers": lesson(result.lesson).answers,
        "limits": limits,
    }
    runs: list[Run] = []
    skip: list[int] = []
    while len(runs) < _RUNS:
        with _scratch() as home:
            shutil.copyfile(submission.path, Path(home, "submission.ipynb"))
            if draws:
                shutil.copyfile(draws, Path(home, FILE))
            runs.append(runner.run({**request, "folder": home, "skip": skip}))
        last = runs[-1].stopped_in
        if last is None or last in skip:
            break
        skip.append(last)
    return runs


@contextlib.contextmanager
def _scratch():
    """A folder for one run, gone afterwards whatever was made in it."""
    home = tempfile.mkdtemp(prefix=SCRATCH)
    try:
        yield os.path.realpath(home)
    finally:  # rm takes trees that are too deep for Python
        subprocess.run(["chmod", "-R", "u+rwx", home], stderr=subprocess.DEVNULL)
        subprocess.run(["rm", "-rf", home], stderr=subprocess.DEVNULL)
