# SPDX-License-Identifier: MIT
"""Build a release into ``dist/``; nothing is uploaded.

    python tools/release.py             # check, test, build everything
    python tools/release.py --again     # build twice and compare the bytes
    python tools/release.py --no-usb    # without the classroom stick

Wheel, sdist, the data package, the site as a zip, the classroom stick, and ``SHA256SUMS`` over
them. The tree must be clean, the version new and in ``CHANGELOG.md``, and every test must pass;
else one sentence says what is wrong and ``dist/`` stays as it was. The stick takes wheels as they
were published, held to the hashes of ``requirements.lock``, which needs a network once.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tools")]

import data_package  # noqa: E402
import wheelhouse  # noqa: E402

import minelib as ml  # noqa: E402

CHECKS = {
    "formatting": ["-m", "ruff", "format", "--check", "."],
    "style": ["-m", "ruff", "check", "."],
    "imports and sizes": ["tools/house.py"],
    "messages": ["tools/messages.py", "--check"],
    "metadata": ["tools/metadata.py", "--check"],
    "data": ["-m", "minelib.cli", "verify"],
    "tests": ["-m", "pytest", "-q", "-n", "2", "--dist", "loadfile"],
}


class Refused(Exception):
    """Why nothing was built, in one sentence."""


def git(*words: str, root: Path = ROOT) -> str:
    """What git says, without the last line feed."""
    done = subprocess.run(["git", *words], cwd=root, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def may_be_built(output: Path, root: Path = ROOT, version: str = ml.__version__) -> None:
    """Refuse a tree, a version or a changelog from which no release is made.

    Raises
    ------
    Refused
        With the sentence.
    """
    changed = git("status", "--porcelain", root=root).splitlines()
    if changed:
        raise Refused(f"the tree is not clean ({changed[0].strip()}): commit or remove it first")
    if git("tag", "--list", f"v{version}", root=root):
        raise Refused(f"version {version} exists: raise it in minelib/__init__.py")
    if list(output.glob(f"minelib-{version}*")):
        raise Refused(
            f"{output.name}/ has version {version} already: remove it, or raise the version"
        )
    changes = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    if not re.search(rf"^## {re.escape(version)} - \d{{4}}-\d\d-\d\d$", changes, re.M):
        raise Refused(f"CHANGELOG.md has no section for version {version}")


def check(checks: dict[str, list[str]] = CHECKS, root: Path = ROOT) -> None:
    """Run every check; refuse at the first that fails, with the end of what it said."""
    for name, words in checks.items():
        print(f"{name} ...", flush=True)
        done = subprocess.run([sys.executable, *words], cwd=root, capture_output=True, text=True)
        if done.returncode:
            said = (done.stdout + done.stderr).strip().splitlines()[-1:]
            raise Refused(f"{name}: exit code {done.returncode}; {''.join(said)}")


def distributions(folder: Path) -> None:
    """Wheel and sdist."""
    subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, ROOT],
        check=True,
        stdout=subprocess.DEVNULL,
    )


def site(folder: Path) -> None:
    """The pages, from runs made now, as a zip."""
    with tempfile.TemporaryDirectory() as place:
        subprocess.run(
            [sys.executable, "-m", "minelib.cli", "run", "--output", place],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        pages = Path(place) / "site"
        files = {
            path.relative_to(pages).as_posix(): path.read_bytes()
            for path in pages.rglob("*")
            if path.is_file() and path.name[0] != "."  # marks for the next build, of this run
        }
        data_package.pack(files, folder / f"minelib-site-{ml.__version__}.zip")


def stick(folder: Path) -> None:
    """The classroom stick; its own ``checksums.txt`` is over all that it holds."""
    wheelhouse.gather(folder / "usb")


PARTS: dict[str, Callable[[Path], object]] = {
    "wheel and sdist": distributions,
    "data": data_package.write,
    "site": site,
    "stick": stick,
}


def sums(folder: Path) -> dict[str, str]:
    """SHA-256 by file name."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted([*folder.iterdir(), *folder.glob("usb/checksums.txt")])
        if path.is_file()
    }


def build(folder: Path, parts: Iterable[str] = PARTS) -> dict[str, str]:
    """Build parts into a folder that is made; return their checksums."""
    os.environ["SOURCE_DATE_EPOCH"] = str(data_package.epoch())
    folder.mkdir(parents=True)
    for name in parts:
        print(f"{name} ...", flush=True)
        PARTS[name](folder)
    return sums(folder)


def release(output: Path, again: bool = False, parts: Iterable[str] = PARTS) -> dict[str, str]:
    """Check, build beside, and move into place at the end."""
    may_be_built(output)
    check()
    with tempfile.TemporaryDirectory() as place:
        first = build(Path(place) / "first", parts)
        if again:
            second = build(Path(place) / "second", parts)
            differ = sorted(name for name in first if first[name] != second.get(name))
            if differ or first.keys() != second.keys():
                raise Refused(f"not the same bytes twice: {', '.join(differ) or 'other files'}")
        lines = "".join(f"{digest}  {name}\n" for name, digest in first.items())
        (Path(place) / "first" / "SHA256SUMS").write_text(lines, encoding="utf-8", newline="\n")
        output.mkdir(parents=True, exist_ok=True)
        for path in (Path(place) / "first").iterdir():
            old = output / path.name
            if old.is_dir():
                shutil.rmtree(old)
            shutil.move(path, old)
    return first


def main(argv: list[str] | None = None) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("-o", "--output", type=Path, default=ROOT / "dist")
    parser.add_argument("--again", action="store_true", help="build twice and compare the bytes")
    parser.add_argument("--no-usb", dest="usb", action="store_false")
    asked = parser.parse_args(argv)
    try:
        parts = [name for name in PARTS if asked.usb or name != "stick"]
        made = release(asked.output, asked.again, parts)
    except Refused as why:
        print(f"nothing released: {why}", file=sys.stderr)
        return 2
    for name, digest in made.items():
        print(f"{digest}  {name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
