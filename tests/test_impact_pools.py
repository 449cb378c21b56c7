# SPDX-License-Identifier: MIT
"""Pools by hash rate, steps and contrast; a province's share from what went dark with it."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import chi2

import minelib as ml
from minelib.errors import BadParameter, MinelibError, OutOfCoverage, UnknownName
from minelib.impact import pool_contrast, pool_paths, pool_rates, pool_steps, share_by_outage
from minelib.impact.pool_gap import _estimate, _placebos


@pytest.fixture(scope="module")
def gaps():
    return {day: pool_contrast(day, leave_out=False) for day in ("2021-05-21", "2021-09-24")}


@pytest.fixture(scope="module")
def outages():
    return share_by_outage().set_index(["event", "model"])


# pools by window


@pytest.mark.parametrize("by", ["pool", "founded", "home"])
def test_pools_add_up_to_the_network_in_every_window(by):
    rates = pool_rates(by, "W", "2021-01-04", "2021-06-27")
    network = ml.chain.hash_rate("W", "2021-01-04", "2021-06-27", times="in_order")
    summed = rates.groupby("date")[["blocks", "hashrate_eh_s"]].sum()
    assert summed["blocks"].tolist() == network["blocks"].tolist()
    assert np.allclose(summed["hashrate_eh_s"], network["hashrate_eh_s"])
    key = "pool" if by == "pool" else "group"
    assert rates.groupby("date")[key].nunique().nunique() == 1


def test_the_interval_of_a_pool_without_a_block_is_that_of_no_event():
    rates = pool_rates("pool", "D", "2021-06-01", "2021-06-10")
    network = ml.chain.hash_rate("D", "2021-06-01", "2021-06-10", times="in_order")
    none = rates[rates["blocks"] == 0].iloc[0]
    unit = network.loc[none["date"], "hashrate_eh_s"] / network.loc[none["date"], "blocks"]
    assert none["lower_eh_s"] == none["hashrate_eh_s"] == 0
    assert none["upper_eh_s"] == pytest.approx(unit * chi2.ppf(0.95, 2) / 2)  # -log 0.05 events


def test_weeks_after_the_end_of_a_labelling_are_left_out():
    older, newer = (
        pool_rates("founded", "W", "2026-02-02", "2026-04-20", labels=labels)["date"].max()
        for labels in ("2025", "2026")
    )
    assert older == pd.Timestamp("2026-03-16")  # it ends on 27 March, inside the next week
    assert newer == pd.Timestamp("2026-04-20")


def test_pools_founded_in_china_lost_at_the_hours_at_which_the_network_did():
    network = ml.chain.steps("2021-04-01", "2021-06-30")
    chinese = pool_steps("founded", "2021-04-01", "2021-06-30", pools="china")
    assert len(chinese) == len(network)
    for (_, whole), (_, own) in zip(network.iterrows(), chinese.iterrows(), strict=True):
        assert own["lower_time"] < whole["upper_time"] and whole["lower_time"] < own["upper_time"]
    others = pool_steps("founded", "2021-05-01", "2021-06-30", pools="elsewhere")
    assert not (others["change_pct"] < -20).any()


def test_a_pool_has_the_steps_of_its_blocks():
    ours = pool_steps("pool", "2021-06-01", "2021-07-31", pools=["antpool", "f2pool"])
    theirs = ml.chain.steps("2021-06-01", "2021-07-31", pools="f2pool")
    assert set(ours["pool"]) == {"antpool", "f2pool"}
    mine = ours[ours["pool"] == "f2pool"].drop(columns="pool").reset_index(drop=True)
    pd.testing.assert_frame_equal(mine, theirs)


def test_every_large_pool_is_searched_and_a_small_one_says_why_not():
    found = pool_steps("pool", "2021-03-01", "2021-12-31", labels="2025")
    gone = found[found["pool"] == "huobipool"]
    assert gone["change_pct"].min() < -70  # Huobi's pool, dark by the middle of June
    with pytest.raises(BadParameter, match="200"):
        pool_steps("pool", "2021-03-01", "2021-12-31", pools="asicminer")
    with pytest.raises(UnknownName, match="F2Pool"):
        pool_steps("pool", "2021-03-01", "2021-12-31", pools="f2poool")
    with pytest.raises(UnknownName, match="china"):
        pool_steps("founded", "2021-03-01", "2021-12-31", pools="chin")
    with pytest.raises(BadParameter, match="by"):
        pool_paths("country", "2021-03-01", "2021-12-31")


def test_paths_of_groups_stay_below_that_of_the_network():
    network = ml.chain.rate_path("2021-06-01", "2021-06-30")["hashrate_eh_s"]
    paths = pool_paths("founded", "2021-06-01", "2021-06-30", pools=["china", "elsewhere"])
    means = paths.groupby("group")["hashrate_eh_s"].mean()
    assert 0.7 * network.mean() < means["china"] < network.mean()
    assert means["elsewhere"] < 0.2 * network.mean()


# the contrast of pools founded in China and the others


def drawn(rng, weeks, n, effect=0.0, drift=0.0):
    """Weekly counts around n days: the first has an effect, all have a trend of the log ratio."""
    week = np.arange(2 * weeks)
    log_ratio = np.log(4) + drift * (week - weeks) + np.zeros((n, 1))
    log_ratio[0] = log_ratio[0] + effect * (week >= weeks)
    china = 1000 * 1 / (1 + np.exp(-log_ratio))
    return rng.poisson(np.stack([china, 1000 - china], axis=-1)).astype(float)


@pytest.mark.parametrize("trend", [False, True])
def test_a_planted_fall_is_measured_and_its_interval_holds_it(trend):
    rng, held, sizes = np.random.default_rng(5), [], []
    for _ in range(120):
        found = _estimate(drawn(rng, 6, 80, np.log(0.7), 0.02 * trend), 6, trend, 0.9)
        held.append(found["lower_pct"] <= -30 <= found["upper_pct"])
        sizes.append(found["change_pct"])
    assert np.median(sizes) == pytest.approx(-30, abs=1.5)
    assert 0.82 <= np.mean(held) <= 0.97


def test_a_trend_that_is_not_allowed_for_is_taken_for_a_fall():
    windows = drawn(np.random.default_rng(2), 6, 80)
    windows[0] = drawn(np.random.default_rng(2), 6, 1, drift=-0.05)[0]
    plain, allowed = (_estimate(windows, 6, trend, 0.9) for trend in (False, True))
    assert plain["upper_pct"] < 0 < allowed["upper_pct"]
    assert plain["p_value"] < 0.05 < allowed["p_value"]


def test_where_nothing_was_it_is_seldom_found():
    rng = np.random.default_rng(8)
    p = [_estimate(drawn(rng, 6, 100), 6, False, 0.9)["p_value"] for _ in range(200)]
    assert np.mean(np.array(p) <= 0.1) <= 0.16  # 0.1 and three standard errors of 200 draws
    assert 0.4 <= np.mean(p) <= 0.6


def test_the_smallest_fall_is_found_in_four_of_five_cases():
    rng = np.random.default_rng(4)
    least = _estimate(drawn(rng, 6, 400), 6, False, 0.9)["smallest_pct"]
    effect = np.log1p(least / 100)
    found = [
        _estimate(drawn(rng, 6, 100, effect), 6, False, 0.9)["upper_pct"] < 0 for _ in range(200)
    ]
    assert 0.7 <= np.mean(found) <= 0.9


def test_without_a_trend_it_is_the_ratio_of_shares_of_blocks(gaps):
    gap = gaps["2021-05-21"].query("labels == '2025' and not with_trend").iloc[0]
    blocks = ml.chain.block_times("2021-04-09", "2021-07-01")
    founded = blocks["pool"].map(ml.load("pools").set_index("pool")["chinese_founded"])
    after = blocks["time"] >= "2021-05-21"
    count = pd.crosstab(after, founded.map({True: "china", False: "elsewhere"}))
    ratio = count["china"] / count["elsewhere"]
    # counts pooled over weeks weigh them a little differently
    assert gap["change_pct"] == pytest.approx(100 * (ratio[True] / ratio[False] - 1), abs=3)
    assert gap["china_pct"] == pytest.approx(
        100 * count.loc[False, "china"] / count.loc[False].sum()
    )


def test_the_crackdown_is_seen_by_both_labellings(gaps):
    plain = gaps["2021-05-21"].query("not with_trend")
    assert set(plain["labels"]) == {"2025", "2026"}
    assert (plain["upper_pct"] < 0).all() and (plain["p_value"] < 0.05).all()


def test_each_estimate_lies_in_its_interval_and_says_what_it_could_have_seen(gaps):
    for gap in gaps.values():
        assert gap["change_pct"].between(gap["lower_pct"], gap["upper_pct"]).all()
        assert gap["change_pct"].between(gap["model_lower_pct"], gap["model_upper_pct"]).all()
        assert gap["smallest_pct"].between(-100, 0, inclusive="neither").all()
        assert (gap["placebos"] > 100).all()


def test_every_large_pool_is_left_out_once():
    gap = pool_contrast("2021-09-24")
    assert gap["without"].isna().sum() == 4
    first = gap.query("labels == '2025' and not with_trend")["without"].dropna()
    assert first.is_unique and {"antpool", "f2pool", "foundryusa"} <= set(first)
    whole, less = (
        gap[where & (gap["labels"] == "2025") & ~gap["with_trend"]]["china_pct"].item()
        for where in (gap["without"].isna(), gap["without"].eq("antpool").fillna(False))
    )
    assert less < whole


@pytest.mark.parametrize("labels", ["2025", "2026"])
def test_no_placebo_window_touches_what_happened(labels):
    days = pd.date_range("2020-01-01", "2026-03-26")
    day, half = pd.Timestamp("2023-05-10"), pd.Timedelta(days=42)
    for at in _placebos(days, day, 6, labels):
        window = pd.date_range(at - half, at + half - pd.Timedelta(days=1))
        assert not ((window >= "2021-04-12") & (window <= "2021-12-31")).any()
        assert window[0] >= days[0] and window[-1] <= days[-1]
        assert abs(at - day) >= 2 * half
        if labels == "2026":
            assert not window[0] < pd.Timestamp("2021-01-01") <= window[-1]


@pytest.mark.parametrize(
    ("day", "weeks", "error"),
    [
        ("2020-01-10", 6, OutOfCoverage),
        ("2026-03-20", 6, OutOfCoverage),
        ("2021-05-21", 2, BadParameter),
        ("2021-05-21", 200, OutOfCoverage),
        ("soon", 6, BadParameter),
    ],
)
def test_weeks_that_cannot_be_compared_are_a_sentence(day, weeks, error):
    with pytest.raises(error) as told:
        pool_contrast(day, weeks)
    assert isinstance(told.value, MinelibError) and len(str(told.value).splitlines()) == 1


# shares by outage


def test_the_outage_of_april_gives_a_share_of_xinjiang_near_the_map(outages):
    # the map knows nothing of block times: 54.37 % of 46.04 %
    april = outages.loc["xinjiang_outage"]
    assert april["map_pct"].tolist() == pytest.approx([25.03] * 3, abs=0.01)
    assert april["map_inside"].all()
    assert april.loc["window", "upper_pct"] - april.loc["window", "lower_pct"] < 16


def test_what_came_back_is_what_had_gone(outages):
    gone, back = (
        outages.loc[("xinjiang_outage", "window")],
        outages.loc[("xinjiang_outage", "return")],
    )
    assert back["lower_pct"] < gone["share_pct"] < back["upper_pct"]
    assert gone["time"] < back["time"] < gone["time"] + pd.Timedelta(days=8)
    up = ml.chain.step("2021-04-19", "2021-04-27")
    assert back["share_pct"] == pytest.approx(100 * (1 - up["before_eh_s"] / up["after_eh_s"]))


def test_bounds_of_the_map_and_of_the_chain_are_in_order(outages):
    assert (outages["sample_lower_pct"] < outages["story_lower_pct"]).all()
    assert (outages["story_upper_pct"] < outages["sample_upper_pct"]).all()
    for middle, low, high in (
        ("share_pct", "lower_pct", "upper_pct"),
        ("difference_pp", "lower_pp", "upper_pp"),
        ("map_pct", "story_lower_pct", "story_upper_pct"),
    ):
        assert outages[middle].between(outages[low] - 1e-9, outages[high] + 1e-9).all()
    covered = (outages["lower_pp"] <= 0) & (outages["upper_pp"] >= 0)
    assert (covered == outages["map_inside"]).all()


def test_the_other_treatment_of_times_gives_the_same_shares(outages):
    other = share_by_outage(times="median").set_index(["event", "model"])
    width = outages["upper_pct"] - outages["lower_pct"]
    assert ((other["share_pct"] - outages["share_pct"]).abs() <= 0.2 * width).all()


# the figure


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_pools_that_went_dark_are_on_top_and_told(lang):
    ml.use(lang)
    rates = pool_rates("pool", "W", "2021-03-01", "2021-12-26")
    ax = ml.figures.pools_by_week(rates, top=14)
    names = [label.get_text() for label in ax.get_yticklabels()]
    assert len(names) == 14 and names[0] == ml.pools.group_name("huobipool", lang)
    assert names[-1] != names[0] and names.index("Foundry USA") > names.index(
        ml.pools.group_name("antpool", lang)
    )
    seen = ax.collections[0].get_array().reshape(14, -1)
    assert seen.shape[1] == rates["date"].nunique()
    assert np.abs(seen[:, :6].mean(axis=1)).max() < 1  # about the level of spring
    assert ml.pools.group_name("1thash", lang) in ax.figure._minelib_alt
    with pytest.raises(OutOfCoverage):
        ml.figures.pools_by_week(rates, "2020-01-01", "2020-02-01")


def test_the_contrast_is_the_same_by_the_other_treatment_of_times(gaps):
    # It counts whole days, and no block changes its day.
    days = [ml.chain.block_times(times=each)["time"].dt.normalize() for each in ml.chain.TIMES]
    assert (days[0] == days[1]).all()
    other = pool_contrast("2021-05-21", leave_out=False, times="median")
    pd.testing.assert_frame_equal(other, gaps["2021-05-21"])
    with pytest.raises(MinelibError, match="times"):
        pool_contrast("2021-05-21", times="header")
