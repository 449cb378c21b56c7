# SPDX-License-Identifier: MIT
"""When a series had regained the level it had before an intervention."""

from statistics import NormalDist
from typing import Any

import numpy as np
import pandas as pd
from numpy.lib.stride_tricks import sliding_window_view

__all__ = ["regained"]

_WINDOW_DAYS = 28
_DRAWS = 400


def regained(found: Any) -> tuple[pd.Timestamp, ...]:
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
    seen, level = found.seen, found.level
    span = max(1, round(_WINDOW_DAYS / seen.step_days))
    split = int(seen.values.index.searchsorted(found.intervention))
    trained, horizon = slice(split - found.split, split), len(found.after)
    y = seen.values.to_numpy().copy()
    y[trained][~np.isfinite(found.values[: found.split])] = np.nan
    past = np.flatnonzero(np.isfinite(y[:split]))[-span:]
    if found.logs:  # zeros long before or after the horizon count as gaps
        y = np.log(np.where(y > 0, y, np.nan))
    sd = np.full(len(y), np.nanstd(np.diff(y[trained])) / np.sqrt(2))
    if seen.noise is not None and found.logs:
        sd = np.sqrt(seen.noise)
    none: Any = pd.NaT
    if len(y) - split < span:
        return none, none, none
    rng = np.random.default_rng(found.seed + 1)
    drawn = np.vstack([y, y + sd * rng.standard_normal((_DRAWS, len(y)))])
    after = pd.DataFrame(drawn[:, split:].T).interpolate(limit_direction="both").to_numpy().T
    base = drawn[:, past].mean(axis=1)[:, None]
    means = sliding_window_view(after, span, axis=1).mean(axis=-1)  # from each period on
    noise = np.sqrt(2 / span) * np.nanmean(sd[trained.start : split + horizon])
    if base[0] - means[0, :horizon].min() <= NormalDist().inv_cdf((1 + level) / 2) * noise:
        return none, none, none
    low = means[:, :horizon].argmin(axis=1)[:, None]
    back = (means >= base) & (np.arange(means.shape[1]) >= low)
    when = np.where(back.any(axis=1), split + back.argmax(axis=1), np.inf)
    tail, ordered = (1 - level) / 2, np.sort(when[1:])
    picks = [when[0], *ordered[[int(tail * _DRAWS), int(np.ceil((1 - tail) * _DRAWS)) - 1]]]
    return tuple(seen.values.index[int(p)] if np.isfinite(p) else none for p in picks)
