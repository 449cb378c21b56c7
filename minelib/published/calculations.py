# SPDX-License-Identifier: MIT
"""The sums that re-computed figures share: value, lower and upper, in the figure's unit.

Periods are days, months or years as text; both ends are inclusive.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any, TypeAlias

import pandas as pd

from minelib import carbon, energy
from minelib.catalog import load
from minelib.energy.rules import HOURS_A_YEAR

Estimate: TypeAlias = tuple[float, float, float]
BOUNDS = ("best", "lower", "upper")


def only(value: Any) -> Estimate:
    """A value without an interval."""
    return float(value), float("nan"), float("nan")


def estimate(values: Iterable[Any]) -> Estimate:
    """Value, lower and upper as plain numbers."""
    value, lower, upper = map(float, values)
    return value, lower, upper


@lru_cache(maxsize=4)
def daily_index(version: str = "1.4.0") -> pd.DataFrame:
    """The index at 0.05 USD/kWh."""
    return energy.index(0.05, version)


def network(start: str, end: str | None = None) -> pd.DataFrame:
    """Table ``network_daily`` of a period."""
    return load("network_daily").set_index("date").loc[start : end or start]


def used(start: str, end: str | None = None, version: str = "1.4.0") -> Estimate:
    """TWh used in a period."""
    frame = daily_index(version).loc[start : end or start]
    return estimate(frame[f"{bound}_gw"].sum() * 24 / 1000 for bound in BOUNDS)


def mean_of(period: str, column: str, factor: float = 1, version: str = "1.4.0") -> Estimate:
    """Mean of column ``twh`` or ``gw`` of the index in a period, times a factor."""
    frame = daily_index(version).loc[period]
    return estimate(frame[f"{bound}_{column}"].mean() * factor for bound in BOUNDS)


def published_intensity() -> pd.Series:
    """The published intensity by month, g/kWh."""
    return load("index_reference").set_index("month")["intensity_g_kwh"]


def summed_by_month(start: str, end: str, version: str) -> float:
    """Mt of a period: energy by day times the published intensity of its month."""
    daily = daily_index(version).loc[start:end, "best_gw"] * 24 / 1000
    monthly = daily.resample("MS").sum()
    held = published_intensity().reindex(monthly.index).ffill()
    return float((monthly * held / 1000).sum())


def emitted_on(day: str, version: str = "1.4.0") -> Estimate:
    """Mt a year at the rate of a day, by the published intensity of its month."""
    month = pd.Timestamp(day).replace(day=1)
    return only(daily_index(version).loc[day, "best_twh"] * published_intensity()[month] / 1000)


def emitted(start: str, end: str, version: str = "1.4.0") -> Estimate:
    """Mt between two months by our intensity; least and most of all ways of counting it."""
    frame = carbon.emissions(version=version, start=start, end=end)
    values = carbon.all_intensities().loc[start:end]
    sums = values.mul(frame["energy_twh"], axis=0).sum() / 1000
    return estimate((frame["emissions_mt"].sum(), sums.min(), sums.max()))


def intensity(period: str) -> Estimate:
    """Mean intensity of mining, g/kWh; least and most of all ways of counting it."""
    means = carbon.all_intensities().loc[period:period].mean()
    return estimate((carbon.intensity().loc[period:period].mean(), means.min(), means.max()))


@lru_cache(maxsize=1)
def _mixes():
    fixed = {"factors": "ccaf_current", "mix": "generation", "provincial": "thermal_as_coal"}
    ways = [c for c in carbon.admissible() if vars(c).items() >= fixed.items()]
    return [carbon.power_mix(way) for way in ways]


def share(column: str, period: str) -> Estimate:
    """Share of a source as the index counts; least and most of all ways of counting it."""
    mixes, name = [carbon.power_mix(), *_mixes()], f"{column}_share_pct"
    own, *ways = (mix.loc[period:period, name].mean() for mix in mixes)
    return estimate((own, min(ways), max(ways)))


def by_world(period: str, annualised: bool = False) -> Estimate:
    """Mt from energy and intensity; bounds of energy times bounds of the world's factors."""
    frame = carbon.emissions(start=period, end=f"{period}-12" if len(period) == 4 else period)
    own = frame["emissions_mt"].sum() / frame["energy_twh"].sum()
    best, lower, upper = mean_of(period, "twh") if annualised else used(period)
    year = pd.Timestamp(period).year
    world = [carbon.grid_intensity("world", year, factors=f) for f in carbon.FACTOR_SETS]
    return best * own, lower * min(world) / 1000, upper * max(world) / 1000


def _figures():
    return load("published_results").set_index("id")["value"]


