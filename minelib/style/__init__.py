# SPDX-License-Identifier: MIT
"""The look of all figures: style file, fonts, one colour a place, axes of dates and numbers."""

import re
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from math import floor, log10
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib import dates as mdates, font_manager
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.ticker import Formatter, LogLocator, NullFormatter

from minelib import words
from minelib.checks import language
from minelib.checks.door import Lang, door
from minelib.declared import declared
from minelib.errors import BadInput
from minelib.words import gettext as _

__all__ = [
    "date_axis",
    "grid_across",
    "log_axis",
    "number_axis",
    "palette",
    "place_colour",
    "style",
    "use",
]

_FOLDER = Path(__file__).parent
_STYLE = _FOLDER / "minelib.mplstyle"

for _font in sorted((_FOLDER / "fonts").glob("*.[ot]tf")):
    font_manager.fontManager.addfont(_font)
    # one weight is bundled; it stands in for bold, or every title would log a complaint
    _regular = font_manager.fontManager.ttflist[-1]
    font_manager.fontManager.ttflist.append(replace(_regular, weight=700))

_COLOURS = declared(__file__, "colours.toml")
_FIXED_COLOURS = _COLOURS["places"] | _COLOURS["verdicts"]
_LETTERS_ACROSS = 50  # of labels that fit beside each other under a figure


def use(lang: Lang | None = None) -> None:
    """The package's style, font and language for every later figure of this process.

    Also dates as matplotlib knows them in pandas' own figures, and the colours of places as
    seaborn's default for ``hue`` by place.

    Parameters
    ----------
    lang : {"en", "zh"} or None
        None keeps the current language.

    Examples
    --------
    >>> use("en")
    """
    words.use(language(lang))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        mpl.rcParams.update(mpl.rc_params_from_file(_STYLE, use_default_template=False))
    if words.current() == "zh":  # one weight is bundled: Latin letters alone would be bold
        mpl.rcParams["axes.titleweight"] = "normal"
    from seaborn.axisgrid import Grid

    pd.plotting.plot_params["x_compat"] = True
    # seaborn lays its grids out itself; `finish` lays them out again
    for phrase in (".*incompatible with subplots_adjust", "The figure layout has changed to tight"):
        warnings.filterwarnings("ignore", phrase, UserWarning)
    _places_in_seaborn()
    Grid.tight_layout = _tight_when_drawn


@contextmanager
def style(lang: Lang | None = None) -> Iterator[None]:
    """The style and the language while a figure is drawn, and both as they were afterwards."""
    before = words.current()
    words.use(language(lang))
    try:
        with mpl.rc_context(fname=_STYLE):
            yield
    finally:
        words.use(before)


def _tight_when_drawn(grid, **how):
    """Lay a grid of seaborn's out when it is drawn; seaborn would do it three times before."""
    if grid._tight_layout_pad is not None:
        how.setdefault("pad", grid._tight_layout_pad)
    grid.figure.set_layout_engine("tight", **{"rect": grid._tight_layout_rect, **how})
    return grid


def _places_in_seaborn():
    """Let ``hue`` by place or verdict take the package's colours where no palette is asked for.

    seaborn has no setting for this: the colours of a hue are drawn from one cycle, whatever
    the levels are.
    """
    from seaborn._base import HueMapping

    drawn = HueMapping.categorical_mapping
    if getattr(drawn, "knows_places", False):
        return

    def categorical_mapping(self, data, palette_asked, order):
        from seaborn._base import categorical_order

        if palette_asked is None:
            levels = categorical_order(data, order)
            if len(levels) and all(level in _FIXED_COLOURS for level in levels):
                palette_asked = palette(levels)
        return drawn(self, data, palette_asked, order)

    categorical_mapping.knows_places = True
    HueMapping.categorical_mapping = categorical_mapping


def place_colour(key: str) -> str:
    """The colour of a place or a verdict, the same in every figure.

    Parameters
    ----------
    key : str
        A place of table ``places``, or a verdict.

    Returns
    -------
    str
        As ``"#c8372d"``.

    Examples
    --------
    >>> place_colour("china")
    '#c8372d'
    """
    if key in _FIXED_COLOURS:
        return _FIXED_COLOURS[key]
    return _COLOURS["others"]["cycle"][sum(map(ord, str(key))) % len(_COLOURS["others"]["cycle"])]


def palette(places: Iterable[str]) -> dict[str, str]:
    """The colours of several places or verdicts, as seaborn and pandas take them.

    Parameters
    ----------
    places : iterable of str
        Keys of table ``places``, or verdicts; repetitions do no harm.

    Returns
    -------
    dict of str to str

    Examples
    --------
    >>> palette(["usa", "china", "usa"])
    {'usa': '#1f6fb4', 'china': '#c8372d'}
    """
    return {place: place_colour(place) for place in dict.fromkeys(places)}


