# SPDX-License-Identifier: MIT
"""Which table and rule fit a statement: by its quantity, its unit, its place and its period."""

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, NoReturn, TypeAlias

import pandas as pd

from minelib.catalog import default
from minelib.catalog.names import name_of
from minelib.catalog.units import UNITS, convert
from minelib.claims.declared import TAKES, Facts, evaluate
from minelib.claims.evidence import QUANTITIES, Case, Missing, tables_of
from minelib.claims.rules import Outcome
from minelib.declared import declared
from minelib.errors import BadInput, nearest
from minelib.words import LANGUAGES, gettext as _

__all__ = ["KINDS", "WANTED", "Proposal", "fit"]

_FILE = declared(__file__, "trial.toml")
KINDS: dict[str, str] = _FILE["kinds"]
WANTED: dict[str, str] = _FILE["words"]["wanted"]
_EVIDENCE, _LABELS = _FILE["words"]["evidence"], _FILE["words"]["labels"]
_TEXTS = ("words", "kind", "quantity", "unit", "place", "table", "take", "note")
_WORLD = ("", "world", "the world", "世界", "全球")
_DAY = re.compile(r"\d{4}(-\d{2}){0,2}", re.ASCII)
Refuse: TypeAlias = Callable[..., NoReturn]


@dataclass(frozen=True)
class Proposal:
    """What a statement is tried on.

    Attributes
    ----------
    entry : dict
        The statement as it was written.
    quantity : str
        Key of the quantity; "" where no table can judge.
    others : tuple of str
        Quantities that fit too, to be asked for as ``table``.
    takes : tuple of str
        What is taken of the period, a reading each.
    low, high : float or None
        What is claimed, in the unit of the quantity.
    place : str
        Key of a place, pool, machine or event.
    span : tuple of (str, str)
        First and last time, both inclusive; "" where there is none.
    """

    entry: dict[str, Any]
    quantity: str = ""
    others: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    place: str = ""
    span: tuple[str, str] = ("", "")

    def shown(self, lang: str | None = None) -> dict[str, str]:
        """What is proposed, for a reader."""
        asked, entry = QUANTITIES.get(self.quantity, {}), self.entry
        unit = "percent" if entry["kind"] == "change" else asked.get("unit", "")
        return {
            "quantity": _(asked["name"], lang) if asked else entry.get("quantity", ""),
            "table": asked.get("table", ""),
            "take": ", ".join(self.takes),
            "rule": KINDS[entry["kind"]] if asked else "",
            "unit": unit,
            "place": name_of(asked["names"], self.place, lang) if self.place else "",
            "period": " – ".join(dict.fromkeys(filter(None, self.span))),
            "others": ", ".join(self.others),
        }

    def declared(self) -> dict[str, Any]:
        """The declaration, in the form of those that stand beside the modules."""
        if self.entry["kind"] == "before":
            readings = [{"of": "days", "rule": "order", "unit": "days"}]
            forms = {"first_day": "day", "second_day": "day"}
            return {"says": _EVIDENCE["before"], "readings": readings, "forms": forms}
        ends, shown = QUANTITIES.get(self.quantity, {}).get("ends", ""), self.shown()
        asked = {"quantity": self.quantity, "place": self.place, "ends": ends}
        asked |= zip(("from", "to"), self.span, strict=True)
        names = ["found"] if len(self.takes) == 1 and self.takes != ("change",) else self.takes
        reading = {"rule": shown["rule"], "unit": shown["unit"]}
        labels = _LABELS if len(names) > 1 else {}
        return {
            "says": _EVIDENCE[names[0]] if names else "",
            "finds": {n: asked | {"take": t} for n, t in zip(names, self.takes, strict=True)},
            "readings": [reading | {"of": n, "label": labels.get(n, "")} for n in names],
            "forms": dict.fromkeys(names, f"quantity {shown['unit']}"),
        }

    def decide(self, case: Case) -> Outcome:
        """The outcome, by the evaluator of declared claims; `Missing` where no table can judge."""
        if self.entry["kind"] == "other":
            raise Missing(_(_EVIDENCE["other"]))
        if not self.quantity:
            known = _(", ").join(sorted(_(q["name"]) for q in QUANTITIES.values() if q["known_as"]))
            asked = [self.entry[key] for key in ("quantity", "place") if key in self.entry]
            raise Missing(_(_EVIDENCE["unknown"]), known=known, asked=_(", ").join(asked))
        return evaluate(case, self._facts)

    def _facts(self, case: Case) -> Facts:
        shown = self.shown()
        if self.entry["kind"] != "before":
            what = [shown[key] for key in ("quantity", "place", "period") if shown[key]]
            return {"table": shown["table"], "what": _(", ").join(what)}
        first, second = case.tables.event_day(self.place), self.entry["value"]
        named = name_of("events", second)
        day = case.tables.event_day(second) if named else pd.Timestamp(second)
        days = {"days": float((first - day).days), "first_day": first, "second_day": day}
        return days | {"first": shown["place"], "second": named or str(second)}


