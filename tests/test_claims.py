# SPDX-License-Identifier: MIT
"""Claims: verdicts come from data, by general rules; the ledger is complete in both languages."""

import json
import re
from html import escape

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minelib as ml
from minelib import claims
from minelib.claims import rules
from minelib.claims.evidence import Tables
from minelib.errors import BadInput, BadParameter, UnknownName
from minelib.words import current


@pytest.fixture(scope="module")
def ledger():
    return claims.ledger("en")


def share_of(place, month, value):
    """The table of shares with one value changed."""
    shares = ml.load("country_share")
    here = (shares["place"] == place) & (shares["month"] == month)
    assert here.sum() == 1
    return {"country_share": shares.assign(share_pct=shares["share_pct"].mask(here, value))}


# the ledger


def test_the_computed_claims_and_no_others_are_decided_by_functions():
    table = ml.load("claims")
    computed = table.loc[table["kind"] == "computed", "claim"]
    assert claims.registered() == sorted(computed)


def test_no_verdict_of_a_computed_claim_stands_in_the_data(ledger):
    table = ml.load("claims")
    assert table.loc[table["kind"] == "computed", "verdict"].isna().all()
    assert ledger["verdict"].isin(claims.VERDICTS).all()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_all_carry_evidence_and_sources_in_both_languages(lang):
    frame = claims.ledger(lang)
    assert len(frame) == len(ml.load("claims"))
    for column in ("evidence", "sources", "confidence", "source_seen", "rules"):
        assert (frame[column].str.len() > 0).all(), column


def test_the_ledger_keeps_the_order_of_the_article(ledger):
    table = ml.load("claims").set_index("claim")
    assert table.loc[ledger["id"], "position"].is_monotonic_increasing
    assert ledger["number"].tolist() == list(range(1, len(table) + 1))


def test_filters_and_score_agree(ledger):
    score = claims.score(lang="en").set_index("section")
    for section in claims.sections("en"):
        for verdict in claims.VERDICTS:
            found = claims.ledger("en", section=section, verdict=verdict)
            assert len(found) == score.loc[section, verdict]
    assert score.loc["all", "total"] == len(ledger)
    kinds = claims.score("kind", "en").set_index("kind")["total"].drop("all")
    assert kinds.to_dict() == ml.load("claims")["kind"].value_counts().to_dict()


def test_the_language_asked_for_does_not_stay():
    before = current()
    claims.ledger("zh")
    claims.claim("us_38", "zh")
    assert current() == before


def test_a_claim_shows_its_words_numbers_rule_and_sources():
    claim = claims.claim("sichuan_40_2021", "en")
    assert [r.verdict for r in claim.readings] == ["imprecise", "contradicted"]
    page, text = claim._repr_html_(), str(claim)
    for words in (claim.claim_zh, claim.claim_en, claim.evidence, "of the world"):
        assert words in text
    assert "<svg" in page and "imprecise" in page
    assert claim.documents
    for said, address in claim.documents:
        assert said in text and f'<a href="{escape(address)}">' in page
    assert json.loads(json.dumps(claim.to_dict()))["id"] == "sichuan_40_2021"


def test_the_drawing_places_dot_and_bar_to_scale():
    page = claims.claim("sichuan_40_2021", "en")._repr_html_()
    starts = [float(x) for x in re.findall(r'<line x1="(\d+)" x2="\d+"[^>]*stroke="#ddd"', page)]
    bars = [2 + float(x) for x in re.findall(r'<rect x="([\d.]+)"', page)]
    dots = [float(x) for x in re.findall(r'<circle cx="([\d.]+)"', page)]
    # from zero: 42.59% of China and 14.587% of the world, against 40%
    ratios = [(d - s) / (b - s) for s, b, d in zip(starts, bars, dots, strict=True)]
    assert ratios == pytest.approx([42.59 / 40, 14.587 / 40], abs=0.01)


# against what others published


