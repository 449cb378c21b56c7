# SPDX-License-Identifier: MIT
"""Published results beside what this package computes, each with a verdict and a reason.

>>> import minelib as ml
>>> set(ml.published.table()["verdict"]) <= {"supported", "contradicted", "imprecise",
...                                          "unverifiable"}
True
"""

import warnings
from functools import cache
from typing import Any

import pandas as pd

from minelib.catalog import load
from minelib.checks import language
from minelib.checks.door import Lang, door
from minelib.errors import UnknownName
from minelib.published.display import formatted, short_authors
from minelib.published.entries import ENTRIES, FILE, NOT_COMPUTED, OUTCOMES
from minelib.published.scale import inside, on_one_scale
from minelib.published.verdicts import OTHER, difference, middle, verdict
from minelib.published.versions import by_version
from minelib.words import N_, gettext as _, number

__all__ = ["by_version", "formatted", "inside", "on_one_scale", "recompute", "short_authors"]
__all__ += ["table"]

_STORED = {
    **{name: name for name in ("item", "id", "authors", "year", "quantity", "start", "end")},
    "value": "published_value",
    "low": "published_low",
    "high": "published_high",
    "unit": "unit",
    "source_seen": "source_seen",
}


def recompute(id: str) -> tuple[float, float, float] | None:
    """What the package computes in place of one published figure.

    Parameters
    ----------
    id : str
        Of table ``published_results``.

    Returns
    -------
    tuple of float or None
        Value, lower, upper in the unit of the published figure, NaN where there is no
        interval; None where it cannot be re-computed.

    Raises
    ------
    UnknownName
        With the nearest ids.

    Examples
    --------
    >>> round(recompute("ccaf_2023_energy_2021")[0], 1)
    89.0
    """
    known = load("published_results")["id"].tolist()
    if id not in known:
        raise UnknownName(N_("published result"), id, known)
    return _computed(id)


@cache
def _computed(id):
    return ENTRIES[id].compute() if id in ENTRIES else None


def table(lang: Lang | None = None) -> pd.DataFrame:
    """Every published figure, re-computed where the data allow.

    Parameters
    ----------
    lang : {"en", "zh"} or None
        Language of ``quantity``, ``why`` and the words beside the codes.

    Returns
    -------
    pandas.DataFrame
        One row per figure: ``item`` (number of the result), ``id``, ``authors``, ``year``,
        ``quantity``, ``start``, ``end`` (period meant, both inclusive), ``published_value``,
        ``published_low``, ``published_high``, ``unit``, ``source_seen`` (whole, excerpt,
        second_hand), ``computed_value``, ``computed_lower``, ``computed_upper``, ``difference``
        (computed minus published; from the nearer end of a published range, 0 inside it),
        ``difference_pct``, ``verdict``, ``method`` (whether the publisher's own), ``function``
        (what computed it), ``why``; ``verdict_word``, ``known_word`` and ``method_word`` in the
        language. Numbers are float, ``item`` and ``year`` whole numbers, ``start`` and ``end``
        days, all others text.

    Raises
    ------
    UnknownName
        Another language.

    Notes
    -----
    Verdicts follow one rule (`minelib.published.verdicts.verdict`): equal within 1 percent (same
    method) or 10 percent (other method), for shares 1 or 4 percentage points, is supported;
    otherwise inside the computed interval is imprecise; outside is contradicted.

    Examples
    --------
    >>> frame = table()
    >>> int(frame.loc[frame["computed_value"].notna(), "item"].nunique()) >= 16
    True
    """
    words = language(lang)
    stored = load("published_results").rename(columns={f"quantity_{words}": "quantity"})
    judged = pd.DataFrame([_judged(row, words) for row in stored.to_dict("records")])
    return stored[list(_STORED)].rename(columns=_STORED).join(judged)


def _judged(row, lang):
    name, is_share = row["id"], row["unit"] == "percent"
    entry, computed = ENTRIES.get(name), _computed(name)
    value, lower, upper = computed or (float("nan"),) * 3
    published = row["value"], row["low"], row["high"]
    gap, figure = difference(value, *published), middle(*published)
    found = verdict(computed, published, entry.method if entry else OTHER, is_share)
    why = _(OUTCOMES[name] if entry else NOT_COMPUTED[name], lang)
    why = why.format(ratio=number(figure / value, 0, lang))
    return {
        "computed_value": value,
        "computed_lower": lower,
        "computed_upper": upper,
        "difference": gap,
        "difference_pct": 100 * gap / figure,
        "verdict": found,
        "method": entry.method if entry else None,
        "function": entry.function if entry else None,
        "why": why,
        "verdict_word": _(found, lang),
        "known_word": _(FILE["words"][row["source_seen"]], lang),
        "method_word": _(entry.method if entry else N_("not re-computed"), lang),
    }


door(globals())


def __getattr__(name: str) -> Any:
    if name == "readable":
        warnings.warn(
            "ml.published.readable is now ml.published.formatted, and goes with version 0.3.",
            DeprecationWarning,
            stacklevel=2,
        )
        return formatted
    raise AttributeError(f"module 'minelib.published' has no attribute {name!r}")
