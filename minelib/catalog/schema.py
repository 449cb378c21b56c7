# SPDX-License-Identifier: MIT
"""From the bytes of a CSV to a frame with the documented columns and dtypes, or an error.

Two ways lead there. `read_frame` is fast: pandas parses, then each rule is checked on whole
columns. When anything is wrong, `problems` reads cell by cell and names line, column, value
and rule by the same rules; nothing half-read is ever returned.
"""

import csv
import io
import math
import re
from datetime import date, datetime
from typing import TYPE_CHECKING

from minelib.catalog.descriptor import Descriptor
from minelib.errors import DamagedData

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["problems", "read_frame"]


def read_frame(content: bytes, descriptor: Descriptor) -> "pd.DataFrame":
    """Parse and check one table.

    Parameters
    ----------
    content : bytes
        The CSV file.
    descriptor : Descriptor

    Returns
    -------
    pandas.DataFrame
        One column per descriptor column, in that order; a fresh RangeIndex; ``attrs`` name the
        table and its version.

    Raises
    ------
    DamagedData
        Naming file, line, column, value and rule of the first cell that breaks the schema.
    """
    rule, cause = "breaks its schema", None
    try:
        frame = _parsed(content, descriptor)
        if _holds(frame, descriptor):
            frame.attrs.update(table=descriptor.name, version=descriptor.version)
            return frame
    except (ValueError, OverflowError, KeyError) as error:
        rule, cause = str(error), error
    found = problems(content, descriptor) or [DamagedData(descriptor.csv_file, rule)]
    raise found[0] from cause


_READ_AS = {"boolean": "boolean", "string": "str", "date": "str", "datetime": "str"}
_FORMS = {"date": "%Y-%m-%d", "datetime": "%Y-%m-%dT%H:%M:%SZ"}
_WRITTEN = {"date": "2021-06-01", "datetime": "2021-06-01T00:00:00Z", "boolean": "true or false"}


def _parsed(content, descriptor):
    import pandas as pd

    columns = {c.name: c for c in descriptor.columns}
    frame = pd.read_csv(
        io.BytesIO(content),
        dtype={name: _READ_AS.get(c.type, c.dtype) for name, c in columns.items()},
        keep_default_na=False,
        na_values={name: [""] for name in columns},
        encoding="utf-8",
    )
    if list(frame.columns) != list(columns) or not isinstance(frame.index, pd.RangeIndex):
        raise ValueError("the columns are not those of the descriptor")
    for name, c in columns.items():
        if c.type in _FORMS:
            frame[name] = pd.to_datetime(
                frame[name], format=_FORMS[c.type], utc=c.type == "datetime"
            ).astype(c.dtype)
        elif c.dtype == "bool":
            frame[name] = frame[name].astype("bool")
    return frame


def _holds(frame, descriptor):
    """Whether the parsed columns keep the rules of their descriptor."""
    for c in descriptor.columns:
        if c.required and frame[c.name].hasnans:
            return False
        if any(bad.any() for _rule, bad in _broken(frame[c.name], c)):
            return False
    for names in _keys(descriptor):
        again = frame.duplicated(names)
        if again.any() and frame.loc[again, names].notna().any(axis=None):
            return False
    return True


def _broken(values, c):
    """Each rule for the values of a column that are there, with which of them break it."""
    if not (c.enum or c.pattern) and c.minimum is c.maximum is None:
        return
    present = values if c.required else values.dropna()
    if c.minimum is not None:
        yield f"must be at least {c.minimum}", present < c.minimum
    if c.maximum is not None:
        yield f"must be at most {c.maximum}", present > c.maximum
    if c.enum:
        yield f"is not one of: {', '.join(map(str, c.enum))}", ~present.isin(c.enum)
    if c.pattern is not None:
        yield f"does not match {c.pattern}", ~present.str.fullmatch(c.pattern)


