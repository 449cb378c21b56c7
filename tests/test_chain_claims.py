# SPDX-License-Identifier: MIT
"""Statements on the hash rate of a day, tried on its blocks."""

import numpy as np
import pytest

import minelib as ml
from minelib.claims import chain_claims
from minelib.claims.chain import _change, _verdict
from minelib.errors import BadParameter


def test_every_statement_has_a_verdict_its_interval_and_a_reason():
    table = chain_claims(lang="en")
    assert list(table["statement"]) == list(ml.load("chain_claims")["statement"])
    assert set(table["verdict"]) <= set(ml.claims.VERDICTS)
    assert (table["lower"] < table["computed"]).all() and (table["computed"] < table["upper"]).all()
    assert table["reason"].str.len().min() > 10


def test_the_statement_of_december_2025_lies_inside_the_noise_of_a_day():
    row = chain_claims().set_index("statement").loc["december_day"]
    assert row["lower"] <= -8 <= row["upper"] and row["lower"] <= 0 <= row["upper"]
    assert row["verdict"] == "unverifiable"
    # a day's 144 blocks leave a change from one day to the next about a fifth either way
    assert 30 < row["upper"] - row["lower"] < 60


def test_a_count_of_58_blocks_was_reported_for_27_june_2021():
    # Glassnode's count for the day, as reported on 28 June
    row = chain_claims().set_index("statement").loc["june_58"]
    assert row["blocks"] == 58
    assert row["lower"] <= row["value"] <= row["upper"]


def test_the_interval_of_a_change_covers_what_it_says():
    rng = np.random.default_rng(1)
    for before, after in ((144, 130), (25, 12), (1000, 530)):
        truth, inside = 100 * (after / before - 1), 0
        for n, m in rng.poisson((before, after), (2000, 2)):
            if n and m:
                _value, low, high = _change((n, float(n), 1), (m, float(m), 1), 0.9)
                inside += low <= truth <= high
        assert 0.885 <= inside / 2000 <= 0.96  # exact intervals hold at least what they say


def test_a_difficulty_twice_as_high_counts_each_block_twice():
    same, *_bounds = _change((100, 100.0, 1), (100, 200.0, 1), 0.9)
    assert same == pytest.approx(100)
    longer, *_bounds = _change((100, 100.0, 1), (100, 100.0, 2), 0.9)
    assert longer == pytest.approx(-50)


@pytest.mark.parametrize(
    ("stated", "interval", "verdict"),
    [
        (-30.0, (-28.0, -35.0, -20.0), "supported"),
        (-30.0, (-28.0, -29.0, -27.0), "supported"),  # within the tolerance
        (-30.0, (-24.0, -26.0, -22.0), "imprecise"),
        (-30.0, (-10.0, -14.0, -6.0), "contradicted"),
        (-30.0, (10.0, 5.0, 15.0), "contradicted"),
        (-8.0, (4.0, -15.0, 29.0), "unverifiable"),
        (-8.0, (4.0, -3.0, 9.0), "contradicted"),
        (20.0, (18.0, 10.0, 25.0), "supported"),
    ],
)
def test_the_verdict_follows_the_interval(stated, interval, verdict):
    assert _verdict(stated, *interval, "percent", 5.0) == verdict


def test_both_labellings_and_both_treatments_are_one_parameter_away():
    table = chain_claims().set_index("statement")
    newer = chain_claims(labels="2026").set_index("statement")
    assert newer.loc["outage_btccom", "blocks"] < table.loc["outage_btccom", "blocks"]
    median = chain_claims(times="median")
    np.testing.assert_allclose(median["computed"], table["computed"], rtol=0.2)
    with pytest.raises(BadParameter, match="2025"):
        chain_claims(labels="2024")


def test_words_and_reasons_are_in_the_language():
    table = chain_claims(lang="zh")
    for column in ("words", "reason"):
        assert table[column].str.contains("[一-鿿]").all()
