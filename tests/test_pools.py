# SPDX-License-Identifier: MIT
"""Shares of pools: the exact interval, the laws of shares, and published contrasts."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

import minelib as ml
from minelib.errors import BadParameter, OutOfCoverage, UnknownName
from minelib.pools import interval


@settings(deadline=None, max_examples=40)
@given(st.integers(1, 5000), st.data(), st.sampled_from([0.5, 0.8, 0.9, 0.95, 0.99]))
def test_the_interval_is_the_one_of_clopper_and_pearson(total, data, level):
    # its definition: at the lower limit, finding so many blocks or more has probability
    # (1 - level) / 2, at the upper limit so many or fewer
    from scipy.stats import binom

    found = data.draw(st.integers(0, total))
    low, high = interval(found, total, level)
    tail = (1 - level) / 2
    assert 0 <= low <= found / total * 100 <= high <= 100
    if found:
        assert binom.sf(found - 1, total, low / 100) == pytest.approx(tail, rel=1e-6)
    if found < total:
        assert binom.cdf(found, total, high / 100) == pytest.approx(tail, rel=1e-6)


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 300), st.integers(300, 600), st.integers(2, 20))
def test_intervals_for_all_groups_at_once_are_wider(found, total, groups):
    one, all_of_them = interval(found, total), interval(found, total, groups=groups)
    assert all_of_them[0] <= one[0] and one[1] <= all_of_them[1]


def test_simultaneous_intervals_hold_together_in_simulation():
    # Bonferroni promises at least 90 % for all six shares of a month together
    rng = np.random.default_rng(3)
    shares = np.array([0.3, 0.25, 0.2, 0.15, 0.07, 0.03])
    blocks = rng.multinomial(4320, shares, size=400)
    low, high = interval(blocks, 4320, 0.9, groups=6)
    together = ((low <= shares * 100) & (shares * 100 <= high)).all(axis=1).mean()
    assert together >= 0.87  # 0.9 less three standard errors of 400 draws


@pytest.mark.parametrize("by", ["pool", "home", "founded"])
@pytest.mark.parametrize("freq", ["month", "epoch"])
def test_shares_add_to_100_and_every_group_is_in_every_period(by, freq):
    frame = ml.pools.share(by, freq)
    key = "pool" if by == "pool" else "group"
    assert np.allclose(frame.groupby("date")["share_pct"].sum(), 100, atol=0.02)
    assert frame.groupby("date")[key].nunique().nunique() == 1
    assert (
        frame[["blocks", "total_blocks", "share_pct", "lower_pct", "upper_pct"]]
        .notna()
        .all(axis=None)
    )
    assert (frame["lower_pct"] <= frame["share_pct"] + 1e-9).all()
    assert (frame["share_pct"] <= frame["upper_pct"] + 1e-9).all()


def test_homes_are_sums_of_pools():
    pools = ml.load("pools").set_index("pool")
    by_pool = ml.pools.share(start="2021-04-01", end="2021-04-30").set_index("pool")
    by_home = ml.pools.share("home", start="2021-04-01", end="2021-04-30").set_index("group")
    american = pools.index[pools["home_country"] == "usa"].intersection(by_pool.index)
    assert by_home.loc["usa", "blocks"] == by_pool.loc[american, "blocks"].sum()


def test_top_gathers_the_rest_without_changing_the_total():
    whole = ml.pools.share(start="2021-01-01", end="2021-12-31")
    top = ml.pools.share(start="2021-01-01", end="2021-12-31", top=5)
    assert top["pool"].nunique() == 6
    assert top.groupby("date")["blocks"].sum().equals(whole.groupby("date")["blocks"].sum())
    chosen = ml.pools.share(start="2021-01-01", end="2021-12-31", pools=["f2pool"])
    assert chosen["blocks"].tolist() == top.loc[top["pool"] == "f2pool", "blocks"].tolist()


def test_contrast_shows_what_cambridge_and_the_labels_said_of_april_2021():
    # published: pools founded in China (Binance apart) found 79 % of blocks in April 2021 while
    # Cambridge put 46.04 % of the hash rate in China
    row = ml.pools.contrast("2021-04", "2021-04").set_index("place").loc["china"]
    assert row["home_pct"] == pytest.approx(79, abs=0.6)
    assert row["mined_pct"] == pytest.approx(46.04)
    assert row["difference_pp"] == pytest.approx(row["home_pct"] - row["mined_pct"])
    assert row["founded_pct"] > row["home_pct"]  # Binance Pool on top


def test_contrast_covers_the_map_and_no_more():
    frame = ml.pools.contrast()
    assert frame["month"].nunique() == 29
    assert not frame.isna().any(axis=None)
    with pytest.raises(OutOfCoverage, match="2019-09"):
        ml.pools.contrast("2018-01", "2021-04")


def test_f2pool_lost_share_after_it_left_mainland_users():
    # F2Pool stopped serving mainland users from 27 September 2021
    change = ml.pools.turnover("2021-04", "2022-01", by="home").set_index("group")
    assert change.loc["china", "upper_pp"] < 0 < change.loc["usa", "lower_pp"]
    assert change["change_pp"].sum() == pytest.approx(0, abs=1e-6)


@settings(max_examples=15, deadline=None)
@given(st.dates(pd.Timestamp("2016-03-01").date(), pd.Timestamp("2025-12-01").date()))
def test_turnover_bounds_hold_the_change(day):
    first = pd.Timestamp(day).replace(day=1)
    frame = ml.pools.turnover(first, first + pd.DateOffset(months=1), by="founded")
    assert (frame["lower_pp"] <= frame["change_pp"]).all()
    assert (frame["change_pp"] <= frame["upper_pp"]).all()


def test_a_pool_that_vanished_lost_at_most_what_it_may_have_had():
    change = ml.pools.turnover("2021-01", "2022-01")
    gone = change[(change["first_pct"] > 0) & (change["second_pct"] == 0)].iloc[0]
    then = ml.pools.share(start="2021-01-01", end="2021-01-01", pools=[gone["pool"]]).iloc[0]
    now = ml.pools.share(start="2022-01-01", end="2022-01-01")["total_blocks"].iloc[0]
    may_have = interval(0, now)[1]
    assert gone["lower_pp"] == pytest.approx(-then["upper_pct"])
    room = np.hypot(may_have, then["share_pct"] - then["lower_pct"])
    assert gone["upper_pp"] == pytest.approx(-then["share_pct"] + room)


def test_bad_input_is_refused_with_the_nearest_name():
    with pytest.raises(UnknownName, match="f2pool"):
        ml.pools.share(pools=["f2poool"])
    with pytest.raises(BadParameter, match="by"):
        ml.pools.share("country")
    with pytest.raises(BadParameter, match="freq"):
        ml.pools.share(freq="ME")
    with pytest.raises(BadParameter, match="end"):
        ml.pools.share(start="2021-05-01", end="2021-04-01")
    with pytest.raises(BadParameter, match="not a day"):
        ml.pools.share(start="soon")
    with pytest.raises(OutOfCoverage, match="2016"):
        ml.pools.share(end="2015-01-01")
    with pytest.raises(BadParameter, match="level"):
        interval(1, 2, level=1)
    with pytest.raises(BadParameter, match="blocks"):
        interval(3, 2)
    with pytest.raises(BadParameter, match="second"):
        ml.pools.turnover("2021-04", "2021-04")


@pytest.mark.parametrize("labels", ml.pools.LABELS)
@pytest.mark.parametrize(("by", "freq"), [("pool", "month"), ("founded", "W"), ("home", "epoch")])
def test_shares_from_blocks_count_every_block_of_a_period_once(by, freq, labels):
    frame = ml.pools.share(by, freq, labels=labels)
    both = frame["other_labels_pct"].notna()
    assert np.allclose(frame.groupby("date")["share_pct"].sum(), 100)
    assert np.allclose(frame[both].groupby("date")["other_labels_pct"].sum(), 100, atol=1e-9)
    assert both.all() == (labels == "2025")  # the newer one goes on for a month
    assert set(frame["labels"]) == {labels}
    assert (
        frame.groupby("date")["blocks"].sum().equals(frame.groupby("date")["total_blocks"].first())
    )
    if freq == "epoch":
        assert (frame["total_blocks"] == 2016).all()


def test_what_one_labelling_says_is_what_the_other_shows():
    older, newer = (
        ml.pools.share("founded", start="2021-01-01", end="2021-12-31", labels=each).set_index(
            ["date", "group"]
        )
        for each in ml.pools.LABELS
    )
    assert np.allclose(older["other_labels_pct"], newer["share_pct"])
    assert np.allclose(newer["other_labels_pct"], older["share_pct"])
    # the newer one leaves 386 blocks of BTC.com in September 2021 without a pool
    moved = (newer["share_pct"] - older["share_pct"]).loc["2021-09-01"]
    assert moved["china"] < -8 < 8 < moved["unknown"]


def test_shares_from_blocks_are_those_of_the_table_by_month():
    table, counted = ml.pools.share(start="2020-01-01"), ml.pools.share(labels="2025")
    both = table.merge(counted, on=["date", "pool"], suffixes=("", "_counted"))
    both = both[both["date"] < "2026-03-01"]
    assert both["blocks"].equals(both["blocks_counted"])
    assert counted["date"].max() == pd.Timestamp("2026-02-01")  # it ends inside March


def test_an_unknown_labelling_or_grain_is_a_sentence():
    with pytest.raises(BadParameter, match=r"labels.*2025, 2026"):
        ml.pools.share(labels="2024")
    with pytest.raises(UnknownName, match="epoch"):
        ml.pools.share(freq="fortnight", labels="2025")
    with pytest.raises(BadParameter, match="ten minutes"):
        ml.pools.share(freq="s", labels="2025")
    with pytest.raises(OutOfCoverage, match="2020"):
        ml.pools.share(end="2019-06-01", labels="2026")


def test_groups_have_names_in_both_languages():
    assert ml.pools.group_name("f2pool", "zh") == "鱼池"
    assert ml.pools.group_name("china", "en") == "China"
    assert ml.pools.group_name("foundryusa", "zh") == "Foundry USA"  # none is invented
