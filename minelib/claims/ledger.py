# SPDX-License-Identifier: MIT
"""The ledger: every claim with its verdict, its numbers, its evidence and its sources."""

from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import cache

from minelib import words
from minelib.checks import language
from minelib.claims.article import SECTIONS, check_section, sections
from minelib.claims.decisions import decide
from minelib.claims.display import (
    KINDS,
    SEEN,
    TRUST,
    Annotated,
    as_html,
    as_text,
    reading_words,
    table_words,
)
from minelib.claims.evidence import Tables
from minelib.claims.rules import CONFIDENCE, TOLERANCE_PCT, VERDICTS, check_tolerance
from minelib.errors import UnknownName
from minelib.words import gettext as _

__all__ = ["Claim", "annotated", "claim", "claims", "ledger", "score"]


@dataclass(frozen=True)
class Claim:
    """One statement of the article and what became of it.

    Shows as a page in Jupyter, as text elsewhere; `to_dict` gives plain values.

    Attributes
    ----------
    id, section, kind : str
    number : int
        Place in the article's order, from 1.
    paragraph, position : int
        Line of the article (from 1) and character (from 0) at which the words begin.
    claim_zh, claim_en : str
        Exact words and paraphrase.
    verdict : str
        One of `minelib.claims.VERDICTS`.
    rules : tuple of str
        Names of the rules applied, keys of `minelib.claims.RULES`.
    computed_value, lower, upper : float or None
        Of the reading nearest to the words; None for documentary claims.
    value_claimed, claimed_unit, unit : str
        What is claimed as text and its unit; the unit of what was computed.
    readings : tuple of Reading
    finding, evidence, sources, note : str
        In the language asked.
    documents : tuple of (str, str)
        The documents among the sources and the address at which each was seen, or "".
    source_seen, confidence : str
    tables, events : tuple of str
    lang : str
    """

    id: str
    number: int
    section: str
    paragraph: int
    position: int
    claim_zh: str
    claim_en: str
    kind: str
    value_claimed: str
    claimed_unit: str
    period: str
    verdict: str
    rules: tuple
    computed_value: float | None
    lower: float | None
    upper: float | None
    unit: str
    readings: tuple
    finding: str
    evidence: str
    sources: str
    documents: tuple
    source_seen: str
    confidence: str
    note: str
    tables: tuple
    events: tuple
    lang: str

    def to_dict(self):
        """All of it as plain values, ready for JSON."""
        plain = asdict(self)
        for key in ("rules", "tables", "events", "readings", "documents"):
            plain[key] = list(plain[key])
        return plain

    def __str__(self):
        return as_text(self)

    __repr__ = __str__

    def _repr_html_(self):
        return as_html(self)


@contextmanager
def speaking(lang):
    """The language for sentences made inside; yields its name."""
    before = words.current()
    words.use(language(lang))
    try:
        yield words.current()
    finally:
        words.use(before)


def claims(lang=None, tables=None, tolerance_pct=TOLERANCE_PCT):
    """All claims, decided, in the order of the article.

    Parameters
    ----------
    lang : {"en", "zh"} or None
        None for the current language.
    tables : mapping of str to pandas.DataFrame, callable or None
        Tables to decide on instead of the package's own.
    tolerance_pct : float
        0 to 100, both included: how far a round figure may lie from the value.

    Returns
    -------
    list of Claim

    Raises
    ------
    BadParameter
        A tolerance outside 0 to 100.

    Examples
    --------
    >>> len(claims("en"))
    79
    """
    tolerance_pct = check_tolerance(tolerance_pct)
    with speaking(lang) as language:
        if tables is None:
            return list(_shipped_claims(language, tolerance_pct))
        return _claims(language, Tables(tables), tolerance_pct)


@cache
def _shipped_claims(lang, tolerance_pct):
    """On the package's own tables, which do not change while it runs."""
    return tuple(_claims(lang, Tables(), tolerance_pct))


def _claims(lang, tables, tolerance_pct):
    rows = tables["claims"].sort_values(["position", "claim"], kind="stable")
    documents = _documents(tables, lang)
    made = []
    for number, row in enumerate(rows.to_dict("records"), 1):
        made.append(_claim(number, row, tables, tolerance_pct, documents, lang))
    return made


