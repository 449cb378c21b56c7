# SPDX-License-Identifier: MIT
"""Hash rate from blocks and difficulty, with the interval that chance alone leaves."""

import numpy as np
import pandas as pd

from minelib.catalog import load
from minelib.chain.headers import EPOCH_BLOCKS, target
from minelib.errors import BadParameter, OutOfCoverage, UnknownName

__all__ = ["FREQUENCIES", "growth", "hash_rate", "poisson_interval", "retargets"]

FREQUENCIES = ("epoch", "D", "W", "ME")
_HASHES = 2**32  # expected hashes for a block of difficulty 1
_EXA = 1e18
_DAY_S = 86_400


def poisson_interval(count, level=0.9):
    """Exact (Garwood) interval of a Poisson mean after ``count`` events.

    Parameters
    ----------
    count : array_like of int
    level : float
        Between 0 and 1, exclusive.

    Returns
    -------
    lower, upper : numpy.ndarray
        Each as long as ``count``; lower is 0 for no events. Holds its level at any count,
        where the normal approximation fails for few blocks.

    Raises
    ------
    BadParameter
        A level outside (0, 1).

    Notes
    -----
    F. Garwood, "Fiducial limits for the Poisson distribution", Biometrika 28 (1936).

    Examples
    --------
    >>> lower, upper = poisson_interval([144], level=0.95)
    >>> round(float(lower[0]), 1), round(float(upper[0]), 1)
    (121.4, 169.5)
    """
    from scipy.stats import chi2

    if not 0 < level < 1:
        raise BadParameter("level", level, "must lie between 0 and 1, both excluded")
    count = np.asarray(count, dtype=float)
    tail = (1 - level) / 2
    with np.errstate(invalid="ignore"):
        lower = np.where(count > 0, chi2.ppf(tail, 2 * count) / 2, 0.0)
    return lower, chi2.ppf(1 - tail, 2 * count + 2) / 2


def hash_rate(freq="D", start=None, end=None, level=0.9):
    """Hash rate of the network, from blocks found and their difficulty.

    The hash rate is not observed: in a window of T seconds, n blocks of difficulty D took an
    expected n D 2^32 hashes, so the rate is n D 2^32 / T, and n scatters like a Poisson
    count around what the true rate would give.

    Parameters
    ----------
    freq : {"epoch", "D", "W", "ME"}
        Epochs of 2,016 blocks, days, weeks from Monday, or months.
    start, end : date-like or None
        First and last day, both inclusive; a window counts when its first day lies within.
    level : float
        Of the interval, between 0 and 1, exclusive.

    Returns
    -------
    pandas.DataFrame
        Index ``date``: the first day of the window. Columns ``hashrate_eh_s``,
        ``lower_eh_s``, ``upper_eh_s`` (EH/s), ``difficulty`` (mean over blocks), ``blocks``,
        ``days`` (length of the window); with ``freq="epoch"`` also ``epoch``. A window cut
        short by the end of the data has fewer days and is kept.

    Raises
    ------
    UnknownName
        Another frequency.
    BadParameter
        A start after the end, or a level outside (0, 1).

    Notes
    -----
    Days come from table ``network_daily``, whose days run about an hour late (median time
    past). Epochs come from headers, to January 2025; later ones rest on estimated times. An
    epoch fixes the count and lets the time vary, so its interval is that of a gamma time:
    the same formula without the extra event in the upper bound.

    Examples
    --------
    >>> float(hash_rate("epoch").loc["2021-06-13", "hashrate_eh_s"].round(1))
    102.8
    """
    if freq not in FREQUENCIES:
        raise UnknownName("frequency", freq, FREQUENCIES)
    first = None if start is None else pd.Timestamp(start)
    last = None if end is None else pd.Timestamp(end)
    if first is not None and last is not None and first > last:
        raise BadParameter("start", str(start), f"must not be after the end, {end}")
    frame = _by_epoch(level) if freq == "epoch" else _by_time(freq, level)
    return frame.loc[first:last]


def _by_epoch(level):
    epochs = load("difficulty_epochs")
    epochs = epochs[epochs["duration_s"].notna() & epochs["start_date"].notna()]
    seconds = epochs["duration_s"].astype(float).to_numpy()
    work = EPOCH_BLOCKS * epochs["difficulty"].to_numpy() * _HASHES
    lower, _garwood = poisson_interval(EPOCH_BLOCKS, level)
    _waiting, upper = poisson_interval(EPOCH_BLOCKS - 1, level)
    rate = work / seconds / _EXA
    return pd.DataFrame(
        {
            "hashrate_eh_s": rate,
            "lower_eh_s": rate * lower / EPOCH_BLOCKS,
            "upper_eh_s": rate * upper / EPOCH_BLOCKS,
            "difficulty": epochs["difficulty"].to_numpy(),
            "blocks": EPOCH_BLOCKS,
            "days": seconds / _DAY_S,
            "epoch": epochs["epoch"].to_numpy(),
        },
        index=pd.DatetimeIndex(epochs["start_date"], name="date"),
    )


