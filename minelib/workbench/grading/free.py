# SPDX-License-Identifier: MIT
"""Answers in words: the levels they are marked by, and the marks that the teacher has given.

A mark belongs to a text: another attempt with another text has none. Its points come on top of
those of the checks, and a question counts for the class once its marking has begun.
"""

import contextlib
import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

from minelib.checks.door import Lang
from minelib.lessons.master import lesson
from minelib.lessons.reference import right
from minelib.lessons.rubrics import Level, Rubric, rubrics
from minelib.workbench.grading.files import append
from minelib.workbench.grading.result import Result, says

_PLAIN = tuple(Level(float(points), "", "") for points in range(4))  # without a rubric


@cache
def questions(number: str, lang: Lang) -> Mapping[str, Rubric]:
    """The questions of a lesson that are answered in words, by the name of the answer.

    Parameters
    ----------
    number : str
    lang : {"en", "zh"}
    """
    known, found = right(number), rubrics(number, lang)
    for task in lesson(number).exercises.values():
        for answer in (a for a in task.answers if a.startswith("my_") and a not in found):
            if isinstance(known[answer], str) and known[answer].count(" ") > 5:
                found[answer] = Rubric(answer, task.name, task.title(lang), _PLAIN)
    return found


class Marks:
    """The teacher's marks of a class, in ``marks.jsonl``; the last line about a text counts.

    Parameters
    ----------
    folder : pathlib.Path
        The output folder of the grading.
    """

    def __init__(self, folder: Path):
        self._path = folder / "marks.jsonl"
        self._given: dict[tuple[str, ...], float | None] = {}
        for line in self._path.read_bytes().splitlines() if self._path.is_file() else ():
            with contextlib.suppress(ValueError, TypeError):  # torn when the power went
                number, answer, who, text, points = json.loads(line)
                self._given[number, answer, who, text] = points

    def give(self, result: Result, question: Rubric, points: float | None) -> None:
        """Keep a mark, on the disk before this returns; None takes it back."""
        key = self._key(result, question)
        append(self._path, json.dumps([*key, points]))
        self._given[key] = points

    def of(self, result: Result, question: Rubric) -> float | None:
        """The points for the text in a result, or None."""
        return self._given.get(self._key(result, question))

    def begun(self, number: str) -> set[str]:
        """Answers of a lesson that somebody has a mark for."""
        return {k[1] for k, points in self._given.items() if k[0] == number and points is not None}

    def applied(self, result: Result) -> Result:
        """The result with its marks: points and levels, by exercise and in sum."""
        if not (begun := self.begun(result.lesson)):
            return result
        counted = [q for q in questions(result.lesson, result.lang).values() if q.answer in begun]
        exercises = {name: {**own} for name, own in result.exercises.items()}
        gained = 0.0
        for question in counted:
            points = self.of(result, question) if text_of(result, question) else None
            gained += points or 0
            if own := exercises.get(question.exercise):
                own["points"] += points or 0
                own["out_of"] += question.out_of
                own["marked"] = [*own.get("marked", []), _said(question, points, result.lang)]
        most = result.out_of + sum(question.out_of for question in counted)
        return replace(result, points=result.points + gained, out_of=most, exercises=exercises)

    def _key(self, result, question):
        digest = hashlib.sha256(text_of(result, question).encode()).hexdigest()[:16]
        return result.lesson, question.answer, result.who or result.file, digest


def text_of(result: Result, question: Rubric) -> str:
    """What was answered; empty when nothing was."""
    return result.exercises.get(question.exercise, {}).get("own", {}).get(question.answer, "")


def _said(question, points, lang):
    key = "unmarked" if points is None else "marked"
    told = {level.points: level.says for level in question.levels}.get(points, "")
    return f"{says(key, lang, points=points, out_of=question.out_of)} {told}".strip()
