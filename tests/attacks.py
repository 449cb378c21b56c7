# SPDX-License-Identifier: MIT
"""Attacks on the grader: each in a class with honest students, each may cost only its author.

python -m tests.attacks            # all of them, as a table; exit 1 where one did harm
python -m tests.attacks disk clock # those with these words in their name
"""

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent)]

import classroom  # noqa: E402 (beside this file, wherever it is started)

CODE = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
FULL, WORTH = 16, 2  # points of lesson 1, and of the exercise in whose place an attack stands
# Nothing here depends on how busy the machine is; the slow ones are about the clock itself.
LIMITS = {"seconds": 600, "cell_seconds": 4, "memory_mb": 800, "disk_mb": 100, "file_mb": 50}
SLOW = {**LIMITS, "seconds": 30}
HONEST = ("honest 1", "honest 2", "honest 3")


def notebook(cells, **more):
    """Bytes of a notebook with these sources."""
    code = [{"cell_type": "code", "metadata": {}, "source": source} for source in cells]
    return json.dumps({"cells": code, "metadata": {}, "nbformat": 4, "nbformat_minor": 5, **more})


def _nested(n):
    return '{"a":' * n + "1" + "}" * n


# What is handed in in place of a notebook: how it is made, and the status of its line.
FILES = {
    "file: no JSON": (lambda p: p.write_bytes(b"\x00\xff" * 999), "not_a_notebook"),
    "file: lists in lists": (lambda p: p.write_text("[" * 10**6), "not_a_notebook"),
    "file: a bomb in its metadata": (
        lambda p: p.write_text(notebook(["x = 1"])[:-1] + ',"b":' + _nested(10**5) + "}"),
        "not_a_notebook",
    ),
    "file: millions of empty lists": (
        lambda p: p.write_text('{"cells":[' + "[]," * 6_000_000 + "[]]}"),
        "empty",
    ),
    "file: larger than any notebook": (lambda p: _sparse(p, 10**12), "too_large"),
    "file: a link to what is not theirs": (lambda p: p.symlink_to("/etc/passwd"), "not_a_notebook"),
    "file: a link to a folder": (lambda p: p.symlink_to("/"), "not_a_notebook"),
    "file: a pipe": (lambda p: os.mkfifo(p), "not_a_notebook"),
    "file: brackets that break a parser": (
        lambda p: p.write_text(notebook(["student = " + "(" * 90_000, "x" + ".a" * 300_000])),
        "graded",
    ),
    "file: signs that break a parser": (
        lambda p: p.write_text(
            notebook(["a = " + "-" * 400_000 + "1", "b = " + "1+" * 240_000 + "1"])
        ),
        None,
    ),
    "file: a hundred thousand cells": (
        lambda p: p.write_text(notebook(["_ = 1"] * 10**5)),
        "too_large",
    ),
    "file: characters that no source has": (
        lambda p: p.write_text(notebook(["a = 1\0", "b = '\ud800'", "\x1b[2J", "c = 1\f\v"])),
        "graded",
    ),
    "file: an id that is a path": (
        lambda p: p.write_text(notebook(["student = '../../../../tmp/minelib-climbed'"])),
        "graded",
    ),
    "file: an id that is a book": (
        lambda p: p.write_text(notebook([f"student = {'x' * 300_000!r}"])),
        "graded",
    ),
}
NAMES = (
    "=cmd|' a'!A1",
    "x\\..\\..\\y",
    "CON",
    "a" * 240,
    "\x1b[2J",
    "a\nb",
    "<script>",
    "%2e%2e%2f",
)


def _sparse(path, size):
    with path.open("wb") as file:
        file.truncate(size)


@dataclass
class Outcome:
    """What one attack came to."""

    name: str
    points: float
    status: str
    said: str
    harm: list = field(default_factory=list)  # sentences; empty when it cost only its author


def versions():
    """Student versions of lesson 1 by student and language."""
    make, kept = import_module("minelib.workbench.lessons"), {}

    def version(student, lang="en"):
        if lang not in kept:
            kept[lang] = make._assign("1", lang)["student"]
        return make._for(kept[lang], student)

    return version


