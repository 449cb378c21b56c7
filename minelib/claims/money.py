# SPDX-License-Identifier: MIT
"""Claims about the price of bitcoin and the worth of mining."""

import numpy as np

from minelib import words
from minelib.claims.evidence import Case, Missing
from minelib.claims.rules import YARDSTICKS, Outcome
from minelib.words import gettext as _
from minelib.words import number, percent

# proper names of the publishers of price series; the third series is that of one exchange
_SOURCES = {
    "glassnode_ohlc": "Glassnode",
    "yahoo_btc_usd": "Yahoo Finance",
}


def _highs(case, peak):
    frame = case.tables["price_peaks"]
    frame = frame[(frame["peak"] == peak) & (frame["metric"] == "highest_intraday")]
    if frame.empty or frame["price_usd"].isna().any():
        raise Missing(
            _("Table {table} has no row {row}.").format(
                table="price_peaks", row=f"peak = {peak}, metric = highest_intraday"
            )
        )
    return frame.sort_values("price_usd")


def price_2017_20k(case: Case) -> Outcome:
    highs = _highs(case, "2017-12-01")
    readings = tuple(
        case.reading(
            "bound",
            row.price_usd,
            "USD/BTC",
            threshold=case.low,
            side="over",
            label=_SOURCES.get(row.source, _("one exchange")),
        )
        for row in highs.itertuples()
    )
    close = case.tables.year("network_daily", "price_usd", 2017).max()
    return Outcome(
        readings,
        _(
            "Highest price of a trade in December 2017, by source: {low} to {high} USD; {above} of "
            "{all} lie above {claimed}. The highest close of a day was {close} USD."
        ).format(
            low=number(highs["price_usd"].min()),
            high=number(highs["price_usd"].max()),
            above=int((highs["price_usd"] > case.low).sum()),
            all=len(highs),
            claimed=number(case.low),
            close=number(close),
        ),
    )


def price_2021_69k(case: Case) -> Outcome:
    highs = _highs(case, "2021-11-01")
    readings = tuple(
        case.reading(
            "value",
            row.price_usd,
            "USD/BTC",
            claimed_low=case.low,
            claimed_high=case.high,
            label=_SOURCES.get(row.source, _("one exchange")),
        )
        for row in highs.itertuples()
    )
    return Outcome(
        readings,
        _("Highest price of a trade in 2021, by source: {low} to {high} USD, on {day}.").format(
            low=number(highs["price_usd"].min()),
            high=number(highs["price_usd"].max()),
            day=words.date(highs["date"].iloc[-1]),
        ),
    )


def price_69k_before_notice(case: Case) -> Outcome:
    notice = case.tables.event_day("notices_published")
    day = _highs(case, "2021-11-01")["date"].max()
    prices = case.tables.year("network_daily", "price_usd", 2021)
    days, close_days = (day - notice).days, (prices.idxmax() - notice).days
    reading = case.reading("order", days, "days", lower=close_days)
    before = prices[:notice].max()
    return Outcome(
        (reading,),
        _(
            "The high of the year fell on {day}, {days} days after the notices were published. The "
            "highest close before them was {before} USD, on {before_day}."
        ).format(
            day=words.date(day),
            days=number(days),
            before=number(before),
            before_day=words.date(prices[:notice].idxmax()),
        ),
    )


def no_sovereign_volatile(case: Case) -> Outcome:
    prices = {y: case.tables.year("network_daily", "price_usd", y) for y in range(2017, 2022)}
    by_year = {y: 100 * np.log(p / p.shift()).std() * np.sqrt(365) for y, p in prices.items()}
    volatility = np.array(list(by_year.values()))
    series = np.concatenate([p.to_numpy() for p in prices.values()])
    fall = 100 * (1 - series / np.maximum.accumulate(series)).max()
    readings = (
        case.reading(
            "bound",
            volatility.mean(),
            "percent",
            threshold=YARDSTICKS["volatile_pct"],
            side="over",
            yardstick=True,
            lower=volatility.min(),
            upper=volatility.max(),
            label=_("volatility a year"),
        ),
        case.reading(
            "bound",
            fall,
            "percent",
            threshold=YARDSTICKS["deep_fall_pct"],
            side="over",
            yardstick=True,
            label=_("deepest fall from a high"),
        ),
    )
    return Outcome(
        readings,
        _(
            "From 2017 to 2021 daily price changes amount to {mean} a year (by year {low} to "
            "{high}); anything above {limit}, twice what broad share indices do, counts as "
            "volatile. The deepest fall from a high was {fall}. "
            "That no state stands behind it is true by construction."
        ).format(
            mean=percent(volatility.mean(), 0),
            low=percent(volatility.min(), 0),
            high=percent(volatility.max(), 0),
            limit=percent(YARDSTICKS["volatile_pct"], 0),
            fall=percent(fall, 0),
        ),
    )


def low_output(case: Case) -> Outcome:
    revenue = case.tables.year("network_daily", "revenue_usd", 2021).sum()
    months = case.tables["index_reference"]
    months = months[months["month"].dt.year == 2021].dropna(subset=["best_twh"])
    if len(months) != 12:
        raise Missing(
            _("Table {table} lacks months of {year}.").format(table="index_reference", year=2021)
        )
    kwh = {
        c: (months[f"{c}_twh"] * months["days"]).sum() / 365 * 1e9
        for c in ("lower", "best", "upper")
    }
    accounts = case.tables.row("national_accounts", place="china", year=2021)
    demand = case.tables.value("electricity", "demand_twh", place="china", year=2021)
    economy = accounts["gdp_cny"] / accounts["cny_per_usd"] / (demand * 1e9)
    mining = {c: revenue / k for c, k in kwh.items()}
    reading = case.reading(
        "bound",
        mining["best"],
        "USD/kWh",
        threshold=economy,
        side="under",
        yardstick=True,
        lower=mining["upper"],
        upper=mining["lower"],
    )
    return Outcome(
        (reading,),
        _(
            "In 2021 miners took in {mining} USD for each kWh ({low} to {high}); the Chinese "
            "economy produced {economy} USD for each kWh it used."
        ).format(
            mining=number(mining["best"], 2),
            low=number(mining["upper"], 2),
            high=number(mining["lower"], 2),
            economy=number(economy, 2),
        ),
    )
