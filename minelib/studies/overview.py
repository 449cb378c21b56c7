# SPDX-License-Identifier: MIT
"""Parameters of notebook ``00-overview``."""

from minelib.studies.base import Day, Language, Study, before, finding, parameter
from minelib.words import N_


class Overview(Study):
    """The story in six figures."""

    start: Day = parameter("2013-01-01", ge="2011-01-01", le="2019-12-31")
    end: Day = parameter("2023-12-31", ge="2022-02-01", le="2023-12-31")
    price_usd_kwh: float = parameter(0.05, unit="USD/kWh", ge=0.01, le=0.2)
    lang: Language = parameter("en")

    checks = (before("start", "end"),)
    finds = {
        "summer_effect_pct": finding(
            N_("Effect on the hash rate, mean of the first 90 days"),
            "value lower upper",
            "percent",
            0.9,
        ),
        "half_year_effect_pct": finding(
            N_("Effect on the hash rate, mean of 180 days"), "value lower upper", "percent", 0.9
        ),
        "china_first_pct": finding(
            N_("China's share of the hash rate in the first month of the map"),
            "share_pct lower_pct upper_pct",
            "percent",
        ),
        "china_last_pct": finding(
            N_("China's share of the hash rate in the last month of the map"),
            "share_pct lower_pct upper_pct",
            "percent",
        ),
        "electricity_2021_twh": finding(
            N_("Electricity used in 2021, between the index's own bounds"),
            "best_gw lower_gw upper_gw",
            "TWh",
        ),
        "shipped_to_kazakhstan_usd": finding(
            N_("What one machine shipped to Kazakhstan came to after a year"),
            "net_usd lower_usd upper_usd",
            "USD",
            0.9,
        ),
        "claims_supported": finding(N_("Statements of the article that hold"), unit="claims"),
        "claims_contradicted": finding(
            N_("Statements of the article that are wrong"), unit="claims"
        ),
    }
