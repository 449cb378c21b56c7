# SPDX-License-Identifier: MIT
"""The catalogue of the data: one page a topic, one section a table."""

from minelib import catalog, html
from minelib.words import N_
from minelib.words import gettext as _
from minelib.workbench.site.myst import ledger, raw, toctree

__all__ = ["pages"]

_TOPICS = {
    "network": N_("The network"),
    "geography": N_("Where the miners are"),
    "pools": N_("Pools"),
    "hardware": N_("Mining machines"),
    "energy": N_("Electricity and carbon"),
    "society": N_("Events, claims and people"),
    "names": N_("Names in two languages"),
}


def pages() -> dict[str, str]:
    """The pages as MyST, in the current language: ``"index"`` or a topic to its text."""
    found = [catalog.describe(name) for name in catalog.default().names]
    topics = {
        topic: [each for each in found if each.topic == topic]
        for topic in dict.fromkeys([*_TOPICS, *sorted(each.topic for each in found)])
    }
    topics = {topic: tables for topic, tables in topics.items() if tables}
    written = {
        topic: f"# {_title(topic)}\n\n" + "\n".join(map(_section, tables))
        for topic, tables in topics.items()
    }
    return {"index": _index(topics), **written}


def _title(topic):
    return _(_TOPICS.get(topic, topic))


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
            said = [facts[head] for head in (_("Rows"), _("Period"), _("Commercial use"))]
            rows.append(
                [
                    (link, found.title),
                    _title(topic),
                    (said[0], found.rows),
                    said[1],
                    found.licence,
                    said[2],
                ]
            )
    intro = _(
        "Each table carries its own licence. Where commercial use is not allowed, "
        "a commercial user must leave the table out."
    )
    heads = [_("Table"), _("Topic"), _("Rows"), _("Period"), _("Licence"), _("Commercial use")]
    classes = ["wide", "narrow", "right", "narrow", "narrow", ""]
    page = ledger(_("The data"), intro, heads, rows, classes=classes, choose=1)
    return page + toctree("", topics)


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
