# SPDX-License-Identifier: MIT
"""Published against re-computed: every row, and the rule of the verdicts."""

import math
import re

import pandas as pd
import pytest
from hypothesis import given, strategies as st

import minelib as ml
from minelib.errors import UnknownName
from minelib.published import recompute
from minelib.published.entries import ENTRIES, NOT_COMPUTED, OUTCOMES
from minelib.published.verdicts import OTHER, SAME, difference, verdict

NAN = float("nan")
VERDICTS = {"supported", "contradicted", "imprecise", "unverifiable"}


@pytest.fixture(scope="module")
def table():
    return ml.published.table().set_index("id")


def test_every_row_is_there_and_is_either_computed_or_says_why_not(table):
    stored = ml.load("published_results")
    assert list(table.index) == list(stored["id"])
    assert set(ENTRIES) | set(NOT_COMPUTED) == set(stored["id"])
    assert not set(ENTRIES) & set(NOT_COMPUTED)
    assert set(OUTCOMES) == set(ENTRIES)
    assert (table["why"].str.len() > 20).all()
    computed = table["computed_value"].notna()
    assert computed.equals(table["function"].notna())


def test_at_least_sixteen_results_are_recomputed(table):
    assert table.loc[table["computed_value"].notna(), "item"].nunique() >= 16


def test_verdicts_are_known_and_only_figures_not_computed_stay_open(table):
    assert set(table["verdict"]) <= VERDICTS
    assert (table["verdict"].eq("unverifiable") == table["computed_value"].isna()).all()
    # 69 Mt, where Calvo-Pardo and others give 2.77 for the same year
    assert table.loc["mora_2018_emissions", "verdict"] == "contradicted"


@pytest.mark.parametrize(
    "name",
    [  # the figures that can be met with the publisher's own method
        "ccaf_2023_energy_2021",
        "ccaf_2023_energy_2022",
        "ccaf_2023_energy_2023",
        "ccaf_series_lower_2020",
        "ccaf_series_best_2020",
        "ccaf_series_upper_2020",
        "ccaf_2022_energy_2021",
        "ccaf_2022_energy_2022",
        "unu_2023_energy",
        "ccaf_2022_emissions",
        "ccaf_2022_cumulative",
        "ccaf_2022_since_2018",
        "devries_2022_emissions",
        "devries_2022_renewable_2020",
        "devries_2022_renewable_2021",
        "stoll_2019_energy",
    ],
)
def test_figures_that_come_out(table, name):
    assert table.loc[name, "verdict"] == "supported"


def test_known_disagreements_stay_visible(table):
    # the mining map cannot give three quarters renewable power in the dry December of 2019
    assert table.loc["coinshares_2019_12_renewable", "verdict"] == "contradicted"
    change = table.loc["devries_2022_change"]
    assert change["computed_value"] < 0 < change["published_value"] < change["computed_upper"]
    assert change["verdict"] == "imprecise"


def test_what_the_sentences_say_of_the_outcome_is_so(table):
    of = table["computed_value"]
    # de Vries and others: far lower with the power and the intensity that we compute
    ours = of["devries_2022_power"] * 8.76 * of["devries_2022_intensity_2021"] / 1000
    assert ours < 0.75 * table.loc["devries_2022_emissions", "published_value"]
    ways = ml.carbon.multiverse().query("china == 'provincial'")
    rises = (ways["change_pct"] > 0).groupby(ways["provincial"]).mean()
    assert rises["official"] > 0.5 > rises["thermal_as_coal"]
    shares = ml.load("country_share").set_index(["month", "place"])["share_pct"]
    assert shares[pd.Timestamp("2021-08-01"), "china"] == 0
    # the best machines lie in the range of Vranken, the basket above it
    vranken = table.loc["vranken_2017_power"]
    assert vranken["computed_lower"] < vranken["published_high"] < vranken["computed_value"]
    # a tendency without period and tariff is no figure that data could meet
    assert table.loc["hayes_2015_ratio", "verdict"] == "unverifiable"
    # CoinShares has 54 percent of the hash rate in Sichuan in December 2019
    mapped = ml.load("province_share").set_index(["month", "province"])["share_of_world_pct"]
    assert mapped[pd.Timestamp("2019-12-01"), "sichuan"] < 54 / 2
    yearly = ml.load("index_yearly").query("version == '1.3.1'").set_index("year")["best_twh"]
    assert yearly[2022] > table.loc["ccaf_2022_energy_2022", "published_value"]
    assert of["unu_2023_energy"] < yearly[2020] + yearly[2021]