@pytest.mark.parametrize(
    ("claim", "verdict", "value"),
    [
        # Cambridge, May 2022: China 21.1%, United States 37.84% in January 2022
        ("cn_share_2022_10", "contradicted", 21.11),
        ("us_38", "supported", 37.84),
        # Cambridge, July 2021: 75.5% in September 2019, 46% in April 2021 and falling
        ("cn_share_once_70", "supported", 75.53),
        ("cn_share_may2021_70", "contradicted", 43.98),
        # Xinhua, 24 September 2021: ten bodies
        ("n924_ten_bodies", "supported", 10),
        # Cambridge, August 2023: 89.0 TWh for 2021
        ("world_150twh", "imprecise", 89.0),
        # the high of 10 November came 47 days after the 24 September
        ("price_69k_before_notice", "contradicted", 47),
    ],
)
def test_verdicts_on_published_points(ledger, claim, verdict, value):
    row = ledger.set_index("id").loc[claim]
    assert row["verdict"] == verdict
    assert row["computed_value"] == pytest.approx(value, abs=0.05)


def test_the_pools_are_crossed_in_the_article(ledger):
    # F2Pool's founders: 鱼池 is F2Pool; 蚂蚁矿池 is AntPool
    rows = ledger.set_index("id")
    assert rows.loc[["pool_yichi_f2pool", "pool_yuchi_bw"], "verdict"].eq("contradicted").all()
    assert "AntPool" in rows.loc["pool_yichi_f2pool", "evidence"]


# verdicts come from data


def test_another_share_in_may_2021_is_another_verdict():
    assert claims.decide("cn_share_may2021_70").verdict == "contradicted"
    assert claims.decide("cn_share_may2021_70", share_of("china", "2021-05-01", 75.0)).verdict == (
        "supported"
    )
    assert claims.decide("cn_share_may2021_70", share_of("china", "2021-05-01", 68.0)).verdict == (
        "imprecise"
    )


def test_the_ledger_takes_tables_too():
    moved = claims.ledger("en", share_of("usa", "2022-01-01", 5.0)).set_index("id")
    assert moved.loc["us_38", "verdict"] != "supported"
    assert moved.loc["us_38", "computed_value"] == 5.0


def _changed(table, **columns):
    frame = ml.load(table)
    return {table: frame.assign(**{c: change(frame) for c, change in columns.items()})}


def _scaled(column, factor, **keys):
    """The column of a frame, with the rows that have these values scaled."""

    def change(frame):
        here = pd.Series(True, index=frame.index)
        for name, values in keys.items():
            here &= frame[name].isin(values)
        return frame[column].mask(here, frame[column] * factor)

    return change


def _share(factor, *places, **changed):
    where = {"place": places} if places else {}
    columns = {"share_pct": _scaled("share_pct", factor, **where)} | changed
    return lambda: _changed("country_share", **columns)


def _province(factor, *provinces):
    change = _scaled("share_of_china_pct", factor, province=provinces)
    return lambda: _changed("province_share", share_of_china_pct=change)


def _event(event, day):
    return lambda: _changed(
        "events", date=lambda f: f["date"].mask(f["event"] == event, pd.Timestamp(day))
    )


def _pool_name(pool, name):
    return lambda: _changed("pools", name_zh=lambda f: f["name_zh"].mask(f["pool"] == pool, name))


