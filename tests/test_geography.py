# SPDX-License-Identifier: MIT
"""minelib.geography: laws of the maps, the seasons, the moves and the raw download."""

import io
import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings, strategies as st

import minelib as ml
from minelib import words
from minelib.catalog.names import place_name
from minelib.errors import BadInput, BadParameter, OutOfCoverage, UnknownName
from minelib.geography.margins import Moves

g = ml.geography
TIGHT = 1e-7
MONTHS = [f"{m:%Y-%m}" for m in pd.date_range("2019-09-01", "2022-01-01", freq="MS")]
stories = pytest.mark.parametrize(("vpn", "sample"), [(v, s) for v in g.VPNS for s in g.SAMPLES])


@pytest.fixture(autouse=True)
def english():
    words.use("en")
    yield
    words.use("en")


# --- places


def test_place_by_any_name():
    for name in ("china", "China", "中国", "CHN", " chn "):
        assert g.find_place(name) == "china"
    assert g.find_place("Georgia") == "georgia"  # the country before the state
    assert g.find_place("US-GA", "state") == "georgia_us"
    assert g.find_place("内蒙古", "province") == "inner_mongolia"


@pytest.mark.parametrize(
    ("wrong", "near"), [("Kazakstan", "Kazakhstan"), ("哈萨克", "哈萨克斯坦"), ("Rusia", "Russia")]
)
def test_unknown_place_offers_the_nearest_in_the_same_language(wrong, near):
    with pytest.raises(UnknownName) as e:
        g.find_place(wrong, "country")
    assert near in str(e.value)


# --- the map by country


def test_well_known_points():
    # articles of the publisher, 15 July 2021 and 17 May 2022
    frame = g.by_country().set_index(["month", "place"])["share_pct"]
    assert frame[pd.Timestamp("2021-04-01"), "china"] == 46.04
    assert frame[pd.Timestamp("2022-01-01"), "china"] == 21.11


@stories
def test_shares_are_a_whole_in_every_story_and_lie_in_their_bounds(vpn, sample):
    frame = g.by_country(vpn=vpn, sample=sample)
    assert len(frame) == 290
    sums = frame.groupby("month")["share_pct"].sum()
    assert sums.between(99.97, 100.03).all()  # the published values are rounded
    assert (frame["share_pct"] >= 0).all()
    # 0.02: the bounds come from shares scaled to exactly 100
    assert (frame["lower_pct"] <= frame["share_pct"] + 0.02).all()
    assert (frame["share_pct"] <= frame["upper_pct"] + 0.02).all()
    assert (frame["story_lower_pct"] <= frame["share_pct"] + TIGHT).all()
    assert (frame["share_pct"] <= frame["story_upper_pct"] + TIGHT).all()
    assert (frame["lower_eh_s"] <= frame["hashrate_eh_s"] + 0.05).all()


def test_what_the_sample_holds_plus_the_unseen_is_the_world():
    frame = g.by_country()
    per_month = frame.groupby("month").agg(held=("lower_pct", "sum"), s=("sampled_pct", "first"))
    np.testing.assert_allclose(per_month["held"], per_month["s"])
    # Manski: the width of every bound is the part of the network nobody saw
    np.testing.assert_allclose(frame["upper_pct"] - frame["lower_pct"], 100 - frame["sampled_pct"])


def test_countries_by_name_in_either_language():
    frame = g.by_country("2022-01", "2022-01", countries=["哈萨克斯坦", "United States"])
    assert sorted(frame["place"]) == ["kazakhstan", "usa"]
    with pytest.raises(UnknownName, match="Kazakhstan"):
        g.by_country(countries=["Kazakstan"])
    with pytest.raises(UnknownName, match="Canada"):  # named are those the map has
        g.by_country(countries=["Norway"])


def test_germany_and_ireland_as_china():
    plain = g.by_country().set_index(["month", "place"])["share_pct"].unstack()
    moved = g.by_country(vpn="to_china").set_index(["month", "place"])["share_pct"].unstack()
    flagged = plain["germany"] + plain["ireland"]
    np.testing.assert_allclose(moved["china"], plain["china"] + flagged)
    assert (moved[["germany", "ireland"]] == 0).all().all()
    # August 2021: 4.48 + 4.68, both published
    assert moved.loc["2021-08-01", "china"] == pytest.approx(9.16)


