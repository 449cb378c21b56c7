# SPDX-License-Identifier: MIT
"""Every figure and table of the notebooks with its cell and the tables it rests on.

`tools/metadata.py` writes it to ``docs/exhibits.md``. Read from the notebooks themselves: a cell
that finishes a figure (``ml.finish``) or shows a table (``ml.show``) makes an exhibit; the tables
are those it names, as sources of the figure or by ``ml.load``.
"""

from __future__ import annotations

import ast
import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import minelib as ml  # noqa: E402

HEAD = """# Exhibits

Every figure and table of the notebooks: the cell that makes it, and the tables of `data/` that it
names as its sources. Written by `python tools/metadata.py` from the notebooks; a cell is named by
its id, which does not change. To make one again: `minelib run NOTEBOOK`, or open the notebook and
run the cells above it.

"""


def exhibits(notebook: Path) -> list[tuple[str, str, str, list[str]]]:
    """Kind, title, cell and tables of each exhibit of a notebook, in its order."""
    found, heading = [], ""
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        text = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            heads = re.findall(r"^#+ (.+)$", text, re.M)
            heading = heads[-1] if heads else heading
            continue
        for kind, title, tables in _calls(text):
            found.append((kind, title or heading, cell["id"], tables))
    return found


def _calls(text: str):
    """What a cell shows: ``("figure" or "table", title, tables)``."""
    tree = ast.parse(text)
    loaded = [
        call.args[0].value
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and _name(call).endswith("load") and _literal(call)
    ]
    calls = [call for call in ast.walk(tree) if isinstance(call, ast.Call)]
    for call in sorted(calls, key=lambda c: (c.lineno, c.col_offset)):
        name = _name(call)
        kind = {"ml.finish": "figure", "ml.show": "table"}.get(name)
        if kind:
            known = set(ml.catalog.default().names)
            tables = [a.value for a in call.args if isinstance(a, ast.Constant)]
            words = [k.value for k in call.keywords if k.arg == "title"]
            title = words[0].value if words and isinstance(words[0], ast.Constant) else ""
            yield kind, title, sorted({*tables, *loaded} & known)


def _name(call: ast.Call) -> str:
    return ast.unparse(call.func)


def _literal(call: ast.Call) -> bool:
    return bool(call.args) and isinstance(call.args[0], ast.Constant)


def text() -> str:
    """The page."""
    parts = [HEAD]
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        rows = [
            f"| {number} | {kind} | {title.replace('|', '/')} | `{cell}` "
            f"| {', '.join(f'`{t}`' for t in tables) or 'a result of a function'} |\n"
            for number, (kind, title, cell, tables) in enumerate(exhibits(path), 1)
        ]
        head = "| | kind | what | cell | tables |\n| --- | --- | --- | --- | --- |\n"
        parts.append(f"## {path.stem}\n\n{head}{''.join(rows)}\n")
    return "".join(parts).rstrip() + "\n"
