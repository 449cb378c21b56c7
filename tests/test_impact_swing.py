# SPDX-License-Identifier: MIT
"""Whether the hash rate swings with the wet season, and the small version of the proof."""

import numpy as np
import pandas as pd
import pytest

import minelib as ml
from minelib import impact
from minelib.errors import BadParameter, OutOfCoverage, UnknownName
from minelib.impact.proof import simulation_study

WET = range(5, 11)


@pytest.fixture(scope="module")
def now():
    return impact.swing().iloc[0]


def test_a_year_is_the_wet_months_over_the_dry_ones_around():
    # By another road: days instead of months, and a plain mean of three half-years.
    daily = np.log(ml.chain.hash_rate("D", "2022-11-01")["hashrate_eh_s"])
    halves = (
        ("2022-11-01", "2023-04-30"),
        ("2023-05-01", "2023-10-31"),
        ("2023-11-01", "2024-04-30"),
    )
    before, wet, after = (daily.loc[a:b].mean() for a, b in halves)
    found = impact.swing(by="year").set_index("year").loc[2023, "swing_pct"]
    assert found == pytest.approx(100 * np.expm1(wet - (before + after) / 2), abs=1.0)


def test_the_parts_belong_together(now):
    years, starts = (
        impact.swing(by=by).set_index(key)
        for by, key in (("year", "year"), ("start", "month_of_year"))
    )
    assert list(years.index) == [2022, 2023, 2024, 2025]
    mean = 100 * np.expm1(np.log1p(years["swing_pct"] / 100).mean())
    assert now["swing_pct"] == pytest.approx(mean) == starts.loc[5, "swing_pct"]
    assert list(starts.index) == [*range(1, 13)]
    assert now["lower_pct"] < now["swing_pct"] < now["upper_pct"]
    assert (now["placebo_p"] > 0.1) == (now["lower_pct"] < 0 < now["upper_pct"])


def test_the_hash_rate_of_hydropower_is_found_again():
    # A world in which the machines of the map's hydropower provinces stand still when they left.
    rows = ml.load("province_share").query("province in ['sichuan', 'yunnan']")
    share = rows.groupby("month")["share_of_world_pct"].sum().loc["2019-11":"2021-04"]
    wet = share[share.index.month.isin(WET)].mean()
    left = 1 - share[~share.index.month.isin(WET)].mean() / wet
    months = pd.date_range("2017-11-01", "2022-04-01", freq="MS")
    luck = np.random.default_rng(4).normal(0, 0.002, len(months))
    dry = 100 * (1 - 0.3 * left)
    rate = np.where(months.month.isin(WET), 100, dry) * np.exp(0.03 * np.arange(len(months)) + luck)
    found = impact.swing(pd.Series(rate, months), 2018, 2021).iloc[0]
    assert found["hydropower_pct"] == pytest.approx(30, abs=0.5)
    assert found["lower_hydropower_pct"] < 30 < found["upper_hydropower_pct"]
    assert found["placebo_p"] < 0.1


def test_the_smallest_swing_to_be_seen_is_seen_as_often_as_it_says():
    # Added to a world without seasons it must be found in four of five: in 60 worlds at least 38
    # and at most 57, or chance was below one in 500.
    quiet = {"level_sd": 0.02, "slope_sd": 0.0005}
    seen = 0
    for seed in range(60):
        flat = impact.simulate_seasons(0, seed=seed, **quiet).series
        least = impact.swing(flat, 2019, 2022, draws=299).iloc[0]["detectable_pct"]
        world = impact.simulate_seasons(least, seed=seed, **quiet).series
        seen += impact.swing(world, 2019, 2022, draws=299).iloc[0]["placebo_p"] <= 0.1
    assert 38 <= seen <= 57


def test_size_and_power_in_simulated_seasons():
    # A small version of ``python -m minelib.impact``; the test may not cry wolf in more than a
    # tenth: more than 21 of 120 alarms would have a chance below one in 200.
    table = simulation_study(30, ("swing",)).set_index(["scenario", "quantity"])
    alarms = table.xs("false_positive_pct", level="quantity")
    assert (alarms["value"] * alarms["n"] / 100).sum() <= 21
    power = table.xs("power_pct", level="quantity")["value"]
    assert power["a swing of a twentieth"] < power["a swing of a fifth"]
    assert power["a swing of a fifth"] >= 70
    covered = table.xs("coverage_pct", level="quantity")
    assert (covered["value"] * covered["n"] / 100).sum() >= 0.85 * covered["n"].sum()


def test_pools_are_compared_by_their_odds():
    founded = ml.pools.share("founded").query("`group` == 'china'").set_index("date")["share_pct"]
    odds = np.log(founded / (100 - founded))
    wet, *dry = (
        odds.loc[a:b].mean()
        for a, b in (("2024-05", "2024-10"), ("2023-11", "2024-04"), ("2024-11", "2025-04"))
    )
    found = impact.swing("pools", by="year").set_index("year").loc[2024, "swing_pct"]
    assert found == pytest.approx(100 * np.expm1(wet - sum(dry) / 2))


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"last_year": 2023}, BadParameter),
        ({"first_year": 2023, "last_year": 2026}, OutOfCoverage),
        ({"series": "pools", "first_year": 2015, "last_year": 2018}, OutOfCoverage),
        ({"series": "pool"}, UnknownName),
        ({"by": "month"}, BadParameter),
        ({"draws": 10}, BadParameter),
        ({"level": 1}, BadParameter),
    ],
)
def test_bad_requests(arguments, error):
    with pytest.raises(error):
        impact.swing(**arguments)


def test_half_a_month_is_no_month():
    days = pd.date_range("2021-11-01", "2026-04-29")
    with pytest.raises(OutOfCoverage, match="2026-03"):
        impact.swing(pd.Series(100.0, days))