def _by_time(freq, level):
    days = load("network_daily").set_index("date")[["block_count", "difficulty"]]
    # a day without blocks has no difficulty of its own; the last one still held
    held = days["difficulty"].ffill().bfill()
    work = days["block_count"] * held
    if freq != "D":
        key = days.index.to_period("W-SUN" if freq == "W" else "M").start_time
        held, work = held.groupby(key).mean(), work.groupby(key).sum()
        blocks = days["block_count"].groupby(key).sum()
        length = days["block_count"].groupby(key).size()
    else:
        blocks, length = days["block_count"], pd.Series(1, index=days.index)
    mean = (work / blocks).where(blocks > 0, held)
    scale = mean * _HASHES / (length * _DAY_S) / _EXA  # EH/s a block
    lower, upper = poisson_interval(blocks, level)
    return pd.DataFrame(
        {
            "hashrate_eh_s": blocks * scale,
            "lower_eh_s": lower * scale,
            "upper_eh_s": upper * scale,
            "difficulty": mean,
            "blocks": blocks,
            "days": length.astype(float),
        }
    ).rename_axis("date")


def retargets():
    """Every change of difficulty, computed from the targets of the epochs.

    Returns
    -------
    pandas.DataFrame
        Index ``date`` (day of the first block); columns ``epoch``, ``difficulty``,
        ``change_pct`` (percent, missing for the first), ``mean_block_interval_s`` of the
        epoch that begins (seconds).

    Examples
    --------
    >>> float(retargets().loc["2021-07-03", "change_pct"].round(2))
    -27.94
    """
    epochs = load("difficulty_epochs")
    epochs = epochs[epochs["start_date"].notna()]
    targets = epochs["bits_hex"].map(target)
    change = [np.nan] + [
        (old / new - 1) * 100 for old, new in zip(targets[:-1], targets[1:], strict=True)
    ]
    return pd.DataFrame(
        {
            "epoch": epochs["epoch"].to_numpy(),
            "difficulty": epochs["difficulty"].to_numpy(),
            "change_pct": change,
            "mean_block_interval_s": epochs["duration_s"].astype(float).to_numpy() / EPOCH_BLOCKS,
        },
        index=pd.DatetimeIndex(epochs["start_date"], name="date"),
    )


def growth(start, end, level=0.9):
    """By how much the hash rate grew between two months.

    Parameters
    ----------
    start, end : date-like
        A day of the first and of the last month; whole months are compared.
    level : float
        Of the interval, between 0 and 1, exclusive.

    Returns
    -------
    pandas.DataFrame
        Index ``quantity``: ``factor`` (last month over first), ``per_year`` (factor a year)
        and ``doubling_months``; columns ``value``, ``lower``, ``upper``. The interval takes
        both months at their opposite bounds, so it holds at least its level. Without growth
        there is no doubling time, and it is missing.

    Raises
    ------
    BadParameter
        The months are in the wrong order or the same.
    OutOfCoverage
        A month without blocks, before the start or after the end of the series.

    Examples
    --------
    >>> bool(growth("2013-01-01", "2021-05-01").loc["factor", "value"] > 1000)
    True
    """
    first, last = (pd.Timestamp(d).to_period("M").start_time for d in (start, end))
    if first >= last:
        raise BadParameter("start", str(start), f"must lie in an earlier month than the end, {end}")
    months = hash_rate("ME", level=level)
    for month in (first, last):
        if month not in months.index or not months.loc[month, "blocks"]:
            covered = f"{months.index[0]:%Y-%m} – {months.index[-1]:%Y-%m}"
            raise OutOfCoverage("network_daily", f"{month:%Y-%m}", covered)
    a, b = months.loc[first], months.loc[last]
    factor = np.array(
        [
            b["hashrate_eh_s"] / a["hashrate_eh_s"],
            b["lower_eh_s"] / a["upper_eh_s"],
            b["upper_eh_s"] / a["lower_eh_s"],
        ]
    )
    span = (last.year - first.year) * 12 + last.month - first.month
    doubling = np.where(factor > 1, span / np.log2(np.where(factor > 1, factor, 2)), np.nan)
    return pd.DataFrame(
        [factor, factor ** (12 / span), doubling[[0, 2, 1]]],
        index=pd.Index(["factor", "per_year", "doubling_months"], name="quantity"),
        columns=["value", "lower", "upper"],
    )
