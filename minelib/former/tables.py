# SPDX-License-Identifier: MIT
"""The former name of `minelib.show`; goes with version 0.3."""

import warnings
from collections.abc import Iterable

import pandas as pd

from minelib.checks.door import Lang
from minelib.display.table import Table, plain_cell, source_line
from minelib.errors import UnknownName
from minelib.style import style
from minelib.words import gettext as _

__all__ = ["Table", "table"]


def table(
    frame: pd.DataFrame,
    heads: dict[str, str] | None = None,
    decimals: dict[str, int] | None = None,
    caption: str = "",
    tables: str | Iterable[str] = (),
    index: bool = False,
    lang: Lang | None = None,
) -> Table:
    """Format a frame with heads of the caller's own; see `minelib.show`."""
    sentence = _("{old} is now {new}, and goes with version {version}.")
    said = sentence.format(old="ml.tables.table", new="ml.show", version="0.3")
    warnings.warn(said, DeprecationWarning, stacklevel=2)
    frame, decimals = frame.reset_index() if index else frame, decimals or {}
    heads = heads or {str(c): str(c) for c in frame.columns}
    for name in [*heads, *decimals]:
        if name not in frame.columns:
            raise UnknownName("column", name, map(str, frame.columns))
    with style(lang):
        cells = [[plain_cell(v, decimals.get(name)) for v in frame[name]] for name in heads]
        rows = [list(row) for row in zip(*cells, strict=True)]
        source = source_line(tables) if tables else ""
        numeric = [frame[name].dtype.kind in "iuf" for name in heads]
        return Table(rows, list(heads.values()), numeric, caption, source, frame)
