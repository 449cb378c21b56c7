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
from functools import wraps
from types import NoneType, UnionType
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    Literal,
    SupportsIndex,
    TypeAlias,
    Union,
    get_args,
    get_origin,
)

import numpy as np
import pandas as pd
from beartype.door import is_bearable
from beartype.vale import Is

from minelib.errors import BadParameter, UnknownName
from minelib.words import LANGUAGES, N_, gettext as _

__all__ = ["Day", "Lang", "Names", "Number", "Numbers", "Whole", "checked", "door"]


def _is_number(value: object) -> bool:
    """A single number, NaN apart; truth values are none."""
    real = isinstance(value, numbers.Real) and not isinstance(value, (bool, np.bool_))
    return real and value == value


def _is_name(value: object) -> bool:
    return isinstance(value, str)


def _several(value: object) -> bool:
    """A collection; text is no list of letters."""
    return isinstance(value, Collection) and not isinstance(
        value, (str, bytes, Mapping, pd.DataFrame)
    )


def _are_names(value: Any) -> bool:
    return _several(value) and all(map(_is_name, value))


def _are_numbers(value: Any) -> bool:
    return _several(value) and all(map(_is_number, value))


def _is_whole(value: Any) -> bool:
    return _is_number(value) and float(value).is_integer()


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
    Names = Annotated[object, Is[_are_names]]
    Numbers = Annotated[object, Is[_are_numbers]]

_KINDS = {
    Day: N_("a day (YYYY-MM-DD)"),
    Number: N_("a number"),
    Whole: N_("a whole number"),
    SupportsIndex: N_("a whole number"),
    Names: N_("a list of names"),
    Numbers: N_("a list of numbers"),
    str: N_("text"),
    bool: N_("True or False"),
    pd.DataFrame: N_("a table (pandas.DataFrame)"),
    pd.Series: N_("a column (pandas.Series)"),
    dict: N_("a dict"),
    Mapping: N_("a dict"),
    Callable: N_("a function"),
}


def _kind(hint: Any) -> str:
    """What a value may be, in words."""
    origin, inner = get_origin(hint), [each for each in get_args(hint) if each is not NoneType]
    if hint in _KINDS or origin in _KINDS:
        return _(_KINDS.get(hint) or _KINDS[origin])
    if set(inner) >= set(get_args(Day)):
        inner = [Day, *(each for each in inner if each not in get_args(Day))]
    if origin in (Union, UnionType):
        return _(" or ").join(dict.fromkeys(map(_kind, inner)))
    if isinstance(origin, type) and issubclass(origin, Iterable):
        return _("a list")
    name = getattr(hint, "__name__", str(hint))
    room = getattr(hint, "__module__", "").split(".")[:2]
    return ".".join([*room, name]) if room[0] == "minelib" else name


def _rule(hint: Any) -> str:
    """What a value that does not fit has broken, in words."""
    if {*get_args(hint)} - {NoneType} == {*get_args(Day)}:
        return _("is not a day of the calendar (YYYY-MM-DD)")
    return _("must be {kind}").format(kind=_kind(hint))


def checked(function: Callable) -> Callable:
    """The function, refusing arguments that its annotations do not allow.

    Raises
    ------
    BadParameter
        When called: names the argument and what it must be.
    UnknownName
        An unknown language.
    TypeError
        An argument that is missing, unknown or too many, as Python says it.

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
        raise BadParameter(name, wrong[0], _rule(hint))


def door(room: dict[str, Any]) -> None:
    """Check the arguments of every public function of a room, in place.

    Parameters
    ----------
    room : dict
        ``globals()`` of the room, with its ``__all__``. Functions are wrapped; classes check
        what they are given themselves. Inside the room the modules call each other unchecked.
    """
    for name in room["__all__"]:
        if callable(room.get(name)) and not inspect.isclass(room[name]):
            room[name] = checked(room[name])
