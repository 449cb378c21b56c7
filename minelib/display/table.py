# SPDX-License-Identifier: MIT
"""Tables for readers: heads in the language, numbers by its habit, source underneath."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
from rich.cells import cell_len

from minelib import html, words
from minelib.catalog import columns
from minelib.catalog.reach import until
from minelib.errors import BadInput
from minelib.words import gettext as _

__all__ = ["MIME", "Table", "agreed", "as_data", "plain_cell", "show", "source_line"]

MIME = "application/vnd.minelib.table+json"

_LONG, _MOST_EM = 24, 16  # characters of a cell that wraps; width of a column of sentences
_MOST_ROWS = 1000


@dataclass(frozen=True)
class Table:
    """A formatted table: HTML in Jupyter, aligned text elsewhere.

    Attributes
    ----------
    cells : list of list of str
        Formatted, one list per row.
    heads : list of str
    numeric : list of bool
        Which columns are aligned to the right.
    caption, source : str
    frame : pandas.DataFrame
        What was shown, as it was.
    tables : tuple of str
        Those of the catalogue it rests on.
    names : tuple
        The columns that the heads stand for.
    """

    cells: list
    heads: list
    numeric: list
    caption: str = ""
    source: str = ""
    frame: object = field(default=None, repr=False, compare=False)
    tables: tuple = ()
    names: tuple = ()

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

    def _repr_mimebundle_(self, include=None, exclude=None):
        """The numbers beside what is shown of them."""
        if self.frame is None:
            return {}
        frame = self.frame.to_frame() if isinstance(self.frame, pd.Series) else self.frame
        return {MIME: as_data(_with_index(frame), self.tables)}

    def _repr_html_(self):
        styles = [f"text-align:{'right' if n else 'left'}" for n in self.numeric]
        # a browser would squeeze sentences into columns of a word
        for position, width in enumerate(self._widths()):
            if width > _LONG:
                styles[position] += f";min-width:{min(width // 5, _MOST_EM)}em"
        css = "minelib-table"
        return html.render(
            "{{ table }}{% if source %}<p style='font-size:80%'>{{ source }}</p>{% endif %}",
            table=html.table(self.heads, self.cells, caption=self.caption, css=css, styles=styles),
            source=self.source,
        )


def show(
    frame: pd.DataFrame | pd.Series,
    *tables: str,
    value: str | None = None,
    most: int | None = _MOST_ROWS,
) -> Table:
    """A frame as a table for reading, in the current language.

    Heads, units, digits, and the names of places, pools, machines and the like come from the
    dictionary of columns. A column it does not know keeps its plain name. Of two columns that
    say the same in both languages (``title_en``, ``title_zh``) the one of the language is
    shown. The frame itself is not changed.

    Parameters
    ----------
    frame : pandas.DataFrame or pandas.Series
        A named index is shown in front of the columns. ``frame.attrs["units"]`` (column to
        unit) goes before the dictionary.
    *tables : str
        Tables of the catalogue it rests on, named underneath with their versions. Where a
        column means different things in different tables, the table named decides.
    value : str or None
        Column that the cells of a pivoted frame show; it stands above the table.
    most : int or None
        Of more rows these are shown, and how many more there are is said; None shows all.

    Returns
    -------
    Table

    Raises
    ------
    BadInput
        Not a frame; a column that means different things in two of the tables named.
    UnknownName
        A table that is not in the catalogue.

    Examples
    --------
    >>> import pandas as pd
    >>> print(show(pd.DataFrame({"place": ["china"], "share_pct": [46.04]})))
    Place  Share (%)
    -----  ---------
    China       46.0
    """
    import pandas as pd

    if isinstance(frame, pd.Series):
        frame = frame.to_frame(name=frame.name if frame.name is not None else "value")
    flat = _with_index(frame)
    most = len(flat) if most is None else most
    left_out, units = len(flat) - most, frame.attrs.get("units", {})
    flat, across = flat.iloc[:most], frame.columns.name
    heads, cells, numeric, names = [], [], [], []
    for position, name in enumerate(flat.columns):
        if _is_twin(name, flat.columns) and not str(name).endswith(f"_{words.current()}"):
            continue
        values = flat.iloc[:, position]
        own = position >= flat.shape[1] - frame.shape[1] and across is not None
        own = own and not columns.known(name)
        stem = _stem(name, flat.columns)
        key = " ".join(map(str, stem)) if isinstance(stem, tuple) else stem
        word = columns.label(key, None, tables, units.get(name, True))
        heads.append(_word(across, name, tables) if own else word)
        cells.append(_column(str(name), values, tables, "unit" in flat))
        numeric.append(values.dtype.kind in "iuf")
        names.append(name)
    more = _("{count} more rows are not shown.").format(count=words.number(left_out))
    under = [more] if left_out > 0 else []
    under += [source_line(tables)] if tables else []
    rows = [list(row) for row in zip(*cells, strict=True)]
    caption = columns.label(value, None, tables) if value else ""
    return Table(rows, heads, numeric, caption, " ".join(under), frame, tables, tuple(names))


def agreed(frame: pd.DataFrame, tables: Sequence[str], most: int | None = None) -> Table:
    """`show`; where a column means different things in the tables, the first of them decides."""
    try:
        return show(frame, *tables, most=most)
    except BadInput:
        return show(frame, tables[0], most=most)


def as_data(frame: pd.DataFrame, tables: Iterable[str] = ()) -> dict[str, Any]:
    """A frame as data, with what it rests on.

    Parameters
    ----------
    frame : pandas.DataFrame
    tables : iterable of str

    Returns
    -------
    dict
        ``tables``; ``frame`` with ``columns`` and ``data``, rows of plain values, days and times
        as ISO text; ``units`` of its own, column to unit; ``across``, the name of its columns.

    Examples
    --------
    >>> as_data(pd.DataFrame({"share_pct": [46.04]}), ["country_share"])["frame"]
    {'columns': ['share_pct'], 'data': [[46.04]]}
    """
    flat = frame.set_axis([str(c) for c in frame.columns], axis="columns")
    flat = flat.loc[:, ~flat.columns.duplicated()]
    for name, days in flat.select_dtypes(["datetime", "datetimetz"]).items():
        whole = (days.dt.normalize() == days)[days.notna()].all()
        zone = "" if days.dt.tz is None else "%z"
        iso = days.dt.strftime("%Y-%m-%d" if whole else f"%Y-%m-%dT%H:%M:%S{zone}")
        flat[name] = iso.where(days.notna())
    split = flat.to_json(orient="split", index=False, double_precision=15, default_handler=str)
    across = None if frame.columns.name is None else str(frame.columns.name)
    units = {str(name): unit for name, unit in frame.attrs.get("units", {}).items()}
    return {"tables": list(tables), "frame": json.loads(split), "units": units, "across": across}


def source_line(tables: str | Iterable[str], lang: str | None = None) -> str:
    """Publishers, tables with versions and where they end, and package version, as one line.

    A table whose data end before the month of the newest ones says so.

    Parameters
    ----------
    tables : iterable of str
    lang : {"en", "zh"} or None

    Returns
    -------
    str

    Examples
    --------
    >>> source_line(["halvings"], "en").startswith("Source: ")
    True
    """
    from minelib import __version__, catalog

    descriptors = [catalog.default().descriptor(t) for t in tables]
    publishers = list(dict.fromkeys(_(d.sources[0]["publisher"], lang) for d in descriptors))
    origins = [catalog.default().origin(t) for t in tables]
    names = _(", ", lang).join(
        f"{d.name} {f'v{d.version}' if origin == catalog.own.PACKAGED else origin}{_end(d, lang)}"
        for d, origin in zip(descriptors, origins, strict=True)
    )
    return _("Source: {publishers}. Data: {names}; minelib {version}.", lang).format(
        publishers=_("; ", lang).join(publishers), names=names, version=__version__
    )


def _end(descriptor, lang):
    """That a table ends before the newest one does."""
    from minelib import catalog

    end = until(catalog.default(), descriptor, lang)
    return _(" (to {end})", lang).format(end=end) if end else ""


def _with_index(frame):
    """The frame with a named (or meaningful) index as its first columns."""
    import pandas as pd

    if all(name is None for name in frame.index.names):
        plain = isinstance(frame.index, pd.RangeIndex) or frame.index.dtype.kind in "iu"
        if plain and frame.index.nlevels == 1:
            return frame
    flat = frame.copy(deep=False)
    for level in reversed(range(frame.index.nlevels)):
        name = frame.index.names[level]
        name = "" if name is None else name
        flat.insert(0, name, frame.index.get_level_values(level), allow_duplicates=True)
    return flat


def _word(column, name, tables):
    """The word of a value that stands as a head: a place, a month, a verdict."""
    return _date(name, str(column)) or columns.value(str(column), name, None, tables)


def _is_twin(name, names):
    """Whether a column stands there in both languages."""
    name = str(name)
    return name[-3:] in ("_en", "_zh") and {name[:-2] + "en", name[:-2] + "zh"} <= set(names)


def _stem(name, names):
    """``title`` for ``title_en`` beside ``title_zh``: the head need not name the language."""
    return name[:-3] if _is_twin(name, names) and columns.known(name[:-3]) else name


def _column(name, values, tables, mixed=False):
    """The cells of a column as texts; ``mixed`` where each value has a unit of its own."""
    import pandas as pd

    known = columns.word(name, tables)
    if values.dtype.kind in "iuf" and not isinstance(values.dtype, pd.CategoricalDtype):
        given = [None if v is pd.NA or v != v else v for v in values.tolist()]
        if known is not None and known.unit in ("year", "month", "height"):
            return [_unparted(v) for v in given]
        decimals = known.digits if known is not None else None
        if decimals is None and (mixed or _is_mixed(values)):
            return [words.figure(v) for v in given]
        if decimals is None:
            decimals = _decimals(values)
        return [words.number(v, decimals) for v in given]
    phrase = {}

    def word(value):
        if value not in phrase:
            phrase[value] = _text(name, value, known, tables)
        return phrase[value]

    try:
        return [word(v) for v in values]
    except TypeError:  # lists and the like cannot be looked up
        return [plain_cell(v) for v in values]


def _unparted(value):
    """A year or a height, its thousands not parted."""
    return "–" if value is None else str(int(value) if float(value).is_integer() else value)


def _is_mixed(values):
    """Whether values of a column are too far apart to share a number of decimals."""
    sizes = values.abs()
    return values.dtype.kind == "f" and sizes.max() >= 1000 and sizes[sizes > 0].min() < 10


def _decimals(values):
    """Decimals that a column without a rule needs to be read: those of its largest value."""
    largest = values.abs().max()
    if values.dtype.kind in "iu" or largest != largest or largest == float("inf"):
        return 0
    return max(0, min(2, words.decimals(largest)))


def _text(name, value, known, tables):
    if (day := _date(value, name)) is not None:
        return day
    plain = plain_cell(value)
    if not isinstance(value, str) or plain == "–":
        return plain
    if name == "unit" or name.endswith("_unit"):
        return _(value)
    return columns.value(name, value, None, tables) if known is not None else value


def _date(value, name):
    """A day or month in words, None where the value is neither."""
    if not hasattr(value, "isoformat") or value != value:
        return None
    iso = value.isoformat()
    if "month" in name and iso[8:10] == "01":
        return words.month(value)
    return iso[:10] if iso[10:] in ("", "T00:00:00") else iso[:16].replace("T", " ")


def _padded(words, width, right):
    gap = " " * (width - cell_len(words))
    return gap + words if right else words + gap


def plain_cell(value: Any, form: int | Callable[[Any], object] | None = None) -> str:
    """One value as text, without a dictionary; ``form`` is its decimals, or a function."""
    import pandas as pd

    if callable(form):
        return str(form(value))
    if value is None or value is pd.NaT or value is pd.NA:
        return "–"
    if isinstance(value, float) and value != value:
        return "–"
    if isinstance(value, bool) or type(value).__name__ == "bool_":
        return _("yes") if value else _("no")
    if isinstance(value, pd.Timestamp):
        return str(value.date())
    if isinstance(value, (int, float)) or type(value).__name__.startswith(("int", "uint", "float")):
        return words.figure(value) if form is None else words.number(value, form)
    return str(value)
