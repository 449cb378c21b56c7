# SPDX-License-Identifier: MIT
"""Where a drifting rate jumps: the search behind `minelib.chain.steps`, on plain arrays.

The log rate in bins of blocks is a level that drifts, with a growth that drifts too, plus noise of
the day and the exact noise of waiting times. Every start and every duration of a step is weighed
at once: with V the covariance of the bins and u(i) the step that starts at bin i, the evidence
needs u(i)' V^-1 u(j) and u(i)' V^-1 z only, which one banded factorisation gives.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

__all__ = ["Bins", "Event", "Model", "find", "in_bins"]

Array = NDArray[np.float64]

DRIFT = 0.02  # of the level, a root week
BEND = 0.003  # of the growth a week, a root week
DAY_NOISE = 0.04  # what a day has beyond chance: heavy tails of 3 % cost as much
SIZE = 0.15  # prior standard deviation of a step, log scale
STAYS = 0.9  # prior share of steps that stay
DAYS = tuple(np.geomspace(2.5, 45, 14))  # how long a step that returns may last
PULSES = (0.25, 0.5, 1.0, 1.5, 2.0, 2.75, 3.75)  # lengths of odd days, in days
_UPWARD = 1.5  # longer pulses can only be high: a day of many blocks fills more bins
_PULSE_SIZE, _PULSE_ODDS = 0.15, -4.0
_RATHER = 2.0  # how much likelier an odd day must be, where a step would explain it too
_EDGE_DAYS = 3.0
_NEAR_DAYS = 3.0
_MOST, _MOST_PULSES = 20, 40
BIN_DAYS = 0.25


@dataclass(frozen=True)
class Bins:
    """Log rates in bins of equally many blocks.

    Attributes
    ----------
    log_rate : numpy.ndarray
        Unbiased estimates of the log of the rate, one a bin.
    edges : numpy.ndarray
        Seconds since 1970: the start of the first bin and the end of each.
    blocks : int
        Blocks a bin.
    days : float
        Mean length of a bin.
    """

    log_rate: Array
    edges: Array
    blocks: int
    days: float


def in_bins(seconds: Array, waits: Array, blocks: int | None = None) -> Bins:
    """Waits between blocks gathered in bins of about six hours; a rest at the end is left out.

    Parameters
    ----------
    seconds, waits : numpy.ndarray
        As in `minelib.chain.times.Blocks`.
    blocks : int, optional
        Blocks a bin; by default as many as come in six hours on average, 12 at least.
    """
    from scipy.special import digamma

    span = (seconds[-1] - seconds[0]) / 86_400
    k = blocks or max(12, round(len(waits) * BIN_DAYS / span))
    n = len(waits) // k
    total = np.maximum(waits[: n * k].reshape(n, k).sum(axis=1), 1e-300)
    edges = seconds[: n * k + 1 : k]
    return Bins(digamma(k) - np.log(total), edges, k, (edges[-1] - edges[0]) / 86_400 / n)


class Model:
    """A level that drifts with a growth that drifts, seen in bins of known noise.

    Parameters
    ----------
    n : int
    blocks : int
        Blocks a bin.
    days : float
        Length of a bin.
    jumps : tuple of int
        Bins at which the level may jump freely.
    """

    def __init__(self, n: int, blocks: int, days: float, jumps: tuple[int, ...] = ()) -> None:
        from scipy.linalg import cholesky_banded
        from scipy.special import polygamma

        self.n, self.noise = n, float(polygamma(1, blocks) + DAY_NOISE**2 / min(days, 1.0))
        week, t = days / 7, 2 * np.arange(n - 1)
        level = np.full(n - 1, 1 / (DRIFT**2 * week))
        level[np.array(jumps, dtype=int) - 1] = 1.0
        growth = 1 / (BEND**2 * week)
        band = np.zeros((4, 2 * n))  # states by turns: level, growth; upper form of LAPACK

        def add(row, column, value):
            np.add.at(band, (3 - (column - row), column), value)

        add(t, t, level)
        add(t + 2, t + 2, level)
        add(t + 1, t + 1, level * week**2 + growth)
        add(t + 3, t + 3, growth)
        add(t, t + 2, -level)
        add(t, t + 1, level * week)
        add(t + 1, t + 2, -level * week)
        add(t + 1, t + 3, -growth)
        band[3, 1] += 1 / 0.03**2  # growth at the start, a week
        band[3, 0] += 1e-6
        band[3, ::2] += 1 / self.noise
        self._root = cholesky_banded(band)

    def _states(self, y):
        from scipy.linalg import cho_solve_banded

        right = np.zeros((2 * self.n, *y.shape[1:]))
        right[::2] = y
        return cho_solve_banded((self._root, False), right, overwrite_b=True, check_finite=False)

    def whiten(self, y: Array) -> Array:
        """V^-1 y, for one series or for columns of series."""
        return (y - self.level(y)) / self.noise

    def level(self, y: Array) -> Array:
        """The level given the series."""
        return self._states(y / self.noise)[::2]

    def spread(self) -> Array:
        """Standard deviation of the level given the series."""
        return np.sqrt(np.diag(self._states(np.eye(self.n))[::2]))

    def gram(self) -> Array:
        """u(i)' V^-1 u(j) for the steps at all bins i and j."""
        return np.cumsum(self.whiten(np.tril(np.ones((self.n, self.n))))[::-1], axis=0)[::-1]


