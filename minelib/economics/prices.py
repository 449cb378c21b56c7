# SPDX-License-Identifier: MIT
"""What a machine cost on a day: scattered quotations joined, with the gaps shown."""

from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import pandas as pd

from minelib import catalog
from minelib.checks import as_day, as_span, one_of
from minelib.checks.door import Day, Names
from minelib.economics.assumptions import Range, assumed
from minelib.economics.machines import Machine, machine
from minelib.errors import BadParameter, OutOfCoverage
from minelib.words import gettext as _

__all__ = ["MARKETS", "MachinePrice", "machine_price", "machine_price_series"]

MARKETS = ("world", "china")
NEAR_DAYS = 20  # a quotation so near counts as one of the day
REACH_DAYS = 45  # how far the first and the last quotation reach beyond the record

# tier -> efficiency above (exclusive) and up to (inclusive), J/TH
_TIERS = {
    "under_25_j_th": (0, 24.999),
    "25_to_38_j_th": (24.999, 38),
    "under_38_j_th": (0, 38),
    "38_to_68_j_th": (38, 68),
    "over_68_j_th": (68, np.inf),
    "latest_generation": (0, 38),
}


@dataclass(frozen=True)
class MachinePrice:
    """The price of one TH/s in a machine on a day.

    Attributes
    ----------
    usd_th, lower_usd_th, upper_usd_th : float
    basis : {"quoted", "interpolated", "scaled", "discounted", "world"}
        quoted: a quotation lies near the day; interpolated: between two that lie farther;
        scaled: the price of the latest generation in China, in the proportion of the index
        prices of May 2021; discounted: the world price less the assumed discount; world: for
        China before its first quotation, the world price as it is.
    quotations : tuple of str
        Keys in table `machine_prices`.
    """

    usd_th: float
    lower_usd_th: float
    upper_usd_th: float
    basis: str
    quotations: tuple[str, ...]


_ENDS = ("best", "low", "high")
# whose figure is the best value of a month: a broad measure before a single deal
_RANK = {"index": 0, "listing": 1, "derived": 2, "reported": 3, "transaction": 4}


@cache
def _points(m, market, error):
    """Quotations that apply to a machine, one row per month of quotations, by day."""
    rows = catalog.load("machine_prices")
    tiers = [t for t, (above, most) in _TIERS.items() if above < m.efficiency_j_th <= most]
    named = rows["subject"].fillna("").str.replace(r"\s*\(.*", "", regex=True).str.split("/")
    words = (m.name_en, m.name_en.split()[-1])
    alone = named.map(lambda parts: any(p.strip() in words for p in parts))
    fits = rows["tier"].isin(tiers) | (rows["tier"] == "single_model") & alone
    china = rows["market"] == "china_second_hand"
    # for all classes: quotations of the latest generation in China; the one reported fall elsewhere
    carried = china if market == "china" else (rows["kind"] == "derived") & ~china
    rows = rows[carried if market == "china" else carried | fits & ~china].copy()
    price = rows["price_usd_th"] * np.where(carried[rows.index] & _older(m), _ratio(m), 1.0)
    middle = rows["date"] + pd.Timedelta(days=14)
    rows["day"] = rows["date"].where(rows["date_precision"] == "day", middle)
    rows["low"] = np.fmin(rows["lower_usd_th"], price * (1 - error))
    rows["high"] = np.fmax(rows["upper_usd_th"], price * (1 + error))
    rows["price"], rows["rank"] = price, rows["kind"].map(_RANK)
    month = rows["date"].dt.to_period("M")
    broadest = rows["rank"] == rows.groupby(month)["rank"].transform("min")
    best = rows[broadest].groupby(month)["price"].median()
    points = rows.groupby(month).agg(
        day=("day", "mean"), low=("low", "min"), high=("high", "max"), ids=("price_id", tuple)
    )
    return points.assign(best=best).sort_values("day").reset_index(drop=True)


def _older(m):
    return m.efficiency_j_th > _TIERS["latest_generation"][1]


def _ratio(m):
    """Index price of the machine's class by that of the latest generation, May 2021."""
    rows = catalog.load("machine_prices")
    rows = rows[(rows["kind"] == "index") & (rows["date"].dt.to_period("M") == "2021-05")]
    index = rows.set_index("tier")["price_usd_th"]
    medium = m.efficiency_j_th <= _TIERS["38_to_68_j_th"][1]
    return index["38_to_68_j_th" if medium else "over_68_j_th"] / index["under_38_j_th"]


def _at(points, day):
    """The price on a day, or None where no quotation reaches it."""
    away = (points["day"] - day).dt.days
    near, passed = away.abs() <= NEAR_DAYS, (away < 0).sum()
    if not near.any() and 0 < passed < len(points):
        a, b = points.iloc[passed - 1], points.iloc[passed]
        part = (day - a["day"]) / (b["day"] - a["day"])
        ends = (np.exp(np.log(a[c]) * (1 - part) + np.log(b[c]) * part) for c in _ENDS)
        return MachinePrice(*map(float, ends), "interpolated", a["ids"] + b["ids"])
    if not near.any():  # the last quotation before, or the first
        near = (points.index == max(passed - 1, 0)) & (away.abs() <= REACH_DAYS)
    rows = points[near]
    if rows.empty:
        return None
    ends = rows["best"].median(), rows["low"].min(), rows["high"].max()
    return MachinePrice(*map(float, ends), "quoted", sum(rows["ids"], ()))