SHIFTS = {
    "ccaf_attribution": lambda: _changed("index_yearly", best_twh=lambda f: 150.0),
    "cn_70_of_energy": _share(3, "china"),
    "cn_exit_complete": _share(0, "china"),
    "cn_share_2022_10": _share(0.3, "china"),
    "cn_share_may2021_70": _share(1.7, "china"),
    "cn_share_once_70": _share(0.5, "china"),
    "concentration": lambda: _changed("pool_share", share_pct=lambda f: f["share_pct"] * 2),
    "dry_season_north": lambda: _changed("wet_season_months", is_wet=lambda f: ~f["is_wet"]),
    "exit_caused_by_924": _event("notices_published", "2021-06-15"),
    "kz_first_choice": _share(
        0.01, "kazakhstan", hashrate_eh_s=_scaled("hashrate_eh_s", 0.01, place=["kazakhstan"])
    ),
    "low_output": lambda: _changed("national_accounts", gdp_cny=lambda f: 1_000_000),
    "mining_zeroed": _share(0.02, "china"),
    "moved_abroad": lambda: _changed(
        "country_share",
        hashrate_eh_s=lambda f: f["hashrate_eh_s"].mask(
            (f["place"] == "iran") & (f["month"] == "2021-08-01"), 50.0
        ),
    ),
    "n924_ten_bodies": lambda: _changed("events", issuing_bodies_en=lambda f: "One; Two"),
    "netherlands_equal": lambda: _changed("electricity", demand_twh=lambda f: 1000.0),
    "new_hubs": _share(0.01, "canada", "germany", "ireland", "malaysia", "iran", "other"),
    "no_sovereign_volatile": lambda: _changed("network_daily", price_usd=lambda f: 100.0),
    "pool_yichi_f2pool": _pool_name("f2pool", "蚁池"),
    "pool_yuchi_bw": _pool_name("bw", "鱼网"),
    "pools_efficiency": lambda: _changed("machines", hashrate_th_s=lambda f: 1e12),
    "pools_top5": lambda: _changed("pools", chinese_founded=lambda f: False),
    "price_2017_20k": lambda: _changed("price_peaks", price_usd=lambda f: f["price_usd"] * 2),
    "price_2021_69k": lambda: _changed("price_peaks", price_usd=lambda f: f["price_usd"] / 4),
    "price_69k_before_notice": _event("notices_published", "2021-12-01"),
    "regions_four": _province(0.01, "sichuan", "xinjiang", "yunnan"),
    "sichuan_40_2021": _province(0.5, "sichuan"),
    "turning_point_924": _event("notices_published", "2021-05-01"),
    "tx_microstrategy": lambda: _changed(
        "companies", role=lambda f: "miner", country=lambda f: "china"
    ),
    "us_38": _share(0.1, "usa"),
    "us_below_10_2021": _share(0.1, "usa"),
    "went_underground": _share(0, "china"),
    "world_150twh": lambda: _changed("index_yearly", best_twh=lambda f: 150.0),
    "yunnan_xinjiang_30": _province(0.1, "yunnan", "xinjiang"),
}


@pytest.mark.parametrize("claim", claims.registered())
def test_other_evidence_is_another_verdict(claim):
    assert claim in SHIFTS, f"SHIFTS has no line for {claim}"
    before, after = claims.decide(claim), claims.decide(claim, SHIFTS[claim]())
    assert after.verdict not in (before.verdict, "unverifiable"), f"still {before.verdict}"


class Watched(Tables):
    """The package's tables, and which of them were asked for."""

    def __init__(self):
        super().__init__()
        self.asked = set()

    def __getitem__(self, name):
        self.asked.add(name)
        return super().__getitem__(name)


@pytest.mark.parametrize("claim", claims.registered())
def test_a_claim_names_the_tables_it_is_decided_on(claim):
    tables = Watched()
    claims.decide(claim, tables)
    named = ml.load("claims").set_index("claim").loc[claim, "tables"]
    assert set(named.split(";")) == tables.asked - {"claims"}


# gaps


def test_a_missing_month_is_unverifiable_with_the_reason():
    shares = ml.load("country_share")
    gone = shares[~((shares["place"] == "china") & (shares["month"] == "2021-05-01"))]
    outcome = claims.decide("cn_share_may2021_70", {"country_share": gone})
    assert outcome.verdict == "unverifiable"
    assert "country_share" in outcome.evidence and "2021" in outcome.evidence
    row = claims.ledger("en", {"country_share": gone}).set_index("id").loc["cn_share_may2021_70"]
    assert row["verdict"] == "unverifiable"
    assert row["computed_value"] != row["computed_value"]
    assert "missing" in row["rules"]


