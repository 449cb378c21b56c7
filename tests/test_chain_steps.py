# SPDX-License-Identifier: MIT
"""Steps of the hash rate from the times of blocks: real ones, simulated ones, and bad input."""

import numpy as np
import pandas as pd
import pytest

import minelib as ml
from minelib.chain import block_times, hash_rate, rate_path, step, steps
from minelib.chain.__main__ import main
from minelib.chain.proof import prove, simulate
from minelib.chain.rate import _weighted_interval
from minelib.errors import BadInput, BadParameter, OutOfCoverage, UnknownName

TWO_DAYS = pd.Timedelta(hours=48)


@pytest.fixture(scope="module")
def year_of_the_crackdown():
    return steps("2021-01-01", "2021-12-31")


def nearest(found, day):
    return found.loc[(found["time"] - pd.Timestamp(day)).abs().idxmin()]


# what is known from outside: (window, moment, does it come back)
KNOWN = {
    "halving": ("2020-04-15", "2020-06-15", "2020-05-11 19:23", False),
    "outage in Xinjiang": ("2021-04-01", "2021-04-30", "2021-04-16", True),
    "storm in the United States": ("2026-01-01", "2026-02-28", "2026-01-24", True),
}


@pytest.mark.parametrize("name", KNOWN)
def test_what_is_known_to_have_happened_is_found_within_two_days(name):
    start, end, moment, returns = KNOWN[name]
    row = nearest(steps(start, end), moment)
    moment = pd.Timestamp(moment)
    assert row["lower_time"] - TWO_DAYS <= moment <= row["upper_time"] + TWO_DAYS
    assert row["change_pct"] < 0
    assert pd.notna(row["lasts_days"]) == returns


@pytest.mark.parametrize("year", range(2022, 2026))
def test_quiet_years_have_no_step(year):
    assert steps(f"{year}-01-01", f"{year}-12-31").empty


def test_the_orders_of_june_have_steps(year_of_the_crackdown):
    for moment in ("2021-06-09 06:00", "2021-06-19"):  # Zhundong's hour; Sichuan's night
        row = nearest(year_of_the_crackdown, moment)
        assert row["lower_time"] <= pd.Timestamp(moment) <= row["upper_time"]


def test_steps_are_rows_as_documented(year_of_the_crackdown):
    found = year_of_the_crackdown
    assert list(found) == [
        *["time", "lower_time", "upper_time", "before_eh_s", "after_eh_s"],
        *["change_pct", "lower_pct", "upper_pct", "lasts_days", "evidence"],
    ]
    assert found["time"].is_monotonic_increasing
    assert found["time"].between(found["lower_time"], found["upper_time"]).all()
    assert found["change_pct"].between(found["lower_pct"], found["upper_pct"]).all()
    ratio = 100 * (found["after_eh_s"] / found["before_eh_s"] - 1)
    np.testing.assert_allclose(ratio, found["change_pct"])


def test_two_treatments_of_times_agree(year_of_the_crackdown):
    other = steps("2021-01-01", "2021-12-31", times="median")
    for unit in ("time", "pct"):
        middle = {"time": "time", "pct": "change_pct"}[unit]
        width = year_of_the_crackdown[f"upper_{unit}"] - year_of_the_crackdown[f"lower_{unit}"]
        moved = (other[middle] - year_of_the_crackdown[middle]).abs()
        assert (moved <= 0.1 * width).all()
    weeks = [hash_rate("W", "2021-01-04", "2021-12-31", times=t) for t in ml.chain.TIMES]
    width = weeks[0]["upper_eh_s"] - weeks[0]["lower_eh_s"]
    assert ((weeks[1]["hashrate_eh_s"] - weeks[0]["hashrate_eh_s"]).abs() <= 0.1 * width).all()


def test_a_window_does_not_move_a_step(year_of_the_crackdown):
    summer = steps("2021-05-01", "2021-07-31")
    inside = year_of_the_crackdown[year_of_the_crackdown["time"] >= "2021-05-01"]
    assert len(summer) == len(inside)
    assert ((summer["time"].array - inside["time"].array) < TWO_DAYS).all()


def test_simulated_falls_are_found_and_held_by_their_intervals():
    table = prove(chains=40, quiet=60).set_index(["fall_pct", "lasts_days"], drop=False)
    by_fall = {(int(f), -1 if pd.isna(d) else int(d)): r for (f, d), r in table.iterrows()}
    # the study at full size has the promised shares; here only what 40 chains can refute
    assert by_fall[0, -1]["lower_pct"] <= 5
    for fall, least in {(15, -1): 60, (25, -1): 97, (40, -1): 99, (25, 7): 80, (40, 7): 97}.items():
        row = by_fall[fall]
        assert row["upper_pct"] >= least, fall
        assert row["size_coverage_pct"] >= 75, fall
        assert row["time_coverage_pct"] >= 75, fall


