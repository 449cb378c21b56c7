# SPDX-License-Identifier: MIT
"""Carbon after the mining map ends: `by_survey`, and what made emissions `change`."""

from functools import cache
from typing import Any

import pandas as pd

from minelib.carbon.choices import Choices
from minelib.carbon.combinations import all_intensities
from minelib.carbon.factors import FACTOR_SETS, factor_set
from minelib.carbon.model import intensity, picked_choices
from minelib.carbon.places import intensities, intensities_of, map_months, weights
from minelib.carbon.shapley import split
from minelib.catalog import load
from minelib.checks import language, one_of
from minelib.checks.door import Lang, Whole
from minelib.energy.model import index
from minelib.errors import OutOfCoverage
from minelib.words import N_, gettext as _, number, within

__all__ = ["by_survey", "change", "emitted"]

_PARTS = {
    "hashrate": N_("how much is computed: the hash rate"),
    "efficiency": N_("what a hash takes: machines and cooling"),
    "place": N_("where mining was: shares of countries and provinces"),
    "mix": N_("the electricity used there"),
}
_TWH_A_YEAR = 8.766e-3  # of an EH/s at one J/TH
_LAST_ELECTRICITY = 2023
_SURVEYED = 2024
_NAMED = ("hydro", "wind", "nuclear", "gas", "coal")


def _surveyed(factors):
    """Intensity of the survey's mix, g/kWh: value, least and most for what it does not name."""
    said = load("survey_2024").set_index("quantity")["value"]
    table = factor_set(factors)["intensity_g_kwh"]
    known = sum(said[source] * table[source] for source in _NAMED)
    rest = said["renewables"] - said["hydro"] - said["wind"]
    unnamed = 100 - said["sustainable"] - said["gas"] - said["coal"]
    clean = table[["solar", "bioenergy", "other_renewables"]]
    values = ((clean["solar"], table["oil"]), (clean.min(), 0.0), (clean.max(), table["coal"]))
    return [(known + rest * each + unnamed * other) / 100 for each, other in values]


def _index_of(year):
    """Hash rate, EH/s, and energy of a hash with cooling, J/TH, in the mean of a year."""
    version = "1.4.0" if year <= _LAST_ELECTRICITY else "extended"
    days = index(version=version, start=f"{year}-01-01", end=f"{year}-12-31")
    rate = load("network_daily").set_index("date").loc[days.index, "hashrate_eh_s"].mean()
    return float(rate), float(days["best_twh"].mean() / rate / _TWH_A_YEAR)


def by_survey(factors: str = "ccaf_current") -> pd.DataFrame:
    """Carbon of mining in 2024 by the survey's mix, and by the last map carried on.

    Parameters
    ----------
    factors : str
        One of `FACTOR_SETS`.

    Returns
    -------
    pandas.DataFrame
        Rows by ``basis``: "survey", "map". ``intensity_g_kwh`` with ``lower_g_kwh`` and
        ``upper_g_kwh``; ``emissions_mt`` with ``lower_mt`` and ``upper_mt``, at the mean rate
        of version "extended" of the index in 2024.

    Raises
    ------
    UnknownName

    Notes
    -----
    The survey's mix is that of 49 firms with about half of the hash rate, most of them in North
    America; the map's is the mean electricity of each place at its shares of January 2022. Its
    range is over factor sets and what the survey leaves unnamed (counted as solar power and as
    oil), that of the map over all ways of counting. Neither holds the error of its sample.

    Examples
    --------
    >>> table = by_survey().set_index("basis")["intensity_g_kwh"]
    >>> bool(table["survey"] < table["map"])
    True
    """
    every = [value for each in FACTOR_SETS for value in _surveyed(each)]
    mapped, ways = intensity(factors=factors).iloc[-1], all_intensities().iloc[-1]
    ranges = {
        "survey": (_surveyed(factors)[0], min(every), max(every)),
        "map": (mapped, ways.min(), ways.max()),
    }
    rate, each_hash = _index_of(_SURVEYED)
    energy = rate * each_hash * _TWH_A_YEAR
    names = ["intensity_g_kwh", "lower_g_kwh", "upper_g_kwh"]
    frame = pd.DataFrame.from_dict(ranges, orient="index", columns=names)
    totals = (frame * energy / 1000).set_axis(["emissions_mt", "lower_mt", "upper_mt"], axis=1)
    return frame.join(totals).rename_axis("basis").reset_index()


