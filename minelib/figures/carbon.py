# SPDX-License-Identifier: MIT
"""The specification curve: every way of counting carbon, and the choices behind each."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from minelib import words
from minelib.carbon.choices import CHOICES, takes_effect
from minelib.catalog import columns
from minelib.figures.marks import pairs
from minelib.style import needs
from minelib.words import gettext as _

__all__ = ["specification_curve"]

_DIRTIER, _CLEANER = "#c8372d", "#1f6fb4"


def specification_curve(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """The change of the intensity under every combination, and the choices that made it.

    Parameters
    ----------
    table : pandas.DataFrame
        As `minelib.carbon.multiverse` gives it.
    ax : matplotlib.axes.Axes, optional
        For the curve alone; None makes a figure with the choices below it.

    Returns
    -------
    matplotlib.axes.Axes or matplotlib.figure.Figure
    """
    needs(table, "change_pct", "is_ccaf", *CHOICES)
    table = table.sort_values("change_pct", ignore_index=True, kind="stable")
    colours = np.where(table["change_pct"] > 0, _DIRTIER, _CLEANER)
    if ax is not None:
        return _curve(ax, table, colours)
    shape = {"height_ratios": (1, 1.45), "figsize": (9.0, 7.2)}
    figure, (top, bottom) = plt.subplots(2, 1, sharex=True, **shape)
    _curve(top, table, colours).set_xlabel("")
    _rows(bottom, table, colours)
    bottom.set_xlabel(_("Ways of counting, by the change they give"))
    return figure


def _curve(ax, table, colours):
    change = table["change_pct"]
    ax.axhline(0, color="#444444", linewidth=0.8)
    ax.scatter(table.index, change, c=colours, s=5, linewidth=0)
    own = change[table["is_ccaf"].astype(bool)]
    ax.plot(own, "o", markersize=9, markerfacecolor="none", color="#222222")
    rule = _("by the rules of the Cambridge index")
    for at, value in own.items():
        ax.annotate(rule, (at, value), xytext=(8, -16), textcoords="offset points", fontsize=9)
    ax.set(xlabel=_("Ways of counting, by the change they give"), ylabel="change_pct")
    rises, falls = int((change > 0).sum()), int((change < 0).sum())
    phrase = {"rises": rises, "falls": falls, "total": len(change)}
    said = _("{rises} of {total} ways of counting say dirtier, {falls} cleaner")
    ax.set_title(said.format(**phrase), fontsize=10)
    ends = {"low": change.min(), "high": change.max()}
    phrase |= {name: words.percent(end, 0, signed=True) for name, end in ends.items()}
    ax.figure._minelib_alt = _(
        "Specification curve: {total} ways of counting, sorted; the change of the carbon intensity "
        "runs from {low} to {high}, and {rises} say it rose."
    ).format(**phrase)
    return ax


def _rows(ax, table, colours):
    labels, y = {}, 0.0
    for choice, values in CHOICES.items():
        head = columns.value("choice", choice)
        for value in (v for v in values if (table[choice] == v).any()):
            used = takes_effect(table, choice) & (table[choice] == value)
            marks = {"s": 14, "c": colours[used], "marker": "|", "linewidth": 0.7}
            ax.scatter(table.index[used], [y] * used.sum(), **marks)
            word = columns.value(choice, value)
            labels[y] = pairs([(head, word)]) if head else word
            head, y = "", y - 1.0
        y -= 0.6
    ax.set_yticks(list(labels), labels.values(), fontsize=8)
    ax.grid(False)
