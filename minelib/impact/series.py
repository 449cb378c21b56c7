# SPDX-License-Identifier: MIT
"""The network's own series for the impact estimates, with their known measurement noise.

The hash rate of a period is not measured but counted: blocks found times their difficulty.
The count is Poisson, so the log of a week (about 1,008 blocks) carries a known standard error
of about 3 percent. That number is given to the models instead of being estimated.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import pandas as pd

from minelib import catalog
from minelib.chain import EPOCH_BLOCKS
from minelib.chain.times import HASHES
from minelib.checks import as_day, as_span
from minelib.checks.door import Day
from minelib.errors import BadInput, OutOfCoverage, UnknownName, by_refresh
from minelib.words import N_, gettext as _

__all__ = ["FREQUENCIES", "QUANTITIES", "Observed", "network_series", "observe"]

FREQUENCIES = {"D": 1, "W": 7, "epoch": 14}
"""Frequencies and their length in days (an epoch lasts about two weeks)."""

QUANTITIES = {
    "hashrate": ("EH/s", N_("hash rate")),
    "block_interval": ("seconds", N_("block interval")),
    "difficulty": ("difficulty", N_("difficulty")),
    "hash_price": ("USD/PH/s/day", N_("hash price")),
    "fees": ("BTC", N_("fees per day")),
}
"""Quantities of the network with unit and name: what ``series`` may name."""

_COUNTED = ("hashrate", "block_interval")  # carry Poisson noise; the others are exact or prices


@dataclass
class Observed:
    """A dated series made ready for a model.

    Attributes
    ----------
    values : pandas.Series
        By first day of the period, evenly spaced up to an epoch's jitter, NaN for a gap.
    noise : numpy.ndarray or None
        Known variance of the log of each value; None where it must be estimated.
    step_days : float
        Length of a period in days.
    name, unit : str
    straddles : bool
        Whether an observation dated before a day can reach beyond it.
    any_day : bool
        Whether periods can be counted from any day (those of the network).
    """

    values: pd.Series
    noise: np.ndarray | None
    step_days: float
    name: str = "series"
    unit: str = ""
    straddles: bool = False
    any_day: bool = False


AnySeries: TypeAlias = pd.Series | str | Observed | None
if TYPE_CHECKING:
    Days: TypeAlias = Day | Sequence[Day] | pd.Series | pd.DatetimeIndex
else:
    Days = object  # `days` says what is wrong with each


def days(name: str, given: Days) -> list[pd.Timestamp]:
    """One day or several as Timestamps.

    Examples
    --------
    >>> days("earlier", "2021-06-20")
    [Timestamp('2021-06-20 00:00:00')]
    """
    many = given if isinstance(given, (list, tuple, pd.Series, pd.DatetimeIndex)) else [given]
    return [as_day(name, each) for each in many]


def network_series(
    quantity: str = "hashrate",
    freq: str = "W",
    anchor: Day | None = None,
    start: Day | None = None,
    end: Day | None = None,
) -> pd.Series:
    """A quantity of the Bitcoin network by day, week or epoch.

    Parameters
    ----------
    quantity : {"hashrate", "block_interval", "difficulty", "hash_price", "fees"}
        In EH/s, seconds, difficulty, USD per PH/s and day, BTC a day.
    freq : {"D", "W", "epoch"}
        Days, seven-day weeks, or epochs of 2,016 blocks.
    anchor : date-like, optional
        Weeks and epochs are counted from this day in both directions, so that none has it in
        its middle. Default: weeks begin on Monday, epochs at the retargets.
    start, end : date-like, optional
        First and last day, both inclusive; only whole periods are kept. Default: all.

    Returns
    -------
    pandas.Series
        float64, indexed by the first day of each period; ``attrs["unit"]`` has the unit.

    Raises
    ------
    UnknownName
        Quantity or frequency.

    Notes
    -----
    Hash rate: sum of blocks times difficulty times 2^32 over the seconds of the period, from
    table ``network_daily`` (days are counted by median time past, about an hour late).

    Examples
    --------
    >>> daily = network_series("hashrate", "D", start="2021-01-01", end="2021-12-31")
    >>> str(daily.idxmin().date())
    '2021-06-27'
    """
    return _network(quantity, freq, anchor, start, end).values


@cache
def _daily():
    """Days since the first one with a price: there is no day without a row."""
    columns = ["block_count", "difficulty", "revenue_usd", "fees_btc"]
    daily = catalog.load("network_daily").set_index("date").loc["2010-07-18":, columns]
    return daily.astype(float).assign(days=1.0, work=daily["block_count"] * daily["difficulty"])


def _network(quantity, freq, anchor=None, start=None, end=None):
    if quantity not in QUANTITIES:
        raise UnknownName(N_("quantity"), quantity, QUANTITIES)
    if freq not in FREQUENCIES:
        raise UnknownName(N_("frequency"), freq, FREQUENCIES)
    first, last = as_span(start, end)
    daily = _daily().loc[first:last]
    if freq == "epoch":  # it takes the days that begin in it: its edges are sharp to one day
        if anchor is None:
            starts = daily.index.isin(catalog.load("difficulty_epochs")["start_date"])
        else:
            found = daily["block_count"].cumsum() - daily["block_count"]
            at = found.get(as_day("anchor", anchor), 0)
            starts = np.diff((found - at) // EPOCH_BLOCKS, prepend=np.nan) > 0
        label = daily.index.where(starts).to_series().ffill()
        summed = daily.groupby(label.to_numpy()).sum().iloc[:-1]
    else:
        step = FREQUENCIES[freq]
        monday = as_day("anchor", "2010-07-19" if anchor is None else anchor)
        whole = daily.iloc[(monday - daily.index[0]).days % step if len(daily) else 0 :]
        whole = whole.iloc[: len(whole) // step * step]
        days = whole.to_numpy().reshape(-1, step, len(daily.columns))
        summed = pd.DataFrame(days.sum(axis=1), whole.index[::step], daily.columns)
    if summed.empty:
        asked = " – ".join(f"{d:%Y-%m-%d}" for d in (first, last) if d is not None)
        covered = " – ".join(f"{d:%Y-%m-%d}" for d in _daily().index[[0, -1]])
        rule = _("a whole period in {span}").format(span=asked)
        raise OutOfCoverage("network_daily", rule, covered, by_refresh())
    summed = summed.rename_axis("date")
    hashrate = summed["work"] * HASHES / (summed["days"] * 86_400)
    values = {
        "hashrate": hashrate,
        "block_interval": summed["days"] * 86_400 / summed["block_count"],
        "difficulty": summed["work"] / summed["block_count"],
        "hash_price": summed["revenue_usd"] / summed["days"] / (hashrate * 1e3),
        "fees": summed["fees_btc"] / summed["days"],
    }[quantity].rename(quantity)
    unit, name = QUANTITIES[quantity]
    values.attrs = {"unit": unit}
    noise = (1 / summed["block_count"]).to_numpy() if quantity in _COUNTED else None
    return Observed(values, noise, FREQUENCIES[freq], name, unit, any_day=True)


def date_index(index: object) -> pd.DatetimeIndex | None:
    """Days and periods as a DatetimeIndex in UTC without a zone, or None for other labels.

    Examples
    --------
    >>> date_index(pd.period_range("2021-01", periods=1, freq="M"))[0]
    Timestamp('2021-01-01 00:00:00')
    """
    if isinstance(index, pd.PeriodIndex):
        index = index.to_timestamp()
    if not isinstance(index, pd.DatetimeIndex):
        return None
    return index if index.tz is None else index.tz_convert("UTC").tz_localize(None)


def observe(series: AnySeries, freq: str = "W", anchor: Day | None = None) -> Observed:
    """What the user asked for as `Observed`: a name, None (the hash rate), a Series, or one.

    Raises
    ------
    BadInput
        Not a Series, not dated, dates twice, no numbers, or spaced unevenly.
    """
    if isinstance(series, Observed):
        return series
    if series is None or isinstance(series, str):
        return _network("hashrate" if series is None else series, freq, anchor)
    index = date_index(getattr(series, "index", None))
    if index is None:
        raise BadInput(_("series must be indexed by dates (a DatetimeIndex)."))
    try:
        values = pd.Series(series.to_numpy(dtype=float, na_value=np.nan), index=index)
    except (TypeError, ValueError):
        raise BadInput(_("series must hold numbers.")) from None
    values = values[values.index.notna()].sort_index()
    if values.index.has_duplicates:
        twice = values.index[values.index.duplicated()][0]
        raise BadInput(_("series has more than one value on {day}.").format(day=twice.date()))
    if np.isinf(values).any():
        raise BadInput(_("series holds infinite values."))
    if values.notna().sum() < 10:
        raise BadInput(_("series has fewer than 10 values."))
    index = pd.DatetimeIndex(values.index, name="date")
    gaps = np.diff(index.as_unit("s").asi8) / 86_400
    step = float(np.median(gaps))
    steps = np.round(gaps / step)
    if not ((np.abs(gaps / step - steps) <= 0.35) & (steps >= 1)).all():
        raise BadInput(_("series must be evenly spaced (days, weeks, epochs, months, quarters)."))
    if steps.max() > 1:  # left-out dates become gaps
        at = np.r_[0, np.cumsum(steps)].astype(int)
        every = np.arange(at[-1] + 1)
        seconds = np.interp(every, at, index.as_unit("s").asi8).astype("datetime64[s]")
        index = pd.DatetimeIndex(seconds, name="date").as_unit(index.unit)
        values = pd.Series(values.to_numpy(), at).reindex(every)
    name = "series" if series.name is None else str(series.name)
    values = values.set_axis(index).rename(name)
    values.attrs["unit"] = unit = str(series.attrs.get("unit", ""))
    return Observed(values, None, step, name, unit, straddles=step > 1.5)
