# SPDX-License-Identifier: MIT
"""The look of figures: colours, fonts, and that a later figure has them."""

import io
import subprocess
import sys
import warnings

import matplotlib as mpl
import pandas as pd
import pytest
import seaborn as sns
from matplotlib import pyplot as plt

import minelib as ml
from minelib import style, words
from minelib.errors import BadInput, UnknownName


@pytest.fixture(autouse=True)
def untouched():
    before = words.current()
    with mpl.rc_context():
        yield
    words.use(before)
    plt.close("all")


def luminance(colour):
    r, g, b = mpl.colors.to_rgb(colour)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def test_neighbours_in_the_stack_of_countries_differ_in_grayscale():
    stack = [
        "china",
        "usa",
        "kazakhstan",
        "russia",
        "canada",
        "iran",
        "malaysia",
        "germany",
        "ireland",
        "other",
    ]
    colours = [style.place_colour(p) for p in stack]
    assert len(set(colours)) == len(colours)
    for a, b in zip(colours, colours[1:], strict=False):
        if "8c8c8c" not in a + b:
            assert abs(luminance(a) - luminance(b)) > 0.03, (a, b)


def test_unknown_place_keeps_one_colour():
    assert style.place_colour("somewhere") == style.place_colour("somewhere")
    assert list(style.palette(["usa", "china", "usa"])) == ["usa", "china"]


def test_verdicts_have_colours_of_their_own_that_differ_in_grayscale():
    bars = [style.place_colour(v) for v in ml.claims.VERDICTS]
    for left, right in zip(bars, bars[1:], strict=False):
        assert abs(luminance(left) - luminance(right)) > 0.15
    ml.use("en")
    frame = pd.DataFrame({"x": [1, 2], "y": [1, 2], "verdict": ["supported", "contradicted"]})
    ax = sns.scatterplot(frame, x="x", y="y", hue="verdict")
    drawn = {mpl.colors.to_hex(h.get_color()) for h in ax.get_legend().legend_handles}
    assert drawn == {bars[0], bars[2]}


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("ends", [(350, 1.2e6), (0.03, 15), (0.3, 3), (500, 6e4)])
def test_labels_of_a_log_axis_do_not_run_into_each_other(ends, lang):
    ml.use(lang)
    ax = plt.subplots()[1]
    ax.plot(ends, [1, 2])
    style.log_axis(ax.xaxis)
    ax.figure.canvas.draw()
    renderer = ax.figure.canvas.get_renderer()
    low, high = ax.get_xlim()
    shown = [t for t in ax.get_xticklabels() if low <= t.get_position()[0] <= high]
    boxes = [t.get_window_extent(renderer) for t in shown]
    assert len(boxes) >= 2
    for left, right in zip(boxes, boxes[1:], strict=False):
        assert left.x1 < right.x0


def test_the_style_within_a_block_leaves_no_trace():
    before = dict(mpl.rcParams)
    with style.style("zh"):
        assert words.current() == "zh" and mpl.rcParams["axes.spines.top"] is False
    assert dict(mpl.rcParams) == before and words.current() == "en"


def test_an_unknown_language_is_refused_and_changes_nothing():
    with pytest.raises(UnknownName):
        ml.use("fr")
    assert words.current() == "en"


def test_a_readers_own_figure_has_chinese_words_and_the_colours_of_places():
    ml.use("zh")
    share = ml.load("country_share").query("place in ['usa', 'china', 'iran']")
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # matplotlib warns of a glyph that is missing
        ax = sns.lineplot(share, x="month", y="share_pct", hue="place")
        ax.set_title("清退之后，算力去了哪里？曲折、瀑布、赣江")
        ax.figure.savefig(io.BytesIO(), format="png")
    drawn = {mpl.colors.to_hex(h.get_color()) for h in ax.get_legend().legend_handles}
    assert drawn == {style.place_colour(p) for p in ("usa", "china", "iran")}


def test_the_colours_of_places_give_way_to_a_palette_asked_for():
    ml.use("en")
    share = ml.load("country_share").query("place in ['usa', 'china']")
    ax = sns.lineplot(share, x="month", y="share_pct", hue="place", palette=["red", "blue"])
    drawn = {mpl.colors.to_hex(h.get_color()) for h in ax.get_legend().legend_handles}
    assert drawn == {"#ff0000", "#0000ff"}
    other = share.assign(kind=share["place"].str[:2])  # no places: the usual cycle
    own = plt.subplots()[1]
    ax = sns.lineplot(other, x="month", y="share_pct", hue="kind", errorbar=None, ax=own)
    first = mpl.colors.to_hex(ax.get_legend().legend_handles[0].get_color())
    assert first == "#" + mpl.rcParams["axes.prop_cycle"].by_key()["color"][0].lstrip("#")


def test_seaborn_can_be_used_without_us():
    code = (
        "import matplotlib; matplotlib.use('agg'); import minelib as ml; import seaborn as sns\n"
        "f = ml.load('country_share').query(\"place == 'china'\")\n"
        "ax = sns.lineplot(f, x='month', y='share_pct', hue='place')\n"
        "print(ax.get_legend().legend_handles[0].get_color())"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "0.12" in out.stdout, "seaborn's own first colour, until ml.use is called"


@pytest.mark.parametrize(
    ("frame", "columns", "part"),
    [
        ([1, 2], ["a"], "not from list"),
        (pd.DataFrame({"b": [1]}), ["a"], "needs the column 'a'; the frame has: b"),
        (pd.DataFrame({"a": []}), ["a"], "no rows"),
        (pd.DataFrame({"a": [None, float("nan")]}), ["a"], "all values are missing"),
    ],
)
def test_a_frame_that_cannot_be_drawn_is_refused_with_the_reason(frame, columns, part):
    with pytest.raises(BadInput, match=part):
        style.needs(frame, *columns)
    style.needs(pd.DataFrame({"a": [1.0, None]}, index=pd.Index([1, 2], name="n")), "a", "n")
