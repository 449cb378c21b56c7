# SPDX-License-Identifier: MIT
"""Parameters of notebook ``06-claims``."""

from minelib.studies.base import Language, Month, Study, parameter
from minelib.studies.findings import finding
from minelib.words import N_

__all__ = ["Claims"]


def _sections():
    from minelib.claims import sections

    return ["all", *sections()]


def _verdicts():
    from minelib.claims import VERDICTS

    return ["all", *VERDICTS]


def _ids():
    from minelib.catalog import load

    return load("claims")["claim"].tolist()


class Claims(Study):
    """The article on trial: its claims, the rules, the verdicts, and one number without source."""

    section: str = parameter(
        "all", choices=_sections, meaning=N_("Part of the article that is read aloud")
    )
    verdict: str = parameter(
        "all", choices=_verdicts, meaning=N_("Show only claims with this verdict")
    )
    tolerance_pct: float = parameter(
        5.0,
        unit="percent",
        ge=0,
        le=100,
        meaning=N_("How far a round figure may lie from the value"),
    )
    claim: str = parameter(
        "sichuan_40_2021", choices=_ids, meaning=N_("The claim that is taken apart, by its id")
    )
    month: Month = parameter(
        "2021-05",
        ge="2021-01-01",
        le="2021-06-01",  # machines and jobs are of that half-year
        meaning=N_("Month of the first half of 2021 for which people are counted"),
    )
    draws: int = parameter(20_000, ge=100, le=1_000_000, meaning=N_("Draws of the count of people"))
    lang: Language = parameter("en", meaning=N_("Language of prose, figures and tables"))

    finds = {
        "supported": finding(unit="claims", meaning=N_("supported")),
        "imprecise": finding(unit="claims", meaning=N_("imprecise")),
        "contradicted": finding(unit="claims", meaning=N_("contradicted")),
        "unverifiable": finding(unit="claims", meaning=N_("unverifiable")),
        "paid_jobs": finding(
            "median", "lower", "upper", unit="persons", level=0.9, meaning=N_("Paid jobs, sum")
        ),
        "participants": finding(
            "median",
            "lower",
            "upper",
            unit="persons",
            level=0.9,
            meaning=N_("People who took part, sum"),
        ),
        "chance_participants_pct": finding(
            unit="percent",
            meaning=N_("Draws in which the people who took part reach the claim"),
        ),
        "chance_jobs_pct": finding(
            unit="percent", meaning=N_("Draws in which the paid jobs reach the claim")
        ),
    }
