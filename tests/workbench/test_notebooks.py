# SPDX-License-Identifier: MIT
import json
import re

import pytest

from minelib.errors import BadParameter, MinelibError, UnknownName
from minelib.studies.notebooks import Notebook, find, select
from minelib.workbench.runs.plan import check_notebook
from workbench.support import FIRST, cell, notebook

SHIPPED = find()


def named(notebooks):
    return [n.name for n in notebooks]


def test_a_notebook_is_found_by_number_slug_or_file(house):
    path = house.add("small", number=2)
    house.add("large-one", number=10)
    (house.root / "notes.ipynb").write_text("{}")
    for asked in ("2", "02", 2, "small", "02-small", "02-small.ipynb", str(path)):
        assert named(select([asked])) == ["02-small"]
    assert named(select()) == ["02-small", "10-large-one"]
    assert named(select(["10", "small", "10"])) == ["02-small", "10-large-one"], "once, in order"


def test_an_unknown_notebook_is_refused_with_the_nearest(house):
    house.add("crackdown", number=2)
    with pytest.raises(UnknownName, match="Did you mean 'crackdown'"):
        select(["crakdown"])
    with pytest.raises(UnknownName, match="Known: 02-crackdown"):
        select(["7"])


def test_no_notebook_at_all_is_said(tmp_path):
    with pytest.raises(MinelibError, match="no notebook in"):
        select([], tmp_path)


@pytest.mark.parametrize("odd", [None, float("nan"), 1e12, object()])
def test_what_names_no_notebook_is_refused(odd):
    with pytest.raises(BadParameter, match="names"):
        select(odd)
    if odd is not None:
        with pytest.raises(BadParameter, match="root"):
            find(odd)


def made(tmp_path, first, *rest, tags=("parameters",)):
    cells = [cell(1, "code", first, tags=tags)]
    cells += [cell(i, "code", source) for i, source in enumerate(rest, start=2)]
    path = tmp_path / "01-small.ipynb"
    path.write_text(json.dumps(notebook(*cells)))
    return Notebook(1, "small", path)


def test_literals_are_read_with_their_types(tmp_path):
    first = "a = 1\nb = -0.5\nc = None\nd = [1, 'x=y']\ne = True"
    assert made(tmp_path, first).literals() == {
        "a": 1,
        "b": -0.5,
        "c": None,
        "d": [1, "x=y"],
        "e": True,
    }


@pytest.mark.parametrize(
    "first",
    [
        "a = 1\nb = a * 2",  # stale after papermill has put in another a
        "a: int | None = None",  # papermill does not see it
        "a = b = 3",  # nor these
        "import os",
        "a, b = 1, 2",
        "print(1)",
    ],
)
def test_what_papermill_would_get_wrong_is_refused(tmp_path, first):
    with pytest.raises(MinelibError, match="is not NAME = LITERAL"):
        made(tmp_path, first).literals()


def test_a_notebook_without_the_tag_is_refused(tmp_path):
    with pytest.raises(MinelibError, match="0 cells tagged"):
        made(tmp_path, "a = 1", tags=()).literals()


@pytest.mark.parametrize("content", [b"not json", b"[1, 2]", b"{}", b"\xff", b"[" * 100_000])
def test_a_file_that_is_no_notebook_is_refused_without_words_of_python(tmp_path, content):
    path = tmp_path / "01-small.ipynb"
    path.write_bytes(content)
    with pytest.raises(MinelibError) as refused:
        Notebook(1, "small", path).content  # noqa: B018
    kept = "is not a notebook, or damaged. Put it back as it was, from a copy."
    assert str(refused.value) == f"{path} {kept}"


def test_a_notebook_that_may_not_be_read_is_refused(tmp_path):
    with pytest.raises(MinelibError, match="cannot be read: Is a directory"):
        Notebook(1, "small", tmp_path).content  # noqa: B018


def test_the_comment_above_a_parameter_is_its_meaning(tmp_path):
    book = made(tmp_path, "# Days of it\na = 1\n\nb = 2\n# Language\nlang = 'en'")
    assert book.comments() == {"a": "Days of it", "lang": "Language"}


def test_a_cell_that_differs_from_the_study_is_refused(house):
    house.add("small")
    path = house.root / "01-small.ipynb"
    path.write_text(path.read_text().replace("days = 90", "days = 91"))
    with pytest.raises(MinelibError, match="days=91.*differs from Small.*days=90"):
        check_notebook(select()[0])
    path.write_text(path.read_text().replace("days = 91", "days = 90.0"))
    with pytest.raises(MinelibError, match="differs"):
        check_notebook(select()[0])
    assert "days = 90" in FIRST


@pytest.mark.parametrize("book", SHIPPED, ids=lambda n: n.name)
class TestShipped:
    def test_parameters_cell_and_study_say_the_same(self, book):
        check_notebook(book)

    def test_every_parameter_is_read(self, book):
        """Also inside a text (``"@study.end"``); language and data are read by the study itself."""
        code = "\n".join(source for tags, source in book.code() if "parameters" not in tags)
        read = {*re.findall(r"\bstudy\.(\w+)", code), "data", "lang"}
        assert set(book.literals()) - read == set()

    def test_every_parameter_says_what_it_is(self, book):
        assert list(book.comments()) == list(book.literals())

    def test_form(self, book):
        content = book.content
        assert content["metadata"]["kernelspec"]["name"] == "python3"
        assert content["cells"][0]["cell_type"] == "markdown"
        assert "parameters" in content["cells"][1]["metadata"]["tags"]
        assert content["cells"][-1]["source"].strip() == "study.finish()"
        ids = [c["id"] for c in content["cells"]]
        assert len(set(ids)) == len(ids) and all(i.startswith(book.slug) for i in ids)
        for each in content["cells"]:
            if each["cell_type"] == "code":
                assert each["outputs"] == [] and each["execution_count"] is None