def test_sampling_story():
    frame = g.sampling().set_index("month")
    # the publisher: about 37 percent of the network, September 2019 to April 2020
    assert frame.loc[:"2020-04-01", "sampled_pct"].mean() == pytest.approx(37, abs=1)
    assert (frame.loc[:"2021-04-01", "joined_pct"] == 0).all()
    assert (frame.loc["2021-05-01":, "joined_pct"] > 0).all()
    np.testing.assert_allclose(frame["sampled_pct"], frame["first_pools_pct"] + frame["joined_pct"])


def test_without_the_joined_pool_by_hand():
    # January 2022: the pool that joined is all in North America, so what China has in the
    # sample (21.11 percent of it) is what the first pools hold of China.
    pools = g.sampling().set_index("month").loc["2022-01-01"]
    by_hand = 21.11 * pools["sampled_pct"] / pools["first_pools_pct"]
    frame = g.by_country("2022-01", "2022-01", sample="without_joined").set_index("place")
    assert frame.loc["china", "share_pct"] == pytest.approx(by_hand, abs=0.01)
    # before it joined nothing changes but the rounding
    early = g.by_country("2021-04", "2021-04", sample="without_joined").set_index("place")
    assert early.loc["china", "share_pct"] == pytest.approx(46.04, abs=0.01)


def test_zero_stays_zero_under_every_weight_and_not_under_the_vpn_story():
    frame = g.sensitivity("中国", ["2021-08"])
    zero = frame[frame["vpn"] != "to_china"]
    assert (zero["share_pct"] == 0).all() and (zero["upper_pct"] > 50).all()
    assert (frame.loc[frame["vpn"] == "to_china", "share_pct"] > 9).all()


def test_sensitivity_refuses():
    with pytest.raises(UnknownName):
        g.sensitivity("Norway")  # a country, but not one of the map
    with pytest.raises(OutOfCoverage):
        g.sensitivity(months=["2022-02"])
    with pytest.raises(UnknownName, match="Kazakhstan"):
        g.sensitivity("Kazakstan")
    with pytest.raises(BadParameter, match="months = .*at least one"):
        g.sensitivity(months=[])


@pytest.mark.parametrize("call", [g.by_country, g.by_province, g.concentration])
def test_spans_of_months(call):
    frame = call(start="2020-01", end="2020-03-17")
    assert frame["month"].dt.strftime("%Y-%m").unique().tolist() == [
        "2020-01",
        "2020-02",
        "2020-03",
    ]
    with pytest.raises(BadParameter, match="must not come before"):
        call(start="2020-03", end="2020-01")
    with pytest.raises(OutOfCoverage):
        call(start="2023-01", end="2023-02")
    with pytest.raises(BadParameter, match="not a month"):
        call(start="spring")
    with pytest.raises(OutOfCoverage, match="2023-01:"):
        call(start="2023-01")


def test_frames_are_the_callers_own():
    mine, pools = g.by_country(), g.sampling()
    mine["share_pct"], pools["pools"] = -1.0, "none"
    assert (g.by_country()["share_pct"] >= 0).all()
    assert "btccom" in g.sampling()["pools"].iloc[0]


# --- provinces and seasons


def test_provinces_are_a_whole_without_the_undefined_month():
    frame = g.by_province()
    assert frame["month"].max() == pd.Timestamp("2021-06-01")
    assert frame.groupby("month")["share_of_china_pct"].sum().between(99.98, 100.02).all()
    inside = frame["share_of_china_pct"].between(frame["lower_pct"], frame["upper_pct"])
    assert inside.all()
    assert (frame["sampled_pct"] < 30).all()  # two pools of three


def test_provinces_by_name_in_either_language():
    frame = g.by_province("2020-04", "2020-04", provinces=["新疆", "Sichuan"])
    assert sorted(frame["province"]) == ["sichuan", "xinjiang"]
    with pytest.raises(UnknownName):
        g.by_province(provinces=["Guangdong"])


