# SPDX-License-Identifier: MIT
"""The events as a table, the acts of policy among them, and what is said of them elsewhere."""

import json
import re

import pandas as pd
import pytest
from texts import ROOT, misread, ours

import minelib as ml
from minelib import timeline, words
from minelib.errors import BadParameter, OutOfCoverage, UnknownName
from minelib.timeline import CATEGORIES, categories, events, in_force, legal_status

DAY = pd.Timedelta(days=1)


@pytest.fixture(scope="module")
def table():
    return ml.load("events").set_index("event")


@pytest.fixture(scope="module")
def documents():
    return ml.load("documents").set_index("document")


def test_all_events_in_order():
    frame = events()
    assert len(frame) == len(ml.load("events"))
    assert frame["date"].is_monotonic_increasing
    assert set(frame["category"]) == set(CATEGORIES)
    assert events(window=True)["date"].dt.year.between(2013, 2024).all()


def test_a_country_takes_in_its_provinces_and_states():
    china = events(place="china")
    assert "sichuan_order" in set(china["event"])
    texas = events(place="texas")
    assert "uri" in set(texas["event"]) and (texas["place"] == "texas").all()
    assert set(texas["event"]) < set(events(place="usa")["event"])
    both = events(place=["iran", "russia"])
    assert len(both) == len(events(place="iran")) + len(events(place="russia"))


def test_days_are_inclusive_at_both_ends():
    day = events(start="2021-09-24", end="2021-09-24")
    assert day["event"].tolist() == ["notices_published"]


def test_events_know_the_claims_they_bear_on():
    frame = events().set_index("event")
    assert "turning_point_924" in frame.loc["notices_published", "claims"].split(";")
    claims = ml.load("claims")
    linked = claims["events"].dropna().str.split(";").explode()
    shown = frame["claims"].str.split(";").explode()
    assert (shown != "").sum() == len(linked)


def test_titles_bodies_and_numbers_follow_the_language():
    en, zh = events(lang="en").set_index("event"), events(lang="zh").set_index("event")
    assert en.loc["notice_924", "title"].startswith("Ten-body")
    assert zh.loc["notice_924", "title"].startswith("关于进一步防范")
    assert en.loc["sichuan_order", "issuing_bodies"].endswith("; Sichuan Energy Bureau")
    assert zh.loc["sichuan_order", "issuing_bodies"].endswith("；四川省能源局")
    both = en.loc["notices_published", "document_number"]
    assert both == "银发〔2021〕237号; 发改运行〔2021〕1283号"
    assert en.loc["halving_2012", ["issuing_bodies", "document_number"]].isna().all()
    assert list(categories("zh")) == list(categories("en"))


def test_an_hour_is_told_in_utc():
    # The Block, 9 June 2021: 2 p.m. in Beijing is 06:00 UTC; Caixin: Heishui went dark at 9 p.m.
    times = events().set_index("event")["time"]
    assert times["zhundong"] == pd.Timestamp("2021-06-09 06:00")
    assert times["heishui_off"] == times["btcm_cut"] == pd.Timestamp("2021-06-19 13:00")
    assert times["uri"] == pd.Timestamp("2021-02-15 07:30"), "winter time of Texas"
    assert pd.isna(times["anhui"])


def test_an_hour_has_its_zone_and_what_it_means(table):
    parts = table[["time_local", "time_zone", "time_kind"]].notna()
    assert parts.all(axis=1).equals(parts.any(axis=1))


def test_bad_filters_are_refused():
    with pytest.raises(UnknownName, match="policy"):
        events(category="polic")
    with pytest.raises(UnknownName, match="sichuan"):
        events(place="sichuann")
    with pytest.raises(BadParameter, match="start"):
        events(start="2022-01-01", end="2021-01-01")
    with pytest.raises(BadParameter, match="end"):
        events(end="never")


# --- acts of policy --------------------------------------------------------------------------


def test_every_document_belongs_to_an_event_and_has_its_bodies(table, documents):
    rows = table.dropna(subset=["documents"])
    pairs = rows.assign(document=rows["documents"].str.split(";")).explode("document")
    assert set(pairs["document"]) == set(documents.index)
    for row in pairs.itertuples():
        bodies = set(documents.loc[row.document, "bodies"].split(";"))
        assert bodies <= set(row.bodies.split(";")), row.Index


