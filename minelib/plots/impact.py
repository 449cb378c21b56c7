# SPDX-License-Identifier: MIT
"""Figures of the crackdown: breaks, counterfactual, stages, placebos."""

import numpy as np
import pandas as pd
from matplotlib import dates as mdates

from minelib import text
from minelib.impact.answer import stage_name
from minelib.plots.style import (
    date_axis,
    event_lines,
    figure,
    log_axis,
    number_axis,
    place_colour,
    time_axis,
)
from minelib.text import N_
from minelib.text import gettext as _

__all__ = ["breaks", "counterfactual", "cumulative", "placebos", "retargets", "stages", "variants"]

_OBSERVED, _EXPECTED, _GREY = place_colour("world"), place_colour("usa"), "#8c8c8c"
_ALARM = place_colour("china")


@figure(
    tables=("network_daily", "events"),
    alt=N_("Hash rate on a logarithmic scale with the breaks found and the intervals of their "
           "dates."),
)  # fmt: skip
def breaks(fig, series, found):
    """Where the breaks lie.

    Parameters
    ----------
    series : pandas.Series
        Hash rate in EH/s by date.
    found : pandas.DataFrame
        As `minelib.impact.breakpoints` gives it.

    Returns
    -------
    Chart
    """
    ax = fig.subplots()
    ax.plot(series.index, series, color=_OBSERVED, linewidth=1.2)
    log_axis(ax)
    ax.set_ylabel(_("Hash rate (EH/s)"))
    ax.set_title(_("Breaks in the hash rate, with the intervals of their dates"))
    bottom, top = ax.get_ylim()
    ax.set_ylim(bottom, top * 1.25)
    for i, row in enumerate(found.itertuples()):
        least = row.lower_date - pd.Timedelta(days=3), row.upper_date + pd.Timedelta(days=3)
        ax.axvspan(*least, color=_ALARM, alpha=0.25, linewidth=0)
        ax.axvline(row.date, color=_ALARM, linewidth=1.2)
        ax.annotate(
            text.percent(row.change_pct, 0, signed=True), (least[0], 0.03 + 0.07 * (i % 2)),
            xycoords=("data", "axes fraction"), xytext=(-4, 0), textcoords="offset points",
            ha="right", fontsize=9, color=_ALARM, fontweight="bold",
        )  # fmt: skip
    time_axis(ax, series.index[0], series.index[-1])
    if not len(found):
        return _("Hash rate on a logarithmic scale. No break was found.")
    return _("Hash rate on a logarithmic scale. Breaks found: {breaks}.").format(
        breaks="; ".join(
            f"{text.date(r.date)} ({text.percent(r.change_pct, 0, signed=True)})"
            for r in found.itertuples()
        )
    )


@figure(
    tables=("network_daily", "machines", "events"),
    alt=N_("Two charts with a common time axis: observed hash rate and counterfactual with its "
           "interval, and the difference in percent."),
    size=(8.5, 6.2),
)  # fmt: skip
def counterfactual(fig, series, intervention, label=None, since=None):
    """Observed and counterfactual above, their difference in percent below.

    Parameters
    ----------
    series : pandas.DataFrame
        As ``Effect.series()`` gives it.
    intervention : date-like
    label : str or None
        Axis label with unit, in the language; None for the hash rate.
    since : date-like or None
        First date shown; None shows a year before the intervention.

    Returns
    -------
    Chart
    """
    start = pd.Timestamp(intervention)
    series = series.loc[since or start - pd.Timedelta(days=365) :]
    after = series[series["counterfactual"].notna()]
    top, bottom = fig.subplots(2, 1, sharex=True, height_ratios=(3, 2))
    top.fill_between(after.index, after["lower"], after["upper"], color=_EXPECTED, alpha=0.22,
                     linewidth=0, label=_("its interval"))  # fmt: skip
    top.plot(after.index, after["counterfactual"], color=_EXPECTED, linewidth=1.6,
             linestyle=(0, (5, 2)), label=_("counterfactual"))  # fmt: skip
    top.plot(series.index, series["observed"], color=_OBSERVED, linewidth=1.4,
             label=_("observed"))  # fmt: skip
    top.set_ylim(bottom=min(0, series["observed"].min()))
    high = max(series["observed"].max(), after["counterfactual"].max())
    top.set_ylim(top=min(after["upper"].max() * 1.03, high * 1.9))
    top.set_ylabel(label or _("Hash rate (EH/s)"))
    top.set_title(_("What was seen, and what the past alone would have led to"))
    top.legend(loc="upper left")
    bottom.fill_between(after.index, after["effect_lower_pct"], after["effect_upper_pct"],
                        color=_ALARM, alpha=0.2, linewidth=0)  # fmt: skip
    bottom.plot(after.index, after["effect_pct"], color=_ALARM, linewidth=1.6)
    bottom.axhline(0, color=_GREY, linewidth=0.8)
    bottom.set_ylim(max(-100, after["effect_lower_pct"].min() - 8),
                    min(after["effect_upper_pct"].max() + 8, 110))  # fmt: skip
    bottom.set_ylabel(_("Effect (%)"))
    bottom.set_title(_("Difference from the counterfactual"))
    top.set_xlim(series.index[0], series.index[-1])
    event_lines(top, level=0.2)
    event_lines(bottom, labels=False)
    date_axis(bottom)
    low = after.loc[after["effect_pct"].abs().idxmax()]
    return _(
        "Two charts: the observed series, from {start} on beside its counterfactual, and their "
        "difference, which is largest in the period from {date}, {effect} ({lower} to {upper})."
    ).format(
        start=text.date(start), date=text.date(low.name),
        effect=text.percent(low["effect_pct"], 0),
        lower=text.percent(low["effect_lower_pct"], 0),
        upper=text.percent(low["effect_upper_pct"], 0),
    )  # fmt: skip


