# SPDX-License-Identifier: MIT
"""From what a run sent to points and sentences. Runs in the grader, on plain data only."""

from minelib.lessons.judge import judge
from minelib.lessons.master import lesson
from minelib.workbench.grading.answers import decode, is_about_memory

__all__ = ["collect", "mark"]

_CELLS = 300  # looked at for errors: a submission may claim any number


def collect(runs):
    """Put the events of the runs of one submission together.

    Parameters
    ----------
    runs : list of dict
        As `minelib.workbench.grading.engine.Worker.run` gives them; later runs left cells out.

    Returns
    -------
    dict
        ``answers`` (decoded), ``names``, ``errors`` (by cell), ``refused`` (pairs), ``guards``,
        ``second_turn`` (whether cells needed one).
    """
    answers, errors, refused, names, guards, second = {}, {}, [], [], [], False
    for run in runs:
        late = {}
        for event in run["events"]:
            if isinstance(event.get("answers"), dict):
                _take(answers, event["answers"])
                cell, error = event.get("cell"), str(event.get("error", ""))[:300]
                if isinstance(cell, int) and len(errors) < _CELLS:
                    second |= bool(event.get("turn")) and not error and bool(errors.get(cell))
                    errors[cell] = error
            if event.get("refused") in ("network", "file", "process"):
                pair = (event["refused"], str(event.get("what", ""))[:120])
                if pair not in refused and len(refused) < 5:
                    refused.append(pair)
            if event.get("done"):
                names = [str(n) for n in event.get("names") or []][:500]
                late = event.get("late") or {}
            guards = guards or [str(g) for g in event.get("guards") or []]
        if isinstance(late, dict):
            _take(answers, {k: v for k, v in late.items() if k not in answers})
    return {
        "answers": answers,
        "names": names,
        "errors": errors,
        "refused": refused,
        "guards": guards,
        "second_turn": second,
    }


def _take(answers, coded):
    for name, value in coded.items():
        try:
            decoded = decode(value)
        except Exception:  # made up by the submission: no answer
            continue
        if decoded is Ellipsis and name in answers:
            continue  # an untouched copy of the cell takes no answer away
        answers[name] = decoded


def mark(result, found, student, draws, limits):
    """Fill a result from what was collected.

    Parameters
    ----------
    result : minelib.workbench.grading.result.Result
    found : dict
        Of `collect`.
    student : str
        Whose numbers count.
    draws : str or None
    limits : dict
    """
    known = {**found["answers"], "__names__": [*found["names"], *found["answers"]]}
    for name, task in lesson(result.lesson).exercises.items():
        judged = judge(result.lesson, name, known, student, draws, result.lang)
        result.exercises[name] = {
            "points": judged.points,
            "out_of": judged.out_of,
            "messages": judged.messages,
        }
        result.points += judged.points
        result.out_of += task.points
    for kind, what in found["refused"]:
        result.note(kind, what=what)
    for cell, error in sorted(found["errors"].items()):
        if not error:
            continue
        if error.startswith("TimeLimit"):
            result.note("time", cell=cell + 1, seconds=limits["cell_seconds"])
            result.status = "stopped"
        elif is_about_memory(error):
            result.note("memory", cell=cell + 1, memory=limits["memory_mb"])
            result.status = "stopped"
        elif not error.startswith("PermissionError: not allowed"):
            result.note("error", cell=cell + 1, error=error)
    if found["second_turn"]:
        result.note("order")
    result.guards = found["guards"]
