# SPDX-License-Identifier: MIT
"""Working copies: what is laid out, what is kept; and the port."""

import json
import socket

import pytest

from minelib import words
from minelib.errors import MinelibError, UnknownName
from minelib.workbench import lab, libraries


def shipped(folder, prose):
    """A folder of shipped notebooks with one notebook."""
    folder.mkdir(parents=True, exist_ok=True)
    cells = [
        {"cell_type": "markdown", "id": "boom-01", "metadata": {}, "source": prose},
        {
            "cell_type": "code",
            "id": "boom-02",
            "metadata": {"tags": ["parameters"]},
            "execution_count": None,
            "outputs": [],
            "source": 'lang = "en"',
        },
    ]
    notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (folder / "01-boom.ipynb").write_text(json.dumps(notebook), encoding="utf-8")


@pytest.fixture
def house(tmp_path, monkeypatch):
    monkeypatch.setenv("MINELIB_NOTEBOOKS", str(tmp_path / "shipped"))
    shipped(tmp_path / "shipped", "# One")
    return tmp_path


def actions(folder, lang="en"):
    return [(each.action, each.path.name) for each in lab.lay_out(folder, lang)]


def first_cell(path):
    return json.loads(path.read_text(encoding="utf-8"))["cells"][0]["source"]


def write(path, prose):
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["cells"][0]["source"] = prose
    path.write_text(json.dumps(notebook), encoding="utf-8")


def test_a_new_folder_gets_everything_and_a_second_time_nothing(house):
    folder = house / "课堂 work"
    assert actions(folder) == [("new", "01-boom.ipynb")]
    assert actions(folder) == [("same", "01-boom.ipynb")]


def test_an_untouched_copy_is_replaced_by_a_newer_one(house):
    folder = house / "work"
    lab.lay_out(folder)
    shipped(house / "shipped", "# Two")
    assert actions(folder) == [("updated", "01-boom.ipynb")]
    assert first_cell(folder / "01-boom.ipynb") == "# Two"


def test_having_run_a_notebook_is_not_having_changed_it(house):
    folder = house / "work"
    lab.lay_out(folder)
    path = folder / "01-boom.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["cells"][1]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "1"}]
    path.write_text(json.dumps(notebook), encoding="utf-8")
    assert actions(folder) == [("same", "01-boom.ipynb")]
    assert "stdout" in path.read_text(encoding="utf-8"), "its outputs stay"


def test_a_changed_copy_is_kept_and_the_shipped_one_lies_beside_it(house):
    folder = house / "work"
    lab.lay_out(folder)
    write(folder / "01-boom.ipynb", "# Mine")
    shipped(house / "shipped", "# Two")
    (laid,) = lab.lay_out(folder)
    assert (laid.action, laid.path.name) == ("kept", "01-boom.new.ipynb")
    assert "01-boom.ipynb was changed and is kept" in laid.sentence()
    assert first_cell(folder / "01-boom.ipynb") == "# Mine"
    assert first_cell(folder / "01-boom.new.ipynb") == "# Two"
    shipped(house / "shipped", "# Three")  # untouched, the one beside is brought up to date
    assert actions(folder) == [("kept", "01-boom.new.ipynb")]
    assert first_cell(folder / "01-boom.new.ipynb") == "# Three"


def test_a_changed_copy_beside_is_kept_as_well(house):
    folder = house / "work"
    lab.lay_out(folder)
    write(folder / "01-boom.ipynb", "# Mine")
    shipped(house / "shipped", "# Two")
    lab.lay_out(folder)
    write(folder / "01-boom.new.ipynb", "# Mine too")
    assert actions(folder) == [("kept", "01-boom.new-2.ipynb")]
    assert first_cell(folder / "01-boom.new.ipynb") == "# Mine too"


@pytest.mark.parametrize("broken", ["", "{", "[1, 2]", '{"cells": 3}'])
def test_a_file_that_is_no_notebook_is_kept(house, broken):
    folder = house / "work"
    folder.mkdir()
    (folder / "01-boom.ipynb").write_text(broken)
    (folder / ".minelib.json").write_text(broken)
    assert actions(folder) == [("kept", "01-boom.new.ipynb")]
    assert (folder / "01-boom.ipynb").read_text() == broken


def test_the_copy_is_in_the_language_asked_for(house, monkeypatch):
    monkeypatch.setattr(words, "_messages", lambda lang: {"# One": "# 一"} if lang == "zh" else {})
    lab.lay_out(house / "work", "zh")
    notebook = json.loads((house / "work" / "01-boom.ipynb").read_text(encoding="utf-8"))
    assert notebook["cells"][0]["source"] == "# 一"
    assert notebook["cells"][1]["source"] == 'lang = "zh"'
    with pytest.raises(UnknownName, match="en, zh"):
        lab.lay_out(house / "work", "fr")


def test_a_folder_that_cannot_be_written_is_said(house):
    (house / "file").write_text("no folder")
    with pytest.raises(MinelibError, match="cannot be written"):
        lab.lay_out(house / "file")


def test_a_port_in_use_is_passed_over():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert lab.free_port(port) > port
        said = []
        assert lab._port(port, "en", said.append) > port
        assert f"Port {port} is in use" in said[0]
        with pytest.raises(MinelibError, match="No free port"):
            lab.free_port(port, most=1)


def test_lab_lays_out_says_what_it_did_and_starts_jupyterlab(house, monkeypatch):
    started, said = {}, []
    monkeypatch.setattr(
        lab, "_wait", lambda command, folder, **_more: started.update(c=command, f=folder) or 0
    )
    lab.lay_out(house / "work")
    write(house / "work" / "01-boom.ipynb", "# Mine")
    assert lab.open_lab(house / "work", browser=False, say=said.append) == 0
    assert "01-boom.new.ipynb" in said[0]
    assert started["f"] == house / "work" and "jupyterlab" in started["c"]
    assert "--no-browser" in started["c"]


def test_the_explorer_says_what_is_missing(house, monkeypatch):
    real = libraries.find_spec
    monkeypatch.setattr(
        libraries, "find_spec", lambda name: None if name == "voila" else real(name)
    )
    with pytest.raises(MinelibError, match=r"voila.*minelib\[workbench\]"):
        lab.open_explorer(folder=house / "work")
