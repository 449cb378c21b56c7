# SPDX-License-Identifier: MIT
"""Shares of the hash rate and carbon intensities, by month and cell of the map.

A cell is a country, or a Chinese province where China counts by province.
"""

import re
from functools import lru_cache

import numpy as np
import pandas as pd

from minelib.carbon.factors import (
    SOURCES,
    country_mix,
    factor_set,
    grid_intensity,
    last_available,
    province_mix,
)
from minelib.catalog import load
from minelib.errors import BadParameter, OutOfCoverage
from minelib.words import gettext as _

__all__ = ["intensities", "weights"]

_SEASONAL = ("sichuan", "yunnan")
_SEASON = "published_may_oct"
_MADE_UP = ("germany", "ireland")


@lru_cache(maxsize=2)
def _map():
    """Country shares, and provinces in parts of China: fractions, months by places."""
    countries = load("country_share").pivot(index="month", columns="place", values="share_pct")
    table = load("province_share")
    share = table["share_of_china_pct"].mask(table["is_undefined"].astype(bool))
    wide = table.assign(share=share).pivot(index="month", columns="province", values="share")
    wide = wide.dropna(how="all").reindex(countries.index)
    return countries / 100, wide.div(wide.sum(axis=1), axis=0)


def map_months():
    """Months of the mining map, a DatetimeIndex."""
    return _map()[0].index


def two_periods(before, after):
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
    covered = map_months()
    found = []
    for name, period in (("before", before), ("after", after)):
        if not re.fullmatch(r"\d{4}(-(0[1-9]|1[0-2]))?", str(period)):
            raise BadParameter(name, period, _("must be a year (2020) or a month (2021-08)"))
        stamp = pd.Period(str(period))
        months = pd.date_range(stamp.start_time, stamp.end_time, freq="MS")
        if not months.isin(covered).all():
            raise OutOfCoverage(
                _("The mining map"),
                f"{months[~months.isin(covered)][0]:%Y-%m}",
                f"{covered[0]:%Y-%m} – {covered[-1]:%Y-%m}",
            )
        found.append(months)
    if found[0][0] > found[1][0]:
        raise BadParameter("before", before, _("must not be later than after"))
    return found


def weights(choices):
    """Weight of each cell in each month of the map.

    Parameters
    ----------
    choices : Choices

    Returns
    -------
    pandas.DataFrame
        Months by cells; rows add to 1, or to less where places are left out. Provinces are
        ``"china/sichuan"``...; the part of China of which no province is known is
        ``"china/other"``.

    Examples
    --------
    >>> from minelib.carbon import Choices
    >>> bool(weights(Choices()).sum(axis=1).round(9).eq(1).all())
    True
    """
    return _weights(choices.china, choices.other, choices.leave_out).copy()


@lru_cache(maxsize=32)
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


def intensities(choices, year=None):
    """Carbon intensity of each cell in each month of the map.

    Parameters
    ----------
    choices : Choices
    year : int, optional
        Take the electricity of this year in all months (for a decomposition).

    Returns
    -------
    pandas.DataFrame
        Months by cells, g/kWh; the same cells as `weights`.

    Examples
    --------
    >>> from minelib.carbon import Choices
    >>> table = intensities(Choices())
    >>> bool(table["china/sichuan"].max() < table["china/xinjiang"].min())
    True
    """
    months = map_months()
    cells = list(_weights(choices.china, choices.other, choices.leave_out).columns)
    year_of = [year or m.year for m in months]
    by_year = {y: [_cell(choices, c, y) for c in cells] for y in set(year_of)}
    values = np.array([by_year[y] for y in year_of])
    if choices.seasonal_hydro:
        for province in _SEASONAL:
            if f"china/{province}" in cells:
                values[:, cells.index(f"china/{province}")] = [
                    _in_season(
                        choices.provincial,
                        choices.factors,
                        choices.hydro_swing_pct,
                        province,
                        y,
                        m.month,
                    )
                    for y, m in zip(year_of, months, strict=True)
                ]
    return pd.DataFrame(values, index=months, columns=cells)


def stands_for(choices, cell):
    """Whose electricity a cell is given."""
    if cell == "other":
        return "world"
    if cell in _MADE_UP and choices.germany_ireland != "reported":
        inside = choices.germany_ireland == "china" and choices.china == "provincial"
        return "china/other" if inside else choices.germany_ireland
    return cell


def _cell(choices, cell, year):
    cell = stands_for(choices, cell)
    if cell.startswith("china/"):
        return _province(choices.provincial, choices.factors, cell.removeprefix("china/"), year)
    return grid_intensity(cell, year, choices.mix, choices.factors)


@lru_cache(maxsize=1024)
def _province(method, factors, province, year):
    if method == "official":
        return _official(province, year)
    return _by_source(province_mix(province, year), factors)


def _by_source(mix, factors):
    return float((mix * factor_set(factors)["intensity_g_kwh"]).sum())


@lru_cache(maxsize=256)
def _official(province, year):
    """Official factor; 2021 stands for earlier years; other provinces: mean of those unnamed."""
    table = load("province_factors")
    table = table[table["method"] == "official_average"]
    years = sorted(table["year"].unique())
    found = last_available([int(y) for y in years], max(year, int(years[0])), "province_factors")
    factors = table[table["year"] == found].set_index("province")["intensity_g_kwh"]
    if province in factors.index:
        return float(factors[province])
    named = set(load("province_share")["province"])
    return float(factors[~factors.index.isin(named)].mean())


@lru_cache(maxsize=64)
def _wet_months(province):
    table = load("wet_season_months")
    rows = table[(table["province"] == province) & (table["definition"] == _SEASON)]
    return frozenset(rows.loc[rows["is_wet"].astype(bool), "month_of_year"].astype(int))


def _seasonal_mix(province, year, month, swing_pct):
    """Mix in one month: hydropower up in wet months, thermal power down, the year's mean kept."""
    mix, wet = province_mix(province, year), _wet_months(province)
    part = (12 - len(wet)) / 12 if month in wet else -len(wet) / 12
    shift = float(np.clip(swing_pct / 100 * part, -mix["hydro"], mix["coal"]))
    moved = mix.copy()
    moved["hydro"] += shift
    moved["coal"] -= shift
    return moved


@lru_cache(maxsize=4096)
def _in_season(method, factors, swing_pct, province, year, month):
    moved = _seasonal_mix(province, year, month, swing_pct)
    if method == "official":
        thermal = province_mix(province, year)["coal"]
        return _official(province, year) * float(moved["coal"] / thermal)
    return _by_source(moved, factors)


def source_shares(choices):
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
    for cell in weight:
        mixes = np.array([_cell_mix(choices, cell, m) for m in weight.index])
        total = total + mixes * weight[[cell]].to_numpy()
    return pd.DataFrame(total, index=weight.index, columns=list(SOURCES))


def _cell_mix(choices, cell, month):
    cell = stands_for(choices, cell)
    if not cell.startswith("china/"):
        return country_mix(cell, month.year)[0].to_numpy()
    province = cell.removeprefix("china/")
    if choices.seasonal_hydro and province in _SEASONAL:
        return _seasonal_mix(province, month.year, month.month, choices.hydro_swing_pct).to_numpy()
    return province_mix(province, month.year).to_numpy()
