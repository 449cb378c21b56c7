# SPDX-License-Identifier: MIT
"""Claims about the network: what the notice changed, and how pools share the blocks."""

from itertools import product

import numpy as np
import pandas as pd

from minelib.catalog.names import place_name
from minelib.claims.declared import Facts
from minelib.claims.evidence import Case, Missing
from minelib.words import gettext as _

UNNAMED = ("unknown", "unlabelled", "other")
MACHINE = "bitmain_antminer_s19"
EPOCH = 2016  # blocks
Z95 = 1.959964
MONTH = "2021-05"


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
    """The part of the falls after a day, in percent, with its 95% interval.

    The time of an epoch of 2,016 blocks is known to one part in their square root: by so much,
    in logarithms, each fall may be chance.
    """
    late = falls[falls.index >= notice]
    noise = Z95 * np.sqrt(max(1, len(late)) / EPOCH)
    parts = np.array([late.sum(), late.sum() - noise, late.sum() + noise]) / falls.sum()
    return tuple(100 * parts.clip(0, 1))


def _last_order(case, start, end):
    """The last act of a province, no draft, from one event and before another: its row."""
    events = case.tables["events"]
    first, last = (case.tables.event_day(event) for event in (start, end))
    acts = events[(events["country"] == "china") & (events["government"] == "provincial")]
    acts = acts[(acts["act"] != "draft") & (acts["date"] >= first) & (acts["date"] < last)]
    if acts.empty:
        raise Missing.row("events", f"{start} – {end}")
    return acts.sort_values("date").iloc[-1]


def exit_caused_by_924(case: Case) -> Facts:
    """What part of China's loss, and of the fall of the difficulty, came after the notices."""
    notice = case.tables.event_day("notices_published")
    shares = case.tables.series("country_share", "2021-04", "2022-01", "china")
    start, end = shares.iloc[0], shares.iloc[-1]
    revision = case.tables.revision_pp()

    def part(first, then, last):
        return 100 * np.clip((then - last) / (first - last), 0, 1) if first > last else 0.0

    ends = (start, shares[notice.replace(day=1)], end)
    shifts = product((-revision, 0.0, revision), repeat=3)
    corners = [part(*(e + s for e, s in zip(ends, shift, strict=True))) for shift in shifts]
    order = _last_order(case, "fsdc51", "notices_published")
    return {
        "after": (part(*ends), min(corners), max(corners)),
        "falls": _after(_falls(case), notice),
        "start": start,
        "end": end,
        "notice": notice,
        "place": place_name(order["place"]),
        "day": order["date"],
        "days": (notice - order["date"]).days,
    }


def turning_point_924(case: Case) -> Facts:
    """What part of the falls of the difficulty came after the notices."""
    notice = case.tables.event_day("notices_published")
    falls = _falls(case)
    steepest = falls.idxmax()
    return {
        "after": _after(falls, notice),
        "fall": 100 * np.expm1(-falls.max()),
        "day": steepest,
        "days": (notice - steepest).days,
    }


def _named_pools(case, start, end):
    frame = case.tables["pool_share"]
    frame = frame[frame["month"].between(start, end)]
    whole = frame.groupby("month")[["blocks", "share_pct"]].agg(lambda column: column.notna().all())
    for gap in pd.date_range(start, end, freq="MS").difference(whole.index[whole.all(axis=1)]):
        raise Missing.month("pool_share", _("all pools"), gap)
    return frame[~frame["pool"].isin(UNNAMED)]


def pools_top5(case: Case) -> Facts:
    """Pools founded in China among the five largest, by year."""
    frame, pools = _named_pools(case, "2016-03", "2021-12"), case.tables["pools"].set_index("pool")
    blocks = frame.groupby([frame["month"].dt.year, "pool"])["blocks"].sum()
    top = blocks.groupby(level=0, group_keys=False).nlargest(5).reset_index()
    founded = top["pool"].map(pools["chinese_founded"])
    for gap in top["pool"][founded.isna()]:
        sentence = _("Table {table} has no {column} where {row}.")
        raise Missing(sentence, table="pools", column="chinese_founded", row=gap)
    at_home = top["pool"].map(pools["home_country"]) == "china"
    facts: Facts = {}
    flags = ("founded", "counts", founded.astype(bool)), ("home", "based", at_home)
    for name, said, flag in flags:
        each = flag.astype(int).groupby(top["month"]).sum()
        facts[name] = 20.0 * each.mean(), 20.0 * each.min(), 20.0 * each.max()
        facts[said] = _(", ").join(f"{year}: {count}" for year, count in each.items())
    return facts


def pools_efficiency(case: Case) -> Facts:
    """What a pool changes for one machine: nothing in the mean, nearly all of the spread."""
    machine = case.tables.value("machines", "hashrate_th_s", machine=MACHINE)
    rate = case.tables.series("hash_rate", MONTH).mean()
    blocks = case.tables.series("blocks", MONTH).sum()
    largest = _named_pools(case, MONTH, MONTH)["blocks"].nlargest(1).iloc[0]
    alone = machine / (rate * 1e6) * blocks
    # the blocks of a month are a Poisson number
    narrower = (
        100 * (1 - float(n) ** -0.5 / alone**-0.5)
        for n in largest + Z95 * np.sqrt(largest) * np.array([0, -1, 1])
    )
    return {"gain": 0.0, "narrower": tuple(narrower), "years": 31 / 365.25 / alone}


def concentration(case: Case) -> Facts:
    """Herfindahl indices of pools and of Chinese provinces, and the largest pools."""
    pools = _named_pools(case, "2016-03", "2021-08")
    pools = pools.groupby(["month", "pool"])["share_pct"].sum().unstack()
    largest = -np.sort(-pools.fillna(0).to_numpy())
    provinces = case.tables.all_provinces("2019-09", "2021-06")
    found = {f"top{n}": pd.Series(largest[:, :n].sum(axis=1)) for n in (3, 4, 5)}
    for name, frame in (("pools", pools), ("provinces", provinces)):
        found[name] = (frame / 100).pow(2).sum(axis=1)
    facts: Facts = {name: (each.mean(), each.min(), each.max()) for name, each in found.items()}
    return facts | {"low": found["pools"].min(), "high": found["pools"].max()}
