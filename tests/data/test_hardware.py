# SPDX-License-Identifier: MIT
"""Machines and their prices against published points."""

import numpy as np
import pandas as pd
import pytest

import minelib as ml


@pytest.fixture(scope="module")
def machines():
    return ml.load("machines").set_index("machine")


@pytest.fixture(scope="module")
def prices():
    return ml.load("machine_prices").set_index("price_id")


def test_nameplates(machines):
    # Bitmain's data sheets: S9 13.5 TH/s at 1,323 W (June 2016), S19 95 TH/s at 3,250 W (May 2020)
    s9, s19 = machines.loc["bitmain_antminer_s9"], machines.loc["bitmain_antminer_s19"]
    assert (s9.hashrate_th_s, s9.power_w, s9.efficiency_j_th) == (13.5, 1323, 98)
    assert s9.release_date == pd.Timestamp("2016-06-01") and s9.release_precision == "month"
    assert (s19.hashrate_th_s, s19.power_w) == (95, 3250)


def test_machines_of_2024_and_later(machines):
    # Bitmain's contract with CleanSpark (2024): 300 TH/s, 4,050 W, 13.5 J/TH
    xp = machines.loc["bitmain_antminer_s21_xp_imm"]
    assert (xp.hashrate_th_s, xp.power_w, xp.efficiency_j_th) == (300, 4050, 13.5)
    # lists of machines on offer in 2026: 580 TH/s at 5,510 W
    assert machines.loc["bitmain_antminer_s23_hyd", "efficiency_j_th"] == pytest.approx(
        5510 / 580, rel=1e-3
    )
    # the plain M60, M63 and M66 are a bin below the S models, which take 18.5
    plain = machines.loc[[f"microbt_whatsminer_m{n}" for n in (60, 63, 66)], "efficiency_j_th"]
    assert (plain == 19.9).all()


def test_efficiency_is_power_by_hash_rate(machines):
    both = machines.dropna(subset=["hashrate_th_s", "power_w"])
    assert len(both) == 193 + 3  # the count its compilers give, and three whose power came later
    ratio = both["power_w"] / both["hashrate_th_s"] / both["efficiency_j_th"]
    assert np.allclose(ratio, 1, atol=0.006)


def test_dates_and_gaps_are_as_described(machines):
    assert len(machines) == 214
    assert machines["release_date"].notna().sum() == 122
    assert (machines["release_date"].notna() == machines["release_precision"].notna()).all()


def test_index_price_at_its_height(prices):
    # Luxor's index: all-time high of 119.25 USD per TH/s for machines under 38 J/TH, 7 May 2021
    row = prices.loc["index-under-38-j-th-2021-05-07"]
    assert row.price_usd_th == 119.25 and row.market == "world_index"


def test_second_hand_price_in_china_fell_to_a_quarter(prices):
    # Bloomberg, June 2021: from about 600 to about 150 yuan per TH/s within two months
    china = prices[prices["market"] == "china_second_hand"].sort_values("date")
    assert china["price_usd_th"].tolist() == [92, 23]


def test_listings_count_and_order(prices):
    listed = prices[prices["kind"] == "listing"]
    assert listed["listings"].sum() == 753
    order = listed[["lowest_usd_th", "lower_usd_th", "price_usd_th", "upper_usd_th"]]
    assert (order.diff(axis=1).iloc[:, 1:] >= 0).all(axis=None)
    # the gap after the shutdowns stays a gap
    assert not listed["date"].between("2021-06-01", "2022-01-31").any()


def test_derived_price_is_the_index_less_the_reported_fall(prices):
    # Luxor in the Financial Times: the S19 lost 41.7 % from May to July 2021
    terms = ml.load("relocation_terms").set_index("term_id")
    fall = terms.loc["price_fall_s19", "low"]
    assert fall == -41.7
    peak = prices.loc["index-under-38-j-th-2021-05-07", "price_usd_th"]
    derived = prices[prices["kind"] == "derived"]
    assert derived["price_usd_th"].tolist() == [pytest.approx(peak * (1 + fall / 100), abs=0.01)]


