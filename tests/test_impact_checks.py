# SPDX-License-Identifier: MIT
"""Breaks, stages, placebos, and the small version of the proof of the estimators."""

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from minelib import impact
from minelib.errors import BadInput, BadParameter, OutOfCoverage, UnknownName
from minelib.impact.placebos import randomisation
from minelib.impact.proof import simulation_study


@pytest.fixture(scope="module")
def breaks():
    return impact.breakpoints(n_boot=99)


@pytest.fixture(scope="module")
def staged():
    return impact.stages(covariates=(), n_placebo=25)


# --- breaks ---------------------------------------------------------------------------------


def test_breaks_have_their_columns(breaks):
    assert breaks.columns.tolist() == [
        "date",
        "lower_date",
        "upper_date",
        "change_pct",
        "lower_pct",
        "upper_pct",
        "nearest_event",
        "days_to_event",
    ]
    assert (breaks["lower_date"] <= breaks["date"]).all()
    assert (breaks["date"] <= breaks["upper_date"]).all()
    assert breaks["change_pct"].between(breaks["lower_pct"], breaks["upper_pct"]).all()
    assert len(breaks.attrs["details"]) == len(breaks)


def test_the_break_is_in_the_spring_of_2021_and_not_in_september(breaks):
    # The first of four falls of the difficulty was on 29 May, the largest on 3 July 2021.
    fall = breaks.loc[breaks["change_pct"].idxmin()]
    assert pd.Timestamp("2021-05-01") <= fall["lower_date"]
    assert fall["upper_date"] < pd.Timestamp("2021-07-03")
    assert -60 < fall["change_pct"] < -25
    september = pd.Timestamp("2021-09-24")
    assert not ((breaks["lower_date"] <= september) & (september <= breaks["upper_date"])).any()


def test_the_nearest_event_is_an_event_and_the_days_count(breaks):
    import minelib as ml

    events = ml.load("events").set_index("event")["date"]
    for row in breaks.itertuples():
        assert (events[row.nearest_event] - row.date).days == row.days_to_event


@pytest.mark.skipif(sys.version_info >= (3, 14), reason="ruptures has no release for it")
def test_a_search_of_another_kind_finds_the_same_week():
    # ruptures knows nothing of wandering; in a series that hardly wanders it must agree.
    import ruptures

    world = impact.simulate_breaks(
        (-40,), weeks=120, build_weeks=1, level_sd=0.003, slope_sd=0, seed=3
    )
    found = impact.breakpoints(world.series, "2018-01-01", "2021-12-31", n_boot=99)
    signal = np.log(world.series.to_numpy())
    line = np.column_stack([signal, np.ones(120), np.arange(120)])
    place = ruptures.Dynp(model="linear", min_size=8, jump=1).fit(line).predict(1)[0]
    row = found.iloc[found["change_pct"].abs().idxmax()]
    assert abs(world.series.index[place] - row["date"]) <= pd.Timedelta(days=7)
    assert row["lower_date"] <= world.dates[0] <= row["upper_date"]
    assert row["lower_pct"] <= -40 <= row["upper_pct"]


@pytest.mark.parametrize(("weeks", "power"), [(3, 1), (5, 1), (7, 1), (6, 0.5), (6, 2)])
def test_the_first_week_is_held_whatever_the_course_of_the_fall(weeks, power):
    # A series that hardly wanders: nothing but the course of the fall can mislead the search.
    rng, t = np.random.default_rng(1), np.arange(120)
    course = np.clip((t - 60 + 1) / weeks, 0, 1) ** power
    wander = np.cumsum(0.002 * rng.standard_normal(120))
    index = pd.date_range("2019-01-07", periods=120, freq="7D", name="date")
    series = pd.Series(np.exp(0.01 * t + np.log(0.6) * course + wander), index=index)
    found = impact.breakpoints(series, "2019-01-01", "2021-12-31", max_breaks=1, n_boot=99)
    row = found.loc[found["change_pct"].idxmin()]
    assert row["lower_date"] <= index[60] <= row["upper_date"]
    assert row["upper_date"] - row["lower_date"] <= pd.Timedelta(days=35)
    assert row["lower_pct"] <= -40 <= row["upper_pct"]
    if power == 1:
        assert row["date"] == index[60]
        assert found.attrs["details"][found.index.get_loc(row.name)]["duration_days"] == 7 * weeks


