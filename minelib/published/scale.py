# SPDX-License-Identifier: MIT
"""Published figures put on one scale and one axis of time."""

import pandas as pd

from minelib.checks import need_columns, one_of
from minelib.published.entries import FILE
from minelib.published.verdicts import SAME

__all__ = ["inside", "on_one_scale"]

_DAYS_A_YEAR = 365.25
_FACTORS = {
    "energy": {"TWh": 1.0, "TWh/year": 1.0, "GW": 8.766, "MW": 0.008766},
    "emissions": {"Mt": 1.0},
}
_NEEDED = [
    *("id", "authors", "year", "start", "end", "unit", "source_seen", "method"),
    *("published_value", "published_low", "published_high"),
]


def on_one_scale(table: pd.DataFrame, quantity: str = "energy") -> pd.DataFrame:
    """Published world totals as TWh a year or Mt a year, with the middle of their period.

    Parameters
    ----------
    table : pandas.DataFrame
        As `minelib.published.table` gives it.
    quantity : {"energy", "emissions"}
        Energy takes figures in TWh, TWh/year, GW and MW; emissions those in Mt.

    Returns
    -------
    pandas.DataFrame
        ``id``, ``authors``, ``year``, ``date`` (middle of the period), ``value``, ``low``,
        ``high`` (TWh or Mt a year; low and high are the value where no range was published),
        ``source_seen`` and ``is_own_method`` (whether it was re-computed by the publisher's own
        method). Sums over several years are divided by them. Figures on China alone, on several
        currencies, or on bounds are left out.

    Raises
    ------
    BadParameter
        Another quantity.
    BadInput
        A frame that lacks a column.

    Examples
    --------
    >>> import minelib as ml
    >>> frame = on_one_scale(ml.published.table()).set_index("id")
    >>> float(frame.loc["unu_2023_energy", "value"].round(1))
    86.7
    """
    factors = _FACTORS[one_of("quantity", quantity, _FACTORS)]
    need_columns("table", table, _NEEDED)
    shown = table[
        table["unit"].isin(factors) & ~table["id"].str.startswith(tuple(FILE["left_out"]["ids"]))
    ]
    shown = shown.reset_index(drop=True)
    days = (shown["end"] - shown["start"]).dt.days + 1
    summed = (shown["unit"] == "TWh") | ((shown["unit"] == "Mt") & (days > 200))
    factor = shown["unit"].map(factors).where(~summed, _DAYS_A_YEAR / days)
    value = shown["published_value"]
    return shown[["id", "authors", "year"]].assign(
        date=shown["start"] + pd.to_timedelta(days // 2, unit="D"),
        value=value * factor,
        low=shown["published_low"].fillna(value) * factor,
        high=shown["published_high"].fillna(value) * factor,
        source_seen=shown["source_seen"],
        is_own_method=shown["method"] == SAME,
    )


def inside(points: pd.DataFrame, band: pd.DataFrame) -> pd.Series:
    """Which published figures meet a band of the same time.

    Parameters
    ----------
    points : pandas.DataFrame
        As `on_one_scale` gives it: ``date``, ``low`` and ``high``.
    band : pandas.DataFrame
        Index of months; ``lower`` and ``upper`` in the same unit.

    Returns
    -------
    pandas.Series of bool
        Named ``inside``, with the index of the points: True where the published range and the
        band of its month have a value in common; False in months that the band does not have.

    Raises
    ------
    BadInput
        A frame that lacks a column.

    Examples
    --------
    >>> point = pd.DataFrame({"date": [pd.Timestamp("2020-01-15")], "low": 5.0, "high": 11.0})
    >>> band = pd.DataFrame({"lower": 10.0, "upper": 15.0}, index=[pd.Timestamp("2020-01-01")])
    >>> inside(point, band).tolist()
    [True]
    """
    need_columns("points", points, ("date", "low", "high"))
    need_columns("band", band, ("lower", "upper"))
    at = band.reindex(points["date"].dt.to_period("M").dt.to_timestamp()).set_axis(points.index)
    return ((points["low"] <= at["upper"]) & (at["lower"] <= points["high"])).rename("inside")
