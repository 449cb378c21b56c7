# SPDX-License-Identifier: MIT
"""One run: a notebook, its parameters, a kernel; and a folder with what came of it.

A job is executed in a process of its own, a child of `minelib.workbench.fork_server`.
"""

import contextlib
import datetime
import json
import logging
import os
import re
import signal
import sys
import tempfile
import time
import traceback
import warnings
from collections.abc import Callable
from pathlib import Path

from minelib.declared import declared, sentences
from minelib.studies.findings import MIME
from minelib.workbench.fork_client import ADDRESS, load
from minelib.workbench.runs import cache
from minelib.workbench.runs.folders import DISK, CannotWrite, encoded, replace, scratch, write
from minelib.workbench.translation import translated

_say = sentences(__file__)


def execute(spec: dict, tell: Callable[[dict], object] = lambda message: None) -> dict:
    """Run a notebook and leave its folder.

    Parameters
    ----------
    spec : dict
        As made by `minelib.workbench.runs.plan.Task.spec`; a record without ``slug`` is one of a
        notebook that leaves no findings.
    tell : callable
        Gets ``{"event": "cell", "done": n, "of": m}`` after each cell.

    Returns
    -------
    dict
        An `answer`.
    """
    began = time.monotonic()
    record = dict(spec["record"])
    executed, error, found, cells = None, None, None, 0
    try:
        executed = _prepared(spec)
        cells = sum(cell.cell_type == "code" for cell in executed.cells)
        executed, error = _executed(executed, tell, spec["timeout"])
        found = findings(executed)
        if error is None and found is None and "slug" in record:
            error = _error("NoFindings", _say("no_findings"))
    except Exception as problem:  # nothing a notebook does may end the other runs
        first = f"{type(problem).__name__}: {problem}".splitlines()[0]
        if isinstance(problem, OSError) and problem.errno in DISK:  # where Jupyter keeps its files
            beside = os.path.dirname(os.environ.get(ADDRESS, "")) or tempfile.gettempdir()
            first = str(CannotWrite(problem.filename or beside, problem))
        trace = traceback.format_exc().splitlines()
        error = _error(type(problem).__name__, first, message=str(problem), traceback=trace)
    record |= {
        "status": "ok" if error is None else "failed",
        **span(began),
        "cells": cells,
        "kernel": "forked" if os.environ.get(ADDRESS) else "ordinary",
    }
    files = {"run.json": record}
    if found is not None:
        every, record["data"] = spec["tables"], found["data"]
        used = sorted({*spec["relevant"], *found["data"]})
        record["tables"] = {name: cache.table(name, every) for name in used}
        files["findings.json"] = found
    if error is not None:
        record["error"] = error
    if executed is not None:
        import nbformat

        files[f"{record['notebook']}.ipynb"] = nbformat.writes(executed, version=4)
    sentence = error["sentence"] if error else ""
    final = Path(spec["folder"] if error is None else spec["failed"])
    return leave(final, answer(record["status"], record["seconds"], message=sentence), files)


def answer(status: str, seconds: float = 0.0, folder: str | None = None, message: str = "") -> dict:
    """What became of a run, as plain data."""
    return {"status": status, "seconds": seconds, "folder": folder, "message": message}


def leave(final: Path, told: dict, files: dict) -> dict:
    """Write the folder of a run beside its place, then move it there.

    Parameters
    ----------
    final : Path
    told : dict
        The run's `answer` as yet.
    files : dict
        Name to bytes, text or plain data; ``run.json`` gets the size and digest of the others.

    Returns
    -------
    dict
        The `answer` with the folder, or with the reason why there is none.
    """
    contents = {name: encoded(content) for name, content in files.items() if name != "run.json"}
    record = files["run.json"]
    if isinstance(record, dict):  # on a cluster the worker has written it
        record = cache.promise(record, contents)
    try:
        with scratch(final) as folder:
            for name, content in {**contents, "run.json": record}.items():
                write(folder / name, content)
            replace(folder, final)
    except OSError as problem:
        return {**told, "status": "failed", "message": str(CannotWrite(final, problem))}
    return {**told, "folder": str(final)}


def span(began: float, precision: str = "milliseconds") -> dict:
    """When it started and ended (now), as ``2021-09-24T00:00:00.000Z``, and the seconds.

    Parameters
    ----------
    began : float
        `time.monotonic` at the start: the clock on the wall may be set meanwhile.
    precision : str
        As ``timespec`` of `datetime.datetime.isoformat`.
    """
    seconds = time.monotonic() - began
    now = datetime.datetime.now(datetime.UTC)
    ends = (now - datetime.timedelta(seconds=seconds), now)
    first, last = (end.isoformat(timespec=precision).replace("+00:00", "Z") for end in ends)
    return {"started": first, "finished": last, "seconds": round(seconds, 3)}


def _error(name, sentence, cell=None, heading="", traceback=(), message=None):
    """What went wrong, described; the message is the sentence where there is no other."""
    return {
        "name": name,
        "message": sentence if message is None else message,
        "cell": cell,
        "heading": heading,
        "traceback": list(traceback),
        "sentence": sentence,
    }


