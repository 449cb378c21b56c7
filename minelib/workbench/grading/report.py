# SPDX-License-Identifier: MIT
"""What a class gets: a table for the teacher, a page for each student, a log that loses nothing."""

import contextlib
import csv
import hashlib
import io
import json
import os
import re
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from minelib import html
from minelib.checks.door import Lang
from minelib.lessons.master import lesson
from minelib.words import gettext as _
from minelib.words import number
from minelib.workbench.grading.result import STATUSES, Result, plain, sentence

__all__ = ["Report"]

_PAGE = """<!doctype html>
<html lang="{{ lang }}"><head><meta charset="utf-8"><title>{{ title }}</title><style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; vertical-align: top; padding: .4rem; border-bottom: 1px solid #ccc }
</style></head><body><h1>{{ title }}</h1>
<p>{{ status }}. <strong>{{ points }}</strong></p>{{ notes }}{{ exercises }}</body></html>
"""


class Report:
    """Files in the output folder, brought up to date after every submission.

    Parameters
    ----------
    folder : pathlib.Path
    lang : str or None
        Of the table; a student's page is in the language of the notebook.
    progress : callable or None
        Called with each result.
    """

    def __init__(self, folder: Path, lang: Lang | None = None, progress: Callable | None = None):
        self.folder, self.lang, self.progress = folder, lang, progress
        self.log = folder / "graded.jsonl"
        (folder / "feedback").mkdir(parents=True, exist_ok=True)
        self.results: dict[str, Result] = {}

    def earlier(self) -> dict[str, Result]:
        """Results of an earlier run, by file name; broken lines are passed over."""
        found = {}
        for line in self.log.read_bytes().splitlines() if self.log.is_file() else ():
            with contextlib.suppress(ValueError, TypeError):
                result = Result(**json.loads(line))
                found[result.file] = result
        return found

    def add(self, result: Result) -> None:
        """Keep one result: the log line is on the disk before anything else happens."""
        with self.log.open("ab+") as log:
            if log.tell():
                log.seek(-1, os.SEEK_END)
                if log.read() != b"\n":  # the power went within a line
                    log.write(b"\n")
            log.write(json.dumps(asdict(result)).encode() + b"\n")
            log.flush()
            os.fsync(log.fileno())
        self.keep(result)

    def keep(self, result: Result) -> None:
        """Take a result into table and pages."""
        self.results[result.file or f"({result.student})"] = result
        _write(self.folder / "feedback" / _page_name(result), _page(result))
        self.write_table()
        if self.progress:
            self.progress(result)

    def in_order(self) -> list[Result]:
        """The results so far, by student and file."""
        return sorted(self.results.values(), key=lambda r: (r.student.casefold(), r.file))

    def write_table(self) -> None:
        """Write the table anew; readable for spreadsheets."""
        results = self.in_order()
        exercises = [lesson(n).exercises for n in sorted({r.lesson for r in results if r.lesson})]
        columns = list(max(exercises, key=len, default=()))
        rows = [["student", "file", "lesson", "status", "points", "out_of", *columns, "note"]]
        for r in results:
            points = [r.points, r.out_of, *(r.exercises.get(q, {}).get("points") for q in columns)]
            note = " ".join(sentence(n, self.lang) for n in r.notes)
            own = ["" if value is None else f"{value:g}" for value in points]
            rows.append([_safe(v) for v in [r.student, r.file, r.lesson, r.status, *own, note]])
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerows(rows)
        _write(self.folder / "grades.csv", "\ufeff" + out.getvalue())


def _safe(text):
    """Text that no spreadsheet takes for a formula, on one line."""
    text = plain(text)
    risky = text[:1] in "=+-@" and not re.fullmatch(r"-?[\d.]+", text)
    return "'" + text if text and risky else text


def _write(path, text):
    """All or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.write_text(text, encoding="utf-8")
    os.replace(part, path)


def _page_name(result):
    """Where a page lies: as the file lies in the class folder, so that no two share a page."""
    *folders, name = (result.file or result.student).split("/")
    name = name[:-6] if name.lower().endswith(".ipynb") else name
    return Path(*map(_file_name, folders), f"{_file_name(name)}.html")


def _file_name(name):
    """A name that every system takes; what is changed or cut gets a digest beside it."""
    fit = re.sub(r'[\\:*?"<>|]|[ .]$', "_", plain(name))
    fit = fit.encode()[:200].decode("utf-8", "ignore") or "_"
    digest = hashlib.sha256(name.encode("utf-8", "surrogateescape")).hexdigest()[:6]
    return fit if fit == name else f"{fit} {digest}"


def _page(result):
    lang, total = result.lang, ""
    if result.out_of:
        points, out_of = (number(n, 0, lang) for n in (result.points, result.out_of))
        total = _("{points} of {out_of} points.", lang).format(points=points, out_of=out_of)
    heads = (_("Exercise", lang), _("Points", lang), _("What the checks say", lang))
    well = _("All checks passed, public and hidden.", lang)
    rows = [
        (name, f"{own['points']:g} / {own['out_of']:g}", plain(" ".join(own["messages"])) or well)
        for name, own in result.exercises.items()
    ]
    title = _("Lesson {number}: {student}", lang)
    return html.render(
        _PAGE,
        lang=lang,
        title=title.format(number=result.lesson, student=plain(result.student or result.file)),
        status=_(STATUSES[result.status], lang),
        points=total,
        notes=html.listed(sentence(note, lang) for note in result.notes),
        exercises=html.table(heads, rows, row_heads=True) if rows else "",
    )
