# SPDX-License-Identifier: MIT
"""Claims about the electricity that mining used, decided on the Cambridge index.

The interval is the spread of the publisher's own best guesses: what the versions of its model
give for the same year, or what its page showed on the days around the value claimed. Its lower
and upper bounds are hypothetical and decide nothing.
"""

from minelib import words
from minelib.claims.declared import Facts
from minelib.claims.evidence import Case, Missing, rounding
from minelib.words import gettext as _, number


def world_150twh(case: Case) -> Facts:
    """The highest month of 2021, where the table has all of them."""
    months = case.tables["index_reference"]
    months = months[months["month"].dt.year == 2021].set_index("month")["best_twh"]
    if len(months) != 12 or months.isna().any():
        return {}
    return {"month": months.idxmax(), "rate": months.max()}


def _claimed_twh(case):
    return float(case.tables.value("claims", "value_low", claim="world_150twh"))


def ccaf_attribution(case: Case) -> Facts:
    """What the centre gave: for the year by version, and on its page by day."""
    best = case.tables.series("index_year", year=2021)
    page = case.tables.series("index_page", "2021-05")
    shown = (f"{number(v, 1)} ({words.date(day)})" for day, v in page.items())
    return {
        "claimed": _claimed_twh(case),
        "values": _(", ").join(f"{number(v, 1)} TWh ({k})" for k, v in best.items()),
        "shown": _(", ").join(shown),
    }


def netherlands_equal(case: Case) -> Facts:
    """The article's figure and the index over the demand of the Netherlands."""
    claimed = _claimed_twh(case)
    (place,) = case.named
    dutch = float(case.tables.value("electricity", "demand_twh", place=place, year=2021))
    article, index = 100 * claimed / dutch, case.tables.series("index_year", year=2021)
    index = 100 * index / dutch
    half = 100 * rounding(claimed) / dutch
    return {
        "dutch": dutch,
        "claimed": claimed,
        "article": (article, article - half, article + half),
        "index": (index.iloc[-1], index.min(), index.max()),
    }


def cn_70_of_energy(case: Case) -> Facts:
    """China's share of the energy over 2021."""
    shares = case.tables.series("country_share", "2021", place="china")
    months = case.tables["index_reference"].set_index("month")
    weight = (months["best_twh"] * months["days"]).reindex(shares.index)
    for gap in weight.index[weight.isna()]:
        sentence = _("Table {table} has no {column} on {day}.")
        raise Missing(sentence, table="index_reference", column="best_twh", day=gap)
    year, revision = (shares * weight).sum() / weight.sum(), case.tables.revision_pp()
    return {"year": (year, year - revision, year + revision)}
