# SPDX-License-Identifier: MIT
"""A lecture for each lesson: slides with notes for the speaker, and one page to print.

Both come from one notebook of ``notebooks/lectures``, run anew for each language. Its cells say
what they are as Jupyter's slide shows do (``slideshow.slide_type``); cells tagged ``handout`` make
the page. Each file is whole: reveal.js, font and figures are in it, and nothing is fetched.
"""

import base64
import contextlib
import itertools
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from minelib.checks import language
from minelib.checks.door import Names, Numbers, door
from minelib.declared import declared, sentences
from minelib.errors import RunFailed, UnknownName
from minelib.lessons.master import lesson, lessons_folder
from minelib.words import LANGUAGES
from minelib.workbench.libraries import need
from minelib.workbench.runs.folders import writing
from minelib.workbench.runs.main import LIBRARIES
from minelib.workbench.runs.pool import run_jobs, workers_for

__all__ = ["browser", "lectures", "make"]

_DECLARED = declared(__file__)
_say = sentences(__file__)
_FONT = Path(__file__).parents[1] / "style" / "fonts" / "MinelibSansSC-used.woff2"
_SECONDS = 120  # for a lecture to run, and for a browser to print a page


def lectures() -> dict[str, Path]:
    """The notebooks of the lectures, by the number of the lesson.

    Examples
    --------
    >>> lectures()["1"].name
    'lecture-1-noise.ipynb'
    """
    found = sorted(lessons_folder().with_name("lectures").glob("lecture-*.ipynb"))
    return {path.name.split("-")[1]: path for path in found}


def make(
    numbers: Names | Numbers | None = None,
    output: str | Path = "lectures",
    langs: Names = LANGUAGES,
    progress: Callable | None = None,
) -> list[Path]:
    """Write slides and handouts; where there is a browser that prints, as PDF too.

    Parameters
    ----------
    numbers : list of str or None
        Of lessons; None for all.
    output : path-like
        ``output/<lang>/lesson-1-slides.html`` and ``lesson-1-handout.html``.
    langs : sequence of str
    progress : callable or None
        Called with the name of each file that is written.

    Returns
    -------
    list of pathlib.Path

    Raises
    ------
    UnknownName
        A lesson or language there is not, or a lesson without a lecture.
    MinelibError
        A library is not installed, or the folder cannot be written.
    RunFailed
        A cell of a lecture failed.
    """
    need("nbconvert", "sphinx_revealjs", *LIBRARIES)
    wanted = [lesson(str(n)).number for n in numbers or lectures()]
    if alone := [number for number in wanted if number not in lectures()]:
        raise UnknownName("lecture", alone[0], lectures())
    jobs = list(itertools.product([language(each) for each in langs], wanted))
    written = []
    with writing(output), tempfile.TemporaryDirectory(prefix="minelib-lectures-") as scratch:
        for (lang, number), node in zip(jobs, _run(jobs, scratch), strict=True):
            folder = Path(output, lang)
            folder.mkdir(parents=True, exist_ok=True)
            title = lesson(number).title(lang)
            for kind, still in (("slides", "print"), ("handout", "handout")):
                page = folder / f"{_say(kind, lang, number=number)}.html"
                page.write_text(_page(node, kind, lang, title), "utf-8")
                pdf = _printed(_page(node, still, lang, title), page.with_suffix(".pdf"))
                for path in filter(Path.is_file, [page, pdf]):
                    written.append(path)
                    (progress or str)(f"{lang}/{path.name}")
    return written


def _run(jobs, scratch):
    """The lectures, with their figures and tables, by language and number; several at once."""
    specs = [
        {
            "path": str(lectures()[number]),
            "content": json.loads(lectures()[number].read_text(encoding="utf-8")),
            "record": {"notebook": "lecture", "lang": lang},
            "folder": f"{scratch}/{n}",
            "failed": f"{scratch}/failed-{n}",
            **{"given": {}, "tables": {}, "timeout": _SECONDS},
        }
        for n, (lang, number) in enumerate(jobs)
    ]

    def heard(index, message):
        result = message.get("result", {"status": "ok"})
        if result["status"] != "ok":
            raise RunFailed(f"{lectures()[jobs[index][1]].name}: {result['message']}")

    run_jobs(specs, workers_for(len(specs)), heard)
    import nbformat

    return [nbformat.read(f"{spec['folder']}/lecture.ipynb", 4) for spec in specs]


def _page(node, kind, lang, title):
    """One of the two pages, by nbconvert's exporter of slides and a template of ours."""
    import nbformat
    from nbconvert import SlidesExporter

    own = nbformat.from_dict({**node, "cells": [dict(cell) for cell in node.cells]})
    if kind == "handout":
        own.cells = [c for c in own.cells if "handout" in c.metadata.get("tags", [])]
        for cell in own.cells:
            cell.metadata.slideshow = {}
    (package,) = find_spec("sphinx_revealjs").submodule_search_locations
    reveal = Path(package, "_static", "revealjs")
    lecture = {**_DECLARED[kind], "lang": lang, "title": title}
    for part in ("style", "scripts"):
        lecture[part] = [(reveal / name).read_text(encoding="utf-8") for name in lecture[part]]
    lecture["font"] = base64.b64encode(_FONT.read_bytes()).decode()
    template = Path(__file__).with_suffix(".html").read_text(encoding="utf-8")
    exporter = SlidesExporter(raw_template=template, exclude_anchor_links=True)
    return exporter.from_notebook_node(own, resources={"lecture": lecture})[0]


def browser() -> str | None:
    """The program that can print a page here: Chromium, Chrome or Edge; None without one."""
    return next(filter(None, map(shutil.which, _DECLARED["browsers"])), None)


def _printed(text, pdf):
    """A page as PDF, which is there afterwards if there is a browser."""
    pdf.unlink(missing_ok=True)
    if program := browser():
        root = ["--no-sandbox"] if getattr(os, "geteuid", lambda: 1)() == 0 else []
        with tempfile.TemporaryDirectory(prefix="minelib-") as own:
            page = Path(own, "page.html")
            page.write_text(text, encoding="utf-8")
            command = [program, "--headless", "--disable-gpu", f"--user-data-dir={own}", *root]
            command += ["--no-pdf-header-footer", f"--print-to-pdf={pdf.resolve()}", page.as_uri()]
            with contextlib.suppress(subprocess.TimeoutExpired):
                subprocess.run(command, capture_output=True, timeout=_SECONDS)
    return pdf


door(globals())
