# SPDX-License-Identifier: MIT
"""What the package computes in place of a published figure: one entry a figure."""

import pandas as pd

from minelib import carbon, energy
from minelib.catalog import load
from minelib.energy.rules import HOURS_A_YEAR
from minelib.published.entries import (
    ENTRIES,
    add,
    by_world,
    counted,
    emissions_by_index,
    entry,
    mean_of,
    only,
    published_intensity,
    recomputed_index,
    share,
    used,
)
from minelib.published.verdicts import OTHER, SAME
from minelib.words import N_

__all__ = ["ENTRIES", "NOT_COMPUTED"]

# --- 1 to 4: the index itself ---------------------------------------------------------------

_SAME_SUMS = N_("The sum of our daily index meets the announced figure.")
for _year in (2021, 2022):
    add(
        f"ccaf_2023_energy_{_year}",
        "energy.totals",
        SAME,
        _SAME_SUMS,
        lambda y=_year: only(used(f"{y}-01-01", f"{y}-12-31")[0]),
    )
add(
    "ccaf_2023_energy_2023",
    "energy.totals",
    SAME,
    N_(
        "The sum of our daily index up to 15 August meets the announced figure; the closing day "
        "is inferred from it."
    ),
    lambda: only(used("2023-01-01", "2023-08-15")[0]),
)
for _position, _bound in enumerate(("best", "lower", "upper")):
    add(
        f"ccaf_series_{_bound}_2020",
        "energy.index",
        SAME,
        N_("Re-computed from hash rate, revenue and machines; 2020 was not used to find machines."),
        lambda i=_position: only(used("2020-01-01", "2020-12-31")[i]),
    )
for _year, _why in (
    (2021, N_("Equal weights give the figure from before the revision.")),
    (
        2022,
        N_(
            "Equal weights give nearly the announced figure; the publisher's download of January "
            "2023 adds up to more, and our list is short of machines released in 2022, which "
            "version 1.3.1 counts fully."
        ),
    ),
):
    add(
        f"ccaf_2022_energy_{_year}",
        'energy.totals(version="1.3.1")',
        SAME,
        _why,
        lambda y=_year: only(used(f"{y}-01-01", f"{y}-12-31", "1.3.1")[0]),
    )
add(
    "unu_2023_energy",
    'energy.totals(version="1.3.1")',
    SAME,
    N_(
        "It is the index of before the revision, summed over two years: the publisher's own yearly "
        "totals add up to it, and ours fall short by the machines of 2021 that we lack."
    ),
    lambda: only(used("2020-01-01", "2021-12-31", "1.3.1")[0]),
)

# --- 5 to 8: greenhouse gases of the index -----------------------------------------------------


@entry(
    "ccaf_2022_emissions",
    'energy.index(version="1.3.1")',
    SAME,
    N_(
        "Index of that day times the published intensity; our list of machines is short of some "
        "released in 2022, which version 1.3.1 counts fully."
    ),
)
def _annualised():
    day = recomputed_index("1.3.1").loc["2022-09-21", "best_twh"]
    return only(day * published_intensity().loc["2022-09-01"] / 1000)


@entry(
    "ccaf_2022_cumulative",
    'energy.index(version="1.3.1")',
    SAME,
    N_("Daily energy times the published intensity of its month, summed up."),
)
def _cumulative():
    return only(emissions_by_index("2010-07-18", "2022-09-21", "1.3.1"))


@entry(
    "ccaf_2022_since_2018",
    'energy.index(version="1.3.1")',
    SAME,
    N_("The part that fell in 2018 or later, from the same sum."),
)
def _since_2018():
    late = emissions_by_index("2018-01-01", "2022-09-21", "1.3.1")
    return only(100 * late / emissions_by_index("2010-07-18", "2022-09-21", "1.3.1"))


_VINTAGE = N_(
    "Mining map times country and provincial mixes; what is left is the edition of the mixes."
)
add(
    "ccaf_2022_intensity_2020",
    "carbon.intensity",
    SAME,
    N_(
        "Mining map times mixes; the published year leaves Kazakhstan out of June, and the edition "
        "of the mixes differs."
    ),
    lambda: (float(carbon.intensity().loc["2020"].mean()), *counted("2020")),
)
add(
    "ccaf_2022_intensity_2022",
    "carbon.intensity",
    SAME,
    _VINTAGE,
    lambda: (float(carbon.intensity().loc["2022-01-01"]), *counted("2022-01")),
)
for _source in ("coal", "gas", "hydro", "nuclear", "wind"):
    add(
        f"ccaf_2022_mix_{_source}",
        "carbon.power_mix",
        SAME,
        _VINTAGE,
        lambda s=_source: only(share(f"{s}_share_pct", "2022-01")[0]),
    )
