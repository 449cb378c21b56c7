# SPDX-License-Identifier: MIT
"""Notebooks in the open: cells that a reader can read, run again, change and go on from."""

import ast
import re
import statistics
import warnings

import pandas as pd
import pytest
import seaborn as sns
from matplotlib import pyplot as plt
from opened import code_cells, frames, kernel, needed, picture, run
from openness import FOLDER, called, cells, count, shares

import minelib as ml
from minelib.catalog import columns
from minelib.display import Finished

NAMES = sorted(p.stem for p in FOLDER.glob("[0-9][0-9]-*.ipynb"))
PATHS = [FOLDER / f"{name}.ipynb" for name in NAMES]
STORIES = [name for name in NAMES if name != "08-explore"]


# ---- what the cells are made of ---------------------------------------------------------------


def test_most_lines_are_analysis_and_few_are_bookkeeping():
    lines, calls, sizes = count(PATHS)
    share = shares(lines)
    assert share["analysis"] >= 55, share
    assert share["shown"] >= 75, share
    assert share["bookkeeping"] <= 15, share
    assert calls["gettext"] == 0
    assert calls["seaborn"] >= 30 and calls["verbs"] >= 140, calls
    assert statistics.median(sizes) <= 4
    assert statistics.quantiles(sizes, n=10)[-1] <= 10


@pytest.mark.parametrize("name", STORIES)
def test_seaborn_is_the_language_of_figures(name):
    assert count([FOLDER / f"{name}.ipynb"])[1]["seaborn"] >= 2


@pytest.mark.parametrize("name", NAMES)
def test_cells_hold_no_words_and_leave_parameters_alone(name):
    sources = code_cells(name)
    parameters = sources[0].sets
    for cell in sources[1:]:
        assert not cell.sets & parameters, (cell.id, cell.sets & parameters)
        for node in ast.walk(ast.parse(cell.source)):
            assert called(node) not in ("_", "gettext"), cell.id
            if called(node) in ("sns.stripplot", "sns.catplot"):
                given = {k.arg: getattr(k.value, "value", ...) for k in node.keywords}
                kind = given.get("kind", "strip")
                if called(node) == "sns.stripplot" or kind == "strip":
                    assert given.get("jitter") is False, f"{cell.id}: places drawn by lot"
            if called(node) == "ml.finish":
                given = {k.arg for k in node.keywords}
                assert {"data", "title"} <= given, f"{cell.id}: data and title are passed"


@pytest.mark.parametrize("name", NAMES)
def test_days_are_not_compared_with_texts_inside_queries(name):
    """pandas turns ``day == text`` of a query into ``isin``, which finds nothing, silently."""
    dated = {"month", "from_month", "to_month", "start", "end", "intervention", "decision_date"}
    for cell in code_cells(name):
        for node in ast.walk(ast.parse(cell.source)):
            if called(node).endswith(".query") and isinstance(node.args[0], ast.Constant):
                query = node.args[0].value
                compared = re.findall(r"(==|!=|\bin\b)\s*(\[?['\"]\d{4}-\d\d|@study\.(\w+))", query)
                assert not [c for c in compared if not c[2] or c[2] in dated], (cell.id, query)


def test_titles_of_figures_are_unique_in_a_notebook():
    from minelib.studies.notebooks import find

    for notebook in find(FOLDER):
        titles = notebook.figure_titles()
        assert len(set(titles)) == len(titles), notebook.name


@pytest.mark.parametrize("name", NAMES)
def test_each_notebook_ends_with_invitations_and_its_findings(name):
    assert "study.finish()" in cells(FOLDER / f"{name}.ipynb")[-1]
    text = (FOLDER / f"{name}.ipynb").read_text(encoding="utf-8").lower()
    assert "try it" in text, "what to change next"


# ---- run again, and alone ---------------------------------------------------------------------


@pytest.fixture
def no_chance(monkeypatch):
    """Intervals drawn are ours: seaborn may not draw any by lot."""
    import seaborn._statistics as statistics_of_seaborn

    def refused(*_args, **_kwargs):
        raise AssertionError("an interval of seaborn's own (bootstrap)")

    monkeypatch.setattr(statistics_of_seaborn, "bootstrap", refused)


