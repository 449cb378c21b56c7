# SPDX-License-Identifier: MIT
"""Finding out that a file was altered, and where.

A SHA-256 says that something changed. To say where, three sums are kept for each column and
for the raw lines: with h(i) a short hash of row i, S0 = sum h(i), S1 = sum i h(i) and
S2 = sum i^2 h(i), modulo a prime. If exactly one row was altered, (S1' - S1) / (S0' - S0) is
its number; with two altered rows S2 cannot fit, so nothing wrong is ever pointed at. A few
numbers a column do what a stored copy would.
"""

import hashlib
import zlib

from minelib.catalog.schema import first_problem, read_cells
from minelib.errors import DamagedData

__all__ = ["altered_cell", "file_sums", "sha256"]

_PRIME = 2**61 - 1
_LINES = ""  # the key under which the sums of the raw lines stand: no column has this name


def sha256(content):
    """SHA-256 of bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def _sums(parts):
    s0 = s1 = s2 = 0
    for i, part in enumerate(parts, start=1):
        h = zlib.crc32(part)
        s0 += h
        s1 += i * h
        s2 += i * i * h
    return [s0 % _PRIME, s1 % _PRIME, s2 % _PRIME]


def file_sums(content, file):
    """The locating sums of a CSV: ``{"rows": n, "columns": {name: [S0, S1, S2]}}``.

    The raw lines stand under the empty name. Rows are counted from 1 without the header;
    raw lines from 1 with it.
    """
    header, *rows = read_cells(content, file)
    columns = {_LINES: _sums(content.split(b"\n"))}
    for position, name in enumerate(header):
        columns[name] = _sums(
            (row[position] if position < len(row) else "").encode() for row in rows
        )
    return {"rows": len(rows), "columns": columns}


def _row_altered(old, new):
    """The one row whose change explains the sums, 0 for no change, None for several."""
    d0, d1, d2 = ((n - o) % _PRIME for o, n in zip(old, new, strict=True))
    if d0 == d1 == d2 == 0:
        return 0
    if d0 == 0:
        return None
    row = d1 * pow(d0, -1, _PRIME) % _PRIME
    return row if row * row % _PRIME * d0 % _PRIME == d2 else None


def altered_cell(content, descriptor, stored):
    """Name the place where a file departs from what was stamped.

    Parameters
    ----------
    content : bytes
        The file as it is now; its SHA-256 is not the stamped one.
    descriptor : Descriptor
    stored : dict or None
        What `file_sums` gave when the file was stamped.

    Returns
    -------
    DamagedData
        Not raised. Schema violations are named first, for they say most.
    """
    file = descriptor.csv_file
    problem = first_problem(content, descriptor)
    if problem is not None:
        return problem
    altered = "was altered: the SHA-256 is not the stamped one"
    if stored is None:
        return DamagedData(file, altered)
    now = file_sums(content, file)
    if now["rows"] != stored["rows"]:
        return DamagedData(file, f"{altered} ({now['rows']} rows, stamped {stored['rows']})")
    rows = read_cells(content, file)
    places = {
        name: _row_altered(sums, now["columns"][name])
        for name, sums in stored["columns"].items()
        if name != _LINES and name in now["columns"]
    }
    changed = {name: row for name, row in places.items() if row != 0}
    single = set(changed.values())
    if len(single) == 1 and (row := single.pop()) is not None and row <= now["rows"]:
        column = next(iter(changed))
        value = rows[row][[c.name for c in descriptor.columns].index(column)]
        names = ", ".join(changed)
        return DamagedData(file, altered, line=row + 1, column=names, value=value)
    if changed:
        return DamagedData(file, f"{altered} in several rows", column=", ".join(changed))
    line = _row_altered(stored["columns"][_LINES], now["columns"][_LINES])
    return DamagedData(file, altered, line=line or None)
