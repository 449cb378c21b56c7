# SPDX-License-Identifier: MIT
"""Machines: found by name, and the frontier of efficiency over time."""

import re
from dataclasses import dataclass
from functools import cache

import pandas as pd

from minelib import catalog
from minelib.checks import as_span, language, one_of
from minelib.errors import BadInput, BadParameter, UnknownName
from minelib.words import N_
from minelib.words import gettext as _

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
    hashrate_th_s: float | None
    power_w: float | None
    efficiency_j_th: float | None
    lowest_j_th: float | None
    highest_j_th: float | None
    confidence: str

    def name(self, lang=None):
        """The name in a language."""
        return self.name_zh if language(lang) == "zh" else self.name_en


@cache
def _machines():
    def value(x):
        return None if pd.isna(x) else float(x)

    found = {}
    for row in catalog.load("machines").itertuples():
        rate, power, joules = map(value, (row.hashrate_th_s, row.power_w, row.efficiency_j_th))
        if power is None and rate is not None and joules is not None:
            power = rate * joules
        name = re.sub(r"\s*\([^)]*[Tt]h?\)$", "", row.name_en)
        found[row.machine] = Machine(
            row.machine,
            name,
            row.name_zh if isinstance(row.name_zh, str) else name,
            row.maker,
            None if pd.isna(row.release_date) else row.release_date,
            rate,
            power,
            joules,
            value(row.efficiency_lowest_j_th),
            value(row.efficiency_highest_j_th),
            row.confidence,
        )
    return found


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


def machine_names(needs=()):
    """Keys of the machines there are, sorted.

    Parameters
    ----------
    needs : iterable of {"efficiency_j_th", "hashrate_th_s", "power_w", "release"}
        Only machines that have these.

    Returns
    -------
    list of str

    Examples
    --------
    >>> "bitmain_antminer_s19" in machine_names(needs=["hashrate_th_s", "power_w"])
    True
    """
    needs = [one_of("needs", n, _NEEDS) for n in needs]
    found = _machines().values()
    return sorted(m.key for m in found if all(getattr(m, n) is not None for n in needs))


def machine(name, needs=("efficiency_j_th",)):
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


def machine_frontier(start=None, end=None, *, confidence=("high", "medium")):
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
        One row a machine with release date and efficiency, by date: ``date``, ``machine``,
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
    rows = catalog.load("machines").dropna(subset=["release_date", "efficiency_j_th"])
    for each in confidence:
        one_of("confidence", each, CONFIDENCE)
    rows = rows[rows["confidence"].isin(list(confidence))].rename(columns={"release_date": "date"})
    ends = as_span(start, end)
    rows = rows.sort_values(["date", "efficiency_j_th", "machine"])
    dated = rows["efficiency_j_th"].where(rows["release_precision"] != "year")
    rows["frontier_j_th"] = dated.cummin().ffill()
    before = rows["frontier_j_th"].shift(fill_value=float("inf"))
    rows["on_frontier"] = dated < before
    first, last = ends[0] or rows["date"].min(), ends[1] or rows["date"].max()
    rows = rows[rows["date"].between(first, last)]
    if rows.empty:
        raise BadParameter("start", str(start), _("no machine of known release lies there"))
    rows = rows.rename(
        columns={"efficiency_lowest_j_th": "lower_j_th", "efficiency_highest_j_th": "upper_j_th"}
    )
    columns = ["date", "machine", "maker", "name_en", "efficiency_j_th", "lower_j_th", "upper_j_th"]
    more = ["frontier_j_th", "on_frontier", "release_precision", "confidence"]
    return rows[[*columns, *more]].reset_index(drop=True)
