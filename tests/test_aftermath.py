# SPDX-License-Identifier: MIT
"""What came after: sentences that follow their frames, and the notebook that makes them."""

import pandas as pd
import pytest
from opened import code_cells, kernel, run

import minelib as ml
from minelib.errors import BadInput, BadParameters

FIGURE = ["share_pct", "lower_pct", "upper_pct"]
COURSE = ["place", "mapped_lower_pct", "mapped_upper_pct", "lower_pct", "upper_pct"]
BACK = ["Mining is most likely back", "Mining may be back", "Nothing here shows"]


def evidence(*rows):
    """Rows of a kind, an estimator, a day and a figure."""
    names = ["share_of", "estimator", "date", *FIGURE]
    return pd.DataFrame(rows, columns=names).assign(date=lambda f: pd.to_datetime(f["date"]))


HEATMAP = ("world", "luxor_heatmap", "2025-10-01", 14.0, None, None)
RANGE = ("world", "cryptoquant", "2025-11-01", None, 15.0, 20.0)
SALES = ("revenue", "canaan", "2025-06-30", None, 50.0, 100.0)
RIVERS = ("hydropower", None, "2025-10-31", 0.0, 0.0, 6.0)
SEATS = ("pools_by_seat", "cryptoquant", "2024-09-23", 55.0, None, None)


# ---- is China back ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "rows, answer",
    [
        ((HEATMAP, RANGE, SALES, RIVERS), 0),
        ((HEATMAP, RIVERS), 1),
        ((HEATMAP, ("world", "one", "2025-09-01", 0.0, None, None), RIVERS), 2),
        ((HEATMAP, ("hydropower", None, "2025-10-31", 9.0, 4.0, 12.0)), 0),
        ((("world", "one", "2025-09-01", 0.0, None, None), SEATS), 2),
        ((HEATMAP, SALES[:2] + ("2025-06-30", None, 0.0, 100.0)), 1),
    ],
)
def test_how_sure_it_is_follows_from_the_kinds_that_leave_out_zero(rows, answer):
    assert ml.impact.returned(evidence(*rows), "en").startswith(BACK[answer])


def test_the_range_is_that_of_the_latest_figures_of_the_world():
    older = ("world", "luxor_heatmap", "2024-01-01", 3.0, None, None)
    told = ml.impact.returned(evidence(older, HEATMAP, RANGE, SEATS), "en")
    assert "put 14% to 20%" in told and "3%" not in told and "55" not in told
    assert "October 2025 to November 2025" in told
    assert "on rivers" not in told  # nobody asked the blocks
    assert "0% to 6%" in ml.impact.returned(evidence(HEATMAP, RIVERS), "en")


def test_it_is_told_in_chinese_and_shows_the_two_sentences():
    told = ml.impact.returned(evidence(HEATMAP, RANGE, SALES, RIVERS), "zh")
    assert told.count("。") == 2 and not any(c in told for c in "ABD")


@pytest.mark.parametrize("wrong", [evidence(SEATS), evidence(HEATMAP).drop(columns="estimator")])
def test_frames_that_cannot_answer_are_refused(wrong):
    with pytest.raises(BadInput):
        ml.impact.returned(wrong)


# ---- did it last ------------------------------------------------------------------------------


def test_more_less_and_as_much_follow_from_the_ranges():
    rows = [
        ("kazakhstan", 13.2, 22.4, 1.4, 4.0),
        ("russia", 4.7, 7.9, 15.5, 15.5),
        ("usa", 17.2, 39.8, 37.8, 37.8),
        ("canada", 2.9, 6.8, 2.0, 2.0),  # below, by less than a point
        ("china", 21.1, 40.9, 14.0, 20.0),
        ("oman", None, None, 3.0, 3.0),
    ]
    told = ml.impact.lasted(pd.DataFrame(rows, columns=COURSE), "en")
    assert "put more in: Russia; less in: Kazakhstan, China;" in told
    assert (
        "about as much in: United States, Canada; and name places that the map did not: Oman"
        in told
    )
    assert "Of the 4 places abroad on both lists, 3 kept" in told


def test_no_place_is_no_answer():
    with pytest.raises(BadInput):
        ml.impact.lasted(pd.DataFrame(columns=COURSE))
    with pytest.raises(BadInput):
        ml.impact.lasted(pd.DataFrame([{"place": "usa"}]))


# ---- what it emits ----------------------------------------------------------------------------


@pytest.mark.parametrize("before", [2020, 2021])
def test_the_sentence_on_emissions_has_the_figures_of_its_tables(before):
    told = ml.carbon.emitted(before, lang="en")
    for row in ml.carbon.by_survey().itertuples():
        assert f"{row.emissions_mt:.0f} Mt ({row.lower_mt:.1f} to {row.upper_mt:.1f})" in told
    for basis in ("map", "survey"):
        total = ml.carbon.change(before, basis=basis)["change_mt"].iloc[-1]
        assert ml.words.number(total, 1, "en", signed=True) in told


def test_factors_change_the_sentence_and_unknown_ones_are_refused():
    assert ml.carbon.emitted(factors="ipcc_ar5", lang="en") != ml.carbon.emitted(lang="en")
    with pytest.raises(ml.errors.UnknownName):
        ml.carbon.emitted(factors="none")


# ---- the notebook -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line, instead",
    [
        ('version = "extended"', 'version = "1.4.0"'),
        ('end = "2026-05-31"', 'end = "2025-11-30"'),
        ('estimators = ["luxor_heatmap", ', 'estimators = ["luxor_heatmap"]  # ["'),
        ('start = "2022-02-01"', 'start = "2024-12-31"'),
    ],
)
def test_the_notebook_runs_with_other_parameters(line, instead):
    listed = code_cells("09-what-came-after")
    assert line in listed[0].source
    listed[0].source = listed[0].source.replace(line, instead)
    with kernel() as namespace:
        for cell in listed:
            shown = run(cell, namespace)
            if hasattr(shown, "_repr_mimebundle_"):
                shown._repr_mimebundle_()
        assert len(namespace["study"].finish().findings) > 10


@pytest.mark.parametrize(
    "given", [{"start": "2021-06-01"}, {"estimators": ["nobody"]}, {"version": "1.3.1"}]
)
def test_parameters_out_of_their_rule_are_refused(given):
    with pytest.raises(BadParameters):
        ml.study("09", ml.studies.model("what-came-after")().values() | given)
