# SPDX-License-Identifier: MIT
"""Every computed claim is decided by the function that bears its id."""

from inspect import getmembers, isfunction

from minelib.checks import between
from minelib.checks.door import Number
from minelib.claims import geography, money, naming, network, power
from minelib.claims.evidence import Case, Given, Missing, tables_of
from minelib.claims.rules import TOLERANCE_PCT, Outcome
from minelib.errors import UnknownName

__all__ = ["decide", "registered"]

_DECIDERS = {
    claim: function
    for module in (geography, money, naming, network, power)
    for claim, function in getmembers(module, isfunction)
    if function.__module__ == module.__name__ and not claim.startswith("_")
}


def registered() -> list[str]:
    """Ids of the claims decided by a function, sorted.

    Examples
    --------
    >>> registered()[:2]
    ['ccaf_attribution', 'cn_70_of_energy']
    """
    return sorted(_DECIDERS)


def decide(claim: str, tables: Given = None, tolerance_pct: Number = TOLERANCE_PCT) -> Outcome:
    """Decide one computed claim from tables.

    Parameters
    ----------
    claim : str
        An id of `registered`.
    tables : mapping of str to pandas.DataFrame, callable or None
        Tables to use instead of the package's own; None for these.
    tolerance_pct : float
        0 to 100, both included.

    Returns
    -------
    Outcome
        Unverifiable, with the reason, when a table lacks what the claim needs.

    Raises
    ------
    UnknownName
        A claim that no function decides, or a table that does not exist, with the nearest.
    BadInput
        A frame without the columns of its table.
    BadParameter
        A tolerance outside 0 to 100.

    Examples
    --------
    >>> decide("cn_share_may2021_70").verdict
    'contradicted'
    """
    if claim not in _DECIDERS:
        raise UnknownName("claim", claim, _DECIDERS)
    tolerance_pct = between("tolerance_pct", tolerance_pct, 0, 100)
    tables = tables_of(tables)
    row = tables.row("claims", claim=claim)
    low, high = (None if row[c] != row[c] else float(row[c]) for c in ("value_low", "value_high"))
    try:
        return _DECIDERS[claim](Case(tables, tolerance_pct, low, high))
    except Missing as gap:
        return Outcome((), str(gap))
