# SPDX-License-Identifier: MIT
"""What a checker of types and a formatter find: nothing."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCES = sorted((ROOT / "minelib").rglob("*.py"))


def run(*command):
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_types_hold():
    run("mypy")


def test_a_wrong_type_is_found(tmp_path):
    wrong = tmp_path / "wrong.py"
    wrong.write_text("import minelib.words\nminelib.words.number('three', decimals='two')\n")
    with pytest.raises(AssertionError, match="arg-type"):
        run("mypy", "--config-file", str(ROOT / "pyproject.toml"), str(wrong))


def test_the_package_says_that_it_is_typed():
    assert (ROOT / "minelib" / "py.typed").exists()


@pytest.mark.parametrize("command", [("format", "--check"), ("check",)], ids=["format", "lint"])
def test_the_formatter_has_run(command):
    run("ruff", *command, "--quiet", "minelib", "tests", "tools", "bench")


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT / "minelib")))
def test_every_public_function_says_what_it_takes_and_gives(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    bare = []
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            taken = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            bare += [f"{node.name}({a.arg})" for a in taken if a.annotation is None]
            bare += [f"{node.name} -> ?"] if node.returns is None else []
    assert bare == []


def test_no_line_is_kept_from_the_formatter_and_no_check_is_switched_off_whole():
    for path in SOURCES:
        text = path.read_text(encoding="utf-8")
        assert "fmt: " + "skip" not in text and "fmt: " + "off" not in text, path
        assert not any(line.rstrip().endswith("# type: ignore") for line in text.splitlines()), path
