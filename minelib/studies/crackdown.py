# SPDX-License-Identifier: MIT
"""Parameters of notebook ``02-crackdown``."""

from datetime import date
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import Field

from minelib.studies.base import Day, Language, Study, before, check, finding, parameter
from minelib.words import N_
from minelib.words import gettext as _

_STEP = {"D": 1, "W": 7, "epoch": 14}  # days
_FIRST_DAY, _END_OF_PLACEBOS = date(2010, 7, 18), date(2021, 1, 1)
_TRAINING = 1092  # days, of `impact.effect`


def _apart(dates, freq):
    step, days = _STEP[freq], [date.fromisoformat(d) for d in dates]
    if not days:
        return _("stage_dates must name at least one day")
    shortest = min(((b - a).days for a, b in pairwise(days)), default=step)
    if shortest <= 0:
        return _("stage_dates must be in the order of time, each day once")
    if shortest < step:
        sentence = _("stage_dates must lie at least {step} days apart (a period of freq)")
        return sentence.format(step=step)
    # each placebo repeats the distances of the stages, and all that lies before the first one
    room = (min(days[0], _END_OF_PLACEBOS) - _FIRST_DAY).days - _TRAINING
    if (days[-1] - days[0]).days > room - 21 * step:
        return _("stage_dates leave no room for placebos: the stages lie too far apart")
    return None


_FEWEST_DAYS = {"D": 40, "W": 287, "epoch": 640}
"""Days with at least 40 periods in them, which a search for breaks needs."""

_MOST_PERIODS = 1600  # of the same search


def _searchable(start, end, freq):
    days = (date.fromisoformat(end) - date.fromisoformat(start)).days
    least, most = _FEWEST_DAYS[freq], _MOST_PERIODS * _STEP[freq]
    if days <= 0 or least <= days < most:
        return None  # in the wrong order: told by that rule
    sentence = (
        _("from start ({start}) to end ({end}) must be at least {days} days")
        if days < least
        else _("from start ({start}) to end ({end}) must be at most {days} days with this freq")
    )
    return sentence.format(start=start, end=end, days=least if days < least else most)


def _followed(horizon_days, freq):
    sentence = _("horizon_days must hold three periods of freq, {days} days")
    return None if horizon_days >= 3 * _STEP[freq] else sentence.format(days=3 * _STEP[freq])


def _inside(start, day, end):
    sentence = _("intervention ({day}) must lie between start ({start}) and end ({end})")
    return None if start < day < end else sentence.format(day=day, start=start, end=end)


def _summed(meaning):
    """A finding that is a row of `Effect.summary`."""
    return finding(meaning, "value lower upper", "{unit}", 0.9)


class Crackdown(Study):
    """What the crackdown did to the hash rate, and what each stage added."""

    intervention: Day = parameter("2021-05-21", ge="2018-01-01", le="2025-06-01")
    stage_dates: list[Annotated[Day, Field(ge="2018-01-01", le="2025-12-31")]] = parameter(
        ["2021-05-21", "2021-06-18", "2021-09-24"]
    )
    horizon_days: int = parameter(126, unit="days", ge=28, le=364)
    freq: Literal["W", "epoch", "D"] = parameter("W")
    covariates: list[Literal["price", "hash_price", "efficiency"]] = parameter(
        ["price", "hash_price", "efficiency"]
    )
    n_placebo: int = parameter(50, ge=19, le=1000)
    seed: int = parameter(0, ge=0, le=2**31 - 1)
    start: Day = parameter("2019-01-01", ge="2012-01-01", le="2024-12-31")
    end: Day = parameter("2022-12-31", ge="2013-01-01", le="2026-05-31")
    lang: Language = parameter("en")

    finds = {
        "largest_retarget_pct": finding(
            N_("Largest fall of the difficulty at one retarget"), "change_pct", "percent"
        ),
        "largest_retarget_date": finding(N_("Day of that retarget"), "start_date"),
        "lowest_day": finding(N_("Day with the lowest hash rate in the year of the intervention")),
        "break_date": finding(
            N_("First period of the largest fall"), "date lower_date upper_date", level=0.9
        ),
        "break_change_pct": finding(
            N_("Size of that fall"), "change_pct lower_pct upper_pct", "percent", 0.9
        ),
        "mean_effect": _summed(N_("Mean difference from the counterfactual")),
        "mean_effect_pct": _summed(N_("Mean difference in percent of the counterfactual")),
        "max_effect_pct": _summed(N_("Largest difference in one period")),
        "cumulative_effect": _summed(N_("Difference summed over the days")),
        "stage_{n}_pct": finding(
            N_("Added by stage {stage}"), "effect_pct lower_pct upper_pct", "percent", 0.9
        ),
        "stage_{n}_minimum_detectable_pct": finding(
            N_("Smallest fall that would probably have been seen"),
            "minimum_detectable_pct",
            "percent",
        ),
        "stage_{n}_placebo_p": finding(
            N_("Share of placebos with an effect as large"), "placebo_p", "fraction"
        ),
        "placebo_p": finding(
            N_("Share of placebos with an effect as large as that of the intervention"),
            unit="fraction",
        ),
        "minimum_detectable_pct": finding(
            N_("Smallest mean fall that would probably have been seen"), unit="percent"
        ),
        "recovery_date": finding(
            N_("First period in which the level from before was back"),
            "recovery_date lower_date upper_date",
            level=0.9,
        ),
        "record_date": finding(
            N_("First day on which the mean of seven days was above its record from before")
        ),
    }

    checks = (
        before("start", "end"),
        check(("stage_dates", "freq"), _apart),
        check(("horizon_days", "freq"), _followed),
        check(("start", "end", "freq"), _searchable),
        check(("start", "intervention", "end"), _inside),
    )