def test_seasons():
    moves = g.seasonality()
    assert list(moves["direction"]) == ["to_coal", "to_hydropower", "to_coal", "to_hydropower"]
    assert (moves["lower_pp"] <= moves["moved_pp"] + TIGHT).all()
    assert (moves["moved_pp"] <= moves["upper_pp"] + TIGHT).all()
    assert moves["half_way"].between(moves["lower_date"], moves["upper_date"]).all()
    # The wet season begins in May and ends in November (tariff calendars of Sichuan).
    half = moves.set_index(["year", "direction"])["half_way"]
    assert half[2020, "to_hydropower"].month in (5, 6)
    assert half[2021, "to_coal"].month in (10, 11)
    # half way on 5 June 2020 is 35 days after the calendar's first of May
    lags = moves.set_index(["year", "direction"])["lag_days"]
    assert (
        lags[2020, "to_hydropower"]
        == (half[2020, "to_hydropower"] - pd.Timestamp("2020-05-01")).days
    )
    assert lags[2021, "to_coal"] == (half[2021, "to_coal"] - pd.Timestamp("2020-11-01")).days
    assert moves["lag_days"].between(moves["lower_lag_days"], moves["upper_lag_days"]).all()
    # Cut off by the begin of the series, and by the shutdowns of June 2021.
    assert moves["is_complete"].tolist() == [False, True, True, False]


def test_season_size_by_hand():
    # March to September 2020: Xinjiang 55.59 to 9.64 and Inner Mongolia 12.51 to 4.09 lost
    # 54.37; Sichuan 14.65 to 61.10 and Yunnan 8.32 to 14.90 gained 53.03.
    move = g.seasonality().set_index(["year", "direction"]).loc[(2020, "to_hydropower")]
    assert move["upper_pp"] == pytest.approx(53.03, abs=0.005)
    assert 50 < move["lower_pp"] <= 53.03


def test_season_is_half_done_where_the_line_between_two_months_crosses_the_middle():
    wide = g.by_province().pivot(index="month", columns="province", values="share_of_china_pct")
    level = wide["sichuan"] + wide["yunnan"]
    may, june = level["2020-05-01"], level["2020-06-01"]
    middle = (level["2020-03-01"] + level["2020-09-01"]) / 2
    assert may < middle < june
    first, last = pd.Timestamp("2020-05-16 12:00"), pd.Timestamp("2020-06-16")
    crossed = first + (middle - may) / (june - may) * (last - first)
    moves = g.seasonality().set_index(["year", "direction"])
    assert moves.loc[(2020, "to_hydropower"), "half_way"] == crossed.normalize()


def test_season_groups_are_checked():
    with pytest.raises(BadParameter, match="both groups"):
        g.seasonality(hydropower=["sichuan"], coal=["四川"])
    with pytest.raises(UnknownName, match="Guangdong"):
        g.seasonality(coal=["Guangdong"])
    with pytest.raises(BadInput, match="No province is named"):
        g.seasonality(coal=[])
    swapped = g.seasonality(hydropower=["新疆"], coal=["四川"])  # a question turned round
    assert set(swapped["direction"]) <= {"to_hydropower", "to_coal"}
    assert swapped["lag_days"].isna().all()  # no calendar of rivers for Xinjiang


# --- concentration


@pytest.mark.parametrize("by", ["country", "province", "pool", "pool_home"])
def test_concentration_bounds(by):
    frame = g.concentration(by)
    assert (frame["lower_hhi"] <= frame["hhi"] + TIGHT).all()
    assert (frame["hhi"] <= frame["upper_hhi"] + TIGHT).all()
    assert frame["upper_hhi"].between(0, 1 + TIGHT).all()
    known = frame.dropna()
    assert (known["lower_nakamoto"] <= known["nakamoto"]).all()
    assert (known["nakamoto"] <= known["upper_nakamoto"]).all()


@pytest.mark.parametrize("month", ["2019-09-01", "2021-04-01", "2021-08-01", "2022-01-01"])
def test_nakamoto_coefficient_is_how_many_hold_more_than_half(month):
    table = ml.load("country_share")
    shares = table[table["month"] == month].set_index("place")["share_pct"]
    whole, held, count = shares.sum(), 0.0, 0
    for share in sorted(shares.drop("other"), reverse=True):
        held, count = held + share, count + 1
        if held > whole / 2:
            break
    assert g.concentration("country", month, month)["nakamoto"].item() == count


