# SPDX-License-Identifier: MIT
"""From what a run sent to points and sentences. Runs in the grader, on plain data only."""

import contextlib
from collections.abc import Mapping, Sequence
from typing import Any

from minelib.lessons.judge import judge
from minelib.lessons.master import lesson
from minelib.workbench.grading.answers import decode, is_about_memory
from minelib.workbench.grading.result import Result
from minelib.workbench.grading.runner import Run

__all__ = ["mark"]

_CELLS = 300  # looked at for errors: a submission may claim any number


def mark(
    result: Result, runs: Sequence[Run], student: str, draws: str | None, limits: Mapping
) -> None:
    """Fill a result from what the runs of one submission sent.

    Parameters
    ----------
    result : Result
    runs : sequence of Run
        Later runs left cells out.
    student : str
        Whose numbers count.
    draws : str or None
    limits : dict

    Raises
    ------
    RuntimeError
        Nothing came at all.
    """
    if not any(run.events for run in runs):
        raise RuntimeError(runs[-1].reason)
    for run in runs:
        cell = run.stopped_in
        if cell is None:
            continue
        result.status = "stopped"
        if run.reason == "time":
            result.note("total_time", cell=cell + 1, seconds=limits["seconds"])
        elif run.reason == "disk":
            result.note("disk", cell=cell + 1, size=limits["disk_mb"])
        elif not any(e.get("cell") == cell for e in run.events[-1:]):  # else it said why
            result.note("output" if run.reason == "output" else "died", cell=cell + 1)
    answers, errors, second_turn = _collect(result, runs)
    for name, task in lesson(result.lesson).exercises.items():
        judged = judge(result.lesson, name, answers, student, draws, result.lang)
        own = {"points": judged.points, "out_of": task.points, "messages": judged.messages}
        result.exercises[name] = own
        result.points += judged.points
    for cell, error in sorted(errors.items()):
        if error.startswith("TimeLimit"):
            result.note("time", cell=cell + 1, seconds=limits["cell_seconds"])
            result.status = "stopped"
        elif is_about_memory(error):
            result.note("memory", cell=cell + 1, memory=limits["memory_mb"])
            result.status = "stopped"
        elif error and not error.startswith("PermissionError: not allowed"):
            result.note("error", cell=cell + 1, error=error)
    if second_turn:
        result.note("order")


def _collect(result, runs):
    """Answers by name, errors by cell, and whether cells needed a second turn.

    What was refused, and which guards held, goes into the result.
    """
    answers: dict[str, Any] = {}
    names: list[str] = []
    errors: dict[int, str] = {}
    second, refused = False, set()
    for run in runs:
        late = {}
        for event in run.events:
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
            _take(answers, {k: v for k, v in late.items() if k not in answers})
    return {**answers, "__names__": [*names, *answers]}, errors, second


def _take(answers, coded):
    for name, value in coded.items():
        with contextlib.suppress(Exception):  # made up by the submission: no answer
            decoded = decode(value)
            # an untouched copy of the cell takes no answer away
            if decoded is not Ellipsis or name not in answers:
                answers[name] = decoded
