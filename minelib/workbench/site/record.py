# SPDX-License-Identifier: MIT
"""The record of the run: what was run, with which parameters, versions and data."""

from typing import Any

from minelib import html
from minelib.words import gettext as _
from minelib.workbench.site.myst import raw
from minelib.workbench.site.outputs import Page

__all__ = ["page"]


def page(pages: list[Page]) -> str:
    """The record as MyST, in the current language."""
    data: dict[str, dict[str, Any]] = {}
    versions: dict[str, str] = {}
    commits = set()
    for p in pages:
        data.update((p.findings() or {}).get("data", {}))
        versions.update(p.record.get("versions", {}))
        commits.add((p.record.get("git") or {}).get("commit"))
    packages = [[name, str(version)] for name, version in sorted(versions.items())]
    packages += [[_("Source at commit"), _code(c)] for c in sorted(filter(None, commits))]
    tables = [[_code(t), str(e["version"]), _code(e["sha256"])] for t, e in sorted(data.items())]
    # no durations: the same run is to give the same page; they stand in run.json
    heads = [_("Notebook"), _("Status"), _("Parameters")]
    return "\n".join(
        [
            f"# {_('The record of this run')}\n",
            _section(_("Notebooks"), heads, map(_notebook, pages)),
            _section(_("Data"), [_("Table"), _("Version"), "SHA-256"], tables),
            _section(_("Versions"), [_("Package"), _("Version")], packages) if packages else "",
        ]
    )


def _notebook(p):
    found = (p.findings() or {}).get("parameters", {})
    lines = html.render(
        "{% for name, value in found %}<code>{{ name }} = {{ value }}</code>"
        "{% if not loop.last %}<br>{% endif %}{% endfor %}",
        found=[(name, repr(value)) for name, value in found.items()],
    )
    return [
        html.render('<a href="notebooks/{{ p.name }}.html">{{ p.title }}</a>', p=p),
        _("failed") if p.failed else _("finished"),
        html.folded(_("{count} parameters").format(count=len(found)), lines) if found else "",
    ]


def _code(words):
    return html.render("<code>{{ words }}</code>", words=words)


def _section(title, heads, rows):
    return f"## {title}\n\n" + raw(html.table(heads, rows, scroll=heads[0]))
