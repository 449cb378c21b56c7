# SPDX-License-Identifier: MIT
"""Spot checks of data/energy, hardware/index_machines and society/published_results."""

import pandas as pd
import pytest

import minelib as ml


def cell(table, column, **where):
    frame = ml.load(table)
    keep = pd.Series(True, index=frame.index)
    for name, wanted in where.items():
        keep &= frame[name] == wanted
    return frame.loc[keep, column].item()


# The announcement of version 1.4.0 (August 2023) and the UN University study of 2023.
def test_yearly_totals_meet_the_announcements():
    of_140 = ml.load("index_yearly").query("version == '1.4.0'").set_index("year")["best_twh"]
    assert round(of_140[2021], 1) == 89.0
    assert round(of_140[2022], 1) == 95.5
    of_131 = ml.load("index_yearly").query("version == '1.3.1'").set_index("year")["best_twh"]
    assert round(of_131[2020] + of_131[2021], 2) == 173.42


def test_reference_months_add_up_to_the_yearly_totals():
    months = ml.load("index_reference").set_index("month")
    energy = (months["best_twh"] * months["days"] / 365.25).groupby(months.index.year).sum()
    yearly = ml.load("index_yearly").query("version == '1.4.0'").set_index("year")["best_twh"]
    assert (energy - yearly).abs().max() < 1e-3


def test_reference_has_no_missing_month_and_keeps_the_known_slip():
    months = ml.load("index_reference").set_index("month")
    assert len(months) == len(pd.date_range("2010-07-01", "2023-09-01", freq="MS"))
    assert months.loc["2020-06-01", "intensity_g_kwh"] == pytest.approx(417.4, abs=0.05)
    # press on the first greenhouse gas estimate, September 2022: 506.71, held from then on
    assert months.loc["2022-01-01":, "intensity_g_kwh"].round(2).unique().tolist() == [506.71]


def test_draft_power_mix_is_what_press_printed_and_lacks_kazakhstan_in_june_2020():
    mix = ml.load("index_power_mix").set_index("month")
    january = mix.loc["2022-01-01"]
    assert round(january["coal_share_pct"], 1) in (36.5, 36.6)
    assert round(january["gas_share_pct"], 1) == 25.0
    assert round(january["hydro_share_pct"], 1) == 14.9
    total = mix.sum(axis=1)
    assert total["2020-06-01"] == pytest.approx(95.3, abs=0.1)
    assert total.drop(pd.Timestamp("2020-06-01")).between(99.89, 100.1).all()


@pytest.mark.parametrize(
    ("place", "year", "vintage", "g_kwh"),
    [  # the editions that disagree most, as the publishers print them
        ("china", 2021, "owid_2022", 541.332),
        ("china", 2021, "owid_2025", 599.005),
        ("kazakhstan", 2021, "owid_2023", 641.102),
        ("kazakhstan", 2021, "owid_2025", 833.855),
    ],
)
def test_carbon_intensity_points(place, year, vintage, g_kwh):
    found = cell("carbon_intensity", "intensity_g_kwh", place=place, year=year, vintage=vintage)
    assert found == g_kwh


def test_computed_intensities_are_mix_times_factors():
    mixes = ml.load("electricity").set_index(["place", "year"])
    factors = ml.carbon.factor_set("ccaf_current")["intensity_g_kwh"]
    sources = mixes[[f"{s}_twh" for s in factors.index]].set_axis(list(factors.index), axis=1)
    computed = (sources * factors).sum(axis=1) / sources.sum(axis=1)
    stored = ml.load("carbon_intensity").query("vintage == 'ccaf_factors_on_mix'")
    stored = stored.set_index(["place", "year"])["intensity_g_kwh"]
    assert (computed.reindex(stored.index) - stored).abs().max() < 0.02


def test_hydro_and_coal_lines_of_the_published_index():
    # published hydro-only and coal-only lines are 0.021 and 1.001 Mt per TWh
    assert (
        cell("lifecycle_factors", "intensity_g_kwh", factor_set="ccaf_current", source="hydro")
        == 21
    )
    assert (
        cell("lifecycle_factors", "intensity_g_kwh", factor_set="ccaf_current", source="coal")
        == 1001
    )


