# SPDX-License-Identifier: MIT
"""What the figures of the shipped sweeps rest on, for the gallery.

Runs of ``minelib sweep`` beside the site are taken as they are. Without them the one finding
that a figure shows is computed here, for each point of the grid, by the functions that the
notebook calls; a sweep would run whole notebooks for it.
"""

from functools import cache
from pathlib import Path

import pandas as pd

from minelib import carbon, energy, geography, impact
from minelib.errors import MinelibError
from minelib.studies.notebooks import select
from minelib.workbench.runs.collecting import collect
from minelib.workbench.runs.presets import SWEEPS
from minelib.workbench.runs.sweeps import combinations

__all__ = ["FOUND", "collected", "computed"]

# searches that take most of a minute are left to the sweep itself
_SHORTER = {"break-window": {"start": "2019-01-01,2020-01-01"}}


def collected(sweep: str, output: Path) -> pd.DataFrame | None:
    """The runs of a shipped sweep that lie in the folder of a run; None where there are none.

    Parameters
    ----------
    sweep : str
    output : pathlib.Path
        The folder that ``minelib run`` fills; ``minelib sweep`` writes into ``sweeps`` there.
    """
    try:
        frame = collect(output / "sweeps" / sweep)
    except MinelibError:
        return None
    return frame if (frame["status"] == "ok").any() else None


@cache
def computed(sweep: str) -> tuple[pd.DataFrame, int]:
    """A frame as `minelib.collect` would give it, without running a notebook.

    Parameters
    ----------
    sweep : str

    Returns
    -------
    pandas.DataFrame
        A row per point of the grid; parameters, and the findings the figure rests on with
        their bounds.
    int
        How many points of the grid are left out.
    """
    shipped = SWEEPS[sweep]
    grid = {**shipped.grid, **_SHORTER.get(sweep, {})}
    runs = combinations(select([shipped.notebook])[0], grid, shipped.parameters, from_text=True)
    rows = [{**run, "status": "ok", **FOUND[sweep](run)} for run in runs]
    return pd.DataFrame(rows), shipped.count - len(rows)


def _bounded(name, value, lower, upper):
    return {name: value, f"{name}_lower": lower, f"{name}_upper": upper}


def _break(run):
    found = impact.breakpoints(
        start=run["start"], end=run["end"], freq=run["freq"], seed=run["seed"]
    )
    if found.empty:
        return _bounded("break_date", pd.NaT, pd.NaT, pd.NaT)
    first = found.loc[found["change_pct"].idxmin()]
    return _bounded("break_date", first["date"], first["lower_date"], first["upper_date"])


def _moved(run):
    options = {name: run[name] for name in ("vpn", "sample", "moved_share")}
    gains = geography.flows(run["from_month"], run["to_month"], **options).gains()
    return {
        name: value
        for row in gains.itertuples()
        for name, value in _bounded(
            f"china_to_{row.destination}", row.best_eh_s, row.lower_eh_s, row.upper_eh_s
        ).items()
    }


def _electricity(run, year="2021"):
    index = energy.index(run["price_usd_kwh"], run["version"])
    row = energy.totals(index, "YE").loc[year].iloc[0]
    return _bounded(f"index_{year}", row["best_twh"], row["lower_twh"], row["upper_twh"])


def _intensity(run):
    ours = carbon.intensity(factors=run["factors"], mix=run["vintage"])
    return {
        "intensity_2020": ours.loc["2020"].mean(),
        "intensity_2021_08": ours.loc["2021-08"].mean(),
    }


FOUND = {
    "break-window": _break,
    "relocation-stories": _moved,
    "index-tariffs": _electricity,
    "carbon-factors": _intensity,
}
