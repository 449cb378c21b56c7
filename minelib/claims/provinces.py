# SPDX-License-Identifier: MIT
"""Claims about Chinese provinces, decided on the Cambridge mining map.

Of the provinces no second release exists: the interval of a share is the largest change of any
country's share between two releases of the map.
"""

import pandas as pd

from minelib.catalog.names import place_name
from minelib.claims.declared import Facts
from minelib.claims.evidence import Case, Missing

MAP_START = "2019-09-01"
PROVINCES_END = "2021-06-01"  # the map knows Chinese provinces until then
IN_2021 = "2021-01", PROVINCES_END


def regions_four(case: Case) -> Facts:
    """The four provinces named, among the four largest."""
    means = case.tables.all_provinces(MAP_START, PROVINCES_END, case.named).mean()
    largest = means.sort_values(ascending=False)[: len(case.named)]
    return {
        "named": 100 * largest.index.isin(case.named).mean(),
        "start": pd.Timestamp(MAP_START),
        "end": pd.Timestamp(PROVINCES_END),
        "shares": largest,
        "sum": largest.sum(),
    }


def _of_china(case, places):
    return sum(case.tables.series("province_share", *IN_2021, place) for place in places)


def two_bases(case: Case) -> Facts:
    """The highest month of 2021 of the provinces named, of the hash rate of China and the world."""
    of_china = _of_china(case, case.named)
    of_world = of_china * case.tables.series("country_share", *IN_2021, "china") / 100
    china, world, revision = of_china.max(), of_world.max(), case.tables.revision_pp()
    part = revision * of_china[of_world.idxmax()] / 100
    return {
        "china": (china, china - revision, china + revision),
        "world": (world, world - part, world + part),
        "month": of_china.idxmax(),
    }


def yunnan_xinjiang_30(case: Case) -> Facts:
    """The highest month of the two provinces, and the months in which Sichuan stood as said."""
    of_china, sichuan = (_of_china(case, places) for places in (case.named, ("sichuan",)))
    share = float(case.tables.value("claims", "value_low", claim="sichuan_40_2021"))
    both = int(((sichuan >= share) & (of_china > case.low)).sum())
    return two_bases(case) | {"sichuan": share, "both": both}


def dry_season_north(case: Case) -> Facts:
    """Whether the share of the coal provinces rose in the dry months."""
    seasons = case.tables["wet_season_months"].query("definition == 'published_may_oct' & is_wet")
    if seasons.empty or seasons["month_of_year"].isna().any():
        raise Missing.row("wet_season_months", "definition = published_may_oct")
    changes = {}
    for province in case.named:
        series = case.tables.series("province_share", MAP_START, "2021-04-01", province)
        is_wet = pd.DatetimeIndex(series.index).month.isin(seasons["month_of_year"])
        wet, dry = series[is_wet], series[~is_wet]
        for year in (2019, 2020):
            summer, winter = wet[f"{year}-01" : f"{year}-12"], dry[f"{year}-11" : f"{year + 1}-04"]
            name = f"{place_name(province)} {year}/{(year + 1) % 100}"
            changes[name] = winter.mean() - summer.mean()
    found = pd.Series(changes)
    return {"rose": 100 * (found > 0).mean(), "changes": found}
