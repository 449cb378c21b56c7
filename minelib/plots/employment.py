# SPDX-License-Identifier: MIT
"""Figures of the employment estimate: stages, the claim beside them, and drivers."""

import numpy as np

from minelib import text
from minelib.plots.style import figure, place_colour
from minelib.text import N_
from minelib.text import gettext as _

__all__ = ["drivers", "needed", "stages"]


def _thousands(axis):
    axis.set_major_formatter(lambda v, _p: text.number(v))
    axis.set_minor_formatter("")


@figure(
    tables=("employment_parameters", "network_daily", "country_share"),
    alt=N_("Intervals of the people in mining by group, and the article's claim."),
    size=(8.0, 4.4),
)
def stages(fig, table, claimed=None):
    """People by group with their intervals, and the claim.

    Parameters
    ----------
    table : pandas.DataFrame
        As ``minelib.employment.Estimate.table`` gives it.
    claimed : tuple of float or None
        Lower and upper number claimed, in persons.

    Returns
    -------
    Chart
    """
    people = table[table["unit"] == "persons"].iloc[::-1].reset_index(drop=True)
    ax = fig.subplots()
    if claimed is not None:
        ax.axvspan(*claimed, color="#b2182b", alpha=0.18, linewidth=0)
        ax.text(np.sqrt(claimed[0] * claimed[1]), len(people) - 0.45, _("claimed"), ha="center",
                va="bottom", fontsize=9, color="#b2182b")  # fmt: skip
    for y, row in people.iterrows():
        is_sum = row["stage"] in ("paid_jobs", "participants")
        colour = place_colour("china") if is_sum else place_colour("usa")
        ax.plot([row["lower"], row["upper"]], [y, y], color=colour, linewidth=7 if is_sum else 4,
                alpha=0.45, solid_capstyle="butt")  # fmt: skip
        ax.plot(row["median"], y, "o", color=colour, markersize=8 if is_sum else 6)
        ax.annotate(text.number(_round(row["median"])), (row["median"], y), xytext=(0, 7),
                    textcoords="offset points", ha="center", fontsize=8)  # fmt: skip
    ax.set_yticks(range(len(people)), people["label"])
    ax.set_ylim(-0.6, len(people) - 0.1)
    ax.set_xscale("log")
    ax.set_xlim(right=max(ax.get_xlim()[1], 1.4 * max(claimed or (0.0,))))
    _thousands(ax.xaxis)
    ax.grid(axis="y", visible=False)
    ax.set_xlabel(_("Persons (logarithmic scale)"))
    total = people[people["stage"] == "participants"].iloc[0]
    return _("People who took part: {median}, between {lower} and {upper}.").format(
        median=text.number(_round(total["median"])), lower=text.number(_round(total["lower"])),
        upper=text.number(_round(total["upper"])),
    )  # fmt: skip


def _round(value, digits=2):
    """Two significant digits: more would be false."""
    return float(f"{value:.{digits}g}")


@figure(
    tables=("employment_parameters",),
    alt=N_("Bars from the result with an input at its low to the result at its high value."),
    size=(8.0, 4.2),
)
def drivers(fig, frame):
    """What makes the spread: the result with one input alone at its low and high value.

    Parameters
    ----------
    frame : pandas.DataFrame
        As ``minelib.employment.Estimate.drivers`` gives it.

    Returns
    -------
    Chart
    """
    frame = frame.assign(swing=(frame["at_high"] - frame["at_low"]).abs())
    frame = frame.sort_values("swing").reset_index(drop=True)
    ax = fig.subplots()
    for y, row in frame.iterrows():
        low, high = sorted((row["at_low"], row["at_high"]))
        ax.barh(y, high - low, left=low, color=place_colour("usa"), height=0.6)
        ax.annotate(
            _share(row["share_pct"]), (high, y), xytext=(5, 0), va="center", fontsize=8,
            textcoords="offset points",
        )  # fmt: skip
    ax.set_yticks(range(len(frame)), frame["label"])
    ax.grid(axis="y", visible=False)
    _thousands(ax.xaxis)
    ax.set_xlabel(_("Persons, with this input alone at its low and its high value"))
    ax.set_title(_("Percentages: share of the spread"))
    ends = frame[["at_low", "at_high"]].to_numpy()
    left, right = ends.min(), ends.max()
    ax.set_xlim(left - 0.04 * (right - left), right + 0.08 * (right - left))
    top = frame.iloc[-1]
    return _("The widest bar is that of “{label}”, with {share} of the spread.").format(
        label=top["label"], share=text.percent(top["share_pct"], 0)
    )


def _share(percent):
    return text.percent(percent, 0) if percent >= 0.5 else "<" + text.percent(1, 0)


@figure(
    tables=("employment_parameters",),
    alt=N_("For each input its range and the value that alone would make the claim true."),
    size=(8.0, 4.0),
)
def needed(fig, frame, upper=None):
    """How far each input alone would have to move from its central value.

    Parameters
    ----------
    frame : pandas.DataFrame
        As ``minelib.employment.Estimate.required`` gives it.
    upper : pandas.DataFrame or None
        The same for a second, higher target: drawn as open crosses.

    Returns
    -------
    Chart
    """
    shown = frame.iloc[::-1].reset_index(drop=True)
    ax = fig.subplots()
    for y, row in shown.iterrows():
        span = [row["low"] / row["central"], row["high"] / row["central"]]
        ax.plot(span, [y, y], color=place_colour("usa"), linewidth=6, alpha=0.5,
                solid_capstyle="butt")  # fmt: skip
        ax.plot(1, y, "o", color=place_colour("usa"))
        if row["needed"] == row["needed"]:
            ax.plot(row["needed"] / row["central"], y, "X", color="#b2182b", markersize=8)
        else:
            ax.text(1.6, y, _("cannot do it alone"), fontsize=8, color="#b2182b", va="center")
    if upper is not None:
        more = upper.set_index("input").loc[shown["input"], "needed"].to_numpy()
        ax.plot(more / shown["central"], range(len(shown)), "X", color="#b2182b", markersize=8,
                markerfacecolor="none")  # fmt: skip
    ax.set_yticks(range(len(shown)), shown["label"])
    ax.set_xscale("log")
    ax.set_xticks([0.01, 0.1, 1, 10, 100])
    ax.xaxis.set_major_formatter(lambda v, _p: "×" + f"{v:g}")
    ax.grid(axis="y", visible=False)
    ax.set_xlabel(
        _("Multiple of the central value (bar: low to high; cross: what is needed)")
        if upper is None
        else _("Multiple of the central value (bar: low to high; crosses: lower and upper claim)")
    )
    nearest = (np.log(frame["needed"] / frame["central"])).abs()
    row = frame.loc[nearest.idxmin()]
    return _("The smallest step would be “{label}” at {needed} instead of {central}.").format(
        label=row["label"], needed=text.number(row["needed"], 1),
        central=text.number(row["central"], 1),
    )  # fmt: skip
