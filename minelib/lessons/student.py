# SPDX-License-Identifier: MIT
"""What a student meets in the notebook: own parameters, and the public checks."""

import hashlib
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from minelib import html, words
from minelib.checks.door import Lang, Whole, checked
from minelib.declared import sentences
from minelib.lessons.judge import judge
from minelib.lessons.master import lesson
from minelib.lessons.parameters import FILE, id_key, parameters

__all__ = ["Checks", "fingerprint", "start"]

_say = sentences(__file__)
_state: dict[str, Any] = {"quiet": False, "drawn": [], "shown": {}}


def quiet() -> None:
    """Make the checks do nothing: while a class is graded they only cost time."""
    _state["quiet"] = True


def look(cell: Any = None) -> None:
    """Note the figures that a cell has drawn: of pyplot, what `finish` finished last, and the Plot
    of seaborn that it shows as its result, which pyplot never hears of.
    """
    if "seaborn.objects" in sys.modules:
        from seaborn.objects import Plot

        _state["drawn"] += [r for r in [getattr(cell, "result", None)] if isinstance(r, Plot)]
    if "matplotlib.pyplot" not in sys.modules:
        return
    from matplotlib._pylab_helpers import Gcf

    from minelib.display import Finished

    found = [manager.canvas.figure for manager in Gcf.get_all_fig_managers()]
    found += [Finished.latest.figure] if Finished.latest else []
    for figure in found:
        if not hasattr(figure, "_minelib_noted"):
            figure._minelib_noted = True
            _state["drawn"].append(figure)


def shown(exercise: str) -> list:
    """The figures drawn before the check of an exercise, after the check before it."""
    return _state["shown"].get(exercise, [])


def _listen():
    """Look at every cell before pyplot closes what it drew."""
    python = sys.modules.get("IPython")
    shell = python.get_ipython() if python else None
    if shell and look not in shell.events.callbacks["post_execute"]:
        shell.events.callbacks["post_execute"].insert(0, look)
        shell.events.register("post_run_cell", look)


def fingerprint(student: str | Whole) -> str:
    """A few letters that tell whether an id is one that is known, without naming it.

    Examples
    --------
    >>> fingerprint("S\uff10\uff11") == fingerprint("s01"), len(fingerprint("s01"))
    (True, 5)
    """
    return hashlib.sha256(id_key(student).encode("utf-8", "surrogatepass")).hexdigest()[:5]


class Parameters(SimpleNamespace):
    """The numbers of one student, as attributes; shown as a small table with whose they are."""

    __slots__ = ("_whose",)

    def __init__(self, whose: Sequence[str], **own: Any) -> None:
        self._whose = whose
        super().__init__(**own)

    def __repr__(self):
        return "\n".join([*self._whose, *(f"p.{n} = {v!r}" for n, v in vars(self).items())])

    def _repr_html_(self):
        rows = [
            (html.render("<code>p.{{ name }}</code>", name=name), repr(value))
            for name, value in vars(self).items()
        ]
        whose, *warning = self._whose
        return html.table([], rows, caption=whose, row_heads=True) + html.paragraphs(warning)


def _whose(student, lang, known):
    """Whose numbers these are; a second sentence when that cannot be right."""
    if not id_key(student):
        return [_say("nobody", lang), _say("no_id", lang)]
    said = [_say("whose", lang, student=student.strip())]
    if known and fingerprint(student) not in known.split():
        said.append(_say("unknown_id", lang))
    return said


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
    known : str
        Fingerprints of the ids that the notebook was made for, with spaces between; empty for any.
    """

    @checked
    def __init__(
        self, number: str | Whole, student: str | Whole = "", lang: Lang = "en", known: str = ""
    ) -> None:
        self.number, self.student, self.lang = str(number), str(student), lang
        self.draws = FILE if Path(FILE).is_file() else None
        own = vars(parameters(self.number, self.student, self.draws))
        self.parameters = Parameters(_whose(self.student, lang, known), **own)
        words.use(lang)
        _listen()

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
        drawn, _state["drawn"] = _state["drawn"], []
        if drawn:
            _state["shown"][exercise] = drawn
        if _state["quiet"]:
            return None
        if answers is None:
            answers = sys._getframe(2).f_globals  # beyond the check of the types
        names = {n: v for n, v in answers.items() if not n.startswith("_")}
        for name in lesson(self.number).exercise(exercise).figures:
            if names.get(name, ...) is ... and shown(exercise):
                names[name] = shown(exercise)
        found = judge(
            self.number, exercise, names, self.student, self.draws, self.lang, hidden=False
        )
        sentence = _say("passed" if found.ok else "not_passed", self.lang, exercise=exercise)
        return Outcome(sentence, found.messages, found.ok)


def start(
    number: str | Whole, student: str | Whole = "", lang: Lang = "en", known: str = ""
) -> Checks:
    """Begin a lesson; the first lines of every lesson's notebook call it.

    Parameters
    ----------
    number : str or int
        Of the lesson.
    student : str
        The student id: decides the parameters. Empty: those of nobody.
    lang : {"en", "zh"}
        Of the checks.
    known : str
        Fingerprints of the ids that the notebook was made for; another id is told in the notebook.

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
    return Checks(number, student, lang, known)