def _claim(number, row, tables, tolerance_pct, documents, lang):
    row = {k: None if v != v else v for k, v in row.items()}
    confidence, rules, readings = row["confidence"], ("documents",), ()
    verdict, evidence = row["verdict"], row[f"evidence_{lang}"]
    used = _split(row["tables"])
    cited = [documents[s] for s in _split(row["sources"])]
    sources = [words for words, _address in cited]
    if row["kind"] == "computed":
        outcome = decide(row["claim"], tables, tolerance_pct)
        verdict, evidence, readings = outcome.verdict, outcome.evidence, outcome.readings
        rules = tuple(dict.fromkeys(r.rule for r in readings)) or ("missing",)
        if any(r.yardstick for r in readings):
            rules += ("yardstick",)
        if len({r.verdict for r in readings}) > 1:
            rules += ("readings",)
        if readings and not outcome.firm:
            confidence = CONFIDENCE[max(0, CONFIDENCE.index(confidence) - 1)]
        cited = [d for d in cited if d != documents["none_found"]]
        sources = [table_words(used)] + [words for words, _address in cited]
    first = readings[0] if readings else None
    return Claim(
        id=row["claim"],
        number=number,
        section=row["section"],
        paragraph=row["paragraph"],
        position=row["position"],
        claim_zh=row["claim_zh"],
        claim_en=row["claim_en"],
        kind=row["kind"],
        value_claimed=row["value_claimed"] or "",
        period=row["period"] or "",
        verdict=verdict,
        rules=rules,
        computed_value=first and first.value,
        lower=first and first.lower,
        upper=first and first.upper,
        unit=first.unit if first else "",
        claimed_unit=row["unit"] or "",
        readings=readings,
        finding=row[f"finding_{lang}"] or "",
        evidence=evidence or "",
        sources=_("; ").join(sources),
        documents=tuple(cited),
        source_seen=row["source_seen"],
        confidence=confidence,
        note=row[f"note_{lang}"] or "",
        tables=used,
        events=_split(row["events"]),
        lang=lang,
    )


def _split(cell):
    return tuple(cell.split(";")) if cell else ()


def _documents(tables, lang):
    words = {}
    for row in tables["claim_sources"].to_dict("records"):
        title = row[f"title_{lang}"]
        if row["seen"] == "none":
            words[row["claim_source"]] = (title, "")
            continue
        when = f" ({row['published']})" if row["published"] == row["published"] else ""
        said = _("{publisher}, “{title}”{when}").format(
            publisher=row[f"publisher_{lang}"], title=title, when=when
        )
        address = row["address"] if row["address"] == row["address"] else ""
        words[row["claim_source"]] = (said, address)
    return words


def check_verdict(verdict):
    """A verdict's key; None and ``"all"`` stand for all of them.

    Raises
    ------
    UnknownName
        With the nearest names.
    """
    if verdict in (None, "all"):
        return None
    if verdict not in VERDICTS:
        raise UnknownName("verdict", verdict, [*VERDICTS, "all"])
    return verdict


def ledger(lang=None, tables=None, tolerance_pct=TOLERANCE_PCT, section=None, verdict=None):
    """The claims as a table, in the order of the article.

    Parameters
    ----------
    lang : {"en", "zh"} or None
        Language of evidence, sources and notes; None for the current one.
    tables : mapping of str to pandas.DataFrame, callable or None
        Tables to decide on instead of the package's own.
    tolerance_pct : float
        0 to 100, both included.
    section, verdict : str or None
        Keep only these; None or ``"all"`` keeps everything.

    Returns
    -------
    pandas.DataFrame
        ``id``, ``number``, ``section``, ``claim_zh``, ``claim_en``, ``kind``, ``verdict``,
        ``verdict_text``, ``rules``, ``value_claimed``, ``claimed_unit``, ``computed_value``,
        ``lower``, ``upper``, ``unit``, ``computed``, ``finding``, ``evidence``, ``sources``,
        ``source_seen``, ``confidence``, ``note``, ``tables``, ``events``. ``verdict`` is a key
        in English whatever the language; ``verdict_text`` is the word for the reader, and
        ``computed`` the value with its interval and unit in words.

    Raises
    ------
    UnknownName
        Of a section or a verdict, with the nearest.
    BadParameter
        A tolerance outside 0 to 100.

    Examples
    --------
    >>> ledger("en", section="lead", verdict="contradicted")["id"].tolist()
    ['n924_quote_stop_mining', 'exit_caused_by_924', 'cn_exit_complete']
    """
    import pandas as pd

    section, verdict = check_section(section), check_verdict(verdict)
    rows = []
    for c in claims(lang, tables, tolerance_pct):
        if section in (None, c.section) and verdict in (None, c.verdict):
            plain = {k: getattr(c, k) for k in _COLUMNS if hasattr(c, k)}
            plain["verdict_text"] = _(c.verdict, c.lang)
            plain["computed"] = reading_words(c.readings[0], c.lang) if c.readings else ""
            for key in ("rules", "tables", "events"):
                plain[key] = ";".join(plain[key])
            rows.append(plain)
    frame = pd.DataFrame(rows, columns=_COLUMNS)
    numbers = ["computed_value", "lower", "upper"]
    return frame.astype(dict.fromkeys(numbers, "float64"))


