# SPDX-License-Identifier: MIT
"""Where the hash rate was, by country and by Chinese province, with what the map rests on."""

from minelib.catalog import load
from minelib.catalog.names import place_name
from minelib.errors import BadInput, UnknownName
from minelib.geography._months import span
from minelib.geography.places import find_place
from minelib.geography.stories import extremes, sample_bounds, sampling, shares
from minelib.words import gettext as _

__all__ = ["by_country", "by_province"]


def by_country(start=None, end=None, *, countries=None, vpn="as_published", sample="as_published"):
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
        One row a month and place: ``month``, ``place`` (key), ``share_pct``;
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
    total = table.groupby("month")["hashrate_eh_s"].sum()
    wide = shares(vpn, sample)
    if countries is not None:
        wide = wide[_keys(countries, wide.columns, "country")]
    frame = wide.stack().rename("share_pct").reset_index()
    bounds = {
        **dict(zip(("story_lower_pct", "story_upper_pct"), extremes(), strict=True)),
        **dict(zip(("lower_pct", "upper_pct"), sample_bounds(vpn, sample), strict=True)),
    }
    for name, wide in bounds.items():
        frame = frame.merge(wide.stack().rename(name).reset_index(), on=["month", "place"])
    flags = table[["month", "place", "vpn_flag"]]
    frame = frame.merge(flags, on=["month", "place"]).merge(
        sampling()[["month", "sampled_pct", "pools", "release"]], on="month"
    )
    frame["story_lower_pct"] = frame[["story_lower_pct", "share_pct"]].min(axis=1)
    frame["story_upper_pct"] = frame[["story_upper_pct", "share_pct"]].max(axis=1)
    network = frame["month"].map(total)
    for unit, source in (
        ("hashrate_eh_s", "share_pct"),
        ("lower_eh_s", "lower_pct"),
        ("upper_eh_s", "upper_pct"),
    ):
        frame[unit] = frame[source] / 100 * network
    columns = [
        "month",
        "place",
        "share_pct",
        "lower_pct",
        "upper_pct",
        "story_lower_pct",
        "story_upper_pct",
        "hashrate_eh_s",
        "lower_eh_s",
        "upper_eh_s",
        "vpn_flag",
        "sampled_pct",
        "pools",
        "release",
    ]
    return span(frame[columns], start, end, _("The mining map"))


def by_province(start=None, end=None, *, provinces=None):
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
        One row a month and province: ``month``, ``province`` (key), ``share_of_china_pct``;
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
    frame = table[~table["is_undefined"]].drop(columns="is_undefined")
    if provinces is not None:
        keys = _keys(provinces, frame["province"].unique(), "province")
        frame = frame[frame["province"].isin(keys)]
    frame = frame.assign(sampled_pct=frame["month"].map(_two_smallest()))
    frame["lower_pct"] = frame["share_of_china_pct"] * frame["sampled_pct"] / 100
    frame["upper_pct"] = frame["lower_pct"] + (100 - frame["sampled_pct"])
    countries = load("country_share")
    china = countries[countries["place"] == "china"].set_index("month")["hashrate_eh_s"]
    hash_rate = frame["month"].map(china)
    frame["hashrate_eh_s"] = frame["share_of_china_pct"] / 100 * hash_rate
    frame["lower_eh_s"] = frame["lower_pct"] / 100 * hash_rate
    frame["upper_eh_s"] = frame["upper_pct"] / 100 * hash_rate
    columns = [
        "month",
        "province",
        "share_of_china_pct",
        "lower_pct",
        "upper_pct",
        "share_of_world_pct",
        "hashrate_eh_s",
        "lower_eh_s",
        "upper_eh_s",
        "sampled_pct",
        "is_derived",
    ]
    return span(frame[columns], start, end, _("The map of provinces"))


def _keys(asked, known, kind):
    """Keys of the places asked for, each of which the map must name."""
    asked = [asked] if isinstance(asked, str) else asked
    if not len(asked):
        raise BadInput(_("No {kind} is named.").format(kind=_(kind)))
    keys = []
    for name in asked:
        key = name if name in known else find_place(name, kind)
        if key not in known:
            raise UnknownName(kind, name, sorted(place_name(k) for k in known))
        keys.append(key)
    return list(dict.fromkeys(keys))


def _two_smallest():
    first = load("map_releases").sort_values("release_date")["contributing_pools"].iloc[0]
    blocks = load("pool_share")
    blocks = blocks[blocks["pool"].isin(first.split(";"))]
    wide = blocks.pivot_table(index="month", columns="pool", values="share_pct", aggfunc="sum")
    return wide.sum(axis=1, skipna=False) - wide.max(axis=1)  # of three
