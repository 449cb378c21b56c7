# SPDX-License-Identifier: MIT
"""Which values of the tables changed from one data folder to another, for ``CHANGELOG.md``.

    git worktree add ../before v0.1.0
    python tools/changes.py ../before/data data

One line a table: what came, what went; and every value that changed, old and new, up to a number
(``--values``). Tables without a primary key, and columns that one side lacks, are named.
"""

from __future__ import annotations

import argparse
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from minelib.catalog.differences import changed  # noqa: E402
from minelib.errors import MinelibError  # noqa: E402


def changes(old: Path, new: Path, values: int = 10) -> Iterator[str]:
    """The lines, as Markdown.

    Parameters
    ----------
    old, new : path
        Data folders of two versions. Words and units of an older folder may follow older rules:
        of it only the tables and their keys are read.
    values : int
        How many values are written out per table; the rest is counted.
    """
    before, after = _names(old), _names(new)
    for name in sorted(after.keys() - before.keys()):
        yield f"- `{name}` is new"
    for name in sorted(before.keys() - after.keys()):
        yield f"- `{name}` is gone"
    for name in sorted(before.keys() & after.keys()):
        if before[name]["sha256"] != after[name]["sha256"]:
            yield from _changed(name, old, new, before[name], after[name], values)


def _names(folder):
    found = {}
    for path in sorted(folder.glob("*/*.toml")):
        descriptor = tomllib.loads(path.read_text(encoding="utf-8"))
        found[descriptor["name"]] = descriptor
    if not found:
        raise MinelibError(f"{folder} holds no tables")
    return found


def _changed(name, old, new, was, now, values):
    heads = [{column["name"] for column in d["columns"]} for d in (was, now)]
    told = [f"column `{c}` came" for c in sorted(heads[1] - heads[0])]
    told += [f"column `{c}` went" for c in sorted(heads[0] - heads[1])]
    if was["primary_key"] != now["primary_key"]:
        keys = " and ".join(", ".join(d["primary_key"]) or "none" for d in (was, now))
        yield f"- `{name}`: " + "; ".join([*told, f"other keys ({keys}), not compared"])
        return
    found = changed(_read(old, was), _read(new, now), now["primary_key"])
    came, went = (found[side].notna() & (found["column"] == "") for side in ("new", "old"))
    told += [f"{n:,} rows {how}" for n, how in ((came.sum(), "came"), (went.sum(), "went")) if n]
    cells = found[found["column"] != ""]
    told += [f"{len(cells):,} values changed"] if len(cells) else []
    yield f"- `{name}` (version {was['version']} to {now['version']}): " + "; ".join(told)
    for cell in cells.head(values).itertuples():
        yield f"  - {cell.row}, `{cell.column}`: {_value(cell.old)} → {_value(cell.new)}"
    if len(cells) > values:
        yield f"  - and {len(cells) - values:,} more"


def _read(folder, descriptor):
    """A table as text: an older version is not held to the rules of this one."""
    (path,) = folder.glob(f"*/{descriptor['name']}.csv*")
    return pd.read_csv(path, dtype="str", keep_default_na=False, na_values=[""])


def _value(cell):
    return "(empty)" if cell is None or cell != cell else str(cell)


def main(argv: list[str] | None = None) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("old", type=Path)
    parser.add_argument("new", type=Path)
    parser.add_argument("--values", type=int, default=10, help="values written out per table")
    asked = parser.parse_args(argv)
    try:
        print("\n".join(changes(asked.old, asked.new, asked.values)))
    except MinelibError as why:
        print(why, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
