# SPDX-License-Identifier: MIT
"""The checks that stand in the masters: each raises `CheckFailed` with a sentence that helps."""

import math

import pandas as pd

from minelib.errors import nearest
from minelib.lessons.compare import agree, as_date, as_number, as_series, guess, kind, single, word
from minelib.words import N_
from minelib.words import gettext as _

__all__ = [
    "CheckFailed",
    "among",
    "day",
    "names",
    "near",
    "number",
    "same",
    "series",
    "table",
    "text",
    "truth",
    "words",
]


# units that are words; symbols like EH/s are the same in every language
UNITS = (N_("percent"), N_("percentage points"), N_("percent a day"), N_("days"), N_("minutes"))


class CheckFailed(AssertionError):
    """An answer that does not pass, with the sentence for the student."""


def _given(env, name):
    value = env.get(name, None)
    if name not in env or value is None:
        own = [n for n in env.get("__names__", env) if not str(n).startswith("_")]
        close = nearest(name, [n for n in own if n not in _taken(env)], most=1)
        if name in env and value is None:
            sentence = _("{name} is None: the last step returned nothing.")
            raise CheckFailed(sentence.format(name=name))
        more = _(" There is {close}: rename it.").format(close=close[0]) if close else ""
        raise CheckFailed(_("There is no variable {name}.").format(name=name) + more)
    if value is Ellipsis:
        raise CheckFailed(
            _("{name} still has its three dots: put your answer there.").format(name=name)
        )
    if isinstance(value, Unreadable):
        raise CheckFailed(
            _("{name} is a {type}, which is no answer: give a value.").format(
                name=name, type=value.type
            )
        )
    return value


def _taken(env):
    """Names that belong to the lesson and are no misspelling of another."""
    from minelib.lessons.master import lesson

    tasks = lesson(env["grader"].number).exercises.values() if "grader" in env else ()
    given = {"ml", "np", "pd", "p", "grader", "student", "lang", "lessons"}
    return given | {answer for task in tasks for answer in task.answers}


class Unreadable:
    """Stands for an answer of a type that no exercise asks for."""

    def __init__(self, type_):
        self.type = type_


def number(env, name, low=None, high=None, unit=""):
    """The answer is one number, which is returned, within bounds that any sensible answer keeps.

    Both bounds are inclusive.
    """
    value = _given(env, name)
    found = as_number(value)
    if found is None:
        if kind(single(value)) == "text":
            raise CheckFailed(_("{name} is text: give a number, without quotes.").format(name=name))
        if kind(single(value)) == "span":
            raise CheckFailed(
                _("{name} is a span of time: give its days as a number (.days).").format(name=name)
            )
        raise CheckFailed(_("{name} must be one number.").format(name=name))
    if math.isnan(found) or math.isinf(found):
        raise CheckFailed(
            _("{name} is not a number (NaN or infinite): is there a gap or a zero in it?").format(
                name=name
            )
        )
    unit = f" {_(unit)}" if unit else ""
    if low is not None and found < low:
        raise CheckFailed(
            _(
                "{name} = {value:.6g} is too small to be sensible (below {bound:g}{unit}): "
                "look at the unit and the sign."
            ).format(name=name, value=found, bound=low, unit=unit)
        )
    if high is not None and found > high:
        raise CheckFailed(
            _(
                "{name} = {value:.6g} is too large to be sensible (above {bound:g}{unit}): "
                "look at the unit."
            ).format(name=name, value=found, bound=high, unit=unit)
        )
    return found


def day(env, name):
    """The answer is a date in any form."""
    if as_date(_given(env, name)) is None:
        raise CheckFailed(
            _("{name} must be a date, as a Timestamp or as text like 2021-07-03.").format(name=name)
        )


def text(env, name, choices=()):
    """The answer is text, one of the choices where there are any."""
    value = single(_given(env, name))
    if kind(value) != "text":
        raise CheckFailed(_("{name} must be text in quotes.").format(name=name))
    if choices and word(value) not in {word(c) for c in choices}:
        raise CheckFailed(
            _("{name} must be one of: {choices}.").format(name=name, choices=", ".join(choices))
        )


def truth(env, name):
    """The answer is True or False."""
    if kind(single(_given(env, name))) != "truth":
        raise CheckFailed(_("{name} must be True or False, without quotes.").format(name=name))


