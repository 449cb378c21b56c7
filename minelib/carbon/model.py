# SPDX-License-Identifier: MIT
"""Carbon intensity and emissions of mining by month: `emissions`, `power_mix`, `by_place`."""

from dataclasses import fields
from typing import Any

import numpy as np
import pandas as pd

from minelib.carbon.choices import Choices
from minelib.carbon.factors import SOURCES, factor_set, grid_intensity
from minelib.carbon.places import intensities, map_months, source_shares, values, weights
from minelib.checks import as_month, covered, name_in
from minelib.checks.door import Day, Names, Number
from minelib.energy.inputs import beyond
from minelib.energy.model import index, totals
from minelib.errors import BadInput, BadParameter
from minelib.words import N_, gettext as _

__all__ = ["by_place", "emissions", "intensity", "power_mix"]

_RENEWABLE = ["hydro", "wind", "solar", "bioenergy", "other_renewables"]


def picked_choices(choices: Choices | None, named: dict[str, Any]) -> Choices:
    """The choices handed in, as an object or by name."""
    if choices is not None and named:
        raise BadParameter("choices", choices, _("give either a Choices object or named choices"))
    for name in named:
        name_in(N_("choice"), name, [f.name for f in fields(Choices)])
    return choices or Choices(**named)


def intensity(choices: Choices | None = None, **named: Any) -> pd.Series:
    """Carbon intensity of mining in the months of the mining map.

    Parameters
    ----------
    choices : Choices, optional
    **named
        Fields of `Choices`, in its place.

    Returns
    -------
    pandas.Series
        Index ``month``; g/kWh, the mean of the cells weighted by their share of the hash rate.

    Raises
    ------
    UnknownName, BadParameter
        An unknown choice or value, with the known ones.
    OutOfCoverage
        An edition that does not reach back to 2019.

    Examples
    --------
    >>> year = intensity(factors="ccaf_current").loc["2020"].mean()
    >>> bool(495 < year < 510)
    True
    """
    picked = picked_choices(choices, named)
    weight = weights(picked)
    value = (weight.to_numpy() * values(picked)).sum(axis=1)
    return pd.Series(value, index=weight.index, name="intensity_g_kwh").rename_axis("month")


