# SPDX-License-Identifier: MIT
"""Re-check everything the package ships: files, schemas, relations and proof of work."""

from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from os import PathLike

import pandas as pd

from minelib.catalog import Catalog
from minelib.catalog.store import packaged
from minelib.chain.headers import check_blocks, check_epochs
from minelib.errors import DamagedData
from minelib.words import gettext as _, number

__all__ = ["Report", "verify"]


@dataclass(frozen=True)
class Report:
    """What was checked and what was found.

    Attributes
    ----------
    headers, files, tables, rows, columns, links, blocks : int
        How many were checked; links are the relations of `minelib.catalog.links`, blocks those
        whose order and whose times at both ends of an epoch were proved.
    within_s : float
        Seconds to which those times are proved by the difficulty that followed.
    problems : tuple of DamagedData
        Each with ``file``, ``line``, ``column``, ``value`` and ``rule``.
    """

    headers: int
    files: int
    tables: int
    rows: int
    columns: int
    links: int
    blocks: int
    within_s: float
    problems: tuple[DamagedData, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether nothing was found."""
        return not self.problems

    def __str__(self):
        names = ("headers", "files", "tables", "rows", "columns", "links", "blocks")
        counts = _(
            "Checked {headers} block headers, {files} files, {tables} tables, {rows} rows, "
            "{columns} columns, {links} relations between them, {blocks} blocks (times proved by "
            "the difficulty that followed, to within {seconds} s)."
        ).format(
            seconds=number(self.within_s), **{name: number(getattr(self, name)) for name in names}
        )
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
    """Re-check every file, schema, reference, block header and fact that stands in two places.

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
    catalog = packaged() if root is None else Catalog(root)
    problems = catalog.check()
    headers = rows = columns = links = blocks = 0
    within, unstamped = 0.0, cache(catalog.unstamped)
    for name in catalog.names:
        # a header that was altered is found by its proof of work
        read = unstamped if name == "difficulty_epochs" else catalog.load
        try:
            frame = read(name)
        except DamagedData:
            continue  # named by check() already
        rows, columns = rows + len(frame), columns + len(frame.columns)
        if name == "difficulty_epochs":
            headers = int(frame["header_hex"].notna().sum())
            problems = _named(catalog, name, frame, check_epochs(frame)) + problems
        if name == "blocks":
            with suppress(DamagedData):  # of the epochs, named already
                found, within = check_blocks(frame, unstamped("difficulty_epochs"))
                problems += _named(catalog, name, frame, found)
                blocks = len(frame)
    # tables, descriptors, the dictionary of columns, the relations between tables, two
    # vocabularies and two generated files
    files = 2 * len(catalog.names) + 6
    with suppress(DamagedData):
        links = len(catalog.links)
    counts = headers, files, len(catalog.names), rows, columns, links, blocks, within
    return Report(*counts, tuple(problems))


def _named(catalog, name, frame, broken):
    """Broken rules of a table as exceptions not raised, with the line and the value."""
    file = catalog.descriptor(name).csv_file
    return [
        DamagedData(file, rule, row + 2, column, str(frame[column].iloc[row]))
        for row, column, rule in broken
    ]
