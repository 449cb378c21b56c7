# SPDX-License-Identifier: MIT
"""Claims about where bitcoin was mined, decided on the Cambridge mining map.

The interval of a country's share is what the publisher's own revisions allow: the largest
change of any share between two releases. For China the upper end also takes in the share
marked as redirected (Germany and Ireland), as if all of it were Chinese.
"""

import pandas as pd

from minelib.catalog.names import place_name
from minelib.claims.evidence import Case, Missing, outcome, told
from minelib.claims.rules import Outcome
from minelib.words import gettext as _
from minelib.words import number, percent

MAP_START, MAP_END = "2019-09-01", "2022-01-01"
PROVINCES_END = "2021-06-01"  # the map knows Chinese provinces until then
BEFORE, AFTER = "2021-04-01", "2021-08-01"  # last month before the closures; month of least
JANUARY_2022 = pd.Timestamp(MAP_END)


def _span(case, place, month, share):
    revision = case.tables.revision_pp()
    redirected = case.tables.flagged(month) if place == "china" else 0.0
    return {"lower": max(0.0, share - revision), "upper": share + revision + redirected}


def _in_january_2022(case, place):
    """Share and rank of a country in the last month of the map."""
    share = case.tables.shares(place, MAP_END, MAP_END).iloc[0]
    return share, _rank(case, place, JANUARY_2022, share)


def _rank(case, place, month, share):
    return 1 + int((case.tables.all_shares(month).drop(place) > share).sum())


def cn_share_once_70(case: Case) -> Outcome:
    """The highest month of China on the map."""
    series = case.tables.shares("china", MAP_START, MAP_END)
    month, share = series.idxmax(), series.max()
    above = series[series > case.low]
    return outcome(
        _(
            "The highest month on the map is {month}, the first: {share}. {count} of {all} months "
            "lie above {claimed}."
        ),
        case.over(share, **_span(case, "china", month, share)),
        month=month,
        share=percent(share, 2),
        count=len(above),
        all=len(series),
        claimed=percent(case.low, 0),
        also=_last(_("The last of them is {month}."), above),
    )


def _last(sentence, months, **facts):
    return told(sentence, month=months.index[-1], **facts) if len(months) else ""


def cn_share_may2021_70(case: Case) -> Outcome:
    """China's share in May 2021."""
    series = case.tables.shares("china", "2021-04-01", "2021-05-01")
    april, may = series
    span = _span(case, "china", series.index[-1], may)
    return outcome(
        _(
            "The map gives China {april} in April and {may} in May 2021; with all traffic marked "
            "as redirected counted as Chinese, at most {upper}."
        ),
        case.over(may, **span),
        april=april,
        may=may,
        upper=span["upper"],
    )


def cn_share_2022_10(case: Case) -> Outcome:
    """China's share in the last month of the map."""
    share = case.tables.shares("china", MAP_END, MAP_END).iloc[0]
    return outcome(
        _("In January 2022, the last month of the map, China stands at {share}. {zero}"),
        case.under(share, **_span(case, "china", JANUARY_2022, share)),
        share=share,
        zero=_zero_months(case),
    )


def _zero_months(case):
    series = case.tables.shares("china", "2021-05-01", MAP_END)
    zero = [told("{month}", month=month) for month in series.index[series <= 0]]
    if not zero:
        return _("No month of the map gives zero.")
    return told(_("The map gives zero for: {months}."), months=_(", ").join(zero))


def _after_notice(case):
    return case.tables.shares("china", "2021-10-01", MAP_END)


def cn_exit_complete(case: Case) -> Outcome:
    """China's share after the notice, and its rank."""
    series = _after_notice(case)
    ranks = [_rank(case, "china", month, share) for month, share in series.items()]
    gone = {"label": _("no longer among the three largest"), "unit": "rank"}
    return outcome(
        _(
            "From October 2021 to January 2022, after the notice, the map still shows {mean} on "
            "average ({low} to {high}), and China as number {rank} in January 2022."
        ),
        case.reading("zero", series, label=_("share after the notice")),
        case.yardstick("main_stage_rank", ranks[-1], lower=min(ranks), upper=max(ranks), **gone),
        mean=series.mean(),
        low=series.min(),
        high=series.max(),
        rank=ranks[-1],
    )


