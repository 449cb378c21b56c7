# SPDX-License-Identifier: MIT
"""The right answers, computed by running the solutions with a student's own parameters."""

import contextlib
import io
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from minelib.checks.door import Whole
from minelib.lessons import master
from minelib.lessons.parameters import parameters

__all__ = ["forget", "right", "run", "usual_mistakes"]


def run(code: str, names: dict[str, Any]) -> dict[str, Any]:
    """Run code of a master in the namespace, without its output."""
    with contextlib.redirect_stdout(io.StringIO()):
        exec(compile(code, "<solution>", "exec"), names)
    return names


def right(
    number: str | Whole, student: str | Whole = "", draws: str | Path | None = None
) -> dict[str, Any]:
    """The right answers of a student.

    Parameters
    ----------
    number : str or int
        Of the lesson.
    student : str
    draws : path-like or None
        File or folder with parameters, as in `minelib.lessons.parameters`.

    Returns
    -------
    dict
        Every name the solutions assign, with its value; also ``p``.

    Examples
    --------
    >>> right("1", "s01")["my_window"]
    14
    """
    return dict(_right(master.lesson(number).number, str(student), draws))


@lru_cache(maxsize=256)
def _right(number, student, draws):
    import numpy as np
    import pandas as pd

    own = parameters(number, student, draws)
    names = {"ml": _package(), "np": np, "pd": pd, "p": own, "student": student}
    for exercise in master.lesson(number).exercises.values():
        run(exercise.solution, names)
    return names


class _View:
    """A module in which some names stand for something else."""

    def __init__(self, module, **own):
        self.__dict__.update(own, _module=module)

    def __getattr__(self, name):
        return getattr(self._module, name)


def _remembering(module, *names):
    """The module, with functions that remember what they gave; frames come as copies."""
    kept = {name: lru_cache(maxsize=64)(getattr(module, name)) for name in names}
    return _View(module, **{n: lambda *a, _f=f, **k: _f(*a, **k).copy() for n, f in kept.items()})


@cache
def _package():
    """The package as solutions see it: what is slow and asked for again is remembered."""
    import minelib as ml

    chain = _remembering(ml.chain, "hash_rate", "retargets")
    energy = _remembering(ml.energy, "index")
    return _View(ml, chain=chain, energy=energy, geography=_remembering(ml.geography, "by_country"))


def usual_mistakes(
    number: str | Whole, exercise: str, student: str | Whole = "", draws: str | Path | None = None
) -> list[tuple[str, dict[str, Any]]]:
    """The usual wrong answers to one exercise, for a student.

    Parameters
    ----------
    number : str or int
        Of the lesson.
    exercise : str
    student : str
    draws : path-like or None
        As in `right`.

    Returns
    -------
    list of (str, dict)
        The hint in English, and the names the wrong answer assigns with their values. The rest
        of the solutions is right.

    Examples
    --------
    >>> len(usual_mistakes("1", "q1", "s01"))
    3
    """
    return list(_mistakes(master.lesson(number).number, exercise, str(student), draws))


@lru_cache(maxsize=2048)
def _mistakes(number, exercise, student, draws):
    found = []
    task = master.lesson(number).exercise(exercise)
    for mistake in task.mistakes:
        names = run(mistake.code, right(number, student, draws))
        found.append((mistake.hint, {name: names.get(name) for name in task.answers}))
    return found


def forget() -> None:
    """Forget every master that was read, and every solution that was computed."""
    for kept in (_right, _mistakes, master.read):
        kept.cache_clear()