@pytest.mark.parametrize(
    ("table", "column", "taken"),
    [
        ("country_share", "month", "2021-08-01"),
        ("country_share", "month", "2020-02-01"),
        ("country_share_first_release", "month", "2020-02-01"),
        ("province_share", "month", "2021-05-01"),
        ("province_share", "month", "2020-12-01"),
        ("pool_share", "month", "2021-05-01"),
        ("pool_share", "month", "2018-11-01"),
        ("difficulty_epochs", "start_date", "2021-07-03"),
        ("difficulty_epochs", "start_date", "2021-12-25"),
        ("index_reference", "month", "2021-09-01"),
        ("network_daily", "date", "2021-05-12"),
        ("pools", "pool", "antpool"),
    ],
)
def test_a_row_taken_out_changes_nothing_or_is_named(table, column, taken):
    frame = ml.load(table)
    gone = frame[column] == taken
    assert gone.any()
    named = ml.load("claims").set_index("claim")["tables"]
    concerned = [c for c in claims.registered() if table in named[c].split(";")]
    found = {c: claims.decide(c, {table: frame[~gone]}) for c in concerned}
    gaps = {c for c, outcome in found.items() if outcome.verdict == "unverifiable"}
    assert gaps
    for claim in set(found) - gaps:
        assert found[claim].readings == claims.decide(claim).readings, claim
    for claim in gaps:
        assert table in found[claim].evidence, claim


@pytest.mark.parametrize("claim", claims.registered())
def test_no_claim_guesses_when_its_tables_are_empty(claim):
    table = ml.load("claims").set_index("claim")
    emptied = {n: ml.load(n).iloc[:0] for n in table.loc[claim, "tables"].split(";")}
    assert claims.decide(claim, emptied).verdict == "unverifiable"
    for name, frame in emptied.items():
        if (claim, name) != ("world_150twh", "index_reference"):  # it only adds a sentence
            outcome = claims.decide(claim, {name: frame})
            assert outcome.verdict == "unverifiable" and name in outcome.evidence


@pytest.mark.parametrize(
    ("claim", "table", "column"),
    [
        ("concentration", "pool_share", "share_pct"),
        ("pools_efficiency", "pool_share", "blocks"),
        ("dry_season_north", "wet_season_months", "month_of_year"),
        ("low_output", "network_daily", "revenue_usd"),
        ("us_38", "country_share", "share_pct"),
    ],
)
def test_a_claim_is_not_decided_on_a_missing_value(claim, table, column):
    outcome = claims.decide(claim, _changed(table, **{column: lambda f: float("nan")}))
    assert outcome.verdict == "unverifiable" and table in outcome.evidence


# rules


@pytest.mark.parametrize(
    ("rule", "asked", "found"),
    [
        # within 5% on both sides; off by half of the nearest end and no more; beyond
        (
            "value",
            {"claimed": (80, 100)},
            {"supported": (76, 105), "imprecise": (75, 106, 150), "contradicted": (53, 151)},
        ),
        (
            "bound",
            {"claimed": 100, "side": "over"},
            {"supported": (100.1,), "imprecise": (100, 95), "contradicted": (94.9,)},
        ),
        (
            "bound",
            {"claimed": 100, "side": "under"},
            {"supported": (99.9,), "imprecise": (100, 105), "contradicted": (105.1,)},
        ),
        ("zero", {}, {"supported": (0, 1), "imprecise": (1.1, 5), "contradicted": (5.1,)}),
        ("named", {}, {"supported": (95, 100), "imprecise": (50, 94), "contradicted": (49,)}),
        ("rank", {"claimed": 2}, {"supported": (2,), "imprecise": (1, 3), "contradicted": (4,)}),
        ("order", {}, {"supported": (0, -9), "imprecise": (1, 30), "contradicted": (31,)}),
        ("after", {}, {"supported": (75,), "imprecise": (25, 74), "contradicted": (24,)}),
    ],
)
def test_a_rule_does_what_its_words_say(rule, asked, found):
    # the limits are read from the words of the rules, not from the code
    for verdict, values in found.items():
        for value in values:
            assert claims.Reading.judged(rule, value, "", 5, **asked).verdict == verdict, value


