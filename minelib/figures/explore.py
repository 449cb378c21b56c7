# SPDX-License-Identifier: MIT
"""The figure of the explorer: one place, four measures, one time axis."""

from typing import Any

from matplotlib import pyplot as plt
from matplotlib.figure import Figure, FigureBase

from minelib import words
from minelib.catalog import columns
from minelib.catalog.names import place_name
from minelib.errors import BadInput
from minelib.figures.marks import band
from minelib.style import palette, place_colour
from minelib.words import gettext as _

__all__ = ["TABLES", "measures"]

TABLES = ("network_daily", "country_share", "province_share", "index_machines", "events")

_PANELS = ("hashrate_eh_s", "share_pct", "best_twh", "emissions_mt")
_LABELS = {"share_pct": "share_of_world_pct", "best_twh": "annual_twh"}  # of their axes


def measures(view: Any, figure: FigureBase | None = None) -> Figure:
    """Hash rate, share, electricity and carbon of a place, one below the other.

    Parameters
    ----------
    view : minelib.explorer.View
    figure : matplotlib.figure.Figure or SubFigure, optional

    Returns
    -------
    matplotlib.figure.Figure
    """
    if not hasattr(view, "numbers"):
        sentence = _("This figure is drawn from what {function} returns.")
        raise BadInput(sentence.format(function="minelib.explorer.view"))
    figure = plt.figure(figsize=(9, 7.6)) if figure is None else figure
    axes = figure.subplots(4, 1, sharex=True, height_ratios=(1.25, 1, 1, 1))
    place = place_name(view.place)
    axes[0].set(title=place, xlim=(view.start, view.end))
    numbers = view.numbers().set_index("date")
    parts = [numbers[numbers["variable"] == name] for name in _PANELS]
    told = [_panel(ax, view.place, *part) for ax, *part in zip(axes, _PANELS, parts, strict=True)]
    values = _("; ").join(filter(None, told)) or _("No data for these dates")
    phrase = {"start": words.date(view.start), "end": words.date(view.end), "values": values}
    said = _("Four charts for {place} from {start} to {end}. {values}.")
    figure._minelib_alt = said.format(place=place, **phrase)
    return figure


def _panel(ax, place, name, frame):
    """Draw one measure; what it shows, in words."""
    label = columns.label(_LABELS.get(name, name))
    ax.set_ylabel(label)
    if frame.empty:
        ax.text(0.5, 0.5, _("No data for these dates"), ha="center", transform=ax.transAxes)
        ax.set_yticks([])
        return ""
    if frame["place"].nunique() > 1:  # the world: the places that make it up
        return _stack(ax, frame)
    best, high, colour = frame["value"], frame["upper"].max(), place_colour(place)
    band(ax, frame, "lower", "upper", color=colour)
    ax.plot(best, color=colour, marker="." if len(best) < 60 else "")
    top = min(high * 1.05, best.max() * 4) or 1
    ax.set_ylim(0, top)
    if high > top:
        said = _("The upper bound goes on to {value}").format(value=words.figure(high))
        ax.annotate(said, (1, 1), xycoords="axes fraction", ha="right", va="bottom", fontsize=7.5)
    first, last = words.figure(best.iloc[0]), words.figure(best.iloc[-1])
    return _("{measure}: {first} to {last}").format(measure=label, first=first, last=last)


def _stack(ax, frame):
    wide = frame.pivot_table(index="date", columns="place", values="value", observed=True)
    wide = wide.fillna(0)[sorted(wide, key=lambda place: (place == "other", -wide[place].mean()))]
    ax.stackplot(wide.index, wide.to_numpy().T, colors=palette(wide).values(), linewidth=0)
    ax.set_ylim(0, 100)
    last = wide.iloc[-1]
    for place, middle in (last.cumsum() - last / 2)[last > 6].items():
        ax.text(wide.index[-1], middle, f" {place_name(place)}", va="center", fontsize=8)
    return ""
