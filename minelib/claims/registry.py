# SPDX-License-Identifier: MIT
"""The functions that decide computed claims, registered under the claim's id."""

from dataclasses import dataclass

from minelib.claims.evidence import Missing, Tables
from minelib.claims.rules import TOLERANCE_PCT, Outcome, Reading, check_tolerance

__all__ = ["Case", "decide", "decides", "registered"]

_DECIDERS = {}


@dataclass(frozen=True)
class Case:
    """What a deciding function is given.

    Attributes
    ----------
    claim : str
    tables : Tables
    tolerance_pct : float
    low, high : float or None
        What is claimed, from the table of claims.
    """

    claim: str
    tables: Tables
    tolerance_pct: float
    low: float | None
    high: float | None

    def reading(self, rule, value, unit, **more):
        """A `Reading` by the rule with this case's tolerance."""
        return Reading.judged(rule, value, unit, self.tolerance_pct, **more)


def decides(claim):
    """Register a function from `Case` to `Outcome` under a claim's id."""

    def register(function):
        if claim in _DECIDERS:
            raise ValueError(f"{claim} is decided twice")
        _DECIDERS[claim] = function
        return function

    return register


def registered():
    """Ids of the claims decided by a function, sorted.

    Examples
    --------
    >>> len(registered())
    33
    """
    _import_all()
    return sorted(_DECIDERS)


def _import_all():
    from minelib.claims import geography, money, naming, network, power  # noqa: F401


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
    _import_all()
    tolerance_pct = check_tolerance(tolerance_pct)
    tables = tables if isinstance(tables, Tables) else Tables(tables)
    row = tables.row("claims", claim=claim)
    low, high = (None if row[c] != row[c] else float(row[c]) for c in ("value_low", "value_high"))
    try:
        return _DECIDERS[claim](Case(claim, tables, tolerance_pct, low, high))
    except Missing as gap:
        return Outcome((), str(gap))
