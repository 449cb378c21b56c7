# SPDX-License-Identifier: MIT
"""Orders set against steps: intervals on paper, chance counted, and the real summer."""

import numpy as np
import pandas as pd
import pytest

import minelib as ml
from minelib.errors import BadInput, UnknownName
from minelib.impact import orders


def a_step(time, lower, upper, change=-20.0):
    stamps = pd.to_datetime([time, lower, upper])
    names = ["time", "lower_time", "upper_time"]
    return pd.DataFrame([dict(zip(names, stamps, strict=True)) | {"change_pct": change}])


def test_the_order_of_zhundong_lies_inside_a_step_by_its_hour():
    # 14:00 in Beijing is 06:00 UTC
    found = a_step("2021-06-09 08:00", "2021-06-09 07:00", "2021-06-09 09:00")
    assert orders("2021-06-01", "2021-06-30", found=found, acts=["order"])["inside"].item() == 1
    rows = orders("2021-06-01", "2021-06-30", by="order", found=found).set_index("event")
    assert rows.loc["zhundong", "gap_hours"] == pytest.approx(2)
    assert not rows.loc["zhundong", "inside"]
    assert rows.loc["qinghai", "inside"]  # only its day is known: 8 June 16:00 to 9 June 16:00 UTC
    assert rows.loc["qinghai", "gap_hours"] == 0
    earlier = a_step("2021-06-09 05:00", "2021-06-09 04:00", "2021-06-09 06:30")
    rows = orders("2021-06-01", "2021-06-30", by="order", found=earlier).set_index("event")
    assert rows.loc["zhundong", "gap_hours"] == pytest.approx(-1)
    assert rows.loc["zhundong", "inside"]


def test_chance_is_the_share_of_moments_at_which_an_order_would_be_met():
    found = a_step("2021-06-15", "2021-06-14", "2021-06-17")
    told = orders("2021-06-01", "2021-06-30", found=found)["chance_pct"].item()
    acted = orders("2021-06-01", "2021-06-30", by="order", found=found)
    rng = np.random.default_rng(0)
    moments = pd.Timestamp("2021-06-01") + pd.to_timedelta(rng.uniform(0, 30, 20_000), unit="D")
    met = np.zeros(len(moments), dtype=bool)
    for order in acted.itertuples():
        met |= (moments - pd.Timedelta(days=1) <= order.to_time) & (
            moments + pd.Timedelta(days=2) >= order.from_time
        )
    assert told == pytest.approx(100 * met.mean(), abs=1.5)


def test_a_longer_interval_meets_an_order_by_chance_more_often():
    short = orders(found=a_step("2021-06-15", "2021-06-14", "2021-06-16"))["chance_pct"].item()
    long = orders(found=a_step("2021-06-15", "2021-06-05", "2021-06-25"))["chance_pct"].item()
    assert 0 < short < long < 100


def test_the_steps_of_june_have_orders_and_that_of_may_came_before_the_committees_words():
    rows = orders("2021-05-01", "2021-06-30")
    june = rows[rows["time"] >= "2021-06-01"]
    assert (june["inside"] > 0).all() and len(june) == 2
    words = orders("2021-05-01", "2021-06-30", by="order").set_index("event").loc["fsdc51"]
    assert words["upper_time"] < words["from_time"]


def test_no_step_and_no_order_are_tables_too():
    none = ml.chain.steps("2023-01-01", "2023-03-31")
    assert orders("2023-01-01", "2023-03-31", found=none).empty
    rows = orders("2021-06-01", "2021-06-30", by="order", found=none)
    assert len(rows) and not rows["inside"].any()
    found = a_step("2021-06-15", "2021-06-14", "2021-06-16")
    alone = orders("2021-06-01", "2021-06-30", found=found, place="paraguay")
    assert alone["inside"].item() == 0 and alone["chance_pct"].item() == 0


def test_what_is_not_known_is_refused():
    with pytest.raises(UnknownName, match="order"):
        orders(acts=["ordre"])
    with pytest.raises(UnknownName, match="Sichuan|sichuan"):
        orders(place="sichuann")
    with pytest.raises(BadInput, match="lower_time"):
        orders(found=pd.DataFrame({"time": []}))