def test_the_yardsticks_are_those_in_the_words():
    words = claims.rule_table("en").set_index("rule").loc["yardstick", "words"]
    stick = claims.YARDSTICKS
    assert f"{stick['volatile_pct']:.0f}%" in words
    assert f"index of {stick['concentrated']}" in words
    assert "fall by half" in words and stick["deep_fall_pct"] == 50
    assert "first three places" in words and stick["main_stage_rank"] == 3
    assert "one percentage point" in words and stick["some_pct"] == 1


def test_a_yardstick_is_never_shown_as_the_article_s_number(ledger):
    held = {c.id for c in claims.claims("en") if any(r.yardstick for r in c.readings)}
    assert held == set(ledger.loc[ledger["rules"].str.contains("yardstick"), "id"])
    page = claims.claim("low_output", "en")._repr_html_()
    assert "Yardstick (grey bar)" in page and "Claimed (grey bar)" not in page
    assert "Claimed (grey bar)" in claims.claim("us_38", "en")._repr_html_()


@given(
    value=st.floats(0.1, 1000),
    claimed=st.floats(0.1, 1000),
    narrow=st.floats(0, 100),
    wide=st.floats(0, 100),
)
def test_more_tolerance_never_makes_a_value_worse(value, claimed, narrow, wide):
    order = claims.VERDICTS.index
    narrow, wide = sorted((narrow, wide))
    strict = claims.Reading.judged("value", value, "", narrow, claimed)
    generous = claims.Reading.judged("value", value, "", wide, claimed)
    assert order(generous.verdict) <= order(strict.verdict)


@given(value=st.floats(0, 100), threshold=st.floats(1, 99))
def test_over_and_under_never_both_hold(value, threshold):
    judged = claims.Reading.judged
    found = [judged("bound", value, "", 0, threshold, side=side) for side in ("over", "under")]
    assert [each.verdict for each in found].count("supported") <= 1


def test_readings_that_disagree_make_a_claim_imprecise():
    one = claims.Reading.judged("zero", 0.0, "percent", 5)
    other = claims.Reading.judged("zero", 50.0, "percent", 5)
    assert claims.Outcome((one, other), "").verdict == "imprecise"
    assert claims.Outcome((other, other), "").verdict == "contradicted"
    assert claims.Outcome((), "gap").verdict == "unverifiable"


def test_every_rule_used_is_stated_in_words(ledger):
    used = {r for cell in ledger["rules"] for r in cell.split(";")}
    assert used <= set(claims.rule_table("en")["rule"])


def test_confidence_sinks_when_the_interval_reaches_over_the_limit(ledger):
    table = ml.load("claims").set_index("claim")
    claim = next(
        c for c in claims.claims("en") if c.readings and not all(r.firm for r in c.readings)
    )
    steps = rules.CONFIDENCE.index
    assert steps(claim.confidence) == steps(table.loc[claim.id, "confidence"]) - 1


# bad input


@pytest.mark.parametrize("tolerance", [-1, 100.5, float("nan"), "much", None])
def test_a_tolerance_outside_0_to_100_is_refused(tolerance):
    with pytest.raises(BadParameter, match="tolerance_pct"):
        claims.ledger("en", tolerance_pct=tolerance)


def test_tables_that_are_none_are_refused():
    shares = ml.load("country_share")
    with pytest.raises(UnknownName, match="country_share"):
        claims.decide("us_38", {"country_shares": shares})
    with pytest.raises(BadInput, match="share_pct"):
        claims.decide("us_38", {"country_share": shares.drop(columns="share_pct")})
    with pytest.raises(BadInput, match="mapping"):
        claims.ledger(tables=[shares])


def test_a_function_may_hand_out_the_tables():
    outcome = claims.decide("us_38", lambda name: ml.load(name))
    assert outcome.verdict == "supported"


def test_the_study_starts_from_the_tolerance_of_the_rules():
    from minelib.errors import BadParameters

    assert ml.studies.Claims().tolerance_pct == rules.TOLERANCE_PCT
    with pytest.raises(BadParameters, match="tolerance_pct"):
        ml.studies.Claims(tolerance_pct=120.0)
    with pytest.raises(BadParameters, match="boom"):
        ml.studies.Claims(section="bom")


