# SPDX-License-Identifier: MIT
"""Figures of electricity and carbon: both languages, axes of one's own, alternative texts."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import pandas as pd
import pytest

import minelib as ml
from minelib.errors import BadInput, BadParameter
from minelib.style import style


@pytest.fixture(scope="module")
def ensemble():
    return ml.energy.ensemble(100, seed=1, start="2017-01-01", end="2021-12-31")


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


DRAWN = {
    "ensemble": lambda e: e.plot(),
    "specification_curve": lambda e: ml.figures.specification_curve(ml.carbon.multiverse()),
}


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", list(DRAWN))
def test_a_figure_draws_without_a_warning_and_says_what_it_shows(name, lang, ensemble, recwarn):
    with style(lang):
        chart = ml.finish(DRAWN[name](ensemble), "country_share")
        chart.figure.canvas.draw()
    glyphs = [w for w in recwarn if "Glyph" in str(w.message)]
    assert not glyphs, "a character the font lacks"
    assert len(chart.alt) > (20 if lang == "en" else 8)
    for ax in chart.figure.axes:
        if ax.get_ylabel():
            assert ax.get_ylabel()[-1] in ")）", "a unit on the axis"


def test_drawing_leaves_the_settings_alone(ensemble):
    before = dict(mpl.rcParams)
    ensemble.plot()
    assert dict(mpl.rcParams) == before


def test_each_stands_in_a_layout_of_the_readers_own(ensemble):
    figure, (left, right) = plt.subplots(1, 2)
    assert ensemble.plot(ax=left) is left
    assert ml.figures.specification_curve(ml.carbon.multiverse(), ax=right) is right
    assert figure.axes == [left, right] and left.has_data() and right.has_data()


def test_the_band_of_the_ensemble_is_its_interval(ensemble):
    band = ensemble.plot().collections[0].get_paths()[0].vertices[:, 1]
    assert band.min() == ensemble.monthly["lower_twh"].min()
    assert band.max() == ensemble.monthly["upper_twh"].max()


def test_specification_curve_names_both_ends():
    table = ml.carbon.multiverse()
    with style("en"):
        chart = ml.finish(ml.figures.specification_curve(table))
    assert f"{len(table)} ways" in chart.alt
    assert f"{table['change_pct'].max():+.0f}%" in chart.alt


def test_specification_curve_takes_any_order_and_an_index_that_is_not_unique():
    table = ml.carbon.multiverse().sample(frac=1, random_state=1)
    table = table.set_axis([0] * len(table))
    top, _rows = ml.figures.specification_curve(table).axes
    heights = top.collections[0].get_offsets()[:, 1]
    assert list(heights) == sorted(table["change_pct"])


def test_a_frame_without_its_columns_is_refused_with_their_name():
    with pytest.raises(BadInput, match="is_ccaf"):
        ml.figures.specification_curve(ml.carbon.multiverse().drop(columns="is_ccaf"))
    with pytest.raises(BadInput, match="no rows"):
        ml.figures.specification_curve(ml.carbon.multiverse().head(0))
    with pytest.raises(BadParameter, match="table = .*DataFrame"):
        ml.figures.specification_curve(pd.Series([1.0]))
