# SPDX-License-Identifier: MIT
"""Grade a class: submissions of strangers, run apart, judged on plain data."""

from minelib.checks.door import door
from minelib.workbench.grading.grade import LIMITS, grade
from minelib.workbench.grading.guard import guards
from minelib.workbench.grading.result import GUARDS, STATUSES, Result, plain, sentence

__all__ = ["GUARDS", "LIMITS", "STATUSES", "Result", "grade", "guards", "plain", "sentence"]

door(globals())