def fit(entry: dict[str, Any], refuse: Refuse) -> Proposal:
    """The table and the rule for a statement.

    Parameters
    ----------
    entry : dict
        As the file has it.
    refuse : callable
        Called with a key of the entry, one of `WANTED` and its facts when the statement is at
        fault; raises.

    Returns
    -------
    Proposal
        Without a quantity where no table can judge.
    """
    _see(entry, refuse)
    kind, unit, place = entry["kind"], entry.get("unit", ""), entry.get("place", "")
    names = [] if kind == "other" else _named(entry, refuse)
    if not names:
        return Proposal(entry)
    low, high = _claimed(entry, refuse)
    sizes = {name: _size(unit, name, kind) for name in names}
    fitting = [name for name in names if sizes[name] is not None]
    if not fitting:
        asked = [QUANTITIES[name] for name in names]
        units = [unit for each in asked for unit in (each["unit"], *each.get("also_in", ()))]
        wanted = ", ".join(dict.fromkeys(["percent"] if kind == "change" else units))
        refuse("unit", "unit" if unit else "no_unit", given=unit, known=wanted)
    places = {name: _place(name, place) for name in fitting}
    known = [name for name in fitting if places[name] is not None]
    if not known:
        _see_place(place, fitting, refuse)
        return Proposal(entry)
    start, end = span = _span(entry.get("period", ""), refuse)
    inside = [name for name in known if _meets(name, start, end or start)]
    if not inside:
        covered = [*filter(None, map(_coverage, known))] or refuse("period", "timeless")
        first, last = str(min(covered)[0].date()), str(max(end for _day, end in covered).date())
        why = "period" if start else "no_period"
        refuse("period", why, given=entry.get("period"), first=first, last=last)
    name, *others = inside
    takes, size = _takes(entry, name, start, end, refuse), sizes[name]
    low, high = (None if each is None else each * size for each in (low, high))
    return Proposal(entry, name, tuple(others), takes, low, high, places[name], span)


def _see(entry, refuse):
    """Keys, kind, and that what must be text is text."""
    for key, value in entry.items():
        if key not in (known := (*_TEXTS, "value", "period")):
            refuse(key, "key", given=key, known=", ".join(nearest(key, known) or known))
        if key in _TEXTS and not (isinstance(value, str) and value.strip()):
            refuse(key, "text", given=key)
    kind = entry.get("kind", "–")
    if kind not in KINDS:
        refuse("kind", "kind", given=kind, known=", ".join(KINDS))
    if kind != "other" and "quantity" not in entry:
        refuse("quantity", "quantity")


def _named(entry, refuse):
    """The quantities that go by this name, or stand in the table asked for."""
    special = {"rank": "rank", "before": "day"}.get(entry["kind"])
    found = [n for n, q in QUANTITIES.items() if q.get("kind") == special]
    if table := entry.get("table"):
        known = sorted({*found, *(QUANTITIES[n]["table"] for n in found)})
        if table not in known:
            refuse("table", "table", given=table, known=", ".join(nearest(table, known) or known))
        return [n for n in found if table in (n, QUANTITIES[n]["table"])]
    asked = entry["quantity"].casefold().strip()
    return found if special else [n for n in found if asked in _words_for(n)]


@cache
def _words_for(name):
    asked = QUANTITIES[name]
    own = [_(asked["name"], lang) for lang in LANGUAGES]
    return {each.casefold() for each in (name, *own, *asked["known_as"])}


