# SPDX-License-Identifier: MIT
"""Claims as text, as a page in Jupyter, and the article with its marks."""

from html import escape

from minelib.claims.article import sections
from minelib.claims.rules import RULES, VERDICTS
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


def badge(verdict, lang=None):
    """A verdict as a coloured word with its sign (never colour alone)."""
    return (
        f'<span style="background:{PALE[verdict]};color:{COLOURS[verdict]};'
        f"border:1px solid {COLOURS[verdict]};border-radius:3px;padding:0 .4em;"
        f'white-space:nowrap">{SIGNS[verdict]} {escape(_(verdict, lang))}</span>'
    )


def quantity(value, unit, lang=None):
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


def reading_words(reading, lang=None, interval=True):
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


def quoted(claim):
    """The article's words in marks that cannot be taken for its own."""
    return f"「{claim.claim_zh}」" if claim.lang == "zh" else f"“{claim.claim_zh}”"


def table_words(names, lang=None):
    """The tables a claim was decided on, as a source."""
    return _("tables {tables}", lang).format(tables=_(", ", lang).join(names))


def _rows(claim):
    lang = claim.lang
    rows = [(_("Words of the article", lang), quoted(claim))]
    rows.append((_("In English", lang), claim.claim_en))
    for reading in claim.readings:
        head = reading.label or _("Computed", lang)
        word = f"{reading_words(reading, lang)}  {SIGNS[reading.verdict]} "
        rows.append((head[0].upper() + head[1:], word + _(reading.verdict, lang)))
    if claim.finding:
        rows.append((_("Found", lang), claim.finding))
    rows.append((_("Evidence", lang), claim.evidence))
    if claim.note:
        rows.append((_("Note", lang), claim.note))
    rows.append((_("Rule", lang), " ".join(_(RULES[r], lang) for r in claim.rules)))
    seen = _("{kind}; {seen}", lang).format(
        kind=_(KINDS[claim.kind], lang), seen=_(SEEN[claim.source_seen], lang)
    )
    rows.append((_("Kind and source", lang), seen))
    rows.append((_("Confidence", lang), _(TRUST[claim.confidence], lang)))
    computed = claim.kind == "computed"
    tables = [(table_words(claim.tables, lang), "")] if computed else []
    rows.append((_("Sources", lang), [*tables, *claim.documents]))
    events = _event_titles(claim.events, lang)
    if events:
        rows.append((_("Events", lang), events))
    return rows


def _event_titles(events, lang):
    if not events:
        return ""
    from minelib.catalog import load

    titles = load("events").set_index("event")
    return _("; ", lang).join(
        f"{titles.loc[e, 'date'].date()} {titles.loc[e, f'title_{lang}']}" for e in events
    )


def as_text(claim):
    """The claim for a terminal."""
    head = f"{claim.number}. {claim.id}  {SIGNS[claim.verdict]} {_(claim.verdict, claim.lang)}"
    lines = [head]
    for name, words in _rows(claim):
        if not isinstance(words, str):
            words = "\n    ".join(" ".join(pair).rstrip() for pair in words)
        lines.append(f"  {_('{name}: ', claim.lang).format(name=name)}{words}")
    return "\n".join(lines)


def as_html(claim):
    """The claim for Jupyter: verdict, drawing, words, evidence."""
    body = "".join(
        '<tr><th scope="row" style="text-align:left;vertical-align:top;white-space:nowrap">'
        f'{escape(name)}</th><td style="text-align:left">{_linked(words)}</td></tr>'
        for name, words in _rows(claim)
    )
    title = sections(claim.lang)[claim.section]
    return (
        f'<div class="minelib-claim"><p><strong>{claim.number}. {escape(claim.id)}</strong> '
        f"({escape(title)}) {badge(claim.verdict, claim.lang)}</p>{drawing(claim)}"
        f'<table class="minelib-table"><tbody>{body}</tbody></table></div>'
    )


def _linked(words):
    if isinstance(words, str):
        return escape(words)
    return "<br>".join(
        f'<a href="{escape(address)}">{escape(said)}</a>' if address else escape(said)
        for said, address in words
    )


def drawing(claim):
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

    def __init__(self, chosen, lang, evidence=True):
        self.claims, self.lang, self.evidence = chosen, lang, evidence

    def __str__(self):
        if not self.claims:
            return _("No claim has this section and verdict.", self.lang)
        return "\n".join(
            f"{c.number}. {SIGNS[c.verdict]} {_(c.verdict, self.lang)}: {quoted(c)}"
            + (f" {c.claim_en}" if self.lang == "en" else "")
            for c in self.claims
        )

    __repr__ = __str__

    def _repr_html_(self):
        if not self.claims:
            return f"<p>{escape(_('No claim has this section and verdict.', self.lang))}</p>"
        parts, section = [], None
        for paragraph in sorted({c.paragraph for c in self.claims}):
            here = [c for c in self.claims if c.paragraph == paragraph]
            if here[0].section != section:
                section = here[0].section
                parts.append(f"<h4>{escape(sections(self.lang)[section])}</h4>")
            parts.append(
                '<p lang="zh" style="line-height:2;border-left:3px solid #bbb;'
                f'padding-left:.8em">{_marked(here)}</p>'
            )
            parts.append(f'<ul style="list-style:none">{"".join(map(self._item, here))}</ul>')
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
    cuts = sorted({edge for a, b, _c in spans for edge in (a, b)})
    parts, gap = [], False
    for a, b in zip(cuts, cuts[1:], strict=False):
        inside = [s for s in spans if s[0] <= a and b <= s[1]]
        if not inside:
            gap = True
            continue
        if gap:
            parts.append('<span style="color:#767676"> …… </span>')
            gap = False
        start, end, inner = min(inside, key=lambda s: s[1] - s[0])
        words = inner.claim_zh[a - start : b - start]
        parts.append(
            f'<mark style="background:{PALE[inner.verdict]};'
            f'border-bottom:2px solid {COLOURS[inner.verdict]};color:inherit">'
            f"{escape(words)}</mark>"
        )
        for _a, _b, c in sorted((s for s in spans if s[1] == b), key=lambda s: -s[0]):
            parts.append(
                f'<sup style="color:{COLOURS[c.verdict]}">{c.number}{SIGNS[c.verdict]}</sup>'
            )
    return "".join(parts)
