# SPDX-License-Identifier: MIT
"""How sure one can be of the index: an ensemble over what it assumes."""

from dataclasses import dataclass
from numbers import Integral, Real

import numpy as np
import pandas as pd

from minelib import Drawable
from minelib.catalog import load
from minelib.checks import as_day, language
from minelib.energy.inputs import (
    LAST_DAY,
    check_machines,
    network_days,
    threshold_j_th,
)
from minelib.energy.model import index, totals
from minelib.energy.regions import map_shares
from minelib.energy.rules import (
    HOURS_A_YEAR,
    LAG_MONTHS,
    PRICE_OF_THRESHOLD,
    PUE,
    THRESHOLD_DAYS,
    trailing_mean,
)
from minelib.energy.tariffs import tariff_ranges
from minelib.errors import BadParameter, OutOfCoverage, UnknownName
from minelib.words import N_, number
from minelib.words import gettext as _

__all__ = ["ASSUMPTIONS", "Ensemble", "ensemble"]

ASSUMPTIONS = {
    "tariffs": N_("a tariff for each country, log-uniform between the quoted extremes"),
    "pue": N_("power usage effectiveness, triangular 1.01 – 1.10 – 1.20"),
    "life": N_("machine life, triangular 3 – 5 – 7 years"),
    "weights": N_("unknown numbers of each machine, and how fast old ones go"),
    "unlisted": N_("up to a fifth of the hash rate on machines not in the list"),
}
LIFE_YEARS = (3.0, 5.0, 7.0)
UNLISTED_SHARE = (0.0, 0.2)
UNLISTED_EFFICIENCY = (0.8, 1.6)  # in parts of the basket's mean
_FIRST_DAY = "2014-01-01"  # before it the list holds too few machines to weigh at random
_CHUNK = 100
_DRAWS_FOR_DRIVERS = 400


@dataclass(frozen=True)
class Ensemble(Drawable):
    """What `ensemble` returns.

    Attributes
    ----------
    monthly : pandas.DataFrame
        Index ``month``; ``lower_twh``, ``q25_twh``, ``median_twh``, ``q75_twh``,
        ``upper_twh`` (TWh a year, annualised) and ``index_twh``, the index itself.
    yearly : pandas.DataFrame
        Index ``year``; ``lower_twh``, ``median_twh``, ``upper_twh``, ``index_twh`` (TWh used in
        the months of the year that are covered) and ``months``.
    drivers : pandas.DataFrame
        One row an assumption varied alone, all others as the index has them:
        ``assumption``, ``meaning``, ``lower_pct``, ``upper_pct`` (interval of the period's mean
        against the index, percent), ``variance_share_pct`` (its variance alone in parts of the
        variance of all together) and ``fall_if_known_pct`` (by how much the variance of all
        would fall if this one were known). Assumptions work on each other, so neither adds to
        100. Largest first.
    level : float
    n, seed : int
    """

    monthly: pd.DataFrame
    yearly: pd.DataFrame
    drivers: pd.DataFrame
    level: float
    n: int
    seed: int

    def sentence(self, lang=None):
        """The result in one sentence: last full year, interval, and the main driver."""
        full = self.yearly[self.yearly["months"] == 12]
        year = (full if len(full) else self.yearly).iloc[-1]
        first = next(iter(self.drivers["assumption"]), None)
        sentence = _(
            "In {year} mining used {median} TWh ({level}% interval {lower} to {upper}; the "
            "index says {index}).",
            lang,
        ).format(
            year=int(year.name),
            median=number(year["median_twh"], 0, lang),
            level=number(100 * self.level, 0, lang),
            lower=number(year["lower_twh"], 0, lang),
            upper=number(year["upper_twh"], 0, lang),
            index=number(year["index_twh"], 0, lang),
        )
        if first is None:
            return sentence
        driver = _("Most of the spread hangs on this: {driver}.", lang).format(
            driver=_(ASSUMPTIONS[first], lang)
        )
        return sentence + (" " if language(lang) == "en" else "") + driver


