# SPDX-License-Identifier: MIT
"""The likelihood search for breaks in a wandering series (used by `breakpoints`)."""

import functools

import numpy as np

from minelib.impact.shifts import Shifts, columns

__all__ = ["Search"]

_LEVELS = np.geomspace(0.35, 1.7, 6)  # relative to the typical weekly move
_SLOPES = np.array([0.005, 0.02, 0.05, 0.12])
_NOISES = np.array([0.1, 0.6, 1.3])
_DURATION_DAYS = (0, 14, 28, 42, 56)
_SHAPES = (1.0, 0.5, 2.0, 3.0)  # build-up: even, mostly early, mostly late, very late
_NEAR_DAYS = 84  # around a break that was found: where its first day is sought
_EDGE = 4  # periods between breaks, and from the ends
_MOST_PLACES = 260
_LONG = 500
_TEMPER = 0.5  # of the likelihood when wandering is drawn: wider than the posterior, to be safe


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
        self.y, self.t, self.n_boot, self.rng = y, t, n_boot, rng
        self.n = len(y)
        weeks = step_days / 7
        self.lengths = sorted({max(1, round(d / step_days)) for d in _DURATION_DAYS})
        thin = int(np.ceil((self.n - 2 * _EDGE) / _MOST_PLACES))
        self.places = np.arange(_EDGE, self.n - _EDGE + 1, thin)
        scale = self._scale(weeks)
        self._roots = []  # (whitening matrix, log determinant, root of the covariance)
        walk, bend = self._kernels()
        coarse = 2 if self.n > _LONG else 1  # long series cost the cube of their length
        levels, slopes = _LEVELS[::coarse], _SLOPES[1::coarse] if coarse > 1 else _SLOPES
        for c in [None] if noise is not None else _NOISES:
            diagonal = noise if c is None else np.full(self.n, (c * scale) ** 2)
            for a in levels:
                for b in slopes:
                    cov = (a * scale) ** 2 * weeks * walk + (b * scale) ** 2 * weeks**3 * bend
                    root = np.linalg.cholesky(cov + np.diag(diagonal + 1e-6 * scale**2))
                    self._roots.append((np.linalg.inv(root), 2 * np.log(np.diag(root)).sum(), root))
        self.shifts = self._family(self.places, self.lengths, (1.0,))
        every_week = range(0, max(_DURATION_DAYS) + 1, 7)
        self.fine_lengths = sorted({max(1, round(d / step_days)) for d in every_week})
        self.near_periods = max(_EDGE, round(_NEAR_DAYS / step_days))

    def _family(self, places, lengths, shapes):
        return Shifts(
            self.t,
            [
                (int(p), m, s)
                for m in lengths
                for s in (shapes if m > 1 else (1.0,))
                for p in places
            ],
            len(self._roots),
        )

    def _scale(self, weeks):
        span = max(1, round(4 / weeks))
        change = self.y[span:] - self.y[:-span]
        spread = 1.4826 * np.median(np.abs(change - np.median(change)))  # breaks are outliers
        return max(spread / np.sqrt(span * weeks), 1e-9)

    def _kernels(self):
        """Covariance of a random walk and of its integral at the periods seen."""
        s = self.t - self.t[0]
        low, high = np.minimum.outer(s, s), np.maximum.outer(s, s)
        return low, low**2 * (3 * high - low) / 6

    def _base(self, breaks):
        base = [np.ones(self.n), (self.t - self.t.mean()) / 52]
        for b in breaks:
            base += columns(self.t, *b)
        return np.column_stack(base)

    def _fits(self, breaks, ys):
        """Log likelihood by grid point and series, for given breaks."""
        x = self._base(breaks)
        out = []
        for white, logdet, _root in self._roots:
            q = np.linalg.qr(white @ x)[0]
            z = white @ ys
            rest = (z**2).sum(axis=0) - ((q.T @ z) ** 2).sum(axis=0)
            out.append(-0.5 * (logdet + rest))
        return np.array(out)

    def _fitted(self, breaks, ys, shifts, numbers):
        """With one more break, at each point of the grid: log likelihoods and shifts (candidates
        by series), and the precision of each candidate's shift."""
        x = self._base(breaks)
        for g, (white, logdet, _root) in enumerate(self._roots):
            q = np.linalg.qr(white @ x)[0]
            z = white @ ys
            z -= q @ (q.T @ z)
            r, s, rr, ss, rs = (a[..., numbers] for a in shifts.whitened(g, white))
            # projected off the base without building the projected columns
            qr, qs = q.T @ r, q.T @ s
            rr = rr - (qr * qr).sum(0)
            ss = ss - (qs * qs).sum(0)
            rs = rs - (qr * qs).sum(0)
            det = np.maximum(rr * ss - rs**2, 1e-9 * np.abs(rr * ss) + 1e-300)
            zr, zs = r.T @ z, s.T @ z  # z is off the base already
            gain = (ss / det)[:, None] * zr**2 + (rr / det)[:, None] * zs**2
            gain -= (2 * rs / det)[:, None] * zr * zs
            loglike = -0.5 * (logdet + (z**2).sum(axis=0) - gain)
            yield (
                loglike,
                (ss / det)[:, None] * zr - (rs / det)[:, None] * zs,
                det / np.maximum(ss, 1e-300),
            )

    def _scan(self, breaks, ys, shifts, numbers):
        """Best log likelihood over the grid with one more break: candidates by series."""
        found = (loglike for loglike, *_rest in self._fitted(breaks, ys, shifts, numbers))
        return functools.reduce(np.maximum, found)

    def _simulate(self, breaks, count):
        """Series from the model with these breaks, and its coefficients.

        Each series has its own wandering, drawn from the grid by likelihood: the best point
        alone would understate how much a slope may wander and so find breaks in it. Shocks are
        drawn from the residuals themselves, so that heavy tails are kept.
        """
        x = self._base(breaks)
        # restricted likelihood: the plain one takes fitted coefficients for known ones, and so
        # the wandering for smaller than it is
        fits = self._fits(breaks, self.y[:, None])[:, 0] - [
            np.linalg.slogdet((white @ x).T @ (white @ x))[1] / 2 for white, *_rest in self._roots
        ]
        weights = np.exp(_TEMPER * (fits - fits.max()))
        beta = self._regress(self._roots[int(np.argmax(fits))][0], x)[0]
        blocks = []
        for g, many in enumerate(self.rng.multinomial(count, weights / weights.sum())):
            if many:
                white, _logdet, root = self._roots[g]
                rest = self._regress(white, x)[1]
                shocks = (rest - rest.mean()) / rest.std()  # the grid point sets their size
                drawn = self.rng.choice(shocks, (self.n, many))
                blocks.append((x @ beta)[:, None] + root @ drawn)
        return np.hstack(blocks), beta

    def _regress(self, white, x):
        beta = np.linalg.lstsq(white @ x, white @ self.y, rcond=None)[0]
        return beta, white @ (self.y - x @ beta)

    def _test(self, breaks):
        """The best further break and its bootstrapped p-value."""
        numbers = self.shifts.apart(breaks, _EDGE)
        if not numbers:
            return None, 1.0
        sims, _beta = self._simulate(breaks, self.n_boot)
        ys = np.column_stack([self.y, sims])
        loglikes = self._scan(breaks, ys, self.shifts, numbers)
        gains = loglikes.max(axis=0) - self._fits(breaks, ys).max(axis=0)
        p = (1 + np.sum(gains[1:] >= gains[0])) / (1 + self.n_boot)
        return self.shifts.candidates[numbers[int(np.argmax(loglikes[:, 0]))]], float(p)

    def run(self, size, most):
        """The breaks as (break, p-value), by place; a break is (place, length, shape)."""
        breaks, p_values = [], []
        while len(breaks) < most:
            best, p = self._test(breaks)
            if best is None or p > size:
                break
            breaks.append(best)
            p_values.append(p)
            self._settle(breaks, lambda i: self.shifts)
        self._settle(breaks, lambda i: self._near(breaks[i], _SHAPES[:1]))
        return sorted(zip(breaks, p_values, strict=True))

    def _near(self, found, shapes=_SHAPES):
        """Breaks near one that was found, of every length."""
        places = self.places[np.abs(self.places - found[0]) <= self.near_periods]
        return self._family(places, self.fine_lengths, shapes)

    def _settle(self, breaks, family, sweeps=2):
        """Move each break to its best place, given the others."""
        for _sweep in range(sweeps):
            moved = False
            for i in range(len(breaks)):
                others, shifts = breaks[:i] + breaks[i + 1 :], family(i)
                numbers = shifts.apart(others, _EDGE)
                scan = self._scan(others, self.y[:, None], shifts, numbers)[:, 0]
                best = shifts.candidates[numbers[int(np.argmax(scan))]]
                moved |= best != breaks[i]
                breaks[i] = best
            if not moved or len(breaks) == 1:
                return

    def intervals(self, found, level):
        """Each break with intervals of place and change, as dicts."""
        breaks = [b for b, _p in found]
        if not breaks:
            return []
        from scipy.stats import chi2

        least = chi2.ppf(level, 1) / 2
        sims, beta = self._simulate(breaks, self.n_boot)
        ys = np.column_stack([self.y, sims])
        slopes = beta[1] + np.cumsum(np.r_[0, beta[3::2]])
        out = []
        for i, ((place, length, _shape), p_value) in enumerate(found):
            others, shifts = breaks[:i] + breaks[i + 1 :], self._near(breaks[i])
            change = beta[2 + 2 * i]
            numbers = shifts.apart(others, _EDGE)
            places = np.array([shifts.candidates[k][0] for k in numbers])
            profile, held, own = -np.inf, -np.inf, []
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
            out.append(
                {
                    "position": place,
                    "lower": min(int(inside.min()), place),
                    "upper": max(int(inside.max()), place),
                    "change": change,
                    "change_lower": min(np.nanmin(shift - reach), change),
                    "change_upper": max(np.nanmax(shift + reach), change),
                    "duration": length,
                    "slope_before": slopes[i] / 52,
                    "slope_after": slopes[i + 1] / 52,
                    "p_value": p_value,
                }
            )
        return out
