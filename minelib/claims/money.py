# SPDX-License-Identifier: MIT
"""Claims about the price of bitcoin and the worth of mining."""

import numpy as np
import pandas as pd

from minelib import words
from minelib.claims.evidence import Case, Missing, outcome
from minelib.claims.rules import YARDSTICKS, Outcome
from minelib.words import gettext as _
from minelib.words import number, percent

# proper names of the publishers of price series; the third series is that of one exchange
_SOURCES = {"glassnode_ohlc": "Glassnode", "yahoo_btc_usd": "Yahoo Finance"}


def _highs(case, peak):
    """Highest trades of a peak, the lowest source first, labelled by source."""
    frame = case.tables["price_peaks"]
    frame = frame[(frame["peak"] == peak) & (frame["metric"] == "highest_intraday")]
    if frame.empty or frame["price_usd"].isna().any():
        row = f"peak = {peak}, metric = highest_intraday"
        raise Missing(_("Table {table} has no row {row}."), table="price_peaks", row=row)
    labels = frame["source"].map(_SOURCES).fillna(_("one exchange"))
    return frame.assign(label=labels).sort_values("price_usd")


def price_2017_20k(case: Case) -> Outcome:
    """The highest trades of December 2017."""
    highs = _highs(case, "2017-12-01")
    prices = highs["price_usd"]
    close = case.tables.year("network_daily", "price_usd", 2017).max()
    return outcome(
        _(
            "Highest price of a trade in December 2017, by source: {low} to {high} USD; {above} of "
            "{all} lie above {claimed}. The highest close of a day was {close} USD."
        ),
        *(case.over(p, "USD/BTC", label=n) for p, n in zip(prices, highs["label"], strict=True)),
        low=number(prices.min()),
        high=number(prices.max()),
        above=int((prices > case.low).sum()),
        all=len(highs),
        claimed=number(case.low),
        close=number(close),
    )


def price_2021_69k(case: Case) -> Outcome:
    """The highest trades of November 2021."""
    highs = _highs(case, "2021-11-01")
    prices = highs["price_usd"]
    return outcome(
        _("Highest price of a trade in 2021, by source: {low} to {high} USD, on {day}."),
        *(case.claimed(p, "USD/BTC", label=n) for p, n in zip(prices, highs["label"], strict=True)),
        low=number(prices.min()),
        high=number(prices.max()),
        day=words.date(highs["date"].iloc[-1]),
    )


def price_69k_before_notice(case: Case) -> Outcome:
    """Days from the notices to the high of the year."""
    notice = case.tables.event_day("notices_published")
    day = _highs(case, "2021-11-01")["date"].max()
    prices = case.tables.year("network_daily", "price_usd", 2021)
    days, close_days = (day - notice).days, (prices.index[int(prices.argmax())] - notice).days
    before = prices[:notice]
    return outcome(
        _(
            "The high of the year fell on {day}, {days} days after the notices were published. The "
            "highest close before them was {before} USD, on {before_day}."
        ),
        case.reading("order", days, "days", lower=close_days),
        day=words.date(day),
        days=number(days),
        before=number(before.max()),
        before_day=words.date(before.idxmax()),
    )


def no_sovereign_volatile(case: Case) -> Outcome:
    """Volatility by year, and the deepest fall from a high."""
    years = [case.tables.year("network_daily", "price_usd", year) for year in range(2017, 2022)]
    volatility = pd.Series(
        [100 * np.log(prices / prices.shift()).std() * np.sqrt(365) for prices in years]
    )
    series = pd.concat(years)
    fall = 100 * (1 - series / series.cummax()).max()
    return outcome(
        _(
            "From 2017 to 2021 daily price changes amount to {mean} a year (by year {low} to "
            "{high}); anything above {limit}, twice what broad share indices do, counts as "
            "volatile. The deepest fall from a high was {fall}. "
            "That no state stands behind it is true by construction."
        ),
        case.yardstick("volatile_pct", volatility, label=_("volatility a year")),
        case.yardstick("deep_fall_pct", fall, label=_("deepest fall from a high")),
        mean=percent(volatility.mean(), 0),
        low=percent(volatility.min(), 0),
        high=percent(volatility.max(), 0),
        limit=percent(YARDSTICKS["volatile_pct"], 0),
        fall=percent(fall, 0),
    )


def low_output(case: Case) -> Outcome:
    """What mining and the whole economy make of a kWh."""
    revenue = case.tables.year("network_daily", "revenue_usd", 2021).sum()
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
    economy = accounts["gdp_cny"] / accounts["cny_per_usd"] / (demand * 1e9)
    asked = {"claimed": economy, "side": "under", "yardstick": True}
    return outcome(
        _(
            "In 2021 miners took in {mining} USD for each kWh ({low} to {high}); the Chinese "
            "economy produced {economy} USD for each kWh it used."
        ),
        case.reading("bound", mining, "USD/kWh", lower=low, upper=high, **asked),
        mining=number(mining, 2),
        low=number(low, 2),
        high=number(high, 2),
        economy=number(economy, 2),
    )