def series(env, name, length=None):
    """The answer is a row of numbers: a Series, a list, a dict, a table of one column."""
    found = as_series(_given(env, name))
    if found is None or not pd.api.types.is_numeric_dtype(found):
        raise CheckFailed(_("{name} must be a Series (or list) of numbers.").format(name=name))
    if length is not None and len(found) != length:
        raise CheckFailed(
            _("{name} has {count} values, {right} are expected.").format(
                name=name, count=len(found), right=length
            )
        )


def names(env, name, count=None):
    """The answer is a list of names."""
    value = _given(env, name)
    value = as_series(value) if kind(value) == "table" else value
    if kind(value) not in ("series", "set", "text"):
        raise CheckFailed(_("{name} must be a list of names.").format(name=name))
    value = value.replace("，", ",").split(",") if kind(value) == "text" else value
    if count is not None and len(value) != count:
        raise CheckFailed(
            _("{name} has {count} values, {right} are expected.").format(
                name=name, count=len(value), right=count
            )
        )


def table(env, name, columns=()):
    """The answer is a table with these columns."""
    value = _given(env, name)
    if kind(value) != "table":
        raise CheckFailed(_("{name} must be a table (DataFrame).").format(name=name))
    have = {word(c) for c in value.reset_index().columns}
    missing = [c for c in columns if word(c) not in have]
    if missing:
        raise CheckFailed(
            _("{name} has no column {columns}.").format(name=name, columns=", ".join(missing))
        )


def words(env, name, least=25):
    """The answer is a text of one's own: so many words, or twice as many Chinese characters."""
    value = single(_given(env, name))
    if kind(value) != "text":
        raise CheckFailed(_("{name} must be text in quotes.").format(name=name))
    han = sum("一" <= c <= "鿿" for c in value)
    spaced = {w.casefold() for w in value.split()}
    if han + 2 * len(spaced) < 2 * least:
        raise CheckFailed(
            _(
                "{name} is too short: write at least {least} words (or twice as many characters in "
                "Chinese), none of them only repeated."
            ).format(name=name, least=least)
        )


def same(env, *answers, rel=0.005, floor=1e-9):
    """The answers agree with the solution, run with this student's parameters."""
    from minelib.lessons.reference import right

    who = env["grader"]
    solution = right(who.number, who.student, who.draws)
    for name in answers:
        value = _given(env, name)
        if not agree(value, solution[name], rel, floor):
            sentence = _("{name} is not right.").format(name=name)
            more = guess(value, solution[name], rel)
            raise CheckFailed(f"{sentence} {more}".strip())


def near(env, name, wanted, rel=0.02):
    """The number agrees with one that follows from the student's own choices."""
    found = number(env, name)
    if abs(found - wanted) > abs(wanted) * rel:
        more = guess(found, wanted, rel)
        sentence = _("{name} = {value:.4g} does not follow from your own choice.")
        raise CheckFailed(f"{sentence.format(name=name, value=found)} {more}".strip())


def among(env, name, choices):
    """The answer is one of many keys, which is returned; the nearest are offered."""
    text(env, name)
    found = word(single(env[name]))
    known = {word(c): c for c in choices}
    if found not in known:
        close = nearest(found, choices)
        more = _(" Did you mean {names}?").format(names=", ".join(close)) if close else ""
        sentence = _("{name}: {value!r} is not known.").format(name=name, value=found)
        raise CheckFailed(sentence + more)
    return known[found]


def holds_order(env, low, high):
    """The first number is not above the second."""
    if as_number(env[low]) > as_number(env[high]):
        sentence = _("{low} is above {high}: are the two swapped?")
        raise CheckFailed(sentence.format(low=low, high=high))


def spans(env, low, high, *results):
    """The range of the student holds at least one result of the solution.

    ``mix_mt`` stands for the energy times the mix of places.
    """
    from minelib.lessons.reference import right

    who = env["grader"]
    solution = right(who.number, who.student, who.draws)
    wanted = []
    for name in results:
        if name == "mix_mt":
            wanted.append(solution["index_twh"] * solution["mix_g_kwh"] / 1_000)
        else:
            wanted.append(solution[name])
    low_value, high_value = number(env, low), number(env, high)
    if not any(low_value <= w <= high_value for w in wanted):
        raise CheckFailed(
            _(
                "The range from {low} to {high} holds none of your results: "
                "is it in million tonnes?"
            ).format(low=low, high=high)
        )