def test_an_act_of_policy_says_who_governs_and_what_sort_it_is(table):
    policy = table["category"] == "policy"
    for column in ("government", "act"):
        assert table.loc[policy, column].notna().all()
    provincial = table[policy & (table["country"] == "china") & (table["government"] != "national")]
    assert provincial["place"].notna().all() and provincial["bodies"].notna().all()


def test_the_two_notices_are_told_apart(table, documents):
    # NDRC, question and answer of 24 September 2021: eleven bodies, the notice on mining;
    # Xinhua of the same day: ten bodies, the notice on trading
    mining, trading = documents.loc["notice_1283"], documents.loc["notice_924"]
    assert len(mining["bodies"].split(";")) == 11 and len(trading["bodies"].split(";")) == 10
    day = table.loc["notices_published", "date"]
    assert mining["published"] == trading["published"] == day == pd.Timestamp("2021-09-24")
    assert mining["signed"] == table.loc["notice_1283", "date"] == pd.Timestamp("2021-09-03")
    assert trading["signed"] == table.loc["notice_924", "date"] == pd.Timestamp("2021-09-15")
    assert "orderly" in mining["mining_en"] and "illegal" not in mining["mining_en"]
    assert trading["mining_en"].startswith("Not its subject")
    assert "illegal" in trading["trading_en"]
    # notice No. 42 of 2026 repeals one document, the notice on trading
    assert trading["ended_by"] == "notice_26" and pd.isna(mining["in_force_until"])


def test_the_waves_of_2021(table):
    # CoinDesk and Forkast, 9 June; Shenzhen Daily: Yunnan on Friday, 11 June; CoinDesk, 18 June
    days = table["date"].dt.strftime("%Y-%m-%d")
    assert days["zhundong"] == days["qinghai"] == "2021-06-09"
    assert (days["yunnan"], days["sichuan_order"]) == ("2021-06-11", "2021-06-18")
    assert days["sichuan_deadline"] == "2021-06-20"
    acts = events("policy", "china", start="2021-06-01", end="2021-09-23")
    last = acts[acts["government"] == "provincial"].iloc[-1]
    assert (last["event"], last["place"]) == ("hebei", "hebei")


def test_a_document_is_published_after_it_is_signed_and_ends_after_that(documents):
    for early, late in (("signed", "published"), ("published", "in_force_until")):
        both = documents.dropna(subset=[early, late])
        assert (both[early] <= both[late]).all(), (early, late)
    ended = documents.dropna(subset=["ended_by"])
    new = documents.loc[ended["ended_by"]].set_index(ended.index)
    begins = new["published"].fillna(new["in_force_from"]).fillna(new["signed"])
    assert (ended["in_force_until"] <= begins).all()


# --- what holds when -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def status():
    return legal_status()


def test_spans_follow_each_other_without_a_gap(status):
    for _subject, spans in status.groupby("subject"):
        assert (spans["start"].iloc[1:].array == spans["end"].iloc[:-1] + DAY).all()
        assert spans["end"].isna().tolist() == [*[False] * (len(spans) - 1), True]


def on(day, subject, status):
    spans = status[(status["subject"] == subject) & (status["start"] <= day)]
    return spans.iloc[-1]


def test_what_the_documents_say_of_each_day(status):
    # notice No. 289: people may trade at their own risk; announcement of 4 September 2017
    assert on("2017-09-03", "trading", status)["status"] == "at_own_risk"
    assert on("2017-09-04", "trading", status)["status"] == "venues_closed"
    # both notices were published on 24 September 2021
    assert on("2021-09-23", "mining", status)["status"] == "guided_out"
    assert on("2021-09-24", "mining", status)["status"] == "phased_out"
    assert on("2021-09-24", "trading", status)["documents"] == "notice_924"
    # notice No. 42 of 6 February 2026 takes the place of No. 237; No. 1283 stays
    last = on("2026-06-01", "mining", status)
    assert set(last["documents"].split(";")) == {"notice_1283", "notice_26"}
    ended = on("2026-02-06", "trading", status)
    assert (ended["status"], ended["documents"]) == ("illegal", "notice_26")


def test_it_only_got_stricter(status):
    for _subject, spans in status.groupby("subject"):
        assert spans["status"].cat.codes.is_monotonic_increasing


