# SPDX-License-Identifier: MIT
"""The one builder of HTML: words are escaped, markup is not, Jinja is loaded when needed."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import jinja2
import pytest

from minelib import html

PACKAGE = Path(html.__file__).parents[1]
SOURCES = [p for p in sorted(PACKAGE.rglob("*.py")) if p.parent.name != "html"]
BAD = "<script>alert(\"1\")</script> & 'x'"


@pytest.mark.parametrize(
    "made",
    [
        html.table([BAD], [[BAD], [(BAD, BAD)]], caption=BAD, css=BAD, classes=[BAD], scroll=BAD),
        html.table([BAD], [[BAD]], row_heads=True, styles=[BAD]),
        html.definitions([(BAD, BAD)], BAD),
        html.listed([BAD], BAD),
        html.paragraphs([BAD], BAD),
        html.folded(BAD, BAD, BAD),
        html.linked(f"https://example.org/{BAD} {BAD}"),
        html.render("<p title='{{ words }}'>{{ words }}</p>", words=BAD),
    ],
)
def test_words_are_escaped_wherever_they_go(made):
    assert "<script" not in made and '"1"' not in made and "'x'" not in made
    assert "&lt;script&gt;alert(" in made and "&amp;" in made


def test_markup_goes_into_other_pieces_as_it_is():
    inner = html.render("<b>{{ words }}</b>", words="a < b")
    for outer in (
        html.table(["a"], [[inner], [(inner, 1)]]),
        html.definitions([("a", inner)]),
        html.listed([inner]),
        html.folded("a", inner),
        html.render("<p>{{ said }}</p>", said=inner),
    ):
        assert "<b>a &lt; b</b>" in outer


def test_a_table_without_heads_or_rows_is_a_table_still():
    assert "<td>1</td>" in html.table([], [[1]])
    assert "<td" not in html.table(["a"], [])
    assert html.table([], []).startswith("<table>")


def test_an_empty_list_is_nothing():
    assert html.listed([]) == ""


def test_a_name_that_is_missing_is_an_error():
    with pytest.raises(jinja2.UndefinedError):
        html.render("{{ word }}", words="a")


def test_jinja_is_loaded_with_the_first_piece():
    code = """import sys; from minelib import html; assert "jinja2" not in sys.modules
html.listed(["a"]); assert "jinja2" in sys.modules"""
    subprocess.run([sys.executable, "-c", code], check=True)


TAG = re.compile(
    r"</?(a|b|br|code|dd|details|div|dl|dt|h\d|img|li|p|small|span|table|td|th|tr|ul)\b"
)


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_nobody_else_builds_html_from_strings(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            words = "".join(part.value for part in node.values if isinstance(part, ast.Constant))
            assert not TAG.search(words), f"{path.name}:{node.lineno}"
        if isinstance(node, ast.ImportFrom):
            assert node.module != "html", f"{path.name}:{node.lineno}"
