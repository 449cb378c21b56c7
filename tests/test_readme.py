# SPDX-License-Identifier: MIT
"""The READMEs say what is true: the examples run, the tables and licences are those of data/."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import minelib as ml

ROOT = Path(__file__).resolve().parents[1]
READMES = [ROOT / "README.md", ROOT / "README.zh.md"]
DOCS = ROOT / "docs"
TABLES = [DOCS / "tables.md", DOCS / "tables.zh.md"]
PAGES = [*READMES, *sorted(DOCS.glob("*.md"))]


def blocks(path, language):
    text = path.read_text(encoding="utf-8")
    return re.findall(rf"```{language}\n(.*?)```", text, flags=re.DOTALL)


def rows(path, marker):
    """The rows of the Markdown table behind a comment: first cell, set of names in the second."""
    after = path.read_text(encoding="utf-8").split(f"<!-- {marker}", 1)[1].split("\n\n", 1)[0]
    found = [line.strip("|").split("|") for line in after.splitlines() if line.startswith("| ")]
    return [
        (r[0].strip(), set(re.findall(r"`(\w+)`", r[1]))) for r in found[1:] if "---" not in r[0]
    ]


@pytest.mark.parametrize("path", READMES, ids=lambda p: p.name)
def test_python_examples_run(path, capsys):
    for block in blocks(path, "python"):
        exec(compile(block, path.name, "exec"), {})
    assert "country_share" in capsys.readouterr().out


@pytest.mark.parametrize("path", TABLES, ids=lambda p: p.name)
def test_catalogue_is_complete(path):
    listed = {(topic, name) for topic, names in rows(path, "catalogue") for name in names}
    frame = ml.catalog.list()
    assert listed == set(zip(frame["topic"], frame["name"], strict=True))


@pytest.mark.parametrize("path", TABLES, ids=lambda p: p.name)
def test_a_commercial_user_is_told_what_to_leave_out(path):
    no, ask = (names for _head, names in rows(path, "non-commercial"))
    frame = ml.catalog.list().set_index("name")["commercial_use"]
    assert no == set(frame[frame == "no"].index)
    assert ask == set(frame[frame == "ask"].index)


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.name)
def test_commands_exist(path):
    help_text = subprocess.run(
        [sys.executable, "-m", "minelib.cli", "--help"], capture_output=True, text=True
    ).stdout
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for block in blocks(path, "sh"):
        for line in block.splitlines():
            words = shlex.split(line, comments=True)
            if words[:1] == ["minelib"]:
                assert re.search(rf"^\s+{words[1]}\b", help_text, re.MULTILINE), line
            if words[:1] == ["make"]:
                assert re.search(rf"^{words[1]}:", makefile, re.MULTILINE), line


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.name)
def test_links_lead_somewhere(path):
    for target in re.findall(r"\]\(([^)#:]+)\)", path.read_text(encoding="utf-8")):
        assert (path.parent / target).exists(), target
    for notebook in re.findall(r"^\| `(\d\d-[\w-]+)` \|", path.read_text("utf-8"), re.MULTILINE):
        assert (ROOT / "notebooks" / f"{notebook}.ipynb").exists(), notebook


@pytest.mark.parametrize("path", READMES, ids=lambda p: p.name)
def test_a_readme_is_read_in_five_minutes(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 120


def test_every_notebook_is_in_the_table():
    listed = set(re.findall(r"`(\d\d-[\w-]+)`", READMES[0].read_text(encoding="utf-8")))
    assert {p.stem for p in (ROOT / "notebooks").glob("[0-9][0-9]-*.ipynb")} <= listed


@pytest.mark.parametrize("path, lang", list(zip(READMES, ("en", "zh"), strict=True)))
def test_the_sources_are_told_as_they_are_counted(path, lang):
    from minelib import words
    from minelib.catalog.origins import in_words

    words.use(lang)
    try:
        told = in_words(ml.catalog.default())
    finally:
        words.use("en")
    assert f"<!-- sources -->{told}<!-- / -->" in path.read_text(encoding="utf-8"), (
        "python -m minelib.catalog --write"
    )


@pytest.mark.parametrize("path, lang", list(zip(READMES, ("en", "zh"), strict=True)))
def test_the_answer_is_what_the_chain_and_the_map_say_today(path, lang):
    from minelib import words
    from minelib.workbench.site import story

    words.use(lang)
    try:
        told = story.answer()
    finally:
        words.use("en")
    row = ml.impact.share_by_outage().set_index(["event", "model"]).loc["xinjiang_outage", "window"]
    for name in ("share_pct", "lower_pct", "upper_pct", "map_pct"):
        assert f"{row[name]:.0f}%" in told
    assert f"<!-- answer -->{told}<!-- / -->" in path.read_text(encoding="utf-8"), (
        "python tools/paper.py"
    )
