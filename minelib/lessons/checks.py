# SPDX-License-Identifier: MIT
"""The checks that stand in the masters: each raises `CheckFailed` with a sentence that helps."""

import math
from collections.abc import Collection, Mapping
from typing import Any, TypeAlias

from minelib.errors import nearest
from minelib.lessons import compare
from minelib.lessons.master import lesson
from minelib.lessons.reference import right
from minelib.words import N_
from minelib.words import gettext as _

Env: TypeAlias = Mapping[str, Any]

# units that are words; symbols like EH/s are the same in every language
UNITS = (N_("percent"), N_("percentage points"), N_("percent a day"), N_("days"), N_("minutes"))


class CheckFailed(AssertionError):
    """An answer that does not pass, with the sentence for the student."""


def _require(holds: object, sentence: str, name: str = "", **parts: Any) -> None:
    """Nothing when it holds; else the sentence for the student."""
    if not holds:
        raise CheckFailed(sentence.format(name=name, **parts))


def _given(env, name):
    value = env.get(name)
    if name not in env:
        own = [n for n in env.get("__names__", env) if not str(n).startswith("_")]
        close = nearest(name, [n for n in own if n not in _taken(env)], most=1)
        more = _(" There is {close}: rename it.").format(close=close[0]) if close else ""
        raise CheckFailed(_("There is no variable {name}.").format(name=name) + more)
    _require(value is not None, _("{name} is None: the last step returned nothing."), name)
    dots = _("{name} still has its three dots: put your answer there.")
    _require(value is not Ellipsis, dots, name)
    if isinstance(value, Unreadable):
        sentence = _("{name} is a {type}, which is no answer: give a value.")
        _require(False, sentence, name, type=value.type)
    return value


def _taken(env):
    """Names that belong to the lesson and are no misspelling of another."""
    answers = lesson(env["grader"].number).answers if "grader" in env else ()
    return {"ml", "np", "pd", "p", "grader", "student", "lang", "lessons", *answers}


class Unreadable:
    """Stands for an answer of a type that no exercise asks for."""

    def __init__(self, type_: str):
        self.type = type_


def number(
    env: Env, name: str, low: float | None = None, high: float | None = None, unit: str = ""
) -> float:
    """The answer is one number, which is returned, within bounds that any sensible answer keeps.

    Both bounds are inclusive.
    """
    value = _given(env, name)
    found, what = compare.as_number(value), compare.kind(compare.single(value))
    _require(what != "text", _("{name} is text: give a number, without quotes."), name)
    span = _("{name} is a span of time: give its days as a number (.days).")
    _require(what != "span", span, name)
    if found is None:
        raise CheckFailed(_("{name} must be one number.").format(name=name))
    gap = _("{name} is not a number (NaN or infinite): is there a gap or a zero in it?")
    _require(math.isfinite(found), gap, name)
    parts = {"value": found, "unit": f" {_(unit)}" if unit else ""}
    small = _(
        "{name} = {value:.6g} is too small to be sensible (below {bound:g}{unit}): "
        "look at the unit and the sign."
    )
    large = _(
        "{name} = {value:.6g} is too large to be sensible (above {bound:g}{unit}): "
        "look at the unit."
    )
    _require(low is None or found >= low, small, name, bound=low, **parts)
    _require(high is None or found <= high, large, name, bound=high, **parts)
    return found


def day(env: Env, name: str) -> None:
    """The answer is a date in any form."""
    sentence = _("{name} must be a date, as a Timestamp or as text like 2021-07-03.")
    _require(compare.as_date(_given(env, name)) is not None, sentence, name)


def text(env: Env, name: str, choices: Collection[str] = ()) -> str:
    """The answer is text, which is returned; one of the choices where there are any."""
    value = compare.single(_given(env, name))
    _require(compare.kind(value) == "text", _("{name} must be text in quotes."), name)
    known = not choices or compare.word(value) in map(compare.word, choices)
    _require(known, _("{name} must be one of: {choices}."), name, choices=", ".join(choices))
    return value


def truth(env: Env, name: str) -> None:
    """The answer is True or False."""
    found = compare.kind(compare.single(_given(env, name)))
    _require(found == "truth", _("{name} must be True or False, without quotes."), name)


