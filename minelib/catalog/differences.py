# SPDX-License-Identifier: MIT
"""Which values of a table changed between two versions of the data."""

from pathlib import Path
from typing import TYPE_CHECKING

from minelib.catalog.own import RECORD, catalog_of
from minelib.catalog.store import Catalog
from minelib.errors import BadInput
from minelib.words import gettext as _

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["changed", "differences", "either"]


def either(version: str) -> Catalog:
    """The catalogue of a version by its name, or of a folder of tables.

    Raises
    ------
    UnknownName, BadInput
        No such version, and no such folder.
    """
    folder = Path(version)
    if (folder / RECORD).is_file():
        return Catalog(over=folder, label=version)
    if any(folder.glob("*/*.toml")):
        return Catalog(folder)
    return catalog_of(version)


def differences(old: Catalog, new: Catalog, name: str) -> "pd.DataFrame":
    """The values of one table that differ.

    Parameters
    ----------
    old, new : Catalog
    name : str
        A table that has a primary key.

    Returns
    -------
    pandas.DataFrame
        One row a value that changed: ``row`` (its key), ``column``, ``old``, ``new``; where a
        whole row came or went, ``column`` is "" and the value that is there is its key.

    Raises
    ------
    BadInput
        The table has no primary key, by which rows could be told.
    """
    key = list(new.descriptor(name).primary_key)
    if not key:
        raise BadInput(_("Table {name} has no primary key to compare by.").format(name=name))
    return changed(old.read(name).astype("str"), new.read(name).astype("str"), key)


def changed(old: "pd.DataFrame", new: "pd.DataFrame", key: list[str]) -> "pd.DataFrame":
    """The cells of two frames of text that differ, by their key; see `differences`."""
    import pandas as pd

    before, after = (frame.astype(object).set_index(key) for frame in (old, new))
    for frame in (before, after):
        frame.index = [", ".join(map(str, k if len(key) > 1 else [k])) for k in frame.index]
    shared = before.index.intersection(after.index, sort=False)
    found: list[tuple] = []
    for column in after.columns.intersection(before.columns):
        a, b = before.loc[shared, column], after.loc[shared, column]
        differ = (a != b) & ~(a.isna() & b.isna())
        found += zip(shared[differ], [column] * differ.sum(), a[differ], b[differ], strict=True)
    found += [(row, "", row, None) for row in before.index.difference(after.index, sort=False)]
    found += [(row, "", None, row) for row in after.index.difference(before.index, sort=False)]
    return pd.DataFrame(found, columns=["row", "column", "old", "new"]).astype(object)
