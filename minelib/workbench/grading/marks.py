# SPDX-License-Identifier: MIT
"""From what a run sent to points and sentences. Runs in the grader, on plain data only."""

import contextlib
import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from minelib.checks.alike import agree
from minelib.lessons.checks import Unreadable
from minelib.lessons.judge import judge
from minelib.lessons.master import lesson
from minelib.lessons.reference import right, run
from minelib.words import gettext as _
from minelib.workbench.grading.answers import decode, is_about_memory
from minelib.workbench.grading.result import Result, plain
from minelib.workbench.grading.runner import Run
from minelib.workbench.grading.submissions import Submission
from minelib.workbench.lessons import in_words

_SHOWN, _TEXT = 400, 10_000  # characters of an answer on a page, and of one in words
_CELLS = 300  # looked at for errors: a submission may claim any number


def mark(
    result: Result,
    runs: Sequence[Run],
    submission: Submission,
    student: str,
    draws: str | None,
    limits: Mapping,
) -> None:
    """Fill a result from what the runs of one submission sent.

    Parameters
    ----------
    result : Result
    runs : sequence of Run
        Later runs left cells out.
    submission : Submission
    student : str
        Whose numbers count.
    draws : str or None
    limits : dict

    Raises
    ------
    RuntimeError
        Nothing came at all.
    """
    if not any(one.events for one in runs):
        raise RuntimeError(runs[-1].reason)
    for one in runs:
        cell = one.stopped_in
        if cell is None:
            continue
        result.status = "stopped"
        if one.reason == "time":
            result.note("total_time", **submission.place(cell), seconds=limits["seconds"])
        elif one.reason == "disk":
            result.note("disk", **submission.place(cell), size=limits["disk_mb"])
        elif not any(e.get("cell") == cell for e in one.events[-1:]):  # else it said why
            result.note("output" if one.reason == "output" else "died", **submission.place(cell))
    answers, errors, second_turn = _collect(result, runs)
    sensible = set()
    for name, task in lesson(result.lesson).exercises.items():
        judged = judge(result.lesson, name, answers, student, draws, result.lang)
        own = {"points": judged.points, "out_of": task.points, "messages": judged.messages}
        if not judged.ok:  # the mistake that it is, and whether the notebook said that it passed
            seen = judge(result.lesson, name, answers, student, draws, result.lang, hidden=False)
            hints = {_(m.hint, result.lang): m.hint for m in task.mistakes}
            own |= {"hint": hints.get(judged.messages[-1], ""), "misled": seen.ok}
            sensible |= {name} if seen.sensible else set()
        result.exercises[name] = own | _in_words(result, task, answers, student, draws)
        result.points += judged.points
    for name, earlier in follow_ons(result, answers, sensible, student, draws).items():
        result.exercises[name]["follows"] = earlier
    for cell, error in sorted(errors.items()):
        if error.startswith("TimeLimit"):
            result.note("time", **submission.place(cell), seconds=limits["cell_seconds"])
            result.status = "stopped"
        elif is_about_memory(error):
            result.note("memory", **submission.place(cell), memory=limits["memory_mb"])
            result.status = "stopped"
        elif error and not error.startswith("PermissionError: not allowed"):
            result.note("error", **submission.place(cell), error=error)
    if second_turn:
        result.note("order")


def _in_words(result, task, answers, student, draws):
    """What was answered, and what is right where that is one thing, in words by name."""
    own, right_ones = {}, {}
    whys = getattr(task, "whys", ())
    for name in [*task.answers, *whys]:
        value = answers.get(name)
        if value is not None and value is not Ellipsis and not isinstance(value, Unreadable):
            with contextlib.suppress(Exception):  # an answer of no form that words have
                most = _TEXT if isinstance(value, str) else _SHOWN
                own[name] = plain(in_words(value, result.lang))[:most]
        if not name.startswith("my_") and name not in whys:
            known = right(result.lesson, student, draws)[name]
            right_ones[name] = in_words(known, result.lang)[:_SHOWN]
    return {"own": own, "right": right_ones}


def follow_ons(
    result: Result,
    answers: Mapping[str, Any],
    sensible: Collection[str],
    student: str,
    draws: str | None,
) -> dict[str, str]:
    """Exercises that are wrong only because an earlier answer is, each with the earlier one.

    The solutions that rest on a wrong answer are computed again with it; what then agrees was
    done well. Only an answer that is ``sensible``, that passed the public checks, is used as it is.
    """
    tasks = lesson(result.lesson).exercises
    wrong = {
        name: {answer: answers[answer] for answer in task.answers}
        for name, task in tasks.items()
        if not result.exercises[name]["points"]
        and all(answers.get(a, ...) is not ... for a in task.answers)
    }
    found: dict[str, str] = {}
    order, known = [*tasks], right(result.lesson, student, draws)
    last = max(map(order.index, wrong), default=0)
    for earlier, theirs in wrong.items():
        for names in _with_slip(tasks[earlier], theirs, known, earlier in sensible):
            with contextlib.suppress(Exception):  # the answer is of no use to what comes after
                for name in order[order.index(earlier) + 1 : last + 1]:
                    other = {n for n, value in names.items() if value is not known.get(n)}
                    if other.isdisjoint(re.findall(r"\w+", tasks[name].solution)):
                        continue
                    run(tasks[name].solution, names)
                    own = wrong.get(name)
                    if own and all(agree(value, names[a]) for a, value in own.items()):
                        found.setdefault(name, found.get(earlier, earlier))
    return found


def _with_slip(task, theirs, known, sensible):
    """Names of the solution with a wrong answer to one exercise in place of the right one."""
    if sensible:  # what fails the public checks may be of any size
        yield known | theirs
    for mistake in task.mistakes:  # of a usual one, the steps before the answer are known, too
        with contextlib.suppress(Exception):
            names = run(mistake.code, dict(known))
            if all(agree(value, names[a]) for a, value in theirs.items()):
                yield names


def _collect(result, runs):
    """Answers by name, errors by cell, and whether cells needed a second turn.

    What was refused, and which guards held, goes into the result.
    """
    answers: dict[str, Any] = {}
    names: list[str] = []
    errors: dict[int, str] = {}
    second, refused = False, set()
    for one in runs:
        late = {}
        for event in one.events:
            if isinstance(event.get("answers"), dict):
                _take(answers, event["answers"])
                cell, error = event.get("cell"), str(event.get("error", ""))[:300]
                if isinstance(cell, int) and len(errors) < _CELLS:
                    second |= bool(event.get("turn")) and not error and bool(errors.get(cell))
                    errors[cell] = error
            if event.get("refused") in ("network", "file", "process") and len(refused) < 5:
                kind, what = event["refused"], str(event.get("what", ""))[:120]
                refused.add((kind, what))
                result.note(kind, what=what)
            if event.get("done"):
                names = [str(n) for n in event.get("names") or []][:500]
                late = event.get("late") or {}
            result.guards = result.guards or [str(g) for g in event.get("guards") or []]
        if isinstance(late, dict):
            _take(answers, {k: v for k, v in late.items() if answers.get(k, ...) is ...})
    return {**answers, "__names__": [*names, *answers]}, errors, second


def _take(answers, coded):
    for name, value in coded.items():
        with contextlib.suppress(Exception):  # made up by the submission: no answer
            decoded = decode(value)
            # an untouched copy of the cell takes no answer away
            if decoded is not Ellipsis or name not in answers:
                answers[name] = decoded
