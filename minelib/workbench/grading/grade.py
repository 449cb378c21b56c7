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
from dataclasses import asdict
from pathlib import Path

from minelib import __version__, words
from minelib.checks import between, one_of, whole
from minelib.checks.door import Lang, Number, Whole
from minelib.errors import BadInput, MinelibError
from minelib.lessons.master import lesson
from minelib.lessons.parameters import FILE, id_key, read_draws
from minelib.lessons.values import check_draws
from minelib.words import gettext as _, number as in_digits
from minelib.workbench.class_list import read_class
from minelib.workbench.grading.book import Book
from minelib.workbench.grading.classpage import write_class_page
from minelib.workbench.grading.files import write_csv
from minelib.workbench.grading.identity import who_is_it
from minelib.workbench.grading.marks import mark
from minelib.workbench.grading.report import Report
from minelib.workbench.grading.result import Result, says
from minelib.workbench.grading.runner import Run, Runner
from minelib.workbench.grading.submissions import collect, files_beside
from minelib.workbench.runs.folders import writing

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
    counts: str = "best",
    right_answers: bool = False,
    say: Callable | None = None,
    names: bool = False,
) -> list[Result]:
    """Grade every submission in a folder.

    Parameters
    ----------
    folder : path-like
        Notebooks, zips, or one folder per student; of one lesson or of several.
    number : str or int, optional
        The lesson; without it the one most submissions belong to.
    output : path-like, optional
        Default ``folder/graded``. Gets ``lesson-1/grades.csv``, ``lesson-1/feedback/`` and
        ``lesson-1/graded.jsonl`` by lesson, and ``gradebook.csv`` and ``class.html`` of all
        lessons graded there.
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
        Some of `LIMITS`: ``seconds`` for a notebook, ``cell_seconds`` of computing for a cell,
        ``memory_mb`` beyond what the packages take, ``file_mb`` for a file it writes,
        ``disk_mb`` for all files.
    progress : callable, optional
        Called with each `Result` as it comes.
    counts : {"best", "last"}
        Which of several attempts of a student counts; the last is the file that was changed last.
    right_answers : bool
        Whether the pages for students show what is right.
    say : callable, optional
        Called with a sentence about the list of the class and about other lessons in the folder.
    names : bool
        Whether the page about the class names students.

    Returns
    -------
    list of Result
        One a student, in the order of the table.

    Raises
    ------
    BadInput
        No such folder, nothing handed in, or a list that cannot be read or solved with.
    UnknownName
        No such lesson.
    BadParameter
        Fewer than one worker, or an unknown limit.
    CannotWrite
        No place for the results.
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
        between(one_of("limits", name, LIMITS), value, 0.1, 1e6)
    counts, say = one_of("counts", counts, ("best", "last")), say or (lambda _sentence: None)
    output = Path(output) if output else folder / "graded"
    roster = _roster(folder, students, say)
    draws = _draws(folder, draws)
    with contextlib.ExitStack() as scratch:
        found = collect(folder, output, lambda: _for_zips(scratch))
        own = students and Path(students).resolve()
        submissions = [s for s in found if s.path.resolve() != own]
        if not submissions and not roster:
            raise BadInput(_("There is nothing to grade in {folder}.").format(folder=folder))
        number = _which_lesson(submissions, number, folder, say)
        check_draws(draws, [str(number)])
        with writing(output):
            report = Report(output / f"lesson-{number}", lang, progress, counts, right_answers)
            _grade(submissions, number, roster, draws, limits, workers, again, report)
            report.close()
            how = {"names": roster, "counts": counts, "right_answers": right_answers}
            book = Book.read(output, how)
            write_csv(output / "gradebook.csv", book.rows())
            write_class_page(output, book, lang, names)
    return report.in_order()


def _for_zips(scratch):
    """A folder that goes at the end, and where this process is killed."""
    folder = tempfile.mkdtemp()
    remover = ["sh", "-c", 'read -r _; rm -rf "$0"', folder]  # reads until nobody can write
    scratch.enter_context(subprocess.Popen(remover, stdin=subprocess.PIPE, start_new_session=True))
    return Path(folder, "in")


def _grade(submissions, number, roster, draws, limits, workers, again, report):
    earlier = {} if again else report.earlier()
    begun = _begun(submissions, number, roster, draws, limits)
    jobs = []
    for submission, result, student in begun:
        before = earlier.get(submission.name)
        if before and before.key == result.key and before.status != "failed" and submission.digest:
            report.keep(before)
        elif _can_run(submission, result):
            jobs.append((submission, result, student))
        else:
            report.add(result)
    seen = {result.who for _submission, result, _student in begun}
    usual = Counter(s.lang for s in submissions if not s.problem).most_common(1)
    lang = report.lang or (usual[0][0] if usual else words.current())
    for student, name in roster.items():
        if (who := id_key(student)) not in seen:
            own = {"lang": lang, "name": name, "who": who, "notes": [["missing", {}]]}
            out_of = lesson(number).points
            report.add(Result(student, "", number, "missing", out_of=out_of, **own))
    if jobs:
        _run_all(jobs, report, draws, limits, min(workers, len(jobs)))


def _roster(folder, students, say):
    if not students and not (folder / "class.csv").is_file():
        return {}
    found = read_class(students or folder / "class.csv")
    say(found.sentence())
    return found.names


def _draws(folder, draws):
    path = Path(draws or folder)
    path = path / FILE if path.is_dir() else path
    if not draws and not path.is_file():
        return None
    read_draws(path)
    return str(path.resolve())


def _which_lesson(submissions, number, folder, say):
    """The lesson asked for, else the one that most belong to; the others are told."""
    counted = Counter(s.lesson for s in submissions if s.lesson)
    if number is None and not counted:
        raise BadInput(_("No submission belongs to a lesson; say which: --lesson 1"))
    number = lesson(counted.most_common(1)[0][0] if number is None else number).number
    for other, count in sorted(counted.items()):
        if other != number:
            say(says("others", other=other, count=in_digits(count), folder=folder))
    return number


def _begun(submissions, number, roster, draws, limits):
    """Each submission that has a row or an attempt, its result so far, and whose numbers count."""
    made_for = {id_key(s.stamped_id) for s in submissions if s.stamped_id}
    found = [
        (s, who_is_it(s, roster, made_for - {id_key(s.stamped_id or "")})) for s in submissions
    ]
    here = {id_key(o.student) for s, o in found if s.lesson in (None, number) and not s.problem}
    begun = []
    for submission, owner in found:
        other = submission.lesson not in (None, number)
        if other and owner.known and id_key(owner.student) in here:
            continue  # what the student has handed in for another lesson
        if not submission.problem and not other:
            _lay_beside(submission, id_key(owner.student), found)
        result = _begin(submission, number, owner, roster, draws, limits)
        who = id_key(owner.student)
        twins = [s for s, o in found if s.id == submission.id and id_key(o.student) != who]
        same = [s.name for s in twins if s.lesson in (None, number)]
        if submission.id and not other and same:
            result.note("same_id", other=", ".join(same))
        begun.append((submission, result, owner.numbers_of))
    return begun


def _lay_beside(submission, who, found):
    """Note the files of the student's own folder, as a notebook finds them in Jupyter."""
    folder = submission.path.parent
    shared = {id_key(o.student) for s, o in found if folder in s.path.parents and not s.problem}
    if "/" in submission.name and shared == {who}:  # else it lies loose among those of others
        submission.beside = files_beside(submission.path)


