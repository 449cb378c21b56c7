# SPDX-License-Identifier: MIT
"""The mining map at two months: circles on tiles, and shares with their ranges."""

import numpy as np
import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure, FigureBase
from matplotlib.patches import Circle
from matplotlib.patheffects import withStroke

from minelib import words
from minelib.catalog import columns
from minelib.catalog.names import place_name
from minelib.checks import as_month
from minelib.checks.door import Day
from minelib.errors import OutOfCoverage
from minelib.figures.marks import DARK, GREY, percents, rows, tiles
from minelib.style import needs, place_colour
from minelib.words import gettext as _

__all__ = ["before_after"]

_LARGEST = 0.5  # radius of the largest circle, in tiles


def before_after(
    frame: pd.DataFrame,
    from_month: Day | None = None,
    to_month: Day | None = None,
    figure: FigureBase | None = None,
    ax: Axes | None = None,
) -> Figure | Axes:
    """The map at two months: circles on tiles, and shares with two kinds of ranges.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `minelib.geography.by_country` gives it, holding both months.
    from_month, to_month : str or date, optional
        The first and the last month of the frame, unless given.
    figure : matplotlib.figure.Figure, optional
    ax : matplotlib.axes.Axes, optional
        Draws the ranges alone.

    Returns
    -------
    matplotlib Figure, or Axes where ``ax`` is given
    """
    needs(frame, "month", "place", "share_pct", "hashrate_eh_s", "vpn_flag", "lower_pct")
    needs(frame, "upper_pct", "story_lower_pct", "story_upper_pct")
    first, last = frame["month"].min(), frame["month"].max()
    months = [as_month("from_month", from_month or first), as_month("to_month", to_month or last)]
    for month in set(months) - set(frame["month"]):
        raise OutOfCoverage(_("The frame"), f"{month:%Y-%m}", f"{first:%Y-%m} – {last:%Y-%m}")
    stars = np.where(frame["vpn_flag"], "*", "")
    frame = frame.assign(name=frame["place"].astype(str).map(place_name) + stars)
    sides = [
        (words.month(month), frame[frame["month"] == month].set_index("place")) for month in months
    ]
    if ax is not None:
        return _ranges(ax, sides)
    figure = plt.figure(figsize=(8.5, 8.0)) if figure is None else figure
    grid = figure.add_gridspec(2, 2, height_ratios=(1, 1.2))
    most = max(side["hashrate_eh_s"].max() for _name, side in sides)
    for i, (name, side) in enumerate(sides):
        network = side["hashrate_eh_s"].sum()
        title = _("{month}: {total} EH/s").format(month=name, total=words.number(network, 0))
        _circles(figure.add_subplot(grid[0, i], title=title), side, most, network)
    _ranges(figure.add_subplot(grid[1, :]), sides)
    (start, before), (end, after) = sides
    if "china" in before.index and "china" in after.index:
        named = {"c1": "share_pct", "low": "story_lower_pct", "high": "story_upper_pct"}
        phrase = percents(before.loc["china"], 1, c0="share_pct")
        phrase |= percents(after.loc["china"], 1, **named)
        figure._minelib_alt = _(
            "Tile maps of ten places at {start} and {end}, circles as large as the hash rate. China"
            " has {c0} before and {c1} after; other scenarios give {low} to {high} after."
        ).format(start=start, end=end, **phrase)
    return figure


def _circles(ax, side, most, network):
    """Circles of the hash rate on tiles, dashed ones for its range over the stories."""
    halo = [withStroke(linewidth=2, foreground="white")]
    phrase = {"ha": "center", "fontsize": 8, "zorder": 4, "path_effects": halo}
    ring = {"fill": False, "edgecolor": "#333333", "linestyle": (0, (2, 2)), "zorder": 3}
    for place, x, y, square in tiles(ax, "countries", 0.92):
        if place not in side.index:
            square.remove()
            continue
        row = side.loc[place]
        stories = row[["story_lower_pct", "story_upper_pct"]] / 100 * network
        sizes = [_LARGEST * (max(v, 0) / most) ** 0.5 for v in (row["hashrate_eh_s"], *stories)]
        ax.add_patch(Circle((x, y), sizes[0], facecolor=place_colour(place), edgecolor="white"))
        for size in sizes[1:]:
            ax.add_patch(Circle((x, y), size, linewidth=0.8, **ring))
        ax.text(x, y + 0.54, row["name"], va="top", **phrase)
        ax.text(x, y, words.number(row["hashrate_eh_s"], 0), va="center", **phrase)
    ax.set(xlim=(-0.65, 4.95), ylim=(3.5, -0.62))


def _ranges(ax, sides):
    """The shares at both months, thick over the stories and thin over all that is possible."""
    order = sides[0][1].sort_values("share_pct", ascending=False)
    order = order.loc[sorted(order.index, key=lambda place: place == "other"), "name"]
    colours = [GREY if place == "other" else place_colour(place) for place in order.index]
    for i, (month, side) in enumerate(sides):
        side, y = side.reindex(order.index), np.arange(len(order)) + (-0.17, 0.17)[i]
        ax.hlines(y, side["lower_pct"], side["upper_pct"], "#bbbbbb", linewidth=1)
        ax.hlines(y, side["story_lower_pct"], side["story_upper_pct"], colours, lw=5, alpha=0.45)
        faces, key = (("white", "white"), (colours, DARK))[i]
        ax.scatter(side["share_pct"], y, c=faces, edgecolor=colours, linewidth=1.3, zorder=3)
        ax.plot([], [], "o", color=DARK, markerfacecolor=key, label=month)
    told = _("range over scenarios of proxies and the sample")
    ax.plot([], [], color="#777777", linewidth=5, alpha=0.45, label=told)
    ax.plot([], [], color="#bbbbbb", label=_("all that the sampled part of the network allows"))
    rows(ax, order)
    ax.set(xlim=(0, 100), xlabel=columns.label("share_pct", tables="country_share"))
    ax.legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=2, fontsize=8)
    return ax
