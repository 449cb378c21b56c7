# SPDX-License-Identifier: MIT
"""The events as a table."""

import pytest

import minelib as ml
from minelib.errors import BadParameter, UnknownName
from minelib.timeline import CATEGORIES, categories, events


def test_all_events_in_order():
    frame = events()
    assert len(frame) == 123
    assert frame["date"].is_monotonic_increasing
    assert set(frame["category"]) == set(CATEGORIES)
    assert len(events(window=True)) == 119


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
    table = ml.load("claims")
    linked = table["events"].dropna().str.split(";").explode()
    shown = frame["claims"].str.split(";").explode()
    assert (shown != "").sum() == len(linked)


def test_titles_follow_the_language():
    en, zh = events(lang="en").set_index("event"), events(lang="zh").set_index("event")
    assert en.loc["notice_924", "title"].startswith("Ten-department")
    assert zh.loc["notice_924", "title"].startswith("关于进一步防范")
    assert list(categories("zh")) == list(categories("en"))


def test_bad_filters_are_refused():
    with pytest.raises(UnknownName, match="policy"):
        events(category="polic")
    with pytest.raises(UnknownName, match="sichuan"):
        events(place="sichuann")
    with pytest.raises(BadParameter, match="start"):
        events(start="2022-01-01", end="2021-01-01")
    with pytest.raises(BadParameter, match="end"):
        events(end="never")
