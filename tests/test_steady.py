# SPDX-License-Identifier: MIT
"""No test depends on how busy the machine is: read from the tests' own sources.

A test waits for what it waits for, counts what is done (fixture ``calls``), or has minutes.
"""

import ast
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
CLOCKS = {"monotonic", "perf_counter", "process_time", "time"}
PATIENCE = 60  # seconds that no test may set a limit below


def called(node):
    """The last name of what is called; empty where nothing is."""
    function = node.func if isinstance(node, ast.Call) else None
    return getattr(function, "attr", getattr(function, "id", ""))


def hasty(source):
    """Lines with a limit of time that a busy machine reaches, or a pause in place of a wait."""
    tree = ast.parse(source)
    looped = {
        id(n) for loop in ast.walk(tree) if isinstance(loop, ast.While) for n in ast.walk(loop)
    }
    for node in ast.walk(tree):
        numbers = [n.value for n in ast.walk(node) if isinstance(n, ast.Constant)]
        if isinstance(node, ast.Compare):
            timed = any(called(n) in CLOCKS and not n.args for n in ast.walk(node))
            if timed and any(isinstance(n, (int, float)) and n < PATIENCE for n in numbers):
                yield node.lineno
        pause = called(node) == "sleep" and id(node) not in looped
        if pause or getattr(node, "attr", "") == "ITIMER_REAL":  # ITIMER_PROF: the processor's
            yield node.lineno
        if isinstance(node, ast.keyword) and node.arg == "timeout":
            numbers = [n for n in numbers if isinstance(n, (int, float)) and n > 0]
            if numbers and max(numbers) < PATIENCE:  # of a page in milliseconds
                yield node.value.lineno


@pytest.mark.parametrize(
    "line",
    [
        "assert time.perf_counter() - start < 3",
        "time.sleep(0.4)",
        "process.wait(timeout=5)",
        "assert seconds == 1 or monotonic() - a <= 2.5",
        "signal.setitimer(signal.ITIMER_REAL, 0.2)",
    ],
)
def test_what_a_busy_machine_fails_is_found(line):
    assert list(hasty(line)) == [1]
    assert not list(hasty("while not done():\n    time.sleep(0.1)\np.communicate(timeout=600)"))


@pytest.mark.parametrize("path", sorted(TESTS.rglob("test_*.py")), ids=lambda p: p.name)
def test_no_test_is_hasty(path):
    found = [f"{path.name}:{line}" for line in hasty(path.read_text(encoding="utf-8"))]
    assert found == [], "wait for what happens, or count: see tests/test_steady.py"
