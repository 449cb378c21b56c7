# SPDX-License-Identifier: MIT
"""Values as a reader hands them in, checked in one place: languages, choices, numbers, days."""

import numbers
from collections.abc import Callable, Collection, Iterable
from typing import TYPE_CHECKING, Any

from minelib import words
from minelib.errors import BadInput, BadParameter, OutOfCoverage, UnknownName
from minelib.words import LANGUAGES, gettext as _

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "as_day",
    "as_month",
    "as_span",
    "between",
    "covered",
    "language",
    "name_in",
    "need_columns",
    "one_of",
    "whole",
    "within",
]


def language(lang: str | None = None) -> str:
    """The language, when it is known; the current one for None.

    Raises
    ------
    UnknownName

    Examples
    --------
    >>> language("zh")
    'zh'
    """
    if lang is not None and str(lang) not in LANGUAGES:
        raise UnknownName("language", lang, LANGUAGES)
    return words.check_language(lang)


def need_columns(what: str, frame: "pd.DataFrame", needed: Iterable[str]) -> None:
    """Refuse a frame that lacks a column.

    Parameters
    ----------
    what : str
        What the frame is, in words or as the parameter is called.
    frame : pandas.DataFrame
    needed : iterable of str

    Raises
    ------
    BadInput

    Examples
    --------
    >>> import pandas as pd
    >>> need_columns("table", pd.DataFrame({"start": []}), ("start", "end"))
    Traceback (most recent call last):
    minelib.errors.BadInput: table lacks the column end. It needs: start, end.
    """
    needed = list(needed)
    for column in needed:
        if column not in frame.columns:
            sentence = _("{what} lacks the column {column}. It needs: {needed}.")
            raise BadInput(sentence.format(what=what, column=column, needed=", ".join(needed)))


def name_in(kind: str, value: object, known: Iterable[str]) -> str:
    """The name, when it is one of those there are.

    Parameters
    ----------
    kind : str
        What is looked for, in words ("pool").
    value : object
    known : iterable of str

    Raises
    ------
    UnknownName
        With the nearest.

    Examples
    --------
    >>> name_in("option", "sell", ("sell", "store"))
    'sell'
    """
    if not isinstance(value, str) or value not in known:
        raise UnknownName(kind, str(value), known)
    return value


def one_of(name: str, value: object, choices: Iterable[str]) -> str:
    """The value, when it is one of the choices.

    Parameters
    ----------
    name : str
        Name of the parameter, for the error.
    value : object
    choices : iterable of str

    Raises
    ------
    BadParameter

    Examples
    --------
    >>> one_of("freq", "W", ("D", "W"))
    'W'
    """
    choices = list(choices)
    if not isinstance(value, str) or value not in choices:
        rule = _("must be one of: {choices}").format(choices=", ".join(choices))
        raise BadParameter(name, value, rule)
    return value


def whole(name: str, value: object, least: int = 0) -> int:
    """A whole number as int.

    Parameters
    ----------
    name : str
        Name of the parameter, for the error.
    value : int or float
        Without a fraction; text and truth values are refused.
    least : int
        Inclusive.

    Raises
    ------
    BadParameter

    Examples
    --------
    >>> whole("horizon_days", 84.0, 1)
    84
    """
    found = _number(value)
    if found is None or not found.is_integer() or found < least:
        rule = _("must be a whole number, at least {least}").format(least=least)
        raise BadParameter(name, value, rule)
    return int(found)


def between(name: str, value: object, low: float, high: float, exclusive: bool = False) -> float:
    """A number between two bounds, as float.

    Parameters
    ----------
    name : str
        Name of the parameter, for the error.
    value : float
    low, high : float
    exclusive : bool
        Whether the bounds themselves are refused.

    Raises
    ------
    BadParameter

    Examples
    --------
    >>> between("level", 0.9, 0.5, 0.99)
    0.9
    """
    found = _number(value)
    if found is not None and (low < found < high or (not exclusive and found in (low, high))):
        return found
    rule = (
        _("must lie between {low} and {high}, both exclusive")
        if exclusive
        else _("must lie between {low} and {high}")
    )
    raise BadParameter(name, value, rule.format(low=low, high=high))


def _number(value: object) -> float | None:
    """The value as float, or None where it is no single number (NaN stays what it is)."""
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        return None
    return float(value)


def as_day(name: str, value: object) -> "pd.Timestamp":
    """The day a value stands for.

    Parameters
    ----------
    name : str
        Name of the parameter, for the error.
    value : str, date or Timestamp
        A moment with a zone counts by its day in UTC; the time of the day is dropped.
        Numbers are refused: 20210924 is no day, and 0 would be one in 1970.

    Returns
    -------
    pandas.Timestamp
        At midnight, without a zone.

    Raises
    ------
    BadParameter

    Examples
    --------
    >>> str(as_day("start", "2021-09-24").date())
    '2021-09-24'
    """
    day = _timestamp(value)
    if day is None:
        raise BadParameter(name, value, _("is not a day of the calendar (YYYY-MM-DD)"))
    return day.normalize()


