# SPDX-License-Identifier: MIT
"""Spot checks of data/geography against the published points."""

import numpy as np
import pandas as pd
import pytest

import minelib as ml


def point(table, month, value="share_pct", **where):
    frame = ml.load(table)
    keep = frame["month"] == pd.Timestamp(month)
    for column, wanted in where.items():
        keep &= frame[column] == wanted
    return frame.loc[keep, value].item()


# Figures in the articles of the Cambridge Centre for Alternative Finance of 15 July 2021,
# 13 October 2021 and 17 May 2022.
@pytest.mark.parametrize(
    ("month", "place", "share"),
    [
        ("2019-09", "china", 75.53),
        ("2021-04", "china", 46.04),
        ("2021-07", "china", 0.0),
        ("2021-08", "china", 0.0),
        ("2021-09", "china", 22.29),
        ("2022-01", "china", 21.11),
        ("2021-04", "usa", 16.85),
        ("2021-08", "usa", 35.40),
        ("2022-01", "usa", 37.84),
        ("2021-04", "kazakhstan", 8.19),
        ("2021-08", "kazakhstan", 18.10),
        ("2022-01", "kazakhstan", 13.22),
        ("2021-08", "ireland", 4.68),
        ("2021-08", "germany", 4.48),
        ("2021-08", "iran", 3.11),
    ],
)
def test_country_share_published_points(month, place, share):
    assert point("country_share", month, place=place) == share


def test_country_share_is_a_whole():
    frame = ml.load("country_share")
    assert len(frame) == 29 * 10
    sums = frame.groupby("month")["share_pct"].sum()
    assert sums.between(99.97, 100.03).all()  # ten values rounded to two decimals
    total = frame.groupby("month")["hashrate_eh_s"].transform("sum")
    # hash rate is share times the month's total, both rounded to two decimals
    assert ((frame["share_pct"] / 100 * total - frame["hashrate_eh_s"]).abs() < 0.03).all()


def test_asterisk_lives_on():
    frame = ml.load("country_share")
    starred = frame["publisher_label"].str.endswith("*")
    assert set(frame.loc[starred, "place"]) == {"germany", "ireland"}
    assert (starred == frame["vpn_flag"]).all()
    assert "rerouting_bias" in ml.describe("country_share").warnings


def test_first_release_published_points():
    # 65.08 in the press of May 2020; ours is a sum of eleven rounded parts
    assert point("country_share_first_release", "2020-04", place="china") == pytest.approx(
        65.08, abs=0.1
    )
    # average of the first eight months: 5.29 percent for the United States in the press
    frame = ml.load("country_share_first_release")
    usa = frame.loc[frame["place"] == "usa", "share_pct"].mean()
    assert usa == pytest.approx(5.29, abs=0.02)


# Share of the world in the press of May 2020: a province's share of China times China's 64.81
@pytest.mark.parametrize(
    ("province", "share"),
    [
        ("xinjiang", 35.76),
        ("sichuan", 9.66),
        ("inner_mongolia", 8.07),
        ("yunnan", 5.42),
        ("beijing", 1.73),
    ],
)
def test_province_share_published_points(province, share):
    value = point("province_share", "2020-04", "share_of_world_pct", province=province)
    assert value == pytest.approx(share, abs=0.006)


def test_province_share_is_a_whole_and_flags_what_is_not_measured():
    frame = ml.load("province_share")
    sums = frame.groupby("month")["share_of_china_pct"].sum()
    assert sums[sums.index < "2021-07"].between(99.98, 100.02).all()
    assert set(frame.loc[frame["is_undefined"], "month"]) == {pd.Timestamp("2021-07-01")}
    derived = frame[frame["is_derived"]]
    assert derived[["province"]].to_numpy().tolist() == [["inner_mongolia"]]
    assert derived["share_of_china_pct"].item() == 7.14  # 100 minus the other eight


def test_us_states_published_points():
    frame = ml.load("us_state_share").set_index(["survey", "state"])["share_pct"]
    cambridge = frame["cambridge_map"]
    # press of May 2022: Georgia "over 30", Texas 11.22, Kentucky 10.93, New York 9.77
    assert cambridge["georgia_us"] > 30
    assert cambridge[["texas", "kentucky", "new_york"]].tolist() == [11.22, 10.93, 9.77]
    assert cambridge.sum() == pytest.approx(100, abs=0.05)  # ten rounded values
    assert frame["foundry_talk"]["new_york"] == 19.9  # talk of 8 October 2021


