# SPDX-License-Identifier: MIT
"""The index against a second one, written day by day and machine by machine as it is specified.

The specification's rules hold for all prices, and only 0.05 and 0.10 USD/kWh can be compared with
published figures here: this holds the vectorised index to the rules at any price and on any day.
"""

import datetime as dt
from functools import lru_cache

import pandas as pd
import pytest
from hypothesis import example, given, settings, strategies as st

import minelib as ml

FIRST = dt.date(2010, 7, 18)
ONE = dt.timedelta(days=1)


@lru_cache(maxsize=1)
def network():
    frame = ml.load("network_daily").dropna(subset=["revenue_usd"])
    rows = zip(frame["date"].dt.date, frame["hashrate_eh_s"], frame["revenue_usd"], strict=True)
    return {day: (rate, revenue) for day, rate, revenue in rows}


@lru_cache(maxsize=1)
def machines():
    return [
        (r.release.date(), r.efficiency_j_th, r.weighting_efficiency_j_th, r.in_1_3_1)
        for r in ml.load("index_machines").itertuples()
    ]


def threshold(day):
    """Mean of up to 14 days, J/TH at 0.05 USD/kWh."""
    days = [day - ONE * back for back in range(14) if day - ONE * back >= FIRST]
    values = []
    for each in days:
        exahashes, usd = network()[each]
        usd_a_joule = usd / (exahashes * 1e18 * 86_400)  # a hash of 1 J/TH takes 1e-12 J
        values.append(usd_a_joule * 1e12 / (0.05 / 3.6e6))
    return sum(values) / len(values)


def weight(release, day, version):
    if not release < day < release + ONE * 1825:
        return 0.0
    if version == "1.3.1":
        return 1.0
    months = 12 * (day.year - release.year) + day.month - release.month - 2
    return 0.0 if months < 0 else max(0, 5 - months // 12) / 5


def basket(day, price, version):
    """Weight, listed and weighting efficiency of the machines that pay on a day."""
    reach = threshold(day) * 0.05 / price
    found = []
    for release, listed, weighting, in_1_3_1 in machines():
        share = weight(release, day, version)
        if listed < reach and share > 0 and (version == "1.4.0" or in_1_3_1):
            found.append((share, listed, weighting if version == "1.4.0" else listed))
    return found


def of_day(day, price, version):
    """Annualised TWh of lower bound, best guess and upper bound before smoothing."""
    while not basket(day, price, version):  # no machine pays: the consumption of the day before
        day -= ONE
        if day < FIRST:
            return None
    inside = basket(day, price, version)
    best = sum(w * e for w, _listed, e in inside) / sum(w for w, *_rest in inside)
    bounds = [listed for _w, listed, _e in inside]
    terawatt_hours = network()[day][0] * 8766 / 1e6  # J/TH x EH/s = MW
    return (
        min(bounds) * terawatt_hours * 1.01,
        best * terawatt_hours * 1.10,
        max(bounds) * terawatt_hours * 1.20,
    )


@settings(max_examples=40, deadline=None)
@given(
    day=st.dates(dt.date(2012, 1, 1), dt.date(2023, 12, 31)),
    price=st.one_of(st.sampled_from([n / 100 for n in range(1, 21)]), st.floats(0.001, 0.3)),
    version=st.sampled_from(["1.4.0", "1.3.1"]),
)
@example(day=dt.date(2018, 11, 25), price=0.15, version="1.4.0")  # no machine pays
@example(day=dt.date(2021, 5, 31), price=0.05, version="1.4.0")  # many do
@example(day=dt.date(2020, 2, 29), price=0.01, version="1.3.1")
def test_the_index_is_its_specification_at_any_price_on_any_day(day, price, version):
    week = [of_day(day - ONE * back, price, version) for back in range(7)]
    ours = ml.energy.index(price, version, start=day, end=day).iloc[0]
    ours = ours[["lower_twh", "best_twh", "upper_twh"]].tolist()
    known = [values for values in week if values is not None]
    if week[0] is None:
        assert pd.isna(ours).all()
    else:
        by_hand = [sum(column) / len(known) for column in zip(*known, strict=True)]
        assert ours == pytest.approx(by_hand, rel=1e-9)
        assert ml.energy.grid([price], version, start=day, end=day).iloc[0, 0] == pytest.approx(
            by_hand[1], rel=1e-9
        )
