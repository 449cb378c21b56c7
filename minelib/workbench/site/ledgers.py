# SPDX-License-Identifier: MIT
"""The two ledgers: claims of the article, and published results."""

from minelib import html
from minelib.declared import sentences
from minelib.words import current, gettext as _, quantity, within
from minelib.workbench.site.myst import ledger

__all__ = ["claims", "published"]

_say = sentences(__file__)


def claims() -> str:
    """The ledger of claims as MyST, in the current language: each reading with its verdict, and
    which of them decided."""
    from minelib.claims import claims as decided

    zh = current() == "zh"
    rows = [
        [
            _piece(
                '{{ words }}<small translate="no">{{ more }}</small>',
                claim.claim_zh if zh else claim.claim_en,
                claim.id,
            ),
            _verdict(claim.verdict),
            (claim.computed or "–", claim.computed_value),
            _evidence(claim),
        ]
        for claim in decided()
    ]
    heads = [_("Claim"), _("Verdict"), _("Computed"), _("Evidence")]
    classes = ["wide", "", "right", "widest"]
    title = _("Claims put to the test")
    return ledger(title, _say("claims"), heads, rows, classes=classes, choose=1)


def published() -> str:
    """The ledger of published results as MyST, in the current language."""
    from minelib.published import table as frame

    rows = [
        [
            f"{row.authors} ({row.year})",
            _piece("{{ words }}<small>{{ more }}</small>", row.quantity, row.why),
            _estimate(row.published_value, row.published_low, row.published_high, row.unit),
            _estimate(row.computed_value, row.computed_lower, row.computed_upper, row.unit),
            _value(row.difference, ""),
            _verdict(row.verdict),
        ]
        for row in frame().itertuples()
    ]
    heads = [_("Study"), _("Quantity"), _("Published"), _("Computed")]
    heads += [_("Difference"), _("Verdict")]
    title = _("Published results, computed again")
    classes = ["small", "wide", "right", "right", "right", ""]
    return ledger(title, _say("published"), heads, rows, classes=classes, choose=5)


def _piece(template, words, more):
    """A cell of two parts, sorted by the first."""
    words = _text(words)
    return html.render(template, words=words, more=_text(more)), words


def _evidence(claim):
    """The reason, the readings where there are several, and the sources folded."""
    from minelib.claims.display import reading_words

    readings = [
        (_verdict(each.verdict)[0], _said(each.label or _("Computed"), reading_words(each)))
        for each in claim.readings
    ]
    listed = html.render('<span translate="no">{{ each }}</span>', each=claim.sources)
    shown = html.render(
        '{{ words }}{% if readings|length > 1 %}<ul class="minelib-readings">'
        "{% for badge, said in readings %}"
        "<li>{{ badge }} {{ said }}</li>{% endfor %}</ul>"
        "<p>{{ decided }}</p>{% endif %}{{ sources }}",
        words=claim.evidence,
        readings=readings,
        decided=claim.decided,
        sources=html.folded(_("Sources"), listed),
    )
    return shown, claim.evidence


def _said(label, value):
    return _("{name}: ").format(name=label) + value if value else label


def _verdict(verdict):
    template = '<span class="minelib-verdict minelib-{{ more }}">{{ words }}</span>'
    return _piece(template, _(str(verdict)), html.slugged(verdict))


def _text(value):
    if value is None or value != value:
        return ""
    return value if isinstance(value, str) else str(value)


def _estimate(value, lower, upper, unit):
    """A value with its interval under it; a range alone where no value was given."""
    between = within(lower, upper, value)
    if value != value:
        return f"{between} {'%' if unit == 'percent' else _(unit)}", (lower + upper) / 2
    said, key = _value(value, unit)
    if not between:
        return said, key
    template = "{{ said }}<small>{{ between }}</small>"
    return html.render(template, said=said, between=between), key


def _value(value, unit):
    value = float("nan") if value is None else float(value)
    return quantity(value, unit), "" if value != value else value
