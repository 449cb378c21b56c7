# SPDX-License-Identifier: MIT
"""Lessons: masters, numbers of one's own for each student, public checks."""

from minelib.lessons.judge import Judgement, judge
from minelib.lessons.key import key
from minelib.lessons.make import make
from minelib.lessons.master import lesson, lesson_numbers, lessons_folder
from minelib.lessons.parameters import draws, parameters
from minelib.lessons.reference import right, usual_mistakes
from minelib.lessons.student import Checks, start
from minelib.text import LANGUAGES

__all__ = [
    "LANGUAGES",
    "Checks",
    "Judgement",
    "draws",
    "judge",
    "key",
    "lesson",
    "lesson_numbers",
    "lessons_folder",
    "make",
    "parameters",
    "right",
    "start",
    "usual_mistakes",
]
