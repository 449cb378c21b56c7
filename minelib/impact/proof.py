# SPDX-License-Identifier: MIT
"""The proof of the estimators: simulated series with known effects, estimated many times.

Run it from a shell with ``python -m minelib.impact [SIMULATIONS [ESTIMATOR ...]]``; 200 simulations
take some twenty minutes on one core, those of ``swing`` alone one. A nominal 90 percent interval
should hold the truth in 85 to 95 percent of the series, and a test should cry wolf as rarely as it
says.
"""

from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd

from minelib.chain.proof import share
from minelib.checks import whole
from minelib.checks.door import Names, Whole
from minelib.declared import declared
from minelib.errors import UnknownName
from minelib.impact.breaks import breakpoints
from minelib.impact.counterfactual import effect
from minelib.impact.placebos import placebo
from minelib.impact.simulate import (
    simulate_breaks,
    simulate_intervention,
    simulate_seasons,
    simulate_stages,
)
from minelib.impact.swing import swing
from minelib.words import N_

__all__ = ["SCENARIOS", "simulation_study"]

_LEVEL, _FAR = 0.9, "2100-01-01"
_NOMINAL = {
    "coverage_pct": 100 * _LEVEL,
    "date_coverage_pct": 100 * _LEVEL,
    "false_positive_pct": np.nan,
    "power_pct": np.nan,
    "bias_pct": 0.0,
}
_COLUMNS = ["estimator", "scenario", "quantity", "nominal", "value", "lower", "upper", "n"]

SCENARIOS = declared(__file__, "scenarios.toml")
"""Scenarios by estimator: the arguments of the simulations."""


def simulation_study(
    n: Whole = 200, estimators: Names = tuple(SCENARIOS), seed: Whole = 0, n_boot: Whole = 99
) -> pd.DataFrame:
    """Estimate simulated series with known effects and count how often the intervals hold.

    Parameters
    ----------
    n : int
        Simulations a scenario, at least 5.
    estimators : sequence of str
        Of `SCENARIOS`.
    seed : int
        Simulation ``i`` has seed ``seed + i``.
    n_boot : int
        Bootstrap series for `breakpoints`.

    Returns
    -------
    pandas.DataFrame
        ``estimator``, ``scenario``, ``quantity`` (coverage_pct, date_coverage_pct,
        false_positive_pct, power_pct, bias_pct: median error in percentage points),
        ``nominal`` (NaN where there is none), ``value``, ``lower``, ``upper`` (95 percent
        interval of the simulation itself), ``n``.

    Raises
    ------
    BadParameter, UnknownName
        Too few simulations, or an estimator that is not known.

    Examples
    --------
    >>> table = simulation_study(5, ("stages",))
    >>> sorted(table["quantity"].unique())
    ['bias_pct', 'coverage_pct', 'false_positive_pct', 'power_pct']
    """
    n, rows = whole("n", n, 5), []
    for name in estimators:
        if name not in SCENARIOS:
            raise UnknownName(N_("estimator"), name, SCENARIOS)
        for scenario, arguments in SCENARIOS[name].items():
            outcomes = [_RUNS[name](dict(arguments), seed + i, n_boot) for i in range(n)]
            for quantity, nominal in _NOMINAL.items():
                values = np.array([o[quantity] for o in outcomes if quantity in o], dtype=float)
                if len(values):
                    bounds = _summary(quantity, values)
                    rows.append((name, scenario, quantity, nominal, *bounds, len(values)))
    return pd.DataFrame(rows, columns=_COLUMNS)


def _summary(quantity, values):
    """Median of errors or share of hits in percent, with the interval of the simulation."""
    if quantity == "bias_pct":
        margin = 1.96 * 1.2533 * values.std() / np.sqrt(len(values))  # of a median
        return np.median(values) + margin * np.array([0, -1, 1])
    return share(values)


def _effect(simulate, arguments, seed, _n_boot):
    """Coverage and bias; and whether zero is excluded, as a false alarm or as power."""
    known, days = arguments.pop("known_noise", True), arguments.pop("days")
    world = simulate(seed=seed, **arguments)
    *earlier, last = world.dates
    found = effect(
        last,
        world.counted if known else world.series,
        () if world.covariate is None else world.covariate,
        days,
        _LEVEL,
        earlier=earlier,
        draws=1000,
        seed=seed,
    )
    value, lower, upper = found.mean_pct()
    inside = slice(last, last + pd.Timedelta(days=days - 1))
    truth = 100 * (world.touched[inside].sum() / world.before_last[inside].sum() - 1)
    return {
        "coverage_pct": lower <= truth <= upper,
        "bias_pct": value - truth,
        "power_pct" if world.changes_pct[-1] else "false_positive_pct": not lower <= 0 <= upper,
    }


def _breakpoints(arguments, seed, n_boot):
    world = simulate_breaks(seed=seed, **arguments)
    start = world.series.index[0]
    found = breakpoints(world.counted, start, _FAR, _LEVEL, n_boot=n_boot, seed=seed)
    if not world.dates:
        return {"false_positive_pct": len(found) > 0}
    found["distance"] = (found["date"] - world.dates[0]).abs()
    near = found[found["distance"] <= pd.Timedelta(days=56)]
    if near.empty:
        return {"power_pct": False}
    row = near.loc[near["distance"].idxmin()]
    return {
        "power_pct": True,
        "date_coverage_pct": row["lower_date"] <= world.dates[0] <= row["upper_date"],
        "coverage_pct": row["lower_pct"] <= world.changes_pct[0] <= row["upper_pct"],
        "bias_pct": row["change_pct"] - world.changes_pct[0],
    }


def _placebo(arguments, seed, _n_boot):
    world = simulate_intervention(seed=seed, **arguments)
    checked = placebo(
        world.dates[0],
        world.counted,
        horizon_days=28,
        n=39,
        before=_FAR,
        train_days=728,
        donuts=(),
        training=(),
        seed=seed,
    )
    name = "power_pct" if arguments["fall_pct"] else "false_positive_pct"
    return {name: checked.p_value <= 1 - _LEVEL}


def _swing(arguments, seed, _n_boot):
    world, years = simulate_seasons(seed=seed, **arguments), arguments.get("years", 4)
    row = swing(world.series, 2019, 2018 + years, level=_LEVEL, draws=399, seed=seed).iloc[0]
    truth = world.changes_pct[0]
    return {
        "coverage_pct": row["lower_pct"] <= truth <= row["upper_pct"],
        "bias_pct": row["swing_pct"] - truth,
        "power_pct" if truth else "false_positive_pct": row["placebo_p"] <= 1 - _LEVEL,
    }


_RUNS: dict[str, Callable] = {
    "effect": partial(_effect, simulate_intervention),
    "stages": partial(_effect, simulate_stages),
    "breakpoints": _breakpoints,
    "placebo": _placebo,
    "swing": _swing,
}