def _begin(submission, number, owner, roster, draws, limits):
    """The result before anything ran."""
    result = Result(owner.student, submission.name, number, out_of=lesson(number).points)
    result.lang, result.when, result.digest = submission.lang, submission.when, submission.digest
    result.name, result.known = roster.get(owner.student, ""), owner.known
    result.who = id_key(owner.student) if owner.known else submission.name
    result.notes = [[*note] for note in owner.notes]
    # everything the result depends on
    beside = [(name, _digest(path)) for name, path in submission.beside.items()]
    rest = [submission.digest, owner.numbers_of, sorted(limits.items()), beside, asdict(result)]
    lists = Path(draws).read_bytes() if draws else b""
    parts = [json.dumps([__version__, rest]).encode(), lesson(number).path.read_bytes(), lists]
    result.key = hashlib.sha256(b"|".join(parts)).hexdigest()[:20]
    return result


def _digest(path):
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _can_run(submission, result):
    """Whether there is something to run; the result says why not, or what is odd."""
    if submission.problem:
        result.status = submission.problem
        result.note(submission.why or submission.problem)
        return False
    if submission.lesson not in (None, result.lesson):
        result.status = "other_lesson"
        result.note("other_lesson", own=submission.lesson, wanted=result.lesson)
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
            submission, result, student = futures[future]
            try:
                mark(result, future.result(), submission, student, draws, limits)
            except Exception as error:  # whatever one file does, the class goes on
                result.status = "failed"
                result.note("failed", error=f"{type(error).__name__}: {error}"[:200])
            report.add(result)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        runner.close()


def _runs(runner: Runner, submission, result, student: str, draws, limits) -> list[Run]:
    """Runs of one submission, until one comes to its end or nothing more can be left out."""
    request = {
        "number": result.lesson,
        "student": submission.own_id if submission.own_id is not None else student,
        "lang": submission.lang,
        "cells": submission.cells,
        "assigned": submission.assigned(),
        "answers": lesson(result.lesson).answers,
        "figures": {f: e.name for e in lesson(result.lesson).exercises.values() for f in e.figures},
        "limits": limits,
    }

    def fill(home: Path) -> None:
        shutil.copyfile(submission.path, home / "submission.ipynb")
        for name, path in submission.beside.items():
            (home / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, home / name)
        if draws:
            shutil.copyfile(draws, home / FILE)

    runs: list[Run] = []
    while len(runs) < _RUNS:
        skip = [one.stopped_in for one in runs]
        runs.append(runner.run({**request, "skip": skip}, fill))
        if runs[-1].stopped_in in (None, *skip):
            break
    return runs
