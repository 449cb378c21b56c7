# SPDX-License-Identifier: MIT
"""What all figures share: the style file, one colour a place, policy dates, captions.

A figure is a function decorated with `figure`; it draws on the `Chart` it is given:

    @figure(tables=("network_daily",), alt=N_("Line chart of the hash rate."))
    def hash_rate(fig, frame):
        ax = fig.subplots()
        ...

and is called without the chart: ``hash_rate(frame, lang="zh")``.
"""

import inspect
import io
import re
import unicodedata
from contextlib import contextmanager
from dataclasses import replace
from functools import cache, wraps
from math import floor, log10
from pathlib import Path

import matplotlib as mpl
from matplotlib import dates as mdates
from matplotlib import font_manager
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullFormatter

from minelib import text
from minelib.text import N_
from minelib.text import gettext as _

__all__ = [
    "FIGURES",
    "POLICY_EVENTS",
    "Chart",
    "date_axis",
    "event_lines",
    "figure",
    "grid_across",
    "log_axis",
    "number_axis",
    "place_colour",
    "style",
    "time_axis",
]

_FOLDER = Path(__file__).parent
_STYLE = _FOLDER / "minelib.mplstyle"

for _font in sorted((_FOLDER / "fonts").glob("*.[ot]tf")):
    font_manager.fontManager.addfont(_font)
    # one weight is bundled; it stands in for bold, or every title would log a complaint
    _regular = font_manager.fontManager.ttflist[-1]
    font_manager.fontManager.ttflist.append(replace(_regular, weight=700))

# One colour a place, everywhere: distinguishable for colour-blind readers, and neighbours in a
# stack differ in lightness so that they stay apart in grayscale.
_PLACE_COLOURS = {
    "china": "#c8372d",
    "usa": "#1f6fb4",
    "kazakhstan": "#3b9c8f",
    "russia": "#7b5ea7",
    "canada": "#e69f00",
    "iran": "#6b7f1d",
    "malaysia": "#d98cb3",
    "germany": "#8c8c8c",
    "ireland": "#b8b8b8",
    "czechia": "#2e7d4f",
    "netherlands": "#b8860b",
    "japan": "#a05195",
    "uk": "#4a3b8f",
    "norway": "#e07b91",
    "australia": "#5d4037",
    "sweden": "#c5b000",
    "india": "#00838f",
    "other": "#dcdcdc",
    "world": "#333333",
    "sichuan": "#0b5c8a",
    "yunnan": "#62b5e5",
    "xinjiang": "#9a3b12",
    "inner_mongolia": "#e08a3c",
    "beijing": "#7b5ea7",
    "gansu": "#b9a32a",
    "qinghai": "#3b9c8f",
    "shanxi": "#c27ba0",
    "hebei": "#8c6d46",
    "texas": "#0b4f8a",
    "georgia_us": "#5a9bd4",
    "kentucky": "#8fbce6",
    "new_york": "#2f7fbf",
}
_FALLBACK_COLOURS = ("#5a5a5a", "#a05195", "#2f4b7c", "#ff7c43", "#665191", "#aaaa44", "#44aa99")

# Policy dates shown as thin lines: the days are those of table `events`.
POLICY_EVENTS = {
    "fsdc51": N_("State Council"),
    "sichuan_order": N_("Sichuan order"),
    "notices_published": N_("924 notice"),
}

FIGURES = {}  # every decorated figure by "module.name", for the gallery and the tests


