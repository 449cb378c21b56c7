# SPDX-License-Identifier: MIT
"""The plain functions behind the explorer's controls, and the controls themselves."""

import pytest

from minelib import explorer
from minelib.errors import BadParameter, UnknownName


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
    countries = [k for k, v in explorer.views._levels().items() if v == "country"]
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
    assert "2012" in shown.figure("en").alt


@pytest.mark.parametrize(("asked", "error"), [
    ({"place": "chyna"}, UnknownName), ({"freq": "Y"}, UnknownName),
    ({"start": "2021-13-01"}, BadParameter), ({"start": "2022-01-31"}, BadParameter),
    ({"price_usd_kwh": 9}, BadParameter), ({"version": "9"}, UnknownName),
])  # fmt: skip
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
    panel = explorer.panel("world", lang="en")
    assert set(panel.controls) == set(panel.parameters)
    panel.controls["place"].value = "sichuan"
    assert panel.view.place == "sichuan"
    panel.controls["start"].value = panel.controls["end"].value  # refused: the view stays
    assert panel.view.start < panel.view.end


def test_a_panel_is_a_picture_where_widgets_are_not_shown(monkeypatch):
    import sys

    panel = explorer.panel("world", lang="en")
    data, metadata = panel._repr_mimebundle_()
    assert {"image/png", "application/vnd.jupyter.widget-view+json"} <= set(data)
    assert metadata["image/png"]["alt"]
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    data, _ = explorer.panel("world", lang="en")._repr_mimebundle_()
    assert set(data) == {"image/png", "text/plain"}
