# SPDX-License-Identifier: MIT
"""Figures of the events: where they crowd, and what each of them was."""

import textwrap

import pandas as pd
from matplotlib import dates as mdates

from minelib import text
from minelib.plots.style import date_axis, event_lines, figure, place_colour
from minelib.text import N_, place_name
from minelib.text import gettext as _

__all__ = ["lanes", "listing"]

_NETWORK = "#333333"  # events of the network as a whole have no country
_ELSEWHERE = "#a8a8a8"
_SHOWN = ("china", "usa", "kazakhstan", "iran", "russia")


def _mark(country):
    """Colour and marker of an event by its country."""
    if not isinstance(country, str):
        return _NETWORK, "D"
    return place_colour(country) if country in _SHOWN else _ELSEWHERE, "o"


def _legend(fig, ax, frame):
    present = set(frame["country"].dropna())
    entries = [(place_colour(c), "o", place_name(c)) for c in _SHOWN if c in present]
    if present - set(_SHOWN):
        entries.append((_ELSEWHERE, "o", _("Elsewhere")))
    if frame["country"].isna().any():
        entries.append((_NETWORK, "D", _("The network as a whole")))
    handles = [ax.plot([], [], m, color=c, label=name)[0] for c, m, name in entries]
    fig.legend(handles=handles, loc="outside upper center", ncols=len(handles), fontsize=8,
               handletextpad=0.2, columnspacing=1.0)  # fmt: skip


@figure(
    tables=("events",),
    alt=N_("Dots for events in lanes by category, over all years and the crackdown's."),
    size=(8.5, 7.6),
)
def lanes(fig, frame, zoom=("2021-02-01", "2022-03-31")):
    """Every event as a dot in the lane of its category, stacked where they crowd.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `minelib.timeline.events` gives it.
    zoom : tuple of str or None
        First and last day of the lower chart; None leaves it out.

    Returns
    -------
    Chart
    """
    from minelib.timeline import categories

    names = {k: v for k, v in categories().items() if k in set(frame["category"])}
    margin = pd.Timedelta(days=120)
    whole = (frame["date"].min() - margin, frame["date"].max() + margin)
    spans = [whole] if zoom is None else [whole, tuple(map(pd.Timestamp, zoom))]
    axes = fig.subplots(len(spans), 1, squeeze=False)[:, 0]
    for ax, (first, last) in zip(axes, spans, strict=True):
        part = frame[frame["date"].between(first, last)]
        here = {k: v for k, v in names.items() if k in set(part["category"])}
        _draw_lanes(ax, part, here, first, last)
        labelled = ax is axes[-1]
        if labelled:  # room for the labels above the dots
            low, high = ax.get_ylim()
            ax.set_ylim(low, high + 0.22 * (high - low))
        event_lines(ax, labels=labelled)
        ax.set_title(
            _("{count} events, {start} to {end}").format(
                count=len(part), start=text.month(max(first, frame["date"].min())),
                end=text.month(min(last, frame["date"].max())),
            )
        )  # fmt: skip
    _legend(fig, axes[0], frame)
    return _("{count} events in {lanes} lanes by category; most crowd in {year}.").format(
        count=len(frame), lanes=len(names), year=int(frame["date"].dt.year.mode().iloc[0])
    )


def _draw_lanes(ax, frame, names, first, last):
    apart = (last - first).days / 95  # days a dot takes
    base, ticks = 0.0, []
    for key in reversed(names):
        lane = frame[frame["category"] == key].sort_values("date")
        ends, rows = [], []
        for day in mdates.date2num(lane["date"]):
            free = next((i for i, end in enumerate(ends) if day >= end), len(ends))
            ends[free : free + 1] = [day + apart]
            rows.append(free)
        height = max(rows, default=0) + 1
        marks = pd.Series([_mark(c) for c in lane["country"]], index=lane.index, dtype=object)
        heights = pd.Series(rows, index=lane.index, dtype="float64") + base
        for colour, marker in dict.fromkeys(marks):
            here = marks.map(lambda m, asked=(colour, marker): m == asked)
            ax.scatter(lane.loc[here, "date"], heights[here], marker=marker, color=colour,
                       s=30 if marker == "D" else 42, edgecolor="white", linewidth=0.6,
                       zorder=2)  # fmt: skip
        ticks.append((base + (height - 1) / 2, names[key]))
        base += height + 0.6
        ax.axhline(base - 0.8, color="#e2e2e2", linewidth=0.7, zorder=0)
    ax.set_yticks([t for t, _name in ticks], [name for _t, name in ticks])
    ax.tick_params(axis="y", length=0)
    ax.grid(axis="y", visible=False)
    ax.set_ylim(-0.8, base - 0.8)
    ax.set_xlim(first, last)
    date_axis(ax)


@figure(tables=("events",), alt=N_("A list of events along a line of time."), size=(8.5, 6.0))
def listing(fig, frame, columns=2):
    """Every event in words: date, place and title along one line of time.

    The lines are spread evenly, so that all can be read; the colour names the country.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `minelib.timeline.events` gives it; any number of events.
    columns : int

    Returns
    -------
    Chart
    """
    rows = -(-len(frame) // columns) or 1
    fig.set_size_inches(8.5, 0.7 + 0.2 * rows)
    width = int((116 if text.current() == "en" else 68) / columns)
    for i, ax in enumerate(fig.subplots(1, columns, squeeze=False)[0]):
        ax.set_axis_off()
        ax.set_xlim(0, 1)
        ax.set_ylim(rows - 0.3, -1.0)
        part = frame.iloc[i * rows : (i + 1) * rows]
        if part.empty:
            continue
        ax.plot([0.205, 0.205], [-0.5, len(part) - 0.5], color="#bbbbbb", linewidth=1, zorder=1)
        year = None
        for row, event in enumerate(part.itertuples()):
            colour, marker = _mark(event.country)
            size = 4 if marker == "D" else 5
            ax.plot(0.205, row, marker, color=colour, markersize=size, zorder=2)
            words = _day(event.date, event.date_precision)
            heavy = "bold" if event.date.year != year else "normal"
            year = event.date.year
            ax.text(0.18, row, words, ha="right", va="center", fontsize=6.8, color="#444444",
                    fontweight=heavy, in_layout=False)  # fmt: skip
            ax.text(0.23, row, _shortened(event.title, width), ha="left", va="center",
                    fontsize=6.8, in_layout=False)  # fmt: skip
    _legend(fig, ax, frame)
    return _("{count} events listed by date, from {start} to {end}.").format(
        count=len(frame), start=text.date(frame["date"].min()), end=text.date(frame["date"].max())
    )


def _shortened(title, width):
    if text.current() == "zh":  # no blanks to break at
        return title if len(title) <= width else title[: width - 1] + "…"
    return textwrap.shorten(title, width, placeholder="…")


def _day(date, precision):
    return date.strftime({"year": "%Y", "month": "%Y-%m"}.get(precision, "%Y-%m-%d"))
