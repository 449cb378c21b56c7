# SPDX-License-Identifier: MIT
"""Days and months as a caller hands them in, checked in one place."""

from minelib.errors import BadParameter
from minelib.text import gettext as _

__all__ = ["as_day", "as_month", "as_span"]


def as_day(name, value):
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


def as_month(name, value):
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


def as_span(start, end, read=as_day):
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
    ends = [None if v is None else read(n, v) for n, v in (("start", start), ("end", end))]
    if None not in ends and ends[1] < ends[0]:
        raise BadParameter("end", str(end), _("must not come before the start"))
    return ends


def _timestamp(value):
    """The moment in UTC without a zone, or None where the value is none."""
    import numbers

    import pandas as pd

    if isinstance(value, numbers.Number):
        return None
    try:
        moment = pd.Timestamp(value)
    except (TypeError, ValueError):
        return None
    if pd.isna(moment):
        return None
    return moment if moment.tzinfo is None else moment.tz_convert("UTC").tz_localize(None)
