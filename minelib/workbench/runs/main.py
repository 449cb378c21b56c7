# SPDX-License-Identifier: MIT
"""Run notebooks: check everything, run what has changed, leave whole folders."""

import datetime
import os
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import SupportsIndex

from minelib.checks import language, whole
from minelib.errors import RunFailed
from minelib.studies.notebooks import select
from minelib.words import gettext as _
from minelib.workbench.fork_client import can_fork
from minelib.workbench.libraries import need
from minelib.workbench.runs import cache
from minelib.workbench.runs.folders import CannotWrite, check_writable, lock, tidied, write_beside
from minelib.workbench.runs.job import answer, span
from minelib.workbench.runs.plan import Task, checked_parameters, plan, unchanged
from minelib.workbench.runs.pool import run_jobs, workers_for
from minelib.workbench.runs.progress import Quiet
from minelib.workbench.runs.refresh import refresh

__all__ = ["RunResult", "explain", "run_notebooks", "run_tasks", "write_record"]

LIBRARIES = ("papermill", "nbclient", "nbformat", "ipykernel")
"""What a run needs of the workbench's libraries."""


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
    def good(self) -> bool:
        """Whether its result stands."""
        return self.status in ("ok", "unchanged", "refreshed")


def run_notebooks(
    names: Iterable[str | SupportsIndex] | str | SupportsIndex = (),
    parameters: Mapping | None = None,
    langs: Iterable[str] | str = ("en",),
    output: str | os.PathLike = "outputs",
    force: bool = False,
    workers: SupportsIndex | None = None,
    progress: Quiet | None = None,
    from_text: bool = False,
    root: str | os.PathLike | None = None,
) -> list[RunResult]:
    """Run notebooks whose inputs have changed, several at once.

    Parameters
    ----------
    names : str or int, or several
        As in `minelib.studies.notebooks.select`; empty for all.
    parameters : dict or None
        For each of these notebooks.
    langs : str, or several
        ``"en"``, ``"zh"``.
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
    UnknownName, BadParameter, BadParameters
        The request was wrong; nothing was started.
    MinelibError
        A library of the workbench is missing; nothing was started.
    CannotWrite
        The output folder cannot be written to; nothing was started.
    """
    progress = progress or Quiet()
    output = Path(output).absolute()
    names = [names] if isinstance(names, (str, SupportsIndex)) else names
    langs = [language(lang) for lang in ([langs] if isinstance(langs, str) else langs)]
    workers = None if workers is None else whole("workers", workers, 1)
    notebooks = select(names, root)
    tasks = unchanged(notebooks, langs, output) if not (parameters or force) else None
    if tasks is None:
        values = checked_parameters(notebooks, parameters or {}, from_text)
        need(*LIBRARIES)
    check_writable(output)
    with lock(output, say=progress.say) as held, tidied(output, "zh", "failed"):
        started = datetime.datetime.now(datetime.UTC)
        if tasks is None:
            tasks = plan(notebooks, values, langs, output, force)
        results = run_tasks(tasks, workers, progress, keep_open=(held,))
        write_record(output, started, results)
    return results


def explain(
    names: Iterable[str],
    parameters: dict | None,
    langs: Iterable[str],
    output: str | Path,
    force: bool = False,
    from_text: bool = False,
) -> list[Task]:
    """What `run_notebooks` would run, and why; nothing is run.

    Returns
    -------
    list of Task
        With ``why``, empty for a result that still stands.
    """
    notebooks = select(names)
    values = checked_parameters(notebooks, parameters or {}, from_text)
    return plan(notebooks, values, langs, Path(output).absolute(), force)


def run_tasks(
    tasks: list[Task],
    workers: int | None = None,
    progress: Quiet | None = None,
    keep_open: Iterable[int] = (),
    scheduler: str | None = None,
) -> list[RunResult]:
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
    results: dict[int, RunResult] = {}

    def end(position, raw):
        task = tasks[position]
        if raw["status"] not in ("failed", "lost"):
            shutil.rmtree(task.failed, ignore_errors=True)  # of an attempt before
        result = RunResult(task.notebook.name, task.lang, **raw, parameters=task.parameters)
        result.folder = Path(raw["folder"]) if raw["folder"] else None
        results[position] = result
        progress.end(task, result)

    def heard(index, message):
        if message["event"] == "result":
            end(to_run[index], message["result"])
        else:
            progress.event(tasks[to_run[index]], message)

    progress.begin(tasks)
    try:
        for position, task in enumerate(tasks):
            if not task.why:
                unchanged = answer("unchanged", folder=str(task.folder))
                end(position, refresh(task) if task.refresh else unchanged)
        to_run = [position for position, task in enumerate(tasks) if task.why]
        to_run.sort(key=lambda position: -tasks[position].expected)
        git = cache.git_state() if to_run else None
        specs = [tasks[position].spec(git) for position in to_run]
        if to_run and scheduler is not None:
            from minelib.workbench.runs.cluster import run_on_cluster

            run_on_cluster(scheduler, specs, heard)
        elif to_run:
            if not can_fork():
                progress.say(_("Kernels cannot be forked here; ordinary ones start more slowly."))
            # where kernels may print: nowhere, or the file that MINELIB_LOG names
            with open(os.environ.get("MINELIB_LOG") or os.devnull, "ab") as log:
                run_jobs(specs, workers_for(len(specs), workers), heard, keep_open, log)
    finally:
        progress.finish()
    return [results[position] for position in range(len(tasks))]


def write_record(output: Path, started: datetime.datetime, results: list[RunResult]) -> None:
    """``runs.json``: what this command did.

    Raises
    ------
    RunFailed
        When it cannot be written; the runs stand nevertheless.
    """
    runs = [asdict(result) for result in results]
    for run in runs:
        if run["folder"] is not None:
            run["folder"] = run["folder"].relative_to(output).as_posix()
    content = {"format": 1, **span(started, "seconds"), "runs": runs}
    try:
        write_beside(output / "runs.json", content)
    except OSError as error:  # something ran, so this is no wrong request
        raise RunFailed(str(CannotWrite(output, error))) from None
