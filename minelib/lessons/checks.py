# SPDX-License-Identifier: MIT
"""The checks that stand in the masters: each raises `CheckFailed` with a sentence that helps."""

import math
from collections.abc import Collection, Mapping
from typing import Any, TypeAlias

from minelib.checks import alike as compare
from minelib.declared import declared
from minelib.errors import BadInput, nearest
from minelib.lessons.master import lesson
from minelib.lessons.reference import right
from minelib.words import N_, gettext as _

Env: TypeAlias = Mapping[str, Any]

# units that are words; symbols like EH/s are the same in every language
UNITS = (N_("percent"), N_("percentage points"), N_("percent per day"), N_("days"), N_("minutes"))
SAYS = declared(__file__)["says"]


class CheckFailed(AssertionError):
    """An answer that does not pass, with the sentence for the student."""


def require(holds: object, says: str, name: str = "", **parts: Any) -> None:
    """Nothing when it holds; else a sentence of ``checks.toml`` for the student."""
    if not holds:
        raise CheckFailed(_(SAYS[says]).format(name=name, **parts))


def _given(env, name):
    value = env.get(name)
    if name not in env:
        own = [n for n in env.get("__names__", env) if not str(n).startswith("_")]
        close = nearest(name, [n for n in own if n not in _taken(env)], most=1)
        require(not close, "misnamed", name, close="".join(close))
        require(False, "missing", name)
    require(value is not None, "none", name)
    require(value is not Ellipsis, "dots", name)
    if isinstance(value, Unreadable):
        require(False, "no_answer", name, type=value.type)
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
    require(what != "text", "no_quotes", name)
    require(what != "span", "span", name)
    require(found is not None, "one_number", name)
    found = float(found or 0)
    require(math.isfinite(found), "gap", name)
    parts = {"value": found, "unit": f" {_(unit)}" if unit else ""}
    require(low is None or found >= low, "too_small", name, bound=low, **parts)
    require(high is None or found <= high, "too_large", name, bound=high, **parts)
    return found


def day(env: Env, name: str) -> None:
    """The answer is a date in any form."""
    require(compare.as_date(_given(env, name)) is not None, "date", name)


def text(env: Env, name: str, choices: Collection[str] = ()) -> str:
    """The answer is text, which is returned; one of the choices where there are any."""
    value = compare.single(_given(env, name))
    require(compare.kind(value) == "text", "text", name)
    known = not choices or compare.word(value) in map(compare.word, choices)
    require(known, "one_of", name, choices=", ".join(choices))
    return value


def truth(env: Env, name: str) -> None:
    """The answer is True or False."""
    require(compare.kind(compare.single(_given(env, name))) == "truth", "truth", name)


def _length(name, value, wanted):
    fits = wanted is None or len(value) == wanted
    require(fits, "length", name, count=len(value), right=wanted)


def series(env: Env, name: str, length: int | None = None) -> None:
    """The answer is a row of numbers: a Series, a list, a dict, a table of one column."""
    value = _given(env, name)
    require(compare.is_numeric(value), "series", name)
    _length(name, compare.as_series(value), length)


def names(env: Env, name: str, count: int | None = None, choices: Collection[str] = ()) -> None:
    """The answer is a list of names; keys of the table where there are choices."""
    found = compare.members(_given(env, name))
    require(found is not None, "names", name)
    _length(name, found, count)
    known = {compare.word(choice) for choice in choices}
    strange = [each for each in found or () if known and compare.word(each) not in known]
    example = ", ".join(sorted(known)[:2])
    require(not strange, "no_key", name, strange=", ".join(strange), example=example)


def table(env: Env, name: str, columns: Collection[str] = ()) -> None:
    """The answer is a table with these columns."""
    value = _given(env, name)
    require(compare.kind(value) == "table", "table", name)
    have = {compare.word(c) for c in value.reset_index().columns}
    missing = ", ".join(c for c in columns if compare.word(c) not in have)
    require(not missing, "no_column", name, columns=missing)


