# SPDX-License-Identifier: MIT
import random

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st
from scipy.stats import poisson

import minelib as ml
from minelib.errors import BadInput, BadParameter, UnknownName


@pytest.fixture(scope="module")
def epochs():
    return ml.load("difficulty_epochs")


def test_genesis_is_the_one_everybody_knows(epochs):
    # hash and nonce of the genesis block are consensus constants
    assert ml.chain.block_hash(epochs["header_hex"][0]) == (
        "000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f"
    )
    header = ml.chain.parse_header(epochs["header_hex"][0])
    assert (header.version, header.time, header.nonce) == (1, 1231006505, 2083236893)


def test_every_header_proves_itself(epochs):
    assert epochs["header_hex"].notna().sum() == 437
    assert ml.chain.check_epochs(epochs) == []


def test_any_flipped_bit_in_a_header_is_caught(epochs):
    rng = random.Random(340)
    for _ in range(60):
        row = rng.randrange(437)
        raw = bytearray.fromhex(epochs["header_hex"][row])
        raw[rng.randrange(80)] ^= 1 << rng.randrange(8)
        damaged = epochs.copy()
        damaged.loc[row, "header_hex"] = raw.hex()
        assert any(r == row for r, _column, _rule in ml.chain.check_epochs(damaged))


@pytest.mark.parametrize(
    "column, change",
    [
        ("difficulty", lambda v: v * 1.00001),
        ("chainwork_hex", lambda v: f"{int(v, 16) + 1:064x}"),
        ("previous_hash", lambda v: "f" * 64),
        ("start_time", lambda v: v + pd.Timedelta(seconds=1)),
        ("change_pct", lambda v: v + 0.01),
        ("duration_s", lambda v: v + 2),
        ("bits_hex", lambda v: "170b3ce9"),
        ("start_height", lambda v: v + 1),
    ],
)
def test_any_altered_fact_of_an_epoch_is_caught(epochs, column, change):
    damaged = epochs.copy()
    damaged.loc[342, column] = change(damaged.loc[342, column])
    assert any(r in (342, 343) for r, _c, _rule in ml.chain.check_epochs(damaged))


def test_a_false_time_breaks_the_retarget_rule(epochs):
    # the header itself is left out, so that only the rule between epochs can notice
    damaged = epochs.copy()
    shift = pd.Timedelta(hours=9)
    damaged.loc[341, "start_time"] += shift
    rules = [rule for r, _c, rule in ml.chain.check_epochs(damaged) if r in (341, 342)]
    assert any("retarget" in rule for rule in rules)


def test_well_known_retargets():
    # widely published: -27.94 % on 3 July 2021, the largest fall on record, then -4.81 %
    changes = ml.chain.retargets()["change_pct"]
    assert round(changes["2021-07-03"], 2) == -27.94
    assert changes.idxmin() == pd.Timestamp("2021-07-03")
    assert round(changes["2021-07-17"], 2) == -4.81


def test_lowest_day_of_2021():
    # 58 blocks on 27 June 2021: published counts of that day
    days = ml.chain.hash_rate("D", "2021-01-01", "2021-12-31")
    assert days["hashrate_eh_s"].idxmin() == pd.Timestamp("2021-06-27")
    assert days.loc["2021-06-27", "blocks"] == 58
    assert days.loc["2021-06-27", "hashrate_eh_s"] == pytest.approx(57.5, abs=0.05)


def test_target_work_and_difficulty_of_known_compact_values():
    # the example of the developer documentation: 0x1b0404cb
    assert ml.chain.target("1b0404cb") == 0x0404CB * 2 ** (8 * (0x1B - 3))
    assert ml.chain.difficulty("1b0404cb") == pytest.approx(16307.420938523983, rel=1e-12)
    assert ml.chain.work("1d00ffff") == 0x100010001


@pytest.mark.parametrize("bad", ["", "zz", "00" * 79, None])
def test_what_is_no_header_is_refused(bad):
    with pytest.raises(BadParameter, match="80 bytes|text"):
        ml.chain.parse_header(bad)


@pytest.mark.parametrize("bad", ["zz", "1d00ffff00", -1, 2**32, 1e12, "0", None, b"x"])
def test_what_is_no_target_is_refused(bad):
    with pytest.raises(BadParameter, match="bits"):
        ml.chain.difficulty(bad)


def test_a_table_that_is_not_the_epochs_is_refused(epochs):
    with pytest.raises(BadInput, match="bits_hex"):
        ml.chain.check_epochs(epochs.drop(columns="bits_hex"))


@pytest.mark.parametrize("freq", ml.chain.FREQUENCIES)
def test_hash_rate_lies_in_its_interval(freq):
    frame = ml.chain.hash_rate(freq)
    seen = frame[frame["blocks"] > 0]
    assert (seen["lower_eh_s"] < seen["hashrate_eh_s"]).all()
    assert (seen["hashrate_eh_s"] < seen["upper_eh_s"]).all()
    assert frame.index.is_monotonic_increasing and frame.index.is_unique
    assert frame.index.name == "date"


