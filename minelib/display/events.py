# SPDX-License-Identifier: MIT
"""Policy days on a figure: thin lines, and labels in a strip of their own above the axes."""

import re
import unicodedata
from typing import Any

from matplotlib import dates as mdates
from matplotlib.axes import Axes

from minelib import words
from minelib.checks import language
from minelib.errors import BadInput, UnknownName
from minelib.style import event_days
from minelib.words import gettext as _

__all__ = ["across", "chosen", "draw_lines", "labels", "usual"]

ROW = 11.5  # points between two rows of labels
_GAP, _LONG, _ROWS = 8, 22, 2
_LOOK = {"ha": "center", "va": "bottom", "fontsize": 8, "color": "#444444"}
_LEADER = {"arrowstyle": "-", "color": "#888888", "linewidth": 0.6, "shrinkB": 0}


def chosen(events: Any) -> dict[str, str]:
    """The events asked for, as key to label in the language, by day.

    Parameters
    ----------
    events : bool, iterable of str, or dict
        True takes the `usual` ones; keys of table ``events`` are labelled by their titles; a
        dict gives labels.

    Returns
    -------
    dict of str to str

    Raises
    ------
    UnknownName
        A key that table ``events`` does not have.
    """
    if events is False or events is None:
        return {}
    if events is True:
        named = usual()
    elif isinstance(events, dict):
        named = {key: _(str(label)) for key, label in events.items()}
    elif isinstance(events, str):
        named = {events: _title(events)}
    else:
        try:
            named = {key: _title(key) for key in events}
        except TypeError:
            raise BadInput(_("events is True, or keys of table events.")) from None
    days = event_days()
    for key in named:
        if key not in days:
            raise UnknownName("event", key, days)
    return dict(sorted(named.items(), key=lambda event: days[event[0]]))


def usual(lang: str | None = None) -> dict[str, str]:
    """The events with a short label, which are those drawn unless others are asked for.

    Examples
    --------
    >>> usual("en")["sichuan_order"]
    'Sichuan order'
    """
    from minelib.catalog import load

    labels = load("events").set_index("event")[f"label_{language(lang)}"]
    return {str(event): str(label) for event, label in labels.dropna().items()}


def _title(key):
    from minelib.catalog import columns

    title = columns.value("event", key)
    if len(title) > _LONG:  # what is put in brackets can go first
        title = re.split(r"\s*[(:（：]", title)[0]
    short = title if len(title) <= _LONG else title[: _LONG - 1].rstrip() + "…"
    return usual().get(key, short) if across(title) > _LONG else short


def across(text: str) -> int:
    """The width of a text in Latin characters; a Chinese one is twice as wide.

    Examples
    --------
    >>> across("BTC"), across("比特币")
    (3, 6)
    """
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def draw_lines(ax: Axes, events: dict[str, str]) -> Any:
    """Thin lines at the days inside the data, or inside limits of the x axis that somebody set.

    The limits stay as they are.

    Returns
    -------
    dict of str to float
        Event to its place on the axis.
    """
    limits = ax.get_xlim()
    left, right = sorted(ax.dataLim.intervalx if ax.get_autoscalex_on() else limits)
    days = {key: mdates.date2num(event_days()[key]) for key in events}
    inside = {key: day for key, day in days.items() if left <= day <= right}
    for day in inside.values():
        line = ax.axvline(day, color="#444444", linewidth=0.8, linestyle=(0, (4, 3)), zorder=1.5)
        line.set_gid("minelib")
    ax.set_xlim(limits, auto=None)
    return inside


def labels(ax: Axes, inside: Any, events: dict[str, str]) -> tuple[int, str]:
    """Write the labels above the axes, in as many rows as they need.

    Days too close to be told apart share one label ("Sichuan order +1").

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Laid out: its width on the figure is final.
    inside : dict
        As `draw_lines` returns it.
    events : dict
        As `chosen` returns it.

    Returns
    -------
    rows : int
        How many rows were used.
    said : str
        The days in words, for the alternative text.
    """
    figure = ax.figure.figure
    renderer = figure.canvas.get_renderer()
    placed: list[dict[str, Any]] = []
    ends = [0.0] * _ROWS  # right end of each row, in pixels from the left
    box = ax.get_window_extent(renderer)
    room = figure.bbox.width - box.x0 - _width(" +9", figure, renderer)
    for key, day in inside.items():
        x = ax.transData.transform((day, 0))[0] - box.x0
        width = _width(events[key], figure, renderer)
        start = min(max(0.0, x - width / 2), max(0.0, room - width))
        row = next((r for r in range(_ROWS) if start >= ends[r]), None)
        if row is None and min(ends) <= min(x, room - width):  # beside the line, where it touches
            row = ends.index(min(ends))
            start = ends[row]
        if row is None:
            placed[-1]["more"] += 1
            continue
        ends[row] = start + width + _GAP
        placed.append({"key": key, "x": x, "middle": start + width / 2, "row": row, "more": 0})
    points = 72 / figure.dpi
    for each in placed:
        phrase = events[each["key"]] + (f" +{each['more']}" if each["more"] else "")
        offset = (each["middle"] - each["x"]) * points, 3 + ROW * each["row"]
        look = _LOOK | {"arrowprops": _LEADER if each["row"] else None}
        note = ax.annotate(
            phrase, (each["x"] / box.width, 1.0), offset, "axes fraction", "offset points", **look
        )
        note.set_gid("minelib")
        note.set_in_layout(False)
        if not each["row"]:  # the leader of a label above passes behind it
            note.set_bbox({"facecolor": "white", "edgecolor": "none", "pad": 0.4})
            note.set_zorder(3.5)
    days = event_days()
    each_day = _("{event} ({date})")
    said = _("; ").join(
        each_day.format(event=events[key], date=words.date(days[key])) for key in inside
    )
    return max((each["row"] + 1 for each in placed), default=0), said


def _width(words, figure, renderer):
    from matplotlib.text import Text

    sample = Text(0, 0, words, fontsize=8, figure=figure)
    return sample.get_window_extent(renderer).width