def _keys(descriptor):
    """The columns, alone or together, in which no row repeats another."""
    key = [list(descriptor.primary_key)] if descriptor.primary_key else []
    return [[c.name] for c in descriptor.columns if c.unique] + key


def problems(content: bytes, descriptor: Descriptor) -> list[DamagedData]:
    """Every cell that breaks the schema, as exceptions not raised, in the order of the file."""
    import pandas as pd

    file, names = descriptor.csv_file, [c.name for c in descriptor.columns]
    try:
        header, *rows = _cells(content, file)
        if header != names:
            raise _wrong_header(file, header, names)
    except DamagedData as error:
        return [error]
    whole = {line: row for line, row in enumerate(rows, 2) if len(row) == len(names)}
    needed = f"cells where {len(names)} are needed"
    found = [
        DamagedData(file, f"has {len(row)} {needed}", line=line)
        for line, row in enumerate(rows, 2)
        if line not in whole
    ]
    cells = pd.DataFrame(list(whole.values()), list(whole), names, dtype=object)
    for c in descriptor.columns:
        text = cells[c.name]
        filled = text[text != ""]
        values = pd.Series([_value(cell, c.type) for cell in filled], filled.index, dtype=object)
        broken = [("must not be empty", text[text == ""].index)] if c.required else []
        written = f" ({_WRITTEN[c.type]})" if c.type in _WRITTEN else ""
        broken.append((f"is not of type {c.type}{written}", values[values.isna()].index))
        values = values.dropna()
        broken += [(rule, values[bad.astype(bool)].index) for rule, bad in _broken(values, c)]
        found += [
            DamagedData(file, rule, line, c.name, text[line])
            for rule, lines in broken
            for line in lines
        ]
    for key in _keys(descriptor):
        seen: dict[tuple, int] = {}
        rule = "the primary key" if key == list(descriptor.primary_key) else "must be unique,"
        for line, row in zip(cells.index, cells[key].itertuples(index=False), strict=True):
            first = seen.setdefault(tuple(row), line)
            if first != line and any(row):
                place = f"{rule} stands in line {first} too"
                found.append(DamagedData(file, place, line, ", ".join(key), ", ".join(row)))
    return sorted(found, key=lambda problem: problem.line)


def _cells(content, file):
    """The rows of a CSV as lists of text, the header first."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as e:
        line = content[: e.start].count(b"\n") + 1
        raise DamagedData(file, "is not UTF-8", line=line) from None
    reader, rows = csv.reader(io.StringIO(text, newline=""), strict=True), []
    try:
        for row in reader:
            rows.append(row)
            if reader.line_num != len(rows):
                raise DamagedData(file, "a cell spans several lines", line=len(rows))
    except csv.Error as e:
        raise DamagedData(file, f"is not valid CSV: {e}", line=reader.line_num) from None
    if not rows:
        raise DamagedData(file, "is empty")
    return rows


def _wrong_header(file, header, names):
    for given, name in zip(header, names, strict=False):
        if given != name:
            return DamagedData(file, f"the column must be {name!r}", line=1, value=given)
    count = f"has {len(header)} columns where {len(names)} are described"
    return DamagedData(file, count, line=1)


def _match(pattern, cell):
    if not re.fullmatch(pattern, cell):
        raise ValueError(cell)
    return cell


_PARSERS = {
    "string": str,
    "integer": lambda cell: int(_match(r"-?\d+", cell)),
    "number": lambda cell: float(_match(r"-?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", cell)),
    "boolean": {"true": True, "false": False}.__getitem__,
    "date": lambda cell: date.fromisoformat(_match(r"\d{4}-\d{2}-\d{2}", cell)),
    "datetime": lambda cell: datetime.fromisoformat(
        _match(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z", cell)
    ),
}


def _value(cell, kind):
    """What a cell says, None where it is not of the type."""
    try:
        value = _PARSERS[kind](cell)
    except (ValueError, KeyError):
        return None
    return None if isinstance(value, float) and not math.isfinite(value) else value
