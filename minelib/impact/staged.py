# SPDX-License-Identifier: MIT
"""What each of several interventions added after the ones before."""

import numpy as np
import pandas as pd

from minelib.checks import whole
from minelib.errors import BadParameter
from minelib.impact.counterfactual import effect
from minelib.impact.observed import day, observe
from minelib.impact.placebos import pseudo_dates, randomisation
from minelib.words import N_
from minelib.words import gettext as _

__all__ = ["STAGES", "stages"]

STAGES = {
    "announcement": ("2021-05-21", N_("State Council announcement")),
    "provinces": ("2021-06-18", N_("Provincial shutdowns")),
    "notice_924": ("2021-09-24", N_("924 notice")),
}
"""The three stages of the crackdown: first day and name."""


def stages(
    dates=None,
    series=None,
    covariates=None,
    window_days=28,
    level=0.9,
    *,
    freq="W",
    train_days=1092,
    n_placebo=100,
    before="2021-01-01",
    seed=0,
):
    """What each stage added after the ones before.

    The effect of a stage is the mean difference over ``window_days`` from its first day (or up
    to the next stage, if that comes sooner) between the series and its forecast from the day
    before. Stages that came earlier are part of that forecast: each as a shift of the level that
    builds up over ``window_days`` and a change of the slope afterwards, both estimated.

    **Identification.** As for `effect`, for each stage by itself; and the effects of earlier
    stages were complete after their window except for a steady change of growth. What would
    break it: an earlier stage that goes on biting (machines sold in June that leave in August)
    is counted as a part of the later one; a stage expected beforehand is partly counted before
    it. The June stage therefore holds what was left of the May announcement, and a September
    effect of zero means that nothing beyond the recovery under way was seen, with
    ``minimum_detectable_pct`` saying how small an effect could have been seen.

    Parameters
    ----------
    dates : sequence of date-like or dict of str to date-like, optional
        First days of the stages, ascending, with names for a dict. Default: `STAGES`, the
        State Council's announcement of 21 May, the provincial orders from 18 June and the
        notice of 24 September 2021.
    series, covariates, level, freq, train_days
        As for `effect`.
    window_days : int
        At least one whole period.
    n_placebo : int
        Pseudo-dates for each stage, at least 19; the earlier stages are moved with it, so that
        every placebo has the same design as the stage it is compared with.
    before : date-like
        Placebos end before this day (exclusive).
    seed : int

    Returns
    -------
    pandas.DataFrame
        One row a stage: ``stage``, ``date`` (datetime64), ``effect_pct``, ``lower_pct``,
        ``upper_pct`` (float64), ``placebo_p`` (share of placebos whose effect is as large
        against its own standard error, two-sided; NaN without room for placebos),
        ``minimum_detectable_pct`` (the fall, as a positive percentage, that a two-sided test
        at 1 - level against the placebos finds with probability 0.8).

    Raises
    ------
    BadParameter
        Dates not in the order of time, stages closer than a period, and as for `effect`.

    Examples
    --------
    >>> table = stages(n_placebo=19, covariates=())
    >>> table["stage"].tolist()
    ['announcement', 'provinces', 'notice_924']
    """
    named = _named(dates)
    starts = list(named.values())
    if len(starts) == 0 or any(a >= b for a, b in zip(starts, starts[1:], strict=False)):
        rule = _("must be one or more days in the order of time")
        raise BadParameter("dates", [str(s.date()) for s in starts], rule)
    n_placebo = whole("n_placebo", n_placebo, 19)
    seed, window_days = whole("seed", seed), whole("window_days", window_days, 1)
    end_of_placebos = min(day(before, "before"), starts[0])
    step = observe(series, freq).step_days
    windows = [
        min(window_days, (b - a).days) if b is not None else window_days
        for a, b in zip(starts, [*starts[1:], None], strict=True)
    ]
    if min(windows) < 0.9 * step:
        name, value = ("window_days", window_days)
        if window_days >= 0.9 * step:
            name, value = ("dates", [str(s.date()) for s in starts])
        rule = _("leaves no whole period of {step} days to a stage").format(step=round(step))
        raise BadParameter(name, value, rule)

    def estimate(when, earlier, window, number, draws=500):
        return effect(
            when,
            series,
            covariates,
            window,
            level,
            freq=freq,
            train_days=train_days,
            earlier=earlier,
            ramp_days=window_days,
            draws=draws,
            seed=number,
        )

    # the stages themselves first: a wrong request fails before the placebos
    try:
        found = [estimate(s, starts[:i], windows[i], seed + i, 4000) for i, s in enumerate(starts)]
    except BadParameter as error:
        if error.name != "horizon_days":  # which nobody asked for here
            raise
        raise BadParameter("window_days", window_days, error.rule) from None
    rows = []
    for i, (stage, when) in enumerate(named.items()):
        lags = [when - s for s in starts[:i]]
        pseudo = pseudo_dates(
            found[i],
            n_placebo,
            end_of_placebos,
            seed + i,
            room=lags[0] if lags else pd.Timedelta(0),
        )
        z = [
            estimate(p, [p - lag for lag in lags], windows[i], seed + k).score
            for k, p in enumerate(pseudo)
        ]
        p, detectable = randomisation(found[i].score, np.array(z), level)
        spread = found[i].log_effect.std()
        rows.append((stage, when, *found[i].mean_pct(), p, 100 * -np.expm1(-detectable * spread)))
    return pd.DataFrame(
        rows,
        columns=[
            "stage",
            "date",
            "effect_pct",
            "lower_pct",
            "upper_pct",
            "placebo_p",
            "minimum_detectable_pct",
        ],
    )


def _named(dates):
    if dates is None:
        return {name: day(when) for name, (when, _label) in STAGES.items()}
    if isinstance(dates, dict):
        return {str(k): day(v, "dates") for k, v in dates.items()}
    many = isinstance(dates, (list, tuple, pd.Series, pd.DatetimeIndex))
    days = [day(d, "dates") for d in (dates if many else [dates])]
    known = {day(when): name for name, (when, _label) in STAGES.items()}
    named = {known.get(d, str(d.date())): d for d in days}
    if len(named) < len(days):
        rule = _("must be one or more days in the order of time")
        raise BadParameter("dates", [str(d.date()) for d in days], rule)
    return named
