# SPDX-License-Identifier: MIT
"""One notebook for every combination of parameters: several at once, resumable, as data."""

import contextlib
import datetime
import itertools
import math
import os
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import SupportsIndex

from minelib.checks import whole
from minelib.errors import BadInput, BadParameter, BadParameters, UnknownName
from minelib.studies.notebooks import Notebook, select
from minelib.words import gettext as _
from minelib.workbench.libraries import need
from minelib.workbench.runs import cache
from minelib.workbench.runs.folders import check_writable, lock, read, tidied, write_beside
from minelib.workbench.runs.main import LIBRARIES, RunResult, run_tasks, write_record
from minelib.workbench.runs.plan import Task, check_notebook, judged
from minelib.workbench.runs.progress import Quiet

__all__ = ["combinations", "expanded", "resume_sweep", "sweep"]

PLAN = "sweep.json"
_MOST_PROBLEMS = 20


def expanded(text: str) -> list[str]:
    """The values one ``-g NAME=...`` stands for, as texts.

    ``FIRST:LAST:STEP`` is a series of numbers, or of days with STEP in days, both ends
    included; anything else is a list with commas between (semicolons, if the values
    themselves have commas).

    Examples
    --------
    >>> expanded("30,60,90"), expanded("0.02:0.04:0.01"), expanded("2021-05-01:2021-05-15:7")
    (['30', '60', '90'], ['0.02', '0.03', '0.04'], ['2021-05-01', '2021-05-08', '2021-05-15'])
    """
    if text.count(":") == 2:
        for series in (_days, _numbers):
            with contextlib.suppress(ValueError, InvalidOperation):
                return series(*text.split(":"))
    mark = ";" if ";" in text else ","
    return [part.strip() for part in text.split(mark) if part.strip()]


def _days(first, last, step):
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", first):
        raise ValueError(first)
    day, end = map(datetime.date.fromisoformat, (first, last))
    step = datetime.timedelta(days=int(step))
    return [(day + i * step).isoformat() for i in range(_count(day, end, step))]


def _numbers(first, last, step):
    low, high, by = map(Decimal, (first, last, step))
    return [str(low + i * by) for i in range(_count(low, high, by))]


def _count(first, last, step):
    """How many steps a series has, 100,000 at most."""
    if step <= 0 * step or (last - first) / step > 100_000:
        raise ValueError(step)
    return math.floor((last - first) / step) + 1


def combinations(
    notebook: Notebook, grid: Mapping, parameters: Mapping, from_text: bool = False
) -> list[dict]:
    """Every combination, checked.

    Parameters
    ----------
    notebook : Notebook
    grid : dict
        Name to a list of values (or to a text, as in `expanded`).
    parameters : dict
        Values that are the same in every run.
    from_text : bool
        Whether values are texts from a command line.

    Returns
    -------
    list of dict
        Every parameter of each run; the last name of the grid varies fastest.

    Raises
    ------
    BadParameters
        Every problem, each once (at most 20 are listed).
    """
    study = notebook.study()
    lists = {
        name: expanded(values) if isinstance(values, str) else _listed(name, values)
        for name, values in grid.items()
    }
    twice = _("{name} is both in the grid and a fixed parameter.")
    problems = [twice.format(name=name) for name in grid if name in parameters]
    problems += [_("{name} has no values.").format(name=n) for n, v in lists.items() if not v]
    found: dict[str, dict] = {}
    for values in itertools.product(*lists.values()):
        given = {**parameters, **dict(zip(lists, values, strict=True))}
        checked, wrong = study.checked(given, from_text=from_text)
        problems += [str(problem) for problem in wrong]
        if not wrong:
            found.setdefault(cache.digest(checked), checked)
    problems = list(dict.fromkeys(problems))
    if problems:
        more = len(problems) - _MOST_PROBLEMS
        if more > 0:
            problems = [*problems[:_MOST_PROBLEMS], _("... and {n} more.").format(n=more)]
        raise BadParameters([f"{notebook.name}: {problem}" for problem in problems])
    return list(found.values())


def _listed(name, values):
    if isinstance(values, Iterable) and not isinstance(values, (bytes, Mapping)):
        return list(values)
    raise BadParameter(name, values, _("must be a list of values"))


