# SPDX-License-Identifier: MIT
"""Parameters of notebook ``01-boom``."""

from minelib.studies.base import Day, Language, Study, before, check, finding, parameter
from minelib.words import N_


def _usable(machine):
    """The machine is known with what its earnings are computed from."""
    from minelib import economics

    economics.machine(machine, ("hashrate_th_s", "power_w"))


class Boom(Study):
    """The rise: price and hash rate, machines, provinces, pools, earnings."""

    start: Day = parameter("2013-01-01", ge="2011-01-01", le="2019-12-31")
    end: Day = parameter("2021-05-20", ge="2020-06-30", le="2022-01-31")
    top_n_provinces: int = parameter(4, ge=1, le=8)
    top_n_pools: int = parameter(8, ge=1, le=15)
    machine: str = parameter("Antminer S9")
    tariff_usd_kwh: float = parameter(0.05, unit="USD/kWh", gt=0, le=1)
    lang: Language = parameter("en")

    checks = (before("start", "end"), check(("machine",), _usable))
    finds = {
        "hashrate_factor": finding(
            N_("Hash rate of the last month over that of the first"), "value lower upper", level=0.9
        ),
        "doubling_months": finding(
            N_("Months in which the hash rate doubled, on average"),
            "value lower upper",
            "months",
            0.9,
        ),
        "best_efficiency": finding(
            N_("Efficiency of the best machine at the end, by source"),
            "efficiency_j_th efficiency_lowest_j_th efficiency_highest_j_th",
            "J/TH",
        ),
        "largest_seasonal_move": finding(
            N_("Largest seasonal move, in points of China's hash rate"),
            "moved_pp lower_pp upper_pp",
            "percentage points",
        ),
        "margin_at_the_end": finding(
            N_("What the machine earned a day over its power, last week"),
            "margin_usd_day lower_usd_day upper_usd_day",
            "USD/day",
        ),
    }
