# SPDX-License-Identifier: MIT
"""One run: a notebook, its parameters, a kernel; and a folder with what came of it.

A job is executed in a process of its own, a child of `minelib.workbench.fork_server`.
"""

import contextlib
import datetime
import importlib
import json
import logging
import os
import re
import sys
import warnings
from pathlib import Path

from minelib.studies.findings import MIME
from minelib.studies.notebooks import Notebook
from minelib.workbench.fork_client import ADDRESS
from minelib.workbench.runs.folders import CannotWrite, replace, scratch

__all__ = ["execute", "preload", "run"]

RUN_FORMAT = 1
_USED = (
    "IPython.paths",
    "papermill.execute",
    "nbclient",
    "jupyter_client.asynchronous",
    "minelib.workbench.runs.engine",
    "minelib.workbench.runs.provisioner",
    "minelib.workbench.translation",
)


def execute(spec, tell=lambda message: None):
    """Run a notebook and leave its folder.

    Parameters
    ----------
    spec : dict
        As made by `minelib.workbench.runs.plan.Task.spec`.
    tell : callable
        Gets ``{"event": "cell", "done": n, "of": m}`` after each cell.

    Returns
    -------
    dict
        ``status`` (``"ok"`` or ``"failed"``), ``seconds``, ``folder``, ``message``.
    """
    started = _now()
    notebook = Notebook(spec["number"], spec["slug"], Path(spec["path"]))
    executed, error, cells = None, None, 0
    try:
        executed = _prepared(notebook, spec)
        cells = sum(cell.cell_type == "code" for cell in executed.cells)
        executed, error = _executed(executed, spec, tell)
        if error is None:
            error = _unfinished(executed, notebook)
    except Exception as problem:  # nothing a notebook does may end the other runs
        error = _described(problem)
    record = {
        "format": RUN_FORMAT,
        "notebook": notebook.name,
        "slug": notebook.slug,
        "number": notebook.number,
        "lang": spec["lang"],
        "status": "ok" if error is None else "failed",
        "parameters": spec["parameters"],
        "changed": {name: v for name, v in spec["changed"].items() if name != "lang"},
        "started": _iso(started),
        "finished": _iso(_now()),
        "seconds": round((_now() - started).total_seconds(), 3),
        "cells": cells,
        "kernel": "forked" if os.environ.get(ADDRESS) else "ordinary",
        "git": spec["git"],
        "versions": {"minelib": spec["minelib"], **spec["inputs"]["libraries"]},
        "inputs": spec["inputs"],
        "prose": spec["prose"],
    }
    found = findings(executed) if executed is not None else None
    if found is not None:
        record["data"] = found["data"]
        record["tables"] = _tables(spec, found["data"])
    final = Path(spec["folder"] if error is None else spec["failed"])
    if error is not None:
        record["error"] = error
    try:
        _leave(final, notebook.name, executed, found, record)
    except OSError as problem:
        reason = problem if isinstance(problem, CannotWrite) else CannotWrite(final, problem)
        return {**_result(record), "status": "failed", "message": str(reason), "folder": None}
    return {**_result(record), "folder": str(final)}


def _result(record):
    error = record.get("error") or {}
    return {
        "status": record["status"],
        "seconds": record["seconds"],
        "message": error.get("sentence", ""),
        "parameters": record["parameters"],
    }


def _now():
    return datetime.datetime.now(datetime.UTC)


def _iso(moment):
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _tables(spec, used):
    every = spec["tables"]
    return every if spec["all_tables"] else {name: every.get(name) for name in used}


def _prepared(notebook, spec):
    """The source notebook in the language, with the parameters put in by papermill."""
    import nbformat
    from papermill.iorw import load_notebook_node
    from papermill.parameterize import parameterize_notebook

    node = load_notebook_node(nbformat.from_dict(spec["content"]))
    if spec["lang"] != "en":
        from minelib.workbench.translation import translated

        node = translated(node, spec["lang"])
    if spec["changed"]:
        node = parameterize_notebook(node, spec["changed"])
    node.metadata.papermill["input_path"] = notebook.path.name
    node.metadata.papermill["output_path"] = f"{notebook.name}.ipynb"
    return node


def _executed(node, spec, tell):
    """The executed notebook and what went wrong, described, or None."""
    from nbclient.exceptions import DeadKernelError
    from papermill.engines import NotebookExecutionManager
    from papermill.utils import nb_kernel_name

    from minelib.workbench.runs.engine import Engine

    logging.getLogger("papermill").setLevel(logging.ERROR)
    logging.getLogger("traitlets").setLevel(logging.CRITICAL)
    warnings.filterwarnings("ignore", message=".*TCP without encryption.*")
    _choose_kernels()
    manager = NotebookExecutionManager(node, output_path=None, progress_bar=False)
    count = len(node.cells)
    complete = manager.cell_complete

    def counted(cell, cell_index=None, **kwargs):
        complete(cell, cell_index=cell_index, **kwargs)
        tell({"event": "cell", "done": (cell_index or 0) + 1, "of": count})

    manager.cell_complete = counted
    manager.notebook_start()
    error = None
    try:
        Engine.execute_managed_notebook(manager, nb_kernel_name(node), start_timeout=120)
    except (DeadKernelError, RuntimeError) as problem:
        if not isinstance(problem, DeadKernelError) and "died" not in str(problem):
            raise
        error = _dead(node)
    manager.notebook_complete()
    return node, error or _failed_cell(node)