add(
    "ccaf_2022_sustainable",
    "carbon.power_mix",
    SAME,
    _VINTAGE,
    lambda: only(share("sustainable_share_pct", "2022-01")[0]),
)

# --- 9 to 11: de Vries and others ----------------------------------------------------------------


@entry(
    "devries_2022_emissions",
    "catalog.load",
    SAME,
    N_(
        "The paper's own power and intensity, both recalled, multiply to its figure; with the "
        "power and intensity that we compute for the month it would be far lower."
    ),
)
def _devries_emissions():
    figures = load("published_results").set_index("id")["value"]
    hours = 8760
    energy_twh = figures["devries_2022_power"] * hours / 1000
    return only(energy_twh * figures["devries_2022_intensity_2021"] / 1000)


add(
    "devries_2022_power",
    'energy.index(version="1.3.1")',
    OTHER,
    N_(
        "Our index by the rule of May 2022 for that month; the paper read the index two revisions "
        "earlier, when the shares of old machines were added on top."
    ),
    lambda: mean_of("2021-08-01", "2021-08-31", "gw", "1.3.1"),
)
for _name, _when in (("2020", "2020"), ("2021", "2021-08")):
    add(
        f"devries_2022_renewable_{_name}",
        "carbon.power_mix",
        OTHER,
        N_("The same map times yearly mixes of each country and province gives nearly the share."),
        lambda p=_when: share("renewable_share_pct", p),
    )
for _name, _when, _why in (
    (
        "2020",
        "2020",
        N_(
            "The level depends above all on the emission factors and on how China's "
            "provinces are counted."
        ),
    ),
    (
        "2021",
        "2021-08",
        N_(
            "The map has no hash rate in China in that month: the level depends on "
            "the emission factors and the edition of the other countries' "
            "electricity."
        ),
    ),
):
    add(
        f"devries_2022_intensity_{_name}",
        "carbon.intensity",
        OTHER,
        _why,
        lambda p=_when: (float(pd.Series(carbon.intensity().loc[p]).mean()), *counted(p)),
    )


@entry(
    "devries_2022_change",
    "carbon.multiverse",
    OTHER,
    N_(
        "The sign depends on how China's provinces are counted: with official direct factors "
        "the intensity mostly rises, with life-cycle factors and thermal power as coal it "
        "mostly falls."
    ),
)
def _devries_change():
    table = carbon.multiverse()
    own = table.loc[table["is_ccaf"], "change_pct"].iloc[0]
    return float(own), float(table["change_pct"].min()), float(table["change_pct"].max())


# --- 12 to 22: other estimates --------------------------------------------------------------

_BOUNDS = N_(
    "Another method; the figure is set against the index of the same time, with its bounds."
)
for _name in ("stoll_2019_energy", "stoll_2018_energy"):
    add(_name, "energy.index", OTHER, _BOUNDS, lambda: mean_of("2018-11-01", "2018-11-30", "twh"))


_WORLD = N_(
    "Before the mining map begins only the world's electricity can be assumed; the bounds "
    "join those of the index with those of the factor sets."
)
for _name in ("stoll_2019_emissions", "stoll_2018_emissions"):
    add(
        _name,
        "carbon.emissions",
        OTHER,
        _WORLD,
        lambda: by_world("2018-11-01", "2018-11-30", "annualised"),
    )
for _year in (2017, 2018, 2019):
    add(
        f"calvo_pardo_2022_{_year}",
        "carbon.emissions",
        OTHER,
        _WORLD,
        lambda y=_year: by_world(f"{y}-01-01", f"{y}-12-31", "used"),
    )
add("kohler_2019_energy", "energy.totals", OTHER, _BOUNDS, lambda: used("2018-01-01", "2018-12-31"))
add(
    "kohler_2019_emissions",
    "carbon.emissions",
    OTHER,
    _WORLD,
    lambda: by_world("2018-01-01", "2018-12-31", "used"),
)
add(
    "mora_2018_emissions",
    "carbon.emissions",
    OTHER,
    N_("The figure is {ratio} times what the index and the world's electricity give."),
    lambda: by_world("2017-01-01", "2017-12-31", "used"),
)