def test_weeks_begin_on_monday_and_months_on_their_first_day():
    assert (ml.chain.hash_rate("W").index.day_of_week == 0).all()
    assert (ml.chain.hash_rate("ME").index.day == 1).all()


def test_windows_of_any_length_add_up_to_the_same_work():
    def hashes(freq):
        frame = ml.chain.hash_rate(freq)
        return (frame["hashrate_eh_s"] * frame["days"]).sum()

    assert hashes("W") == pytest.approx(hashes("D"), rel=1e-12)
    assert hashes("ME") == pytest.approx(hashes("D"), rel=1e-12)


def test_daily_rate_agrees_with_headers():
    # two independent ways: counted blocks a day, and times in proof-of-work headers
    epochs = ml.chain.hash_rate("epoch", "2015-01-01", "2024-12-01")
    days = ml.chain.hash_rate("D")["hashrate_eh_s"]
    ratios = [
        days[start : start + pd.Timedelta(days=length)].mean() / rate
        for start, length, rate in zip(
            epochs.index, epochs["days"], epochs["hashrate_eh_s"], strict=True
        )
    ]
    assert np.mean(ratios) == pytest.approx(1, abs=0.005)


def test_bounds_of_dates_are_inclusive():
    frame = ml.chain.hash_rate("D", "2021-06-01", "2021-06-30")
    assert len(frame) == 30
    with pytest.raises(BadParameter, match="start"):
        ml.chain.hash_rate("D", "2021-07-01", "2021-06-01")
    with pytest.raises(UnknownName, match="epoch"):
        ml.chain.hash_rate("epochs")


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 3000), st.floats(0.5, 0.99))
def test_poisson_interval_is_exact(count, level):
    # by its definition: the bounds are the means at which a count as extreme has
    # a probability of (1 - level) / 2
    (lower,), (upper,) = (np.atleast_1d(b) for b in ml.chain.poisson_interval([count], level))
    tail = (1 - level) / 2
    assert poisson.cdf(count, upper) == pytest.approx(tail, rel=1e-6)
    if count:
        assert poisson.sf(count - 1, lower) == pytest.approx(tail, rel=1e-6)
    else:
        assert lower == 0


def test_level_outside_its_range_is_refused():
    for level in (0, 1, 1.5, -0.1):
        with pytest.raises(BadParameter, match="level"):
            ml.chain.hash_rate("D", level=level)


# ---- verify -----------------------------------------------------------------------------


def test_verify_counts_what_it_checked():
    report = ml.verify()
    assert report.ok, str(report)
    assert report.headers == 437
    assert report.tables == len(ml.catalog.list())
    assert report.rows == sum(len(ml.load(n)) for n in ml.catalog.list()["name"])
    assert f"{report.headers}" in str(report) and len(report.frame()) == 0


def test_verify_names_a_damaged_header(data_copy):
    path = data_copy / "network/difficulty_epochs.csv"
    text = path.read_text(encoding="utf-8")
    header = ml.load("difficulty_epochs")["header_hex"][342]
    flipped = header[:-1] + ("0" if header[-1] != "0" else "1")
    path.write_text(text.replace(header, flipped), encoding="utf-8", newline="\n")
    report = ml.verify(data_copy)
    assert not report.ok
    problem = report.problems[0]
    assert (problem.file, problem.line, problem.column) == (
        "network/difficulty_epochs.csv",
        344,
        "header_hex",
    )


def test_verify_catches_a_header_even_when_everything_was_stamped_again(data_copy):
    from minelib.catalog import Catalog

    path = data_copy / "network/difficulty_epochs.csv"
    text = path.read_text(encoding="utf-8")
    header = ml.load("difficulty_epochs")["header_hex"][100]
    flipped = header[:20] + ("0" if header[20] != "0" else "1") + header[21:]
    path.write_text(text.replace(header, flipped), encoding="utf-8", newline="\n")
    Catalog(data_copy).stamp()
    Catalog(data_copy).write_generated()
    report = ml.verify(data_copy)
    assert any("proof of work" in p.rule and p.line == 102 for p in report.problems)


def test_growth_by_hand():
    months = ml.chain.hash_rate("ME")["hashrate_eh_s"]
    grown = ml.chain.growth("2013-01-15", "2021-04-30")
    factor = months["2021-04-01"] / months["2013-01-01"]
    assert grown.loc["factor", "value"] == pytest.approx(factor)
    # 8 years and 3 months
    assert grown.loc["per_year", "value"] == pytest.approx(factor ** (1 / 8.25))
    assert 2 ** (99 / grown.loc["doubling_months", "value"]) == pytest.approx(factor)
    assert (grown["lower"] < grown["value"]).all() and (grown["value"] < grown["upper"]).all()
    fallen = ml.chain.growth("2021-05-01", "2021-07-01")
    assert fallen.loc["factor", "value"] < 1 and np.isnan(fallen.loc["doubling_months", "value"])
    with pytest.raises(BadParameter, match="earlier month"):
        ml.chain.growth("2021-05-01", "2021-05-31")
