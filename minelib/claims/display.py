# SPDX-License-Identifier: MIT
"""Claims as text, as a page in Jupyter, and the article with its marks."""

from collections.abc import Iterable
from itertools import groupby, pairwise
from operator import attrgetter
from typing import Any

from minelib import html
from minelib.catalog import load
from minelib.claims.article import SECTIONS
from minelib.claims.rules import RULES, VERDICTS, Reading
from minelib.words import N_, number
from minelib.words import gettext as _

__all__ = ["Annotated", "as_html", "as_text", "reading_words", "table_words"]

KINDS = {"computed": N_("computed"), "documentary": N_("documentary")}
SEEN = {
    "full": N_("seen in full"),
    "excerpt": N_("seen as an excerpt"),
    "second_hand": N_("seen second-hand"),
    "memory": N_("from memory"),
    "none": N_("no source found"),
}
TRUST = {
    "low": N_("low"),
    "medium": N_("medium"),
    "medium_high": N_("medium to high"),
    "high": N_("high"),
}
UNIT_WORDS = {"percent": "%", "index": "", "bodies": N_("bodies"), "days": N_("days")}

SIGNS = dict(zip(VERDICTS, ("✓", "≈", "✗", "?"), strict=True))
COLOURS = dict(zip(VERDICTS, ("#1b7837", "#7f5600", "#b2182b", "#5f5f5f"), strict=True))
PALE = dict(zip(VERDICTS, ("#e2f2e5", "#fbeecb", "#fbdfe0", "#ececec"), strict=True))


def badge(verdict: str, lang: str | None = None) -> str:
    """A verdict as a coloured word with its sign (never colour alone)."""
    return html.render(
        '<span style="background:{{ pale }};color:{{ colour }};border:1px solid {{ colour }};'
        'border-radius:3px;padding:0 .4em;white-space:nowrap">{{ words }}</span>',
        pale=PALE[verdict],
        colour=COLOURS[verdict],
        words=signed(verdict, lang),
    )


def signed(verdict: str, lang: str | None = None) -> str:
    """A verdict as a word behind its sign."""
    return f"{SIGNS[verdict]} {_(verdict, lang)}"


def quantity(value: float, unit: str, lang: str | None = None) -> str:
    """A number with its unit, with as many decimals as it deserves."""
    if unit == "rank":
        return _("number {rank}", lang).format(rank=number(value, 0, lang))
    word = UNIT_WORDS.get(unit, unit)
    joined = "" if word == "%" else " "
    return f"{_digits(value, lang)}{joined}{_(word, lang) if word else ''}".rstrip()


def _digits(value, lang=None):
    size = abs(value)
    decimals = 0 if value == int(value) or size >= 1000 else 1 if size >= 10 else 2
    return number(value, decimals, lang)


MEANT = {
    "named": N_("{value} hold"),
    "after": N_("{value} after it"),
    "order": N_("{value} later"),
}


def reading_words(reading: Reading, lang: str | None = None, interval: bool = True) -> str:
    """A reading as a line: the value, what it counts where a number alone is not clear, and
    the interval."""
    shown = quantity(reading.value, reading.unit, lang)
    if reading.rule in MEANT:
        shown = _(MEANT[reading.rule], lang).format(value=shown)
    if interval and reading.lower != reading.upper:
        sign = "%" if reading.unit == "percent" else ""
        shown += _(" ({lower} to {upper})", lang).format(
            lower=_digits(reading.lower, lang) + sign, upper=_digits(reading.upper, lang) + sign
        )
    return shown


def quoted(claim: Any) -> str:
    """The article's words in marks that cannot be taken for its own."""
    return f"「{claim.claim_zh}」" if claim.lang == "zh" else f"“{claim.claim_zh}”"


def table_words(names: Iterable[str], lang: str | None = None) -> str:
    """The tables a claim was decided on, as a source."""
    return _("tables {tables}", lang).format(tables=_(", ", lang).join(names))


def _rows(claim):
    lang = claim.lang
    readings = [
        (reading.label or _("Computed", lang), f"{reading_words(reading, lang)}  {judged}")
        for reading in claim.readings
        for judged in [signed(reading.verdict, lang)]
    ]
    tables = [(table_words(claim.tables, lang), "")] if claim.kind == "computed" else []
    kind, seen = _(KINDS[claim.kind], lang), _(SEEN[claim.source_seen], lang)
    rows = [
        (_("Words of the article", lang), quoted(claim)),
        (_("In English", lang), claim.claim_en),
        *((label[0].upper() + label[1:], words) for label, words in readings),
        (_("Found", lang), claim.finding),
        (_("Evidence", lang), claim.evidence),
        (_("Note", lang), claim.note),
        (_("Rule", lang), " ".join(_(RULES[r], lang) for r in claim.rules)),
        (_("Kind and source", lang), _("{kind}; {seen}", lang).format(kind=kind, seen=seen)),
        (_("Confidence", lang), _(TRUST[claim.confidence], lang)),
        (_("Sources", lang), [*tables, *claim.documents]),
        (_("Events", lang), claim.events and _event_titles(claim.events, lang)),
    ]
    return [(head, words) for head, words in rows if words]


def _event_titles(events, lang):
    titles = load("events").set_index("event").loc[list(events)]
    days = titles["date"].dt.strftime("%Y-%m-%d")
    return _("; ", lang).join(days + " " + titles[f"title_{lang}"])


def as_text(claim: Any) -> str:
    """A claim for a terminal."""
    lines = [f"{claim.number}. {claim.id}  {signed(claim.verdict, claim.lang)}"]
    for name, words in _rows(claim):
        if not isinstance(words, str):
            words = "\n    ".join(" ".join(pair).rstrip() for pair in words)
        lines.append(f"  {_('{name}: ', claim.lang).format(name=name)}{words}")
    return "\n".join(lines)


