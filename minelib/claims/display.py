# SPDX-License-Identifier: MIT
"""Claims as text, as a page in Jupyter, and the article with its marks."""

from collections.abc import Iterable
from html import escape
from itertools import groupby, pairwise
from operator import attrgetter
from typing import Any

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
    return (
        f'<span style="background:{PALE[verdict]};color:{COLOURS[verdict]};'
        f"border:1px solid {COLOURS[verdict]};border-radius:3px;padding:0 .4em;"
        f'white-space:nowrap">{escape(signed(verdict, lang))}</span>'
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
    body = "".join(
        '<tr><th scope="row" style="text-align:left;vertical-align:top;white-space:nowrap">'
        f'{escape(name)}</th><td style="text-align:left">{_linked(words)}</td></tr>'
        for name, words in _rows(claim)
    )
    return (
        f'<div class="minelib-claim"><p><strong>{claim.number}. {escape(claim.id)}</strong> '
        f"({escape(_(SECTIONS[claim.section], claim.lang))}) {badge(claim.verdict, claim.lang)}</p>"
        f'{drawing(claim)}<table class="minelib-table"><tbody>{body}</tbody></table></div>'
    )


def _linked(words):
    pairs = [(words, "")] if isinstance(words, str) else words
    return "<br>".join(
        f'<a href="{escape(address)}">{escape(said)}</a>' if address else escape(said)
        for said, address in pairs
    )


def drawing(claim: Any) -> str:
    """A small picture: claim or yardstick (bar) and what was computed (dot with interval).

    Readings in one unit share a scale; another unit has a scale of its own.
    """
    shown = [r for r in claim.readings if r.claimed_low is not None]
    if not shown:
        return ""
    lang, parts = claim.lang, []
    labels = [r.label or _("Computed", lang) for r in shown]
    start = 20 + max(sum(12 if ord(c) > 0x2E7F else 6.5 for c in label) for label in labels)
    scales = {r.unit: _scale([o for o in shown if o.unit == r.unit]) for r in shown}
    for i, (r, label) in enumerate(zip(shown, labels, strict=True)):
        y, end = 16 + 26 * i, start + 350
        low, high = scales[r.unit]
        lower, value, upper, left, right = (
            start + 350 * (v - low) / (high - low)
            for v in (r.lower, r.value, r.upper, r.claimed_low, r.claimed_high)
        )
        parts.append(
            f'<text x="{start - 8:.0f}" y="{y + 4}" text-anchor="end" font-size="11" fill="#333">'
            f"{escape(label)}</text>"
            f'<line x1="{start:.0f}" x2="{end:.0f}" y1="{y}" y2="{y}" stroke="#ddd"/>'
            f'<rect x="{left - 2:.1f}" y="{y - 9}" width="{right - left + 4:.1f}" height="18" '
            f'fill="#555" opacity="0.55"/>'
            f'<line x1="{lower:.1f}" x2="{upper:.1f}" y1="{y}" y2="{y}" '
            f'stroke="{COLOURS[r.verdict]}" stroke-width="4"/>'
            f'<circle cx="{value:.1f}" cy="{y}" r="5" fill="{COLOURS[r.verdict]}"/>'
            f'<text x="{end + 6:.0f}" y="{y + 4}" font-size="11" fill="{COLOURS[r.verdict]}">'
            f"{escape(quantity(r.value, r.unit, lang))}</text>"
        )
    width, height = int(start + 450), 26 * len(shown) + 10
    words = {
        (False,): _("Claimed (grey bar) and computed (dot, with its interval)", lang),
        (True,): _("Yardstick (grey bar) and computed (dot, with its interval)", lang),
        (False, True): _("Claimed, or a yardstick (grey bar), and computed (dot)", lang),
    }[tuple(sorted({r.yardstick for r in shown}))]
    return (
        f'<svg role="img" aria-label="{escape(words)}" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">'
        f"<title>{escape(words)}</title>{''.join(parts)}</svg>"
        f'<p style="font-size:80%;margin:0">{escape(words)}</p>'
    )


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
            return f"<p>{escape(str(self))}</p>"
        parts = []
        for section, chosen in groupby(self.claims, attrgetter("section")):
            parts.append(f"<h4>{escape(_(SECTIONS[section], self.lang))}</h4>")
            for here in (list(group) for _p, group in groupby(chosen, attrgetter("paragraph"))):
                parts.append(
                    '<p lang="zh" style="line-height:2;border-left:3px solid #bbb;'
                    f'padding-left:.8em">{_marked(here)}</p>'
                    f'<ul style="list-style:none">{"".join(map(self._item, here))}</ul>'
                )
        source = _(
            "Quotations from an anonymous Chinese article; what stands between them is left out.",
            self.lang,
        )
        return (
            f'<div class="minelib-article">{"".join(parts)}'
            f'<p style="font-size:80%">{escape(source)}</p></div>'
        )

    def _item(self, c):
        # the paraphrase serves readers of English; readers of Chinese have the words above
        said = f" {escape(c.claim_en)}." if self.lang == "en" else f" {escape(quoted(c))}"
        why = f"<br>{escape(c.evidence)}" if self.evidence else ""
        return f'<li style="margin:.3em 0">{c.number} {badge(c.verdict, self.lang)}{said}{why}</li>'


def _marked(here):
    """The quoted words of one paragraph, nested quotations marked by the innermost."""
    spans = [(c.position, c.position + len(c.claim_zh), c) for c in here]
    parts = []
    for a, b in pairwise(sorted({edge for *edges, _c in spans for edge in edges})):
        inside = [s for s in spans if s[0] <= a and b <= s[1]]
        if not inside:
            parts.append('<span style="color:#767676"> …… </span>')
            continue
        start, _end, inner = min(inside, key=lambda s: s[1] - s[0])
        parts.append(
            f'<mark style="background:{PALE[inner.verdict]};'
            f'border-bottom:2px solid {COLOURS[inner.verdict]};color:inherit">'
            f"{escape(inner.claim_zh[a - start : b - start])}</mark>"
        )
        for _start, _b, c in sorted((s for s in inside if s[1] == b), key=lambda s: -s[0]):
            parts.append(
                f'<sup style="color:{COLOURS[c.verdict]}">{c.number}{SIGNS[c.verdict]}</sup>'
            )
    return "".join(parts)
