# SPDX-License-Identifier: MIT
"""Life-cycle factors on one list of sources, and grid intensities and mixes by year."""

from functools import lru_cache

import pandas as pd

from minelib.catalog import load
from minelib.errors import OutOfCoverage, UnknownName
from minelib.words import N_

__all__ = ["FACTOR_SETS", "MIXES", "SOURCES", "factor_set", "grid_intensity", "province_mix"]

SOURCES = (
    "coal",
    "gas",
    "oil",
    "nuclear",
    "hydro",
    "wind",
    "solar",
    "bioenergy",
    "other_renewables",
)
FACTOR_SETS = ("ccaf_current", "ccaf_draft_2021", "codecarbon", "ipcc_ar5", "nrel_2021")
MIXES = ("generation", "owid_2022", "owid_2023", "owid_2024", "owid_2025")

# One source of our list, and the names a set may use for it; several names are averaged.
_NAMES = {
    "coal": (("coal",), ("coal_pc",)),
    "gas": (("gas",), ("gas_combined_cycle",)),
    "oil": (("oil",),),
    "nuclear": (("nuclear",),),
    "hydro": (("hydro",),),
    "wind": (("wind",), ("wind_onshore", "wind_offshore")),
    "solar": (("solar",), ("solar_pv", "solar_csp"), ("pv_rooftop", "pv_utility")),
    "bioenergy": (("other_renewables",), ("biomass",), ("biomass_dedicated",)),
    "other_renewables": (("other_renewables",), ("geothermal", "ocean"), ("geothermal",)),
}
_BORROW_FROM = "ccaf_current"  # IPCC AR5 prints no oil
_YEARS_BACK = 2


def check_name(value, known, kind):
    """``value`` when known, else `UnknownName`."""
    if value not in known:
        raise UnknownName(kind, value, known)
    return value


@lru_cache(maxsize=16)
def factor_set(name="ccaf_current"):
    """Life-cycle factors of a set on the package's list of sources.

    Parameters
    ----------
    name : str
        One of `FACTOR_SETS`.

    Returns
    -------
    pandas.DataFrame
        Index ``source`` (`SOURCES`); ``intensity_g_kwh`` and ``taken_from`` (the set's own
        names, averaged where there are several; with the set's name where borrowed).

    Raises
    ------
    UnknownName

    Examples
    --------
    >>> float(factor_set("nrel_2021").loc["solar", "intensity_g_kwh"])
    35.5
    """
    check_name(name, FACTOR_SETS, N_("factor set"))
    table = load("lifecycle_factors")
    by_set = {
        s: dict(zip(g["source"], g["intensity_g_kwh"], strict=True))
        for s, g in table.groupby("factor_set")
    }
    rows = []
    for source in SOURCES:
        for lender in (name, _BORROW_FROM):
            own = by_set[lender]
            names = next((n for n in _NAMES[source] if set(n) <= set(own)), None)
            if names:
                break
        value = sum(own[n] for n in names) / len(names)
        origin = " + ".join(names) + ("" if lender == name else f" ({lender})")
        rows.append((source, float(value), origin))
    frame = pd.DataFrame(rows, columns=["source", "intensity_g_kwh", "taken_from"])
    return frame.set_index("source")


def last_available(years, year, what):
    """The year itself or the last one before it, at most two years back.

    Raises
    ------
    OutOfCoverage
        Nothing within two years.

    Examples
    --------
    >>> last_available([2019, 2021], 2022, "The mixes")
    2021
    """
    good = [y for y in years if year - _YEARS_BACK <= y <= year]
    if not good:
        raise OutOfCoverage(what, str(year), f"{min(years)} – {max(years)}" if years else "–")
    return max(good)


@lru_cache(maxsize=2)
def _generation():
    table = load("electricity").set_index(["place", "year"])
    sources = table[[f"{s}_twh" for s in SOURCES]].set_axis(list(SOURCES), axis=1)
    known = sources.dropna(how="all").fillna(0.0)
    return known.div(known.sum(axis=1), axis=0)