def test_a_ratio_in_a_sentence_is_computed(table):
    row = table.loc["mora_2018_emissions"]
    said = re.search(r"is (\d+) times", row["why"])
    assert int(said[1]) == round(row["published_value"] / row["computed_value"])
    assert not table["why"].str.contains("[{}]").any()


def test_the_survey_of_2025_by_hand(table):
    # 138 TWh; coal 8.9, gas 38.2 and sustainable 52.4 percent at 1001, 486 and 21 g/kWh
    by_hand = 138 * (0.089 * 1001 + 0.382 * 486 + 0.524 * 21) / 1000
    assert table.loc["ccaf_2025_emissions", "computed_value"] == pytest.approx(by_hand)
    # 28.2 J/TH all the year on the hash rate of the year's weakest and strongest month
    low, high = (table.loc["ccaf_2025_energy", c] for c in ("computed_lower", "computed_upper"))
    assert low < 138 < high and 120 < low < high < 200


def test_units_are_in_the_language(table):
    words = ml.published.formatted(table.reset_index(), "zh").set_index("id")["unit_word"]
    assert words["ccaf_2025_gas"] == "%" and words["ccaf_2025_energy"] == "TWh/年"


def test_energy_per_dollar_by_hand(table):
    network = ml.load("network_daily").set_index("date").loc["2016-01-01":"2018-06-30"]
    hashes_th = network["hashrate_eh_s"] * 1e6 * 86_400
    usd = network["issuance_btc"] * network["price_usd"]

    def megajoules(j_th):
        return (j_th * hashes_th / usd / 1e6).mean()

    # the specification: 10.4 with an S9 throughout, 29.9 with version 1.3.1 and its PUE of 1.10
    assert megajoules(98) == pytest.approx(10.4, abs=0.05)
    of_version = {
        v: ml.energy.index(version=v)["efficiency_j_th"].loc[usd.index] for v in ("1.3.1", "1.4.0")
    }
    assert 1.10 * megajoules(of_version["1.3.1"]) == pytest.approx(29.9, abs=0.05)
    row = table.loc["krause_2018_energy_per_usd"]
    assert row["computed_value"] == pytest.approx(megajoules(of_version["1.4.0"]))


def test_figures_of_other_papers_by_the_specifications_trials(table):
    # January 2017: 2.73 EH/s, 268 MW at 98 J/TH; November 2018: 46.6 TWh; emissions 2017 to 2019
    assert table.loc["vranken_2017_power", "computed_lower"] == pytest.approx(268, rel=0.02)
    assert table.loc["stoll_2019_energy", "computed_value"] == pytest.approx(46.6, abs=0.05)
    for year, mt in ((2017, 6.85), (2018, 22.8), (2019, 26.95)):
        found = table.loc[f"calvo_pardo_2022_{year}", "computed_value"]
        assert found == pytest.approx(mt, rel=0.02)
    assert table.loc["odwyer_2014_power", "computed_upper"] == pytest.approx(1.2, abs=0.05)


def test_one_scale_by_hand(table):
    energy = ml.published.on_one_scale(table.reset_index()).set_index("id")
    # 100 to 500 MW and 13.39 GW all the year of 8,766 hours; 173.42 TWh in 731 days
    assert energy.loc["vranken_2017_power", ["low", "high"]].tolist() == pytest.approx(
        [0.8766, 4.383]
    )
    assert energy.loc["devries_2022_power", "value"] == pytest.approx(117.377, abs=1e-3)
    assert energy.loc["unu_2023_energy", "value"] == pytest.approx(173.42 * 365.25 / 731)
    assert energy.loc["unu_2023_energy", "date"] == pd.Timestamp("2020-12-31")
    assert energy.loc["stoll_2019_energy", "value"] == 45.8
    emitted = ml.published.on_one_scale(table.reset_index(), "emissions").set_index("id")
    assert emitted.loc["stoll_2019_emissions", ["low", "high"]].tolist() == [22.0, 22.9]
    assert emitted.loc["unu_2023_emissions", "value"] == pytest.approx(85.89 * 365.25 / 731)


