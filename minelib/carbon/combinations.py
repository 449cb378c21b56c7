# SPDX-License-Identifier: MIT
"""All admissible combinations of choices at once, and which choice decides the sign."""

from functools import cache

import pandas as pd

from minelib.carbon.choices import CHOICES, MULTIVERSE_MIXES, Choices, admissible
from minelib.carbon.factors import FACTOR_SETS, grid_intensity
from minelib.carbon.model import intensity
from minelib.carbon.places import two_periods
from minelib.checks import as_month
from minelib.errors import BadInput
from minelib.words import gettext as _

__all__ = ["all_intensities", "deciding_choices", "intensity_range", "multiverse"]


@cache
def _all_intensities():
    return pd.concat([intensity(c) for c in admissible()], axis=1, ignore_index=True)


def all_intensities() -> pd.DataFrame:
    """The intensity of mining by month under every admissible combination of choices.

    Returns
    -------
    pandas.DataFrame
        Index ``month`` (of the mining map); one column per combination, numbered as in
        `minelib.carbon.admissible`; g/kWh.

    Examples
    --------
    >>> table = all_intensities()
    >>> table.shape == (29, len(admissible()))
    True
    """
    return _all_intensities().copy()


@cache
def _world_range(year):
    values = [grid_intensity("world", year, m, f) for m in MULTIVERSE_MIXES for f in FACTOR_SETS]
    return min(values), max(values)


def intensity_range(months: pd.DatetimeIndex) -> pd.DataFrame:
    """The least and the most intensity of mining over all ways of counting, by month.

    Parameters
    ----------
    months : pandas.DatetimeIndex
        First days of months, 2010-07 or later; another day stands for its month.

    Returns
    -------
    pandas.DataFrame
        Index ``month``; ``lower_g_kwh``, ``upper_g_kwh``. Before the mining map the range is that
        of the world's electricity over factor sets and editions; after it, its last month's.

    Raises
    ------
    BadParameter
        Not an index of days, or a missing one among them.

    Examples
    --------
    >>> frame = intensity_range(pd.to_datetime(["2018-01-01", "2020-01-01", "2023-01-01"]))
    >>> bool((frame["lower_g_kwh"] < frame["upper_g_kwh"]).all())
    True
    """
    table = _all_intensities()
    assessed = pd.DataFrame({"lower_g_kwh": table.min(axis=1), "upper_g_kwh": table.max(axis=1)})
    first, last = table.index[0], table.index[-1]
    rows = [
        _world_range(month.year) if month < first else tuple(assessed.loc[min(month, last)])
        for month in (as_month("months", day) for day in months)
    ]
    return pd.DataFrame(rows, index=months.rename("month"), columns=assessed.columns)


def multiverse(before: object = "2020", after: object = "2021-08") -> pd.DataFrame:
    """The change of mining's carbon intensity under every admissible combination of choices.

    Parameters
    ----------
    before, after : str or int
        A year or a month of the mining map, ``before`` not later than ``after``; a year is the
        plain mean of its months.

    Returns
    -------
    pandas.DataFrame
        One row per combination, sorted by the change: the choices (``factors``, ``mix``,
        ``china``, ``provincial``, ``germany_ireland``, ``other``, ``seasonal_hydro``),
        ``before_g_kwh``, ``after_g_kwh``, ``change_pct`` and ``is_ccaf`` (true for the Cambridge
        index's own combination).

    Raises
    ------
    BadParameter
        Not a year or a month, in the wrong order.
    OutOfCoverage
        A period outside 2019-09 to 2022-01.

    Notes
    -----
    The combinations are not equally good, and their count is no probability: the range says
    what the choices can do, and `deciding_choices` which of them does it.

    Examples
    --------
    >>> table = multiverse()
    >>> bool(table["change_pct"].min() < 0 < table["change_pct"].max())
    True
    """
    ways = admissible()
    first, last = (_all_intensities().loc[months].mean() for months in two_periods(before, after))
    table = pd.DataFrame([way.as_dict() for way in ways])
    table["before_g_kwh"], table["after_g_kwh"] = first, last
    table["change_pct"] = 100 * (last / first - 1)
    table["is_ccaf"] = [way == Choices() for way in ways]
    return table.sort_values("change_pct", ignore_index=True, kind="stable")


def deciding_choices(table: pd.DataFrame | None = None) -> pd.DataFrame:
    """How far each choice moves the change, and how often it alone flips the sign.

    Parameters
    ----------
    table : pandas.DataFrame, optional
        What `multiverse` returned.

    Returns
    -------
    pandas.DataFrame
        One row per choice, the strongest first: ``choice``; ``spread_pct_points`` (mean over
        all settings of the other choices of the range that this one alone makes, percentage
        points); ``largest_pct_points``; ``settings`` (in how many settings of the others it can
        be varied) and ``sign_flips_pct`` (in how many of these, percent, it alone turns a
        rise into a fall).

    Raises
    ------
    BadInput
        A table without the choices and ``change_pct``.

    Examples
    --------
    >>> deciding_choices()["choice"].iloc[0]
    'china'
    """
    table = multiverse() if table is None else table
    if not {*CHOICES, "change_pct"} <= set(table.columns):
        raise BadInput(_("deciding_choices() takes the table that multiverse() returned."))
    rows = {}
    for choice in CHOICES:
        others = [c for c in CHOICES if c != choice]
        span = table.groupby(others, observed=True)["change_pct"].agg(["min", "max", "size"])
        span = span[span["size"] > 1]
        reach, flips = span["max"] - span["min"], (span["min"] < 0) & (span["max"] > 0)
        rows[choice] = reach.mean(), reach.max(), len(span), 100 * flips.mean()
    columns = ["spread_pct_points", "largest_pct_points", "settings", "sign_flips_pct"]
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=columns).fillna(0.0)
    frame = frame.sort_values("spread_pct_points", ascending=False)
    return frame.rename_axis("choice").reset_index()