def test_concentration_by_hand():
    # September 2019, published shares: one country has more than half
    row = g.concentration("country", "2019-09", "2019-09").iloc[0]
    shares = np.array([75.53, 5.93, 4.06, 3.25, 1.74, 1.42, 1.06, 0.90])
    # 99.99: the sum of the rounded shares
    assert row["hhi"] == pytest.approx((shares**2).sum() / 99.99**2)
    assert row["upper_hhi"] == pytest.approx(((shares**2).sum() + 6.10**2) / 99.99**2)
    assert row["nakamoto"] == 1
    # January 2022: 37.84 + 21.11 > 50
    assert g.concentration("country", "2022-01", "2022-01")["nakamoto"].item() == 2
    with pytest.raises(BadParameter):
        g.concentration("continent")


# --- moves between two months


@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from(MONTHS),
    st.sampled_from(MONTHS),
    st.sampled_from(g.VPNS),
    st.sampled_from(g.SAMPLES),
    st.floats(0, 1),
    st.floats(0, 1),
    st.none() | st.floats(0, 80),
    st.none() | st.floats(0, 80),
)
def test_laws_of_flows(start, end, vpn, sample, moved, hides, new, hidden):
    assume(start < end)
    moves = g.flows(
        start,
        end,
        vpn=vpn,
        sample=sample,
        new_eh_s=new,
        hidden_eh_s=hidden,
        moved_share=moved,
        hidden_share=hides,
    )
    table, sides = moves.table(), moves.margins().set_index("place")
    scale = sides["from_eh_s"].sum()
    # margins add up: all that stood somewhere went somewhere, all that stands came from somewhere
    left = table[table["origin"] != "new_machines"].groupby("origin")["best_eh_s"].sum()
    np.testing.assert_allclose(
        left.reindex(sides.index).fillna(0), sides["from_eh_s"], atol=1e-9 * scale
    )
    came = table[table["destination"] != "switched_off"].groupby("destination")["best_eh_s"].sum()
    np.testing.assert_allclose(
        came.reindex(sides.index).fillna(0), sides["to_eh_s"], atol=1e-9 * scale
    )
    # bounds contain the table, and what is assumed is inside what the margins alone allow
    slack = 1e-9 * scale
    assert (table["best_eh_s"] >= -slack).all()
    assert (table["lower_eh_s"] <= table["best_eh_s"] + slack).all()
    assert (table["best_eh_s"] <= table["upper_eh_s"] + slack).all()
    assert (table["margin_lower_eh_s"] <= table["lower_eh_s"] + slack).all()
    assert (table["upper_eh_s"] <= table["margin_upper_eh_s"] + slack).all()
    unknown = moves.unknowns()
    assert (unknown["lower_eh_s"] <= unknown["best_eh_s"]).all()
    assert (unknown["best_eh_s"] <= unknown["upper_eh_s"]).all()
    # what became of China's loss adds up to the loss
    gains = moves.gains()
    assert gains["best_eh_s"].sum() == pytest.approx(moves.loss_eh_s, abs=1e-6)


places = st.integers(2, 4).flatmap(
    lambda n: st.tuples(
        st.lists(st.integers(0, 9), min_size=n, max_size=n),
        st.lists(st.integers(0, 9), min_size=n, max_size=n),
    )
)


def extreme(equalities, right, below, right_below, wanted):
    """Smallest and largest value of a linear form, by linear programming."""
    from scipy.optimize import linprog

    ends = []
    for sign in (1, -1):
        found = linprog(sign * wanted, A_eq=equalities, b_eq=right, A_ub=below, b_ub=right_below)
        assert found.status == 0
        ends.append(sign * found.fun)
    return ends