@entry(
    "krause_2018_energy_per_usd",
    "energy.index",
    OTHER,
    N_(
        "The answer is the machine assumed: the best one of each day, the basket, or the worst "
        "that still pays."
    ),
)
def _energy_per_dollar():
    period = slice("2016-01-01", "2018-06-30")
    frame = recomputed_index().loc[period]
    network = load("network_daily").set_index("date").loc[period]
    terahashes = network["hashrate_eh_s"] * 1e6 * 86_400
    coins = network["issuance_btc"] * network["price_usd"]
    return tuple(
        float((frame[c] * terahashes / coins).mean() / 1e6)
        for c in ("efficiency_j_th", "lower_efficiency_j_th", "upper_efficiency_j_th")
    )


add(
    "vranken_2017_power",
    "energy.index",
    OTHER,
    N_("The range stands for the best machines of the time; a basket with older ones takes more."),
    lambda: mean_of("2017-01-01", "2017-01-31", "mw"),
)
add(
    "kufeoglu_2019_energy",
    "energy.index",
    OTHER,
    _BOUNDS,
    lambda: mean_of("2018-06-01", "2018-06-30", "twh"),
)


@entry(
    "kufeoglu_2019_peak",
    "energy.index",
    OTHER,
    N_("The highest day of the index in the period, with its bounds."),
)
def _peak():
    frame = recomputed_index().loc["2017-12-18":"2018-06-30"]
    return tuple(float(frame[c].max()) for c in ("best_gw", "lower_gw", "upper_gw"))


add(
    "odwyer_2014_power",
    "energy.index",
    OTHER,
    _BOUNDS,
    lambda: mean_of("2014-01-01", "2014-12-31", "gw"),
)


@entry(
    "devries_2018_low",
    "catalog.load",
    SAME,
    N_("The hash rate of March 2018 on one Antminer S9 of 98 J/TH throughout, without cooling."),
)
def _all_s9():
    machines = load("index_machines").set_index("machine")["efficiency_j_th"]
    rate = load("network_daily").set_index("date").loc["2018-03", "hashrate_eh_s"].mean()
    return only(rate * machines["Bitmain Antminer S9 (11.5Th)"] / 1000)


@entry(
    "devries_2018_high",
    "catalog.load",
    SAME,
    N_("60 percent of the miners' revenue of March 2018 spent on power at 0.05 USD/kWh."),
)
def _economic():
    revenue = load("network_daily").set_index("date").loc["2018-03", "revenue_usd"].mean()
    return only(0.60 * revenue / 0.05 / 24 / 1e6)


add(
    "coinshares_2019_12_renewable",
    "carbon.power_mix",
    OTHER,
    N_(
        "With the mining map no way of counting gives such a share; the paper puts far more of the "
        "hash rate into Sichuan than the map has there."
    ),
    lambda: share("renewable_share_pct", "2019-12"),
)


@entry(
    "coinshares_2019_cost",
    "energy.minting_cost",
    OTHER,
    N_("Electricity of the basket alone at the same tariff; the paper adds other costs."),
)
def _marginal_cost():
    cost = energy.minting_cost(0.04, start="2019-12-01", end="2019-12-31").mean()
    return tuple(float(cost[f"{c}_usd_btc"]) for c in ("best", "lower", "upper"))


# --- 25 to 31 -------------------------------------------------------------------------------


@entry(
    "ccaf_2025_energy",
    "catalog.load",
    OTHER,
    N_(
        "The survey's own efficiency times the hash rate of 2024, without cooling; the interval "
        "runs over its months."
    ),
)
def _survey_energy():
    efficiency = load("published_results").set_index("id").loc["ccaf_2025_efficiency", "value"]
    daily = load("network_daily").set_index("date").loc["2024", "hashrate_eh_s"]
    monthly = daily.resample("MS").mean()
    return tuple(
        float(rate * efficiency * HOURS_A_YEAR / 1e6)
        for rate in (daily.mean(), monthly.min(), monthly.max())
    )


@entry(
    "ccaf_2025_emissions",
    "carbon.factor_set",
    OTHER,
    N_(
        "The survey's own energy and shares of coal and gas times the life-cycle factors; the "
        "sustainable part as hydropower, from the cleanest to the dirtiest of its sources in "
        "the interval."
    ),
)
def _survey_emissions():
    figures = load("published_results").set_index("id")["value"]
    factors = carbon.factor_set()["intensity_g_kwh"]
    fossil = sum(figures[f"ccaf_2025_{s}"] * factors[s] for s in ("coal", "gas"))
    clean = factors.drop(["coal", "gas", "oil"])
    energy_twh, sustainable = (figures[f"ccaf_2025_{n}"] for n in ("energy", "sustainable"))
    return tuple(
        float(energy_twh * (fossil + sustainable * each) / 1e5)
        for each in (factors["hydro"], clean.min(), clean.max())
    )


