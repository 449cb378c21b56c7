# SPDX-License-Identifier: MIT
"""How many people took part in mining in China? A bottom-up estimate with its uncertainty.

The steps::

    hash rate x China's share / hash rate of a machine   -> machines
    machines / machines per worker, or load x jobs per MW  -> people on sites
    + makers + pools and platforms + trade and repair + building and small power plants
                                                         -> paid jobs
    + machines / machines per owner                       -> people who took part

The hash rate and the share come from their tables, all other inputs from table
``employment_parameters``: low, central and high are read as the 5th percentile, the median and
the 95th percentile of a lognormal with two halves. The two ways to people on sites are taken
with equal chance: which one holds is part of the uncertainty.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from minelib.catalog import load
from minelib.catalog.columns import value, vocabulary
from minelib.checks import as_month, between, name_in, whole
from minelib.checks.door import Day, Lang, Number, Whole, checked, door
from minelib.errors import BadParameter, OutOfCoverage, UnknownName
from minelib.words import gettext as _

__all__ = ["INPUTS", "STAGES", "Estimate", "estimate", "measured", "people"]

_JOBS = ("vendor_jobs", "pool_jobs", "trade_repair_jobs", "construction_power_jobs")
STAGES = vocabulary(
    "stage", ("machines", "site_jobs", *_JOBS, "paid_jobs", "owners", "participants")
)
"""What is counted, with its name."""

_MACHINES = ("network_hashrate", "china_share", "fleet_hashrate_per_machine")
_LOAD_WAY = ("china_mining_load", "site_jobs_per_mw")  # they matter on the way by load only
_FIRMS = ("vendor_jobs", "pool_and_platform_jobs", "trade_repair_jobs", "construction_power_jobs")
_SITES = ("china_mining_load", "machines_per_site_worker", "site_jobs_per_mw")
INPUTS = vocabulary(
    "input", (*_MACHINES, *_SITES, *_FIRMS, "machines_per_owner", "way_to_site_jobs")
)
"""What is estimated from, with its name."""

_Z = 1.6448536269514722  # 95th percentile of the normal distribution


def people(
    values: Mapping[str, Any], by_machines: bool | np.ndarray | pd.Series = True
) -> dict[str, Any]:
    """Count people from inputs; the whole model, without chance.

    Parameters
    ----------
    values : mapping of str to float or array
        The keys of `INPUTS` except ``way_to_site_jobs``; or ``machines`` in place of
        hash rate, share and hash rate of a machine.
    by_machines : bool or array of bool
        Site workers from machines (True) or from the load in GW (False).

    Returns
    -------
    dict
        One value, or array, for each of `STAGES`.

    Raises
    ------
    UnknownName
        An input that is missing.

    Examples
    --------
    The central scenario by hand: 1.6 million machines, 600 a worker, 30 an owner.

    >>> counts = people({"machines": 1.6e6, "machines_per_site_worker": 600,
    ...     "china_mining_load": 5.3, "site_jobs_per_mw": 0.7, "vendor_jobs": 3500,
    ...     "pool_and_platform_jobs": 1000, "trade_repair_jobs": 4000,
    ...     "construction_power_jobs": 6000, "machines_per_owner": 30})
    >>> round(counts["paid_jobs"]), round(counts["participants"])
    (17167, 70500)
    """
    instead = _MACHINES if "machines" in values else ()
    for name in INPUTS:
        if name not in (*values, *instead, "way_to_site_jobs"):
            raise UnknownName("input", name, values)
    machines = values.get("machines")
    if machines is None:
        hash_rate = values["network_hashrate"] * values["china_share"] * 1e6  # EH/s to TH/s
        machines = hash_rate / values["fleet_hashrate_per_machine"]
    by_load = values["china_mining_load"] * 1e3 * values["site_jobs_per_mw"]  # GW to MW
    site = np.where(by_machines, machines / values["machines_per_site_worker"], by_load)
    counts = {"machines": machines, "site_jobs": site, "vendor_jobs": values["vendor_jobs"]}
    counts["pool_jobs"] = values["pool_and_platform_jobs"]
    counts |= {k: values[k] for k in ("trade_repair_jobs", "construction_power_jobs")}
    counts["paid_jobs"] = sum(counts[k] for k in counts if k.endswith("_jobs"))
    counts["owners"] = machines / values["machines_per_owner"]
    counts["participants"] = counts["paid_jobs"] + counts["owners"]
    size = np.broadcast(*[np.asarray(v) for v in counts.values()]).shape
    return {k: np.broadcast_to(v, size) if size else float(v) for k, v in counts.items()}


@dataclass(frozen=True)
class Estimate:
    """The estimate: draws, intervals, drivers, and what a claim would need.

    Attributes
    ----------
    draws : pandas.DataFrame
        One row per draw, one column for each of `STAGES`.
    inputs : pandas.DataFrame
        One row per draw, one column for each of `INPUTS`.
    parameters : pandas.DataFrame
        ``low``, ``central``, ``high``, ``unit``, ``confidence`` used, by parameter.
    month : str, date or Timestamp
        As it was asked.
    level : float
    """

    draws: pd.DataFrame
    inputs: pd.DataFrame
    parameters: pd.DataFrame
    month: Day
    level: float

    @checked
    def table(self, lang: Lang | None = None) -> pd.DataFrame:
        """Each stage with its interval.

        Returns
        -------
        pandas.DataFrame
            ``stage``, ``label``, ``lower``, ``median``, ``upper``, ``unit``.
        """
        tail = (1 - self.level) / 2
        frame = self.draws.quantile([tail, 0.5, 1 - tail]).T
        frame = frame.set_axis(["lower", "median", "upper"], axis=1)
        frame = frame.rename_axis("stage").reset_index()
        frame.insert(1, "label", [value("stage", s, lang) for s in frame["stage"]])
        frame["unit"] = ["machines" if s == "machines" else "persons" for s in frame["stage"]]
        return frame

    @checked
    def drivers(self, stage: str = "participants", lang: Lang | None = None) -> pd.DataFrame:
        """Which inputs make the spread.

        Returns
        -------
        pandas.DataFrame
            ``input``, ``label``, ``share_pct`` (squared rank correlation with the result, the
            squares scaled to 100), ``at_low``, ``at_high`` (the result with this input alone
            at its low and high value), largest first.

        Raises
        ------
        UnknownName
            Of the stage.
        """
        name_in("stage", stage, STAGES)
        ranks = self.inputs.rank()
        squares = ranks.corrwith(self.draws[stage].rank()).fillna(0.0) ** 2
        frame = pd.DataFrame({"share_pct": 100 * squares / squares.sum()}).rename_axis("input")
        for end, way in (("low", False), ("high", True)):
            ends = self.parameters[end].to_dict() | {"way_to_site_jobs": way}
            frame[f"at_{end}"] = [self._central(stage, name, ends[name]) for name in frame.index]
        frame.insert(0, "label", [value("input", name, lang) for name in frame.index])
        return frame.sort_values("share_pct", ascending=False).reset_index()

    def _central(self, stage, name, value):
        """The result with one input at a value and the others at their central one."""
        values = self.parameters["central"].to_dict() | {name: value}
        return people(values, values.get("way_to_site_jobs", name not in _LOAD_WAY))[stage]

    @checked
    def chance(self, target: Number, stage: str = "participants") -> float:
        """Share of the draws at or above a number of people.

        Parameters
        ----------
        target : float
            Persons.
        stage : str
            A key of `STAGES`.

        Returns
        -------
        float
            Percent.

        Raises
        ------
        UnknownName
            Of the stage.
        """
        name_in("stage", stage, STAGES)
        return float(100 * (self.draws[stage] >= target).mean())

    @checked
    def required(
        self, target: Number = 500_000, stage: str = "participants", lang: Lang | None = None
    ) -> pd.DataFrame:
        """What one input alone would have to be for the result to reach a target.

        Parameters
        ----------
        target : float
            Persons.
        stage : str
            Which sum has to reach it; a key of `STAGES`.

        Returns
        -------
        pandas.DataFrame
            ``input``, ``label``, ``central``, ``needed``, ``unit``, ``low``, ``high``,
            ``within`` (whether the value needed lies between low and high). An input that
            cannot do it alone has no value needed.

        Raises
        ------
        UnknownName
            Of the stage.
        BadParameter
            A target that is not positive.
        """
        name_in("stage", stage, STAGES)
        if not target > 0:
            raise BadParameter("target", target, _("must be positive"))
        frame = self.parameters.drop(columns="confidence").rename_axis("input")
        frame["label"] = [value("input", name, lang) for name in frame.index]
        frame["needed"] = [self._solve(name, target, stage) for name in frame.index]
        frame["within"] = frame["needed"].between(frame["low"], frame["high"])
        impossible = (frame.index == "china_share") & (frame["needed"] > 1)
        frame["needed"] = frame["needed"].mask(impossible)
        order = ["input", "label", "central", "needed", "unit", "low", "high", "within"]
        return frame.reset_index()[order]

    def _solve(self, name: str, target: float, stage: str) -> float:
        """The value between a hundred-thousandth and as many times the central one."""
        factors, central = np.geomspace(1e-5, 1e5, 2001), self.parameters["central"][name]
        results = self._central(stage, name, central * factors)
        if results[-1] < results[0]:
            factors, results = factors[::-1], results[::-1]
        if results[-1] < target or results[0] > target or results[-1] == results[0]:
            return np.nan
        return float(central * np.exp(np.interp(target, results, np.log(factors))))


def estimate(
    month: Day = "2021-05",
    draws: Whole = 20_000,
    seed: Whole = 2021,
    level: Number = 0.9,
    **ranges: Any,
) -> Estimate:
    """Estimate the people in mining in China in a month, by Monte Carlo.

    Parameters
    ----------
    month : str, date or Timestamp
        A month of the mining map, ``"2021-05"``: hash rate and share are of that month. All other
        inputs are of the first half of 2021; give ``ranges`` for another time.
    draws : int
        100 to 1,000,000.
    seed : int
        The same seed gives the same draws.
    level : float
        Of the intervals, between 0 and 1 exclusive.
    **ranges : tuple of three numbers
        ``name=(low, central, high)`` in place of an input's range.

    Returns
    -------
    Estimate

    Raises
    ------
    UnknownName
        An input that does not exist, with the nearest.
    BadParameter
        A range out of order or not positive; draws or level outside their bounds.
    OutOfCoverage
        A month without hash rate or share.

    Examples
    --------
    >>> table = estimate(draws=2_000).table().set_index("stage")
    >>> bool(table.loc["paid_jobs", "upper"] < 100_000)
    True
    """
    size = int(between("draws", whole("draws", draws), 100, 1_000_000))
    between("level", level, 0, 1, exclusive=True)
    parameters = _parameters(month, ranges)
    random = np.random.default_rng(whole("seed", seed))
    inputs = {}
    for name, low, central, high in parameters[["low", "central", "high"]].itertuples():
        z = random.standard_normal(size) / _Z
        half = np.where(z < 0, np.log(central / low), np.log(high / central))
        inputs[name] = central * np.exp(z * half)
    by_machines = random.random(size) < 0.5
    counts = people(inputs, by_machines)
    inputs["way_to_site_jobs"] = by_machines.astype("float64")
    outcome = pd.DataFrame({stage: counts[stage] for stage in STAGES})
    return Estimate(outcome, pd.DataFrame(inputs), parameters, month, level)


def _parameters(month, ranges):
    ends = ["low", "central", "high"]
    frame = load("employment_parameters").set_index("parameter")[[*ends, "unit", "confidence"]]
    frame = frame.loc[[name for name in INPUTS if name in frame.index]]
    for name, bounds in {**measured(month), **ranges}.items():
        name_in("input", name, frame.index)
        try:
            low, central, high = map(float, bounds)
        except (TypeError, ValueError):
            words = _("must be three numbers: low, central, high")
            raise BadParameter(name, bounds, words) from None
        if not 0 < low <= central <= high < np.inf:
            raise BadParameter(name, bounds, _("must be positive and in order: low, central, high"))
        frame.loc[name, ends] = [low, central, high]
    return frame


def measured(month: Day, read: Callable[[str], pd.DataFrame] = load) -> dict[str, Any]:
    """Hash rate of the month with its Poisson interval, and China's share with its revisions.

    Parameters
    ----------
    month : str, date or Timestamp
        A month of the mining map.
    read : callable
        From the name of a table to its frame; the package's own tables by default.

    Returns
    -------
    dict
        ``network_hashrate`` in EH/s and ``china_share`` as a fraction: low, central, high.

    Raises
    ------
    OutOfCoverage
        A month without hash rate or share.

    Examples
    --------
    >>> low, central, high = measured("2021-05")["china_share"]
    >>> bool(low < central < high)
    True
    """
    first = as_month("month", month)
    daily: Any = read("network_daily").set_index("date")
    rate = daily.loc[first : first + pd.offsets.MonthEnd(0)]
    shares = read("country_share")
    china: Any = shares[(shares["place"] == "china") & (shares["share_pct"] > 0)]
    china = china.set_index("month")
    if first not in china.index:
        covered = f"{china.index.min():%Y-%m} – {china.index.max():%Y-%m}"
        raise OutOfCoverage(_("The estimate"), str(month), covered)
    mean = rate["hashrate_eh_s"].mean()
    error = _Z / np.sqrt(rate["block_count"].sum())
    released = read("country_share_first_release").query("place == 'china'").set_index("month")
    revision = (released["share_pct"] - china["share_pct"]).abs().max()
    share = china.at[first, "share_pct"]
    redirected = shares.loc[(shares["month"] == first) & shares["vpn_flag"], "share_pct"].sum()
    return {
        "network_hashrate": (mean * (1 - error), mean, mean * (1 + error)),
        "china_share": ((share - revision) / 100, share / 100, (share + redirected) / 100),
    }


door(globals())