def test_a_simulated_chain_follows_its_difficulty():
    blocks, moment = simulate(3, fall_pct=40)
    epochs = blocks.groupby((blocks["difficulty"].diff() != 0).cumsum())
    lengths = epochs["time"].agg(["first", "last", "size"]).iloc[1:-1]
    took = lengths["last"] - blocks["time"].shift().loc[epochs.head(1).index[1:-1]].array
    changes = epochs["difficulty"].first().pct_change().iloc[2:].to_numpy() + 1
    expected = 2016 * 600 / took.dt.total_seconds().to_numpy()
    np.testing.assert_allclose(changes, np.clip(expected, 0.25, 4), rtol=1e-6)
    before = blocks[blocks["time"].between(moment - pd.Timedelta(days=10), moment)]
    after = blocks[blocks["time"].between(moment, moment + pd.Timedelta(days=10))]
    works = [b["difficulty"].sum() for b in (before, after)]
    assert 0.45 < works[1] / works[0] < 0.75


def test_a_readers_own_chain_is_searched_in_the_same_way():
    blocks, moment = simulate(5, fall_pct=40)
    for own in (blocks, blocks.assign(time=blocks["time"].dt.tz_localize("Asia/Shanghai"))):
        found = steps(blocks=own)
        shift = pd.Timedelta(hours=0 if own is blocks else 8)
        row = nearest(found, moment - shift)
        assert abs(row["time"] - (moment - shift)) < TWO_DAYS
        assert row["lower_pct"] - 5 <= -40 <= row["upper_pct"] + 5
    alone = step(moment - pd.Timedelta(days=7), moment + pd.Timedelta(days=7), blocks=blocks)
    assert alone["lower_time"] - TWO_DAYS <= moment <= alone["upper_time"] + TWO_DAYS


def test_one_step_in_a_window_is_the_likelihood_written_out():
    blocks = block_times("2021-06-07", "2021-06-12")
    waits = blocks["time"].diff().dt.total_seconds().iloc[1:] / blocks["difficulty"].iloc[1:]
    n, spent = len(waits), waits.cumsum().to_numpy()
    k = np.arange(10, n - 10)
    loglike = k * np.log(k / spent[k - 1]) + (n - k) * np.log((n - k) / (spent[-1] - spent[k - 1]))
    best = blocks["time"].iloc[k[loglike.argmax()]]
    found = step("2021-06-07", "2021-06-12")
    assert found["lower_time"] <= best <= found["upper_time"]


@pytest.mark.parametrize("freq", ["h", "6h", "D", "W", "10D", "ME", "QE"])
def test_hash_rate_from_blocks_counts_every_block_once(freq):
    found = hash_rate(freq, "2021-01-01", "2021-12-31", times="in_order")
    blocks = block_times("2021-01-01", "2021-12-31")
    inside = blocks[blocks["time"] >= found.index[0]]
    assert found["blocks"].sum() == len(inside)
    work = inside["difficulty"].sum() * 2**32 / 1e18
    told = (found["hashrate_eh_s"] * found["days"]).sum() * 86_400
    assert told == pytest.approx(work, rel=1e-9)
    assert (found["lower_eh_s"] <= found["hashrate_eh_s"]).all()


def test_hash_rate_from_blocks_is_that_of_the_daily_table():
    ours = hash_rate("W", "2020-01-06", "2026-03-01", times="in_order")
    daily = hash_rate("W", "2020-01-06", "2026-03-01")
    ratio = ours["hashrate_eh_s"] / daily["hashrate_eh_s"]
    assert ratio.between(0.97, 1.03).all()  # their days run about an hour late
    assert abs(ratio.mean() - 1) < 1e-3


def test_an_interval_over_a_change_of_difficulty_covers_what_it_says():
    rng = np.random.default_rng(0)
    weights, means, n = np.array([2.0, 1.0]), np.array([40.0, 90.0]), 4000
    counts = rng.poisson(means, (n, 2))
    total, work, squares = counts.sum(1), counts @ weights, counts @ weights**2
    lower, upper = _weighted_interval(total, work / total, squares, 0.9)
    truth = means @ weights / (work / total)
    assert 0.885 <= ((lower <= truth) & (truth <= upper)).mean() <= 0.935
    same = _weighted_interval(np.array([0, 144]), np.ones(2), np.array([0, 144]), 0.9)
    for ours, exact in zip(same, ml.chain.poisson_interval([0, 144]), strict=True):
        np.testing.assert_allclose(ours, exact)


