# SPDX-License-Identifier: MIT
"""Pools by week: which went dark when."""

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes

from minelib import words
from minelib.catalog import columns
from minelib.checks import as_span, whole
from minelib.checks.door import Day, Whole
from minelib.errors import OutOfCoverage
from minelib.figures.marks import DARK, axes, pairs
from minelib.pools import group_name
from minelib.pools.shares import groups_of
from minelib.style import needs
from minelib.words import gettext as _

__all__ = ["pools_by_week"]

_SCALE = 3.0  # doublings to either end of the colours
_DARK = 0.5  # of the spring level: a pool has gone dark where it stays below


def pools_by_week(
    frame: pd.DataFrame,
    spring_start: Day | None = None,
    spring_end: Day | None = None,
    top: Whole = 16,
    ax: Axes | None = None,
) -> Axes:
    """Pools as rows and weeks as columns, coloured by hash rate over the level of spring.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `minelib.impact.pool_rates` gives it by pool.
    spring_start, spring_end : date-like, optional
        First and last day of the weeks that are each pool's level, both inclusive; the first
        six weeks of the frame, unless given.
    top : int
        Pools shown: those with the most blocks in these weeks.
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
        Pools founded in China on top, the others under a line; within each, by the first week
        from which a pool stayed below half of its level to the end of the frame. The darker,
        the less; a week without a block is black.

    Raises
    ------
    BadInput
        A frame without the columns of `pool_rates`.
    OutOfCoverage
        No week of the frame between the two days.
    """
    needs(frame, "date", "pool", "blocks", "hashrate_eh_s")
    rates, blocks = (
        frame.pivot(index="pool", columns="date", values=name)
        for name in ("hashrate_eh_s", "blocks")
    )
    weeks = pd.DatetimeIndex(rates.columns)
    asked_first, asked_last = as_span(spring_start, spring_end)
    first, last = asked_first or weeks[0], asked_last or weeks[min(5, len(weeks) - 1)]
    base = weeks[(weeks >= first) & (weeks <= last)]
    if base.empty:
        asked = f"{first:%Y-%m-%d} – {last:%Y-%m-%d}"
        raise OutOfCoverage(_("The frame"), asked, f"{weeks[0]:%Y-%m-%d} – {weeks[-1]:%Y-%m-%d}")
    known = rates.index.drop(["unknown", "unlabelled"], errors="ignore")
    seen = blocks.loc[known, base].sum(axis=1)
    shown = seen[seen > 0].nlargest(whole("top", top, 1)).index
    ratio = rates.loc[shown].div(rates.loc[shown, base].mean(axis=1), axis=0)
    dark = (ratio < _DARK).iloc[:, ::-1].cumprod(axis=1).sum(axis=1).astype(int)
    went = pd.Series([len(weeks) - n for n in dark], shown)
    chinese = groups_of("founded").reindex(shown).eq("china")
    ranks = pd.DataFrame({"other": ~chinese, "went": went, "blocks": -seen[shown]})
    order = list(ranks.sort_values(["other", "went", "blocks"]).index)
    with np.errstate(divide="ignore"):
        doublings = np.log2(ratio.loc[order]).clip(-_SCALE, _SCALE)
    ax = axes(ax, 11, 0.6 + 0.36 * len(order))
    sns.heatmap(
        doublings,
        ax=ax,
        cmap="mako",
        vmin=-_SCALE,
        vmax=_SCALE,
        yticklabels=[group_name(str(pool)) for pool in order],
        xticklabels=False,
        cbar_kws={"ticks": np.arange(-_SCALE, _SCALE + 1), "label": _("Times the level of spring")},
    )
    bar = ax.collections[0].colorbar
    if bar is not None:
        bar.ax.set_yticklabels(["≤ 1/8", "1/4", "1/2", "1", "2", "4", "≥ 8"])
    if 0 < chinese.sum() < len(order):
        ax.axhline(chinese.sum(), color=DARK, lw=1.5)
    months = [n for n, week in enumerate(weeks) if week.day <= 7]
    ax.set_xticks([n + 0.5 for n in months], [words.month(weeks[n]) for n in months], rotation=45)
    ax.set_xticks(ax.get_xticks(), ax.get_xticklabels(), ha="right", rotation_mode="anchor")
    ax.set(xlabel=columns.label("week"), ylabel="")
    ax.tick_params(left=False)
    gone = [(group_name(str(p)), words.date(weeks[went[p]])) for p in order if dark[p]]
    told = pairs(gone) if gone else _("none")
    phrase = _(
        "Heat map of {count} pools by week, pools founded in China above the line. Below half of "
        "the level of spring to the end, since: {gone}."
    )
    ax.figure._minelib_alt = phrase.format(count=len(order), gone=told)
    return ax