def test_releases():
    frame = ml.load("map_releases").set_index("release")
    assert frame.loc["release_1", "stated_sample_pct"] == 37  # methodology page, 2020
    assert "foundryusa" not in frame.loc["release_1", "contributing_pools"]
    assert "foundryusa" in frame.loc["release_3", "contributing_pools"]
    assert frame["coverage_end"].max() == ml.load("country_share")["month"].max()
    pools = set(frame["contributing_pools"].dropna().str.split(";").explode())
    assert pools <= set(ml.load("pools")["pool"])


def test_other_estimates_published_points():
    frame = ml.load("other_estimates").set_index(["date", "place"])
    # CoinShares, December 2019: Sichuan 54 percent of the world
    assert frame.loc[(pd.Timestamp("2019-12-01"), "sichuan"), "share_pct"] == 54
    assert frame["share_of"].eq("world").all()


def test_later_estimates_published_points():
    later = ml.load("country_share_later")
    frame = later.set_index(["estimator", "date", "place"]).sort_index()
    # Reuters, 24 November 2025: third place with 14 percent at the end of October; CryptoQuant
    # puts 15 to 20 percent of capacity in China
    heat = frame.loc["luxor_heatmap", "2025-10-01"]["share_pct"]
    assert heat.rank(ascending=False)["china"] == 3 and round(heat["china"]) == 14
    row = frame.loc[("cryptoquant", pd.Timestamp("2025-11-01"), "china")]
    assert np.isnan(row["share_pct"]) and (row["low_pct"], row["high_pct"]) == (15, 20)
    # Cambridge survey of 2024: 75.4 percent of reported activity in the United States
    survey = later[later["estimator"] == "ccaf_survey"].set_index("place")
    assert survey.loc["usa", "share_pct"] == 75.4
    assert survey["share_of"].eq("reported_activity").all()
    assert later["date"].min() > ml.load("country_share")["month"].max()


def test_an_estimate_gives_a_share_a_range_or_a_hash_rate():
    later = ml.load("country_share_later")
    ends = later[["low_pct", "high_pct"]]
    assert later["share_pct"].isna().where(ends.notna().any(axis=1), True).all()
    assert ends.notna().all(axis=1).equals(ends.notna().any(axis=1))
    assert (ends["low_pct"] < ends["high_pct"])[ends.notna().all(axis=1)].all()
    said = later[["share_pct", "low_pct", "hashrate_eh_s"]].notna().any(axis=1)
    assert said.all()
    seats = later["method"] == "pool_seat"
    assert seats.equals(later["share_of"] == "pools_by_seat"), "a seat is no place of machines"


def test_shares_and_hash_rates_of_the_heat_map_agree_on_the_network():
    heat = ml.load("country_share_later").query("estimator == 'luxor_heatmap'")
    network = 100 * heat["hashrate_eh_s"] / heat["share_pct"]
    # the press of July 2025: the network at over 900 EH/s
    assert network[heat["date"] == "2025-07-01"].dropna().between(890, 915).all()


def test_relocation_evidence_published_points():
    frame = ml.load("relocation_evidence").set_index(["date", "place", "kind", "metric"])["value"]

    def value(day, *key):  # the one that there is; pandas 3.0 gives a series for a key of its own
        return frame.loc[[(pd.Timestamp(day), *key)]].item()

    # Financial Times, November 2021: more than two million machines left mainland China
    assert value("2021-11-21", "china", "machines_leaving", "machines") == 2_000_000
    assert value("2021-11-21", "usa", "machines_arriving", "machines") == 87_200
    # energy minister of Kazakhstan, November 2021
    assert value("2021-11-01", "kazakhstan", "power_legal", "power") == 600
    text = ml.load("relocation_evidence")
    assert text["note_zh"].str.contains("[\u4e00-\u9fff]").all()


def test_listed_miners_published_points():
    frame = ml.load("listed_miners").set_index(["company", "date", "scope"])
    # Riot's release of April 2022: 42,919 machines and 4.3 EH/s
    row = frame.loc[("riot", pd.Timestamp("2022-03-31"), "self")]
    assert (row["hashrate_eh_s"], row["machines"]) == (4.3, 42_919)
