# SPDX-License-Identifier: MIT
"""The rules that turn numbers into verdicts, in words and in code, in one place.

They were written before any of them was applied. No claim has a rule of its own: a claim
chooses one of these, brings its numbers, and takes what the rule says.
"""

from dataclasses import dataclass

from minelib.errors import BadParameter, UnknownName
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
    "check_tolerance",
    "rule_table",
]

VERDICTS = ("supported", "imprecise", "contradicted", "unverifiable")
_VERDICT_WORDS = (N_("supported"), N_("imprecise"), N_("contradicted"), N_("unverifiable"))
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


def check_tolerance(tolerance_pct):
    """The tolerance as a number.

    Raises
    ------
    BadParameter
        Not a number from 0 to 100, both included.

    Examples
    --------
    >>> check_tolerance(5)
    5.0
    """
    import math

    try:
        value = float(tolerance_pct)
    except (TypeError, ValueError):
        value = math.nan
    if not 0 <= value <= 100:
        raise BadParameter("tolerance_pct", tolerance_pct, _("must lie from 0 to 100 percent"))
    return value


def rule_table(lang=None):
    """The rules in words.

    Returns
    -------
    pandas.DataFrame
        ``rule``, ``name`` and ``words``, one row a rule.

    Examples
    --------
    >>> rule_table("en")["rule"].tolist()[:3]
    ['value', 'bound', 'zero']
    """
    import pandas as pd

    names = [_(RULE_NAMES[key], lang) for key in RULES]
    words = [_(sentence, lang) for sentence in RULES.values()]
    return pd.DataFrame({"rule": list(RULES), "name": names, "words": words})


def judge_value(value, lower, upper, tolerance_pct, claimed_low, claimed_high):
    """Rule ``value``.

    Examples
    --------
    >>> [judge_value(v, v, v, 5, 100, 100) for v in (104, 140, 160)]
    ['supported', 'imprecise', 'contradicted']
    """
    low, high = claimed_low * (1 - tolerance_pct / 100), claimed_high * (1 + tolerance_pct / 100)
    if low <= upper and lower <= high:
        return "supported"
    smaller, larger = (upper, claimed_low) if upper < low else (claimed_high, lower)
    near = smaller > 0 and larger / smaller <= NEAR_FACTOR
    return "imprecise" if near else "contradicted"


def judge_bound(value, lower, upper, tolerance_pct, threshold, side):
    """Rule ``bound``; ``side`` is ``"over"`` or ``"under"``.

    Examples
    --------
    >>> [judge_bound(v, v, v, 5, 70, "over") for v in (75, 68, 44)]
    ['supported', 'imprecise', 'contradicted']
    """
    if side not in ("over", "under"):
        raise UnknownName("side", side, ("over", "under"))
    sign = 1 if side == "over" else -1
    if sign * (value - threshold) > 0:
        return "supported"
    reach = max(sign * (lower - threshold), sign * (upper - threshold))
    missed = sign * (threshold - value)
    if reach > 0 or (threshold and missed <= abs(threshold) * tolerance_pct / 100):
        return "imprecise"
    return "contradicted"


def judge_zero(value, lower, upper, tolerance_pct):
    """Rule ``zero``, in percentage points.

    Examples
    --------
    >>> [judge_zero(v, v, v, 5) for v in (0.4, 3, 21)]
    ['supported', 'imprecise', 'contradicted']
    """
    if value <= ZERO_PP:
        return "supported"
    return "imprecise" if value <= tolerance_pct or lower <= ZERO_PP else "contradicted"


def judge_named(value, lower, upper, tolerance_pct):
    """Rule ``named``; the value is the percentage of the named things that hold.

    Examples
    --------
    >>> [judge_named(v, v, v, 5) for v in (100, 75, 0)]
    ['supported', 'imprecise', 'contradicted']
    """
    if value >= 100 - tolerance_pct:
        return "supported"
    return "imprecise" if value >= NAMED_HALF else "contradicted"


def judge_rank(value, lower, upper, tolerance_pct, rank):
    """Rule ``rank``.

    Examples
    --------
    >>> [judge_rank(v, v, v, 5, 1) for v in (1, 2, 3)]
    ['supported', 'imprecise', 'contradicted']
    """
    off = abs(value - rank)
    return "supported" if off < 0.5 else "imprecise" if off < 1.5 else "contradicted"


def judge_order(value, lower, upper, tolerance_pct):
    """Rule ``order``; the value is the days by which the first date follows the second.

    Examples
    --------
    >>> [judge_order(v, v, v, 5) for v in (-1, 20, 47)]
    ['supported', 'imprecise', 'contradicted']
    """
    return "supported" if value <= 0 else "imprecise" if value <= ORDER_DAYS else "contradicted"


def judge_after(value, lower, upper, tolerance_pct):
    """Rule ``after``; the value is the percentage of the change after the named cause.

    Examples
    --------
    >>> [judge_after(v, v, v, 5) for v in (90, 50, 3)]
    ['supported', 'imprecise', 'contradicted']
    """
    if value >= AFTER_MOST:
        return "supported"
    return "imprecise" if value >= AFTER_LITTLE else "contradicted"


_JUDGES = {
    "value": judge_value,
    "bound": judge_bound,
    "zero": judge_zero,
    "named": judge_named,
    "rank": judge_rank,
    "order": judge_order,
    "after": judge_after,
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
        rule,
        value,
        unit,
        tolerance_pct,
        *,
        lower=None,
        upper=None,
        label="",
        yardstick=False,
        **asked,
    ):
        """Apply a rule to a value and its interval.

        Examples
        --------
        >>> r = Reading.judged("bound", 44.0, "percent", 5, upper=52, threshold=70, side="over")
        >>> r.verdict, r.firm
        ('contradicted', True)
        """
        lower = value if lower is None else min(lower, value)
        upper = value if upper is None else max(upper, value)
        judge = _JUDGES[rule]
        ends = {judge(end, end, end, tolerance_pct, **asked) for end in (lower, value, upper)}
        claimed = (None, None)
        if rule == "value":
            claimed = (asked["claimed_low"], asked["claimed_high"])
        elif rule == "bound":
            claimed = (asked["threshold"],) * 2
        elif rule == "rank":
            claimed = (asked["rank"],) * 2
        elif rule == "zero":
            claimed = (0.0, 0.0)
        verdict = judge(value, lower, upper, tolerance_pct, **asked)
        return cls(
            label,
            float(value),
            float(lower),
            float(upper),
            unit,
            rule,
            verdict,
            len(ends) == 1,
            *claimed,
            yardstick,
        )


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

    readings: tuple
    evidence: str

    @property
    def verdict(self):
        """Of one reading its verdict; of several that disagree ``imprecise``."""
        found = {r.verdict for r in self.readings}
        if not found:
            return "unverifiable"
        return found.pop() if len(found) == 1 else "imprecise"

    @property
    def firm(self):
        return all(r.firm for r in self.readings)
