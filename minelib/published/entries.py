# SPDX-License-Identifier: MIT
"""What the package computes in place of a published figure: one entry a figure."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from minelib.published import calculations as calc
from minelib.published.verdicts import OTHER, SAME

__all__ = ["ENTRIES", "Entry"]


@dataclass(frozen=True)
class Entry:
    """How a figure is re-computed.

    Attributes
    ----------
    method : str
        `SAME` or `OTHER`.
    function : str
        The function of the package that made it.
    compute : callable
        Without arguments; value, lower, upper (NaN where there is no interval).
    """

    method: str
    function: str
    compute: Callable[[], calc.Estimate]


def _entry(method, calculation, *args, **more):
    version = more.get("version")
    function = calculation.function + (f'(version="{version}")' if version else "")
    return Entry(method, function, partial(calculation, *args, **more))


_same, _other = partial(_entry, SAME), partial(_entry, OTHER)


# by the numbers of the results
ENTRIES: dict[str, Entry] = {
    # 1 to 4: the index itself
    "ccaf_2023_energy_2021": _same(calc.used_best, "2021"),
    "ccaf_2023_energy_2022": _same(calc.used_best, "2022"),
    "ccaf_2023_energy_2023": _same(calc.used_best, "2023-01-01", "2023-08-15"),
    **{f"ccaf_series_{bound}_2020": _same(calc.used_bound, bound, "2020") for bound in calc.BOUNDS},
    "ccaf_2022_energy_2021": _same(calc.used_best, "2021", version="1.3.1"),
    "ccaf_2022_energy_2022": _same(calc.used_best, "2022", version="1.3.1"),
    "unu_2023_energy": _same(calc.used_best, "2020", "2021", version="1.3.1"),
    # 5 to 8: greenhouse gases of the index
    "ccaf_2022_emissions": _same(calc.emitted_on, "2022-09-21", version="1.3.1"),
    "ccaf_2022_cumulative": _same(calc.cumulative, version="1.3.1"),
    "ccaf_2022_since_2018": _same(calc.since_2018, version="1.3.1"),
    "ccaf_2022_intensity_2020": _same(calc.intensity, "2020"),
    "ccaf_2022_intensity_2022": _same(calc.intensity, "2022-01"),
    **{
        f"ccaf_2022_mix_{source}": _same(calc.share_best, source)
        for source in ("coal", "gas", "hydro", "nuclear", "wind")
    },
    "ccaf_2022_sustainable": _same(calc.share_best, "sustainable"),
    # 9 to 11: de Vries and others
    "devries_2022_emissions": _same(calc.devries_emissions),
    "devries_2022_power": _other(calc.mean_of, "2021-08", "gw", version="1.3.1"),
    "devries_2022_renewable_2020": _other(calc.share, "renewable", "2020"),
    "devries_2022_renewable_2021": _other(calc.share, "renewable", "2021-08"),
    "devries_2022_intensity_2020": _other(calc.intensity, "2020"),
    "devries_2022_intensity_2021": _other(calc.intensity, "2021-08"),
    "devries_2022_change": _other(calc.devries_change),
    # 12 to 22: other estimates
    "stoll_2019_energy": _other(calc.mean_of, "2018-11", "twh"),
    "stoll_2018_energy": _other(calc.mean_of, "2018-11", "twh"),
    "stoll_2019_emissions": _other(calc.by_world, "2018-11", annualised=True),
    "stoll_2018_emissions": _other(calc.by_world, "2018-11", annualised=True),
    "calvo_pardo_2022_2017": _other(calc.by_world, "2017"),
    "calvo_pardo_2022_2018": _other(calc.by_world, "2018"),
    "calvo_pardo_2022_2019": _other(calc.by_world, "2019"),
    "kohler_2019_energy": _other(calc.used, "2018"),
    "kohler_2019_emissions": _other(calc.by_world, "2018"),
    "mora_2018_emissions": _other(calc.by_world, "2017"),
    "krause_2018_energy_per_usd": _other(calc.energy_per_dollar),
    "vranken_2017_power": _other(calc.mean_of, "2017-01", "gw", 1000),
    "kufeoglu_2019_energy": _other(calc.mean_of, "2018-06", "twh"),
    "kufeoglu_2019_peak": _other(calc.peak),
    "odwyer_2014_power": _other(calc.mean_of, "2014", "gw"),
    "devries_2018_low": _same(calc.all_s9),
    "devries_2018_high": _same(calc.spent_on_power),
    "coinshares_2019_12_renewable": _other(calc.share, "renewable", "2019-12"),
    "coinshares_2019_cost": _other(calc.marginal_cost),
    # 25 to 31
    "ccaf_2025_energy": _other(calc.survey_energy),
    "ccaf_2025_emissions": _other(calc.survey_emissions),
    "eia_2024_us_share": _other(calc.us_share),
    "unu_2023_emissions": _other(calc.emitted, "2020-01", "2021-12", version="1.3.1"),
    "bmc_2022_sustainable": _other(calc.share, "sustainable", "2022-01"),
    "bevand_2017_power": _other(calc.mean_of, "2017-02", "gw", 1000),
    "bevand_2018_energy": _other(calc.mean_of, "2018-01", "twh"),
    "hayes_2015_ratio": _other(calc.power_over_price),
}
