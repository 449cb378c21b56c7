# SPDX-License-Identifier: MIT
"""The sweeps behind the living figures, run and kept: minelib/figures/swept/NAME.csv.

python tools/swept.py                  # all that are stale or incomplete
python tools/swept.py electricity      # this one, anew

Each run is a run of ``minelib sweep``: of the notebook's own cells, those on which the figure
rests. What the figure shows is read from the executed notebooks.
"""

import argparse
import ast
import copy
import json
import shutil
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd

from minelib.display import MIME as FIGURE
from minelib.display.table import MIME as TABLE
from minelib.figures import living
from minelib.studies.notebooks import folder, select
from minelib.workbench.runs.progress import for_stream
from minelib.workbench.runs.sweeps import expanded, sweep
from minelib.workbench.site.living import digest, stale

KEPT = Path(living.__file__).parent / "swept"


def names(code):
    """What a cell reads, and what it sets."""
    found = [n for n in ast.walk(ast.parse(code)) if isinstance(n, ast.Name)]
    text = " ".join(
        n.value
        for n in ast.walk(ast.parse(code))
        if isinstance(n, ast.Constant) and isinstance(n.value, str)
    )
    read = {n.id for n in found if isinstance(n.ctx, ast.Load)} | {
        w.strip("@,.") for w in text.split()
    }
    return read, {n.id for n in found if isinstance(n.ctx, ast.Store)}


def cut(notebook, mark):
    """The notebook with only those cells on which the one with the mark rests."""
    content = copy.deepcopy(notebook.content)
    kept, needed = [], set()
    for cell in reversed(content["cells"]):
        cell["source"] = [x for x in cell["source"] if not x.startswith("ml.figures.live(")]
        code = "".join(cell["source"])
        if cell["cell_type"] != "code":
            keep = cell is content["cells"][0]
        elif code.startswith(("import", "study.finish")) or cell["metadata"].get("tags"):
            keep = True
        else:
            read, set_ = names(code)
            aside = any(call in code for call in ("study.keep", "study.finish", "ml.finish"))
            keep = mark in code or (bool(set_ & needed) and not aside)
            if keep:
                needed = (needed - set_) | read
        if keep:
            kept.insert(0, cell)
    content["cells"] = kept
    return content


def shown(run, mark):
    """The frame behind the figure or table that the cell with the mark shows."""
    (path,) = run.glob("*.ipynb")
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code" and mark in "".join(cell["source"]):
            for output in cell["outputs"]:
                for kind in (FIGURE, TABLE):
                    if kind in output.get("data", {}):
                        frame = output["data"][kind]["frame"]
                        return pd.DataFrame(frame["data"], columns=frame["columns"])
    raise SystemExit(f"{run}: no cell with {mark!r}")


def swept(name, grid=None):
    """A row per run and row of its figure, with the parameters that were varied."""
    entry = living.FIGURES[name]["sweep"]
    grid = {k: expanded(v) for k, v in entry["grid"].items()} if grid is None else grid
    notebook = select([entry["notebook"]])[0]
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch) / "notebooks"
        root.mkdir()
        for path in folder().glob("*.ipynb"):
            shutil.copy(path, root)
        content = cut(notebook, entry["cell"])
        (root / f"{notebook.name}.ipynb").write_text(json.dumps(content), encoding="utf-8")
        texts = {k: ";".join(v) + ";" for k, v in grid.items()}
        out, results = sweep(
            entry["notebook"],
            texts,
            entry.get("parameters", {}),
            Path(scratch) / "out",
            from_text=True,
            root=root,
            progress=for_stream(),
        )
        plan = json.loads((out / "sweep.json").read_text(encoding="utf-8"))
        parts = []
        for run in plan["runs"]:
            place = out / "runs" / run["id"]
            if not place.is_dir():
                print(f"failed: {run['parameters']}", file=sys.stderr)
                continue
            frame = shown(place, entry["cell"])[entry["columns"]]
            given = {k: run["parameters"][k] for k in grid}
            parts.append(frame.assign(**given)[[*grid, *entry["columns"]]])
    return pd.concat(parts, ignore_index=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("names", nargs="*")
    for name in parser.parse_args().names or [n for n in living.SWEPT if stale(n)]:
        began = time.monotonic()
        frame = swept(name)
        path = KEPT / f"{name}.csv"
        path.parent.mkdir(exist_ok=True)
        head = f"# {digest(name)}\n"
        path.write_text(
            head + frame.to_csv(index=False, float_format="%.10g"), encoding="utf-8", newline="\n"
        )
        runs = frame[[*living.FIGURES[name]["sweep"]["grid"]]].drop_duplicates()
        print(f"{name}: {len(runs)} runs, {time.monotonic() - began:.0f} s, {path}")


if __name__ == "__main__":
    main()
