# SPDX-License-Identifier: MIT
"""One statement of the article: its words, its verdict and what it rests on."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from typing import Any

from minelib.claims.decisions import decide
from minelib.claims.display import SEEN, as_html, as_text, decided_words, reading_words, table_words
from minelib.claims.evidence import Tables
from minelib.claims.rules import CONFIDENCE, Outcome, Reading
from minelib.errors import BadInput
from minelib.words import gettext as _

__all__ = ["FIELDS", "Claim", "documents_of", "judged"]


@dataclass(frozen=True)
class Claim:
    """One statement of the article and what became of it.

    Shows as a page in Jupyter, as text elsewhere; `to_dict` gives plain values.

    Attributes
    ----------
    id, section, kind : str
    number : int
        Place in the article's order, from 1.
    claim_zh, claim_en : str
        Exact words and paraphrase.
    verdict, verdict_text : str
        One of `minelib.claims.VERDICTS`, and in the language asked.
    rules : tuple of str
        Names of the rules applied, keys of `minelib.claims.RULES`.
    value_claimed, claimed_unit, period : str
        What is claimed as text, its unit and its time.
    computed_value, lower, upper : float or None
        Of the reading nearest to the words; None for documentary claims.
    unit, computed : str
        Of what was computed; and the value with its interval and unit in words.
    decided : str
        Which of several readings decided the verdict; empty where there is one.
    finding, evidence, sources, note : str
        In the language asked.
    source_seen, confidence : str
    tables, events : tuple of str
    paragraph, position : int
        Line of the article (from 1) and character (from 0) at which the words begin.
    readings : tuple of Reading
        The ways to read the words, each with its verdict; also against each yardstick.
    documents : tuple of (str, str)
        The documents among the sources and the publisher's address of each, or "".
    lang : str
    """

    id: str
    number: int
    section: str
    claim_zh: str
    claim_en: str
    kind: str
    verdict: str
    verdict_text: str
    rules: tuple[str, ...]
    value_claimed: str
    claimed_unit: str
    computed_value: float | None
    lower: float | None
    upper: float | None
    unit: str
    computed: str
    decided: str
    finding: str
    evidence: str
    sources: str
    source_seen: str
    confidence: str
    note: str
    tables: tuple[str, ...]
    events: tuple[str, ...]
    paragraph: int
    position: int
    period: str
    readings: tuple[Reading, ...]
    documents: tuple[tuple[str, str], ...]
    lang: str

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain values, ready for JSON."""
        plain = asdict(self)
        plain["readings"] = tuple(
            {k: None if v != v else v for k, v in reading.items()} for reading in plain["readings"]
        )
        return {k: list(v) if isinstance(v, tuple) else v for k, v in plain.items()}

    def __str__(self) -> str:
        return as_text(self)

    __repr__ = __str__

    def _repr_html_(self):
        return as_html(self)


FIELDS = [field.name for field in fields(Claim)]


def judged(
    row: dict,
    tables: Tables,
    tolerance_pct: float,
    documents: dict,
    lang: str,
    decider: Callable[..., Outcome] = decide,
) -> Claim:
    """A row of table ``claims``, with its ``number``, as a claim with its verdict.

    ``documents`` is what `documents_of` gives; sentences are made in the current language, which
    must be ``lang``. ``decider`` takes id, tables and tolerance, as `decide` does.
    """
    row = {k: "" if v is None or v != v else v for k, v in row.items()}
    for name in ("tables", "events", "sources"):
        row[name] = tuple(row[name].split(";")) if row[name] else ()
    row |= {"id": row["claim"], "claimed_unit": row["unit"], "unit": "", "lang": lang}
    row |= {name: row[f"{name}_{lang}"] for name in ("finding", "evidence", "note")}
    on = []
    if row["kind"] == "computed":
        outcome = decider(row["claim"], tables, tolerance_pct)
        row["sources"] += _yardstick_sources(row["claim"], tables)
        on = [table_words(row["tables"], lang)] if row["tables"] else []
        if outcome.readings and not outcome.firm:
            row["confidence"] = CONFIDENCE[max(0, CONFIDENCE.index(row["confidence"]) - 1)]
        row["verdict"] = outcome.verdict
    else:
        outcome = Outcome(_documented(row["claim"], tables, lang), row["evidence"])
        row["verdict"] = row["verdict"] or outcome.verdict
        if not outcome.evidence:
            sentence = _(
                "Claim '{claim}' has no evidence: give the reason of its verdict in its row."
            )
            raise BadInput(sentence.format(claim=row["claim"]))
    cited = [documents[name] for name in dict.fromkeys(row["sources"])]
    rules = _rules(outcome, row["kind"])
    row["source_seen"] = row["source_seen"] or "none"
    row |= {
        "verdict_text": _(row["verdict"]),
        "rules": rules,
        "computed": "",
        "decided": decided_words(outcome.readings, row["verdict"], lang),
        "evidence": outcome.evidence,
        "sources": _("; ").join(on + [said for said, _address in cited]) or _(SEEN["none"]),
        "readings": outcome.readings,
        "documents": tuple(cited),
    }
    for first in outcome.readings[: row["kind"] == "computed"]:
        row |= {"computed_value": first.value, "lower": first.lower, "upper": first.upper}
        row |= {"unit": first.unit, "computed": reading_words(first)}
    values: dict[str, Any] = {name: row.get(name) for name in FIELDS}
    return Claim(**values)


def _documented(claim, tables, lang):
    """The readings of a documentary claim."""
    rows = tables["claim_readings"]
    rows = rows[rows["claim"] == claim].to_dict("records")
    return tuple(Reading.documented(row[f"reading_{lang}"], row["verdict"]) for row in rows)


def _yardstick_sources(claim, tables):
    """Keys of the sources of the yardsticks a computed claim is held against."""
    sticks = tables["claim_yardsticks"]
    cells = sticks.loc[sticks["claim"] == claim, "sources"].dropna()
    return tuple(key for cell in cells for key in cell.split(";"))


def _rules(outcome, kind):
    """Names of the rules that an outcome rests on."""
    readings = outcome.readings
    rules = tuple(dict.fromkeys(r.rule for r in readings))
    rules = rules or ("missing" if kind == "computed" else "documents",)
    if any(r.yardstick for r in readings):
        rules += ("yardstick",)
    return rules + ("readings",) * (len({r.verdict for r in readings}) > 1)


def documents_of(tables: Tables, lang: str) -> dict[str, tuple[str, str]]:
    """Source to its words and the publisher's address, or ""."""
    found = {}
    for row in tables["claim_sources"].fillna("").to_dict("records"):
        when = f" ({row['published']})" if row["published"] else ""
        said = _("{publisher}, “{title}”{when}").format(
            publisher=row[f"publisher_{lang}"], title=row[f"title_{lang}"], when=when
        )
        found[row["claim_source"]] = (said, row["address"])
    return found
