# SPDX-License-Identifier: MIT
"""The hidden answer of notebook ``02-crackdown``: what it prints is what its code computes."""

import ast
import json
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import minelib as ml

NOTEBOOK = Path(__file__).resolve().parents[1] / "notebooks" / "02-crackdown.ipynb"


def hidden(lang):
    """The cell that hides an answer, in a language."""
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    texts = ["".join(c["source"]) for c in cells if c["cell_type"] == "markdown"]
    (found,) = [text for text in texts if "<details>" in text]
    return ml.words.gettext(found, lang)


def computed(source):
    """The value of the last expression of a piece of code."""
    tree = ast.parse(source)
    last = ast.Expression(tree.body.pop().value)
    names = {"ml": ml, "np": np, "pd": pd}
    exec(compile(tree, "answer", "exec"), names)
    return eval(compile(last, "answer", "eval"), names)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_week_of_28_june_lay_so_far_under_the_straight_line(lang):
    text = hidden(lang)
    answer = text.split("<details>")[1]
    code = re.search(r"```python\n(.*?)```", answer, re.DOTALL).group(1)
    printed = float(re.search(r"\*\*([\d.]+)\*\*", answer.split("```")[-1]).group(1))
    assert printed == pytest.approx(computed(code), abs=0.05)
    assert str(printed) not in text.split("<details>")[0], "the question does not tell it"


def test_the_line_can_be_laid_from_the_daily_table_too():
    # the same by another road: work of each day, Mondays counted off, a regression by hand
    table = ml.load("network_daily").set_index("date").loc["2018-05-21":"2021-07-04"]
    work = (table["block_count"] * table["difficulty"]).to_numpy().reshape(-1, 7).sum(axis=1)
    before = np.log(work[:156])
    t = np.arange(156) - 77.5
    slope = (t * before).sum() / (t * t).sum()
    line = before.mean() + slope * (len(work) - 1 - 77.5)
    assert len(work) == 156 + 7
    answer = hidden("en").split("<details>")[1]
    printed = float(re.search(r"\*\*([\d.]+)\*\*", answer).group(1))
    assert printed == pytest.approx(100 * (1 - work[-1] / np.exp(line)), abs=0.05)
