# SPDX-License-Identifier: MIT
"""Names of version 0.1: what has a successor works for now, the rest says where it is."""

import json
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

import minelib as ml
from minelib import figures
from minelib.display import Finished
from minelib.errors import BadInput, BadParameter
from minelib.former.plots import NAMES

NOTEBOOKS = Path(__file__).resolve().parents[1] / "notebooks"


def old(name):
    room, figure = name.split(".")
    return getattr(getattr(ml.plots, room), figure)


@pytest.mark.parametrize("name", [n for n, where in NAMES.items() if where[0] == "cell"])
def test_a_figure_that_is_a_cell_now_says_which(name):
    _kind, notebook, cell = NAMES[name]
    with pytest.raises(AttributeError, match=rf"ml.plots.{name}.*{cell}.*{notebook}"):
        old(name)
    content = json.loads((NOTEBOOKS / f"{notebook}.ipynb").read_text(encoding="utf-8"))
    (source,) = ["".join(c["source"]) for c in content["cells"] if c["id"] == cell]
    assert "ml.finish(" in source or "ml.show(" in source, "the cell shows it"


@pytest.mark.parametrize("name", [n for n, where in NAMES.items() if where[0] == "figure"])
def test_a_figure_with_a_successor_names_it(name):
    new = NAMES[name][1]
    assert new in figures._WHERE or new.startswith("sweeps.")
    with (
        pytest.warns(DeprecationWarning, match=f"ml.figures.{new}"),
        pytest.raises((BadInput, BadParameter)),
    ):
        old(name)(pd.DataFrame({"nothing": [1]}))


def test_the_old_calls_still_draw():
    choice = ml.economics.choice("Antminer S19", "2021-06-20")
    with pytest.warns(DeprecationWarning, match="goes with version 0.3"):
        chart = ml.plots.economics.choice(choice.table(), lang="zh")
    assert isinstance(chart, Finished) and "净" in chart.figure.axes[0].get_xlabel()
    effect = ml.impact.effect("2021-05-21", horizon_days=84)
    with pytest.warns(DeprecationWarning):
        chart = ml.plots.impact.counterfactual(effect.series(), effect.intervention, label="EH/s")
    assert len(chart.figure.axes) == 2
    frame = ml.geography.by_country()
    with pytest.warns(DeprecationWarning):
        ml.plots.geography.before_after(frame, "2021-04-01", "2022-01-01")


def test_what_never_was_is_no_name():
    for wrong in ("impact.nothing", "nothing.at_all"):
        with pytest.raises(AttributeError, match="minelib.plots"):
            old(wrong)
    with pytest.warns(DeprecationWarning, match="ml.show"):
        ml.tables.table(ml.load("halvings"))


@pytest.mark.parametrize(("old", "new"), ml._FORMER.items())
def test_a_module_answers_to_its_former_name(old, new):
    code = (
        "import warnings; warnings.simplefilter('always'); from importlib import import_module; "
        f"import minelib; assert import_module('minelib.{old}') is import_module('minelib.{new}'); "
        f"assert getattr(minelib, {old!r}) is import_module('minelib.{new}')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    said = f"minelib.{old} is now minelib.{new}, and goes with version 0.3."
    assert (said in done.stderr) is ("former" not in new)


def test_published_results_answer_to_their_former_name():
    with pytest.warns(DeprecationWarning, match="ml.published.formatted"):
        assert ml.published.readable is ml.published.formatted


def test_the_panel_answers_to_its_former_name():
    pytest.importorskip("ipywidgets")
    with pytest.warns(DeprecationWarning, match="now minelib.workbench.panel"):
        assert ml.explorer.panel is ml.workbench.panel
    with pytest.raises(AttributeError, match="no attribute 'pannel'"):
        _nothing = ml.explorer.pannel
