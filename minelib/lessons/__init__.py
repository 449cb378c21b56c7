# SPDX-License-Identifier: MIT
"""Lessons: masters, numbers of one's own for each student, public checks."""

from minelib.checks.door import door
from minelib.lessons.judge import Judgement, judge
from minelib.lessons.master import lesson, lesson_numbers, lessons_folder
from minelib.lessons.parameters import draws, id_key, parameters
from minelib.lessons.reference import right, usual_mistakes
from minelib.lessons.rubrics import Rubric, rubrics
from minelib.lessons.student import Checks, start
from minelib.lessons.texts import given
from minelib.lessons.values import check_draws
from minelib.words import LANGUAGES

__all__ = [
    "LANGUAGES",
    "Checks",
    "Judgement",
    "Rubric",
    "check_draws",
    "draws",
    "given",
    "id_key",
    "judge",
    "lesson",
    "lesson_numbers",
    "lessons_folder",
    "parameters",
    "right",
    "rubrics",
    "start",
    "usual_mistakes",
]

door(globals())
