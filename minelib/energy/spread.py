# SPDX-License-Identifier: MIT
"""How sure one can be of the index: an ensemble over what it assumes."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from minelib import Drawable
from minelib.checks import between, covered, language, name_in, one_of, whole
from minelib.checks.door import Day, Lang, Names, Number, Whole, checked
from minelib.energy.inputs import beyond, own_machines, own_network, threshold_j_th
from minelib.energy.model import index, totals
from minelib.energy.regions import map_shares
from minelib.energy.rules import (
    HOURS_A_YEAR,
    PRICE_OF_THRESHOLD,
    PUE,
    THRESHOLD_DAYS,
    VERSIONS,
    trailing_mean,
    whole_years,
)
from minelib.energy.tariffs import tariff_ranges
from minelib.words import N_, gettext as _, number

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
        One row per assumption varied alone, all others as the index has them:
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

    @checked
    def sentence(self, lang: Lang | None = None) -> str:
        """The result in one sentence: last full year, interval, and the main driver."""
        full = self.yearly[self.yearly["months"] == 12]
        year = (full if len(full) else self.yearly).tail(1)
        first = next(iter(self.drivers["assumption"]), None)
        said = {
            name: number(year[f"{name}_twh"].item(), 0, lang)
            for name in ("median", "lower", "upper", "index")
        }
        sentence = _(
            "In {year} mining used {median} TWh ({level}% interval {lower} to {upper}; the "
            "index says {index}).",
            lang,
        ).format(year=year.index.item(), level=number(100 * self.level, 0, lang), **said)
        if first is None:
            return sentence
        driver = _("Most of the spread depends on this: {driver}.", lang).format(
            driver=_(ASSUMPTIONS[first], lang)
        )
        return sentence + (" " if language(lang) == "en" else "") + driver


class _Setting:
    """All that does not change between draws."""

    def __init__(self, start, end, version="1.4.0"):
        network = own_network(version)
        known = network.loc[max(_FIRST_DAY, VERSIONS[version].first) :].index
        days = covered(_("The ensemble"), start, end, known, beyond=beyond(version))
        self.first, self.last = days
        threshold = threshold_j_th(network["revenue_usd"], network["hashrate_eh_s"]).to_numpy()
        daily = network.assign(threshold=trailing_mean(threshold, THRESHOLD_DAYS))
        monthly = daily.loc[self.first : self.last].resample("MS").mean()
        self.months = monthly.index
        self.hashrate = monthly["hashrate_eh_s"].to_numpy(dtype=np.float32)
        self.threshold = monthly["threshold"].to_numpy()  # J/TH at 0.05 USD/kWh, shape (T,)
        wide = map_shares().pivot(index="month", columns="place", values="share_pct").fillna(0.0)
        wide = wide.div(wide.sum(axis=1), axis=0)
        held = wide.reindex(self.months.union(wide.index)).ffill().bfill().loc[self.months]
        self.shares = held.to_numpy(dtype=np.float32)  # fractions, shape (T, G)
        self.tariffs = tariff_ranges(list(held.columns))
        machines = own_machines(version)
        self.listed = machines["efficiency_j_th"].to_numpy()
        self.weighting = machines["weighting_efficiency_j_th"].to_numpy(dtype=np.float32)
        years = whole_years(self.months.to_numpy(), machines["release"].to_numpy())
        self.age = np.where(years < 0, 99, years).astype(np.float32)  # 99: not yet
        self.blocks = [self._block(y) for y in np.unique(self.months.year)]

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


def _draw(setting, n, seed, vary):
    """Draws of every assumption; one not in ``vary`` stands as the index has it."""
    streams = np.random.SeedSequence(seed).spawn(len(ASSUMPTIONS))
    rng = {k: np.random.default_rng(s) for k, s in zip(ASSUMPTIONS, streams, strict=True)}
    weights, unlisted = rng["weights"], rng["unlisted"]
    regions, machines = setting.shares.shape[1], len(setting.listed)
    low, high = np.log(setting.tariffs[["low_usd_kwh", "high_usd_kwh"]].to_numpy()).T
    tariffs = np.exp(low + (high - low) * rng["tariffs"].random((n, regions)))
    drawn = {  # the assumption each belongs to, its draws, and what the index has
        "tariffs": ("tariffs", tariffs, PRICE_OF_THRESHOLD),
        "pue": ("pue", rng["pue"].triangular(*PUE, size=(n, 1)), PUE[1]),
        "life": ("life", rng["life"].triangular(*LIFE_YEARS, size=n), LIFE_YEARS[1]),
        "fading": ("weights", weights.random(n), 1),
        "counts": ("weights", weights.exponential(size=(n, machines)), 1),
        "unlisted_share": ("unlisted", unlisted.uniform(*UNLISTED_SHARE, size=(n, 1)), 0),
        "unlisted_efficiency": ("unlisted", unlisted.uniform(*UNLISTED_EFFICIENCY, (n, 1)), 1),
    }
    return {
        name: (draws if owner in vary else np.full_like(draws, fixed)).astype(np.float32)
        for name, (owner, draws, fixed) in drawn.items()
    }


def ensemble(
    n: Whole = 2000,
    seed: Whole = 1,
    start: Day | None = None,
    end: Day | None = None,
    level: Number = 0.9,
    vary: str | Names | None = None,
    version: str = "1.4.0",
) -> Ensemble:
    """Electricity of mining by month when its assumptions are drawn instead of fixed.

    Parameters
    ----------
    n : int
        Draws, 50 to 100,000 (both inclusive).
    seed : int
        Not negative; the same seed gives the same result.
    start, end : date-like
        First and last day, both inclusive; None for all that is covered: 2014-01-01 to
        2023-12-31, with version "extended" 2023-07-01 to the last day of ``network_daily``.
    level : float
        Of the intervals, above 0 and below 1.
    vary : iterable of str, optional
        Keys of `ASSUMPTIONS` to draw; None for all. The others stay as the index has them.
    version : {"1.4.0", "extended"}
        Whose list of machines is drawn from.

    Returns
    -------
    Ensemble
        ``monthly``, ``yearly``, ``drivers`` (frames) and ``sentence(lang)``.

    Raises
    ------
    BadParameter, UnknownName, OutOfCoverage

    Notes
    -----
    A draw holds for the whole period: one tariff per country, one PUE, one machine life, one
    count of each machine. Tariffs come from `tariff_ranges`; countries weigh by the mining
    map, whose first and last month stand for what lies before and after. Where no machine
    pays at a drawn tariff, the hash rate of that country runs on the most efficient machine
    there is, since the hash rate was observed. Months use the mean threshold and hash rate of
    their days. What is not drawn: the hash rate (its counting error is below 2 percent by
    month), the map (whose last month, January 2022, is long past in version "extended"),
    machines missing from the list, over- and underclocking.

    Examples
    --------
    >>> result = ensemble(200, seed=7, start="2021-01-01", end="2021-12-31")
    >>> row = result.yearly.loc[2021]
    >>> bool(row["lower_twh"] < row["median_twh"] < row["upper_twh"])
    True
    """
    n, seed = int(between("n", n, 50, 100_000)), whole("seed", seed)
    level = between("level", level, 0, 1, exclusive=True)
    vary = tuple(ASSUMPTIONS) if vary is None else (vary,) if isinstance(vary, str) else (*vary,)
    for each in vary:
        name_in(N_("assumption of the ensemble"), each, ASSUMPTIONS)
    version = one_of("version", version, ("1.4.0", "extended"))
    setting = _Setting(start, end, version)
    reference = index(version=version, start=setting.first, end=setting.last)
    drawn = setting.consumption(_draw(setting, n, seed, vary))
    ends = (1 - level) / 2, (1 + level) / 2
    monthly, yearly = (by(setting.months, drawn, reference, ends) for by in (_monthly, _yearly))
    drivers = _drivers(setting, drawn, seed, vary, ends)
    return Ensemble(monthly, yearly, drivers, level, n, seed)


def _quantiles(values, levels, names, when):
    """Quantiles over the draws, one row per month or year."""
    table = np.quantile(values, levels, axis=0).T.astype("float64")
    return pd.DataFrame(table, index=when, columns=[f"{n}_twh" for n in names])


def _monthly(months, drawn, reference, ends):
    levels, names = [ends[0], 0.25, 0.5, 0.75, ends[1]], ("lower", "q25", "median", "q75", "upper")
    frame = _quantiles(drawn, levels, names, months.rename("month"))
    return frame.assign(index_twh=reference["best_twh"].resample("MS").mean())


def _yearly(months, drawn, reference, ends):
    days = reference["best_twh"].resample("MS").size().to_numpy()
    years, where, count = np.unique(months.year, return_index=True, return_counts=True)
    used = np.add.reduceat(drawn * (days / 365.25)[None, :], where, axis=1)
    levels, names = [ends[0], 0.5, ends[1]], ("lower", "median", "upper")
    yearly = _quantiles(used, levels, names, pd.Index(years, name="year"))
    yearly["index_twh"] = totals(reference, "YE")["best_twh"].to_numpy()
    yearly["months"] = count
    yearly.attrs["units"] = dict.fromkeys(yearly.columns[:4], "TWh")
    return yearly


def _drivers(setting, drawn, seed, vary, ends):
    few = min(len(drawn), _DRAWS_FOR_DRIVERS)

    def mean(n, varied):
        return setting.consumption(_draw(setting, n, seed, varied)).mean(axis=1)

    base, together = mean(1, ()), drawn[:few].mean(axis=1).var()
    rows = []
    for name in vary:
        alone, without = mean(few, (name,)), mean(few, [v for v in vary if v != name])
        low, high = 100 * (np.quantile(alone, ends) / base - 1)
        share, fall = 100 * alone.var() / together, 100 * (1 - without.var() / together)
        rows.append((name, _(ASSUMPTIONS[name]), low, high, share, fall))
    columns = ["lower_pct", "upper_pct", "variance_share_pct", "fall_if_known_pct"]
    frame = pd.DataFrame(rows, columns=["assumption", "meaning", *columns])
    frame = frame.astype(dict.fromkeys(columns, "float64") if rows else {})
    return frame.sort_values("fall_if_known_pct", ascending=False, ignore_index=True)
