# SPDX-License-Identifier: MIT
"""Tile maps of China's provinces."""

import re
from collections.abc import Collection

import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure, FigureBase

from minelib import words
from minelib.catalog import columns
from minelib.catalog.names import place_name
from minelib.checks import as_month
from minelib.checks.door import Day
from minelib.errors import BadParameter
from minelib.figures.marks import DARK, pairs, tiles
from minelib.style import needs
from minelib.words import gettext as _

__all__ = ["province_tiles"]

_MOST = 6  # months


def province_tiles(
    frame: pd.DataFrame,
    months: Collection[Day] | None = None,
    figure: FigureBase | None = None,
    ax: Axes | None = None,
) -> Figure | Axes:
    """Provinces as tiles, one small map a month, coloured by share of China's hash rate.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `minelib.geography.by_province` gives it.
    months : sequence of str or date, optional
        Months shown, at most six; the months of the frame, unless given.
    figure : matplotlib.figure.Figure, optional
    ax : matplotlib.axes.Axes, optional
        Draws the last of the months alone.

    Returns
    -------
    matplotlib Figure, or Axes where ``ax`` is given
    """
    needs(frame, "month", "province", "share_of_china_pct")
    wide = frame.pivot(index="month", columns="province", values="share_of_china_pct")
    asked = wide.index[-_MOST:] if months is None else months
    months = [as_month("months", month) for month in asked]
    unknown = [f"{month:%Y-%m}" for month in months if month not in wide.index]
    if unknown or not 0 < len(months) <= _MOST:
        rule = _("must be one to six months of the frame")
        raise BadParameter("months", unknown or len(months), rule)
    wide = wide.loc[months if ax is None else months[-1:]]
    scale = ScalarMappable(Normalize(0, wide.max(axis=None)), "YlGnBu")
    if ax is not None:
        return _map(ax, wide.iloc[-1], scale)
    across = min(len(months), 2 if len(months) < 5 else 3)
    down = -(-len(months) // across)
    figure = plt.figure(figsize=(4.4 * across, 4.1 * down)) if figure is None else figure
    axes = [figure.add_subplot(down, across, i + 1) for i in range(len(wide))]
    for each, (month, shares) in zip(axes, wide.iterrows(), strict=True):
        _map(each, shares, scale).set_title(words.month(month))
    bar = {"orientation": "horizontal", "shrink": 0.5, "aspect": 40, "pad": 0.02}
    figure.colorbar(scale, ax=axes, label=columns.label("share_of_china_pct"), **bar)
    tops = pairs(
        (words.month(month), f"{place_name(str(each.idxmax()))} {words.percent(each.max(), 0)}")
        for month, each in wide.iterrows()
    )
    phrase = _("Tile maps of China's provinces. Largest share: {tops}.")
    figure._minelib_alt = phrase.format(tops=tops)
    return figure


def _map(ax, shares, scale):
    shares = shares.dropna()
    for place, x, y, square in tiles(ax, "provinces", 0.96):
        phrase = {"ha": "center", "va": "center", "color": "#a0a0a0", "in_layout": False}
        if place in shares:
            share = shares[place]
            square.set(facecolor=scale.to_rgba(share), edgecolor="#888888")
            phrase["color"] = "white" if scale.norm(share) > 0.55 else "#222222"
            ax.text(x, y + 0.27, words.number(share, 1), fontsize=7.5, weight="bold", **phrase)
            y -= 0.17
        name = place_name(place).replace(" ", "\n")
        name = re.sub(r"(?<=\w{5})(jiang|qing|dong)$", r"-\n\1", name)  # too long for its tile
        size = min(6.6, 46 / max(map(len, name.split("\n"))))
        ax.text(x, y, name, fontsize=size, **phrase)
    if "other" in shares:
        phrase = _("Other: {share}").format(share=words.percent(shares["other"]))
        ax.text(1.55, 6.8, phrase, fontsize=8, color=DARK)
    ax.set(xlim=(1.4, 9.6), ylim=(7.6, -0.6))
    return ax
