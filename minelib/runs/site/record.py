# SPDX-License-Identifier: MIT
"""The record of the run: what was run, with which parameters, versions and data."""

from html import escape

from minelib.runs.site.html import raw
from minelib.text import gettext as _

__all__ = ["page"]


def page(outputs, lang):
    """The record as MyST."""
    notebooks = [
        [
            f'<a href="notebooks/{escape(p.name)}.html">{escape(p.title)}</a>',
            escape(_("failed", lang) if p.failed else _("finished", lang)),
            _parameters(p),
        ]
        for p in outputs.pages[lang]
    ]
    data = {}
    for p in outputs.pages[lang]:
        data.update((p.findings() or {}).get("data", {}))
    tables = [
        [f"<code>{escape(name)}</code>", escape(str(entry["version"])),
         f"<code>{escape(entry['sha256'])}</code>"]
        for name, entry in sorted(data.items())
    ]  # fmt: skip
    return (
        f"# {_('The record of this run', lang)}\n\n"
        f"## {_('Notebooks', lang)}\n\n"
        + _table([_("Notebook", lang), _("Status", lang), _("Parameters", lang)], notebooks)
        + f"\n## {_('Data', lang)}\n\n"
        + _table([_("Table", lang), _("Version", lang), "SHA-256"], tables)
    )


def _parameters(page):
    found = (page.findings() or {}).get("parameters", {})
    return "<br>".join(
        f"<code>{escape(name)} = {escape(repr(value))}</code>" for name, value in found.items()
    )


def _table(heads, rows):
    head = "".join(f'<th scope="col">{escape(h)}</th>' for h in heads)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    label = escape(heads[0])
    return raw(
        f'<div class="minelib-scroll" tabindex="0" role="region" aria-label="{label}">'
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )
