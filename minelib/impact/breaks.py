# SPDX-License-Identifier: MIT
"""Structural breaks in level and slope, with intervals for their dates."""

import numpy as np
import pandas as pd

from minelib import catalog
from minelib.checks import as_span, between, whole
from minelib.checks.door import Day, Number, Whole
from minelib.errors import BadInput, BadParameter, OutOfCoverage
from minelib.impact.search import Search
from minelib.impact.series import AnySeries, observe
from minelib.words import gettext as _

__all__ = ["breakpoints"]

_DATES, _SIZES = ["date", "lower_date", "upper_date"], ["change_pct", "lower_pct", "upper_pct"]
_EVENT_KINDS = ("policy", "energy")  # and halvings; retargets and records are echoes of breaks


def breakpoints(
    series: AnySeries = None,
    start: Day = "2019-01-01",
    end: Day = "2022-12-31",
    level: Number = 0.9,
    *,
    freq: str = "W",
    size: Number = 0.05,
    max_breaks: Whole = 5,
    n_boot: Whole = 199,
    seed: Whole = 0,
) -> pd.DataFrame:
    """Breaks in the level and slope of a log series, set against the events.

    A break is a shift of the level that is complete at once or builds up over two to eight
    weeks, together with a lasting change of the slope. The search adds the break that raises the
    likelihood most, as long as it does so by more than the best break does in series without
    one; then it moves each break to its best place given the others. The date and size told are
    those of an even build-up; their intervals also hold those of shifts that come mostly early,
    mostly late or very late.

    **Identification.** Between breaks the log of the series wanders as in
    `minelib.impact.structural`: level and slope move a little in every period, and the counting
    noise is known. What happens faster than that is called a break; nothing is said about its
    cause, and the nearest event is a matter of the calendar, not of proof. What would break it:
    moves that are neither wandering nor a shift within eight weeks (a slow decline over half a
    year is seen as a change of slope or not at all), breaks closer than four periods, a series
    whose variance changes, and tails still heavier than those the threshold is set for (Student's t
    with four degrees of freedom): a lasting move too large for them is called a break.

    Parameters
    ----------
    series : pandas.Series or str, optional
        Positive numbers by date, or a quantity of `minelib.impact.QUANTITIES`; default the
        hash rate of the chain.
    start, end : date-like
        First and last day looked at, both inclusive.
    level : float
        Of the intervals of date and change.
    freq : {"D", "W", "epoch"}
        For the package's own series. Weeks begin on Monday.
    size : float
        Probability of reporting any break where there is none.
    max_breaks : int
        At most 12.
    n_boot : int
        Series simulated for each test and interval; at least 99.
    seed : int

    Returns
    -------
    pandas.DataFrame
        One row per break, by date: ``date`` (first day of the first period that shows it),
        ``lower_date``, ``upper_date`` (datetime64, inclusive), ``change_pct`` (shift of the
        level in percent, apart from the change of slope), ``lower_pct``, ``upper_pct``,
        ``nearest_event`` (key of table ``events``, of its policy and energy events and
        halvings dated to the day), ``days_to_event`` (positive when the event comes later).
        ``attrs["details"]`` holds, row by row, the days over which the shift builds up, the
        growth in percent per year before and after, and the p-value at which it was taken up.

    Raises
    ------
    BadParameter, BadInput, OutOfCoverage, UnknownName

    Notes
    -----
    Level and slope of the wandering are re-estimated in each simulated series (parametric
    bootstrap), and their shocks have heavy tails, so that wild weeks do not pass for breaks; for
    that, most sudden falls of a quarter are missed (`minelib.chain.steps` sees them in the times of
    blocks). A sudden break may be a wild week and a slow one hardly can: each kind has its own
    threshold, and the two together keep the size.

    Intervals of dates and changes invert the likelihood ratio at its bootstrapped critical value,
    or at the usual one if that is larger, over every length and course of the shift. The bound of
    a change towards zero goes further where the break only just passed its threshold: what is
    found is found in part because chance made it larger. Dates are whole periods: the interval of
    a sudden and large break is that one period, and holds more than ``level``.

    The search is made with the covariance of the wandering itself, because piecewise regressions
    with independent errors (as in ruptures, which the tests call as a witness) find breaks in any
    random walk.

    Examples
    --------
    >>> from minelib.impact import simulate_breaks
    >>> world = simulate_breaks((-40,), weeks=120, build_weeks=1, level_sd=0.003, slope_sd=0)
    >>> found = breakpoints(world.counted, "2018-01-01", "2021-12-31", n_boot=99)
    >>> found["date"].tolist() == world.dates
    True
    """
    first, last = as_span(start, end)
    between("level", level, 0.5, 0.99)
    between("size", size, 0.001, 0.5)
    between("max_breaks", max_breaks, 0, 12)
    between("n_boot", n_boot, 99, 9999)
    seen = observe(series, freq)
    inside = (seen.values.index >= first) & (seen.values.index <= last)
    values = seen.values[inside]
    kept = values.notna().to_numpy()
    if kept.sum() < 40:
        rule = _("{n} values there; 40 are needed").format(n=kept.sum())
        raise OutOfCoverage(_("The series"), f"{first:%Y-%m-%d} – {last:%Y-%m-%d}", rule)
    if not (values[kept] > 0).all():
        raise BadInput(_("series must be positive: breaks are sought in its log."))
    if len(values) > 1600:
        raise BadParameter("freq", freq, _("gives more than 1600 periods; ask for a shorter time"))
    search = Search(
        np.log(values.to_numpy()[kept]),
        np.flatnonzero(kept).astype(float),
        seen.step_days,
        None if seen.noise is None else seen.noise[inside][kept],
        int(n_boot),
        np.random.default_rng(whole("seed", seed)),
    )
    found = search.intervals(search.run(size, int(max_breaks)), level)
    frame = pd.DataFrame(found, columns=_DATES + _SIZES)
    for column in _DATES:
        frame[column] = values.index[kept][frame[column].to_numpy(int)]
    frame[_SIZES] = 100 * np.expm1(frame[_SIZES].astype(float))
    near = [_nearest(date) for date in frame["date"]]
    frame["nearest_event"] = pd.Series([event for event, _days in near], dtype="str")
    frame["days_to_event"] = pd.Series([days for _event, days in near], dtype="int64")
    year = 365 / seen.step_days
    frame.attrs["details"] = [
        {
            "duration_days": round(b["duration"] * seen.step_days),
            "growth_before_pct_year": 100 * np.expm1(b["growth_before"] * year),
            "growth_after_pct_year": 100 * np.expm1(b["growth_after"] * year),
            "p_value": b["p_value"],
        }
        for b in found
    ]
    return frame


def _nearest(when):
    events = catalog.load("events")
    causes = events["category"].isin(_EVENT_KINDS) | events["event"].str.startswith("halving")
    exact = events[causes & (events["date_precision"] == "day")]
    distance = (exact["date"] - when).dt.days
    at = distance.abs().idxmin()
    return exact.loc[at, "event"], int(distance[at])