@pytest.mark.parametrize("tails", [None, 4])
def test_quiet_series_seldom_show_a_break_with_heavy_tails_or_without(tails):
    # Nominal 5 percent: of 12 series three or more would have a chance of 2 in 100.
    found = 0
    for seed in range(12):
        world = impact.simulate_breaks((), weeks=120, tails=tails, seed=seed)
        found += len(impact.breakpoints(world.counted, "2018-01-01", "2021-12-31", n_boot=99)) > 0
    assert found <= 2


def test_a_bound_allows_for_the_bar_that_was_passed():
    from scipy.stats import norm

    from minelib.chain.steps import given_found

    # Without a bar the bound is the usual one, and far above a bar that hardly matters.
    plain, far, near = (given_found(4.0, bar, [0.05])[0] for bar in (0.0, 1.0, 3.0))
    assert plain == pytest.approx(4 - norm.ppf(0.95), abs=1e-3)
    assert far == pytest.approx(plain, abs=0.1)
    assert near < plain - 1
    # So often does an estimate of that size, among those that pass, come out as large.
    drawn = np.abs(np.random.default_rng(1).normal(near, 1, 2_000_000))
    assert np.mean(drawn[drawn > 3.0] > 4.0) == pytest.approx(0.05, abs=0.005)


def test_breaks_of_an_empty_kind_keep_their_types():
    world = impact.simulate_breaks((), weeks=100, seed=1)
    found = impact.breakpoints(world.series, "2018-01-01", "2020-12-31", max_breaks=0)
    assert len(found) == 0
    assert found["date"].dtype.kind == "M"


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"start": "2022-01-01", "end": "2021-01-01"}, BadParameter),
        ({"start": "2021-01-01", "end": "2021-03-01"}, OutOfCoverage),
        ({"level": 0}, BadParameter),
        ({"n_boot": 9}, BadParameter),
        ({"max_breaks": -1}, BadParameter),
        ({"freq": "D", "start": "2012-01-01"}, BadParameter),
        ({"series": "hash"}, UnknownName),
        (
            {
                "series": pd.Series(
                    np.arange(-50.0, 150), pd.date_range("2019-01-07", periods=200, freq="7D")
                )
            },
            BadInput,
        ),
    ],
)
def test_bad_requests_for_breaks(arguments, error):
    with pytest.raises(error):
        impact.breakpoints(**arguments)


# --- stages ---------------------------------------------------------------------------------


def test_stages_have_their_columns(staged):
    assert staged.columns.tolist() == [
        "stage",
        "date",
        "effect_pct",
        "lower_pct",
        "upper_pct",
        "placebo_p",
        "minimum_detectable_pct",
    ]
    assert staged["date"].astype(str).tolist() == ["2021-05-21", "2021-06-09", "2021-09-24"]
    assert staged["effect_pct"].between(staged["lower_pct"], staged["upper_pct"]).all()
    assert staged["placebo_p"].between(0, 1, inclusive="right").all()
    assert staged["minimum_detectable_pct"].between(0, 100, inclusive="neither").all()


def test_june_is_seen_and_september_is_not(staged):
    # The difficulty fell by 27.94 percent at the retarget after the June orders; after the two
    # notices it rose at every retarget of that autumn.
    by_stage = staged.set_index("stage")
    assert by_stage.loc["provinces", "upper_pct"] < 0
    assert by_stage.loc["provinces", "placebo_p"] < 0.1
    assert by_stage.loc["notices", "lower_pct"] < 0 < by_stage.loc["notices", "upper_pct"]
    assert by_stage.loc["notices", "placebo_p"] > 0.1


def test_stages_by_epochs_find_the_fall_of_may_where_it_lies():
    # The difficulty fell by 15.97 percent on 30 May, for blocks that were found from 13 May on; the
    # committee spoke on 21 May. So most of that fall lies before the words.
    by_words = impact.stages(freq="epoch", covariates=(), n_placebo=19).iloc[0]
    earlier = impact.stages(
        ["2021-05-15"], freq="epoch", window_days=21, covariates=(), n_placebo=39
    ).iloc[0]
    assert earlier["effect_pct"] < by_words["effect_pct"]
    assert earlier["upper_pct"] < 0
    assert earlier["placebo_p"] <= 0.1
    assert earlier["lower_pct"] <= -15.97 <= earlier["upper_pct"]


def test_a_stage_of_known_size_is_found_after_the_ones_before():
    world = impact.simulate_stages(
        (15, 30, 35), weeks_before=300, build_weeks=1, slope_sd=0, level_sd=0.015, seed=2
    )
    table = impact.stages(world.dates, world.counted, n_placebo=25, train_days=728)
    last = table.iloc[-1]
    assert last["lower_pct"] <= -35 <= last["upper_pct"]
    assert last["placebo_p"] < 0.1


