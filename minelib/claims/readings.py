# SPDX-License-Identifier: MIT
"""Every way to read a claim with a number, decided, as one table."""

import textwrap

from minelib.claims.ledger import claims
from minelib.claims.rules import TOLERANCE_PCT

__all__ = ["readings"]

_COLUMNS = (
    "id",
    "number",
    "reading",
    "rule",
    "claimed_low",
    "claimed_high",
    "value",
    "lower",
    "upper",
    "unit",
    "verdict",
    "is_yardstick",
)
_LONG_EN, _LONG_ZH = 46, 18  # characters of the claim's words


def readings(lang=None, tables=None, tolerance_pct=TOLERANCE_PCT):
    """What was computed for each reading of each claim, in the order of the article.

    Parameters
    ----------
    lang : {"en", "zh"} or None
        Language of ``reading``; None for the current one.
    tables, tolerance_pct
        As in `minelib.claims.ledger`.

    Returns
    -------
    pandas.DataFrame
        One row a reading: ``id`` and ``number`` of the claim, ``reading`` (its number, its words
        in short, and how they are read), ``rule``, ``claimed_low``, ``claimed_high`` (NaN where
        no number stands against it), ``value``, ``lower``, ``upper``, ``unit``, ``verdict`` of
        this reading alone, and ``is_yardstick``: the article has no number here, and the
        claimed ones are the yardstick.

    Raises
    ------
    BadParameter
        A tolerance outside 0 to 100.

    Examples
    --------
    >>> readings("en").query("id == 'sichuan_40_2021'")["verdict"].tolist()
    ['imprecise', 'contradicted']
    """
    import pandas as pd

    rows = [
        (
            claim.id,
            claim.number,
            _named(claim, reading.label),
            reading.rule,
            reading.claimed_low,
            reading.claimed_high,
            reading.value,
            reading.lower,
            reading.upper,
            reading.unit,
            reading.verdict,
            reading.yardstick,
        )
        for claim in claims(lang, tables, tolerance_pct)
        for reading in claim.readings
    ]
    frame = pd.DataFrame(rows, columns=_COLUMNS)
    numbers = ["claimed_low", "claimed_high", "value", "lower", "upper"]
    return frame.astype(dict.fromkeys(numbers, "float64"))


def _named(claim, label):
    """The claim in short words, and how it is read."""
    if claim.lang == "zh":
        words = claim.claim_zh
        words = words if len(words) <= _LONG_ZH else words[: _LONG_ZH - 1] + "…"
    else:
        words = textwrap.shorten(claim.claim_en, _LONG_EN, placeholder="…")
    return f"{claim.number} {words}" + (f" ({label})" if label else "")
