# SPDX-License-Identifier: MIT
"""The rules of the index: versions, the basket of machines by day, and its efficiencies.

The basket does not depend on the price of electricity except through a threshold, so the
machines are sorted by efficiency once and their weights summed up; each price then only
looks up how far down the list its threshold reaches.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from minelib.errors import UnknownName
from minelib.words import N_

__all__ = ["PUE", "VERSIONS", "Basket", "check_version"]

PUE = (1.01, 1.10, 1.20)  # lower bound, best guess, upper bound
HOURS_A_YEAR = 365.25 * 24
MACHINE_LIFE_DAYS = 5 * 365
PRICE_OF_THRESHOLD = 0.05
THRESHOLD_DAYS, CONSUMPTION_DAYS = 14, 7
LAG_MONTHS = 2


@dataclass(frozen=True)
class Version:
    """What one published version does.

    Attributes
    ----------
    ages : bool
        Whether machines enter two months after release and weigh less with each year.
    since : str
        Month in which it came into force.
    meaning : str
    first, last : str or None
        The days it covers; None for the last day of table ``network_daily``.
    """

    ages: bool
    since: str
    meaning: str
    first: str = "2010-07-18"  # first day with a price, and of the published series
    last: str | None = "2023-12-31"  # the machine table reaches the series' end, 2023-09-22


VERSIONS = {
    "1.4.0": Version(True, "2023-08", N_("two-month lag, weights by age, power over hash rate")),
    "1.3.1": Version(False, "2022-05", N_("equal weights, listed efficiency, no lag")),
    "extended": Version(
        True,
        "2026-06",
        N_("rules of 1.4.0 on machines launched since; no published series to hold it against"),
        "2023-07-01",
        None,
    ),
}
# by whole years since a machine entered; the last one holds before too, as that of -1
_WEIGHTS = np.array([1.0, 0.8, 0.6, 0.4, 0.2, 0.0])
_SAME_RULE = {"1.2.0": "1.3.1"}


def check_version(version: str) -> str:
    """The version whose rules apply, or `UnknownName` with the known ones.

    Examples
    --------
    >>> check_version("1.2.0")
    '1.3.1'
    """
    rules = _SAME_RULE.get(version, version)
    if rules not in VERSIONS:
        raise UnknownName(N_("version of the index"), version, [*VERSIONS, *_SAME_RULE])
    return rules


def whole_years(days: np.ndarray, release: np.ndarray) -> np.ndarray:
    """Whole years since each machine entered, two calendar months after its release.

    Parameters
    ----------
    days : array of datetime64, shape (T,)
    release : array of datetime64, shape (M,)

    Returns
    -------
    int array of shape (T, M)
        Negative before the first month.

    Examples
    --------
    >>> d = np.array(["2020-02-29", "2020-03-01", "2021-03-01"], "datetime64[D]")
    >>> whole_years(d, np.array(["2020-01-15"], "datetime64[D]"))[:, 0].tolist()
    [-1, 0, 1]
    """
    months, first = (d.astype("datetime64[M]").astype(np.int64) for d in (days, release))
    by_month, position = np.unique(months, return_inverse=True)
    return ((by_month[:, None] - first[None, :] - LAG_MONTHS) // 12).astype(np.int16)[position]


class Basket:
    """The machines in the index on each day, ready for any threshold.

    Parameters
    ----------
    days : array of datetime64[D], shape (T,)
    machines : pandas.DataFrame
        From `minelib.energy.inputs.check_machines`, sorted by efficiency, M rows.
    version : str
        A key of `VERSIONS`.
    """

    def __init__(self, days: np.ndarray, machines: pd.DataFrame, version: str) -> None:
        release = machines["release"].to_numpy().astype("datetime64[D]")
        self.listed = machines["efficiency_j_th"].to_numpy()
        weighting = machines["weighting_efficiency_j_th"].to_numpy()
        alive = release[None, :] < days[:, None]
        alive &= days[:, None] < release[None, :] + np.timedelta64(MACHINE_LIFE_DAYS, "D")
        years = whole_years(days, release) if VERSIONS[version].ages else np.zeros(1, np.int64)
        weights = _WEIGHTS[years.clip(-1, 5)] * alive
        present = weights > 0
        count = len(self.listed)
        self.weight = _running(weights)
        self.weighted = _running(weights * weighting)
        self.count = _running(present, np.int16)
        self.first = np.where(present.any(axis=1), present.argmax(axis=1), count)
        position = np.where(present, np.arange(count, dtype=np.int16), np.int16(-1))
        self.last = np.maximum.accumulate(position, axis=1)

    def at(self, threshold_j_th: np.ndarray) -> tuple[np.ndarray, ...]:
        """Efficiencies of the basket below a threshold.

        Parameters
        ----------
        threshold_j_th : float array of shape (T, P)
            Machines strictly below it are in.

        Returns
        -------
        lower, best, upper : float arrays of shape (T, P)
            J/TH; NaN where the basket is empty.
        machines : int array of shape (T, P)
        """
        reach = np.searchsorted(self.listed, threshold_j_th, side="left")
        rows = np.arange(len(self.first))[:, None]
        machines = self.count[rows, reach]
        empty = machines == 0
        with np.errstate(invalid="ignore", divide="ignore"):
            best = np.where(empty, np.nan, self.weighted[rows, reach] / self.weight[rows, reach])
        last = self.last[rows, np.maximum(reach - 1, 0)]
        first = np.minimum(self.first, len(self.listed) - 1)[:, None]
        lower = np.where(empty, np.nan, self.listed[first])
        upper = np.where(empty, np.nan, self.listed[np.maximum(last, 0)])
        return lower, best, upper, machines


def _running(values, dtype=np.float64):
    out = np.zeros((values.shape[0], values.shape[1] + 1), dtype)
    np.cumsum(values, axis=1, dtype=dtype, out=out[:, 1:])
    return out


def trailing_mean(values: np.ndarray, window: int) -> np.ndarray:
    """Mean of each row and the rows before it, ``window`` in all, fewer at the start.

    Parameters
    ----------
    values : float array of shape (T,) or (T, P)
    window : int

    Returns
    -------
    float array, same shape
        Leading NaNs stay; they are left out of the means after them.

    Examples
    --------
    >>> trailing_mean(np.array([1.0, 3.0, 5.0]), 2).tolist()
    [1.0, 2.0, 4.0]
    """
    known = np.isfinite(values)
    filled = np.where(known, values, 0.0)
    total, count = filled.copy(), known.astype(np.float64)
    for back in range(1, window):  # a few shifted additions: exact, no running sum to drift
        total[back:] += filled[:-back]
        count[back:] += known[:-back]
    with np.errstate(invalid="ignore"):
        return np.where(known, total / count, np.nan)


def repeat_last(values: np.ndarray) -> np.ndarray:
    """Fill each NaN with the last value above it; leading NaNs stay.

    Parameters
    ----------
    values : float array of shape (T, P)

    Examples
    --------
    >>> repeat_last(np.array([[np.nan], [2.0], [np.nan]])).ravel().tolist()
    [nan, 2.0, 2.0]
    """
    row = np.where(np.isnan(values), 0, np.arange(len(values))[:, None])
    return np.take_along_axis(values, np.maximum.accumulate(row, axis=0), axis=0)
