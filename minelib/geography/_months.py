# SPDX-License-Identifier: MIT
"""Months as parameters: read, checked against what a table covers."""

import pandas as pd

from minelib.errors import BadParameter, OutOfCoverage
from minelib.text import gettext as _


def month(value, name="month"):
    """First day of a month from ``"2021-04"``, a date or a Timestamp.

    Raises
    ------
    BadParameter
        Not a month.
    """
    try:
        day = pd.Timestamp(value)
    except (ValueError, TypeError):
        day = None
    if day is None or day is pd.NaT or isinstance(value, (int, float, bool)):
        raise BadParameter(name, value, _("must be a month such as 2021-04"))
    return pd.Timestamp(day.year, day.month, 1)


def covered(value, months, what, name="month"):
    """The month, when it is one of ``months``.

    Raises
    ------
    BadParameter
        Not a month.
    OutOfCoverage
        A month that is not there.
    """
    wanted = month(value, name)
    if wanted not in months:
        raise OutOfCoverage(what, f"{wanted:%Y-%m}", f"{min(months):%Y-%m} - {max(months):%Y-%m}")
    return wanted


def span(frame, start, end, what):
    """Rows of ``frame`` from month ``start`` to month ``end``, both inclusive.

    Raises
    ------
    BadParameter
        Not months, or in the wrong order.
    OutOfCoverage
        Nothing lies between them.
    """
    months = frame["month"]
    first = months.min() if start is None else month(start, "start")
    last = months.max() if end is None else month(end, "end")
    if last < first:
        raise BadParameter("end", f"{last:%Y-%m}", _("must not lie before start"))
    found = frame[months.between(first, last)]
    if found.empty:
        raise OutOfCoverage(
            what, f"{first:%Y-%m} - {last:%Y-%m}", f"{months.min():%Y-%m} - {months.max():%Y-%m}"
        )
    return found.reset_index(drop=True)