class Chart(Figure):
    """A matplotlib figure that shows itself in Jupyter with an alternative text.

    It is not registered with pyplot, so it is drawn once and its memory goes with it.
    Save it with ``chart.savefig("name.png")``.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        FigureCanvasAgg(self)
        self.alt = ""
        self.name = ""

    def draw(self, renderer):
        with mpl.rc_context(fname=_STYLE):  # ticks are made while drawing
            super().draw(renderer)

    def _png(self):
        """The picture, laid out first: `savefig` would draw it all once more only for that."""
        out, engine = io.BytesIO(), self.get_layout_engine()
        if engine is not None:
            with mpl.rc_context(fname=_STYLE):
                engine.execute(self)
        self._layout_engine = None  # set_layout_engine would leave a placeholder
        try:
            self.savefig(out, format="png")
        finally:
            self._layout_engine = engine
        return out.getvalue()

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"image/png": self._png(), "text/plain": self.alt}, {
            "image/png": {"alt": self.alt, "figure": self.name}
        }


@contextmanager
def style(lang=None):
    """The style, and the language for the words, while a figure is drawn."""
    before = text.current()
    text.use(text.language_or_current(lang))
    try:
        with mpl.rc_context(fname=_STYLE):
            yield
    finally:
        text.use(before)


def figure(tables, alt, size=(8.0, 4.5)):
    """Make a drawing function a figure of the package.

    Parameters
    ----------
    tables : sequence of str
        The tables it rests on, named with their versions under the figure.
    alt : str
        Alternative text in English, marked with ``N_``. The drawing function may return a
        text instead, for instance one that names values.
    size : tuple of float
        Inches; the caption is added below.

    Returns
    -------
    callable
        Takes what the drawing function takes without its first argument, and ``lang``;
        returns a `Chart`.
    """

    def decorate(draw):
        signature = inspect.signature(draw)
        parameters = list(signature.parameters.values())[1:]
        if "lang" not in signature.parameters:
            parameters.append(
                inspect.Parameter("lang", inspect.Parameter.KEYWORD_ONLY, default=None)
            )

        @wraps(draw)
        def drawn(*args, lang=None, **kwargs):
            with style(lang):
                chart = Chart(figsize=size)
                if "lang" in signature.parameters:
                    kwargs["lang"] = text.current()
                own_alt = draw(chart, *args, **kwargs)
                chart.alt = own_alt if isinstance(own_alt, str) else _(alt)
                chart.name = name
                _caption(chart, tables)
            return chart

        name = f"{draw.__module__.rsplit('.', 1)[-1]}.{draw.__name__}"
        drawn.__signature__ = signature.replace(parameters=parameters)
        drawn.tables = tuple(tables)
        FIGURES[name] = drawn
        return drawn

    return decorate


def source_line(tables, lang=None):
    """Publishers, tables with versions and package version, as one line."""
    from minelib import __version__, catalog

    descriptors = [catalog.default().descriptor(t) for t in tables]
    publishers = list(dict.fromkeys(_(d.sources[0]["publisher"], lang) for d in descriptors))
    names = _(", ", lang).join(f"{d.name} v{d.version}" for d in descriptors)
    return _("Source: {publishers}. Data: {names}; minelib {version}.", lang).format(
        publishers=_("; ", lang).join(publishers), names=names, version=__version__
    )


def _wrapped(words, width):
    """Lines of at most ``width`` Latin characters; a Chinese one is twice as wide."""
    lines = [""]
    for word in re.findall(r"[^\s，。；：、]*[\s，。；：、]*", words):
        longer = lines[-1] + word
        cells = sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in longer.rstrip())
        if cells > width and lines[-1]:
            lines.append(word)
        else:
            lines[-1] = longer
    return [line.rstrip() for line in lines if line.strip()]


def _caption(chart, tables):
    width, height = chart.get_size_inches()
    lines = _wrapped(source_line(tables), int(width * 17))
    room = 0.16 * len(lines) + 0.12  # inches
    chart.set_size_inches(width, height + room)
    bottom = room / (height + room)
    if chart.get_layout_engine() is None:
        chart.set_layout_engine("constrained", rect=(0, bottom, 1, 1 - bottom))
    chart.text(0.01, 0.06 / (height + room), "\n".join(lines), fontsize=7, color="#777777",
               ha="left", va="bottom", in_layout=False)  # fmt: skip


def place_colour(key):
    """The colour of a place, the same in every figure.

    Examples
    --------
    >>> place_colour("china")
    '#c8372d'
    """
    if key in _PLACE_COLOURS:
        return _PLACE_COLOURS[key]
    return _FALLBACK_COLOURS[sum(map(ord, str(key))) % len(_FALLBACK_COLOURS)]


@cache
def _event_days():
    from minelib.catalog import load

    return load("events").set_index("event")["date"].to_dict()


def event_lines(ax, events=None, labels=True, level=1.0):
    """Mark policy dates as thin labelled lines.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        With a date axis; dates outside its limits are left out. Call it after plotting.
    events : dict or None
        Key of table ``events`` to short label (English, marked with ``N_``); None takes
        `POLICY_EVENTS`.
    labels : bool
    level : float
        Height of the first label as a fraction of the axes; each next one stands lower.
    """
    events = POLICY_EVENTS if events is None else events
    left, right = ax.get_xlim()
    shown = 0
    for key, label in sorted(events.items(), key=lambda e: _event_days()[e[0]]):
        day = mdates.date2num(_event_days()[key])
        if not left <= day <= right:
            continue
        ax.axvline(day, color="#444444", linewidth=0.8, linestyle=(0, (4, 3)), zorder=1.5)
        if labels:
            on_left = day > left + 0.85 * (right - left)
            ax.annotate(
                _(label), (day, level - 0.065 * shown), xycoords=("data", "axes fraction"),
                xytext=(-3 if on_left else 3, -2), textcoords="offset points",
                ha="right" if on_left else "left", va="top", fontsize=8, color="#444444",
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6, "alpha": 0.75},
            )  # fmt: skip
            shown += 1
    ax.set_xlim(left, right)


class _Dates(mdates.ConciseDateFormatter):
    """Chinese months and days without a leading zero, on every system."""

    def format_ticks(self, values):
        return [re.sub(r"\b0(?=\d[月日])", "", tick) for tick in super().format_ticks(values)]


def date_axis(ax):
    """Dates on the x axis by the habit of the current language, without crowding."""
    locator = mdates.AutoDateLocator(minticks=4, maxticks=9)
    formatter = _Dates(locator)
    if text.current() == "zh":
        formatter.formats = ["%Y年", "%m月", "%d日", "%H:%M", "%H:%M", "%S"]
        formatter.zero_formats = ["", "%Y年", "%m月", "%d日", "%H:%M", "%H:%M"]
    else:
        formatter.formats = ["%Y", "%b", "%d", "%H:%M", "%H:%M", "%S"]
        formatter.zero_formats = ["", "%Y", "%b", "%d", "%H:%M", "%H:%M"]
    formatter.offset_formats = [""] * 6
    ax.xaxis.set_major_locator(locator)
    ax.xaxis.set_major_formatter(formatter)


def time_axis(ax, first=None, last=None, events=None, labels=True, level=1.0):
    """The x axis from one day to another, with dates by habit and the policy days marked.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Call it after plotting.
    first, last : date-like or None
        Limits; None keeps those there are.
    events, labels, level
        As in `event_lines`.
    """
    if first is not None:
        ax.set_xlim(first, last)
    date_axis(ax)
    event_lines(ax, events, labels, level)


def number_axis(axis, decimals=0):
    """Numbers along an axis by the habit of the current language."""
    axis.set_major_formatter(lambda v, _position: text.number(v, decimals))


def log_axis(ax):
    """A logarithmic y axis with plain numbers at 1, 2 and 5, or at powers of ten over a wide range.

    Call it after plotting.
    """
    ax.set_yscale("log")
    low, high = ax.get_ylim()
    ax.yaxis.set_major_locator(LogLocator(10, subs=(1, 2, 5) if high < 1e4 * low else (1,)))
    ax.yaxis.set_major_formatter(lambda v, _position: text.number(v, max(0, -floor(log10(v)))))
    ax.yaxis.set_minor_formatter(NullFormatter())


def grid_across(ax):
    """Lines of the grid for values on the x axis only, as rows of names need them."""
    ax.grid(visible=True, axis="x")
    ax.grid(visible=False, axis="y")
