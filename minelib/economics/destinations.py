# SPDX-License-Identifier: MIT
"""What could be done with a machine in China, and on what terms."""

from functools import cache

import numpy as np
import pandas as pd

from minelib import catalog
from minelib.catalog import columns
from minelib.catalog.names import place_name
from minelib.checks import as_day, name_in, whole
from minelib.checks.door import Day, Lang, Whole
from minelib.economics.assumptions import Range, assumed, bounded
from minelib.errors import OutOfCoverage
from minelib.words import gettext as _

__all__ = ["DESTINATIONS", "OPTIONS", "destinations", "option_name", "tariff_range", "tariffs"]

DESTINATIONS = ("kazakhstan", "texas", "russia")
OPTIONS = ("sell", "store", *DESTINATIONS)
PRICED = (*DESTINATIONS, "sichuan")


def option_name(option: str, lang: Lang | None = None) -> str:
    """An option in words.

    Parameters
    ----------
    option : {"sell", "store", "kazakhstan", "texas", "russia"}
    lang : {"en", "zh"} or None
        None for the current language.

    Returns
    -------
    str

    Raises
    ------
    UnknownName
        No such option, or language.

    Examples
    --------
    >>> option_name("sell", "en")
    'Sell in China'
    """
    return columns.value("option", name_in("option", option, OPTIONS), lang)


def tariffs(destination: str, first_year: Whole = 2020, last_year: Whole = 2022) -> pd.DataFrame:
    """The quotations of power prices that stand for a destination, or for Sichuan.

    Parameters
    ----------
    destination : {"kazakhstan", "texas", "russia", "sichuan"}
    first_year, last_year : int
        Quotations that touch these years, both inclusive.

    Returns
    -------
    pandas.DataFrame
        ``id``, ``table``, ``place``, ``kind`` ("price" or "surcharge"), ``low_usd_kwh``,
        ``high_usd_kwh``, ``start_year``, ``end_year`` (NaN where it still held), ``confidence``,
        ``origin``. Prices of households are left out:
        nobody mines at them.

    Raises
    ------
    UnknownName

    BadParameter
        A year that is no whole number.

    Examples
    --------
    >>> len(tariffs("russia"))
    2
    """
    name_in("option", destination, PRICED)
    years = whole("first_year", first_year), whole("last_year", last_year)
    return _quoted(destination, *years).copy()


@cache
def _quoted(destination, first_year, last_year):
    places = ["texas", "usa"] if destination == "texas" else [destination]
    q = catalog.load("power_prices").assign(table="power_prices")
    q = q[q["place"].isin(places) & q["kind"].isin(["price", "surcharge"])]
    touches = (q["start_year"] <= last_year) & (q["end_year"].fillna(9999) >= first_year)
    q = q[touches & (q["supply"].fillna("") != "residential average")]
    new = {"term_id": "id", "low": "low_usd_kwh", "high": "high_usd_kwh", "publisher": "origin"}
    terms = catalog.load("relocation_terms").rename(columns=new)
    years = terms["date"].dt.year
    terms = terms.assign(table="relocation_terms", kind="price", start_year=years, end_year=years)
    asked = (terms["item"] == "tariff") & terms["place"].isin(places)
    terms = terms[asked & years.between(first_year, last_year)]
    what = ["id", "table", "place", "kind", "low_usd_kwh", "high_usd_kwh"]
    what += ["start_year", "end_year", "confidence", "origin"]
    return pd.concat([q[what], terms[what]], ignore_index=True)


