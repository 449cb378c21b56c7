# SPDX-License-Identifier: MIT
"""The cells of a notebook run as Jupyter would, with what they show kept as objects."""

import ast
import contextlib
import json
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import matplotlib as mpl
from matplotlib import pyplot as plt

from minelib import words
from minelib.display import Finished, Table, number_figures
from minelib.workbench import translation

FOLDER = Path(__file__).resolve().parents[1] / "notebooks"


@dataclass
class Cell:
    """A code cell: its source, and the names it reads and sets."""

    id: str
    source: str
    reads: set = field(default_factory=set)
    sets: set = field(default_factory=set)

    def __post_init__(self):
        for node in ast.walk(ast.parse(self.source)):
            if isinstance(node, ast.Name):
                (self.reads if isinstance(node.ctx, ast.Load) else self.sets).add(node.id)
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                self.sets |= {(a.asname or a.name).split(".")[0] for a in node.names}
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and "@" in node.value:
                words = node.value.replace("@", " @").replace(".", " ").split()
                self.reads |= {w.strip("@()[],") for w in words if w.startswith("@")}


def code_cells(name, lang="en"):
    """The code cells of a notebook in a language, in order."""
    path = next(FOLDER.glob(f"{name}*.ipynb"))
    notebook = translation.translated(json.loads(path.read_text(encoding="utf-8")), lang)
    return [
        Cell(cell["id"], "".join(cell["source"]))
        for cell in notebook["cells"]
        if cell["cell_type"] == "code"
    ]


def run(cell, namespace):
    """Run a cell; the value of its last expression."""
    tree = ast.parse(cell.source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, cell.id, "exec"), namespace)
    if last is None:
        return None
    return eval(compile(ast.Expression(last.value), cell.id, "eval"), namespace)


@contextlib.contextmanager
def kernel():
    """A kernel's state of matplotlib and language, put back at the end."""
    before = words.current()
    try:
        with mpl.rc_context():
            yield {"__name__": "__main__"}
    finally:
        words.use(before)
        number_figures([])
        plt.close("all")


def picture(shown):
    """A digest of what a figure looks like; None for anything else."""
    if not isinstance(shown, Finished):
        return None
    return sha256(shown._repr_mimebundle_()[0]["image/png"]).hexdigest()


def frames(shown):
    """The frame behind a figure or a table, and the tables named with it."""
    if isinstance(shown, Finished) and shown.data is not None:
        return [(shown.data, shown.tables)]
    if isinstance(shown, Table) and shown.frame is not None:
        return [(shown.frame, ())]
    return []


def needed(cells):
    """For each cell, the earlier cells it depends on, by the names it reads.

    The nearest earlier cell that sets a name counts; the set-up cell always does.
    """
    found = []
    for i, cell in enumerate(cells):
        direct = set(range(min(i, 2)))
        for name in cell.reads:
            setters = [j for j in range(i) if name in cells[j].sets]
            direct |= set(setters[-1:])
        found.append(direct)
    return found
