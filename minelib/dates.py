# SPDX-License-Identifier: MIT
"""Days and months as a caller hands them in, checked in one place."""

from numbers import Number

from minelib.errors import BadParameter
from minelib.text import gettext as _

__all__ = ["as_day", "as_month"]


def as_day(name, value):
    """The day a value stands for.

    Parameters
    ----------
    name : str
        Name of the parameter, for the error.
    value : str, date or Timestamp
        A time of the day and a zone are dropped.

    Returns
    -------
    pandas.Timestamp

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
    return day.normalize().tz_localize(None)


def as_month(name, value):
    """The first day of the month a value lies in.

    Parameters
    ----------
    name : str
        Name of the parameter, for the error.
    value : str, date or Timestamp

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
        raise BadParameter(name, value, _("is not a month"))
    return day.tz_localize(None).to_period("M").to_timestamp()


def _timestamp(value):
    import pandas as pd

    if isinstance(value, Number):  # would count as nanoseconds since 1970
        return None
    try:
        day = pd.Timestamp(value)
    except (TypeError, ValueError):
        return None
    return None if pd.isna(day) else day
