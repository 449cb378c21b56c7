# SPDX-License-Identifier: MIT
"""Many runs as one table."""

import json
import re
from pathlib import Path

from minelib.errors import BadInput, UnknownName
from minelib.words import gettext as _

__all__ = ["collect"]

_SHAPES = ("wide", "long")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def collect(folder, shape="wide"):
    """The runs of a folder as one frame: parameters and findings as columns.

    Parameters
    ----------
    folder : path
        A sweep's folder, or any folder with results of ``minelib run`` below it.
    shape : {"wide", "long"}
        ``"wide"``: one row a run. ``"long"``: one row a run and finding.

    Returns
    -------
    pandas.DataFrame
        ``run``, ``notebook``, ``lang`` and ``status`` (``"ok"``, ``"failed"`` or
        ``"missing"``), then a column a parameter. Wide: for each finding its value under its
        name, and ``NAME_lower`` and ``NAME_upper`` where it has an interval. Long:
        ``finding``, ``value``, ``lower``, ``upper``, ``level``, ``unit``, ``meaning``.
        ISO dates are ``datetime64``. A finding named like a parameter is called
        ``NAME_found``. ``frame.attrs["units"]`` has the unit of each column that has one.

    Raises
    ------
    BadInput
        When there is no run in the folder.
    UnknownName
        Another shape.
    """
    import pandas as pd

    if shape not in _SHAPES:
        raise UnknownName("shape", shape, _SHAPES)
    folder = Path(folder)
    runs = list(_runs(folder))
    if not runs:
        raise BadInput(_("There is no run in {folder}.").format(folder=folder))
    rows, units = [], {}
    for run in runs:
        head = {
            "run": run["run"],
            "notebook": run["notebook"],
            "lang": run["lang"],
            "status": run["status"],
        }
        parameters = {n: _cell(v) for n, v in run["parameters"].items() if n != "lang"}
        row = {**head, **parameters}
        units.update(_parameter_units(run["slug"]))
        if shape == "long":
            for found in run["findings"]:
                rows.append(
                    {
                        **row,
                        "finding": found["name"],
                        **{k: v for k, v in found.items() if k != "name"},
                    }
                )
            continue
        for found in run["findings"]:
            name = found["name"] + ("_found" if found["name"] in row else "")
            row[name] = found["value"]
            for bound in ("lower", "upper"):
                if found[bound] is not None:
                    row[f"{name}_{bound}"] = found[bound]
            if found["unit"]:
                units |= {
                    name: found["unit"],
                    f"{name}_lower": found["unit"],
                    f"{name}_upper": found["unit"],
                }
        rows.append(row)
    frame = pd.DataFrame(rows)
    for column in frame.columns[4:]:
        values = frame[column].dropna()
        if len(values) and all(isinstance(v, str) and _DAY.fullmatch(v) for v in values):
            frame[column] = pd.to_datetime(frame[column])
    frame.attrs["units"] = {name: unit for name, unit in units.items() if name in frame.columns}
    return frame


def _cell(value):
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else value


def _parameter_units(slug):
    from minelib.studies import model

    try:
        return model(slug).units()
    except UnknownName:  # a notebook that is no longer there
        return {}


def _runs(folder):
    """What is known of each run, in the order of the sweep or of the folders."""
    plan = _read(folder / "sweep.json")
    if plan is not None:
        for planned in plan["runs"]:
            found = _run(folder / "runs" / planned["id"]) or _run(folder / "failed" / planned["id"])
            missing = {
                "status": "missing",
                "findings": [],
                "lang": plan["lang"],
                "notebook": plan["notebook"],
                "slug": plan["slug"],
            }
            yield {**(found or missing), "run": planned["id"], "parameters": planned["parameters"]}
        return
    for record in sorted(folder.glob("**/run.json")):
        inside = record.parent.relative_to(folder)
        if not any(part.startswith(".") for part in inside.parts):
            found = _run(record.parent)
            if found is not None:
                yield {**found, "run": inside.as_posix()}


def _run(folder):
    record = _read(folder / "run.json")
    if record is None:
        return None
    findings = _read(folder / "findings.json") or {"findings": []}
    kept = ("notebook", "slug", "lang", "status", "parameters")
    return {**{name: record[name] for name in kept}, "findings": findings["findings"]}


def _read(path):
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
