# SPDX-License-Identifier: MIT
"""The effect of one intervention against what the past would have gone on to be."""

import numpy as np
import pandas as pd

from minelib.checks import between, whole
from minelib.errors import BadInput, BadParameter, OutOfCoverage
from minelib.impact.covariates import DEFAULT, covariate_frame, first_day
from minelib.impact.observed import day, observe
from minelib.impact.result import Effect
from minelib.impact.structural import forecast
from minelib.words import gettext as _

__all__ = ["MIN_TRAINING", "effect"]

MIN_TRAINING = 30
"""Observations that a training window must hold."""

_EARLIEST = pd.Timestamp("2014-07-01")  # before, the first ASICs multiplied the network tenfold
_OTHER_DEFAULT = ("price", "efficiency")  # for a hash price or fees: their own past is the model's


def effect(
    intervention,
    series=None,
    covariates=None,
    horizon_days=180,
    level=0.9,
    *,
    freq="W",
    train_days=1092,
    donut_days=0,
    earlier=(),
    ramp_days=28,
    draws=4000,
    seed=0,
):
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
        `minelib.impact.QUANTITIES`. Default: the hash rate of the chain. Its weeks are counted
        from the intervention, so that none has it in its middle. A period of another series (or
        an epoch) that may reach across the intervention is left out.
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
    when = day(intervention)
    between("level", level, 0.5, 0.99)
    horizon_days = whole("horizon_days", horizon_days, 1)
    train_days = whole("train_days", train_days, MIN_TRAINING)
    donut_days, ramp_days = whole("donut_days", donut_days), whole("ramp_days", ramp_days, 1)
    draws, seed = whole("draws", draws, 200), whole("seed", seed)
    if donut_days >= horizon_days:
        raise BadParameter("donut_days", donut_days, _("must be below horizon_days"))
    earlier = [day(d, "earlier") for d in ([earlier] if isinstance(earlier, str) else earlier)]
    if any(d >= when for d in earlier):
        raise BadParameter("earlier", str(max(earlier).date()), _("must lie before intervention"))
    seen = observe(series, freq, anchor=when)
    before, after = _window(seen, when, horizon_days, train_days, donut_days)
    dates = seen.values.index[before.start : after.stop]
    n = before.stop - before.start
    values = seen.values.to_numpy()[before.start : after.stop].copy()
    values[_left_out(seen, dates, when, donut_days)] = np.nan
    trained = values[:n][np.isfinite(values[:n])]
    if len(trained) < MIN_TRAINING:
        raise BadParameter(
            "intervention",
            str(when.date()),
            _(
                "leaves {n} observations to learn from in the {days} days before it (train_days); "
                "{least} are needed"
            ).format(n=len(trained), days=train_days, least=MIN_TRAINING),
        )
    if np.ptp(trained) == 0:
        raise BadInput(_("series does not change before the intervention."))
    if not np.isfinite(values[n:]).any():
        if donut_days:
            rule = _("leaves no value of the horizon")
            raise BadParameter("donut_days", donut_days, rule)
        raise BadInput(_("series has no value within the horizon."))
    logs = bool((values[np.isfinite(values)] > 0).all())
    y = np.log(values) if logs else values
    noise = seen.noise[before.start : after.stop] if seen.noise is not None and logs else None
    if covariates is None:
        covariates = _default_covariates(series)
    x = covariate_frame(covariates, dates, when)
    bad = [c for c in x.columns if not np.isfinite(x[c]).all()]
    if bad:
        raise BadInput(
            _("covariate {name} does not cover {first} to {last}.").format(
                name=bad[0], first=dates[0].date(), last=dates[-1].date()
            )
        )
    own = series is None or isinstance(series, str)
    rng = np.random.default_rng(seed)
    fit = forecast(
        y[:n],
        len(y) - n,
        seen.step_days,
        noise,
        x.to_numpy(),
        _shifts(dates, earlier, ramp_days, seen.step_days),
        draws,
        rng,
    )
    return Effect(
        intervention=when,
        dates=dates,
        split=n,
        values=values,
        draws=fit.draws,
        logs=logs,
        level=level,
        step_days=seen.step_days,
        name=seen.name,
        unit=seen.unit,
        full=seen.values,
        noise=seen.noise,
        covariates=tuple(map(str, x.columns)),
        horizon_days=horizon_days,
        fit=fit,
        seed=seed,
        any_day=own and freq != "epoch",
        earliest=_earliest(own, covariates, when - dates[0]),
    )


def _earliest(own, covariates, training):
    """First day at which a placebo makes sense, given the series and the user's covariates."""
    start = first_day(covariates)
    days = [_EARLIEST] if own else []
    if start is not None:
        days.append(start + training)
    return max(days, default=None)


def _default_covariates(series):
    if series is None or (isinstance(series, str) and series == "hashrate"):
        return DEFAULT
    return _OTHER_DEFAULT if isinstance(series, str) else ()


def _window(seen, when, horizon_days, train_days, donut_days):
    """Positions before (training) and after (horizon), or a clear error."""
    index, step = seen.values.index, pd.Timedelta(days=seen.step_days)
    valued = seen.values.dropna().index
    if not valued[0] < when <= valued[-1]:
        raise OutOfCoverage(
            _("The series"), when.date(), f"{valued[0].date()} – {valued[-1].date()}"
        )
    stop_day = when + pd.Timedelta(days=horizon_days)
    if valued[-1] + step * 1.05 < stop_day - step:
        most = int((valued[-1] + step - when).days)
        raise BadParameter(
            "horizon_days",
            horizon_days,
            _("goes beyond the end of the series; at most {most} days are there").format(most=most),
        )
    first = int(index.searchsorted(when - pd.Timedelta(days=train_days)))
    split = int(index.searchsorted(when))
    # the last period whose end lies within the horizon (a tenth of a period is forgiven)
    last = int(np.searchsorted(index + step * 0.9, stop_day, side="right"))
    if last - split < 1:
        raise BadParameter(
            "horizon_days",
            horizon_days,
            _("holds no whole period of {step} days").format(step=round(seen.step_days)),
        )
    return slice(first, split), slice(split, last)


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
