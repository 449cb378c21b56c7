# SPDX-License-Identifier: MIT
"""Parameters of notebook ``06-claims``."""

from typing import Annotated

from minelib.studies.base import Data, Language, Month, Study, one_of, parameter


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

    section: Annotated[str, one_of(_sections)] = parameter("all")
    verdict: Annotated[str, one_of(_verdicts)] = parameter("all")
    tolerance_pct: float = parameter(5.0, unit="percent", ge=0, le=100)
    claim: Annotated[str, one_of(_ids)] = parameter("sichuan_40_2021")
    month: Month = parameter(
        "2021-05",
        ge="2021-01-01",
        le="2021-06-01",  # machines and jobs are of that half-year,
    )
    draws: int = parameter(20_000, ge=100, le=1_000_000)
    data: Data = parameter("packaged")
    lang: Language = parameter("en")
