# SPDX-License-Identifier: MIT
"""Claims about where bitcoin was mined, decided on the Cambridge mining map.

The interval of a country's share is what the publisher's own revisions allow: the largest
change of any share between two releases. For China the upper end also takes in the share
marked as redirected (Germany and Ireland), as if all of it were Chinese.
"""

import pandas as pd

from minelib import words
from minelib.catalog.names import place_name
from minelib.claims.evidence import Case, Missing
from minelib.claims.rules import YARDSTICKS, Outcome
from minelib.words import gettext as _
from minelib.words import number, percent

MAP_START, MAP_END = "2019-09-01", "2022-01-01"
BEFORE, AFTER = "2021-04-01", "2021-08-01"  # last month before the closures; month of least
UNIT = "percent"


def _span(case, place, month, share):
    revision = case.tables.revision_pp()
    redirected = case.tables.flagged([month]).iloc[0] if place == "china" else 0.0
    return {"lower": max(0.0, share - revision), "upper": share + revision + redirected}


def _in_month(case, place, month):
    return case.tables.shares(place, month, month).iloc[0]


def _extreme(case, series, place, least=False):
    month = series.idxmin() if least else series.idxmax()
    return month, series[month], _span(case, place, month, series[month])


def cn_share_once_70(case: Case) -> Outcome:
    series = case.tables.shares("china", MAP_START, MAP_END)
    month, share, span = _extreme(case, series, "china")
    reading = case.reading("bound", share, UNIT, threshold=case.low, side="over", **span)
    above = series[series > case.low]
    evidence = _(
        "The highest month on the map is {month}, the first: {share}. {count} of {all} months "
        "lie above {claimed}."
    ).format(
        month=words.month(month),
        share=percent(share, 2),
        count=len(above),
        all=len(series),
        claimed=percent(case.low, 0),
    )
    if len(above):
        last = _("The last of them is {month}.").format(month=words.month(above.index[-1]))
        evidence = _joined(evidence, last)
    return Outcome((reading,), evidence)


def cn_share_may2021_70(case: Case) -> Outcome:
    series = case.tables.shares("china", "2021-04-01", "2021-05-01")
    month, share = series.index[-1], series.iloc[-1]
    span = _span(case, "china", month, share)
    reading = case.reading("bound", share, UNIT, threshold=case.low, side="over", **span)
    return Outcome(
        (reading,),
        _(
            "The map gives China {april} in April and {may} in May 2021; with all traffic marked "
            "as redirected counted as Chinese, at most {upper}."
        ).format(
            april=percent(series.iloc[0], 1), may=percent(share, 1), upper=percent(span["upper"], 1)
        ),
    )


def cn_share_2022_10(case: Case) -> Outcome:
    month = pd.Timestamp("2022-01-01")
    share = _in_month(case, "china", month)
    span = _span(case, "china", month, share)
    reading = case.reading("bound", share, UNIT, threshold=case.high, side="under", **span)
    return Outcome(
        (reading,),
        _("In January 2022, the last month of the map, China stands at {share}. {zero}").format(
            share=percent(share, 1), zero=_zero_months(case)
        ),
    )


def _zero_months(case):
    series = case.tables.shares("china", "2021-05-01", MAP_END)
    zero = series.index[series <= 0]
    if not len(zero):
        return _("No month of the map gives zero.")
    return _("The map gives zero for: {months}.").format(
        months=_(", ").join(words.month(m) for m in zero)
    )


def _after_notice(case):
    series = case.tables.shares("china", "2021-10-01", MAP_END)
    return series, {"lower": series.min(), "upper": series.max()}


def cn_exit_complete(case: Case) -> Outcome:
    series, span = _after_notice(case)
    ranks = [
        1 + int((case.tables.all_shares(m).drop("china") > s).sum()) for m, s in series.items()
    ]
    first = case.reading("zero", series.mean(), UNIT, label=_("share after the notice"), **span)
    second = case.reading(
        "bound",
        ranks[-1],
        "rank",
        threshold=YARDSTICKS["main_stage_rank"],
        side="over",
        yardstick=True,
        lower=min(ranks),
        upper=max(ranks),
        label=_("no longer among the three largest"),
    )
    return Outcome(
        (first, second),
        _(
            "From October 2021 to January 2022, after the notice, the map still shows {mean} on "
            "average ({low} to {high}), and China as number {rank} in January 2022."
        ).format(
            mean=percent(series.mean(), 1),
            low=percent(series.min(), 1),
            high=percent(series.max(), 1),
            rank=ranks[-1],
        ),
    )


def mining_zeroed(case: Case) -> Outcome:
    series, span = _after_notice(case)
    reading = case.reading("zero", series.mean(), UNIT, **span)
    raid = case.tables.event_day("xinjiang_2025")
    return Outcome(
        (reading,),
        _(
            "From October 2021 to January 2022 the map shows {mean} on average. {zero} As late as "
            "{raid} mines were shut down in Xinjiang."
        ).format(mean=percent(series.mean(), 1), zero=_zero_months(case), raid=words.month(raid)),
    )


