# SPDX-License-Identifier: MIT
"""Parameters of notebook ``10-your-own-trial``."""

from minelib.studies.base import Data, Language, Study, finding, parameter
from minelib.words import N_


class YourOwnTrial(Study):
    """A text of the reader's own, its claims and their verdicts."""

    file: str = parameter("relocation")
    tolerance_pct: float = parameter(5.0, unit="percent", ge=0, le=100)
    data: Data = parameter("packaged")
    lang: Language = parameter("en")

    finds = {
        "supported": finding(N_("supported"), unit="claims"),
        "imprecise": finding(N_("imprecise"), unit="claims"),
        "contradicted": finding(N_("contradicted"), unit="claims"),
        "unverifiable": finding(N_("unverifiable"), unit="claims"),
    }
