# SPDX-License-Identifier: MIT
"""Run notebooks: check everything, run what has changed, leave whole folders."""

import os
import shutil
import time
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import SupportsFloat, SupportsIndex

from minelib.checks import between, language, whole
from minelib.studies.notebooks import select
from minelib.words import gettext as _
from minelib.workbench.fork_client import can_fork
from minelib.workbench.home import at_home
from minelib.workbench.libraries import need
from minelib.workbench.runs import cache
from minelib.workbench.runs.folders import lock, tidied, write_beside, writing
from minelib.workbench.runs.job import answer, span
from minelib.workbench.runs.plan import TIMEOUT, Task, checked_parameters, plan, unchanged
from minelib.workbench.runs.pool import run_jobs, workers_for
from minelib.workbench.runs.progress import Quiet
from minelib.workbench.runs.refresh import refresh

LIBRARIES = ("papermill", "nbclient", "nbformat", "ipykernel")
"""What a run needs of the workbench's libraries."""
MOST_SECONDS = 2_000_000  # more than three weeks; a timer knows no more than fifty days


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
    timeout: SupportsFloat = TIMEOUT,
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
    timeout : float
        Seconds a run may take, at least 1; what it did until then is kept as a failed run.

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
    WriteFailed
        It no longer can be, as the record of the runs is written; they stand.
    """
    progress = progress or Quiet()
    output = Path(output).absolute()
    names = [names] if isinstance(names, (str, SupportsIndex)) else names
    langs = [language(lang) for lang in ([langs] if isinstance(langs, str) else langs)]
    workers = None if workers is None else whole("workers", workers, 1)
    timeout = between("timeout", timeout, 1, MOST_SECONDS)
    notebooks = select(names, root)
    tasks = unchanged(notebooks, langs, output) if not (parameters or force) else None
    if tasks is None:
        values = checked_parameters(notebooks, parameters or {}, from_text)
        need(*LIBRARIES)
    with writing(output), lock(output, say=progress.say) as held, tidied(output, "zh", "failed"):
        began = time.monotonic()
        if tasks is None:
            tasks = plan(notebooks, values, langs, output, force)
        results = run_tasks(tasks, workers, progress, keep_open=(held,), timeout=timeout)
        write_record(output, began, results)
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
    timeout: SupportsFloat = TIMEOUT,
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
    timeout : float
        Seconds for each.

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
        specs = [tasks[position].spec(git) | {"timeout": timeout} for position in to_run]
        _remark([tasks[position] for position in to_run], progress.say)
        if to_run and scheduler is not None:
            from minelib.workbench.runs.cluster import run_on_cluster

            run_on_cluster(scheduler, specs, heard)
        elif to_run:
            if not can_fork():
                progress.say(_("Kernels cannot be forked here; ordinary ones start more slowly."))
            # where kernels may print: nowhere, or the file that MINELIB_LOG names
            place = os.environ.get("MINELIB_LOG") or os.devnull
            with at_home(progress.say), open(place, "ab") as log:
                run_jobs(specs, workers_for(len(specs), workers), heard, keep_open, log)
    finally:
        progress.finish()
    return [results[position] for position in range(len(tasks))]


def _remark(tasks, say):
    """Why whole results are missing, and which names of kernels are not used: each once."""
    for task in tasks:
        if task.damaged:
            say(_("{name} runs again: {why}.").format(name=task.name, why=task.damaged))
    names = {t.notebook.path.name: t.notebook.kernel for t in tasks}
    others = (f"{file}: {name}" for file, name in names.items() if name not in ("", "python3"))
    if listed := ", ".join(others):
        sentence = _("Kernels named in notebooks are not used ({listed}); this Python runs them.")
        say(sentence.format(listed=listed))


def write_record(output: Path, began: float, results: list[RunResult]) -> None:
    """``runs.json``: what this command did. Call it while `writing` into the folder."""
    runs = [asdict(result) for result in results]
    for run in runs:
        if run["folder"] is not None:
            run["folder"] = run["folder"].relative_to(output).as_posix()
    write_beside(output / "runs.json", {"format": 1, **span(began, "seconds"), "runs": runs})
