# SPDX-License-Identifier: MIT
"""The figure of a miner's choice: what each option came to, by its parts."""

import pandas as pd
from matplotlib.axes import Axes

from minelib.catalog import columns
from minelib.economics.decision import Choice
from minelib.figures.marks import DARK, axes
from minelib.style import grid_across, needs
from minelib.words import gettext as _, interval, number

__all__ = ["choice"]

# apart in lightness too, for print in gray
_PARTS = {
    "revenue_usd": "#2b66a8",
    "machine_usd": "#a9c9e8",
    "power_usd": "#dd8452",
    "cost_usd": "#f7dccb",
}


def choice(result: Choice | pd.DataFrame, ax: Axes | None = None) -> Axes:
    """What each option came to: its parts as bars, the net result with its interval.

    Parameters
    ----------
    result : minelib.economics.Choice or pandas.DataFrame
        A choice, or its ``table()``: ``option``, ``net_usd``, ``lower_usd``, ``upper_usd``,
        ``revenue_usd``, ``machine_usd``, ``power_usd``, ``cost_usd``.
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    BadInput
        A frame that lacks one of the columns.
    """
    table = result.table() if isinstance(result, Choice) else result
    needs(table, "option", "net_usd", "lower_usd", "upper_usd", *_PARTS)
    ax = axes(ax, 8, 3.6)
    rows = table.iloc[::-1].set_index("option")  # the first row on top
    rows[list(_PARTS)].plot.barh(stacked=True, width=0.55, color=list(_PARTS.values()), ax=ax)
    net, low, high = rows["net_usd"], rows["lower_usd"], rows["upper_usd"]
    whiskers = {"xerr": [net - low, high - net], "capsize": 4, "linewidth": 1.4, "label": "net_usd"}
    ax.errorbar(net, range(len(rows)), fmt="D", color="#111111", markersize=5, **whiskers)
    ax.axvline(0, color=DARK, linewidth=0.8)
    grid_across(ax)
    ax.set(xlabel="net_usd", ylabel="option")
    ax.legend()
    words = _("What each option came to, in USD: {options}.")
    options = _("; ").join(map(_said, table.itertuples()))
    ax.figure._minelib_alt = words.format(options=options)
    return ax


def _said(row):
    option, net = columns.value("option", row.option), number(row.net_usd, 0)
    bounds = interval(row.lower_usd, row.upper_usd, 0)
    return _("{option} {net} ({bounds})").format(option=option, net=net, bounds=bounds)
