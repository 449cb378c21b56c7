# SPDX-License-Identifier: MIT
"""Judge answers: run the checks of a master, and recognise the usual mistakes."""

from dataclasses import dataclass, field
from types import SimpleNamespace

from minelib import words
from minelib.checks import language
from minelib.lessons import checks
from minelib.lessons.compare import agree
from minelib.lessons.master import lesson
from minelib.lessons.parameters import parameters
from minelib.lessons.reference import right, usual_mistakes
from minelib.words import gettext as _

__all__ = ["Judgement", "judge"]


@dataclass
class Judgement:
    """What came out of the checks of one exercise."""

    exercise: str
    points: float
    out_of: float
    passed: int = 0
    checks: int = 0
    messages: list = field(default_factory=list)

    @property
    def ok(self):
        """Whether every check that ran has passed."""
        return self.passed == self.checks


def judge(number, exercise, answers, student="", draws=None, lang=None, hidden=True):
    """Run the checks of one exercise.

    Parameters
    ----------
    number : str or int
        Of the lesson.
    exercise : str
    answers : dict
        The student's names; ``__names__`` may list all names there were.
    student : str
    draws : str or None
        File or folder with parameters.
    lang : str or None
        Of the messages.
    hidden : bool
        Whether to run the checks that only the grading runs too.

    Returns
    -------
    Judgement
        All points when every check passes, else none.
    """
    task = lesson(number).exercise(exercise)
    who = SimpleNamespace(number=str(number), student=student, draws=draws)
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
                result.passed += 1
            except checks.CheckFailed as error:
                result.messages.append(str(error))
                break  # one sentence is enough; later checks build on earlier ones
            except Exception as error:  # an answer no check foresaw must not stop the grading
                name = type(error).__name__
                result.messages.append(
                    _("The answer could not be checked ({error}).").format(error=name)
                )
                break
        if not result.ok or not hidden:
            hint = _hint(who, task, answers)
            if hint:
                result.messages.append(_(hint))
                result.checks += result.ok  # a known mistake passes no public check
    finally:
        words.use(before)
    result.points = task.points if result.ok else 0.0
    return result


def _function(source):
    names = {}
    exec(compile(source, "<check>", "exec"), names)
    return next(f for n, f in names.items() if n.startswith("test") and callable(f))


def _hint(who, task, answers):
    """The hint of the usual mistake these answers are, if they are one."""
    given = {name: answers.get(name) for name in task.answers}
    if any(value is None or value is Ellipsis for value in given.values()):
        return None
    place = (who.number, who.student, who.draws)
    try:
        solution = right(*place)
        if all(_agree(given[name], solution[name]) for name in given):
            return None
        for hint, wrong in usual_mistakes(who.number, task.name, who.student, who.draws):
            if all(_agree(given[name], wrong[name]) for name in given):
                return hint
    except Exception:  # a hint is a courtesy: without one the verdict stands
        return None
    return None


def _agree(value, other):
    try:
        return bool(agree(value, other))
    except Exception:
        return False
