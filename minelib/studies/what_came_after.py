# SPDX-License-Identifier: MIT
"""Parameters of notebook ``09-what-came-after``."""

from typing import Annotated, Literal

from minelib.studies.base import Data, Day, Language, Study, before, finding, one_of, parameter
from minelib.words import N_


def _estimators():
    from minelib.catalog import load

    return sorted(load("country_share_later")["estimator"].unique())


class WhatCameAfter(Study):
    """From the end of the mining map to 2026: China, the law, the places, power and carbon."""

    start: Day = parameter("2022-02-01", ge="2022-02-01", le="2024-12-31")
    end: Day = parameter("2026-05-31", ge="2025-11-30", le="2026-05-31")
    estimators: list[Annotated[str, one_of(_estimators)]] = parameter(
        ["luxor_heatmap", "cryptoquant", "mellerud", "kz_association", "power_utility"]
    )
    version: Literal["extended", "1.4.0"] = parameter("extended")
    price_usd_kwh: float = parameter(0.05, unit="USD/kWh", ge=0.001, le=1.0)
    data: Data = parameter("packaged")
    lang: Language = parameter("en")

    checks = (before("start", "end"),)

    finds = {
        "china_{share_of}_{n}": finding(
            N_("China's share of {share_of}, {date}"), "share_pct lower_pct upper_pct", "percent"
        ),
        "season_{method}_pct": finding(
            N_("Swing with the wet season: {series}"),
            "swing_pct lower_pct upper_pct",
            "percent",
            0.9,
        ),
        "held_{place}_pct": finding(
            N_("Latest estimates of the share of {place}, the range of all"),
            "share_pct lower_pct upper_pct",
            "percent",
        ),
        "hhi_{way}_{when}": finding(
            N_("Herfindahl-Hirschman index {way}, {month}"), "hhi lower_hhi upper_hhi"
        ),
        "index_{year}_twh": finding(
            N_("Electricity of mining in {year} by the index"),
            "best_twh lower_twh upper_twh",
            "TWh",
        ),
        "emissions_{basis}_mt": finding(
            N_("Emissions of mining in 2024: {basis}"), "emissions_mt lower_mt upper_mt", "Mt"
        ),
        "judged_{verdict}": finding(
            N_("Claims read again by the estimates since, with the verdict: {verdict}"), "count"
        ),
    }
