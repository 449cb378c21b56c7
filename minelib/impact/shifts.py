# SPDX-License-Identifier: MIT
"""The shifts that the search for breaks tries: where, over how long, and in what course."""

import numpy as np

__all__ = ["Shifts", "columns"]

_MOST_BYTES = 2e8


def columns(t, place, length, shape):
    """The two regressors of a break: its shift of the level and its change of the slope.

    Parameters
    ----------
    t : numpy.ndarray
        Periods, ascending.
    place : int
        Position of the first period that shows the break.
    length : int
        Periods over which the shift builds up.
    shape : float
        Power of the build-up: 1 even, below 1 mostly early, above 1 mostly late.

    Returns
    -------
    tuple of numpy.ndarray
        The shift from 0 to 1, and the time since its end in years of 52 periods.

    Examples
    --------
    >>> columns(np.arange(4.0), 1, 2, 1.0)[0].tolist()
    [0.0, 0.5, 1.0, 1.0]
    """
    age = t - t[place] + 1
    return np.clip(age / length, 0, 1) ** shape, np.clip(age - length, 0, None) / 52


class Shifts:
    """A family of candidate breaks, whitened once for each point of the grid.

    Parameters
    ----------
    t : numpy.ndarray
    candidates : list of tuple
        (place, length, shape).
    grid_size : int
        Points of the grid, to judge whether the whitened columns may be kept.
    """

    def __init__(self, t, candidates, grid_size):
        self.candidates = candidates
        pairs = [columns(t, *c) for c in candidates]
        self._ramps, self._bends = (np.column_stack([p[i] for p in pairs]) for i in (0, 1))
        self._keep = 2 * self._ramps.nbytes * grid_size < _MOST_BYTES
        self._kept = {}

    def whitened(self, number, white):
        """Ramps and bends under the whitening of grid point ``number``, with their products."""
        if number in self._kept:
            return self._kept[number]
        r, s = white @ self._ramps, white @ self._bends
        made = r, s, (r * r).sum(0), (s * s).sum(0), (r * s).sum(0)
        if self._keep:
            self._kept[number] = made
        return made

    def apart(self, others, distance):
        """Numbers of the candidates that keep their distance from other breaks."""
        return [
            i
            for i, (place, length, _shape) in enumerate(self.candidates)
            if all(
                place >= p + m + distance - 1 or place + length + distance - 1 <= p
                for p, m, _s in others
            )
        ]
