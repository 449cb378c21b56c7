# SPDX-License-Identifier: MIT
"""The words and numbers on axes: names of columns and keys become labels in the language."""

import re
import textwrap
from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.category import StrCategoryConverter
from matplotlib.dates import DateConverter
from matplotlib.legend import Legend
from matplotlib.ticker import FixedFormatter, FixedLocator, MaxNLocator, ScalarFormatter

from minelib import words
from minelib.catalog import columns
from minelib.style import date_axis, log_axis, number_axis

__all__ = [
    *("has_dates", "has_word", "keys_of", "keys_on", "named", "shorten", "title_of"),
    *("value_word", "words_on"),
]

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(?:[ T]00:00:00(?:\.0+)?)?")
_COUNTS = {"Count": "count", "Frequency": "count"}  # words of seaborn and pandas themselves
_CHINESE = re.compile("[\u4e00-\u9fff]")
_LONGEST = 44  # letters of an entry of a legend; half as many Chinese characters
_MOST_DAYS = 12  # labels of days along an axis of categories
_LETTERS_ACROSS = 66  # of labels beside each other
_FACET = re.compile(r"\s*(\w+) = (.*?)\s*")
# matplotlib 3.10 has a new name for it
_converter = getattr(Axis, "get_converter", lambda axis: axis.converter)


def keys_of(ax: Axes) -> dict[str, Any]:
    """The columns that an axes shows, as seaborn and pandas left them in its labels.

    They are noted at the first look, because `words_on` replaces them by words.

    Returns
    -------
    dict
        ``x``, ``y``, ``hue``: name of a column, "" where there is none.
    """
    if not hasattr(ax, "_minelib_keys"):
        legend = ax.get_legend()
        hue = _hue(legend) if legend else ""
        facet = [_FACET.fullmatch(part) for part in title_of(ax).split("|")]
        pairs = [(part[1], part[2]) for part in facet if part]
        ax._minelib_facet = dict(pairs) if len(pairs) == len(facet) else {}
        x, y = (_COUNTS.get(label, label) for label in (ax.get_xlabel(), ax.get_ylabel()))
        ax._minelib_keys = {"x": x, "y": y, "hue": hue}
    return ax._minelib_keys


def title_of(ax: Axes) -> str:
    """The title of an axes, wherever it stands."""
    return ax.get_title() or ax.get_title(loc="left") or ax.get_title(loc="right")


def _hue(legend):
    """The column of a legend: its title, or the head of the first of seaborn's sections."""
    title, entries = legend.get_title().get_text(), [e.get_text() for e in legend.get_texts()]
    if title or len(entries) < 2 or not columns.known(entries[0]):
        return title
    return entries[0] if has_word(*entries[:2], ()) else ""


def words_on(
    ax: Axes,
    tables: Sequence[str],
    value: str | None = None,
    log: bool = False,
    units: dict[str, str] | None = None,
) -> None:
    """Put labels, ticks, legend and title of an axes into the current language.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    tables : sequence of str
        They decide what a column means.
    value : str or None
        Column that the unlabelled axis (or the colour bar) shows.
    log : bool
        A logarithmic value axis.
    units : dict or None
        Column to unit, where the frame has another than the dictionary.
    """
    keys, units = keys_of(ax), units or {}
    if hasattr(ax, "_colorbar"):
        _number_axis(ax.yaxis, None)
        if value and not ax.get_ylabel():
            ax.set_ylabel(columns.label(value, None, tables, units.get(value, True)))
        return
    bars = [c for c in ax.collections if getattr(c, "colorbar", None) is not None]
    if value and not (keys["x"] and keys["y"]) and not bars:
        keys["y" if not keys["y"] else "x"] = value
    for side, axis in (("x", ax.xaxis), ("y", ax.yaxis)):
        if keys[side]:
            axis.set_label_text(_axis_label(keys[side], tables, units.get(keys[side], True)))
        _ticks(axis, keys[side], tables)
    if log and not has_dates(ax.yaxis) and not _is_categorical(ax.yaxis):
        log_axis(ax.yaxis)
    elif log:
        log_axis(ax.xaxis)
    for title in (ax.title, ax._left_title, ax._right_title):
        title.set_text(_facet_title(title.get_text(), tables))
    if ax.get_legend() is not None:
        shown = [columns.word(key, tables) for key in (keys["x"], keys["y"]) if key]
        named(ax.get_legend(), tables, {word.unit for word in shown if word is not None})


