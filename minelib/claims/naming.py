# SPDX-License-Identifier: MIT
"""Claims about who is who: counted and looked up in the tables of names and events."""

import pandas as pd

from minelib.catalog.names import place_name, pool_name
from minelib.claims.declared import Facts
from minelib.claims.evidence import Case, Missing
from minelib.words import current, gettext as _


def n924_ten_bodies(case: Case) -> Facts:
    """How many bodies issued the notice."""
    return {"count": len(case.tables.value("events", "bodies", event="notice_924").split(";"))}


def _firms(case):
    """The companies named; `Missing` where one is not in the table."""
    return pd.DataFrame([case.tables.row("companies", company=name) for name in case.named])


def vendors_make(case: Case) -> Facts:
    """Which of the firms named make machines."""
    firms = _firms(case)
    makers = firms["role"] == "maker"
    said = _(", ").join(firms.loc[makers, f"name_{current()}"]) or "–"
    return {"make": 100 * makers.mean(), "makers": said}


def vertical(case: Case) -> Facts:
    """Which of the makers named run a pool."""
    firms, pools = _firms(case)["name_en"], case.tables["pools"]
    if pools.empty:
        raise Missing.row("pools", "operator")
    operators = pools["operator"].fillna("")
    run = {
        firm: list(pools.loc[operators.str.startswith(firm.split()[0]), "pool"]) for firm in firms
    }
    said = [
        case.say("firm", firm=firm, pools=_(", ").join(map(pool_name, names)))
        for firm, names in run.items()
        if names
    ]
    return {
        "each": 100 * len(said) / len(run),
        "any": 100.0 * bool(said),
        "said": _(", ").join(said) or "–",
    }


def product(case: Case) -> Facts:
    """Whether a machine comes from the firms named, and whether from a maker at all."""
    (machine,) = case.named
    row = case.tables.row("machine_names", machine_name=machine)
    maker = case.tables.row("companies", company=row["maker"])
    firms = case.tables.value("claims", "named", claim="vendors_called_mines").split(";")
    name = f"name_{current()}"
    return {
        "own": 100.0 * (row["maker"] in firms),
        "any": 100.0 * (maker["role"] == "maker"),
        "machine": row[name],
        "maker": maker[name],
    }


def gloss(case: Case) -> Facts:
    """Which pool carries the first character of the words in its name: is it the one named?"""
    character, (claimed,) = case.words[0], case.named
    pools = case.tables["pools"].set_index("pool")["name_zh"].dropna()
    known = pools.index[pools.str.contains(character, regex=False)]
    if claimed not in pools.index or known.empty:
        raise Missing.row("pools", claimed)
    return {
        "same": 100.0 * (claimed in known),
        "character": character,
        "found": pool_name(known[0], "en"),
        "chinese": pools[known[0]],
        "claimed": pool_name(claimed, "en"),
        "called": pools[claimed],
    }


def tx_microstrategy(case: Case) -> Facts:
    """Whether MicroStrategy mines, and whether it is Chinese."""
    row = case.tables.row("companies", company=case.named[0])
    role = row["role"]
    traits = [role in ("miner", "maker", "hosting", "pool"), row["country"] == "china"]
    return {
        **({} if any(traits) else {"says": case.declared["words"]["neither"]}),
        "traits": 100.0 * sum(traits) / len(traits),
        "company": row[f"name_{current()}"],
        "role": case.say(role) if role in ("holder", "miner") else role,
        "country": place_name(row["country"]),
    }
