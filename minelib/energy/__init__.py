# SPDX-License-Identifier: MIT
"""Electricity of Bitcoin mining: the Cambridge index re-computed, by place, and its uncertainty.

>>> import minelib as ml
>>> round(float(ml.energy.index(0.05, start="2022-01-01").loc[:"2022-12-31", "best_gw"].mean()), 1)
10.9
"""

from minelib.energy.check import accuracy
from minelib.energy.inputs import check_machines, check_network, threshold_j_th
from minelib.energy.model import grid, index, minting_cost, totals
from minelib.energy.rules import PUE, VERSIONS

__all__ = [
    "PUE",
    "VERSIONS",
    "accuracy",
    "check_machines",
    "check_network",
    "grid",
    "index",
    "minting_cost",
    "threshold_j_th",
    "totals",
]
