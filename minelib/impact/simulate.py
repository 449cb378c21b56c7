# SPDX-License-Identifier: MIT
"""Series with known effects, to prove the estimators on."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from minelib.checks import as_day, between, whole
from minelib.checks.door import Day, Number, Numbers, Whole, checked
from minelib.errors import BadParameter
from minelib.impact.series import Observed
from minelib.words import gettext as _

_FIRST_WEEK = pd.Timestamp("2018-01-01")
_BOUNDS = {  # both inclusive
    (-1e6, 99.999): ("fall_pct", "falls_pct"),
    (-99.999, 1e6): ("changes_pct", "growth_pct_year", "recovery_pct_week", "swing_pct"),
    (0, 10): ("level_sd", "slope_sd"),
    (2.001, 1e6): ("tails",),
    (1, 1e9): ("blocks",),
    (-100, 100): ("elasticity",),
    (1, 10_000): ("weeks_after",),
    (3, 100): ("years",),
    (0, 16): ("ramp_weeks",),
    (0, 10_000): ("weeks_before", "gaps_weeks", "build_weeks", "recovery_weeks"),
}


@dataclass
class Simulated:
    """A simulated weekly series and what is true of it.

    Attributes
    ----------
    series : pandas.Series
        As it is seen: with the effect and with counting noise.
    untouched : pandas.Series
        The same without effect and without noise.
    touched : pandas.Series
        With the effect, without noise.
    before_last : pandas.Series
        The same without the last of the interventions or breaks.
    dates : list of Timestamp
        The interventions or breaks.
    changes_pct : list of float
        Full size of each in percent of the level.
    noise : numpy.ndarray
        Variance of the log of each value.
    covariate : pandas.Series or None
        A number that moves the series (log scale), not moved by the intervention.
    """

    series: pd.Series
    untouched: pd.Series
    touched: pd.Series
    before_last: pd.Series
    dates: list
    changes_pct: list
    noise: np.ndarray
    covariate: pd.Series | None = None

    @property
    def counted(self) -> Observed:
        """The series together with its noise, for estimators that know the noise."""
        return Observed(self.series, self.noise, 7.0, "simulated", "EH/s")

    @checked
    def mean_effect_pct(self, start: Day, days: Whole) -> float:
        """True mean effect over the ``days`` from ``start`` in percent of the untouched sum."""
        age = (pd.DatetimeIndex(self.series.index) - as_day("start", start)).days
        inside = (age >= 0) & (age < whole("days", days, 1))
        return float(100 * (self.touched[inside].sum() / self.untouched[inside].sum() - 1))


def _check(given):
    """Refuse a parameter out of its bounds; None stands for none."""
    for bounds, names in _BOUNDS.items():
        for name in names:
            for each in np.ravel([] if given.get(name) is None else given[name]):
                between(name, each, *bounds)


def _ramp(weeks, start, build):
    """From 0 to 1 within ``build`` weeks."""
    return np.clip((np.arange(weeks) - start + 1) / max(1, build), 0, 1)


def _simulated(
    shifts, weeks, wandering, seed, elasticity=0.0, drift=0.0, comeback=0.0, uneven=False
):
    """A world with shifts of its level, each a pair of first week and change in percent."""
    weeks, shifts = int(weeks), [(int(place), change) for place, change in shifts]
    growth, level_sd, slope_sd, tails, blocks, build = wandering
    rng = np.random.default_rng(whole("seed", seed))
    shock = rng.standard_normal((3, weeks))
    if tails is not None:
        shock = rng.standard_t(tails, (3, weeks)) / np.sqrt(tails / (tails - 2))
    slope = np.log1p(growth / 100) / 52 + np.cumsum(slope_sd * shock[0])
    covariate = np.cumsum(0.08 * shock[2])
    log = np.log(100) + np.cumsum(slope + level_sd * shock[1]) + elasticity * covariate + drift
    effect = without = np.zeros(weeks)
    for place, change in shifts:
        course = _ramp(weeks, place, build)
        if uneven:  # all steps in the direction of the change
            steps = np.cumsum(rng.dirichlet(np.full(max(1, int(build)), 2.0)))
            course[place : place + len(steps)] = steps[: weeks - place]
        without, effect = effect, effect + np.log1p(change / 100) * course
    counted = np.maximum(rng.poisson(blocks, weeks), 1)
    index = pd.date_range(_FIRST_WEEK, periods=weeks, freq="7D", name="date")
    untouched, touched, before_last, moving = (
        pd.Series(values, index, name="simulated")
        for values in (*np.exp(log + [np.zeros(weeks), effect + comeback, without]), covariate)
    )
    return Simulated(
        touched * (counted / blocks),
        untouched,
        touched,
        before_last,
        [index[place] for place, _change in shifts],
        [change for _place, change in shifts],
        1 / counted,
        moving if elasticity else None,
    )


def simulate_intervention(
    fall_pct: Number = 40.0,
    weeks_before: Whole = 156,
    weeks_after: Whole = 26,
    build_weeks: Whole = 4,
    recovery_weeks: Whole | None = None,
    growth_pct_year: Number = 60.0,
    level_sd: Number = 0.03,
    slope_sd: Number = 0.001,
    tails: Number | None = None,
    blocks: Whole = 1008,
    elasticity: Number = 0.0,
    seed: Whole = 0,
) -> Simulated:
    """A weekly hash rate with one intervention of known effect.

    Parameters
    ----------
    fall_pct : float
        Fall of the level in percent, below 100; 0 for no effect, negative for a rise.
    weeks_before, weeks_after : int
    build_weeks : int
        Weeks over which the fall builds up.
    recovery_weeks : int, optional
        Weeks in which the level comes back after that; None for a lasting fall.
    growth_pct_year : float
        Growth at the start.
    level_sd, slope_sd : float
        Standard deviation of the weekly wandering of log level and of weekly growth.
    tails : float, optional
        Degrees of freedom (above 2) of t-distributed wandering; None for normal.
    blocks : int
        Expected blocks a week: the counting noise.
    elasticity : float
        Answer of the log series to the simulated covariate.
    seed : int

    Returns
    -------
    Simulated

    Raises
    ------
    BadParameter
        A number out of range, such as ``fall_pct`` of 100 or more.

    Examples
    --------
    >>> world = simulate_intervention(fall_pct=40, build_weeks=1)
    >>> round(world.mean_effect_pct(world.dates[0], 182), 6)
    -40.0
    """
    _check(locals())
    wandering = growth_pct_year, level_sd, slope_sd, tails, blocks, build_weeks
    weeks, comeback = weeks_before + weeks_after, 0.0
    if recovery_weeks is not None:
        back = _ramp(weeks, weeks_before + build_weeks, recovery_weeks)
        comeback = -np.log1p(-fall_pct / 100) * back
    return _simulated(
        [(weeks_before, -fall_pct)], weeks, wandering, seed, elasticity, comeback=comeback
    )


def simulate_breaks(
    changes_pct: Numbers = (-40.0,),
    weeks: Whole = 208,
    build_weeks: Whole = 4,
    growth_pct_year: Number = 60.0,
    level_sd: Number = 0.03,
    slope_sd: Number = 0.001,
    tails: Number | None = None,
    blocks: Whole = 1008,
    seed: Whole = 0,
    uneven: bool = False,
) -> Simulated:
    """A weekly hash rate with breaks of its level, evenly spaced in time.

    Parameters
    ----------
    changes_pct : sequence of float
        Change of the level at each break, above -100; empty for a series without breaks.
    weeks : int
    build_weeks, growth_pct_year, level_sd, slope_sd, tails, blocks, seed
        As for `simulate_intervention`.
    uneven : bool
        Whether the weekly steps of a change differ at random, all in its direction.

    Returns
    -------
    Simulated

    Raises
    ------
    BadParameter
        A number out of range.

    Examples
    --------
    >>> simulate_breaks((-30, 20)).changes_pct
    [-30, 20]
    """
    _check(locals())
    wandering = growth_pct_year, level_sd, slope_sd, tails, blocks, build_weeks
    parts = len(changes_pct) + 1
    between("weeks", weeks, parts, 10_000)
    shifts = [(round(weeks * i / parts), change) for i, change in enumerate(changes_pct, 1)]
    return _simulated(shifts, weeks, wandering, seed, uneven=uneven)


def simulate_stages(
    falls_pct: Numbers = (15.0, 30.0, 0.0),
    gaps_weeks: Numbers = (4, 14),
    weeks_before: Whole = 156,
    weeks_after: Whole = 8,
    build_weeks: Whole = 3,
    recovery_pct_week: Number = 0.0,
    level_sd: Number = 0.03,
    slope_sd: Number = 0.001,
    tails: Number | None = None,
    blocks: Whole = 1008,
    seed: Whole = 0,
) -> Simulated:
    """A weekly hash rate with several interventions, one after the other.

    Parameters
    ----------
    falls_pct : sequence of float
        What each adds, in percent of the level before it.
    gaps_weeks : sequence of int
        Weeks between one and the next.
    weeks_before, weeks_after : int
        Before the first, after the last.
    recovery_pct_week : float
        Extra growth from four weeks after the last but one intervention on.
    build_weeks, level_sd, slope_sd, tails, blocks, seed
        As for `simulate_intervention`.

    Returns
    -------
    Simulated

    Raises
    ------
    BadParameter
        A number out of range, or not one gap fewer than there are falls.

    Examples
    --------
    >>> len(simulate_stages().dates)
    3
    """
    if len(gaps_weeks) != len(falls_pct) - 1:
        raise BadParameter("gaps_weeks", gaps_weeks, _("must be one fewer than falls_pct"))
    _check(locals())
    wandering = 60.0, level_sd, slope_sd, tails, blocks, build_weeks
    places = [int(p) for p in np.cumsum([weeks_before, *gaps_weeks])]
    weeks, drift = places[-1] + weeks_after, 0.0
    if len(places) > 1:
        age = np.clip(np.arange(weeks) - places[-2] - 4, 0, None)
        drift = np.log1p(recovery_pct_week / 100) * age
    shifts = [(place, -fall) for place, fall in zip(places, falls_pct, strict=True)]
    return _simulated(shifts, weeks, wandering, seed, drift=drift)


def simulate_seasons(
    swing_pct: Number = 15.0,
    years: Whole = 4,
    ramp_weeks: Whole = 8,
    growth_pct_year: Number = 60.0,
    level_sd: Number = 0.03,
    slope_sd: Number = 0.001,
    tails: Number | None = None,
    blocks: Whole = 1008,
    seed: Whole = 0,
) -> Simulated:
    """A weekly hash rate with wet seasons from May to October, the first in 2019.

    Parameters
    ----------
    swing_pct : float
        By how much the months May to October lie above the other six, in percent.
    years : int
        Wet seasons, 3 to 100.
    ramp_weeks : int
        Weeks, up to 16, over which machines are switched on around 1 May and off around 1 November.
    growth_pct_year, level_sd, slope_sd, tails, blocks, seed
        As for `simulate_intervention`.

    Returns
    -------
    Simulated
        Without interventions: ``dates`` is empty, ``changes_pct`` holds the swing.

    Raises
    ------
    BadParameter
        A number out of range.

    Examples
    --------
    >>> world = simulate_seasons(25, ramp_weeks=0)
    >>> season = world.touched / world.untouched
    >>> round(float(season["2020-07-06"] / season["2020-02-03"]), 6)
    1.25
    """
    _check(locals())
    wandering = growth_pct_year, level_sd, slope_sd, tails, blocks, 0
    world = _simulated([], np.ceil((years + 1.5) * 52.2), wandering, seed)
    days = pd.date_range("2019-01-01", "2019-12-31")
    on = _season(days, ramp_weeks)
    wet = days.month.isin(range(5, 11))
    size = np.log1p(swing_pct / 100) / (on[wet].mean() - on[~wet].mean())
    season = np.exp(size * _season(world.series.index + pd.Timedelta(days=3), ramp_weeks))
    world.series, world.touched = world.series * season, world.touched * season
    world.changes_pct = [swing_pct]
    return world


def _season(days, ramp_weeks):
    """How much of what comes in the wet season is there, by day: 0 to 1."""
    ramp = max(7 * ramp_weeks, 1e-9)
    begun, over = (days.day_of_year.to_numpy() - eve for eve in (120.5, 304.5))
    return np.clip(begun / ramp + 0.5, 0, 1) - np.clip(over / ramp + 0.5, 0, 1)
