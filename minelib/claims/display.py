# SPDX-License-Identifier: MIT
"""Claims as text, as a page in Jupyter, and the article with its marks."""

from collections.abc import Iterable
from itertools import groupby, pairwise
from operator import attrgetter
from typing import Any

from minelib import html
from minelib.catalog import columns, load
from minelib.claims.article import SECTIONS, pieces, text
from minelib.claims.rules import RULES, VERDICTS, WORDS, Reading
from minelib.words import N_, gettext as _, quantity, within

__all__ = [
    *("Annotated", "as_html", "as_text", "decided_words", "reading_line", "reading_words"),
    *("table_words"),
]

KINDS, SEEN, TRUST, MEANT = (WORDS[name] for name in ("kinds", "seen", "trust", "meant"))
UNIT_WORDS = WORDS["units"] | {"index": "", "percent": "%"}

OWN = N_("A text of one's own")

MANY = 4  # readings: beyond that they are counted, not listed

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


NAMED = {0.0: N_("does not hold"), 100.0: N_("holds in full")}


def reading_words(reading: Reading, lang: str | None = None, interval: bool = True) -> str:
    """A reading as a line: the value, what it counts where a number alone is not clear, and
    the interval."""
    if reading.rule == "documents":
        return ""
    shown = quantity(reading.value, reading.unit, lang)
    if reading.rule == "named" and reading.value in NAMED:
        shown = _(NAMED[reading.value], lang)
    elif reading.rule == "order" and reading.value < 0:
        earlier = quantity(-reading.value, reading.unit, lang)
        shown = _("{value} earlier", lang).format(value=earlier)
    elif reading.rule in MEANT:
        shown = _(MEANT[reading.rule], lang).format(value=shown)
    ends = within(reading.lower, reading.upper, reading.value, reading.unit, lang)
    shown += _(" ({interval})", lang).format(interval=ends) if interval and ends else ""
    if reading.yardstick and reading.claimed_low is not None:
        limit = quantity(reading.claimed_low, reading.unit, lang)
        shown = _("{value}, yardstick {limit}", lang).format(value=shown, limit=limit)
    return shown


def reading_line(reading: Reading, lang: str | None = None) -> str:
    """A reading in one line: how the words are read, what was found, its verdict."""
    parts = [reading.label, reading_words(reading, lang), _(reading.verdict, lang)]
    return _(", ", lang).join(part for part in parts if part)


def decided_words(readings: Iterable[Reading], verdict: str, lang: str | None = None) -> str:
    """Which of several readings decided the verdict; nothing where there is one."""
    groups: dict[str, list[str]] = {}
    for reading in readings:
        groups.setdefault(reading.verdict, []).append(reading.label or _("Computed", lang))
    count = sum(map(len, groups.values()))
    if count < 2:
        return ""
    if len(groups) == 1:
        return _("All readings agree.", lang)
    said = {}
    for each in sorted(groups, key=list(VERDICTS).index):
        labels = _("; ", lang).join(groups[each])
        if count > MANY:
            labels = _("{some} of {count} readings", lang).format(
                some=len(groups[each]), count=count
            )
        said[each] = _("{verdict} ({labels})", lang).format(verdict=_(each, lang), labels=labels)
    if verdict not in said or {"supported", "contradicted"} <= set(said):
        sentence = _("No reading decides alone: {all}.", lang)
        return sentence.format(all=_(", ", lang).join(said.values()))
    deciding = said.pop(verdict)
    sentence = _("What decides: {deciding}; read otherwise: {others}.", lang)
    return sentence.format(deciding=deciding, others=_(", ", lang).join(said.values()))


def quoted(claim: Any) -> str:
    """The article's words in marks that cannot be taken for its own."""
    said = claim.claim_zh.replace("\n", " ")
    return f"「{said}」" if claim.lang == "zh" else f"“{said}”"


def table_words(names: Iterable[str], lang: str | None = None) -> str:
    """The tables a claim was decided on, as a source."""
    return _("tables {tables}", lang).format(tables=_(", ", lang).join(names))


