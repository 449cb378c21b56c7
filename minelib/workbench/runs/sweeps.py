# SPDX-License-Identifier: MIT
"""One notebook for every combination of parameters: several at once, resumable, as data."""

import datetime
import itertools
import json
import os
import re
from pathlib import Path

from minelib.errors import BadInput, BadParameters, UnknownName
from minelib.studies.notebooks import select
from minelib.words import gettext as _
from minelib.workbench.runs import keys
from minelib.workbench.runs.folders import check_writable, lock, scratch, tidied
from minelib.workbench.runs.main import run_tasks, write_record
from minelib.workbench.runs.plan import Task, check_notebook, judged, record
from minelib.workbench.runs.progress import Quiet

__all__ = ["combinations", "expanded", "resume_sweep", "sweep"]

_MOST_PROBLEMS = 20


def expanded(text):
    """The values one ``-g NAME=...`` stands for, as texts.

    ``FIRST:LAST:STEP`` is a series of numbers, or of days with STEP in days, both ends
    included; anything else is a list with commas between (semicolons, if the values
    themselves have commas).

    Examples
    --------
    >>> expanded("30,60,90"), expanded("0.02:0.04:0.01"), expanded("2021-05-01:2021-05-15:7")
    (['30', '60', '90'], ['0.02', '0.03', '0.04'], ['2021-05-01', '2021-05-08', '2021-05-15'])
    """
    parts = text.split(":")
    if len(parts) == 3:
        series = _days(*parts)
        series = _numbers(*parts) if series is None else series
        if series is not None:
            return series
    mark = ";" if ";" in text else ","
    return [part.strip() for part in text.split(mark) if part.strip()]


def _days(first, last, step):
    if not (re.fullmatch(r"\d{4}-\d\d-\d\d", first) and step.isdecimal() and int(step)):
        return None
    try:
        day, end = datetime.date.fromisoformat(first), datetime.date.fromisoformat(last)
    except ValueError:
        return None
    count = (end - day).days // int(step)
    return [(day + datetime.timedelta(days=i * int(step))).isoformat() for i in range(count + 1)]


def _numbers(first, last, step):
    from decimal import Decimal, InvalidOperation

    try:
        low, high, by = Decimal(first), Decimal(last), Decimal(step)
    except InvalidOperation:
        return None
    if by <= 0 or (high - low) / by > 100_000:
        return None
    return [str(low + i * by) for i in range(int((high - low) / by) + 1)]


def combinations(notebook, grid, parameters, from_text=False):
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
    lists = {n: expanded(v) if isinstance(v, str) else list(v) for n, v in grid.items()}
    problems = [
        _("{name} is both in the grid and a fixed parameter.").format(name=name)
        for name in grid
        if name in parameters
    ]
    problems += [_("{name} has no values.").format(name=n) for n, v in lists.items() if not v]
    found, seen = [], set()
    for values in itertools.product(*lists.values()):
        given = {**parameters, **dict(zip(lists, values, strict=True))}
        checked, wrong = study.checked(given, from_text=from_text)
        problems += [str(problem) for problem in wrong]
        digest = keys.digest(checked)
        if not wrong and digest not in seen:
            seen.add(digest)
            found.append(checked)
    problems = list(dict.fromkeys(problems))
    if problems:
        more = len(problems) - _MOST_PROBLEMS
        if more > 0:
            problems = [*problems[:_MOST_PROBLEMS], _("... and {n} more.").format(n=more)]
        raise BadParameters([f"{notebook.name}: {problem}" for problem in problems])
    return found


def sweep(
    notebook,
    grid,
    parameters=None,
    output=None,
    workers=None,
    scheduler=None,
    progress=None,
    from_text=False,
    root=None,
):
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
    UnknownName, BadParameters
        The request was wrong; nothing was started.
    BadInput
        The folder holds another sweep.
    CannotWrite
        The folder cannot be written to.
    """
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
            {"id": f"{i:04d}-{keys.digest(values)[:8]}", "parameters": values}
            for i, values in enumerate(runs, start=1)
        ],
    }
    if output is None:
        output = Path("outputs", "sweeps", f"{chosen.name}-{keys.digest(plan)[:8]}")
    return _swept(chosen, plan, Path(output).absolute(), workers, scheduler, progress)


def resume_sweep(
    folder,
    notebook=None,
    workers=None,
    scheduler=None,
    progress=None,
    root=None,
    force=False,
):
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
    folder = Path(folder).absolute()
    plan = _plan(folder)
    if plan is None:
        raise BadInput(_("There is no sweep in {folder}.").format(folder=folder))
    try:
        chosen = select([plan["notebook"]], root)[0]
    except UnknownName:  # it may have got another number
        chosen = select([plan["slug"]], root)[0]
    if notebook is not None and select([notebook], root)[0] != chosen:
        raise BadInput(
            _("The sweep in {folder} is one of {notebook}.").format(
                folder=folder, notebook=plan["notebook"]
            )
        )
    check_notebook(chosen)
    problems = []
    for run in plan["runs"]:
        problems += [str(p) for p in chosen.study().checked(run["parameters"])[1]]
    if problems:
        raise BadParameters(dict.fromkeys(problems))
    return _swept(chosen, plan, folder, workers, scheduler, progress, keep=not force)


def _plan(folder):
    try:
        return json.loads((folder / "sweep.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def _swept(notebook, plan, folder, workers, scheduler, progress, keep=False):
    progress = progress or Quiet()
    if scheduler is not None:
        from minelib.workbench.runs.cluster import check_scheduler

        check_scheduler(scheduler)
    check_writable(folder)
    with lock(folder, say=progress.say) as held, tidied(folder, "runs", "failed"):
        there = _plan(folder)
        if there is not None and there != plan:
            raise BadInput(
                _("{folder} holds another sweep of {notebook}; name another folder.").format(
                    folder=folder, notebook=there.get("notebook")
                )
            )
        if there is None:
            _write_plan(folder, plan)
        keys.forget()
        started = datetime.datetime.now(datetime.UTC)
        tasks = [
            judged(
                Task(
                    notebook=notebook,
                    lang=plan["lang"],
                    parameters=run["parameters"],
                    folder=folder / "runs" / run["id"],
                    failed=folder / "failed" / run["id"],
                    label=run["id"],
                )
            )
            for run in plan["runs"]
        ]
        stale = [t for t in tasks if t.why and (record(t.folder) or {}).get("status") == "ok"]
        if stale:
            sentence = _("{count} finished runs are out of date ({why})").format(
                count=len(stale), why="; ".join(stale[0].why)
            )
            if keep:
                progress.say(sentence + _("; they stay. --force runs them again."))
                for task in stale:
                    task.why = []
            else:
                progress.say(sentence + _("; they run again."))
        results = run_tasks(tasks, workers, progress, keep_open=(held,), scheduler=scheduler)
        write_record(folder, started, results)
    return folder, results


def _write_plan(folder, plan):
    with scratch(folder / "sweep.json") as place:
        new = place / "sweep.json"
        new.write_text(json.dumps(plan, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        os.replace(new, folder / "sweep.json")
