# SPDX-License-Identifier: MIT
"""Tables for readers: heads in the language, numbers by its habit, source underneath."""

from dataclasses import dataclass, field
from html import escape

from rich.cells import cell_len

from minelib import text
from minelib.errors import UnknownName
from minelib.text import gettext as _

__all__ = ["Table", "table"]

_LONG, _MOST_EM = 24, 16  # characters of a cell that wraps; width of a column of sentences


@dataclass(frozen=True)
class Table:
    """A formatted table: HTML in Jupyter, aligned text elsewhere.

    Attributes
    ----------
    cells : list of list of str
        Formatted, one list a row.
    heads : list of str
    numeric : list of bool
        Which columns are aligned to the right.
    caption, source : str
    """

    cells: list
    heads: list
    numeric: list
    caption: str = ""
    source: str = ""
    frame: object = field(default=None, repr=False, compare=False)

    def __str__(self):
        rows, widths = [self.heads, *self.cells], self._widths()
        lines = [
            "  ".join(
                _padded(c, w, n) for c, w, n in zip(r, widths, self.numeric, strict=True)
            ).rstrip()
            for r in rows
        ]
        lines.insert(1, "  ".join("-" * w for w in widths))
        return "\n".join([*filter(None, [self.caption]), *lines, *filter(None, [self.source])])

    __repr__ = __str__

    def _widths(self):
        """Of each column on a terminal, where a Chinese character takes two places."""
        return [max(map(cell_len, column)) for column in zip(self.heads, *self.cells, strict=True)]

    def _repr_html_(self):
        align = ["right" if n else "left" for n in self.numeric]
        # a browser would squeeze sentences into columns of a word
        room = [min(width // 5, _MOST_EM) if width > _LONG else 0 for width in self._widths()]
        head = "".join(
            f'<th scope="col" style="text-align:{a};min-width:{r}em">{escape(h)}</th>'
            for h, a, r in zip(self.heads, align, room, strict=True)
        )
        body = "".join(
            "<tr>"
            + "".join(
                f'<td style="text-align:{a}">{escape(c)}</td>'
                for c, a in zip(row, align, strict=True)
            )
            + "</tr>"
            for row in self.cells
        )
        caption = f"<caption>{escape(self.caption)}</caption>" if self.caption else ""
        source = f'<p style="font-size:80%">{escape(self.source)}</p>' if self.source else ""
        return (
            f'<table class="minelib-table">{caption}<thead><tr>{head}</tr></thead>'
            f"<tbody>{body}</tbody></table>{source}"
        )


def table(frame, heads=None, decimals=None, caption="", tables=(), index=False, lang=None):
    """Format a frame for readers.

    Parameters
    ----------
    frame : pandas.DataFrame
    heads : dict of str to str, or None
        Column to head, already in the language; the columns shown, in this order. None
        shows all under their own names.
    decimals : dict of str to (int or callable), or None
        Column to decimals, or to a function from value to text. Whole numbers have none;
        other numbers two by default.
    caption : str
    tables : sequence of str
        Tables of the catalogue, named underneath.
    index : bool
        Show the index as first column or columns.
    lang : {"en", "zh"} or None

    Returns
    -------
    Table

    Raises
    ------
    UnknownName
        A column in ``heads`` or ``decimals`` that the frame does not have.

    Examples
    --------
    >>> import pandas as pd
    >>> f = pd.DataFrame({"place": ["china"], "share_pct": [46.04]})
    >>> print(table(f, heads={"place": "Place", "share_pct": "Share (%)"}, lang="en"))
    Place  Share (%)
    -----  ---------
    china      46.04
    """
    lang = text.language_or_current(lang)
    decimals = decimals or {}
    if index:
        frame = frame.reset_index()
    heads = heads or {str(c): str(c) for c in frame.columns}
    for name in [*heads, *decimals]:
        if name not in frame.columns:
            raise UnknownName("column", name, map(str, frame.columns))
    numeric = [frame[c].dtype.kind in "iuf" for c in heads]
    columns = [[_cell(v, decimals.get(c), lang) for v in frame[c]] for c in heads]
    cells = [list(row) for row in zip(*columns, strict=True)]
    source = ""
    if tables:
        from minelib.plots.style import source_line

        source = source_line(tables, lang)
    return Table(cells, list(heads.values()), numeric, caption, source, frame)


def _padded(words, width, right):
    gap = " " * (width - cell_len(words))
    return gap + words if right else words + gap


def _cell(value, form, lang):
    import pandas as pd

    if callable(form):
        return str(form(value))
    if value is None or value is pd.NaT or value is pd.NA or value != value:
        return "–"
    if isinstance(value, bool) or type(value).__name__ == "bool_":
        return _("yes", lang) if value else _("no", lang)
    if isinstance(value, pd.Timestamp):
        return str(value.date())
    if isinstance(value, (int, float)) or hasattr(value, "__float__"):
        is_whole = isinstance(value, int) or type(value).__name__.startswith(("int", "uint"))
        return text.number(value, form if form is not None else 0 if is_whole else 2, lang)
    return str(value)
