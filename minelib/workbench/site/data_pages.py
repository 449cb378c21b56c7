# SPDX-License-Identifier: MIT
"""The catalogue of the data: one page a topic, one section a table."""

import re
from collections import defaultdict
from html import escape

from minelib import catalog
from minelib.words import N_
from minelib.words import gettext as _
from minelib.workbench.site.html import ledger, raw, slugged

__all__ = ["pages", "topic_title"]

_TOPICS = {
    "network": N_("The network"),
    "geography": N_("Where the miners are"),
    "pools": N_("Pools"),
    "hardware": N_("Mining machines"),
    "energy": N_("Electricity and carbon"),
    "society": N_("Events, claims and people"),
    "names": N_("Names in two languages"),
}


def topic_title(topic, lang):
    """What a topic of the data is called."""
    return _(_TOPICS[topic], lang) if topic in _TOPICS else topic


def pages(lang):
    """The pages as MyST.

    Returns
    -------
    dict
        Name of the page (``"index"`` or a topic) to its text.
    """
    topics = defaultdict(list)
    for name in catalog.default().names:
        found = catalog.describe(name, lang)
        topics[found.descriptor.topic].append(found)
    order = [topic for topic in _TOPICS if topic in topics] + sorted(set(topics) - set(_TOPICS))
    written = {"index": _index(topics, order, lang)}
    for topic in order:
        sections = "\n".join(_section(found, lang) for found in topics[topic])
        written[topic] = f"# {topic_title(topic, lang)}\n\n{sections}"
    return written


def _index(topics, order, lang):
    rows = []
    for topic in order:
        for found in topics[topic]:
            facts = dict(zip(_FACTS, (text for _head, text in found.facts()), strict=False))
            title = escape(_(found.title, lang))
            link = f'<a href="{topic}.html#{slugged(found.name)}">{title}</a>'
            rows.append(
                [
                    (link, found.title),
                    topic_title(topic, lang),
                    (facts["rows"], found.rows),
                    facts["period"],
                    found.licence,
                    facts["commercial"],
                ]
            )
    heads = [
        _("Table", lang),
        _("Topic", lang),
        _("Rows", lang),
        _("Period", lang),
        _("Licence", lang),
        _("Commercial use", lang),
    ]
    table = ledger(
        heads,
        rows,
        words=search_words(lang),
        caption=_("The data", lang),
        filter_column=1,
        classes=[
            "minelib-wide",
            "minelib-narrow",
            "minelib-right",
            "minelib-narrow",
            "minelib-narrow",
            "",
        ],
    )
    intro = _(
        "Each table carries its own licence. Where commercial use is not allowed, "
        "a commercial user must leave the table out.",
        lang,
    )
    listed = "\n".join(order)
    return (
        f"# {_('The data', lang)}\n\n{intro}\n\n{raw(table)}\n"
        f"```{{toctree}}\n:hidden:\n\n{listed}\n```\n"
    )


_FACTS = ("name", "rows", "period", "places", "version", "licence", "origin", "commercial")


def search_words(lang):
    """The words of a searchable table."""
    return {
        "search": _("Search in this table", lang),
        "all": _("All", lang),
        "shown": _("{shown} of {all} rows", lang),
    }


def _section(found, lang):
    d = found.descriptor
    facts = "".join(f"<dt>{escape(h)}</dt><dd>{_linked(t)}</dd>" for h, t in found.facts())
    heads = [
        _("Column", lang),
        _("Label", lang),
        _("Type", lang),
        _("Unit", lang),
        _("Meaning", lang),
    ]
    head = "".join(f'<th scope="col">{escape(h)}</th>' for h in heads)
    rows = "".join(
        f'<tr><th scope="row"><code>{escape(c.name)}</code></th><td>{escape(label)}</td>'
        f"<td>{escape(c.dtype)}</td><td>{escape(_(c.unit, lang) if c.unit else '')}</td>"
        f"<td>{escape(_(c.meaning, lang))}</td></tr>"
        for c, label in zip(d.columns, found.labels, strict=True)
    )
    caption = escape(_("Columns of {table}", lang).format(table=d.name))
    lists = (
        (_("Use with care", lang), found.warnings_text()),
        (_("Changes made", lang), [_(each, lang) for each in d.changes_made]),
        (_("Sources", lang), found.sources_text()),
    )
    ends = "".join(
        f"<h3>{escape(h)}</h3><ul>{''.join(f'<li>{_linked(e)}</li>' for e in entries)}</ul>"
        for h, entries in lists
        if entries
    )
    return f"({d.name})=\n## {_(d.title, lang)}\n\n" + raw(
        f"<p>{escape(_(d.meaning, lang))}</p><dl class='minelib-facts'>{facts}</dl>"
        f"<details><summary>{caption} ({len(d.columns)})</summary>"
        f"<div class='minelib-scroll' tabindex='0' role='region' aria-label='{caption}'>"
        f"<table><caption>{caption}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{rows}</tbody></table></div></details>{ends}"
    )


def _linked(text):
    """Addresses in a text as links; they are followed only when the reader asks."""
    parts = re.split(r"(https?://[^\s<>\"]+[^\s<>\".,;:)\]])", text)
    return "".join(
        f'<a href="{escape(p)}" rel="noopener">{escape(p)}</a>' if i % 2 else escape(p)
        for i, p in enumerate(parts)
    )
