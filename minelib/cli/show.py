# SPDX-License-Identifier: MIT
"""Tables and data on a terminal, in a pipe or as JSON."""

import json
import shutil
import sys
from collections.abc import Collection, Iterable, Sequence

from rich.cells import cell_len as width, set_cell_size

from minelib.cli.console import encodable


def as_json(content: object) -> None:
    """Print plain data as JSON; with escapes, so whole, where the output lacks characters."""
    text = json.dumps(content, ensure_ascii=False, indent=1, default=str)
    print(text if encodable(text) else json.dumps(content, indent=1, default=str))


def _cut(text, most):
    """The text in at most so many cells; a Chinese character takes two."""
    return text if width(text) <= most else set_cell_size(text, most - 1).rstrip() + "…"


def columns(
    heads: Iterable[str],
    rows: Iterable[Iterable[object]],
    right: Collection[int] = (),
    flexible: int | None = None,
) -> None:
    """Print an aligned table; nothing is cut unless it goes to a terminal.

    Parameters
    ----------
    heads : list of str
    rows : list of list
        Anything that has a text.
    right : iterable of int
        Columns aligned to the right.
    flexible : int or None
        The column that is cut when a terminal is too narrow.
    """
    cells = [[" ".join(str("" if cell is None else cell).split()) for cell in row] for row in rows]
    table = [list(heads), *cells]
    widths = [max(width(row[i]) for row in table) for i in range(len(table[0]))]
    if flexible is not None and sys.stdout.isatty():
        room = shutil.get_terminal_size().columns
        others = sum(widths) - widths[flexible] + 2 * (len(widths) - 1)
        widths[flexible] = max(16, min(widths[flexible], room - others))
    for number, row in enumerate(table):
        texts = []
        for i, text in enumerate(row):
            text = _cut(text, widths[i])
            space = " " * (widths[i] - width(text))
            texts.append(space + text if i in right else text + space)
        print("  ".join(texts).rstrip())
        if number == 0:
            print("  ".join("─" * w for w in widths))


def pairs(items: Sequence[tuple[str, object]]) -> None:
    """Print names and values, a line each."""
    longest = max(width(name) for name, _value in items)
    for name, value in items:
        print(f"{name}{' ' * (longest - width(name))}  {value}")
