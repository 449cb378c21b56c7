# SPDX-License-Identifier: MIT
"""Shares of the hash rate and carbon intensities, by month and place of the mining map.

A place is a country, or a Chinese province where China counts by province.
"""

import re
from functools import cache

import numpy as np
import pandas as pd

from minelib.carbon.choices import Choices
from minelib.carbon.factors import (
    SOURCES,
    by_source,
    country_mix,
    grid_intensity,
    last_available,
    province_mix,
)
from minelib.catalog import load
from minelib.checks import as_month, covered
from minelib.errors import BadParameter
from minelib.words import gettext as _

__all__ = ["intensities", "weights"]

_SEASONAL = {"china/sichuan", "china/yunnan"}


@cache
def _map():
    """Country shares, and provinces in parts of China: fractions, months by places."""
    countries = load("country_share").pivot(index="month", columns="place", values="share_pct")
    table = load("province_share")
    share = table["share_of_china_pct"].mask(table["is_undefined"].astype(bool))
    wide = table.assign(share=share).pivot(index="month", columns="province", values="share")
    wide = wide.dropna(how="all").reindex(countries.index)
    return countries / 100, wide.div(wide.sum(axis=1), axis=0)


def map_months() -> pd.DatetimeIndex:
    """Months of the mining map, a DatetimeIndex."""
    return _map()[0].index


def two_periods(before: object, after: object) -> list[pd.DatetimeIndex]:
    """Months of the map for two periods, each a year (all of it) or a month, in order.

    Raises
    ------
    BadParameter
        Neither a year nor a month, or the second before the first.
    OutOfCoverage
        A month the map does not have.

    Examples
    --------
    >>> [len(months) for months in two_periods("2020", "2021-08")]
    [12, 1]
    """
    found: list[pd.DatetimeIndex] = []
    for name, period in (("before", before), ("after", after)):
        if not re.fullmatch(r"\d{4}(-(0[1-9]|1[0-2]))?", str(period)):
            raise BadParameter(name, period, _("must be a year (2020) or a month (2021-08)"))
        stamp = pd.Period(str(period))
        months = pd.date_range(stamp.start_time, stamp.end_time, freq="MS")
        covered(_("The mining map"), months[0], months[-1], map_months(), as_month)
        found.append(months)
    if found[0][0] > found[1][0]:
        raise BadParameter("before", before, _("must not be later than after"))
    return found


def weights(choices: Choices) -> pd.DataFrame:
    """Weight of each place in each month of the map.

    Parameters
    ----------
    choices : Choices

    Returns
    -------
    pandas.DataFrame
        Months by places; rows add to 1, or to less where places are left out. Provinces are
        ``"china/sichuan"``...; the part of China of which no province is known is
        ``"china/other"``.

    Examples
    --------
    >>> from minelib.carbon import Choices
    >>> bool(weights(Choices()).sum(axis=1).round(9).eq(1).all())
    True
    """
    return _weights(choices.china, choices.other, tuple(choices.leave_out)).copy()


@cache
def _weights(china, other, leave_out):
    countries, provinces = _map()
    countries = countries.div(countries.sum(axis=1), axis=0)
    if leave_out:
        countries = countries.drop(columns=[p for p in leave_out if p in countries])
    if other == "spread" and "other" in countries:
        rest = countries["other"]
        countries = countries.drop(columns="other").div(1 - rest, axis=0)
    if china == "national" or "china" not in countries:
        return countries
    known = provinces.notna().any(axis=1)
    inside = provinces.where(known, 0.0)
    inside["other"] = inside["other"].where(known, 1.0)
    inside = inside.mul(countries["china"], axis=0).add_prefix("china/")
    return pd.concat([countries.drop(columns="china"), inside], axis=1)


def intensities(choices: Choices) -> pd.DataFrame:
    """Carbon intensity of each place in each month of the map.

    Parameters
    ----------
    choices : Choices

    Returns
    -------
    pandas.DataFrame
        Months by places, g/kWh; the same places as `weights`.

    Examples
    --------
    >>> from minelib.carbon import Choices
    >>> table = intensities(Choices())
    >>> bool(table["china/sichuan"].max() < table["china/xinjiang"].min())
    True
    """
    places = _weights(choices.china, choices.other, tuple(choices.leave_out)).columns
    return pd.DataFrame(values(choices), map_months(), list(places))