class _Setting:
    """All that does not change between draws."""

    def __init__(self, months, hashrate, threshold, machines, shares):
        self.months, self.hashrate = months, hashrate
        self.threshold = threshold  # J/TH at 0.05 USD/kWh, shape (T,)
        self.shares = shares  # fractions, shape (T, G)
        self.listed = machines["efficiency_j_th"].to_numpy()
        self.weighting = machines["weighting_efficiency_j_th"].to_numpy(dtype=np.float32)
        release = machines["release"].to_numpy().astype("datetime64[M]").astype(np.int64)
        age = (
            months.to_numpy().astype("datetime64[M]").astype(np.int64)[:, None]
            - release[None, :]
            - LAG_MONTHS
        )
        self.age = np.where(age < 0, 99, age // 12).astype(np.float32)  # whole years; 99: not yet
        self.blocks = [self._block(y) for y in np.unique(months.year)]

    def _block(self, year):
        """Months of a year, and the machines that can be alive in any of them."""
        rows = np.flatnonzero(self.months.year == year)
        alive = (self.age[rows] < LIFE_YEARS[2]).any(axis=0)
        return slice(rows[0], rows[-1] + 1), np.flatnonzero(alive)

    def consumption(self, draws):
        """Annualised TWh, shape (n, T), for a dict of drawn assumptions."""
        n = len(draws["pue"])
        out = np.empty((n, len(self.months)), np.float32)
        for start in range(0, n, _CHUNK):
            part = slice(start, min(start + _CHUNK, n))
            drawn = {k: v[part] for k, v in draws.items()}
            for rows, machines in self.blocks:
                out[part, rows] = self._chunk(drawn, rows, machines)
        return out

    def _weights(self, d, rows, machines):
        fading = np.maximum(1 - self.age[rows][:, machines] / d["life"][:, None, None], 0)
        mix = d["fading"][:, None, None]
        equal = (fading > 0).astype(np.float32)
        return (mix * fading + (1 - mix) * equal) * d["counts"][:, None, machines]

    def _chunk(self, d, rows, machines):
        weights = self._weights(d, rows, machines)
        listed, weighting = self.listed[machines], self.weighting[machines]
        shape = weights.shape
        total = np.zeros((*shape[:2], shape[2] + 1), np.float32)
        energy = np.zeros_like(total)
        np.cumsum(weights, axis=2, out=total[..., 1:])
        np.cumsum(weights * weighting, axis=2, out=energy[..., 1:])
        # reach of the list at each region's tariff; all draws, months and regions at once
        at_tariff = PRICE_OF_THRESHOLD / d["tariffs"][:, None, :]
        scaled = self.threshold[None, rows, None] * at_tariff
        reach = np.searchsorted(listed, scaled, side="left")
        base = np.arange(shape[0] * shape[1]).reshape(shape[:2])[..., None] * (shape[2] + 1)
        flat = base + reach
        below = total.ravel()[flat]
        with np.errstate(invalid="ignore", divide="ignore"):
            efficiency = energy.ravel()[flat] / below
        empty = np.nonzero(below <= 0)
        if empty[0].size:  # the hash rate was there: it ran on the best machines there were
            best = (weights > 0).argmax(axis=2)
            efficiency[empty] = weighting[best[empty[0], empty[1]]]
        mean = (efficiency * self.shares[None, rows]).sum(axis=2)
        mean *= 1 + d["unlisted_share"] * (d["unlisted_efficiency"] - 1)
        return mean * d["pue"] * (self.hashrate[None, rows] * (HOURS_A_YEAR / 1e6))


def _draw(setting, n, seed, vary, ranges):
    """Draws of every assumption; one not in ``vary`` stands as the index has it."""
    streams = dict(
        zip(ASSUMPTIONS, np.random.SeedSequence(seed).spawn(len(ASSUMPTIONS)), strict=True)
    )
    rng = {k: np.random.default_rng(s) for k, s in streams.items()}
    regions, machines = setting.shares.shape[1], len(setting.listed)
    low, high = (np.log(ranges[c].to_numpy()) for c in ("low_usd_kwh", "high_usd_kwh"))
    tariffs = np.exp(low + (high - low) * rng["tariffs"].random((n, regions)))
    drawn = {
        "tariffs": tariffs,
        "pue": rng["pue"].triangular(*PUE, size=(n, 1)),
        "life": rng["life"].triangular(*LIFE_YEARS, size=n),
        "fading": rng["weights"].random(n),
        "counts": rng["weights"].exponential(size=(n, machines)),
        "unlisted_share": rng["unlisted"].uniform(*UNLISTED_SHARE, size=(n, 1)),
        "unlisted_efficiency": rng["unlisted"].uniform(*UNLISTED_EFFICIENCY, size=(n, 1)),
    }
    fixed = {
        "tariffs": np.full((n, regions), PRICE_OF_THRESHOLD),
        "pue": np.full((n, 1), PUE[1]),
        "life": np.full(n, LIFE_YEARS[1]),
        "fading": np.ones(n),
        "counts": np.ones((n, machines)),
        "unlisted_share": np.zeros((n, 1)),
        "unlisted_efficiency": np.ones((n, 1)),
    }
    owner = {
        "fading": "weights",
        "counts": "weights",
        "unlisted_share": "unlisted",
        "unlisted_efficiency": "unlisted",
    }
    return {k: (drawn if owner.get(k, k) in vary else fixed)[k].astype(np.float32) for k in drawn}


def _setting(start, end):
    frame, first, last = network_days(start, end)
    threshold = trailing_mean(
        threshold_j_th(frame["revenue_usd"], frame["hashrate_eh_s"]).to_numpy(), THRESHOLD_DAYS
    )
    daily = frame.assign(threshold=threshold).loc[first:last]
    monthly = daily.resample("MS").mean()
    wide = map_shares().pivot(index="month", columns="place", values="share_pct").fillna(0.0)
    wide = wide.div(wide.sum(axis=1), axis=0)
    held = wide.reindex(monthly.index.union(wide.index)).ffill().bfill().loc[monthly.index]
    setting = _Setting(
        monthly.index,
        monthly["hashrate_eh_s"].to_numpy(dtype=np.float32),
        monthly["threshold"].to_numpy(),
        check_machines(load("index_machines"), "1.4.0"),
        held.to_numpy(dtype=np.float32),
    )
    return setting, list(held.columns), first, last


def ensemble(n=2000, seed=1, start="2014-01-01", end="2023-12-31", level=0.9, vary=None):
    """Electricity of mining by month when its assumptions are drawn instead of fixed.

    Parameters
    ----------
    n : int
        Draws, 50 to 100,000 (both inclusive).
    seed : int
        Not negative; the same seed gives the same result.
    start, end : date-like
        First and last day, both inclusive; 2014-01-01 to 2023-12-31.
    level : float
        Of the intervals, above 0 and below 1.
    vary : iterable of str, optional
        Keys of `ASSUMPTIONS` to draw; None for all. The others stay as the index has them.

    Returns
    -------
    Ensemble
        ``monthly``, ``yearly``, ``drivers`` (frames) and ``sentence(lang)``.

    Raises
    ------
    BadParameter, UnknownName, OutOfCoverage

    Notes
    -----
    A draw holds for the whole period: one tariff a country, one PUE, one machine life, one
    count of each machine. Tariffs come from `tariff_ranges`; countries weigh by the mining
    map, whose first and last month stand for what lies before and after. Where no machine
    pays at a drawn tariff, the hash rate of that country runs on the most efficient machine
    there is, since the hash rate was observed. Months use the mean threshold and hash rate of
    their days. What is not drawn: the hash rate (its counting error is below 2 percent by
    month), the map, machines missing after 2023, over- and underclocking.

    Examples
    --------
    >>> result = ensemble(200, seed=7, start="2021-01-01", end="2021-12-31")
    >>> row = result.yearly.loc[2021]
    >>> bool(row["lower_twh"] < row["median_twh"] < row["upper_twh"])
    True
    """
    _check_arguments(n, seed, level, start)
    vary = tuple(ASSUMPTIONS) if vary is None else (vary,) if isinstance(vary, str) else vary
    if not np.iterable(vary):
        raise BadParameter("vary", vary, _("must be a list of assumptions"))
    vary = tuple(vary)
    for each in vary:
        if each not in ASSUMPTIONS:
            raise UnknownName(N_("assumption of the ensemble"), each, ASSUMPTIONS)
    setting, regions, first, last = _setting(start, end)
    ranges = tariff_ranges(regions)
    drawn = setting.consumption(_draw(setting, n, seed, vary, ranges))
    lower, upper = (1 - level) / 2, (1 + level) / 2
    reference = index(start=first, end=last)
    monthly = _monthly(setting.months, drawn, reference, lower, upper)
    yearly = _yearly(setting.months, drawn, reference, lower, upper)
    drivers = _drivers(setting, drawn, n, seed, vary, ranges, lower, upper)
    return Ensemble(monthly, yearly, drivers, float(level), int(n), int(seed))


def _check_arguments(n, seed, level, start):
    if not isinstance(n, Integral) or isinstance(n, bool) or not 50 <= n <= 100_000:
        raise BadParameter("n", n, _("must be a whole number from 50 to 100000"))
    if not isinstance(seed, Integral) or isinstance(seed, bool) or seed < 0:
        raise BadParameter("seed", seed, _("must be a whole number, not negative"))
    if not isinstance(level, Real) or not 0 < level < 1:
        raise BadParameter("level", level, _("must be above 0 and below 1"))
    if as_day("start", start) < pd.Timestamp(_FIRST_DAY):
        raise OutOfCoverage(_("The ensemble"), str(start), f"{_FIRST_DAY} {_('to')} {LAST_DAY}")


def _monthly(months, drawn, reference, lower, upper):
    levels = [lower, 0.25, 0.5, 0.75, upper]
    names = ["lower_twh", "q25_twh", "median_twh", "q75_twh", "upper_twh"]
    frame = pd.DataFrame(
        np.quantile(drawn, levels, axis=0).T, index=months.rename("month"), columns=names
    ).astype("float64")
    return frame.assign(index_twh=reference["best_twh"].resample("MS").mean())


def _yearly(months, drawn, reference, lower, upper):
    days = reference["best_twh"].resample("MS").size().to_numpy()
    used = drawn * (days / 365.25)[None, :]
    years = months.year.to_numpy()
    covered, where = np.unique(years, return_index=True)
    by_year = np.add.reduceat(used, where, axis=1)
    low, median, high = np.quantile(by_year, [lower, 0.5, upper], axis=0)
    of_index = totals(reference, "YE")["best_twh"].to_numpy()
    yearly = pd.DataFrame(
        {
            "lower_twh": low,
            "median_twh": median,
            "upper_twh": high,
            "index_twh": of_index,
            "months": [int((years == y).sum()) for y in covered],
        },
        index=pd.Index(covered, name="year"),
    ).astype({"lower_twh": "float64", "median_twh": "float64", "upper_twh": "float64"})
    yearly.attrs["units"] = dict.fromkeys(yearly.columns[:4], "TWh")
    return yearly


def _drivers(setting, drawn, n, seed, vary, ranges, lower, upper):
    base = setting.consumption(_draw(setting, 1, seed, (), ranges)).mean()
    few = min(n, _DRAWS_FOR_DRIVERS)
    together = drawn[:few].mean(axis=1).var()
    rows = []
    for name in vary:
        others = tuple(v for v in vary if v != name)
        alone = setting.consumption(_draw(setting, few, seed, (name,), ranges)).mean(axis=1)
        without = setting.consumption(_draw(setting, few, seed, others, ranges)).mean(axis=1)
        low, high = np.quantile(alone, [lower, upper])
        rows.append(
            {
                "assumption": name,
                "meaning": _(ASSUMPTIONS[name]),
                "lower_pct": float(100 * (low / base - 1)),
                "upper_pct": float(100 * (high / base - 1)),
                "variance_share_pct": float(100 * alone.var() / together),
                "fall_if_known_pct": float(100 * (1 - without.var() / together)),
            }
        )
    names = [
        "assumption",
        "meaning",
        "lower_pct",
        "upper_pct",
        "variance_share_pct",
        "fall_if_known_pct",
    ]
    frame = pd.DataFrame(rows, columns=names)
    return frame.sort_values("fall_if_known_pct", ascending=False).reset_index(drop=True)