def mining_zeroed(case: Case) -> Outcome:
    """China's share after the notice."""
    series = _after_notice(case)
    return outcome(
        _(
            "From October 2021 to January 2022 the map shows {mean} on average. {zero} As late as "
            "{raid} mines were shut down in Xinjiang."
        ),
        case.reading("zero", series),
        mean=series.mean(),
        zero=_zero_months(case),
        raid=case.tables.event_day("xinjiang_2025"),
    )


def went_underground(case: Case) -> Outcome:
    """What the map still shows where mining is forbidden."""
    series = _after_notice(case)
    return outcome(
        _(
            "After the notice, with mining forbidden, the map still locates {mean} of the hash "
            "rate in China (October 2021 to January 2022). What shows there had gone covert."
        ),
        case.yardstick("some_pct", series),
        mean=series.mean(),
    )


def us_below_10_2021(case: Case) -> Outcome:
    """The share of the United States in 2021."""
    series = case.tables.shares("usa", "2021-01-01", "2021-12-01")
    month, share, mean = series.idxmin(), series.min(), series.mean()
    earlier = case.tables.shares("usa", MAP_START, "2020-12-01")
    below, claimed = earlier[earlier < case.high], percent(case.high, 0)
    return outcome(
        _("The lowest month of 2021 is {month} with {share}; the mean of the year is {mean}."),
        case.under(share, label=_("lowest month of 2021"), **_span(case, "usa", month, share)),
        case.under(mean, label=_("mean of 2021")),
        month=month,
        share=share,
        mean=mean,
        also=_last(_("The last month below {claimed} was {month}."), below, claimed=claimed),
    )


def us_38(case: Case) -> Outcome:
    """Share and rank of the United States in January 2022."""
    share, rank = _in_january_2022(case, "usa")
    span = _span(case, "usa", JANUARY_2022, share)
    return outcome(
        _("In January 2022 the map gives the United States {share} and rank {rank}."),
        case.claimed(share, label=_("share in January 2022"), **span),
        case.reading("rank", rank, "rank", claimed=1, label=_("rank in January 2022")),
        share=percent(share, 2),
        rank=rank,
    )


def new_hubs(case: Case) -> Outcome:
    """The three countries named, among the three largest abroad."""
    named, months = {"kazakhstan", "usa", "russia"}, pd.date_range("2021-07-01", MAP_END, freq="MS")
    abroad = [case.tables.all_shares(month).drop("china", errors="ignore") for month in months]
    held = pd.Series([100 * len(named & set(top.index[:3])) / len(named) for top in abroad])
    return outcome(
        _(
            "Of the three countries named, on average {held} were among the three largest outside "
            "China from July 2021 to January 2022; all three in {full} of {all} months. The three "
            "largest in January 2022: {last}."
        ),
        case.reading("named", held),
        held=percent(held.mean(), 0),
        full=int((held > 99.9).sum()),
        all=len(held),
        last=_listed(abroad[-1][:3], percent),
    )


def _gains(case, places, column):
    series = {place: case.tables.shares(place, BEFORE, AFTER, column) for place in places}
    gains = pd.Series({place: s.iloc[-1] - s.iloc[0] for place, s in series.items()})
    return gains.sort_values(ascending=False)


def moved_abroad(case: Case) -> Outcome:
    """Which of the countries named gained hash rate."""
    gains = _gains(case, ("kazakhstan", "iran", "usa"), "hashrate_eh_s")
    held = 100 * (gains > 0).mean()
    return outcome(
        _(
            "Change of hash rate from April to August 2021: {gains}. {held} of the countries named "
            "gained."
        ),
        case.reading("named", held),
        gains=_listed(gains, lambda gain: f"{number(gain, 1, signed=True)} EH/s"),
        held=percent(held, 0),
    )


def kz_first_choice(case: Case) -> Outcome:
    """The rank of Kazakhstan among those who gained, by three measures."""
    places = case.tables.all_shares(BEFORE).index.drop("china", errors="ignore")
    moved = {
        place: case.tables.value(
            "employment_estimates", "value_low", estimate=f"rigs_moved_{place}"
        )
        for place in ("russia", "usa", "kazakhstan")
    }
    measures = {
        _("gain in share"): _gains(case, places, "share_pct"),
        _("gain in hash rate"): _gains(case, places, "hashrate_eh_s"),
        _("machines counted on the move"): pd.Series(moved).sort_values(ascending=False),
    }
    ranks = {label: 1 + gains.index.get_loc("kazakhstan") for label, gains in measures.items()}
    (by_share, _by_rate, tally), (rank, _second, tallied) = measures.values(), ranks.values()
    return outcome(
        _(
            "Gains from April to August 2021 in percentage points: {gains}. Kazakhstan is number "
            "{rank}. In the tally of machines moved made by the Financial Times it is number "
            "{tallied}: {tally}."
        ),
        *(case.reading("rank", r, "rank", claimed=case.low, label=n) for n, r in ranks.items()),
        gains=_listed(by_share[:3], lambda gain: number(gain, 1)),
        rank=rank,
        tallied=tallied,
        tally=_listed(tally, number),
    )


