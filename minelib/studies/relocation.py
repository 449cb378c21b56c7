# SPDX-License-Identifier: MIT
"""Parameters of notebook ``03-relocation``."""

from typing import Literal

from minelib.studies.base import Language, Month, Study, before, finding, parameter
from minelib.words import N_

_SHARE = finding(
    N_("Share of China in {month}, with the range over nine stories"),
    "share_pct story_lower_pct story_upper_pct",
    "percent",
)


class Relocation(Study):
    """Where the hash rate went, between two months of the mining map."""

    from_month: Month = parameter("2021-04-01", ge="2019-09-01", le="2022-01-01")
    to_month: Month = parameter("2022-01-01", ge="2019-09-01", le="2022-01-01")
    vpn: Literal["as_published", "to_china", "removed"] = parameter("as_published")
    sample: Literal["as_published", "without_joined", "reweighted"] = parameter("as_published")
    moved_share: float = parameter(0.5, unit="fraction", ge=0, le=1)
    lang: Language = parameter("en")

    checks = (before("from_month", "to_month"),)

    finds = {
        "china_share_before": _SHARE,
        "china_share_after": _SHARE,
        "china_august_2021": _SHARE,
        "china_january_2022": _SHARE,
        "season_{direction}_{year}": finding(
            N_("Seasonal move {direction}, {year}, in points of China's hash rate"),
            "moved_pp lower_pp upper_pp",
            "percentage points",
        ),
        "china_to_{destination}": finding(
            N_("What China lost: {destination}"), "best_eh_s lower_eh_s upper_eh_s", "EH/s"
        ),
        "{unknown}_eh_s": finding("{meaning}", "best_eh_s lower_eh_s upper_eh_s", "EH/s"),
        "statements_{comparison}": finding(N_("Statements beside the map: {comparison}"), "count"),
        "hhi_{way}": finding(
            N_("Herfindahl-Hirschman index after the move, {way}"), "hhi lower_hhi upper_hhi"
        ),
    }
