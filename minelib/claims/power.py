# SPDX-License-Identifier: MIT
"""Claims about the electricity that mining used, decided on the Cambridge index.

The interval is the spread of the publisher's own best guesses: what the versions of its model
give for the same year. Its lower and upper bounds are hypothetical and decide nothing.
"""

from minelib.claims.evidence import Case, Missing, outcome, told
from minelib.claims.rules import Outcome
from minelib.words import gettext as _
from minelib.words import number, percent


def _versions(case):
    """Best guess of 2021 by version, the present one last."""
    frame = case.tables["index_yearly"]
    frame = frame[(frame["year"] == 2021) & frame["best_twh"].notna()].sort_values("version")
    if frame.empty:
        sentence = _("Table {table} has no row {row}.")
        raise Missing(sentence, table="index_yearly", row="year = 2021")
    return frame.set_index("version")["best_twh"]


def _claimed_twh(case):
    return float(case.tables.value("claims", "value_low", claim="world_150twh"))


def world_150twh(case: Case) -> Outcome:
    """The index for 2021, in all its versions."""
    best = _versions(case)
    months, rate = case.tables["index_reference"], ""
    months = months[months["month"].dt.year == 2021].set_index("month")["best_twh"]
    if len(months) == 12 and months.notna().all():
        rate = told(
            _("The highest month of 2021, {month}, ran at a rate of {rate} TWh a year."),
            month=months.idxmax(),
            rate=number(months.max(), 0),
        )
    return outcome(
        _(
            "The Cambridge index gives {best} TWh for 2021 in its present version ({version}) and "
            "up to {highest} TWh in earlier ones."
        ),
        case.claimed(best.iloc[-1], "TWh", lower=best.min(), upper=best.max()),
        best=number(best.iloc[-1], 1),
        version=best.index[-1],
        highest=number(best.max(), 1),
        also=rate,
    )


def ccaf_attribution(case: Case) -> Outcome:
    """Each version of the index for 2021."""
    claimed, best = _claimed_twh(case), _versions(case)
    readings = (
        case.reading(
            "value", value, "TWh", claimed=claimed, label=told(_("version {version}"), version=name)
        )
        for name, value in best[::-1].items()
    )
    return outcome(
        _(
            "The Cambridge centre is the right publisher of such figures, but none of its versions "
            "gives {claimed} TWh for 2021: {values}."
        ),
        *readings,
        claimed=number(claimed),
        values=_(", ").join(f"{number(v, 1)} TWh ({k})" for k, v in best.items()),
    )


def netherlands_equal(case: Case) -> Outcome:
    """The article's figure and the index over the demand of the Netherlands."""
    claimed = _claimed_twh(case)
    dutch = float(case.tables.value("electricity", "demand_twh", place="netherlands", year=2021))
    article, index = 100 * claimed / dutch, 100 * _versions(case) / dutch
    interval = {"lower": index.min(), "upper": index.max()}
    figure, versions = _("the article's figure, of Dutch demand"), _("the index, of Dutch demand")
    return outcome(
        _(
            "The Netherlands used {dutch} TWh in 2021. The {claimed} TWh of the article would be "
            "{article} of that; the index for the year is {index}."
        ),
        case.reading("value", article, claimed=100.0, label=figure),
        case.reading("value", index.iloc[-1], claimed=100.0, label=versions, **interval),
        dutch=number(dutch, 1),
        claimed=number(claimed),
        article=percent(article, 0),
        index=percent(index.iloc[-1], 0),
    )


def cn_70_of_energy(case: Case) -> Outcome:
    """China's share of the energy, by month and over 2021."""
    shares = case.tables.shares("china", "2019-09-01", "2022-01-01")
    in_2021 = shares["2021"]
    months = case.tables["index_reference"].set_index("month")
    weight = (months["best_twh"] * months["days"]).reindex(in_2021.index)
    for gap in weight.index[weight.isna()]:
        sentence = _("Table {table} has no {column} on {day}.")
        raise Missing(sentence, table="index_reference", column="best_twh", day=gap)
    year = (in_2021 * weight).sum() / weight.sum()
    return outcome(
        _(
            "With machines alike everywhere the share of energy is the share of hash rate: {top} "
            "in {month}, but at most {best} in 2021 and {year} over that year."
        ),
        case.over(shares.max(), label=_("highest month on the map")),
        case.over(in_2021.max(), label=_("highest month of 2021")),
        case.over(year, label=_("whole year 2021")),
        top=shares.max(),
        month=shares.idxmax(),
        best=in_2021.max(),
        year=year,
    )
