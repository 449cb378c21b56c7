# SPDX-License-Identifier: MIT
"""The network tables against published points and against each other."""

import numpy as np
import pandas as pd
import pytest

import minelib as ml


@pytest.fixture(scope="module")
def daily():
    return ml.load("network_daily").set_index("date")


@pytest.fixture(scope="module")
def epochs():
    return ml.load("difficulty_epochs").set_index("epoch")


def test_no_day_is_missing_and_the_range_is_the_described_one(daily):
    assert (daily.index[1:] - daily.index[:-1] == pd.Timedelta(days=1)).all()
    assert daily.index[0] == pd.Timestamp("2009-01-03")
    assert daily.index[-1] == pd.Timestamp("2026-06-01")


def test_lowest_day_of_2021_is_27_june_at_57_47_eh(daily):
    # CCAF, "Bitcoin mining: an (un)surprising resurgence?", May 2022: 57.47 EH/s on 27 June 2021
    year = daily.loc["2021", "hashrate_eh_s"]
    assert year.idxmin() == pd.Timestamp("2021-06-27")
    assert year.min() == pytest.approx(57.47, abs=0.01)


def test_trailing_week_has_its_extremes_where_the_record_puts_them(daily):
    # 180.8 EH/s on 13 May and 84.8 EH/s on 2 July 2021, trailing seven-day means
    week = daily["hashrate_eh_s"].rolling(7).mean().loc["2021"]
    assert week.loc[:"2021-07-31"].idxmax() == pd.Timestamp("2021-05-13")
    assert week.loc["2021-05-13"] == pytest.approx(180.8, abs=0.1)
    assert week.loc["2021-07-02"] == pytest.approx(84.8, abs=0.1)


def test_hash_price_is_subsidy_and_fees_over_work(daily):
    # law: (subsidy + mean fee per block) x price / (difficulty x 2^32) per hash, x 86,400 s x 1e15
    d = daily.loc["2016":"2025"]
    coins = (d.issuance_btc + d.fees_btc) / d.block_count
    law = coins * d.price_usd / (d.difficulty * 2.0**32) * 86_400 * 1e15
    assert np.allclose(law, d.hashprice_usd_ph_day, rtol=2e-4)
    assert np.allclose((d.issuance_btc + d.fees_btc) * d.price_usd, d.revenue_usd, rtol=1e-6)


def test_heights_are_the_running_sum_of_blocks(daily):
    assert (daily["block_count"].cumsum() == daily["height"]).all()


def test_difficulty_fell_by_27_94_percent_on_3_july_2021(epochs):
    # the largest fall so far, reported at the time as -27.94 %
    row = epochs.loc[342]
    assert row.start_time == pd.Timestamp("2021-07-03T06:34:06Z")
    assert row.change_pct == pytest.approx(-27.94, abs=0.005)
    assert epochs["change_pct"].idxmin() == 342


def test_three_grades_of_epoch_rows(epochs):
    proved = epochs["header_hex"].notna()
    assert proved.sum() == 437 and proved.iloc[:437].all()
    assert (proved == (epochs["verification"] == "header_pow_checked")).all()
    assert (proved == (epochs["time_basis"] == "block_header")).all()
    assert (epochs["time_basis"] == "block_list").sum() == 33
    # an epoch whose next one starts at an estimated time has an estimated duration
    assert epochs.loc[468, "duration_basis"] == "block_header"
    assert epochs.loc[469, "duration_basis"] == "estimated"
    # both started within the first 80 minutes of their day
    days = epochs.set_index("start_height")["start_date"]
    assert days[899136] == pd.Timestamp("2025-05-31")
    assert days[925344] == pd.Timestamp("2025-11-27")


def test_the_retarget_rule_holds_the_times_taken_from_the_list_of_blocks(epochs):
    # 2,015 blocks took the time that the next target implies; one more block, of ten minutes on
    # average, lies between them and the next start
    listed = epochs.loc[436:469]
    target = listed["bits_hex"].map(ml.chain.target).astype(float)
    implied = 1_209_600 * (target.shift(-1) / target)
    waited = (listed["duration_s"] - implied).iloc[:-1]
    assert waited.between(0, 6 * 3600).all()
    assert waited.mean() == pytest.approx(600, abs=4 * 600 / len(waited) ** 0.5)
    broken = epochs.reset_index()
    broken.loc[450, "start_time"] += pd.Timedelta(hours=3)
    assert {column for row, column, rule in ml.chain.check_epochs(broken)} >= {"bits_hex"}


def test_epoch_starts_lie_within_the_day_counts(epochs, daily):
    # days are cut by median time past, so a boundary block may be counted up to one day earlier
    real = epochs[epochs["time_basis"] != "estimated"].iloc[1:]
    day = daily["height"].reindex(real["start_date"]).to_numpy()
    before = daily["height"].reindex(real["start_date"] - pd.Timedelta(days=2)).to_numpy()
    assert (real["start_height"].to_numpy() <= day).all()
    assert (real["start_height"].to_numpy() > before).all()


def test_halvings_pay_the_scheduled_subsidy(daily):
    halvings = ml.load("halvings").set_index("event")
    # 210,000 blocks a step, the subsidy halves each time: 50 x 2^-n
    assert halvings["height"].tolist() == [210_000 * n for n in range(5)]
    assert halvings["subsidy_after_btc"].tolist() == [50 / 2**n for n in range(5)]
    unix = [1231006505, 1354116278, 1468082773, 1589225023, 1713571767]
    assert [int(t.timestamp()) for t in halvings["time"]] == unix
    day_after = daily.loc["2020-05-13"]
    assert day_after.issuance_btc / day_after.block_count == pytest.approx(6.25)


def test_price_peaks(daily):
    peaks = ml.load("price_peaks")
    # 20,089 USD within 17 December 2017 (CoinMarketCap) and 69,000 on 10 November 2021 (Bitstamp)
    top = peaks[peaks["metric"] == "highest_intraday"].set_index(["peak", "source"])["price_usd"]
    assert top[pd.Timestamp("2017-12-01"), "yahoo_btc_usd"] == 20_089.0
    assert top[pd.Timestamp("2021-11-01"), "hotstopper_btc_csv"] == 69_000.0
    # 126,198 on 6 October 2025 (CoinMarketCap), above the close of every source
    assert top[pd.Timestamp("2025-10-01"), "yahoo_btc_usd"] == pytest.approx(126_198.07)
    # the rows of the daily publisher are the daily table's own values
    own = peaks[peaks["source"] == "coinmetrics"]
    assert np.allclose(daily["price_usd"].reindex(own["date"]), own["price_usd"], atol=0.006)
