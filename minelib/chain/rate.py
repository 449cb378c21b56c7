# SPDX-License-Identifier: MIT
"""Hash rate from blocks and difficulty, with the interval that chance alone leaves."""

import numpy as np
import pandas as pd

from minelib.catalog import load
from minelib.chain.headers import EPOCH_BLOCKS, target
from minelib.chain.times import block_times
from minelib.checks import as_month, as_span, between
from minelib.checks.door import Day, Number, Numbers
from minelib.errors import BadParameter, OutOfCoverage, UnknownName, by_refresh
from minelib.words import gettext as _

__all__ = ["FREQUENCIES", "growth", "hash_rate", "poisson_interval", "retargets"]

FREQUENCIES = ("epoch", "D", "W", "ME")
_HASHES = 2**32  # expected hashes for a block of difficulty 1
_DAY_S = 86_400
_FINEST = pd.Timedelta(minutes=10)


def poisson_interval(count: Number | Numbers, level: Number = 0.9) -> tuple[np.ndarray, np.ndarray]:
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

    between("level", level, 0, 1, exclusive=True)
    events = np.asarray(count, dtype=float)
    if not (events >= 0).all():
        raise BadParameter("count", count, _("must be at least 0"))
    tail = (1 - level) / 2
    some, which = np.unique(events, return_inverse=True)  # few counts, many windows
    lower = np.where(some > 0, chi2.ppf(tail, 2 * np.maximum(some, 1)) / 2, 0.0)
    upper = np.asarray(chi2.ppf(1 - tail, 2 * some + 2) / 2)
    return lower[which], upper[which]


def hash_rate(
    freq: str = "D",
    start: Day | None = None,
    end: Day | None = None,
    level: Number = 0.9,
    *,
    times: str | None = None,
) -> pd.DataFrame:
    """Hash rate of the network, from blocks found and their difficulty.

    The hash rate is not observed: in a window of T seconds, n blocks of difficulty D took an
    expected n D 2^32 hashes, so the rate is n D 2^32 / T, and n scatters like a Poisson
    count around what the true rate would give.

    Parameters
    ----------
    freq : {"epoch", "D", "W", "ME"} or any offset of pandas
        Epochs of 2,016 blocks, days, weeks from Monday, or months; or ``"h"``, ``"6h"``,
        ``"2W"``, ``"QE"`` and the like, not finer than ten minutes.
    start, end : date-like or None
        First and last day, both inclusive; a window counts when its first day lies within.
    level : float
        Of the interval, between 0 and 1, exclusive.
    times : {"in_order", "median"}, optional
        From the header times of single blocks, since 2020, with header times that run backwards
        treated as in `block_times`. By default so for other offsets than the four.

    Returns
    -------
    pandas.DataFrame
        Index ``date``: the start of the window. Columns ``hashrate_eh_s``,
        ``lower_eh_s``, ``upper_eh_s`` (EH/s), ``difficulty`` (mean over blocks), ``blocks``,
        ``days`` (length of the window); with ``freq="epoch"`` also ``epoch``. A window cut
        short by the end of the data has fewer days and is kept.

    Raises
    ------
    UnknownName
        Another frequency or treatment.
    BadParameter
        A start after the end, a level outside (0, 1), windows finer than ten minutes.
    OutOfCoverage
        A window outside the blocks, or a day after the last of the series.

    Notes
    -----
    Where the difficulty changes inside a window of single blocks, each block counts with its
    own, in the value and in the interval.

    Days come from table ``network_daily``, whose days run about an hour late (median time
    past). Times of epochs are those of their blocks to April 2026; later ones are estimated. An
    epoch fixes the count and lets the time vary, so its interval is that of a gamma time:
    the same formula without the extra event in the upper bound.

    Examples
    --------
    >>> float(hash_rate("epoch").loc["2021-06-13", "hashrate_eh_s"].round(1))
    102.8
    """
    first, last = as_span(start, end)
    if times is not None or freq not in FREQUENCIES:
        return _by_block(_offset(freq), first, last, level, times or "in_order")
    frame = _by_epoch(level) if freq == "epoch" else _by_time(freq, level)
    stop, asked = frame.index[-1] + pd.Timedelta(days=frame["days"].iloc[-1]), last or first
    if asked is not None and asked >= stop:
        covered = f"{frame.index[0]:%Y-%m-%d} – {stop - pd.Timedelta(1):%Y-%m-%d}"
        raise OutOfCoverage(_("The hash rate"), f"{asked:%Y-%m-%d}", covered, by_refresh())
    return frame.loc[first:last]


def _frame(index, difficulty, blocks, days, lower, upper):
    """Hash rates in EH/s: blocks, or their bounds, times the work of a block over the time."""
    scale = difficulty * _HASHES / (days * _DAY_S) / 1e18
    columns = {
        "hashrate_eh_s": blocks * scale,
        "lower_eh_s": lower * scale,
        "upper_eh_s": upper * scale,
        "difficulty": difficulty,
        "blocks": blocks,
        "days": days,
    }
    return pd.DataFrame(columns, index=pd.DatetimeIndex(index, name="date"))


_FROM_START = {"W": "W-MON", "ME": "MS", "QE": "QS", "YE": "YS"}  # windows by their start


def _offset(freq):
    """An offset of pandas whose windows are named by their start."""
    try:
        offset = pd.tseries.frequencies.to_offset(_FROM_START.get(freq, freq))
    except ValueError:
        offset = None
    if offset is None or offset.n < 1:
        raise UnknownName("frequency", freq, [*FREQUENCIES, "h", "6h", "2W", "QE"])
    if isinstance(offset, pd.tseries.offsets.Tick) and pd.Timedelta(offset) < _FINEST:
        raise BadParameter(
            "freq", freq, _("must not be finer than ten minutes, the time of a block")
        )
    return offset


