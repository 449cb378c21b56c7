# SPDX-License-Identifier: MIT
"""One sentence a figure: on the outcome of its re-computation, or why there is none."""

from minelib.published.calculations import BOUNDS
from minelib.words import N_

__all__ = ["NOT_COMPUTED", "OUTCOMES"]

_SUMS = N_("The sum of our daily index meets the announced figure.")
_HELD_OUT = N_(
    "Re-computed from hash rate, revenue and machines; 2020 was not used to find machines."
)
_MAP = N_(
    "Mining map times country and provincial mixes; what is left is the edition of the mixes."
)
_YEARLY_MIXES = N_(
    "The same map times yearly mixes of each country and province gives nearly the share."
)
_BOUNDS = N_(
    "Another method; the figure is set against the index of the same time, with its bounds."
)
_WORLD = N_(
    "Before the mining map begins only the world's electricity can be assumed; the bounds join "
    "those of the index with those of the factor sets."
)
_NEWER_LIST = N_("The market-based list of machines was newer than the basket of the index.")

OUTCOMES = {
    "ccaf_2023_energy_2021": _SUMS,
    "ccaf_2023_energy_2022": _SUMS,
    "ccaf_2023_energy_2023": N_(
        "The sum of our daily index up to 15 August meets the announced figure; the closing day is "
        "inferred from it."
    ),
    **{f"ccaf_series_{bound}_2020": _HELD_OUT for bound in BOUNDS},
    "ccaf_2022_energy_2021": N_("Equal weights give the figure from before the revision."),
    "ccaf_2022_energy_2022": N_(
        "Equal weights give nearly the announced figure; the publisher's download of January 2023 "
        "adds up to more, and our list is short of machines released in 2022, which version 1.3.1 "
        "counts fully."
    ),
    "unu_2023_energy": N_(
        "It is the index of before the revision, summed over two years: the publisher's own yearly "
        "totals add up to it, and ours fall short by the machines of 2021 that we lack."
    ),
    "ccaf_2022_emissions": N_(
        "Index of that day times the published intensity; our list of machines is short of some "
        "released in 2022, which version 1.3.1 counts fully."
    ),
    "ccaf_2022_cumulative": N_(
        "Daily energy times the published intensity of its month, summed up."
    ),
    "ccaf_2022_since_2018": N_("The part that fell in 2018 or later, from the same sum."),
    "ccaf_2022_intensity_2020": N_(
        "Mining map times mixes; the published year leaves Kazakhstan out of June, and the edition "
        "of the mixes differs."
    ),
    "ccaf_2022_intensity_2022": _MAP,
    **{f"ccaf_2022_mix_{source}": _MAP for source in ("coal", "gas", "hydro", "nuclear", "wind")},
    "ccaf_2022_sustainable": _MAP,
    "devries_2022_emissions": N_(
        "The paper's own power and intensity, both recalled, multiply to its figure; with the "
        "power and intensity that we compute for the month it would be far lower."
    ),
    "devries_2022_power": N_(
        "Our index by the rule of May 2022 for that month; the paper read the index two revisions "
        "earlier, when the shares of old machines were added on top."
    ),
    "devries_2022_renewable_2020": _YEARLY_MIXES,
    "devries_2022_renewable_2021": _YEARLY_MIXES,
    "devries_2022_intensity_2020": N_(
        "The level depends above all on the emission factors and on how China's provinces are "
        "counted."
    ),
    "devries_2022_intensity_2021": N_(
        "The map has no hash rate in China in that month: the level depends on the emission "
        "factors and the edition of the other countries' electricity."
    ),
    "devries_2022_change": N_(
        "The sign depends on how China's provinces are counted: with official direct factors the "
        "intensity mostly rises, with life-cycle factors and thermal power as coal it mostly "
        "falls."
    ),
    "stoll_2019_energy": _BOUNDS,
    "stoll_2018_energy": _BOUNDS,
    "stoll_2019_emissions": _WORLD,
    "stoll_2018_emissions": _WORLD,
    "calvo_pardo_2022_2017": _WORLD,
    "calvo_pardo_2022_2018": _WORLD,
    "calvo_pardo_2022_2019": _WORLD,
    "kohler_2019_energy": _BOUNDS,
    "kohler_2019_emissions": _WORLD,
    "mora_2018_emissions": N_(
        "The figure is {ratio} times what the index and the world's electricity give."
    ),
    "krause_2018_energy_per_usd": N_(
        "The answer is the machine assumed: the best one of each day, the basket, or the worst "
        "that still pays."
    ),
    "vranken_2017_power": N_(
        "The range stands for the best machines of the time; a basket with older ones takes more."
    ),
    "kufeoglu_2019_energy": _BOUNDS,
    "kufeoglu_2019_peak": N_("The highest day of the index in the period, with its bounds."),
    "odwyer_2014_power": _BOUNDS,
    "devries_2018_low": N_(
        "The hash rate of March 2018 on one Antminer S9 of 98 J/TH throughout, without cooling."
    ),
    "devries_2018_high": N_(
        "60 percent of the miners' revenue of March 2018 spent on power at 0.05 USD/kWh."
    ),
    "coinshares_2019_12_renewable": N_(
        "With the mining map no way of counting gives such a share; the paper puts far more of the "
        "hash rate into Sichuan than the map has there."
    ),
    "coinshares_2019_cost": N_(
        "Electricity of the basket alone at the same tariff; the paper adds other costs."
    ),
    "ccaf_2025_energy": N_(
        "The survey's own efficiency times the hash rate of 2024, without cooling; the interval "
        "runs over its months."
    ),
    "ccaf_2025_emissions": N_(
        "The survey's own energy and shares of coal and gas times the life-cycle factors; the "
        "sustainable part as hydropower, from the cleanest to the dirtiest of its sources in the "
        "interval."
    ),
    "eia_2024_us_share": N_(
        "The last known share of the USA (January 2022) times the index of 2023, over the demand "
        "of 2022."
    ),
    "unu_2023_emissions": N_("Energy of before the revision times our intensity of each month."),
    "bmc_2022_sustainable": N_(
        "The mining map of January 2022 gives far less, however counted; the survey asked the "
        "council's members and whoever answered."
    ),
    "bevand_2017_power": _NEWER_LIST,
    "bevand_2018_energy": _NEWER_LIST,
    "hayes_2015_ratio": N_(
        "Electricity at 0.05 USD/kWh over the price of the day: the model's equality is a "
        "tendency, and at that tariff electricity stayed well below the price."
    ),
}

