# SPDX-License-Identifier: MIT
"""What the crackdown did: break dates, effects against a counterfactual, stages, placebos."""

from minelib.checks.door import door
from minelib.impact.aftermath import lasted, returned
from minelib.impact.answer import answer
from minelib.impact.breaks import breakpoints
from minelib.impact.by_pool import pool_paths, pool_rates, pool_steps
from minelib.impact.counterfactual import effect, outcomes
from minelib.impact.covariates import KNOWN as COVARIATES
from minelib.impact.orders import ORDERS, orders
from minelib.impact.outage import share_by_outage
from minelib.impact.placebos import Placebo, placebo
from minelib.impact.pool_gap import pool_contrast
from minelib.impact.result import Effect
from minelib.impact.series import QUANTITIES, Observed, network_series
from minelib.impact.simulate import (
    Simulated,
    simulate_breaks,
    simulate_intervention,
    simulate_seasons,
    simulate_stages,
)
from minelib.impact.staged import STAGES, stages
from minelib.impact.swing import swing

__all__ = [
    "COVARIATES",
    "ORDERS",
    "QUANTITIES",
    "STAGES",
    "Effect",
    "Observed",
    "Placebo",
    "Simulated",
    "answer",
    "breakpoints",
    "effect",
    "lasted",
    "network_series",
    "orders",
    "outcomes",
    "placebo",
    "pool_contrast",
    "pool_paths",
    "pool_rates",
    "pool_steps",
    "returned",
    "share_by_outage",
    "simulate_breaks",
    "simulate_intervention",
    "simulate_seasons",
    "simulate_stages",
    "stages",
    "swing",
]

door(globals())
