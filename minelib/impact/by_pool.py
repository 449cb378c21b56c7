# SPDX-License-Identifier: MIT
"""Hash rate, steps and paths of single pools and of groups of pools."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from minelib import chain
from minelib.checks import between, one_of
from minelib.checks.door import Day, Names, Number
from minelib.errors import UnknownName
from minelib.pools.shares import groups_of

__all__ = ["pool_paths", "pool_rates", "pool_steps"]

_BY = ("pool", "founded", "home")
_LEAST = 250  # blocks of a pool, for its steps to be searched unless it is asked for by name


def pool_rates(
    by: str = "pool",
    freq: str = "W",
    start: Day | None = None,
    end: Day | None = None,
    *,
    labels: str = "2025",
    times: str = "in_order",
    level: Number = 0.9,
) -> pd.DataFrame:
    """Hash rate of each pool, or group of pools, with the exact interval of its count of blocks.

    Parameters
    ----------
    by : {"pool", "founded", "home"}
        Single pools, or groups as in `minelib.pools.share`.
    freq : any offset of pandas
        As in `minelib.chain.hash_rate`: ``"W"`` for weeks from Monday.
    start, end : date-like or None
        First and last day (UTC), both inclusive, from January 2020 to April 2026.
    labels : {"2025", "2026"}
        Labelling that names the pools; the older one ends on 27 March 2026.
    times : {"in_order", "median"}
        Treatment of header times that run backwards.
    level : float
        Of the intervals, between 0 and 1, exclusive.

    Returns
    -------
    pandas.DataFrame
        One row per window and pool or group, also where it found nothing: ``date`` (start of the
        window), ``pool`` or ``group`` (key), ``blocks`` (int), ``hashrate_eh_s``,
        ``lower_eh_s``, ``upper_eh_s`` (float, EH/s). Windows without a block, and those
        that the labelling does not reach, are left out.

    Raises
    ------
    OutOfCoverage, UnknownName, BadParameter
        As in `minelib.chain.hash_rate`; another `by`.

    Notes
    -----
    A count of blocks is Poisson around what the pool's hash rate gives, so the interval is
    Garwood's, exact however few blocks there are; none leaves an upper bound. It holds the luck
    of the draw, not mistakes of the labels.

    Examples
    --------
    >>> june = pool_rates("founded", "W", "2021-06-07", "2021-07-04").set_index("group")
    >>> china = june.loc["china", "hashrate_eh_s"]
    >>> bool(china.iloc[-1] < 0.8 * china.iloc[0])
    True
    """
    between("level", level, 0, 1, exclusive=True)
    key = "pool" if one_of("by", by, _BY) == "pool" else "group"
    windows = chain.hash_rate(freq, start, end, level, times=times)
    blocks = chain.block_times(start, end, times=times, labels=labels)
    at = windows.index.searchsorted(blocks["time"], side="right") - 1
    named = blocks["pool"] if by == "pool" else blocks["pool"].map(groups_of(by))
    counts = pd.crosstab(at, named.to_numpy())
    kept = counts.index[(counts.sum(axis=1) == np.bincount(at[at >= 0])[counts.index])]
    counts = counts.loc[kept[kept >= 0]]
    each = windows["hashrate_eh_s"] / windows["blocks"].where(windows["blocks"] > 0)
    counts.index = windows.index[counts.index]
    long = counts.rename_axis(index="date", columns=key).melt(
        ignore_index=False, value_name="blocks"
    )
    lower, upper = chain.poisson_interval(long["blocks"].to_numpy(), level)
    unit = each.reindex(long.index).to_numpy(float)
    long = long.assign(
        hashrate_eh_s=long["blocks"] * unit, lower_eh_s=lower * unit, upper_eh_s=upper * unit
    )
    return long.reset_index().sort_values(["date", key], ignore_index=True)


def pool_steps(
    by: str = "pool",
    start: Day | None = None,
    end: Day | None = None,
    *,
    pools: str | Names | None = None,
    labels: str = "2025",
    times: str = "in_order",
    level: Number = 0.9,
) -> pd.DataFrame:
    """Steps of the hash rate of each pool, or of each group of pools.

    Parameters
    ----------
    by : {"pool", "founded", "home"}
        Single pools, or groups as in `minelib.pools.share`.
    start, end, labels, times, level
        As in `minelib.chain.steps`.
    pools : str or list of str, optional
        Only these pools or groups (keys). Otherwise all with 250 blocks or more.

    Returns
    -------
    pandas.DataFrame
        As `minelib.chain.steps` gives it, with ``pool`` or ``group`` first. A pool without a
        step has no row.

    Raises
    ------
    OutOfCoverage, UnknownName, BadParameter
        As in `minelib.chain.steps`: a pool asked for with fewer than 200 blocks among them.

    Notes
    -----
    The threshold of `minelib.chain.steps` holds for one search; among a dozen pools a false step
    a year is likely. A change of labels, or of the pool that a farm points to, is a step of a
    pool and none of the network.

    Examples
    --------
    >>> found = pool_steps("founded", "2021-06-01", "2021-06-30", pools="china")
    >>> bool((found["change_pct"] < 0).all())
    True
    """
    return _each(chain.steps, by, pools, start, end, labels, times=times, level=level)


def pool_paths(
    by: str = "pool",
    start: Day | None = None,
    end: Day | None = None,
    *,
    pools: str | Names | None = None,
    labels: str = "2025",
    times: str = "in_order",
    level: Number = 0.9,
) -> pd.DataFrame:
    """A smooth path of the hash rate of each pool, or of each group of pools.

    Parameters
    ----------
    by, start, end, pools, labels, times, level
        As in `pool_steps`.

    Returns
    -------
    pandas.DataFrame
        ``pool`` or ``group``, then as `minelib.chain.rate_path` gives it: ``time``,
        ``hashrate_eh_s``, ``lower_eh_s``, ``upper_eh_s`` (float, EH/s).

    Raises
    ------
    OutOfCoverage, UnknownName, BadParameter
        As in `pool_steps`.

    Examples
    --------
    >>> path = pool_paths("founded", "2021-06-01", "2021-06-30", pools="elsewhere")
    >>> bool((path["lower_eh_s"] < path["upper_eh_s"]).all())
    True
    """
    return _each(chain.rate_path, by, pools, start, end, labels, times=times, level=level)


def _each(
    function: Callable[..., pd.DataFrame],
    by: str,
    pools: str | Names | None,
    start: Day | None,
    end: Day | None,
    labels: str,
    **how: object,
) -> pd.DataFrame:
    key = "pool" if one_of("by", by, _BY) == "pool" else "group"
    counts = chain.block_times(start, end, labels=labels)["pool"].value_counts()
    groups = pd.Series(counts.index, counts.index) if by == "pool" else groups_of(by)
    groups = groups.reindex(counts.index).fillna("unknown")
    totals = counts.groupby(groups).sum().sort_values(ascending=False)
    asked = [pools] if isinstance(pools, str) else pools
    if asked is None:
        asked = list(totals.index[totals >= _LEAST])
    parts = []
    for name in asked:
        if by != "pool" and name not in totals.index:
            raise UnknownName("home", name, list(totals.index))
        members = list(groups.index[groups == name]) or [name]  # an unknown one is refused there
        found = function(start, end, pools=members, labels=labels, **how)
        found = found.reset_index() if found.index.name is not None else found
        parts.append(found.assign(**{key: name})[[key, *found]])
    return pd.concat(parts, ignore_index=True)
