# SPDX-License-Identifier: MIT
"""Hash price, what a machine earned a day, and the tariff at which it breaks even."""

from collections.abc import Iterable
from functools import cache

import numpy as np
import pandas as pd

from minelib import catalog
from minelib.checks import covered, one_of
from minelib.checks.door import Day
from minelib.economics.assumptions import Range, triple
from minelib.economics.machines import Machine, machine, machines_of
from minelib.errors import OutOfCoverage, by_refresh
from minelib.words import gettext as _

__all__ = ["break_even", "hash_price", "price_spread", "revenue", "revenue_per_th", "span"]

FREQUENCIES = ("D", "W", "ME")


@cache
def _daily():
    days = catalog.load("network_daily").set_index("date").dropna(subset=["hashprice_usd_ph_day"])
    days["hashprice_btc_ph_day"] = days["hashprice_usd_ph_day"] / days["price_usd"]
    days["fees_pct"] = days["fees_btc"] / (days["issuance_btc"] + days["fees_btc"]) * 100
    return days[["hashprice_usd_ph_day", "hashprice_btc_ph_day", "fees_pct", "price_usd"]]


@cache
def price_spread() -> float:
    """How far daily closes of other publishers lie from the daily series at worst, as a part.

    Measured on the days of `price_peaks`, when markets were wildest; on a median day they
    differ by about a tenth of a percent.

    Examples
    --------
    >>> 0.01 < price_spread() < 0.05
    True
    """
    peaks = catalog.load("price_peaks")
    closes = peaks[peaks["metric"] != "highest_intraday"]
    closes = closes.pivot(index=["metric", "date"], columns="source", values="price_usd")
    return float((closes.div(closes["coinmetrics"], axis=0) - 1).abs().max().max())


