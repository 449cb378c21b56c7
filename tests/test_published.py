# SPDX-License-Identifier: MIT
"""Published against re-computed: every row, and the rule of the verdicts."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

import minelib as ml
from minelib.errors import UnknownName
from minelib.published import recompute
from minelib.published.recompute import ENTRIES, NOT_COMPUTED
from minelib.published.verdicts import OTHER, SAME, difference, verdict

NAN = float("nan")
VERDICTS = {"supported", "contradicted", "imprecise", "unverifiable"}


@pytest.fixture(scope="module")
def table():
    return ml.published.table().set_index("id")


def test_every_row_is_there_and_is_either_computed_or_says_why_not(table):
    stored = ml.load("published_results")
    assert list(table.index) == list(stored["id"])
    assert set(ENTRIES) | set(NOT_COMPUTED) == set(stored["id"])
    assert not set(ENTRIES) & set(NOT_COMPUTED)
    assert (table["why"].str.len() > 20).all()
    computed = table["computed_value"].notna()
    assert computed.equals(table["function"].notna())


def test_at_least_sixteen_results_are_recomputed(table):
    assert table.loc[table["computed_value"].notna(), "item"].nunique() >= 16


def test_a_recalled_figure_is_never_contradicted(table):
    assert set(table["verdict"]) <= VERDICTS
    recalled = table[table["known_from"] == "recalled"]
    assert "contradicted" not in set(recalled["verdict"])
    assert table.loc["mora_2018_emissions", "verdict"] == "unverifiable"


@pytest.mark.parametrize(
    "name",
    [  # the figures that can be met with the publisher's own method
        "ccaf_2023_energy_2021", "ccaf_2023_energy_2022", "ccaf_2023_energy_2023",
        "ccaf_series_lower_2020", "ccaf_series_best_2020", "ccaf_series_upper_2020",
        "ccaf_2022_energy_2021", "ccaf_2022_energy_2022", "unu_2023_energy",
        "ccaf_2022_emissions", "ccaf_2022_cumulative", "ccaf_2022_since_2018",
        "devries_2022_emissions", "devries_2022_renewable_2020", "devries_2022_renewable_2021",
        "stoll_2019_energy",
    ],
)  # fmt: skip
def test_figures_that_come_out(table, name):
    assert table.loc[name, "verdict"] == "supported"


def test_known_disagreements_stay_visible(table):
    # the mining map cannot give three quarters renewable power in the dry December of 2019
    assert table.loc["coinshares_2019_12_renewable", "verdict"] == "contradicted"
    change = table.loc["devries_2022_change"]
    assert change["computed_value"] < 0 < change["published_value"] < change["computed_upper"]
    assert change["verdict"] == "imprecise"


def test_both_languages_have_every_quantity():
    english, chinese = ml.published.table("en"), ml.published.table("zh")
    assert (english["quantity"] != chinese["quantity"]).all()
    assert english["verdict"].equals(chinese["verdict"])


def test_unknown_result():
    with pytest.raises(UnknownName, match="stoll_2019_energy"):
        recompute("stoll_2019_enrgy")


# --- the rule ---------------------------------------------------------------------------------

known = st.sampled_from(["source", "second_hand", "recalled"])
number = st.floats(1e-3, 1e6)


@given(value=number, method=st.sampled_from([SAME, OTHER]), share=st.booleans(), known_from=known)
def test_equal_is_supported(value, method, share, known_from):
    assert verdict((value, NAN, NAN), (value, NAN, NAN), method, share, known_from) == "supported"


@given(value=number, published=number, known_from=known, method=st.sampled_from([SAME, OTHER]))
def test_recalled_never_contradicts(value, published, known_from, method):
    found = verdict((value, value * 0.9, value * 1.1), (published, NAN, NAN), method, False,
                    known_from)  # fmt: skip
    assert found in VERDICTS
    assert not (known_from == "recalled" and found == "contradicted")


def test_the_steps_of_the_rule():
    def rule(value, lower, upper, published, low=NAN, high=NAN, share=False):
        return verdict((value, lower, upper), (published, low, high), OTHER, share, "source")

    assert rule(109, 50, 200, 100) == "supported"
    assert rule(111, 50, 200, 100) == "imprecise"
    assert rule(111, 105, 200, 100) == "contradicted"
    assert rule(30, 20, 40, NAN, 25, 35) == "supported"
    assert rule(50, 34, 60, NAN, 25, 35) == "imprecise"
    assert rule(50, 40, 60, NAN, 25, 35) == "contradicted"
    assert rule(24, NAN, NAN, 20, share=True) == "supported"
    assert verdict(None, (1.0, NAN, NAN), SAME, False, "source") == "unverifiable"
    assert difference(5.0, NAN, 1.0, 9.0) == 0
    assert math.isclose(difference(0.5, NAN, 1.0, 9.0), -0.5)
