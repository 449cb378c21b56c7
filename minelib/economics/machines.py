# SPDX-License-Identifier: MIT
"""Machines: found by name, and the frontier of efficiency over time."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from functools import cache
from typing import Any

import pandas as pd

from minelib import catalog
from minelib.checks import as_span, language, one_of
from minelib.checks.door import Day, Lang, Names, checked
from minelib.errors import BadInput, BadParameter, UnknownName
from minelib.words import N_, date as date_words, gettext as _

__all__ = ["Machine", "machine", "machine_frontier", "machine_names"]

CONFIDENCE = ("high", "medium", "low")
_NEEDS = {
    "efficiency_j_th": N_("efficiency"),
    "hashrate_th_s": N_("hash rate"),
    "power_w": N_("power"),
    "release": N_("release date"),
}


@dataclass(frozen=True)
class Machine:
    """One machine with its nameplate.

    Attributes
    ----------
    key, name_en, name_zh, maker : str
        ``name_zh`` is the English name where no Chinese one is known.
    release : pandas.Timestamp or None
        First day of the stated day, month or year.
    hashrate_th_s, power_w, efficiency_j_th : float or None
        Power is computed from the other two where it is not stated.
    lowest_j_th, highest_j_th : float or None
        Efficiency by the most and the least favourable source.
    confidence : str
    """

    key: str
    name_en: str
    name_zh: str
    maker: str
    release: pd.Timestamp | None
    hashrate_th_s: Any  # None where `needs` does not ask for it and no source has it
    power_w: Any
    efficiency_j_th: Any
    lowest_j_th: Any
    highest_j_th: Any
    confidence: str

    @checked
    def name(self, lang: Lang | None = None) -> str:
        """The name in a language."""
        return self.name_zh if language(lang) == "zh" else self.name_en

    def on_sale(self, argument: str, day: pd.Timestamp) -> None:
        """Refuse a day before the machine came out, as the value of an argument."""
        if self.release is not None and day < self.release:
            rule = _("{machine} came out on {date}")
            rule = rule.format(machine=self.name(), date=date_words(self.release))
            raise BadParameter(argument, f"{day:%Y-%m-%d}", rule)


@cache
def _machines() -> dict[str, Machine]:
    columns = {"machine": "key", "release_date": "release"}
    columns |= {f"efficiency_{end}_j_th": f"{end}_j_th" for end in ("lowest", "highest")}
    rows = catalog.load("machines").rename(columns=columns)
    rows["power_w"] = rows["power_w"].fillna(rows["hashrate_th_s"] * rows["efficiency_j_th"])
    rows["name_en"] = rows["name_en"].str.replace(r"\s*\([^)]*[Tt]h?\)$", "", regex=True)
    rows["name_zh"] = rows["name_zh"].fillna(rows["name_en"])
    rows = rows[[f.name for f in fields(Machine)]].astype(object)
    found = rows.where(rows.notna(), None).itertuples(index=False, name=None)
    return {row[0]: Machine(*row) for row in found}


def _plain(name):
    return re.sub(r"[^a-z0-9+\u4e00-\u9fff]", "", str(name).lower())


@cache
def _by_name():
    names = {}
    for key, m in _machines().items():
        maker = _plain(m.maker)
        for each in (key, m.name_en, m.name_zh, f"{m.maker} {m.name_en}"):
            names.setdefault(_plain(each), key)
            names.setdefault(_plain(each).removeprefix(maker), key)
        short = re.sub(r"^(antminer|whatsminer|avalonminer|avalon|ebit)", "", _plain(m.name_en))
        names.setdefault(short, key)
    names.pop("", None)
    return names


def machine_names(needs: Names = ()) -> list[str]:
    """Keys of the machines there are, sorted.

    Parameters
    ----------
    needs : iterable of {"efficiency_j_th", "hashrate_th_s", "power_w", "release"}
        Only machines that have these.

    Returns
    -------
    list of str

    Raises
    ------
    BadParameter
        Something else than these four.

    Examples
    --------
    >>> "bitmain_antminer_s19" in machine_names(needs=["hashrate_th_s", "power_w"])
    True
    """
    needs = [one_of("needs", n, _NEEDS) for n in needs]
    found = _machines().values()
    return sorted(m.key for m in found if all(getattr(m, n) is not None for n in needs))


def machine(name: str | Machine, needs: Names = ("efficiency_j_th",)) -> Machine:
    """Find a machine by key, English or Chinese name.

    Parameters
    ----------
    name : str or Machine
        ``"bitmain_antminer_s19"``, ``"Antminer S19"``, ``"S19"``, ``"蚂蚁矿机S19"``; letter
        case and spaces do not matter.
    needs : iterable of str
        What the caller cannot do without.

    Returns
    -------
    Machine

    Raises
    ------
    UnknownName
        No such machine; the nearest are named.
    BadInput
        The machine lacks something in `needs`.

    Examples
    --------
    >>> machine("S19").power_w
    3250.0
    """
    found = name if isinstance(name, Machine) else None
    if found is None:
        key = _by_name().get(_plain(name))
        if key is None:
            names = [m.name_en for m in _machines().values()]
            offered = [*names, *(n.split()[-1] for n in names), *_machines()]
            raise UnknownName("machine", str(name), offered)
        found = _machines()[key]
    for need in needs:
        if getattr(found, one_of("needs", need, _NEEDS)) is None:
            sentence = _("Table machines has no {what} for {machine}: choose another machine.")
            raise BadInput(sentence.format(what=_(_NEEDS[need]), machine=found.name()))
    return found


def machines_of(
    names: str | Machine | Iterable[str | Machine], needs: Names = ("efficiency_j_th",)
) -> list[Machine]:
    """One machine or several, found, in the order given; none is refused."""
    found = [names] if isinstance(names, str | Machine) else list(names)
    if not found:
        raise BadParameter("machines", found, _("must name at least one machine"))
    return [machine(name, needs) for name in found]


def machine_frontier(
    start: Day | None = None, end: Day | None = None, *, confidence: Names = ("high", "medium")
) -> pd.DataFrame:
    """Efficiency of machines by release, and the best that could be bought at the time.

    Parameters
    ----------
    start, end : str, date or Timestamp, optional
        First and last release, both inclusive.
    confidence : iterable of {"high", "medium", "low"}
        Rows to use; low ones "should not carry an argument".

    Returns
    -------
    pandas.DataFrame
        One row per machine with release date and efficiency, by date: ``date``, ``machine``,
        ``maker``, ``name_en``, ``efficiency_j_th``, ``lower_j_th``, ``upper_j_th`` (spread of
        the sources), ``frontier_j_th`` (lowest so far), ``on_frontier`` (bool: it set the
        frontier), ``release_precision``, ``confidence``.

    Raises
    ------
    BadParameter
        No machine left, `start` after `end`.

    Notes
    -----
    A release known by month stands at its first day, so the frontier can lie up to a month
    early; one known by year only stands on 1 January and does not set the frontier. The list
    ends with May 2020 for lesser makers, and release dates are missing for nearly all
    machines of 2013 to 2016: the frontier of those years is coarse.

    Examples
    --------
    >>> frontier = machine_frontier(end="2021-05-31")
    >>> frontier.loc[frontier["on_frontier"], "efficiency_j_th"].tolist()[-1]
    29.5
    """
    for each in confidence:
        one_of("confidence", each, CONFIDENCE)
    first, last = as_span(start, end)
    new = {"release_date": "date", "efficiency_lowest_j_th": "lower_j_th"}
    rows = catalog.load("machines").rename(columns=new | {"efficiency_highest_j_th": "upper_j_th"})
    rows = rows.dropna(subset=["date", "efficiency_j_th"])
    rows = rows[rows["confidence"].isin(list(confidence))]
    rows = rows.sort_values(["date", "efficiency_j_th", "machine"])
    dated = rows["efficiency_j_th"].where(rows["release_precision"] != "year")
    rows["frontier_j_th"] = dated.cummin().ffill()
    rows["on_frontier"] = dated < rows["frontier_j_th"].shift(fill_value=float("inf"))
    rows = rows[rows["date"].between(first or rows["date"].min(), last or rows["date"].max())]
    if rows.empty:
        raise BadParameter("start", str(start), _("no machine of known release lies there"))
    columns = ["date", "machine", "maker", "name_en", "efficiency_j_th", "lower_j_th", "upper_j_th"]
    more = ["frontier_j_th", "on_frontier", "release_precision", "confidence"]
    return rows[[*columns, *more]].reset_index(drop=True)