@pytest.mark.parametrize(
    "dates",
    [
        [],
        ["2021-06-18", "2021-05-21"],
        ["2021-06-18", "2021-06-18"],
        ["2021-06-18", "2021-06-21"],
        ["tomorrow"],
    ],
)
def test_bad_stages(dates):
    with pytest.raises(BadParameter):
        impact.stages(dates, covariates=())


# --- placebos -------------------------------------------------------------------------------


def test_placebos_have_their_parts():
    checked = impact.placebo("2021-05-21", horizon_days=56, n=19)
    assert len(checked.in_time) == 19
    assert (checked.in_time["date"] + pd.Timedelta(days=56) <= pd.Timestamp("2021-01-01")).all()
    kinds = checked.variants["check"].value_counts().to_dict()
    assert kinds == {"covariate left out": 4, "donut": 2, "training window": 2, "as estimated": 1}
    assert 0 < checked.p_value <= 1
    summary = checked.summary()
    assert summary.columns.tolist() == ["quantity", "value", "lower", "upper", "unit"]
    assert checked.sentence("en") and checked.sentence("zh")


def test_the_p_value_counts_the_effect_itself():
    # 99 placebos, none as large: one in a hundred.
    p, detectable = randomisation(-9.0, np.linspace(-2, 2, 99), 0.9)
    assert p == pytest.approx(0.01)
    assert detectable == pytest.approx(1.8 + 1.2, abs=0.05)  # 90% quantile of |z| + 80% of z


def test_too_few_placebos_are_refused():
    with pytest.raises(BadParameter):
        impact.placebo("2021-05-21", n=5)
    with pytest.raises(BadParameter, match="pseudo"):
        impact.placebo("2021-05-21", before="2014-06-01", covariates=())


def test_the_answer_has_six_sentences_in_both_languages(breaks, staged):
    effect = impact.effect("2021-05-21", horizon_days=126)
    for lang in ("en", "zh"):
        told = impact.answer(effect, breaks, staged, lang)
        assert len(told) == 6
        assert all("{" not in sentence for sentence in told)


@pytest.mark.parametrize(("lang", "word"), [("en", "disagree"), ("zh", "不一致")])
def test_an_answer_begins_with_the_sizes_and_says_which_disagree(breaks, staged, short, lang, word):
    columns = ["method", "days", "change_pct", "lower_pct", "upper_pct"]
    rows = [
        ("chain", 30, -15.0, -18.0, -12.0),
        ("counterfactual", 30, -10.0, -22.0, 3.0),
        ("pools", 30, -30.0, -40.0, -18.5),
        ("pools", 60, -9.0, -11.0, -7.0),  # of other days: compared with none
    ]
    sizes = pd.DataFrame(rows, columns=columns)
    told = impact.answer(short, breaks, staged, lang, sizes)
    assert len(told) == 6 + 3 + 1
    assert [word in sentence for sentence in told[:5]] == [False, False, False, True, False]
    assert told[2].count("%") == 6
    met = sizes.assign(upper_pct=sizes["upper_pct"] + 1)
    assert len(impact.answer(short, breaks, staged, lang, met)) == 6 + 3


@pytest.mark.parametrize("column", ["change_pct", "placebo_p"])
def test_an_answer_names_the_column_that_is_missing(breaks, staged, column):
    effect = impact.effect("2021-05-21", horizon_days=126, covariates=())
    frames = [frame.drop(columns=column, errors="ignore") for frame in (breaks, staged)]
    with pytest.raises(BadInput, match=column):
        impact.answer(effect, *frames)


# --- figures --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def short():
    return impact.effect("2021-05-21", horizon_days=56, covariates=())