@figure(
    tables=("network_daily", "machines", "events"),
    alt=N_("Cumulated difference between observed hash rate and counterfactual with its interval."),
)
def cumulative(fig, series, label=None):
    """The effect summed over days.

    Parameters
    ----------
    series : pandas.DataFrame
        As ``Effect.series()`` gives it.
    label : str or None
        Axis label with unit, in the language; None for the hash rate.

    Returns
    -------
    Chart
    """
    after = series[series["cumulative"].notna()]
    ax = fig.subplots()
    ax.fill_between(after.index, after["cumulative_lower"], after["cumulative_upper"],
                    color=_ALARM, alpha=0.2, linewidth=0)  # fmt: skip
    ax.plot(after.index, after["cumulative"], color=_ALARM, linewidth=1.8)
    ax.axhline(0, color=_GREY, linewidth=0.8)
    number_axis(ax.yaxis)
    ax.set_ylabel(label or _("Cumulated effect (EH/s × days)"))
    ax.set_title(_("Effect summed since the intervention"))
    time_axis(ax, after.index[0], after.index[-1], level=0.2)
    last = after.iloc[-1]
    return _("The summed effect reaches {value} ({lower} to {upper}) by {date}.").format(
        value=text.number(last["cumulative"], 0), lower=text.number(last["cumulative_lower"], 0),
        upper=text.number(last["cumulative_upper"], 0), date=text.date(after.index[-1]),
    )  # fmt: skip


@figure(
    tables=("network_daily", "machines"),
    alt=N_("Effect of each stage with its interval, and the band of falls too small to be seen."),
    size=(8.0, 3.6),
)
def stages(fig, frame, names=None):
    """What each stage added, beside what could have been seen.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `minelib.impact.stages` gives it.
    names : dict or None
        Stage to name in English, marked with ``N_``; None shows the stages' own names.

    Returns
    -------
    Chart
    """
    ax = fig.subplots()
    names = names or {}
    labels = [
        f"{_(names[r.stage])}\n{text.date(r.date)}" if r.stage in names else stage_name(r)
        for r in frame.itertuples()
    ]
    y = np.arange(len(frame))[::-1]
    least = frame["minimum_detectable_pct"]
    ax.barh(y, least, left=-least, height=0.62, color="#e4e4e4",
            label=_("too small to be seen"))  # fmt: skip
    ax.errorbar(
        frame["effect_pct"], y, fmt="o", color=_ALARM, markersize=7, capsize=4, linewidth=1.8,
        xerr=[frame["effect_pct"] - frame["lower_pct"], frame["upper_pct"] - frame["effect_pct"]],
        label=_("effect with its interval"),
    )  # fmt: skip
    for row, at in zip(frame.itertuples(), y, strict=True):
        ax.annotate(
            f"p = {text.number(row.placebo_p, 2)}", (1.0, at), xycoords=("axes fraction", "data"),
            xytext=(-4, 0), textcoords="offset points", ha="right", va="center", fontsize=9,
            color="#444444",
        )  # fmt: skip
    ax.axvline(0, color=_GREY, linewidth=0.8)
    ax.set_yticks(y, labels)
    ax.set_ylim(-0.6, len(frame) - 0.4)
    left = min(frame["lower_pct"].min(), -least.max())
    right = max(frame["upper_pct"].max(), least.max())
    room = (right - left) / 16
    ax.set_xlim(left - room, right + 3 * room)  # on the right stand the p-values
    ax.set_xlabel(_("Added to the level expected without it (%)"))
    ax.set_title(_("What each stage added after the ones before"))
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.22), ncols=2, frameon=False)
    ax.grid(axis="y", visible=False)
    return "; ".join(
        _("{stage}: {effect} ({lower} to {upper})").format(
            stage=_(names[r.stage]) if r.stage in names else stage_name(r),
            effect=text.percent(r.effect_pct, 0),
            lower=text.percent(r.lower_pct, 0), upper=text.percent(r.upper_pct, 0),
        )
        for r in frame.itertuples()
    )  # fmt: skip


