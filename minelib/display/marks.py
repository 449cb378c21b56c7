# SPDX-License-Identifier: MIT
"""What the marks of a figure show, read back as a frame, and said in a sentence."""

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
from matplotlib import dates as mdates
from matplotlib.axes import Axes
from matplotlib.collections import Collection
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from minelib import words
from minelib.catalog import columns
from minelib.display.axes import has_dates, has_word, keys_of, keys_on, value_word
from minelib.words import gettext as _

__all__ = ["described", "has_marks", "label", "read", "shown"]

_MOST_GROUPS = 8


def has_marks(figure: Figure) -> bool:
    """Whether anything that can be seen was drawn on any axes of a figure."""
    return any(
        _drawn(artist)
        for ax in figure.axes
        for artist in (*ax.lines, *ax.collections, *ax.patches, *ax.images)
    )


def _drawn(artist):
    if artist.get_gid() == "minelib":
        return False
    if isinstance(artist, Line2D):
        return bool(np.isfinite(np.asarray(artist.get_xydata(), float)).all(axis=1).any())
    if isinstance(artist, Collection):
        offsets = np.ma.filled(np.ma.asarray(artist.get_offsets(), float), np.nan)
        seen = type(artist).__name__ != "PathCollection" or np.isfinite(offsets).all(axis=1).any()
        return bool(len(artist.get_paths()) and seen)
    return True


def shown(figure: Figure) -> pd.DataFrame:
    """The points, lines, bars and tiles of a figure as a tidy frame.

    Parameters
    ----------
    figure : matplotlib.figure.Figure

    Returns
    -------
    pandas.DataFrame
        One row per mark: the columns of the axes (dates as dates, categories as their keys),
        and the group by the legend. Bands and annotations are not read.
    """
    frames = [frame for ax in figure.axes if not hasattr(ax, "_colorbar") for frame in read(ax)]
    if not frames:
        return pd.DataFrame()
    return pd.concat(frames, ignore_index=True)


def read(ax: Axes) -> Iterator[pd.DataFrame]:
    """A frame for each set of marks on some axes, as `shown` joins them."""
    keys, groups = _keys(ax), _groups(ax)
    names = [keys["x"] or "x", keys["y"] or "y"]
    if names[0] == names[1]:
        names[1] += "_2"
    for kind, x, y, group in _marks(ax, groups):
        frame = pd.DataFrame({names[0]: _values(ax.xaxis, x), names[1]: _values(ax.yaxis, y)})
        if kind == "tiles":
            frame["value"] = group
        elif group is not None:
            frame[keys["hue"] or "group"] = group
        yield frame.assign(**getattr(ax, "_minelib_facet", {}))


def _keys(ax):
    """The columns of an axes; those of its neighbours where a grid labels only the outer ones."""
    every = [keys_of(ax), *(keys_of(a) for a in ax.figure.figure.axes)]
    found = {side: next((k[side] for k in every if k[side]), "") for side in ("x", "y")}
    legends = ax.figure.figure.legends
    hue = keys_of(ax)["hue"] or next((getattr(g, "_minelib_key", "") for g in legends), "")
    return {**found, "hue": hue}


def _groups(ax):
    """Colour to key, by the legend of the axes or of the figure."""
    figure = ax.figure.figure
    legends = [ax.get_legend(), *figure.legends]
    found = {}
    for legend in filter(None, legends):
        for handle, entry in zip(legend.legend_handles, legend.get_texts(), strict=False):
            colour = _colour(handle)
            if colour is not None:
                found.setdefault(colour, getattr(entry, "_minelib_key", entry.get_text()))
    return found


def _colour(artist):
    for name in ("get_color", "get_facecolor"):
        if hasattr(artist, name):
            colour = getattr(artist, name)()
            try:
                colour = np.atleast_2d(colour)[0] if not isinstance(colour, str) else colour
                return to_hex(colour)
            except (ValueError, IndexError):
                return None
    return None


def _marks(ax, groups):
    """Kind, x, y and group of each set of marks."""
    for line in ax.lines:
        x, y = line.get_data(orig=False)
        if line.get_gid() == "minelib" or len(x) < 1 or _spans(line, ax):
            continue
        label = str(line.get_label())
        own = label if not label.startswith("_") else None
        yield "line", np.asarray(x), np.asarray(y), groups.get(_colour(line), own)
    for collection in ax.collections:
        if collection.get_gid() == "minelib":
            continue
        if hasattr(collection, "get_coordinates") and collection.get_array() is not None:
            yield _tiles(collection)
        elif type(collection).__name__ == "PathCollection":
            yield _points(collection, groups)
    for container in ax.containers:
        bars = getattr(container, "patches", None)
        if bars:
            yield _bars(bars, groups, container)


def _spans(line, ax):
    """Lines across the axes (``axhline``, ``axvline``) are no data."""
    return line.get_transform() != ax.transData


def _points(collection, groups):
    offsets = np.ma.filled(np.ma.asarray(collection.get_offsets(), dtype=float), np.nan)
    colours = [to_hex(c) for c in collection.get_facecolors()]
    if len(colours) == len(offsets) and groups:
        group = [groups.get(c) for c in colours]
    else:
        group = groups.get(colours[0]) if colours else None
    return "points", offsets[:, 0], offsets[:, 1], group


