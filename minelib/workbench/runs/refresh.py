# SPDX-License-Identifier: MIT
"""New prose around old outputs: what is done when only prose has changed."""

import json

from minelib.workbench.runs import keys
from minelib.workbench.runs.folders import replace, scratch
from minelib.workbench.runs.plan import record

__all__ = ["merged", "refresh"]


def merged(source, executed):
    """The source notebook with the outputs of an executed one of the same code.

    Parameters
    ----------
    source, executed : dict
        Notebooks as JSON.

    Returns
    -------
    dict
    """
    by_id = {cell.get("id"): cell for cell in executed["cells"] if cell["cell_type"] == "code"}
    injected = [
        cell
        for cell in executed["cells"]
        if "injected-parameters" in cell["metadata"].get("tags", ())
    ]
    cells = []
    for cell in source["cells"]:
        old = by_id.get(cell.get("id")) if cell["cell_type"] == "code" else None
        if old is None:
            cells.append(cell)
            continue
        cells.append({**old, "source": cell["source"]})
        if "parameters" in cell["metadata"].get("tags", ()):
            cells += injected
    return {**executed, "cells": cells}


def refresh(task):
    """Put the prose of now into the result that stands in the task's folder."""
    name = f"{task.notebook.name}.ipynb"
    executed = json.loads((task.folder / name).read_text(encoding="utf-8"))
    source = task.notebook.content
    if task.lang != "en":
        from minelib.workbench.translation import translated

        source = translated(source, task.lang)
    run = record(task.folder)
    run["prose"] = keys.prose(task.notebook, task.lang)
    with scratch(task.folder) as folder:
        content = json.dumps(merged(source, executed), ensure_ascii=False, indent=1)
        (folder / name).write_text(content + "\n", encoding="utf-8")
        for path in task.folder.iterdir():
            if path.name not in (name, "run.json"):
                (folder / path.name).write_bytes(path.read_bytes())
        text = json.dumps(run, ensure_ascii=False, indent=1) + "\n"
        (folder / "run.json").write_text(text, encoding="utf-8")
        replace(folder, task.folder)
