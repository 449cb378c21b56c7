# SPDX-License-Identifier: MIT
"""The tables on people, events and statements, against published points."""

import pandas as pd
import pytest

import minelib as ml


def test_the_ten_bodies_of_the_notice_of_september_2021():
    # Xinhua, 24 September 2021: ten bodies, the central bank first
    events = ml.load("events").set_index("event")
    bodies = events.loc["notice_924", "bodies"].split(";")
    assert len(set(bodies)) == 10
    assert bodies[0] == "pbc"
    assert events.loc["notices_published", "date"] == pd.Timestamp("2021-09-24")


def test_the_mining_notice_has_eleven_bodies():
    # NDRC press conference: eleven bodies
    events = ml.load("events").set_index("event")
    assert len(set(events.loc["notice_1283", "bodies"].split(";"))) == 11


def test_every_event_speaks_both_languages():
    events = ml.load("events")
    for column in ("title_en", "title_zh", "description_en", "description_zh"):
        assert events[column].notna().all(), column


def test_computed_claims_leave_their_verdict_to_computation_and_others_give_it():
    claims, readings = ml.load("claims"), set(ml.load("claim_readings")["claim"])
    computed = claims[claims["kind"] == "computed"]
    assert computed[["verdict", "evidence_en", "evidence_zh"]].isna().all(axis=None)
    documentary = claims[claims["kind"] == "documentary"]
    assert documentary[["evidence_en", "evidence_zh"]].notna().all(axis=None)
    # a verdict, or readings that it follows from: never both
    assert (documentary["verdict"].isna() == documentary["claim"].isin(readings)).all()
    assert readings <= set(documentary["claim"])


def test_claims_name_tables_events_and_sources_that_exist():
    claims = ml.load("claims")
    tables = set(ml.catalog.list()["name"])
    events = set(ml.load("events")["event"])
    sources = set(ml.load("claim_sources")["claim_source"])
    for column, known in (("tables", tables), ("events", events), ("sources", sources)):
        named = {each for cell in claims[column].dropna() for each in cell.split(";")}
        assert named <= known, named - known


def test_no_statement_says_its_source_was_seen_better_than_it_was():
    seen = ["whole", "excerpt", "second_hand", ""]
    documents = ml.load("claim_sources").set_index("claim_source")["source_seen"]
    claims = ml.load("claims").query("kind == 'documentary'")
    claims = claims[["claim", "sources", "source_seen"]].fillna("")
    for row in claims.itertuples():
        sources = row.sources.split(";") if row.sources else []
        best = min((seen.index(documents[s]) for s in sources), default=3)
        assert seen.index(row.source_seen) >= best, row.claim


def test_no_confidence_is_above_what_the_sources_carry():
    claims = ml.load("claims").query("kind == 'documentary' and source_seen == 'second_hand'")
    assert claims["confidence"].isin(["low", "medium"]).all(), claims["claim"].tolist()


def test_the_page_of_the_index_in_may_2021():
    # New Statesman, 13 May 2021: 149.6 TWh a year; the archived page of 19 May: 133.68
    page = ml.load("index_page").set_index("date")["annualised_twh"]
    assert page["2021-05-13"] == 149.6 and page["2021-05-19"] == 133.68


def test_figures_of_claims_agree_with_the_tables_they_come_from():
    claims = ml.load("claims").set_index("claim")
    prices = ml.load("power_prices")
    quoted = prices[(prices["place"] == "kazakhstan") & (prices["kind"] == "price")]
    quoted = quoted[quoted["start_year"].isin([2020, 2021]) & (quoted["confidence"] != "low")]
    low, high = quoted["low_usd_kwh"].min(), quoted["high_usd_kwh"].max()
    assert f"{low:.2f}-{high:.2f} in 2020-21" in claims.loc["kz_price_5c", "finding_en"]


def test_most_acts_of_chinese_policy_name_the_body_or_an_agency_with_title_and_day():
    acts = ml.load("events").query("country == 'china' and category == 'policy'")
    own = acts["source_kind"].isin(["official", "agency"])
    pinned = acts["address"].notna() | acts["source"].str.contains(r"\b20\d\d\b", na=False)
    assert (own & pinned).mean() >= 0.8
    # only an official page is cited as official
    there = acts[(acts["source_kind"] == "official") & acts["address"].notna()]
    assert there["address"].str.contains(r"\.gov\.cn/|xsnet\.cn/", regex=True).all()


