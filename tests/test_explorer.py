# SPDX-License-Identifier: MIT
"""The plain functions behind the explorer's controls, and the controls themselves."""

import pytest

import minelib as ml
from minelib import explorer
from minelib.display import MIME
from minelib.errors import BadParameter, UnknownName
from minelib.workbench import widgets


def test_the_shares_are_those_of_the_mining_map():
    # Cambridge mining map, release of May 2022: China April 2021 46.04, USA January 2022 37.84
    assert round(explorer.view("china").share.loc["2021-04-01", "share_pct"], 2) == 46.04
    assert round(explorer.view("usa").share.loc["2022-01-01", "share_pct"], 2) == 37.84


def test_a_part_never_uses_more_than_the_whole():
    whole, part = explorer.view("world", freq="ME"), explorer.view("china")
    months = part.electricity.index
    assert (part.electricity["best_twh"] <= whole.electricity.loc[months, "best_twh"] * 1.02).all()
    emitted = whole.carbon["emissions_mt"].reindex(part.carbon.index)
    assert (part.carbon["emissions_mt"] <= emitted).all()


def test_places_add_up_to_the_emissions_of_the_world():
    # the world's intensity is the mean over places, weighted by the map; "other" is left out here
    world = explorer.view("world").carbon.loc["2021-01-01", "emissions_mt"]
    countries = [k for k, v in explorer._levels().items() if v == "country"]
    parts = sum(explorer.view(k).carbon["emissions_mt"].get("2021-01-01", 0) for k in countries)
    assert 0.85 < parts / world < 1


def test_bounds_are_inclusive_and_values_lie_between_theirs():
    shown = explorer.view("kazakhstan", "2021-01-01", "2021-03-01")
    assert [str(m.date()) for m in shown.share.index] == ["2021-01-01", "2021-02-01", "2021-03-01"]
    for frame, name in ((shown.share, "pct"), (shown.electricity, "twh"), (shown.carbon, "mt")):
        best = frame[[c for c in frame if not c.startswith(("lower", "upper"))][0]]
        assert (frame[f"lower_{name}"] <= best).all() and (best <= frame[f"upper_{name}"]).all()


def test_a_period_before_the_map_has_empty_frames_and_still_a_figure():
    shown = explorer.view("china", "2012-01-01", "2012-12-31")
    assert shown.share.empty and shown.hash_rate.empty
    assert shown.summary().empty
    assert shown.figure("en").alt.endswith("to 31 December 2012. No data for these dates.")


def test_months_without_a_value_are_left_out():
    """The map of provinces ends in June 2021, so nothing is known of a province after it."""
    shown = explorer.view("sichuan", "2021-01-01", "2021-12-31")
    for frame in (shown.hash_rate, shown.share, shown.electricity, shown.carbon):
        assert frame.notna().all(axis=None)
        assert str(frame.index[-1].date()) == "2021-06-01"
    assert "–" not in shown.figure("en").alt


def test_a_bound_that_leaves_the_chart_is_written_there():
    chart = explorer.view("world").figure("en")
    texts = [t.get_text() for ax in chart.figure.axes for t in ax.texts]
    said = [t for t in texts if "goes on to" in t]
    top = explorer.view("world").electricity["upper_twh"].max()
    digits = ml.catalog.columns.word("upper_twh").digits  # as every table shows the column
    assert said == [f"The upper bound goes on to {top:.{digits}f}"]


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ({"place": "chyna"}, UnknownName),
        ({"freq": "Y"}, UnknownName),
        ({"start": "2021-13-01"}, BadParameter),
        ({"start": "2022-01-31"}, BadParameter),
        ({"price_usd_kwh": 9}, BadParameter),
        ({"version": "9"}, UnknownName),
    ],
)
def test_what_cannot_be_shown_is_said(asked, error):
    with pytest.raises(error):
        explorer.view(**asked)


def test_every_place_has_a_figure_and_events_in_both_languages():
    for place in explorer.places():
        shown = explorer.view(place)
        assert shown.figure("zh").alt
    chinese = explorer.view("china").table("zh")
    assert any("㐀" <= c <= "鿿" for row in chinese.cells for c in row[1])


def test_a_control_sets_a_parameter_of_the_function():
    panel = widgets.panel("world", lang="en")
    assert set(panel.controls) == set(panel.parameters)
    panel.controls["place"].value = "sichuan"
    assert panel.view.place == "sichuan"
    panel.controls["start"].value = panel.controls["end"].value  # refused: the view stays
    assert panel.view.start < panel.view.end


@pytest.mark.parametrize(
    ("lang", "words"),
    [("en", "First day: must lie before the end."), ("zh", "第一天：必须早于结束日期。")],
)
def test_what_a_control_cannot_do_is_said_under_its_name(lang, words):
    panel = widgets.panel("world", lang=lang)
    before = panel.view
    panel.controls["start"].value = panel.controls["end"].value
    message = panel._box.children[1]
    assert words in message.value and 'role="alert"' in message.value
    panel.controls["end"].value = None  # the reader empties the field
    assert "start" not in message.value and message.value
    assert panel.view is before


def test_a_panel_is_a_picture_where_widgets_are_not_shown(monkeypatch):
    import sys

    panel = widgets.panel("world", lang="en")
    data, metadata = panel._repr_mimebundle_()
    assert {"image/png", "application/vnd.jupyter.widget-view+json"} <= set(data)
    assert metadata["image/png"]["alt"]
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    data, _ = widgets.panel("world", lang="en")._repr_mimebundle_()
    assert set(data) == {"image/png", "text/plain", MIME}
    assert not any("widget" in kind for kind in data)


def test_the_numbers_of_a_view_are_those_of_its_frames():
    shown = explorer.view("china")
    numbers = shown.numbers()
    for name, frame in {"share_pct": shown.share, "best_twh": shown.electricity}.items():
        part = numbers[numbers["variable"] == name].set_index("date")
        assert part["value"].tolist() == frame[name].tolist()
        assert (part["lower"] <= part["value"]).all() and (part["place"] == "china").all()
    world = explorer.view("world").numbers().query("variable == 'share_pct'")
    assert set(world["place"]) > {"china", "usa"} and world["lower"].isna().all()
    assert explorer.view("china", "2012-01-01", "2012-12-31").numbers().empty


def test_the_figure_stands_in_a_readers_own():
    from matplotlib import pyplot as plt

    from minelib.figures import measures

    whole = plt.figure(figsize=(12, 6))
    left, right = whole.subfigures(1, 2)
    measures(explorer.view("china"), figure=left)
    measures(explorer.view("usa"), figure=right)
    assert len(left.axes) == len(right.axes) == 4
    plt.close(whole)