def _by_block(offset, first, last, level, times):
    blocks = block_times(first, last, times=times)
    seconds = blocks["time"].to_numpy("datetime64[s]").astype(float)
    opened = seconds[0] if first is None else first.timestamp()
    closed = seconds[-1] if last is None else last.timestamp() + _DAY_S
    closed = min(closed, max(float(load("blocks")["time_s"].iloc[-1]), seconds[-1]))
    bounds = pd.to_datetime([opened, closed], unit="s")
    marks = pd.Series(0, bounds).resample(offset, closed="left", label="left").sum().index
    edges = marks.append(pd.DatetimeIndex([marks[-1] + offset])).unique()
    edges_s = np.clip(edges.to_numpy("datetime64[s]").astype(float), opened, closed)
    days = np.diff(edges_s) / _DAY_S
    difficulty = blocks["difficulty"].to_numpy()
    count, work, squares = (
        np.histogram(seconds, edges_s, weights=weights)[0]
        for weights in (None, difficulty, difficulty**2)
    )
    # a window without a block has no difficulty of its own; the last one still held
    held = difficulty[np.clip(np.searchsorted(seconds, edges_s[:-1]), 0, len(difficulty) - 1)]
    mean = np.divide(work, count, out=held.astype(float), where=count > 0)
    lower, upper = _weighted_interval(count, mean, squares, level)
    keep = days > 0
    columns = edges[:-1], mean, count, days, lower, upper
    frame = _frame(*(column[keep] for column in columns))
    return frame if first is None else frame.loc[first:]


def _weighted_interval(count, mean, squares, level):
    """Bounds of a count whose events weigh differently, in events of mean weight.

    A. J. Dobson, K. Kuulasmaa, E. Eberle and J. Scherer, "Confidence intervals for weighted sums
    of Poisson parameters", Statistics in Medicine 10 (1991); exact where all weigh the same.
    """
    some = np.maximum(count, 1)
    stretch = np.where(count > 0, np.sqrt(squares / some) / mean, 1.0)
    return (count + stretch * (bound - count) for bound in poisson_interval(count, level))


def _by_epoch(level):
    epochs = load("difficulty_epochs").dropna(subset=["duration_s", "start_date"])
    days = epochs["duration_s"].astype(float).to_numpy() / _DAY_S
    lower, _garwood = poisson_interval(EPOCH_BLOCKS, level)
    _waiting, upper = poisson_interval(EPOCH_BLOCKS - 1, level)
    difficulty = epochs["difficulty"].to_numpy()
    frame = _frame(epochs["start_date"], difficulty, EPOCH_BLOCKS, days, lower, upper)
    return frame.assign(epoch=epochs["epoch"].to_numpy())


def _by_time(freq, level):
    days = load("network_daily").set_index("date")
    # a day without blocks has no difficulty of its own; the last one still held
    held = days["difficulty"].ffill().bfill()
    windows = pd.DataFrame(
        {"held": held, "work": days["block_count"] * held, "blocks": days["block_count"]}
    )
    key = days.index
    if freq != "D":
        key = key.to_period("W-SUN" if freq == "W" else "M").start_time
    windows = windows.groupby(key)
    summed = windows.sum()
    blocks, length = summed["blocks"], windows.size().astype(float)
    mean = (summed["work"] / blocks).where(blocks > 0, windows["held"].mean())
    return _frame(blocks.index, mean, blocks, length, *poisson_interval(blocks, level))


def retargets() -> pd.DataFrame:
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
    epochs = load("difficulty_epochs").dropna(subset=["start_date"])
    targets = epochs["bits_hex"].map(target).tolist()  # beyond what an int64 holds
    changes = [(old / new - 1) * 100 for old, new in zip(targets, targets[1:], strict=False)]
    return pd.DataFrame(
        {
            "epoch": epochs["epoch"].to_numpy(),
            "difficulty": epochs["difficulty"].to_numpy(),
            "change_pct": [np.nan, *changes],
            "mean_block_interval_s": epochs["duration_s"].astype(float).to_numpy() / EPOCH_BLOCKS,
        },
        index=pd.DatetimeIndex(epochs["start_date"], name="date"),
    )


def growth(start: Day, end: Day, level: Number = 0.9) -> pd.DataFrame:
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
    first, last = as_month("start", start), as_month("end", end)
    if first >= last:
        rule = _("must lie in an earlier month than the end, {end}").format(end=end)
        raise BadParameter("start", str(start), rule)
    months = hash_rate("ME", level=level)
    for month in (first, last):
        if month not in months.index or not months.loc[month, "blocks"]:
            covered = f"{months.index[0]:%Y-%m} – {months.index[-1]:%Y-%m}"
            raise OutOfCoverage("network_daily", f"{month:%Y-%m}", covered, by_refresh())
    names = ["hashrate_eh_s", "lower_eh_s", "upper_eh_s"]
    before, after = months.loc[first, names], months.loc[last, names]
    factor = after.to_numpy() / before.to_numpy()[[0, 2, 1]]
    span = (last.year - first.year) * 12 + last.month - first.month
    doubling = np.where(factor > 1, span / np.log2(np.where(factor > 1, factor, 2)), np.nan)
    return pd.DataFrame(
        [factor, factor ** (12 / span), doubling[[0, 2, 1]]],
        index=pd.Index(["factor", "per_year", "doubling_months"], name="quantity"),
        columns=["value", "lower", "upper"],
    )
