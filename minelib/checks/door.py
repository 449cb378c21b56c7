# SPDX-License-Identifier: MIT
"""Types of arguments, checked at the door of a room.

The last line of a room's ``__init__``, ``door(globals())``, has every public function refuse what
its annotations do not allow, with the package's own sentence. A type checker reads `Number` as
``float``, `Whole` as ``int``, `Names` and `Numbers` as collections of text and of numbers.
Values (a day, a choice, a bound) are checked by `minelib.checks`, where they are used.
"""

import datetime
import inspect
import numbers
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cache, wraps
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias, Union, get_args, get_origin

import numpy as np
import pandas as pd
from beartype.door import is_bearable
from beartype.vale import Is

from minelib.errors import BadParameter, UnknownName
from minelib.words import LANGUAGES, N_
from minelib.words import gettext as _

__all__ = ["Day", "Lang", "Names", "Number", "Numbers", "Whole", "checked", "door"]


def _is_number(value: object) -> bool:
    """A single number, NaN apart; truth values are none."""
    real = isinstance(value, numbers.Real) and not isinstance(value, (bool, np.bool_))
    return real and value == value


def _all(test: Callable[[Any], bool], value: object) -> bool:
    """Every member passes; text is no list of letters."""
    several = isinstance(value, Collection) and not isinstance(value, (str, bytes, Mapping))
    return several and all(test(each) for each in value)  # type: ignore[attr-defined]


def _is_whole(value: object) -> bool:
    return _is_number(value) and float(value).is_integer()  # type: ignore[arg-type]


Day: TypeAlias = str | datetime.date | np.datetime64
Lang: TypeAlias = Literal["en", "zh"]
if TYPE_CHECKING:
    Number: TypeAlias = float
    Whole: TypeAlias = int
    Names: TypeAlias = Collection[str]
    Numbers: TypeAlias = Collection[float]
else:
    Number = Annotated[object, Is[_is_number]]
    Whole = Annotated[object, Is[_is_whole]]
    Names = Annotated[object, Is[lambda value: _all(lambda each: isinstance(each, str), value)]]
    Numbers = Annotated[object, Is[lambda value: _all(_is_number, value)]]

_RULES = {
    Day: N_("is not a day of the calendar (YYYY-MM-DD)"),
    Number: N_("must be a number"),
    Whole: N_("must be a whole number"),
    Names: N_("must be a list of names"),
    Numbers: N_("must be a list of numbers"),
    str: N_("must be text"),
    bool: N_("must be True or False"),
    pd.DataFrame: N_("must be a table (pandas.DataFrame)"),
    pd.Series: N_("must be a column (pandas.Series)"),
    dict: N_("must be a dict"),
    Mapping: N_("must be a dict"),
    Callable: N_("must be a function"),
}


@cache
def _rule(hint: Any) -> str:
    """What a value must be, as an English message."""
    if hint in _RULES:
        return _RULES[hint]
    inner = [each for each in get_args(hint) if each is not NoneType]
    if get_origin(hint) in (Union, UnionType) and len(inner) < len(get_args(hint)):
        return _rule(Union[tuple(inner)])  # noqa: UP007
    origin = get_origin(hint)
    if origin in (Union, UnionType):
        return _rule(inner[0])
    if origin in _RULES:
        return _RULES[origin]
    if isinstance(origin, type) and issubclass(origin, Iterable):
        return N_("must be a list")
    return N_("must be of the kind {kind}")


def _kind(hint: Any) -> str:
    inner = [each for each in get_args(hint) if each is not NoneType]
    return _kind(inner[0]) if inner else getattr(hint, "__name__", str(hint))


def checked(function: Callable) -> Callable:
    """The function, refusing arguments that its annotations do not allow.

    Raises
    ------
    BadParameter
        When called: names the argument and what it must be. An unknown language is an
        `UnknownName`, a missing or unknown argument a `BadParameter` with the signature.

    Examples
    --------
    >>> @checked
    ... def twice(value: Number) -> float:
    ...     return 2 * value
    >>> twice(2)
    4
    >>> twice("2")
    Traceback (most recent call last):
    minelib.errors.BadParameter: value = '2': must be a number.
    """
    signature = inspect.signature(function, eval_str=True)
    hints = {n: p for n, p in signature.parameters.items() if p.annotation is not p.empty}

    @wraps(function)
    def refusing(*args: Any, **kwargs: Any) -> Any:
        given = signature.bind(*args, **kwargs).arguments
        for name, value in given.items():
            if name in hints:
                _check(name, value, hints[name])
        return function(*args, **kwargs)

    return refusing


def _check(name: str, value: Any, parameter: inspect.Parameter) -> None:
    hint = parameter.annotation
    if parameter.kind is parameter.VAR_POSITIONAL:
        wrong = [each for each in value if not is_bearable(each, hint)]
    elif parameter.kind is parameter.VAR_KEYWORD:
        wrong = [each for each in value.values() if not is_bearable(each, hint)]
    else:
        wrong = [] if is_bearable(value, hint) else [value]
    if wrong and Lang in (hint, *get_args(hint)):
        raise UnknownName("language", wrong[0], LANGUAGES)
    if wrong:
        raise BadParameter(name, wrong[0], _(_rule(hint)).format(kind=_kind(hint)))


def door(room: dict[str, Any]) -> None:
    """Check the arguments of every public function of a room, in place.

    Parameters
    ----------
    room : dict
        ``globals()`` of the room, with its ``__all__``. Functions are wrapped; classes check
        what they are given themselves. Inside the room the modules call each other unchecked.
    """
    for name in room["__all__"]:
        if inspect.isfunction(room.get(name)):
            room[name] = checked(room[name])