@pytest.mark.parametrize("name", NAMES)
def test_every_cell_runs_twice_and_each_figure_alone(name, no_chance):
    listed = code_cells(name)
    with kernel() as namespace:
        drawn = {}
        for cell in listed:
            first = picture(run(cell, namespace))
            assert picture(run(cell, namespace)) == first, f"{cell.id} differs when run again"
            drawn[cell.id] = first
    with kernel():
        spaces, depends = [], needed(listed)
        for i, cell in enumerate(listed):
            own = {"__name__": "__main__"}
            for j in sorted(depends[i]):
                own |= spaces[j]
            shown = picture(run(cell, own))
            assert shown == drawn[cell.id], f"{cell.id} differs when run alone"
            spaces.append(own)


# ---- what a reader adds -----------------------------------------------------------------------

# names that are written alike in both languages, and symbols
ALIKE = re.compile(r"[A-Z0-9][\w.+–-]*|[\d\s.,%()/–−+×±A-Z-]*|HHI|PUE|p")


def untranslated(figure, lang, known):
    """Texts of a figure that are still names of columns, or English in a Chinese figure."""
    labels = [ax.get_xlabel() for ax in figure.axes] + [ax.get_ylabel() for ax in figure.axes]
    for legend in [*figure.legends, *(ax.get_legend() for ax in figure.axes)]:
        if legend is not None:
            labels.append(legend.get_title().get_text())
    wrong = [label for label in labels if label in known]
    if lang == "zh":
        wrong += [
            x
            for x in labels
            if x and not re.search("[\u4e00-\u9fff]", x) and not ALIKE.fullmatch(x)
        ]
    return wrong


def plain(frame):
    """A frame with the named index as columns, as a reader would take it."""
    named = any(n is not None for n in frame.index.names)
    return frame.reset_index() if named else frame


def readers_figures(frame):
    """A seaborn figure and pandas' own of a frame, as somebody would draw them."""
    frame = plain(frame)
    numbers = [c for c in frame if frame[c].dtype.kind in "if" and frame[c].notna().any()]
    days = [c for c in frame if frame[c].dtype.kind == "M"]
    keys = [
        c
        for c in frame
        if frame[c].dtype.kind not in "ifMb"
        and frame[c].nunique() <= 12
        and frame[c].map(type).eq(str).all()
    ]
    if not numbers:
        return
    x = (days or keys or numbers)[0]
    y = next((c for c in numbers if c != x), x)
    hue = next((c for c in keys if c != x), None)
    yield sns.scatterplot(frame, x=x, y=y, hue=hue, ax=plt.subplots()[1])
    yield frame.plot(x=x, y=y) if x != y else frame[[y]].plot()


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", NAMES)
def test_a_reader_goes_on_with_every_frame_that_is_shown(name, lang):
    with kernel() as namespace, warnings.catch_warnings():
        taken = []
        for cell in code_cells(name, lang):
            shown = run(cell, namespace)
            if isinstance(shown, Finished):
                assert len(shown.alt) > 20, cell.id
            taken += [(cell.id, *each) for each in frames(shown)]
        assert taken
        # matplotlib warns of a glyph that no font has
        warnings.filterwarnings("error", message=".*[Gg]lyph.*")
        for cell, frame, tables in taken:
            if not isinstance(frame, pd.DataFrame) or frame.columns.nlevels > 1:
                continue
            strange = [
                c
                for c in plain(frame).columns
                if isinstance(c, str) and c and not columns.known(c) and not across(frame, c)
            ]
            assert not strange, (cell, strange)
            for ax in readers_figures(frame):
                finished = ml.finish(ax, *tables)
                finished.figure.canvas.draw()
                known = {c for c in plain(frame).columns if isinstance(c, str)}
                assert not untranslated(finished.figure, lang, known), cell
                plt.close("all")


def across(frame, name):
    """Whether a column's name is a value: of a frame that was pivoted."""
    return frame.columns.name is not None and name in frame.columns
