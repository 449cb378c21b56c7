# SPDX-License-Identifier: MIT
"""What was said of the hash rate in its own time, tried on the blocks of these days."""

import numpy as np
import pandas as pd

from minelib.catalog import load
from minelib.chain import LABELS, TIMES, block_times, poisson_interval
from minelib.chain.times import HASHES
from minelib.checks import between, language, one_of
from minelib.checks.door import Lang, Number
from minelib.claims.rules import TOLERANCE_PCT, WORDS, Reading
from minelib.words import gettext as _

__all__ = ["chain_claims"]


def chain_claims(
    *,
    labels: str = LABELS[0],
    times: str = TIMES[0],
    level: Number = 0.9,
    tolerance_pct: Number = TOLERANCE_PCT,
    lang: Lang | None = None,
) -> pd.DataFrame:
    """Statements on the hash rate of a day or a week, each with what the blocks say.

    Parameters
    ----------
    labels : {"2025", "2026"}
        Labelling that names the pools; see `minelib.chain.block_times`.
    times : {"in_order", "median"}
        Treatment of header times that run backwards.
    level : float
        Of the intervals, between 0 and 1, exclusive.
    tolerance_pct : float
        How far a stated value may lie from the interval, 0 to 100, both included.
    lang : {"en", "zh"} or None
        None for the current language.

    Returns
    -------
    pandas.DataFrame
        One row per statement of table ``chain_claims``: ``statement``, ``said``, ``by``,
        ``words``, ``quantity``, ``value`` (stated), ``computed``, ``lower``, ``upper`` (in the
        unit of the quantity: percent or EH/s), ``blocks`` (int, of the days it speaks of),
        ``verdict`` and ``reason``.

    Raises
    ------
    BadParameter
        Another labelling or treatment; a level or a tolerance out of bounds.

    Notes
    -----
    A level is blocks times their work over the time, with the exact interval of a Poisson
    count; a change is the ratio of two such levels, with the exact interval of a ratio of
    Poisson means (by the binomial that is left when the sum is known). The rule is that of a
    stated value, with one addition: a change whose interval holds both what is stated and
    nothing at all is not to be decided from these blocks.

    Examples
    --------
    >>> table = chain_claims(lang="en").set_index("statement")
    >>> table.loc["december_day", "verdict"]
    'unverifiable'
    """
    one_of("labels", labels, LABELS)
    one_of("times", times, TIMES)
    between("level", level, 0, 1, exclusive=True)
    tolerance_pct = between("tolerance_pct", tolerance_pct, 0, 100)
    spoken = language(lang)
    rows = [
        _tried(row, labels, times, float(level), tolerance_pct, spoken)
        for row in load("chain_claims").itertuples(index=False)
    ]
    return pd.DataFrame(rows)


def _tried(row, labels, times, level, tolerance_pct, lang):
    pools = None if pd.isna(row.pool) else [row.pool]
    count, work, days = _mined(row.start, row.end, labels, times, pools)
    if row.quantity == "hashrate_eh_s":
        lower, upper = (bound[0] for bound in poisson_interval([count], level))
        scale = work / count / (days * 86_400)
        computed = np.array([count, lower, upper]) * scale
        unit = "EH/s"
    else:
        before = _mined(row.base_start, row.base_end, labels, times, pools)
        computed, unit = _change(before, (count, work, days), level), "percent"
    value, lower, upper = (float(each) for each in computed)
    verdict = _verdict(row.value, value, lower, upper, unit, tolerance_pct)
    told = {name: getattr(row, name) for name in ("statement", "said", "by")}
    return told | {
        "words": getattr(row, f"words_{lang}"),
        "quantity": row.quantity,
        "value": row.value,
        "computed": value,
        "lower": lower,
        "upper": upper,
        "blocks": count,
        "verdict": verdict,
        "reason": _(WORDS["blocks"][verdict], lang),
    }


def _mined(start, end, labels, times, pools):
    """Blocks, their work in EH and the days of a span."""
    blocks = block_times(start, end, labels=labels, times=times, pools=pools)
    return len(blocks), blocks["difficulty"].sum() * HASHES, (end - start).days + 1


def _change(before, after, level):
    """Change in percent with its exact interval, given the number of blocks of both spans."""
    from scipy.special import betaincinv

    (n, work, days), (m, work_after, days_after) = before, after
    tail = (1 - level) / 2
    low = betaincinv(m, n + 1, tail) if m else 0.0
    high = betaincinv(m + 1, n, 1 - tail) if n else 1.0
    odds = np.array([m / n, low / (1 - low), high / (1 - high)])
    weight = (work_after / m / days_after) / (work / n / days)
    return 100 * (odds * weight - 1)


def _verdict(stated, value, lower, upper, unit, tolerance_pct):
    if unit == "percent" and lower <= 0 <= upper and lower <= stated <= upper:
        return "unverifiable"
    ends = {"lower": lower, "upper": upper}
    return Reading.judged("value", value, unit, tolerance_pct, stated, **ends).verdict