@lru_cache(maxsize=2)
def _prepared(n, blocks, days):
    model = Model(n, blocks, days)
    return model, model.gram()


@dataclass(frozen=True)
class Event:
    """A step or an odd day.

    Attributes
    ----------
    start : int
        First bin that shows it.
    stop : int
        First bin that does not any more; the number of bins where it stays.
    pulse : bool
        Whether it is only an odd day.
    """

    start: int
    stop: int
    pulse: bool = False


@dataclass
class _State:
    """b(i) = u(i)' V^-1 z and G(i, j) = u(i)' V^-1 u(j), with events projected out."""

    b: Array
    gram: Array

    def project(self, event):
        g, b = self.gram[:, event.start].copy(), self.b[event.start]
        if event.stop < len(g):
            g, b = g - self.gram[:, event.stop], b - self.b[event.stop]
            own = g[event.start] - g[event.stop]
        else:
            own = g[event.start]
        own += 1 / _PULSE_SIZE**2 if event.pulse else 0
        return _State(self.b - g * (b / own), self.gram - np.outer(g, g / own))

    def lasting(self, k):
        """Scores and precisions of steps that last k bins, by start."""
        d = np.diagonal(self.gram)
        return self.b[:-k] - self.b[k:], d[:-k] + d[k:] - 2 * np.diagonal(self.gram, k)


def _log_factor(score, precision, size):
    """Log Bayes factor of a step with a normal prior against none."""
    precision = np.maximum(precision, 1e-9)
    shrink = precision * size**2
    return 0.5 * (score**2 / (precision + size**-2) - np.log1p(shrink))


def _weigh(state, days):
    """Log evidence by start and duration: column 0 for steps that stay."""
    n, edge = len(state.b), round(_EDGE_DAYS / days)
    lengths = sorted({max(1, round(d / days)) for d in DAYS})
    weight = np.full((n, 1 + len(lengths)), -np.inf)
    d = np.diagonal(state.gram)
    inside = slice(edge, n - edge)
    weight[inside, 0] = _log_factor(state.b[inside], d[inside], SIZE) + np.log(STAYS)
    share = np.log((1 - STAYS) / len(lengths))
    for column, k in enumerate(lengths, 1):
        if n - edge - k > edge:
            score, precision = (each[edge : n - edge - k] for each in state.lasting(k))
            weight[edge : n - edge - k, column] = _log_factor(score, precision, SIZE) + share
    return weight, [n, *lengths]


def _odd_day(state, days):
    """The likeliest odd day and its log odds."""
    best, found = -np.inf, None
    lengths = sorted({max(1, round(d / days)) for d in PULSES})
    for k in lengths:
        score, precision = state.lasting(k)
        odds = _log_factor(score, precision, _PULSE_SIZE) + _PULSE_ODDS - np.log(len(lengths))
        if k * days > _UPWARD:
            odds = np.where(score > 0, odds, -np.inf)
        at = int(np.argmax(odds))
        if odds[at] > best:
            best, found = float(odds[at]), Event(at, at + k, pulse=True)
    return best, found


def _evidence(weight, days):
    """Log odds that a step starts within three days of each bin, a year of starts being open."""
    by_start = np.logaddexp.reduce(weight, axis=1)
    top = by_start.max()
    sums = np.r_[0.0, np.cumsum(np.exp(by_start - top))]
    n, near = len(by_start), round(_NEAR_DAYS / days)
    i = np.arange(n)
    local = sums[np.minimum(i + near + 1, n)] - sums[np.maximum(i - near, 0)]
    return np.log(np.maximum(local, 1e-300)) + top - np.log(365.25 / days)


