# SPDX-License-Identifier: MIT
"""Parameters of notebook ``01-boom``."""

from minelib.errors import MinelibError
from minelib.studies.base import Day, Language, Study, before, check, parameter
from minelib.studies.findings import finding
from minelib.words import N_

__all__ = ["Boom"]


def _unusable(machine):
    """Why the machine's earnings cannot be computed, or None."""
    from minelib import economics

    try:
        economics.machine(machine, ("hashrate_th_s", "power_w"))
    except MinelibError as error:
        return str(error)
    return None


class Boom(Study):
    """The rise: price and hash rate, machines, provinces, pools, earnings."""

    start: Day = parameter(
        "2013-01-01",
        ge="2011-01-01",
        le="2019-12-31",
        meaning=N_("First day of the story, inclusive"),
    )
    end: Day = parameter(
        "2021-05-20",
        ge="2020-06-30",
        le="2022-01-31",
        meaning=N_("Last day of the story, inclusive; the day before the State Council spoke"),
    )
    top_n_provinces: int = parameter(
        4, ge=1, le=8, meaning=N_("How many provinces are shown by name; the rest as one")
    )
    top_n_pools: int = parameter(
        8, ge=1, le=15, meaning=N_("How many pools are shown by name; the rest as one")
    )
    machine: str = parameter(
        "Antminer S9", meaning=N_("The machine whose earnings are followed, by name")
    )
    tariff_usd_kwh: float = parameter(
        0.05, unit="USD/kWh", gt=0, le=1, meaning=N_("Price of power for that machine")
    )
    lang: Language = parameter("en", meaning=N_("Language of prose, figures and tables"))

    checks = (before("start", "end"), check(("machine",), _unusable))
    finds = {
        "hashrate_factor": finding(
            "value",
            "lower",
            "upper",
            level=0.9,
            meaning=N_("Hash rate of the last month over that of the first"),
        ),
        "doubling_months": finding(
            "value",
            "lower",
            "upper",
            unit="months",
            level=0.9,
            meaning=N_("Months in which the hash rate doubled, on average"),
        ),
        "best_efficiency": finding(
            "efficiency_j_th",
            "efficiency_lowest_j_th",
            "efficiency_highest_j_th",
            unit="J/TH",
            meaning=N_("Efficiency of the best machine at the end, by source"),
        ),
        "largest_seasonal_move": finding(
            "moved_pp",
            "lower_pp",
            "upper_pp",
            unit="percentage points",
            meaning=N_("Largest seasonal move, in points of China's hash rate"),
        ),
        "margin_at_the_end": finding(
            "margin_usd_day",
            "lower_usd_day",
            "upper_usd_day",
            unit="USD/day",
            meaning=N_("What the machine earned a day over its power, last week"),
        ),
    }
