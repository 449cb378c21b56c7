# SPDX-License-Identifier: MIT
"""Where the hash rate was, by country and by Chinese province, with what the map rests on."""

from collections.abc import Collection
from itertools import product
from typing import Any

import pandas as pd

from minelib.catalog import load
from minelib.checks import as_month, covered, within
from minelib.checks.door import Day, Names
from minelib.errors import BadParameter
from minelib.geography import stories
from minelib.geography.places import place_keys
from minelib.words import gettext as _

__all__ = ["by_country", "by_province", "sensitivity"]


def covered_month(value: object, months: Collection[Any], name: str = "month") -> pd.Timestamp:
    """The month, when it is one of ``months`` of the mining map.

    Raises
    ------
    BadParameter
        Not a month.
    OutOfCoverage
        A month that is not there.
    """
    wanted = as_month(name, value)
    return covered(_("The mining map"), wanted, wanted, months, as_month)[0]


def span(frame: pd.DataFrame, start: object, end: object, what: str) -> pd.DataFrame:
    """Rows of ``frame`` from month ``start`` to month ``end``, both inclusive.

    Raises
    ------
    BadParameter
        Not months, or in the wrong order.
    OutOfCoverage
        Nothing lies between them.
    """
    return within(what, frame, "month", start, end, as_month).reset_index(drop=True)


def _with_hash_rate(frame, share, network):
    """The frame with the hash rate of a share and of its bounds, EH/s."""
    for unit, part in (("hashrate", share), ("lower", "lower_pct"), ("upper", "upper_pct")):
        frame[f"{unit}_eh_s"] = frame[part] / 100 * network
    return frame


def by_country(
    start: Day | None = None,
    end: Day | None = None,
    *,
    countries: str | Names | None = None,
    vpn: str = "as_published",
    sample: str = "as_published",
) -> pd.DataFrame:
    """Share of the world and hash rate by country and month, with two kinds of bounds.

    Parameters
    ----------
    start, end : str, date or None
        First and last month, both inclusive; None for the ends of the map.
    countries : sequence of str or None
        Only these, by key or by name in either language.
    vpn : {"as_published", "to_china", "removed"}
        Germany and Ireland, which the publisher marks for redirected traffic: as they are,
        counted as China, or left out and the rest scaled to 100.
    sample : {"as_published", "without_joined", "reweighted"}
        As published; what the first three pools alone saw; or Foundry USA, which joined with
        the months of May 2021, at its weight in the network and all other pools like the first.

    Returns
    -------
    pandas.DataFrame
        One row per month and place: ``month``, ``place`` (key), ``share_pct``;
        ``lower_pct``, ``upper_pct``: what the sample alone allows, if nothing is assumed about
        the pools that did not take part (what the sample holds, and that plus all it did not see);
        ``story_lower_pct``, ``story_upper_pct``: lowest and highest over all stories of ``vpn``
        and ``sample``, each cut to what the sample shows, and the one asked for;
        ``hashrate_eh_s``, ``lower_eh_s``, ``upper_eh_s`` (EH/s, from the sample's bounds and the
        publisher's network total); ``vpn_flag``; ``sampled_pct`` (part
        of the network's blocks found by the pools in the sample), ``pools``, ``release``.

    Raises
    ------
    BadParameter, OutOfCoverage, UnknownName

    Notes
    -----
    The bounds of the sample are those of C. F. Manski (Partial Identification of Probability
    Distributions, 2003). They are wide because two thirds of the network were not seen.

    Examples
    --------
    >>> frame = by_country("2021-04", "2021-04").set_index("place")
    >>> frame.loc["china", "share_pct"].item()
    46.04
    """
    table = load("country_share")
    wide = stories.shares(vpn, sample)
    if countries is not None:
        wide = wide[place_keys(countries, wide.columns, "country")]
    names = ["share_pct", "lower_pct", "upper_pct", "story_lower_pct", "story_upper_pct"]
    parts = [wide, *stories.sample_bounds(vpn, sample), *stories.extremes()]
    columns = {n: p[wide.columns].stack() for n, p in zip(names, parts, strict=True)}
    frame = pd.DataFrame(columns).reset_index()
    frame["story_lower_pct"] = frame[["story_lower_pct", "share_pct"]].min(axis=1)
    frame["story_upper_pct"] = frame[["story_upper_pct", "share_pct"]].max(axis=1)
    network = frame["month"].map(table.groupby("month")["hashrate_eh_s"].sum())
    frame = _with_hash_rate(frame, "share_pct", network)
    frame = frame.merge(table[["month", "place", "vpn_flag"]], on=["month", "place"])
    sampled = stories.sampling()[["month", "sampled_pct", "pools", "release"]]
    return span(frame.merge(sampled, on="month"), start, end, _("The mining map"))


