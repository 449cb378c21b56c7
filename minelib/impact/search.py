# SPDX-License-Identifier: MIT
"""The likelihood search for breaks in a wandering series (used by `breakpoints`)."""

from functools import reduce
from itertools import product
from statistics import NormalDist
from typing import TypeAlias

import numpy as np

from minelib.chain.steps import given_found

__all__ = ["Search", "Shifts", "columns"]

Break: TypeAlias = tuple[int, int, float]

_LEVELS = np.geomspace(0.35, 1.7, 6)  # relative to the typical weekly move
_SLOPES = np.array([0.005, 0.02, 0.05, 0.12])
_NOISES = np.array([0.1, 0.6, 1.3])
_DURATION_DAYS = (0, 14, 28, 42, 56)
_SHAPES = (1.0, 0.5, 2.0, 3.0)  # build-up: even, mostly early, mostly late, very late
_SLOW_DAYS = 42  # a break that takes as long is no wild week: it has a threshold of its own
_NEAR_DAYS = 84  # around a break that was found: where its first day is sought
_EDGE = 4  # periods between breaks, and from the ends
_MOST_PLACES = 260
_LONG = 500
_TAILS = 4  # of the shocks that are simulated: degrees of freedom of Student's t
_SPREAD = np.sqrt(_TAILS / (_TAILS - 2))
_TEMPER = 0.5  # of the likelihood when wandering is drawn: wider than the posterior, to be safe
_MOST_BYTES = 2e8  # of whitened candidates that are kept


def columns(t: np.ndarray, breaks: list[Break]) -> tuple[np.ndarray, np.ndarray]:
    """The two regressors of each break: its shift of the level and its change of the slope.

    Parameters
    ----------
    t : numpy.ndarray
        Periods, ascending.
    breaks : list of tuple
        Place (position of the first period that shows the break), length (periods over which
        the shift builds up) and shape (power of the build-up: 1 even, below 1 mostly early,
        above 1 mostly late).

    Returns
    -------
    tuple of numpy.ndarray
        Periods by breaks: the shift from 0 to 1, and the time since its end in years of 52
        periods.

    Examples
    --------
    >>> columns(np.arange(4.0), [(1, 2, 1.0)])[0].T.tolist()
    [[0.0, 0.5, 1.0, 1.0]]
    """
    places, lengths, shapes = np.reshape(breaks, (-1, 3)).T
    age = t[:, None] - t[places.astype(int)] + 1
    return np.clip(age / lengths, 0, 1) ** shapes, np.clip(age - lengths, 0, None) / 52


class Shifts:
    """A family of candidate breaks, whitened once for each point of the grid.

    Parameters
    ----------
    t : numpy.ndarray
    candidates : list of tuple
        As for `columns`.
    grid_size : int
        Points of the grid, to judge whether the whitened columns may be kept.
    """

    def __init__(self, t, candidates, grid_size):
        self.candidates = candidates
        self._columns = columns(t, candidates)
        self._keep = 2 * self._columns[0].nbytes * grid_size < _MOST_BYTES
        self._kept = {}

    def whitened(self, number: int, white: np.ndarray) -> tuple[np.ndarray, ...]:
        """Ramps and bends under the whitening of grid point ``number``, with their products."""
        if number in self._kept:
            return self._kept[number]
        r, s = (white @ each for each in self._columns)
        made = r, s, (r * r).sum(0), (s * s).sum(0), (r * s).sum(0)
        if self._keep:
            self._kept[number] = made
        return made

    def apart(self, others: list[Break]) -> np.ndarray:
        """Numbers of the candidates that keep their distance from other breaks."""
        places, lengths, _shapes = np.transpose(self.candidates)
        far = np.ones(len(places), dtype=bool)
        for p, m, _s in others:
            far &= (places >= p + m + _EDGE - 1) | (places + lengths + _EDGE - 1 <= p)
        return np.flatnonzero(far)


