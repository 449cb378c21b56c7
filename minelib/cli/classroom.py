# SPDX-License-Identifier: MIT
"""The commands for a class: make the notebooks of the lessons, grade what comes back."""

import asyncio
import contextlib
import webbrowser
from pathlib import Path
from typing import Annotated, Any, Literal

from minelib.cli.options import ClassList, Language, Own, told
from minelib.cli.show import columns, pairs
from minelib.words import gettext as _, number


def lessons(
    numbers: Annotated[list[str] | None, told("lessons")] = None,
    output: Annotated[Path | None, told("handout")] = None,
    students: ClassList = None,
    parameters: Own = None,
    answers: Annotated[str | None, told("answers")] = None,
    slides: Annotated[bool, told("slides")] = False,
    lang: Language = None,
) -> int:
    """List the lessons, write their notebooks or lectures, or show the answers."""
    from minelib import lessons
    from minelib.workbench import lectures, lessons as making

    langs = [lang] if lang else lessons.LANGUAGES
    if answers is not None:
        for n in numbers or lessons.lesson_numbers():
            _show_answers(making.answer_key(n, answers, parameters))
    elif slides:
        lectures.make(numbers, output or "lectures", langs, progress=print)
    elif output is None:
        every = map(lessons.lesson, lessons.lesson_numbers())
        rows = [(e.number, e.title(), len(e.exercises), number(e.points, 0)) for e in every]
        heads = [_("Lesson"), _("Title"), _("Exercises"), _("Points")]
        columns(heads, rows, right=(2, 3), flexible=1)
        print("\n" + _("Write them for a class: minelib lessons --output FOLDER --class LIST"))
    else:
        found = making.read_class(students) if students else None
        if found:
            print(found.sentence())
        ids = list(found.names) if found else ()
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
    folder: Annotated[Path, told("submissions")],
    lesson: Annotated[list[str] | None, told("lesson")] = None,
    students: ClassList = None,
    parameters: Own = None,
    output: Annotated[Path | None, told("graded")] = None,
    lang: Language = None,
    workers: Annotated[int, told("graders")] = 2,
    again: Annotated[bool, told("again")] = False,
    seconds: Annotated[int | None, told("seconds")] = None,
    cell_seconds: Annotated[int | None, told("cell_seconds")] = None,
    memory_mb: Annotated[int | None, told("memory_mb")] = None,
    counts: Annotated[Literal["best", "last"], told("counts")] = "best",
    answers: Annotated[bool, told("answers_too")] = False,
    names: Annotated[bool, told("names")] = False,
    export: Annotated[tuple[str, Path] | None, told("export")] = None,
) -> int:
    """Grade a class folder: a table for you, a page for each student."""
    from minelib.workbench import grading
    from minelib.workbench.grading.book import Book
    from minelib.workbench.grading.export import export as fill_in
    from minelib.workbench.libraries import need

    need("IPython", "traitlets")

    def show(result):
        notes = " ".join(grading.sentence(note) for note in result.notes)
        who = f"{grading.plain(result.student)}  {number(result.points)}/{number(result.out_of)}"
        print(f"{who}  {_(grading.STATUSES[result.status])}  {notes}".rstrip())

    asked = {"seconds": seconds, "cell_seconds": cell_seconds, "memory_mb": memory_mb}
    limits = {name: value for name, value in asked.items() if value is not None}
    how: dict[str, Any] = {"workers": workers, "again": again, "limits": limits, "progress": show}
    how |= {"counts": counts, "right_answers": answers, "say": print, "names": names}
    every: list = []
    for one in lesson or (None,):
        every += grading.grade(folder, one, output, students, parameters, lang, **how)
    held = next((r.guards for r in every if r.guards), None) or grading.guards()
    place = output or folder / "graded"
    written = [(_("Gradebook"), f"{place}/gradebook.csv")]
    for number_ in dict.fromkeys(r.lesson for r in every):
        own = f"{place}/lesson-{number_}"
        written += [(_("Table"), f"{own}/grades.csv"), (_("Feedback"), f"{own}/feedback/")]
    written.append((_("The class"), f"{place}/class.html"))
    if export:
        file, said = fill_in(Book.read(place), *export, place, every[-1].lesson)
        written.append((_("Marks"), f"{file} {said}"))
    pairs([*written, (_("Kept in by"), ", ".join(_(grading.GUARDS.get(g, g)) for g in held))])
    return int(any(r.status == "failed" for r in every))


def marks(folder: Annotated[Path, told("class_graded")], lang: Language = None) -> int:
    """Mark answers in words in the browser: side by side, without names."""
    from minelib.workbench.libraries import need

    need("tornado")
    from minelib.workbench.grading.desk import Desk, serve

    def say(address):
        print(_("Marking at {address} (Ctrl-C ends it)").format(address=address))
        webbrowser.open(address)

    desk = Desk(folder / "graded" if (folder / "graded").is_dir() else folder, lang)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(desk, say))
    return 0