def _rows(claim):
    lang = claim.lang
    readings = [
        (reading.label or _("Computed", lang), f"{reading_words(reading, lang)}  {judged}".lstrip())
        for reading in claim.readings
        for judged in [signed(reading.verdict, lang)]
    ]
    said = N_("Words of the article") if claim.section in SECTIONS else N_("Words of the text")
    tables = [(table_words(claim.tables, lang), "")] if claim.kind == "computed" else []
    kind, seen = _(KINDS[claim.kind], lang), _(SEEN[claim.source_seen], lang)
    rows = [
        (_(said, lang), quoted(claim)),
        (_("In English", lang), claim.claim_en * (claim.claim_en != claim.claim_zh)),
        *((label[0].upper() + label[1:], words) for label, words in readings),
        (_("Which reading decided", lang), claim.decided),
        (_("Found", lang), claim.finding),
        (_("Evidence", lang), claim.evidence),
        (_("Note", lang), claim.note),
        (_("Rule", lang), " ".join(_(RULES[r], lang) for r in claim.rules)),
        (_("Kind and source", lang), _("{kind}; {seen}", lang).format(kind=kind, seen=seen)),
        (_("Confidence", lang), _(TRUST[claim.confidence], lang)),
        (_("Sources", lang), [*tables, *claim.documents] or _(SEEN["none"], lang)),
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
    styles = ["text-align:left;vertical-align:top;max-width:16em", "text-align:left"]
    return html.render(
        '<div class="minelib-claim"><p><strong>{{ claim.number }}. {{ claim.id }}</strong> '
        "({{ section }}) {{ badge }}</p>{{ drawing }}{{ table }}</div>",
        claim=claim,
        section=_(SECTIONS.get(claim.section, OWN), claim.lang),
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
    """A text by its quotations: marked, numbered and judged, paragraph by paragraph.

    ``own`` is a text of one's own, with its language and its title; without it, the article.
    """

    def __init__(
        self,
        chosen: list,
        lang: str,
        evidence: bool = True,
        own: tuple[str, str, str] | None = None,
    ) -> None:
        self.claims, self.lang, self.evidence, self.own = chosen, lang, evidence, own

    def __str__(self) -> str:
        if not self.claims:
            return _("No claim has this section and verdict.", self.lang)
        return "\n".join(
            f"{c.number}. {signed(c.verdict, self.lang)}: {quoted(c)}"
            + (f" {c.claim_en}" if self.lang == "en" and c.claim_en != c.claim_zh else "")
            for c in self.claims
        )

    __repr__ = __str__

    def _repr_html_(self):
        if not self.claims:
            return html.paragraphs([str(self)])
        sections = []
        for section, chosen in groupby(self.claims, attrgetter("section")):
            groups = [list(group) for _p, group in groupby(chosen, attrgetter("paragraph"))]
            told = [[(c, badge(c.verdict, self.lang), self._said(c)) for c in g] for g in groups]
            marked = [_marked(group, self.lang, self.own) for group in groups]
            name = _(SECTIONS.get(section, OWN), self.lang)
            sections.append((name, list(zip(marked, told, strict=True))))
        found = N_("An anonymous Chinese article, as it was found; in grey what cannot be checked.")
        source = self.own[2] if self.own else _(found, self.lang)
        shown = {"sections": sections, "source": source, "evidence": self.evidence}
        return html.render("article.html", **shown, tongue=self.own[1] if self.own else "zh")

    def _said(self, c):
        # the paraphrase serves readers of English; readers of Chinese have the words above
        return f"{c.claim_en}." if self.lang == "en" and not self.own else quoted(c)


def _marked(here, lang, own):
    """The lines of a paragraph, its statements marked (nested ones by the innermost), the rest
    grey with the reason why it cannot be checked."""
    whole, apart = (own[0], []) if own else (text(), pieces())
    known = set() if own else set(load("claims")["paragraph"])
    ends = [0, *(at + 1 for at, letter in enumerate(whole) if letter == "\n"), len(whole) + 1]
    first = last = here[0].paragraph
    while first > 1 and first - 1 not in known:  # headings stand above their paragraph
        first -= 1
    start, end = ends[first - 1], ends[last] - 1
    spans = [(c.position, c.position + len(c.claim_zh), c) for c in here]
    reasons = {at: (at + len(words), why) for at, words, why in apart if why}
    edges = {start, end, *(edge for *both, _c in spans for edge in both)}
    edges |= {edge for at, (stop, _why) in reasons.items() for edge in (at, stop)}
    parts = []
    for a, b in pairwise(sorted(edge for edge in edges if start <= edge <= end)):
        inside = [s for s in spans if s[0] <= a and b <= s[1]]
        closed = sorted((s for s in inside if s[1] == b), key=lambda s: -s[0])
        inner = min(inside, key=lambda s: s[1] - s[0])[2] if inside else None
        why = ""
        if a in reasons and not inner:
            why = columns.value("reason", reasons[a][1], lang, "article_spans")
        parts.append((inner, whole[a:b].split("\n"), why, [c for *_edges, c in closed]))
    return html.render("marked.html", parts=parts, pale=PALE, colours=COLOURS, signs=SIGNS)
