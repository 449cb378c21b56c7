# SPDX-License-Identifier: MIT
"""The published map re-read: what other stories about proxies and about the sample make of it."""

from functools import cache

import pandas as pd

from minelib.catalog import load
from minelib.catalog.columns import vocabulary
from minelib.checks import one_of

__all__ = ["SAMPLES", "SAMPLE_STORIES", "VPNS", "VPN_STORIES", "sampling"]


VPN_STORIES, SAMPLE_STORIES = vocabulary("vpn"), vocabulary("sample")
VPNS, SAMPLES = tuple(VPN_STORIES), tuple(SAMPLE_STORIES)

# Where the miners of the pool that joined stand: its state map and its founders place them in
# North America, and its hash rate fits into what the map shows there in every month.
JOINED_HOME = ("usa", "canada")


def sampling() -> pd.DataFrame:
    """What the mining map rests on, month by month.

    The share of the network that was sampled is the share of blocks the contributing pools
    found, which needs no word of the publisher. Where a release does not name its pools, those
    of the release before are taken.

    Returns
    -------
    pandas.DataFrame
        One row per month: ``month`` (datetime64), ``release`` that first covered the month,
        ``pools`` (keys joined by semicolons), ``sampled_pct``, ``first_pools_pct`` (the pools
        of the first release), ``joined_pct`` (pools that joined later and are in the sample;
        0 before), all in percent of the world's blocks.

    Notes
    -----
    That a pool's miners are in the map from the first month of the release that names it is an
    assumption. Months of earlier releases kept their values, so it cannot have begun before.

    Examples
    --------
    >>> sampling().set_index("month").loc["2022-01-01", "pools"]
    'btccom;poolin;viabtc;foundryusa'
    """
    return _sampling().copy()


@cache
def _sampling():
    pools = _contributing_pools()
    release = load("country_share").groupby("month")["first_covered_by"].first().rename("release")
    named = release.map(pools).str.get_dummies(";")[pools.str.split(";").explode().unique()]
    found = named * blocks_by_pool().loc[named.index, named.columns]
    first = first_pools()
    frame = pd.DataFrame({"release": release, "pools": release.map(pools)})
    frame["sampled_pct"] = found.sum(axis=1)
    frame["first_pools_pct"] = found[first].sum(axis=1)
    frame["joined_pct"] = found.drop(columns=first).sum(axis=1)
    return frame.reset_index()


def _contributing_pools():
    """The pools of each release, oldest first; of the release before where it names none."""
    releases = load("map_releases").sort_values("release_date")
    return releases.set_index("release")["contributing_pools"].ffill()


def first_pools() -> list[str]:
    """The pools of the first release."""
    return _contributing_pools().iloc[0].split(";")


def blocks_by_pool() -> pd.DataFrame:
    """Shares of the world's blocks in percent: months in rows, pools in columns."""
    return load("pool_share").pivot_table(
        index="month", columns="pool", values="share_pct", aggfunc="sum", fill_value=0.0
    )


def shares(vpn: str = "as_published", sample: str = "as_published") -> pd.DataFrame:
    """Shares of the world in percent under one story: months in rows, places in columns.

    ``vpn``: Germany and Ireland as published, counted as China (``to_china``), or left out and
    the rest scaled to 100 (``removed``). ``sample``: as published; what the first pools alone
    saw (``without_joined``); or the pool that joined with the weight it has in the network and
    all other pools like the first (``reweighted``).
    """
    return _shares(one_of("vpn", vpn, VPNS), one_of("sample", sample, SAMPLES)).copy()


@cache
def _shares(vpn, sample):
    wide = published().copy()
    if sample != "as_published":
        first, there, joined = _first_pools()
        wide = first.div(first.sum(axis=1), axis=0) * 100
        if sample == "reweighted":
            wide = wide.mul(1 - joined / 100, axis=0).add(there, fill_value=0.0)
    flagged = _flagged()
    if vpn == "to_china":
        wide["china"] += wide[flagged].sum(axis=1)
        wide[flagged] = 0.0
    elif vpn == "removed":
        total = wide.sum(axis=1)
        wide[flagged] = 0.0
        wide = wide.mul(total / wide.sum(axis=1), axis=0)
    return wide


@cache
def published(value: str = "share_pct") -> pd.DataFrame:
    """A column of the published map: months in rows, places in columns."""
    return load("country_share").pivot(index="month", columns="place", values=value)


def _flagged():
    table = load("country_share")
    return sorted(table.loc[table["vpn_flag"], "place"].unique())


@cache
def _seen():
    """What the sample itself holds, in percent of the world's hash rate: share x sampled."""
    sampled = _sampling().set_index("month")["sampled_pct"]
    wide = published()
    return wide.div(wide.sum(axis=1), axis=0).mul(sampled, axis=0)


@cache
def _first_pools():
    """What the first pools hold, what the pool that joined holds by place, and its total."""
    seen, home = _seen(), list(JOINED_HOME)
    at_home = seen[home].sum(axis=1)
    joined = _sampling().set_index("month")["joined_pct"].clip(upper=at_home)
    there = seen[home].div(at_home, axis=0).mul(joined, axis=0)
    return seen.sub(there, fill_value=0.0), there, joined


@cache
def sample_bounds(
    vpn: str = "as_published", sample: str = "as_published"
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Bounds of every share, in percent, if nothing is assumed about the unsampled network.

    The lower one is what the sample holds of the place, the upper one adds all of the network
    that no pool in the sample found. Two wide frames, lower and upper.
    """
    seen = (_first_pools()[0] if sample == "without_joined" else _seen()).copy()
    flagged = _flagged()
    if vpn != "as_published":
        if vpn == "to_china":
            seen["china"] += seen[flagged].sum(axis=1)
        seen[flagged] = 0.0
    return seen, seen.add(100 - seen.sum(axis=1), axis=0)


@cache
def extremes() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Lowest and highest share of each place over all stories, as two wide frames.

    A story that would leave what the sample itself shows is cut there: without the pool that
    joined, the rest of the network is not free to hold less than that pool's miners.
    """
    every = [shares(v, s).clip(*sample_bounds(v), axis=None) for v in VPNS for s in SAMPLES]
    stacked = pd.concat(every, keys=range(len(every)))
    grouped = stacked.groupby(level=1)
    return grouped.min(), grouped.max()
