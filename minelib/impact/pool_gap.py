# SPDX-License-Identifier: MIT
"""Pools founded in China against the others: a second way to identify the fall of 2021."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from minelib.chain import LABELS, TIMES, block_times
from minelib.checks import as_day, between, whole
from minelib.checks.door import Day, Number, Whole
from minelib.errors import OutOfCoverage, by_refresh
from minelib.pools.shares import groups_of

__all__ = ["pool_contrast"]

_WEEK = pd.Timedelta(days=7)
# no placebo window reaches into the outage, the crackdown, or the months to the end of 2021 in
# which pools and exchanges turned their users in mainland China away
_STORY = pd.Timestamp("2021-04-12"), pd.Timestamp("2021-12-31")
_FIRST_NEWER = pd.Timestamp("2021-01-01")  # the newer labelling repeats the older one before
_LEAST_SHARE = 0.02
_POWER = 0.8


def pool_contrast(
    intervention: Day,
    weeks: Whole = 6,
    *,
    level: Number = 0.9,
    leave_out: bool = True,
    times: str = TIMES[0],
) -> pd.DataFrame:
    """How much more the pools founded in China lost than the others, before and after a day.

    Parameters
    ----------
    intervention : date-like
        First day of the first week after (UTC).
    weeks : int
        Weeks compared on either side, at least 3.
    level : float
        Of the intervals, between 0 and 1, exclusive.
    leave_out : bool
        Whether the estimate is made again without each pool that found 2 % of the blocks.
    times : {"in_order", "median"}
        Treatment of header times that run backwards; see `minelib.chain.block_times`.

    Returns
    -------
    pandas.DataFrame
        One row per specification: ``labels`` (which labelling), ``with_trend`` (bool: a straight
        trend of the log ratio through both sides is allowed for, and only what breaks it
        counts), ``without`` (the pool left out; missing for all pools). ``change_pct`` (float,
        percent: hash rate of pools founded in China, after over before, relative to the others);
        ``lower_pct``, ``upper_pct``: the estimate less the quantiles of placebo dates;
        ``model_lower_pct``, ``model_upper_pct``: by the regression alone, with standard errors
        that bear autocorrelation (Newey and West); ``p_value``: share of placebo dates with an
        estimate as far from zero, the intervention among them; ``smallest_pct``: the smallest
        fall that would have been told from zero in 80 of 100 cases; ``china_pct``: share of the
        pools founded in China in the blocks of both groups before; ``placebos`` (int).

    Raises
    ------
    BadParameter
        Fewer than three weeks, a level outside (0, 1), another treatment of times.
    OutOfCoverage
        Weeks outside the blocks, or too few placebo dates.

    Notes
    -----
    **Identification.** All pools find blocks at one difficulty, so the weekly count of one group
    over that of the other is the ratio of their hash rates, and whatever moves both alike (price,
    luck of the network, difficulty) drops out. The change of its log is the effect on machines in
    China if, without the intervention, both groups had gone on in step, and if pools founded in
    China held the machines in China and the others none. Neither holds fully: machines abroad in
    pools founded in China, and machines in China in others, pull the estimate towards zero;
    machines that moved abroad *and* changed their pool count on both sides and push it away from
    zero. It is therefore no bound. Pools of unknown founding are in neither group: the newer
    labelling has more of them.

    The log ratio of counts with a half added to each (the empirical logit of D. R. Cox and E. J.
    Snell, Analysis of Binary Data, 1989), weighted by its Poisson variance. Placebo dates are
    weeks apart, from 2020 to 2026, with windows that keep clear of April to December 2021 (and,
    for the newer labelling, of the day at which it begins); neighbours overlap, so that they
    count for fewer than there are.

    Examples
    --------
    >>> gap = pool_contrast("2021-06-09", leave_out=False).set_index(["labels", "with_trend"])
    >>> bool((gap["upper_pct"].xs(False, level="with_trend") < 0).all())
    True
    """
    between("level", level, 0, 1, exclusive=True)
    weeks, day = whole("weeks", weeks, 3), as_day("intervention", intervention)
    founded, rows = groups_of("founded"), []
    for labels in LABELS:
        blocks = block_times(labels=labels, times=times).dropna(subset=["pool"])
        counts = pd.crosstab(blocks["time"].dt.normalize(), blocks["pool"])
        counts = counts.iloc[:-1]  # the last day may be cut
        own = counts[counts.columns[founded.reindex(counts.columns).isin(["china", "elsewhere"])]]
        starts = _placebos(pd.DatetimeIndex(own.index), day, weeks, labels)
        near = own.loc[day - weeks * _WEEK : day + weeks * _WEEK].sum()
        big = near.index[near >= _LEAST_SHARE * near.sum()]
        for without in [None, *(big if leave_out else ())]:
            left = own if without is None else own.drop(columns=without)
            pair = left.T.groupby(founded.reindex(left.columns)).sum().T
            pair = pair.reindex(columns=["china", "elsewhere"], fill_value=0)
            windows = _windows(pair, [day, *starts], weeks)
            for trend in (False, True):
                row = {"labels": labels, "with_trend": trend, "without": without or pd.NA}
                rows.append(row | _estimate(windows, weeks, trend, float(level)))
    found = pd.DataFrame(rows).astype({"labels": "str", "without": "string"})
    order = found["without"].notna().astype(int).sort_values(kind="stable").index
    return found.loc[order].reset_index(drop=True)


def _placebos(days: pd.DatetimeIndex, day: pd.Timestamp, weeks: int, labels: str) -> list:
    """Days whole weeks from the intervention, the windows of which have nothing in them."""
    first, last, half = days[0], days[-1], weeks * _WEEK
    if not first <= day - half or not day + half <= last + pd.Timedelta(days=1):
        asked = f"{day - half:%Y-%m-%d} – {day + half:%Y-%m-%d}"
        covered = f"{first:%Y-%m-%d} – {last:%Y-%m-%d}"
        raise OutOfCoverage("blocks", asked, covered, by_refresh())

    def clear(at: pd.Timestamp) -> bool:
        outside = at + half <= _STORY[0] or at - half > _STORY[1]
        apart = at + half <= day - half or at - half >= day + half
        joint = labels == "2026" and at - half < _FIRST_NEWER < at + half
        return outside and apart and not joint

    def every() -> Iterator[pd.Timestamp]:
        at = day - (day - half - first) // _WEEK * _WEEK
        while at + half <= last + pd.Timedelta(days=1):
            yield at
            at += _WEEK

    found = [at for at in every() if clear(at)]
    if len(found) < 20:
        span = f"{2 * weeks}"
        raise OutOfCoverage("blocks", span, f"{first:%Y-%m-%d} – {last:%Y-%m-%d}")
    return found


def _windows(pair: pd.DataFrame, starts: list, weeks: int) -> NDArray[np.float64]:
    """Weekly counts around each day: days x weeks x (founded in China, elsewhere)."""
    sums = np.vstack([np.zeros(2), pair.to_numpy(float).cumsum(axis=0)])
    at = pair.index.searchsorted(pd.DatetimeIndex(starts))
    edges = at[:, None] + 7 * np.arange(-weeks, weeks + 1)
    return np.diff(sums[edges], axis=1)


def _estimate(
    windows: NDArray[np.float64], weeks: int, trend: bool, level: float
) -> dict[str, float]:
    """The first of the windows against all the others."""
    from statsmodels.regression.linear_model import WLS

    a, b = windows[..., 0] + 0.5, windows[..., 1] + 0.5
    ratio, weight = np.log(a / b), 1 / (1 / a + 1 / b)
    week = np.arange(2 * weeks)
    design = np.column_stack([np.ones(2 * weeks), week >= weeks, week - weeks + 0.5])
    design = design[:, : 3 if trend else 2].astype(float)
    inner = np.einsum("wi,nw,wj->nij", design, weight, design)
    right = np.einsum("wi,nw,nw->ni", design, weight, ratio)
    size, *placebos = np.linalg.solve(inner, right[..., None])[:, 1, 0]
    low, high, most = np.quantile(placebos, [(1 - level) / 2, (1 + level) / 2, _POWER])
    fit = WLS(ratio[0], design, weight[0]).fit(cov_type="HAC", cov_kwds={"maxlags": 2})
    model_low, model_high = fit.conf_int(1 - level)[1]
    before = windows[0, :weeks].sum(axis=0)
    names = "change lower upper model_lower model_upper smallest"
    sizes = [size, size - high, size - low, model_low, model_high, low - most]
    beyond = np.sum(np.abs(placebos) >= abs(size))
    return {
        **{f"{n}_pct": 100 * np.expm1(s) for n, s in zip(names.split(), sizes, strict=True)},
        "p_value": (1 + beyond) / (1 + len(placebos)),
        "china_pct": 100 * before[0] / before.sum(),
        "placebos": len(placebos),
    }
