# SPDX-License-Identifier: MIT
"""The employment estimate against hand calculations and its own logic."""

import numpy as np
import pytest

import minelib as ml
from minelib.employment import estimate, people
from minelib.errors import BadParameter, OutOfCoverage, UnknownName


@pytest.fixture(scope="module")
def result():
    return estimate(draws=5_000)


def inputs(**changed):
    central = ml.load("employment_parameters").set_index("parameter")["central"].to_dict()
    return central | changed


@pytest.mark.parametrize(
    ("scenario", "machines", "per_worker", "per_owner", "column"),
    [
        ("low", 1.2e6, 1000, 100, "low"),
        ("central", 1.6e6, 600, 30, "central"),
        ("high", 2.4e6, 200, 10, "high"),
    ],
)
def test_the_three_scenarios_computed_by_hand(scenario, machines, per_worker, per_owner, column):
    # table employment_scenarios was computed by hand from the same inputs
    values = ml.load("employment_parameters").set_index("parameter")[column].to_dict()
    values |= {
        "machines": machines,
        "machines_per_site_worker": per_worker,
        "machines_per_owner": per_owner,
    }
    counts = people(values)
    row = ml.load("employment_scenarios").set_index("scenario").loc[scenario]
    for stage in ("site_jobs", "paid_jobs", "owners", "participants"):
        assert counts[stage] == pytest.approx(row[stage], abs=1), stage


def test_machines_follow_from_hash_rate_share_and_machine():
    # 180 EH/s x 46% / 40 TH/s = 2.07 million; 165 x 44% / 60 = 1.21 million
    assert people(inputs(network_hashrate=180, china_share=0.46, fleet_hashrate_per_machine=40))[
        "machines"
    ] == pytest.approx(2.07e6)
    assert people(inputs(network_hashrate=165, china_share=0.44, fleet_hashrate_per_machine=60))[
        "machines"
    ] == pytest.approx(1.21e6)


def test_the_load_gives_site_jobs_the_other_way():
    # 5 GW at 0.675 jobs per MW (Riot, 2022) are 3,375 jobs
    counts = people(inputs(china_mining_load=5, site_jobs_per_mw=0.675), by_machines=False)
    assert counts["site_jobs"] == pytest.approx(3375)


def test_the_claim_lies_far_above_the_interval(result):
    table = result.table().set_index("stage")
    assert (table["lower"] < table["median"]).all() and (table["median"] < table["upper"]).all()
    # the reading of the same sources by hand: 8,000-53,000 jobs, 20,000-290,000 participants
    assert 8_000 < table.loc["paid_jobs", "lower"] < table.loc["paid_jobs", "upper"] < 53_000
    assert table.loc["participants", "upper"] < 290_000
    assert result.chance(500_000) < 1
    assert result.chance(500_000, "paid_jobs") == 0


def test_inputs_keep_their_quantiles(result):
    for name, row in result.parameters.iterrows():
        low, middle, high = np.quantile(result.inputs[name], [0.05, 0.5, 0.95])
        assert low == pytest.approx(row["low"], rel=0.08)
        assert middle == pytest.approx(row["central"], rel=0.05)
        assert high == pytest.approx(row["high"], rel=0.08)


def test_the_two_ways_to_site_jobs_are_taken_with_equal_chance(result):
    by_machines = result.inputs["way_to_site_jobs"] == 1
    assert by_machines.mean() == pytest.approx(0.5, abs=0.03)
    inputs, jobs = result.inputs, result.draws["site_jobs"]
    machines = result.draws["machines"] / inputs["machines_per_site_worker"]
    load = 1000 * inputs["china_mining_load"] * inputs["site_jobs_per_mw"]  # GW to MW
    assert np.allclose(jobs[by_machines], machines[by_machines])
    assert np.allclose(jobs[~by_machines], load[~by_machines])


def test_hash_rate_and_share_are_measured_for_the_month(result):
    days = ml.load("network_daily").set_index("date").loc["2021-05"]
    low, middle, high = result.parameters.loc["network_hashrate", ["low", "central", "high"]]
    assert middle == pytest.approx(days["hashrate_eh_s"].mean())
    # blocks are a Poisson process: 90% lie within 1.645 standard deviations
    error = 1.645 / days["block_count"].sum() ** 0.5
    assert (low / middle, high / middle) == pytest.approx((1 - error, 1 + error), abs=1e-5)
    shares = ml.load("country_share")
    may = shares[shares["month"] == "2021-05-01"].set_index("place")["share_pct"]
    assert result.parameters.loc["china_share", "central"] == pytest.approx(may["china"] / 100)
    # at most all that the publisher marks as redirected, in Germany and Ireland, is Chinese
    most = may[["china", "germany", "ireland"]].sum() / 100
    assert result.parameters.loc["china_share", "high"] == pytest.approx(most)


def test_what_is_needed_does_reach_the_target(result):
    for stage in ("participants", "paid_jobs"):
        for row in result.required(500_000, stage).dropna(subset=["needed"]).itertuples():
            way = row.input not in ("china_mining_load", "site_jobs_per_mw")
            values = result.parameters["central"].to_dict() | {row.input: row.needed}
            assert people(values, way)[stage] == pytest.approx(500_000, rel=0.01), row.input
            assert not row.within


def test_owners_drive_the_spread_and_shares_add_up(result):
    drivers = result.drivers()
    assert drivers["share_pct"].sum() == pytest.approx(100)
    assert drivers.iloc[0]["input"] == "machines_per_owner"


def test_owners_have_no_part_in_the_spread_of_the_jobs(result):
    drivers = result.drivers("paid_jobs").set_index("input")
    owners = drivers.loc["machines_per_owner"]
    assert owners["share_pct"] < 1 and owners["at_low"] == owners["at_high"]
    # 2,000 to 20,000 and 1,500 to 12,000: the widest ranges among the jobs
    assert set(drivers.index[:2]) == {"construction_power_jobs", "trade_repair_jobs"}
    swing = (drivers["at_high"] - drivers["at_low"])["construction_power_jobs"]
    assert swing == pytest.approx(18_000)


def test_the_same_seed_gives_the_same_draws():
    assert estimate(draws=200, seed=1).draws.equals(estimate(draws=200, seed=1).draws)
    assert not estimate(draws=200, seed=1).draws.equals(estimate(draws=200, seed=2).draws)


def test_ranges_can_be_replaced():
    owners = estimate(draws=500, machines_per_owner=(1, 2, 3)).table().set_index("stage")
    assert owners.loc["participants", "median"] > 500_000


@pytest.mark.parametrize(
    "bad", [(3, 2, 1), (0, 1, 2), (-1, 1, 2), (1, 2), "wide", (1, 2, float("nan"))]
)
def test_a_range_out_of_order_is_refused(bad):
    with pytest.raises(BadParameter, match="machines_per_owner"):
        estimate(machines_per_owner=bad)


def test_bad_input_says_what_is_wrong(result):
    with pytest.raises(UnknownName, match="machines_per_owner"):
        estimate(machines_per_owners=(1, 2, 3))
    with pytest.raises(OutOfCoverage, match="2023-01"):
        estimate("2023-01")
    with pytest.raises(OutOfCoverage):  # the map gives zero: undefined, not empty
        estimate("2021-07")
    with pytest.raises(BadParameter, match="month"):
        estimate("summer")
    with pytest.raises(BadParameter, match="draws"):
        estimate(draws=5)
    with pytest.raises(BadParameter, match="level"):
        estimate(level=1)
    with pytest.raises(UnknownName, match="participants"):
        result.drivers("participant")
    with pytest.raises(BadParameter, match="target"):
        result.required(-1)
