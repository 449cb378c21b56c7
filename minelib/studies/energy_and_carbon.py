# SPDX-License-Identifier: MIT
"""Parameters of notebook ``04-energy-and-carbon``."""

from typing import Annotated, Literal

from minelib.studies.base import Day, Language, Study, before, finding, one_of, parameter
from minelib.words import N_


def factor_sets() -> tuple[str, ...]:
    """Names of the life-cycle factor sets."""
    from minelib.carbon import FACTOR_SETS

    return FACTOR_SETS


class Recounted(Study):
    """What notebooks on electricity and carbon have in common."""

    price_usd_kwh: float = parameter(0.05, unit="USD/kWh", ge=0.001, le=1.0)
    version: Literal["1.4.0", "1.3.1", "1.2.0"] = parameter("1.4.0")
    factors: Annotated[str, one_of(factor_sets)] = parameter("ccaf_current")
    vintage: Literal["generation", "owid_2022", "owid_2025"] = parameter("generation")
    n_draws: int = parameter(2000, ge=50, le=100_000)
    seed: int = parameter(1, ge=0)
    start: Day = parameter("2014-01-01", ge="2014-01-01", le="2020-12-31")
    end: Day = parameter("2023-09-22", ge="2021-08-31", le="2023-12-31")
    lang: Language = parameter("en")

    checks = (before("start", "end"),)


class EnergyAndCarbon(Recounted):
    """How much electricity mining takes, how dirty it is, and how sure one can be."""

    finds = {
        "index_{year}": finding(
            N_("Electricity of mining in {year}, best guess and bounds of the index"),
            "best_twh lower_twh upper_twh",
            "TWh",
        ),
        "mean_error_test_pct": finding(
            N_("Largest mean error against the published index, 2015 to 2020"), unit="percent"
        ),
        "mean_error_fit_pct": finding(
            N_("Largest mean error against the published index from 2021 on"), unit="percent"
        ),
        "ensemble_{year}": finding(
            N_("Electricity of mining in {year}, median of the ensemble"),
            "median_twh lower_twh upper_twh",
            "TWh",
            0.9,
        ),
        "china_april_2021": finding(
            N_("Power of mining in China in April 2021, with the bounds of the index"),
            "best_gw lower_gw upper_gw",
            "GW",
        ),
        "intensity_mean_error_pct": finding(
            N_("Mean error of the monthly intensity against the published one"), unit="percent"
        ),
        "intensity_{when}": finding(
            N_("Carbon intensity of mining, {when}; range of all ways of counting"),
            "recomputed lower_g_kwh upper_g_kwh",
            "g/kWh",
        ),
        "change_pct": finding(
            N_("Change of the carbon intensity from 2020 to August 2021; range of all ways"),
            "change_pct lower_pct upper_pct",
            "percent",
        ),
        "ways_dirtier_pct": finding(
            N_("Ways of counting that say dirtier; no probability"), unit="percent"
        ),
        "change_published_pct": finding(
            N_("The same change in the intensities that the Cambridge index published"),
            unit="percent",
        ),
        "geography_{way}": finding(
            N_("Part of the change due to where mining was: {way}"),
            "change_g_kwh lower_g_kwh upper_g_kwh",
            "g/kWh",
        ),
        "emissions": finding(
            N_("Emissions from {first_month} to {last_month}; all hydropower to all coal"),
            "emissions_mt lower_mt upper_mt",
            "Mt",
        ),
    }
