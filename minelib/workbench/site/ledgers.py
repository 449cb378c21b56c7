# SPDX-License-Identifier: MIT
"""The two ledgers: claims of the article, and published results."""

from html import escape

from minelib.words import gettext as _
from minelib.words import interval, number, percent
from minelib.workbench.site.data_pages import search_words
from minelib.workbench.site.html import ledger, raw, slugged

__all__ = ["claims", "published"]


def claims(lang):
    """The ledger of claims as MyST."""
    from minelib.claims import ledger as frame

    rows = [
        [
            _claim(row.claim_zh if lang == "zh" else row.claim_en, row.id),
            _verdict(row.verdict, lang),
            _value(row.computed_value, row.unit, lang),
            _evidence(row.evidence, row.sources, lang),
        ]
        for row in frame(lang=lang).itertuples()
    ]
    heads = [_("Claim", lang), _("Verdict", lang), _("Computed", lang), _("Evidence", lang)]
    intro = _(
        "Every statement of the article that can be checked, in its order. A verdict holds for "
        "the data used here; the evidence says why.",
        lang,
    )
    title = _("Claims put to the test", lang)
    table = ledger(
        heads,
        rows,
        words=search_words(lang),
        caption=title,
        filter_column=1,
        classes=["minelib-wide", "", "minelib-right", "minelib-widest"],
    )
    return f"# {title}\n\n{intro}\n\n{raw(table)}"


def published(lang):
    """The ledger of published results as MyST."""
    from minelib.published import table as frame

    rows = [
        [
            f"{row.authors} ({row.year})",
            _quantity(row.quantity, row.why),
            _estimate(row.published_value, row.published_low, row.published_high, row.unit, lang),
            _estimate(row.computed_value, row.computed_lower, row.computed_upper, row.unit, lang),
            _value(row.difference, "", lang),
            _verdict(row.verdict, lang),
        ]
        for row in frame(lang=lang).itertuples()
    ]
    heads = [
        _("Study", lang),
        _("Quantity", lang),
        _("Published", lang),
        _("Computed", lang),
        _("Difference", lang),
        _("Verdict", lang),
    ]
    intro = _(
        "Results that others published, computed again from the tables of this package. "
        "Under a value stands its interval; a difference from a range is the distance to it.",
        lang,
    )
    title = _("Published results, computed again", lang)
    table = ledger(
        heads,
        rows,
        words=search_words(lang),
        caption=title,
        filter_column=5,
        classes=["minelib-small", "minelib-wide", *["minelib-right"] * 3, ""],
    )
    return f"# {title}\n\n{intro}\n\n{raw(table)}"


def _claim(words, key):
    return (f'{escape(words)}<small translate="no">{escape(str(key))}</small>', words)


def _evidence(words, sources, lang):
    words, sources = _text(words), _text(sources)
    if not sources:
        return words
    head = escape(_("Sources", lang))
    sources = f'<span translate="no">{escape(sources)}</span>'
    folded = f"<details><summary>{head}</summary>{sources}</details>"
    return (f"{escape(words)}{folded}", words)


def _verdict(verdict, lang):
    said = _(str(verdict), lang)
    return (f'<span class="minelib-verdict minelib-{slugged(verdict)}">{escape(said)}</span>', said)


def _text(value):
    return "" if value is None or value != value else str(value)


def _quantity(words, why):
    words, why = _text(words), _text(why)
    return (f"{escape(words)}<small>{escape(why)}</small>", words)


def _estimate(value, lower, upper, unit, lang):
    """A value with its interval under it; a range alone where no value was given."""
    if lower != lower:
        return _value(value, unit, lang)
    decimals = _decimals(max(abs(lower), abs(upper)))
    between = interval(lower, upper, decimals, lang)
    if value != value:
        unit = "%" if unit == "percent" else _(unit, lang)
        return (escape(f"{between} {unit}"), (lower + upper) / 2)
    html, key = _value(value, unit, lang)
    return (f"{html}<small>{escape(between)}</small>", key)


def _decimals(size):
    return 0 if size >= 100 else 1 if size >= 10 else 2


def _value(value, unit, lang):
    if value is None or value != value:
        return ("–", "")
    if isinstance(value, str):
        return value
    decimals = 0 if float(value).is_integer() else _decimals(abs(float(value)))
    if unit == "percent":
        return (percent(float(value), decimals, lang), float(value))
    shown = number(float(value), decimals, lang)
    return (escape(f"{shown} {_(unit, lang) if _text(unit) else ''}".strip()), float(value))
