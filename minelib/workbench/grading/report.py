# SPDX-License-Identifier: MIT
"""What a class gets: a table for the teacher, a page for each student, a log that loses nothing."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from minelib import html
from minelib.checks.door import Lang
from minelib.lessons.master import lesson
from minelib.words import gettext as _, number
from minelib.workbench.grading.book import chosen
from minelib.workbench.grading.files import LOG, append, line_of, logged, write, write_csv
from minelib.workbench.grading.free import Marks
from minelib.workbench.grading.result import PAGE, STATUSES, Result, plain, says, sentence

_COLUMNS = ("student", "name", "file", "lesson", "status", "points", "out_of")


@dataclass
class Report:
    """Files of one lesson in the output folder, brought up to date after every submission.

    Parameters
    ----------
    folder : pathlib.Path
    lang : str or None
        Of the table; a student's page is in the language of the notebook.
    progress : callable or None
        Called with each result.
    counts : {"best", "last"}
        Which attempt of a student.
    right_answers : bool
        Whether pages show what is right.
    """

    folder: Path
    lang: Lang | None = None
    progress: Callable | None = None
    counts: str = "best"
    right_answers: bool = False
    results: dict[str, Result] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.log, self.marks = self.folder / LOG, Marks(self.folder.parent)
        (self.folder / "feedback").mkdir(parents=True, exist_ok=True)

    def earlier(self) -> dict[str, Result]:
        """Results of an earlier run, by file name; broken lines are passed over."""
        return logged(self.log)

    def add(self, result: Result) -> None:
        """Keep one result: the log line is on the disk before anything else happens."""
        append(self.log, line_of(result))
        self.keep(result)

    def keep(self, result: Result) -> None:
        """Take a result into table and pages."""
        self.results[result.file or f"({result.student})"] = result
        self.show(result.who)
        if self.progress:
            self.progress(result)

    def show(self, who: str) -> None:
        """Write the page of a student and the table anew."""
        (counted,) = chosen([r for r in self.results.values() if r.who == who], self.counts)
        page = _page(self.marks.applied(counted), self.right_answers)
        write(self.folder / "feedback" / _page_name(counted), page)
        self.write_table()

    def close(self) -> None:
        """Keep in the log what there is now, and no more."""
        self.write_table()
        write(self.log, "".join(line_of(result) + "\n" for result in self.results.values()))

    def in_order(self) -> list[Result]:
        """The results so far that count, one a student, by student and file, with their marks."""
        results = map(self.marks.applied, chosen(self.results.values(), self.counts))
        return sorted(results, key=lambda r: (r.student.casefold(), r.file))

    def write_table(self) -> None:
        """Write the table anew; readable for spreadsheets."""
        results = self.in_order()
        columns = list(lesson(results[0].lesson).exercises) if results else []
        rows = [[*_COLUMNS, *columns, "note"]]
        for r in results:
            own = [getattr(r, name) for name in _COLUMNS]
            points = [r.exercises.get(q, {}).get("points") for q in columns]
            rows.append([*own, *points, " ".join(sentence(n, self.lang) for n in r.notes)])
        write_csv(self.folder / "grades.csv", rows)


def _page_name(result):
    """Where a page lies: by the student's id; where none is known, as the file lies."""
    *folders, name = [result.student] if result.known else result.file.split("/")
    return Path(*map(_file_name, folders), f"{_file_name(name)}.html")


def _file_name(name):
    """A name that every system takes; what is changed or cut gets a digest beside it."""
    fit = re.sub(r'[\\/:*?"<>|]|[ .]$|^\.', "_", plain(name))
    fit = fit.encode()[:200].decode("utf-8", "ignore") or "_"
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:6]
    return fit if fit == name else f"{fit} {digest}"


def _page(result, right_answers):
    lang = result.lang
    one, status = lesson(result.lesson), _(STATUSES[result.status], lang)
    points, out_of = (number(n, 0, lang) for n in (result.points, result.out_of))
    heads = ["exercise", "points", "own", *["right"] * right_answers, "checks"]
    rows = []
    for name, own in result.exercises.items():
        row = [one.exercise(name).title(lang), f"{own['points']:g} / {own['out_of']:g}"]
        row += [_named(own["own"])] + [_named(own["right"])] * right_answers
        rows.append([*row, html.paragraphs(_said(own, one, lang))])
    body = [
        html.paragraphs([plain(f"{result.student or result.file} {result.name}")]),
        html.render(
            "<p><strong>{{ status }}</strong></p>",
            status=says("status", lang, status=status, points=points, out_of=out_of),
        ),
        html.listed(sentence(note, lang) for note in result.notes),
        html.table([says(h, lang) for h in heads], rows, row_heads=True) if rows else "",
    ]
    title = says("title", lang, number=result.lesson, title=one.title(lang))
    return html.render(PAGE, lang=lang, title=title, body=html.markup("".join(body)))


def _named(answers):
    """Answers by name; one alone without its name."""
    if len(answers) == 1:
        return html.paragraphs(answers.values())
    return html.paragraphs(f"{name}: {value}" for name, value in answers.items())


def _said(own, one, lang):
    """What the page says about an exercise: the checks, and whose mistake it is."""
    said = [plain(" ".join(own["messages"]))] if own["messages"] else []
    if own.get("follows"):
        said.append(says("follows", lang, exercise=one.exercise(own["follows"]).title(lang)))
    return [*(said or [says("passed", lang)]), *own.get("marked", [])]