_ALL_ASSETS = N_("Counts all crypto-assets; the package has data on Bitcoin alone.")
_BEFORE_MAP = N_("The mining map begins in September 2019.")
_AFTER_MAP = N_("A survey of 2024; the mining map ends in January 2022.")
_SCENARIO = N_("A scenario without intervention; the intervention came.")

NOT_COMPUTED = {
    "stoll_2019_asia": N_("Rests on pool servers and device addresses that nobody published."),
    "krause_2018_emissions": N_("Sums four currencies; the package has data on Bitcoin alone."),
    "coinshares_2019_06_renewable": _BEFORE_MAP,
    "coinshares_2018_sichuan": N_("A survey; the mining map begins in September 2019."),
    "coinshares_2018_renewable": _BEFORE_MAP,
    "jiang_2021_energy": _SCENARIO,
    "jiang_2021_emissions": _SCENARIO,
    "ccaf_2025_sustainable": _AFTER_MAP,
    "ccaf_2025_coal": _AFTER_MAP,
    "ccaf_2025_gas": _AFTER_MAP,
    "ccaf_2025_efficiency": N_("The list of machines ends in 2023."),
    **{
        f"ostp_2022_{quantity}": _ALL_ASSETS
        for quantity in ("energy", "us_share", "world_share", "us_emissions", "emissions")
    },
    "unu_2023_water": N_("The package has no water footprints of electricity."),
    "unu_2023_land": N_("The package has no land footprints of electricity."),
}