def programme(rows, columns, origin, diagonal, unknowns=None):
    """The constraints on (move, new, off, hidden) as matrices."""
    n = len(rows)
    size = n * n + 3 * n
    at = {
        "move": lambda i, j: i * n + j,
        "new": lambda j: n * n + j,
        "off": lambda i: n * n + n + i,
        "hidden": lambda j: n * n + 2 * n + j,
    }
    equalities, right = [], []
    for i in range(n):
        line = np.zeros(size)
        line[[at["move"](i, j) for j in range(n)] + [at["off"](i)]] = 1
        if i == origin:
            line[[at["hidden"](j) for j in range(n)]] = 1
        equalities.append(line)
        right.append(rows[i])
    for j in range(n):
        line = np.zeros(size)
        line[[at["move"](i, j) for i in range(n)] + [at["new"](j), at["hidden"](j)]] = 1
        equalities.append(line)
        right.append(columns[j])
    line = np.zeros(size)
    line[at["hidden"](origin)] = 1
    equalities.append(line)
    right.append(0)
    if not diagonal:
        for i in range(n):
            line = np.zeros(size)
            line[at["move"](i, i)] = 1
            equalities.append(line)
            right.append(0)
    below, right_below = None, None
    if unknowns is not None:
        new, hidden = np.zeros(size), np.zeros(size)
        new[[at["new"](j) for j in range(n)]] = 1
        hidden[[at["hidden"](j) for j in range(n)]] = 1
        below = [new, -new, hidden]
        right_below = [unknowns.new_upper, -unknowns.new_lower, unknowns.hidden]
    return at, size, (np.array(equalities), np.array(right), below, right_below)


def assert_sharp(bounds, at, size, constraints, diagonal):
    n = len(bounds["new"][0])
    cells = [("move", (i, j)) for i in range(n) for j in range(n) if diagonal or i != j]
    cells += [(kind, (i,)) for kind in ("new", "off", "hidden") for i in range(n)]
    for kind, index in cells:
        wanted = np.zeros(size)
        wanted[at[kind](*index)] = 1
        low, high = extreme(*constraints, wanted)
        assert bounds[kind][0][index] == pytest.approx(low, abs=1e-6), (kind, index)
        assert bounds[kind][1][index] == pytest.approx(high, abs=1e-6), (kind, index)


@settings(max_examples=12, deadline=None)
@given(places)
def test_margin_bounds_are_those_of_linear_programming(both):
    h0, h1 = both
    bounds = Moves(h0, h1, 0).margin_bounds()
    at, size, constraints = programme(h0, h1, 0, diagonal=True)
    assert_sharp(bounds, at, size, constraints, diagonal=True)


@settings(max_examples=25, deadline=None)
@given(places, st.integers(0, 12), st.integers(0, 12), st.integers(0, 12))
def test_movement_bounds_are_those_of_linear_programming(both, hidden, new_low, new_more):
    moves = Moves(*both, 0, hidden, (new_low, new_low + new_more))
    bounds = moves.movement_bounds()
    at, size, constraints = programme(moves.loss, moves.gain, 0, diagonal=False, unknowns=moves)
    assert_sharp(bounds, at, size, constraints, diagonal=False)


def test_hidden_machines_loosen_the_lower_bound_by_hand():
    # Ten lost, ten gained, nothing new: all ten moved, but for up to four that only seem to.
    loss, gain = [10.0, 0.0], [0.0, 10.0]
    for hidden in (0, 4):
        moves = Moves(loss, gain, 0, hidden, (0, 0))
        bounds = moves.movement_bounds()
        assert (bounds["move"][0][0, 1], bounds["move"][1][0, 1]) == (10 - hidden, 10)
        at, size, constraints = programme(loss, gain, 0, diagonal=False, unknowns=moves)
        assert_sharp(bounds, at, size, constraints, diagonal=False)


def test_flows_by_hand():
    # April 2021 to January 2022, published EH/s: China 72.40 to 39.60, United States 26.50 to
    # 70.98, so at most 32.8 can have gone from one to the other without a swap.
    table = g.flows("2021-04", "2022-01").table().set_index(["origin", "destination", "kind"])
    cell = table.loc[("china", "usa", "move")]
    assert cell["upper_eh_s"] == pytest.approx(32.8, abs=0.05)
    assert cell["margin_upper_eh_s"] == pytest.approx(70.98, abs=0.05)
    assert cell["lower_eh_s"] == 0


def test_known_new_machines_pin_what_moved():
    # If nothing new was switched on in July 2021 against April, all that came was moved.
    moves = g.flows("2021-04", "2021-07", new_eh_s=0, hidden_eh_s=0)
    table = moves.table()
    assert table.loc[table["kind"] == "new", "best_eh_s"].sum() == pytest.approx(0, abs=1e-9)
    unknown = moves.unknowns().set_index("unknown")
    assert unknown.loc["moved", "lower_eh_s"] == pytest.approx(unknown.loc["moved", "upper_eh_s"])


