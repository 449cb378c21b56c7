# SPDX-License-Identifier: MIT
"""What a student meets in the notebook: own parameters, and the public checks."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from minelib import html, words
from minelib.checks.door import Lang, Whole, checked
from minelib.lessons.judge import judge
from minelib.lessons.parameters import FILE, parameters
from minelib.words import gettext as _

__all__ = ["Checks", "start"]

_state = {"quiet": False}


def quiet() -> None:
    """Make the checks do nothing: while a class is graded they only cost time."""
    _state["quiet"] = True


class Parameters(SimpleNamespace):
    """The numbers of one student, as attributes; shown as a small table."""

    def __repr__(self):
        return "\n".join(f"p.{name} = {value!r}" for name, value in vars(self).items())

    def _repr_html_(self):
        rows = [
            (html.render("<code>p.{{ name }}</code>", name=name), repr(value))
            for name, value in vars(self).items()
        ]
        return html.table([], rows, caption=_("Your numbers"), row_heads=True)


@dataclass(frozen=True, repr=False)
class Outcome:
    """The outcome of the public checks of one exercise, for a notebook.

    Attributes
    ----------
    sentence : str
    messages : list of str
    ok : bool
    """

    sentence: str
    messages: list[str]
    ok: bool

    def __repr__(self):
        return "\n".join([self.sentence, *(f"- {m}" for m in self.messages)])

    def _repr_html_(self):
        said = html.paragraphs([f"{'✓' if self.ok else '✗'} {self.sentence}"])
        return said + html.listed(self.messages)


class Checks:
    """The public checks of a lesson.

    Parameters
    ----------
    number : str
        Of the lesson.
    student : str
        The student id.
    lang : {"en", "zh"}
    """

    @checked
    def __init__(self, number: str | Whole, student: str | Whole = "", lang: Lang = "en") -> None:
        self.number, self.student, self.lang = str(number), str(student), lang
        self.draws = FILE if Path(FILE).is_file() else None
        self.parameters = Parameters(**vars(parameters(self.number, self.student, self.draws)))
        words.use(lang)

    @checked
    def check(self, exercise: str, answers: Mapping[str, Any] | None = None) -> Outcome | None:
        """Run the public checks of one exercise on the variables of the notebook.

        Parameters
        ----------
        exercise : str
        answers : dict or None
            None for the variables of the cell that calls.

        Returns
        -------
        Outcome or None
        """
        if _state["quiet"]:
            return None
        if answers is None:
            answers = sys._getframe(2).f_globals  # beyond the check of the types
        names = {n: v for n, v in answers.items() if not n.startswith("_")}
        found = judge(
            self.number, exercise, names, self.student, self.draws, self.lang, hidden=False
        )
        sentence = _("{exercise}: a public check did not pass.", self.lang)
        if found.ok:
            sentence = _(
                "{exercise}: the public checks passed. They look at form and at usual "
                "mistakes; the grading also checks the value.",
                self.lang,
            )
        return Outcome(sentence.format(exercise=exercise), found.messages, found.ok)


def start(number: str | Whole, student: str | Whole = "", lang: Lang = "en") -> Checks:
    """Begin a lesson; the first lines of every lesson's notebook call it.

    Parameters
    ----------
    number : str or int
        Of the lesson.
    student : str
        The student id: decides the parameters. Empty: those of nobody.
    lang : {"en", "zh"}
        Of the checks.

    Raises
    ------
    UnknownName
        No such lesson or language.
    BadInput
        A ``parameters.toml`` beside the notebook that cannot be read.

    Examples
    --------
    >>> grader = start("1", "s01")
    >>> grader.check("q1", {})
    q1: a public check did not pass.
    - There is no variable rate_eh_s.
    """
    return Checks(number, student, lang)
