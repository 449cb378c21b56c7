# SPDX-License-Identifier: MIT
"""The results of a class over all lessons: which count, and the gradebook."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from minelib.lessons.master import lesson, lesson_numbers
from minelib.lessons.parameters import id_key
from minelib.workbench.grading.files import LOG, logged, write
from minelib.workbench.grading.free import Marks
from minelib.workbench.grading.result import Result, refused

_HOW = "how.json"
# of several hand-ins of a student the one that counts: what was run before what could not be
_RANK = ("missing", "other_lesson", "not_a_notebook", "unreadable", "too_large", "empty", "failed")


@dataclass
class Book:
    """The gradebook of a class.

    Attributes
    ----------
    students : dict of (str, str)
        Id and name by `Result.who`, in the order of the class; then who is not in its list.
    lessons : dict of dict
        By lesson and student the result that counts, with the teacher's marks.
    how : dict
        How the class was graded: ``names``, ``counts``, ``right_answers``.
    """

    students: dict[str, tuple[str, str]]
    lessons: dict[str, dict[str, Result]]
    how: dict[str, Any]

    @classmethod
    def read(cls, folder: Path, how: Mapping[str, Any] | None = None) -> "Book":
        """The lessons graded in a folder.

        Parameters
        ----------
        folder : pathlib.Path
            Holds ``lesson-1`` and others.
        how : dict, optional
            As the attribute; kept in the folder. Without it, as it was kept.

        Raises
        ------
        BadInput
            Nothing was graded there.
        """
        if how is not None:
            write(folder / _HOW, json.dumps(how))
        elif not (folder / _HOW).is_file():
            raise refused("not_graded", folder=folder)
        kept = json.loads((folder / _HOW).read_text(encoding="utf-8"))
        marks = Marks(folder)
        by_lesson = {
            n: {r.who: marks.applied(r) for r in chosen(found.values(), kept["counts"]) if r.known}
            for n in lesson_numbers()
            if (found := logged(folder / f"lesson-{n}" / LOG))
        }
        students = {id_key(student): (student, name) for student, name in kept["names"].items()}
        strangers = {w: (r.student, r.name) for rs in by_lesson.values() for w, r in rs.items()}
        students |= {w: s for w, s in sorted(strangers.items()) if w not in students}
        return cls(students, by_lesson, kept)

    def out_of(self, number: str) -> float:
        """Points to be had in a lesson."""
        return max((r.out_of for r in self.lessons[number].values()), default=lesson(number).points)

    def rows(self) -> list[list]:
        """A row per student below the heads: points of every lesson, and their sum."""
        rows: list[list] = [["student", "name", *(f"lesson-{n}" for n in self.lessons)]]
        rows[0] += ["total", "out_of"]
        out_of = float(sum(map(self.out_of, self.lessons)))
        for who, own in self.students.items():
            results = [found.get(who) for found in self.lessons.values()]
            points = [r.points if r and r.handed_in else None for r in results]
            rows.append([*own, *points, float(sum(filter(None, points))), out_of])
        return rows


def chosen(results: Iterable[Result], counts: str) -> list[Result]:
    """The result that counts for each student, with a note that names the others."""
    groups: dict[str, list[Result]] = {}
    for result in results:
        groups.setdefault(result.who or result.file, []).append(result)
    found = []
    for attempts in groups.values():
        attempts.sort(key=lambda r: (_rank(r), r.points * (counts == "best"), r.when, r.file))
        best = attempts.pop()
        others = sorted(attempts, key=lambda r: r.when)
        tried = [r.file for r in others if _rank(r) == _rank(best)]
        left = [r.file for r in others if _rank(r) != _rank(best)]
        notes = list(best.notes)
        if tried:
            parts = {"count": len(tried) + 1, "file": best.file, "others": ", ".join(tried)}
            notes.append([f"attempts_{counts}", parts])
        if left:
            notes.append(["left_out", {"files": ", ".join(left)}])
        found.append(replace(best, notes=notes))
    return found


def _rank(result):
    return _RANK.index(result.status) if result.status in _RANK else len(_RANK)
