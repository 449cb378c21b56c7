# SPDX-License-Identifier: MIT
"""What each of several interventions added after the ones before."""

from collections.abc import Mapping
from functools import partial

import pandas as pd

from minelib import catalog
from minelib.checks import as_day, whole
from minelib.checks.door import Day, Number, Whole
from minelib.errors import BadParameter
from minelib.impact.counterfactual import effect
from minelib.impact.covariates import Covariates
from minelib.impact.placebos import against_placebos
from minelib.impact.series import AnySeries, Days, days, observe
from minelib.words import N_, gettext as _

__all__ = ["STAGES", "stages"]

STAGES = {
    "announcement": ("fsdc51", N_("Finance committee")),
    "provinces": ("zhundong", N_("Provincial shutdowns")),
    "notices": ("notices_published", N_("Two notices")),
}
"""The three stages of the crackdown: the event that begins it and name."""


def stages(
    dates: Days | Mapping[str, Day] | None = None,
    series: AnySeries = None,
    covariates: Covariates | None = None,
    window_days: Whole = 28,
    level: Number = 0.9,
    *,
    freq: str = "W",
    train_days: Whole = 1092,
    n_placebo: Whole = 100,
    before: Day = "2021-01-01",
    seed: Whole = 0,
) -> pd.DataFrame:
    """What each stage added after the ones before.

    The effect of a stage is the mean difference over ``window_days`` from its first day (or up
    to the next stage, if that comes sooner) between the series and its forecast from the day
    before. Stages that came earlier are part of that forecast: each as a shift of the level that
    builds up over ``window_days`` and a change of the slope afterwards, both estimated.

    **Identification.** As for `effect`, for each stage by itself; and the effects of earlier
    stages were complete after their window except for a steady change of growth. What would
    break it: an earlier stage that goes on biting (machines sold in June that leave in August)
    is counted as a part of the later one; a stage expected beforehand is partly counted before
    it. The June stage therefore holds what was left of the words of May, and a September
    effect of zero means that nothing beyond the recovery under way was seen, with
    ``minimum_detectable_pct`` saying how small an effect could have been seen.

    Parameters
    ----------
    dates : sequence of date-like or dict of str to date-like, optional
        First days of the stages, ascending, with names for a dict. Default: the days of the
        events of `STAGES`: the words of the State Council's financial committee, the closures
        in the provinces from those of Zhundong and Qinghai on, and the day on which the notice
        on trading and the notice on mining were published. Nine days lie between those
        closures and the order of Sichuan, too few to be told apart by week.
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
        One row per stage: ``stage``, ``date`` (datetime64), ``effect_pct``, ``lower_pct``,
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
    ['announcement', 'provinces', 'notices']
    """
    starts, names = _named(dates)
    shown = [str(s.date()) for s in starts]
    if not starts or any(a >= b for a, b in zip(starts, starts[1:], strict=False)):
        raise BadParameter("dates", shown, _("must be one or more days in the order of time"))
    n_placebo = whole("n_placebo", n_placebo, 19)
    seed, window_days = whole("seed", seed), whole("window_days", window_days, 1)
    last = min(as_day("before", before), starts[0])  # day of the placebos
    step = observe(series, freq).step_days
    gaps = [(b - a).days for a, b in zip(starts, starts[1:], strict=False)]
    windows = [min(window_days, gap) for gap in [*gaps, window_days]]
    if min(windows) < 0.9 * step:
        rule = _("leaves no whole period of {step} days to a stage").format(step=round(step))
        if window_days < 0.9 * step:
            raise BadParameter("window_days", window_days, rule)
        raise BadParameter("dates", shown, rule)

    def estimate(i, when, number, draws=500):
        """Stage ``i`` as if it had begun on ``when``, the earlier ones moved with it."""
        return effect(
            when,
            series,
            covariates,
            windows[i],
            level,
            freq=freq,
            train_days=train_days,
            earlier=[when - (starts[i] - s) for s in starts[:i]],
            ramp_days=window_days,
            draws=draws,
            seed=seed + number,
        )

    # the stages themselves first: a wrong request fails before the placebos
    try:
        found = [estimate(i, when, i, 4000) for i, when in enumerate(starts)]
    except BadParameter as error:
        if error.name != "horizon_days":  # which nobody asked for here
            raise
        raise BadParameter("window_days", window_days, error.rule) from None
    rows = []
    for i, (name, one) in enumerate(zip(names, found, strict=True)):
        moved, room = partial(estimate, i), starts[i] - starts[0]
        _table, p_value, least = against_placebos(one, moved, n_placebo, last, room)
        row = {"stage": name, "date": starts[i], **one.row(), "placebo_p": p_value}
        rows.append(row | {"minimum_detectable_pct": least})
    return pd.DataFrame(rows)


def _named(dates):
    """Days of the stages and their names: the caller's, the usual ones, or the days again."""
    events = catalog.load("events").set_index("event")["date"]
    known = {str(events[event].date()): name for name, (event, _label) in STAGES.items()}
    names = None
    if isinstance(dates, Mapping):
        names, dates = [str(name) for name in dates], list(dates.values())
    starts = days("dates", list(known) if dates is None else dates)
    return starts, names or [known.get(str(s.date()), str(s.date())) for s in starts]
