# SPDX-License-Identifier: MIT
"""How answers in words are marked: levels with an example each, read from ``rubrics.toml``."""

from dataclasses import dataclass

from minelib.checks import language
from minelib.checks.door import Lang, Whole
from minelib.lessons.master import held_beside, lesson

__all__ = ["Level", "Rubric", "rubrics"]


@dataclass(frozen=True)
class Level:
    """What a level asks for, and an answer of that level."""

    points: float
    says: str
    example: str


@dataclass(frozen=True)
class Rubric:
    """The levels of one answer in words, from the lowest on."""

    answer: str
    exercise: str
    question: str
    levels: tuple[Level, ...]

    @property
    def out_of(self) -> float:
        """Most points that it gives, beside those of the checks."""
        return max(level.points for level in self.levels)


def rubrics(number: str | Whole, lang: Lang | None = None) -> dict[str, Rubric]:
    """The rubrics of a lesson, by the name of the answer.

    Parameters
    ----------
    number : str or int
        Of the lesson.
    lang : {"en", "zh"} or None

    Returns
    -------
    dict of str to Rubric

    Raises
    ------
    UnknownName
        No such lesson or language.

    Examples
    --------
    >>> found = rubrics(1, "en")["my_reason"]
    >>> found.exercise, [level.points for level in found.levels]
    ('q8', [0, 1, 2, 3])
    """
    one, own = lesson(number), language(lang)
    places = {a: e.name for e in one.exercises.values() for a in [*e.answers, *e.whys]}
    found = {}
    for answer, told in held_beside("rubrics.toml").get(one.number, {}).items():
        levels = (Level(n["points"], n[f"says_{own}"], n[f"example_{own}"]) for n in told["levels"])
        found[answer] = Rubric(answer, places[answer], told[f"question_{own}"], tuple(levels))
    return found
