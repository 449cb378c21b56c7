# SPDX-License-Identifier: MIT
"""Claims about the network: what the notice changed, and how pools share the blocks."""

import numpy as np
import pandas as pd

from minelib import words
from minelib.claims.evidence import Case, Missing
from minelib.claims.rules import YARDSTICKS, Outcome
from minelib.words import gettext as _
from minelib.words import number, percent

UNNAMED = ("unknown", "unlabelled", "other")
MACHINE = "bitmain_antminer_s19"


def _falls(case):
    """Falls of the difficulty from May to December 2021: logarithms, by day."""
    epochs = case.tables["difficulty_epochs"].sort_values("epoch")
    # the epochs before and after show whether one is missing at an end
    inside = (epochs["start_date"] >= "2021-05-01") & (epochs["start_date"] < "2022-01-01")
    span = inside | inside.shift(1, fill_value=False) | inside.shift(-1, fill_value=False)
    known, epochs = epochs[span], epochs[inside]
    whole = len(known) == len(epochs) + 2 and (known["epoch"].diff().dropna() == 1).all()
    if not whole or epochs["change_pct"].isna().any():
        raise Missing(
            _("Table {table} lacks months of {year}.").format(table="difficulty_epochs", year=2021)
        )
    change = np.log1p(epochs.set_index("start_date")["change_pct"] / 100)
    return -change[change < 0]


def _difficulty_after(case, notice, label=""):
    falls = _falls(case)
    after = 100 * falls[falls.index >= notice].sum() / falls.sum()
    return falls, case.reading("after", after, "percent", label=label)


def exit_caused_by_924(case: Case) -> Outcome:
    notice = case.tables.event_day("notices_published")
    shares = case.tables.shares("china", "2021-04-01", "2022-01-01")
    at_notice = shares[notice.replace(day=1)]
    lost = shares.iloc[0] - shares.iloc[-1]
    after = 100 * (at_notice - shares.iloc[-1]) / lost if lost > 0 else 0.0
    first = case.reading("after", after, "percent", label=_("loss of China's share"))
    _falls_, second = _difficulty_after(case, notice, _("fall of the difficulty"))
    last = case.tables.event_day("anhui")
    return Outcome(
        (first, second),
        _(
            "Of the share China lost between April 2021 ({start}) and January 2022 ({end}), "
            "{after} was lost after the notices of {notice}. The last provincial order of the "
            "summer, in Anhui, came {days} days before them."
        ).format(
            start=percent(shares.iloc[0], 1),
            end=percent(shares.iloc[-1], 1),
            after=percent(after, 0),
            notice=words.date(notice),
            days=(notice - last).days,
        ),
    )


def turning_point_924(case: Case) -> Outcome:
    notice = case.tables.event_day("notices_published")
    falls, reading = _difficulty_after(case, notice)
    steepest = falls.idxmax()
    return Outcome(
        (reading,),
        _(
            "{after} of the falls of the difficulty in 2021 came after the notices. The steepest, "
            "{fall} on {day}, came {days} days before them, after the closures in the provinces."
        ).format(
            after=percent(reading.value, 0),
            fall=percent(100 * np.expm1(-falls.max()), 1),
            day=words.date(steepest),
            days=(notice - steepest).days,
        ),
    )


def _named_pools(case, start, end):
    frame = case.tables["pool_share"]
    frame = frame[(frame["month"] >= start) & (frame["month"] <= end)]
    months = pd.date_range(start, end, freq="MS")
    absent = months.difference(pd.DatetimeIndex(frame["month"].unique()))
    if len(absent):
        raise Missing(
            _("Table {table} lacks {place} in {month}.").format(
                table="pool_share", place=_("all pools"), month=words.month(absent[0])
            )
        )
    return frame[~frame["pool"].isin(UNNAMED)]


def pools_top5(case: Case) -> Outcome:
    frame = _named_pools(case, "2016-03-01", "2021-12-01")
    chinese = case.tables["pools"].set_index("pool")["chinese_founded"]
    blocks = frame.groupby([frame["month"].dt.year, "pool"])["blocks"].sum()
    counts = {}
    for year, of_year in blocks.groupby(level=0):
        top = chinese.reindex(of_year.droplevel(0).nlargest(5).index)
        if top.isna().any():
            raise Missing(
                _("Table {table} has no {column} where {row}.").format(
                    table="pools", column="chinese_founded", row=top.index[top.isna()][0]
                )
            )
        counts[int(year)] = int(top.sum())
    counts = pd.Series(counts)
    held = 20.0 * counts
    reading = case.reading("named", held.mean(), "percent", lower=held.min(), upper=held.max())
    return Outcome(
        (reading,),
        _("Pools founded in China among the five largest, by year: {counts}.").format(
            counts=_(", ").join(f"{y}: {c}" for y, c in counts.items())
        ),
    )


def pools_efficiency(case: Case) -> Outcome:
    machine = case.tables.value("machines", "hashrate_th_s", machine=MACHINE)
    rate = case.tables.year("network_daily", "hashrate_eh_s", 2021)["2021-05"].mean()
    blocks = case.tables.year("network_daily", "block_count", 2021)["2021-05"].sum()
    pool = _named_pools(case, "2021-05-01", "2021-05-01").nlargest(1, "blocks")
    alone = machine / (rate * 1e6) * blocks
    spread_alone, spread_pool = alone**-0.5, float(pool["blocks"].iloc[0]) ** -0.5
    narrower = 100 * (1 - spread_pool / spread_alone)
    readings = (
        # each hash has the same chance, whoever it is sent to: no table could say otherwise
        case.reading(
            "bound",
            0.0,
            "percent",
            threshold=0.0,
            side="over",
            label=_("gain in expected income, by construction"),
        ),
        case.reading(
            "bound",
            narrower,
            "percent",
            threshold=0.0,
            side="over",
            label=_("narrowing of its spread"),
        ),
    )
    return Outcome(
        readings,
        _(
            "Joining a pool leaves the expected income as it is, before its fee. It removes the "
            "lottery: one Antminer S19 alone would have found a block every {years} years in May "
            "2021; in the largest pool the spread of a month's income shrinks by {narrower}."
        ).format(years=number(31 / 365.25 / alone, 0), narrower=percent(narrower, 1)),
    )


def concentration(case: Case) -> Outcome:
    frame = _named_pools(case, "2016-03-01", "2021-08-01")
    by_pool = (frame["share_pct"] / 100).pow(2).groupby(frame["month"]).sum()
    top = frame.sort_values("share_pct").groupby("month").tail(5)
    top = top.groupby("month")["share_pct"].sum()
    by_province = (case.tables.all_provinces("2019-09-01", "2021-06-01") / 100).pow(2).sum(axis=1)
    asked = {"threshold": YARDSTICKS["concentrated"], "side": "over", "yardstick": True}
    readings = tuple(
        case.reading("bound", s.mean(), "index", lower=s.min(), upper=s.max(), label=n, **asked)
        for s, n in ((by_pool, _("pools")), (by_province, _("Chinese provinces")))
    )
    return Outcome(
        readings,
        _(
            "Herfindahl index, mean of the months: pools {pools} ({low} to {high}), Chinese "
            "provinces {provinces}; from {limit} on a market counts as moderately concentrated. "
            "The five largest pools held {top} of the blocks on average."
        ).format(
            pools=number(by_pool.mean(), 2),
            low=number(by_pool.min(), 2),
            high=number(by_pool.max(), 2),
            provinces=number(by_province.mean(), 2),
            limit=number(YARDSTICKS["concentrated"], 2),
            top=percent(top.mean(), 0),
        ),
    )
