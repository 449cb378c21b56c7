# SPDX-License-Identifier: MIT
"""A declared claim is evaluated here: numbers found, readings judged, the sentence told.

The declarations stand in the TOML file of their subject. What is found is a number, a number with
its two ends, a moment, or a name; CONTRIBUTING.md says what each key means.
"""

from collections.abc import Callable, Iterator
from string import Formatter
from typing import Any, TypeAlias

import pandas as pd

from minelib import words
from minelib.claims.evidence import QUANTITIES, Case, Missing, listed, told
from minelib.claims.rules import Outcome, Reading
from minelib.words import gettext as _, number, percent

__all__ = ["TAKES", "Facts", "Measured", "evaluate", "find", "rank", "revised"]

Facts: TypeAlias = dict[str, Any]
Measured: TypeAlias = tuple[float, float, float]

TAKES: dict[str, Callable[[pd.Series], Any]] = {
    "last": lambda series: series.iloc[-1],
    "first": lambda series: series.iloc[0],
    "highest": pd.Series.max,
    "lowest": pd.Series.min,
    "mean": pd.Series.mean,
    "median": pd.Series.median,
    "sum": pd.Series.sum,
    "count": len,
    "when highest": pd.Series.idxmax,
    "when lowest": pd.Series.idxmin,
    "when last": lambda series: series.index[-1],
}
Z95 = 1.959964
_MONTHS = {"highest": "when highest", "lowest": "when lowest", "last": "when last"}


def rank(case: Case, place: str, month: pd.Timestamp) -> int:
    """The place of a country among all in a month of the map."""
    shares = case.tables.all_shares(month)
    return 1 + int((shares.drop(place) > shares[place]).sum())


def revised(case: Case, place: str, month: pd.Timestamp, share: float) -> Measured:
    """A share with what a revision of the map may change; of China also what was redirected."""
    width = case.tables.revision_pp()
    redirected = case.tables.flagged(month) if place == "china" else 0.0
    return share, max(0.0, share - width), share + width + redirected


def find(case: Case, asked: dict[str, Any]) -> Any:
    """What one line of a declaration asks for.

    Parameters
    ----------
    case : Case
    asked : dict
        ``quantity``, ``place`` (None: the one named), ``from`` and ``to``, ``where``, ``take``
        (one of `TAKES`, or one that compares with what is claimed) and ``ends`` ("spread" of the
        values, what the "map" allows, its "revision" alone, the "upper" end for the value, or
        counted "blocks").

    Returns
    -------
    float, int, text, pandas.Timestamp, or a value with its two ends
        None where no time answers "when last over" or "when last under".
    """
    name, take = asked["quantity"], asked.get("take", "last")
    quantity, span = QUANTITIES[name], (asked.get("from", ""), asked.get("to", ""))
    place = asked.get("place") or (case.named[0] if "place" in quantity else "")
    where = asked.get("where", {})
    if take == "change":
        return _change(*(find(case, asked | {"from": at, "to": "", "take": "mean"}) for at in span))
    if "year" in quantity and span[0]:
        span, where = ("", ""), {quantity["year"]: int(span[0][:4])} | where
    series = case.tables.series(name, *span, place, **where)
    if quantity.get("kind") == "rank":
        series = pd.Series({month: rank(case, place, month) for month in series.index})
    if take in ("count over", "when last over"):
        series = series[series > case.low]
    elif take == "when last under":
        series = series[series < case.high]
    if take.startswith("when last ") and series.empty:
        return None
    value, ends = (
        TAKES[take.removesuffix(" over").removesuffix(" under")](series),
        asked.get("ends"),
    )
    if ends == "spread":
        return value, series.min(), series.max()
    if ends == "blocks":  # their number is a Poisson count
        blocks = case.tables.series("blocks", *span).sum()
        return value, value * (1 - Z95 * blocks**-0.5), value * (1 + Z95 * blocks**-0.5)
    if ends in ("map", "revision", "upper"):
        month = TAKES[_MONTHS.get(take, "when last")](series)
        value = revised(case, "" if ends == "revision" else place, month, value)
    return value[2] if ends == "upper" else value