def test_a_status_follows_the_table(status, monkeypatch):
    read = timeline.load

    def without(name):
        frame = read(name)
        return frame[frame.get("document") != "notice_26"] if name.startswith("document") else frame

    monkeypatch.setattr(timeline, "load", without)
    last = on("2026-06-01", "trading", legal_status())
    # its last day stands in the row of the notice, and nothing renews it
    assert last["status"] == "venues_closed"
    assert on("2026-06-01", "mining", legal_status())["documents"] == "notice_1283"


def test_days_asked_for_are_inclusive(status):
    asked = legal_status("2021-09-23", "2021-09-24")
    assert asked["start"].min() == pd.Timestamp("2021-09-23")
    assert asked["end"].max() == pd.Timestamp("2021-09-24")
    assert asked["status"].astype(str).tolist() == [
        "guided_out",
        "phased_out",
        "venues_closed",
        "illegal",
    ]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_whether_the_notice_is_in_force_is_a_sentence(lang):
    said = in_force("notice_924", lang=lang)
    for number in ("银发〔2021〕237号", "银发〔2026〕42号", "发改运行〔2021〕1283号"):
        assert number in said
    assert words.date(pd.Timestamp("2026-02-05"), lang) in said
    then = in_force("notice_924", "2021-10-01", lang)
    assert words.date(pd.Timestamp("2021-10-01"), lang) in then
    assert in_force("notice_1283", lang=lang) != said
    term = in_force("catalogue_decision", lang=lang)
    assert words.date(pd.Timestamp("2024-01-31"), lang) in term


def test_a_day_that_no_document_reaches_is_refused():
    with pytest.raises(OutOfCoverage, match="2026"):
        in_force("notice_924", "2026-06-01")
    with pytest.raises(UnknownName, match="notice_924"):
        in_force("notice_942")


# --- sources ---------------------------------------------------------------------------------


def test_four_in_five_chinese_acts_name_the_official_page_or_an_agency(table):
    acts = table[(table["category"] == "policy") & (table["country"] == "china")]
    named = acts["source_kind"].isin(["official", "agency"])
    assert named.mean() >= 0.8
    dated = acts.loc[named, "source"].str.contains(r"20\d\d|令第7号")
    assert dated.all(), acts.loc[named].index[~dated]


def test_what_was_not_seen_at_the_source_says_where_it_was_seen(table):
    known = table["seen_in"].notna() | table["address"].notna()
    assert known[table["source_seen"] == "second_hand"].all()
    assert table.loc[table["source_seen"] == "excerpt", "address"].notna().all()
    assert (table.loc[table["source_seen"] == "whole", "source_kind"] == "chain").all()


def test_the_acts_of_the_state_are_at_the_bodies_that_issued_them(documents):
    official = documents["address"].dropna()
    assert official.str.match(r"https?://([a-z]+\.)*gov\.cn/").all()
    assert {"notice_289", "notice_94", "notice_1283", "notice_924", "notice_26"} <= set(
        official.index
    )


# --- what is said of them --------------------------------------------------------------------


def test_no_text_says_that_a_notice_forbade_mining():
    said = {(where, sentence) for where, text in ours() for sentence in misread(text)}
    assert said == set()


@pytest.mark.parametrize(
    "sentence",
    [
        "on 24 September a notice of ten bodies, known in Chinese as “924”, forbade it everywhere",
        "The ten-department notice banned mining.",
        "After the notice, with mining forbidden, the map still shows a part.",
        "9 月 24 日，十个机构联合发布的通知（简称“924 通知”）在全国禁止挖矿。",
        "924通知取缔了矿场。",
    ],
)
def test_a_misreading_is_found(sentence):
    assert misread(f"Something else. {sentence}") != []


def test_the_stages_of_the_notebook_are_days_of_events(table):
    text = (ROOT / "notebooks/02-crackdown.ipynb").read_text(encoding="utf-8")
    cells = ["".join(cell["source"]) for cell in json.loads(text)["cells"]]
    typed = re.findall(r'"(\d{4}-\d\d-\d\d)"', re.search(r"stage_dates = .*", "\n".join(cells))[0])
    days = [str(table.loc[event, "date"].date()) for event, _name in ml.impact.STAGES.values()]
    assert typed == days