def needs(frame: object, *columns: str) -> None:
    """Refuse a frame that a figure cannot be drawn from, with one sentence.

    Parameters
    ----------
    frame : pandas.DataFrame
    *columns : str
        Columns (or names of the index) the figure reads.

    Raises
    ------
    BadInput
        Not a frame, a column missing, no row, or only missing values.
    """
    if not isinstance(frame, pd.DataFrame):
        kind = type(frame).__name__
        raise BadInput(
            _("This figure is drawn from a DataFrame, not from {kind}.").format(kind=kind)
        )
    missing = [c for c in columns if c not in frame.columns and c not in frame.index.names]
    if missing:
        sentence = _("This figure needs the column {name!r}; the frame has: {known}.")
        raise BadInput(
            sentence.format(name=missing[0], known=", ".join(map(str, frame.columns)) or "–")
        )
    if frame.empty:
        raise BadInput(_("There is nothing to draw: the frame has no rows."))
    held = [c for c in columns if c in frame.columns]
    if held and frame[held].isna().all(axis=None):
        raise BadInput(_("There is nothing to draw: all values are missing."))


class _Dates(mdates.ConciseDateFormatter):
    """Chinese months and days without a leading zero; a date alone says its year."""

    def format_ticks(self, values):
        if len(values) == 1:  # which would be called by its hour
            day = mdates.num2date(values[0])
            return [words.short_month(day) if day.day == 1 else words.date(day)]
        return [re.sub(r"\b0(?=\d[月日])", "", tick) for tick in super().format_ticks(values)]


def date_axis(axis: Axis) -> None:
    """Dates along an axis by the habit of the current language, without crowding.

    Parameters
    ----------
    axis : matplotlib.axis.Axis
        ``ax.xaxis`` or ``ax.yaxis``.
    """
    figure, box = axis.figure.figure, axis.axes.get_position()
    inches = box.width * figure.get_figwidth() if axis.axis_name == "x" else figure.get_figheight()
    most = int(min(9, max(3, 1.7 * inches)))
    # the locator stays under the most it may set
    locator = mdates.AutoDateLocator(minticks=min(4, most - 1), maxticks=most + 1)
    locator.intervald[mdates.MONTHLY] = [1, 2, 3, 4, 6, 12]
    formatter = _Dates(locator)
    if words.current() == "zh":
        formatter.formats = ["%Y年", "%m月", "%d日", "%H:%M", "%H:%M", "%S"]
        formatter.zero_formats = ["", "%Y年", "%m月", "%d日", "%H:%M", "%H:%M"]
    else:
        formatter.formats = ["%Y", "%b", "%d", "%H:%M", "%H:%M", "%S"]
        formatter.zero_formats = ["", "%Y", "%b", "%d", "%H:%M", "%H:%M"]
    formatter.offset_formats = [""] * 6
    axis.set_major_locator(locator)
    axis.set_major_formatter(formatter)


class _Numbers(Formatter):
    """Numbers with grouped thousands and as many decimals as the steps between ticks need."""

    def __call__(self, value, position=None):
        return self.format_ticks([value])[0]

    def format_ticks(self, values):
        values = np.asarray(values, dtype=float)
        steps = np.diff(np.unique(values))
        step = steps.min() if len(steps) else abs(values).max(initial=0)
        if abs(values).max(initial=0) >= 1e6:
            return [words.compact(v, 1 if step < 1e6 else 0) for v in values]
        decimals = min(6, max(0, -floor(log10(step) + 1e-9))) if step > 0 else 0
        if step > 0 and abs(step * 10**decimals - round(step * 10**decimals)) > 1e-6:
            decimals += 1  # steps of 2.5
        return [words.number(v, decimals) for v in values]


def number_axis(axis: Axis) -> None:
    """Numbers along an axis by the habit of the current language.

    Parameters
    ----------
    axis : matplotlib.axis.Axis
    """
    axis.set_major_formatter(_Numbers())


def log_axis(axis: Axis) -> None:
    """A logarithmic axis with plain numbers at 1, 2 and 5, or at powers of ten over a wide range.

    Parameters
    ----------
    axis : matplotlib.axis.Axis
        Call it after plotting. An axis without a positive value stays linear.
    """
    if not getattr(axis.axes.dataLim, f"interval{axis.axis_name}")[1] > 0:
        return
    getattr(axis.axes, f"set_{axis.axis_name}scale")("log")
    low, high = axis.get_view_interval()
    longest = max(len(_plain_number(v)) for v in (low, high / 10, high))
    letters = 3 * log10(high / low) * longest  # of the labels at 1, 2 and 5
    fits = high < 1e4 * low and (axis.axis_name == "y" or letters < _LETTERS_ACROSS)
    axis.set_major_locator(LogLocator(10, subs=(1, 2, 5) if fits else (1,)))
    axis.set_major_formatter(lambda v, _position: _plain_number(v))
    axis.set_minor_formatter(NullFormatter())


def _plain_number(value):
    if value >= 1e6:
        return words.compact(value, 0)
    return words.number(value, max(0, -floor(log10(value) + 1e-9)))


def grid_across(ax: Axes) -> None:
    """Lines of the grid for values on the x axis only, as rows of names need them."""
    ax.grid(visible=True, axis="x")
    ax.grid(visible=False, axis="y")


@cache
def event_days() -> dict[str, pd.Timestamp]:
    """The day of each event of table ``events``, by key."""
    from minelib.catalog import load

    events = load("events")
    return dict(zip(events["event"], events["date"], strict=True))


door(globals())
