# SPDX-License-Identifier: MIT
"""Claims about the electricity that mining used, decided on the Cambridge index.

The interval is the spread of the publisher's own best guesses: what the versions of its model
give for the same year. Its lower and upper bounds are hypothetical and decide nothing.
"""

import pandas as pd

from minelib import words
from minelib.claims.evidence import Case, Missing
from minelib.claims.rules import Outcome
from minelib.words import gettext as _
from minelib.words import number, percent


def _versions(case, year=2021):
    frame = case.tables["index_yearly"]
    frame = frame[(frame["year"] == year) & frame["best_twh"].notna()].sort_values("version")
    if frame.empty:
        raise Missing(
            _("Table {table} has no row {row}.").format(table="index_yearly", row=f"year = {year}")
        )
    return frame.set_index("version")["best_twh"]


def world_150twh(case: Case) -> Outcome:
    best = _versions(case)
    months = case.tables["index_reference"].set_index("month")["best_twh"]
    months = months[months.index.year == 2021]
    reading = case.reading(
        "value",
        best.iloc[-1],
        "TWh",
        lower=best.min(),
        upper=best.max(),
        claimed_low=case.low,
        claimed_high=case.high,
    )
    evidence = _(
        "The Cambridge index gives {best} TWh for 2021 in its present version ({version}) and up "
        "to {highest} TWh in earlier ones."
    ).format(best=number(best.iloc[-1], 1), version=best.index[-1], highest=number(best.max(), 1))
    if len(months) == 12 and months.notna().all():
        rate = _("The highest month of 2021, {month}, ran at a rate of {rate} TWh a year.").format(
            month=words.month(months.idxmax()), rate=number(months.max(), 0)
        )
        evidence = _("{first} {second}").format(first=evidence, second=rate)
    return Outcome((reading,), evidence)


def ccaf_attribution(case: Case) -> Outcome:
    claimed = float(case.tables.value("claims", "value_low", claim="world_150twh"))
    best = _versions(case)
    readings = tuple(
        case.reading(
            "value",
            value,
            "TWh",
            claimed_low=claimed,
            claimed_high=claimed,
            label=_("version {version}").format(version=version),
        )
        for version, value in best[::-1].items()
    )
    return Outcome(
        readings,
        _(
            "The Cambridge centre is the right publisher of such figures, but none of its versions "
            "gives {claimed} TWh for 2021: {values}."
        ).format(
            claimed=number(claimed),
            values=_(", ").join(f"{number(v, 1)} TWh ({k})" for k, v in best.items()),
        ),
    )


def netherlands_equal(case: Case) -> Outcome:
    claimed = float(case.tables.value("claims", "value_low", claim="world_150twh"))
    dutch = float(case.tables.value("electricity", "demand_twh", place="netherlands", year=2021))
    best = _versions(case)
    asked = {"claimed_low": 100.0, "claimed_high": 100.0}
    readings = (
        case.reading(
            "value",
            100 * claimed / dutch,
            "percent",
            label=_("the article's figure, of Dutch demand"),
            **asked,
        ),
        case.reading(
            "value",
            100 * best.iloc[-1] / dutch,
            "percent",
            lower=100 * best.min() / dutch,
            upper=100 * best.max() / dutch,
            label=_("the index, of Dutch demand"),
            **asked,
        ),
    )
    return Outcome(
        readings,
        _(
            "The Netherlands used {dutch} TWh in 2021. The {claimed} TWh of the article would be "
            "{article} of that; the index for the year is {index}."
        ).format(
            dutch=number(dutch, 1),
            claimed=number(claimed),
            article=percent(readings[0].value, 0),
            index=percent(readings[1].value, 0),
        ),
    )


def cn_70_of_energy(case: Case) -> Outcome:
    shares = case.tables.shares("china", "2019-09-01", "2022-01-01")
    asked = {"threshold": case.low, "side": "over"}
    in_2021 = shares["2021"]
    months = case.tables["index_reference"].set_index("month")
    weight = (months["best_twh"] * months["days"]).reindex(in_2021.index)
    if weight.isna().any():
        gap = weight.index[weight.isna()][0]
        raise Missing(
            _("Table {table} has no {column} on {day}.").format(
                table="index_reference", column="best_twh", day=words.month(pd.Timestamp(gap))
            )
        )
    year = (in_2021 * weight).sum() / weight.sum()
    readings = (
        case.reading(
            "bound", shares.max(), "percent", label=_("highest month on the map"), **asked
        ),
        case.reading("bound", in_2021.max(), "percent", label=_("highest month of 2021"), **asked),
        case.reading("bound", year, "percent", label=_("whole year 2021"), **asked),
    )
    return Outcome(
        readings,
        _(
            "With machines alike everywhere the share of energy is the share of hash rate: {top} "
            "in {month}, but at most {best} in 2021 and {year} over that year."
        ).format(
            top=percent(shares.max(), 1),
            month=words.month(shares.idxmax()),
            best=percent(in_2021.max(), 1),
            year=percent(year, 1),
        ),
    )
