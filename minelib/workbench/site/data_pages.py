# SPDX-License-Identifier: MIT
"""The catalogue of the data: one page per topic, one section per table."""

from minelib import catalog, html
from minelib.catalog import origins
from minelib.display import show
from minelib.words import gettext as _, number
from minelib.workbench.site.myst import ledger, raw, toctree

__all__ = ["pages"]

_LINK = (
    '<span translate="no">{% if address %}<a href="{{ address }}" rel="noopener">{{ words }}</a>'
    "{% else %}{{ words }}{% endif %}</span>"
)


def pages() -> dict[str, str]:
    """The pages as MyST, in the current language: ``"index"`` or a topic to its text."""
    found = [catalog.describe(name) for name in catalog.default().names]
    known = catalog.default().words["topic"][""].values
    topics = {topic: [each for each in found if each.topic == topic] for topic in known}
    topics = {topic: tables for topic, tables in topics.items() if tables}
    written = {
        topic: f"# {_title(topic)}\n\n" + "\n".join(map(_section, tables))
        for topic, tables in topics.items()
    }
    return {"index": _index(topics), "sources": _sources(), "coverage": _coverage(), **written}


def _title(topic):
    return catalog.columns.value("topic", topic)


def _sources():
    """Every source, and how it was seen."""
    names = ["source", "topic", "table", "source_seen", "rows"]
    every = catalog.sources()
    rows = [
        [
            (html.render(_LINK, address=each.address, words=each.source), each.source),
            _title(each.topic),
            each.table,
            catalog.columns.value("source_seen", each.source_seen),
            (number(each.rows), each.rows),
        ]
        for each in every.itertuples()
    ]
    heads = [catalog.columns.label(name, unit=False) for name in names]
    classes = ["wide", "narrow", "", "narrow", "right"]
    shares = show(catalog.quality())
    sides = ["", *["minelib-right"] * (len(shares.heads) - 1)]
    counted = html.table(shares.heads, shares.cells, classes=sides, row_heads=True)
    intro = f"{origins.in_words(catalog.default())}\n\n{raw(counted)}"
    return ledger(_("The sources"), intro, heads, rows, classes=classes, choose=3)


def _coverage():
    """First and last day of every table."""
    frame = catalog.coverage()
    reach = show(frame)
    keys = frame.astype({"first_day": "str", "last_day": "str"}).itertuples(index=False)
    rows = [
        [*cells[:3], *zip(cells[3:], key[3:], strict=True)]
        for cells, key in zip(reach.cells, keys, strict=True)
    ]
    intro = _("The first and last day of each table that has dates, read from its rows.")
    classes = ["narrow", "", "wide", "narrow", "narrow", "narrow", "right"]
    heads = reach.heads
    return ledger(_("How far the data reach"), intro, heads, rows, classes=classes, choose=0)


def _index(topics):
    rows = []
    for topic, tables in topics.items():
        for found in tables:
            facts = dict(found.facts())
            link = html.render(
                '<a href="{{ topic }}.html#{{ anchor }}">{{ title }}</a>',
                topic=topic,
                anchor=html.slugged(found.name),
                title=_(found.title),
            )
            count, *said = (facts[head] for head in (_("Rows"), _("Period"), _("Commercial use")))
            row = [(link, found.title), _title(topic), (count, found.rows)]
            rows.append([*row, said[0], found.licence, said[1]])
    intro = _(
        "Each table carries its own licence. Where commercial use is not allowed, "
        "a commercial user must leave the table out."
    )
    heads = [_("Table"), _("Topic"), _("Rows"), _("Period"), _("Licence"), _("Commercial use")]
    classes = ["wide", "narrow", "right", "narrow", "narrow", ""]
    page = ledger(_("The data"), intro, heads, rows, classes=classes, choose=1)
    return page + toctree("", ["sources", "coverage", *topics])


def _section(found):
    heads = [_("Column"), _("Label"), _("Type"), _("Unit"), _("Meaning")]
    rows = [
        [
            html.render("<code>{{ name }}</code>", name=c.name),
            label,
            c.dtype,
            _(c.unit) if c.unit else "",
            _(c.meaning),
        ]
        for c, label in zip(found.columns, found.labels, strict=True)
    ]
    caption = _("Columns of {table}").format(table=found.name)
    table = html.table(heads, rows, caption=caption, row_heads=True, scroll=caption)
    section = html.render(
        "<p>{{ meaning }}</p>{{ facts }}{{ columns }}"
        "{% for head, entries in sections %}<h3>{{ head }}</h3>{{ entries }}{% endfor %}",
        meaning=_(found.meaning),
        facts=html.definitions(
            [(head, html.linked(said)) for head, said in found.facts()], "minelib-facts"
        ),
        columns=html.folded(f"{caption} ({len(rows)})", table),
        sections=[(head, html.listed(map(html.linked, said))) for head, said in found.sections()],
    )
    return f"({found.name})=\n## {_(found.title)}\n\n{raw(section)}"
