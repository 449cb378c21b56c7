# SPDX-License-Identifier: MIT
"""Structural breaks in level and slope, with intervals for their dates."""

import numpy as np
import pandas as pd

from minelib import catalog
from minelib.errors import BadInput, BadParameter, OutOfCoverage
from minelib.impact.observed import day, observe
from minelib.impact.search import Search
from minelib.words import gettext as _

__all__ = ["breakpoints"]

_COLUMNS = [
    "date",
    "lower_date",
    "upper_date",
    "change_pct",
    "lower_pct",
    "upper_pct",
    "nearest_event",
    "days_to_event",
]
_EVENT_KINDS = ("policy", "energy")  # and halvings; retargets and records are echoes of breaks


def breakpoints(
    series=None,
    start="2019-01-01",
    end="2022-12-31",
    level=0.9,
    *,
    freq="W",
    size=0.05,
    max_breaks=5,
    n_boot=199,
    seed=0,
):
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
    whose variance changes, and single wild weeks: a lasting move too large for normal wandering
    is called a break, so a series with heavy tails shows more of them than ``size`` says. A break
    small enough to be missed often is found when it happens to look large: the interval of its
    size then holds the truth less often than ``level``.

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
        One row a break, by date: ``date`` (first day of the first period that shows it),
        ``lower_date``, ``upper_date`` (datetime64, inclusive), ``change_pct`` (shift of the
        level in percent, apart from the change of slope), ``lower_pct``, ``upper_pct``,
        ``nearest_event`` (key of table ``events``, of its policy and energy events and
        halvings dated to the day), ``days_to_event`` (positive when the event comes later).
        ``attrs["details"]`` holds, row by row, the days over which the shift builds up, the
        growth in percent a year before and after, and the p-value at which it was taken up.

    Raises
    ------
    BadParameter, BadInput, OutOfCoverage, UnknownName

    Notes
    -----
    Level and slope of the wandering are re-estimated in each simulated series (parametric
    bootstrap under the fitted autocorrelation), so the test keeps its size. Intervals of dates
    and changes invert the likelihood ratio at its bootstrapped critical value, or at the usual
    one if that is larger, over every length and course of the shift. Dates are whole periods:
    the interval of a sudden and large break is that one period, and holds more than ``level``.
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
    first, last = day(start, "start"), day(end, "end")
    if first >= last:
        raise BadParameter("start", str(first.date()), _("must come before end"))
    if not 0.5 <= level <= 0.99:
        raise BadParameter("level", level, _("must be between 0.5 and 0.99"))
    if not 0.001 <= size <= 0.5:
        raise BadParameter("size", size, _("must be between 0.001 and 0.5"))
    if not 0 <= int(max_breaks) <= 12:
        raise BadParameter("max_breaks", max_breaks, _("must be between 0 and 12"))
    if int(n_boot) < 99:
        raise BadParameter("n_boot", n_boot, _("must be at least 99"))
    seen = observe(series, freq)
    inside = (seen.values.index >= first) & (seen.values.index <= last)
    values = seen.values[inside]
    if values.notna().sum() < 40:
        raise OutOfCoverage(
            _("The series"),
            f"{first.date()} – {last.date()}",
            _("{n} values there; 40 are needed").format(n=int(values.notna().sum())),
        )
    if not (values.dropna() > 0).all():
        raise BadInput(_("series must be positive: breaks are sought in its log."))
    if len(values) > 1600:
        raise BadParameter("freq", freq, _("gives more than 1600 periods; ask for a shorter time"))
    kept = values.notna().to_numpy()
    noise = None if seen.noise is None else seen.noise[inside][kept]
    search = Search(
        np.log(values.to_numpy()[kept]),
        np.flatnonzero(kept).astype(float),
        seen.step_days,
        noise,
        n_boot,
        np.random.default_rng(seed),
    )
    found = search.run(size, int(max_breaks))
    dates = values.index[kept]
    rows, details = [], []
    for b in search.intervals(found, level):
        near, days = _nearest(dates[b["position"]])
        rows.append(
            (
                dates[b["position"]],
                dates[b["lower"]],
                dates[b["upper"]],
                *(100 * np.expm1([b["change"], b["change_lower"], b["change_upper"]])),
                near,
                days,
            )
        )
        details.append(
            {
                "duration_days": round(b["duration"] * seen.step_days),
                "growth_before_pct_year": 100 * np.expm1(b["slope_before"] * 365 / seen.step_days),
                "growth_after_pct_year": 100 * np.expm1(b["slope_after"] * 365 / seen.step_days),
                "p_value": b["p_value"],
            }
        )
    frame = pd.DataFrame(rows, columns=_COLUMNS)
    for column in ("date", "lower_date", "upper_date"):
        frame[column] = pd.to_datetime(frame[column])
    frame = frame.astype(
        {
            "change_pct": float,
            "lower_pct": float,
            "upper_pct": float,
            "nearest_event": "str",
            "days_to_event": "int64",
        }
    )
    frame.attrs["details"] = details
    return frame


def _nearest(when):
    events = catalog.load("events")
    causes = events["category"].isin(_EVENT_KINDS) | events["event"].str.startswith("halving")
    exact = events[causes & (events["date_precision"] == "day")]
    distance = (exact["date"] - when).dt.days
    at = distance.abs().idxmin()
    return exact.loc[at, "event"], int(distance[at])