def test_a_range_meets_a_band_when_they_share_a_value():
    months = pd.to_datetime(["2020-01-01", "2020-02-01"])
    band = pd.DataFrame({"lower": [10.0, 20.0], "upper": [15.0, 30.0]}, index=months)
    points = pd.DataFrame(
        [
            ("2020-01-15", 5, 11),
            ("2020-01-15", 14, 40),
            ("2020-01-15", 1, 50),
            ("2020-01-15", 5, 9),
            ("2020-01-15", 16, 40),
            ("2020-02-29", 14, 16),
            ("2020-03-01", 14, 16),
        ],
        columns=["date", "low", "high"],
    ).astype({"date": "datetime64[ns]"})
    found = ml.published.inside(points, band)
    assert found.tolist() == [True, True, True, False, False, False, False]


def test_both_languages_have_every_quantity():
    english, chinese = ml.published.table("en"), ml.published.table("zh")
    assert (english["quantity"] != chinese["quantity"]).all()
    assert english["verdict"].equals(chinese["verdict"])


def test_unknown_result():
    with pytest.raises(UnknownName, match="stoll_2019_energy"):
        recompute("stoll_2019_enrgy")


# --- the rule ---------------------------------------------------------------------------------

number = st.floats(1e-3, 1e6)


@given(value=number, method=st.sampled_from([SAME, OTHER]), share=st.booleans())
def test_equal_is_supported(value, method, share):
    assert verdict((value, NAN, NAN), (value, NAN, NAN), method, share) == "supported"


@given(value=number, published=number, method=st.sampled_from([SAME, OTHER]))
def test_a_figure_far_outside_is_contradicted_and_one_inside_never(value, published, method):
    found = verdict((value, value * 0.9, value * 1.1), (published, NAN, NAN), method, False)
    assert found in VERDICTS
    ratio = published / value
    assert not (0.9 < ratio < 1.1 and found == "contradicted")
    assert not ((ratio < 0.8 or ratio > 1.3) and found != "contradicted")


def test_the_steps_of_the_rule():
    def rule(value, lower, upper, published, low=NAN, high=NAN, share=False):
        return verdict((value, lower, upper), (published, low, high), OTHER, share)

    assert rule(109, 50, 200, 100) == "supported"
    assert rule(111, 50, 200, 100) == "imprecise"
    assert rule(111, 105, 200, 100) == "contradicted"
    assert rule(30, 20, 40, NAN, 25, 35) == "supported"
    assert rule(50, 34, 60, NAN, 25, 35) == "imprecise"
    assert rule(50, 40, 60, NAN, 25, 35) == "contradicted"
    assert rule(24, NAN, NAN, 20, share=True) == "supported"
    assert rule(24.1, 24.05, 30, 20, share=True) == "contradicted"
    assert rule(124, NAN, NAN, 100) == "imprecise"  # without an interval a quarter is allowed
    assert rule(126, NAN, NAN, 100) == "contradicted"
    same = {"method": SAME}
    assert verdict((100.9, NAN, NAN), (100, NAN, NAN), is_share=False, **same) == "supported"
    assert verdict((101.1, NAN, NAN), (100, NAN, NAN), is_share=False, **same) == "imprecise"
    assert verdict((20.9, NAN, NAN), (20, NAN, NAN), is_share=True, **same) == "supported"
    assert verdict((21.1, NAN, NAN), (20, NAN, NAN), is_share=True, **same) == "imprecise"
    assert verdict(None, (1.0, NAN, NAN), SAME, False) == "unverifiable"
    assert difference(5.0, NAN, 1.0, 9.0) == 0
    assert math.isclose(difference(0.5, NAN, 1.0, 9.0), -0.5)


# --- names in the figures -----------------------------------------------------------------------


def test_each_figure_has_a_name_of_its_own_in_both_languages():
    for lang in ("en", "zh"):
        frame = ml.published.formatted(ml.published.table(lang), lang)
        assert frame["published_figure"].is_unique
        for name, row in zip(frame["published_figure"], frame.itertuples(), strict=True):
            assert name.endswith(row.quantity) and str(row.year) in name


