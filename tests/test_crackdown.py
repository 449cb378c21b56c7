# SPDX-License-Identifier: MIT
"""What notebook ``02-crackdown`` may be asked: refused at once what the estimators would refuse."""

import pandas as pd
import pytest

from minelib import impact, words
from minelib.errors import BadParameters, MinelibError
from minelib.studies.crackdown import Crackdown


@pytest.mark.parametrize(
    ("wrong", "ask"),
    [
        ({"stage_dates": ["2021-05-21", "2021-05-24"]}, "stages"),
        ({"stage_dates": ["2021-05-21", "2021-05-31"], "freq": "epoch"}, "stages"),
        ({"stage_dates": ["2018-01-01", "2024-01-01"]}, "stages"),
        ({"start": "2021-01-01", "end": "2021-09-30"}, "breakpoints"),
        ({"start": "2019-01-01", "end": "2023-12-31", "freq": "D"}, "breakpoints"),
    ],
    ids=["close", "close in epochs", "far", "short", "long"],
)
def test_what_the_estimators_would_refuse_is_refused_at_once(wrong, ask):
    with pytest.raises(BadParameters, match=next(iter(wrong))):
        Crackdown(**wrong)
    freq = wrong.get("freq", "W")
    with pytest.raises(MinelibError):
        if ask == "stages":
            impact.stages(wrong["stage_dates"], n_placebo=19, freq=freq)
        else:
            impact.breakpoints(start=wrong["start"], end=wrong["end"], freq=freq)


def test_the_last_intervention_has_its_longest_horizon():
    ranges = {p["name"]: p["range"] for p in Crackdown.parameters("en")}
    last, days = ranges["intervention"].split()[-1], int(ranges["horizon_days"].split()[-1])
    for freq in ("W", "D", "epoch"):
        assert impact.effect(last, horizon_days=days, freq=freq).horizon_days == days


@pytest.mark.parametrize(
    "window",
    [
        ["2021-03-01"],
        ["2021-10-31", "2021-03-01"],
        ["2021-06-01", "2021-06-10"],
        ["2020-01-02", "2024-01-02"],
        ["2021-03-01", "2021-06-01", "2021-10-31"],
    ],
    ids=["one day", "backwards", "short", "long", "three days"],
)
def test_a_window_is_two_days_in_order_a_month_to_three_years_apart(window):
    with pytest.raises(BadParameters, match="two days"):
        Crackdown(window=window)
    assert Crackdown(window=["2024-10-01", "2025-03-31"]).window[0] == "2024-10-01"


@pytest.mark.parametrize(
    ("lang", "told"), [("en", "9 June 2021 05:22"), ("zh", "2021年6月9日 05:22")]
)
def test_the_moment_of_a_step_is_told_with_its_hour(lang, told):
    before = words.current()
    study = Crackdown(lang=lang)
    moment = pd.Timestamp("2021-06-09 05:22:48")
    try:
        row = {"time": moment, "lower_time": moment - pd.Timedelta("9h"), "upper_time": moment}
        study.keep("step_1_time", row)
        ((_meaning, value, interval, _unit),) = study.finish().rows()
    finally:
        words.use(before)
    assert value == told
    assert "20:22" in interval
