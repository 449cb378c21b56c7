# SPDX-License-Identifier: MIT
"""Small notebooks that follow the conventions of the real ones, and things that go wrong."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

STUDY = """
from minelib.studies.base import Language, Study, parameter


class {name}(Study):
    days: int = parameter(90, unit="days", ge=1, le=400, meaning="Days")
    lang: Language = parameter("en", meaning="Language")
"""
FIRST = '# Days\ndays = 90\n# Language\nlang = "en"'
SECOND = "import minelib as ml\n\nstudy = ml.studies.{name}(days=days, lang=lang)"
LAST = """import os
study.record("twice", study.days * 2, "days", lower=study.days, upper=study.days * 3, level=0.9,
             meaning="Twice the days")
study.record("process", os.getpid(), meaning="Process of the kernel")
study.finish()"""


def cell(number, kind, source, slug="small", tags=()):
    made = {"cell_type": kind, "id": f"{slug}-{number:02d}", "metadata": {}, "source": source}
    if tags:
        made["metadata"]["tags"] = list(tags)
    if kind == "code":
        made |= {"execution_count": None, "outputs": []}
    return made


def notebook(*cells):
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return {
        "cells": list(cells),
        "metadata": {"kernelspec": kernel},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


class House:
    """A folder of notebooks with their studies."""

    def __init__(self, root):
        self.root, self.output = root / "note books 笔记", root / "out puts 结果"
        (self.root / "studies").mkdir(parents=True)

    def add(self, slug="small", work="study.days", number=1, prose="# How long?"):
        """A notebook whose middle cell does ``work``. Returns its path."""
        name = slug.capitalize()
        (self.root / "studies" / f"{slug}.py").write_text(STUDY.format(name=name))
        content = notebook(
            cell(1, "markdown", prose, slug),
            cell(2, "code", FIRST, slug, ["parameters"]),
            cell(3, "code", SECOND.format(name=name), slug),
            cell(4, "markdown", "## The work", slug),
            cell(5, "code", work, slug),
            cell(6, "code", LAST, slug),
        )
        path = self.root / f"{number:02d}-{slug}.ipynb"
        path.write_text(json.dumps(content), encoding="utf-8")
        return path

    def run(self, *names, **options):
        from minelib.workbench import run_notebooks

        return run_notebooks(names, output=options.pop("output", self.output), **options)

    def minelib(self, *arguments, **options):
        """The command line, in a process of its own."""
        command = [sys.executable, "-m", "minelib.cli", *map(str, arguments)]
        return subprocess.run(
            command, capture_output=True, text=True, env=self.environment, timeout=600, **options
        )

    def start(self, *arguments, **options):
        """The same, not waited for; in a session of its own."""
        command = [sys.executable, "-m", "minelib.cli", *map(str, arguments)]
        return subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=self.environment,
            start_new_session=True,
            **options,
        )

    @property
    def environment(self):
        return {**os.environ, "MINELIB_NOTEBOOKS": str(self.root)}

    def processes(self):
        """Pids of every process that was started for these notebooks."""
        mark = f"MINELIB_NOTEBOOKS={self.root}".encode()
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if mark in (folder / "environ").read_bytes().split(b"\0"):
                    state = (folder / "stat").read_text().rpartition(")")[2].split()[0]
                    if state != "Z":
                        found.append(int(folder.name))
            except OSError:
                continue
        return [pid for pid in found if pid != os.getpid()]

    def wait_until_alone(self, seconds=200):
        """Wait until none of them is left; returns those that are."""
        deadline = time.monotonic() + seconds
        while self.processes() and time.monotonic() < deadline:
            time.sleep(0.05)
        return self.processes()


def wait_for(happened, seconds=600):
    """Wait until ``happened()`` is true."""
    deadline = time.monotonic() + seconds
    while not (result := happened()):
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)
    return result
