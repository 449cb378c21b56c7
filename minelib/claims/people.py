# SPDX-License-Identifier: MIT
"""Claims about how many people mined, decided by the count from below."""

from typing import Any

import numpy as np

from minelib import employment
from minelib.claims.declared import Facts, Measured
from minelib.claims.evidence import Case, Missing
from minelib.errors import OutOfCoverage
from minelib.words import number

MONTH = "2021-05"  # of the half-year the article speaks of, the month of the highest hash rate
DRAWS = 20_000
Z95 = 1.959964


def _count(case: Case) -> employment.Estimate:
    """The simulation of `minelib.employment`, on the tables of this case."""
    inputs = case.tables["employment_parameters"].set_index("parameter")
    inputs = inputs.loc[[name for name in employment.INPUTS if name in inputs.index]]
    others = ("network_daily", "country_share", "country_share_first_release")
    for table in ("employment_parameters", *others):
        if case.tables[table].empty:
            raise Missing.row(table, MONTH)
    try:
        found = employment.measured(MONTH, case.tables.__getitem__)
    except OutOfCoverage:
        raise Missing.month("country_share", "china", MONTH) from None
    ends = inputs[["low", "central", "high"]].to_numpy("float64")
    ranges: dict[str, Any] = dict(zip(inputs.index, map(tuple, ends), strict=True)) | found
    for name, three in ranges.items():
        if not np.isfinite(three).all():
            table = "network_daily" if name == "network_hashrate" else "employment_parameters"
            raise Missing.row(table, name)
    return employment.estimate(MONTH, DRAWS, **ranges)


def _chance(case: Case, people: employment.Estimate, stage: str) -> Measured:
    """In how many draws the lower end of the claim is reached, with the error of so many draws."""
    chance = people.chance(case.low, stage)
    share, z = chance / 100, Z95**2 / DRAWS
    half = Z95 * np.sqrt(share * (1 - share) / DRAWS + z / (4 * DRAWS)) / (1 + z)
    middle = (share + z / 2) / (1 + z)
    return chance, 100 * max(0.0, middle - half), 100 * (middle + half)


def reached(case: Case) -> Facts:
    """The chance that as many as the lower end of the claim took part."""
    people = _count(case)
    table = people.table().set_index("stage")
    facts: Facts = {}
    for stage in ("paid_jobs", "participants"):
        told = table.loc[stage, ["median", "lower", "upper"]].round(-2)
        middle, *ends = map(number, told)
        facts |= {stage: middle, f"{stage}_range": "–".join(ends)}
    return facts | {
        "draws": number(DRAWS),
        "jobs_chance": _chance(case, people, "paid_jobs"),
        "people_chance": _chance(case, people, "participants"),
        "claimed": case.low,
    }