def _bars(bars, groups, container):
    upright = getattr(container, "orientation", "vertical") != "horizontal"
    middles = [
        b.get_x() + b.get_width() / 2 if upright else b.get_y() + b.get_height() / 2 for b in bars
    ]
    sizes = [b.get_height() if upright else b.get_width() for b in bars]
    middles, sizes = np.round(middles), np.asarray(sizes, float)
    group = groups.get(_colour(bars[0]))
    label = str(container.get_label())
    if group is None and not label.startswith("_"):
        group = label
    return "bars", *((middles, sizes) if upright else (sizes, middles)), group


def _tiles(mesh):
    values = np.ma.filled(np.ma.asarray(mesh.get_array(), dtype=float), np.nan)
    if values.ndim == 1:
        rows = mesh.get_coordinates().shape[0] - 1
        values = values.reshape(rows, -1)
    rows, cells = values.shape
    x = np.tile(np.arange(cells) + 0.5, rows)
    y = np.repeat(np.arange(rows) + 0.5, cells)
    return "tiles", x, y, values.ravel()


def _values(axis, numbers):
    """Places on an axis as dates or keys, where the axis has them."""
    if has_dates(axis):
        return pd.to_datetime(mdates.num2date(np.asarray(numbers, float))).tz_localize(None)
    keys = keys_on(axis)
    if keys and len(keys) <= len(axis.get_majorticklocs()):
        at = {
            round(float(place), 3): key
            for place, key in zip(axis.get_majorticklocs(), keys, strict=False)
        }
        found = [at.get(round(float(n), 3)) for n in numbers]
        if all(f is not None for f in found):
            return found
    return np.asarray(numbers)


def described(frame: pd.DataFrame, figure: Figure, tables: Sequence[str]) -> str:
    """A sentence on what a figure shows, for who cannot see it.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `shown` returns it.
    figure : matplotlib.figure.Figure
    tables : sequence of str

    Returns
    -------
    str
    """
    ax = next((a for a in figure.axes if a.has_data()), figure.axes[0])
    keys, kind = _keys(ax), _kind(ax)
    across, up = (label(figure, side) for side in "xy")
    known = {keys["x"] or "x": across, keys["y"] or "y": up}
    if "value" in frame and "value" not in known:
        known = {
            "value": next((a.get_ylabel() for a in figure.axes if hasattr(a, "_colorbar")), "")
        }
    said = [_("{kind}: {up} by {across}.") if up and across else _("{kind}.")]
    said[0] = said[0].format(kind=kind, up=up, across=across)
    for name, head in known.items():
        if head and name in frame and (extent := _range(frame[name], name)):
            said.append(_("{what}: {values}.").format(what=head, values=extent))
    hue = keys["hue"] or "group"
    if hue in frame:
        told = _legend_words(figure)
        keyed = [str(g) for g in frame[hue].dropna().unique()]
        groups = [told.get(key) or _group(hue, key, tables) for key in keyed]
        more = len(groups) - _MOST_GROUPS
        listed = _(", ").join(groups[:_MOST_GROUPS]) + (f" +{more}" if more > 0 else "")
        if groups:
            said.append(_("Groups: {groups}.").format(groups=listed))
    return ("" if words.current() == "zh" else " ").join(said)


def _legend_words(figure):
    """Key to word of each entry of the legends, which know their sections."""
    legends = [*figure.legends, *(ax.get_legend() for ax in figure.axes)]
    entries = [entry for legend in legends if legend is not None for entry in legend.get_texts()]
    # the first section is that of the colours
    return {getattr(e, "_minelib_key", None): e.get_text() for e in reversed(entries)}


def _group(hue, key, tables):
    """An entry of a legend in words: the value of a column, or a column of a wide frame."""
    if has_word(hue, key, tables) or not columns.known(key):
        return value_word(hue, key, tables)
    return columns.label(key, None, tables)


def label(figure: Figure, side: str) -> str:
    """What stands at the axes of a side, "x" or "y"; else at that side of the whole figure."""
    own = [getattr(ax, f"get_{side}label")() for ax in figure.axes]
    return next(
        (t.replace("\n", " ") for t in [*own, getattr(figure, f"get_sup{side}label")()] if t), ""
    )


def _kind(ax):
    if any(hasattr(c, "get_coordinates") for c in ax.collections):
        return _("Heat map")
    if any(getattr(c, "patches", None) for c in ax.containers):
        return _("Bar chart")
    if any(type(c).__name__ == "BoxPlotContainer" for c in ax.containers):
        return _("Box plot")
    own = [line for line in ax.lines if line.get_gid() != "minelib" and not _spans(line, ax)]
    if any(len(line.get_xdata()) for line in own):
        return _("Line chart")
    return _("Chart of points")


def _range(values, name):
    """From the lowest to the highest, in words; "" for what has no order."""
    values = values.dropna()
    if not len(values) or values.dtype.kind not in "Miuf":
        return ""
    low, high = values.min(), values.max()
    if values.dtype.kind == "M":
        said = words.month if "month" in name else words.date
        low, high = said(low), said(high)
    elif name == "year":
        low, high = f"{low:g}", f"{high:g}"
    else:
        low, high = words.figure(low), words.figure(high)
    return _("{lower} to {upper}").format(lower=low, upper=high)