def by_province(
    start: Day | None = None, end: Day | None = None, *, provinces: str | Names | None = None
) -> pd.DataFrame:
    """Share of China's hash rate by province and month, with what the sample alone allows.

    Parameters
    ----------
    start, end : str, date or None
        First and last month, both inclusive. July 2021, which the publisher prints as zero in
        every province, is undefined and left out.
    provinces : sequence of str or None
        Only these, by key or by name in either language.

    Returns
    -------
    pandas.DataFrame
        One row per month and province: ``month``, ``province`` (key), ``share_of_china_pct``;
        ``lower_pct``, ``upper_pct``: bounds of that share if nothing is assumed about miners
        outside the sample; ``share_of_world_pct``; ``hashrate_eh_s``, ``lower_eh_s``,
        ``upper_eh_s``; ``sampled_pct``; ``is_derived``.

    Raises
    ------
    BadParameter, OutOfCoverage, UnknownName

    Notes
    -----
    The provinces come from two of the three pools, and which two is not said: the sample is
    counted as the two smallest of the month. That the sample holds the same part of China as of
    the world is an assumption.

    Examples
    --------
    >>> by_province("2020-04", "2020-04", provinces=["新疆"])["share_of_china_pct"].item()
    55.18
    """
    table = load("province_share")
    frame = table[~table["is_undefined"]]
    if provinces is not None:
        keys = place_keys(provinces, frame["province"].unique(), "province")
        frame = frame[frame["province"].isin(keys)]
    frame = frame.assign(sampled_pct=frame["month"].map(_two_smallest()))
    frame["lower_pct"] = frame["share_of_china_pct"] * frame["sampled_pct"] / 100
    frame["upper_pct"] = frame["lower_pct"] + (100 - frame["sampled_pct"])
    china = stories.published("hashrate_eh_s")["china"]
    frame = _with_hash_rate(frame, "share_of_china_pct", frame["month"].map(china))
    columns = ["month", "province", "share_of_china_pct", "lower_pct", "upper_pct"]
    columns += ["share_of_world_pct", "hashrate_eh_s", "lower_eh_s", "upper_eh_s"]
    columns += ["sampled_pct", "is_derived"]
    return span(frame[columns], start, end, _("The map of provinces"))


def _two_smallest():
    blocks = stories.blocks_by_pool()[stories.first_pools()]
    return blocks.sum(axis=1) - blocks.max(axis=1)  # of three


def sensitivity(
    place: str = "china", months: Day | Collection[Any] = ("2021-08", "2021-09", "2022-01")
) -> pd.DataFrame:
    """One point of the map under every story about proxies and about the sample.

    Parameters
    ----------
    place : str
        Country, by key or by name in either language.
    months : sequence of str or date
        Months of the map.

    Returns
    -------
    pandas.DataFrame
        One row per month and story: ``month``, ``place``, ``vpn``, ``sample`` (keys of
        `VPN_STORIES` and `SAMPLE_STORIES`), ``share_pct``, ``difference_pp`` to the published
        share, ``lower_pct`` and ``upper_pct``: what the part of the network in the sample
        allows under that story if nothing is assumed about the rest.

    Raises
    ------
    UnknownName, BadParameter, OutOfCoverage

    Notes
    -----
    Without the pool that joined (Foundry USA), the sample is the three pools with Chinese
    roots; its miners are taken to stand in the United States and Canada, in the proportion the
    map shows. At its weight in the network, the other pools are taken to be like the first
    three. A share of zero stays zero under every re-weighting: no weight can bring back what no
    pool showed.

    Examples
    --------
    >>> frame = sensitivity("china", ["2021-08"])
    >>> frame.groupby("sample")["share_pct"].min().tolist()
    [0.0, 0.0, 0.0]
    """
    published = stories.shares()
    (key,) = place_keys(place, published.columns, "country")
    months = [months] if isinstance(months, Day) else months
    wanted = [covered_month(m, published.index, "months") for m in months]
    if not wanted:
        raise BadParameter("months", months, _("must name at least one"))
    rows = []
    for month, vpn, sample in product(wanted, stories.VPNS, stories.SAMPLES):
        share = stories.shares(vpn, sample)[key][month]
        low, high = (bound[key][month] for bound in stories.sample_bounds(vpn, sample))
        rows.append((month, key, vpn, sample, share, share - published[key][month], low, high))
    columns = ["month", "place", "vpn", "sample", "share_pct", "difference_pp"]
    return pd.DataFrame(rows, columns=[*columns, "lower_pct", "upper_pct"])
