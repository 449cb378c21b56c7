# SPDX-License-Identifier: MIT
"""Figures of the crackdown: a counterfactual with its gap, what each stage added, placebos."""

import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from minelib import words
from minelib.catalog import columns
from minelib.checks import as_day
from minelib.checks.door import Day
from minelib.figures.marks import GREY, axes, band, percents, rows
from minelib.impact.placebos import Placebo
from minelib.impact.result import Effect
from minelib.style import needs, place_colour
from minelib.words import gettext as _

__all__ = ["counterfactual", "placebos", "stages"]

_OBSERVED, _EXPECTED, _EFFECT = map(place_colour, ("world", "usa", "china"))


def counterfactual(
    effect: Effect | pd.DataFrame, ax: Axes | None = None, since: Day | None = None
) -> Figure | Axes:
    """Observed and counterfactual with its band, and their difference in percent below.

    Parameters
    ----------
    effect : Effect or pandas.DataFrame
        As `minelib.impact.effect` returns it, or its ``series()``.
    ax : matplotlib.axes.Axes or None
        Axes that take the upper panel alone; None draws a figure of both.
    since : date-like or None
        First day shown; None shows a year before the intervention.

    Returns
    -------
    matplotlib Figure or Axes
        The Axes where one was given.
    """
    series = effect.series() if isinstance(effect, Effect) else effect
    needs(series, "observed", "counterfactual", "lower", "upper")
    first = series["counterfactual"].first_valid_index()
    start = as_day("since", first if since is None else since)
    series = series.loc[start - pd.Timedelta(days=365 if since is None else 0) :]
    after = series.dropna(subset="counterfactual")
    if ax is not None:
        return _levels(ax, series, after)
    needs(series, "effect_pct", "effect_lower_pct", "effect_upper_pct")
    shape = {"height_ratios": (3, 2), "figsize": (8.5, 5.6)}
    figure, (top, bottom) = plt.subplots(2, 1, sharex=True, **shape)
    _levels(top, series, after).set(xlabel="", xlim=series.index[[0, -1]])
    band(bottom, after, "effect_lower_pct", "effect_upper_pct", color=_EFFECT)
    bottom.plot(after["effect_pct"], color=_EFFECT)
    bottom.axhline(0, color=GREY, linewidth=0.8)
    low, high = after["effect_lower_pct"].min() - 8, after["effect_upper_pct"].max() + 8
    bottom.set(xlabel="date", ylabel="effect_pct", ylim=(max(-100, low), min(high, 110)))
    most = after.iloc[after["effect_pct"].abs().argmax()]
    named = {"effect": "effect_pct", "lower": "effect_lower_pct", "upper": "effect_upper_pct"}
    figure._minelib_alt = _(
        "Two charts: the observed series, from {start} on beside its counterfactual, and their "
        "difference, which is largest in the period from {date}, {effect} ({lower} to {upper})."
    ).format(start=words.date(first), date=words.date(most.name), **percents(most, 0, **named))
    return figure


def _levels(ax, series, after):
    """Observed and counterfactual in the unit of the series."""
    alone = not ax.has_data()
    observed, expected = (columns.label(c, unit=False) for c in ("observed", "counterfactual"))
    ax.plot(series["observed"], color=_OBSERVED, zorder=3, label=observed)
    ax.plot(after["counterfactual"], "--", color=_EXPECTED, label=expected)
    band(ax, after, "lower", "upper", color=_EXPECTED, label=_("its interval"))
    if alone:
        # the end of a band that has become very wide would leave no room for the rest
        most = 1.9 * series[["observed", "counterfactual"]].max(axis=None)
        ax.set_ylim(min(0, series["observed"].min()), min(1.03 * after["upper"].max(), most))
    name = columns.value("series", series.attrs.get("name") or columns.label("observed"))
    unit = series.attrs.get("unit")
    ax.set_ylabel(_("{name} ({unit})").format(name=name, unit=_(unit)) if unit else name)
    ax.set_xlabel(columns.label("date"))
    ax.legend()
    return ax


def stages(frame: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """What each stage added, beside what could have been seen.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `minelib.impact.stages` returns it.
    ax : matplotlib.axes.Axes or None
        None draws a new figure.

    Returns
    -------
    matplotlib Axes
    """
    effect, lower, upper, least = "effect_pct", "lower_pct", "upper_pct", "minimum_detectable_pct"
    needs(frame, "stage", "date", effect, lower, upper, least, "placebo_p")
    ax = axes(ax, 8, max(2.4, 1.4 + 0.6 * len(frame)))
    frame = frame.reset_index(drop=True).fillna({least: 0.0})  # no room for placebos
    unseen = {"color": "#e4e4e4", "label": _("too small to be seen")}
    ax.barh(frame.index, frame[least], left=-frame[least], height=0.62, **unseen)
    seen = {"fmt": "o", "color": _EFFECT, "capsize": 4, "label": _("effect with its interval")}
    whiskers = [frame[effect] - frame[lower], frame[upper] - frame[effect]]
    ax.errorbar(frame[effect], frame.index, xerr=whiskers, **seen)
    ax.axvline(0, color=GREY, linewidth=0.8)
    names, said = [], []
    right = {"ha": "right", "va": "center", "fontsize": 9, "transform": ax.get_yaxis_transform()}
    for at, row in frame.iterrows():
        ax.text(1.0, at, f"p = {words.number(row['placebo_p'], 2)}", **right)
        name = f"{columns.value('stage', row['stage'])}\n{words.date(row['date'])}"
        names.append(name.removeprefix(f"{row['date']:%Y-%m-%d}\n"))  # a day of the reader's own
        phrase = {"stage": names[-1].split("\n")[0]}
        phrase |= percents(row, effect=effect, lower=lower, upper=upper)
        said.append(_("{stage}: {effect} ({lower} to {upper})").format(**phrase))
    rows(ax, names)
    left, end = ax.get_xlim()
    ax.set_xlim(left, end + (end - left) / 7)  # there stand the p-values
    ax.set_xlabel(_("Added to the level expected without it (%)"))
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.2), ncols=2)
    ax.figure._minelib_alt = _("; ").join(said)
    return ax


def placebos(placebo: Placebo, ax: Axes | None = None) -> Axes:
    """Pseudo-effects in units of their standard errors, and the real one among them.

    Parameters
    ----------
    placebo : Placebo
        As `minelib.impact.placebo` returns it.
    ax : matplotlib.axes.Axes or None
        None draws a new figure.

    Returns
    -------
    matplotlib Axes
    """
    scores, own = placebo.in_time["score"], placebo.effect.score
    ax = axes(ax)
    ax.hist(scores, bins=20, color="#b8b8b8", label=_("days without an intervention"))
    ax.axvline(own, color=_EFFECT, linewidth=2.2, label=_("the intervention"))
    ax.set_xlabel(_("Effect in units of its standard error"))
    ax.set_ylabel(_("Pseudo-interventions"))
    ax.legend()
    larger = int((scores.abs() >= abs(own)).sum())
    said = _("{larger} of {n} pseudo-interventions lie as far from zero as the real one.")
    ax.figure._minelib_alt = said.format(larger=larger, n=len(scores))
    return ax
