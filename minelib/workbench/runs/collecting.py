# SPDX-License-Identifier: MIT
"""Many runs as one table."""

import contextlib
import os
import re
from pathlib import Path
from typing import Any

import pandas as pd

from minelib.errors import BadInput, UnknownName
from minelib.studies.registry import model
from minelib.words import gettext as _
from minelib.workbench.runs.cache import intact, kept, read_plan
from minelib.workbench.runs.folders import read

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_RECORDED = ("notebook", "slug", "lang", "status", "parameters")
_FOUND = ("name", "value", "lower", "upper", "level", "unit", "meaning")
_HEAD = ("run", "notebook", "lang", "status")


def collect(folder: str | os.PathLike, shape: str = "wide") -> pd.DataFrame:
    """The runs of a folder as one frame: parameters and findings as columns.

    Parameters
    ----------
    folder : path
        A sweep's folder, or any folder with results of ``minelib run`` below it.
    shape : {"wide", "long"}
        ``"wide"``: one row per run. ``"long"``: one row per run and finding.

    Returns
    -------
    pandas.DataFrame
        ``run``, ``notebook``, ``lang`` and ``status`` (``"ok"``, ``"failed"``, ``"missing"``, or
        ``"damaged"`` where the findings are no longer as the run left them), then a column a
        parameter. Wide: for each finding its value under its name, and ``NAME_lower`` and
        ``NAME_upper`` where it has an interval. Long: ``finding``, ``value``, ``lower``,
        ``upper``, ``level``, ``unit``, ``meaning``.
        ISO dates are ``datetime64``. A finding named like a parameter is called
        ``NAME_found``. ``frame.attrs["units"]`` has the unit of each column that has one.

    Raises
    ------
    BadInput
        When there is no run in the folder.
    UnknownName
        Another shape.
    """
    if shape not in ("wide", "long"):
        raise UnknownName("shape", shape, ("wide", "long"))
    runs = list(_runs(Path(folder)))
    if not runs:
        raise BadInput(_("There is no run in {folder}.").format(folder=folder))
    rows, units = [], {}
    for run in runs:
        parameters = {n: _cell(v) for n, v in run["parameters"].items() if n != "lang"}
        row = {name: run[name] for name in _HEAD} | parameters
        with contextlib.suppress(UnknownName):  # a notebook that is no longer there
            study: Any = model(run["slug"])
            units.update(study.units())
        if shape == "long":
            rows += [row | {"finding": one.pop("name")} | one for one in run["findings"]]
            continue
        for found in run["findings"]:
            name = found["name"] + ("_found" if found["name"] in row else "")
            row[name] = found["value"]
            for bound in ("lower", "upper"):
                if found[bound] is not None:
                    row[f"{name}_{bound}"] = found[bound]
            units |= dict.fromkeys((name, f"{name}_lower", f"{name}_upper"), found["unit"])
        rows.append(row)
    frame = pd.DataFrame(rows)
    for column in frame.columns[len(_HEAD) :]:
        values = frame[column].dropna()
        if len(values) and all(isinstance(v, str) and _DAY.fullmatch(v) for v in values):
            with contextlib.suppress(ValueError):  # the 45th of a month stays text
                frame[column] = pd.to_datetime(frame[column], format="%Y-%m-%d")
    frame.attrs["units"] = {name: unit for name, unit in units.items() if unit and name in frame}
    return frame


def _cell(value):
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else value


def _runs(folder):
    """What is known of each run, in the order of the sweep or of the folders."""
    plan = read_plan(folder)
    if plan is None:
        for path in sorted(folder.glob("**/run.json")):
            inside = path.parent.relative_to(folder)
            found = _run(path.parent)
            if found and not any(part.startswith(".") for part in inside.parts):
                yield {**found, "run": inside.as_posix()}
        return
    missing = {name: plan[name] for name in ("lang", "notebook", "slug")}
    missing |= {"status": "missing", "findings": []}
    for planned in plan["runs"]:
        found = _run(folder / "runs" / planned["id"]) or _run(folder / "failed" / planned["id"])
        yield {**(found or missing), "run": planned["id"], "parameters": planned["parameters"]}


def _run(folder):
    record = read(folder / "run.json")
    if not intact(record):
        return _before_digests(folder, record)
    found = {name: record[name] for name in _RECORDED}
    promised = record["files"].get("findings.json")
    if promised is None:  # it failed before its end
        return {**found, "findings": []}
    path = folder / "findings.json"
    if not kept(path, promised):
        return {**found, "status": "damaged", "findings": []}
    return {**found, "findings": read(path)["findings"]}


def _before_digests(folder, record):
    """A run of an earlier version, whose record bears no digest; None for a damaged one."""
    found = read(folder / "findings.json")
    try:
        if "files" in record or not isinstance(record["parameters"], dict):
            return None
        known = {name: record[name] for name in _RECORDED}
        findings = [
            {name: one[name] for name in _FOUND} for one in (found or {}).get("findings", [])
        ]
    except (LookupError, TypeError, AttributeError):
        return None
    plain = (str, int, float, type(None))
    texts = [*(known[name] for name in _HEAD[1:]), *(one["name"] for one in findings)]
    values = [one[name] for one in findings for name in _FOUND]
    if all(isinstance(t, str) for t in texts) and all(isinstance(v, plain) for v in values):
        return {**known, "findings": findings}
    return None
