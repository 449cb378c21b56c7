# SPDX-License-Identifier: MIT
"""Parameters of notebook ``03-relocation``."""

from typing import Literal

from minelib.studies.base import Data, Language, Month, Study, before, parameter


class Relocation(Study):
    """Where the hash rate went, between two months of the mining map."""

    from_month: Month = parameter("2021-04-01", ge="2019-09-01", le="2022-01-01")
    to_month: Month = parameter("2022-01-01", ge="2019-09-01", le="2022-01-01")
    vpn: Literal["as_published", "to_china", "removed"] = parameter("as_published")
    sample: Literal["as_published", "without_joined", "reweighted"] = parameter("as_published")
    moved_share: float = parameter(0.5, unit="fraction", ge=0, le=1)
    data: Data = parameter("packaged")
    lang: Language = parameter("en")

    checks = (before("from_month", "to_month"),)