def as_month(name: str, value: object) -> "pd.Timestamp":
    """The first day of the month a value lies in.

    Parameters
    ----------
    name : str
        Name of the parameter, for the error.
    value : str, date or Timestamp
        As in `as_day`.

    Returns
    -------
    pandas.Timestamp

    Raises
    ------
    BadParameter

    Examples
    --------
    >>> str(as_month("month", "2021-04").date())
    '2021-04-01'
    """
    day = _timestamp(value)
    if day is None:
        raise BadParameter(name, value, _("is not a month (YYYY-MM)"))
    return day.normalize().replace(day=1)


def as_span(
    start: object, end: object, read: "Callable[[str, object], pd.Timestamp]" = as_day
) -> "list[pd.Timestamp | None]":
    """Both ends of a span, in order.

    Parameters
    ----------
    start, end : str, date, Timestamp or None
        None for an open end.
    read : callable
        `as_day` or `as_month`.

    Returns
    -------
    list of pandas.Timestamp or None

    Raises
    ------
    BadParameter
        Not days (months), or in the wrong order.

    Examples
    --------
    >>> as_span(None, "2021-04", as_month)
    [None, Timestamp('2021-04-01 00:00:00')]
    """
    first = None if start is None else read("start", start)
    last = None if end is None else read("end", end)
    if first is not None and last is not None and last < first:
        raise BadParameter("end", str(end), _("must not come before the start"))
    return [first, last]


def covered(
    what: str,
    start: object,
    end: object,
    known: "Collection[pd.Timestamp]",
    read: "Callable[[str, object], pd.Timestamp]" = as_day,
    beyond: str = "",
) -> "tuple[pd.Timestamp, pd.Timestamp]":
    """First and last day (or month) asked for, both inclusive, each within what is known.

    Parameters
    ----------
    what : str
        What is asked, in words.
    start, end : str, date, Timestamp or None
        None for an end of ``known``.
    known : collection of pandas.Timestamp
        The days, or first days of months, there are.
    read : callable
        `as_day` or `as_month`.
    beyond : str
        What would take the series further, as a sentence.

    Raises
    ------
    BadParameter
        Not days (months), or in the wrong order.
    OutOfCoverage
        An end that lies outside of what is known.

    Examples
    --------
    >>> import pandas as pd
    >>> days = pd.date_range("2021-01-01", "2021-01-31")
    >>> covered("The series", "2021-01-30", None, days)[1].day
    31
    """
    asked, first, last = as_span(start, end, read), min(known), max(known)
    for day in asked:
        if day is not None and not first <= day <= last:
            more = beyond if day > last else ""
            raise OutOfCoverage(what, _span([day], read), _span([first, last], read), more)
    return asked[0] or first, asked[1] or last


def within(
    what: str,
    frame: "pd.DataFrame",
    column: str,
    start: object,
    end: object,
    read: "Callable[[str, object], pd.Timestamp]" = as_day,
    beyond: str = "",
) -> "pd.DataFrame":
    """Rows whose day lies between two, both inclusive; ends may reach beyond what is known.

    Parameters
    ----------
    what, start, end, read, beyond
        As in `covered`.
    frame : pandas.DataFrame
    column : str
        Its column of days.

    Raises
    ------
    BadParameter
        Not days (months), or in the wrong order.
    OutOfCoverage
        No row lies between them.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"date": pd.date_range("2021-01-01", "2021-01-31")})
    >>> len(within("The series", frame, "date", "2021-01-30", "2021-02-05"))
    2
    """
    asked, days = as_span(start, end, read), frame[column]
    first, last = days.min(), days.max()
    found = frame[days.between(asked[0] or first, asked[1] or last)]
    if found.empty:
        raise OutOfCoverage(what, _span(asked, read), _span([first, last], read), beyond)
    return found


def _span(ends, read):
    """Days, or months, in digits."""
    style = "%Y-%m" if read is as_month else "%Y-%m-%d"
    return " – ".join(f"{end:{style}}" for end in ends if end is not None)


def _timestamp(value: object) -> "pd.Timestamp | None":
    """The moment in UTC without a zone, or None where the value is none."""
    if isinstance(value, numbers.Number):
        return None
    import pandas as pd

    try:
        moment: Any = pd.Timestamp(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None
    if pd.isna(moment):
        return None
    return moment if moment.tzinfo is None else moment.tz_convert("UTC").tz_localize(None)
