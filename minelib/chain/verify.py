# SPDX-License-Identifier: MIT
"""Re-check everything the package ships: files, schemas, references and proof of work."""

from dataclasses import dataclass
from os import PathLike

import pandas as pd

from minelib.catalog import Catalog, default
from minelib.chain.headers import check_epochs
from minelib.errors import DamagedData
from minelib.words import gettext as _
from minelib.words import number

__all__ = ["Report", "verify"]


@dataclass(frozen=True)
class Report:
    """What was checked and what was found.

    Attributes
    ----------
    headers, files, tables, rows, columns : int
        How many were checked.
    problems : tuple of DamagedData
        Each with ``file``, ``line``, ``column``, ``value`` and ``rule``.
    """

    headers: int
    files: int
    tables: int
    rows: int
    columns: int
    problems: tuple[DamagedData, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether nothing was found."""
        return not self.problems

    def __str__(self):
        names = ("headers", "files", "tables", "rows", "columns")
        counts = _(
            "Checked {headers} block headers, {files} files, {tables} tables, {rows} rows, "
            "{columns} columns."
        ).format(**{name: number(getattr(self, name)) for name in names})
        if self.ok:
            return counts + " " + _("All is well.")
        head = _("{count} problems:").format(count=number(len(self.problems)))
        return "\n".join([counts, head, *(f"  {p}" for p in self.problems)])

    __repr__ = __str__

    def frame(self) -> pd.DataFrame:
        """The problems as a DataFrame: file, line, column, value, rule."""
        names = ["file", "line", "column", "value", "rule"]
        return pd.DataFrame([[getattr(p, n) for n in names] for p in self.problems], columns=names)


def verify(root: str | PathLike | None = None) -> Report:
    """Re-check every file, schema, reference and block header.

    Parameters
    ----------
    root : path-like or None
        A data folder; None for the one the package ships.

    Returns
    -------
    Report
        ``.ok`` is True when nothing was found; prints as text.

    Examples
    --------
    >>> verify().ok
    True
    """
    catalog = default() if root is None else Catalog(root)
    problems = catalog.check()
    headers = rows = columns = 0
    for name in catalog.names:
        # a header that was altered is found by its proof of work
        read = catalog.unstamped if name == "difficulty_epochs" else catalog.load
        try:
            frame = read(name)
        except DamagedData:
            continue  # named by check() already
        rows, columns = rows + len(frame), columns + len(frame.columns)
        if name == "difficulty_epochs":
            headers = int(frame["header_hex"].notna().sum())
            file = catalog.descriptor(name).csv_file
            broken = [
                DamagedData(file, rule, row + 2, column, str(frame[column].iloc[row]))
                for row, column, rule in check_epochs(frame)
            ]
            problems = broken + problems
    # tables, descriptors, the dictionary of columns, two vocabularies and two generated files
    files = 2 * len(catalog.names) + 5
    return Report(headers, files, len(catalog.names), rows, columns, tuple(problems))
