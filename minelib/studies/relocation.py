# SPDX-License-Identifier: MIT
"""Parameters of notebook ``03-relocation``."""

from minelib.studies.base import Language, Month, Study, before, parameter
from minelib.studies.findings import finding
from minelib.words import N_

__all__ = ["Relocation"]

_SHARE = finding(
    "share_pct",
    "story_lower_pct",
    "story_upper_pct",
    unit="percent",
    meaning=N_("Share of China in {month}, with the range over nine stories"),
)


class Relocation(Study):
    """Where the hash rate went, between two months of the mining map."""

    from_month: Month = parameter(
        "2021-04-01",
        ge="2019-09-01",
        le="2022-01-01",
        meaning=N_("Month before the move, of the mining map"),
    )
    to_month: Month = parameter(
        "2022-01-01",
        ge="2019-09-01",
        le="2022-01-01",
        meaning=N_("Month after the move, of the mining map"),
    )
    vpn: str = parameter(
        "as_published",
        choices=["as_published", "to_china", "removed"],
        meaning=N_("Germany and Ireland: as published, counted as China, or left out"),
    )
    sample: str = parameter(
        "as_published",
        choices=["as_published", "without_joined", "reweighted"],
        meaning=N_(
            "Pools of the sample: as published, without the one that joined, or with it at"
            " its weight in the network"
        ),
    )
    moved_share: float = parameter(
        0.5,
        unit="fraction",
        ge=0,
        le=1,
        meaning=N_("Part of what may have moved that did, for the one table of moves"),
    )
    lang: Language = parameter("en", meaning=N_("Language of prose, figures and tables"))

    checks = (before("from_month", "to_month"),)

    finds = {
        "china_share_before": _SHARE,
        "china_share_after": _SHARE,
        "china_august_2021": _SHARE,
        "china_january_2022": _SHARE,
        "season_{direction}_{year}": finding(
            "moved_pp",
            "lower_pp",
            "upper_pp",
            unit="percentage points",
            meaning=N_("Seasonal move {direction}, {year}, in points of China's hash rate"),
        ),
        "china_to_{destination}": finding(
            "best_eh_s",
            "lower_eh_s",
            "upper_eh_s",
            unit="EH/s",
            meaning=N_("What China lost: {destination}"),
        ),
        "{unknown}_eh_s": finding(
            "best_eh_s",
            "lower_eh_s",
            "upper_eh_s",
            unit="EH/s",
            meaning="{meaning}",
        ),
        "statements_{comparison}": finding(
            "count", meaning=N_("Statements beside the map: {comparison}")
        ),
        "hhi_{way}": finding(
            "hhi",
            "lower_hhi",
            "upper_hhi",
            meaning=N_("Herfindahl-Hirschman index after the move, {way}"),
        ),
    }
