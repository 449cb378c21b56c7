# SPDX-License-Identifier: MIT
"""How many people took part in mining in China? A bottom-up estimate with its uncertainty.

    hash rate x China's share / hash rate of a machine   -> machines
    machines / machines a worker, or load x jobs per MW  -> people on sites
    + makers + pools and platforms + trade and repair + building and small power plants
                                                         -> paid jobs
    + machines / machines an owner                       -> people who took part

The hash rate and the share come from their tables, all other inputs from table
``employment_parameters``: low, central and high are read as the 5th percentile, the median and
the 95th percentile of a lognormal with two halves. The two ways to people on sites are taken
with equal chance: which one holds is part of the uncertainty.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from minelib.catalog import load
from minelib.errors import BadParameter, OutOfCoverage, UnknownName
from minelib.words import N_
from minelib.words import gettext as _

__all__ = ["INPUTS", "STAGES", "Estimate", "estimate", "people"]

STAGES = {
    "machines": N_("Machines in China"),
    "site_jobs": N_("Workers on sites"),
    "vendor_jobs": N_("Machine makers"),
    "pool_jobs": N_("Pools and platforms"),
    "trade_repair_jobs": N_("Trade and repair"),
    "construction_power_jobs": N_("Building and small power plants"),
    "paid_jobs": N_("Paid jobs, sum"),
    "owners": N_("Owners and hosted investors"),
    "participants": N_("People who took part, sum"),
}

INPUTS = {
    "network_hashrate": N_("Hash rate of the network"),
    "china_share": N_("China's share"),
    "fleet_hashrate_per_machine": N_("Hash rate of a machine"),
    "china_mining_load": N_("Load of the mines"),
    "machines_per_site_worker": N_("Machines a site worker"),
    "site_jobs_per_mw": N_("Site jobs per MW"),
    "vendor_jobs": N_("Machine makers"),
    "pool_and_platform_jobs": N_("Pools and platforms"),
    "trade_repair_jobs": N_("Trade and repair"),
    "construction_power_jobs": N_("Building and small power plants"),
    "machines_per_owner": N_("Machines an owner"),
    "way_to_site_jobs": N_("Way to site jobs (machines or load)"),
}

_LOAD_WAY = ("china_mining_load", "site_jobs_per_mw")  # they matter on the way by load only

_Z = 1.6448536269514722  # 95th percentile of the normal distribution


def people(values, by_machines=True):
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
    machines = values.get("machines")
    if machines is None:
        hash_rate = values["network_hashrate"] * values["china_share"] * 1e6  # EH/s to TH/s
        machines = hash_rate / values["fleet_hashrate_per_machine"]
    site = np.where(
        by_machines,
        machines / values["machines_per_site_worker"],
        values["china_mining_load"] * 1e3 * values["site_jobs_per_mw"],
    )
    counts = {
        "machines": machines,
        "site_jobs": site,
        "vendor_jobs": values["vendor_jobs"],
        "pool_jobs": values["pool_and_platform_jobs"],
        "trade_repair_jobs": values["trade_repair_jobs"],
        "construction_power_jobs": values["construction_power_jobs"],
    }
    jobs = [counts[k] for k in counts if k.endswith("_jobs")]
    counts["paid_jobs"] = sum(jobs)
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
        One row a draw, one column for each of `STAGES`.
    inputs : pandas.DataFrame
        One row a draw, one column for each of `INPUTS`.
    parameters : pandas.DataFrame
        ``low``, ``central``, ``high``, ``unit``, ``confidence`` used, by parameter.
    month : str
    level : float
    """

    draws: pd.DataFrame
    inputs: pd.DataFrame
    parameters: pd.DataFrame
    month: str
    level: float

    def table(self, lang=None):
        """Each stage with its interval.

        Returns
        -------
        pandas.DataFrame
            ``stage``, ``label``, ``lower``, ``median``, ``upper``, ``unit``.
        """
        tail = (1 - self.level) / 2
        quantiles = self.draws.quantile([tail, 0.5, 1 - tail]).T
        quantiles.columns = ["lower", "median", "upper"]
        frame = quantiles.rename_axis("stage").reset_index()
        frame.insert(1, "label", [_(STAGES[s], lang) for s in frame["stage"]])
        frame["unit"] = ["machines" if s == "machines" else "persons" for s in frame["stage"]]
        return frame

    def drivers(self, stage="participants", lang=None):
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
        _check_stage(stage)
        ranks = self.inputs.rank()
        squares = ranks.corrwith(self.draws[stage].rank()).fillna(0.0) ** 2
        frame = pd.DataFrame({"share_pct": 100 * squares / squares.sum()})
        ends = {}
        for name in frame.index:
            if name == "way_to_site_jobs":
                ends[name] = [self._central(stage, by_machines=w) for w in (False, True)]
            else:
                row = self.parameters.loc[name]
                way = name not in _LOAD_WAY
                ends[name] = [self._central(stage, way, **{name: row[e]}) for e in ("low", "high")]
        frame["at_low"] = [ends[n][0] for n in frame.index]
        frame["at_high"] = [ends[n][1] for n in frame.index]
        frame.insert(0, "label", [_(INPUTS[n], lang) for n in frame.index])
        frame = frame.sort_values("share_pct", ascending=False)
        return frame.rename_axis("input").reset_index()

    def _central(self, stage, by_machines=True, **changed):
        values = self.parameters["central"].to_dict() | changed
        return people(values, by_machines)[stage]

    def chance(self, target, stage="participants"):
        """Share of the draws at or above a number of people, in percent."""
        _check_stage(stage)
        return float(100 * (self.draws[stage] >= target).mean())

    def required(self, target=500_000, stage="participants", lang=None):
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
        _check_stage(stage)
        if not target > 0:
            raise BadParameter("target", target, _("must be positive"))
        rows = []
        for name, row in self.parameters.iterrows():
            needed = self._solve(name, row["central"], target, stage)
            within = bool(row["low"] <= needed <= row["high"]) if needed == needed else False
            if name == "china_share" and needed > 1:
                needed = np.nan
            rows.append(
                [
                    name,
                    _(INPUTS[name], lang),
                    row["central"],
                    needed,
                    row["unit"],
                    row["low"],
                    row["high"],
                    within,
                ]
            )
        names = ["input", "label", "central", "needed", "unit", "low", "high", "within"]
        return pd.DataFrame(rows, columns=names)

    def _solve(self, name, central, target, stage):
        """The value between a hundred-thousandth and as many times the central one."""
        factors = np.geomspace(1e-5, 1e5, 2001)
        results = self._central(stage, name not in _LOAD_WAY, **{name: central * factors})
        results = np.asarray(results, dtype=float) * np.ones_like(factors)
        rising = results[-1] >= results[0]
        if not rising:
            factors, results = factors[::-1], results[::-1]
        if results[-1] < target or results[0] > target or results[-1] == results[0]:
            return np.nan
        return float(central * np.exp(np.interp(target, results, np.log(factors))))


