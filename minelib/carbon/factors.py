# SPDX-License-Identifier: MIT
"""Life-cycle factors on one list of sources, and grid intensities and mixes by year."""

from collections.abc import Sequence
from functools import cache

import pandas as pd

from minelib.catalog import load
from minelib.checks import name_in
from minelib.checks.door import Whole
from minelib.errors import OutOfCoverage
from minelib.words import N_

__all__ = ["FACTOR_SETS", "MIXES", "SOURCES", "factor_set", "grid_intensity", "province_mix"]

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
SOURCES = tuple(_NAMES)
_BORROW_FROM = "ccaf_current"  # IPCC AR5 prints no oil
_YEARS_BACK = 2


@cache
def factor_set(name: str = "ccaf_current") -> pd.DataFrame:
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
    name_in(N_("factor set"), name, FACTOR_SETS)
    known = dict(load("lifecycle_factors").set_index(["factor_set", "source"])["intensity_g_kwh"])
    rows = []
    for source, choices in _NAMES.items():
        lender, names = next(
            (lender, names)
            for lender in (name, _BORROW_FROM)
            for names in choices
            if all((lender, each) in known for each in names)
        )
        value = sum(known[lender, each] for each in names) / len(names)
        origin = " + ".join(names) + ("" if lender == name else f" ({lender})")
        rows.append((source, float(value), origin))
    frame = pd.DataFrame(rows, columns=["source", "intensity_g_kwh", "taken_from"])
    return frame.set_index("source")


def last_available(years: Sequence[int], year: int, what: str) -> int:
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


def _row(table, place, year, what):
    """The row of a place for a year or the last before; the world's first stands for earlier."""
    years = list(table.loc[place].index)
    year = max(year, min(years)) if place == "world" else year
    found = last_available(years, year, what)
    return table.loc[(place, found)], found


@cache
def _generation():
    table = load("electricity").set_index(["place", "year"])
    sources = table[[f"{s}_twh" for s in SOURCES]].set_axis(list(SOURCES), axis=1)
    known = sources.dropna(how="all").fillna(0.0)
    return known.div(known.sum(axis=1), axis=0)


@cache
def country_mix(place: str, year: int) -> tuple[pd.Series, int]:
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
    name_in(N_("place with an electricity mix"), place, mixes.index.unique("place"))
    return _row(mixes, place, year, f"electricity ({place})")


@cache
def _published(edition):
    table = load("carbon_intensity")
    table = table[table["vintage"] == edition].set_index(["place", "year"])
    return table["intensity_g_kwh"].sort_index()


def by_source(mix: pd.Series, factors: str) -> float:
    """The intensity of a mix, g/kWh, by a set of factors."""
    return float(mix.to_numpy() @ factor_set(factors)["intensity_g_kwh"].to_numpy())


@cache
def grid_intensity(
    place: str, year: Whole, mix: str = "generation", factors: str = "ccaf_current"
) -> float:
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
    name_in(N_("mix"), mix, MIXES)
    if mix != "generation":
        by_year = _published(mix)
        if place in by_year.index.unique("place"):
            return float(_row(by_year, place, year, f"carbon_intensity {mix} ({place})")[0])
    return by_source(country_mix(place, year)[0], factors)


@cache
def _province_generation():
    table = load("province_generation")
    wide = table.pivot(index=["province", "year"], columns="source", values="energy_twh")
    return wide.div(wide.sum(axis=1), axis=0)


@cache
def province_mix(province: str, year: int) -> pd.Series:
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
    mixes, out = _province_generation(), pd.Series(0.0, index=list(SOURCES))
    own = province in mixes.index.unique("province")
    what = f"province ({province})"
    known = _row(mixes, province, year, what)[0] if own else country_mix("china", year)[0]
    kept = ["hydro", "nuclear", "wind", "solar"]
    out[kept] = known[kept]
    out["coal"] = known["thermal"] if own else 1 - out.sum()
    return out
