# SPDX-License-Identifier: MIT
"""The effect of one intervention against what the past would have gone on to be."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from minelib.checks import as_day, between, whole
from minelib.checks.door import Day, Names, Number, Whole
from minelib.errors import BadInput, BadParameter, OutOfCoverage
from minelib.impact.covariates import DEFAULT, Covariates, covariate_frame
from minelib.impact.result import Effect
from minelib.impact.series import QUANTITIES, AnySeries, Days, days, observe
from minelib.impact.structural import StructuralModel
from minelib.words import gettext as _

__all__ = ["MIN_TRAINING", "effect", "outcomes"]

MIN_TRAINING = 30
"""Observations that a training window must hold."""

_EARLIEST = pd.Timestamp("2014-07-01")  # before, the first ASICs multiplied the network tenfold
_OTHER_DEFAULT = ("price", "efficiency")  # for a hash price or fees: their own past is the model's
_LONGEST = 36_525  # days: no series is longer, and pandas counts no further than 292 years
_MOST_DRAWS = 1_000_000


def effect(
    intervention: Day,
    series: AnySeries = None,
    covariates: Covariates | None = None,
    horizon_days: Whole = 180,
    level: Number = 0.9,
    *,
    freq: str = "W",
    train_days: Whole = 1092,
    donut_days: Whole = 0,
    earlier: Days = (),
    ramp_days: Whole = 28,
    draws: Whole = 4000,
    seed: Whole = 0,
) -> Effect:
    """What an intervention did to a series, against its own forecast from before.

    **Identification.** Without the intervention the series would have gone on as its past
    allows: the same wandering level and slope, the same answer to the covariates. Nothing else
    that moves the series starts with the intervention, nobody acted on it beforehand, and the
    covariates were not moved by it (`minelib.impact.covariates` says where that holds). What
    breaks it: another shock within the horizon (the fall of the price in May 2021, a halving, a
    wet season that ends), anticipation (leave days out with ``donut_days``), and a training
    window that already holds a part of the effect (start at the first stage, or see `stages`).

    Parameters
    ----------
    intervention : date-like
        First day of the intervention. Observations dated on it or later are "after".
    series : pandas.Series or str, optional
        Any dated, evenly spaced series of numbers, or the name of a quantity of
        `minelib.impact.QUANTITIES`. Default: the hash rate of the chain. Its weeks, or epochs of
        2,016 blocks, are counted from the intervention, so that none has it in its middle. A
        period of another series that may reach across the intervention is left out.
    covariates : sequence of str, Series, DataFrame or dict of Series, optional
        Names of `minelib.impact.COVARIATES`, or own dated numbers known through the horizon.
        Default: the package's own for its own series, none for a series handed in. ``()`` for
        none.
    horizon_days : int
        Days after the intervention, at least one period; the last whole period within counts.
    level : float
        Of the intervals, between 0.5 and 0.99.
    freq : {"D", "W", "epoch"}
        For the package's own series.
    train_days : int
        Length of the training window that ends the day before the intervention.
    donut_days : int
        Days left out on both sides of the intervention: not learned from, not counted.
    earlier : sequence of date-like
        Earlier interventions in the training window. Each enters as a shift of the level that
        builds up over ``ramp_days`` and a change of the slope afterwards, both nearly free.
    ramp_days : int
    draws : int
        Draws of the counterfactual; at least 200.
    seed : int
        Of the draws: the same seed gives the same numbers.

    Returns
    -------
    Effect
        With ``.summary()``, ``.series()``, ``.sentence(lang)``.

    Raises
    ------
    BadParameter
        Not a day, a level or horizon out of range, a training window that is too short, an
        earlier intervention that is not earlier.
    OutOfCoverage
        An intervention or horizon outside the series.
    BadInput
        A series or covariate that cannot be worked with.
    UnknownName
        A quantity, frequency or covariate; the nearest are offered.

    Notes
    -----
    Series with positive values are modelled in logs, others as they are. The model and why its
    intervals hold is told in `minelib.impact.structural`; the proof is
    ``python -m minelib.impact``.

    Examples
    --------
    >>> found = effect("2021-05-21", horizon_days=60, covariates=())
    >>> found.summary()["quantity"].tolist()[:2]
    ['mean_effect', 'mean_effect_pct']
    >>> bool(found.value("mean_effect_pct") < -20)
    True
    """
    when = as_day("intervention", intervention)
    between("level", level, 0.5, 0.99)
    between("draws", draws, 200, _MOST_DRAWS)
    seed = whole("seed", seed)
    horizon_days = whole("horizon_days", horizon_days, 1)
    train_days = min(whole("train_days", train_days, MIN_TRAINING), _LONGEST)
    donut_days, ramp_days = whole("donut_days", donut_days), whole("ramp_days", ramp_days, 1)
    if donut_days >= horizon_days:
        raise BadParameter("donut_days", donut_days, _("must be below horizon_days"))
    past = days("earlier", earlier)
    if any(d >= when for d in past):
        raise BadParameter("earlier", str(max(past).date()), _("must lie before intervention"))
    seen = observe(series, freq, anchor=when)
    own = series is None or isinstance(series, str)
    first, split, last = _window(seen, when, horizon_days, train_days)
    dates, n = pd.DatetimeIndex(seen.values.index[first:last]), split - first
    values = seen.values.to_numpy()[first:last].copy()
    values[_left_out(seen, dates, when, donut_days)] = np.nan
    trained = values[:n][np.isfinite(values[:n])]
    if len(trained) < MIN_TRAINING:
        rule = _(
            "leaves {n} observations to learn from in the {days} days before it (train_days); "
            "{least} are needed"
        ).format(n=len(trained), days=train_days, least=MIN_TRAINING)
        raise BadParameter("intervention", str(when.date()), rule)
    if np.ptp(trained) == 0:
        raise BadInput(_("series does not change before the intervention."))
    if not np.isfinite(values[n:]).any():
        if donut_days:
            raise BadParameter("donut_days", donut_days, _("leaves no value of the horizon"))
        raise BadInput(_("series has no value within the horizon."))
    logs = bool((values[np.isfinite(values)] > 0).all())
    if covariates is None:
        covariates = () if not own else DEFAULT if series in (None, "hashrate") else _OTHER_DEFAULT
    x = covariate_frame(covariates, dates, when)
    for name in x.columns[~np.isfinite(x.to_numpy()).all(axis=0)]:
        rule = _("covariate {name} does not cover {first} to {last}.")
        raise BadInput(rule.format(name=name, first=dates[0].date(), last=dates[-1].date()))
    model = StructuralModel(
        (np.log(values) if logs else values)[:n],
        len(values) - n,
        seen.step_days,
        seen.noise[first:last] if seen.noise is not None and logs else None,
        x.to_numpy(),
        _shifts(dates, past, ramp_days, seen.step_days),
    )
    # a placebo makes sense from here on, given the series and the reader's own covariates
    known = x.attrs.get("first_day")
    starts = [_EARLIEST] * own + ([] if known is None else [known + (when - dates[0])])
    return Effect(
        intervention=when,
        dates=dates,
        split=n,
        values=values,
        draws=model.forecast(int(draws), np.random.default_rng(seed)),
        scale=model.scale,
        logs=logs,
        level=level,
        seen=seen,
        x=x,
        horizon_days=horizon_days,
        seed=seed,
        earliest=max(starts, default=None),
    )


def outcomes(
    intervention: Day,
    extra: Mapping[str, pd.Series] | None = None,
    horizon_days: Whole = 180,
    level: Number = 0.9,
    *,
    freq: str = "W",
    quantities: str | Names = ("hashrate", "block_interval", "hash_price", "fees"),
    covariates: Covariates | None = None,
    seed: Whole = 0,
) -> pd.DataFrame:
    """The effect of one intervention on several quantities, side by side.

    **Identification.** As for `effect`, for each series by itself. The series hang together:
    blocks come slower because hash rate is missing, and the hash price rises for the machines
    that stay. So these are several views of one effect, not several proofs of it.

    Parameters
    ----------
    intervention : date-like
    extra : dict of str to Series, optional
        Further dated series under the name they shall be shown by.
    horizon_days, level, freq, seed
        As for `effect`.
    quantities : sequence of str
        Of `minelib.impact.QUANTITIES`.
    covariates
        As for `effect`, for the hash rate; the other series keep their defaults.

    Returns
    -------
    pandas.DataFrame
        One row per series: ``series`` (name in the current language), ``mean_effect_pct``,
        ``lower_pct``, ``upper_pct`` (float64, mean over the horizon).

    Raises
    ------
    BadParameter, OutOfCoverage, BadInput, UnknownName
        As for `effect`.

    Examples
    --------
    >>> outcomes("2021-06-18", horizon_days=35, quantities=("block_interval",)).shape
    (1, 4)
    """
    quantities = [quantities] if isinstance(quantities, str) else quantities
    asked = {_(QUANTITIES[q][1]) if q in QUANTITIES else q: q for q in quantities}
    rows = []
    series: Any
    for name, series in [*asked.items(), *(extra or {}).items()]:
        own = covariates if isinstance(series, str) and series == "hashrate" else None
        found = effect(intervention, series, own, horizon_days, level, freq=freq, seed=seed)
        rows.append((name, *found.mean_pct()))
    return pd.DataFrame(rows, columns=["series", "mean_effect_pct", "lower_pct", "upper_pct"])


def _window(seen, when, horizon_days, train_days):
    """First position of the training, first and last (exclusive) of the horizon, or an error."""
    index, step = seen.values.index, pd.Timedelta(days=seen.step_days)
    valued = seen.values.dropna().index
    if not valued[0] < when <= valued[-1]:
        span = f"{valued[0].date()} – {valued[-1].date()}"
        raise OutOfCoverage(_("The series"), when.date(), span)
    stop_day = when + pd.Timedelta(days=min(horizon_days, _LONGEST))
    # the last period whose end lies within the horizon (a tenth of a period is forgiven)
    last = int(np.searchsorted(index + step * 0.9, stop_day, side="right"))
    first, split = index.searchsorted([when - pd.Timedelta(days=train_days), when])
    if valued[-1] + step * 1.05 < stop_day - step:
        rule = _("goes beyond the end of the series; at most {most} days are there").format(
            most=(valued[-1] + step - when).days
        )
        raise BadParameter("horizon_days", horizon_days, rule)
    if last <= split:
        rule = _("holds no whole period of {step} days").format(step=round(seen.step_days))
        raise BadParameter("horizon_days", horizon_days, rule)
    return int(first), int(split), last


def _left_out(seen, dates, when, donut_days):
    """The donut, and the period that may reach across the intervention."""
    donut = pd.Timedelta(days=donut_days)
    out = (dates >= when - donut) & (dates < when + donut)
    if seen.straddles:
        reach = pd.Timedelta(days=seen.step_days) * 0.98 + donut
        out |= (dates > when - reach) & (dates < when)
    return out


def _shifts(dates, earlier, ramp_days, step_days):
    """Level ramps and later slopes of earlier interventions, one pair of columns each."""
    columns = []
    for when in sorted(earlier):
        age = (dates - when) / pd.Timedelta(days=1)
        columns.append(np.clip((age + step_days / 2) / ramp_days, 0, 1) * (age >= 0))
        columns.append(np.clip(age - ramp_days, 0, None) / 7)
    return np.column_stack(columns) if columns else None