def _change(first, last):
    """Percent from one value to another, with the ends that theirs allow."""
    (before, low, high), (now, least, most) = (
        each if isinstance(each, tuple) else (each,) * 3 for each in (first, last)
    )
    if not low > 0:
        raise Missing(_("It begins at zero: no change in percent can be told."))
    return tuple(100 * (a / b - 1) for a, b in ((now, before), (least, high), (most, low)))


def evaluate(case: Case, method: Callable[[Case], Facts] | None = None) -> Outcome:
    """Decide a claim as it is declared.

    Parameters
    ----------
    case : Case
    method : callable or None
        What the declaration cannot say: facts by name, those found among them replaced.

    Returns
    -------
    Outcome
    """
    declared, facts = case.declared, {"claimed": case.high if case.low is None else case.low}
    base = declared.get("base", {})
    for name, asked in declared.get("finds", {}).items():
        if "quantity" in asked:  # the rows are those of its own quantity
            asked = {"where": {}} | asked
        facts[name] = find(case, base | asked)
    facts |= method(case) if method else {}
    readings = [r for each in declared["readings"] for r in _judged(case, each, facts)]
    said = {name: _told(fact, declared.get("forms", {}).get(name)) for name, fact in facts.items()}
    evidence = told(_(facts.get("says", declared["says"])), **said)
    also = declared.get("also", "")
    named = [name for _before, name, *_form in Formatter().parse(also) if name]
    if also and all(facts.get(name) is not None for name in named):
        also = told(_(also), **said)
        evidence = _("{first} {second}").format(first=evidence, second=also)
    return Outcome(tuple(readings), evidence)


def _judged(case: Case, asked: dict[str, Any], facts: Facts) -> Iterator[Reading]:
    """The readings of one line: one, one for each yardstick, or one for each name found."""
    found, label = facts[asked["of"]], _(asked["label"]) if asked.get("label") else ""
    for name, one in found.items() if isinstance(found, dict) else [(label, found)]:
        if "measure" not in asked:
            yield _read(case, asked, facts, one, label=name)
            continue
        for stick, side, limit in case.sticks(asked["measure"]):
            joined = _("{what}: {yardstick}").format(what=label, yardstick=stick)
            against = {"rule": side, "than": limit}
            yield _read(case, asked | against, facts, one, label=joined if label else stick)


def _read(case, asked, facts, found, label):
    value, *ends = found if isinstance(found, tuple) else (found, None, None)
    rule = asked["rule"]
    bound = rule if rule in ("over", "under") else "over"
    of_words = {"value": (case.low, case.high), "rank": case.low, bound: case.low}
    claimed = of_words.get(rule) if rule != "under" else case.high
    for key in ("claimed", "than"):
        if key in asked:
            claimed = facts[asked[key]] if isinstance(asked[key], str) else asked[key]
    return Reading.judged(
        "bound" if rule in ("over", "under") else rule,
        value,
        asked.get("unit", "percent"),
        case.tolerance_pct,
        claimed,
        side=bound,
        lower=ends[0],
        upper=ends[1],
        label=label,
        yardstick="than" in asked,
    )


def _told(fact, form):
    """A fact for the sentence, in a form such as "percent 0", "number signed 1" or "day"."""
    fact = fact[0] if isinstance(fact, tuple) else fact
    if form is None:
        return float(fact) if isinstance(fact, float) else fact
    kind, *more = form.split()
    if kind == "each":
        return listed(fact, lambda value: _told(value, " ".join(more)))
    if kind == "day":
        return words.date(fact)
    signed = "signed" in more or kind == "signed"
    digits = [int(word) for word in more if word.isdigit()]
    if kind == "quantity":
        return words.quantity(fact, form.partition(" ")[2])
    unit = [word for word in more if not word.isdigit() and word != "signed"]
    write = percent if kind == "percent" else number
    return " ".join([write(fact, *digits, signed=signed), *unit])