def test_unknown_names_offer_the_nearest():
    with pytest.raises(UnknownName, match="us_38"):
        claims.claim("us_39")
    with pytest.raises(UnknownName, match="boom"):
        claims.ledger(section="bom")
    with pytest.raises(UnknownName, match="contradicted"):
        claims.ledger(verdict="contradict")
    with pytest.raises(UnknownName, match="section"):
        claims.score("sections")


# the article's own words


def test_quotations_are_those_checked_against_the_article():
    # the digest was computed where the article lay beside the table
    same = claims.quotation_digest(ml.load("claims")) == claims.article.QUOTATIONS_SHA256
    assert same, "run claims.check_quotations on the article, then renew QUOTATIONS_SHA256"


def test_overlapping_quotations_agree_letter_by_letter():
    letters = {}
    for row in ml.load("claims").itertuples():
        for at, letter in enumerate(row.claim_zh, row.position):
            assert letters.setdefault(at, letter) == letter, row.claim
    assert max(letters) < claims.article.LENGTH


def test_a_changed_letter_is_found():
    table = ml.load("claims")
    text = [" "] * claims.article.LENGTH
    for row in table.itertuples():
        text[row.position : row.position + len(row.claim_zh)] = row.claim_zh
    assert claims.check_quotations("".join(text)) is False  # all stand, but it is not the article
    text[table["position"].iloc[40]] = "鱼"
    with pytest.raises(BadInput, match=table["claim"].iloc[40]):
        claims.check_quotations("".join(text))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_annotated_article_marks_every_claim_once(lang):
    page = claims.annotated(lang=lang)._repr_html_()
    for claim in claims.claims(lang):
        sign = claims.display.SIGNS[claim.verdict]
        assert page.count(f">{claim.number}{sign}</sup>") == 1, claim.id
    assert claims.annotated("outlook", "imprecise", lang)._repr_html_().startswith("<p>")
    assert str(claims.annotated("outlook", "imprecise", lang))


# readings


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_reading_of_every_claim_is_one_row(lang):
    frame, chosen = claims.readings(lang), claims.claims(lang)
    assert len(frame) == sum(len(c.readings) for c in chosen)
    for claim in chosen:
        rows = frame[frame["id"] == claim.id]
        assert rows["verdict"].tolist() == [r.verdict for r in claim.readings]
        assert rows["value"].tolist() == [r.value for r in claim.readings]
        assert rows["reading"].str.startswith(f"{claim.number} ").all()
        said = claim.claim_zh if lang == "zh" else claim.claim_en
        assert all(words.split(" ", 1)[1][:8] == said[:8] for words in rows["reading"])
    assert frame["reading"].is_unique


def test_readings_without_a_number_and_yardsticks_are_told_apart():
    frame = claims.readings("en").set_index("id")
    assert not frame.loc[["us_38", "world_150twh", "price_2017_20k"], "is_yardstick"].any()
    assert frame.loc[["turning_point_924"], "claimed_low"].isna().all()
    yardsticks = frame[frame["is_yardstick"]]
    of_the_rules = {*rules.YARDSTICKS.values()}
    assert of_the_rules <= {*yardsticks["claimed_low"]}


def test_units_that_are_words_are_translated():
    units = {r.unit for c in claims.claims("en") for r in c.readings} - {"rank"}
    known = claims.display.UNIT_WORDS
    unknown = {unit for unit in units if re.search("[a-z]{3}", unit)} - set(known)
    assert not unknown, f"minelib/claims/display.py, UNIT_WORDS lacks {unknown}"


def test_readings_follow_the_tables_and_the_tolerance_asked_for():
    raised = claims.readings("en", share_of("china", "2021-05-01", 75.0)).set_index("id")
    assert raised.loc["cn_share_may2021_70", "verdict"] == "supported"
    wide = claims.readings("en", tolerance_pct=50).set_index("id")
    assert (wide.loc["sichuan_40_2021", "verdict"] == "supported").any()
    with pytest.raises(BadParameter, match="tolerance"):
        claims.readings("en", tolerance_pct=101)
