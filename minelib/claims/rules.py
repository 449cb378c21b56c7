# SPDX-License-Identifier: MIT
"""The rules that turn numbers into verdicts, in words and in code, in one place.

They were written before any of them was applied. No claim has a rule of its own: a claim
chooses one of these, brings its numbers, and takes what the rule says.
"""

from dataclasses import dataclass

import pandas as pd

from minelib.checks.door import Lang
from minelib.errors import UnknownName
from minelib.words import N_
from minelib.words import gettext as _

__all__ = [
    "CONFIDENCE",
    "NEAR_FACTOR",
    "RULES",
    "TOLERANCE_PCT",
    "VERDICTS",
    "YARDSTICKS",
    "Outcome",
    "Reading",
    "rule_table",
]

VERDICTS = (N_("supported"), N_("imprecise"), N_("contradicted"), N_("unverifiable"))
CONFIDENCE = ("low", "medium", "medium_high", "high")

TOLERANCE_PCT = 5.0  # how far a round figure in prose may lie from the value
NEAR_FACTOR = 1.5  # off by more than half is the far side
ZERO_PP = 1.0  # what counts as zero, in percentage points: the size of a map revision
NAMED_HALF = 50.0  # percent of the named things that must hold for "imprecise"
ORDER_DAYS = 30  # how far out of order two dates may be
AFTER_MOST, AFTER_LITTLE = 75.0, 25.0  # percent of a change that follows its named cause

# what a word without a number is held against, by the rule "bound"
YARDSTICKS = {
    "volatile_pct": 30.0,  # a year; broad share indices move by about half of it
    "deep_fall_pct": 50.0,
    "concentrated": 0.15,  # Herfindahl index; US merger guidelines of 2010
    "main_stage_rank": 3,
    "some_pct": ZERO_PP,
}

RULES = {
    "value": N_(
        "A stated value is supported when it lies, with the tolerance on both sides, within "
        "the interval of the evidence; imprecise when it is off by no more than half of the "
        "nearest end; contradicted beyond that."
    ),
    "bound": N_(
        "“Over” or “under” a value is supported when the evidence lies on the stated side; "
        "imprecise when it misses by no more than the tolerance or only the interval reaches "
        "the stated side; contradicted otherwise."
    ),
    "zero": N_(
        "“Zero” is supported up to one percentage point; imprecise up to as many points as the "
        "tolerance has percent, or when only the interval reaches zero; contradicted above."
    ),
    "named": N_(
        "A list of named things is supported when all of them hold, up to the tolerance; "
        "imprecise when at least half of them hold; contradicted otherwise."
    ),
    "rank": N_(
        "A stated rank is supported when it is the rank found; imprecise when it is one place "
        "off; contradicted otherwise."
    ),
    "order": N_(
        "“Before” is supported when the first date comes no later than the second; imprecise "
        "when it comes up to 30 days later; contradicted otherwise."
    ),
    "after": N_(
        "A named cause is supported when at least three quarters of the change came after it; "
        "imprecise when at least a quarter did; contradicted otherwise."
    ),
    "yardstick": N_(
        "A word without a number is held against a yardstick by the rule “over or under”: "
        "“volatile” against price changes of 30% a year, twice those of broad share indices, and "
        "a fall by half; “concentrated” against a Herfindahl index of 0.15, the moderate "
        "concentration of the US merger guidelines of 2010; “main stage” against the first "
        "three places; “some” against one percentage point; “low output” against what the whole "
        "economy makes of a kWh."
    ),
    "readings": N_(
        "Where the words allow several readings (of China or of the world, the month or the "
        "year, one publisher or another), each is decided alone; when they disagree the claim "
        "is imprecise."
    ),
    "missing": N_(
        "When a table lacks a month, a row or a value the claim needs, the claim is "
        "unverifiable and the gap is named; nothing is filled in."
    ),
    "confidence": N_(
        "The confidence of the row in the table of claims, one step lower when the two ends of "
        "the interval would be judged differently."
    ),
    "documents": N_(
        "A documentary claim is supported when a document says so and contradicted when one says "
        "otherwise; imprecise when documents bear out only a part or one of two readings; "
        "unverifiable when none was found either way. The ledger states how well the deciding "
        "source was seen."
    ),
}

RULE_NAMES = {
    "value": N_("Stated value"),
    "bound": N_("Over or under"),
    "zero": N_("Zero"),
    "named": N_("Named things"),
    "rank": N_("Rank"),
    "order": N_("Order in time"),
    "after": N_("Cause and effect"),
    "yardstick": N_("Yardsticks"),
    "readings": N_("Several readings"),
    "missing": N_("Gaps"),
    "confidence": N_("Confidence"),
    "documents": N_("Documents"),
}


def rule_table(lang: Lang | None = None) -> pd.DataFrame:
    """The rules in words.

    Parameters
    ----------
    lang : {"en", "zh"} or None
        None for the current language.

    Returns
    -------
    pandas.DataFrame
        ``rule``, ``name`` and ``words`` (all text), one row a rule.

    Raises
    ------
    UnknownName
        Another language.

    Examples
    --------
    >>> rule_table("en")["rule"].tolist()[:3]
    ['value', 'bound', 'zero']
    """
    rows = [(rule, _(RULE_NAMES[rule], lang), _(words, lang)) for rule, words in RULES.items()]
    return pd.DataFrame(rows, columns=["rule", "name", "words"])


# What a rule makes of a value, its interval and the tolerance, where ``low`` to ``high`` is
# claimed: whether the words hold, and whether they nearly do.


def _value(value, lower, upper, tolerance_pct, low, high, side):
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
        rule : {"value", "bound", "zero", "named", "rank", "order", "after"}
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
        """Of one reading its verdict; of several that disagree ``imprecise``."""
        found = {r.verdict for r in self.readings}
        if not found:
            return "unverifiable"
        return found.pop() if len(found) == 1 else "imprecise"

    @property
    def firm(self) -> bool:
        """Whether no end of an interval would be judged differently."""
        return all(r.firm for r in self.readings)
