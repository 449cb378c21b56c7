# SPDX-License-Identifier: MIT
"""Judge answers: run the checks of a master, and recognise the usual mistakes."""

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from minelib import words
from minelib.checks import language
from minelib.checks.door import Lang, Whole
from minelib.lessons.checks import CheckFailed
from minelib.lessons.compare import agree
from minelib.lessons.master import lesson
from minelib.lessons.parameters import parameters
from minelib.lessons.reference import right, usual_mistakes
from minelib.words import gettext as _

__all__ = ["Judgement", "judge"]


@dataclass
class Judgement:
    """What came out of the checks of one exercise.

    Attributes
    ----------
    exercise : str
    points, out_of : float
    passed, checks : int
        How many checks passed, of those that ran.
    messages : list of str
    """

    exercise: str
    points: float
    out_of: float
    passed: int = 0
    checks: int = 0
    messages: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether every check that ran has passed."""
        return self.passed == self.checks


def judge(
    number: str | Whole,
    exercise: str,
    answers: Mapping[str, Any],
    student: str | Whole = "",
    draws: str | Path | None = None,
    lang: Lang | None = None,
    hidden: bool = True,
) -> Judgement:
    """Run the checks of one exercise.

    Parameters
    ----------
    number : str or int
        Of the lesson.
    exercise : str
    answers : dict
        The student's names; ``__names__`` may list all names there were.
    student : str
    draws : path-like or None
        File or folder with parameters.
    lang : {"en", "zh"} or None
        Of the messages.
    hidden : bool
        Whether to run the checks that only the grading runs too.

    Returns
    -------
    Judgement
        All points when every check passes, else none.

    Raises
    ------
    UnknownName
        No such lesson, exercise or language.

    Examples
    --------
    >>> judge("1", "q1", {"rate_eh_s": "85"}, lang="en").messages
    ['rate_eh_s is text: give a number, without quotes.']
    """
    task = lesson(number).exercise(exercise)
    who = SimpleNamespace(number=lesson(number).number, student=student, draws=draws)
    env = {**answers, "grader": who, "p": parameters(number, student, draws)}
    result = Judgement(exercise, 0.0, task.points)
    before = words.current()
    words.use(language(lang))
    try:
        for is_hidden, source in task.tests:
            if is_hidden and not hidden:
                continue
            result.checks += 1
            try:
                _function(source)(env)
            except CheckFailed as error:
                result.messages.append(str(error))
                break  # one sentence is enough; later checks build on earlier ones
            except Exception as error:  # an answer no check foresaw must not stop the grading
                said = _("The answer could not be checked ({error}).")
                result.messages.append(said.format(error=type(error).__name__))
                break
            result.passed += 1
        if not result.ok or not hidden:
            with contextlib.suppress(Exception):  # a hint is a courtesy: the verdict stands
                if hint := _hint(who, task, answers):
                    result.messages.append(_(hint))
                    result.checks += result.ok  # a known mistake passes no public check
    finally:
        words.use(before)
    result.points = task.points if result.ok else 0.0
    return result


def _function(source):
    names: dict[str, Any] = {}
    exec(compile(source, "<check>", "exec"), names)
    return next(f for n, f in names.items() if n.startswith("test") and callable(f))


def _hint(who, task, answers):
    """The hint of the usual mistake these answers are, if they are one."""
    given = {name: answers.get(name) for name in task.answers}
    if any(value is None or value is Ellipsis for value in given.values()):
        return None

    def are(others):
        return all(_agree(given[name], others[name]) for name in given)

    if are(right(who.number, who.student, who.draws)):
        return None
    wrong = usual_mistakes(who.number, task.name, who.student, who.draws)
    return next((hint for hint, others in wrong if are(others)), None)


def _agree(value, other):
    try:
        return bool(agree(value, other))
    except Exception:
        return False
