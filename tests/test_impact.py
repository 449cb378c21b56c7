# SPDX-License-Identifier: MIT
"""The effects of interventions: known points, known effects, bad input."""

import numpy as np
import pandas as pd
import pytest

import minelib as ml
from minelib import impact
from minelib.errors import BadInput, BadParameter, OutOfCoverage, UnknownName
from minelib.impact.placebos import randomisation
from minelib.impact.structural import StructuralModel


@pytest.fixture(scope="module")
def crackdown():
    return impact.effect("2021-05-21", horizon_days=126)


# --- the network's series -------------------------------------------------------------------


def test_the_lowest_day_of_2021_is_the_published_one():
    # Coin Metrics' own series: 58 blocks on 2021-06-27, the lowest day of the year.
    daily = impact.network_series("hashrate", "D", start="2021-01-01", end="2021-12-31")
    assert daily.idxmin() == pd.Timestamp("2021-06-27")
    assert daily.min() == pytest.approx(57.5, abs=0.1)


def test_the_seven_day_mean_passed_its_record_in_december():
    # Reported at the time: 181.8 EH/s on 10 December 2021 against 180.7 in May. A report of a
    # day that is over stands a day later than the day.
    mean = impact.network_series("hashrate", "D", start="2021-01-01").rolling(7).mean()
    assert mean["2021-05"].max() == pytest.approx(180.8, abs=0.2)
    above = mean["2021-06":] > mean["2021-05"].max()
    assert abs(above.idxmax() - pd.Timestamp("2021-12-10")) <= pd.Timedelta(days=1)


def test_the_retarget_of_july_is_the_largest_fall():
    # From 19,932,791,027,262 to 14,363,025,673,659: a fall of 27.94 percent.
    epochs = ml.load("difficulty_epochs").set_index("start_date")["change_pct"]
    assert epochs.idxmin() == pd.Timestamp("2021-07-03")
    assert epochs.min() == pytest.approx(
        100 * (14_363_025_673_659 / 19_932_791_027_262 - 1), abs=0.01
    )


def test_weeks_are_counted_from_the_anchor_and_keep_the_work():
    weekly = impact.network_series("hashrate", "W", anchor="2021-05-21")
    assert pd.Timestamp("2021-05-21") in weekly.index
    daily = impact.network_series("hashrate", "D")
    week = daily["2021-05-21":"2021-05-27"].mean()  # equal days: the mean is the week's rate
    assert weekly["2021-05-21"] == pytest.approx(week, rel=1e-12)


def test_epochs_are_counted_from_the_anchor_and_keep_their_blocks():
    daily = ml.load("network_daily").set_index("date")["block_count"]
    epochs = impact.network_series("hashrate", "epoch", anchor="2021-05-21")
    assert pd.Timestamp("2021-05-21") in epochs.index
    near = epochs["2021-02-01":"2021-09-01"].index
    for first, following in zip(near, near[1:], strict=False):
        blocks = daily[first : following - pd.Timedelta(days=1)].sum()
        assert abs(blocks - 2016) <= daily[near[0] : near[-1]].max()  # edges are sharp to one day
    retargets = impact.network_series("hashrate", "epoch").index
    assert retargets.isin(ml.load("difficulty_epochs")["start_date"]).all()


def test_an_epoch_agrees_with_the_header_only_rate():
    # 2,016 blocks x difficulty x 2^32 over the seconds between headers, apart from day edges.
    epochs = ml.load("difficulty_epochs").dropna(subset=["duration_s"])
    epochs = epochs[epochs["start_date"].between("2018-01-01", "2023-12-31")]
    exact = 2016 * epochs["difficulty"] * 2**32 / epochs["duration_s"] / 1e18
    counted = impact.network_series("hashrate", "epoch").reindex(epochs["start_date"])
    ratio = counted.to_numpy() / exact.to_numpy()
    assert abs(np.nanmean(ratio) - 1) < 0.002
    assert np.nanstd(ratio) < 0.03


# --- the effect -----------------------------------------------------------------------------


def test_summary_series_and_sentence_have_their_shape(crackdown):
    summary = crackdown.summary()
    assert summary.columns.tolist() == ["quantity", "value", "lower", "upper", "unit"]
    quantities = set(summary["quantity"])
    assert {"mean_effect", "mean_effect_pct", "max_effect_pct", "cumulative_effect"} <= quantities
    bounded = summary.dropna()
    assert (bounded["lower"] <= bounded["value"]).all()
    assert (bounded["value"] <= bounded["upper"]).all()
    series = crackdown.series()
    assert {"observed", "counterfactual", "lower", "upper"} <= set(series.columns)
    after = series[series["phase"] == "after"]
    assert after.index[0] == pd.Timestamp("2021-05-21")
    assert len(after) == 18  # 126 days of whole weeks
    assert (after["lower"] < after["counterfactual"]).all()
    assert (after["counterfactual"] < after["upper"]).all()
    assert "126" in crackdown.sentence("en")
    assert "126" in crackdown.sentence("zh")


