# SPDX-License-Identifier: MIT
"""The network's own series for the impact estimates, with their known measurement noise.

The hash rate of a period is not measured but counted: blocks found times their difficulty.
The count is Poisson, so the log of a week (about 1,008 blocks) carries a known standard error
of about 3 percent. That number is given to the models instead of being estimated.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd

from minelib import catalog
from minelib.checks import as_day, as_span
from minelib.errors import BadInput, OutOfCoverage, UnknownName
from minelib.words import N_
from minelib.words import gettext as _

__all__ = ["FREQUENCIES", "QUANTITIES", "Observed", "day", "network_series", "observe"]

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
_HASHES = 2**32  # expected hashes a block at difficulty 1


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
    """

    values: pd.Series
    noise: np.ndarray | None
    step_days: float
    name: str = "series"
    unit: str = ""
    straddles: bool = False


def day(value, name="intervention"):
    """A day as `minelib.checks.as_day` reads it, the value first.

    Examples
    --------
    >>> day("2021-06-20").strftime("%d.%m.%Y")
    '20.06.2021'
    """
    return as_day(name, value)


def network_series(quantity="hashrate", freq="W", anchor=None, start=None, end=None):
    """A quantity of the Bitcoin network by day, week or epoch.

    Parameters
    ----------
    quantity : {"hashrate", "block_interval", "difficulty", "hash_price", "fees"}
        In EH/s, seconds, difficulty, USD per PH/s and day, BTC a day.
    freq : {"D", "W", "epoch"}
        Days, seven-day weeks, or 2,016-block epochs between retargets.
    anchor : date-like, optional
        Weeks are counted from this day in both directions, so that no week has it in its
        middle. Default: weeks begin on Monday.
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
    daily = catalog.load("network_daily").set_index("date").loc["2010-07-18":]
    return pd.DataFrame(
        {
            "days": 1.0,
            "blocks": daily["block_count"].astype(float),
            "work": daily["block_count"] * daily["difficulty"],
            "revenue": daily["revenue_usd"],
            "fees": daily["fees_btc"],
        }
    )


def _network(quantity, freq, anchor=None, start=None, end=None):
    if quantity not in QUANTITIES:
        raise UnknownName(N_("quantity"), quantity, QUANTITIES)
    if freq not in FREQUENCIES:
        raise UnknownName(N_("frequency"), freq, FREQUENCIES)
    first, last = as_span(start, end)
    daily = _daily().loc[first:last]
    if len(daily) < FREQUENCIES[freq]:
        raise _no_period(first, last)
    if freq == "epoch":
        # An epoch takes the days that begin in it: its edges are sharp to one day.
        edges = catalog.load("difficulty_epochs")["start_date"].dropna()
        edges = edges[(edges >= daily.index[0]) & (edges <= daily.index[-1])]
        label = pd.Series(edges.array, index=edges.array).reindex(daily.index, method="ffill")
        summed = daily.groupby(label).sum().iloc[:-1]
        if summed.empty:
            raise _no_period(first, last)
    elif freq == "W":
        monday = pd.Timestamp("2010-07-19") if anchor is None else day(anchor, "anchor")
        skip = (monday - daily.index[0]).days % 7
        weeks = (len(daily) - skip) // 7
        if weeks < 1:
            raise _no_period(first, last)
        whole = daily.iloc[skip : skip + 7 * weeks]
        summed = pd.DataFrame(
            whole.to_numpy().reshape(weeks, 7, -1).sum(axis=1),
            index=whole.index[::7],
            columns=whole.columns,
        )
    else:
        summed = daily.copy()
    summed.index.name = "date"
    hashrate = summed["work"] * _HASHES / (summed["days"] * 86_400) / 1e18
    values = {
        "hashrate": hashrate,
        "block_interval": summed["days"] * 86_400 / summed["blocks"],
        "difficulty": summed["work"] / summed["blocks"],
        "hash_price": summed["revenue"] / summed["days"] / (hashrate * 1e3),
        "fees": summed["fees"] / summed["days"],
    }[quantity].rename(quantity)
    unit, name = QUANTITIES[quantity]
    values.attrs["unit"] = unit
    noise = (1 / summed["blocks"]).to_numpy() if quantity in _COUNTED else None
    return Observed(values, noise, FREQUENCIES[freq], name, unit, freq == "epoch")


def _no_period(first, last):
    asked = _("a whole period in {span}").format(
        span=" – ".join(f"{d:%Y-%m-%d}" for d in (first, last) if d is not None)
    )
    covered = f"{_daily().index[0]:%Y-%m-%d} – {_daily().index[-1]:%Y-%m-%d}"
    return OutOfCoverage("network_daily", asked, covered)


def date_index(index):
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


def observe(series, freq="W", anchor=None):
    """What the user asked for as `Observed`: a name, None (the hash rate), a Series, or one.

    Raises
    ------
    BadInput
        Not a Series, not dated, dates twice, no numbers, or spaced unevenly.
    """
    if isinstance(series, Observed):
        return series
    if series is None or isinstance(series, str):
        return _network(series or "hashrate", freq, anchor)
    if not isinstance(series, pd.Series):
        raise BadInput(_("series must be a pandas Series indexed by dates."))
    index = date_index(series.index)
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
    values.index.name = "date"
    gaps = np.diff(values.index.to_numpy()).astype("timedelta64[s]").astype(float) / 86_400
    step = float(np.median(gaps))
    steps = np.round(gaps / step)
    if (np.abs(gaps / step - steps) > 0.35).any() or (steps < 1).any():
        raise BadInput(_("series must be evenly spaced (days, weeks, epochs, months, quarters)."))
    if steps.max() > 1:  # left-out dates become gaps
        position = np.r_[0, np.cumsum(steps)].astype(int)
        full = values.index[0] + pd.to_timedelta(np.arange(position[-1] + 1) * step, unit="D")
        full = full.to_series().reset_index(drop=True).astype(values.index.dtype)
        full.iloc[position] = values.index
        filled = pd.Series(np.nan, index=pd.DatetimeIndex(full, name="date"))
        filled.iloc[position] = values.to_numpy()
        values = filled
    name = str(series.name) if series.name is not None else "series"
    values.attrs["unit"] = str(series.attrs.get("unit", ""))
    return Observed(
        values.rename(name), None, step, name, values.attrs["unit"], straddles=step > 1.5
    )
