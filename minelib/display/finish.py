# SPDX-License-Identifier: MIT
"""Finish a figure: words in the language, dates by habit, policy days, source, alternative text."""

import io
import re
import warnings
from binascii import b2a_base64
from collections.abc import Iterable
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from minelib import html, words
from minelib.display import events as policy
from minelib.display.axes import has_dates, named, shorten, title_of, words_on
from minelib.display.marks import described, has_marks, shown
from minelib.display.table import agreed, as_data, source_line
from minelib.errors import BadInput
from minelib.words import gettext as _

__all__ = ["MIME", "Finished", "finish", "number_figures"]

MIME = "application/vnd.minelib.figure+json"

_titles: list[str] = []  # of the notebook's figures, in their order
_FOLDED = 60  # rows of numbers under a figure
_CLOSE = {"pad": 0.4}
_TALLEST = 14  # entries of a legend in one column


def number_figures(titles: Iterable[str]) -> None:
    """Say which figures a notebook has, so that `finish` can number them by their titles.

    Parameters
    ----------
    titles : iterable of str
        In English, as the cells have them, in the order of the notebook.
    """
    _titles[:] = dict.fromkeys(titles)


class Finished:
    """A finished figure: what Jupyter shows, and what can be taken from it.

    Attributes
    ----------
    figure : matplotlib.figure.Figure
    data : pandas.DataFrame
        The numbers behind it.
    title : str
        In the language, with its number where the notebook has one.
    number : int or None
    alt : str
        Alternative text.
    tables : tuple of str
    """

    latest: "Finished | None" = None  # which pyplot has forgotten

    def __init__(self, figure, data, title, number, alt, tables):
        self.figure, self.data, self.alt = figure, data, alt
        self.title, self.number, self.tables = title, number, tuple(tables)
        Finished.latest = self

    def savefig(self, *args: Any, **kwargs: Any) -> None:
        """Save the picture; takes what matplotlib's ``savefig`` takes."""
        engine = self.figure.get_layout_engine()
        self.figure._layout_engine = None  # any, even one that does nothing, draws all twice
        try:
            self.figure.savefig(*args, **kwargs)
        finally:
            self.figure._layout_engine = engine

    def __repr__(self):
        return self.alt

    def _repr_mimebundle_(self, include=None, exclude=None):
        out = io.BytesIO()
        self.savefig(out, format="png", pil_kwargs={"compress_level": 2})
        about = {"alt": self.alt, "title": self.title, "number": self.number}
        bundle = {"image/png": out.getvalue(), "text/plain": self.alt}
        if self.data is not None and len(self.data):
            bundle[MIME] = as_data(self.data, self.tables)
        return bundle, {"image/png": about}

    def _ipython_display_(self):
        from IPython.display import display

        data, metadata = self._repr_mimebundle_()
        # as text: the kernel in a browser takes no bytes
        data["image/png"] = b2a_base64(data["image/png"], newline=False).decode()
        display(data, metadata=metadata, raw=True)
        if self.data is not None and len(self.data):
            fold = self._numbers()
            display({"text/html": fold, "text/plain": ""}, raw=True)

    def _numbers(self):
        """The numbers behind the figure, folded."""
        frame, more = self.data, len(self.data) - _FOLDED
        head = _("The numbers behind figure {number}").format(number=self.number)
        head = head if self.number else _("The numbers behind the figure")
        table = agreed(frame.head(_FOLDED), self.tables)._repr_html_()
        rest = _("{count} more rows: see .data of the figure.").format(count=more)
        body = html.render(  # Jupyter shows no alternative text of a picture
            "<p>{{ alt }}</p>{{ table }}{% if rest %}<p>{{ rest }}</p>{% endif %}",
            alt=self.alt,
            table=table,
            rest=rest if more > 0 else "",
        )
        return html.folded(head, body, "minelib-numbers")