def as_html(claim: Any) -> str:
    """A claim for Jupyter: verdict, drawing, words, evidence."""
    rows = [(name, _linked(words)) for name, words in _rows(claim)]
    styles = ["text-align:left;vertical-align:top;white-space:nowrap", "text-align:left"]
    return html.render(
        '<div class="minelib-claim"><p><strong>{{ claim.number }}. {{ claim.id }}</strong> '
        "({{ section }}) {{ badge }}</p>{{ drawing }}{{ table }}</div>",
        claim=claim,
        section=_(SECTIONS[claim.section], claim.lang),
        badge=badge(claim.verdict, claim.lang),
        drawing=drawing(claim),
        table=html.table([], rows, css="minelib-table", styles=styles, row_heads=True),
    )


def _linked(words):
    return html.render(
        "{% for said, address in pairs %}{% if address %}"
        '<a href="{{ address }}">{{ said }}</a>{% else %}{{ said }}{% endif %}'
        "{% if not loop.last %}<br>{% endif %}{% endfor %}",
        pairs=[(words, "")] if isinstance(words, str) else list(words),
    )


def drawing(claim: Any) -> str:
    """A small picture: claim or yardstick (bar) and what was computed (dot with interval).

    Readings in one unit share a scale; another unit has a scale of its own.
    """
    shown = [r for r in claim.readings if r.claimed_low is not None]
    if not shown:
        return ""
    lang, rows = claim.lang, []
    labels = [r.label or _("Computed", lang) for r in shown]
    start = 20 + max(sum(12 if ord(c) > 0x2E7F else 6.5 for c in label) for label in labels)
    scales = {r.unit: _scale([o for o in shown if o.unit == r.unit]) for r in shown}
    for r, label in zip(shown, labels, strict=True):
        low, high = scales[r.unit]
        ends = (r.lower, r.value, r.upper, r.claimed_low, r.claimed_high)
        places = [start + 350 * (v - low) / (high - low) for v in ends]
        rows.append((label, places, COLOURS[r.verdict], quantity(r.value, r.unit, lang)))
    words = {
        (False,): _("Claimed (grey bar) and computed (dot, with its interval)", lang),
        (True,): _("Yardstick (grey bar) and computed (dot, with its interval)", lang),
        (False, True): _("Claimed, or a yardstick (grey bar), and computed (dot)", lang),
    }[tuple(sorted({r.yardstick for r in shown}))]
    return html.render("claim.html", rows=rows, start=start, words=words)


def _scale(readings):
    ends = [v for r in readings for v in (r.lower, r.upper, r.claimed_low, r.claimed_high)]
    low, high = min(0.0, *ends) if min(ends) < 0.4 * max(ends) else min(ends), max(ends)
    pad = (high - low or 1.0) * 0.08
    return (low - pad if low else low), high + pad


class Annotated:
    """The article by its quotations: marked, numbered and judged, paragraph by paragraph."""

    def __init__(self, chosen: list, lang: str, evidence: bool = True) -> None:
        self.claims, self.lang, self.evidence = chosen, lang, evidence

    def __str__(self) -> str:
        if not self.claims:
            return _("No claim has this section and verdict.", self.lang)
        return "\n".join(
            f"{c.number}. {signed(c.verdict, self.lang)}: {quoted(c)}"
            + (f" {c.claim_en}" if self.lang == "en" else "")
            for c in self.claims
        )

    __repr__ = __str__

    def _repr_html_(self):
        if not self.claims:
            return html.paragraphs([str(self)])
        sections = [
            (
                _(SECTIONS[section], self.lang),
                [
                    (_marked(here), [(c, badge(c.verdict, self.lang), self._said(c)) for c in here])
                    for here in (
                        list(group) for _p, group in groupby(chosen, attrgetter("paragraph"))
                    )
                ],
            )
            for section, chosen in groupby(self.claims, attrgetter("section"))
        ]
        source = _(
            "Quotations from an anonymous Chinese article; what stands between them is left out.",
            self.lang,
        )
        return html.render("article.html", sections=sections, source=source, evidence=self.evidence)

    def _said(self, c):
        # the paraphrase serves readers of English; readers of Chinese have the words above
        return f"{c.claim_en}." if self.lang == "en" else quoted(c)


def _marked(here):
    """The quoted words of one paragraph, nested quotations marked by the innermost."""
    spans = [(c.position, c.position + len(c.claim_zh), c) for c in here]
    parts = []
    for a, b in pairwise(sorted({edge for *edges, _c in spans for edge in edges})):
        inside = [s for s in spans if s[0] <= a and b <= s[1]]
        closed = sorted((s for s in inside if s[1] == b), key=lambda s: -s[0])
        inner = min(inside, key=lambda s: s[1] - s[0])[2] if inside else None
        quoted_here = inner.claim_zh[a - inner.position : b - inner.position] if inner else ""
        parts.append((inner, quoted_here, [c for *_edges, c in closed]))
    return html.render(
        "{% for inner, words, closed in parts %}{% if inner %}"
        '<mark style="background:{{ pale[inner.verdict] }};'
        'border-bottom:2px solid {{ colours[inner.verdict] }};color:inherit">{{ words }}</mark>'
        '{% for c in closed %}<sup style="color:{{ colours[c.verdict] }}">'
        "{{ c.number }}{{ signs[c.verdict] }}</sup>{% endfor %}"
        '{% else %}<span style="color:#767676"> …… </span>{% endif %}{% endfor %}',
        parts=parts,
        pale=PALE,
        colours=COLOURS,
        signs=SIGNS,
    )
