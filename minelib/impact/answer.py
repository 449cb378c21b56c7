# SPDX-License-Identifier: MIT
"""The four answers of the crackdown in sentences made from the estimates."""

import pandas as pd

from minelib import words
from minelib.checks.door import Lang
from minelib.errors import BadInput
from minelib.html import render
from minelib.impact.result import Effect, dates, percentages
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
    effect: Effect, breaks: pd.DataFrame, stages: pd.DataFrame, lang: Lang | None = None
) -> Answer:
    """When, how large, which stage, when recovered: one sentence each.

    Parameters
    ----------
    effect : Effect
    breaks : pandas.DataFrame
        Of `breakpoints`; the largest fall is told.
    stages : pandas.DataFrame
        Of `stages`.
    lang : {"en", "zh"} or None

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
        found = [_told_break(breaks, lang), effect.sentence(lang)]
        found += [_told_stage(row, effect.level, lang) for row in stages.to_dict("records")]
    except KeyError as error:
        lacking = _("The table lacks the column {name!r}.").format(name=error.args[0])
        raise BadInput(lacking) from None
    day, lower, upper = effect.recovery
    recovered = _("The level from before was not lost, or not regained within the data.", lang)
    if day is not pd.NaT:
        recovered = _(
            "The level from before was back in the period from {date} (interval: {lower} to "
            "{upper}).",
            lang,
        ).format(**dates(lang, date=day, lower=lower, upper=upper))
    return Answer([*found, recovered])


def _told_break(breaks, lang):
    falls = breaks[breaks["change_pct"] < 0]
    if falls.empty:
        return _(
            "No fall of the hash rate stands out as a break at this frequency and in this window.",
            lang,
        )
    row = falls.loc[falls["change_pct"].idxmin()]
    sizes = {"size": "change_pct", "small": "upper_pct", "large": "lower_pct"}
    return _(
        "The largest fall of the hash rate began in the period from {date} (interval: {lower} to "
        "{upper}) and took away {size} ({small} to {large}).",
        lang,
    ).format(
        **dates(lang, date=row["date"], lower=row["lower_date"], upper=row["upper_date"]),
        **{name: words.percent(-row[column], 0, lang) for name, column in sizes.items()},
    )


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
    sizes = {"size": row["effect_pct"], "lower": row["lower_pct"], "upper": row["upper_pct"]}
    return sentence.format(
        stage=name,
        **percentages(lang, 0, **sizes),
        least=words.percent(row["minimum_detectable_pct"], 0, lang),
        p=words.number(row["placebo_p"], 2, lang),
    )
