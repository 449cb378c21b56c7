# SPDX-License-Identifier: MIT
"""The answers of the crackdown in sentences made from the estimates."""

from itertools import combinations

import pandas as pd

from minelib import words
from minelib.catalog import columns
from minelib.checks.door import Lang
from minelib.errors import BadInput
from minelib.html import render
from minelib.impact.result import Effect, told
from minelib.impact.staged import STAGES
from minelib.words import gettext as _

__all__ = ["Answer", "answer"]


class Answer(list):
    """Sentences, shown in a notebook as paragraphs."""

    def __repr__(self):
        return "\n".join(self)

    def _repr_html_(self):
        return render("{% for each in told %}<p>{{ each }}</p>{% endfor %}", told=self)


def answer(
    effect: Effect,
    breaks: pd.DataFrame,
    stages: pd.DataFrame,
    lang: Lang | None = None,
    sizes: pd.DataFrame | None = None,
) -> Answer:
    """How large, when, which stage, when recovered: one sentence each.

    Parameters
    ----------
    effect : Effect
    breaks : pandas.DataFrame
        Of `breakpoints`; the largest fall is told.
    stages : pandas.DataFrame
        Of `stages`.
    lang : {"en", "zh"} or None
    sizes : pandas.DataFrame, optional
        The change by several methods over several spans, told first: ``method``, ``days``,
        ``change_pct``, ``lower_pct``, ``upper_pct``. One sentence a method, and one for each two
        whose intervals do not meet over the same days.

    Returns
    -------
    Answer
        A list of str.

    Raises
    ------
    BadInput
        A column is missing.

    Examples
    --------
    >>> from minelib.impact import breakpoints, effect, stages
    >>> told = answer(effect("2021-05-21", covariates=()), breakpoints(n_boot=99),
    ...               stages(["2021-09-24"], n_placebo=19, covariates=()), "en")
    >>> len(told)
    4
    """
    try:
        found = [] if sizes is None else _told_sizes(sizes, lang)
        found += [_told_break(breaks, lang), effect.sentence(lang)]
        found += [_told_stage(row, effect.level, lang) for row in stages.to_dict("records")]
    except KeyError as error:
        lacking = _("The table lacks the column {name!r}.").format(name=error.args[0])
        raise BadInput(lacking) from None
    recovered = _("The level from before was not lost, or not regained within the data.", lang)
    day, lower, upper = effect.recovery
    if day is not pd.NaT:
        recovered = _(
            "The level from before was back in the period from {date} (interval: {lower} to "
            "{upper}).",
            lang,
        )
    return Answer([*found, told(recovered, lang, date=day, lower=lower, upper=upper)])


def _told_sizes(sizes, lang):
    names = {key: columns.value("method", key, lang) for key in sizes["method"].unique()}
    each = _("{size} ({lower} to {upper}) in {days} days", lang)
    apart = _(
        "Over {days} days two methods disagree, {one} and {other}: their intervals do not meet.",
        lang,
    )
    said = {key: [] for key in names}
    for row in sizes.to_dict("records"):
        phrase = told(each, lang, 1, **_sized(row, "change_pct"), days=row["days"])
        said[row["method"]].append(phrase)
    found = [
        _("{method}: {sizes}.", lang).format(
            method=names[key][:1].upper() + names[key][1:], sizes=_("; ", lang).join(phrases)
        )
        for key, phrases in said.items()
    ]
    for one, other in combinations(sizes.to_dict("records"), 2):
        gap = max(one["lower_pct"], other["lower_pct"]) - min(one["upper_pct"], other["upper_pct"])
        if one["days"] == other["days"] and gap > 0:
            pair = {"one": names[one["method"]], "other": names[other["method"]]}
            found.append(apart.format(days=one["days"], **pair))
    return found


def _sized(row, size):
    """A size with its bounds, from the columns of a row."""
    return {"size": row[size], "lower": row["lower_pct"], "upper": row["upper_pct"]}


def _told_break(breaks, lang):
    falls = breaks[breaks["change_pct"] < 0]
    if falls.empty:
        return _(
            "No fall of the hash rate stands out as a break at this frequency and in this window.",
            lang,
        )
    row = falls.loc[falls["change_pct"].idxmin()]
    sentence = _(
        "The largest fall of the hash rate began in the period from {date} (interval: {first} to "
        "{last}) and changed its level by {size} ({lower} to {upper}).",
        lang,
    )
    days = {"date": row["date"], "first": row["lower_date"], "last": row["upper_date"]}
    return told(sentence, lang, **days, **_sized(row, "change_pct"))


def _told_stage(row, level, lang):
    day, name = words.date(row["date"], lang), row["stage"]
    if name == str(row["date"].date()):  # its only name, where the caller gave none
        name = day
    else:
        label = _(STAGES[name][1], lang) if name in STAGES else name
        name = _("{stage} ({date})", lang).format(stage=label, date=day)
    if not row["lower_pct"] <= 0 <= row["upper_pct"] and row["placebo_p"] <= 1 - level + 1e-9:
        sentence = _(
            "{stage}: the hash rate stood {size} ({lower} to {upper}) from its "
            "forecast in the weeks after it; placebos rarely show as much (p = {p}).",
            lang,
        )
    else:
        sentence = _(
            "{stage}: no effect beyond chance was seen, {size} ({lower} to "
            "{upper}; p = {p}); a fall of less than {least} would probably have been "
            "missed.",
            lang,
        )
    least = words.percent(row["minimum_detectable_pct"], 0, lang)
    p = words.number(row["placebo_p"], 2, lang)
    return told(sentence, lang, stage=name, least=least, p=p, **_sized(row, "effect_pct"))