def _claimed(entry, refuse):
    """The two ends of what is claimed; None where the kind needs no number."""
    kind, value = entry["kind"], entry.get("value")
    if kind == "before" and name_of("events", value) is None:
        _span(value, refuse, "value")
    if kind in ("before", "zero"):
        return None, None
    ends = value if isinstance(value, list) and kind == "value" else [value]
    good = [isinstance(v, int | float) and not isinstance(v, bool) and abs(v) < 1e300 for v in ends]
    if len(ends) not in (1, 2) or not all(good) or ends != sorted(ends):
        refuse("value", "value", given=str(value)[:60])
    return float(ends[0]), float(ends[-1])


def _size(unit, name, kind):
    """By how much a number in this unit is multiplied; None where it does not fit."""
    own, unit = QUANTITIES[name]["unit"], "percent" if unit == "%" else unit
    if kind == "change":
        return 1.0 if unit == "percent" else None
    if kind in ("rank", "before", "zero") or unit in (own, *QUANTITIES[name].get("also_in", ())):
        return 1.0
    try:
        return convert(1.0, unit, own) if {unit, own} <= {*UNITS} else None
    except BadInput:
        return None


@cache
def _keys(table):
    """What a place, pool, machine or event is called, in any language, to its key."""
    keys = default().read(table)[default().descriptor(table).primary_key[0]]
    named = {str(name_of(table, key, lang)).casefold(): key for lang in LANGUAGES for key in keys}
    return named | {key.casefold(): key for key in keys}


def _place(name, said):
    """The key of a place in the table of a quantity; None where the two do not go together."""
    asked, said = QUANTITIES[name], said.casefold().strip()
    if "place" not in asked:
        return "" if said in _WORLD else None
    key = _keys(asked["names"]).get(said)
    return key if key in set(tables_of(None)[asked["table"]][asked["place"]]) else None


def _see_place(said, fitting, refuse):
    """A place is missing, or nobody knows it; one without data is no fault of the text."""
    tables = {QUANTITIES[name].get("names", "places") for name in fitting}
    known = {key for table in tables for key in _keys(table)}
    if said.casefold().strip() in _WORLD:
        refuse("place", "no_place")
    if said.casefold().strip() not in known:
        refuse("place", "place", given=said, known=", ".join(nearest(said, sorted(known))) or "–")


def _span(said, refuse, key="period"):
    """First and last time as text; "" for what is not said."""
    if said == "" and key == "period":
        return "", ""
    days = said.date() if isinstance(said, datetime.datetime) else said
    ends = [end.strip() for end in re.split(r"\s+to\s+|至|–", str(days))]
    try:
        if not 1 <= len(ends) <= 2 or not all(map(_DAY.fullmatch, ends)):
            raise ValueError
        if pd.Period(ends[0]).start_time > pd.Period(ends[-1]).end_time:
            raise ValueError
    except ValueError:
        refuse(key, "time", given=str(said)[:60])
    return ends[0], ends[1] if len(ends) == 2 else ""


@cache
def _coverage(name):
    """First and last day of a quantity; None where it has no time."""
    asked = QUANTITIES[name]
    frame = tables_of(None)[asked["table"]].dropna(subset=[asked["column"]])
    if "year" in asked:
        years = pd.PeriodIndex(frame[asked["year"]].astype(str), freq="Y")
    elif "every" in asked:
        years = pd.PeriodIndex(frame[asked["time"]], freq=asked["every"].removesuffix("S"))
    else:
        return None
    return years.min().start_time, years.max().end_time


def _meets(name, start, end):
    """Whether a period and the time of a quantity have a day in common."""
    covered = _coverage(name)
    if not (covered and start):
        return not covered
    return pd.Period(start).start_time <= covered[1] and covered[0] <= pd.Period(end).end_time


def _takes(entry, name, start, end, refuse):
    """What is taken of the period: as asked, or as kind and quantity propose."""
    asked, kind, every = QUANTITIES[name], entry["kind"], QUANTITIES[name].get("every")
    possible = [take for take in TAKES if not take.startswith("when")]
    if kind == "change" and not (start and end):
        refuse("period", "change")
    if kind in ("change", "before"):
        return ("change",) * (kind == "change")
    if "take" in entry and entry["take"] not in possible:
        refuse("take", "take", given=entry["take"], known=", ".join(possible))
    several = every and (end or start.count("-") < {"MS": 1, "D": 2}[every])
    if "take" not in entry and several and asked["take"] == "mean" and kind in ("over", "under"):
        return ("highest" if kind == "over" else "lowest", "mean")
    return (entry.get("take", asked["take"]),)