def _prepared(spec):
    """The source notebook in the language, with the parameters put in by papermill."""
    import nbformat
    from papermill.iorw import load_notebook_node
    from papermill.parameterize import parameterize_notebook

    content = {**spec["content"]}
    own = declared(__file__)["notebook"]
    metadata = content.get("metadata")  # an editor may have left its own kernel's name, or none
    content["metadata"] = {**(metadata if isinstance(metadata, dict) else {}), **own}
    node = load_notebook_node(nbformat.from_dict(content))
    if spec["record"]["lang"] != "en":
        node = translated(node, spec["record"]["lang"])
    if spec["given"]:
        node = parameterize_notebook(node, spec["given"])
        for cell in node.cells:
            if "injected-parameters" in cell.metadata.get("tags", ()):
                cell["id"] = "injected-parameters"  # papermill's is another one each time
    node.metadata.papermill["input_path"] = Path(spec["path"]).name
    node.metadata.papermill["output_path"] = f"{spec['record']['notebook']}.ipynb"
    return node


def _executed(node, tell, timeout):
    """The executed notebook and what went wrong, described, or None."""
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill.engines import NotebookExecutionManager

    from minelib.workbench.runs.engine import Engine

    logging.getLogger("papermill").setLevel(logging.ERROR)
    logging.getLogger("traitlets").setLevel(logging.CRITICAL)
    warnings.filterwarnings("ignore", message=".*TCP without encryption.*")
    _choose_kernels()
    manager = NotebookExecutionManager(node, output_path=None, progress_bar=False)
    complete = manager.cell_complete

    def counted(cell, cell_index=None, **kwargs):
        complete(cell, cell_index=cell_index, **kwargs)
        tell({"event": "cell", "done": (cell_index or 0) + 1, "of": len(node.cells)})

    manager.cell_complete = counted
    manager.notebook_start()
    error = None
    deadline = time.monotonic() + timeout
    options = {
        "start_timeout": 120,
        "own_python": True,
        "timeout_func": lambda cell: max(0.01, deadline - time.monotonic()),
    }
    try:
        Engine.execute_managed_notebook(manager, "python3", **options)
    except CellTimeoutError:
        error = _ended(node, "Timeout", "late", seconds=f"{timeout:g}")
    except (DeadKernelError, RuntimeError) as problem:
        if not isinstance(problem, DeadKernelError) and "died" not in str(problem):
            raise
        code = getattr(manager, "exit_code", None)
        how = "killed" if code in (None, -9) else "crashed" if code < 0 else "left"
        error = _ended(node, "DeadKernelError", how, code=code, signal=signal_name(code))
    manager.notebook_complete()
    return node, error or _failed_cell(node)


def _choose_kernels():
    """Forked kernels where there is a server of them; otherwise what the notebook names."""
    from importlib.metadata import EntryPoint

    from jupyter_client.provisioning.factory import KernelProvisionerFactory

    if not os.environ.get(ADDRESS):
        return
    factory = KernelProvisionerFactory.instance()
    name, place = "minelib-fork", "minelib.workbench.runs.provisioner:ForkProvisioner"
    # where minelib is not installed, only importable
    factory.provisioners.setdefault(name, EntryPoint(name, place, factory.GROUP_NAME))
    factory.default_provisioner_name = name


def _heading(node, index):
    """The last heading above a cell, without its marks."""
    above = "\n".join(c.source for c in node.cells[:index] if c.cell_type == "markdown")
    return ["", *re.findall(r"^#+\s+(.+)$", above, re.MULTILINE)][-1].strip()


def _failed_cell(node):
    for index, cell in enumerate(node.cells):
        for output in cell.get("outputs", ()):
            if output.output_type == "error":
                heading = _heading(node, index)
                message = f"{output.ename}: {output.evalue}".strip().rstrip(":")
                first = "".join(message.splitlines()[:1])
                sentence = _say("failed", number=index + 1, heading=heading, message=first)
                lines = [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in output.traceback]
                return _error(output.ename, sentence, index, heading, lines, output.evalue)
    return None


def _ended(node, name, key, **words):
    """What ended the run in the cell that was the last to start."""
    index = 0
    for i, cell in enumerate(node.cells):
        status = cell.metadata.get("papermill", {}).get("status")
        if cell.cell_type == "code" and status in ("running", "completed"):
            index = i
    node.cells[index].metadata.papermill.update(status="failed", exception=True)
    heading = _heading(node, index)
    sentence = _say(key, number=index + 1, heading=heading, **words)
    return _error(name, sentence, index, heading)


def signal_name(code: int | None) -> str:
    """The name of the signal that a negative exit code stands for; else the number itself."""
    try:
        return signal.Signals(-(code or 0)).name
    except ValueError:
        return str(code)


def findings(node: dict) -> dict | None:
    """The findings an executed notebook displays, or None."""
    shown = [out for cell in node["cells"] for out in cell.get("outputs", ())]
    return next((o["data"][MIME] for o in reversed(shown) if MIME in o.get("data", {})), None)


def preload() -> None:
    """Import what every job uses, and compile the schema of notebooks: 50 ms per job."""
    load(*declared(__file__)["used"])
    with contextlib.suppress(Exception):
        import nbformat
        from jupyter_client.provisioning.factory import KernelProvisionerFactory

        nbformat.validate(nbformat.v4.new_notebook())
        sys.modules["minelib.words"].prepare()
        KernelProvisionerFactory.instance()


def run(request: dict, output: int | None) -> int:
    """Execute ``request["spec"]``; each event is a line of JSON to the output."""
    with open(output or 1, "w", encoding="utf-8") as channel:

        def tell(message):
            channel.write(json.dumps(message) + "\n")
            channel.flush()

        tell({"event": "result", "result": execute(request["spec"], tell)})
    return 0
