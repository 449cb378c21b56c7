# SPDX-License-Identifier: MIT
"""Claims about who is who: counted and looked up in the tables of names and events."""

from minelib.catalog.names import place_name, pool_name
from minelib.claims.evidence import Case, Missing
from minelib.claims.rules import Outcome
from minelib.words import gettext as _
from minelib.words import number


def n924_ten_bodies(case: Case) -> Outcome:
    bodies = case.tables.value("events", "issuing_bodies_en", event="notice_924").split("; ")
    reading = case.reading(
        "value", len(bodies), "bodies", claimed_low=case.low, claimed_high=case.high
    )
    return Outcome(
        (reading,),
        _("The notice names {count} bodies as its issuers.").format(count=number(len(bodies))),
    )


def _gloss(case, character, claimed):
    """Which pool carries the Chinese character in its name, and is it the one claimed?"""
    pools = case.tables["pools"].set_index("pool")["name_zh"].dropna()
    known = pools.index[pools.str.contains(character, regex=False)]
    if claimed not in pools.index or known.empty:
        raise Missing(_("Table {table} has no row {row}.").format(table="pools", row=claimed))
    held = 100.0 * (claimed in known)
    reading = case.reading("named", held, "percent")
    return Outcome(
        (reading,),
        _(
            "The pool with “{character}” in its Chinese name is {found} ({chinese}); {claimed} is "
            "called {called} in Chinese."
        ).format(
            character=character,
            found=pool_name(known[0], "en"),
            chinese=pool_name(known[0], "zh"),
            claimed=pool_name(claimed, "en"),
            called=pool_name(claimed, "zh"),
        ),
    )


def pool_yichi_f2pool(case: Case) -> Outcome:
    return _gloss(case, "蚁", "f2pool")


def pool_yuchi_bw(case: Case) -> Outcome:
    return _gloss(case, "鱼", "bw")


def tx_microstrategy(case: Case) -> Outcome:
    row = case.tables.row("companies", company="microstrategy")
    traits = [row["role"] in ("miner", "maker", "hosting", "pool"), row["country"] == "china"]
    held = 100.0 * sum(traits) / len(traits)
    role = {
        "holder": _("a company that holds bitcoin"),
        "miner": _("a miner"),
    }.get(row["role"], row["role"])
    words = (
        _("{company} is {role} ({country}): neither a mining firm nor Chinese.")
        if held == 0
        else _("{company} is {role} ({country}).")
    )
    evidence = words.format(company=row["name_en"], role=role, country=place_name(row["country"]))
    return Outcome((case.reading("named", held, "percent"),), evidence)
