# SPDX-License-Identifier: MIT
import io
import warnings

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

from minelib import text
from minelib.plots import style
from minelib.plots.style import Chart, date_axis, event_lines, figure, place_colour
from minelib.text import N_


@figure(tables=("network_daily", "events"), alt=N_("A line."))
def sample(fig, values):
    ax = fig.subplots()
    ax.plot(values.index, values)
    ax.set_ylabel("算力 (EH/s)")
    date_axis(ax)
    event_lines(ax)


SERIES = pd.Series(np.arange(300.0), pd.date_range("2021-01-01", periods=300))


def texts(fig):
    return [t.get_text() for t in fig.findobj(mpl.text.Text)]


def test_figure_is_a_chart_with_source_and_alternative_text():
    chart = sample(SERIES)
    assert isinstance(chart, Chart)
    caption = next(t for t in texts(chart) if t.startswith("Source:"))
    assert "network_daily v" in caption and "Coin Metrics" in caption
    data, metadata = chart._repr_mimebundle_()
    assert data["image/png"].startswith(b"\x89PNG")
    assert metadata["image/png"] == {"alt": "A line.", "figure": "test_style.sample"}


def test_policy_dates_stand_where_the_events_table_has_them():
    ax = sample(SERIES).axes[0]
    drawn = {round(float(line.get_xdata()[0])) for line in ax.lines[1:]}
    # 924: published on 24 September 2021; the State Council's committee met on 21 May
    wanted = {mpl.dates.date2num(np.datetime64(d)) for d in ("2021-05-21", "2021-09-24")}
    assert wanted <= drawn and len(drawn) == len(style.POLICY_EVENTS)


def test_events_outside_the_axes_are_left_out_and_limits_stay():
    early = SERIES.copy()
    early.index = pd.date_range("2015-01-01", periods=300)
    ax = sample(early).axes[0]
    assert len(ax.lines) == 1


def test_drawing_leaves_no_trace_in_matplotlib_or_language():
    before = dict(mpl.rcParams)
    sample(SERIES, lang="zh")
    assert dict(mpl.rcParams) == before and text.current() == "en"


def test_chinese_text_has_its_glyphs():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        sample(SERIES, lang="zh").savefig(io.BytesIO(), format="png")


def luminance(colour):
    r, g, b = mpl.colors.to_rgb(colour)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def test_neighbours_in_the_stack_of_countries_differ_in_grayscale():
    stack = ["china", "usa", "kazakhstan", "russia", "canada", "iran", "malaysia", "germany",
             "ireland", "other"]  # fmt: skip
    colours = [place_colour(p) for p in stack]
    assert len(set(colours)) == len(colours)
    for a, b in zip(colours, colours[1:], strict=False):
        if "8c8c8c" not in a + b:
            assert abs(luminance(a) - luminance(b)) > 0.03, (a, b)


def test_unknown_place_keeps_one_colour():
    assert place_colour("somewhere") == place_colour("somewhere")


def test_registry_knows_the_figure():
    assert style.FIGURES["test_style.sample"] is sample
    with pytest.raises(TypeError):
        sample(SERIES, nonsense=1)


def test_a_figure_shown_is_the_figure_saved():
    """Showing takes a shorter way than `savefig`; the picture is the same to the byte."""
    chart = sample(SERIES)
    shown = chart._repr_mimebundle_()[0]["image/png"]
    saved = io.BytesIO()
    sample(SERIES).savefig(saved, format="png")
    assert shown == saved.getvalue()
    assert chart.get_layout_engine() is not None, "and it can be laid out again"