@entry(
    "eia_2024_us_share",
    "energy.regional",
    OTHER,
    N_(
        "The last known share of the USA (January 2022) times the index of 2023, over the demand "
        "of 2022."
    ),
)
def _us_share():
    shares = load("country_share").set_index(["month", "place"])["share_pct"]
    part = shares[(pd.Timestamp("2022-01-01"), "usa")]
    demand = load("electricity").set_index(["place", "year"]).loc[("usa", 2022), "demand_twh"]
    return tuple(part * twh / demand for twh in used("2023-01-01", "2023-12-31"))


@entry(
    "unu_2023_emissions",
    'carbon.emissions(version="1.3.1")',
    OTHER,
    N_("Energy of before the revision times our intensity of each month."),
)
def _unu_emissions():
    frame = carbon.emissions(version="1.3.1", start="2020-01", end="2021-12")
    values = carbon.all_intensities().loc["2020":"2021"]
    sums = values.mul(frame["energy_twh"], axis=0).sum() / 1000
    return float(frame["emissions_mt"].sum()), float(sums.min()), float(sums.max())


add(
    "bmc_2022_sustainable",
    "carbon.power_mix",
    OTHER,
    N_(
        "The mining map of January 2022 gives far less, however counted; the survey asked the "
        "council's members and whoever answered."
    ),
    lambda: share("sustainable_share_pct", "2022-01"),
)
add(
    "bevand_2017_power",
    "energy.index",
    OTHER,
    N_("The market-based list of machines was newer than the basket of the index."),
    lambda: mean_of("2017-02-01", "2017-02-28", "mw"),
)
add(
    "bevand_2018_energy",
    "energy.index",
    OTHER,
    N_("The market-based list of machines was newer than the basket of the index."),
    lambda: mean_of("2018-01-01", "2018-01-31", "twh"),
)


@entry(
    "hayes_2015_ratio",
    "energy.minting_cost",
    OTHER,
    N_(
        "Electricity at 0.05 USD/kWh over the price of the day: the model's equality is a "
        "tendency, and at that tariff electricity stayed well below the price."
    ),
)
def _hayes():
    period = slice("2013-06-01", "2015-04-30")
    cost = energy.minting_cost(0.05, start=period.start, end=period.stop)
    price = load("network_daily").set_index("date").loc[period, "price_usd"]
    return tuple(
        float(100 * (cost[f"{c}_usd_btc"] / price).mean()) for c in ("best", "lower", "upper")
    )


# Why a figure is not re-computed.
NOT_COMPUTED = {
    "stoll_2019_asia": N_("Rests on pool servers and device addresses that nobody published."),
    "krause_2018_emissions": N_("Sums four currencies; the package has data on Bitcoin alone."),
    "coinshares_2019_06_renewable": N_("The mining map begins in September 2019."),
    "coinshares_2018_sichuan": N_("A survey; the mining map begins in September 2019."),
    "coinshares_2018_renewable": N_("The mining map begins in September 2019."),
    "jiang_2021_energy": N_("A scenario without intervention; the intervention came."),
    "jiang_2021_emissions": N_("A scenario without intervention; the intervention came."),
    "ccaf_2025_sustainable": N_("A survey of 2024; the mining map ends in January 2022."),
    "ccaf_2025_coal": N_("A survey of 2024; the mining map ends in January 2022."),
    "ccaf_2025_gas": N_("A survey of 2024; the mining map ends in January 2022."),
    "ccaf_2025_efficiency": N_("The list of machines ends in 2023."),
    "ostp_2022_energy": N_("Counts all crypto-assets; the package has data on Bitcoin alone."),
    "ostp_2022_us_share": N_("Counts all crypto-assets; the package has data on Bitcoin alone."),
    "ostp_2022_world_share": N_("Counts all crypto-assets; the package has data on Bitcoin alone."),
    "ostp_2022_us_emissions": N_(
        "Counts all crypto-assets; the package has data on Bitcoin alone."
    ),
    "ostp_2022_emissions": N_("Counts all crypto-assets; the package has data on Bitcoin alone."),
    "unu_2023_water": N_("The package has no water footprints of electricity."),
    "unu_2023_land": N_("The package has no land footprints of electricity."),
}