def attack(names, version, limits=None, files=True):
    """Grade a class of honest students and these attackers.

    Parameters
    ----------
    names : iterable of str
        Of `CODE`.
    version : callable
        As `versions` gives it.
    limits : dict, optional
    files : bool
        Whether what is no notebook is handed in too.

    Returns
    -------
    list of Outcome
        One an attack, and one named ``everybody else``.
    """
    from minelib.workbench import grading

    with tempfile.TemporaryDirectory() as place, subprocess.Popen(["sleep", "100000"]) as other:
        folder, secret = Path(place, "class"), Path(place, "secret")
        folder.mkdir()
        secret.write_text("nobody's business")
        for name in HONEST:
            own = classroom.filled(version(name), "1")
            (folder / f"{name}.ipynb").write_text(json.dumps(own))
        for name in names:
            own = classroom.filled(version(name), "1", _answers(name, folder, secret, other.pid))
            (folder / f"{_file(name)}.ipynb").write_text(json.dumps(own))
        if files:
            for name, (made, _status) in FILES.items():
                made(folder / f"{_file(name)}.ipynb")
            for name in NAMES:
                (folder / f"{name}.ipynb").write_text("x")
        before = _state(folder)
        old, tempfile.tempdir = tempfile.tempdir, place
        os.environ["TMPDIR"] = place
        try:
            found = {r.file: r for r in grading.grade(folder, "1", limits=limits or LIMITS)}
        finally:
            tempfile.tempdir = old
            del os.environ["TMPDIR"]
        harm = [f"{n} was changed" for n in before.items() ^ _state(folder).items()]
        left = {p.name for p in Path(place).iterdir()} - {"class", "secret"}
        harm += [f"left: {name}" for name in left]
        if secret.read_text() != "nobody's business" or other.poll() is not None:
            harm += ["the secret was changed" if other.poll() is None else "a process was killed"]
        other.kill()
    for name in HONEST:
        one = found[f"{name}.ipynb"]
        if (one.points, one.status, one.notes) != (FULL, "graded", []):
            harm.append(f"{name} has {one.points} points: {_said(one)[:200]}")
    outcomes = [_outcome(n, CODE[n], found[f"{_file(n)}.ipynb"]) for n in names]
    if files:
        wanted = {**FILES, **dict.fromkeys(NAMES, (None, "not_a_notebook"))}
        for name, (_made, status) in wanted.items():
            one = found[f"{_file(name) if name in FILES else name}.ipynb"]
            outcomes.append(_outcome(name, {"points": 0, "status": status}, one))
    return [*outcomes, Outcome("everybody else", FULL, "graded", "", harm)]


def _answers(name, folder, secret, pid):
    code = CODE[name]["code"].replace("CLASS", str(folder)).replace("SECRET", str(secret))
    code = code.replace("PID", str(pid)) + '\nif won:\n    raise SystemError(f"WON {won!r}"[:90])\n'
    if "alone" in CODE[name]:
        return {f"q{n}": "" for n in range(1, 9)} | {"q8": code}
    return {"q4": code}


def _file(name):
    return name.replace(":", " -")


def _state(folder):
    """Digest, rights and time of every file of the class."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.relative_to(folder).parts[0] != "graded":
            about = path.lstat()
            whole = path.is_file() and not path.is_symlink() and about.st_size < 10**8
            digest = hashlib.sha256(path.read_bytes()).hexdigest() if whole else ""
            found[path.name] = digest, about.st_mode, about.st_mtime_ns, about.st_nlink
    return found


def _said(result):
    from minelib.workbench import grading

    return " ".join(grading.sentence(note, "en") for note in result.notes)


def _outcome(name, wanted, result):
    said = _said(result)
    harm = []
    if "WON" in said:
        harm.append("it gained: " + said.partition("WON")[2][:80])
    points = wanted.get("points", FULL - WORTH)
    if result.points != points:
        harm.append(f"{result.points:g} points for {points}")
    status = wanted.get("status", "graded")
    if status not in (None, result.status):
        harm.append(f"{result.status} for {status}")
    if wanted.get("note", "") not in said:
        harm.append("not said: " + wanted["note"])
    if len(said) > 20_000:
        harm.append(f"{len(said)} characters said")
    return Outcome(name, result.points, result.status, said, harm)


def main(arguments=None):
    """Run them and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("names", nargs="*", help="parts of the names of attacks; all without")
    asked = parser.parse_args(arguments)
    names = [n for n in CODE if not asked.names or any(part in n for part in asked.names)]
    version, outcomes = versions(), []
    for slow in (False, True):
        some = [n for n in names if CODE[n].get("slow", False) == slow]
        if some or (not slow and not asked.names):
            files = not slow and not asked.names
            outcomes += attack(some, version, SLOW if slow else LIMITS, files)
    print("| attack | points | status | |\n|---|---|---|---|")
    for one in outcomes:
        print(f"| {one.name!r:.70} | {one.points:g} | {one.status} | {'; '.join(one.harm)} |")
    harmed = sum(bool(one.harm) for one in outcomes)
    print(f"\n{len(outcomes) - 1} attacks, {harmed} with harm")
    return int(harmed > 0)


if __name__ == "__main__":
    sys.exit(main())
