# SPDX-License-Identifier: MIT
"""Judged by others' rules: suites that nobody here wrote, in one table.

    python tools/outside.py                     # all of them; prints the table
    python tools/outside.py --only reuse,deptry # some
    python tools/outside.py --write             # and renew those rows of docs/outside.md
    python tools/outside.py --site outputs/site # pages for axe and Lighthouse, built before

Tools are installed into an environment of their own, ``outputs/outside``, which sees the packages
of this one; this needs a network once. What cannot be had or fails to start is said in its row.
Exit code 1 when a mark falls behind the one in ``tools/outside.toml``, where the reasons stand.
"""

from __future__ import annotations

import argparse
import functools
import http.server
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import tomllib
import venv
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tools")]

import papermill_suite  # noqa: E402

PLACE = ROOT / "outputs" / "outside"
PAGE = ROOT / "docs" / "outside.md"
JUDGES = tomllib.loads((ROOT / "tools" / "outside.toml").read_text(encoding="utf-8"))
SITE = ROOT / "outputs" / "site"


class Lacking(Exception):
    """Why a judge could not be heard, in a sentence."""


def environment() -> Path:
    """The folder of the tools' programs; the environment is made where it lacks."""
    programs = PLACE / ("Scripts" if os.name == "nt" else "bin")
    if not (programs / "pip").exists():
        venv.create(PLACE, with_pip=True)
        inside = next((PLACE / "lib").glob("python*/site-packages"), PLACE / "Lib/site-packages")
        ours = [path for path in sys.path if path.endswith("site-packages")]
        (inside / "theirs.pth").write_text("\n".join([*ours, str(ROOT)]), encoding="utf-8")
    return programs


def installed(name: str) -> Path:
    """A judge's program, or for a plug-in the environment's Python; installed on first use."""
    programs, judge = environment(), JUDGES[name]
    module = judge.get("module")
    own = programs / ("python" if module else name)

    def there() -> bool:
        return (
            not _run([own, "-c", f"import {module}"], fail=False).returncode
            if module
            else (own.exists())
        )

    if not there():
        _run([programs / "pip", "install", "--quiet", *judge["packages"]], fail=False)
    if not there():
        raise Lacking(f"{' '.join(judge['packages'])} could not be installed")
    if not os.access(own, os.X_OK):  # a wheel whose program lost its mark
        own.chmod(0o755)
    return own


def _run(command: list, fail: bool = True, **more) -> subprocess.CompletedProcess:
    more = {"cwd": ROOT, **more}
    done = subprocess.run(
        [str(word) for word in command], capture_output=True, text=True, encoding="utf-8", **more
    )
    if fail and done.returncode:
        raise Lacking((done.stderr or done.stdout).strip().splitlines()[-1][:200])
    return done


@contextmanager
def data_package() -> Iterator[Path]:
    """The data package, unpacked."""
    import data_package as package

    with tempfile.TemporaryDirectory() as place:
        with zipfile.ZipFile(package.write(Path(place))) as archive:
            archive.extractall(Path(place) / "data")
        yield Path(place) / "data"


def papermill() -> tuple[int, int]:
    """papermill's own tests with our engine: passed, and passed with its own."""
    from importlib.metadata import version

    python, own = installed("papermill"), environment() / "pip"
    with tempfile.TemporaryDirectory() as place:
        wanted = f"papermill=={version('papermill')}"
        how = ["--quiet", "--no-deps", "--no-binary", "papermill"]
        if _run([own, "download", *how, "-d", place, wanted], fail=False).returncode:
            raise Lacking(f"the source of {wanted} could not be had")
        archive = next(Path(place).glob("papermill-*.tar.gz"))
        theirs, ours = (
            {test for test, state in found.items() if state == "passed"}
            for found in papermill_suite.compared(archive, python)
        )
    return len(theirs & ours), len(theirs)


def _notebooks(name: str, *flags: str) -> tuple[int, int]:
    python = installed(name)
    with tempfile.TemporaryDirectory() as place:
        lessons = shutil.ignore_patterns("lessons")
        shutil.copytree(ROOT / "notebooks", Path(place) / "notebooks", ignore=lessons)
        found = papermill_suite.outcomes(Path(place) / "notebooks", *flags, python=python)
    for test in (test for test, state in found.items() if state != "passed"):
        print(f"  {name}: {test}")
    return list(found.values()).count("passed"), len(found)


def nbmake() -> tuple[int, int]:
    """Notebooks that run as they are."""
    return _notebooks("nbmake", "--nbmake", "--nbmake-timeout=600")


def nbval() -> tuple[int, int]:
    """Cells that run as they are."""
    return _notebooks("nbval", "--nbval-lax", "--nbval-cell-timeout=600")


