# SPDX-License-Identifier: MIT
"""Electricity of Bitcoin mining: the Cambridge index re-computed, by place, and its uncertainty.

>>> import minelib as ml
>>> round(float(ml.energy.index(0.05, start="2022-01-01").loc[:"2022-12-31", "best_gw"].mean()), 1)
10.9
"""

from minelib.checks.door import door
from minelib.energy.check import accuracy
from minelib.energy.inputs import check_machines, check_network, threshold_j_th
from minelib.energy.later import overlap, since_published
from minelib.energy.model import grid, index, minting_cost, totals
from minelib.energy.regions import map_shares, regional
from minelib.energy.rules import PUE, VERSIONS
from minelib.energy.spread import ASSUMPTIONS, Ensemble, ensemble
from minelib.energy.tariffs import tariff_ranges

__all__ = [
    "ASSUMPTIONS",
    "PUE",
    "VERSIONS",
    "Ensemble",
    "accuracy",
    "check_machines",
    "check_network",
    "ensemble",
    "grid",
    "index",
    "map_shares",
    "minting_cost",
    "overlap",
    "regional",
    "since_published",
    "tariff_ranges",
    "threshold_j_th",
    "totals",
]

door(globals())
