# SPDX-License-Identifier: MIT
"""From the bytes of a CSV to a frame with the documented columns and dtypes, or an error.

Two ways lead there. `read_frame` is fast: pandas parses, then each rule is checked on whole
columns. When anything is wrong, `first_problem` walks the cells one by one in plain Python
and names line, column, value and rule; nothing half-read is ever returned.
"""

import csv
import io
import math
import re
from datetime import date, datetime

from minelib.errors import DamagedData

__all__ = ["first_problem", "problems", "read_cells", "read_frame"]

_BOOLEANS = {"true": True, "false": False}
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_DATETIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z")
_INTEGER = re.compile(r"-?\d+")
_NUMBER = re.compile(r"-?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")


def read_frame(content, descriptor):
    """Parse and check one table.

    Parameters
    ----------
    content : bytes
        The CSV file.
    descriptor : Descriptor

    Returns
    -------
    pandas.DataFrame
        One column a descriptor column, in that order; a fresh RangeIndex.

    Raises
    ------
    DamagedData
        Naming file, line, column, value and rule of the first cell that breaks the schema.
    """
    try:
        frame = _parse(content, descriptor)
    except (ValueError, OverflowError, KeyError) as e:
        raise (
            first_problem(content, descriptor) or DamagedData(descriptor.csv_file, str(e))
        ) from e
    if not all(_column_holds(frame[c.name], c) for c in descriptor.columns) or (
        descriptor.primary_key and frame.duplicated(list(descriptor.primary_key)).any()
    ):
        problem = first_problem(content, descriptor)
        raise problem or DamagedData(descriptor.csv_file, "breaks its schema")
    return frame


def _parse(content, descriptor):
    import pandas as pd

    dtypes = {
        c.name: c.dtype
        if c.type in ("integer", "number")
        else "boolean"
        if c.type == "boolean"
        else "str"
        for c in descriptor.columns
    }
    frame = pd.read_csv(
        io.BytesIO(content),
        dtype=dtypes,
        keep_default_na=False,
        na_values={c.name: [""] for c in descriptor.columns},
        encoding="utf-8",
    )
    names = [c.name for c in descriptor.columns]
    if list(frame.columns) != names or not isinstance(frame.index, pd.RangeIndex):
        raise ValueError("the columns are not those of the descriptor")
    for c in descriptor.columns:
        if c.type == "date":
            values = pd.to_datetime(frame[c.name], format="%Y-%m-%d")
            frame[c.name] = values.astype("datetime64[us]")
        elif c.type == "datetime":
            values = pd.to_datetime(frame[c.name], format="%Y-%m-%dT%H:%M:%SZ", utc=True)
            frame[c.name] = values.astype("datetime64[us, UTC]")
        elif c.dtype == "bool":
            frame[c.name] = frame[c.name].astype("bool")
    return frame


def _column_holds(series, column):
    """Whether a parsed column keeps the rules of its descriptor."""
    if column.required and series.hasnans:
        return False
    if not (column.unique or column.enum or column.pattern) and (
        column.minimum is column.maximum is None
    ):
        return True
    present = series if column.required else series.dropna()
    if column.unique and present.duplicated().any():
        return False
    if column.minimum is not None and (present < column.minimum).any():
        return False
    if column.maximum is not None and (present > column.maximum).any():
        return False
    if column.enum and not present.isin(column.enum).all():
        return False
    return column.pattern is None or present.str.fullmatch(column.pattern).all()


def read_cells(content, file):
    """The rows of a CSV as lists of text, the header first.

    Raises
    ------
    DamagedData
        Not UTF-8, an unclosed quote, a line break inside a cell or no rows at all.
    """
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as e:
        line = content[: e.start].count(b"\n") + 1
        raise DamagedData(file, "is not UTF-8", line=line) from None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows = []
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


def first_problem(content, descriptor):
    """The first cell that breaks the schema, as an exception not yet raised, or None."""
    return next(problems(content, descriptor), None)


def problems(content, descriptor):
    """Every cell that breaks the schema, as exceptions not raised, in file order."""
    file = descriptor.csv_file
    try:
        header, *rows = read_cells(content, file)
    except DamagedData as e:
        yield e
        return
    names = [c.name for c in descriptor.columns]
    if header != names:
        wrong = next(
            (i for i, (a, b) in enumerate(zip(header, names, strict=False)) if a != b), None
        )
        if wrong is None:
            yield DamagedData(
                file, f"has {len(header)} columns where {len(names)} are described", line=1
            )
        else:
            yield DamagedData(
                file, f"the column must be {names[wrong]!r}", line=1, value=header[wrong]
            )
        return
    seen = {c.name: {} for c in descriptor.columns if c.unique}
    keys, positions = {}, [names.index(k) for k in descriptor.primary_key]
    for line, row in enumerate(rows, start=2):
        if len(row) != len(names):
            yield DamagedData(
                file, f"has {len(row)} cells where {len(names)} are needed", line=line
            )
            continue
        for column, cell in zip(descriptor.columns, row, strict=True):
            rule = _broken_rule(cell, column)
            if rule is None and cell and column.unique:
                first = seen[column.name].setdefault(cell, line)
                rule = None if first == line else f"must be unique, stands in line {first} too"
            if rule is not None:
                yield DamagedData(file, rule, line=line, column=column.name, value=cell)
        if positions:
            key = tuple(row[p] for p in positions)
            first = keys.setdefault(key, line)
            if first != line:
                yield DamagedData(
                    file,
                    f"the primary key stands in line {first} too",
                    line=line,
                    column=", ".join(descriptor.primary_key),
                    value=", ".join(key),
                )


def _broken_rule(cell, column):
    if cell == "":
        return "must not be empty" if column.required else None
    try:
        value = _PARSERS[column.type](cell)
    except (ValueError, KeyError):
        return f"is not of type {column.type}"
    if column.minimum is not None and value < column.minimum:
        return f"must be at least {column.minimum}"
    if column.maximum is not None and value > column.maximum:
        return f"must be at most {column.maximum}"
    if column.enum and value not in column.enum:
        return f"is not one of: {', '.join(map(str, column.enum))}"
    if column.pattern is not None and not re.fullmatch(column.pattern, cell):
        return f"does not match {column.pattern}"
    return None


def _match(pattern, cell):
    if not pattern.fullmatch(cell):
        raise ValueError(cell)
    return cell


def _number(cell):
    value = float(_match(_NUMBER, cell))
    if not math.isfinite(value):
        raise ValueError(cell)
    return value


_PARSERS = {
    "string": str,
    "integer": lambda cell: int(_match(_INTEGER, cell)),
    "number": _number,
    "boolean": _BOOLEANS.__getitem__,
    "date": lambda cell: date.fromisoformat(_match(_DATE, cell)),
    "datetime": lambda cell: datetime.fromisoformat(_match(_DATETIME, cell)),
}