def test_mean_and_cumulated_effect_agree(crackdown):
    # The sum over days is the mean times the days, draw by draw.
    rows = crackdown.summary().set_index("quantity")
    for column in ("value", "lower", "upper"):
        assert rows.loc["cumulative_effect", column] == pytest.approx(
            126 * rows.loc["mean_effect", column]
        )


def test_the_crackdown_took_about_half_at_its_deepest(crackdown):
    # The seven-day mean fell from 180.8 to 84.8 EH/s: 53 percent from the peak. The effect is
    # counted from weeks and against a level below the peak, so it must be smaller, but large.
    value, lower, upper = (
        crackdown.summary().set_index("quantity").loc["max_effect_pct", ["value", "lower", "upper"]]
    )
    assert -60 < lower < value < upper < -20
    assert value == pytest.approx(-46, abs=8)


def test_the_old_level_was_back_in_the_winter(crackdown):
    # The reported day of a new seven-day record (10 December) is the latest it can mean.
    day, lower, upper = crackdown.recovery
    assert pd.Timestamp("2021-10-01") < lower <= day <= upper <= pd.Timestamp("2021-12-31")


@pytest.mark.parametrize(
    ("when", "days"), [("2021-05-21", 84), ("2021-05-21", 900), ("2018-11-01", 364)]
)
def test_the_level_from_before_is_back_when_a_mean_of_four_weeks_says_so(when, days):
    day, lower, upper = impact.effect(when, horizon_days=days, covariates=()).recovery
    weeks = impact.network_series("hashrate", "W", anchor=when)
    logs = np.log(weeks)
    four = logs[::-1].rolling(4).mean()[::-1]  # of each week and the three after it
    before = logs[: pd.Timestamp(when) - pd.Timedelta(days=1)].iloc[-4:].mean()
    low = four[when : pd.Timestamp(when) + pd.Timedelta(days=days)].idxmin()
    assert day == (four[low:] >= before).idxmax()
    assert lower <= day <= upper


def test_a_level_that_was_not_lost_is_not_regained():
    assert impact.effect("2021-09-24", horizon_days=126).recovery == (pd.NaT,) * 3


def test_the_same_seed_gives_the_same_numbers():
    one, two = (impact.effect("2021-05-21", seed=3, draws=300).summary() for _ in range(2))
    pd.testing.assert_frame_equal(one, two)


def test_days_weeks_and_epochs_tell_one_story():
    values = [
        impact.effect("2021-05-21", covariates=(), horizon_days=126, freq=f, draws=500).value(
            "mean_effect_pct"
        )
        for f in ("D", "W", "epoch")
    ]
    assert max(values) - min(values) < 18
    assert max(values) < -10


def test_a_series_of_the_users_own():
    rng = np.random.default_rng(5)
    index = pd.date_range("2015-01-01", periods=72, freq="MS")
    share = pd.Series(50 + np.cumsum(rng.normal(0, 0.5, 72)), index, name="share")
    share.iloc[60:] -= 20
    found = impact.effect("2020-01-01", share, horizon_days=366)
    assert found.covariates == ()
    assert found.value("mean_effect") == pytest.approx(-20, abs=6)
    assert found.value("mean_effect_pct") == pytest.approx(-40, abs=12)


def test_a_series_with_negative_values_is_not_put_in_logs():
    rng = np.random.default_rng(6)
    index = pd.date_range("2018-01-01", periods=200, freq="W-MON")
    series = pd.Series(rng.normal(0, 1, 200), index, name="balance")
    series.iloc[160:] += 8
    found = impact.effect(index[160], series, horizon_days=140)
    row = found.summary().set_index("quantity").loc["mean_effect"]
    assert row["lower"] <= 8 <= row["upper"]
    assert np.isnan(found.value("mean_effect_pct"))
    assert "balance" in found.sentence("en")