def test_the_path_jumps_where_the_rate_did_and_its_band_holds_the_weeks():
    path = rate_path("2021-05-01", "2021-08-31")
    assert path.loc["2021-06-20", "hashrate_eh_s"].mean() < 0.85 * (
        path.loc["2021-06-17", "hashrate_eh_s"].mean()
    )
    weeks = hash_rate("W", "2021-05-03", "2021-08-22", times="in_order")
    middle = path["hashrate_eh_s"].resample("W-MON", closed="left", label="left").mean()
    inside = middle.reindex(weeks.index)
    assert inside.between(weeks["lower_eh_s"], weeks["upper_eh_s"]).mean() > 0.75


BAD = {
    "before the blocks": (
        {"start": "2019-01-01", "end": "2020-03-01"},
        OutOfCoverage,
        "2020-01-01",
    ),
    "after the blocks": ({"start": "2026-01-01", "end": "2027-03-01"}, OutOfCoverage, "2026-04-22"),
    "too short": ({"start": "2021-06-01", "end": "2021-06-01"}, BadParameter, "200"),
    "backwards": ({"start": "2021-06-05", "end": "2021-06-01"}, BadParameter, "before the start"),
    "no pool": ({"start": "2021-06-01", "pools": "Antpol"}, UnknownName, "AntPool"),
    "no pool, in Chinese": ({"start": "2021-06-01", "pools": "鱼地"}, UnknownName, "鱼池"),
    "labelling": ({"start": "2021-06-01", "labels": "2019"}, BadParameter, "2025, 2026"),
    "treatment": ({"start": "2021-06-01", "times": "raw"}, BadParameter, "in_order, median"),
    "level": ({"start": "2021-06-01", "level": 1.0}, BadParameter, "level"),
}


@pytest.mark.parametrize("case", BAD)
@pytest.mark.parametrize("ask", [steps, rate_path])
def test_a_question_that_cannot_be_answered_is_refused_in_a_sentence(case, ask):
    arguments, error, said = BAD[case]
    with pytest.raises(error, match=said):
        ask(**arguments)


FRAMES = {
    "no difficulty": (lambda b: b[["time"]], "difficulty"),
    "unsorted": (lambda b: b.iloc[::-1].reset_index(drop=True), "row 1"),
    "a time is missing": (lambda b: b.assign(time=b["time"].where(b.index != 7)), "row 7"),
    "times as text": (lambda b: b.assign(time=b["time"].astype(str)), "to_datetime"),
    "no work": (lambda b: b.assign(difficulty=0.0), "above 0"),
    "difficulty as text": (lambda b: b.assign(difficulty="1"), "above 0"),
}


@pytest.mark.parametrize("case", FRAMES)
def test_a_frame_of_ones_own_is_checked_before_anything_is_computed(case):
    spoil, said = FRAMES[case]
    with pytest.raises(BadInput, match=said):
        steps(blocks=spoil(simulate(1)[0]))


def test_windows_finer_than_a_block_are_refused():
    with pytest.raises(BadParameter, match="ten minutes"):
        hash_rate("5min")
    with pytest.raises(UnknownName, match="6h"):
        hash_rate("fortnight")


def test_the_command_prints_the_steps_in_both_languages(capsys):
    assert main(["steps", "2021-06-01", "2021-06-30", "--lang", "en"]) == 0
    english = capsys.readouterr().out
    assert "2021-06-09" in english and "Hash rate before (EH/s)" in english
    assert main(["steps", "2021-06-01", "2021-06-30", "--lang", "zh"]) == 0
    assert "之前的算力" in capsys.readouterr().out
    assert main(["steps", "2023-01-01", "2023-02-28", "--lang", "zh"]) == 0
    assert "没有" in capsys.readouterr().out
    assert main(["steps", "2019-01-01", "2019-02-01"]) == 2
    assert "2020-01-01" in capsys.readouterr().err


def test_a_block_time_that_the_difficulty_does_not_bear_out_is_named():
    blocks, epochs = ml.load("blocks").copy(), ml.load("difficulty_epochs")
    broken, within = ml.chain.check_blocks(blocks, epochs)
    assert not broken and 0 < within < 60
    last = int(np.flatnonzero(blocks["height"] % 2016 == 2015)[5])
    blocks.loc[last, "time_s"] += int(within) + 1
    found, _within = ml.chain.check_blocks(blocks, epochs)
    assert (last, "time_s") in {(row, column) for row, column, _rule in found}
    found, _within = ml.chain.check_blocks(blocks.drop(index=100), epochs)
    assert found[0][:2] == (100, "height")
