# SPDX-License-Identifier: MIT
"""The ensemble of the electricity index as a band around its median."""

from matplotlib.axes import Axes

from minelib import words
from minelib.energy.spread import Ensemble
from minelib.figures.marks import axes, band
from minelib.style import needs
from minelib.words import gettext as _

__all__ = ["ensemble"]


def ensemble(result: Ensemble, ax: Axes | None = None) -> Axes:
    """The median of the ensemble by month, with the band of its middle half and its interval.

    Parameters
    ----------
    result : minelib.energy.Ensemble
    ax : matplotlib.axes.Axes, optional
        None makes one.

    Returns
    -------
    matplotlib.axes.Axes
    """
    frame = result.monthly
    needs(frame, "lower_twh", "q25_twh", "median_twh", "q75_twh", "upper_twh")
    ax = axes(ax, 8.5, 4.6)
    level = words.number(100 * result.level)
    wide = _("Ensemble, {level}% interval").format(level=level)
    band(ax, frame, "lower_twh", "upper_twh", color="C0", label=wide)
    half = _("Ensemble, middle half")
    band(ax, frame, "q25_twh", "q75_twh", color="C0", alpha=0.35, label=half)
    ax.plot(frame.index, frame["median_twh"], color="C0", label=_("Ensemble, median"))
    ax.set(xlabel="month", ylabel="annual_twh", xlim=frame.index[[0, -1]])
    ax.legend()
    last = {str(name).removesuffix("_twh"): words.number(n) for name, n in frame.iloc[-1].items()}
    said = _(
        "In {month} the median of the ensemble is {median} TWh a year, its {level}% interval "
        "{lower} to {upper}."
    )
    month = words.month(frame.index[-1])
    ax.figure._minelib_alt = said.format(month=month, level=level, **last)
    return ax
