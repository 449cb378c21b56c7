# SPDX-License-Identifier: MIT
"""Figures of electricity, carbon and published results: both languages, alternative texts."""

import re

import matplotlib as mpl
import pytest

import minelib as ml
from minelib.plots import carbon as of_carbon
from minelib.plots import energy as of_energy
from minelib.plots import published as of_published


def _wet():
    table = ml.load("wet_season_months")
    rows = table[(table["province"] == "sichuan") & (table["definition"] == "published_may_oct")]
    return rows.loc[rows["is_wet"], "month_of_year"].tolist()


@pytest.fixture(scope="module")
def ensemble():
    return ml.energy.ensemble(100, seed=1, start="2017-01-01", end="2021-12-31")


DRAWN = {
    "index": lambda e: (of_energy.index, (ml.energy.index(), e.monthly)),
    "drivers": lambda e: (of_energy.drivers, (e.drivers,)),
    "by_price": lambda e: (of_energy.by_price,
                           (ml.energy.grid([0.05, 0.1], start="2017-01-01"),)),
    "by_country": lambda e: (of_energy.by_country, (ml.energy.regional(),)),
    "seasons": lambda e: (of_energy.seasons, (ml.energy.regional("province"), _wet())),
    "intensity": lambda e: (of_carbon.intensity, (ml.carbon.intensity(),)),
    "specification_curve": lambda e: (of_carbon.specification_curve, (ml.carbon.multiverse(),)),
    "decomposition": lambda e: (of_carbon.decomposition, ({"x": ml.carbon.decomposition()},)),
    "emissions": lambda e: (of_carbon.emissions, (ml.carbon.emissions(start="2018-01"),)),
    "comparison": lambda e: (of_published.comparison, (ml.published.table(),)),
    "timeline": lambda e: (of_published.timeline,
                           (ml.published.on_one_scale(ml.published.table()),
                            e.monthly["index_twh"])),
}  # fmt: skip


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", list(DRAWN))
def test_a_figure_draws_without_a_warning_and_says_what_it_shows(name, lang, ensemble, recwarn):
    draw, arguments = DRAWN[name](ensemble)
    chart = draw(*arguments, lang=lang)
    chart.canvas.draw()
    glyphs = [w for w in recwarn if "Glyph" in str(w.message)]
    assert not glyphs, "a character the font lacks"
    assert len(chart.alt) > (20 if lang == "en" else 8)
    for ax in chart.axes:
        if ax.get_ylabel() and lang == "en":
            assert re.search(r"\(.+\)|Electricity|Change", ax.get_ylabel()), "a unit on the axis"


def test_drawing_leaves_the_settings_alone(ensemble):
    before = dict(mpl.rcParams)
    of_energy.drivers(ensemble.drivers, lang="zh")
    assert dict(mpl.rcParams) == before


def test_specification_curve_names_both_ends():
    chart = of_carbon.specification_curve(ml.carbon.multiverse(), lang="en")
    table = ml.carbon.multiverse()
    assert f"{len(table)} ways" in chart.alt
    assert f"{table['change_pct'].max():+.0f}%" in chart.alt
