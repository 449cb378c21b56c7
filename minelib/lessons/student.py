# SPDX-License-Identifier: MIT
"""What a student meets in the notebook: own parameters, and the public checks."""

import html

from minelib import words
from minelib.checks import language
from minelib.lessons.judge import judge
from minelib.lessons.parameters import FILE, parameters
from minelib.words import gettext as _

__all__ = ["Checks", "start"]

_state = {"quiet": False}


def quiet(yes=True):
    """Make the checks do nothing: while a class is graded they only cost time."""
    _state["quiet"] = yes


class Parameters:
    """The numbers of one student, as attributes; shown as a small table."""

    def __init__(self, values):
        self.__dict__.update(vars(values))

    def __repr__(self):
        return "\n".join(f"p.{name} = {value!r}" for name, value in self.__dict__.items())

    def _repr_html_(self):
        rows = "".join(
            f'<tr><th scope="row"><code>p.{html.escape(n)}</code></th>'
            f"<td>{html.escape(repr(v))}</td></tr>"
            for n, v in self.__dict__.items()
        )
        return f"<table><caption>{html.escape(_('Your numbers'))}</caption>{rows}</table>"


class Outcome:
    """The outcome of the public checks of one exercise, for a notebook."""

    def __init__(self, sentence, messages, ok):
        self.sentence, self.messages, self.ok = sentence, messages, ok

    def __repr__(self):
        return "\n".join([self.sentence, *(f"- {m}" for m in self.messages)])

    def _repr_html_(self):
        mark = "✓" if self.ok else "✗"
        items = "".join(f"<li>{html.escape(m)}</li>" for m in self.messages)
        items = f"<ul>{items}</ul>" if items else ""
        return f"<p>{mark} {html.escape(self.sentence)}</p>{items}"


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

    def __init__(self, number, student="", lang="en"):
        self.number, self.student, self.lang = str(number), str(student), language(lang)
        self.draws = FILE if _has_own_file() else None
        self.parameters = Parameters(parameters(self.number, self.student, self.draws))
        words.use(lang)

    def check(self, exercise, answers=None):
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
            import sys

            answers = sys._getframe(1).f_globals
        names = {n: v for n, v in answers.items() if not n.startswith("_")}
        found = judge(
            self.number, exercise, names, self.student, self.draws, self.lang, hidden=False
        )
        if found.ok:
            sentence = _(
                "{exercise}: the public checks passed. They look at form and at usual "
                "mistakes; the grading also checks the value.",
                self.lang,
            )
        else:
            sentence = _("{exercise}: a public check did not pass.", self.lang)
        return Outcome(sentence.format(exercise=exercise), found.messages, found.ok)


def start(number, student="", lang="en"):
    """Begin a lesson; the first lines of every lesson's notebook call it.

    Examples
    --------
    >>> grader = start("1", "s01")
    >>> grader.check("q1", {})
    q1: a public check did not pass.
    - There is no variable rate_eh_s.
    """
    return Checks(number, student, lang)


def _has_own_file():
    from pathlib import Path

    return Path(FILE).is_file()
