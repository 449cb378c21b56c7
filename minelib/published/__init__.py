# SPDX-License-Identifier: MIT
"""Published results beside what this package computes, each with a verdict and a reason.

>>> import minelib as ml
>>> set(ml.published.table()["verdict"]) <= {"supported", "contradicted", "imprecise",
...                                          "unverifiable"}
True
"""

from functools import lru_cache

import pandas as pd

from minelib.catalog import load
from minelib.checks import language
from minelib.errors import UnknownName
from minelib.published.readable import by_version, inside, readable, short_authors
from minelib.published.recompute import ENTRIES, NOT_COMPUTED
from minelib.published.timeline import on_one_scale
from minelib.published.verdicts import OTHER, SAME, difference, verdict
from minelib.words import N_, number
from minelib.words import gettext as _

__all__ = [
    "by_version",
    "inside",
    "on_one_scale",
    "readable",
    "recompute",
    "short_authors",
    "table",
]

_KNOWN = {
    "source": N_("read at the source"),
    "second_hand": N_("second-hand"),
    "recalled": N_("recalled"),
}
_METHODS = {SAME: N_("same method"), OTHER: N_("other method")}
_NO_METHOD = N_("not re-computed")
_RECALLED = N_("The figure is recalled only and may be wrong in our memory.")
VERDICTS = {
    "supported": N_("supported"),
    "imprecise": N_("imprecise"),
    "contradicted": N_("contradicted"),
    "unverifiable": N_("unverifiable"),
}


@lru_cache(maxsize=128)
def recompute(id):
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
    return ENTRIES[id].compute() if id in ENTRIES else None


def table(lang=None):
    """Every published figure, re-computed where the data allow.

    Parameters
    ----------
    lang : {"en", "zh"} or None
        Language of ``quantity``, ``why`` and the words beside the codes.

    Returns
    -------
    pandas.DataFrame
        One row a figure: ``item`` (number of the result), ``id``, ``authors``, ``year``,
        ``quantity``, ``start``, ``end`` (period meant, both inclusive), ``published_value``,
        ``published_low``, ``published_high``, ``unit``, ``known_from`` (source, second_hand,
        recalled), ``computed_value``, ``computed_lower``, ``computed_upper``, ``difference``
        (computed minus published; from the nearer end of a published range, 0 inside it),
        ``difference_pct``, ``verdict``, ``method`` (whether the publisher's own), ``function``
        (what computed it), ``why``; ``verdict_word``, ``known_word`` and ``method_word`` in the
        language.

    Notes
    -----
    Verdicts follow one rule (`minelib.published.verdicts.verdict`): equal within 1 percent (same
    method) or 10 percent (other method), for shares 1 or 4 percentage points, is supported;
    otherwise inside the computed interval is imprecise; outside is contradicted. A recalled
    figure is never contradicted.

    Examples
    --------
    >>> frame = table()
    >>> int(frame.loc[frame["computed_value"].notna(), "item"].nunique()) >= 16
    True
    """
    lang = language(lang)
    rows = [_row(r, lang) for r in load("published_results").to_dict("records")]
    return pd.DataFrame(rows)


def _row(r, lang):
    made = ENTRIES.get(r["id"])
    computed = recompute(r["id"])
    published = (r["value"], r["low"], r["high"])
    judged = verdict(
        computed,
        published,
        made.method if made else OTHER,
        r["unit"] == "percent",
        r["known_from"],
    )
    value, lower, upper = computed or (float("nan"),) * 3
    gap = difference(value, *published) if computed else float("nan")
    figure = r["value"] if r["value"] == r["value"] else (r["low"] + r["high"]) / 2
    why = _(made.why if made else NOT_COMPUTED[r["id"]], lang)
    if made:
        why = why.format(ratio=number(figure / value, 0, lang))
    if made and judged == "unverifiable":
        why += (" " if lang == "en" else "") + _(_RECALLED, lang)
    return {
        "item": r["item"],
        "id": r["id"],
        "authors": r["authors"],
        "year": r["year"],
        "quantity": r[f"quantity_{lang}"],
        "start": r["start"],
        "end": r["end"],
        "published_value": r["value"],
        "published_low": r["low"],
        "published_high": r["high"],
        "unit": r["unit"],
        "known_from": r["known_from"],
        "computed_value": value,
        "computed_lower": lower,
        "computed_upper": upper,
        "difference": gap,
        "difference_pct": 100 * gap / figure,
        "verdict": judged,
        "method": made.method if made else None,
        "function": made.function if made else None,
        "why": why,
        "verdict_word": _(VERDICTS[judged], lang),
        "known_word": _(_KNOWN[r["known_from"]], lang),
        "method_word": _(_METHODS[made.method] if made else _NO_METHOD, lang),
    }
