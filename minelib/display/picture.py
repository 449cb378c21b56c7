# SPDX-License-Identifier: MIT
"""What a figure shows, however it was drawn: data behind its marks, labels, scales, ranges."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from minelib.checks import alike
from minelib.display.axes import keys_on, title_of
from minelib.display.marks import label, read
from minelib.words import gettext as _

__all__ = ["Picture", "picture"]

_MOST = 20_000  # marks that are read
_SAME_TIME = {"rtol": 0, "atol": 0.02}  # days


@dataclass(frozen=True)
class Picture:
    """What a figure shows.

    Attributes
    ----------
    marks : pandas.DataFrame
        A row per point, end of a line or bar: ``series`` (number), ``group`` (by the legend),
        ``x``, ``y``.
    axes : dict
        ``x`` and ``y`` (labels), ``log`` (sides with a logarithmic axis), ``cut`` (sides that cut
        data off), ``cut_bars``, ``back`` (a line runs back and forth), ``twin`` (two scales),
        ``colours`` (of the points in one set), ``named`` (entries of legends, labels in it, titles
        of panels).
    figures : int
        How many were drawn where one is asked.
    drawn : bool
        Whether somebody drew it; the solution only says what it would draw.
    """

    marks: pd.DataFrame
    axes: dict[str, Any]
    figures: int = 1
    drawn: bool = True

    def series(self) -> list[tuple[str, pd.Series]]:
        """Group and values (y by x) of each set of marks."""
        frame = self.marks.dropna(subset=["x", "y"])
        sets = frame.groupby(["series", "group"], sort=False)
        values = ((str(key[1]), part.set_index("x")["y"].infer_objects()) for key, part in sets)
        return [(group, each.set_axis(each.index.infer_objects())) for group, each in values]

    def differs(self, right: "Picture", rel: float = 0.005, floor: float = 1e-9) -> str:
        """What another figure shows that this one does not, in a sentence; empty when nothing."""
        own, wanted = self.series(), right.series()
        if not own:
            return _("Nothing is drawn in it.")
        if len(own) != len(wanted):
            sentence = _("It shows {count} lines or groups of marks; asked for: {right}.")
            return sentence.format(count=len(own), right=len(wanted))
        pairs, left = [], list(own)
        for group, values in wanted:
            same = [each for each in left if _shows(each[1], values, rel, floor)]
            if not same:
                nearest = next((v for g, v in left if alike.word(g) == group), left[0][1])
                told = alike.guess(nearest.to_list(), values.to_list(), rel)
                return told or _("Its marks do not lie where they should.")
            # of several that agree the one of that name
            found = next((each for each in same if alike.word(each[0]) == group), same[0])
            left.remove(found)
            pairs.append((alike.word(found[0]), group))
        known = {group for _own, group in pairs}
        if any(own in known and own != group for own, group in pairs):
            return _("The legend gives the names of other marks: which line is whose?")
        return ""


def _shows(values, right, rel, floor):
    """Whether marks lie where others do; bars may lie on their side, names be in any language."""
    if alike.is_numeric(values.index) and not alike.is_numeric(values):
        values = pd.Series(values.index, index=values.to_list())
    if not alike.is_numeric(values) or len(values) != len(right):
        return False
    places = [_numbers(s.index) for s in (values, right)]
    if all(place is not None for place in places):
        order = (np.lexsort((s, place)) for s, place in zip((values, right), places, strict=True))
        own, theirs = (
            np.array([place, s])[:, n]
            for place, s, n in zip(places, (values, right), order, strict=True)
        )
        near = {"rtol": rel, "atol": floor} if alike.is_numeric(right.index) else _SAME_TIME
        return np.allclose(own[0], theirs[0], **near) and np.allclose(own[1], theirs[1], rel, floor)
    words = [{alike.word(x) for x in s.index if isinstance(x, str)} for s in (values, right)]
    foreign = all(words) and not words[0] & words[1]  # names in the student's language
    return alike.agree(values, right, rel, floor) or (
        foreign and alike.agree(sorted(values), sorted(right), rel, floor)
    )


def _numbers(index):
    """Places along an axis as numbers, days as days; None where they are names."""
    if isinstance(index, pd.DatetimeIndex):
        return (index - pd.Timestamp(0)) / pd.Timedelta(days=1)
    return index.astype(float) if alike.is_numeric(index) else None


def picture(value: Any) -> Any:
    """What a figure shows; a value that is no figure comes back as it is.

    Parameters
    ----------
    value : object
        Axes, a Figure, a grid or Plot of seaborn, what `minelib.finish` or pyplot returned.

    Examples
    --------
    >>> import matplotlib; matplotlib.use("agg")
    >>> ax = pd.Series([3.0, 2.0], index=["china", "usa"]).plot.bar(ylabel="Share (%)")
    >>> picture(ax).marks["x"].to_list(), picture(ax).axes["y"], picture(3)
    (['china', 'usa'], 'Share (%)', 3)
    """
    try:
        if isinstance(value, Picture):
            return value
        figures = list({id(f): f for f in map(_figure, _each(value)) if f is not None}.values())
        return _read(figures[-1], len(figures)) if figures else value
    except Exception:  # whatever a student's object does when it is asked
        return value


def _each(value):
    """The one or several drawings that a value stands for."""
    if isinstance(value, np.ndarray):
        value = value.ravel().tolist()
    listed = isinstance(value, (list, tuple)) and value
    return [each for one in value for each in _each(one)] if listed else [value]


def _figure(value):
    if hasattr(value, "on") and hasattr(value, "plot"):  # seaborn's Plot draws when it is shown
        value = value.plot()
    found = getattr(value, "_figure", None) or getattr(value, "figure", None)
    return found if isinstance(found, Figure) else None


def _read(figure, count):
    every = [ax for ax in figure.axes if not hasattr(ax, "_colorbar") and ax.has_data()]
    rows = []
    for number, frame in enumerate(frame for ax in every for frame in read(ax)):
        x, y, *more = (frame.iloc[:, n] for n in range(frame.shape[1]))
        group = more[0].astype(str) if more else ""
        for other in more[1:]:
            group = group + " " + other.astype(str)
        rows.append(pd.DataFrame({"series": number, "group": group, "x": x, "y": y}))
    marks = pd.concat(rows) if rows else pd.DataFrame(columns=["series", "group", "x", "y"])
    legends = [*(ax.get_legend() for ax in figure.axes), *figure.legends]
    places = [ax.get_position().bounds for ax in every]
    twins = [ax for ax in every if len(ax._twinned_axes.get_siblings(ax)) > 1]
    cut = [cut for ax in every for cut in _cut(ax)]
    sets = [c for ax in every for c in ax.collections if type(c).__name__ == "PathCollection"]
    axes = {
        **{side: label(figure, side) for side in "xy"},
        "log": "".join(s for s in "xy" if any(_axis(ax, s).get_scale() == "log" for ax in every)),
        "cut": "".join(side for side, _bars in cut),
        "cut_bars": any(bars for _side, bars in cut),
        "back": any(_back(ax) for ax in every),
        "twin": len({*places}) < len(places) or len(twins) > 1,
        "colours": max((len(np.unique(c.get_facecolors(), axis=0)) for c in sets), default=1),
        "named": sum(len(legend.get_texts()) for legend in legends if legend)
        + sum(text.get_gid() != "minelib" for ax in every for text in ax.texts)
        + sum(bool(title_of(ax)) for ax in every if len(every) > 1),
    }
    return Picture(marks.reset_index(drop=True).head(_MOST), axes, count)


def _axis(ax, side):
    return getattr(ax, f"{side}axis")


def _cut(ax):
    """Sides on which an axis ends before its data do, and whether bars lose their foot."""
    for side in "xy":
        low, high = sorted(getattr(ax, f"get_{side}lim")())
        first, last = getattr(ax.dataLim, f"interval{side}")
        slack = (last - first) / 100
        foot = any(getattr(c, "patches", None) for c in ax.containers) and first >= 0 and low > 0
        log = _axis(ax, side).get_scale() == "log"
        if (low > first + slack and not (log and first <= 0)) or high < last - slack:
            yield side, foot and not log and low > first + slack


def _back(ax):
    """Whether a line runs back and forth, or months along the axis are out of order."""
    days = [alike.as_date(key) for key in keys_on(ax.xaxis)]
    if days and None not in days:
        return days != sorted(days)
    own = (line for line in ax.lines if line.get_gid() != "minelib")
    lines = [line.get_xdata(orig=False) for line in own if line.get_linestyle() != "None"]
    steps = [np.diff(np.asarray(x, float)) for x in lines if len(x) > 2]
    return any((step < 0).any() and (step > 0).any() for step in steps)