@cache
def tariff_range(
    destination: str, first_year: Whole = 2020, last_year: Whole = 2022
) -> tuple[float, float, float]:
    """A range of tariffs from the quotations.

    Parameters
    ----------
    destination, first_year, last_year
        As in `tariffs`.

    Returns
    -------
    tuple of float
        Lowest quotation, median of their middles, highest with the surcharges that came,
        USD/kWh. Sichuan's surcharge of 2022 is left out: it was made to end mining.

    Raises
    ------
    UnknownName
    OutOfCoverage
        No price is quoted in these years.

    Examples
    --------
    >>> low, best, high = tariff_range("kazakhstan")
    >>> low <= best <= high
    True
    """
    quoted = tariffs(destination, first_year, last_year)
    prices = quoted[quoted["kind"] == "price"]
    if prices.empty:
        every = _quoted(destination, 0, 9999)
        every = every.loc[every["kind"] == "price", ["start_year", "end_year"]]
        covered = f"{every.min(axis=None):.0f} – {every.max(axis=None):.0f}"
        what = _("The record of power prices for {place}").format(place=place_name(destination))
        raise OutOfCoverage(what, f"{first_year} – {last_year}", covered)
    low = prices["low_usd_kwh"].fillna(prices["high_usd_kwh"])
    high = prices["high_usd_kwh"].fillna(prices["low_usd_kwh"])
    surcharges = quoted[(quoted["kind"] == "surcharge") & (quoted["place"] != "sichuan")]
    most = high.max() + np.nan_to_num(surcharges["low_usd_kwh"].max())
    return float(low.min()), float(((low + high) / 2).median()), float(most)


def _years(date, horizon_days):
    day = as_day("date", date)
    return day.year - 1, (day + pd.Timedelta(days=horizon_days)).year


def terms(
    date: Day, horizon_days: int, **changed: Range | None
) -> dict[str, dict[str, tuple[float, float, float]]]:
    """Tariff, delay, duty and uptime of each destination, as (lower, best, upper)."""
    years = _years(date, horizon_days)
    quoted = catalog.load("relocation_terms")
    duties = quoted[quoted["item"] == "duty"].groupby("place")
    lowest, highest = duties["low"].min(), duties["high"].max()
    values = {
        f"{place}_duty_pct": (0.0, float(lowest[where]), float(highest[where]))
        for place, where in (("texas", "usa"), ("russia", "russia"))
    }
    values |= assumed(**changed)
    return {
        place: {
            "tariff_usd_kwh": tariff_range(place, *years),
            "delay_days": values[f"{place}_delay_days"],
            "duty_pct": values[f"{place}_duty_pct"],
            "uptime_pct": values.get(f"{place}_uptime_pct", values["uptime_pct"]),
        }
        for place in DESTINATIONS
    }


def destinations(
    date: Day = "2021-06-20", horizon_days: Whole = 365, **changed: Range | None
) -> pd.DataFrame:
    """The terms of each destination.

    Parameters
    ----------
    date : str, date or Timestamp
        Day of the decision.
    horizon_days : int
        Quotations up to the year in which it ends count.
    **changed : float or tuple
        Assumptions, see `assumptions`.

    Returns
    -------
    pandas.DataFrame
        Index ``destination``; ``tariff_usd_kwh``, ``delay_days``, ``duty_pct`` and
        ``uptime_pct``, each with ``_lower`` and ``_upper`` beside it, and ``quotations``
        (int, power prices behind it).

    Raises
    ------
    BadParameter, UnknownName
        Not a day; no such assumption.
    OutOfCoverage
        A day for whose years no price of power is quoted.

    Notes
    -----
    Tariffs: from the lowest quotation to the highest with surcharges in force by then; best is
    the median of their middles. Duty: 0 as the lower bound, because the freight quotation says
    that taxes are included; the other values from `relocation_terms`, for Kazakhstan assumed.
    Delay and uptime are assumptions.

    Examples
    --------
    >>> terms = destinations("2021-06-20")
    >>> bool(terms.loc["kazakhstan", "delay_days"] < terms.loc["texas", "delay_days"])
    True
    """
    horizon = bounded("horizon_days", horizon_days, 1)
    rows = {
        place: {
            f"{label}{end}": value
            for label, three in own.items()
            for end, value in zip(("_lower", "", "_upper"), three, strict=True)
        }
        for place, own in terms(date, horizon, **changed).items()
    }
    frame = pd.DataFrame.from_dict(rows, orient="index").rename_axis("destination")
    return frame.assign(quotations=[len(tariffs(p, *_years(date, horizon))) for p in rows])
