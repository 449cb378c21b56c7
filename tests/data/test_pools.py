# SPDX-License-Identifier: MIT
"""The pool tables against published points and against each other."""

import numpy as np
import pandas as pd
import pytest

import minelib as ml


@pytest.fixture(scope="module")
def share():
    return ml.load("pool_share")


@pytest.fixture(scope="module")
def epoch_blocks():
    return ml.load("pool_blocks_by_epoch")


@pytest.fixture(scope="module")
def pools():
    return ml.load("pools").set_index("pool")


def test_shares_of_a_month_add_to_100(share):
    assert np.allclose(share.groupby("month")["share_pct"].sum(), 100, atol=0.01)
    blocks = share.groupby("month").agg(found=("blocks", "sum"), total=("total_blocks", "first"))
    assert np.allclose(blocks["found"], blocks["total"], atol=0.5)
    assert share["month"].nunique() == 122


def test_three_pools_of_the_first_map_had_about_37_percent(share):
    # CCAF's methodology: BTC.com, Poolin and ViaBTC stood for about 37 % of the hash rate
    # between September 2019 and April 2020
    s = share[share["pool"].isin(["btccom", "poolin", "viabtc"])]
    s = s[s["month"].between("2019-09-01", "2020-04-01")]
    assert s.groupby("month")["share_pct"].sum().mean() == pytest.approx(37, abs=1)


def test_chinese_founded_pools_found_79_percent_in_april_2021(share, pools):
    # published beside the sources: 79 % of blocks, Binance apart, while the map put 46 % in China
    chinese = pools.index[pools["chinese_founded"].fillna(False)].drop("binancepool")
    april = share[(share["month"] == "2021-04-01") & share["pool"].isin(chinese)]
    assert april["share_pct"].sum() == pytest.approx(79, abs=0.6)


def test_founders_own_names(pools):
    # checked against the founders' account: the article of the story has the two crossed
    assert pools.loc["f2pool", "name_zh"] == "鱼池"
    assert pools.loc["antpool", "name_zh"] == "蚂蚁矿池"


def test_epochs_add_to_2016_blocks(epoch_blocks):
    total = epoch_blocks.groupby("epoch")["blocks"].sum()
    assert (total == 2016).all()
    assert total.index[0] == 403_200 // 2016 and total.index[-1] == 929_376 // 2016


def test_epochs_agree_with_a_second_set_of_labels(epoch_blocks, share):
    # two explorers counted heights 612,864 to 868,000 apart: AntPool 45,448 and 45,450,
    # Foundry 45,246 and 45,245, ViaBTC 25,086 and 25,086
    span = epoch_blocks[epoch_blocks["epoch"].between(304, 429)].groupby("pool")["blocks"].sum()
    assert span["antpool"] == pytest.approx(45_448, abs=500)
    assert span["foundryusa"] == pytest.approx(45_246, abs=700)
    assert span["viabtc"] == pytest.approx(25_086, abs=300)


def test_ghash_in_the_early_windows(epoch_blocks):
    # "A Deep Dive into Bitcoin Mining Pools" (WEIS 2019) gives GHash.IO 23,083 blocks in all; the
    # windows here leave heights 360,000 to 362,879 open, so the sum stays a little below
    early = ml.load("pool_blocks_early")
    windows = early[early["method"] != "snapshot_2016_blocks"]
    found = windows.loc[windows["pool"] == "ghashio", "blocks"].sum()
    found += epoch_blocks.loc[epoch_blocks["pool"] == "ghashio", "blocks"].sum()
    assert 0.99 * 23_083 < found <= 23_083


def test_snapshot_of_july_2014_agrees_with_its_window():
    # the page of 24 July 2014 showed GHash.IO 31.35 % and F2Pool 17.9 %; the window around it
    # 31.2 % and 17.4 %
    early = ml.load("pool_blocks_early").set_index(["method", "end_date", "pool"])["share_pct"]
    snapshot = early["snapshot_2016_blocks", pd.Timestamp("2014-07-24")]
    window = early["address_cluster_20000_blocks", pd.Timestamp("2014-09-10")]
    assert snapshot["ghashio"] == pytest.approx(31.35)
    assert window["ghashio"] == pytest.approx(31.2, abs=0.05)
    assert window["f2pool"] == pytest.approx(17.4, abs=0.05)


def test_every_pool_in_the_counts_is_known(share, epoch_blocks, pools):
    used = set(share["pool"]) | set(epoch_blocks["pool"])
    assert used <= set(pools.index)
    named_home = pools["home_basis"] == "country"
    assert (named_home == pools["home_country"].notna()).all()
    unclassified = share[~share["pool"].map(pools["classified"]).astype(bool)]["blocks"].sum()
    # the publisher of the classification counted about 1.4 % of blocks outside it
    assert unclassified / share["blocks"].sum() == pytest.approx(0.014, abs=0.001)


def test_every_month_since_2020_is_counted_from_the_blocks_by_the_labelling_it_names(share):
    blocks = ml.load("blocks")
    month = pd.to_datetime(blocks["time_s"], unit="s").dt.to_period("M").dt.start_time
    for labels, segment in (
        ("2025", "block_labels_mempool_2020_2026"),
        ("2026", "block_labels_newer_2026"),
    ):
        told = share[share["segment"] == segment].set_index(["month", "pool"])["blocks"]
        counted = blocks.groupby([month.rename("month"), blocks[f"pool_{labels}"]]).size()
        counted = counted[counted.index.isin(told.index.levels[0], level=0)]
        counted = counted.rename_axis(["month", "pool"]).reindex(told.index)
        assert (counted == told).all()
        assert told.groupby("month").sum().loc["2020-01-01":].gt(3000).all()
    # the older labelling ends inside March 2026, so no month after February is of it
    ended = month[blocks["pool_2025"].notna()].max()
    assert share.loc[share["segment"] == segment, "month"].min() == ended


def test_the_older_of_two_labellings_is_used():
    month = ml.load("pool_share").set_index(["month", "pool"])["blocks"]["2021-09-01"]
    # the newer one of the same list leaves 386 of these blocks without a pool
    assert (month["btccom"], month["unknown"], month.sum()) == (387, 112, 4480)
