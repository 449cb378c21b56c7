# SPDX-License-Identifier: MIT
"""The hidden answers to the "try it" questions are right: each beside a count of its own."""

import ast
import csv
import gzip
import json
import re
from collections import defaultdict

import pandas as pd
import pytest
from openness import FOLDER

import minelib as ml
from minelib.words import gettext

DATA = FOLDER.parent / "data"


def invitations(name, lang="en"):
    """The cell that invites to try something, in a language."""
    cells = json.loads((FOLDER / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]
    sources = ["".join(c["source"]).strip() for c in cells if c["cell_type"] == "markdown"]
    (cell,) = (s for s in sources if "## Try it" in s)
    return gettext(cell, lang)


def answers(name, lang="en"):
    """The code in each hidden answer of a notebook."""
    hidden = re.findall(r"<details>.*?</details>", invitations(name, lang), re.DOTALL)
    assert all("<summary>" in each for each in hidden)
    return [re.search(r"```python\n(.*?)```", each, re.DOTALL)[1] for each in hidden]


def answered(code):
    """What the last line of an answer shows, from the tables alone."""
    tree = ast.parse(code)
    namespace = {"ml": ml, "pd": pd}
    exec(compile(ast.Module(tree.body[:-1], []), "answer", "exec"), namespace)
    return eval(compile(ast.Expression(tree.body[-1].value), "answer", "eval"), namespace)


def rows(path):
    """The rows of a table as texts, read without the package."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def between(path, key, value, first, second):
    """Difference of a value between two months, by key."""
    change = defaultdict(float)
    for row in rows(path):
        sign = {first: -1, second: 1}.get(row["month"][:7], 0)
        change[row[key]] += sign * float(row[value] or 0)
    return change


def test_the_province_that_gained_most_in_the_wet_season_of_2020():
    gain = answered(answers("01-boom")[0])
    path = DATA / "geography" / "province_share.csv"
    counted = between(path, "province", "share_of_china_pct", "2020-04", "2020-09")
    assert gain.index[0] == max(counted, key=counted.get) == "sichuan"
    assert gain.iloc[0] == pytest.approx(counted["sichuan"])
    assert gain.is_monotonic_decreasing


def test_the_pool_that_lost_most_between_may_and_july_2021():
    change = answered(answers("01-boom")[1])
    (path,) = DATA.glob("*/pool_share.csv*")
    counted = between(path, "pool", "share_pct", "2021-05", "2021-07")
    assert change.index[0] == min(counted, key=counted.get)
    assert change.iloc[0] == pytest.approx(counted[change.index[0]])
    assert change.is_monotonic_increasing
    known = ml.pools.turnover("2021-05", "2021-07").set_index("pool")
    assert known["change_pp"].idxmin() == change.index[0]


@pytest.mark.parametrize("name", ["01-boom"])
def test_answers_are_hidden_and_the_same_in_both_languages(name):
    assert len(answers(name)) == 2
    assert answers(name, "zh") == answers(name)
    for lang in ("en", "zh"):
        seen = re.sub(r"<details>.*?</details>", "", invitations(name, lang), flags=re.DOTALL)
        assert "pivot" not in seen and "sichuan" not in seen.lower()