@lru_cache(maxsize=1024)
def country_mix(place, year):
    """Shares of the sources in a country's generation, and the year they are of.

    Parameters
    ----------
    place : str
        Key of table ``places``, or ``"world"``.
    year : int
        The year wanted; up to two years older is taken where it is missing. For the world,
        the mix of 2015 stands for the years before.

    Returns
    -------
    pandas.Series
        Fractions by source, adding to 1.
    int

    Examples
    --------
    >>> mix, year = country_mix("china", 2021)
    >>> year, round(float(mix["coal"]), 2)
    (2021, 0.63)
    """
    mixes = _generation()
    years = list(mixes.loc[place].index) if place in mixes.index.get_level_values(0) else []
    if place == "world" and years and year < min(years):
        year = min(years)
    check_name(place, mixes.index.unique("place"), N_("place with an electricity mix"))
    found = last_available(years, year, f"electricity ({place})")
    return mixes.loc[(place, found)], found


@lru_cache(maxsize=4)
def _published():
    table = load("carbon_intensity")
    return table.set_index(["vintage", "place", "year"])["intensity_g_kwh"].sort_index()


@lru_cache(maxsize=4096)
def grid_intensity(place, year, mix="generation", factors="ccaf_current"):
    """Carbon intensity of a country's electricity.

    Parameters
    ----------
    place : str
    year : int
    mix : str
        ``"generation"``: the year's generation by source times the factors; else an edition of
        published grid intensities (`MIXES`), which brings its own factors. Where an edition
        lacks a place altogether (owid_2022: Iran and the world) generation times factors
        stands in.
    factors : str
        One of `FACTOR_SETS`.

    Returns
    -------
    float
        g/kWh.

    Raises
    ------
    UnknownName
    OutOfCoverage
        Neither the year nor one of the two before it.

    Examples
    --------
    >>> grid_intensity("kazakhstan", 2021, "owid_2025")
    833.855
    """
    check_name(mix, MIXES, N_("mix"))
    if mix != "generation":
        by_year = _published().loc[mix]
        if place in by_year.index.get_level_values(0):
            years = list(by_year.loc[place].index)
            if place == "world" and year < min(years):
                year = min(years)
            found = last_available(years, year, f"carbon_intensity {mix} ({place})")
            return float(by_year.loc[(place, found)])
    shares, _year = country_mix(place, year)
    return float((shares * factor_set(factors)["intensity_g_kwh"]).sum())


@lru_cache(maxsize=2)
def _province_generation():
    table = load("province_generation")
    wide = table.pivot(index=["province", "year"], columns="source", values="energy_twh")
    return wide.div(wide.sum(axis=1), axis=0)


@lru_cache(maxsize=512)
def province_mix(province, year):
    """Five-source mix of a Chinese province, thermal power counted as coal.

    Parameters
    ----------
    province : str
        One of the eight provinces of table ``province_generation``; any other key gets the
        national mix with all thermal power as coal, as the Cambridge index does.
    year : int
        Up to two years older is taken where it is missing.

    Returns
    -------
    pandas.Series
        Fractions by source (`SOURCES`), adding to 1.

    Examples
    --------
    >>> bool(province_mix("sichuan", 2020)["hydro"] > 0.8)
    True
    """
    mixes = _province_generation()
    out = pd.Series(0.0, index=list(SOURCES))
    if province in mixes.index.get_level_values(0):
        found = last_available(list(mixes.loc[province].index), year, f"province ({province})")
        five = mixes.loc[(province, found)]
        for source in ("hydro", "nuclear", "wind", "solar"):
            out[source] = five[source]
        out["coal"] = five["thermal"]
        return out
    national, _year = country_mix("china", year)
    for source in ("hydro", "nuclear", "wind", "solar"):
        out[source] = national[source]
    out["coal"] = 1 - out.sum()
    return out
