# SPDX-License-Identifier: MIT
"""Parameters of notebook ``02-crackdown``."""

from datetime import date

from minelib.studies.base import Day, Language, Study, before, check, parameter
from minelib.studies.findings import finding
from minelib.words import N_
from minelib.words import gettext as _

__all__ = ["Crackdown"]

_STEP = {"D": 1, "W": 7, "epoch": 14}  # days
_FIRST_DAY, _END_OF_PLACEBOS = date(2010, 7, 18), date(2021, 1, 1)
_TRAINING = 1092  # days, of `impact.effect`


def _ascending(dates):
    if not dates:
        return _("stage_dates must name at least one day")
    if any(a >= b for a, b in zip(dates, dates[1:], strict=False)):
        return _("stage_dates must be in the order of time, each day once")
    return None


def _apart(dates, freq):
    if _ascending(dates):
        return None  # told by that rule
    step, days = _STEP[freq], [date.fromisoformat(d) for d in dates]
    if any((b - a).days < step for a, b in zip(days, days[1:], strict=False)):
        return _("stage_dates must lie at least {step} days apart (a period of freq)").format(
            step=step
        )
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
    rule = (
        _("from start ({start}) to end ({end}) must be at least {days} days")
        if days < least
        else _("from start ({start}) to end ({end}) must be at most {days} days with this freq")
    )
    return rule.format(start=start, end=end, days=least if days < least else most)


def _followed(horizon_days, freq):
    if horizon_days >= 3 * _STEP[freq]:
        return None
    return _("horizon_days must hold three periods of freq, {days} days").format(
        days=3 * _STEP[freq]
    )


def _inside(start, intervention, end):
    if start < intervention < end:
        return None
    return _("intervention ({day}) must lie between start ({start}) and end ({end})").format(
        day=intervention, start=start, end=end
    )


def _summed(meaning):
    """A finding that is a row of `Effect.summary`."""
    return finding("value", "lower", "upper", unit="{unit}", level=0.9, meaning=meaning)


class Crackdown(Study):
    """What the crackdown did to the hash rate, and what each stage added."""

    intervention: Day = parameter(
        "2021-05-21",
        ge="2018-01-01",
        le="2025-06-01",
        meaning=N_("First day of the intervention; the State Council spoke on 2021-05-21"),
    )
    stage_dates: list[Day] = parameter(
        ["2021-05-21", "2021-06-18", "2021-09-24"],
        ge="2018-01-01",
        le="2025-12-31",
        meaning=N_("First days of the stages, in the order of time"),
    )
    horizon_days: int = parameter(
        126,
        unit="days",
        ge=28,
        le=364,
        meaning=N_("Days over which the effect is followed; 126 end on the eve of the 924 notice"),
    )
    freq: str = parameter(
        "W",
        choices=["W", "epoch", "D"],
        meaning=N_("Periods of the hash rate: weeks, epochs of 2,016 blocks, or days (slow)"),
    )
    covariates: list[str] = parameter(
        ["price", "hash_price", "efficiency"],
        choices=["price", "hash_price", "efficiency"],
        meaning=N_("Covariates of the counterfactual; none for an empty list"),
    )
    n_placebo: int = parameter(50, ge=19, le=1000, meaning=N_("Pseudo-interventions for each test"))
    seed: int = parameter(0, ge=0, le=2**31 - 1, meaning=N_("Seed of all draws"))
    start: Day = parameter(
        "2019-01-01",
        ge="2012-01-01",
        le="2024-12-31",
        meaning=N_("First day of the search for breaks, inclusive"),
    )
    end: Day = parameter(
        "2022-12-31",
        ge="2013-01-01",
        le="2026-05-31",
        meaning=N_("Last day of the search for breaks, inclusive"),
    )
    lang: Language = parameter("en", meaning=N_("Language of prose, figures and tables"))

    finds = {
        "largest_retarget_pct": finding(
            "change_pct",
            unit="percent",
            meaning=N_("Largest fall of the difficulty at one retarget"),
        ),
        "largest_retarget_date": finding("start_date", meaning=N_("Day of that retarget")),
        "lowest_day": finding(
            meaning=N_("Day with the lowest hash rate in the year of the intervention")
        ),
        "break_date": finding(
            "date",
            "lower_date",
            "upper_date",
            level=0.9,
            meaning=N_("First period of the largest fall"),
        ),
        "break_change_pct": finding(
            "change_pct",
            "lower_pct",
            "upper_pct",
            unit="percent",
            level=0.9,
            meaning=N_("Size of that fall"),
        ),
        "mean_effect": _summed(N_("Mean difference from the counterfactual")),
        "mean_effect_pct": _summed(N_("Mean difference in percent of the counterfactual")),
        "max_effect_pct": _summed(N_("Largest difference in one period")),
        "cumulative_effect": _summed(N_("Difference summed over the days")),
        "stage_{n}_pct": finding(
            "effect_pct",
            "lower_pct",
            "upper_pct",
            unit="percent",
            level=0.9,
            meaning=N_("Added by stage {stage}"),
        ),
        "stage_{n}_minimum_detectable_pct": finding(
            "minimum_detectable_pct",
            unit="percent",
            meaning=N_("Smallest fall that would probably have been seen"),
        ),
        "stage_{n}_placebo_p": finding(
            "placebo_p", unit="fraction", meaning=N_("Share of placebos with an effect as large")
        ),
        "placebo_p": finding(
            unit="fraction",
            meaning=N_("Share of placebos with an effect as large as that of the intervention"),
        ),
        "minimum_detectable_pct": finding(
            unit="percent", meaning=N_("Smallest mean fall that would probably have been seen")
        ),
        "recovery_date": finding(
            "recovery_date",
            "lower_date",
            "upper_date",
            level=0.9,
            meaning=N_("First period in which the level from before was back"),
        ),
        "record_date": finding(
            meaning=N_("First day on which the mean of seven days was above its record from before")
        ),
    }

    checks = (
        before("start", "end"),
        check(("stage_dates",), _ascending),
        check(("stage_dates", "freq"), _apart),
        check(("horizon_days", "freq"), _followed),
        check(("start", "end", "freq"), _searchable),
        check(("start", "intervention", "end"), _inside),
    )
