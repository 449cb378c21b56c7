# SPDX-License-Identifier: MIT
"""The figures of geography: drawn in Chinese without a missing glyph, with a text of their own."""

import io
import warnings

import pytest

import minelib as ml
from minelib import text

g = ml.geography
FIGURES = {
    "countries": lambda p: p.countries(g.by_country()),
    "countries_of_another_story": lambda p: p.countries(
        g.by_country("2020-01", "2021-08", vpn="to_china", sample="reweighted")
    ),
    "before_after": lambda p: p.before_after(g.by_country(), "2021-04", "2021-08"),
    "moves": lambda p: p.moves(g.flows()),
    "moves_without_a_loss": lambda p: p.moves(g.flows("2021-08", "2022-01", hidden_eh_s=0)),
    "province_tiles": lambda p: p.province_tiles(g.by_province(), ["2020-04", "2020-08"]),
    "seasons": lambda p: p.seasons(g.by_province(), g.seasonality()),
    "stories": lambda p: p.stories(g.sensitivity("美国", ["2021-08", "2022-01"])),
    "concentration": lambda p: p.concentration({"pool_home": g.concentration("pool_home")}),
    "evidence": lambda p: p.evidence(g.flows().evidence()),
}


@pytest.mark.parametrize("name", FIGURES)
def test_figure(name):
    text.use("zh")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # a missing glyph is a warning
            chart = FIGURES[name](ml.plots.geography)
            chart.savefig(io.BytesIO(), dpi=40)
    finally:
        text.use("en")
    assert len(chart.alt) > 12  # a sentence, in Chinese too
    assert chart.axes[0].has_data() or chart.axes[0].patches


def test_width_of_the_bands_is_the_hash_rate():
    """What is drawn adds up to what stood somewhere, whatever is merged."""
    moves = g.flows()
    sides = moves.margins()
    for largest in (2, 9):
        links = moves.links(largest)
        old = links[links["origin"] != "new_machines"]["best_eh_s"].sum()
        assert old == pytest.approx(sides["from_eh_s"].sum())
        seen = links[links["destination"] != "switched_off"]["best_eh_s"].sum()
        assert seen == pytest.approx(sides["to_eh_s"].sum())