def values(choices: Choices) -> np.ndarray:
    """What `intensities` gives, as an array: months by places, g/kWh."""
    months = map_months()
    places = list(_weights(choices.china, choices.other, tuple(choices.leave_out)).columns)
    by_year = {y: [_intensity(choices, p, y) for p in places] for y in set(months.year)}
    found = np.array([by_year[y] for y in months.year])
    if choices.seasonal_hydro:
        for place in _SEASONAL & set(places):
            found[:, places.index(place)] = [
                _intensity(choices, place, m.year, m.month) for m in months
            ]
    return found


def intensities_of(choices: Choices, year: int) -> pd.Series:
    """Carbon intensity of each place in the electricity of a year, g/kWh, places as `weights`."""
    places = _weights(choices.china, choices.other, tuple(choices.leave_out)).columns
    return pd.Series([_intensity(choices, p, year) for p in places], places)


def _electricity_of(choices, place):
    """Whose electricity a place is given."""
    if place == "other":
        return "world"
    if place in ("germany", "ireland") and choices.germany_ireland != "reported":
        inside = choices.germany_ireland == "china" and choices.china == "provincial"
        return "china/other" if inside else choices.germany_ireland
    return place


def _intensity(choices, place, year, month=None):
    place = _electricity_of(choices, place)
    if not place.startswith("china/"):
        return grid_intensity(place, year, choices.mix, choices.factors)
    swing = choices.hydro_swing_pct if month else 0.0
    return _province(choices.provincial, choices.factors, place, year, month, swing)


@cache
def _province(method, factors, place, year, month, swing):
    if method == "official":
        known, unnamed = _official(year)
        official = float(known.get(place.removeprefix("china/"), unnamed))
        if month is None:
            return official
        thermal = [_province_mix(place, year, m, swing)["coal"] for m in (month, None)]
        return official * float(thermal[0] / thermal[1])
    return by_source(_province_mix(place, year, month, swing), factors)


@cache
def _official(year):
    """Official factors by province, and the mean of provinces that the mining map does not name;
    2021 stands for earlier years."""
    table = load("province_factors").groupby("method").get_group("official_average")
    years = sorted(table["year"].unique())
    found = last_available(years, max(year, years[0]), "province_factors")
    factors = table[table["year"] == found].set_index("province")["intensity_g_kwh"]
    return factors, factors.drop(load("province_share")["province"], errors="ignore").mean()


@cache
def _wet_months(province):
    wet = load("wet_season_months").query("definition == 'published_may_oct' and is_wet")
    return frozenset(wet.loc[wet["province"] == province, "month_of_year"])


@cache
def _province_mix(place, year, month, swing):
    """Mix of a year, or of a month: more hydropower in wet ones, less thermal, the mean kept."""
    province = place.removeprefix("china/")
    mix = province_mix(province, year).copy()
    if month is None:
        return mix
    wet = _wet_months(province)
    part = (12 - len(wet)) / 12 if month in wet else -len(wet) / 12
    shift = float(np.clip(swing / 100 * part, -mix["hydro"], mix["coal"]))
    mix["hydro"] += shift
    mix["coal"] -= shift
    return mix


def source_shares(choices: Choices) -> pd.DataFrame:
    """Shares of the sources in the power of mining, by month of the map.

    Parameters
    ----------
    choices : Choices
        ``factors``, ``mix`` and ``provincial`` do not matter here: shares come from generation.

    Returns
    -------
    pandas.DataFrame
        Months by sources, fractions.
    """
    weight = weights(choices)
    total = 0.0
    for place in weight:
        mixes = np.array([_mix(choices, place, m).to_numpy() for m in weight.index])
        total = total + mixes * weight[[place]].to_numpy()
    return pd.DataFrame(total, index=weight.index, columns=list(SOURCES))


def _mix(choices, place, day):
    place = _electricity_of(choices, place)
    if not place.startswith("china/"):
        return country_mix(place, day.year)[0]
    month = day.month if choices.seasonal_hydro and place in _SEASONAL else None
    return _province_mix(place, day.year, month, choices.hydro_swing_pct)