def finish(
    target: Any,
    *tables: str,
    data: pd.DataFrame | pd.Series | None = None,
    value: str | None = None,
    events: Any = False,
    log: bool = False,
    title: str | None = None,
    alt: str | None = None,
) -> Finished:
    """Finish a figure for readers, in the current language.

    Labels of axes, legends, ticks and panels that are names of columns, or keys of places,
    pools, machines and the like, become words; dates and numbers follow the habit of the
    language; the source stands underneath. Call it after the last call that draws; it may be
    called again.

    Parameters
    ----------
    target : matplotlib Axes or Figure, or a seaborn FacetGrid, JointGrid or PairGrid
        Also an array of axes, as ``df.plot(subplots=True)`` returns it.
    *tables : str
        Tables of the catalogue it rests on. They are named under the figure with their
        versions, and decide what a column means where tables differ.
    data : pandas.DataFrame, Series or None
        The numbers behind the figure; None reads them from the marks.
    value : str or None
        Column that the colours of a heat map, or the unlabelled axis of ``df.plot()``, show.
    events : bool, iterable of str, or dict
        Days to mark on axes of dates: True for the policy days, or keys of table ``events``.
    log : bool
        A logarithmic axis of values.
    title : str or None
        In English; its translation is looked up in the messages.
    alt : str or None
        Alternative text; None makes one from what the marks show.

    Returns
    -------
    Finished

    Raises
    ------
    BadInput
        Nothing that was drawn, axes without data, a column that means different things in two
        of the tables named.
    UnknownName
        A table or an event that is not there.

    Examples
    --------
    >>> import matplotlib; matplotlib.use("agg")
    >>> import seaborn as sns, minelib as ml
    >>> share = ml.load("country_share").query("place == 'china'")
    >>> ax = sns.lineplot(share, x="month", y="share_pct")
    >>> figure = ml.finish(ax, "country_share")
    >>> ax.get_ylabel(), len(figure.data)
    ("Share of the world's hash rate (%)", 29)
    """
    figure = _figure_of(target)
    if not has_marks(figure) and not hasattr(figure, "_minelib_alt"):
        raise BadInput(_("There is nothing to finish: nothing has been drawn on these axes."))
    chosen, source = policy.chosen(events), source_line(tables) if tables else ""
    units = getattr(data, "attrs", {}).get("units")
    _undo(figure)
    for ax in figure.axes:
        words_on(ax, tables, value, log, units)
        _wrap_labels(ax)
        _legend_outside(ax, tables)
    for legend in figure.legends:
        named(legend, tables)
        _outside(legend)
    _start_over(figure)
    dated = [ax for ax in figure.axes if chosen and has_dates(ax.xaxis)]
    inside = {ax: policy.draw_lines(ax, chosen) for ax in dated}
    top = [ax for ax in dated if _in_first_row(ax) and inside[ax]]
    for ax in top:
        if title_of(ax):
            _raise_title(ax)
    _lay_out(figure)
    rows, said = 0, ""
    for ax in top:
        used, said = policy.labels(ax, inside[ax], chosen)
        rows = max(rows, 0 if title_of(ax) else used)
    number = _titles.index(title) + 1 if title in _titles else None
    phrase = _(title) if title else ""
    if number:
        phrase = _("Figure {number}. {title}").format(number=number, title=phrase)
    _strips(figure, phrase, rows, source)
    frame = _framed(data) if data is not None else shown(figure)
    spoken = _(alt) if alt else getattr(figure, "_minelib_alt", "")
    if not spoken:
        spoken = described(frame if data is None else shown(figure), figure, tables)
    ended = phrase if phrase[-1:] in ".?!。？！" else phrase + _(".")
    marked = _("Marked: {events}.").format(events=said) if said else ""
    gap = "" if words.current() == "zh" else " "
    spoken = gap.join(filter(None, [ended, spoken, marked]))
    _close(figure)
    return Finished(figure, frame, phrase, number, spoken, tables)


def _figure_of(target):
    if isinstance(target, Finished):
        return target.figure
    if isinstance(target, np.ndarray) and target.size:
        target = target.flat[0]
    if isinstance(target, Axes):
        return target.figure.figure
    figure = target if isinstance(target, Figure) else getattr(target, "figure", None)
    if isinstance(figure, Figure):
        return figure
    sentence = _("finish takes Axes, a Figure or a seaborn grid, not {kind}.")
    raise BadInput(sentence.format(kind=type(target).__name__))


def _framed(data):
    frame = data.to_frame() if isinstance(data, pd.Series) else data
    plain = isinstance(frame.index, pd.RangeIndex) or frame.index.dtype.kind in "iu"
    unnamed = all(name is None for name in frame.index.names)
    return frame if plain and unnamed else frame.reset_index()


