# SPDX-License-Identifier: MIT
"""The proof of the estimators: simulated series with known effects, estimated many times.

Run it from a shell with ``python -m minelib.impact [SIMULATIONS]``; 200 simulations take some
twenty minutes on one core. A nominal 90 percent interval should hold the truth in 85 to 95
percent of the series, and a test should cry wolf as rarely as it says.
"""

import numpy as np
import pandas as pd

from minelib.errors import BadParameter, UnknownName
from minelib.impact.breaks import breakpoints
from minelib.impact.counterfactual import effect
from minelib.impact.placebos import placebo
from minelib.impact.simulate import simulate_breaks, simulate_intervention, simulate_stages
from minelib.words import N_
from minelib.words import gettext as _

__all__ = ["SCENARIOS", "study"]

_LEVEL, _SIZE = 0.9, 0.05
_FAR = pd.Timestamp("2100-01-01")

SCENARIOS = {
    "effect": {
        "lasting fall": {"fall_pct": 40, "weeks_after": 18},
        "fall that recovers": {"fall_pct": 45, "weeks_after": 26, "recovery_weeks": 20},
        "no effect": {"fall_pct": 0, "weeks_after": 18},
        "steady growth": {"fall_pct": 40, "weeks_after": 18, "slope_sd": 0.0},
        "growth that wanders much": {"fall_pct": 40, "weeks_after": 18, "slope_sd": 0.004},
        "heavy tails": {"fall_pct": 40, "weeks_after": 18, "tails": 4},
        "with a covariate": {"fall_pct": 40, "weeks_after": 18, "elasticity": 0.3},
        "noise not known": {"fall_pct": 40, "weeks_after": 18, "known_noise": False},
    },
    "stages": {
        "third without effect": {"falls_pct": (15.0, 30.0, 0.0), "recovery_pct_week": 2.0},
        "third with an effect": {"falls_pct": (15.0, 30.0, 25.0), "recovery_pct_week": 2.0},
    },
    "breakpoints": {
        "no break": {"changes_pct": ()},
        "no break, but wild weeks": {"changes_pct": (), "tails": 4},
        "one fall": {"changes_pct": (-40,), "build_weeks": 4},
        "one fall in uneven steps": {"changes_pct": (-40,), "build_weeks": 5, "uneven": True},
        "one fall at once": {"changes_pct": (-25,), "build_weeks": 1},
    },
    "placebo": {
        "no effect": {"fall_pct": 0, "weeks_before": 320, "weeks_after": 4},
        "a fall": {"fall_pct": 30, "weeks_before": 320, "weeks_after": 4, "build_weeks": 1},
    },
}
"""Scenarios by estimator: the arguments of the simulations."""