def test_provincial_shares_agree_with_the_printed_ones():
    table = ml.load("province_generation")
    assert (table["share_pct"] - table["share_published_pct"]).abs().max() <= 0.06
    totals = table.groupby(["province", "year"])["share_pct"].sum()
    assert totals.between(99.99, 100.01).all()


def test_official_factor_of_xinjiang():
    # the widely quoted national notices
    assert (
        cell(
            "province_factors",
            "intensity_g_kwh",
            province="xinjiang",
            year=2022,
            method="official_average",
        )
        == 623.1
    )


def test_power_prices_keep_the_conflict_over_sichuan():
    wet = ml.load("power_prices").query("place == 'sichuan' and season == 'wet'")
    assert {0.08, 0.3} <= set(wet["local_low"].dropna())
    low, high = (set(wet.loc[wet["local_low"] == price, "origin"]) for price in (0.08, 0.3))
    assert low and high and not low & high  # two publishers, both shown
    texas = ml.load("power_prices").query("place == 'texas'")
    assert 0.0296 in set(texas["low_usd_kwh"])  # Riot, New York Times 2023-04-10


def test_wet_season_has_six_or_seven_months():
    months = ml.load("wet_season_months").groupby(["province", "definition"])["is_wet"].sum()
    assert months.xs("published_may_oct", level="definition").eq(6).all()
    assert months.xs("broad_apr_oct", level="definition").eq(7).all()


def test_machines_by_kind_of_evidence():
    machines = ml.load("index_machines")
    assert machines["evidence"].value_counts().to_dict() == {
        "publisher_list": 56,
        "solved_from_prices": 29,
        "read_off_bounds": 10,
    }
    solved = machines[machines["evidence"] == "solved_from_prices"]
    assert solved["release"].min() > pd.Timestamp("2020-11-01")
    s9 = machines.set_index("machine").loc["Bitmain Antminer S9 (13.5Th)"]
    assert s9["efficiency_j_th"] == 98
    # 1,323 W over 14 whole TH/s
    assert s9["weighting_efficiency_j_th"] == pytest.approx(13.5 * 98 / 14)


def test_published_results_cover_all_items_and_say_how_they_are_known():
    table = ml.load("published_results")
    assert set(table["item"]) == set(range(1, 46))
    assert (table["value"].notna() | table["low"].notna()).all()
    assert table.set_index("id").loc["jiang_2021_energy", "value"] == 296.59
    assert set(table["source_seen"]) == {"whole", "excerpt", "second_hand"}


def test_survey_of_2024_published_points():
    survey = ml.load("survey_2024").set_index("quantity")["value"]
    # Cambridge Judge Business School, summary: 49 firms, 48 percent of the network or 268 EH/s
    assert (survey["firms"], survey["covered_share"], survey["covered_hashrate"]) == (49, 48, 268)
    # what is neither sustainable, gas nor coal is oil and the like
    assert 99 < survey[["sustainable", "gas", "coal"]].sum() < 100
    assert survey[["hydro", "wind"]].sum() < survey["renewables"]
    # 138 TWh at 28.2 J/TH are a year at the network that 268 EH/s were 48 percent of, which is
    # that of the summer: a rate, not the sum of 2024
    network = 100 * survey["covered_hashrate"] / survey["covered_share"]
    rate = survey["electricity"] * 1e6 / (366 * 24) / survey["efficiency"]
    assert rate == pytest.approx(network, rel=0.01)
    days = ml.load("network_daily").set_index("date")["hashrate_eh_s"]
    assert rate == pytest.approx(days["2024-06"].mean(), rel=0.05)
    assert rate < days["2024"].mean() * 0.95


def test_non_commercial_tables_say_so():
    frame = ml.catalog.list().set_index("name")
    for name in ("index_reference", "index_yearly", "index_power_mix", "index_machines"):
        assert frame.loc[name, "commercial_use"] == "no", name
