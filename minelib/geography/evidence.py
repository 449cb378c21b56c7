# SPDX-License-Identifier: MIT
"""Machines and megawatts of single statements, put into hash rate and beside the map."""

import pandas as pd

from minelib.catalog import load
from minelib.catalog.names import place_name
from minelib.geography.stories import extremes
from minelib.words import N_
from minelib.words import gettext as _
from minelib.words import month as month_text

__all__ = ["COMPARISONS", "efficiency", "hash_rate_per_machine"]

COMPARISONS = {
    "agrees": N_("agrees"),
    "needs_swaps": N_("only if machines were also replaced"),
    "contradicts": N_("does not agree"),
}
_FLOWS = ("machines_leaving", "machines_stored", "machines_arriving", "machines_traced")
_LEVELS = ("power_total", "power_legal", "power_illegal", "capacity_estimate")
_PARTS = ("power_legal", "power_illegal", "capacity_estimate")  # of a whole nobody stated
_CHINA = "china"
_OLD, _NEW = "bitmain_antminer_s9", "bitmain_antminer_s19_pro"


def hash_rate_per_machine():
    """Hash rate of a machine of 2021 in TH/s.

    Returns
    -------
    dict
        ``lower``, ``upper``: nameplates of the commonest old machine (Antminer S9) and of the
        best of the time (S19 Pro); ``best``: the median of the statements of 2021 that give
        both machines and hash rate; ``statements``: how many these are. In TH/s.

    Examples
    --------
    >>> found = hash_rate_per_machine()
    >>> found["lower"] < found["best"] < found["upper"]
    True
    """
    told = load("relocation_evidence")
    told = told[(told["kind"] == "company_move") & told["metric"].isin(["machines", "hash_rate"])]
    pairs = told.pivot(index=["date", "place"], columns="metric", values="value").dropna()
    moved = pairs["hash_rate"] / pairs["machines"]
    listed = load("listed_miners")
    listed = listed[listed["machines"].notna() & (listed["date"].dt.year == 2021)]
    owned = listed["hashrate_eh_s"] / listed["machines"].astype("float64")
    ratios = pd.concat([moved, owned]) * 1e6  # EH/s a machine to TH/s
    plates = load("machines").set_index("machine")["hashrate_th_s"]
    return {
        "lower": float(plates[_OLD]),
        "best": float(ratios.median()),
        "upper": float(plates[_NEW]),
        "statements": len(ratios),
    }


def efficiency(month):
    """Efficiency of machines in J/TH in one month.

    Parameters
    ----------
    month : str or date
        Month of the mining map.

    Returns
    -------
    dict
        ``lower``, ``upper``: nameplates of the best machine of 2021 (Antminer S19 Pro) and of
        the commonest old one (S9), cooling not counted; ``best``: the network, cooling
        included, by the best guess of the published electricity index over the map's network
        hash rate. In J/TH.

    Examples
    --------
    >>> found = efficiency("2021-11")
    >>> found["lower"] < found["best"] < found["upper"]
    True
    """
    plates = load("machines").set_index("machine")["efficiency_j_th"]
    first = pd.Timestamp(month)
    energy = load("index_reference").set_index("month")["best_twh"][first]
    table = load("country_share")
    network = table.loc[table["month"] == first, "hashrate_eh_s"].sum()
    hours = 8766  # in a mean year; MW over EH/s is J/TH
    best = energy / hours * 1e6 / network
    return {"lower": float(plates[_NEW]), "best": float(best), "upper": float(plates[_OLD])}


def compare(flows):
    """Every statement that can be set beside the map, in EH/s, and whether the two agree.

    Parameters
    ----------
    flows : minelib.geography.Flows

    Returns
    -------
    pandas.DataFrame
        ``date``, ``place``, ``kind``, ``value``, ``unit``, ``qualifier``, ``entity``;
        ``lower_eh_s``, ``best_eh_s``, ``upper_eh_s`` (the statement in hash rate; an open end
        is infinite or zero, and a figure that is "about" has half a unit of its last digit of
        room); ``beside`` (what it is set against, a sentence part);
        ``map_lower_eh_s``, ``map_best_eh_s``, ``map_upper_eh_s``; ``margin_lower_eh_s``,
        ``margin_upper_eh_s`` (nothing assumed); ``comparison`` (key of `COMPARISONS`);
        ``publisher``, ``confidence``. Machines moving are set beside the cells of the table,
        loads and capacities beside the hash rate of the place in that month.
    """
    told = load("relocation_evidence")
    flowing = told[
        told["kind"].isin(_FLOWS)
        & told["date"].between(flows.from_month, flows.to_month + pd.offsets.MonthEnd())
    ]
    low, high = extremes()
    months = low.index
    standing = told[
        told["kind"].isin(_LEVELS)
        & told["metric"].isin(["power", "machines"])
        & told["date"].between(months[0], months[-1] + pd.offsets.MonthEnd())
        & told["place"].isin(low.columns)
    ]
    rows = [_row(r, *_cell(flows, r)) for r in flowing.to_dict("records")]
    rows += [_row(r, *_level(r, low, high)) for r in standing.to_dict("records")]
    rows = [r for r in rows if r is not None]
    return pd.DataFrame(rows).sort_values(["date", "place"], ignore_index=True)


