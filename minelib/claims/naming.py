# SPDX-License-Identifier: MIT
"""Claims about who is who: counted and looked up in the tables of names and events."""

from minelib.catalog.names import place_name, pool_name
from minelib.claims.evidence import Case, Missing, outcome
from minelib.claims.rules import Outcome
from minelib.words import gettext as _


def n924_ten_bodies(case: Case) -> Outcome:
    """How many bodies issued the notice."""
    bodies = case.tables.value("events", "issuing_bodies_en", event="notice_924").split("; ")
    return outcome(
        _("The notice names {count} bodies as its issuers."),
        case.claimed(len(bodies), "bodies"),
        count=len(bodies),
    )


def _gloss(case, character, claimed):
    """Which pool carries the Chinese character in its name, and is it the one claimed?"""
    pools = case.tables["pools"].set_index("pool")["name_zh"].dropna()
    known = pools.index[pools.str.contains(character, regex=False)]
    if claimed not in pools.index or known.empty:
        raise Missing(_("Table {table} has no row {row}."), table="pools", row=claimed)
    return outcome(
        _(
            "The pool with “{character}” in its Chinese name is {found} ({chinese}); {claimed} is "
            "called {called} in Chinese."
        ),
        case.reading("named", 100.0 * (claimed in known)),
        character=character,
        found=pool_name(known[0], "en"),
        chinese=pool_name(known[0], "zh"),
        claimed=pool_name(claimed, "en"),
        called=pool_name(claimed, "zh"),
    )


def pool_yichi_f2pool(case: Case) -> Outcome:
    """Which pool is named after the ant."""
    return _gloss(case, "蚁", "f2pool")


def pool_yuchi_bw(case: Case) -> Outcome:
    """Which pool is named after the fish."""
    return _gloss(case, "鱼", "bw")


def tx_microstrategy(case: Case) -> Outcome:
    """Whether MicroStrategy mines, and whether it is Chinese."""
    row = case.tables.row("companies", company="microstrategy")
    traits = [row["role"] in ("miner", "maker", "hosting", "pool"), row["country"] == "china"]
    roles = {"holder": _("a company that holds bitcoin"), "miner": _("a miner")}
    return outcome(
        _("{company} is {role} ({country}).")
        if any(traits)
        else _("{company} is {role} ({country}): neither a mining firm nor Chinese."),
        case.reading("named", 100.0 * sum(traits) / len(traits)),
        company=row["name_en"],
        role=roles.get(row["role"], row["role"]),
        country=place_name(row["country"]),
    )