def _axis_label(key, tables, unit):
    """A column in words; of a pivoted frame a place, a pool, a day."""
    if _DAY.fullmatch(key):
        return words.date(key[:10])
    column = _guessed([key], tables)
    return value_word(column, key, tables) if column else columns.label(key, None, tables, unit)


def named(legend: Legend, tables: Sequence[str], units: Any = ()) -> None:
    """The title and entries of a legend, in the current language.

    A unit that an axis shows (``units``) is not said again in the entries.
    """
    title = legend.get_title()
    column = getattr(legend, "_minelib_key", title.get_text())
    legend._minelib_key = column
    if columns.known(column):
        title.set_text(columns.label(column, None, tables))
    for entry in legend.get_texts():
        entry._minelib_key = getattr(entry, "_minelib_key", entry.get_text())
    section = column or _guessed([e._minelib_key for e in legend.get_texts()], tables)
    for entry in legend.get_texts():
        key = entry._minelib_key
        if section and columns.word(section, tables) and has_word(section, key, tables):
            entry.set_text(value_word(section, key, tables))
        elif columns.known(key):  # a column of a wide frame, or the head of a section
            section = key if key != column else section
            known = columns.word(key, tables)
            unit = known is None or known.unit not in units
            entry.set_text(columns.label(key, None, tables, unit))
        elif (named_value := _FACET.fullmatch(key)) and columns.known(named_value[1]):
            entry.set_text(value_word(named_value[1], named_value[2], tables))  # of another column
        else:
            entry.set_text(value_word(section, key, tables))


def shorten(legend: Legend) -> None:
    """Sentences as entries would leave the axes no room."""
    for entry in legend.get_texts():
        words = entry.get_text()
        most = _LONGEST // 2 if _CHINESE.search(words) else _LONGEST
        if len(words) > most:
            entry.set_text(words[: most - 1].rstrip() + "…")


def has_word(column: str, key: str, tables: Sequence[str]) -> bool:
    """Whether a column has a word of its own for a key, be it the key itself."""
    found = columns.word(column, tables)
    listed = found is not None and key in found.values
    return listed or value_word(column, key, tables) != key


def _guessed(keys, tables):
    """The column whose values these are, where no label says it; "" for none."""
    if any(columns.known(key) for key in keys):
        return ""
    for column in ("place", "pool", "machine"):
        may = column == "place" or not tables or any(columns.has_column(t, column) for t in tables)
        if may and keys and all(columns.value(column, k, None, tables) != k for k in keys):
            return column
    return ""


def value_word(column: str, key: str, tables: Sequence[str]) -> str:
    """A value as it stands on an axis or in a legend, in words."""
    if _DAY.fullmatch(key):
        return words.month(key[:10]) if "month" in column else words.date(key[:10])
    if not column:
        return columns.label(key, None, tables)
    return columns.value(column, key, None, tables)


def _facet_title(title, tables):
    """``place = china | month = 2021-05-01`` as words."""
    parts = [_FACET.fullmatch(part) for part in title.split("|")]
    if not title or not all(parts):
        return title
    said = []
    for part in parts:
        column, key = part.groups()
        word = value_word(column, key, tables)
        said.append(word if word != key else f"{columns.label(column, None, tables)}: {key}")
    return " | ".join(said)


