# SPDX-License-Identifier: MIT
"""Published figures put on one scale and one axis of time."""

import pandas as pd

from minelib.errors import BadParameter
from minelib.published.verdicts import OTHER
from minelib.words import gettext as _

__all__ = ["on_one_scale"]

_DAYS_A_YEAR = 365.25
_ENERGY = {"TWh/year": 1.0, "GW": 8.766, "MW": 0.008766}
# figures that are no world total of bitcoin at that time
_LEFT_OUT = (
    "jiang_2021",
    "ostp_2022",
    "krause_2018",
    "ccaf_series_lower",
    "ccaf_series_upper",
    "ccaf_2022_cumulative",
    "kufeoglu_2019_peak",
)


def on_one_scale(table, quantity="energy"):
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
        ``high`` (TWh or Mt a year; low and high are the value where no range was published)
        and ``known_from``. Sums over several years are divided by them. Figures on China
        alone, on several currencies, or on bounds are left out.

    Raises
    ------
    BadParameter

    Examples
    --------
    >>> import minelib as ml
    >>> frame = on_one_scale(ml.published.table()).set_index("id")
    >>> float(frame.loc["unu_2023_energy", "value"].round(1))
    86.7
    """
    if quantity not in ("energy", "emissions"):
        raise BadParameter("quantity", quantity, _("must be energy or emissions"))
    units = [*_ENERGY, "TWh"] if quantity == "energy" else ["Mt"]
    keep = table["unit"].isin(units) & ~table["id"].str.startswith(_LEFT_OUT)
    shown = table[keep]
    days = (shown["end"] - shown["start"]).dt.days + 1
    factor = shown["unit"].map(_ENERGY).fillna(1.0)
    summed = (shown["unit"] == "TWh") | ((shown["unit"] == "Mt") & (days > 200))
    factor = factor.where(~summed, _DAYS_A_YEAR / days)
    low = shown["published_low"].fillna(shown["published_value"]) * factor
    high = shown["published_high"].fillna(shown["published_value"]) * factor
    return pd.DataFrame(
        {
            "id": shown["id"],
            "authors": shown["authors"],
            "year": shown["year"],
            "date": shown["start"] + pd.to_timedelta(days // 2, unit="D"),
            "value": shown["published_value"] * factor,
            "low": low,
            "high": high,
            "known_from": shown["known_from"],
            "is_own_method": shown["method"].fillna(OTHER).ne(OTHER),
        }
    ).reset_index(drop=True)
