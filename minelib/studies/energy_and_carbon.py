# SPDX-License-Identifier: MIT
"""Parameters of notebook ``04-energy-and-carbon``."""

from minelib.studies.base import Day, Language, Study, before, parameter
from minelib.text import N_

__all__ = ["EnergyAndCarbon", "Recounted"]


def factor_sets():
    """Names of the life-cycle factor sets."""
    from minelib.carbon import FACTOR_SETS

    return FACTOR_SETS


class Recounted(Study):
    """What notebooks on electricity and carbon have in common."""

    price_usd_kwh: float = parameter(
        0.05, unit="USD/kWh", ge=0.001, le=1.0,
        meaning=N_("One electricity price for the whole world, as the index has it"),
    )  # fmt: skip
    version: str = parameter(
        "1.4.0", choices=["1.4.0", "1.3.1", "1.2.0"], meaning=N_("Version of the index")
    )
    factors: str = parameter(
        "ccaf_current", choices=factor_sets, meaning=N_("Life-cycle emission factors: which set")
    )
    vintage: str = parameter(
        "generation", choices=["generation", "owid_2022", "owid_2025"],
        meaning=N_("Electricity of countries: generation of the year times factors, or an edition"
                   " of published grid intensities"),
    )  # fmt: skip
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
        "2023-09-22", ge="2021-08-31", le="2023-12-31",
        meaning=N_("Last day, inclusive; the published series was seen up to 2023-09-22"),
    )  # fmt: skip
    lang: Language = parameter("en", meaning=N_("Language of prose, figures and tables"))

    checks = (before("start", "end"),)


class EnergyAndCarbon(Recounted):
    """How much electricity mining takes, how dirty it is, and how sure one can be."""
