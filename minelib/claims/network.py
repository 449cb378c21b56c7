# SPDX-License-Identifier: MIT
"""Claims about the network: what the notice changed, and how pools share the blocks."""

import numpy as np
import pandas as pd

from minelib import words
from minelib.claims.evidence import Case, Missing, outcome
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
        sentence = _("Table {table} lacks months of {year}.")
        raise Missing(sentence, table="difficulty_epochs", year=2021)
    change = np.log1p(epochs.set_index("start_date")["change_pct"] / 100)
    return -change[change < 0]


def _after(falls, notice):
    return 100 * falls[falls.index >= notice].sum() / falls.sum()


def exit_caused_by_924(case: Case) -> Outcome:
    """What part of China's loss, and of the fall of the difficulty, came after the notices."""
    notice = case.tables.event_day("notices_published")
    shares = case.tables.shares("china", "2021-04-01", "2022-01-01")
    start, end = shares.iloc[0], shares.iloc[-1]
    lost = start - end
    after = 100 * (shares[notice.replace(day=1)] - end) / lost if lost > 0 else 0.0
    difficulty = _after(_falls(case), notice)
    return outcome(
        _(
            "Of the share China lost between April 2021 ({start}) and January 2022 ({end}), "
            "{after} was lost after the notices of {notice}. The last provincial order of the "
            "summer, in Anhui, came {days} days before them."
        ),
        case.reading("after", after, label=_("loss of China's share")),
        case.reading("after", difficulty, label=_("fall of the difficulty")),
        start=start,
        end=end,
        after=percent(after, 0),
        notice=words.date(notice),
        days=(notice - case.tables.event_day("anhui")).days,
    )


def turning_point_924(case: Case) -> Outcome:
    """What part of the falls of the difficulty came after the notices."""
    notice = case.tables.event_day("notices_published")
    falls = _falls(case)
    steepest, after = falls.idxmax(), _after(falls, notice)
    return outcome(
        _(
            "{after} of the falls of the difficulty in 2021 came after the notices. The steepest, "
            "{fall} on {day}, came {days} days before them, after the closures in the provinces."
        ),
        case.reading("after", after),
        after=percent(after, 0),
        fall=100 * np.expm1(-falls.max()),
        day=words.date(steepest),
        days=(notice - steepest).days,
    )


def _named_pools(case, start, end):
    frame = case.tables["pool_share"]
    frame = frame[frame["month"].between(start, end)]
    whole = frame.groupby("month")[["blocks", "share_pct"]].agg(lambda column: column.notna().all())
    for gap in pd.date_range(start, end, freq="MS").difference(whole.index[whole.all(axis=1)]):
        sentence = _("Table {table} lacks {place} in {month}.")
        raise Missing(sentence, table="pool_share", place=_("all pools"), month=gap)
    return frame[~frame["pool"].isin(UNNAMED)]


def pools_top5(case: Case) -> Outcome:
    """Pools founded in China among the five largest, by year."""
    frame = _named_pools(case, "2016-03-01", "2021-12-01")
    chinese = case.tables["pools"].set_index("pool")["chinese_founded"]
    blocks = frame.groupby([frame["month"].dt.year, "pool"])["blocks"].sum()
    top = blocks.groupby(level=0, group_keys=False).nlargest(5).reset_index()
    founded = top["pool"].map(chinese)
    for gap in top["pool"][founded.isna()]:
        sentence = _("Table {table} has no {column} where {row}.")
        raise Missing(sentence, table="pools", column="chinese_founded", row=gap)
    counts = founded.astype(int).groupby(top["month"]).sum()
    return outcome(
        _("Pools founded in China among the five largest, by year: {counts}."),
        case.reading("named", 20.0 * counts),
        counts=_(", ").join(f"{year}: {count}" for year, count in counts.items()),
    )


def pools_efficiency(case: Case) -> Outcome:
    """What a pool changes for one machine: nothing in the mean, nearly all of the spread."""
    machine = case.tables.value("machines", "hashrate_th_s", machine=MACHINE)
    rate = case.tables.year("network_daily", "hashrate_eh_s", 2021)["2021-05"].mean()
    blocks = case.tables.year("network_daily", "block_count", 2021)["2021-05"].sum()
    largest = _named_pools(case, "2021-05-01", "2021-05-01")["blocks"].nlargest(1).iloc[0]
    alone = machine / (rate * 1e6) * blocks
    narrower = 100 * (1 - float(largest) ** -0.5 / alone**-0.5)
    # each hash has the same chance, whoever it is sent to: no table could say otherwise
    gains = {
        _("gain in expected income, by construction"): 0.0,
        _("narrowing of its spread"): narrower,
    }
    return outcome(
        _(
            "Joining a pool leaves the expected income as it is, before its fee. It removes the "
            "lottery: one Antminer S19 alone would have found a block every {years} years in May "
            "2021; in the largest pool the spread of a month's income shrinks by {narrower}."
        ),
        *(case.reading("bound", g, claimed=0.0, label=n) for n, g in gains.items()),
        years=number(31 / 365.25 / alone, 0),
        narrower=narrower,
    )


def concentration(case: Case) -> Outcome:
    """Herfindahl indices of pools and of Chinese provinces."""
    pools = _named_pools(case, "2016-03-01", "2021-08-01")
    pools = pools.groupby(["month", "pool"])["share_pct"].sum().unstack()
    top = pools.apply(lambda month: month.nlargest(5).sum(), axis=1)
    by_pool = (pools / 100).pow(2).sum(axis=1)
    provinces = case.tables.all_provinces("2019-09-01", "2021-06-01")
    by_province = (provinces / 100).pow(2).sum(axis=1)
    return outcome(
        _(
            "Herfindahl index, mean of the months: pools {pools} ({low} to {high}), Chinese "
            "provinces {provinces}; from {limit} on a market counts as moderately concentrated. "
            "The five largest pools held {top} of the blocks on average."
        ),
        case.yardstick("concentrated", by_pool, "index", label=_("pools")),
        case.yardstick("concentrated", by_province, "index", label=_("Chinese provinces")),
        pools=number(by_pool.mean(), 2),
        low=number(by_pool.min(), 2),
        high=number(by_pool.max(), 2),
        provinces=number(by_province.mean(), 2),
        limit=number(YARDSTICKS["concentrated"], 2),
        top=percent(top.mean(), 0),
    )
