# SPDX-License-Identifier: MIT
"""Machines and megawatts of single statements, put into hash rate and beside the map."""

from typing import Any

import numpy as np
import pandas as pd

from minelib.catalog import load
from minelib.catalog.columns import vocabulary
from minelib.catalog.names import place_name
from minelib.checks.door import Day
from minelib.geography.maps import covered_month
from minelib.geography.stories import extremes, published
from minelib.words import gettext as _, month as month_text

__all__ = ["COMPARISONS", "efficiency", "hash_rate_per_machine"]

COMPARISONS = vocabulary("comparison")
_FLOWS = ("machines_leaving", "machines_stored", "machines_arriving", "machines_traced")
_LEVELS = ("power_total", "power_legal", "power_illegal", "capacity_estimate")
_PARTS = ("power_legal", "power_illegal", "capacity_estimate")  # of a whole nobody stated
_MAP = ("map_lower_eh_s", "map_best_eh_s", "map_upper_eh_s")
_MARGIN = ("margin_lower_eh_s", "margin_upper_eh_s")
_CHINA = "china"
_OLD, _NEW = "bitmain_antminer_s9", "bitmain_antminer_s19_pro"


def hash_rate_per_machine() -> dict[str, float]:
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
    best = float(ratios.median())
    found = {"lower": float(plates[_OLD]), "best": best, "upper": float(plates[_NEW])}
    return found | {"statements": len(ratios)}


def efficiency(month: Day) -> dict[str, float]:
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
    hash_rate = published("hashrate_eh_s")
    month = covered_month(month, hash_rate.index)
    power = load("index_reference").set_index("month")["best_twh"][month] / 8766 * 1e6  # MW
    best = power / hash_rate.loc[month].sum()  # MW over EH/s is J/TH
    plates = load("machines").set_index("machine")["efficiency_j_th"]
    return {"lower": float(plates[_NEW]), "best": float(best), "upper": float(plates[_OLD])}


def compare(flows: Any) -> pd.DataFrame:
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
    low, high = extremes()
    last_day = pd.offsets.MonthEnd()
    flowing = told["kind"].isin(_FLOWS)
    flowing &= told["date"].between(flows.from_month, flows.to_month + last_day)
    standing = told["kind"].isin(_LEVELS) & told["metric"].isin(["power", "machines"])
    standing &= told["date"].between(low.index[0], low.index[-1] + last_day)
    standing &= told["place"].isin(low.columns)
    told = pd.concat([told[flowing], told[standing]], ignore_index=True)
    told["month"] = told["date"].dt.to_period("M").dt.to_timestamp()
    beside = [
        _cell(flows, row) if row["kind"] in _FLOWS else _level(row, low, high)
        for row in told.to_dict("records")
    ]
    said = pd.DataFrame(_in_hash_rate(told), columns=["lower_eh_s", "best_eh_s", "upper_eh_s"])
    open_end = (told["qualifier"] == "at_least") | told["kind"].isin(_PARTS)
    said["upper_eh_s"] = said["upper_eh_s"].mask(open_end, np.inf)
    said["lower_eh_s"] = said["lower_eh_s"].mask(told["qualifier"] == "at_most", 0.0)
    on_map = pd.DataFrame(beside, columns=["beside", *_MAP, *_MARGIN])

    def meets(low, high):
        return (said["lower_eh_s"] <= on_map[high]) & (said["upper_eh_s"] >= on_map[low])

    kept = ["date", "place", "kind", "value", "unit", "qualifier", "entity"]
    frame = pd.concat([told[kept], said, on_map], axis=1)
    agreed = [meets(_MAP[0], _MAP[2]), meets(*_MARGIN)]
    frame["comparison"] = np.select(agreed, ["agrees", "needs_swaps"], "contradicts")
    frame = frame.join(told[["publisher", "confidence"]])
    return frame.sort_values(["date", "place"], ignore_index=True)


def _cell(flows, row):
    """The sum of cells a statement about moving machines speaks of, with what to call it."""
    table = flows.table()
    table = table[table["origin"] == _CHINA]
    moved = table["kind"] == "move"
    if row["kind"] in ("machines_leaving", "machines_traced"):
        ends = flows.unknowns().set_index("unknown").loc["moved"]
        most = min(ends["upper_eh_s"], flows.loss_eh_s)
        loss = flows.margins().set_index("place").loc[_CHINA, "from_eh_s"]
        best = table.loc[moved, "best_eh_s"].sum()
        return _("moved from China to anywhere"), 0.0, best, most, 0.0, loss
    if row["kind"] == "machines_stored":
        wanted, words = table["kind"] == "off", _("switched off in China")
    else:
        wanted = moved & (table["destination"] == row["place"])
        words = _("moved from China to {place}").format(place=place_name(row["place"]))
    bounds = ["lower_eh_s", "best_eh_s", "upper_eh_s", *_MARGIN]
    return words, *table.loc[wanted, bounds].sum().tolist()


def _level(row, low, high):
    """The hash rate of a place in a month, with what to call it."""
    month, place = row["month"], row["place"]
    of_month = published("hashrate_eh_s").loc[month]
    lower, upper = (w.loc[month, place] / 100 * of_month.sum() for w in (low, high))
    said = {"place": place_name(place), "month": month_text(month)}
    words = _("hash rate of {place}, {month}").format(**said)
    return words, lower, of_month[place], upper, lower, upper


def _in_hash_rate(told):
    """Machines and megawatts of statements as hash rate in EH/s: lowest, best, highest."""
    each = hash_rate_per_machine()
    for row in told.itertuples():
        slack = _half_digit(row.value) if row.qualifier == "about" else 0.0
        if row.metric == "machines":
            units = [each[k] / 1e6 for k in ("lower", "best", "upper")]
        else:
            used = efficiency(row.month)
            units = [1 / used[k] for k in ("upper", "best", "lower")]
        values = (row.value - slack, row.value, row.value + slack)
        yield [value * unit for value, unit in zip(values, units, strict=True)]


def _half_digit(value):
    """Half a unit of the last digit of a round figure: 50 for 600, 5,000 for 250,000."""
    unit = 1
    while value % (unit * 10) == 0:
        unit *= 10
    return unit / 2
