# SPDX-License-Identifier: MIT
"""Newer versions of the dependencies, tested before they are kept.

    python tools/renew_lock.py                 # newest versions, all tests, then requirements.lock
    python tools/renew_lock.py -- tests/test_catalog.py    # other tests than all
    python tools/renew_lock.py --python 3.12   # the tests with another Python

Resolves the newest versions for every system (uv), installs them into an environment of its own,
runs the tests there, and replaces ``requirements.lock`` only when all pass. Else the file stays as
it is and the output says which test failed and which versions had changed. Needs a network and uv.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements.lock"
EXTRAS = ("workbench", "live", "lite", "test")
TESTS = ["-q", "-n", "2", "--dist", "loadfile"]


def resolved(uv: str, old: Path, new: Path) -> None:
    """Write the newest versions that fit, for Python 3.11 and every system."""
    extras = [word for extra in EXTRAS for word in ("--extra", extra)]
    how = ["--universal", "--python-version", "3.11", "--no-header", "--generate-hashes"]
    subprocess.run(
        [uv, "pip", "compile", "--quiet", "--upgrade", *how, "--no-annotate", "--no-emit-index-url"]
        + [*extras, "pyproject.toml", "-o", str(new)],
        cwd=ROOT,
        check=True,
    )


def versions(text: str) -> dict[str, str]:
    """Version by name and marker of a list of requirements, with or without hashes."""
    found = {}
    for line in text.splitlines():
        if match := re.match(r"([\w.-]+)==([^\s;]+)\s*(;.*?)?\s*\\?$", line):
            found[f"{match[1]} {match[3] or ''}".strip()] = match[2]
    return found


def changed(old: str, new: str) -> list[str]:
    """What differs between two lists, a line each."""
    before, after = versions(old), versions(new)
    return [
        f"{name}: {before.get(name, 'none')} to {after.get(name, 'none')}"
        for name in sorted(before.keys() | after.keys())
        if before.get(name) != after.get(name)
    ]


def tested(uv: str, lock: Path, python: str, folder: Path, tests: list[str]) -> int:
    """Exit code of the tests in an environment with these versions."""
    subprocess.run([uv, "venv", "--quiet", "--python", python, folder], check=True)
    own = folder / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    install = [uv, "pip", "install", "--quiet", "--python", str(own)]
    subprocess.run([*install, "-r", str(lock)], check=True)
    subprocess.run([*install, "--no-deps", "--editable", str(ROOT)], check=True)
    return subprocess.run([own, "-m", "pytest", *(tests or TESTS)], cwd=ROOT).returncode


def renew(uv: str, python: str, tests: list[str], lock: Path = LOCK) -> int:
    """Resolve, test, and keep."""
    with tempfile.TemporaryDirectory(prefix="minelib-lock-") as place:
        new = Path(place) / "requirements.lock"
        resolved(uv, lock, new)
        text = new.read_text(encoding="utf-8")
        differ = changed(lock.read_text(encoding="utf-8"), text)
        print(*(differ or ["nothing is newer"]), sep="\n", flush=True)
        if not differ:
            return 0
        if code := tested(uv, new, python, Path(place) / "environment", tests):
            print(f"kept as it was: the tests failed with exit code {code}", file=sys.stderr)
            return 1
        lock.write_text(text, encoding="utf-8", newline="\n")
    print(f"{lock.name} renewed: {len(differ)} versions")
    return 0


def main(argv: list[str] | None = None) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--python", default=sys.executable, help="for the tests")
    parser.add_argument("tests", nargs="*", help="arguments for pytest instead of all tests")
    asked = parser.parse_args(argv)
    uv = shutil.which("uv")
    if uv is None:
        print("uv is not installed: pip install uv", file=sys.stderr)
        return 2
    return renew(uv, asked.python, asked.tests)


if __name__ == "__main__":
    sys.exit(main())
