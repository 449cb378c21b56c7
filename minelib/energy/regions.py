# SPDX-License-Identifier: MIT
"""Electricity of mining by country and by Chinese province: the mining map times the index."""

import pandas as pd

from minelib.catalog import load
from minelib.checks import as_month
from minelib.energy.model import index, totals
from minelib.errors import BadInput, BadParameter, OutOfCoverage
from minelib.words import N_
from minelib.words import gettext as _

__all__ = ["regional"]

_LEVELS = {
    "country": ("country_share", "place", "share_pct"),
    "province": ("province_share", "province", "share_of_world_pct"),
}
_COVERAGE = N_("The mining map")


def map_shares(level="country"):
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
    if not isinstance(level, str) or level not in _LEVELS:
        raise BadParameter("level", level, _("must be country or province"))
    table, column, share = _LEVELS[level]
    frame = load(table)
    values = frame[share]
    if "is_undefined" in frame.columns:
        values = values.mask(frame["is_undefined"].astype(bool))
    shares = pd.DataFrame(
        {"month": frame["month"], "place": frame[column], "share_pct": values.astype("float64")}
    )
    releases = load("map_releases").sort_values("coverage_end")
    ends = pd.to_datetime(releases["coverage_end"]).to_numpy()
    position = pd.Series(ends).searchsorted(shares["month"].to_numpy())
    known = releases.reset_index(drop=True).iloc[position.clip(max=len(releases) - 1)]
    pools = known["contributing_pools"].str.count(";").add(1)
    return shares.assign(
        map_release=known["release"].to_numpy(),
        pools=pools.astype("Int64").array,
        sample_pct=known["stated_sample_pct"].astype("float64").to_numpy(),
    )


def _check_shares(shares):
    needed = ["month", "place", "share_pct"]
    if not isinstance(shares, pd.DataFrame) or not set(needed) <= set(shares.columns):
        raise BadInput(
            _("The shares must be a frame with the columns {names}.").format(
                names=", ".join(needed)
            )
        )
    if shares.empty:
        raise BadInput(_("{what} has no rows.").format(what=_("The frame of shares")))
    try:
        days = pd.to_datetime(shares["month"], format="ISO8601")
        months = days.dt.to_period("M").dt.to_timestamp()
        values = pd.to_numeric(shares["share_pct"])
    except (TypeError, ValueError):
        months = pd.Series([pd.NaT])
    if months.isna().any():
        raise BadInput(_("The shares need a month in each row and numbers in share_pct."))
    frame = shares.assign(month=months, share_pct=values)
    if frame.duplicated(["month", "place"]).any():
        raise BadInput(_("The shares have a place twice in one month."))
    if (frame["share_pct"] < 0).any():
        raise BadInput(_("The shares have a negative value."))
    added = frame.groupby("month")["share_pct"].sum()
    wrong = added[added > 101]
    if added.between(0.98, 1.02).all():  # fractions of one
        wrong = added
    if len(wrong):
        raise BadInput(
            _(
                "The shares of {month} add to {total} percent: they must be percent of the world."
            ).format(month=f"{wrong.idxmax():%Y-%m}", total=f"{wrong.max():.1f}")
        )
    return frame


def regional(
    level="country",
    price_usd_kwh=0.05,
    version="1.4.0",
    start=None,
    end=None,
    shares=None,
    frame=None,
):
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
    first = months.min() if start is None else as_month("start", start)
    last = months.max() if end is None else as_month("end", end)
    for asked in (first, last):
        if not months.min() <= asked <= months.max():
            raise OutOfCoverage(
                _(_COVERAGE), f"{asked:%Y-%m}", f"{months.min():%Y-%m} – {months.max():%Y-%m}"
            )
    if first > last:
        raise BadParameter("start", f"{first:%Y-%m}", _("must not be later than end"))
    by_place = by_place[months.between(first, last)]
    daily = index(price_usd_kwh, version) if frame is None else frame
    monthly = totals(daily, "ME")
    energy = monthly.loc[monthly.index.intersection(by_place["month"].unique())]
    if energy.empty:
        raise OutOfCoverage(_("The index"), f"{first:%Y-%m}", _("other months"))
    merged = by_place.merge(energy, left_on="month", right_index=True, how="inner")
    columns = ["lower_twh", "best_twh", "upper_twh"]
    merged[columns] = merged[columns].mul(merged["share_pct"] / 100, axis=0)
    merged["best_gw"] = merged["best_twh"] * 1000 / (24 * merged["days"])
    kept = ["month", "place", "share_pct", *columns, "best_gw"]
    kept += [c for c in ("map_release", "pools", "sample_pct") if c in merged.columns]
    used = merged.sort_values(["month", "place"])[kept].reset_index(drop=True)
    used.attrs["units"] = dict.fromkeys(columns, "TWh")
    return used
