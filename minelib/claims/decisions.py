# SPDX-License-Identifier: MIT
"""Every computed claim is decided as it is declared, where needed by a method of its subject."""

from collections.abc import Callable
from functools import partial
from math import isfinite
from typing import Any

from minelib.checks import between
from minelib.checks.door import Number
from minelib.claims import geography, money, naming, network, people, power, provinces
from minelib.claims.declared import evaluate
from minelib.claims.evidence import Case, Given, Missing, tables_of
from minelib.claims.rules import TOLERANCE_PCT, Outcome
from minelib.declared import declared
from minelib.errors import BadInput, UnknownName
from minelib.words import gettext as _

__all__ = ["decide", "evidenced", "registered", "tried"]

_DECLARED: dict[str, dict[str, Any]] = {}
_DECIDERS: dict[str, Callable[[Case], Outcome]] = {}
for _module in (geography, money, naming, network, people, power, provinces):
    for _claim, _each in declared(str(_module.__file__)).items():
        _DECLARED[_claim] = _each
        _method = getattr(_module, _each.get("method", _claim), None)
        _DECIDERS[_claim] = partial(evaluate, method=_method)


def registered() -> list[str]:
    """Ids of the claims that are computed, sorted.

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
        A claim that is not computed, or a table that does not exist, with the nearest.
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
    case = Case.of(claim, tables_of(tables), tolerance_pct, _DECLARED[claim])
    return tried(case, _DECIDERS[claim])


def tried(case: Case, decider: Callable[[Case], Outcome]) -> Outcome:
    """What a decider says of a case; unverifiable, with the reason, where the tables have a gap."""
    try:
        return evidenced(case.claim, decider(case))
    except Missing as gap:
        return Outcome((), str(gap))


def evidenced(claim: str, outcome: object) -> Outcome:
    """What a rule returned, when there is evidence in it.

    Parameters
    ----------
    claim : str
    outcome : object
        What the function of the claim returned.

    Returns
    -------
    Outcome

    Raises
    ------
    BadInput
        No outcome; one without a reading, without a sentence, or with a reading whose value is
        no number.
    """
    if isinstance(outcome, Outcome):
        numbers = [isfinite(r.value) for r in outcome.readings]
        if outcome.evidence.strip() and numbers and all(numbers):
            return outcome
    sentence = _(
        "The rule of claim '{claim}' returned no evidence. It must give an Outcome: a reading or "
        "more, each with a number, and a sentence; a gap in a table is raised as Missing."
    )
    raise BadInput(sentence.format(claim=claim))