def words(env: Env, name: str, least: int = 25) -> None:
    """The answer is a text of one's own: so many words, or twice as many Chinese characters.

    What is only repeated counts once: a word, a pair of characters.
    """
    value = text(env, name)
    han = len({value[n : n + 2] for n, c in enumerate(value) if "一" <= c <= "鿿"})
    spaced = {w.casefold() for w in value.split()}
    require(han + 2 * len(spaced) >= 2 * least, "too_short", name, least=least)


def trial(env: Env, name: str) -> Any:
    """The answer is the file of a `minelib.claims.Trial`, which is returned."""
    from minelib.claims import Trial  # a tenth of a second that other lessons need not wait

    try:
        return Trial.from_text(text(env, name), name)
    except BadInput as error:
        raise CheckFailed(str(error)) from None


def figure(
    env: Env, name: str, unit: str = "", log: bool | None = None, adds_up: float | None = None
) -> None:
    """The answer is a figure that can be read: one scale, nothing cut off, a unit, a legend.

    ``unit`` must stand at an axis; ``log`` says which scale is asked; marks at one place along
    the axis add up to ``adds_up``.
    """
    value = _given(env, name)
    require(hasattr(value, "drawn"), "no_figure", name)  # a picture
    if not value.drawn:
        return
    own, groups = value.axes, len(value.series())
    said = f"{own['x']} {own['y']}".casefold()
    spelt = _SPELT.get(unit, (unit.casefold(),))
    require(groups, "empty", name)
    require(not own["twin"], "twin", name)
    require(not own["cut_bars"], "cut_bars", name)
    require(not own["cut"], "cut", name)
    require(not own["back"], "back", name)
    require(any(u in said for u in spelt), "no_unit", name, unit=unit)
    require(log is not True or own["log"], "log", name)
    require(log is not False or not own["log"], "no_log", name)
    marks = max(groups, own["colours"])
    require(marks < 2 or own["named"] >= marks, "no_legend", name)
    if adds_up is not None:
        sets = value.marks if groups > 1 else value.marks.assign(x="")
        for place, total in sets.groupby("x")["y"].sum().items():
            parts = {"place": str(place)[:10], "total": total, "wanted": adds_up}
            require(
                abs(total - adds_up) < adds_up / 100,
                "sum" if groups > 1 else "sum_all",
                name,
                **parts,
            )


_SPELT = {"%": ("%", "％", "percent", "百分")}


def solution(env: Env) -> dict[str, Any]:
    """The right answers with this student's parameters, by name."""
    who = env["grader"]
    return right(who.number, who.student, who.draws)


def _wrong(says, given, wanted, rel, **parts):
    """Fail with the sentence, and with what may have gone wrong."""
    sentence = _(SAYS[says]).format(**parts)
    raise CheckFailed(f"{sentence} {compare.guess(given, wanted, rel)}".strip())


def same(env: Env, *answers: str, rel: float = 0.005, floor: float = 1e-9) -> None:
    """The answers agree with the solution, run with this student's parameters."""
    wanted = solution(env)
    for name in answers:
        value = _given(env, name)
        if not compare.agree(value, wanted[name], rel, floor):
            _wrong("not_right", value, wanted[name], rel, name=name)


def near(env: Env, name: str, wanted: float, rel: float = 0.02) -> None:
    """The number agrees with one that follows from the student's own choices."""
    found = number(env, name)
    if abs(found - wanted) > abs(wanted) * rel:
        _wrong("not_followed", found, wanted, rel, name=name, value=found)


def among(env: Env, name: str, choices: Collection[str]) -> str:
    """The answer is one of many keys, which is returned; the nearest are offered."""
    found = compare.word(text(env, name))
    known = {compare.word(c): c for c in choices}
    if found not in known:
        close = ", ".join(nearest(found, choices))
        require(False, "close" if close else "unknown", name, value=found, names=close)
    return known[found]


def holds_order(env: Env, low: str, high: str) -> None:
    """The first number is not above the second."""
    require(number(env, low) <= number(env, high), "order", low=low, high=high)


def spans(env: Env, low: str, high: str, results: Collection[float]) -> None:
    """The range of the student holds at least one of the results."""
    least, most = number(env, low), number(env, high)
    require(any(least <= each <= most for each in results), "outside", low=low, high=high)
