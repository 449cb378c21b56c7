# SPDX-License-Identifier: MIT
"""Every computed claim is decided by the function that bears its id."""

from inspect import getmembers, isfunction

from minelib.claims import geography, money, naming, network, power
from minelib.claims.evidence import Case, Missing, Tables
from minelib.claims.rules import TOLERANCE_PCT, Outcome, check_tolerance

__all__ = ["decide", "registered"]

_DECIDERS = {
    claim: function
    for module in (geography, money, naming, network, power)
    for claim, function in getmembers(module, isfunction)
    if function.__module__ == module.__name__ and not claim.startswith("_")
}


def registered():
    """Ids of the claims decided by a function, sorted.

    Examples
    --------
    >>> len(registered())
    33
    """
    return sorted(_DECIDERS)


def decide(claim, tables=None, tolerance_pct=TOLERANCE_PCT):
    """Decide one computed claim from tables.

    Parameters
    ----------
    claim : str
        An id of `registered`.
    tables : mapping of str to pandas.DataFrame, callable, Tables or None
        Tables to use instead of the package's own.
    tolerance_pct : float
        0 to 100, both included.

    Returns
    -------
    Outcome
        Unverifiable, with the reason, when a table lacks what the claim needs.

    Raises
    ------
    BadParameter
        A tolerance outside 0 to 100.

    Examples
    --------
    >>> decide("cn_share_may2021_70").verdict
    'contradicted'
    """
    tolerance_pct = check_tolerance(tolerance_pct)
    tables = tables if isinstance(tables, Tables) else Tables(tables)
    row = tables.row("claims", claim=claim)
    low, high = (None if row[c] != row[c] else float(row[c]) for c in ("value_low", "value_high"))
    try:
        return _DECIDERS[claim](Case(claim, tables, tolerance_pct, low, high))
    except Missing as gap:
        return Outcome((), str(gap))
