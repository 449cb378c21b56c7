# SPDX-License-Identifier: MIT
"""New prose around old outputs: what is done when only prose has changed."""

import json

from minelib.workbench.runs import cache
from minelib.workbench.runs.job import answer, leave
from minelib.workbench.runs.plan import Task
from minelib.workbench.translation import translated


def merged(source: dict, executed: dict) -> dict:
    """The source notebook with the outputs of an executed one of the same code.

    Parameters
    ----------
    source, executed : dict
        Notebooks as JSON.
    """
    tagged = [(cell, cell["metadata"].get("tags", ())) for cell in executed["cells"]]
    injected = [cell for cell, tags in tagged if "injected-parameters" in tags]
    by_id = {cell.get("id"): cell for cell, _tags in tagged if cell["cell_type"] == "code"}
    cells = []
    for cell in source["cells"]:
        old = by_id.get(cell.get("id")) if cell["cell_type"] == "code" else None
        cells.append(cell if old is None else {**old, "source": cell["source"]})
        if old is not None and "parameters" in cell["metadata"].get("tags", ()):
            cells += injected
    return {**executed, "cells": cells}


def refresh(task: Task) -> dict:
    """Put the prose of now into the result that stands in the task's folder.

    Returns
    -------
    dict
        As `minelib.workbench.runs.job.answer`.
    """
    source = task.notebook.content
    if task.lang != "en":
        source = translated(source, task.lang)
    files: dict = {name: (task.folder / name).read_bytes() for name in task.before["files"]}
    name = f"{task.notebook.name}.ipynb"
    files[name] = merged(source, json.loads(files[name]))
    files["run.json"] = {**task.before, "prose": cache.prose(task.notebook, task.lang)}
    return leave(task.folder, answer("refreshed"), files)
