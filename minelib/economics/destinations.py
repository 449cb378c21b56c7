# SPDX-License-Identifier: MIT
"""What could be done with a machine in China, and on what terms."""

from functools import cache

import pandas as pd

from minelib import catalog
from minelib.catalog.names import place_name
from minelib.checks import as_day, whole
from minelib.economics.assumptions import assumed
from minelib.errors import OutOfCoverage, UnknownName
from minelib.words import gettext as _

__all__ = [
    "DESTINATIONS",
    "OPTIONS",
    "check_option",
    "destinations",
    "option_name",
    "tariff_range",
    "tariffs",
]

DESTINATIONS = ("kazakhstan", "texas", "russia")
OPTIONS = ("sell", "store", *DESTINATIONS)

# whose quotations stand for a destination
_PLACES = {
    "kazakhstan": ["kazakhstan"],
    "texas": ["texas", "usa"],
    "russia": ["russia"],
    "sichuan": ["sichuan"],
}


def check_option(name, known=OPTIONS):
    """Return ``name`` when it is an option.

    Raises
    ------
    UnknownName
        With the nearest.
    """
    if name not in known:
        raise UnknownName("option", str(name), known)
    return name


def option_name(option, lang=None):
    """An option in words.

    Examples
    --------
    >>> option_name("sell", "en")
    'Sell in China'
    """
    words = {
        "sell": _("Sell in China", lang),
        "store": _("Store, sell later", lang),
        "kazakhstan": _("Ship to Kazakhstan", lang),
        "texas": _("Ship to Texas", lang),
        "russia": _("Ship to Russia", lang),
    }
    return words[check_option(option)]


def tariffs(destination, first_year=2020, last_year=2022):
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
    check_option(destination, tuple(_PLACES))
    years = whole("first_year", first_year), whole("last_year", last_year)
    return _quoted(destination, *years).copy()


@cache
def _quoted(destination, first_year, last_year):
    places = _PLACES[destination]
    q = catalog.load("power_prices")
    q = q[q["place"].isin(places) & q["kind"].isin(["price", "surcharge"])]
    touches = (q["start_year"] <= last_year) & (q["end_year"].fillna(9999) >= first_year)
    q = q[touches & (q["supply"].fillna("") != "residential average")].copy()
    q["table"] = "power_prices"
    terms = catalog.load("relocation_terms")
    terms = terms[(terms["item"] == "tariff") & terms["place"].isin(places)]
    terms = terms[terms["date"].dt.year.between(first_year, last_year)]
    terms = terms.rename(
        columns={
            "term_id": "id",
            "low": "low_usd_kwh",
            "high": "high_usd_kwh",
            "publisher": "origin",
        }
    ).assign(table="relocation_terms", kind="price")
    terms["start_year"] = terms["end_year"] = terms["date"].dt.year
    columns = [
        "id",
        "table",
        "place",
        "kind",
        "low_usd_kwh",
        "high_usd_kwh",
        "start_year",
        "end_year",
        "confidence",
        "origin",
    ]
    return pd.concat([q[columns], terms[columns]], ignore_index=True)


@cache
def tariff_range(destination, first_year=2020, last_year=2022):
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
    extra = surcharges["low_usd_kwh"].max()
    most = float(high.max()) + (0.0 if pd.isna(extra) else float(extra))
    return float(low.min()), float(((low + high) / 2).median()), most


def destinations(date="2021-06-20", horizon_days=365, **changed):
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
    day = as_day("date", date)
    horizon_days = whole("horizon_days", horizon_days, 1)
    values = assumed(**changed)
    duties = catalog.load("relocation_terms")
    duties = duties[duties["item"] == "duty"].groupby("place")
    duties = duties.agg(low=("low", "min"), high=("high", "max"))
    years = day.year - 1, (day + pd.Timedelta(days=horizon_days)).year
    rows = {}
    for name in DESTINATIONS:
        if name == "kazakhstan":
            duty = values["kazakhstan_duty_pct"]
        else:
            quoted = duties.loc[_PLACES[name][-1]]
            duty = (0.0, float(quoted["low"]), float(quoted["high"]))
        uptime = values["kazakhstan_uptime_pct" if name == "kazakhstan" else "uptime_pct"]
        row = {}
        for label, three in (
            ("tariff_usd_kwh", tariff_range(name, *years)),
            ("delay_days", values[f"{name}_delay_days"]),
            ("duty_pct", duty),
            ("uptime_pct", uptime),
        ):
            row |= {f"{label}_lower": three[0], label: three[1], f"{label}_upper": three[2]}
        row["quotations"] = len(tariffs(name, *years))
        rows[name] = row
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("destination")
