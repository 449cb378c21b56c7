# SPDX-License-Identifier: MIT
"""The likelihood search for breaks in a wandering series (used by `breakpoints`)."""

import numpy as np

__all__ = ["Search"]

_LEVELS = np.geomspace(0.35, 1.7, 6)  # relative to the typical weekly move
_SLOPES = np.array([0.005, 0.02, 0.05, 0.12])
_NOISES = np.array([0.1, 0.6, 1.3])
_DURATION_DAYS = (0, 14, 28, 42, 56)
_EDGE = 4  # periods between breaks, and from the ends
_MOST_PLACES = 260
_LONG = 500
_MOST_BYTES = 2e8
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
        self.candidates = [(int(p), m) for m in self.lengths for p in self.places]
        self._kept = {}
        self._number = {c: i for i, c in enumerate(self.candidates)}
        pairs = [self._columns(*c) for c in self.candidates]
        self._ramps = np.column_stack([p[0] for p in pairs])
        self._bends = np.column_stack([p[1] for p in pairs])

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

    def _columns(self, place, length):
        age = self.t - self.t[place] + 1
        return np.clip(age / length, 0, 1), np.clip(age - length, 0, None) / 52

    def _base(self, breaks):
        columns = [np.ones(self.n), (self.t - self.t.mean()) / 52]
        for place, length in breaks:
            columns += self._columns(place, length)
        return np.column_stack(columns)

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

    def _scan(self, breaks, ys, candidates=None):
        """Best log likelihood over the grid with one more break: candidates by series."""
        candidates = self.candidates if candidates is None else candidates
        numbers = [self._number[c] for c in candidates]
        x = self._base(breaks)
        best = None
        for g, (white, logdet, _root) in enumerate(self._roots):
            q = np.linalg.qr(white @ x)[0]
            z = white @ ys
            z -= q @ (q.T @ z)
            r, s, rr, ss, rs = self._whitened(g, white)
            # projected off the base without building the projected columns
            qr, qs = q.T @ r, q.T @ s
            rr = rr - (qr * qr).sum(0)
            ss = ss - (qs * qs).sum(0)
            rs = rs - (qr * qs).sum(0)
            det = np.maximum(rr * ss - rs**2, 1e-9 * np.abs(rr * ss) + 1e-300)
            zr, zs = r.T @ z, s.T @ z  # z is off the base already
            gain = (ss / det)[:, None] * zr**2 + (rr / det)[:, None] * zs**2
            gain -= (2 * rs / det)[:, None] * zr * zs
            gain = gain[numbers]
            loglike = -0.5 * (logdet + (z**2).sum(axis=0) - gain)
            best = loglike if best is None else np.maximum(best, loglike)
        return best

    def _whitened(self, g, white):
        """Columns of all candidates, whitened, with their squares; kept if they are small."""
        if g in self._kept:
            return self._kept[g]
        r, s = white @ self._ramps, white @ self._bends
        made = r, s, (r * r).sum(0), (s * s).sum(0), (r * s).sum(0)
        if r.nbytes * 2 * len(self._roots) < _MOST_BYTES:
            self._kept[g] = made
        return made

    def _free(self, breaks):
        """Candidates that keep their distance from the breaks there are."""
        return [
            c for c in self.candidates
            if all(c[0] >= p + m + _EDGE - 1 or c[0] + c[1] + _EDGE - 1 <= p for p, m in breaks)
        ]  # fmt: skip

    def _simulate(self, breaks, count):
        """Series from the model with these breaks; coefficients; the most likely grid point.

        Each series has its own wandering, drawn from the grid by likelihood: the best point
        alone would understate how much a slope may wander and so find breaks in it. Shocks are
        drawn from the residuals themselves, so that heavy tails are kept.
        """
        fits = self._fits(breaks, self.y[:, None])[:, 0]
        which = int(np.argmax(fits))
        weights = np.exp(_TEMPER * (fits - fits.max()))
        x = self._base(breaks)
        blocks = []
        for g, many in enumerate(self.rng.multinomial(count, weights / weights.sum())):
            if many:
                white, _logdet, root = self._roots[g]
                beta, rest = self._regress(white, x)
                shocks = (rest - rest.mean()) / rest.std()  # the grid point sets their size
                drawn = self.rng.choice(shocks, (self.n, many))
                blocks.append((x @ beta)[:, None] + root @ drawn)
        return np.hstack(blocks), self._regress(self._roots[which][0], x)[0], which

    def _regress(self, white, x):
        beta = np.linalg.lstsq(white @ x, white @ self.y, rcond=None)[0]
        return beta, white @ (self.y - x @ beta)

    def _test(self, breaks):
        """The best further break and its bootstrapped p-value."""
        candidates = self._free(breaks)
        if not candidates:
            return None, 1.0
        sims, _beta, _which = self._simulate(breaks, self.n_boot)
        ys = np.column_stack([self.y, sims])
        loglikes = self._scan(breaks, ys, candidates)
        gains = loglikes.max(axis=0) - self._fits(breaks, ys).max(axis=0)
        p = (1 + np.sum(gains[1:] >= gains[0])) / (1 + self.n_boot)
        return candidates[int(np.argmax(loglikes[:, 0]))], float(p)

    def run(self, size, most):
        """The breaks as (place, length, p-value), by place."""
        breaks, p_values = [], {}
        while len(breaks) < most:
            best, p = self._test(breaks)
            if best is None or p > size:
                break
            breaks.append(best)
            p_values[len(breaks) - 1] = p
            if len(breaks) > 1:
                self._settle(breaks)
        return sorted((b[0], b[1], p_values[i]) for i, b in enumerate(breaks))

    def _settle(self, breaks, sweeps=2):
        for _sweep in range(sweeps):
            moved = False
            for i in range(len(breaks)):
                others = breaks[:i] + breaks[i + 1 :]
                candidates = self._free(others)
                scan = self._scan(others, self.y[:, None], candidates)[:, 0]
                best = candidates[int(np.argmax(scan))]
                moved |= best != breaks[i]
                breaks[i] = best
            if not moved:
                return

    def intervals(self, found, level):
        """Each break with intervals of place and change, as dicts."""
        breaks = [(p, m) for p, m, _p in found]
        if not breaks:
            return []
        from scipy.stats import chi2

        least = chi2.ppf(level, 1) / 2
        sims, beta, which = self._simulate(breaks, self.n_boot)
        ys = np.column_stack([self.y, sims])
        out = []
        for i, (place, length, p_value) in enumerate(found):
            others = breaks[:i] + breaks[i + 1 :]
            candidates = self._free(others)
            scan = self._scan(others, ys, candidates)
            places = np.array([c[0] for c in candidates])
            profile = np.array([scan[places == p].max(axis=0) for p in np.unique(places)])
            at = int(np.flatnonzero(np.unique(places) == place)[0])
            short = profile.max(axis=0) - profile[at]  # by how much the true place falls short
            # never below the usual limit of a likelihood ratio: the real shift is no clean ramp
            critical = max(np.quantile(short[1:], level), least)
            inside = np.unique(places)[profile[:, 0].max() - profile[:, 0] <= critical]
            picks = [candidates[k] for k in np.argmax(scan[:, 1:], axis=0)]
            moved = np.array([
                self._coefficients(others, c, sims[:, k], which)[2 + 2 * len(others)]
                for k, c in enumerate(picks)
            ])  # fmt: skip
            change = beta[2 + 2 * i]
            tail = (1 - level) / 2
            errors = np.quantile(moved - change, [1 - tail, tail])
            slopes = beta[1] + np.cumsum(np.r_[0, beta[3::2]])
            out.append(
                {
                    "position": place, "lower": min(int(inside.min()), place),
                    "upper": max(int(inside.max()), place), "change": change,
                    "change_lower": change - errors[0], "change_upper": change - errors[1],
                    "duration": length, "slope_before": slopes[i] / 52,
                    "slope_after": slopes[i + 1] / 52, "p_value": p_value,
                }
            )  # fmt: skip
        return out

    def _coefficients(self, others, candidate, y, which):
        white = self._roots[which][0]
        x = self._base([*others, candidate])
        return np.linalg.lstsq(white @ x, white @ y, rcond=None)[0]
