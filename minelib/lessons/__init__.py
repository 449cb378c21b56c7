# SPDX-License-Identifier: MIT
"""Lessons: masters, numbers of one's own for each student, public checks."""

from minelib.checks.door import door
from minelib.lessons.judge import Judgement, judge
from minelib.lessons.master import lesson, lesson_numbers, lessons_folder
from minelib.lessons.parameters import draws, parameters
from minelib.lessons.reference import right, usual_mistakes
from minelib.lessons.student import Checks, start
from minelib.words import LANGUAGES

__all__ = [
    "LANGUAGES",
    "Checks",
    "Judgement",
    "draws",
    "judge",
    "lesson",
    "lesson_numbers",
    "lessons_folder",
    "parameters",
    "right",
    "start",
    "usual_mistakes",
]

door(globals())
