# SPDX-License-Identifier: MIT
"""When a series had regained the level it had before an intervention."""

from statistics import NormalDist

import numpy as np
import pandas as pd

__all__ = ["regained"]

_WINDOW_DAYS = 28
_DRAWS = 400


def regained(found):
    """Day on which the level from before an intervention was regained, with an interval.

    The level from before is the mean of the last 28 days before the intervention. It was lost
    when the lowest 28-day mean within the horizon lies below it by more than the noise of two
    such means. After that lowest mean, the day is the first period from which the mean of 28
    days is at that level again. The whole rest of the data is searched, not only the horizon.

    **Identification.** None is needed: this compares the series with itself. It says when the
    old level was back, not when the network stood where it would have stood without the
    intervention; that is later, for a network that grows. The interval holds the counting noise
    of the hash rate (or, for other series, the spread of single periods within 28 days); a
    level that was only brushed makes it wide.

    Parameters
    ----------
    found : Effect

    Returns
    -------
    tuple of pandas.Timestamp
        Day, lower, upper bound; NaT where it is not reached within the data in so many draws,
        and all NaT for a series that did not fall.

    Examples
    --------
    >>> from minelib.impact import effect
    >>> far, near = (effect("2021-05-21", horizon_days=d, covariates=()) for d in (900, 90))
    >>> far.recovery == near.recovery
    True
    """
    level = found.level
    span = max(1, round(_WINDOW_DAYS / found.step_days))
    full = found.full
    split = int(full.index.searchsorted(found.intervention))
    left = ~np.isfinite(found.values[: found.split])
    values = full.to_numpy().copy()
    first = split - found.split
    values[first:split][left] = np.nan
    past = np.flatnonzero(np.isfinite(values[:split]))[-span:]
    if found.logs:  # zeros long before or after the horizon count as gaps
        values[values <= 0] = np.nan
    y = np.log(values) if found.logs else values
    horizon = len(found.after)
    if found.noise is not None and found.logs:
        sd = np.sqrt(found.noise)
    else:
        sd = np.full(len(y), np.nanstd(np.diff(y[first:split])) / np.sqrt(2))
    base, means = _means(y, past, split, span)
    noise = np.sqrt(2 / span) * np.nanmean(sd[first : split + horizon])
    beyond = NormalDist().inv_cdf((1 + level) / 2) * noise
    if not len(means) or base - means[:horizon].min() <= beyond:
        return pd.NaT, pd.NaT, pd.NaT
    rng = np.random.default_rng(found.seed + 1)
    when = np.array(
        [
            _first(y + (sd * rng.standard_normal(len(y)) if i else 0), past, split, span, horizon)
            for i in range(_DRAWS + 1)
        ]
    )
    tail = (1 - level) / 2
    ordered = np.sort(when[1:])
    picks = [when[0], *ordered[[int(tail * _DRAWS), int(np.ceil((1 - tail) * _DRAWS)) - 1]]]
    return tuple(full.index[int(p)] if np.isfinite(p) else pd.NaT for p in picks)


def _means(y, past, split, span):
    """The level from before, and the mean of ``span`` periods from each one after it on."""
    after = y[split:]
    if np.isnan(after).any():
        after = pd.Series(after).interpolate(limit_direction="both").to_numpy()
    if len(after) < span:
        return y[past].mean(), np.empty(0)
    return y[past].mean(), np.convolve(after, np.ones(span) / span, mode="valid")


def _first(y, past, split, span, horizon):
    """Position of the first period from which the mean is back, or inf."""
    base, means = _means(y, past, split, span)
    low = int(np.argmin(means[:horizon]))
    back = np.flatnonzero(means[low:] >= base)
    return split + low + back[0] if len(back) else np.inf