@dataclass(frozen=True)
class Found:
    """A step that was found, with what the bins say of it when all others are known.

    Attributes
    ----------
    event : Event
        Its likeliest start and end.
    evidence : float
        Log odds against no step, when one such step a year is expected.
    starts, stops : numpy.ndarray of int
    weights : numpy.ndarray
        Posterior weights of pairs of start and end; they sum to 1.
    means, spreads : numpy.ndarray
        Estimate of the size (log scale) and its standard deviation, for each pair.
    """

    event: Event
    evidence: float
    starts: Array
    stops: Array
    weights: Array
    means: Array
    spreads: Array


def _refined(state, event, evidence, days):
    """Posterior of start and end around where a step was found."""
    n, wide = len(state.b), round(10 / days)
    starts = np.arange(max(4, event.start - wide), min(n - 4, event.start + wide + 1))
    if event.stop == n:
        stops = np.array([n])
    else:
        reach = max(8, (event.stop - event.start) // 2)
        fine = max(1, reach // 20)
        stops = np.arange(max(5, event.stop - reach), min(n - 1, event.stop + reach) + 1, fine)
    i, j = (each.ravel() for each in np.meshgrid(starts, stops, indexing="ij"))
    keep = j - i >= 4
    i, j = i[keep], j[keep]
    score, precision = state.b[i], state.gram[i, i]
    if event.stop < n:
        score = score - state.b[j]
        precision = precision + state.gram[j, j] - 2 * state.gram[i, j]
    # beside another step nothing can be told apart; a small pool's blocks tell less anywhere
    keep = precision > min(20.0, precision.max() / 2)
    i, j, score, precision = i[keep], j[keep], score[keep], precision[keep]
    log_weight = _log_factor(score, precision, SIZE)
    weights = np.exp(log_weight - log_weight.max())
    weights /= weights.sum()
    best = int(np.argmax(weights))
    return Found(
        Event(int(i[best]), int(j[best])),
        evidence,
        i,
        j,
        weights,
        score / precision,
        1 / np.sqrt(precision),
    )


def find(bins: Bins, threshold: float, most: int = _MOST) -> list[Found]:
    """The steps of a series of bins, by their start.

    Parameters
    ----------
    bins : Bins
    threshold : float
        Least evidence of a step that is reported.
    most : int
        No more steps than these.
    """
    n = len(bins.log_rate)
    # lengths of bins that differ by chance alone share one factorisation
    model, gram = _prepared(n, bins.blocks, round(bins.days, 2))
    first = _State(np.cumsum(model.whiten(bins.log_rate)[::-1])[::-1], gram)
    state, events = first, list[Event]()
    while len(events) < most + _MOST_PULSES:
        weight, lengths = _weigh(state, bins.days)
        evidence = float(_evidence(weight, bins.days).max())
        odds, odd = _odd_day(state, bins.days)
        rather = evidence + _RATHER if evidence >= threshold else 0.0
        if odds > max(rather, 0.0) and sum(e.pulse for e in events) < _MOST_PULSES:
            event = odd
        elif evidence >= threshold and sum(not e.pulse for e in events) < most:
            start, column = np.unravel_index(int(np.argmax(weight)), weight.shape)
            event = Event(int(start), min(n, int(start) + lengths[column]))
        else:
            break
        events.append(event)
        state = state.project(event)
    return sorted(_settled(first, events, threshold, bins.days), key=lambda f: f.event.start)


def _settled(first, events, threshold, days):
    """Each step weighed again with all others known; one that needs no explaining is dropped."""
    steps = [e for e in events if not e.pulse]
    dropped = True
    while dropped:
        found, dropped = [], False
        for number, event in enumerate(steps):
            state = first
            for other in [e for e in events if e.pulse] + steps[:number] + steps[number + 1 :]:
                state = state.project(other)
            evidence = _evidence(_weigh(state, days)[0], days)
            near = slice(max(0, event.start - 8), event.start + 9)
            refined = _refined(state, event, float(evidence[near].max()), days)
            if refined.evidence < threshold:
                steps, dropped = steps[:number] + steps[number + 1 :], True
                break
            steps = [*steps[:number], refined.event, *steps[number + 1 :]]
            found.append(refined)
    return found
