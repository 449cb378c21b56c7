# SPDX-License-Identifier: MIT
"""The commands for a class: make the notebooks of the lessons, grade what comes back."""

from pathlib import Path
from typing import Annotated

import typer

from minelib.cli.options import ClassList, Language, Own, argument, option
from minelib.cli.show import columns, pairs
from minelib.words import gettext as _
from minelib.words import number

__all__ = ["grade", "lessons"]


def lessons(
    numbers: Annotated[list[str] | None, argument("Lessons; all without one.")] = None,
    output: Annotated[
        Path | None, option("-o", "--output", help="Write the notebooks here.")
    ] = None,
    students: ClassList = None,
    parameters: Own = None,
    answers: Annotated[
        str | None,
        option(metavar="STUDENT", help="Show this student's answers and usual mistakes."),
    ] = None,
    lang: Language = None,
) -> int:
    """List the lessons, write their notebooks for a class, or show the answers."""
    from minelib import lessons
    from minelib.workbench import lessons as making

    if answers is not None:
        for n in numbers or lessons.lesson_numbers():
            _show_answers(making.answer_key(n, answers, parameters))
    elif output is None:
        every = map(lessons.lesson, lessons.lesson_numbers())
        rows = [(e.number, e.title(), len(e.exercises), number(e.points, 0)) for e in every]
        heads = [_("Lesson"), _("Title"), _("Exercises"), _("Points")]
        columns(heads, rows, right=(2, 3), flexible=1)
        print("\n" + _("Write them for a class: minelib lessons --output FOLDER --class LIST"))
    else:
        ids = making.read_class(students) if students else ()
        langs = [lang] if lang else lessons.LANGUAGES
        written = making.make(numbers, output, ids, langs, parameters, progress=print)
        print(_("{count} notebooks in {folder}").format(count=number(len(written)), folder=output))
    return 0


def _show_answers(found):
    print(found["title"])
    pairs([(f"  p.{name}", repr(value)) for name, value in found["parameters"].items()])
    for exercise in found["exercises"]:
        print(f"\n{exercise['title']}")
        pairs([(f"  {name}", value) for name, value in exercise["answers"].items()])
        for hint in exercise["mistakes"]:
            print(f"    ✗ {hint}")
    print()


def grade(
    folder: Annotated[Path, typer.Argument(help="What the class has handed in.")],
    lesson: Annotated[str | None, option(help="Number; without it, what most hand in.")] = None,
    students: ClassList = None,
    parameters: Own = None,
    output: Annotated[Path | None, option("-o", "--output", help="Default FOLDER/graded.")] = None,
    lang: Language = None,
    workers: Annotated[int, typer.Option(min=1, help="Submissions at once.")] = 2,
    again: Annotated[bool, option("--again", help="Also what is graded already.")] = False,
    seconds: Annotated[int | None, option(min=1, help="For a notebook (30).")] = None,
    cell_seconds: Annotated[int | None, option(min=1, help="For a cell (8).")] = None,
    memory_mb: Annotated[int | None, option(min=100, help="For a notebook (1500).")] = None,
) -> int:
    """Grade a class folder: a table for you, a page for each student."""
    from minelib.workbench import grading
    from minelib.workbench.libraries import need

    need("IPython", "traitlets")

    def show(result):
        notes = " ".join(grading.sentence(note) for note in result.notes)
        who = f"{grading.plain(result.student)}  {number(result.points)}/{number(result.out_of)}"
        print(f"{who}  {_(grading.STATUSES[result.status])}  {notes}".rstrip())

    asked = {"seconds": seconds, "cell_seconds": cell_seconds, "memory_mb": memory_mb}
    limits = {name: value for name, value in asked.items() if value is not None}
    results = grading.grade(
        folder, lesson, output, students, parameters, lang, workers, again, limits, show
    )
    held = next((r.guards for r in results if r.guards), None) or grading.guards()
    place = output or f"{folder}/graded"
    written = [(_("Table"), f"{place}/grades.csv"), (_("Feedback"), f"{place}/feedback/")]
    pairs([*written, (_("Kept in by"), ", ".join(map(_, held)))])
    return int(any(r.status == "failed" for r in results))
