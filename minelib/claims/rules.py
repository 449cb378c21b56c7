# SPDX-License-Identifier: MIT
"""The rules that turn numbers into verdicts, in words and in code, in one place.

They were written before any of them was applied. No claim has a rule of its own: a claim
chooses one of these, brings its numbers, and takes what the rule says.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from minelib.checks.door import Lang
from minelib.declared import declared
from minelib.errors import UnknownName
from minelib.words import N_, gettext as _

__all__ = [
    *("CONFIDENCE", "NEAR_FACTOR", "RULES", "TOLERANCE_PCT", "VERDICTS", "Outcome"),
    *("Reading", "overall", "rule_table"),
]

VERDICTS = (N_("supported"), N_("imprecise"), N_("contradicted"), N_("unverifiable"))
CONFIDENCE = ("low", "medium", "medium_high", "high")

TOLERANCE_PCT = 5.0  # how far a round figure in prose may lie from the value
NEAR_FACTOR = 1.5  # off by more than half is the far side
ZERO_PP = 1.0  # what counts as zero, in percentage points: the size of a map revision
NAMED_HALF = 50.0  # percent of the named things that must hold for "imprecise"
ORDER_DAYS = 30  # how far out of order two dates may be
AFTER_MOST, AFTER_LITTLE = 75.0, 25.0  # percent of a change that follows its named cause
CHANCE_EVEN, CHANCE_SMALL = 50.0, 5.0  # percent of the draws in which a number is reached


_FILE, WORDS = declared(__file__), declared(__file__, "words.toml")["words"]
RULES = {rule: told["says"] for rule, told in _FILE.items()}


def rule_table(lang: Lang | None = None) -> pd.DataFrame:
    """The rules in words.

    Parameters
    ----------
    lang : {"en", "zh"} or None
        None for the current language.

    Returns
    -------
    pandas.DataFrame
        ``rule``, ``name`` and ``words`` (all text), one row per rule.

    Raises
    ------
    UnknownName
        Another language.

    Examples
    --------
    >>> rule_table("en")["rule"].tolist()[:3]
    ['value', 'bound', 'zero']
    """
    rows = [(rule, _(told["name"], lang), _(told["says"], lang)) for rule, told in _FILE.items()]
    return pd.DataFrame(rows, columns=["rule", "name", "words"])


# What a rule makes of a value, its interval and the tolerance, where ``low`` to ``high`` is
# claimed: whether the words hold, and whether they nearly do.


def _value(value, lower, upper, tolerance_pct, low, high, side):
    if high < 0:  # a fall is a size too
        value, lower, upper, low, high = -value, -upper, -lower, -high, -low
    least, most = low * (1 - tolerance_pct / 100), high * (1 + tolerance_pct / 100)
    smaller, larger = (upper, low) if upper < least else (high, lower)
    return least <= upper and lower <= most, smaller > 0 and larger / smaller <= NEAR_FACTOR


def _bound(value, lower, upper, tolerance_pct, low, high, side):
    sides = {"over": 1, "under": -1}
    if side not in sides:
        raise UnknownName("side", side, sides)
    beyond, *ends = (sides[side] * (each - low) for each in (value, lower, upper))
    missed_by_little = low != 0 and -beyond <= abs(low) * tolerance_pct / 100
    return beyond > 0, max(ends) > 0 or missed_by_little


_JUDGES = {
    "value": _value,
    "bound": _bound,
    "zero": lambda value, lower, upper, tolerance_pct, *_claimed: (
        value <= ZERO_PP,
        value <= tolerance_pct or lower <= ZERO_PP,
    ),
    # the percentage of the named things that hold
    "named": lambda value, lower, upper, tolerance_pct, *_claimed: (
        value >= 100 - tolerance_pct,
        value >= NAMED_HALF,
    ),
    "rank": lambda value, lower, upper, tolerance_pct, rank, *_claimed: (
        abs(value - rank) < 0.5,
        abs(value - rank) < 1.5,
    ),
    # the days by which the first date follows the second
    "order": lambda days, *_claimed: (days <= 0, days <= ORDER_DAYS),
    # the percentage of the change after the named cause
    "after": lambda value, *_claimed: (value >= AFTER_MOST, value >= AFTER_LITTLE),
    # the percentage of the draws
    "chance": lambda value, *_claimed: (value >= CHANCE_EVEN, value >= CHANCE_SMALL),
}


@dataclass(frozen=True)
class Reading:
    """One way to read a claim, decided.

    Attributes
    ----------
    label : str
        How the words are read.
    value, lower, upper : float
        What was computed, with its interval (both ends belong to it).
    unit : str
    rule, verdict : str
    firm : bool
        Whether both ends of the interval, taken alone, would get the same verdict.
    claimed_low, claimed_high : float or None
        What is claimed on the same scale, where it is a number.
    yardstick : bool
        The words have no number: ``claimed_low`` and ``claimed_high`` are the yardstick.
    """

    label: str
    value: float
    lower: float
    upper: float
    unit: str
    rule: str
    verdict: str
    firm: bool
    claimed_low: float | None = None
    claimed_high: float | None = None
    yardstick: bool = False

    @classmethod
    def judged(
        cls,
        rule: str,
        value: float,
        unit: str,
        tolerance_pct: float,
        claimed: float | tuple[float, float] | None = None,
        *,
        side: str = "over",
        lower: float | None = None,
        upper: float | None = None,
        label: str = "",
        yardstick: bool = False,
    ) -> "Reading":
        """Apply a rule to a value and its interval.

        Parameters
        ----------
        rule : {"value", "bound", "zero", "named", "rank", "order", "after", "chance"}
        value : float
        unit : str
        tolerance_pct : float
        claimed : float, (float, float) or None
            What the words say: a value or a range for ``value``, the threshold for ``bound``,
            the rank for ``rank``; nothing for the others.
        side : {"over", "under"}
            Of a ``bound``.
        lower, upper : float or None
            Ends of the interval; it takes in the value.
        label : str
        yardstick : bool

        Raises
        ------
        UnknownName
            Another rule or side.

        Examples
        --------
        >>> r = Reading.judged("bound", 44.0, "percent", 5, 70, upper=52)
        >>> r.verdict, r.firm
        ('contradicted', True)
        """
        if rule not in _JUDGES:
            raise UnknownName("rule", rule, _JUDGES)
        low, high = claimed if isinstance(claimed, tuple) else (claimed, claimed)
        if rule == "zero":
            low = high = 0.0
        value = float(value)
        lower = value if lower is None else min(float(lower), value)
        upper = value if upper is None else max(float(upper), value)

        def verdict(*interval):
            holds, nearly = _JUDGES[rule](*interval, tolerance_pct, low, high, side)
            return "supported" if holds else "imprecise" if nearly else "contradicted"

        firm = len({verdict(end, end, end) for end in (lower, value, upper)}) == 1
        found = verdict(value, lower, upper)
        return cls(label, value, lower, upper, unit, rule, found, firm, low, high, yardstick)

    @classmethod
    def documented(cls, label: str, verdict: str) -> "Reading":
        """A reading that documents decided: it has no number.

        Parameters
        ----------
        label, verdict : str
        """
        nan = float("nan")
        return cls(label, nan, nan, nan, "", "documents", verdict, firm=True)


def overall(verdicts: Iterable[str]) -> str:
    """One verdict of those of the readings.

    Parameters
    ----------
    verdicts : iterable of str

    Returns
    -------
    str

    Examples
    --------
    >>> overall(["supported", "supported"]), overall(["supported", "contradicted"])
    ('supported', 'imprecise')
    """
    found = set(verdicts)
    if len(found) == 1:
        return found.pop()
    return "unverifiable" if found <= {"contradicted", "unverifiable"} else "imprecise"


@dataclass(frozen=True)
class Outcome:
    """What the computation says about a claim.

    Attributes
    ----------
    readings : tuple of Reading
        The reading nearest to the words first; empty when unverifiable.
    evidence : str
        Sentences for the reader, or the reason when unverifiable.
    """

    readings: tuple[Reading, ...]
    evidence: str

    @property
    def verdict(self) -> str:
        """By the rule on several readings."""
        return overall(r.verdict for r in self.readings)

    @property
    def firm(self) -> bool:
        """Whether no end of an interval would be judged differently."""
        return all(r.firm for r in self.readings)