def test_own_covariates_count():
    world = impact.simulate_intervention(fall_pct=0, elasticity=0.8, level_sd=0.01, seed=4)
    plain = impact.effect(world.dates[0], world.series, horizon_days=182)
    helped = impact.effect(world.dates[0], world.series, {"x": world.covariate}, horizon_days=182)

    def width(found):
        _value, lower, upper = found.mean_pct()
        return upper - lower

    assert width(helped) < 0.8 * width(plain)


def test_a_donut_leaves_days_out(crackdown):
    found = impact.effect("2021-05-21", horizon_days=126, donut_days=14)
    phases = found.series()["phase"]
    assert (phases["2021-05-07":"2021-06-03"] == "left out").all()
    assert (phases["2021-06-04":] == "after").all()


def test_effect_on_weeks_is_quick(calls):
    impact.effect("2021-05-21")  # the tables are read
    assert calls(lambda: impact.effect("2021-05-21").summary()) < 1_000_000  # half a second


def test_gaps_in_a_series_are_gaps():
    world = impact.simulate_intervention(fall_pct=40, weeks_after=18, seed=1)
    holes = world.series.drop(world.series.index[[20, 21, 90, 160]])
    found = impact.effect(world.dates[0], holes, horizon_days=126)
    value, lower, upper = found.mean_pct()
    assert lower <= world.mean_effect_pct(world.dates[0], 126) <= upper


def test_a_month_that_is_missing_late_in_a_long_series_is_dated_between_its_neighbours():
    index = pd.date_range("2000-01-01", periods=240, freq="MS")
    series = pd.Series(np.exp(np.sin(np.arange(240) / 9)), index).drop(index[230])
    dates = impact.effect("2017-01-01", series, horizon_days=900).series().index
    assert dates.is_monotonic_increasing
    assert index[229] < dates[dates > index[229]][0] < index[231]


def test_several_outcomes_stand_side_by_side():
    table = impact.outcomes("2021-06-18", horizon_days=35, quantities=("hashrate", "hash_price"))
    assert table.columns.tolist() == ["series", "mean_effect_pct", "lower_pct", "upper_pct"]
    assert table["mean_effect_pct"].iloc[0] < 0 < table["mean_effect_pct"].iloc[1]


def test_the_hash_rate_among_the_outcomes_is_the_effect_with_the_same_covariates():
    table = impact.outcomes("2021-06-18", horizon_days=35, quantities="hashrate", covariates=())
    alone = impact.effect("2021-06-18", horizon_days=35, covariates=())
    assert table.iloc[0, 1:].tolist() == list(alone.mean_pct())


def test_a_stage_without_a_name_is_told_by_its_day_once():
    effect = impact.effect("2021-05-21", covariates=())
    columns = [
        "stage",
        "date",
        "effect_pct",
        "lower_pct",
        "upper_pct",
        "placebo_p",
        "minimum_detectable_pct",
    ]
    rows = [
        ("2021-05-28", pd.Timestamp("2021-05-28"), -9.0, -15.0, -3.0, 0.02, 8.0),
        ("notices", pd.Timestamp("2021-09-24"), -2.0, -9.0, 5.0, 0.5, 8.0),
        ("words", pd.Timestamp("2021-10-01"), -2.0, -9.0, 5.0, 0.5, 8.0),
    ]
    none = pd.DataFrame({"date": [], "change_pct": []})
    told = impact.answer(effect, none, pd.DataFrame(rows, columns=columns), "en")
    heads = [sentence.split(":")[0] for sentence in told[2:5]]
    assert heads == ["28 May 2021", "Two notices (24 September 2021)", "words (1 October 2021)"]


def test_the_p_value_counts_placebos_of_either_sign():
    scores = np.array([3.0, -3.0, 0.0, 1.0])
    assert randomisation(-2.0, scores, 0.9)[0] == randomisation(2.0, scores, 0.9)[0] == 3 / 5


# --- the model itself -----------------------------------------------------------------------


def test_without_wandering_the_forecast_is_the_line():
    # A straight line with tiny noise can only go on as a straight line.
    t = np.arange(120)
    y = 1 + 0.02 * t + np.random.default_rng(0).normal(0, 1e-4, 120)
    drawn = StructuralModel(y, 10).forecast(500, np.random.default_rng(0))
    np.testing.assert_allclose(np.median(drawn, axis=0), 1 + 0.02 * np.arange(120, 130), atol=0.01)


def test_the_forecast_widens_like_a_random_walk():
    # A pure random walk: the variance k periods ahead is k times that of one step.
    y = np.cumsum(np.random.default_rng(2).normal(0, 0.05, 600))
    model = StructuralModel(y, 30, noise=np.full(630, 1e-8))
    drawn = model.forecast(4000, np.random.default_rng(0))
    one, nine = drawn[:, 0].std(), drawn[:, 8].std()
    assert one == pytest.approx(0.05, rel=0.12)
    assert nine / one == pytest.approx(3, rel=0.2)


