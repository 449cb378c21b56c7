# SPDX-License-Identifier: MIT
"""Claims about the price of bitcoin and the worth of mining."""

import numpy as np
import pandas as pd

from minelib.claims.declared import TAKES, Facts
from minelib.claims.evidence import Case, Missing
from minelib.words import gettext as _, number


def price_69k_before_notice(case: Case) -> Facts:
    """Days from the notices to the high of the year."""
    notice = case.tables.event_day("notices_published")
    peak = {"peak": "2021-11-01", "metric": "highest_intraday"}
    day = case.tables.series("price_peak", **peak).index.max()
    prices = case.tables.series("price", "2021")
    before = prices[:notice]
    days, of_close = ((top - notice).days for top in (day, TAKES["when highest"](prices)))
    return {
        "day": day,
        "days": (days, of_close, days),
        "before": before.max(),
        "before_day": before.idxmax(),
    }


def price_volatile(case: Case) -> Facts:
    """Volatility by year, and the deepest fall from a high."""
    years = [case.tables.series("price", str(year)) for year in range(2017, 2022)]
    volatility = pd.Series(
        [100 * np.log(prices / prices.shift()).std() * np.sqrt(365) for prices in years]
    )
    low, high = volatility.min(), volatility.max()
    series = pd.concat(years)
    fall = 100 * (1 - series / series.cummax()).max()
    smallest = min(100 * (1 - year / year.cummax()).max() for year in years)
    return {
        "mean": (volatility.mean(), low, high),
        "low": low,
        "high": high,
        "fall": (fall, smallest, fall),
        "smallest": smallest,
    }


def low_output(case: Case) -> Facts:
    """What mining and the whole economy make of a kWh."""
    revenue = case.tables.series("revenue", "2021").sum()
    months = case.tables["index_reference"]
    months = months[months["month"].dt.year == 2021].dropna(subset=["best_twh"])
    if len(months) != 12:
        raise Missing(
            _("Table {table} lacks months of {year}."), table="index_reference", year=2021
        )
    kwh = months[["best_twh", "lower_twh", "upper_twh"]].mul(months["days"], axis=0).sum()
    mining, high, low = revenue / (kwh / 365 * 1e9)
    accounts = case.tables.row("national_accounts", place="china", year=2021)
    demand = case.tables.value("electricity", "demand_twh", place="china", year=2021)
    sticks = case.sticks("output_usd_kwh")
    return {
        "mining": (mining, low, high),
        "low": low,
        "high": high,
        "economy": accounts["gdp_cny"] / accounts["cny_per_usd"] / (demand * 1e9),
        "others": _("; ").join(f"{name}, {number(v, 2)} USD/kWh" for name, _side, v in sticks),
    }
