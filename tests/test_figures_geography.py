# SPDX-License-Identifier: MIT
"""The figures of geography: drawn in Chinese without a missing glyph, with a text of their own."""

import io
import json
import re
import warnings
from pathlib import Path

import pytest
from matplotlib import pyplot as plt

import minelib as ml
from minelib import words
from minelib.errors import BadInput, BadParameter, OutOfCoverage

g = ml.geography
NOTEBOOK = Path(__file__).parents[1] / "notebooks/03-relocation.ipynb"
FIGURES = {
    "before_after": lambda f: f.before_after(g.by_country(), "2021-04", "2021-08"),
    "before_after_of_another_story": lambda f: f.before_after(
        g.by_country("2020-01", "2021-08", vpn="to_china", sample="reweighted")
    ),
    "moves": lambda f: g.flows().plot(),
    "moves_without_a_loss": lambda f: f.moves(g.flows("2021-08", "2022-01", hidden_eh_s=0)),
    "province_tiles": lambda f: f.province_tiles(g.by_province(), ["2020-04", "2020-08"]),
    "evidence": lambda f: f.evidence(g.flows().evidence()),
}


@pytest.mark.parametrize("name", FIGURES)
def test_figure(name):
    ml.use("zh")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # a missing glyph is a warning
            drawn = FIGURES[name](ml.figures)
            finished = ml.finish(drawn, "country_share")
            finished.savefig(io.BytesIO(), dpi=40)
    finally:
        words.use("en")
    assert len(finished.alt) > 12  # a sentence, in Chinese too
    assert any("一" <= letter <= "鿿" for letter in finished.alt)
    assert finished.figure.axes[0].has_data() or finished.figure.axes[0].patches


IN_A_LAYOUT = {
    "before_after": lambda ax: ml.figures.before_after(g.by_country("2021-04", "2021-05"), ax=ax),
    "moves": lambda ax: g.flows().plot(ax=ax),
    "province_tiles": lambda ax: ml.figures.province_tiles(g.by_province(), ax=ax),
    "evidence": lambda ax: ml.figures.evidence(g.flows().evidence(), ax=ax),
}


@pytest.mark.parametrize("name", IN_A_LAYOUT)
def test_figure_stands_in_a_layout_of_the_readers_own(name):
    figure, (left, right) = plt.subplots(1, 2)
    assert IN_A_LAYOUT[name](left) is left
    assert figure.axes == [left, right]
    assert left.patches or left.lines
    assert not right.has_data()
    plt.close(figure)


def test_frames_that_do_not_fit_are_refused_by_one_sentence():
    countries, provinces = g.by_country("2021-04", "2021-05"), g.by_province("2021-04")
    plt.close("all")
    with pytest.raises(BadInput, match="'vpn_flag'"):
        ml.figures.before_after(countries.drop(columns="vpn_flag"))
    with pytest.raises(BadInput, match="no rows"):
        ml.figures.before_after(countries.head(0))
    with pytest.raises(OutOfCoverage, match="2022-01"):
        ml.figures.before_after(countries, "2021-04", "2022-01")
    with pytest.raises(BadInput, match="'province'"):
        ml.figures.province_tiles(countries)
    with pytest.raises(BadParameter, match="months"):
        ml.figures.province_tiles(provinces, ["2019-09"])
    with pytest.raises(BadInput, match="'kind'"):
        ml.figures.evidence(countries.rename(columns={"month": "date"}))
    with pytest.raises(BadParameter, match="result = DataFrame: must be minelib.geography.Flows"):
        ml.figures.moves(countries)
    assert not plt.get_fignums()


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


def test_hidden_answer_of_the_notebook_is_the_month_of_the_first_zero():
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    sources = {cell["id"]: "".join(cell["source"]) for cell in cells}
    names = {"ml": ml, "study": ml.study("03-relocation")}
    exec(sources["relocation-06"], names)
    (answer,) = re.findall(r"```python\n(.*?)```", sources["relocation-36a"], re.DOTALL)
    *before, last = answer.strip().splitlines()
    exec("\n".join(before), names)
    zero = names["shares"]["china"].eq(0).idxmax()
    assert eval(last, names) == zero
    assert zero.strftime("%Y-%m") == "2021-07"
