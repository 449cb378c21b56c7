# SPDX-License-Identifier: MIT
"""What no table measures: each assumption of table `machine_assumptions`, and changes to it."""

from collections.abc import Collection
from functools import cache
from numbers import Real
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import pandas as pd

from minelib import catalog
from minelib.checks import between, language, name_in, whole
from minelib.checks.door import Lang
from minelib.errors import BadParameter
from minelib.words import gettext as _

__all__ = ["Range", "assumed", "assumptions", "triple"]

if TYPE_CHECKING:
    Range: TypeAlias = float | Collection[float]
else:
    Range = object  # `triple` refuses what is no range, and says more than the door could

_ENDS = ["lower", "best", "upper"]


@cache
def _table():
    frame = catalog.load("machine_assumptions").set_index("name")
    terms = catalog.load("relocation_terms").set_index("term_id")
    quoted = frame["term_id"].map((terms["low"] + terms["high"]) / 2)
    return frame.assign(best=frame["best"].fillna(quoted))


@cache
def _ranges():
    frame = _table()[_ENDS]
    return dict(zip(frame.index, frame.itertuples(index=False, name=None), strict=True))


def triple(
    name: str, value: Range, minimum: float = 0.0, maximum: float = np.inf
) -> tuple[float, float, float]:
    """A number, or a range, as (lower, best, upper).

    Parameters
    ----------
    name : str
        For the error.
    value : float, (lower, upper) or (lower, best, upper)
    minimum, maximum : float
        Both inclusive.

    Returns
    -------
    tuple of float
        The middle of two numbers is the best; one number is all three.

    Raises
    ------
    BadParameter
        Not one, two or three numbers in rising order within the bounds.

    Examples
    --------
    >>> triple("tariff_usd_kwh", 0.05)
    (0.05, 0.05, 0.05)
    >>> triple("tariff_usd_kwh", (0.04, 0.06))
    (0.04, 0.05, 0.06)
    """
    given = value if isinstance(value, (tuple, list)) else [value]
    known = [float(v) for v in given if not isinstance(v, bool) and isinstance(v, Real)]
    ends = [known[0], (known[0] + known[-1]) / 2, known[-1]] if len(known) in (1, 2) else known
    fits = len(known) == len(given) and len(ends) == 3
    if not fits or not -np.inf < ends[0] <= ends[1] <= ends[2] < np.inf:
        rule = _("must be a number, or lower and upper, or lower, best and upper in rising order")
        raise BadParameter(name, value, rule)
    if ends[0] < minimum:
        raise BadParameter(name, value, _("must be at least {bound}").format(bound=minimum))
    if ends[2] > maximum:
        raise BadParameter(name, value, _("must be at most {bound}").format(bound=maximum))
    return ends[0], ends[1], ends[2]


def bounded(name: str, value: object, least: int = 0, most: int = 36_500) -> int:
    """A whole number between two bounds; by default of days, a hundred years at most."""
    return int(between(name, whole(name, value, least), least, most))


def assumed(**changed: Range | None) -> dict[str, tuple[float, float, float]]:
    """All assumptions as (lower, best, upper), some of them changed.

    Parameters
    ----------
    **changed : float or tuple
        By name; a number makes it certain, None leaves it as it is.

    Returns
    -------
    dict of str to tuple of float

    Raises
    ------
    UnknownName
        No such assumption; the nearest are named.
    BadParameter
        Not a rising range, negative, or a percentage above 100.

    Examples
    --------
    >>> assumed(uptime_pct=98)["uptime_pct"]
    (98.0, 98.0, 98.0)
    """
    values = _ranges().copy()
    for name, value in changed.items():
        name_in("assumption", name, values)
        if value is not None:
            most = 100.0 if _table().at[name, "unit"] == "percent" else np.inf
            values[name] = triple(name, value, maximum=most)
    return values


def assumptions(lang: Lang | None = None, **changed: Range | None) -> pd.DataFrame:
    """The assumptions as a table for the reader.

    Parameters
    ----------
    lang : {"en", "zh"} or None
        None for the current language.
    **changed : float or tuple
        As in `assumed`.

    Returns
    -------
    pandas.DataFrame
        ``name``, ``meaning``, ``lower``, ``best``, ``upper``, ``unit``, ``reason``; in the
        order of table `machine_assumptions`.

    Raises
    ------
    UnknownName, BadParameter
        As `assumed`; a language that is not there.

    Examples
    --------
    >>> float(assumptions(uptime_pct=98).set_index("name").loc["uptime_pct", "best"])
    98.0
    """
    known = language(lang)
    values = pd.DataFrame.from_dict(assumed(**changed), orient="index", columns=_ENDS)
    words = {f"meaning_{known}": "meaning", f"reason_{known}": "reason"}
    frame = values.join(_table().rename(columns=words).drop(columns=_ENDS))
    return frame.rename_axis("name").reset_index()[["name", "meaning", *_ENDS, "unit", "reason"]]
