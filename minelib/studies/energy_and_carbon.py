# SPDX-License-Identifier: MIT
"""Parameters of notebook ``04-energy-and-carbon``."""

from typing import Annotated, Literal

from minelib.studies.base import Data, Day, Language, Study, before, one_of, parameter


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
    data: Data = parameter("packaged")
    lang: Language = parameter("en")

    checks = (before("start", "end"),)


class EnergyAndCarbon(Recounted):
    """How much electricity mining takes, how dirty it is, and how sure one can be."""