def change(
    before: Whole = 2021,
    after: Whole = 2024,
    basis: str = "map",
    choices: Choices | None = None,
    **named: Any,
) -> pd.DataFrame:
    """Split the change of mining's emissions between two years into four parts.

    Parameters
    ----------
    before : int
        2020 or 2021, years of the mining map.
    after : int
        2022 to the last whole year of the index.
    basis : {"map", "survey"}
        Electricity after: of the places of the last map, or the mix the survey of 2024 found.
    choices : Choices, optional
    **named
        Fields of `Choices`, in its place.

    Returns
    -------
    pandas.DataFrame
        One row per part (hash rate, efficiency, place, mix) and a last row ``total``: ``part``,
        ``meaning``, ``change_mt`` (Mt CO2 equivalent a year) with ``lower_mt`` and ``upper_mt``
        (least and most over all orders in which the parts can be changed) and ``change_pct``.

    Raises
    ------
    BadParameter, UnknownName
    OutOfCoverage
        Another year.

    Notes
    -----
    Emissions are hash rate times energy of a hash times intensity; the value is the Shapley mean
    over the 24 orders, as in `decomposition`. After January 2022 the map's last shares stand,
    and after 2023 the electricity of 2023; so "place" says how mining moved until then and not
    since. By the survey, "mix" also holds that its firms are not those of the map.

    Examples
    --------
    >>> parts = change().set_index("part")["change_mt"]
    >>> bool(parts["hashrate"] > 0 > parts["efficiency"])
    True
    """
    picked, months = picked_choices(choices, named), map_months()
    one_of("basis", basis, ("map", "survey"))
    last = load("network_daily")["date"].iloc[-1].year - 1
    for year, first, end in ((before, 2020, 2021), (after, 2022, last)):
        if not first <= year <= end:
            raise OutOfCoverage(_("The split of emissions"), str(year), f"{first} – {end}")
    then = months[months.year == before]
    where = {False: weights(picked).loc[then], True: weights(picked).loc[months[-1:]]}
    old = intensities(picked).loc[then]
    new = intensities_of(picked, min(after, _LAST_ELECTRICITY))
    years = {False: _index_of(before), True: _index_of(after)}

    @cache
    def grams(moved, renewed):
        if not renewed:
            cells = where[moved] * (old.mean() if moved else old)
            return float(cells.sum(axis=1).mean())
        if basis == "survey":  # the same ratio wherever mining was
            return grams(moved, False) * _surveyed(picked.factors)[0] / grams(True, False)
        return float((where[moved] * new).sum(axis=1).mean())

    @cache
    def value(changed):
        rate, each_hash = (years[name in changed][i] for i, name in enumerate(_PARTS) if i < 2)
        grid = grams("place" in changed, "mix" in changed)
        return rate * each_hash * _TWH_A_YEAR * grid / 1000

    return split(_PARTS, value, "mt")


def emitted(before: Whole = 2021, factors: str = "ccaf_current", lang: Lang | None = None) -> str:
    """What mining emitted in 2024, and what made it change, in two sentences.

    Parameters
    ----------
    before : int
        2020 or 2021; what the change is counted from.
    factors : str
        One of `FACTOR_SETS`.
    lang : {"en", "zh"} or None

    Returns
    -------
    str

    Raises
    ------
    UnknownName
    OutOfCoverage
        Another year.

    Notes
    -----
    The figures are those of `by_survey` and `change`. Neither basis is a measurement: the map
    is old, and the survey holds the firms that answered.

    Examples
    --------
    >>> emitted(lang="en")[:22]
    'In 2024 mining emitted'
    """
    said = language(lang)
    first = _(
        "In {after} mining emitted {survey} Mt ({survey_range}) by the mix that firms report, and "
        "{map} Mt ({map_range}) if the last map is carried on.",
        said,
    )
    second = _(
        "Against {before} that is {survey_change} or {map_change} Mt a year: the growth of the "
        "hash rate added {hashrate} Mt, better machines saved {efficiency} Mt, by the order taken.",
        said,
    )
    facts = _facts(before, factors, said)
    return ("" if said == "zh" else " ").join([first, second]).format(**facts)


def _facts(before, factors, said):
    """The figures of `emitted` in words."""
    bases, facts = ("survey", "map"), {"before": str(before), "after": str(_SURVEYED)}
    totals = by_survey(factors).set_index("basis")
    split = [change(before, _SURVEYED, basis, factors=factors) for basis in bases]
    parts = pd.concat(split, keys=bases).set_index("part", append=True).droplevel(1)
    for basis in bases:
        low, high = totals.loc[basis, ["lower_mt", "upper_mt"]]
        facts[basis] = number(totals["emissions_mt"][basis], 0, said)
        facts[f"{basis}_range"] = within(low, high, unit="Mt", lang=said)
        facts[f"{basis}_change"] = number(parts["change_mt"][basis, "total"], 1, said, signed=True)
    for part, rows in parts.groupby("part"):
        ends = rows["lower_mt"].min(), rows["upper_mt"].max()
        facts[part] = within(*sorted(map(abs, ends)), unit="Mt", lang=said)
    return facts
