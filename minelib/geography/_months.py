# SPDX-License-Identifier: MIT
"""Months as parameters, checked against what a table covers."""

from minelib.checks import as_month, as_span
from minelib.errors import OutOfCoverage


def covered(value, months, what, name="month"):
    """The month, when it is one of ``months``.

    Raises
    ------
    BadParameter
        Not a month.
    OutOfCoverage
        A month that is not there.
    """
    wanted = as_month(name, value)
    if wanted not in months:
        raise OutOfCoverage(what, f"{wanted:%Y-%m}", f"{min(months):%Y-%m} – {max(months):%Y-%m}")
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
    ends = as_span(start, end, as_month)
    first, last = months.min(), months.max()
    found = frame[months.between(ends[0] or first, ends[1] or last)]
    if found.empty:
        asked = " – ".join(f"{m:%Y-%m}" for m in ends if m is not None)
        raise OutOfCoverage(what, asked, f"{first:%Y-%m} – {last:%Y-%m}")
    return found.reset_index(drop=True)