def regions_four(case: Case) -> Outcome:
    """The four provinces named, among the four largest."""
    named = {"sichuan", "yunnan", "xinjiang", "inner_mongolia"}
    means = case.tables.all_provinces(MAP_START, PROVINCES_END, named).mean()
    largest = means.sort_values(ascending=False)[:4]
    return outcome(
        _("Mean share of the Chinese hash rate, {start} to {end}: {shares}; together {sum}."),
        case.reading("named", 100 * len(named & set(largest.index)) / len(named)),
        start=pd.Timestamp(MAP_START),
        end=pd.Timestamp(PROVINCES_END),
        shares=_listed(largest, percent),
        sum=percent(largest.sum(), 0),
    )


def _two_bases(case, *provinces):
    """Shares of provinces in 2021, of the hash rate of China and of the world."""
    of_china = sum(case.tables.province(p, "2021-01-01", PROVINCES_END) for p in provinces)
    china = case.tables.shares("china", "2021-01-01", PROVINCES_END)
    return of_china, of_china.max(), (of_china * china / 100).max()


def sichuan_40_2021(case: Case) -> Outcome:
    """The highest month of Sichuan in 2021."""
    of_china, china, world = _two_bases(case, "sichuan")
    return outcome(
        _(
            "The highest month of 2021 is {month}: {china} of the Chinese hash rate, but {world} "
            "of the world's. The article does not say which it means."
        ),
        case.claimed(china, label=_("highest month, of China")),
        case.claimed(world, label=_("highest month, of the world")),
        month=of_china.idxmax(),
        china=china,
        world=world,
    )


def yunnan_xinjiang_30(case: Case) -> Outcome:
    """The highest month of Yunnan and Xinjiang in 2021."""
    of_china, china, world = _two_bases(case, "yunnan", "xinjiang")
    sichuan = case.tables.province("sichuan", "2021-01-01", PROVINCES_END)
    return outcome(
        _(
            "Together they reach {china} of the Chinese and {world} of the world's hash rate in "
            "the highest month of 2021. Months with Sichuan at 40% of China and these two above "
            "{claimed}: {both}."
        ),
        case.over(china, label=_("highest month, of China")),
        case.over(world, label=_("highest month, of the world")),
        china=china,
        world=world,
        claimed=percent(case.low, 0),
        both=int(((sichuan >= 40) & (of_china > case.low)).sum()),
    )


def dry_season_north(case: Case) -> Outcome:
    """Whether the share of the coal provinces rose in the dry months."""
    seasons = case.tables["wet_season_months"].query("definition == 'published_may_oct' & is_wet")
    if seasons.empty or seasons["month_of_year"].isna().any():
        row = "definition = published_may_oct"
        raise Missing(_("Table {table} has no row {row}."), table="wet_season_months", row=row)
    changes = {}
    for province in ("xinjiang", "inner_mongolia"):
        series = case.tables.province(province, MAP_START, "2021-04-01")
        is_wet = pd.Series(series.index).dt.month.isin(seasons["month_of_year"]).to_numpy()
        wet, dry = series[is_wet], series[~is_wet]
        for year in (2019, 2020):
            summer, winter = wet[f"{year}-01" : f"{year}-12"], dry[f"{year}-11" : f"{year + 1}-04"]
            changes[f"{place_name(province)} {year}/{(year + 1) % 100}"] = (
                winter.mean() - summer.mean()
            )
    found = pd.Series(changes)
    return outcome(
        _(
            "Mean of the dry months less mean of the wet months before, in points of the Chinese "
            "hash rate: {changes}."
        ),
        case.reading("named", 100 * (found > 0).mean()),
        changes=_listed(found, lambda change: number(change, 1, signed=True)),
    )


def _listed(values, form):
    """The values, each after the name of its place."""
    return _(", ").join(f"{place_name(name)} {form(value)}" for name, value in values.items())
