# SPDX-License-Identifier: MIT
"""Parameters of notebook ``00-overview``."""

from minelib.studies.base import Day, Language, Study, before, parameter
from minelib.studies.findings import finding
from minelib.words import N_

__all__ = ["Overview"]


class Overview(Study):
    """The story in six figures."""

    start: Day = parameter(
        "2013-01-01",
        ge="2011-01-01",
        le="2019-12-31",
        meaning=N_("First day of the long figures, inclusive"),
    )
    end: Day = parameter(
        "2023-12-31",
        ge="2022-02-01",
        le="2023-12-31",
        meaning=N_("Last day of the long figures, inclusive"),
    )
    price_usd_kwh: float = parameter(
        0.05,
        unit="USD/kWh",
        ge=0.01,
        le=0.2,
        meaning=N_("Price of power that the electricity index assumes"),
    )
    lang: Language = parameter("en", meaning=N_("Language of prose, figures and tables"))

    checks = (before("start", "end"),)
    finds = {
        "summer_effect_pct": finding(
            "value",
            "lower",
            "upper",
            unit="percent",
            level=0.9,
            meaning=N_("Effect on the hash rate, mean of the first 90 days"),
        ),
        "half_year_effect_pct": finding(
            "value",
            "lower",
            "upper",
            unit="percent",
            level=0.9,
            meaning=N_("Effect on the hash rate, mean of 180 days"),
        ),
        "china_first_pct": finding(
            "share_pct",
            "lower_pct",
            "upper_pct",
            unit="percent",
            meaning=N_("China's share of the hash rate in the first month of the map"),
        ),
        "china_last_pct": finding(
            "share_pct",
            "lower_pct",
            "upper_pct",
            unit="percent",
            meaning=N_("China's share of the hash rate in the last month of the map"),
        ),
        "electricity_2021_twh": finding(
            "best_gw",
            "lower_gw",
            "upper_gw",
            unit="TWh",
            meaning=N_("Electricity used in 2021, between the index's own bounds"),
        ),
        "shipped_to_kazakhstan_usd": finding(
            "net_usd",
            "lower_usd",
            "upper_usd",
            unit="USD",
            level=0.9,
            meaning=N_("What one machine shipped to Kazakhstan came to after a year"),
        ),
        "claims_supported": finding(
            unit="claims", meaning=N_("Statements of the article that hold")
        ),
        "claims_contradicted": finding(
            unit="claims", meaning=N_("Statements of the article that are wrong")
        ),
    }