@figure(
    tables=("network_daily", "machines"),
    alt=N_("Histogram of the effects found at days without an intervention, with the effect of "
           "the intervention as a line."),
)  # fmt: skip
def placebos(fig, in_time, score):
    """Pseudo-effects in units of their standard errors, and the real one among them.

    Parameters
    ----------
    in_time : pandas.DataFrame
        As ``Placebo.in_time``.
    score : float
        Of the effect itself.

    Returns
    -------
    Chart
    """
    ax = fig.subplots()
    scores = in_time["score"]
    edge = float(np.ceil(2 * max(scores.abs().max(), abs(score), 3)) / 2)
    ax.hist(scores, bins=np.arange(-edge, edge + 0.26, 0.25), color="#b8b8b8", edgecolor="white",
            linewidth=0.5, label=_("days without an intervention"))  # fmt: skip
    ax.axvline(score, color=_ALARM, linewidth=2.2, label=_("the intervention"))
    ax.set_xlabel(_("Effect in units of its standard error"))
    ax.set_ylabel(_("Pseudo-interventions"))
    ax.set_title(_("The same method on days when nothing happened"))
    ax.legend(loc="upper right")
    larger = int((scores.abs() >= abs(score)).sum())
    return _("{larger} of {n} pseudo-interventions lie as far from zero as the real one.").format(
        larger=larger, n=len(scores)
    )


@figure(
    tables=("network_daily", "machines"),
    alt=N_("The effect under other choices of the method, each with its interval."),
    size=(8.0, 4.4),
)
def variants(fig, frame, names=None):
    """The effect under other choices.

    Parameters
    ----------
    frame : pandas.DataFrame
        As ``Placebo.variants``.
    names : dict or None
        Names of the covariates in English, marked with ``N_``.

    Returns
    -------
    Chart
    """
    ax = fig.subplots()
    names = names or {}
    checks = {
        "as estimated": _("as estimated"),
        "covariate left out": _("without: {what}"),
        "donut": _("days left out on both sides: {what}"),
        "training window": _("training days: {what}"),
    }
    y = np.arange(len(frame))[::-1]
    labels = [
        checks[r.check].format(
            what=_("all covariates")
            if r.variant == "all"
            else _(names.get(r.variant, r.variant)).removesuffix(" days")
        )
        for r in frame.itertuples()
    ]
    first = frame.iloc[0]
    ax.axvspan(first["lower_pct"], first["upper_pct"], color=_ALARM, alpha=0.1, linewidth=0)
    ax.errorbar(
        frame["effect_pct"], y, fmt="o", color=_ALARM, markersize=6, capsize=3, linewidth=1.5,
        xerr=[frame["effect_pct"] - frame["lower_pct"], frame["upper_pct"] - frame["effect_pct"]],
    )  # fmt: skip
    ax.axvline(0, color=_GREY, linewidth=0.8)
    ax.set_yticks(y, labels)
    ax.set_xlabel(_("Mean effect (%)"))
    ax.set_title(_("The same effect under other choices"))
    ax.grid(axis="y", visible=False)
    return _("Estimates range from {low} to {high}.").format(
        low=text.percent(frame["effect_pct"].min(), 0),
        high=text.percent(frame["effect_pct"].max(), 0),
    )


@figure(
    tables=("difficulty_epochs", "events"),
    alt=N_("Bars of the change of difficulty at each retarget."),
)
def retargets(fig, epochs):
    """The change of difficulty at each retarget.

    Parameters
    ----------
    epochs : pandas.DataFrame
        Rows of table ``difficulty_epochs``: ``start_date``, ``change_pct``.

    Returns
    -------
    Chart
    """
    ax = fig.subplots()
    down = epochs["change_pct"] < 0
    ax.bar(epochs["start_date"], epochs["change_pct"], width=9,
           color=np.where(down, _ALARM, "#9db8cf"))  # fmt: skip
    low = epochs.loc[epochs["change_pct"].idxmin()]
    ax.annotate(
        f"{text.percent(low['change_pct'], 2)}\n{text.date(low['start_date'])}",
        (mdates.date2num(low["start_date"]), low["change_pct"]), xytext=(-8, 2),
        textcoords="offset points", ha="right", va="bottom", fontsize=9, color=_ALARM,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0}, zorder=5,
    )  # fmt: skip
    ax.axhline(0, color=_GREY, linewidth=0.8)
    ax.set_ylabel(_("Change of difficulty (%)"))
    ax.set_title(_("How the chain itself recorded it: retargets"))
    days, room = epochs["start_date"], pd.Timedelta(days=14)
    time_axis(ax, days.iloc[0] - room, days.iloc[-1] + room)
    return _("Largest fall: {change} on {date}.").format(
        change=text.percent(low["change_pct"], 2), date=text.date(low["start_date"])
    )
