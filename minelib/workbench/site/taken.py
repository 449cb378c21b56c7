# SPDX-License-Identifier: MIT
"""The numbers behind a figure or table, to look through and to take, and how to cite it."""

import csv
import io
import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from minelib import __version__, catalog, html
from minelib.display.table import agreed
from minelib.words import gettext as _
from minelib.workbench.site.myst import words

__all__ = ["Taken", "as_script", "tabs"]

_TABS = """<div class="minelib-tabs" id="{{ taken.name }}" data-title="{{ taken.title }}">
<div data-tab="{{ first }}">{{ shown }}</div>
<div data-tab="{{ data }}" data-search="{{ search }}" data-shown="{{ counted }}">
{% if alt %}<p>{{ alt }}</p>{% endif %}
<p><a href="../_static/tables/{{ taken.name }}.csv" download>{{ csv }}</a></p></div>
<div data-tab="{{ code }}" class="minelib-code"></div>
<div data-tab="{{ cite }}" data-copy="{{ copy }}" data-copied="{{ copied }}">
<p>{{ taken.cited }}</p><pre tabindex="0">{{ taken.bibtex }}</pre></div>
</div>"""


@dataclass(frozen=True)
class Taken:
    """A frame that pages show, with what has to be said about it."""

    name: str
    title: str
    page: str
    data: dict[str, Any]

    @cached_property
    def _shown(self):
        frame = pd.DataFrame(self.data["frame"]["data"], columns=self.data["frame"]["columns"])
        frame.attrs["units"] = self.data.get("units", {})
        frame.columns.name = self.data.get("across")
        return agreed(frame, self.data["tables"])

    @property
    def _tables(self):
        return [catalog.default().descriptor(name) for name in self.data["tables"]]

    @property
    def cited(self) -> str:
        """How to cite it, as text."""
        return _(
            "The minelib developers: {title}. In: {page} minelib {version}. Data: {data}"
        ).format(
            title=self.title.rstrip("."),
            page=self.page,
            version=__version__,
            data="; ".join(f"{d.name} v{d.version}: {d.citation}" for d in self._tables),
        )

    @property
    def bibtex(self) -> str:
        """How to cite it, for BibTeX."""
        fields = {
            "title": f"{{{self.title}}}",
            "author": "{The minelib developers}",
            "howpublished": f"{{{self.page}}} (minelib {__version__})",
            "version": __version__,
            "year": max((s["accessed"].year for d in self._tables for s in d.sources), default=""),
            "note": " ".join(f"{d.name}, version {d.version}, {d.licence}." for d in self._tables),
        }
        said = ",\n".join(f"  {key} = {{{value}}}" for key, value in fields.items() if value)
        return f"@misc{{minelib_{self.name},\n{said}\n}}"

    @property
    def about(self) -> list[str]:
        """What stands at the head of its file, a line each; its columns follow."""
        lines = [self.title, self.page, f"minelib {__version__}"]
        for d in self._tables:
            lines.append(
                _("Table {name}, version {version}, licence {licence}: {citation}").format(
                    name=d.name, version=d.version, licence=d.licence, citation=d.citation
                )
            )
        return lines

    @property
    def head(self) -> list[str]:
        """What stands at the head of its file, with what its columns mean."""
        heads = zip(self._shown.names, self._shown.heads, strict=True)
        lines = self.about + [f"{name}: {head}" for name, head in heads]
        return [" ".join(line.split()) for line in lines]

    def csv(self) -> str:
        """The numbers, under a head of lines that begin with ``#``; texts are quoted."""
        out = io.StringIO()
        out.writelines(f"# {line}\n" for line in self.head)
        writer = csv.writer(out, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n")
        writer.writerow(self.data["frame"]["columns"])
        writer.writerows(self.data["frame"]["data"])
        return out.getvalue()

    def script(self) -> str:
        """The numbers as a script, which a page in a folder may load: raw, and to be read."""
        names = self.data["frame"]["columns"]
        shown = self._shown
        data = {
            "about": self.head,
            **self.data["frame"],
            "heads": shown.heads,
            "cells": shown.cells,
            # numbers are sorted as numbers: where among the raw ones they stand
            "keys": [
                names.index(n) if right else -1
                for n, right in zip(shown.names, shown.numeric, strict=True)
            ],
        }
        return as_script(self.name, data)


def as_script(name: str, data: Any) -> str:
    """Data as a script that hands them to the page which asked for them by that name."""
    said = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return f"minelibTaken({json.dumps(name)},{said});\n"


def tabs(taken: Taken, shown: str, first: str, alt: str = "") -> str:
    """What is shown, and under tabs its numbers, its code and how to cite it.

    Without scripts all but the code, which stands above, is read one after the other.

    Parameters
    ----------
    taken : Taken
    shown : str
        Markup of the figure or table.
    first : str
        What it is called.
    alt : str
        Alternative text of a picture.

    Returns
    -------
    str
    """
    said = words("tabs")
    said["csv"] = said["csv"].format(count=len(taken.data["frame"]["data"]))
    return html.render(_TABS, taken=taken, shown=html.markup(shown), first=first, alt=alt, **said)
