# SPDX-License-Identifier: MIT
"""Moves between two months as bands, and single statements beside what the map allows."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from minelib import words
from minelib.catalog import columns
from minelib.catalog.names import place_name
from minelib.checks import whole
from minelib.checks.door import Whole
from minelib.figures.marks import DARK, axes, pairs, rows
from minelib.geography.flows import Flows
from minelib.style import needs, place_colour
from minelib.words import gettext as _

__all__ = ["evidence", "moves"]

_NO_PLACES = {"new_machines": "#4d4d4d", "switched_off": "#a6a6a6", "hidden": "#e6948c"}
_RANK = {"china": -2, "hidden": -1, "other": 1, "switched_off": 2, "new_machines": 3}
_HATCHES = {"hidden": "....", "off": "////"}
_WIDTH = 0.045  # of half a box, where the months lie 1 apart
_MARKS = {"agrees": "o", "needs_swaps": "s", "contradicts": "X"}
_BOUNDS = {"at_least": "≥ ", "at_most": "≤ ", "about": "≈ "}


def _colour(key):
    return _NO_PLACES.get(key) or place_colour(key)


def moves(result: Flows, largest: Whole = 6, ax: Axes | None = None) -> Axes:
    """The one table of moves as bands from left to right, with China's bounds written beside.

    Parameters
    ----------
    result : minelib.geography.Flows
    largest : int
        Places that keep their name; the rest are merged.
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    links, ends = result.links(whole("largest", largest, 1)), ["origin", "destination"]
    ax = axes(ax, 8.5, 6.4)
    sides = [_stack(links.groupby(end)["best_eh_s"].sum()) for end in ends]
    ranks = {key: i for i, key in enumerate([*sides[0].index, *sides[1].index])}
    links = links.sort_values(ends, key=lambda keys: keys.map(ranks))
    for end, side in zip(ends, sides, strict=True):
        below = links.groupby(end)["best_eh_s"].cumsum() - links["best_eh_s"]
        links[f"{end}_y"] = links[end].map(side["bottom"]) + below
    x, bend = np.linspace(_WIDTH, 1 - _WIDTH, 60), (1 - np.cos(np.linspace(0, np.pi, 60))) / 2
    for row in links.itertuples():
        y = row.origin_y + (row.destination_y - row.origin_y) * bend
        look = {"alpha": 0.28 if row.kind == "stay" else 0.62, "hatch": _HATCHES.get(row.kind)}
        look |= {"facecolor": _colour(row.origin), "edgecolor": "white", "linewidth": 0.3}
        ax.fill_between(x, y, y + row.best_eh_s, **look)
    gains = result.gains().set_index("destination")
    _boxes(ax, 0, sides[0], result.from_month, gains.iloc[:0])
    _boxes(ax, 1, sides[1], result.to_month, gains)
    ax.set_xlim(-0.3, 1.62)
    ax.invert_yaxis()
    ax.axis("off")
    said = _("Bands of hash rate between two months. {sentence}")
    ax.figure._minelib_alt = said.format(sentence=result.sentence())
    return ax


def _stack(sizes, gap=0.03):
    """Height and bottom of each box, China first, what is no place last."""
    order = sorted(sizes.index, key=lambda key: (_RANK.get(key, 0), -sizes[key]))
    heights, gaps = sizes[order], np.arange(len(sizes)) * sizes.sum() * gap
    return pd.DataFrame({"height": heights, "bottom": heights.cumsum() - heights + gaps})


def _boxes(ax, x, side, month, gains):
    ax.text(x, -side["height"].sum() * 0.02, words.month(month), ha="center", fontweight="bold")
    align, at = ("left", x + 0.06) if x else ("right", x - 0.06)
    for key, (height, bottom) in side.iterrows():
        ax.bar(x, height, 2 * _WIDTH, bottom, color=_colour(key), edgecolor="white")
        middle = {"y": bottom + height / 2, "va": "center"}
        phrase = f"{columns.value('destination', key)} {words.number(height, 1)}"
        ax.text(at, s=phrase, ha=align, fontsize=9, **middle)
        if key in gains.index:
            bounds = words.interval(*gains.loc[key, ["lower_eh_s", "upper_eh_s"]], 0)
            phrase = _("from China {bounds}").format(bounds=bounds)
            ax.text(1.6, s=phrase, ha="right", fontsize=8, color="#a02c23", **middle)


def evidence(frame: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Every statement as a range of hash rate above the range of the map.

    Parameters
    ----------
    frame : pandas.DataFrame
        As ``minelib.geography.flows(...).evidence()`` gives it.
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
    """
    needs(frame, "date", "place", "kind", "value", "unit", "qualifier", "comparison")
    needs(frame, "lower_eh_s", "best_eh_s", "upper_eh_s", "margin_lower_eh_s", "margin_upper_eh_s")
    needs(frame, "map_lower_eh_s", "map_best_eh_s", "map_upper_eh_s")
    ax = axes(ax, 8.5, 0.38 * len(frame) + 1)
    places = frame["place"].astype(str).replace("world", "china")
    y, colours = np.arange(len(frame)), places.map(place_colour).to_numpy()
    ends = frame[["best_eh_s", "upper_eh_s", "map_upper_eh_s"]]
    most = 1.06 * float(np.nanmax(ends[np.isfinite(ends)].to_numpy()))
    ends = frame[["upper_eh_s", "margin_upper_eh_s"]].clip(upper=most)
    ax.hlines(y - 0.16, frame["lower_eh_s"], ends["upper_eh_s"], colours, linewidth=2.4)
    ax.hlines(y + 0.2, frame["map_lower_eh_s"], frame["map_upper_eh_s"], "#bbbbbb", linewidth=5)
    ax.hlines(y + 0.2, frame["margin_lower_eh_s"], ends["margin_upper_eh_s"], "#bbbbbb", lw=1)
    ax.plot(frame["map_best_eh_s"], y + 0.2, "|", color="#333333", markersize=10, clip_on=False)
    beyond = np.isinf(frame["upper_eh_s"])
    look = {"s": 50, "clip_on": False, "zorder": 3}
    ax.scatter([most] * beyond.sum(), y[beyond] - 0.16, c=colours[beyond], marker=">", **look)
    for key, marker in _MARKS.items():
        at = frame["comparison"] == key
        own = {"c": colours[at], "marker": marker, "edgecolor": "white"}
        ax.scatter(frame.loc[at, "best_eh_s"], y[at] - 0.16, **look, **own)
        ax.plot([], [], marker, color=DARK, label=columns.value("comparison", key))
    rows(ax, [_told(row) for row in frame.itertuples()], fontsize=8)
    ax.set(xlim=(0, most), xlabel="hashrate_eh_s")
    ax.legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=3, fontsize=8)
    counts = frame["comparison"].value_counts()
    counted = pairs((columns.value("comparison", key), n) for key, n in counts.items())
    words = _("Statements as ranges of hash rate, each beside what the map allows. {counts}.")
    ax.figure._minelib_alt = words.format(counts=counted)
    return ax


def _told(row):
    unit = "" if row.kind.startswith("machines") else f" {columns.value('unit', row.unit)}"
    value = f"{_BOUNDS.get(row.qualifier, '')}{words.number(row.value, 0)}{unit}"
    place, kind = place_name(row.place), columns.value("kind", row.kind)
    return f"{row.date:%Y-%m} {pairs([(place, f'{kind} {value}')])}"
