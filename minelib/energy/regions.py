# SPDX-License-Identifier: MIT
"""Electricity of mining by country and by Chinese province: the mining map times the index."""

import pandas as pd

from minelib.catalog import load
from minelib.checks import as_month, covered
from minelib.checks.door import Day, Number
from minelib.energy.inputs import need_rows, read_dates
from minelib.energy.model import index, totals
from minelib.errors import BadInput, BadParameter, OutOfCoverage
from minelib.words import gettext as _

__all__ = ["map_shares", "regional"]

_SHARES = ["month", "place", "share_pct"]
_LEVELS = {
    "country": ("country_share", "place", "share_pct"),
    "province": ("province_share", "province", "share_of_world_pct"),
}


def map_shares(level: str = "country") -> pd.DataFrame:
    """Shares of the world's hash rate by month and place, with what is known of the sample.

    Parameters
    ----------
    level : {"country", "province"}

    Returns
    -------
    pandas.DataFrame
        ``month``, ``place``, ``share_pct`` (percent of the world; missing where the map prints
        zeros because it has no Chinese hash rate at all), ``map_release`` (the release that
        first covered the month), ``pools`` (how many pools it rests on) and
        ``sample_pct`` (stated share of the network in the sample, where stated).

    Raises
    ------
    BadParameter
        Another level.

    Examples
    --------
    >>> wide = map_shares().pivot(index="month", columns="place", values="share_pct")
    >>> float(wide.loc["2021-04-01", "china"])
    46.04
    """
    if level not in _LEVELS:
        raise BadParameter("level", level, _("must be country or province"))
    table, column, share = _LEVELS[level]
    frame = load(table)
    values = frame[share]
    if "is_undefined" in frame:
        values = values.mask(frame["is_undefined"])
    first = load("country_share").groupby("month")["first_covered_by"].first()
    release = frame["month"].map(first)
    known = load("map_releases").set_index("release").loc[release].reset_index()
    shares = {"month": frame["month"], "place": frame[column], "share_pct": values}
    shares |= {"map_release": release, "sample_pct": known["stated_sample_pct"].astype("float64")}
    shares["pools"] = known["contributing_pools"].str.count(";").add(1).astype("Int64")
    return pd.DataFrame(shares, columns=[*_SHARES, "map_release", "pools", "sample_pct"])


def _check_shares(shares):
    need_rows(shares, _SHARES, _("The frame of shares"))
    complaint = _("The shares need a month in each row and numbers in share_pct.")
    days = read_dates(shares["month"], complaint)
    try:
        values = pd.to_numeric(shares["share_pct"])
    except (TypeError, ValueError):
        raise BadInput(complaint) from None
    frame = shares.assign(month=days.to_period("M").to_timestamp(), share_pct=values)
    if frame.duplicated(["month", "place"]).any():
        raise BadInput(_("The shares have a place twice in one month."))
    if (frame["share_pct"] < 0).any():
        raise BadInput(_("The shares have a negative value."))
    added = frame.groupby("month")["share_pct"].sum()
    fractions = added.between(0.98, 1.02).all()  # of one
    if fractions or added.max() > 101:
        sentence = _(
            "The shares of {month} add to {total} percent: they must be percent of the world."
        )
        said = {"month": f"{added.idxmax():%Y-%m}", "total": f"{added.max():.1f}"}
        raise BadInput(sentence, **said)
    return frame


def regional(
    level: str = "country",
    price_usd_kwh: Number = 0.05,
    version: str = "1.4.0",
    start: Day | None = None,
    end: Day | None = None,
    shares: pd.DataFrame | None = None,
    frame: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Electricity of mining by place and month: share of the hash rate times the index.

    Parameters
    ----------
    level : {"country", "province"}
        Countries of the mining map, or Chinese provinces.
    price_usd_kwh, version
        As in `minelib.energy.index`.
    start, end : month-like, optional
        First and last month, both inclusive; None for all the map covers.
    shares : pandas.DataFrame, optional
        Other shares: ``month``, ``place``, ``share_pct`` (percent of the world).
    frame : pandas.DataFrame, optional
        What `minelib.energy.index` returned; then price and version are not used.

    Returns
    -------
    pandas.DataFrame
        ``month``, ``place``, ``share_pct``, ``lower_twh``, ``best_twh``, ``upper_twh`` (TWh used
        in the month), ``best_gw`` (mean power), and what is known of the sample behind the
        share: ``map_release``, ``pools``, ``sample_pct``. A share the map leaves undefined
        gives missing energy, not zero.

    Raises
    ------
    BadParameter, UnknownName, BadInput
        As in `minelib.energy.index`; shares that are not percent of the world.
    OutOfCoverage
        A month outside the map.

    Notes
    -----
    All places run the same machines at the same price here; only the hash rate differs. The
    map is a sample of three to four pools located by IP address (see table ``map_releases``).
    The bounds are those of the index; the uncertainty of the map is not in them.

    Examples
    --------
    >>> china = regional(start="2021-04", end="2021-04").set_index("place").loc["china"]
    >>> bool(3 < china["best_twh"] < 5)
    True
    """
    by_place = map_shares(level) if shares is None else _check_shares(shares)
    months = by_place["month"]
    first, last = covered(_("The mining map"), start, end, months, as_month)
    daily = index(price_usd_kwh, version) if frame is None else frame
    used = by_place[months.between(first, last)].merge(
        totals(daily, "ME").rename_axis("month"), on="month"
    )
    if used.empty:
        raise OutOfCoverage(_("The index"), f"{first:%Y-%m}", _("other months"))
    columns = ["lower_twh", "best_twh", "upper_twh"]
    used[columns] = used[columns].mul(used["share_pct"] / 100, axis=0)
    used["best_gw"] = used["best_twh"] * 1000 / (24 * used["days"])
    kept = [*_SHARES, *columns, "best_gw"]
    kept += [c for c in ("map_release", "pools", "sample_pct") if c in used]
    used = used.sort_values(["month", "place"], ignore_index=True)[kept]
    used.attrs["units"] = dict.fromkeys(columns, "TWh")
    return used