def test_first_authors_and_letters_of_offices():
    named = pd.Series(["Köhler, Pizzol", "Cambridge Centre for Alternative Finance", "Hayes"])
    assert ml.published.short_authors(named).tolist() == ["Köhler", "CCAF", "Hayes"]
    assert ml.published.short_authors(ml.load("published_results")["authors"]).str.len().max() < 25


# figures of bans, pools, transactions and forecasts


def test_arithmetic_on_transactions_by_hand(table):
    days = ml.load("network_daily").set_index("date")["transactions"]
    # 1,573.7 GL in 2021; 30.7 kt over the 112.5 million transactions of 2020 by the press
    water, waste = table.loc["devries_2024_water"], table.loc["devries_2021_waste"]
    assert water["computed_value"] == pytest.approx(1573.7e9 / days["2021"].sum())
    assert days["2020"].sum() == pytest.approx(112.5e6, rel=0.001)
    assert waste["verdict"] == "supported"
    assert water["computed_value"] < water["published_value"]  # the paper counts a little fewer


def test_pools_of_june_2018(table):
    # the paper: five of the six largest run from China
    shares = ml.load("pool_share").set_index("month").loc["2018-06-01"]
    shares = shares.set_index("pool")["share_pct"]
    homes = ml.load("pools").set_index("pool")["home_country"]
    largest = shares.nlargest(6)
    assert (homes[largest.index] == "china").sum() == 5
    assert table.loc["kaiser_2018_six_pools", "computed_value"] == pytest.approx(largest.sum())
    chinese = table.loc["kaiser_2018_chinese"]
    five = largest[homes[largest.index] == "china"].sum()
    assert chinese["computed_lower"] == pytest.approx(five)
    assert chinese["computed_lower"] < chinese["published_value"] < chinese["computed_value"]


def test_the_forecast_of_a_ban_is_graded_by_the_chain(table):
    # the epoch of 13 June to 3 July 2021: 1,679,210 seconds for 2,016 blocks by the headers
    block = table.loc["kalla_2019_block"]
    assert block["computed_value"] == pytest.approx(1_679_210 / 2016 / 60)
    assert block["computed_value"] < block["published_low"]
    # press of the time: from 180 to 84 EH/s
    assert table.loc["kalla_2019_rate", "computed_value"] == pytest.approx(
        100 * (1 - 84 / 180), abs=4
    )


def test_an_elasticity_that_a_simulation_knows(monkeypatch):
    import numpy as np

    from minelib.published import later

    rng = np.random.default_rng(5)
    days = pd.date_range("2017-01-02", "2021-05-30")
    weekly = np.cumsum(rng.normal(0, 0.1, len(days) // 7))
    price = np.repeat(weekly, 7)
    follows = 0.7 * np.concatenate([np.zeros(7), price[:-7]])  # a week later
    frame = pd.DataFrame({"hashrate_eh_s": np.exp(follows), "price_usd": np.exp(price)}, days)
    monkeypatch.setattr(later, "network", lambda start, end: frame)
    value, lower, upper = later.elasticity()
    assert lower < 0.7 < upper and value == pytest.approx(0.7, abs=0.05)


def test_the_damage_by_hand(table):
    # the published intensity of each month, at 100 dollars a tonne, over the value of the coins
    frame = ml.energy.index(start="2016-01-01", end="2021-12-31")
    months = ml.load("index_reference").set_index("month")["intensity_g_kwh"]
    days = ml.load("network_daily").set_index("date").loc[frame.index]
    damage = sum(
        gw * 24e6 * months[day.replace(day=1)] / 1e6 * 100 for day, gw in frame["best_gw"].items()
    )
    worth = (days["issuance_btc"] * days["price_usd"]).sum()
    found = table.loc["jones_2022_damage", "computed_value"]
    assert found == pytest.approx(100 * damage / worth)


def test_machines_launched_since_bring_the_index_of_2023_nearer(table):
    published = table.loc["ccaf_2024_energy_2023", "published_value"]
    ours = table.loc["ccaf_2024_energy_2023", "computed_value"]
    half = slice("2023-07-01", "2023-12-31")
    later, old = (
        ml.energy.totals(ml.energy.index(version=v).loc[half])["best_twh"].sum()
        for v in ("extended", "1.4.0")
    )
    assert published < ours + later - old < ours
