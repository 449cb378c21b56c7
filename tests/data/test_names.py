# SPDX-License-Identifier: MIT
"""The tables of names, against facts that stand outside the package."""

import re

import pytest

import minelib as ml


@pytest.fixture(scope="module")
def places():
    return ml.load("places").set_index("place")


def test_iso_codes_are_the_published_ones(places):
    # ISO 3166-1 and 3166-2:CN
    assert places.loc["kazakhstan", "iso_alpha_3"] == "KAZ"
    assert places.loc["sichuan", "iso_3166_2"] == "CN-SC"
    assert places.loc["inner_mongolia", "iso_3166_2"] == "CN-NM"
    assert places.loc["hong_kong", ["iso_alpha_3", "iso_3166_2"]].tolist() == ["HKG", "CN-HK"]


def test_names_that_are_easily_confused_stay_apart(places):
    assert places.loc["shaanxi", "name_zh"] == "陕西"
    assert places.loc["shanxi", "name_zh"] == "山西"
    # the mine of the 2023 film stood in Jiangxi, not in the capital of Fujian
    assert places.loc["fuzhou_jx", ["name_zh", "parent"]].tolist() == ["抚州", "jiangxi"]
    assert places.loc["georgia", "kind"] == "country"
    assert places.loc["georgia_us", "parent"] == "usa"


def test_china_has_34_divisions_and_the_united_states_50_states_and_a_district(places):
    # 34 first-level divisions in ISO 3166-2:CN; 50 states and the District of Columbia
    assert (places["kind"] == "province").sum() == 34
    assert (places["kind"] == "state").sum() == 51


def test_every_place_has_a_chinese_name_in_chinese(places):
    written = places["name_zh"].map(lambda name: bool(re.search("[㐀-鿿]", name)))
    assert places.index[~written].tolist() == []


def test_the_maker_of_the_m30_and_the_trade_of_microstrategy():
    # MicroBT makes WhatsMiner (神马); MicroStrategy sells software and holds bitcoin
    machines = ml.load("machine_names").set_index("machine_name")
    assert machines.loc["m30s", ["maker", "name_zh"]].tolist() == ["microbt", "神马矿机M30S"]
    companies = ml.load("companies").set_index("company")
    assert companies.loc["microstrategy", ["role", "country"]].tolist() == ["holder", "usa"]


def test_documents_carry_their_numbers():
    # numbers as printed on the documents
    documents = ml.load("documents").set_index("document")
    assert documents.loc["notice_924", "number"] == "银发〔2021〕237号"
    assert documents.loc["notice_1283", "number"] == "发改运行〔2021〕1283号"
    assert len(documents.loc["notice_924", "bodies"].split(";")) == 10


def test_hash_rate_and_computing_power_share_a_chinese_word():
    terms = ml.load("terms").set_index("term")
    assert terms.loc["hashrate", "name_zh"] == "算力"
    assert terms.loc["computing_power", "name_zh"].startswith("算力")
    assert terms.loc["kwh", "name_zh"] == "度"


def test_notice_42_repeals_one_document_and_rests_on_the_mining_notice():
    relations = ml.load("document_relations")
    repealed = relations.query("document == 'notice_26' and relation == 'repeals'")
    assert repealed["other_document"].tolist() == ["notice_924"]
    cited = relations.query("document == 'notice_26' and relation == 'cites'")["other_document"]
    assert set(cited) == {"notice_1283", "catalogue_2024"}
    assert (relations["document"] != relations["other_document"]).all()