class Search:
    """Breaks of a series whose level and slope wander.

    Parameters
    ----------
    y : numpy.ndarray
        Values without gaps, on the log scale.
    t : numpy.ndarray
        Their periods (whole numbers, ascending; gaps allowed).
    step_days : float
    noise : numpy.ndarray or None
        Known variance of each value.
    n_boot : int
    rng : numpy.random.Generator
    """

    def __init__(self, y, t, step_days, noise, n_boot, rng):
        self.y, self.t, self.n_boot, self.rng, self.n = y, t, n_boot, rng, len(y)
        self.step_days = step_days
        weeks = step_days / 7
        thin = int(np.ceil((self.n - 2 * _EDGE) / _MOST_PLACES))
        self.places = np.arange(_EDGE, self.n - _EDGE + 1, thin)
        span = max(1, round(4 / weeks))
        change = y[span:] - y[:-span]
        spread = 1.4826 * np.median(np.abs(change - np.median(change)))  # breaks are outliers
        scale = max(spread / np.sqrt(span * weeks), 1e-9)
        # covariance of a random walk and of its integral at the periods seen
        s = t - t[0]
        low, high = np.minimum.outer(s, s), np.maximum.outer(s, s)
        walk, bend = weeks * low, weeks**3 * low**2 * (3 * high - low) / 6
        # long series cost the cube of their length
        levels, slopes = (_LEVELS[::2], _SLOPES[1::2]) if self.n > _LONG else (_LEVELS, _SLOPES)
        noises = [noise] if noise is not None else [(c * scale) ** 2 for c in _NOISES]
        self._grid = []  # (whitening matrix, log determinant, sizes of noise, level and slope)
        for variance, a, b in product(noises, scale * levels, scale * slopes):
            variance = variance + np.full(self.n, 1e-6 * scale**2)
            root = np.linalg.cholesky(a**2 * walk + b**2 * bend + np.diag(variance))
            sizes = np.sqrt(variance), a * weeks**0.5, b * weeks**1.5
            self._grid.append((np.linalg.inv(root), 2 * np.log(np.diag(root)).sum(), sizes))

        def periods(durations):
            return sorted({max(1, round(days / step_days)) for days in durations})

        self.fine_lengths = periods(range(0, max(_DURATION_DAYS) + 1, 7))
        self.near_periods = max(_EDGE, round(_NEAR_DAYS / step_days))
        self.shifts = self._family(self.places, periods(_DURATION_DAYS))

    def _family(self, places, lengths, shapes=_SHAPES[:1]):
        """Breaks at these places; one that is complete at once has no shape."""
        courses = [(m, s) for m in lengths for s in (shapes if m > 1 else _SHAPES[:1])]
        candidates = [(int(p), m, s) for (m, s), p in product(courses, places)]
        return Shifts(self.t, candidates, len(self._grid))

    def _near(self, found, shapes=_SHAPES):
        """Breaks near one that was found, of every length."""
        places = self.places[np.abs(self.places - found[0]) <= self.near_periods]
        return self._family(places, self.fine_lengths, shapes)

    def _base(self, breaks):
        pairs = np.stack(columns(self.t, breaks), axis=2).reshape(self.n, 2 * len(breaks))
        return np.column_stack([np.ones(self.n), (self.t - self.t.mean()) / 52, pairs])

    def _whitened(self, breaks, ys):
        """Base and series at each point of the grid, the series less their part in the base."""
        x = self._base(breaks)
        for white, logdet, _sizes in self._grid:
            q = np.linalg.qr(white @ x)[0]
            z = white @ ys
            yield white, logdet, q, z - q @ (q.T @ z)

    def _fits(self, breaks, ys):
        """Log likelihood by grid point and series, for given breaks."""
        grid = self._whitened(breaks, ys)
        return np.array([-0.5 * (logdet + (z**2).sum(axis=0)) for _w, logdet, _q, z in grid])

    def _fitted(self, breaks, ys, shifts, numbers):
        """With one more break, at each point of the grid: log likelihoods and shifts (candidates
        by series), and the precision of each candidate's shift."""
        for g, (white, logdet, q, z) in enumerate(self._whitened(breaks, ys)):
            r, s, rr, ss, rs = (a[..., numbers] for a in shifts.whitened(g, white))
            # projected off the base without building the projected columns
            qr, qs = q.T @ r, q.T @ s
            rr, ss, rs = rr - (qr * qr).sum(0), ss - (qs * qs).sum(0), rs - (qr * qs).sum(0)
            det = np.maximum(rr * ss - rs**2, 1e-9 * np.abs(rr * ss) + 1e-300)
            zr, zs = r.T @ z, s.T @ z  # z is off the base already
            own, other, both = (each[:, None] for each in (ss / det, rr / det, rs / det))
            gain = own * zr**2 + other * zs**2 - 2 * both * zr * zs
            loglike = -0.5 * (logdet + (z**2).sum(axis=0) - gain)
            yield loglike, own * zr - both * zs, det / np.maximum(ss, 1e-300)

    def _scan(self, breaks, ys, shifts, numbers):
        """Best log likelihood over the grid with one more break: candidates by series."""
        found = (loglike for loglike, *_rest in self._fitted(breaks, ys, shifts, numbers))
        return reduce(np.maximum, found)

    def _simulated(self, breaks):
        """The series and others from the model with these breaks, and its coefficients.

        Each series has its own wandering, drawn from the grid by likelihood: the best point
        alone would understate how much a slope may wander and so find breaks in it. Level and
        slope move by shocks with heavy tails. Residuals would not do in their place: where there
        is a break they hold it, and in its absence too few wild weeks.
        """
        x = self._base(breaks)
        # restricted likelihood: the plain one takes fitted coefficients for known ones, and so
        # the wandering for smaller than it is
        fits = self._fits(breaks, self.y[:, None])[:, 0] - [
            np.linalg.slogdet((white @ x).T @ (white @ x))[1] / 2 for white, *_rest in self._grid
        ]
        weights = np.exp(_TEMPER * (fits - fits.max()))
        white = self._grid[int(np.argmax(fits))][0]
        beta = np.linalg.lstsq(white @ x, white @ self.y, rcond=None)[0]
        blocks, seen = [self.y[:, None]], (self.t - self.t[0]).astype(int)
        for g, many in enumerate(self.rng.multinomial(self.n_boot, weights / weights.sum())):
            noise, level, slope = self._grid[g][2]
            shocks = self.rng.standard_t(_TAILS, (2, seen[-1] + 1, many)) / _SPREAD
            moved = np.cumsum(level * shocks[0] + np.cumsum(slope * shocks[1], axis=0), axis=0)
            luck = noise[:, None] * self.rng.standard_normal((self.n, many))
            blocks.append((x @ beta)[:, None] + moved[seen] + luck)
        return np.hstack(blocks), beta

    def _test(self, breaks, size):
        """The best further break, its p-value by bootstrap, its score and the bar for it."""
        numbers = self.shifts.apart(breaks)
        if not len(numbers):
            return None, 1.0, (0.0, 0.0)
        ys, _beta = self._simulated(breaks)
        gains = self._scan(breaks, ys, self.shifts, numbers) - self._fits(breaks, ys).max(axis=0)
        lengths = np.array([self.shifts.candidates[k][1] for k in numbers])
        slow = lengths * self.step_days >= _SLOW_DAYS
        kinds = [np.flatnonzero(kind) for kind in (slow, ~slow) if kind.any()]
        tops = np.array([gains[kind].max(axis=0) for kind in kinds])
        # how rare each series' best break of a kind is among all series; then the rarer kind,
        # among the rarer kinds of all (Westfall and Young, Resampling-Based Multiple Testing, 1993)
        rare = (tops[:, None, :] >= tops[:, :, None]).mean(axis=2)
        which, least = int(rare[:, 0].argmin()), rare.min(axis=0)
        best = numbers[kinds[which][int(gains[kinds[which], 0].argmax())]]
        needed = np.quantile(tops[which, 1:], 1 - np.quantile(least, size))
        scores = np.sqrt(2 * np.maximum([tops[which, 0], needed], 0))
        return self.shifts.candidates[best], float((least <= least[0]).mean()), scores

    def run(self, size: float, most: int) -> list[tuple[Break, float, np.ndarray]]:
        """The breaks with p-values, and scores with the bars they passed, by place."""
        breaks: list[Break] = []
        tested = []
        while len(breaks) < most:
            best, p, scores = self._test(breaks, size)
            if p > size:
                break
            breaks.append(best)
            tested.append((p, scores))
            self._settle(breaks, lambda i: self.shifts)
        self._settle(breaks, lambda i: self._near(breaks[i], _SHAPES[:1]))
        return sorted((b, *t) for b, t in zip(breaks, tested, strict=True))

    def _settle(self, breaks, family, sweeps=2):
        """Move each break to its best place, given the others."""
        for _sweep in range(sweeps):
            moved = False
            for i in range(len(breaks)):
                others, shifts = breaks[:i] + breaks[i + 1 :], family(i)
                numbers = shifts.apart(others)
                scan = self._scan(others, self.y[:, None], shifts, numbers)[:, 0]
                best = shifts.candidates[numbers[int(np.argmax(scan))]]
                moved |= best != breaks[i]
                breaks[i] = best
            if not moved or len(breaks) == 1:
                return

    def intervals(self, found: list[tuple], level: float) -> list[dict]:
        """Each break with intervals, by the columns of `breakpoints`: places and logs.

        What was found is partly found because chance made it larger: a bound towards zero goes
        as far as sizes of which so large a one, among those that pass the bar, is as rare.
        """
        breaks = [b for b, *_rest in found]
        if not breaks:
            return []
        least = NormalDist().inv_cdf((1 + level) / 2) ** 2 / 2  # half a chi-squared quantile
        ys, beta = self._simulated(breaks)
        slopes = beta[1] + np.cumsum(np.r_[0, beta[3::2]])
        out = []
        for i, ((place, length, _shape), p_value, (score, bar)) in enumerate(found):
            others, shifts = breaks[:i] + breaks[i + 1 :], self._near(breaks[i])
            change = beta[2 + 2 * i]
            numbers = shifts.apart(others)
            places = np.array([shifts.candidates[k][0] for k in numbers])
            profile, held, own = np.array(-np.inf), np.array(-np.inf), []
            for loglike, shift, precision in self._fitted(others, ys, shifts, numbers):
                at_change = loglike - 0.5 * precision[:, None] * (shift - change) ** 2
                profile = np.maximum(profile, loglike)
                held = np.maximum(held, at_change.max(axis=0))
                own.append((loglike[:, 0], shift[:, 0], precision))
            best, here = profile.max(axis=0), profile[places == place].max(axis=0)
            # never below the usual limit of a likelihood ratio: the real shift is no clean ramp
            limit_place, limit_change = (
                max(np.quantile((best - at_truth)[1:], level), least) for at_truth in (here, held)
            )
            inside = places[best[0] - profile[:, 0] <= limit_place]
            loglike, shift, precision = (np.concatenate(a) for a in zip(*own, strict=True))
            room = np.maximum(loglike - best[0] + limit_change, 0)
            reach = np.where(room > 0, np.sqrt(2 * room / precision), np.nan)
            small = change / score * given_found(score, min(score, bar), [(1 - level) / 2])[0]
            out.append(
                {
                    "date": place,
                    "lower_date": min(int(inside.min()), place),
                    "upper_date": max(int(inside.max()), place),
                    "change_pct": change,
                    "lower_pct": min(np.nanmin(shift - reach), change, small),
                    "upper_pct": max(np.nanmax(shift + reach), change, small),
                    "duration": length,
                    "growth_before": slopes[i] / 52,
                    "growth_after": slopes[i + 1] / 52,
                    "p_value": p_value,
                }
            )
        return out
