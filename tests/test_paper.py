# SPDX-License-Identifier: MIT
"""The paper and the summaries say what the package says today."""

import re
import sys
from pathlib import Path

import pandas as pd
import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tools"))
import paper  # noqa: E402

TEMPLATES = sorted((ROOT / "paper").glob("*.md.jinja"))


def body(text):
    """A text without its head."""
    return text.split("\n---\n", 1)[1]


def test_every_text_is_as_it_would_be_written_now():
    texts = paper.texts()
    assert len(texts) == 5
    behind = [p.name for p, text in texts.items() if p.read_text(encoding="utf-8") != text]
    assert not behind, "python tools/paper.py"


def test_the_paper_has_the_form_and_the_length_that_the_journal_asks_for():
    text = (ROOT / "paper" / "paper.md").read_text(encoding="utf-8")
    assert 1000 <= len(body(text).split()) <= 1500
    heads = re.findall(r"^# (.+)$", text, re.M)
    needed = ["Summary", "Statement of need", "State of the field", "Software design"]
    needed += ["Research impact statement", "AI usage disclosure", "References"]
    assert [head for head in heads if head in needed] == needed


def test_what_is_cited_is_listed_and_what_is_listed_is_cited():
    cited = set(re.findall(r"@(\w+)", body((ROOT / "paper" / "paper.md").read_text("utf-8"))))
    listed = re.findall(r"^@\w+\{(\w+),", (ROOT / "paper" / "paper.bib").read_text("utf-8"), re.M)
    assert cited == set(listed) and len(listed) == len(cited)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: p.name)
def test_no_number_is_typed_into_a_template(path):
    text = body(path.read_text(encoding="utf-8"))
    for part in (
        r"\{\{.*?\}\}",
        r"`[^`]*`",
        r"\[?@\w+",
        r"^\|.*$",
        r"^\d\. ",
        r"[Ll]essons? [\d, ;andor]+",
    ):
        text = re.sub(part, "", text, flags=re.M | re.S if part.startswith(r"\{") else re.M)
    text = re.sub(r"第 [\d、]+ 课|lesson \d( or \d)?|article of lesson \d|2, 5, 6", "", text)
    typed = set(re.findall(r"\d+", text))
    assert typed <= {"2021", "45"}, typed  # the year it is about; minutes of a lesson


def test_simulations_are_those_of_the_estimators_of_today():
    from minelib.impact.proof import simulation_study

    told = pd.read_csv(ROOT / "paper" / "coverage.csv")
    assert set(told["estimator"]) == set(paper.ESTIMATORS) and set(told["n"]) == {paper.SIMULATIONS}
    again = simulation_study(paper.SIMULATIONS, ("swing",)).round(4)
    same = told[told["estimator"] == "swing"].reset_index(drop=True)
    pd.testing.assert_frame_equal(again, same, check_dtype=False)
    steps = pd.read_csv(ROOT / "paper" / "steps.csv")
    assert set(steps["chains"]) == {paper.CHAINS, paper.QUIET}
