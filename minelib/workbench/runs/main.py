# SPDX-License-Identifier: MIT
"""Run notebooks: check everything, run what has changed, leave whole folders."""

import datetime
import json
import os
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

from minelib.errors import RunFailed
from minelib.studies.notebooks import select
from minelib.words import gettext as _
from minelib.workbench.fork_client import can_fork
from minelib.workbench.runs import keys
from minelib.workbench.runs.folders import CannotWrite, check_writable, lock, scratch, tidied
from minelib.workbench.runs.plan import check_notebook, checked_parameters, plan, unchanged
from minelib.workbench.runs.pool import run_jobs, workers_for
from minelib.workbench.runs.progress import Quiet

__all__ = ["RunResult", "explain", "run_notebooks", "run_tasks", "write_record"]


@dataclass
class RunResult:
    """What became of one run.

    Attributes
    ----------
    notebook : str
        ``"02-crackdown"``.
    lang : str
    status : str
        ``"ok"``, ``"unchanged"`` (not run again), ``"refreshed"`` (new prose around the old
        outputs), ``"failed"`` (a cell failed, or the kernel died) or ``"lost"`` (the worker
        process died).
    seconds : float
        Of the run itself; 0 when it was not run.
    folder : Path or None
        Where its files are; for a failed run, the partial notebook's.
    message : str
        What went wrong, in one sentence.
    parameters : dict
    """

    notebook: str
    lang: str
    status: str
    seconds: float
    folder: Path | None
    message: str
    parameters: dict

    @property
    def good(self):
        """Whether its result stands."""
        return self.status in ("ok", "unchanged", "refreshed")


def run_notebooks(
    names=(),
    parameters=None,
    langs=("en",),
    output="outputs",
    force=False,
    workers=None,
    progress=None,
    from_text=False,
    root=None,
):
    """Run notebooks whose inputs have changed, several at once.

    Parameters
    ----------
    names : iterable of str
        As in `minelib.studies.notebooks.select`; empty for all.
    parameters : dict or None
        For each of these notebooks.
    langs : iterable of str
    output : path
        The folder of the results.
    force : bool
        Run what has not changed, too.
    workers : int or None
        How many at once; never more than there are cores.
    progress : minelib.workbench.runs.progress.Quiet or None
    from_text : bool
        Whether the parameters' values are texts from a command line.
    root : path or None
        Another folder of notebooks.

    Returns
    -------
    list of RunResult
        In the order of languages and numbers.

    Raises
    ------
    UnknownName, BadParameters
        The request was wrong; nothing was started.
    CannotWrite
        The output folder cannot be written to; nothing was started.
    """
    progress = progress or Quiet()
    output = Path(output).absolute()
    notebooks = select(names, root)
    tasks = unchanged(notebooks, langs, output) if not (parameters or force) else None
    if tasks is None:
        values = _values(notebooks, parameters, from_text)
    check_writable(output)
    with lock(output, say=progress.say) as held, tidied(output, "zh", "failed"):
        started = _now()
        if tasks is None:
            tasks = plan(notebooks, values, langs, output, force)
        results = run_tasks(tasks, workers, progress, keep_open=(held,))
        write_record(output, started, results)
    return results


def _values(notebooks, parameters, from_text):
    values = checked_parameters(notebooks, parameters or {}, from_text)
    for notebook in notebooks:
        check_notebook(notebook)
    return values


def explain(names, parameters, langs, output, force=False, from_text=False):
    """What `run_notebooks` would run, and why; nothing is run.

    Returns
    -------
    list of Task
        With ``why``, empty for a result that still stands.
    """
    notebooks = select(names)
    values = _values(notebooks, parameters, from_text)
    return plan(notebooks, values, langs, Path(output).absolute(), force)


def run_tasks(tasks, workers=None, progress=None, keep_open=(), scheduler=None):
    """Run the tasks that must be run.

    Parameters
    ----------
    tasks : list of Task
    workers : int or None
    progress : Quiet or None
    keep_open : iterable of int
        File descriptors that hold the lock of the place.
    scheduler : str, optional
        Address of a Dask scheduler.

    Returns
    -------
    list of RunResult
        In the order of the tasks.
    """
    progress = progress or Quiet()
    results = [None] * len(tasks)
    to_run = []

    def end(position, result):
        results[position] = result
        progress.end(tasks[position], result)

    progress.begin(tasks)
    try:
        for position, task in enumerate(tasks):
            if task.why:
                to_run.append(position)
            else:
                end(position, _kept(task))
        to_run.sort(key=lambda position: -tasks[position].expected)
        if to_run:
            git = keys.git_state()
            specs = [tasks[position].spec(git) for position in to_run]

            def heard(index, message):
                position = to_run[index]
                if message["event"] == "result":
                    result = _result(tasks[position], message["result"])
                    if result.status == "ok":
                        shutil.rmtree(tasks[position].failed, ignore_errors=True)
                    end(position, result)
                else:
                    progress.event(tasks[position], message)

            if scheduler is not None:
                from minelib.workbench.runs.cluster import run_on_cluster

                run_on_cluster(scheduler, specs, heard)
                return results
            if not can_fork():
                progress.say(_("Kernels cannot be forked here; ordinary ones start more slowly."))
            with _log() as log:
                run_jobs(specs, workers_for(len(specs), workers), heard, keep_open, log)
    finally:
        progress.finish()
    return results


def _log():
    """Where kernels may print: nowhere, or the file that ``MINELIB_LOG`` names."""
    return open(os.environ.get("MINELIB_LOG") or os.devnull, "ab")


def _now():
    return datetime.datetime.now(datetime.UTC)


def _result(task, raw):
    folder = Path(raw["folder"]) if raw.get("folder") else None
    return RunResult(
        task.notebook.name,
        task.lang,
        raw["status"],
        raw["seconds"],
        folder,
        raw["message"],
        task.parameters,
    )


def _kept(task):
    status, folder, message = "unchanged", task.folder, ""
    shutil.rmtree(task.failed, ignore_errors=True)  # of an attempt with other inputs
    if task.refresh:
        from minelib.workbench.runs.refresh import refresh

        try:
            refresh(task)
            status = "refreshed"
        except OSError as error:
            status, folder, message = "failed", None, str(CannotWrite(task.folder, error))
    return RunResult(task.notebook.name, task.lang, status, 0.0, folder, message, task.parameters)


def write_record(output, started, results):
    """``runs.json``: what this command did.

    Raises
    ------
    RunFailed
        When it cannot be written; the runs stand nevertheless.
    """
    finished = _now()
    runs = []
    for result in results:
        entry = asdict(result)
        if result.folder is not None:
            entry["folder"] = result.folder.relative_to(output).as_posix()
        runs.append(entry)
    content = {
        "format": 1,
        "started": started.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "finished": finished.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "seconds": round((finished - started).total_seconds(), 3),
        "runs": runs,
    }
    try:
        with scratch(output / "runs.json") as folder:
            new = folder / "runs.json"
            text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
            new.write_text(text, encoding="utf-8")
            os.replace(new, output / "runs.json")
    except OSError as error:  # something ran, so this is no wrong request
        raise RunFailed(str(CannotWrite(output, error))) from None