def went_underground(case: Case) -> Outcome:
    series, span = _after_notice(case)
    reading = case.reading(
        "bound",
        series.mean(),
        UNIT,
        threshold=YARDSTICKS["some_pct"],
        side="over",
        yardstick=True,
        **span,
    )
    return Outcome(
        (reading,),
        _(
            "After the notice, with mining forbidden, the map still locates {mean} of the hash "
            "rate in China (October 2021 to January 2022). What shows there had gone covert."
        ).format(mean=percent(series.mean(), 1)),
    )


def us_below_10_2021(case: Case) -> Outcome:
    series = case.tables.shares("usa", "2021-01-01", "2021-12-01")
    month, share, span = _extreme(case, series, "usa", least=True)
    asked = {"threshold": case.high, "side": "under"}
    lowest = case.reading("bound", share, UNIT, label=_("lowest month of 2021"), **asked, **span)
    mean = case.reading("bound", series.mean(), UNIT, label=_("mean of 2021"), **asked)
    earlier = case.tables.shares("usa", MAP_START, "2020-12-01")
    below = earlier[earlier < case.high]
    evidence = _(
        "The lowest month of 2021 is {month} with {share}; the mean of the year is {mean}."
    ).format(month=words.month(month), share=percent(share, 1), mean=percent(series.mean(), 1))
    if len(below):
        last = _("The last month below {claimed} was {month}.").format(
            claimed=percent(case.high, 0), month=words.month(below.index[-1])
        )
        evidence = _joined(evidence, last)
    return Outcome((lowest, mean), evidence)


def us_38(case: Case) -> Outcome:
    month = pd.Timestamp("2022-01-01")
    share = _in_month(case, "usa", month)
    rank = 1 + int((case.tables.all_shares(month).drop("usa") > share).sum())
    first = case.reading(
        "value",
        share,
        UNIT,
        claimed_low=case.low,
        claimed_high=case.high,
        label=_("share in January 2022"),
        **_span(case, "usa", month, share),
    )
    second = case.reading("rank", rank, "rank", rank=1, label=_("rank in January 2022"))
    return Outcome(
        (first, second),
        _("In January 2022 the map gives the United States {share} and rank {rank}.").format(
            share=percent(share, 2), rank=rank
        ),
    )


def new_hubs(case: Case) -> Outcome:
    named = {"kazakhstan", "usa", "russia"}
    held = {}
    for month in pd.date_range("2021-07-01", MAP_END, freq="MS"):
        abroad = case.tables.all_shares(month).drop("china", errors="ignore")
        held[month] = 100 * len(named & set(abroad.index[:3])) / len(named)
    held = pd.Series(held)
    last = case.tables.all_shares(MAP_END).drop("china", errors="ignore")
    reading = case.reading("named", held.mean(), UNIT, lower=held.min(), upper=held.max())
    return Outcome(
        (reading,),
        _(
            "Of the three countries named, on average {held} were among the three largest outside "
            "China from July 2021 to January 2022; all three in {full} of {all} months. The three "
            "largest in January 2022: {last}."
        ).format(
            held=percent(held.mean(), 0),
            full=int((held > 99.9).sum()),
            all=len(held),
            last=_list(f"{place_name(p)} {percent(s, 1)}" for p, s in last.iloc[:3].items()),
        ),
    )


def _gains(case, places, column):
    gains = {}
    for place in places:
        series = case.tables.shares(place, BEFORE, AFTER, column)
        gains[place] = series.iloc[-1] - series.iloc[0]
    return pd.Series(gains).sort_values(ascending=False)


def moved_abroad(case: Case) -> Outcome:
    gains = _gains(case, ("kazakhstan", "iran", "usa"), "hashrate_eh_s")
    held = 100 * (gains > 0).mean()
    reading = case.reading("named", held, UNIT)
    return Outcome(
        (reading,),
        _(
            "Change of hash rate from April to August 2021: {gains}. {held} of the countries named "
            "gained."
        ).format(
            gains=_list(
                f"{place_name(p)} {number(g, 1, signed=True)} EH/s" for p, g in gains.items()
            ),
            held=percent(held, 0),
        ),
    )


def kz_first_choice(case: Case) -> Outcome:
    places = [p for p in case.tables.all_shares(BEFORE).index if p != "china"]
    by_share, by_rate = (_gains(case, places, c) for c in ("share_pct", "hashrate_eh_s"))
    tally = {}
    for place in ("russia", "usa", "kazakhstan"):
        tally[place] = float(
            case.tables.value("employment_estimates", "value_low", estimate=f"rigs_moved_{place}")
        )
    tally = pd.Series(tally).sort_values(ascending=False)
    labels = (_("gain in share"), _("gain in hash rate"), _("machines counted on the move"))
    readings = tuple(
        case.reading("rank", 1 + g.index.get_loc("kazakhstan"), "rank", rank=case.low, label=n)
        for g, n in zip((by_share, by_rate, tally), labels, strict=True)
    )
    return Outcome(
        readings,
        _(
            "Gains from April to August 2021 in percentage points: {gains}. Kazakhstan is number "
            "{rank}. In the tally of machines moved made by the Financial Times it is number "
            "{tallied}: {tally}."
        ).format(
            gains=_list(f"{place_name(p)} {number(g, 1)}" for p, g in by_share.iloc[:3].items()),
            rank=int(readings[0].value),
            tallied=int(readings[2].value),
            tally=_list(f"{place_name(p)} {number(n)}" for p, n in tally.items()),
        ),
    )


