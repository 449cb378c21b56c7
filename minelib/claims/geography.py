# SPDX-License-Identifier: MIT
"""Claims about the countries where bitcoin was mined, decided on the Cambridge mining map.

The interval of a country's share is what the publisher's own revisions allow: the largest
change of any share between two releases. For China the upper end also takes in the share
marked as redirected (Germany and Ireland), as if all of it were Chinese.
"""

import pandas as pd

from minelib.catalog.names import place_name
from minelib.claims.declared import Facts
from minelib.claims.evidence import Case, Missing, rounding, told
from minelib.words import gettext as _

MAP_START, MAP_END = "2019-09-01", "2022-01-01"
BEFORE, AFTER = "2021-04-01", "2021-08-01"  # last month before the closures; month of least


def zero_months(case: Case) -> Facts:
    """The months since May 2021 in which the map gives China nothing, as a sentence."""
    series = case.tables.series("country_share", "2021-05", MAP_END, "china")
    zero = [told("{month}", month=month) for month in series.index[series <= 0]]
    return {"zero": case.say("zero", months=_(", ").join(zero)) if zero else case.say("none")}


def us_first(case: Case) -> Facts:
    """The three largest shares of the last month, and since."""
    later, (place,) = _since(case), case.named
    facts = {"largest": case.tables.all_shares(MAP_END)[:3], "later": later[:3]}
    return facts | {"since": 1 + int((later > later[place]).sum())}


def _since(case):
    """The latest share of each place by the heat map, largest first; all that are named."""
    frame = case.tables["country_share_later"].dropna(subset=["share_pct"]).sort_values("date")
    rows = frame[frame["method"] == "pool_and_trade"].drop_duplicates("place", keep="last")
    found = rows.set_index("place")["share_pct"].sort_values(ascending=False)
    for place in case.named:
        if place not in found.index:
            raise Missing.row("country_share_later", {"place": place})
    return found


def new_hubs(case: Case) -> Facts:
    """How many of the countries named were among the largest abroad, and whether they gained."""
    shares = case.tables.all_shares(MAP_END).drop("china", errors="ignore")
    ranks = pd.Series({place: 1 + int((shares > shares[place]).sum()) for place in case.named})
    gains = _gains(case, case.named, "country_share", MAP_END)
    abroad = _since(case).drop("china", errors="ignore")
    later = pd.Series({place: 1 + int((abroad > abroad[place]).sum()) for place in case.named})
    sticks = case.sticks("largest")
    return {
        "among": {name: 100 * (ranks <= most).mean() for name, _side, most in sticks},
        "since": {
            case.say("since", stick=name): 100 * (later <= most).mean()
            for name, _side, most in sticks
        },
        "gained": 100 * (gains > 0).mean(),
        "ranks": ranks.sort_values(),
        "gains": gains,
        "later": later.sort_values(),
    }


def map_redrawn(case: Case) -> Facts:
    """How much of the hash rate changed its country, against the months before."""

    def moved(start, end):
        first, last = case.tables.all_shares(start), case.tables.all_shares(end)
        return float(last.sub(first, fill_value=0).abs().sum() / 2)

    after, revision = moved(BEFORE, MAP_END), case.tables.revision_pp()
    ends = max(0.0, after - revision), after + revision
    return {"before": moved("2020-07-01", BEFORE), "after": (after, *ends)}


def rapid_expansion(case: Case) -> Facts:
    """Growth of the hash rate in China on the map, and in the rest of the world."""
    frame = case.tables["country_share"]
    china = case.tables.series("country_hash_rate", MAP_START, BEFORE, "china")
    totals = []
    for end in (MAP_START, BEFORE):
        rates = frame.loc[frame["month"] == end, "hashrate_eh_s"]
        if rates.empty or rates.isna().any():
            raise Missing.month("country_share", _("a country"), end)
        totals.append(rates.sum())
    start, now = china.iloc[0], china.iloc[-1]
    growth, rest = 100 * (now / start - 1), 100 * ((totals[1] - now) / (totals[0] - start) - 1)
    shares = case.tables.series("country_share", MAP_START, BEFORE, "china").iloc[[0, -1]]
    error = 100 * (now / start) * float((case.tables.revision_pp() / shares).sum())
    measured = growth, growth - error, growth + error
    return {"start": start, "now": now, "growth": measured, "rest": rest}


def _gains(case, places, quantity, end=AFTER):
    series = {place: case.tables.series(quantity, BEFORE, end, place) for place in places}
    gains = pd.Series({place: s.iloc[-1] - s.iloc[0] for place, s in series.items()})
    return gains.sort_values(ascending=False)


def moved_abroad(case: Case) -> Facts:
    """Which of the countries named gained hash rate, with and without one's own ban; and tallies.

    A country that itself forbade mining in these months says nothing of where the Chinese
    machines wanted to go.
    """
    gains = _gains(case, case.named, "country_hash_rate")
    events = case.tables["events"]
    bans = events[events["event"].isin(case.events) & (events["category"] == "policy")]
    banned = set(bans.loc[bans["date"].between(BEFORE, AFTER), "country"])
    free = gains[~gains.index.isin(banned)]
    tally = case.tables["relocation_evidence"]
    tally = tally[(tally["kind"] == "machines_arriving") & tally["place"].isin(case.named)]
    if free.empty or tally.empty or events.empty:
        table = "events" if events.empty else "relocation_evidence"
        raise Missing.row(table, ", ".join(case.named))
    counted = tally.set_index("place")["value"].sort_values(ascending=False)
    return {
        "free": 100 * (free > 0).mean(),
        "machines": 100 * len(counted) / len(gains),
        "gains": gains,
        "stopped": _(", ").join(place_name(p) for p in gains.index if p in banned) or "–",
        "counted": counted,
    }


def part_abroad(case: Case) -> Facts:
    """The machines traced abroad, of those that left."""
    left, traced = (
        float(case.tables.value("relocation_evidence", "value", kind=kind))
        for kind in ("machines_leaving", "machines_traced")
    )
    low = 100 * (traced - rounding(traced)) / (left + rounding(left))
    high = 100 * (traced + rounding(traced)) / (left - rounding(left))
    return {"left": left, "traced": traced, "share": (100 * traced / left, low, high)}


def kz_first_choice(case: Case) -> Facts:
    """The rank of Kazakhstan among those who gained, by three measures."""
    places = case.tables.all_shares(BEFORE).index.drop("china", errors="ignore")
    rows = case.tables["relocation_evidence"]
    rows = rows[rows["kind"] == "machines_arriving"].dropna(subset=["value"])
    if not set(case.named) <= set(rows["place"]):
        row = ", ".join(("kind = machines_arriving", *case.named))
        raise Missing.row("relocation_evidence", row)
    tally = rows.set_index("place")["value"].sort_values(ascending=False)
    by_share, by_rate = (
        _gains(case, places, quantity) for quantity in ("country_share", "country_hash_rate")
    )
    (named,) = case.named
    ranks = (1 + list(each.index).index(named) for each in (by_share, by_rate, tally))
    found = dict(zip(("rank", "by_rate", "tallied"), ranks, strict=True))
    return {"gains": by_share[:3], "tally": tally, **found}