def test_hidden_machines_of_august_2021():
    # China showed 22.29 percent in September and nothing in August; with the two countries the
    # publisher marks (4.48 + 4.68) that is the most that may have been hidden.
    unknown = g.flows("2021-04", "2021-08").unknowns().set_index("unknown")
    total = ml.load("country_share").set_index("month").loc["2021-08-01", "hashrate_eh_s"].sum()
    assert unknown.loc["hidden", "upper_eh_s"] == pytest.approx(
        (22.29 + 4.48 + 4.68) / 100 * total, abs=0.05
    )
    assert (
        g.flows("2021-04", "2021-08", vpn="to_china")
        .unknowns()
        .set_index("unknown")
        .loc["hidden", "upper_eh_s"]
        < 22.4 / 100 * total + 0.05
    )


def test_flows_refuse():
    with pytest.raises(OutOfCoverage, match="2022-02"):
        g.flows("2021-04", "2022-02")
    with pytest.raises(BadParameter, match="must lie after"):
        g.flows("2022-01", "2021-04")
    with pytest.raises(BadParameter, match="as_published, to_china, removed"):
        g.flows(vpn="yes")
    with pytest.raises(BadParameter, match="reweighted"):
        g.flows(sample="all")
    with pytest.raises(BadParameter, match="between 0 and 1"):
        g.flows(moved_share=1.2)
    with pytest.raises(BadParameter, match="not negative"):
        g.flows(new_eh_s=(30, 10))


def test_evidence_beside_the_table():
    frame = g.flows("2021-04", "2022-01").evidence()
    assert set(frame["comparison"]) <= set(g.COMPARISONS)
    assert (frame["lower_eh_s"] <= frame["best_eh_s"]).all()
    assert (frame["best_eh_s"] <= frame["upper_eh_s"]).all()
    # The map lets Russia shrink from 10.8 to 8.7 EH/s, so 205,000 machines arriving there
    # need other machines to have left.
    russia = frame[(frame["place"] == "russia") & (frame["kind"] == "machines_arriving")]
    assert russia["comparison"].item() == "needs_swaps"
    # 940 MW of legal and illegal load are parts: they bound Kazakhstan from below only
    assert np.isinf(frame.loc[frame["kind"] == "power_legal", "upper_eh_s"]).all()
    # before the move nothing moved out of China
    early = g.flows("2019-09", "2020-09").evidence()
    assert not early["kind"].isin(["machines_arriving", "machines_stored"]).any()


def test_a_figure_that_is_about_has_half_a_unit_of_its_last_digit_of_room():
    told = g.flows().evidence().query("value == 250_000 and qualifier == 'about'").iloc[0]
    each = g.hash_rate_per_machine()
    assert told["lower_eh_s"] == pytest.approx(245_000 * each["lower"] / 1e6)
    assert told["best_eh_s"] == pytest.approx(250_000 * each["best"] / 1e6)


def test_units_of_evidence_by_hand():
    # BIT Mining's first batch: 320 machines, 18.2 PH/s, so 57 TH/s each
    machine = g.hash_rate_per_machine()
    assert machine["lower"] < 18_200 / 320 < machine["upper"]
    assert machine["best"] == pytest.approx(57, abs=2)
    # 98 and 29.5 J/TH are nameplates of the S9 and the S19 Pro
    used = g.efficiency("2021-11")
    assert (used["lower"], used["upper"]) == (29.5, 98)
    assert g.efficiency("2021-11-17") == used  # a day counts by its month
    with pytest.raises(OutOfCoverage, match="2022-02"):
        g.efficiency("2022-02")


def test_sentence_in_both_languages():
    moves = g.flows()
    assert "April 2021" in moves.sentence("en") and "United States" in moves.sentence("en")
    assert isinstance(moves.sentence("zh"), str)
    grown = g.flows("2021-08", "2022-01")
    assert "no fall" in grown.sentence("en") and grown.loss_eh_s == 0


@pytest.mark.parametrize("moved_share", [0, 0.5, 1])
@pytest.mark.parametrize("to_month", ["2021-08", "2022-01"])
def test_the_sentence_names_the_place_that_grew_most(to_month, moved_share):
    wide = ml.load("country_share").pivot(index="month", columns="place", values="hashrate_eh_s")
    change = wide.loc[f"{to_month}-01"] - wide.loc["2021-04-01"]
    most = place_name(change.drop("other").idxmax(), "en")
    assert f"({most})" in g.flows("2021-04", to_month, moved_share=moved_share).sentence("en")


