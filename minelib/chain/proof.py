# SPDX-License-Identifier: MIT
"""The proof of `minelib.chain.steps`: simulated chains with known steps, searched many times.

``python -m minelib.chain prove`` prints it. A quiet year grows, its level drifts by 2 % a root
week, and its days have noise of 3 % with the heavy tails of Student's t with three degrees of
freedom; blocks come by chance and the difficulty follows them every 2,016 blocks.
"""

import os
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from typing import Any

import numpy as np
import pandas as pd

from minelib.chain.scan import find, in_bins
from minelib.chain.steps import THRESHOLD, row_of
from minelib.checks import whole
from minelib.checks.door import Number, Whole

__all__ = ["FALLS", "prove", "share", "simulate"]

FALLS = tuple((size, days) for days in (0, 7) for size in (10, 15, 25, 40))
"""Falls in percent, and after how many days they come back (0: they stay)."""

_DAYS, _GRID_S, _BLOCK_S, _EPOCH = 365, 21_600, 600, 2016
_DRIFT, _NOISE, _TAILS = 0.02, 0.03, 3
_MOST_GROWTH = 0.6  # of the log rate, a year
_BLOCKS = _DAYS * 144 // 36 * 36


def simulate(
    seed: Whole = 0, fall_pct: Number = 0, lasts_days: Number = 0
) -> tuple[pd.DataFrame, pd.Timestamp]:
    """A year of blocks with a fall at a moment drawn at random.

    Parameters
    ----------
    seed : int
    fall_pct : float
        Size of the fall in percent, 0 for a quiet year.
    lasts_days : float
        Days until the rate is back, 0 where the fall stays.

    Returns
    -------
    tuple of pandas.DataFrame and pandas.Timestamp
        52,560 rows ``time`` (datetime64) and ``difficulty`` (float), as `steps` takes them, and
        the moment of the fall. The hash rate begins at about 2^32 * 10^-18 / 600 EH/s.

    Examples
    --------
    >>> blocks, moment = simulate(1, fall_pct=25)
    >>> len(blocks), bool(blocks["difficulty"].iloc[-1] > 0)
    (52560, True)
    """
    rng = np.random.default_rng(whole("seed", seed, 0))
    moment = rng.uniform(60, 300) * 86_400
    n = int(_DAYS * 1.8 * 86_400 / _GRID_S)
    level = rng.uniform(0, _MOST_GROWTH) * np.arange(n) * _GRID_S / (365 * 86_400)
    level += np.cumsum(rng.normal(0, _DRIFT * np.sqrt(_GRID_S / 604_800), n))
    days = rng.standard_t(_TAILS, n // 4 + 1) * _NOISE / np.sqrt(_TAILS / (_TAILS - 2))
    level += np.repeat(days, 4)[:n]
    grid = np.arange(n + 1) * float(_GRID_S)
    stops = moment + lasts_days * 86_400 if lasts_days else np.inf
    low = np.clip(grid[1:] - moment, 0, _GRID_S) - np.clip(grid[1:] - stops, 0, _GRID_S)
    rate = np.exp(level) * (1 - fall_pct / 100 * low / _GRID_S)
    # work done by each edge of the grid, in blocks of difficulty 1
    done = np.r_[0.0, np.cumsum(rate * _GRID_S / _BLOCK_S)]
    luck = rng.exponential(1, _BLOCKS)
    seconds, difficulty = np.empty(_BLOCKS), np.empty(_BLOCKS)
    first, at, before, now = 0, _EPOCH - int(rng.integers(_EPOCH)), 0.0, 1.0
    spent = 0.0
    while first < _BLOCKS:
        last = min(at, _BLOCKS)
        work = spent + np.cumsum(luck[first:last]) * now
        seconds[first:last], difficulty[first:last] = np.interp(work, done, grid), now
        spent, end = work[-1], seconds[last - 1]
        now *= float(np.clip((last - first) * _BLOCK_S / (end - before), 0.25, 4))
        first, at, before = last, last + _EPOCH, end
    time = pd.to_datetime(1.6e9 + seconds, unit="s")
    return pd.DataFrame({"time": time, "difficulty": difficulty}), _stamp(moment)


def _stamp(seconds):
    return pd.Timestamp(round(1.6e9 + seconds), unit="s")


def _searched(fall, threshold, seed):
    """What a search makes of one simulated year: how many steps, and those of the fall."""
    blocks, moment = simulate(seed, *fall)
    seconds = blocks["time"].to_numpy("datetime64[us]").astype(float) / 1e6
    waits = np.diff(seconds, prepend=1.6e9) / blocks["difficulty"].to_numpy() / _BLOCK_S
    bins = in_bins(np.r_[1.6e9, seconds], waits, 36)
    rows = [row_of(bins, f, 1.0, threshold, 0.9) for f in find(bins, threshold)]
    near = [
        r for r in rows if abs(r["time"] - moment) <= pd.Timedelta(days=3) and r["change_pct"] < 0
    ]
    if not near or not fall[0]:
        return {"steps": len(rows), "found": False}
    row = min(near, key=lambda r: abs(r["time"] - moment))
    return {
        "steps": len(rows),
        "found": True,
        "size": row["lower_pct"] <= -fall[0] <= row["upper_pct"],
        "time": row["lower_time"] <= moment <= row["upper_time"],
        "error_pp": row["change_pct"] + fall[0],
        "hours": (row["upper_time"] - row["lower_time"]).total_seconds() / 3600,
    }


def prove(
    chains: Whole = 400,
    quiet: Whole = 1000,
    *,
    threshold: Number = THRESHOLD,
    workers: Whole = 1,
    seed: Whole = 0,
) -> pd.DataFrame:
    """How often steps are found, invented, and held by their intervals.

    Parameters
    ----------
    chains : int
        Simulated years for each fall.
    quiet : int
        Simulated quiet years.
    threshold : float
        As in `steps`.
    workers : int
        Processes; no more than there are cores.
    seed : int
        The first seed.

    Returns
    -------
    pandas.DataFrame
        One row per kind of year: ``fall_pct``, ``lasts_days``, ``chains``; ``found_pct`` (falls
        found within three days; for quiet years those with a step, all of them false) with its
        95 % interval ``lower_pct``, ``upper_pct``; among the steps found ``size_coverage_pct``,
        ``time_coverage_pct`` (of 90 % intervals), ``median_error_pp`` and ``median_hours``
        (length of the interval of the time).

    Examples
    --------
    >>> table = prove(chains=4, quiet=4)
    >>> len(table), bool(table["found_pct"].between(0, 100).all())
    (9, True)
    """
    kinds = [((0, 0), whole("quiet", quiet, 1))]
    kinds += [(fall, whole("chains", chains, 1)) for fall in FALLS]
    rows = []
    many = min(whole("workers", workers, 1), os.cpu_count() or 1)
    with ProcessPoolExecutor(many, mp_context=get_context("spawn")) as pool:
        for number, (fall, n) in enumerate(kinds):
            search = partial(_searched, fall, float(threshold))
            seeds = range(seed + 100_000 * number, seed + 100_000 * number + n)
            done = pool.map(search, seeds, chunksize=20) if many > 1 else map(search, seeds)
            rows.append(_summary(fall, list(done)))
    return pd.DataFrame(rows)


def share(hits: Any) -> tuple[float, float, float]:
    """Hits in percent, with the 95 % interval of a share (Wilson)."""
    from scipy.stats import binomtest

    bounds = binomtest(int(np.sum(hits)), len(hits)).proportion_ci(0.95, method="wilson")
    return 100 * float(np.mean(hits)), 100 * bounds.low, 100 * bounds.high


def _summary(fall, outcomes: Iterable[dict]):
    frame = pd.DataFrame(outcomes)
    hits = frame["found"] if fall[0] else frame["steps"] > 0
    found = frame[frame["found"]]
    row = {"fall_pct": fall[0], "lasts_days": fall[1] or np.nan, "chains": len(frame)}
    row |= dict(zip(("found_pct", "lower_pct", "upper_pct"), share(hits), strict=True))
    if found.empty:
        return row
    return row | {
        "size_coverage_pct": 100 * found["size"].astype(float).mean(),
        "time_coverage_pct": 100 * found["time"].astype(float).mean(),
        "median_error_pp": found["error_pp"].median(),
        "median_hours": found["hours"].median(),
    }