def sweep(
    notebook: str | SupportsIndex,
    grid: Mapping,
    parameters: Mapping | None = None,
    output: str | os.PathLike | None = None,
    workers: SupportsIndex | None = None,
    scheduler: str | None = None,
    progress: Quiet | None = None,
    from_text: bool = False,
    root: str | os.PathLike | None = None,
) -> tuple[Path, list[RunResult]]:
    """Run a notebook for every combination of the grid's values.

    Parameters
    ----------
    notebook : str
        Number, slug or file name.
    grid : dict
        Name to values: ``{"horizon_days": [90, 180], "level": [0.8, 0.9]}``.
    parameters : dict, optional
        The same in every run.
    output : path, optional
        The sweep's folder; by default ``outputs/sweeps/NOTEBOOK-DIGEST``, the same for the
        same grid, so that a sweep given again goes on where it was.
    workers : int, optional
        Runs at once; never more than there are cores. Not used with a scheduler.
    scheduler : str, optional
        Address of a Dask scheduler: the runs are done by its workers.
    progress : Quiet, optional
    from_text : bool
        Whether values are texts from a command line.
    root : path, optional
        Another folder of notebooks.

    Returns
    -------
    folder : Path
        To be read with `minelib.collect`.
    results : list of RunResult

    Raises
    ------
    UnknownName, BadParameter, BadParameters
        The request was wrong; nothing was started.
    BadInput
        The folder holds another sweep.
    CannotWrite
        The folder cannot be written to.
    """
    need(*LIBRARIES)
    chosen = select([notebook], root)[0]
    check_notebook(chosen)
    runs = combinations(chosen, grid, parameters or {}, from_text)
    lang = runs[0].get("lang", "en")
    if any(values.get("lang", "en") != lang for values in runs):
        raise BadParameters([_("A sweep has one language.")])
    plan = {
        "format": 1,
        "notebook": chosen.name,
        "slug": chosen.slug,
        "lang": lang,
        "varied": list(grid),
        "runs": [
            {"id": f"{i:04d}-{cache.digest(values)[:8]}", "parameters": values}
            for i, values in enumerate(runs, start=1)
        ],
    }
    if output is None:
        output = Path("outputs", "sweeps", f"{chosen.name}-{cache.digest(plan)[:8]}")
    return _swept(chosen, plan, Path(output).absolute(), workers, scheduler, progress)


def resume_sweep(
    folder: str | os.PathLike,
    notebook: str | SupportsIndex | None = None,
    workers: SupportsIndex | None = None,
    scheduler: str | None = None,
    progress: Quiet | None = None,
    root: str | os.PathLike | None = None,
    force: bool = False,
) -> tuple[Path, list[RunResult]]:
    """Run what is missing in a sweep's folder.

    A finished run stays, also when minelib or the notebook has changed since: that is said,
    and each run's ``run.json`` tells what made it.

    Parameters
    ----------
    folder : path
    notebook : str, optional
        If given, it must be the sweep's.
    workers, scheduler, progress, root
        As in `sweep`.
    force : bool
        Run finished ones again when they are out of date.

    Returns
    -------
    folder : Path
    results : list of RunResult

    Raises
    ------
    BadInput
        The folder holds no sweep, or one of another notebook.
    """
    need(*LIBRARIES)
    folder = Path(folder).absolute()
    plan = read(folder / PLAN)
    if plan is None:
        raise BadInput(_("There is no sweep in {folder}.").format(folder=folder))
    try:
        chosen = select([plan["notebook"]], root)[0]
    except UnknownName:  # it may have got another number
        chosen = select([plan["slug"]], root)[0]
    if notebook is not None and select([notebook], root)[0] != chosen:
        sentence = _("The sweep in {folder} is one of {notebook}.")
        raise BadInput(sentence.format(folder=folder, notebook=plan["notebook"]))
    check_notebook(chosen)
    wrong = [chosen.study().checked(run["parameters"])[1] for run in plan["runs"]]
    if problems := dict.fromkeys(str(p) for each in wrong for p in each):
        raise BadParameters(problems)
    return _swept(chosen, plan, folder, workers, scheduler, progress, keep=not force)


def _swept(notebook, plan, folder, workers, scheduler, progress, keep=False):
    progress = progress or Quiet()
    workers = None if workers is None else whole("workers", workers, 1)
    if scheduler is not None:
        from minelib.workbench.runs.cluster import check_scheduler

        check_scheduler(scheduler)
    check_writable(folder)
    with lock(folder, say=progress.say) as held, tidied(folder, "runs", "failed"):
        there = read(folder / PLAN)
        if there is None:
            write_beside(folder / PLAN, plan)
        elif there != plan:
            sentence = _("{folder} holds another sweep of {notebook}; name another folder.")
            raise BadInput(sentence.format(folder=folder, notebook=there.get("notebook")))
        cache.forget()
        started = datetime.datetime.now(datetime.UTC)
        tasks = []
        for run in plan["runs"]:
            places = [folder / name / run["id"] for name in ("runs", "failed")]
            task = Task(notebook, plan["lang"], run["parameters"], *places, label=run["id"])
            tasks.append(judged(task))
        stale = [t for t in tasks if t.why and t.before.get("status") == "ok"]
        if stale:
            sentence = _("{count} finished runs are out of date ({why})").format(
                count=len(stale), why="; ".join(stale[0].why)
            )
            stay, again = _("; they stay. --force runs them again."), _("; they run again.")
            progress.say(sentence + (stay if keep else again))
            for task in stale if keep else ():
                task.why = []
        results = run_tasks(tasks, workers, progress, keep_open=(held,), scheduler=scheduler)
        write_record(folder, started, results)
    return folder, results