@pytest.fixture
def drawn(lang):
    """minelib in a language, everything undone afterwards."""
    import matplotlib as mpl
    from matplotlib import pyplot as plt

    import minelib as ml

    with mpl.rc_context():
        ml.use(lang)
        yield ml
        plt.close("all")
        ml.use("en")


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_figures_draw_and_say_what_they_show(drawn, staged, short, lang, tmp_path):
    checked = impact.Placebo(
        short, pd.DataFrame({"score": np.linspace(-2, 2, 30)}), None, 0.1, 20.0, 10.0, 12.0
    )
    own_days = staged.assign(stage=staged["date"].astype(str))
    blind = staged.assign(minimum_detectable_pct=np.nan, placebo_p=np.nan)  # no room for placebos
    figures = [
        short.plot(),
        drawn.figures.counterfactual(short.series(), since="2021-01-01"),
        drawn.figures.stages(staged),
        drawn.figures.stages(own_days),
        drawn.figures.stages(blind),
        checked.plot(),
    ]
    for number, figure in enumerate(figures):
        finished = drawn.finish(figure, "network_daily", events=True)
        finished.savefig(tmp_path / f"{number}.png")
        assert len(finished.alt) > 12
    assert drawn.finish(figures[2]).alt.count("%") == 9  # each stage with its interval


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_an_effect_draws_on_axes_of_ones_own(drawn, short, lang):
    from matplotlib import pyplot as plt

    (left, right) = plt.subplots(1, 2)[1]
    right.plot(short.after, short.observed)
    high = right.get_ylim()
    assert short.plot(ax=left) is left
    short.plot(ax=right)
    expected = {
        "en": ["Observed", "Counterfactual", "its interval"],
        "zh": ["观测值", "反事实", "其区间"],
    }[lang]
    assert [t.get_text() for t in left.get_legend().get_texts()] == expected
    assert left.get_ylabel() == {"en": "Hash rate (EH/s)", "zh": "算力（EH/s）"}[lang]
    seen, without = left.lines[:2]
    series = short.series()
    assert seen.get_ydata()[-1] == series["observed"].iloc[-1]
    assert list(without.get_ydata()) == series["counterfactual"].dropna().tolist()
    assert right.get_ylim()[1] >= high[1], "what was there stays in sight"
    assert len(plt.get_fignums()) == 1


def test_figures_refuse_what_they_cannot_draw(short, staged):
    import minelib as ml

    with pytest.raises(BadInput, match="counterfactual"):
        ml.figures.counterfactual(short.series().drop(columns="counterfactual"))
    with pytest.raises(BadInput, match="effect_pct"):
        ml.figures.counterfactual(short.series().drop(columns="effect_pct"))
    with pytest.raises(BadInput, match="placebo_p"):
        ml.figures.stages(staged.drop(columns="placebo_p"))
    with pytest.raises(BadInput, match="no rows"):
        ml.figures.stages(staged.iloc[:0])
    with pytest.raises(BadParameter, match="DataFrame"):
        ml.figures.counterfactual(3)


# --- the proof ------------------------------------------------------------------------------


def test_intervals_hold_in_simulated_series():
    # A small version of ``python -m minelib.impact``. Eight scenarios of 12 series: 96 intervals
    # of nominal 90 percent; fewer than 77 or all of them would have a chance below one in 1000.
    table = simulation_study(12, ("effect",))
    covered = table[table["quantity"] == "coverage_pct"]
    assert covered["n"].sum() == 96
    assert 77 <= (covered["value"] * covered["n"] / 100).sum() < 96
    assert table[table["quantity"] == "bias_pct"]["value"].abs().max() < 8


def test_stages_and_breaks_hold_in_simulated_series():
    table = simulation_study(12, ("stages",))
    assert table[table["quantity"] == "coverage_pct"]["value"].mean() >= 70
    for seed in range(4):  # a fall of 40 percent in four weeks is found in each
        world = impact.simulate_breaks((-40,), weeks=120, seed=seed)
        found = impact.breakpoints(world.counted, "2018-01-01", "2021-12-31", n_boot=99)
        assert len(found) >= 1
        assert (found["date"] - world.dates[0]).abs().min() <= pd.Timedelta(days=35)


def test_simulations_are_what_they_say():
    world = impact.simulate_intervention(fall_pct=40, build_weeks=1)
    assert world.mean_effect_pct(world.dates[0], 70) == pytest.approx(-40)
    noise = np.log(world.series / world.touched)
    assert noise.std() == pytest.approx(1008**-0.5, rel=0.25)  # Poisson: one over root of blocks
    again = impact.simulate_intervention(fall_pct=40, build_weeks=1)
    pd.testing.assert_series_equal(world.series, again.series)


def test_the_proof_has_one_command_and_refuses_nonsense():
    done = subprocess.run(
        [sys.executable, "-m", "minelib.impact", "2"], capture_output=True, text=True
    )
    assert done.returncode == 1
    assert "at least 5" in done.stderr
    command = [sys.executable, "-m", "minelib.impact", "5", "swing"]
    alone = subprocess.run(command, capture_output=True, text=True).stdout.splitlines()
    assert alone[0].split()[0] == "estimator" and len(alone) == 25
    assert {line.split()[0] for line in alone[1:]} == {"swing"}
    with pytest.raises(UnknownName):
        simulation_study(5, ("effects",))
