# SPDX-License-Identifier: MIT
"""What a reader is told about a table: the description and the citation."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from minelib.catalog.descriptor import WARNINGS, Descriptor
from minelib.catalog.dictionary import Word
from minelib.errors import UnknownName
from minelib.html import definitions, listed, render, table
from minelib.words import N_, gettext as _, number

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Description", "citation"]

STYLES = ("text", "bibtex")
_HEADS = (N_("Column"), N_("Label"), N_("Type"), N_("Unit"), N_("Meaning"))
_LEFT = "text-align:left"


def citation(d: Descriptor, style: str = "text") -> str:
    """The citation of a table; see `minelib.cite`."""
    if not isinstance(style, str) or style not in STYLES:  # type: ignore[redundant-expr]
        raise UnknownName("citation style", style, STYLES)
    if style == "text":
        return d.citation
    first = d.sources[0]
    note = f"{d.citation} Table {d.name}, version {d.version}, as compiled in minelib; "
    fields = {
        "title": f"{{{d.title}}}",
        "author": f"{{{first['publisher']}}}",
        "year": first["accessed"].year,
        "howpublished": f"\\url{{{first['address']}}}",
        "note": f"{note}accessed {first['accessed']}; licence {d.licence}",
    }
    body = ",\n".join(f"  {k} = {{{v}}}" for k, v in fields.items())
    return f"@misc{{minelib_{d.name},\n{body}\n}}"


@dataclass(frozen=True)
class Description:
    """Everything known about a table; prints as text and shows as a page in Jupyter.

    Attributes
    ----------
    descriptor : Descriptor
    rows : int
    lang : str
    words : list of Word
        What each column is called; see `minelib.catalog.columns`.
    """

    descriptor: Descriptor
    rows: int
    lang: str
    words: list[Word]

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or name == "descriptor":
            raise AttributeError(name)
        return getattr(self.descriptor, name)

    @property
    def labels(self) -> list[str]:
        """What each column is called, in order and without its unit."""
        return [word.label(self.lang, unit=False) for word in self.words]

    def columns_frame(self) -> "pd.DataFrame":
        """The columns as a DataFrame: name, label, dtype, unit, required, meaning."""
        import pandas as pd

        columns = self.descriptor.columns
        kept = {key: [getattr(c, key) for c in columns] for key in ("dtype", "unit", "required")}
        names = {"name": [c.name for c in columns], "label": self.labels}
        return pd.DataFrame({**names, **kept, "meaning": self._meanings()})

    def _meanings(self):
        return [_(c.meaning, self.lang) for c in self.descriptor.columns]

    def facts(self) -> list[tuple[str, str]]:
        """Pairs of head and text, in reading order, in the language of the description."""
        d, lang = self.descriptor, self.lang
        start, end = d.coverage["start"], d.coverage["end"]
        period = f"{start} – {end}" if start else _("no dates", lang)
        commercial = {
            "yes": _("allowed", lang),
            "no": _("not allowed", lang),
            "ask": _("ask the publisher", lang),
        }
        return [
            (_("Name", lang), d.name),
            (_("Rows", lang), number(self.rows, lang=lang)),
            (_("Period", lang), period),
            (_("Places", lang), _(d.coverage["space"], lang)),
            (_("Version", lang), str(d.version)),
            (_("Licence", lang), d.licence),
            (_("Licence of the origin", lang), _(d.licence_origin, lang)),
            (_("Commercial use", lang), commercial[d.commercial_use]),
            (_("Primary key", lang), ", ".join(d.primary_key) or "–"),
            (_("Cite as", lang), d.citation),
        ]

    def warnings_text(self) -> list[str]:
        """The usage warnings as sentences."""
        return [_(WARNINGS[w], self.lang) for w in self.descriptor.warnings]

    def sources_text(self) -> list[str]:
        """One line per source."""
        return [
            f"{_(s['publisher'], self.lang)}: {s['title']}. {s['address']} "
            f"({_('accessed', self.lang)} {s['accessed']})"
            + (f" {_(s['note'].strip(), self.lang)}" if s.get("note") else "")
            for s in self.descriptor.sources
        ]

    def sections(self) -> list[tuple[str, list[str]]]:
        """What to watch, what was changed, and the sources: pairs of head and entries."""
        lang = self.lang
        sections = {
            _("Use with care", lang): self.warnings_text(),
            _("Changes made", lang): [_(each, lang) for each in self.descriptor.changes_made],
            _("Sources", lang): self.sources_text(),
        }
        return [(head, entries) for head, entries in sections.items() if entries]

    def __str__(self) -> str:
        d = self.descriptor
        lines = [_(d.title, self.lang), "", _(d.meaning, self.lang).strip(), ""]
        lines += [f"{head}: {text}" for head, text in self.facts()]
        lines += ["", _("Columns", self.lang)]
        for c, label in zip(d.columns, self.labels, strict=True):
            unit = f" [{c.unit}]" if c.unit else ""
            lines.append(f"  {c.name} – {label} ({c.dtype}){unit}: {_(c.meaning, self.lang)}")
        for head, entries in self.sections():
            lines += ["", head, *(f"  - {e}" for e in entries)]
        return "\n".join(lines)

    __repr__ = __str__

    def _repr_html_(self):
        d, lang = self.descriptor, self.lang
        heads = [_(head, lang) for head in _HEADS]
        rows = [
            (render("<code>{{ name }}</code>", name=c.name), label, c.dtype, c.unit, meaning)
            for c, label, meaning in zip(d.columns, self.labels, self._meanings(), strict=True)
        ]
        return render(
            "<h3>{{ title }}</h3><p>{{ meaning }}</p>{{ facts }}{{ columns }}"
            "{% for head, said in sections %}<p><b>{{ head }}</b></p>{{ said }}{% endfor %}",
            title=_(d.title, lang),
            meaning=_(d.meaning, lang),
            facts=definitions(self.facts()),
            columns=table(heads, rows, styles=["", _LEFT, "", "", _LEFT]),
            sections=[(head, listed(entries)) for head, entries in self.sections()],
        )
