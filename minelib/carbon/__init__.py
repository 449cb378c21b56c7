# SPDX-License-Identifier: MIT
"""Carbon of Bitcoin mining: intensity, emissions, and what the answer depends on."""

from minelib.carbon.ban import ban
from minelib.carbon.choices import CHOICES, Choices, admissible
from minelib.carbon.combinations import (
    all_intensities,
    deciding_choices,
    intensity_range,
    multiverse,
)
from minelib.carbon.factors import FACTOR_SETS, MIXES, SOURCES, factor_set, grid_intensity
from minelib.carbon.model import by_place, emissions, intensity, power_mix
from minelib.carbon.shapley import PARTS, decomposition
from minelib.carbon.since import by_survey, change, emitted
from minelib.checks.door import door

__all__ = [
    "CHOICES",
    "FACTOR_SETS",
    "MIXES",
    "PARTS",
    "SOURCES",
    "Choices",
    "admissible",
    "all_intensities",
    "ban",
    "by_place",
    "by_survey",
    "change",
    "deciding_choices",
    "decomposition",
    "emissions",
    "emitted",
    "factor_set",
    "grid_intensity",
    "intensity",
    "intensity_range",
    "multiverse",
    "power_mix",
]

door(globals())