_COLUMNS = [
    "id",
    "number",
    "section",
    "claim_zh",
    "claim_en",
    "kind",
    "verdict",
    "verdict_text",
    "rules",
    "value_claimed",
    "claimed_unit",
    "computed_value",
    "lower",
    "upper",
    "unit",
    "computed",
    "finding",
    "evidence",
    "sources",
    "source_seen",
    "confidence",
    "note",
    "tables",
    "events",
]


def claim(id, lang=None, tables=None, tolerance_pct=TOLERANCE_PCT):
    """One claim in full.

    Parameters
    ----------
    id : str
        As in `ledger`.
    lang, tables, tolerance_pct
        As in `ledger`.

    Returns
    -------
    Claim

    Raises
    ------
    UnknownName
        With the nearest ids.

    Examples
    --------
    >>> c = claim("us_38", "en")
    >>> c.verdict, round(c.computed_value, 1), c.unit
    ('supported', 37.8, 'percent')
    """
    tolerance_pct = check_tolerance(tolerance_pct)
    with speaking(lang) as language:
        tables = Tables(tables)
        rows = tables["claims"].sort_values(["position", "claim"], kind="stable")
        records = rows.to_dict("records")
        for number, row in enumerate(records, 1):
            if row["claim"] == id:
                documents = _documents(tables, language)
                return _claim(number, row, tables, tolerance_pct, documents, language)
        raise UnknownName("claim", id, [r["claim"] for r in records])


def score(by="section", lang=None, tables=None, tolerance_pct=TOLERANCE_PCT):
    """How many claims got which verdict.

    Parameters
    ----------
    by : {"section", "kind", "confidence", "source_seen"}
    lang, tables, tolerance_pct
        As in `ledger`.

    Returns
    -------
    pandas.DataFrame
        One row a group and a last row ``all``; the group's key, ``label`` in the language,
        a column of counts for each verdict, and ``total``.

    Raises
    ------
    UnknownName
        Another grouping.

    Examples
    --------
    >>> score(lang="en").set_index("section").loc["all", "total"]
    np.int64(79)
    """
    groups = {
        "section": SECTIONS,
        "kind": KINDS,
        "confidence": dict(reversed(TRUST.items())),
        "source_seen": SEEN,
    }
    if by not in groups:
        raise UnknownName("grouping", by, groups)
    with speaking(lang) as language:
        frame = ledger(language, tables, tolerance_pct)
        counts = frame.groupby([by, "verdict"]).size().unstack(fill_value=0)
        keys = [k for k in groups[by] if k in counts.index]
        counts = counts.reindex(index=keys, columns=list(VERDICTS), fill_value=0).astype("int64")
        counts.loc["all"] = counts.sum()
        counts["total"] = counts.sum(axis=1)
        words = sections() if by == "section" else {k: _(v) for k, v in groups[by].items()}
        counts.insert(0, "label", [words.get(k, _("All")) for k in counts.index])
        return counts.rename_axis(by).rename_axis(None, axis=1).reset_index()


def annotated(
    section=None, verdict=None, lang=None, tables=None, tolerance_pct=TOLERANCE_PCT, evidence=True
):
    """The article paragraph by paragraph, with its claims marked and judged.

    Only the quotations are shown; the words between them are left out.

    Parameters
    ----------
    section, verdict : str or None
        Keep only these; None or ``"all"`` keeps everything.
    lang, tables, tolerance_pct
        As in `minelib.claims.ledger`.
    evidence : bool
        Show the reason under each verdict.

    Returns
    -------
    Annotated

    Raises
    ------
    UnknownName
        Of a section or a verdict, with the nearest.

    Examples
    --------
    >>> print(str(annotated("lead", "supported", "en")).splitlines()[1])
    2. ✓ supported: “中国央行等十部门联合发布” Ten bodies issued it
    """
    section, verdict = check_section(section), check_verdict(verdict)
    with speaking(lang) as language:
        chosen = [
            c
            for c in claims(language, tables, tolerance_pct)
            if section in (None, c.section) and verdict in (None, c.verdict)
        ]
        return Annotated(chosen, language, evidence)