def _cell(flows, row):
    """The sum of cells a statement about moving machines speaks of, with what to call it."""
    table = flows.table()
    from_china = table["origin"] == _CHINA
    moved = from_china & (table["kind"] == "move")
    place = row["place"]
    if row["kind"] == "machines_stored":
        wanted, words = from_china & (table["kind"] == "off"), _("switched off in China")
    elif row["kind"] == "machines_arriving":
        wanted = moved & (table["destination"] == place)
        words = _("moved from China to {place}").format(place=place_name(place))
    else:
        wanted, words = moved, _("moved from China to anywhere")
    cells = table[wanted]
    if row["kind"] in ("machines_leaving", "machines_traced"):
        ends = flows.unknowns().set_index("unknown").loc["moved"]
        best = cells["best_eh_s"].sum()
        most = min(ends["upper_eh_s"], flows.loss_eh_s)
        loss = flows.margins().set_index("place").loc[_CHINA, "from_eh_s"]
        return words, 0.0, best, most, 0.0, loss
    sums = cells[
        ["lower_eh_s", "best_eh_s", "upper_eh_s", "margin_lower_eh_s", "margin_upper_eh_s"]
    ].sum()
    return words, *sums.tolist()


def _level(row, low, high):
    month = row["date"].to_period("M").to_timestamp()
    table = load("country_share")
    of_month = table[table["month"] == month].set_index("place")["hashrate_eh_s"]
    network, place = of_month.sum(), row["place"]
    lower, upper = (w.loc[month, place] / 100 * network for w in (low, high))
    words = _("hash rate of {place}, {month}").format(
        place=place_name(place), month=month_text(month)
    )
    return words, lower, of_month[place], upper, lower, upper


def _row(row, words, lower, best, upper, margin_lower, margin_upper):
    value = row["value"]
    slack = _half_digit(value) if row["qualifier"] == "about" else 0.0
    values = (value - slack, value, value + slack)
    if row["metric"] == "machines":
        each = hash_rate_per_machine()
        units = [each[k] / 1e6 for k in ("lower", "best", "upper")]
    else:
        used = efficiency(row["date"].to_period("M").to_timestamp())
        units = [1 / used[k] for k in ("upper", "best", "lower")]
    told = [v * u for v, u in zip(values, units, strict=True)]
    if row["qualifier"] == "at_least" or row["kind"] in _PARTS:
        told[2] = float("inf")
    if row["qualifier"] == "at_most":
        told[0] = 0.0

    def meets(a, b):
        return told[0] <= b and told[2] >= a

    comparison = (
        "agrees"
        if meets(lower, upper)
        else "needs_swaps"
        if meets(margin_lower, margin_upper)
        else "contradicts"
    )
    kept = ("date", "place", "kind", "value", "unit", "qualifier", "entity")
    return {
        **{k: row[k] for k in kept},
        "lower_eh_s": told[0],
        "best_eh_s": told[1],
        "upper_eh_s": told[2],
        "beside": words,
        "map_lower_eh_s": lower,
        "map_best_eh_s": best,
        "map_upper_eh_s": upper,
        "margin_lower_eh_s": margin_lower,
        "margin_upper_eh_s": margin_upper,
        "comparison": comparison,
        "publisher": row["publisher"],
        "confidence": row["confidence"],
    }


def _half_digit(value):
    """Half a unit of the last digit of a round figure: 50 for 600, 5,000 for 250,000."""
    unit = 1
    while value % (unit * 10) == 0:
        unit *= 10
    return unit / 2
