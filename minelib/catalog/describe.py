# SPDX-License-Identifier: MIT
"""What a reader is told about a table: the description and the citation."""

from dataclasses import dataclass
from html import escape

from minelib.catalog.descriptor import WARNINGS, Descriptor
from minelib.errors import UnknownName
from minelib.words import gettext as _
from minelib.words import number

__all__ = ["Description", "citation"]

STYLES = ("text", "bibtex")


def citation(d, style="text"):
    """The citation of a table; see `minelib.cite`."""
    if style == "text":
        return d.citation
    if style == "bibtex":
        first = d.sources[0]
        fields = {
            "title": f"{{{d.title}}}",
            "author": f"{{{first['publisher']}}}",
            "year": str(first["accessed"].year),
            "howpublished": f"\\url{{{first['address']}}}",
            "note": f"{d.citation} Table {d.name}, version {d.version}, as compiled in minelib; "
            f"accessed {first['accessed']}; licence {d.licence}",
        }
        body = ",\n".join(f"  {k} = {{{v}}}" for k, v in fields.items())
        return f"@misc{{minelib_{d.name},\n{body}\n}}"
    raise UnknownName("citation style", style, STYLES)


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
    words: list

    def __getattr__(self, name):
        if name.startswith("__") or name == "descriptor":
            raise AttributeError(name)
        return getattr(self.descriptor, name)

    @property
    def labels(self):
        """What each column is called, in order and without its unit."""
        return [word.label(self.lang, unit=False) for word in self.words]

    def columns_frame(self):
        """The columns as a DataFrame: name, label, dtype, unit, required, meaning."""
        import pandas as pd

        return pd.DataFrame(
            {
                "name": [c.name for c in self.descriptor.columns],
                "label": self.labels,
                "dtype": [c.dtype for c in self.descriptor.columns],
                "unit": [c.unit for c in self.descriptor.columns],
                "required": [c.required for c in self.descriptor.columns],
                "meaning": [_(c.meaning, self.lang) for c in self.descriptor.columns],
            }
        )

    def facts(self):
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

    def warnings_text(self):
        """The usage warnings as sentences."""
        return [_(WARNINGS[w], self.lang) for w in self.descriptor.warnings]

    def sources_text(self):
        """One line a source."""
        return [
            f"{_(s['publisher'], self.lang)}: {s['title']}. {s['address']} "
            f"({_('accessed', self.lang)} {s['accessed']})"
            + (f" {_(s['note'].strip(), self.lang)}" if s.get("note") else "")
            for s in self.descriptor.sources
        ]

    def _sections(self):
        lang = self.lang
        return [
            (_("Use with care", lang), self.warnings_text()),
            (_("Changes made", lang), [_(each, lang) for each in self.descriptor.changes_made]),
            (_("Sources", lang), self.sources_text()),
        ]

    def __str__(self):
        d = self.descriptor
        facts = self.facts()
        lines = [_(d.title, self.lang), "", _(d.meaning, self.lang).strip(), ""]
        lines += [f"{head}: {text}" for head, text in facts]
        lines += ["", _("Columns", self.lang)]
        for c, label in zip(d.columns, self.labels, strict=True):
            unit = f" [{c.unit}]" if c.unit else ""
            meaning = _(c.meaning, self.lang)
            lines.append(f"  {c.name} – {label} ({c.dtype}){unit}: {meaning}")
        for head, entries in self._sections():
            if entries:
                lines += ["", head, *(f"  - {e}" for e in entries)]
        return "\n".join(lines)

    __repr__ = __str__

    def _repr_html_(self):
        d, lang = self.descriptor, self.lang
        facts = "".join(f"<dt>{escape(h)}</dt><dd>{escape(t)}</dd>" for h, t in self.facts())
        heads = [
            _("Column", lang),
            _("Label", lang),
            _("Type", lang),
            _("Unit", lang),
            _("Meaning", lang),
        ]
        head = "".join(f"<th>{escape(h)}</th>" for h in heads)
        rows = "".join(
            f"<tr><td><code>{c.name}</code></td><td style='text-align:left'>{escape(label)}</td>"
            f"<td>{c.dtype}</td><td>{escape(c.unit)}</td>"
            f"<td style='text-align:left'>{escape(_(c.meaning, lang))}</td></tr>"
            for c, label in zip(d.columns, self.labels, strict=True)
        )
        sections = "".join(
            f"<p><b>{escape(h)}</b></p><ul>{''.join(f'<li>{escape(e)}</li>' for e in entries)}</ul>"
            for h, entries in self._sections()
            if entries
        )
        return (
            f"<h4>{escape(_(d.title, lang))}</h4><p>{escape(_(d.meaning, lang))}</p>"
            f"<dl>{facts}</dl><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
            f"{sections}"
        )