def frictionless() -> tuple[int, int]:
    """Tables valid by Data Package."""
    program = installed("frictionless")
    with data_package() as folder:
        said = _run([program, "validate", "datapackage.json", "--json"], fail=False, cwd=folder)
        tasks = json.loads(said.stdout)["tasks"]
    return sum(task["valid"] for task in tasks), len(tasks)


def data_dict() -> tuple[int, int]:
    """Tables whose Parquet file is what data-dict.yaml says."""
    import yaml

    program = installed("data-dict")
    with data_package() as folder:
        count = len(yaml.safe_load((folder / "data-dict.yaml").read_text("utf-8"))["tables"])
        wrong = set()
        for level in ("spec", "meta", "data"):
            done = _run([program, f"validate-{level}", "data-dict.yaml"], fail=False, cwd=folder)
            if done.returncode:
                named = re.findall(r"- name: (\w+)\n", done.stdout + done.stderr)
                wrong |= set(named) or {level}
    return count - len(wrong), count


def croissant() -> tuple[int, int]:
    """Tables that Croissant's own reader takes."""
    program = installed("mlcroissant")
    with data_package() as folder:
        count = len(json.loads((folder / "croissant.json").read_text("utf-8"))["recordSet"])
        done = _run([program, "validate", "--jsonld", "croissant.json"], fail=False, cwd=folder)
    return (count if not done.returncode else 0), count


def _pages() -> list[Path]:
    if not (SITE / "index.html").exists():
        raise Lacking("no pages: minelib run, or --site FOLDER")
    return [
        SITE / "index.html",
        *sorted(SITE.glob("*/*.html")),
        *sorted(SITE.glob("*/notebooks/*.html")),
    ]


def axe() -> tuple[int, int]:
    """Pages without any violation of axe-core's rules."""
    from playwright.sync_api import sync_playwright

    script = ROOT / "tests" / "vendor" / "axe-core" / "axe.min.js"
    clean = pages = 0
    with _served() as address, sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        page = browser.new_page()
        for path in _pages():
            page.goto(f"{address}/{path.relative_to(SITE).as_posix()}")
            page.add_script_tag(path=str(script))
            found = page.evaluate("() => axe.run(document, {preload: false})")["violations"]
            pages += 1
            clean += not found
            for each in found:
                print(f"  axe: {path.relative_to(SITE)}: {each['id']} ({each['impact']})")
        browser.close()
    return clean, pages


@contextmanager
def _served() -> Iterator[str]:
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_words):
            pass

    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Quiet, directory=str(SITE))
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()


def lighthouse() -> tuple[int, int]:
    """Points of the front page in accessibility, good practice and search, of 100 each."""
    program = PLACE / "node" / "node_modules" / ".bin" / "lighthouse"
    if not program.exists():
        if not shutil.which("npm"):
            raise Lacking("npm is not installed")
        how = ["--prefix", PLACE / "node", "--no-audit", "--no-fund", "--silent"]
        _run(["npm", "install", *how, "--save-exact", *JUDGES["lighthouse"]["packages"]])
    _pages()
    kinds = ["accessibility", "best-practices", "seo"]
    with _served() as address:
        done = _run(
            [
                program,
                f"{address}/index.html",
                "--quiet",
                "--output=json",
                f"--only-categories={','.join(kinds)}",
                "--chrome-flags=--headless=new --no-sandbox",
            ],
            env={**os.environ, "CHROME_PATH": shutil.which("chromium") or ""},
        )
    found = json.loads(done.stdout)["categories"]
    return sum(round(100 * found[kind]["score"]) for kind in kinds), 100 * len(kinds)


def deptry() -> tuple[int, int]:
    """Files whose imports are all declared."""
    done = _run(
        [sys.executable, "-m", "deptry", "."], fail=False, env={**os.environ, "NO_COLOR": "1"}
    )
    said = done.stdout + done.stderr
    files = int(re.search(r"Scanning (\d+) files", said).group(1))
    wrong = set(re.findall(r"^([\w/.]+\.py):\d+:", said, re.M))
    return files - len(wrong), files


def reuse() -> tuple[int, int]:
    """Files with a holder and a licence."""
    said = _run([installed("reuse"), "lint", "--json"], fail=False).stdout
    counts = json.loads(said)["summary"]
    return counts["files_with_licensing_info"], counts["files_total"]


def numpydoc() -> tuple[int, int]:
    """Public names whose docstring numpydoc's validator has nothing to say against."""
    from numpydoc.validate import validate

    asked = set(JUDGES["numpydoc"]["rules"])
    names = list(_public())
    wrong = {}
    for name in names:
        if found := [code for code, _said in validate(name)["errors"] if code in asked]:
            wrong[name] = found
    for name, codes in wrong.items():
        print(f"  numpydoc: {name}: {' '.join(codes)}")
    return len(names) - len(wrong), len(names)


def _public() -> Iterator[str]:
    import importlib
    import inspect

    import minelib as ml

    for room in ("", *JUDGES["numpydoc"]["rooms"]):
        module = importlib.import_module(f"minelib.{room}".rstrip("."))
        for name in getattr(module, "__all__", []) if room else dir(ml):
            each = getattr(module, name, None)
            if (inspect.isfunction(each) or inspect.isclass(each)) and not name.startswith("_"):
                yield f"{module.__name__}.{name}"


def repo_review() -> tuple[int, int]:
    """Checks of the Scientific Python repository review that apply."""
    said = _run([installed("repo-review"), ".", "--format", "json"], fail=False).stdout
    results = {key: each["result"] for key, each in json.loads(said)["checks"].items()}
    for key in sorted(k for k, v in results.items() if v is False):
        print(f"  repo-review: {key}")
    held = [v for v in results.values() if v is not None]
    return sum(held), len(held)


def pyroma() -> tuple[int, int]:
    """Points of ten for the metadata of the package."""
    said = _run([installed("pyroma"), "."], fail=False)
    points, full = re.search(r"rating: (\d+)/(\d+)", said.stdout + said.stderr).groups()
    return int(points), int(full)


CALLS: dict[str, Callable[[], tuple[int, int]]] = {
    "papermill": papermill,
    "nbmake": nbmake,
    "nbval": nbval,
    "frictionless": frictionless,
    "data-dict": data_dict,
    "mlcroissant": croissant,
    "axe": axe,
    "lighthouse": lighthouse,
    "deptry": deptry,
    "reuse": reuse,
    "numpydoc": numpydoc,
    "repo-review": repo_review,
    "pyroma": pyroma,
}


def row(name: str, mark: tuple[int, int] | str) -> str:
    """A row of the table: judge, what is counted, mark, and why it is not the full one."""
    judge = JUDGES[name]
    if isinstance(mark, str):
        return f"| {judge['title']} | {judge['counts']} | not heard | {mark} |"
    got, full = mark
    reason = "" if got == full else judge.get("reason", "")
    return f"| {judge['title']} | {judge['counts']} | {got} of {full} | {reason} |"


def judged(names: list[str]) -> tuple[dict[str, str], list[str]]:
    """A row per judge, and those whose mark fell behind."""
    rows, behind = {}, []
    for name in names:
        print(f"{name} ...", flush=True)
        try:
            mark: tuple[int, int] | str = CALLS[name]()
        except Lacking as why:
            mark = str(why)
        except Exception as error:  # a tool of others that changed its output is no fault here
            mark = f"its output was not understood: {type(error).__name__}: {error}"[:200]
        rows[name] = row(name, mark)
        if not isinstance(mark, str) and mark[1] - mark[0] > JUDGES[name].get("short", 0):
            behind.append(name)
    return rows, behind


def write(rows: dict[str, str]) -> None:
    """Put the new rows into the page, and keep the others."""
    before, rest = PAGE.read_text(encoding="utf-8").split("<!-- marks -->\n")
    table, after = rest.split("<!-- / -->", 1)
    old = {line.split("|")[1].strip(): line for line in table.splitlines()[2:] if line}
    new = [
        rows.get(name) or old.get(judge["title"]) or row(name, "not run yet")
        for name, judge in JUDGES.items()
    ]
    head = "| judge | what is counted | mark | why not all |\n| --- | --- | --- | --- |\n"
    text = f"{before}<!-- marks -->\n{head}" + "\n".join(new) + f"\n<!-- / -->{after}"
    PAGE.write_text(text, encoding="utf-8", newline="\n")


def main(argv: list[str] | None = None) -> int:
    """Run the command line."""
    global SITE
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--only", help="names, with commas")
    parser.add_argument("--site", type=Path, default=SITE)
    parser.add_argument("--write", action="store_true", help="renew docs/outside.md")
    asked = parser.parse_args(argv)
    SITE = asked.site.resolve()
    names = asked.only.split(",") if asked.only else list(JUDGES)
    if unknown := set(names) - set(JUDGES):
        parser.error(f"no such judge: {', '.join(sorted(unknown))}; there are {', '.join(JUDGES)}")
    rows, behind = judged(names)
    print("\n| judge | what is counted | mark | why not all |\n| --- | --- | --- | --- |")
    print(*rows.values(), sep="\n")
    if asked.write:
        write(rows)
    for name in behind:
        print(f"{name} is further behind than tools/outside.toml allows", file=sys.stderr)
    return int(bool(behind))


if __name__ == "__main__":
    sys.exit(main())