def _length(name, value, wanted):
    sentence = _("{name} has {count} values, {right} are expected.")
    fits = wanted is None or len(value) == wanted
    _require(fits, sentence, name, count=len(value), right=wanted)


def series(env: Env, name: str, length: int | None = None) -> None:
    """The answer is a row of numbers: a Series, a list, a dict, a table of one column."""
    value = _given(env, name)
    _require(compare.is_numeric(value), _("{name} must be a Series (or list) of numbers."), name)
    _length(name, compare.as_series(value), length)


def names(env: Env, name: str, count: int | None = None) -> None:
    """The answer is a list of names."""
    found = compare.members(_given(env, name))
    _require(found is not None, _("{name} must be a list of names."), name)
    _length(name, found, count)


def table(env: Env, name: str, columns: Collection[str] = ()) -> None:
    """The answer is a table with these columns."""
    value = _given(env, name)
    _require(compare.kind(value) == "table", _("{name} must be a table (DataFrame)."), name)
    have = {compare.word(c) for c in value.reset_index().columns}
    missing = ", ".join(c for c in columns if compare.word(c) not in have)
    _require(not missing, _("{name} has no column {columns}."), name, columns=missing)


def words(env: Env, name: str, least: int = 25) -> None:
    """The answer is a text of one's own: so many words, or twice as many Chinese characters."""
    value = text(env, name)
    han = sum("一" <= c <= "鿿" for c in value)
    spaced = {w.casefold() for w in value.split()}
    sentence = _(
        "{name} is too short: write at least {least} words (or twice as many characters in "
        "Chinese), none of them only repeated."
    )
    _require(han + 2 * len(spaced) >= 2 * least, sentence, name, least=least)


def _solution(env):
    who = env["grader"]
    return right(who.number, who.student, who.draws)


def _wrong(sentence, value, wanted, rel):
    """Fail with the sentence, and with what may have gone wrong."""
    raise CheckFailed(f"{sentence} {compare.guess(value, wanted, rel)}".strip())


def same(env: Env, *answers: str, rel: float = 0.005, floor: float = 1e-9) -> None:
    """The answers agree with the solution, run with this student's parameters."""
    solution = _solution(env)
    for name in answers:
        value = _given(env, name)
        if not compare.agree(value, solution[name], rel, floor):
            _wrong(_("{name} is not right.").format(name=name), value, solution[name], rel)


def near(env: Env, name: str, wanted: float, rel: float = 0.02) -> None:
    """The number agrees with one that follows from the student's own choices."""
    found = number(env, name)
    if abs(found - wanted) > abs(wanted) * rel:
        sentence = _("{name} = {value:.4g} does not follow from your own choice.")
        _wrong(sentence.format(name=name, value=found), found, wanted, rel)


def among(env: Env, name: str, choices: Collection[str]) -> str:
    """The answer is one of many keys, which is returned; the nearest are offered."""
    found = compare.word(text(env, name))
    known = {compare.word(c): c for c in choices}
    if found not in known:
        close = nearest(found, choices)
        more = _(" Did you mean {names}?").format(names=", ".join(close)) if close else ""
        sentence = _("{name}: {value!r} is not known.").format(name=name, value=found)
        raise CheckFailed(sentence + more)
    return known[found]


def holds_order(env: Env, low: str, high: str) -> None:
    """The first number is not above the second."""
    sentence = _("{low} is above {high}: are the two swapped?")
    _require(number(env, low) <= number(env, high), sentence, low=low, high=high)


def spans(env: Env, low: str, high: str, *results: str) -> None:
    """The range of the student holds at least one result of the solution.

    ``mix_mt`` stands for the energy times the mix of places.
    """
    solution = _solution(env)
    if "mix_mt" in results:
        solution["mix_mt"] = solution["index_twh"] * solution["mix_g_kwh"] / 1_000
    least, most = number(env, low), number(env, high)
    sentence = _(
        "The range from {low} to {high} holds none of your results: is it in million tonnes?"
    )
    held = any(least <= solution[name] <= most for name in results)
    _require(held, sentence, low=low, high=high)