def cumulative(version: str) -> Estimate:
    """Mt since the index begins, up to 21 September 2022."""
    return only(summed_by_month("2010-07-18", "2022-09-21", version))


def since_2018(version: str) -> Estimate:
    """Percent of these that fell in 2018 or later."""
    late = summed_by_month("2018-01-01", "2022-09-21", version)
    return only(100 * late / summed_by_month("2010-07-18", "2022-09-21", version))


def devries_emissions() -> Estimate:
    """Mt a year from the paper's own power and intensity."""
    figures, hours = _figures(), 8760
    energy_twh = figures["devries_2022_power"] * hours / 1000
    return only(energy_twh * figures["devries_2022_intensity_2021"] / 1000)


def devries_change() -> Estimate:
    """Change of the intensity over the crackdown, percent, in all ways of counting."""
    table = carbon.multiverse()
    change = table["change_pct"]
    return estimate((change[table["is_ccaf"]].iloc[0], change.min(), change.max()))


def energy_per_dollar() -> Estimate:
    """MJ a dollar of coins mined, 2016 to June 2018."""
    period = "2016-01-01", "2018-06-30"
    frame, days = daily_index().loc[slice(*period)], network(*period)
    terahashes = days["hashrate_eh_s"] * 1e6 * 86_400
    coins = days["issuance_btc"] * days["price_usd"]
    efficiencies = ("efficiency_j_th", "lower_efficiency_j_th", "upper_efficiency_j_th")
    return estimate((frame[c] * terahashes / coins).mean() / 1e6 for c in efficiencies)


def peak() -> Estimate:
    """GW on the highest day from December 2017 to June 2018."""
    frame = daily_index().loc["2017-12-18":"2018-06-30"]
    return estimate(frame[f"{bound}_gw"].max() for bound in BOUNDS)


def all_s9() -> Estimate:
    """GW of the hash rate of March 2018 on one Antminer S9 throughout."""
    machines = load("index_machines").set_index("machine")["efficiency_j_th"]
    rate = network("2018-03")["hashrate_eh_s"].mean()
    return only(rate * machines["Bitmain Antminer S9 (11.5Th)"] / 1000)


def spent_on_power() -> Estimate:
    """GW that 60 percent of the revenue of March 2018 buys."""
    return only(0.60 * network("2018-03")["revenue_usd"].mean() / 0.05 / 24 / 1e6)


def marginal_cost() -> Estimate:
    """USD a bitcoin for electricity at 0.04 USD/kWh in December 2019."""
    cost = energy.minting_cost(0.04, start="2019-12-01", end="2019-12-31").mean()
    return estimate(cost[f"{bound}_usd_btc"] for bound in BOUNDS)


def survey_energy() -> Estimate:
    """TWh a year of 2024 at the survey's efficiency."""
    daily = network("2024")["hashrate_eh_s"]
    monthly = daily.resample("MS").mean()
    j_th = _figures()["ccaf_2025_efficiency"]
    rates = (daily.mean(), monthly.min(), monthly.max())
    return estimate(rate * j_th * HOURS_A_YEAR / 1e6 for rate in rates)


def survey_emissions() -> Estimate:
    """Mt a year from the survey's energy and sources."""
    figures = (
        _figures().filter(like="ccaf_2025_").rename(lambda name: name.removeprefix("ccaf_2025_"))
    )
    factors = carbon.factor_set()["intensity_g_kwh"]
    fossil = sum(figures[source] * factors[source] for source in ("coal", "gas"))
    clean = factors.drop(["coal", "gas", "oil"])
    return estimate(
        figures["energy"] * (fossil + figures["sustainable"] * each) / 1e5
        for each in (factors["hydro"], clean.min(), clean.max())
    )


def efficiency_2024() -> Estimate:
    """J/TH of the basket in 2024, each day by its hash rate."""
    frame = energy.index(version="extended", start="2024-01-01", end="2024-12-31")
    rate = network("2024")["hashrate_eh_s"]
    names = ("efficiency_j_th", "lower_efficiency_j_th", "upper_efficiency_j_th")
    return estimate((frame[name] * rate).sum() / rate.sum() for name in names)


def _us_part():
    """The last known share of the United States, percent."""
    shares = load("country_share").set_index(["month", "place"])["share_pct"]
    return shares[pd.Timestamp("2022-01-01"), "usa"]


def used_in_the_us(start: str, end: str) -> Estimate:
    """TWh of a period in the United States, by the last known share."""
    return estimate(_us_part() / 100 * twh for twh in used(start, end))


def us_share() -> Estimate:
    """Percent of the demand of the United States."""
    demand = load("electricity").set_index(["place", "year"])["demand_twh"]["usa", 2022]
    return estimate(_us_part() * twh / demand for twh in used("2023"))
