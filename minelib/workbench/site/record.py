# SPDX-License-Identifier: MIT
"""The record of the run: what was run, with which parameters, versions and data."""

from html import escape

from minelib.words import gettext as _
from minelib.words import number
from minelib.workbench.site.html import raw

__all__ = ["page"]


def page(outputs, lang):
    """The record as MyST."""
    notebooks = [
        [
            f'<a href="notebooks/{escape(p.name)}.html">{escape(p.title)}</a>',
            escape(_("failed", lang) if p.failed else _("finished", lang)),
            number(p.record.get("seconds"), 1, lang),
            _parameters(p, lang),
        ]
        for p in outputs.pages[lang]
    ]
    data = {}
    for p in outputs.pages[lang]:
        data.update((p.findings() or {}).get("data", {}))
    tables = [
        [
            f"<code>{escape(name)}</code>",
            escape(str(entry["version"])),
            f"<code>{escape(entry['sha256'])}</code>",
        ]
        for name, entry in sorted(data.items())
    ]
    return (
        f"# {_('The record of this run', lang)}\n\n"
        f"## {_('Notebooks', lang)}\n\n"
        + _table(
            [_("Notebook", lang), _("Status", lang), _("Seconds", lang), _("Parameters", lang)],
            notebooks,
        )
        + f"\n## {_('Data', lang)}\n\n"
        + _table([_("Table", lang), _("Version", lang), "SHA-256"], tables)
        + _versions(outputs, lang)
    )


def _versions(outputs, lang):
    """Versions of the packages, and of the source where it came from a repository."""
    found, commits = {}, set()
    for p in outputs.pages[lang]:
        found.update(p.record.get("versions", {}))
        commits.add((p.record.get("git") or {}).get("commit"))
    rows = [[escape(name), escape(str(version))] for name, version in sorted(found.items())]
    rows += [
        [escape(_("Source at commit", lang)), f"<code>{escape(c)}</code>"]
        for c in sorted(filter(None, commits))
    ]
    if not rows:
        return ""
    heads = [_("Package", lang), _("Version", lang)]
    return f"\n## {_('Versions', lang)}\n\n" + _table(heads, rows)


def _parameters(page, lang):
    found = (page.findings() or {}).get("parameters", {})
    if not found:
        return ""
    lines = "<br>".join(
        f"<code>{escape(name)} = {escape(repr(value))}</code>" for name, value in found.items()
    )
    head = _("{count} parameters", lang).format(count=len(found))
    return f"<details><summary>{escape(head)}</summary>{lines}</details>"


def _table(heads, rows):
    head = "".join(f'<th scope="col">{escape(h)}</th>' for h in heads)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    label = escape(heads[0])
    return raw(
        f'<div class="minelib-scroll" tabindex="0" role="region" aria-label="{label}">'
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )
