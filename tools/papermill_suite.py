# SPDX-License-Identifier: MIT
"""papermill's own tests with the engine ``minelib`` as its default, beside papermill's own engine.

    pip download --no-deps --no-binary papermill papermill==2.7.0
    python tools/papermill_suite.py papermill-2.7.0.tar.gz

Takes the source distribution of the papermill that is installed. Prints how many tests pass with
each engine, and which with neither (those of cloud storage want libraries that papermill names in
``requirements/dev.txt``; PYTHONPATH may lead to them). Exit code 1 when a test passes with
papermill's engine and not with ours.
"""

import argparse
import os
import subprocess
import sys
import tarfile
import tempfile
from importlib.metadata import version
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parents[1]
_PLUGIN = """
from papermill.engines import papermill_engines
from minelib.workbench.runs.engine import Engine

papermill_engines.register(None, Engine)
"""


def outcomes(folder, *words, python=sys.executable):
    """Each test that pytest, without our settings, finds in a folder: passed, failed or skipped."""
    with tempfile.TemporaryDirectory() as place:
        report = Path(place) / "report.xml"
        own = ["-q", "-c", os.devnull, "-p", "no:cacheprovider", "--continue-on-collection-errors"]
        path = [str(folder), str(ROOT), os.environ.get("PYTHONPATH")]
        done = subprocess.run(
            [python, "-m", "pytest", *own, f"--rootdir={folder}", f"--junit-xml={report}", *words],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, path))},
            capture_output=True,
            text=True,
        )
        if not report.exists():
            raise RuntimeError(f"pytest did not start: {(done.stdout + done.stderr)[-200:]}")
        cases = list(ElementTree.parse(report).iter("testcase"))
    found = {}
    for case in cases:
        kinds = {child.tag for child in case}
        state = "failed" if kinds & {"failure", "error"} else "skipped" if kinds else "passed"
        found[f"{case.get('classname')}::{case.get('name')}"] = state
    return found


def compared(archive, python=sys.executable):
    """The outcomes of papermill's tests with its own engine, and with ours."""
    with tempfile.TemporaryDirectory(prefix="minelib-papermill-") as folder:
        with tarfile.open(archive) as packed:
            packed.extractall(folder, filter="data")
        source = Path(folder, archive.name.removesuffix(".tar.gz"))
        (source / "minelib_as_default.py").write_text(_PLUGIN, encoding="utf-8")
        ours = ("-p", "minelib_as_default")
        return [
            outcomes(source, *plugin, "papermill/tests", python=python) for plugin in ((), ours)
        ]


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("archive", type=Path, help="papermill-VERSION.tar.gz")
    archive = parser.parse_args(arguments).archive
    name = f"papermill-{version('papermill')}.tar.gz"
    if archive.name != name or not archive.is_file():
        parser.error(f"{archive} is not there or not {name}, the one that is installed")
    theirs, ours = compared(archive)
    for engine, found in (("papermill's own engine", theirs), ("minelib's engine", ours)):
        count = list(found.values()).count
        skipped = f", {count('skipped')} skipped" if count("skipped") else ""
        print(f"{engine}: {count('passed')} of {len(found)} pass{skipped}")
    both = [test for test, state in theirs.items() if state == "failed" == ours.get(test)]
    print("with neither:", *both, sep="\n  ", end="\n" if both else "\n  none\n")
    lost = [test for test, state in theirs.items() if state == "passed" != ours.get(test)]
    print(*lost, sep="\n", end="\n" if lost else "")
    return int(bool(lost))


if __name__ == "__main__":
    sys.exit(main())
