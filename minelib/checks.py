# SPDX-License-Identifier: MIT
"""Numbers and choices as a caller hands them in, checked in one place."""

from minelib.errors import BadParameter
from minelib.text import gettext as _

__all__ = ["between", "one_of", "whole"]


def one_of(name, value, choices):
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


def whole(name, value, least=0):
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


def between(name, value, low, high, exclusive=False):
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


def _number(value):
    """The value as float, or None where it is no single number (NaN stays what it is)."""
    import numbers

    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        return None
    return float(value)