def span(start: Day | None, end: Day | None) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Two days that the daily series covers; None for its ends.

    Returns
    -------
    tuple of pandas.Timestamp
        First and last day, both inclusive.

    Raises
    ------
    BadParameter
        Not dates, or in the wrong order.
    OutOfCoverage
        Before 2010-07-18, the first price, or after the last day.
    """
    what, days = _("The daily series of prices"), _daily().index
    return covered(what, start, end, days, beyond=by_refresh())


def hash_price(freq: str = "D", start: Day | None = None, end: Day | None = None) -> pd.DataFrame:
    """What one PH/s of hash rate earned in a day.

    Parameters
    ----------
    freq : {"D", "W", "ME"}
        Days, weeks from Monday, or months; weeks and months are means of their days.
    start, end : str, date or Timestamp, optional
        First and last day, both inclusive, from 2010-07-18.

    Returns
    -------
    pandas.DataFrame
        Index ``date`` (first day of the window); ``hashprice_usd_ph_day``,
        ``lower_usd_ph_day``, ``upper_usd_ph_day`` (USD per PH/s and day),
        ``hashprice_btc_ph_day`` (BTC per PH/s and day), ``fees_pct`` (fees in the revenue,
        percent), ``price_usd``, ``days`` (int, days in the window).

    Raises
    ------
    BadParameter, OutOfCoverage

    Notes
    -----
    (subsidy + mean fee per block) x price / (difficulty x 2^32): the luck of finding blocks
    cancels, so there is no sampling error. The interval is the spread between publishers of
    the price (`price_spread`); it is a bound for wild days, far too wide for quiet ones.

    Examples
    --------
    >>> hash_price(start="2021-05-13", end="2021-05-13")["hashprice_usd_ph_day"].round().tolist()
    [285.0]
    """
    one_of("freq", freq, FREQUENCIES)
    first, last = span(start, end)
    days = _daily().loc[first:last].assign(days=1)
    if freq != "D":
        key = days.index.to_period("W-SUN" if freq == "W" else "M").start_time
        how = dict.fromkeys(days.columns[:-1], "mean") | {"days": "sum"}
        days = days.groupby(key).agg(how).rename_axis("date")
    spread = price_spread()
    days.insert(1, "lower_usd_ph_day", days["hashprice_usd_ph_day"] * (1 - spread))
    days.insert(2, "upper_usd_ph_day", days["hashprice_usd_ph_day"] * (1 + spread))
    return days


def revenue_per_th(
    freq: str = "D", start: Day | None = None, end: Day | None = None
) -> pd.DataFrame:
    """What one TH/s of hash rate earned in a day, and since the start.

    Parameters
    ----------
    freq, start, end
        As in `hash_price`.

    Returns
    -------
    pandas.DataFrame
        Index ``date``; ``revenue_usd_th_day``, ``lower_usd_th_day``, ``upper_usd_th_day``,
        ``revenue_btc_th_day`` and ``cumulated_usd_th`` (since `start`, uninterrupted); float64,
        USD and BTC per TH/s and day, USD per TH/s.

    Raises
    ------
    BadParameter, OutOfCoverage
        As `hash_price`.

    Examples
    --------
    >>> per_th = revenue_per_th("ME", "2021-01-01", "2021-05-31")
    >>> per_th["cumulated_usd_th"].round().tolist()[-1]
    47.0
    """
    h = hash_price(freq, start, end)
    bounds = ["hashprice_usd_ph_day", "lower_usd_ph_day", "upper_usd_ph_day"]
    frame = h[[*bounds, "hashprice_btc_ph_day"]] / 1e3
    frame.columns = frame.columns.str.replace("hashprice", "revenue").str.replace("_ph_", "_th_")
    return frame.assign(cumulated_usd_th=(frame["revenue_usd_th_day"] * h["days"]).cumsum())


def _part(name, value, maximum=100.0):
    """The best value of a percentage, as a part of one."""
    return triple(name, value, maximum=maximum)[1] / 100


def revenue(
    name: str | Machine,
    tariff_usd_kwh: Range,
    freq: str = "D",
    start: Day | None = None,
    end: Day | None = None,
    *,
    uptime_pct: Range = 100.0,
    pool_fee_pct: Range = 0.0,
    overhead_pct: Range = 0.0,
    nameplate_tolerance_pct: Range = 5.0,
) -> pd.DataFrame:
    """What a machine earned a day, what its power cost and what was left.

    Parameters
    ----------
    name : str or Machine
    tariff_usd_kwh : float or tuple
        Price of power, USD/kWh; (lower, upper) or (lower, best, upper) for a range.
    freq, start, end
        As in `hash_price`; `start` defaults to the release of the machine where it is known.
    uptime_pct, pool_fee_pct, overhead_pct : float
        Percent; the defaults leave the bare nameplate.
    nameplate_tolerance_pct : float
        By how much hash rate may lie below and power above the nameplate, percent.

    Returns
    -------
    pandas.DataFrame
        Index ``date``; ``revenue_usd_day``, ``power_usd_day``, ``margin_usd_day``,
        ``lower_usd_day``, ``upper_usd_day`` (bounds of the margin). A margin below zero is
        shown as it is: nobody has to run a machine at a loss.

    Raises
    ------
    UnknownName, BadInput
        No such machine, or one without hash rate or power.
    BadParameter, OutOfCoverage

    Notes
    -----
    Bounds, not probabilities: price, nameplate and tariff all at their worst, or best.

    Examples
    --------
    >>> day = revenue("Antminer S9", 0.05, start="2021-05-13", end="2021-05-13").iloc[0]
    >>> f"{day.revenue_usd_day:.2f} {day.power_usd_day:.2f}"
    '3.84 1.59'
    """
    m = machine(name, needs=("hashrate_th_s", "power_w"))
    low, best, high = triple("tariff_usd_kwh", tariff_usd_kwh)
    uptime = _part("uptime_pct", uptime_pct)
    tolerance = _part("nameplate_tolerance_pct", nameplate_tolerance_pct)
    h = hash_price(freq, m.release if start is None else start, end)
    earned = m.hashrate_th_s / 1e3 * uptime * (1 - _part("pool_fee_pct", pool_fee_pct))
    kwh = m.power_w * 24 / 1e3 * uptime * (1 + _part("overhead_pct", overhead_pct))
    frame = pd.DataFrame({"revenue_usd_day": h["hashprice_usd_ph_day"] * earned})
    frame["power_usd_day"] = kwh * best
    frame["margin_usd_day"] = frame["revenue_usd_day"] - frame["power_usd_day"]
    worst = h["lower_usd_ph_day"] * earned * (1 - tolerance)
    frame["lower_usd_day"] = worst - kwh * (1 + tolerance) * high
    fairest = h["upper_usd_ph_day"] * earned * (1 + tolerance)
    frame["upper_usd_day"] = fairest - kwh * (1 - tolerance) * low
    return frame


def break_even(
    machines: str | Machine | Iterable[str | Machine],
    freq: str = "ME",
    start: Day | None = None,
    end: Day | None = None,
    *,
    pool_fee_pct: Range = 0.0,
    overhead_pct: Range = 0.0,
    nameplate_tolerance_pct: Range = 5.0,
) -> pd.DataFrame:
    """The tariff at which a machine earns just what its power costs.

    Parameters
    ----------
    machines : str, Machine or list of them
    freq, start, end
        As in `hash_price`; a machine's rows begin with its release where it is known.
    pool_fee_pct, overhead_pct : float
        Percent.
    nameplate_tolerance_pct : float
        Percent, on top of the spread of the sources.

    Returns
    -------
    pandas.DataFrame
        One row per machine and window: ``date``, ``machine``, ``break_even_usd_kwh``,
        ``lower_usd_kwh``, ``upper_usd_kwh``.

    Raises
    ------
    UnknownName, BadInput
        No such machine, or one without efficiency.
    BadParameter, OutOfCoverage

    Notes
    -----
    Hash price / (24 h x efficiency): 1 TH/s at e J/TH uses e W. Uptime cancels. Bounds
    take price and efficiency at their worst and best.

    Examples
    --------
    >>> b = break_even(["S9", "S19"], start="2021-05-01", end="2021-05-31")
    >>> b["break_even_usd_kwh"].round(2).tolist()
    [0.12, 0.35]
    """
    found = machines_of(machines)
    tolerance = _part("nameplate_tolerance_pct", nameplate_tolerance_pct, 99)
    overhead = _part("overhead_pct", overhead_pct)
    scale = (1 - _part("pool_fee_pct", pool_fee_pct)) / (24 * (1 + overhead))
    h = hash_price(freq, start, end)
    parts = []
    for m in found:
        rows = h if m.release is None else h[h.index >= m.release]
        worst = max(m.highest_j_th or 0, m.efficiency_j_th) * (1 + tolerance)
        fairest = min(m.lowest_j_th or np.inf, m.efficiency_j_th) * (1 - tolerance)
        frame = pd.DataFrame({"date": rows.index, "machine": m.key})
        for bound, column, efficiency in (
            ("break_even", "hashprice_usd_ph_day", m.efficiency_j_th),
            ("lower", "lower_usd_ph_day", worst),
            ("upper", "upper_usd_ph_day", fairest),
        ):
            frame[f"{bound}_usd_kwh"] = rows[column].to_numpy() * scale / efficiency
        parts.append(frame)
    frame = pd.concat(parts, ignore_index=True)
    if frame.empty:
        released = min(m.release for m in found if m.release is not None)
        there = f"{released:%Y-%m-%d} – {_daily().index[-1]:%Y-%m-%d}"
        raise OutOfCoverage(_("The life of these machines"), f"{end}", there)
    return frame