def test_freight_of_an_s19_is_about_140_dollars():
    # CNBC, 21 June 2021: 9.37 USD a kilogram; CoinDesk, same day: an S19 Pro weighs 15.2 kg and
    # 3,000 kg are "about 200" machines
    terms = ml.load("relocation_terms").set_index("term_id")["low"]
    assert terms["freight_air_maryland"] * terms["weight_s19_pro"] == pytest.approx(142.4, abs=0.1)
    assert 3000 / terms["weight_s19_pro"] == pytest.approx(200, abs=5)


def test_assumptions_that_rest_on_a_table_say_what_it_says():
    rows = ml.load("machine_assumptions").set_index("name")
    terms = ml.load("relocation_terms").set_index("term_id")
    assert (rows["best"].isna() == rows["term_id"].notna()).all()
    own = rows.dropna(subset=["best"])
    assert (own["lower"] <= own["best"]).all() and (own["best"] <= own["upper"]).all()
    # the ends that are quotations
    assert rows.at["kazakhstan_delay_days", "lower"] == terms.at["delay_bit_mining", "high"]
    assert rows.at["russia_delay_days", "lower"] == terms.at["delay_none_by_july", "low"]
    assert rows.at["texas_delay_days", "lower"] == terms.at["delay_bit_digital", "low"]
    assert rows.at["texas_delay_days", "upper"] == terms.at["delay_compute_north", "high"]
    assert rows.at["kazakhstan_duty_pct", "best"] == terms.at["duty_kazakhstan_2020", "low"]
    # the Cambridge index's PUE, of which overhead is the part above one
    overhead = rows.loc["overhead_pct", ["lower", "best", "upper"]].astype(float)
    assert 1 + overhead.to_numpy() / 100 == pytest.approx(ml.energy.PUE)
    # tables and rows that a source names are there
    named = rows["source"].str.extractall(r"table (\w+)")[0]
    assert set(named) <= set(ml.catalog.default().names)
    events = set(ml.load("events")["event"])
    keys = rows["source"].str.extractall(r"\b(delay_\w+|kegoc_\w+)")[0]
    assert set(keys) <= set(terms.index) | events


@pytest.fixture(scope="module")
def later():
    return ml.load("index_machines_later")


def test_every_machine_of_the_extended_basket_has_two_sources(later):
    basket = later[later["in_basket"]]
    assert (basket["pages"].str.count(";") >= 1).all()
    # it begins after the last machine of the index's own list, so none counts twice
    assert basket["release"].min() > ml.load("index_machines")["release"].max()
    # a catalogue dates the first sale; what a second source says earlier is the announcement
    both = basket.dropna(subset="other_release")
    gap = (both["release"] - both["other_release"]).dt.days
    assert gap.between(-100, 250).all() and len(both) > len(basket) / 2


def test_months_of_the_catalogue_meet_the_index_where_it_was_solved(later):
    # the descriptor's note: 9 of 12 machines of May 2022 to May 2023
    check = later[~later["in_basket"]]
    listed = ml.load("index_machines")
    same = [
        bool(
            (
                (listed["release"] == row.release)
                & (abs(listed["efficiency_j_th"] - row.efficiency_j_th) < 0.05)
            ).any()
        )
        for row in check.itertuples()
    ]
    assert (sum(same), len(same)) == (9, 12)


def test_first_month_is_two_months_after_the_first_sale(later):
    months = later["release"].dt.to_period("M") + 2
    assert (later["first_month"].dt.to_period("M") == months).all()


def test_efficiencies_that_stand_in_the_list_of_machines_too(later, machines):
    names = machines["maker"] + " " + machines["name_en"].str.replace(r" \(.*", "", regex=True)
    known = pd.Series(machines["efficiency_j_th"].to_numpy(), names)
    both = later.set_index("machine")["efficiency_j_th"].to_frame().join(known.rename("other"))
    both = both.dropna()
    assert len(both) > 20
    assert (abs(both["efficiency_j_th"] / both["other"] - 1) < 0.01).all()


def test_revenue_of_canaan_from_china():
    rows = ml.load("maker_revenue").set_index("end")
    # Reuters, 24 November 2025: 2.8 percent in 2022, 30.3 in 2024, over half in spring 2025
    assert rows["share_pct"].tolist()[:2] == [2.8, 30.3]
    last = rows.loc["2025-06-30"]
    assert np.isnan(last["share_pct"]) and (last["low_pct"], last["high_pct"]) == (50, 100)
