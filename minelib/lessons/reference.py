# SPDX-License-Identifier: MIT
"""The right answers, computed by running the solutions with a student's own parameters."""

import contextlib
import io
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from minelib.checks.alike import word
from minelib.checks.door import Whole
from minelib.errors import BadInput, MinelibError
from minelib.lessons import master
from minelib.lessons.parameters import parameters
from minelib.words import gettext as _

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

    Raises
    ------
    BadInput
        With these numbers there is no solution.

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
    names = {"ml": _package(), "np": np, "pd": pd, "sns": Drawing(), "p": own, "student": student}
    for exercise in master.lesson(number).exercises.values():
        try:
            run(exercise.solution, names)
        except MinelibError as error:
            raise BadInput(_unsolved(exercise, str(error))) from None
        except Exception as error:  # a place or month that the tables do not have
            raise BadInput(_unsolved(exercise, _reason(error))) from error
    return names


def _unsolved(exercise, reason):
    sentence = _("{exercise} cannot be solved with these numbers ({reason})")
    return sentence.format(exercise=exercise.name, reason=reason)


def _reason(error):
    if isinstance(error, LookupError | ValueError):
        return _("the tables have nothing for them")
    return f"{type(error).__name__}: {error}"[:120]


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
    own = {"chain": chain, "energy": energy, "finish": Drawing().finish}
    return _View(ml, **own, geography=_remembering(ml.geography, "by_country"))


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
    for kept in (_right, _mistakes, master.read, master._masters):
        kept.cache_clear()


class Drawing:
    """Stands for seaborn, and for `minelib.finish`, while a solution runs: nothing is drawn."""

    def __getattr__(self, name: str) -> Any:
        return _sketch


def _sketch(data, x=None, y=None, hue=None, ax=None, **_look):
    """The picture that one of seaborn's functions would draw."""
    import pandas as pd

    from minelib.display.picture import Picture

    if isinstance(data, Picture):  # finished
        return data
    frame = data.to_frame() if isinstance(data, pd.Series) else data
    if x is None:
        frame = frame.reset_index()
        x, y = frame.columns[:2]
    parts = frame.groupby(hue, sort=False) if hue else [("", frame)]
    rows = [ax.marks] if ax is not None else []
    for number, (group, part) in enumerate(parts, 100 * len(rows)):
        own = {"series": number, "group": word(group), "x": part[x], "y": part[y]}
        rows.append(pd.DataFrame(own))
    return Picture(pd.concat(rows, ignore_index=True), {}, drawn=False)
