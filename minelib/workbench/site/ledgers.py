# SPDX-License-Identifier: MIT
"""The two ledgers: claims of the article, and published results."""

from minelib import html
from minelib.words import current, interval, number, percent
from minelib.words import gettext as _
from minelib.workbench.site.myst import ledger

__all__ = ["claims", "published"]


def claims() -> str:
    """The ledger of claims as MyST, in the current language."""
    from minelib.claims import ledger as frame

    zh = current() == "zh"
    rows = [
        [
            _piece(
                '{{ words }}<small translate="no">{{ more }}</small>',
                row.claim_zh if zh else row.claim_en,
                row.id,
            ),
            _verdict(row.verdict),
            _value(row.computed_value, row.unit),
            _evidence(row.evidence, row.sources),
        ]
        for row in frame().itertuples()
    ]
    intro = _(
        "Every statement of the article that can be checked, in its order. A verdict holds for "
        "the data used here; the evidence says why."
    )
    heads = [_("Claim"), _("Verdict"), _("Computed"), _("Evidence")]
    classes = ["wide", "", "right", "widest"]
    return ledger(_("Claims put to the test"), intro, heads, rows, classes=classes, choose=1)


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
    heads = [
        _("Study"),
        _("Quantity"),
        _("Published"),
        _("Computed"),
        _("Difference"),
        _("Verdict"),
    ]
    intro = _(
        "Results that others published, computed again from the tables of this package. "
        "Under a value stands its interval; a difference from a range is the distance to it."
    )
    title = _("Published results, computed again")
    classes = ["small", "wide", "right", "right", "right", ""]
    return ledger(title, intro, heads, rows, classes=classes, choose=5)


def _piece(template, words, more):
    """A cell of two parts, sorted by the first."""
    words = _text(words)
    return html.render(template, words=words, more=_text(more)), words


def _evidence(words, sources):
    if not _text(sources):
        return _text(words)
    listed = html.render('<span translate="no">{{ each }}</span>', each=_text(sources))
    return _piece("{{ words }}{{ more }}", words, html.folded(_("Sources"), listed))


def _verdict(verdict):
    template = '<span class="minelib-verdict minelib-{{ more }}">{{ words }}</span>'
    return _piece(template, _(str(verdict)), html.slugged(verdict))


def _text(value):
    if value is None or value != value:
        return ""
    return value if isinstance(value, str) else str(value)


def _estimate(value, lower, upper, unit):
    """A value with its interval under it; a range alone where no value was given."""
    if lower != lower:
        return _value(value, unit)
    between = interval(lower, upper, _decimals(max(abs(lower), abs(upper))))
    if value != value:
        return f"{between} {'%' if unit == 'percent' else _(unit)}", (lower + upper) / 2
    said, key = _value(value, unit)
    template = "{{ said }}<small>{{ between }}</small>"
    return html.render(template, said=said, between=between), key


def _decimals(size):
    return 0 if size >= 100 else 1 if size >= 10 else 2


def _value(value, unit):
    if value is None or value != value:
        return "–", ""
    if isinstance(value, str):
        return value
    value = float(value)
    decimals = 0 if value.is_integer() else _decimals(abs(value))
    if unit == "percent":
        return percent(value, decimals), value
    return f"{number(value, decimals)} {_(unit) if _text(unit) else ''}".strip(), value
