# SPDX-License-Identifier: MIT
"""The yearly move between the coal of the north and the hydropower of the south-west."""

from itertools import pairwise

import pandas as pd

from minelib.catalog import load
from minelib.catalog.columns import vocabulary
from minelib.checks.door import Names
from minelib.errors import BadParameter
from minelib.geography.maps import by_province
from minelib.geography.places import place_keys
from minelib.geography.stories import published
from minelib.words import gettext as _

__all__ = ["DIRECTIONS", "seasonality"]

DIRECTIONS = vocabulary("direction")
PEAK_MONTHS = range(6, 11)  # June to October: where a year's peak of hydropower is looked for
TROUGH_MONTHS = range(1, 6)  # January to May
CALENDAR = "published_may_oct"
_LAGS = ("lag_days", "lower_lag_days", "upper_lag_days")


def seasonality(
    hydropower: str | Names = ("sichuan", "yunnan"),
    coal: str | Names = ("xinjiang", "inner_mongolia"),
) -> pd.DataFrame:
    """Share of China's hash rate that moved with the wet season, with phase and size by year.

    Parameters
    ----------
    hydropower, coal : sequence of str
        Provinces of the two groups, by key or by name in either language.

    Returns
    -------
    pandas.DataFrame
        One row per move, in order of time: ``year`` it ends in, ``direction``
        (``to_hydropower``, ``to_coal``), ``from_month``, ``to_month`` (the turning points);
        size: ``moved_pp`` with ``lower_pp``, ``upper_pp`` (percentage points of China's hash
        rate) and ``moved_eh_s`` with bounds (at China's hash rate of ``to_month``); phase:
        ``half_way`` (date at which half of the change was done) between ``lower_date`` and
        ``upper_date``; ``lag_days``, ``lower_lag_days``, ``upper_lag_days`` after the calendar's
        begin of the wet season (its end, for moves to coal; NaN where no calendar is known);
        ``is_complete``: False where the series begins or ends at a turning
        point, so that the true move was at least as large.

    Raises
    ------
    BadParameter
        A province in both groups.
    UnknownName

    Notes
    -----
    Turning points are the largest share of the hydropower group in June to October and its
    smallest in January to May. Between two of them the provinces' shares are margins of a table
    of moves. The margins allow the move between the groups to be anything from
    ``max(0, lost + gained - all moves)`` to ``min(lost, gained)`` (Fréchet's bounds); the value
    is the table that assumes nothing more, every loser sharing out like every other. Machines
    that moved forth and back between the two months are not seen. The half-way date is
    interpolated between the middles of two months, which are its bounds. In spring 2021 Inner
    Mongolia's closures and the shutdowns of June are mixed into the season. The calendar is that
    of the regional press in table ``wet_season_months``.

    Examples
    --------
    >>> moves = seasonality().set_index(["year", "direction"])
    >>> moves.loc[(2020, "to_hydropower"), "to_month"].month
    9
    """
    known = load("province_share")["province"].unique()
    groups = {"hydropower": place_keys(hydropower, known, "province")}
    groups["coal"] = place_keys(coal, known, "province")
    both = set(groups["hydropower"]) & set(groups["coal"])
    if both:
        raise BadParameter("coal", sorted(both), _("must not stand in both groups"))
    wide = by_province().pivot(index="month", columns="province", values="share_of_china_pct")
    china = published("hashrate_eh_s")["china"]
    level = wide[groups["hydropower"]].sum(axis=1)
    turns = _turning_points(level)
    wet = _wet_months(groups["hydropower"])
    moves = [_move(wide, level, china, groups, *ends, wet) for ends in pairwise(turns)]
    return pd.DataFrame(moves)


def _turning_points(level):
    """Months of peaks and troughs in turn."""
    months, years = level.index.month, level.index.year
    troughs = level[months.isin(TROUGH_MONTHS)].groupby(years[months.isin(TROUGH_MONTHS)]).idxmin()
    peaks = level[months.isin(PEAK_MONTHS)].groupby(years[months.isin(PEAK_MONTHS)]).idxmax()
    return sorted([*troughs, *peaks])


def _move(wide, level, china, groups, start, end, wet):
    change = wide.loc[end] - wide.loc[start]
    rising = level[end] > level[start]
    giving, taking = ("coal", "hydropower") if rising else ("hydropower", "coal")
    lost = -change[groups[giving]].clip(upper=0).sum()
    gained = change[groups[taking]].clip(lower=0).sum()
    moves = max(change.clip(lower=0).sum(), -change.clip(upper=0).sum())
    sizes = {
        "moved": lost * gained / moves if moves else 0.0,
        "lower": max(0.0, lost + gained - moves),
        "upper": min(lost, gained),
    }
    dates = _half_way(level[start:end])
    turn = pd.NaT  # the first day of the calendar's wet season, or of the dry one
    if wet:
        month = pd.Timestamp(dates["half_way"].year, wet[0] if rising else wet[-1], 1)
        turn = month if rising else month + pd.offsets.MonthBegin()
    return {
        "year": end.year,
        "direction": "to_hydropower" if rising else "to_coal",
        "from_month": start,
        "to_month": end,
        **{f"{k}_pp": v for k, v in sizes.items()},
        **{f"{k}_eh_s": v / 100 * china[end] for k, v in sizes.items()},
        **dates,
        **{name: (date - turn).days for name, date in zip(_LAGS, dates.values(), strict=True)},
        "is_complete": start != level.index[0] and end != level.index[-1],
    }


def _wet_months(provinces):
    """Months of the year that the published calendar calls wet in all of the provinces."""
    table = load("wet_season_months")
    table = table[(table["definition"] == CALENDAR) & table["is_wet"]]
    months = [set(table.loc[table["province"] == p, "month_of_year"]) for p in provinces]
    return sorted(set.intersection(*months))


def _half_way(level):
    middles = level.index + (level.index + pd.offsets.MonthBegin() - level.index) / 2
    target = (level.iloc[0] + level.iloc[-1]) / 2
    rising = level.iloc[-1] > level.iloc[0]
    passed = (level >= target) if rising else (level <= target)
    after = int(passed.to_numpy().argmax())
    step = level.iloc[after] - level.iloc[after - 1]
    part = (target - level.iloc[after - 1]) / step
    date = middles[after - 1] + (middles[after] - middles[after - 1]) * float(part)
    dates = {"half_way": date, "lower_date": middles[after - 1], "upper_date": middles[after]}
    return {name: date.normalize() for name, date in dates.items()}
