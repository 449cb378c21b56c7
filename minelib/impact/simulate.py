# SPDX-License-Identifier: MIT
"""Series with known effects, to prove the estimators on."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from minelib.errors import BadParameter
from minelib.impact.observed import Observed
from minelib.words import gettext as _

__all__ = ["Simulated", "simulate_breaks", "simulate_intervention", "simulate_stages"]

_FIRST_WEEK = pd.Timestamp("2018-01-01")


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
    dates: list
    changes_pct: list
    noise: np.ndarray
    covariate: pd.Series | None = None

    @property
    def counted(self):
        """The series together with its noise, for estimators that know the noise."""
        return Observed(self.series, self.noise, 7.0, "simulated", "EH/s")

    def mean_effect_pct(self, start, days):
        """True mean effect over the ``days`` from ``start`` in percent of the untouched sum."""
        start = pd.Timestamp(start)
        inside = (self.series.index >= start) & (
            self.series.index < start + pd.Timedelta(days=days)
        )
        return float(100 * (self.touched[inside].sum() / self.untouched[inside].sum() - 1))


def _world(weeks, growth_pct_year, level_sd, slope_sd, tails, rng, elasticity=0.0):
    """Log of an untouched series, and its covariate."""
    shock = rng.standard_normal((3, weeks))
    if tails is not None:
        shock = rng.standard_t(tails, (3, weeks)) / np.sqrt(tails / (tails - 2))
    slope = np.log1p(growth_pct_year / 100) / 52 + np.cumsum(slope_sd * shock[0])
    covariate = np.cumsum(0.08 * shock[2])
    log = np.log(100) + np.cumsum(slope + level_sd * shock[1]) + elasticity * covariate
    return log, covariate


def _seen(log, effect, blocks, rng, dates, changes, covariate=None):
    index = _FIRST_WEEK + pd.to_timedelta(7 * np.arange(len(log)), unit="D")
    index.name = "date"
    counted = np.maximum(rng.poisson(blocks, len(log)), 1)
    seen = np.exp(log + effect) * counted / blocks
    as_series = lambda v: pd.Series(v, index=index, name="simulated")  # noqa: E731
    return Simulated(
        as_series(seen),
        as_series(np.exp(log)),
        as_series(np.exp(log + effect)),
        [index[d] for d in dates],
        list(changes),
        1 / counted,
        None if covariate is None else as_series(covariate),
    )


def _ramp(weeks, start, build, log_change):
    age = np.arange(weeks) - start + 1
    return log_change * np.clip(age / max(1, build), 0, 1)


def _steps(weeks, start, build, log_change, rng):
    """A shift in ``build`` uneven weekly steps."""
    effect = np.full(weeks, log_change)
    effect[:start] = 0
    effect[start : start + build] *= np.cumsum(rng.dirichlet(np.full(build, 2.0)))
    return effect


def simulate_intervention(
    fall_pct=40.0,
    weeks_before=156,
    weeks_after=26,
    build_weeks=4,
    recovery_weeks=None,
    growth_pct_year=60.0,
    level_sd=0.03,
    slope_sd=0.001,
    tails=None,
    blocks=1008,
    elasticity=0.0,
    seed=0,
):
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
        ``fall_pct`` of 100 or more.

    Examples
    --------
    >>> world = simulate_intervention(fall_pct=40, build_weeks=1)
    >>> round(world.mean_effect_pct(world.dates[0], 182), 6)
    -40.0
    """
    if not fall_pct < 100:
        raise BadParameter("fall_pct", fall_pct, _("must be below 100"))
    rng = np.random.default_rng(seed)
    weeks = weeks_before + weeks_after
    log, covariate = _world(weeks, growth_pct_year, level_sd, slope_sd, tails, rng, elasticity)
    size = np.log1p(-fall_pct / 100)
    effect = _ramp(weeks, weeks_before, build_weeks, size)
    if recovery_weeks is not None:
        effect -= _ramp(weeks, weeks_before + build_weeks, recovery_weeks, size)
    return _seen(
        log, effect, blocks, rng, [weeks_before], [-fall_pct], covariate if elasticity else None
    )


def simulate_breaks(
    changes_pct=(-40.0,),
    weeks=208,
    build_weeks=4,
    growth_pct_year=60.0,
    level_sd=0.03,
    slope_sd=0.001,
    tails=None,
    blocks=1008,
    seed=0,
    uneven=False,
):
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

    Examples
    --------
    >>> simulate_breaks((-30, 20)).changes_pct
    [-30, 20]
    """
    rng = np.random.default_rng(seed)
    log, _covariate = _world(weeks, growth_pct_year, level_sd, slope_sd, tails, rng)
    places = [round(weeks * (i + 1) / (len(changes_pct) + 1)) for i in range(len(changes_pct))]
    effect = np.zeros(weeks)
    for place, change in zip(places, changes_pct, strict=True):
        size = np.log1p(change / 100)
        effect += (
            _steps(weeks, place, build_weeks, size, rng)
            if uneven
            else _ramp(weeks, place, build_weeks, size)
        )
    return _seen(log, effect, blocks, rng, places, changes_pct)


def simulate_stages(
    falls_pct=(15.0, 30.0, 0.0),
    gaps_weeks=(4, 14),
    weeks_before=156,
    weeks_after=8,
    build_weeks=3,
    recovery_pct_week=0.0,
    level_sd=0.03,
    slope_sd=0.001,
    tails=None,
    blocks=1008,
    seed=0,
):
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

    Examples
    --------
    >>> len(simulate_stages().dates)
    3
    """
    if len(gaps_weeks) != len(falls_pct) - 1:
        raise BadParameter("gaps_weeks", gaps_weeks, _("must be one fewer than falls_pct"))
    rng = np.random.default_rng(seed)
    places = [weeks_before, *(weeks_before + np.cumsum(gaps_weeks))]
    weeks = int(places[-1]) + weeks_after
    log, _covariate = _world(weeks, 60.0, level_sd, slope_sd, tails, rng)
    if len(places) > 1:
        age = np.clip(np.arange(weeks) - places[-2] - 4, 0, None)
        log = log + np.log1p(recovery_pct_week / 100) * age
    effect = np.zeros(weeks)
    for place, fall in zip(places, falls_pct, strict=True):
        effect += _ramp(weeks, int(place), build_weeks, np.log1p(-fall / 100))
    return _seen(log, effect, blocks, rng, [int(p) for p in places], [-f for f in falls_pct])