# --- bad input ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"intervention": "2031-01-01"}, OutOfCoverage),
        ({"intervention": "2009-02-01"}, OutOfCoverage),
        ({"intervention": "2010-09-01"}, BadParameter),  # too little before it
        ({"intervention": "soon"}, BadParameter),
        ({"intervention": None}, BadParameter),
        ({"intervention": "2026-04-01", "horizon_days": 400}, BadParameter),
        ({"intervention": "2021-05-21", "horizon_days": 0}, BadParameter),
        ({"intervention": "2021-05-21", "horizon_days": 5}, BadParameter),
        ({"intervention": "2021-05-21", "level": 90}, BadParameter),
        ({"intervention": "2021-05-21", "train_days": 60}, BadParameter),
        ({"intervention": "2021-05-21", "donut_days": 400}, BadParameter),
        ({"intervention": "2021-05-21", "freq": "weekly"}, UnknownName),
        ({"intervention": "2021-05-21", "series": "hashrat"}, UnknownName),
        ({"intervention": "2021-05-21", "series": ""}, UnknownName),
        ({"intervention": "2021-05-21", "draws": 1e12}, BadParameter),
        ({"intervention": "2021-05-21", "horizon_days": 1e12}, BadParameter),
        ({"intervention": "2021-05-21", "covariates": ("prise",)}, UnknownName),
        ({"intervention": "2021-05-21", "series": [1, 2, 3]}, BadParameter),
        ({"intervention": "2021-05-21", "series": pd.Series(range(100))}, BadInput),
    ],
)
def test_bad_requests_say_so(arguments, error):
    with pytest.raises(error):
        impact.effect(**arguments)


def test_the_nearest_name_is_offered():
    with pytest.raises(UnknownName, match="hashrate"):
        impact.effect("2021-05-21", "hashrat")
    with pytest.raises(UnknownName, match="price"):
        impact.effect("2021-05-21", covariates=("prise",))


def _weeks(values):
    return pd.Series(values, pd.date_range("2018-01-01", periods=len(values), freq="W-MON"))


@pytest.mark.parametrize(
    "series",
    [
        _weeks(["a"] * 200),
        _weeks(np.ones(200)),
        _weeks(np.r_[np.ones(100), np.inf, np.ones(99)]),
        pd.Series(np.arange(1.0, 201), pd.DatetimeIndex(["2018-01-01"] * 200)),
        pd.Series(
            np.arange(1.0, 101),
            pd.to_datetime("2018-01-01") + pd.to_timedelta(np.arange(100) ** 1.5, "D"),
        ),
    ],
    ids=["text", "constant", "infinite", "twice", "uneven"],
)
def test_series_that_cannot_be_worked_with(series):
    with pytest.raises(BadInput):
        impact.effect("2020-06-01", series)


def test_placebos_begin_where_the_users_covariates_do():
    index = pd.date_range("2017-01-01", "2021-12-31")
    mine = pd.Series(np.arange(len(index)) % 50, index, name="mine")
    checked = impact.placebo("2021-05-21", covariates=mine, n=19, train_days=364, horizon_days=60)
    assert checked.in_time["date"].min() >= index[0] + pd.Timedelta(days=357)
    months = mine.resample("MS").mean().to_period("M")
    assert impact.effect("2021-05-21", covariates={"mine": months}).covariates == ("mine",)


@pytest.mark.parametrize("part", [slice(50, None), slice(None, -10)], ids=["late", "early"])
def test_a_covariate_that_begins_too_late_or_ends_too_early(part):
    world = impact.simulate_intervention(elasticity=0.5)
    end = (world.series.index[-1] - world.dates[0]).days
    short = world.covariate.iloc[part]
    with pytest.raises(BadInput, match="x does not cover"):
        impact.effect(world.dates[0], world.series, {"x": short}, horizon_days=end)


@pytest.mark.parametrize(
    "covariates",
    [["price", pd.Series([1.0])], 3, {"x": [1, 2]}, {"x": pd.Series([1.0, 2.0])}, [None]],
    ids=["mixture", "number", "list", "undated", "nothing"],
)
def test_covariates_that_cannot_be_worked_with(covariates):
    with pytest.raises((BadInput, BadParameter), match="covariate"):
        impact.effect("2021-05-21", covariates=covariates)
