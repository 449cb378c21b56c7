# SPDX-License-Identifier: MIT
"""One notebook for every combination of parameters: several at once, resumable, as data."""

import contextlib
import datetime
import itertools
import math
import os
import re
import time
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import SupportsFloat, SupportsIndex

from minelib.checks import between, whole
from minelib.declared import sentences
from minelib.errors import BadInput, BadParameter, BadParameters, UnknownName
from minelib.studies.notebooks import Notebook, select
from minelib.workbench.libraries import need
from minelib.workbench.runs import cache
from minelib.workbench.runs.folders import lock, tidied, write_beside, writing
from minelib.workbench.runs.main import LIBRARIES, MOST_SECONDS, RunResult, run_tasks, write_record
from minelib.workbench.runs.plan import TIMEOUT, Task, check_notebook, judged
from minelib.workbench.runs.progress import Quiet

_say = sentences(__file__)
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
        first, last, step = (part.strip() for part in text.split(":"))
        for read in (_day, _number):
            ends = read(first), read(last)
            if ends != (None, None):
                return _series(text, *ends, step)
    mark = ";" if ";" in text else ","
    return [part.strip() for part in text.split(mark) if part.strip()]


def _day(text):
    with contextlib.suppress(ValueError):
        return datetime.date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else None


def _number(text):
    with contextlib.suppress(InvalidOperation):
        return number if (number := Decimal(text)).is_finite() else None


def _series(text, first, last, step):
    """From the first to the last by the step; what does not fit is said of the part it is in."""
    by, wrong = _number(step), ""
    if first is None or last is None:
        wrong = _say("ends")
    elif by is None or by <= 0:
        wrong = _say("step", step=step)
    elif isinstance(first, datetime.date) and by != int(by):
        wrong = _say("whole_days", step=step)
    elif last < first:
        wrong = _say("order")
    if not wrong:
        if isinstance(first, datetime.date):
            by = datetime.timedelta(days=int(min(by, 10**6)))
        count = (last - first) / by
        if count <= 100_000:
            return [str(first + i * by) for i in range(math.floor(count) + 1)]
        wrong = _say("too_small")
    raise BadInput(_say("wrong", text=text, wrong=wrong))


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
    lists, misfits = {}, []
    for name, values in grid.items():
        try:
            lists[name] = expanded(values) if isinstance(values, str) else _listed(name, values)
        except BadInput as error:
            misfits.append(f"{name} = {error}")
            continue
        if isinstance(values, str) and len(lists[name]) > 1 and values.count(":") == 2:
            misfits += _misfit(study, name, values, lists[name])
    if misfits:
        raise BadParameters([f"{notebook.name}: {misfit}" for misfit in misfits])
    problems = [_say("twice", name=name) for name in grid if name in parameters]
    problems += [_say("empty", name=name) for name, values in lists.items() if not values]
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
            problems = [*problems[:_MOST_PROBLEMS], _say("more", n=more)]
        raise BadParameters([f"{notebook.name}: {problem}" for problem in problems])
    return list(found.values())


def _misfit(study, name, text, values):
    """Which part of FIRST:LAST:STEP leads to a value that is not allowed, as a sentence."""

    def rule(value):
        problems = study.checked({name: value}, from_text=True)[1]
        own = [p for p in problems if isinstance(p, BadParameter) and p.name == name]
        return own[0].rule if own else None

    bad = next(filter(rule, (values[0], values[1], values[-1])), None)
    if bad is None:
        return []
    for part, value in zip(("FIRST", "LAST"), text.split(":"), strict=False):
        if rule(value.strip()):
            return [_say("part", name=name, text=text, part=part, rule=rule(value.strip()))]
    return [_say("misfit", name=name, text=text, value=bad, rule=rule(bad))]


def _listed(name, values):
    if isinstance(values, Iterable) and not isinstance(values, (bytes, Mapping)):
        return list(values)
    raise BadParameter(name, values, _say("not_listed"))


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
    timeout: SupportsFloat = TIMEOUT,
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
    timeout : float
        Seconds a run may take, at least 1; what it did until then is kept as a failed run.

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
        raise BadParameters([_say("languages")])
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
    how = {"workers": workers, "scheduler": scheduler, "progress": progress, "timeout": timeout}
    return _swept(chosen, plan, Path(output).absolute(), **how)


def resume_sweep(
    folder: str | os.PathLike,
    notebook: str | SupportsIndex | None = None,
    workers: SupportsIndex | None = None,
    scheduler: str | None = None,
    progress: Quiet | None = None,
    root: str | os.PathLike | None = None,
    force: bool = False,
    timeout: SupportsFloat = TIMEOUT,
) -> tuple[Path, list[RunResult]]:
    """Run what is missing in a sweep's folder.

    A finished run stays, also when minelib or the notebook has changed since: that is said,
    and each run's ``run.json`` tells what made it.

    Parameters
    ----------
    folder : path
    notebook : str, optional
        If given, it must be the sweep's.
    workers, scheduler, progress, root, timeout
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
    plan = cache.read_plan(folder)
    if plan is None:
        raise BadInput(_say("none", folder=folder))
    try:
        chosen = select([plan["notebook"]], root)[0]
    except UnknownName:  # it may have got another number
        chosen = select([plan["slug"]], root)[0]
    if notebook is not None and select([notebook], root)[0] != chosen:
        raise BadInput(_say("other_notebook", folder=folder, notebook=plan["notebook"]))
    check_notebook(chosen)
    wrong = [chosen.study().checked(run["parameters"])[1] for run in plan["runs"]]
    if problems := dict.fromkeys(str(p) for each in wrong for p in each):
        raise BadParameters(problems)
    how = {"workers": workers, "scheduler": scheduler, "progress": progress, "timeout": timeout}
    return _swept(chosen, plan, folder, keep=not force, **how)


def _swept(notebook, plan, folder, workers, scheduler, progress, timeout, keep=False):
    progress = progress or Quiet()
    timeout = between("timeout", timeout, 1, MOST_SECONDS)
    workers = None if workers is None else whole("workers", workers, 1)
    if scheduler is not None:
        from minelib.workbench.runs.cluster import check_scheduler

        check_scheduler(scheduler)
    with writing(folder), lock(folder, say=progress.say) as held, tidied(folder, "runs", "failed"):
        try:
            there = cache.read_plan(folder)
        except BadInput:  # the same sweep was given again: the runs in it are known by their ids
            there = None
        if there is None:
            write_beside(folder / cache.PLAN, {**plan, "digest": cache.digest(plan)})
        elif there != plan:
            raise BadInput(_say("other_sweep", folder=folder, notebook=there.get("notebook")))
        cache.forget()
        began = time.monotonic()
        tasks = []
        for run in plan["runs"]:
            places = [folder / name / run["id"] for name in ("runs", "failed")]
            task = Task(notebook, plan["lang"], run["parameters"], *places, label=run["id"])
            tasks.append(judged(task))
        finished = [t for t in tasks if not t.damaged and t.before.get("status") == "ok"]
        stale = [t for t in finished if t.why]
        if stale:
            sentence = _say("out_of_date", count=len(stale), why="; ".join(stale[0].why))
            progress.say(sentence + _say("stay" if keep else "again"))
            for task in stale if keep else ():
                task.why = []
        how = {"keep_open": (held,), "scheduler": scheduler, "timeout": timeout}
        results = run_tasks(tasks, workers, progress, **how)
        write_record(folder, began, results)
    return folder, results