def _choose_kernels():
    """Forked kernels where there is a server of them; otherwise what the notebook names."""
    from importlib.metadata import EntryPoint

    from jupyter_client.provisioning.factory import KernelProvisionerFactory

    if not os.environ.get(ADDRESS):
        return
    factory = KernelProvisionerFactory.instance()
    if "minelib-fork" not in factory.provisioners:  # not installed, only importable
        factory.provisioners["minelib-fork"] = EntryPoint(
            "minelib-fork",
            "minelib.workbench.runs.provisioner:ForkProvisioner",
            KernelProvisionerFactory.GROUP_NAME,
        )
    factory.default_provisioner_name = "minelib-fork"


def _heading(node, index):
    """The last heading above a cell, without its marks."""
    for cell in reversed(node.cells[:index]):
        if cell.cell_type == "markdown":
            found = re.findall(r"^#+\s+(.+)$", cell.source, re.MULTILINE)
            if found:
                return found[-1].strip()
    return ""


def _failed_cell(node):
    from minelib.words import gettext as _

    for index, cell in enumerate(node.cells):
        for output in cell.get("outputs", ()):
            if output.output_type == "error":
                heading = _heading(node, index)
                message = f"{output.ename}: {output.evalue}".strip().rstrip(":")
                first = message.splitlines()[0] if message else output.ename
                return {
                    "name": output.ename,
                    "message": output.evalue,
                    "cell": index,
                    "heading": heading,
                    "traceback": [_no_colours(line) for line in output.traceback],
                    "sentence": _("cell {number} under “{heading}”: {message}").format(
                        number=index + 1, heading=heading, message=first
                    ),
                }
    return None


def _no_colours(text):
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def _dead(node):
    from minelib.words import gettext as _

    running = [
        i
        for i, cell in enumerate(node.cells)
        if cell.metadata.get("papermill", {}).get("status") in ("running", "completed")
        and cell.cell_type == "code"
    ]
    index = running[-1] if running else 0
    node.cells[index].metadata.papermill["status"] = "failed"
    node.cells[index].metadata.papermill["exception"] = True
    heading = _heading(node, index)
    sentence = _(
        "the kernel died in cell {number} under “{heading}”; it was killed, perhaps for want of"
        " memory"
    ).format(number=index + 1, heading=heading)
    return {
        "name": "DeadKernelError",
        "message": sentence,
        "cell": index,
        "heading": heading,
        "traceback": [],
        "sentence": sentence,
    }


def _described(problem):
    import traceback

    sentence = f"{type(problem).__name__}: {problem}".splitlines()[0]
    return {
        "name": type(problem).__name__,
        "message": str(problem),
        "cell": None,
        "heading": "",
        "traceback": traceback.format_exc().splitlines(),
        "sentence": sentence,
    }


def findings(node):
    """The findings an executed notebook displays, or None."""
    for cell in reversed(node["cells"]):
        for output in reversed(cell.get("outputs", ())):
            if MIME in output.get("data", {}):
                return output["data"][MIME]
    return None


def _unfinished(node, notebook):
    from minelib.words import gettext as _

    if findings(node) is not None:
        return None
    sentence = _("the notebook left no findings; its last cell must be study.finish()")
    return {
        "name": "NoFindings",
        "message": sentence,
        "cell": None,
        "heading": "",
        "traceback": [],
        "sentence": sentence,
    }


def _leave(final, name, executed, found, record):
    """Write the folder beside its place, then move it there."""
    with scratch(final) as folder:
        if executed is not None:
            import nbformat

            text = nbformat.writes(executed, version=4)
            _write(folder / f"{name}.ipynb", text if text.endswith("\n") else text + "\n")
        if found is not None:
            _write(folder / "findings.json", _json(found))
        _write(folder / "run.json", _json(record))
        replace(folder, final)


def _json(content):
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _write(path, text):
    with path.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())  # a full disk may show only here


def preload() -> None:
    """Import what every job uses, and compile the schema of notebooks: 50 ms a job."""
    for name in _USED:
        with contextlib.suppress(Exception):
            importlib.import_module(name)
    with contextlib.suppress(Exception):
        import nbformat
        from jupyter_client.provisioning.factory import KernelProvisionerFactory

        nbformat.validate(nbformat.v4.new_notebook())
        sys.modules["minelib.words"].prepare()
        KernelProvisionerFactory.instance()


def run(request: dict, output: int | None) -> int:
    """Execute ``request["spec"]``; each event is a line of JSON to the output."""
    with os.fdopen(output, "w", encoding="utf-8") as channel:

        def tell(message):
            channel.write(json.dumps(message) + "\n")
            channel.flush()

        tell({"event": "result", "result": execute(request["spec"], tell)})
    return 0
