# SPDX-License-Identifier: MIT
"""The right answers, computed by running the solutions with a student's own parameters."""

import contextlib
import io
from functools import lru_cache

from minelib.lessons.master import lesson
from minelib.lessons.parameters import parameters

__all__ = ["right", "usual_mistakes"]


def start(number, student, draws):
    """A namespace as a lesson's first cells leave it."""
    import numpy as np
    import pandas as pd

    own = parameters(number, student, draws)
    return {"ml": _package(), "np": np, "pd": pd, "p": own, "student": student}


def _remembering(module, **functions):
    """The module, with functions that remember what they gave; frames come as copies."""
    kept = {name: lru_cache(maxsize=64)(function) for name, function in functions.items()}
    own = {name: lambda *a, _f=f, **k: _f(*a, **k).copy() for name, f in kept.items()}
    return _View(module, own)


class _View:
    def __init__(self, module, own):
        self._module, self._own = module, own

    def __getattr__(self, name):
        return self._own[name] if name in self._own else getattr(self._module, name)


@lru_cache(maxsize=1)
def _package():
    """The package as solutions see it: what is slow and asked for again is remembered."""
    import minelib as ml

    chain = _remembering(ml.chain, hash_rate=ml.chain.hash_rate, retargets=ml.chain.retargets)
    energy = _remembering(ml.energy, index=ml.energy.index)
    places = _remembering(ml.geography, by_country=ml.geography.by_country)
    return _View(ml, {"chain": chain, "energy": energy, "geography": places})


def run(code, names):
    """Run code of a master in the namespace, without its output."""
    with contextlib.redirect_stdout(io.StringIO()):
        exec(compile(code, "<solution>", "exec"), names)
    return names


@lru_cache(maxsize=256)
def right(number, student="", draws=None):
    """The right answers of a student.

    Parameters
    ----------
    number : str
        Of the lesson.
    student : str
    draws : str or None
        File or folder with parameters, as in `minelib.lessons.parameters`.

    Returns
    -------
    dict
        Every name the solutions assign, with its value; also ``p``.
    """
    names = start(number, student, draws)
    for exercise in lesson(number).exercises.values():
        run(exercise.solution, names)
    return names


@lru_cache(maxsize=2048)
def usual_mistakes(number, exercise, student="", draws=None):
    """The usual wrong answers to one exercise, for a student.

    Returns
    -------
    list of (str, dict)
        The hint in English, and the names the wrong answer assigns with their values. The rest
        of the solutions is right.
    """
    found = []
    task = lesson(number).exercise(exercise)
    for mistake in task.mistakes:
        names = dict(right(number, student, draws))
        run(mistake.code, names)
        found.append((mistake.hint, {name: names.get(name) for name in task.answers}))
    return found
