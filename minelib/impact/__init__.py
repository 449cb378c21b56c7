# SPDX-License-Identifier: MIT
"""What the crackdown did: break dates, effects against a counterfactual, stages, placebos."""

from minelib.checks.door import door
from minelib.impact.answer import answer
from minelib.impact.breaks import breakpoints
from minelib.impact.counterfactual import effect, outcomes
from minelib.impact.covariates import KNOWN as COVARIATES
from minelib.impact.placebos import Placebo, placebo
from minelib.impact.result import Effect
from minelib.impact.series import QUANTITIES, Observed, network_series
from minelib.impact.simulate import (
    Simulated,
    simulate_breaks,
    simulate_intervention,
    simulate_stages,
)
from minelib.impact.staged import STAGES, stages

__all__ = [
    "COVARIATES",
    "QUANTITIES",
    "STAGES",
    "Effect",
    "Observed",
    "Placebo",
    "Simulated",
    "answer",
    "breakpoints",
    "effect",
    "network_series",
    "outcomes",
    "placebo",
    "simulate_breaks",
    "simulate_intervention",
    "simulate_stages",
    "stages",
]

door(globals())
