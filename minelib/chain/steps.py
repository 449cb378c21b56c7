# SPDX-License-Identifier: MIT
"""Where the hash rate changed: steps dated and sized from the times of blocks."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from minelib.chain.scan import SIZE, Bins, Found, Model, find, in_bins
from minelib.chain.times import Blocks, block_times, enough, own_blocks, waits_between
from minelib.checks import as_span, between
from minelib.checks.door import Day, Names, Number

__all__ = ["THRESHOLD", "step", "steps"]

THRESHOLD = -1.0
"""Least evidence of a step: a false step is found in at most 5 of 100 quiet years
(``python -m minelib.chain prove``)."""

_MARGIN = pd.Timedelta(days=60)
_CORE_BINS = 1600  # longer series are searched piece by piece
_LEAST = 200
_BIN = 36
_COLUMNS = ["time", "lower_time", "upper_time", "before_eh_s", "after_eh_s", "change_pct"]
_COLUMNS += ["lower_pct", "upper_pct", "lasts_days", "evidence"]


def steps(
    start: Day | None = None,
    end: Day | None = None,
    *,
    blocks: pd.DataFrame | None = None,
    times: str = "in_order",
    labels: str = "2025",
    pools: str | Names | None = None,
    threshold: Number = THRESHOLD,
    level: Number = 0.9,
) -> pd.DataFrame:
    """Steps of the hash rate, from when blocks were found and at what difficulty.

    Parameters
    ----------
    start, end : date-like or None
        First and last day (UTC), both inclusive, in which a step may begin. Sixty days to
        either side are looked at as well, where there are blocks.
    blocks : pandas.DataFrame, optional
        Blocks of another proof-of-work chain: columns ``time`` (datetime, in order) and
        ``difficulty`` (expected hashes of a block over 2^32).
    times : {"in_order", "median"}
        Treatment of header times that run backwards; see `block_times`.
    labels : {"2025", "2026"}
        Labelling that names the pools; of use with `pools` only.
    pools : str or list of str, optional
        Only blocks of these pools: the steps of their hash rate together.
    threshold : float
        Least `evidence` of a step. With the default a false step is found in at most 5 of 100
        quiet years; see `prove`.
    level : float
        Of the intervals, between 0 and 1, exclusive.

    Returns
    -------
    pandas.DataFrame
        One row per step, by time: ``time``, ``lower_time``, ``upper_time`` (datetime64, UTC);
        ``before_eh_s``, ``after_eh_s`` (float, EH/s); ``change_pct``, ``lower_pct``,
        ``upper_pct`` (float, percent); ``lasts_days`` (float, days until the rate came back,
        missing where it stayed) and ``evidence`` (float).

    Raises
    ------
    OutOfCoverage
        A window outside the blocks.
    BadParameter
        Fewer than 200 blocks.
    BadInput
        `blocks` without times or difficulties, or out of order.
    UnknownName
        Another treatment, labelling or pool.

    Notes
    -----
    The waits between blocks, over the work of a block, are exponential with the inverse of the
    hash rate as their mean (Bowden, Keeler, Krzesinski and Taylor 2020, "Modeling and analysis
    of block arrival times in the Bitcoin blockchain", Stochastic Models 36). They are gathered
    in bins of about six hours, whose log rate has a known noise. Between steps the level drifts
    (2 % a root week), its growth drifts, and single days may be odd: with constant rates a
    search finds steps in every quiet year. A step may stay or come back after 2.5 to 45 days.

    ``evidence`` is the log of the odds that a step starts within three days, against none, where
    one step a year is expected: a Bayes factor with a normal prior of 15 % for the size and an
    even one for the start. Sizes are corrected for having been found: the interval inverts the
    distribution of the estimate given that it passed the threshold. How well this holds, on
    simulated chains: ``python -m minelib.chain prove``.

    Examples
    --------
    >>> summer = steps("2021-06-01", "2021-06-30")
    >>> len(summer), bool((summer["upper_pct"] < 0).all())
    (2, True)
    """
    between("level", level, 0, 1, exclusive=True)
    first, last = as_span(start, end)
    bins = near_bins(first, last, blocks, times, labels, pools)
    low = -np.inf if first is None else first.timestamp()
    high = np.inf if last is None else last.timestamp() + 86_400
    rows = []
    for piece, inner_low, inner_high in pieces(bins):
        found = find(piece, float(threshold))
        rates = _levels(piece, found)
        for number, each in enumerate(found):
            row = row_of(piece, each, rates[number], float(threshold), float(level))
            begins = row["time"].timestamp()
            if max(low, inner_low) <= begins < min(high, inner_high):
                rows.append(row)
    return pd.DataFrame(rows, columns=_COLUMNS).astype(
        dict.fromkeys(_COLUMNS[3:], "float64") | dict.fromkeys(_COLUMNS[:3], "datetime64[s]")
    )


def near_bins(
    first: pd.Timestamp | None,
    last: pd.Timestamp | None,
    own: pd.DataFrame | None,
    times: str,
    labels: str,
    pools: str | Names | None,
) -> Bins:
    """The blocks of the window, with a margin to either side, in bins."""
    if own is not None:
        found = _cut(own_blocks(own), first, last, _MARGIN)
        enough(len(found), _LEAST)
        return in_bins(found.seconds, found.waits)
    asked = block_times(first, last, times=times, labels=labels, pools=pools)  # or says why not
    enough(len(asked), _LEAST)
    if first is not None or last is not None:
        whole = block_times(times=times)["time"].iloc[[0, -1]].dt.normalize()
        first = first and max(first - _MARGIN, whole.iloc[0])
        last = last and min(last + _MARGIN, whole.iloc[1])
    every = block_times(first, last, times=times, labels=labels)
    if pools is None:
        # bins begin at the same heights whatever the window and the treatment of times
        every = every.iloc[-int(every["height"].iloc[0]) % _BIN :]
        found = waits_between(every, every)
        return in_bins(found.seconds, found.waits, _BIN)
    chosen = block_times(first, last, times=times, labels=labels, pools=pools)
    found = waits_between(chosen, every)
    return in_bins(found.seconds, found.waits)


def _cut(blocks, first, last, margin):
    low = 0 if first is None else np.searchsorted(blocks.seconds, (first - margin).timestamp())
    high = None
    if last is not None:
        high = np.searchsorted(blocks.seconds, (last + margin).timestamp() + 86_400)
    return Blocks(blocks.seconds[low:high], blocks.waits[low : None if high is None else high - 1])


def pieces(bins: Bins) -> Iterator[tuple[Bins, float, float]]:
    """A long series in pieces that overlap, each with the seconds in which its steps count."""
    n, margin = len(bins.log_rate), round(_MARGIN / pd.Timedelta(days=bins.days))
    count = max(1, int(np.ceil(n / _CORE_BINS)))
    cuts = np.linspace(0, n, count + 1).astype(int)
    for low, high in zip(cuts[:-1], cuts[1:], strict=True):
        a, b = max(0, low - margin), min(n, high + margin)
        piece = Bins(bins.log_rate[a:b], bins.edges[a : b + 1], bins.blocks, bins.days)
        yield (piece, bins.edges[low] if low else -np.inf, bins.edges[high] if high < n else np.inf)


def _levels(piece, found):
    """The rate just before each step, with the level free to jump at all of them."""
    n = len(piece.log_rate)
    jumps = {at for f in found for at in (f.event.start, f.event.stop) if at < n}
    level = Model(n, piece.blocks, piece.days, tuple(sorted(jumps))).level(piece.log_rate)
    return [float(np.exp(level[f.event.start - 1])) for f in found]


def row_of(
    piece: Bins, found: Found, before: float, threshold: float, level: float
) -> dict[str, Any]:
    """A found step as a row of `steps`."""
    tail = (1 - level) / 2
    order = np.argsort(found.starts, kind="stable")
    passed = np.cumsum(found.weights[order])
    early, middle, late = (
        int(found.starts[order][np.searchsorted(passed, q)]) for q in (tail, 0.5, 1 - tail)
    )
    half = piece.days * 43_200  # a step begins somewhere in the bin at whose edge it is put
    moments = piece.edges[early] - half, piece.edges[middle], piece.edges[late] + half
    lower, size, upper = _size(found, threshold, level)
    lasts = np.nan
    if found.event.stop < len(piece.log_rate):
        lasts = (piece.edges[found.event.stop] - piece.edges[found.event.start]) / 86_400
    stamps = [pd.Timestamp(round(moment), unit="s") for moment in moments]
    change = 100 * np.expm1([size, lower, upper])
    values = [before, before * np.exp(size), *change, lasts, found.evidence]
    return dict(zip(_COLUMNS, [stamps[1], stamps[0], stamps[2], *values], strict=True))


def _size(found, threshold, level):
    """Lower bound, estimate and upper bound of the log size, given that the step was found.

    The estimate over its spread, given the start, is normal around the true one; it was seen
    because it passed a bar. Each quantile is the size at which so large a value, among those
    that pass the bar, has that probability.
    """
    best = int(np.argmax(found.weights))
    mean, spread = found.means[best], found.spreads[best]
    seen = abs(mean) / spread
    shrink = 1 / (1 + (spread / SIZE) ** 2)
    bar = np.sqrt(max(seen**2 - 2 * (found.evidence - threshold) / shrink, 0.0))
    ends = given_found(seen, bar, ((1 + level) / 2, 0.5, (1 - level) / 2))
    return sorted(np.sign(mean) * spread * np.array(ends))


def given_found(seen: float, bar: float, chances: Iterable[float]) -> list[float]:
    """Sizes, in spreads, at which an estimate that passed a bar exceeds the one seen so often.

    Examples
    --------
    >>> plain, corrected = (given_found(3.0, bar, [0.05])[0] for bar in (0.0, 2.9))
    >>> bool(corrected < plain)  # what barely passed may be small
    True
    """
    from scipy.optimize import brentq
    from scipy.special import log_ndtr

    def excess(size, chance):  # it passes upwards or downwards
        passed = np.logaddexp(log_ndtr(size - bar), log_ndtr(-size - bar))
        return log_ndtr(size - seen) - passed - np.log(chance)

    return [brentq(excess, -60.0, seen + 40, args=(chance,)) for chance in chances]


def step(
    start: Day,
    end: Day,
    *,
    blocks: pd.DataFrame | None = None,
    times: str = "in_order",
    labels: str = "2025",
    pools: str | Names | None = None,
    level: Number = 0.9,
) -> pd.Series:
    """The one step of a window that a reader has a reason to choose, if nothing but chance moved.

    Parameters
    ----------
    start, end : date-like
        First and last day (UTC), both inclusive.
    blocks, times, labels, pools
        As in `steps`.
    level : float
        Of the intervals, between 0 and 1, exclusive.

    Returns
    -------
    pandas.Series
        ``time``, ``lower_time``, ``upper_time``, ``before_eh_s``, ``after_eh_s``,
        ``change_pct``, ``lower_pct``, ``upper_pct`` and ``evidence``: the log Bayes factor of
        one step against none.

    Raises
    ------
    OutOfCoverage, BadParameter, BadInput, UnknownName
        As in `steps`.

    Notes
    -----
    Constant rates before and after, the exact likelihood of exponential waits, an even prior for
    the moment and one of 1 / rate for both rates. No drift: a window in which the rate grows has
    a step too, so this holds only where nothing else moved, and its interval is sharper for it.

    Examples
    --------
    >>> zhundong = step("2021-06-07", "2021-06-12")
    >>> bool(zhundong["lower_time"] < zhundong["time"] < zhundong["upper_time"])
    True
    """
    between("level", level, 0, 1, exclusive=True)
    first, last = as_span(start, end)
    if blocks is None:
        every = block_times(first, last, times=times, labels=labels)
        chosen = block_times(first, last, times=times, labels=labels, pools=pools)
        found = waits_between(chosen, every)
    else:
        found = _cut(own_blocks(blocks), first, last, pd.Timedelta(0))
    enough(len(found), _LEAST)
    return _one_step(found, float(level))


@dataclass(frozen=True)
class _Split:
    """Waits before and after each place where a window may be cut in two."""

    count: np.ndarray
    spent: np.ndarray
    log_weight: np.ndarray


def _split(waits):
    from scipy.special import gammaln

    n, spent = len(waits), np.cumsum(waits)
    k = np.arange(10, n - 10)
    left, right = spent[k - 1], spent[-1] - spent[k - 1]
    log_weight = gammaln(k) - k * np.log(left) + gammaln(n - k) - (n - k) * np.log(right)
    return _Split(k, left, log_weight)


def _one_step(blocks, level):
    from scipy.optimize import brentq
    from scipy.special import gammaln, logsumexp
    from scipy.stats import f as ratio

    waits, n = blocks.waits, len(blocks)
    split, total, tail = _split(waits), float(waits.sum()), (1 - level) / 2
    weights = np.exp(split.log_weight - logsumexp(split.log_weight))
    # the prior of both rates is no distribution; over a factor of e^4 it is one
    evidence = logsumexp(split.log_weight) - np.log(len(split.count)) - np.log(4)
    evidence -= gammaln(n) - n * np.log(total)
    passed = np.cumsum(weights)
    low, middle, high = (np.searchsorted(passed, q) for q in (tail, 0.5, 1 - tail))
    moments = blocks.seconds[split.count[[middle, low, high]]]
    heavy = weights > weights.max() * 1e-4
    k, left = split.count[heavy], split.spent[heavy]
    share = weights[heavy] / weights[heavy].sum()
    plain = np.log((n - k) / (total - left)) - np.log(k / left)

    def below(size, quantile):  # the true ratio over the plain one follows Fisher's F
        return float(share @ ratio.cdf(np.exp(size - plain), 2 * (n - k), 2 * k)) - quantile

    ends = [
        brentq(below, plain.min() - 3, plain.max() + 3, args=(q,)) for q in (0.5, tail, 1 - tail)
    ]
    before = float(share @ (k / left))
    stamps = [pd.Timestamp(round(moment), unit="s") for moment in moments]
    values = [*stamps, before, before * np.exp(ends[0]), *(100 * np.expm1(ends)), evidence]
    return pd.Series(dict(zip([*_COLUMNS[:8], "evidence"], values, strict=True)), dtype=object)
