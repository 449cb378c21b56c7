# SPDX-License-Identifier: MIT
"""Where the hash rate was, where it went, and how far the published map can be trusted."""

from minelib.checks.door import door
from minelib.geography.concentration import concentration
from minelib.geography.evidence import COMPARISONS, efficiency, hash_rate_per_machine
from minelib.geography.flows import FLOW_KINDS, Flows, flows
from minelib.geography.harmonise import UsageWarning, harmonise_map
from minelib.geography.maps import by_country, by_province, sensitivity
from minelib.geography.places import find_place
from minelib.geography.seasonality import DIRECTIONS, seasonality
from minelib.geography.stories import SAMPLE_STORIES, SAMPLES, VPN_STORIES, VPNS, sampling

__all__ = [
    "COMPARISONS",
    "DIRECTIONS",
    "FLOW_KINDS",
    "SAMPLES",
    "SAMPLE_STORIES",
    "VPNS",
    "VPN_STORIES",
    "Flows",
    "UsageWarning",
    "by_country",
    "by_province",
    "concentration",
    "efficiency",
    "find_place",
    "flows",
    "harmonise_map",
    "hash_rate_per_machine",
    "sampling",
    "seasonality",
    "sensitivity",
]

door(globals())
