# SPDX-License-Identifier: MIT
"""The sweeps that come with the package: their grids are valid, their figures are drawn."""

import itertools

import pandas as pd
import pytest

from minelib.errors import BadInput
from minelib.studies import model as study_of
from minelib.studies.findings import family_of
from minelib.studies.notebooks import select
from minelib.workbench.runs.presets import SWEEPS, figure_of
from minelib.workbench.runs.sweeps import combinations

# the columns of `collect` that a figure rests on, beside the grid
FOUND = {
    "break-window": ["break_date"],
    "relocation-stories": ["china_to_usa", "china_to_hidden"],
    "index-tariffs": ["index_2021"],
    "carbon-factors": ["intensity_2020", "intensity_2021_08"],
}


@pytest.mark.parametrize("sweep", SWEEPS.values(), ids=lambda s: s.name)
class TestShipped:
    def test_its_runs_are_valid_and_as_many_as_it_says(self, sweep):
        notebook = select([sweep.notebook])[0]
        runs = combinations(notebook, sweep.grid, sweep.parameters, from_text=True)
        assert len(runs) == sweep.count
        assert sweep.title.endswith("?") and sweep.meaning

    def test_the_notebook_records_what_the_figure_needs(self, sweep):
        notebook = select([sweep.notebook])[0]
        code = "\n".join(source for _tags, source in notebook.code())
        declared = study_of(notebook.slug).finds
        for name in FOUND[sweep.name]:
            assert f'study.keep("{family_of(name, declared)}"' in code

    @pytest.mark.parametrize("lang", ["en", "zh"])
    def test_its_figure_is_drawn_from_collected_runs(self, sweep, lang):
        chart = figure_of(sweep.name, made_up(sweep), lang)
        assert chart.alt and len(chart.figure.axes) == 1
        ax = chart.figure.axes[0]
        assert ax.get_xlabel() and chart.title and ax.get_legend() is not None
        assert chart._repr_mimebundle_()[0]["image/png"].startswith(b"\x89PNG")

    def test_runs_that_failed_are_left_out(self, sweep):
        frame = made_up(sweep)
        frame.loc[0, "status"] = "failed"
        frame.loc[0, FOUND[sweep.name]] = None
        figure_of(sweep.name, frame, "en")

    def test_a_frame_of_something_else_is_refused(self, sweep):
        with pytest.raises(BadInput, match="needs the column"):
            figure_of(sweep.name, pd.DataFrame({"status": ["ok"], "vpn": [1], "sample": [1]}))


def test_runs_without_a_break_are_shown_and_counted():
    frame = made_up(SWEEPS["break-window"])
    frame.loc[0, ["break_date", "break_date_lower", "break_date_upper"]] = pd.NaT
    chart = figure_of("break-window", frame, "en")
    written = [text.get_text() for text in chart.figure.axes[0].texts]
    assert written.count("no break found") == 1
    assert "In 7 of 8 runs a break is found" in chart.alt
    frame["break_date"] = pd.NaT
    assert "In none of 8 runs" in figure_of("break-window", frame, "en").alt


def made_up(sweep):
    """A frame as `collect` gives it, with invented findings."""
    notebook = select([sweep.notebook])[0]
    runs = combinations(notebook, sweep.grid, sweep.parameters, from_text=True)
    frame = pd.DataFrame(runs).assign(status="ok")
    numbers = itertools.count(1)
    for name in FOUND[sweep.name]:
        values = [next(numbers) for _ in range(len(frame))]
        if name.endswith("_date"):
            days = pd.Timestamp("2021-05-10") + pd.to_timedelta(values, unit="D")
            frame[name], frame[f"{name}_lower"] = days, days - pd.Timedelta(days=5)
            frame[f"{name}_upper"] = days + pd.Timedelta(days=5)
        else:
            frame[name] = [float(v) for v in values]
            frame[f"{name}_lower"], frame[f"{name}_upper"] = frame[name] - 0.5, frame[name] + 0.5
    for column in ("start", "end", "intervention"):
        if column in frame:
            frame[column] = pd.to_datetime(frame[column])
    return frame
