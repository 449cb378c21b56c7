# SPDX-License-Identifier: MIT
"""Whether the hash rate still swings with the wet season of Sichuan and Yunnan."""

from functools import cache

import numpy as np
import pandas as pd

from minelib.checks import between, one_of, whole
from minelib.checks.door import Number, Whole
from minelib.errors import BadParameter, OutOfCoverage, UnknownName
from minelib.geography import by_province
from minelib.impact.series import QUANTITIES, AnySeries, observe
from minelib.pools import share
from minelib.words import N_, gettext as _

__all__ = ["swing"]

_HYDROPOWER = ("sichuan", "yunnan")
_HALF, _LEAST_YEARS, _POWER = 6, 3, 0.8
_FIRST_MONTH = 11  # a season is seen between two dry halves: November to April, May to October
_WEIGHTS = np.repeat([-0.5, 1.0, -0.5], _HALF) / _HALF


def swing(
    series: AnySeries = "hashrate",
    first_year: Whole = 2022,
    last_year: Whole = 2025,
    *,
    by: str = "all",
    level: Number = 0.9,
    draws: Whole = 1999,
    seed: Whole = 0,
) -> pd.DataFrame:
    """How much higher a series is from May to October than in the dry months around.

    **Identification.** Were much of the world's hash rate on the hydropower of Sichuan and
    Yunnan, part of it would stand still from November to April, and the hash rate would be higher
    from May to October than half-way between the six months before and after. Growth, as long as it
    is even over these 18 months, cancels out. What does not is measured by placebo seasons: runs
    of 18 months that begin in any month of the same years. What would break it: machines that
    move to other power for the dry months and are missed by nobody (of these nothing is seen),
    and another season with the same phase, such as heat elsewhere: miners that switch off in
    the summer of Texas pull the hash rate's swing down, and that of the pools founded in China up.

    Parameters
    ----------
    series : {"hashrate", "pools"} or another of `minelib.impact.QUANTITIES`, or pandas.Series
        ``"pools"``: share of blocks of pools founded in China, on the scale of odds. A Series of
        positive numbers by day, week or month.
    first_year, last_year : int
        Wet seasons looked at, both inclusive; three at least.
    by : {"all", "year", "start"}
        One row; one row per wet season; one row per month in which a season of six months,
        the true one (May) or a placebo, begins.
    level : float
        Of the interval and, less from 1, of the test; between 0 and 1, exclusive.
    draws : int
        Sets of placebo seasons, at least 199.
    seed : int

    Returns
    -------
    pandas.DataFrame
        ``series``, ``first_year``, ``last_year``, ``swing_pct`` (the mean, in percent; of pools:
        of their odds). All: ``lower_pct``, ``upper_pct``; ``placebo_p`` (share of sets of
        placebo seasons that swing as much, two-sided); ``detectable_pct`` (the swing that the
        test would find with probability 0.8); ``hydropower_pct`` with ``lower_hydropower_pct``,
        ``upper_hydropower_pct`` and ``detectable_hydropower_pct``: the same as a share
        of the world's hash rate on hydropower in the wet season, if as much of it stood still in
        the dry months as left these provinces by the mining map; ``placebo_lower_pct``,
        ``placebo_upper_pct``: between these the placebo seasons lie with probability `level`.
        Year: ``year``. Start: ``month_of_year``.

    Raises
    ------
    OutOfCoverage
        The November before the first year or the April after the last is not covered.
    BadParameter
        Fewer than three years.
    UnknownName, BadInput
        As for `network_series`.

    Notes
    -----
    The interval inverts the placebo test: it holds every swing that, taken off, leaves the true
    seasons among the middle of sets of placebo seasons drawn without replacement (Fisher's
    randomisation over the phase). The true seasons lie a year apart and the placebos anyhow, so
    that the test errs on the careful side: it finds a season where there is none more rarely than
    it says, and the interval holds the truth more often. Size and power on simulated seasons:
    ``python -m minelib.impact``.

    The share of hash rate that a swing stands for is its size over the part of the hydropower
    provinces' hash rate that was gone in the dry months; the mining map holds one wet season
    between two dry halves (2020), and the bounds take the one or the other half. For pools it is
    assumed that all these machines worked for them.

    Examples
    --------
    >>> now = swing().iloc[0]
    >>> bool(now["lower_pct"] < now["swing_pct"] < now["upper_pct"])
    True
    """
    one_of("by", by, ("all", "year", "start"))
    between("level", level, 0, 1, exclusive=True)
    draws, seed = int(between("draws", whole("draws", draws), 199, 20_000)), whole("seed", seed)
    for given, year in {"first_year": first_year, "last_year": last_year}.items():
        between(given, whole(given, year), 2010, 2100)
    years = last_year - first_year + 1
    if years < _LEAST_YEARS:
        rule = _("must lie at least {years} years after first_year").format(years=_LEAST_YEARS - 1)
        raise BadParameter("last_year", last_year, rule)
    name, log, part = _monthly(series, first_year, last_year)
    told = {"series": name, "first_year": first_year, "last_year": last_year}
    seen = _contrasts(log)
    if by == "year":
        rows = {"year": range(first_year, last_year + 1), "swing_pct": _pct(seen[::12])}
        return pd.DataFrame(told | rows)
    if by == "start":
        means = [seen[i::12].mean() for i in range(12)]
        months = [(_FIRST_MONTH - 1 + _HALF + i) % 12 + 1 for i in range(12)]
        frame = pd.DataFrame(told | {"month_of_year": months, "swing_pct": _pct(means)})
        return frame.sort_values("month_of_year", ignore_index=True)
    picks = np.random.default_rng(seed).random((draws, len(seen))).argsort(axis=1)[:, :years]
    halves = (np.arange(len(log)) // _HALF % 2).astype(float)  # from a November on: dry, wet
    placebo, wet = (each[picks].mean(axis=1) for each in (seen, _contrasts(halves)))
    sizes = _sizes(float(seen[::12].mean()), placebo, wet, float(level))
    return pd.DataFrame([told | sizes | _on_hydropower(sizes, part)])


def _monthly(series, first_year, last_year):
    """Name, log by month of the years with the dry halves around, and the share it speaks of."""
    months = pd.date_range(f"{first_year - 1}-11-01", f"{last_year + 1}-04-01", freq="MS")
    if isinstance(series, str) and series == "pools":
        founded = share("founded").query("`group` == 'china'").set_index("date")["share_pct"] / 100
        name, values = series, founded / (1 - founded)
        part = float(founded.reindex(months).mean())
    elif isinstance(series, str) and series not in QUANTITIES:
        raise UnknownName(N_("quantity"), series, [*QUANTITIES, "pools"])
    else:
        observed = observe(series, "D")
        name, part = observed.name, 1.0
        values = observed.values.resample("MS").mean()
        last = observed.values.index[-1] + pd.Timedelta(days=observed.step_days)
        values = values[values.index + pd.offsets.MonthBegin() <= last]  # whole months
    known = values[values > 0]
    if not months.isin(known.index).all():
        ends = [f"{m:%Y-%m}" for m in (months[0], months[-1], *known.index[[0, -1]])]
        raise OutOfCoverage(name, " – ".join(ends[:2]), " – ".join(ends[2:]))
    return name, np.log(known.reindex(months)).to_numpy(), part


def _contrasts(log):
    """Each run of six months over the mean of the six before and the six after."""
    return np.convolve(log, _WEIGHTS, "valid")


def _pct(log):
    return 100 * np.expm1(log)


def _sizes(found, placebo, wet, level):
    """Estimate, interval, test and smallest swing to be seen; see the notes of `swing`."""
    grid = np.linspace(0, 12, 1201) * np.std(placebo)
    steps = found + np.r_[-grid[:0:-1], grid]
    off = np.abs(placebo[:, None] - wet[:, None] * steps)
    likely = (1 + (off >= np.abs(found - steps) - 1e-12).sum(axis=0)) / (1 + len(placebo))
    held = steps[likely > 1 - level]
    alone = placebo - wet * found  # what placebos show where there is no swing
    bars = np.quantile(np.abs(alone[:, None] + wet[:, None] * grid), level, axis=0)
    passed = grid + np.quantile(alone, 1 - _POWER) >= bars
    least = grid[np.argmax(passed)] if passed.any() else np.nan
    low, high = np.quantile(alone, [(1 - level) / 2, (1 + level) / 2])
    return {
        "swing_pct": _pct(found),
        "lower_pct": _pct(held.min()),
        "upper_pct": _pct(held.max()),
        "placebo_p": (1 + (np.abs(placebo) >= abs(found) - 1e-12).sum()) / (1 + len(placebo)),
        "detectable_pct": _pct(least),
        "placebo_lower_pct": _pct(low),
        "placebo_upper_pct": _pct(high),
    }


@cache
def _gone():
    """Part of the wet season's hash rate that had left these provinces in each dry half."""
    rows = by_province().query("province in @_HYDROPOWER")
    world = rows.groupby("month")["share_of_world_pct"].sum().loc["2019-11":"2021-04"]
    first, wet, last = world.to_numpy().reshape(3, _HALF).mean(axis=1)
    return 1 - np.array([first, last]) / wet


def _on_hydropower(sizes, part):
    """Shares of the world's hash rate that the swings stand for, percent."""
    left = _gone()

    def standing(name, gone):
        return float(np.clip(100 * part * (1 - 1 / (1 + sizes[name] / 100)) / gone, 0, 100))

    return {
        "hydropower_pct": standing("swing_pct", left.mean()),
        "lower_hydropower_pct": standing("lower_pct", left.max()),
        "upper_hydropower_pct": standing("upper_pct", left.min()),
        "detectable_hydropower_pct": standing("detectable_pct", left.mean()),
    }