def emissions(
    factors: str = "ccaf_current",
    mix: str = "generation",
    china: str = "provincial",
    provincial: str = "thermal_as_coal",
    germany_ireland: str = "world",
    other: str = "world",
    seasonal_hydro: bool = False,
    hydro_swing_pct: Number = 20.0,
    leave_out: Names | str = (),
    price_usd_kwh: Number = 0.05,
    version: str = "1.4.0",
    start: Day | None = None,
    end: Day | None = None,
    energy: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Carbon intensity and emissions of mining by month.

    Parameters
    ----------
    factors, mix, china, provincial, germany_ireland, other, seasonal_hydro, \
hydro_swing_pct, leave_out
        The choices; see `Choices` for their values. The defaults are the Cambridge index's.
    price_usd_kwh, version
        Of the index whose best guess is the energy; see `minelib.energy.index`.
    start, end : month-like, optional
        First and last month, both inclusive; None for all the index covers (2010-07 to
        2023-12; version "extended": 2023-07 to the last whole month of ``network_daily``).
    energy : pandas.DataFrame, optional
        Monthly energy of your own: index of months, column ``best_twh`` (TWh used in the
        month); then price and version are not used.

    Returns
    -------
    pandas.DataFrame
        Index ``month``; ``intensity_g_kwh``; ``energy_twh`` (TWh in the month);
        ``emissions_mt`` (Mt CO2 equivalent in the month) with ``lower_mt`` (all hydropower)
        and ``upper_mt`` (all coal), the bounds the Cambridge index gives; ``interval``:
        ``historical`` (to 2019-08, the world's electricity), ``assessed`` (the mining map),
        ``predicted`` (from 2022-02, the last assessed month held).

    Raises
    ------
    UnknownName, BadParameter
        An unknown choice, with the known ones; a price outside its range.
    OutOfCoverage
        Months outside the index, or an edition that does not reach back to 2019.
    BadInput
        An ``energy`` frame that cannot be worked with.

    Notes
    -----
    Miners are taken to use the mean electricity of their country or province and year. The
    bounds are on energy of the best guess, not on the bounds of energy. World electricity
    of 2015 stands for the years before. See the CBECI greenhouse gas methodology, 2022.

    Examples
    --------
    >>> round(float(emissions(start="2021-01", end="2021-12")["emissions_mt"].sum()), 0)
    47.0
    """
    where = china, provincial, germany_ireland, other, seasonal_hydro, hydro_swing_pct
    picked = Choices(factors, mix, *where, leave_out)
    if energy is None:
        used = totals(index(price_usd_kwh, version), "ME")
        whole = used["days"] == used.index.to_series().dt.days_in_month
        monthly = used.loc[: whole[whole].index[-1], "best_twh"]  # the last may be cut short
    else:
        monthly = _given(energy)
    more = beyond(version) if energy is None else ""
    first, last = covered(_("The index"), start, end, monthly.index, as_month, more)
    monthly = monthly.loc[first:last]
    frame = _all_months(picked, monthly.index).assign(energy_twh=monthly)
    table = factor_set(picked.factors)["intensity_g_kwh"]
    frame["emissions_mt"] = monthly * frame["intensity_g_kwh"] / 1000
    frame["lower_mt"] = monthly * table["hydro"] / 1000
    frame["upper_mt"] = monthly * table["coal"] / 1000
    frame["interval"] = frame.pop("interval")
    return frame


def _given(energy):
    """Monthly energy of the reader's own, checked."""
    wrong = BadInput(_("energy must be a frame with the column best_twh and months as index."))
    if "best_twh" not in energy.columns:
        raise wrong
    if energy.empty:
        raise BadInput(_("{what} has no rows."), what="energy")
    if pd.api.types.is_numeric_dtype(energy.index):
        raise wrong
    try:
        series = energy["best_twh"].astype("float64")
        months = series.index = pd.DatetimeIndex(series.index).tz_localize(None)
    except (TypeError, ValueError):
        raise wrong from None
    if months.has_duplicates or (months != months.to_period("M").to_timestamp()).any():
        raise BadInput(_("The index of energy must be first days of months, none twice."))
    if not series.between(0, np.inf, inclusive="left").all():
        raise BadInput(_("energy has a missing, negative or infinite value."))
    return series.sort_index()


def _all_months(choices, months):
    """Intensity of each month, before and after the mining map too, and the interval it is in."""
    covered = map_months()
    before, after = months < covered[0], months > covered[-1]
    assessed = None if before.all() else intensity(choices)
    value = [
        grid_intensity("world", month.year, choices.mix, choices.factors)
        if month < covered[0]
        else assessed[min(month, covered[-1])]
        for month in months
    ]
    interval = np.select([before, after], ["historical", "predicted"], "assessed")
    return pd.DataFrame(
        {"intensity_g_kwh": value, "interval": interval}, index=months.rename("month")
    )


def power_mix(choices: Choices | None = None, **named: Any) -> pd.DataFrame:
    """Sources behind the power of mining in the months of the mining map.

    Parameters
    ----------
    choices : Choices, optional
    **named
        Fields of `Choices`, in its place. Factors and editions do not matter here.

    Returns
    -------
    pandas.DataFrame
        Index ``month``; one column per source (``coal_share_pct``...), ``renewable_share_pct``
        and ``sustainable_share_pct`` (renewable and nuclear); percent.

    Raises
    ------
    UnknownName, BadParameter

    Examples
    --------
    >>> round(float(power_mix().loc["2022-01-01", "coal_share_pct"]), 0)
    37.0
    """
    shares = source_shares(picked_choices(choices, named))[list(SOURCES)] * 100
    renewable = shares[_RENEWABLE].sum(axis=1)
    out = shares.add_suffix("_share_pct")
    return out.assign(
        renewable_share_pct=renewable, sustainable_share_pct=renewable + shares["nuclear"]
    ).rename_axis("month")


def by_place(choices: Choices | None = None, **named: Any) -> pd.DataFrame:
    """Weight, intensity and contribution of each cell of the map, by month.

    Parameters
    ----------
    choices : Choices, optional
    **named
        Fields of `Choices`, in its place.

    Returns
    -------
    pandas.DataFrame
        ``month``, ``place`` (country, or ``china/`` and a province), ``share_pct``,
        ``intensity_g_kwh`` and ``contribution_g_kwh`` (their product).

    Raises
    ------
    UnknownName, BadParameter, OutOfCoverage
        As `intensity`.

    Examples
    --------
    >>> by_place().groupby("month")["share_pct"].sum().round(6).unique().tolist()
    [100.0]
    """
    picked = picked_choices(choices, named)
    weight = weights(picked)
    value = intensities(picked)[weight.columns]
    long = pd.DataFrame(
        {"share_pct": (weight * 100).stack(), "intensity_g_kwh": value.stack()}
    ).rename_axis(["month", "place"])
    long["contribution_g_kwh"] = long["share_pct"] * long["intensity_g_kwh"] / 100
    return long.reset_index()
