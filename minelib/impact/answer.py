# SPDX-License-Identifier: MIT
"""The four answers of the crackdown in sentences made from the estimates."""

import pandas as pd

from minelib import words
from minelib.impact.staged import STAGES
from minelib.words import gettext as _

__all__ = ["Answer", "answer"]


class Answer(list):
    """Sentences, shown in a notebook as paragraphs."""

    def __repr__(self):
        return "\n".join(self)

    def _repr_html_(self):
        from html import escape

        return "".join(f"<p>{escape(sentence)}</p>" for sentence in self)


def answer(effect, breaks, stages, lang=None):
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

    Examples
    --------
    >>> from minelib.impact import breakpoints, effect, stages
    >>> told = answer(effect("2021-05-21", covariates=()), breakpoints(n_boot=99),
    ...               stages(["2021-09-24"], n_placebo=19, covariates=()), "en")
    >>> len(told)
    4
    """
    return Answer(
        [
            _told_break(breaks, lang),
            effect.sentence(lang),
            *(_told_stage(row, effect.level, lang) for row in stages.itertuples()),
            _told_recovery(effect, lang),
        ]
    )


def _told_break(breaks, lang):
    falls = breaks[breaks["change_pct"] < 0]
    if falls.empty:
        return _(
            "No fall of the hash rate stands out as a break at this frequency and in this window.",
            lang,
        )
    row = falls.loc[falls["change_pct"].idxmin()]
    return _(
        "The largest fall of the hash rate began in the period from {date} (interval: {lower} to "
        "{upper}) and took away {size} ({small} to {large}).",
        lang,
    ).format(
        date=words.date(row["date"], lang),
        lower=words.date(row["lower_date"], lang),
        upper=words.date(row["upper_date"], lang),
        size=words.percent(-row["change_pct"], 0, lang),
        small=words.percent(-row["upper_pct"], 0, lang),
        large=words.percent(-row["lower_pct"], 0, lang),
    )


def stage_name(row, label=None, lang=None):
    """A stage with its day, which is its only name where the caller gave none.

    Parameters
    ----------
    row : namedtuple
        Of `stages`.
    label : str or None
        Its name in the language; None takes the caller's.
    lang : {"en", "zh"} or None
    """
    day = words.date(row.date, lang)
    if label is None and row.stage == str(row.date.date()):
        return day
    return _("{stage} ({date})", lang).format(stage=label or row.stage, date=day)


def _told_stage(row, level, lang):
    label = STAGES.get(row.stage, (None, None))[1]
    phrase = {
        "stage": stage_name(row, _(label, lang) if label else None, lang),
        "size": words.percent(row.effect_pct, 0, lang, signed=True),
        "lower": words.percent(row.lower_pct, 0, lang, signed=True),
        "upper": words.percent(row.upper_pct, 0, lang, signed=True),
        "least": words.percent(row.minimum_detectable_pct, 0, lang),
        "p": words.number(row.placebo_p, 2, lang),
    }
    seen = not row.lower_pct <= 0 <= row.upper_pct
    if seen and row.placebo_p <= 1 - level + 1e-9:
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
    return sentence.format(**phrase)


def _told_recovery(effect, lang):
    day, lower, upper = effect.recovery
    if day is pd.NaT:
        return _("The level from before was not lost, or not regained within the data.", lang)
    return _(
        "The level from before was back in the period from {date} (interval: {lower} to {upper}).",
        lang,
    ).format(
        date=words.date(day, lang),
        lower="–" if lower is pd.NaT else words.date(lower, lang),
        upper="–" if upper is pd.NaT else words.date(upper, lang),
    )
