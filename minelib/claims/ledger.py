# SPDX-License-Identifier: MIT
"""The ledger: every claim with its verdict, its numbers, its evidence and its sources."""

import textwrap
from collections.abc import Callable
from contextlib import contextmanager
from functools import cache

import pandas as pd

from minelib import words
from minelib.checks import language, name_in
from minelib.checks.door import Lang, Names, Number
from minelib.claims.article import SECTIONS
from minelib.claims.decisions import decide
from minelib.claims.display import KINDS, SEEN, TRUST, Annotated, reading_line
from minelib.claims.evidence import Given, tables_of
from minelib.claims.rules import TOLERANCE_PCT, VERDICTS, Outcome
from minelib.claims.statement import FIELDS, Claim, documents_of, judged
from minelib.words import N_, gettext as _

__all__ = [
    *("annotated", "claim", "claims", "ledger", "readings", "score"),
    *("framed", "judge_all", "read"),
]


_LONG_EN, _LONG_ZH = 46, 18  # characters of a claim's words beside a reading


@contextmanager
def _speaking(lang):
    """The language for sentences made inside."""
    before = words.current()
    words.use(lang)
    try:
        yield
    finally:
        words.use(before)


def claims(
    lang: Lang | None = None,
    tables: Given = None,
    tolerance_pct: Number = TOLERANCE_PCT,
    section: str | None = None,
    verdict: str | None = None,
    only: Names | None = None,
) -> list[Claim]:
    """All claims, decided, in the order of the article.

    Parameters
    ----------
    lang : {"en", "zh"} or None
        Language of evidence, sources and notes; None for the current one.
    tables : mapping of str to pandas.DataFrame, callable or None
        Tables to decide on instead of the package's own.
    tolerance_pct : float
        0 to 100, both included: how far a round figure may lie from the value.
    section, verdict : str or None
        Keep only these; None or ``"all"`` keeps everything.
    only : list of str or None
        Ids of the claims wanted; no others are decided.

    Returns
    -------
    list of Claim

    Raises
    ------
    UnknownName
        Of a language, section, verdict, claim or table, with the nearest.
    BadInput
        A frame without the columns of its table.
    BadParameter
        A tolerance outside 0 to 100.

    Examples
    --------
    >>> claims("en")[0].id
    'n924_date_title'
    """
    section = _chosen("section", section, SECTIONS)
    verdict = _chosen("verdict", verdict, VERDICTS)
    if tables is None and only is None:
        found = _on_packaged_tables(language(lang), tolerance_pct)
    else:
        found = judge_all(language(lang), tables, tolerance_pct, only)
    return [c for c in found if section in (None, c.section) and verdict in (None, c.verdict)]


def _chosen(kind, name, known):
    return None if name in (None, "all") else name_in(kind, name, [*known, "all"])


@cache
def _on_packaged_tables(lang, tolerance_pct):
    """These do not change while the package runs."""
    return judge_all(lang, None, tolerance_pct)


def judge_all(
    lang: str,
    given: Given,
    tolerance_pct: Number,
    only: Names | None = None,
    decider: Callable[..., Outcome] = decide,
) -> list[Claim]:
    """Every row of table ``claims`` of those given, decided, in the order of its text."""
    tables = tables_of(given)
    rows = tables["claims"].sort_values(["position", "claim"], kind="stable", ignore_index=True)
    rows = rows.assign(number=rows.index + 1)
    if only is not None:
        for each in only:
            name_in("claim", each, [*rows["claim"]])
        rows = rows[rows["claim"].isin(only)]
    with _speaking(lang):
        cited, records = documents_of(tables, lang), rows.to_dict("records")
        return [judged(row, tables, tolerance_pct, cited, lang, decider) for row in records]


def claim(
    id: str, lang: Lang | None = None, tables: Given = None, tolerance_pct: Number = TOLERANCE_PCT
) -> Claim:
    """One claim in full.

    Parameters
    ----------
    id : str
        As in `ledger`.
    lang, tables, tolerance_pct
        As in `claims`.

    Returns
    -------
    Claim

    Raises
    ------
    UnknownName
        With the nearest ids.
    BadInput, BadParameter
        As in `claims`.

    Examples
    --------
    >>> c = claim("us_38", "en")
    >>> c.verdict, round(c.computed_value, 1), c.unit
    ('supported', 37.8, 'percent')
    """
    (found,) = judge_all(language(lang), tables, tolerance_pct, [id])
    return found


def ledger(
    lang: Lang | None = None,
    tables: Given = None,
    tolerance_pct: Number = TOLERANCE_PCT,
    section: str | None = None,
    verdict: str | None = None,
    only: Names | None = None,
) -> pd.DataFrame:
    """The claims as a table, in the order of the article.

    Parameters
    ----------
    lang, tables, tolerance_pct, section, verdict, only
        As in `claims`.

    Returns
    -------
    pandas.DataFrame
        ``id``, ``number``, ``section``, ``claim_zh``, ``claim_en``, ``kind``, ``verdict``,
        ``verdict_text``, ``rules``, ``value_claimed``, ``claimed_unit``, ``computed_value``,
        ``lower``, ``upper``, ``unit``, ``computed``, ``decided``, ``finding``, ``evidence``,
        ``sources``, ``source_seen``, ``confidence``, ``note``, ``tables``, ``events``,
        ``readings``. ``number`` is a whole number, ``computed_value``, ``lower`` and ``upper``
        are float (NaN for documentary claims), all others text. ``verdict`` is a key in English
        whatever the language; ``verdict_text`` is the word for the reader, ``computed`` the
        value with its interval and unit in words, ``readings`` each way to read the words (or
        yardstick for them) with its value and verdict, and ``decided`` which of them decided.

    Raises
    ------
    UnknownName, BadInput, BadParameter
        As in `claims`.

    Examples
    --------
    >>> ledger("en", section="lead", verdict="contradicted")["id"].tolist()
    ['n924_quote_stop_mining', 'exit_caused_by_924', 'cn_exit_complete']
    """
    return framed(claims(lang, tables, tolerance_pct, section, verdict, only), lang)


