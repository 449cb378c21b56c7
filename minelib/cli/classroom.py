# SPDX-License-Identifier: MIT
"""The commands for a class: make the notebooks of the lessons, grade what comes back."""

from minelib.cli.show import columns, pairs
from minelib.words import gettext as _
from minelib.words import number, use

__all__ = ["grade_command", "lessons_command"]


def lessons_command(numbers, students, lang, output, parameters, answers):
    """``minelib lessons``."""
    from minelib import lessons
    from minelib.workbench import lessons as making

    if lang:
        use(str(lang))
    if answers is not None:
        for n in numbers or lessons.lesson_numbers():
            _show_key(making.key(n, answers, parameters))
        return 0
    if output is None:
        rows = []
        for n in lessons.lesson_numbers():
            one = lessons.lesson(n)
            rows.append((n, one.title(), len(one.exercises), one.points))
        heads = [_("Lesson"), _("Title"), _("Exercises"), _("Points")]
        columns(heads, [(*r[:3], number(r[3], 0)) for r in rows], right=(2, 3), flexible=1)
        print("\n" + _("Write them for a class: minelib lessons --output FOLDER --class LIST"))
        return 0
    ids = making.read_class(students) if students else ()
    langs = [str(lang)] if lang else lessons.LANGUAGES
    written = making.make(numbers, output, ids, langs, parameters, progress=print)
    print(_("{count} notebooks in {folder}").format(count=number(len(written)), folder=output))
    return 0


def _show_key(found):
    print(found["title"])
    pairs([(f"  p.{name}", repr(value)) for name, value in found["parameters"].items()])
    for exercise in found["exercises"]:
        print(f"\n{exercise['title']}")
        pairs([(f"  {name}", value) for name, value in exercise["answers"].items()])
        for hint in exercise["mistakes"]:
            print(f"    ✗ {hint}")
    print()


def grade_command(folder, lesson, students, parameters, output, lang, workers, again, limits):
    """``minelib grade``."""
    from minelib.workbench import grading

    if lang:
        use(str(lang))

    def show(result):
        notes = " ".join(grading.sentence(note) for note in result.notes)
        who = f"{grading.plain(result.student)}  {number(result.points)}/{number(result.out_of)}"
        print(f"{who}  {_(grading.STATUSES[result.status])}  {notes}".rstrip())

    results = grading.grade(
        folder,
        lesson,
        output,
        students,
        parameters,
        str(lang) if lang else None,
        workers,
        again,
        {k: v for k, v in limits.items() if v is not None},
        show,
    )
    held = next((r.guards for r in results if r.guards), None)
    place = output or f"{folder}/graded"
    pairs(
        [
            (_("Table"), f"{place}/grades.csv"),
            (_("Feedback"), f"{place}/feedback/"),
            (_("Kept in by"), ", ".join(_(g) for g in [*(held or grading.guards())])),
        ]
    )
    return 1 if any(r.status == "failed" for r in results) else 0