def has_dates(axis: Axis) -> bool:
    """Whether an axis counts days as matplotlib does."""
    converter = _converter(axis)
    if converter is None:
        return False
    # pandas registers converters of its own, matplotlib switches between two
    names = {kind.__name__ for kind in type(converter).__mro__}
    return isinstance(converter, DateConverter) or any("Date" in name for name in names)


def _is_categorical(axis):
    formatter = axis.get_major_formatter()
    # matplotlib keeps labels that were set by hand in a partial over a dictionary
    by_hand = isinstance(getattr(formatter, "func", None), partial)
    by_hand = by_hand or isinstance(formatter, FixedFormatter)
    return by_hand or isinstance(_converter(axis), StrCategoryConverter)


def keys_on(axis: Axis) -> list[str]:
    """The keys along an axis of categories, noted at the first look; of another axis none."""
    if not hasattr(axis, "_minelib_keys") and _is_categorical(axis):
        places = axis.get_majorticklocs()
        axis._minelib_keys = [str(w) for w in axis.get_major_formatter().format_ticks(places)]
    return getattr(axis, "_minelib_keys", [])


def _ticks(axis, key, tables):
    if _is_categorical(axis):
        places = np.asarray(axis.get_majorticklocs())
        keys = keys_on(axis)
        key = key or _guessed(keys, tables)
        words = [value_word(key, label, tables) for label in keys]
        if words and all(_DAY.fullmatch(label) for label in keys):
            words = _thinned(axis, key)
        elif axis.axis_name == "x":
            words = _narrowed(axis, words)
        axis.set_major_locator(FixedLocator(places))
        axis.set_major_formatter(FixedFormatter(words))
        if axis.axis_name == "y":  # seaborn turns those of low heat maps
            axis.set_tick_params(rotation=0)
    elif has_dates(axis):
        turned = [tick.label1 for tick in axis.majorTicks if tick.label1.get_rotation()]
        for label in turned:  # by pandas
            label.set(rotation=0, ha="center")
        date_axis(axis)
    elif axis.get_scale() == "log":
        log_axis(axis)
    elif axis.get_scale() == "linear":
        _number_axis(axis, columns.word(key, tables) if key else None)


def _narrowed(axis, words):
    """Words side by side in lines of their own, where they would run into each other."""
    turned = any(tick.get_rotation() for tick in axis.get_ticklabels())
    room = max(6, _LETTERS_ACROSS // max(1, len(words)))
    rooms = [room // 2 if _CHINESE.search(word) else room for word in words]
    if turned or all(len(word) <= most for word, most in zip(words, rooms, strict=True)):
        return words
    look = {"max_lines": 3, "placeholder": "…"}
    broken = [  # Chinese has no blanks to break at
        textwrap.wrap(word, most, break_long_words=bool(_CHINESE.search(word)), **look)
        for word, most in zip(words, rooms, strict=True)
    ]
    return ["\n".join(lines) or word for lines, word in zip(broken, words, strict=True)]


def _thinned(axis, key):
    """Days as labels of categories: short, and only as many as can be read."""
    days = axis._minelib_keys
    step = -(-len(days) // _MOST_DAYS)
    short = words.short_month if "month" in key else words.date
    for tick in axis.get_ticklabels():
        tick.set(rotation=45 if axis.axis_name == "x" else 0)
        if axis.axis_name == "x":
            tick.set(ha="right", rotation_mode="anchor")
    return [short(day[:10]) if i % step == 0 else "" for i, day in enumerate(days)]


def _number_axis(axis, known):
    """Grouped numbers, unless the axis has a formatter of the reader's own."""
    if not isinstance(axis.get_major_formatter(), ScalarFormatter):
        return
    if known is not None and known.unit in ("year", "month", "height"):
        axis.set_major_locator(MaxNLocator(integer=True, nbins=9))
        axis.set_major_formatter("{x:g}")
    else:
        number_axis(axis)
