# SPDX-License-Identifier: MIT
"""Days, months, numbers and choices as callers hand them in: read alike, refused alike."""

import datetime as dt
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

import minelib as ml
from minelib.checks import as_day, as_month, as_span, between, one_of, whole
from minelib.checks.door import Day, Names, Number, checked
from minelib.errors import BadParameter

NO_DAYS = ["2021-02-30", "soon", "", None, float("nan"), pd.NaT, True, 20210521, 5.0, [1]]

READERS = {
    "effect": ml.impact.effect,
    "stages": lambda d: ml.impact.stages([d]),
    "placebo": ml.impact.placebo,
    "placebo before": lambda d: ml.impact.placebo(before=d),
    "earlier": lambda d: ml.impact.effect("2021-05-21", earlier=[d]),
    "flows": ml.geography.flows,
    "sensitivity": lambda d: ml.geography.sensitivity("china", [d]),
    "turnover": lambda d: ml.pools.turnover(d, "2022-01"),
    "machine price": lambda d: ml.economics.machine_price("S19", d),
    "series of prices": lambda d: ml.economics.machine_price_series("S19", d, "2021-09-01"),
    "choice": lambda d: ml.economics.choice("S19", d),
    "destinations": ml.economics.destinations,
    "payback": lambda d: ml.economics.payback("S19", d if isinstance(d, list) else [d]),
}
OPEN_ENDS = {  # None stands for an end of the data
    "network": lambda d: ml.impact.network_series(start=d),
    "countries": ml.geography.by_country,
    "provinces": ml.geography.by_province,
    "concentration": lambda d: ml.geography.concentration(start=d),
    "pools": lambda d: ml.pools.share(start=d),
    "contrast": ml.pools.contrast,
    "hash price": lambda d: ml.economics.hash_price(start=d),
    "frontier": ml.economics.machine_frontier,
}


@pytest.mark.parametrize("value", NO_DAYS, ids=repr)
@pytest.mark.parametrize("reader", [*READERS, *OPEN_ENDS])
def test_what_is_no_day_is_refused_wherever_a_day_is_asked(reader, value):
    if reader in OPEN_ENDS and value is None:
        assert OPEN_ENDS[reader](value) is not None
        return
    with pytest.raises(BadParameter, match="is not a (day|month)"):
        (READERS | OPEN_ENDS)[reader](value)


@pytest.mark.parametrize(
    "value",
    [
        "2021-09-24",
        dt.date(2021, 9, 24),
        dt.datetime(2021, 9, 24, 23, 59),
        np.datetime64("2021-09-24"),
        pd.Timestamp("2021-09-24 08:00"),
        pd.Timestamp("2021-09-25 07:59", tz="Asia/Shanghai"),
        "2021-09-23T20:00-04:00",
    ],
    ids=repr,
)
def test_days_are_days_in_utc(value):
    assert as_day("day", value) == pd.Timestamp("2021-09-24")
    assert as_month("month", value) == pd.Timestamp("2021-09-01")


def test_a_span_is_open_or_in_order():
    assert as_span(None, None) == [None, None]
    assert as_span("2021-04-30", "2021-04-01", as_month)[0] == pd.Timestamp("2021-04-01")
    with pytest.raises(BadParameter, match="end.*must not come before the start"):
        as_span("2021-04-30", "2021-04-01")


@pytest.mark.parametrize("value", ["84", None, True, 84.5, float("nan"), float("inf"), 0, -1, [84]])
def test_whole_numbers(value):
    with pytest.raises(BadParameter, match="whole number, at least 1"):
        whole("n", value, 1)
    assert [whole("n", v, 1) for v in (1, 84.0, np.int64(3))] == [1, 84, 3]


@pytest.mark.parametrize("value", ["0.9", None, True, float("nan"), 1.01, -0.1, [0.5]])
def test_numbers_between_bounds(value):
    with pytest.raises(BadParameter, match="between 0 and 1"):
        between("share", value, 0, 1)
    assert between("share", Fraction(1, 2), 0, 1) == 0.5
    assert between("share", 1, 0, 1) == 1
    with pytest.raises(BadParameter, match="exclusive"):
        between("share", 1, 0, 1, exclusive=True)


@pytest.mark.parametrize("value", ["w", "", None, 1, ["W"], float("nan")])
def test_choices(value):
    with pytest.raises(BadParameter, match="must be one of: D, W"):
        one_of("freq", value, ("D", "W"))


NONSENSE = {
    "horizon": lambda v: ml.impact.effect("2021-05-21", horizon_days=v),
    "level": lambda v: ml.impact.effect("2021-05-21", level=v),
    "seed": lambda v: ml.impact.effect("2021-05-21", seed=v),
    "placebos": lambda v: ml.impact.placebo(n=v),
    "donuts": lambda v: ml.impact.placebo(donuts=[v]),
    "stages": lambda v: ml.impact.stages(n_placebo=v),
    "window": lambda v: ml.impact.stages(window_days=v),
    "moved share": lambda v: ml.geography.flows(moved_share=v),
    "new machines": lambda v: ml.geography.flows(new_eh_s=(v, v)),
    "top": lambda v: ml.pools.share(top=v or "x"),
    "level of shares": lambda v: ml.pools.share(level=v),
    "interval": lambda v: ml.pools.interval(v or [1, 2], [3, 4, 5]),
    "horizon of the choice": lambda v: ml.economics.choice("S19", horizon_days=v),
    "draws": lambda v: ml.economics.choice("S19", draws=v),
    "seed of the choice": lambda v: ml.economics.choice("S19", seed=v),
    "tariff without a place": lambda v: ml.economics.choice("S19", tariff_usd_kwh=v or 0.05),
    "delay": lambda v: ml.economics.payback("S19", "2021-06-20", delay_days=v),
    "delays": lambda v: ml.economics.delay_and_tariff("S19", "texas", delays=[v]),
    "horizon of the grid": lambda v: ml.economics.latest_delay("S19", "texas", horizon_days=v),
    "frequency": lambda v: ml.economics.machine_price_series(
        "S19", "2021-03-01", "2021-06-01", freq=v or "x"
    ),
    "needs": lambda v: ml.economics.machine("S19", (v,)),
}


@pytest.mark.parametrize("value", ["x", None], ids=repr)
@pytest.mark.parametrize("call", NONSENSE)
def test_text_and_nothing_where_a_number_belongs(call, value):
    with pytest.raises(BadParameter):
        NONSENSE[call](value)


@pytest.mark.parametrize(
    ("hint", "rule"),
    [
        (Day, "is not a day of the calendar"),
        (Day | None, "is not a day of the calendar"),
        (str | None, "must be text"),
        (str | Names, "must be text or a list of names"),
        (Day | pd.DataFrame, r"must be a day \(YYYY-MM-DD\) or a table"),
        (pd.DataFrame | None, "must be a table"),
        (Number | None, "must be a number"),
    ],
    ids=str,
)
def test_the_sentence_names_what_the_argument_may_be(hint, rule):
    def taken(value: hint):
        return value

    with pytest.raises(BadParameter, match=f"value = .*: {rule}"):
        checked(taken)(object())