def machine_price(
    name: str | Machine,
    date: Day,
    market: str = "world",
    *,
    quote_error_pct: Range | None = None,
    china_discount_pct: Range | None = None,
) -> MachinePrice:
    """The price of a machine on a day, from whatever was quoted around it.

    Parameters
    ----------
    name : str or Machine
        It needs an efficiency: quotations are by class of efficiency.
    date : str, date or Timestamp
        From about February 2021 to December 2022 for most machines.
    market : {"world", "china"}
        ``"china"``: second hand in China. Two quotations exist, April and June 2021, for the
        latest generation. Other machines are scaled by the ratio of the index prices of
        their classes in May 2021; other days take the world price less the assumed discount.
    quote_error_pct, china_discount_pct : float or tuple, optional
        Assumptions, see `assumptions`.

    Returns
    -------
    MachinePrice

    Raises
    ------
    UnknownName, BadInput, BadParameter
    OutOfCoverage
        Farther than 45 days from the first or last quotation of its class.

    Notes
    -----
    Quotations within 20 days are taken as they are: the median of the broadest kind (an
    index before listings before single deals), the lowest and the highest of all. Else
    the price runs evenly, in logarithms, between the last quotation before and the first
    after, and so do its bounds. A single figure is widened by `quote_error_pct` both ways,
    a scaled one by the upper value of it.
    The fall of the S19 after the shutdowns, of which one report exists, is carried over to
    the other classes in proportion.

    Examples
    --------
    >>> p = machine_price("S19", "2021-06-20", "china")
    >>> p.usd_th, p.basis
    (23.0, 'quoted')
    """
    m = machine(name)
    one_of("market", market, MARKETS)
    day = as_day("date", date)
    a = assumed(quote_error_pct=quote_error_pct, china_discount_pct=china_discount_pct)
    _low, error, wide = (v / 100 for v in a["quote_error_pct"])
    if market == "china":
        latest = _at(_points(m, "china", wide if _older(m) else error), day)
        if latest is not None:
            return replace(latest, basis="scaled") if _older(m) else latest
    points = _points(m, "world", error)
    world = _at(points, day)
    if world is None:
        what = _("The record of prices for {machine}").format(machine=m.name())
        covered = f"{points['day'].min():%Y-%m-%d} – {points['day'].max():%Y-%m-%d}"
        raise OutOfCoverage(what, f"{day:%Y-%m-%d}", covered)
    if market == "world":
        return world
    if day < _first_china():
        return replace(world, basis="world")
    least, middle, most = (1 - d / 100 for d in a["china_discount_pct"])
    low, high = world.lower_usd_th * most, world.upper_usd_th * least
    return MachinePrice(world.usd_th * middle, low, high, "discounted", world.quotations)


@cache
def _first_china():
    rows = catalog.load("machine_prices")
    return rows.loc[rows["market"] == "china_second_hand", "date"].min()


def machine_price_series(
    name: str | Machine,
    start: Day,
    end: Day,
    market: str | Names = MARKETS,
    freq: str = "W",
    **assumptions: Range | None,
) -> pd.DataFrame:
    """`machine_price` over time.

    Parameters
    ----------
    name : str or Machine
    start, end : str, date or Timestamp
        Both inclusive.
    market : {"world", "china"} or list of them
    freq : str
        A pandas frequency.
    **assumptions : float or tuple
        As in `machine_price`.

    Returns
    -------
    pandas.DataFrame
        ``date``, ``machine``, ``market``, ``price_usd_th``, ``lower_usd_th``,
        ``upper_usd_th``, ``basis``. Days without a price, or before the machine came out,
        are left out. Prices in USD per TH/s, float64.

    Raises
    ------
    UnknownName, BadInput
        No such machine or assumption; a machine without efficiency.
    BadParameter
        Not days, in the wrong order; no such market or frequency.

    Examples
    --------
    >>> s = machine_price_series("S19", "2021-05-01", "2022-06-01", "world")
    >>> s["basis"].unique().tolist()
    ['quoted', 'interpolated']
    """
    m = machine(name)
    first, last = as_day("start", start), as_day("end", end)
    as_span(first, last)
    try:
        days = pd.date_range(first, last, freq=freq)
    except ValueError:
        raise BadParameter("freq", freq, _("is not a frequency of pandas")) from None
    rows = []
    for place in [market] if isinstance(market, str) else market:
        for day in days if m.release is None else days[days >= m.release]:
            try:
                p = machine_price(m, day, place, **assumptions)
            except OutOfCoverage:
                continue
            rows.append((day, m.key, place, p.usd_th, p.lower_usd_th, p.upper_usd_th, p.basis))
    columns = ["date", "machine", "market", "price_usd_th", "lower_usd_th", "upper_usd_th", "basis"]
    return pd.DataFrame(rows, columns=columns)