def framed(chosen: list[Claim], lang: str | None = None) -> pd.DataFrame:
    """Claims as the table that `ledger` describes."""
    columns = FIELDS[: FIELDS.index("paragraph")]
    frame = pd.DataFrame([vars(c) for c in chosen], columns=[*columns, "readings"])
    language_, join = language(lang), _("; ", lang)
    frame["readings"] = [
        join.join(filter(None, (reading_line(r, language_) for r in each)))
        for each in frame["readings"]
    ]
    for name in ("rules", "tables", "events"):
        frame[name] = frame[name].map(";".join)
    return frame.astype(dict.fromkeys(("computed_value", "lower", "upper"), "float64"))


def readings(
    lang: Lang | None = None,
    tables: Given = None,
    tolerance_pct: Number = TOLERANCE_PCT,
    only: Names | None = None,
) -> pd.DataFrame:
    """What was found for each reading of each claim, in the order of the article.

    Parameters
    ----------
    lang, tables, tolerance_pct, only
        As in `claims`; the language is that of ``reading``.

    Returns
    -------
    pandas.DataFrame
        One row per reading, of documentary claims too, which have no numbers there: ``id`` and
        ``number`` of the claim, ``reading`` (its number, its words in short, and how
        they are read), ``rule``, ``claimed_low``, ``claimed_high`` (NaN where no number
        stands against it), ``value``, ``lower``, ``upper``, ``unit``, ``verdict`` of
        this reading alone, and ``is_yardstick``: the article has no number here, and
        the claimed ones are the yardstick.

    Raises
    ------
    UnknownName, BadInput, BadParameter
        As in `claims`.

    Examples
    --------
    >>> readings("en").query("id == 'sichuan_40_2021'")["verdict"].tolist()
    ['supported', 'contradicted']
    """
    return read(claims(lang, tables, tolerance_pct, only=only))


def read(chosen: list[Claim]) -> pd.DataFrame:
    """Claims as the table that `readings` describes."""
    numbers = ["claimed_low", "claimed_high", "value", "lower", "upper"]
    rows = [
        {**vars(each), "id": c.id, "number": c.number, "reading": _in_short(c, each.label)}
        for c in chosen
        for each in c.readings
    ]
    columns = ["id", "number", "reading", "rule", *numbers, "unit", "verdict", "yardstick"]
    frame = pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(numbers, "float64"))
    return frame.rename(columns={"yardstick": "is_yardstick"})


def _in_short(claim, label):
    """The claim's number, its words in short, and how they are read."""
    said = claim.claim_zh
    if claim.lang == "en":
        said = textwrap.shorten(claim.claim_en, _LONG_EN, placeholder="…")
    elif len(said) > _LONG_ZH:
        said = said[: _LONG_ZH - 1] + "…"
    return f"{claim.number} {said}" + (f" ({label})" if label else "")


def score(
    by: str = "section",
    lang: Lang | None = None,
    tables: Given = None,
    tolerance_pct: Number = TOLERANCE_PCT,
) -> pd.DataFrame:
    """How many claims got which verdict.

    Parameters
    ----------
    by : {"section", "kind", "confidence", "source_seen"}
    lang, tables, tolerance_pct
        As in `claims`.

    Returns
    -------
    pandas.DataFrame
        One row per group and a last row ``all``; the group's key, ``label`` in the language,
        a column of counts (int64) for each verdict, and ``total``.

    Raises
    ------
    UnknownName
        Another grouping; others as in `claims`.
    BadInput, BadParameter
        As in `claims`.

    Examples
    --------
    >>> score("kind", "en")["kind"].tolist()
    ['computed', 'documentary', 'all']
    """
    trust = dict(reversed(TRUST.items()))
    groups = {"section": SECTIONS, "kind": KINDS, "confidence": trust, "source_seen": SEEN}
    name_in("grouping", by, groups)
    frame = ledger(lang, tables, tolerance_pct)
    keys = [key for key in groups[by] if key in set(frame[by])]
    counts = pd.crosstab(frame[by], frame["verdict"])
    counts = counts.reindex(index=keys, columns=list(VERDICTS), fill_value=0)
    counts.loc["all"] = counts.sum()
    counts["total"] = counts.sum(axis=1)
    label = groups[by] | {"all": N_("All")}
    counts.insert(0, "label", [_(label[key], lang) for key in counts.index])
    return counts.rename_axis(by).rename_axis(None, axis=1).reset_index()


def annotated(
    section: str | None = None,
    verdict: str | None = None,
    lang: Lang | None = None,
    tables: Given = None,
    tolerance_pct: Number = TOLERANCE_PCT,
    evidence: bool = True,
) -> Annotated:
    """The article paragraph by paragraph, with its claims marked and judged.

    Only the quotations are shown; the words between them are left out.

    Parameters
    ----------
    section, verdict, lang, tables, tolerance_pct
        As in `claims`.
    evidence : bool
        Show the reason under each verdict.

    Returns
    -------
    Annotated
        Shows as a page in Jupyter, as text elsewhere.

    Raises
    ------
    UnknownName, BadInput, BadParameter
        As in `claims`.

    Examples
    --------
    >>> print(str(annotated("lead", "supported", "en")).splitlines()[1])
    2. ✓ supported: “中国央行等十部门联合发布” Ten bodies issued it
    """
    chosen = claims(lang, tables, tolerance_pct, section, verdict)
    return Annotated(chosen, language(lang), evidence)