def test_the_ordos_mine_as_the_press_saw_it():
    # Quartz, August 2017: 25,000 machines, about 50 staff
    site = ml.load("mine_sites").set_index("site").loc["ordos_2017"]
    assert (site["machines"], site["staff"]) == (25_000, 50)


def test_the_heishui_mine_as_caixin_saw_it():
    # Caixin Global, 29 July 2021: 80,000 machines, 80 staff
    site = ml.load("mine_sites").set_index("site").loc["heishui_2021"]
    assert (site["machines"], site["staff"]) == (80_000, 80)


def test_the_central_scenario_adds_up():
    # by hand: 1.6 million / 600 = 2,667; + 3,500 + 1,000 + 4,000 + 6,000 = 17,167
    row = ml.load("employment_scenarios").set_index("scenario").loc["central"]
    jobs = ["vendor_jobs", "pool_jobs", "trade_repair_jobs", "construction_power_jobs"]
    assert row["site_jobs"] == pytest.approx(1_600_000 / 600, abs=1)
    assert row["paid_jobs"] == row["site_jobs"] + row[jobs].sum() == 17_167


def test_the_claim_and_the_tally_of_machines():
    # the article: half a million to a million; Financial Times: two million switched off
    estimates = ml.load("employment_estimates").set_index("estimate")
    assert estimates.loc["article_claim", ["value_low", "value_high"]].tolist() == [5e5, 1e6]
    assert estimates.loc["rigs_offline", "value_low"] == 2_000_000
    assert estimates.loc["rigs_moved_kazakhstan", "value_low"] == 87_849


def test_bitmain_had_about_1800_people_in_2019():
    # The Block's list of October 2019
    staff = ml.load("company_staff").set_index(["company", "month"])
    assert staff.loc[("bitmain", pd.Timestamp("2019-10-01")), "staff_low"] == 1_800


def test_output_of_china_in_2021():
    # National Bureau of Statistics, January 2022: 114,367.0 billion yuan
    row = ml.load("national_accounts").iloc[0]
    assert row["gdp_cny"] / 1e9 == pytest.approx(114_367.0)


def test_events_of_the_network_agree_with_the_headers():
    # the headers prove themselves; the rows of events were written from press reports
    events = ml.load("events").set_index("event")
    epochs = ml.load("difficulty_epochs").set_index("start_date")
    published = {
        "retarget_may29": -15.97,
        "retarget_jun13": -5.3,
        "retarget_jul3": -27.94,
        "retarget_jul17": -4.8,
    }
    for event, percent in published.items():
        change = epochs.loc[events.loc[event, "date"], "change_pct"]
        assert change == pytest.approx(percent, abs=0.05), event
    halvings = ml.load("halvings").set_index("event")["time"].dt.date
    for number, year in enumerate((2012, 2016, 2020, 2024), 1):
        assert halvings[f"halving_{number}"] == events.loc[f"halving_{year}", "date"].date()


def test_an_act_says_what_it_does_to_mining_and_until_when():
    events = ml.load("events")
    assert events["effect"].notna().equals(events["category"] == "policy")
    ends = events.dropna(subset=["until"])
    assert (ends["until"] > ends["date"]).all()
    effects = events.set_index("event")["effect"]
    # NDRC, 2021: no new projects, orderly exit of the old; the notice on trading leaves mining out
    assert (effects["notice_1283"], effects["notice_924"]) == ("phases_out", "none")
    # TASS, December 2024: ten regions until 15 March 2031
    last = events.set_index("event").loc["ru_bans_2025"]
    assert (last["effect"], str(last["until"].date())) == ("forbids", "2031-03-15")


def test_the_years_after_the_crackdown_have_their_acts_abroad():
    acts = ml.timeline.events("policy", start="2022-02-01").dropna(subset=["country"])
    abroad = set(acts["country"]) - {"china"}
    assert {"kazakhstan", "russia", "usa", "paraguay", "ethiopia", "norway", "kuwait"} <= abroad
