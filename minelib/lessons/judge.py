# SPDX-License-Identifier: MIT
"""Judge answers: run the checks of a master, and recognise the usual mistakes."""

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from minelib import words
from minelib.checks import language
from minelib.checks.alike import agree
from minelib.checks.door import Lang, Whole
from minelib.lessons.checks import CheckFailed
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
    messages : list of str
    sensible : bool
        Whether every check that ran has passed; the answer may still be a usual mistake.
    """

    exercise: str
    points: float
    out_of: float
    messages: list[str]
    sensible: bool = True

    @property
    def ok(self) -> bool:
        """Whether every check that ran has passed, and no usual mistake was known."""
        return not self.messages


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
    if task.figures:
        from minelib.display.picture import picture  # and with it matplotlib

        answers = {**answers, **{n: picture(answers[n]) for n in task.figures if n in answers}}
    who = SimpleNamespace(number=lesson(number).number, student=student, draws=draws)
    env = {**answers, "grader": who, "p": parameters(number, student, draws)}
    messages = []
    before = words.current()
    words.use(language(lang))
    try:
        try:  # one sentence is enough: later checks build on earlier ones
            for is_hidden, source in task.tests:
                if hidden or not is_hidden:
                    _function(source)(env)
        except CheckFailed as error:
            messages.append(str(error))
        except Exception as error:  # an answer no check foresaw must not stop the grading
            said = _("The answer could not be checked ({error}).")
            messages.append(said.format(error=type(error).__name__))
        sensible = not messages
        if messages or not hidden:
            with contextlib.suppress(Exception):  # a hint is a courtesy: the verdict stands
                if hint := _hint(who, task, answers):
                    messages.append(_(hint))
    finally:
        words.use(before)
    points = 0.0 if messages else task.points
    return Judgement(exercise, points, task.points, messages, sensible)


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
    with contextlib.suppress(Exception):
        return bool(agree(value, other))
    return False