# Chinese provinces: the map knows them until June 2021

PROVINCES_END = "2021-06-01"


def regions_four(case: Case) -> Outcome:
    named = {"sichuan", "yunnan", "xinjiang", "inner_mongolia"}
    frame = case.tables["province_share"]
    known = named | set(frame["province"]) - {"other"}
    means = pd.Series(
        {p: case.tables.province(p, MAP_START, PROVINCES_END).mean() for p in sorted(known)}
    ).sort_values(ascending=False)
    held = 100 * len(named & set(means.index[:4])) / len(named)
    return Outcome(
        (case.reading("named", held, UNIT),),
        _(
            "Mean share of the Chinese hash rate, {start} to {end}: {shares}; together {sum}."
        ).format(
            start=words.month(pd.Timestamp(MAP_START)),
            end=words.month(pd.Timestamp(PROVINCES_END)),
            shares=_list(f"{place_name(p)} {percent(s, 1)}" for p, s in means.iloc[:4].items()),
            sum=percent(means.iloc[:4].sum(), 0),
        ),
    )


def _two_bases(case, provinces):
    of_china = sum(case.tables.province(p, "2021-01-01", PROVINCES_END) for p in provinces)
    china = case.tables.shares("china", "2021-01-01", PROVINCES_END)
    return of_china, of_china * china / 100


def sichuan_40_2021(case: Case) -> Outcome:
    of_china, of_world = _two_bases(case, ["sichuan"])
    asked = {"claimed_low": case.low, "claimed_high": case.high}
    readings = (
        case.reading("value", of_china.max(), UNIT, label=_("highest month, of China"), **asked),
        case.reading(
            "value", of_world.max(), UNIT, label=_("highest month, of the world"), **asked
        ),
    )
    return Outcome(
        readings,
        _(
            "The highest month of 2021 is {month}: {china} of the Chinese hash rate, but {world} "
            "of the world's. The article does not say which it means."
        ).format(
            month=words.month(of_china.idxmax()),
            china=percent(of_china.max(), 1),
            world=percent(of_world.max(), 1),
        ),
    )


def yunnan_xinjiang_30(case: Case) -> Outcome:
    of_china, of_world = _two_bases(case, ["yunnan", "xinjiang"])
    asked = {"threshold": case.low, "side": "over"}
    readings = (
        case.reading("bound", of_china.max(), UNIT, label=_("highest month, of China"), **asked),
        case.reading(
            "bound", of_world.max(), UNIT, label=_("highest month, of the world"), **asked
        ),
    )
    sichuan = case.tables.province("sichuan", "2021-01-01", PROVINCES_END)
    both = ((sichuan >= 40) & (of_china > case.low)).sum()
    return Outcome(
        readings,
        _(
            "Together they reach {china} of the Chinese and {world} of the world's hash rate in "
            "the highest month of 2021. Months with Sichuan at 40% of China and these two above "
            "{claimed}: {both}."
        ).format(
            china=percent(of_china.max(), 1),
            world=percent(of_world.max(), 1),
            claimed=percent(case.low, 0),
            both=int(both),
        ),
    )


def dry_season_north(case: Case) -> Outcome:
    seasons = case.tables["wet_season_months"]
    chosen = seasons["definition"] == "published_may_oct"
    wet = set(seasons.loc[chosen & seasons["is_wet"], "month_of_year"])
    if not wet:
        raise Missing(
            _("Table {table} has no row {row}.").format(
                table="wet_season_months", row="definition = published_may_oct"
            )
        )
    changes = {}
    for province in ("xinjiang", "inner_mongolia"):
        series = case.tables.province(province, MAP_START, "2021-04-01")
        is_wet = series.index.month.isin(wet)
        for year in (2019, 2020):
            summer = series[is_wet & (series.index.year == year)]
            winter = series[
                ~is_wet & (series.index >= f"{year}-11-01") & (series.index <= f"{year + 1}-04-01")
            ]
            changes[province, year] = winter.mean() - summer.mean()
    changes = pd.Series(changes)
    held = 100 * (changes > 0).mean()
    return Outcome(
        (case.reading("named", held, UNIT),),
        _(
            "Mean of the dry months less mean of the wet months before, in points of the Chinese "
            "hash rate: {changes}."
        ).format(
            changes=_list(
                f"{place_name(p)} {y}/{(y + 1) % 100} {number(c, 1, signed=True)}"
                for (p, y), c in changes.items()
            )
        ),
    )


def _list(items):
    return _(", ").join(items)


def _joined(*sentences):
    return _("{first} {second}").format(first=sentences[0], second=sentences[1])
