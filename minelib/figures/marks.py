# SPDX-License-Identifier: MIT
"""What several figures draw alike: bands, rows of names, tiles; and how their words are put."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from minelib import words
from minelib.declared import declared
from minelib.style import grid_across
from minelib.words import gettext as _

__all__ = ["DARK", "GREY", "MAPS", "axes", "band", "pairs", "percents", "rows", "tiles"]

DARK, GREY = "#555555", "#8c8c8c"
MAPS = declared(__file__, "tiles.toml")


def axes(ax: Axes | None, *size: float) -> Axes:
    """The axes given, or those of a new figure of that size in inches."""
    return plt.subplots(figsize=size or None)[1] if ax is None else ax


def band(ax: Axes, frame: pd.DataFrame, lower: str, upper: str, **how: Any) -> None:
    """A band between two columns along the index of a frame."""
    ax.fill_between(frame.index, frame[lower], frame[upper], **{"alpha": 0.22, "lw": 0, **how})


def rows(ax: Axes, names: Sequence[str], **how: Any) -> None:
    """A row of the axes for each name, the first on top."""
    ax.set_yticks(range(len(names)), names, **how)
    ax.set_ylim(len(names) - 0.4, -0.6)
    grid_across(ax)


def tiles(ax: Axes, name: str, side: float) -> Iterator[tuple[str, float, float, Rectangle]]:
    """Draw a square a place; place, middle and square of each.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    name : str
        Of a map in ``tiles.toml``.
    side : float
        Of a square, in tiles.
    """
    for place, (x, y) in MAPS[name].items():
        square = Rectangle((x - side / 2, y - side / 2), side, side, facecolor="#f2f2f2")
        yield place, x, y, ax.add_patch(square)
    ax.set_aspect("equal")
    ax.axis("off")


def percents(row: Any, decimals: int = 0, **named: str) -> dict[str, str]:
    """Columns of a row as percentages in words, ``word=column``."""
    return {word: words.percent(row[column], decimals) for word, column in named.items()}


def pairs(items: Iterable[tuple[str, object]]) -> str:
    """Pairs of a name and a value as a list in words."""
    said = _("{finding}: {value}")
    return _("; ").join(said.format(finding=name, value=value) for name, value in items)