def _legend_outside(ax, tables):
    """A legend that was placed by nobody goes beside the axes, where it covers nothing."""
    legend = ax.get_legend()
    if legend is None or getattr(legend, "_bbox_to_anchor", None) is not None:
        return
    keys = [entry._minelib_key for entry in legend.get_texts()]
    if len(keys) > _TALLEST:
        look = {"ncols": -(-len(keys) // _TALLEST), "fontsize": 7, "title": legend._minelib_key}
        legend = ax.legend(legend.legend_handles, keys, **look)
        named(legend, tables)
    shorten(legend)
    legend.set_loc("upper left")
    legend.set_bbox_to_anchor((1.01, 1.0))


def _outside(legend):
    if legend._outside_loc is None:
        legend.set_loc("outside right upper")


def _in_first_row(ax):
    spec = ax.get_subplotspec()
    return spec is None or spec.is_first_row()


def _raise_title(ax):
    """Room for labels of events between the axes and its own title."""
    pad = mpl.rcParams["axes.titlepad"] + 2 * policy.ROW
    for place, title in (("left", ax._left_title), ("center", ax.title)):
        if title.get_text():
            ax.set_title(title.get_text(), loc=place, pad=pad, fontsize=title.get_fontsize())


def _wrap_labels(ax):
    """A label longer than its axis would run into the neighbour's."""
    width, height = ax.figure.figure.get_size_inches()
    spec = ax.get_subplotspec()
    rows = columns = 1.0
    if spec is not None:
        rows, columns = spec.get_gridspec().get_geometry()
        rows, columns = rows / len(spec.rowspan), columns / len(spec.colspan)
    # beside one another stand ticks and legends as well
    across = width / columns * (0.75 if columns > 1 else 1)
    for axis, room in ((ax.xaxis, across), (ax.yaxis, height / rows)):
        words = axis.get_label_text()
        axis.set_label_text("\n".join(_wrapped(words.replace("\n", " "), int(room * 10))))


def _start_over(figure):
    """Axes as they were drawn: the layout ends elsewhere when it begins elsewhere."""
    sides = ("left", "right", "bottom", "top")
    if not hasattr(figure, "_minelib_sides"):
        figure._minelib_sides = {side: getattr(figure.subplotpars, side) for side in sides}
    figure.subplotpars.update(**figure._minelib_sides)
    for ax in figure.axes:
        if not hasattr(ax, "_minelib_start"):
            ax._minelib_start = ax.get_position(original=True).frozen()
        ax.set_position(ax._minelib_start)
        ax.set_in_layout(True)


def _lay_out(figure):
    """Let a layout place everything once, and keep it so."""
    alone = len(figure.axes) == 1 and not figure.legends and figure._suptitle is None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", UserWarning)
            # one axes are placed as well in half the time by the plainer layout
            figure.set_layout_engine(
                "tight" if alone else "constrained", **(_CLOSE if alone else {})
            )
            figure.get_layout_engine().execute(figure)
    except (RuntimeError, UserWarning, ZeroDivisionError):
        # a colour bar or a grid that was made under another engine
        figure.set_layout_engine("none")
        figure.tight_layout()
    figure.set_layout_engine("none")


def _strips(figure, title, rows, source):
    """Grow the figure by strips: title and labels of events above, the source below."""
    width, height = figure.get_size_inches()
    lines = _wrapped(source, int(width * 17)) if source else []
    heads = _wrapped(title, int(width * 9.5)) if title else []
    below = 0.16 * len(lines) + 0.12 if lines else 0.0
    strip = rows * policy.ROW / 72 + 0.06 if rows else 0.0
    above = strip + (0.23 * len(heads) + 0.1 if heads else 0.0)
    whole = height + below + above
    figure._minelib_size = (width, height, below / whole, height / whole)
    for ax in figure.axes:
        box = ax.get_position(original=True)
        ax.set_position(
            [box.x0, (box.y0 * height + below) / whole, box.width, box.height * height / whole]
        )
        ax.set_in_layout(True)
    for text in [*figure.texts, *filter(None, [figure._suptitle])]:
        x, y = text.get_position()
        text.set_position((x, (y * height + below) / whole))
    for legend in figure.legends:
        legend.set_bbox_to_anchor((0, below / whole, 1, height / whole), figure.transFigure)
    figure.set_size_inches(width, whole)
    look = {"fontsize": 12, "fontweight": mpl.rcParams["axes.titleweight"], "va": "top"}
    _write(figure, 1 - 0.06 / whole, heads, **look)
    _write(figure, 0.06 / whole, lines, fontsize=7, color="#666666", va="bottom")


def _write(figure, y, lines, **look):
    words = figure.text(0.01, y, "\n".join(lines), ha="left", **look)
    words.set_in_layout(False)
    words.set_gid("minelib")


def _undo(figure):
    """Take away what an earlier `finish` added."""
    if not hasattr(figure, "_minelib_size"):
        return
    width, height, low, part = figure._minelib_size
    for text in [t for t in figure.texts if t.get_gid() == "minelib"]:
        text.remove()
    for ax in figure.axes:
        for artist in [*ax.texts, *ax.lines]:
            if artist.get_gid() == "minelib":
                artist.remove()
    for text in [*figure.texts, *filter(None, [figure._suptitle])]:
        x, y = text.get_position()
        text.set_position((x, (y - low) / part))
    figure.set_size_inches(width, height)
    del figure._minelib_size


def _wrapped(words, width):
    """Lines of at most ``width`` Latin characters; a Chinese one is twice as wide."""
    lines = [""]
    for word in re.findall(r"[^\s，。；：、]*[\s，。；：、]*", words):
        longer = lines[-1] + word
        if policy.across(longer.rstrip()) > width and lines[-1]:
            lines.append(word)
        else:
            lines[-1] = longer
    return [line.rstrip() for line in lines if line.strip()]


def _close(figure):
    """Let pyplot forget the figure, or Jupyter would show it twice."""
    from matplotlib import pyplot as plt

    if plt.fignum_exists(getattr(figure, "number", None) or 0):
        plt.close(figure)
        FigureCanvasAgg(figure)  # closing leaves a canvas that cannot draw
