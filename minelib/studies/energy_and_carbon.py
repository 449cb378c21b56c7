# SPDX-License-Identifier: MIT
"""Parameters of notebook ``04-energy-and-carbon``."""

from minelib.studies.base import Day, Language, Study, before, parameter
from minelib.studies.findings import finding
from minelib.words import N_

__all__ = ["EnergyAndCarbon", "Recounted"]


def factor_sets():
    """Names of the life-cycle factor sets."""
    from minelib.carbon import FACTOR_SETS

    return FACTOR_SETS


class Recounted(Study):
    """What notebooks on electricity and carbon have in common."""

    price_usd_kwh: float = parameter(
        0.05,
        unit="USD/kWh",
        ge=0.001,
        le=1.0,
        meaning=N_("One electricity price for the whole world, as the index has it"),
    )
    version: str = parameter(
        "1.4.0", choices=["1.4.0", "1.3.1", "1.2.0"], meaning=N_("Version of the index")
    )
    factors: str = parameter(
        "ccaf_current", choices=factor_sets, meaning=N_("Life-cycle emission factors: which set")
    )
    vintage: str = parameter(
        "generation",
        choices=["generation", "owid_2022", "owid_2025"],
        meaning=N_(
            "Electricity of countries: generation of the year times factors, or an edition"
            " of published grid intensities"
        ),
    )
    n_draws: int = parameter(
        2000, ge=50, le=100_000, meaning=N_("Draws of the ensemble; more are smoother and slower")
    )
    seed: int = parameter(
        1, ge=0, meaning=N_("Start of the random numbers; the same gives the same")
    )
    start: Day = parameter(
        "2014-01-01", ge="2014-01-01", le="2020-12-31", meaning=N_("First day, inclusive")
    )
    end: Day = parameter(
        "2023-09-22",
        ge="2021-08-31",
        le="2023-12-31",
        meaning=N_("Last day, inclusive; the published series was seen up to 2023-09-22"),
    )
    lang: Language = parameter("en", meaning=N_("Language of prose, figures and tables"))

    checks = (before("start", "end"),)


class EnergyAndCarbon(Recounted):
    """How much electricity mining takes, how dirty it is, and how sure one can be."""

    finds = {
        "index_{year}": finding(
            "best_twh",
            "lower_twh",
            "upper_twh",
            unit="TWh",
            meaning=N_("Electricity of mining in {year}, best guess and bounds of the index"),
        ),
        "mean_error_test_pct": finding(
            unit="percent",
            meaning=N_("Largest mean error against the published index, 2015 to 2020"),
        ),
        "mean_error_fit_pct": finding(
            unit="percent",
            meaning=N_("Largest mean error against the published index from 2021 on"),
        ),
        "ensemble_{year}": finding(
            "median_twh",
            "lower_twh",
            "upper_twh",
            unit="TWh",
            level=0.9,
            meaning=N_("Electricity of mining in {year}, median of the ensemble"),
        ),
        "china_april_2021": finding(
            "best_gw",
            "lower_gw",
            "upper_gw",
            unit="GW",
            meaning=N_("Power of mining in China in April 2021, with the bounds of the index"),
        ),
        "intensity_mean_error_pct": finding(
            unit="percent",
            meaning=N_("Mean error of the monthly intensity against the published one"),
        ),
        "intensity_{when}": finding(
            "recomputed",
            "lower_g_kwh",
            "upper_g_kwh",
            unit="g/kWh",
            meaning=N_("Carbon intensity of mining, {when}; range of all ways of counting"),
        ),
        "change_pct": finding(
            "change_pct",
            "lower_pct",
            "upper_pct",
            unit="percent",
            meaning=N_(
                "Change of the carbon intensity from 2020 to August 2021; range of all ways"
            ),
        ),
        "ways_dirtier_pct": finding(
            unit="percent", meaning=N_("Ways of counting that say dirtier; no probability")
        ),
        "change_published_pct": finding(
            unit="percent",
            meaning=N_("The same change in the intensities that the Cambridge index published"),
        ),
        "geography_{way}": finding(
            "change_g_kwh",
            "lower_g_kwh",
            "upper_g_kwh",
            unit="g/kWh",
            meaning=N_("Part of the change due to where mining was: {way}"),
        ),
        "emissions": finding(
            "emissions_mt",
            "lower_mt",
            "upper_mt",
            unit="Mt",
            meaning=N_("Emissions from {first_month} to {last_month}; all hydropower to all coal"),
        ),
    }