def estimate(month="2021-05", draws=20_000, seed=2021, level=0.9, **ranges):
    """Estimate the people in mining in China in a month, by Monte Carlo.

    Parameters
    ----------
    month : str
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
    if not 100 <= draws <= 1_000_000:
        raise BadParameter("draws", draws, _("must lie from 100 to 1,000,000"))
    if not 0 < level < 1:
        raise BadParameter("level", level, _("must lie between 0 and 1"))
    parameters = _parameters(month, ranges)
    random = np.random.default_rng(seed)
    inputs = {
        name: _two_halves(random.standard_normal(int(draws)), row)
        for name, row in parameters.iterrows()
    }
    inputs["way_to_site_jobs"] = random.random(int(draws)) < 0.5
    counts = people(inputs, inputs["way_to_site_jobs"])
    inputs["way_to_site_jobs"] = inputs["way_to_site_jobs"].astype("float64")
    return Estimate(
        pd.DataFrame({s: counts[s] for s in STAGES}), pd.DataFrame(inputs), parameters, month, level
    )


def _two_halves(z, row):
    below, above = (np.log(row["central"] / row["low"]), np.log(row["high"] / row["central"]))
    return row["central"] * np.exp(z / _Z * np.where(z < 0, below, above))


def _parameters(month, ranges):
    frame = load("employment_parameters").set_index("parameter")
    frame = frame.loc[
        [n for n in INPUTS if n in frame.index], ["low", "central", "high", "unit", "confidence"]
    ].copy()
    for name, bounds in {**_measured(month), **ranges}.items():
        if name not in frame.index:
            raise UnknownName("input", name, frame.index)
        try:
            low, central, high = map(float, bounds)
        except (TypeError, ValueError):
            words = _("must be three numbers: low, central, high")
            raise BadParameter(name, bounds, words) from None
        if not 0 < low <= central <= high < np.inf:
            raise BadParameter(name, bounds, _("must be positive and in order: low, central, high"))
        frame.loc[name, ["low", "central", "high"]] = [low, central, high]
    return frame


def _measured(month):
    """Hash rate of the month with its Poisson interval, and China's share with its revisions."""
    try:
        first = pd.Timestamp(month).replace(day=1)
    except (ValueError, TypeError):
        raise BadParameter("month", month, _("must be a month (YYYY-MM)")) from None
    daily = load("network_daily").set_index("date")
    rate = daily.loc[first : first + pd.offsets.MonthEnd(0)]
    shares = load("country_share")
    now = shares[(shares["month"] == first)].set_index("place")
    if "china" not in now.index or not now.loc["china", "share_pct"] > 0:
        known = shares.loc[(shares["place"] == "china") & (shares["share_pct"] > 0), "month"]
        raise OutOfCoverage(
            _("The estimate"), str(month), f"{known.min():%Y-%m} – {known.max():%Y-%m}"
        )
    mean = rate["hashrate_eh_s"].mean()
    error = _Z / np.sqrt(rate["block_count"].sum())
    first_release = load("country_share_first_release").merge(
        shares, on=["month", "place"], suffixes=("_first", "")
    )
    first_release = first_release[first_release["place"] == "china"]
    revision = (first_release["share_pct_first"] - first_release["share_pct"]).abs().max()
    share = now.loc["china", "share_pct"]
    redirected = now.loc[now["vpn_flag"], "share_pct"].sum()
    china = ((share - revision) / 100, share / 100, (share + redirected) / 100)
    return {
        "network_hashrate": (mean * (1 - error), mean, mean * (1 + error)),
        "china_share": china,
    }


def _check_stage(stage):
    if stage not in STAGES:
        raise UnknownName("stage", stage, STAGES)