@pytest.mark.parametrize("call", [g.flows, g.seasonality])
def test_fast_enough(call, calls):
    call()
    assert calls(call) < 1_000_000  # half a second


# --- the raw download

RAW = """date,country,monthly_hashrate_%,monthly_absolute_hashrate_EH/S
2021-08-01,Mainland China,0%,0
2021-08-01,"Iran, Islamic Rep.",3.11%,3.75
2021-08-01,Ireland *,4.68%,5.65
2021-08-01,Germany *,4.48%,5.41
2021-08-01,Russian Federation,11.23%,13.55
2021-08-01,Other,8.86%,10.69
"""


def harmonise(raw):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        frame = g.harmonise_map(io.StringIO(raw))
    return frame, caught


def test_raw_map_is_understood():
    frame, caught = harmonise(RAW)
    kept = frame.set_index("place")
    assert kept["share_pct"].to_dict() == {
        "china": 0.0,
        "germany": 4.48,
        "iran": 3.11,
        "ireland": 4.68,
        "other": 8.86,
        "russia": 11.23,
    }
    assert kept["vpn_flag"].to_dict() == {p: p in ("germany", "ireland") for p in kept.index}
    assert kept.loc["germany", "publisher_label"] == "Germany *"
    assert frame.dtypes["share_pct"] == "float64" and frame.dtypes["vpn_flag"] == "bool"
    # the asterisk lives on
    assert [w.category for w in caught] == [g.UsageWarning]
    assert "Germany, Ireland" in frame.attrs["usage_warnings"][0]
    assert str(caught[0].message) == frame.attrs["usage_warnings"][0]


def test_raw_map_knows_iran_by_both_of_its_labels():
    frame, _caught = harmonise(RAW.replace("Iran, Islamic Rep.", "Iran, Islamic Republic of"))
    assert "iran" in set(frame["place"])


def test_raw_map_that_is_not_there(tmp_path):
    with pytest.raises(BadInput, match="map.csv cannot be read"):
        g.harmonise_map(tmp_path / "map.csv")


def test_raw_map_round_trip():
    table = ml.load("country_share")
    raw = pd.DataFrame(
        {
            "date": table["month"].dt.strftime("%Y-%m-%d"),
            "country": table["publisher_label"],
            "monthly_hashrate_%": table["share_pct"].astype("str") + "%",
            "monthly_absolute_hashrate_EH/S": table["hashrate_eh_s"],
        }
    )
    with pytest.warns(g.UsageWarning):
        frame = g.harmonise_map(raw.sample(frac=1, random_state=1))
    columns = ["month", "place", "share_pct", "hashrate_eh_s", "vpn_flag", "publisher_label"]
    pd.testing.assert_frame_equal(frame, table[columns], check_dtype=False, check_names=False)


def test_raw_map_from_a_file_with_a_mark_and_spaces(tmp_path):
    path = tmp_path / "我的 map.csv"
    path.write_text(RAW, encoding="utf-8-sig")
    with pytest.warns(g.UsageWarning):
        assert len(g.harmonise_map(path)) == 6


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("3.11%", "n/a", "Row 3, column monthly_hashrate_%, value 'n/a': is not a number"),
        ("3.11%", "103%", "is more than 100 percent"),
        ("3.11%", "-3%", "is negative"),
        ("2021-08-01,Mainland", "August,Mainland", "Row 2, column date, value 'August'"),
        ("monthly_hashrate_%", "share", "no column 'monthly_hashrate_%'"),
        ("Ireland *", "Germany *", "Germany stands twice in 2021-08"),
    ],
)
def test_raw_map_refuses_and_names_the_place(old, new, said):
    with pytest.raises(BadInput, match=".*") as e:
        harmonise(RAW.replace(old, new, 1))
    assert said in str(e.value)


def test_raw_map_unknown_country_offers_the_nearest():
    with pytest.raises(UnknownName, match="Kazakhstan"):
        harmonise(RAW.replace("Russian Federation", "Kazakstan"))
