# SPDX-License-Identifier: MIT
"""The events as a table, and the figures of claims, employment and events."""

import pandas as pd
import pytest

import minelib as ml
from minelib import plots
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


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_figures_are_drawn_in_both_languages(lang):
    people = ml.employment.estimate(draws=500)
    charts = [
        plots.timeline.lanes(events(lang=lang), lang=lang),
        plots.timeline.listing(events(start="2021-06-01", end="2021-06-30", lang=lang), lang=lang),
        plots.claims.verdicts(ml.claims.score(lang=lang), lang=lang),
        plots.claims.claimed_and_computed(ml.claims.claims(lang), lang=lang),
        plots.employment.stages(people.table(lang), (5e5, 1e6), lang=lang),
        plots.employment.drivers(people.drivers(lang=lang), lang=lang),
        plots.employment.needed(
            people.required(lang=lang), people.required(1e6, lang=lang), lang=lang
        ),
    ]
    for chart in charts:
        assert chart.alt
        chart.canvas.draw()


def test_every_event_is_a_dot_of_its_own():
    chart = plots.timeline.lanes(events(), zoom=None)
    dots = [tuple(dot) for marks in chart.axes[0].collections for dot in marks.get_offsets()]
    assert len(dots) == len(set(dots)) == 123


def test_crosses_stand_at_what_is_needed():
    people = ml.employment.estimate(draws=500)
    lower, upper = people.required(5e5), people.required(1e6)
    chart = plots.employment.needed(lower, upper)
    at = {round(float(x), 6) for line in chart.axes[0].lines if line.get_marker() == "X"
          for x in line.get_xdata() if x == x}  # fmt: skip
    for frame in (lower, upper):
        frame = frame.dropna(subset=["needed"])
        assert {round(x, 6) for x in frame["needed"] / frame["central"]} <= at


def test_only_numbers_of_the_article_are_set_against_computed_ones():
    chart = plots.claims.claimed_and_computed(ml.claims.claims("en"), lang="en")
    shown = {int(t.get_text().split()[0]) for t in chart.axes[0].get_yticklabels()}
    claims = {c.number: c for c in ml.claims.claims("en")}
    assert {claims[n].id for n in shown} >= {"us_38", "world_150twh", "price_2017_20k"}
    assert not any(r.yardstick for n in shown for r in claims[n].readings)


def test_a_listing_of_one_event_works():
    one = events(start="2021-09-24", end="2021-09-24")
    assert isinstance(one, pd.DataFrame)
    plots.timeline.listing(one).canvas.draw()