def study(n=200, estimators=tuple(SCENARIOS), seed=0, n_boot=99):
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

    Examples
    --------
    >>> table = study(5, ("stages",))
    >>> sorted(table["quantity"].unique())
    ['bias_pct', 'coverage_pct', 'false_positive_pct', 'power_pct']
    """
    if isinstance(n, bool) or int(n) < 5:
        raise BadParameter("n", n, _("must be at least 5"))
    rows = []
    for name in estimators:
        if name not in SCENARIOS:
            raise UnknownName(N_("estimator"), name, SCENARIOS)
        for scenario, arguments in SCENARIOS[name].items():
            outcomes = [_RUNS[name](dict(arguments), seed + i, n_boot) for i in range(int(n))]
            for quantity, nominal in _NOMINAL.items():
                values = [o[quantity] for o in outcomes if quantity in o]
                if values:
                    rows.append((name, scenario, quantity, nominal, *_told(quantity, values)))
    return pd.DataFrame(
        rows,
        columns=["estimator", "scenario", "quantity", "nominal", "value", "lower", "upper", "n"],
    )


_NOMINAL = {
    "coverage_pct": 100 * _LEVEL,
    "date_coverage_pct": 100 * _LEVEL,
    "false_positive_pct": np.nan,
    "power_pct": np.nan,
    "bias_pct": 0.0,
}


def _told(quantity, values):
    values = np.asarray(values, dtype=float)
    if quantity == "bias_pct":
        margin = 1.96 * 1.2533 * values.std() / np.sqrt(len(values))  # of a median
        middle = float(np.median(values))
        return middle, middle - margin, middle + margin, len(values)
    from scipy.stats import binomtest

    count = int(values.sum())
    bounds = binomtest(count, len(values)).proportion_ci(0.95, method="wilson")
    return 100 * count / len(values), 100 * bounds.low, 100 * bounds.high, len(values)


def _judged(value, lower, upper, truth, nothing):
    """Coverage and bias; and whether zero is excluded, as a false alarm or as power."""
    alarm = not lower <= 0 <= upper
    return {
        "coverage_pct": lower <= truth <= upper,
        "bias_pct": value - truth,
        "false_positive_pct" if nothing else "power_pct": alarm,
    }


def _effect(arguments, seed, _n_boot):
    known = arguments.pop("known_noise", True)
    world = simulate_intervention(seed=seed, **arguments)
    days = 7 * arguments["weeks_after"]
    found = effect(
        world.dates[0],
        world.counted if known else world.series,
        {} if world.covariate is None else {"covariate": world.covariate},
        horizon_days=days,
        level=_LEVEL,
        draws=1000,
        seed=seed,
    )
    truth = world.mean_effect_pct(world.dates[0], days)
    return _judged(*found.mean_pct(), truth, arguments["fall_pct"] == 0)


def _stages(arguments, seed, _n_boot):
    world = simulate_stages(seed=seed, **arguments)
    last = world.dates[-1]
    found = effect(
        last,
        world.counted,
        horizon_days=28,
        level=_LEVEL,
        earlier=world.dates[:-1],
        draws=1000,
        seed=seed,
    )
    without = simulate_stages(
        seed=seed, **{**arguments, "falls_pct": (*arguments["falls_pct"][:-1], 0.0)}
    )
    inside = (world.touched.index >= last) & (world.touched.index < last + pd.Timedelta(days=28))
    truth = 100 * (world.touched[inside].sum() / without.touched[inside].sum() - 1)
    return _judged(*found.mean_pct(), truth, arguments["falls_pct"][-1] == 0)


def _breakpoints(arguments, seed, n_boot):
    world = simulate_breaks(seed=seed, **arguments)
    found = breakpoints(
        world.counted, world.series.index[0], _FAR, _LEVEL, size=_SIZE, n_boot=n_boot, seed=seed
    )
    if not world.dates:
        return {"false_positive_pct": len(found) > 0}
    near = found[(found["date"] - world.dates[0]).abs() <= pd.Timedelta(days=56)]
    out = {"power_pct": len(near) > 0}
    if len(near):
        row = near.loc[(near["date"] - world.dates[0]).abs().idxmin()]
        out["date_coverage_pct"] = row["lower_date"] <= world.dates[0] <= row["upper_date"]
        out["coverage_pct"] = row["lower_pct"] <= world.changes_pct[0] <= row["upper_pct"]
        out["bias_pct"] = row["change_pct"] - world.changes_pct[0]
    return out


def _placebo(arguments, seed, _n_boot):
    world = simulate_intervention(seed=seed, **arguments)
    checked = placebo(
        world.dates[0],
        world.counted,
        horizon_days=28,
        n=39,
        before="2100-01-01",
        train_days=728,
        donuts=(),
        training=(),
        seed=seed,
    )
    name = "power_pct" if arguments["fall_pct"] else "false_positive_pct"
    return {name: checked.p_value <= 1 - _LEVEL}


_RUNS = {
    "effect": _effect,
    "stages": _stages,
    "breakpoints": _breakpoints,
    "placebo": _placebo,
}
