# SPDX-License-Identifier: MIT
"""Hash price, machines, break-even, payback and the choice: laws, hand sums and bad input."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st
from matplotlib import pyplot as plt

import minelib as ml
from minelib.errors import BadInput, BadParameter, OutOfCoverage, UnknownName
from minelib.style import style

ec = ml.economics
DAYS = st.dates(pd.Timestamp("2016-07-01").date(), pd.Timestamp("2026-05-01").date())
WITH_ALL = ec.machine_names(["efficiency_j_th", "hashrate_th_s", "power_w"])


# hash price


def test_hash_price_of_a_day_by_hand():
    # 13 May 2021 from the headers and the halving schedule: epoch difficulty 20.608 T up to and
    # 25.047 T from height 683,424 (13 May); subsidy 6.25 BTC; fees and price of the day's table
    day = ml.load("network_daily").set_index("date").loc["2021-05-14"]
    coins = 6.25 + day.fees_btc / day.block_count
    by_hand = coins * day.price_usd / (25_046_487_590_083.27 * 2**32) * 1e15 * 86_400
    value = ec.hash_price(start="2021-05-14", end="2021-05-14")["hashprice_usd_ph_day"].iloc[0]
    assert value == pytest.approx(by_hand, rel=0.005)


def test_weeks_and_months_are_means_of_their_days():
    days = ec.hash_price("D", "2021-05-01", "2021-06-30")
    months = ec.hash_price("ME", "2021-05-01", "2021-06-30")
    assert months.index.tolist() == [pd.Timestamp("2021-05-01"), pd.Timestamp("2021-06-01")]
    june = days.loc["2021-06", "hashprice_usd_ph_day"].mean()
    assert months["hashprice_usd_ph_day"].iloc[1] == pytest.approx(june)
    assert months["days"].tolist() == [31, 30]
    weeks = ec.hash_price("W", "2021-05-03", "2021-05-16")
    assert weeks.index.day_of_week.tolist() == [0, 0]


def test_bounds_of_the_hash_price_hold_the_value():
    frame = ec.hash_price("W")
    assert (frame["lower_usd_ph_day"] < frame["hashprice_usd_ph_day"]).all()
    assert (frame["hashprice_usd_ph_day"] < frame["upper_usd_ph_day"]).all()
    assert frame["fees_pct"].between(0, 100).all()


def test_cumulated_revenue_of_a_th_is_the_sum_of_days():
    per_th = ec.revenue_per_th("D", "2020-01-01", "2020-12-31")
    assert per_th["cumulated_usd_th"].iloc[-1] == pytest.approx(per_th["revenue_usd_th_day"].sum())
    by_month = ec.revenue_per_th("ME", "2020-01-01", "2020-12-31")
    assert by_month["cumulated_usd_th"].iloc[-1] == pytest.approx(
        per_th["cumulated_usd_th"].iloc[-1]
    )


# machines


@pytest.mark.parametrize("name", ["S19", "antminer s19", "bitmain_antminer_s19", "蚂蚁矿机S19"])
def test_a_machine_is_found_by_any_of_its_names(name):
    assert ec.machine(name).key == "bitmain_antminer_s19"


def test_every_machine_is_found_by_its_key():
    for key in ml.load("machines")["machine"]:
        assert ec.machine(key, needs=()).key == key


def test_plus_signs_tell_machines_apart():
    assert ec.machine("M30S++").hashrate_th_s == 110
    assert ec.machine("M30S+").hashrate_th_s == 100
    assert ec.machine("M30S").hashrate_th_s == 88


def test_a_machine_without_efficiency_or_hash_rate_is_refused():
    with pytest.raises(BadInput, match="efficiency.*Avalon3"):
        ec.break_even("canaan_avalon3")
    with pytest.raises(BadInput, match="hash rate.*S9k"):
        ec.revenue("bitmain_antminer_s9k", 0.05)
    assert len(ec.break_even("S9k", start="2021-05-01", end="2021-05-31")) == 1  # enough for it
    with pytest.raises(UnknownName, match="S19"):
        ec.machine("Antminer S19 Prro")


def test_frontier_falls_and_is_made_of_its_own_machines():
    frame = ec.machine_frontier()
    assert frame["date"].is_monotonic_increasing
    steps = frame[frame["on_frontier"]]
    assert steps["efficiency_j_th"].is_monotonic_decreasing
    assert (steps["efficiency_j_th"] == steps["frontier_j_th"]).all()
    # S9 of June 2016: 98 J/TH by its nameplate of 1,323 W and 13.5 TH/s, the best for half a year
    at = frame[frame["date"] <= "2016-12-31"]["frontier_j_th"].iloc[-1]
    assert at == pytest.approx(1323 / 13.5)
    assert set(frame["confidence"]) <= {"high", "medium"}


# revenue and break-even


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(WITH_ALL), DAYS, st.floats(0, 0.5), st.floats(0, 0.5))
def test_margin_falls_with_the_tariff_and_is_nil_at_break_even(name, day, one, other):
    low, high = sorted((one, other))
    cheap = ec.revenue(name, low, start=day, end=day).iloc[0]
    dear = ec.revenue(name, high, start=day, end=day).iloc[0]
    assert dear.margin_usd_day <= cheap.margin_usd_day
    assert cheap.lower_usd_day <= cheap.margin_usd_day <= cheap.upper_usd_day
    m = ec.machine(name)
    if m.release is not None and pd.Timestamp(day) < m.release:
        return
    even = ec.break_even(name, "D", day, day).iloc[0]
    assert even.lower_usd_kwh < even.break_even_usd_kwh < even.upper_usd_kwh
    exact = even.break_even_usd_kwh * m.efficiency_j_th * m.hashrate_th_s / m.power_w
    at = ec.revenue(name, exact, start=day, end=day).iloc[0]
    assert at.margin_usd_day == pytest.approx(0, abs=1e-9 + 1e-9 * at.revenue_usd_day)


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(WITH_ALL), st.sampled_from(WITH_ALL), DAYS)
def test_the_more_efficient_machine_bears_the_higher_tariff(a, b, day):
    rows = [ec.break_even(n, "D", "2026-05-01", "2026-05-01").iloc[0] for n in (a, b)]
    efficiency = [ec.machine(n).efficiency_j_th for n in (a, b)]
    even = [r.break_even_usd_kwh for r in rows]
    assert even[0] * efficiency[0] == pytest.approx(even[1] * efficiency[1])  # one hash price


def test_break_even_by_hand():
    # a hash price of 240 USD per PH/s and day pays 0.24 USD for a TH/s, which at 100 J/TH uses
    # 2.4 kWh a day: 0.10 USD/kWh
    daily = ec.hash_price(start="2021-05-14", end="2021-05-14")["hashprice_usd_ph_day"].iloc[0]
    row = ec.break_even("Antminer S9", "D", "2021-05-14", "2021-05-14").iloc[0]
    assert row.break_even_usd_kwh == pytest.approx(0.10 * daily / 240 * 100 / 98)


def test_rows_begin_with_the_release_of_the_machine():
    assert ec.break_even("S19", "D")["date"].min() == pd.Timestamp("2020-05-01")
    assert ec.revenue("S19", 0.05).index[0] == pd.Timestamp("2020-05-01")
    with pytest.raises(OutOfCoverage):
        ec.break_even("S19", "D", "2018-01-01", "2018-02-01")


@pytest.mark.parametrize(
    "call",
    [
        lambda: ec.hash_price("Q"),
        lambda: ec.hash_price(start="2021-05-01", end="2021-04-01"),
        lambda: ec.hash_price(start="yesterday"),
        lambda: ec.revenue("S19", -0.01),
        lambda: ec.revenue("S19", (0.06, 0.05)),
        lambda: ec.revenue("S19", "cheap"),
        lambda: ec.revenue("S19", float("nan")),
        lambda: ec.revenue("S19", 0.05, uptime_pct=101),
        lambda: ec.break_even([]),
        lambda: ec.payback("S19", "2021-05-01", delay_days=-1),
        lambda: ec.payback("S19", "2021-05-01", delay_days=1.5),
        lambda: ec.machine_price("S19", "2021-05-01", market="moon"),
        lambda: ec.machine_price("S19", "soon"),
        lambda: ec.choice("S19", view="both"),
        lambda: ec.choice("S19", horizon_days=5),
        lambda: ec.choice("S19", level=0),
        lambda: ec.choice("S19 XP", "2021-06-20"),
        lambda: ec.payback("S19", "2020-01-15", price_usd_th=20),
        lambda: ec.delay_and_tariff("S19", "texas", delays=[]),
        lambda: ec.choice("S19", options=()),
        lambda: ec.choice("S19", uptime_pct=(99, 95, 90)),
        lambda: ec.machine_frontier("2022-01-01", "2021-01-01"),
    ],
)
def test_bad_parameters_are_refused(call):
    with pytest.raises(BadParameter):
        call()


@pytest.mark.parametrize(
    "call",
    [
        lambda: ec.hash_price(start="2009-01-03"),
        lambda: ec.hash_price(end="2030-01-01"),
        lambda: ec.machine_price("S19", "2025-01-01"),
        lambda: ec.choice("S9", "2017-01-01"),
        lambda: ec.choice("S19", "2022-06-20", horizon_days=365),
        lambda: ec.payback("S19", "2026-06-01", delay_days=30, price_usd_th=20),
    ],
)
def test_days_outside_the_data_are_refused(call):
    with pytest.raises(OutOfCoverage):
        call()


@pytest.mark.parametrize(
    "call",
    [
        lambda: ec.choice("S19", options=("sell", "texs")),
        lambda: ec.choice("S19", delay_days={"kazakstan": 3}),
        lambda: ec.choice("S19", uptime=90),
        lambda: ec.tariffs("china"),
    ],
)
def test_unknown_names_are_refused(call):
    with pytest.raises(UnknownName):
        call()


# prices of machines


def test_quoted_prices_come_back_as_they_are():
    # Bloomberg, June 2021: about 150 yuan (23 USD) per TH/s in China after the shutdown
    assert ec.machine_price("S19", "2021-06-20", "china").usd_th == 23
    # Luxor's index: 119.25 on 7 May 2021
    top = ec.machine_price("S19", "2021-05-07")
    assert top.usd_th == 119.25 and top.basis == "quoted"


@settings(max_examples=40, deadline=None)
@given(
    st.dates(pd.Timestamp("2021-03-01").date(), pd.Timestamp("2022-12-20").date()),
    st.sampled_from(["world", "china"]),
)
def test_a_price_lies_within_its_bounds_and_a_better_machine_costs_no_less(day, market):
    prices = [ec.machine_price(n, day, market) for n in ("S19", "M20S", "S9")]
    for p in prices:
        assert 0 < p.lower_usd_th <= p.usd_th <= p.upper_usd_th
        assert p.quotations
    assert prices[0].usd_th >= prices[1].usd_th * 0.999 >= prices[2].usd_th * 0.998


def test_between_quotations_the_price_runs_between_them():
    a = ec.machine_price("S19", "2021-07-15").usd_th
    b = ec.machine_price("S19", "2022-01-15").usd_th
    middle = ec.machine_price("S19", "2021-10-15")
    assert min(a, b) < middle.usd_th < max(a, b) and middle.basis == "interpolated"


# payback


@settings(max_examples=20, deadline=None)
@given(DAYS, st.floats(1, 200), st.floats(0, 0.08), st.integers(0, 200))
def test_payback_agrees_with_adding_up_day_by_day(day, price, tariff, delay):
    day = pd.Timestamp(day) - pd.Timedelta(days=200)
    if day < pd.Timestamp("2020-05-01"):
        day = pd.Timestamp("2020-05-01")
    names = ("uptime_pct", "pool_fee_pct", "overhead_pct", "nameplate_tolerance_pct")
    plain = dict(zip(names, (100, 0, 0, 0), strict=True))
    row = ec.payback("S19", day, tariff, delay_days=delay, price_usd_th=price, **plain).iloc[0]
    margin = ec.revenue("S19", tariff)["margin_usd_day"].clip(lower=0)
    added = margin.loc[day + pd.Timedelta(days=delay) :].cumsum()
    reached = added[added >= price * 95 * (1 - 1e-12)]
    if reached.empty:
        assert np.isnan(row.payback_days) and row.recovered_pct < 100
    else:
        assert row.payback_date == reached.index[0]
        assert row.payback_days == (reached.index[0] - day).days + 1


def test_payback_bounds_take_the_fair_end_of_each_assumption_for_the_short_one():
    def days(**assumption):
        return ec.payback("S19", "2021-04-15", 0.05, **assumption).iloc[0]

    ends = {"uptime_pct": (99, 60), "pool_fee_pct": (0, 4), "overhead_pct": (1, 20)}
    for name, (fair, poor) in ends.items():
        wide = days(**{name: tuple(sorted((fair, (fair + poor) / 2, poor)))})
        assert wide["expected_lower_days"] == days(**{name: fair})["expected_lower_days"]
        assert wide["expected_upper_days"] == days(**{name: poor})["expected_upper_days"]


def test_payback_is_longer_for_the_dearer_tariff_and_bounds_hold():
    frame = ec.payback(["S19", "S9"], ["2021-02-20", "2021-03-01"], (0.03, 0.05, 0.07))
    assert len(frame) == 4
    done = frame.dropna(subset=["payback_days", "upper_days"])
    assert (done["lower_days"] <= done["payback_days"]).all()
    assert (done["payback_days"] <= done["upper_days"]).all()
    cheap = ec.payback("S9", "2021-03-01", 0.03)["payback_days"].iloc[0]
    assert cheap < ec.payback("S9", "2021-03-01", 0.07)["payback_days"].iloc[0]


# the choice


@pytest.fixture(scope="module")
def result():
    return ec.choice("S19", draws=500)


def test_parts_add_up_and_intervals_hold_the_mean(result):
    table = result.table()
    parts = table[["revenue_usd", "power_usd", "machine_usd", "cost_usd"]].sum(axis=1)
    assert np.allclose(parts, table["net_usd"])
    assert ((table["lower_usd"] < table["net_usd"]) & (table["net_usd"] < table["upper_usd"])).all()
    assert table["best_pct"].sum() == pytest.approx(100)


def test_paths_end_at_the_result(result):
    paths = result.paths()
    last = paths[paths["date"] == paths["date"].max()].set_index("option")["cash_usd"]
    net = result.table().set_index("option")["net_usd"]
    assert np.allclose(last.reindex(net.index), net)
    first = paths[paths["date"] == result.decision_date].set_index("option")["cash_usd"]
    assert first["sell"] == pytest.approx(net["sell"])
    assert first["store"] == pytest.approx(0)
    assert first["texas"] < 0


def test_selling_brings_the_quoted_price(result):
    # 95 TH/s at 23 USD, the price in China of June 2021; the range is symmetric
    net = result.table().set_index("option").loc["sell", "net_usd"]
    assert net == pytest.approx(95 * 23, rel=0.02)


def test_the_same_seed_gives_the_same_answer_and_options_do_not_disturb_it():
    a = ec.choice("S19", draws=100).table().set_index("option")
    b = ec.choice("S19", options=("sell", "russia"), draws=100).table().set_index("option")
    assert a.loc[["sell", "russia"], "net_usd"].equals(b.loc[["sell", "russia"], "net_usd"])
    c = ec.choice("S19", draws=100, seed=1).table().set_index("option")
    assert not a["net_usd"].equals(c.loc[a.index, "net_usd"])


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 360), st.integers(0, 360), st.floats(0, 0.2), st.floats(0, 0.2))
def test_a_longer_wait_and_dearer_power_never_help(d1, d2, t1, t2):
    def net(delay, tariff):
        found = ec.choice(
            "S9",
            options=("texas",),
            draws=50,
            delay_days={"texas": delay},
            tariff_usd_kwh={"texas": tariff},
        )
        return found.table()["net_usd"].iloc[0]

    early, late = sorted((d1, d2))
    cheap, dear = sorted((t1, t2))
    assert net(late, dear) <= net(early, cheap) + 1e-9


def test_a_machine_that_never_runs_has_only_costs_and_its_own_value():
    found = ec.choice("S19", options=("texas",), draws=50, delay_days={"texas": 365})
    row = found.table().iloc[0]
    assert row.revenue_usd == 0 and row.power_usd == 0
    assert row.net_usd == pytest.approx(row.machine_usd + row.cost_usd)


def test_without_uncertainty_the_choice_is_arithmetic():
    certain = {name: best for name, (_low, best, _high) in ec.assumed().items()}
    certain |= {"nameplate_tolerance_pct": 0, "loss_pct": 0, "uptime_pct": 100}
    found = ec.choice(
        "S19",
        options=("russia",),
        draws=50,
        delay_days={"russia": 100},
        tariff_usd_kwh={"russia": 0.05},
        **certain,
    )
    spread = found.inputs["price_of_coins"].mean()
    days = ec.hash_price(start="2021-06-21", end="2022-06-20")["hashprice_usd_ph_day"].iloc[100:]
    earned = days.sum() * 0.095 * 0.98 * (1 + spread)
    power = 3.25 * 24 * 1.10 * 0.05 * len(days)
    row = found.table().iloc[0]
    assert row.delay_days == 100 and len(days) == 265
    assert row.revenue_usd == pytest.approx(earned, rel=1e-9)
    assert -row.power_usd == pytest.approx(power, rel=1e-9)


def test_tariffs_are_the_quotations_of_the_table():
    prices = ec.tariffs("kazakhstan")
    assert set(prices["id"]) >= {"kz_2020", "kz_2021"}
    terms = ec.destinations()
    assert terms.loc["kazakhstan", "tariff_usd_kwh_lower"] == 0.03
    # Texas: long contracts at 0.02 (Rockdale) up to hosted places at 0.08
    assert terms.loc["texas", ["tariff_usd_kwh_lower", "tariff_usd_kwh_upper"]].tolist() == [
        0.02,
        0.08,
    ]


def test_assumptions_have_reasons_and_can_be_changed():
    table = ec.assumptions()
    assert table["reason"].str.len().min() > 20
    assert (table["lower"] <= table["best"]).all() and (table["best"] <= table["upper"]).all()
    dear = ec.choice("S19", options=("russia",), draws=50, freight_usd_kg=100).table()["net_usd"]
    base = ec.choice("S19", options=("russia",), draws=50, freight_usd_kg=5).table()["net_usd"]
    assert dear.iloc[0] < base.iloc[0]


def test_drivers_and_sentence(result):
    drivers = result.drivers("texas")
    assert drivers["rank_correlation"].abs().is_monotonic_decreasing
    delay = drivers.set_index("input").loc["delay", "rank_correlation"]
    assert delay < 0
    assert "Antminer S19" in result.sentence("en")


# figures


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_choice_is_drawn_from_the_result_and_from_its_table(result, lang):
    with style(lang):
        drawn = [result.plot(), ml.figures.choice(result.table())]
        finished = [ml.finish(ax, "network_daily") for ax in drawn]
        assert finished[0].alt == finished[1].alt
        words = [tick.get_text() for tick in drawn[0].get_yticklabels()]
        assert words == [ec.option_name(o) for o in result.table()["option"][::-1]]
        assert all(ec.option_name(o) in finished[0].alt for o in ec.OPTIONS)
        png = finished[0]._repr_mimebundle_()[0]["image/png"]
        assert png[:4] == b"\x89PNG"


def test_the_parts_of_the_choice_are_stacked_to_their_sums(result):
    table = result.table().set_index("option")
    figure, (left, right) = plt.subplots(1, 2)
    assert result.plot(ax=right) is right and not left.has_data()
    bars = [c for c in right.containers if hasattr(c, "patches")]
    gains = table[["revenue_usd", "machine_usd"]].sum(axis="columns").max()
    ends = [bar.get_x() + bar.get_width() for group in bars for bar in group]
    assert max(ends) == pytest.approx(gains)
    plt.close(figure)


def test_a_frame_without_the_parts_is_refused_with_a_sentence(result):
    with pytest.raises(BadInput, match="cost_usd"):
        ml.figures.choice(result.table().drop(columns="cost_usd"))
    with pytest.raises(BadInput, match="no rows"):
        ml.figures.choice(result.table().head(0))
    with pytest.raises(BadParameter, match="DataFrame"):
        ml.figures.choice(3)


def test_a_column_of_machines_is_taken_as_a_list_of_them():
    some = ec.compare_machines(["S9", "S19"], options=["sell"], draws=50)["machine"]
    even = ec.break_even(some, start="2021-05-01", end="2021-05-31")
    assert even["machine"].tolist() == some.tolist()
    assert len(ec.payback(some.unique(), "2021-04-15")) == 2
    assert len(ec.compare_machines(some, options=["sell"], draws=50)) == 2


# the study


def test_the_study_refuses_before_anything_is_computed():
    from minelib.errors import BadParameters

    study = ml.studies.MinersChoice
    assert study().machine == "Antminer S19"
    for wrong, words in (
        ({"machine": "Antminer S29"}, "S29"),
        ({"machine": "canaan_avalon3"}, "efficiency"),
        ({"machine": "S19 XP"}, "came out"),
        ({"decision_date": "2020-06-20"}, "decision_date"),
        ({"decision_date": "2022-06-20"}, "does not cover"),
        ({"destination": "texs"}, "texas"),
        ({"tariff_usd_kwh": -1.0}, "tariff"),
        ({"delay_days": 1.5}, "whole number"),
    ):
        with pytest.raises(BadParameters, match=words):
            study(**wrong)
