# SPDX-License-Identifier: MIT
"""Parameters of notebook ``02-crackdown``."""

from datetime import date
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import Field

from minelib.studies.base import Data, Day, Language, Study, before, check, parameter
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


_WINDOW = 28, 1100  # days


def _two_days(window):
    days = [date.fromisoformat(day) for day in window]
    if len(days) == 2 and _WINDOW[0] <= (days[1] - days[0]).days < _WINDOW[1]:
        return None
    sentence = _(
        "window must hold two days, the first before the last, and span {least} to {most} days"
    )
    return sentence.format(least=_WINDOW[0], most=_WINDOW[1])


class Crackdown(Study):
    """What the crackdown did to the hash rate, and what each stage added."""

    intervention: Day = parameter("2021-05-21", ge="2018-01-01", le="2025-06-01")
    stage_dates: list[Annotated[Day, Field(ge="2018-01-01", le="2025-12-31")]] = parameter(
        ["2021-05-21", "2021-06-09", "2021-09-24"]
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
    window: list[Annotated[Day, Field(ge="2020-01-02", le="2026-03-26")]] = parameter(
        ["2021-03-01", "2021-10-31"]
    )
    labels: Literal["2025", "2026"] = parameter("2025")
    times: Literal["in_order", "median"] = parameter("in_order")
    data: Data = parameter("packaged")
    lang: Language = parameter("en")

    checks = (
        before("start", "end"),
        check(("window",), _two_days),
        check(("stage_dates", "freq"), _apart),
        check(("horizon_days", "freq"), _followed),
        check(("start", "end", "freq"), _searchable),
        check(("start", "intervention", "end"), _inside),
    )
