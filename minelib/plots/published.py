# SPDX-License-Identifier: MIT
"""One figure: what was published against what is re-computed."""

import numpy as np
from matplotlib.dates import date2num
from matplotlib.patheffects import withStroke
from matplotlib.ticker import NullFormatter

from minelib import text
from minelib.plots.style import date_axis, figure
from minelib.text import N_
from minelib.text import gettext as _

__all__ = ["comparison", "timeline"]

_LOOK = {  # verdict: colour, marker; readable without colour by the marker
    "supported": ("#1f6fb4", "o"),
    "imprecise": ("#e69f00", "D"),
    "contradicted": ("#c8372d", "X"),
    "unverifiable": ("#8c8c8c", "s"),
}
_WORDS = {"supported": N_("supported"), "imprecise": N_("imprecise"),
          "contradicted": N_("contradicted"), "unverifiable": N_("unverifiable")}  # fmt: skip


@figure(
    tables=("published_results", "index_machines", "network_daily", "country_share"),
    alt=N_("Dots: re-computed value over the published one, for each figure, with its verdict."),
    size=(9.0, 9.5),
)
def comparison(fig, table):
    """Re-computed over published, with the interval of the re-computed value.

    Parameters
    ----------
    table : pandas.DataFrame
        As `minelib.published.table` gives it; rows without a re-computed or with a change
        of sign are left out.

    Returns
    -------
    Chart
    """
    ax = fig.subplots()
    middle = table["published_value"].fillna(
        (table["published_low"] * table["published_high"]) ** 0.5
    )
    keep = table["computed_value"].notna() & (table["computed_value"] / middle > 0)
    shown, middle = table[keep], middle[keep]
    rows = np.arange(len(shown))[::-1]
    low, high = shown["published_low"] / middle, shown["published_high"] / middle
    ax.barh(rows, high - low, left=low, height=0.55, color="#d9d9d9", linewidth=0,
            label=_("published range"))  # fmt: skip
    ax.axvline(1, color="#444444", linewidth=1)
    ratio = (shown["computed_value"] / middle).to_numpy()
    ends = [shown[c].to_numpy() / middle.to_numpy() for c in ("computed_lower", "computed_upper")]
    ax.hlines(rows, *ends, color="#777777", linewidth=1)
    for verdict, (colour, marker) in _LOOK.items():
        here = (shown["verdict"] == verdict).to_numpy()
        if here.any():
            ax.scatter(ratio[here], rows[here], color=colour, marker=marker, s=34, zorder=3,
                       label=_(_WORDS[verdict]))  # fmt: skip
    names = [f"{a.split(',')[0]} {y}: {q}" for a, y, q in
             zip(_short(shown["authors"]), shown["year"], shown["quantity"],
                 strict=True)]  # fmt: skip
    ax.set_yticks(rows, names, fontsize=7)
    ax.set_xscale("log")
    drawn = [0.5, 2.0, *np.ravel([ratio, *ends])]
    ax.set_xlim(np.nanmin(drawn) / 1.15, np.nanmax(drawn) * 1.15)
    ticks = [t for t in (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50)
             if ax.get_xlim()[0] <= t <= ax.get_xlim()[1]]  # fmt: skip
    ax.set_xticks(ticks, [f"{t:g}" for t in ticks])
    ax.minorticks_off()
    ax.set_xlabel(_("Re-computed over published"))
    ax.set_title(_("Published and re-computed"))
    ax.legend(loc="upper right", fontsize=8)
    ax.set_ylim(-0.8, len(shown) - 0.2)
    ax.grid(axis="y", visible=False)


@figure(
    tables=("published_results", "index_machines", "network_daily", "power_prices"),
    alt=N_("Published estimates over time, beside the index and the band of the ensemble."),
    size=(9.0, 5.4),
)
def timeline(fig, points, ours, band=None, unit="TWh"):
    """Published estimates over time beside what is computed here.

    Parameters
    ----------
    points : pandas.DataFrame
        As `minelib.published.on_one_scale` gives it.
    ours : pandas.Series
        Computed here, by month, in the same unit a year.
    band : pandas.DataFrame, optional
        Months; columns ``lower`` and ``upper``.
    unit : {"TWh", "Mt"}

    Returns
    -------
    Chart
    """
    ax = fig.subplots()
    if band is not None:
        ax.fill_between(band.index, band["lower"], band["upper"], color="#1f6fb4", alpha=0.2,
                        linewidth=0, label=_("Range computed here"))  # fmt: skip
    ax.plot(ours.index, ours, color="#1f6fb4", linewidth=1.8, label=_("Computed here"))
    looks = {"source": ("o", "#222222"), "second_hand": ("D", "#777777"),
             "recalled": ("o", "white")}  # fmt: skip
    words = {"source": _("published, read at the source"),
             "second_hand": _("published, second-hand"),
             "recalled": _("published, recalled")}  # fmt: skip
    for known, (marker, fill) in looks.items():
        part = points[points["known_from"] == known]
        middle = part["value"].fillna((part["low"] * part["high"]) ** 0.5)
        ax.errorbar(part["date"], middle, yerr=[middle - part["low"], part["high"] - middle],
                    fmt=marker, markersize=5, color="#222222", markerfacecolor=fill,
                    ecolor="#222222", elinewidth=0.9, capsize=2, label=words[known])  # fmt: skip
    ax.set_yscale("log")
    ax.yaxis.set_major_formatter(lambda v, _position: text.number(v, 0 if v >= 1 else 1))
    ax.yaxis.set_minor_formatter(NullFormatter())
    ax.set_ylabel(_("Electricity (TWh a year)") if unit == "TWh" else _("Emissions (Mt a year)"))
    ax.set_title(_("Published estimates beside what is computed here"))
    ax.set_xlim(ours.index[0], ours.index[-1])
    ax.legend(loc="lower right")
    date_axis(ax)
    _names(ax, points, ours)


_PLACES = [
    (*side, dy) for dy in (6, -8, 15, -17, 0, 26, -28) for side in ((7, "left"), (-7, "right"))
]


def _names(ax, points, ours):
    """One name an author beside the author's first point, where it covers least."""
    scale = ax.figure.dpi / 72
    middle = points["value"].fillna((points["low"] * points["high"]) ** 0.5)
    marks = _pixels(ax, points["date"], middle)
    ends = [_pixels(ax, points["date"], points[c]) for c in ("low", "high")]
    whiskers = [np.linspace(*pair, 12) for pair in zip(*ends, strict=True)]
    taken = np.vstack([np.repeat(marks, 60, axis=0), *whiskers, _pixels(ax, ours.index, ours)])
    left, right = ax.bbox.x0, ax.bbox.x1
    for _authors, group in points.groupby("authors", sort=False):
        years = ", ".join(str(y) for y in sorted(group["year"].unique()))
        name = f"{_short(group['authors']).iloc[0].split(',')[0]} {years}"
        x, y = marks[points.index.get_loc(group.index[0])]
        width, height = 4.4 * len(name) * scale, 12 * scale
        best, fewest = None, np.inf
        for dx, side, dy in _PLACES:
            x0 = x + dx * scale - (width if side == "right" else 0)
            y0 = y + dy * scale - height / 2
            inside = (taken >= (x0, y0)) & (taken <= (x0 + width, y0 + height))
            covered = inside.all(axis=1).sum() + 1000 * (x0 < left or x0 + width > right)
            if covered < fewest:
                best, fewest = (dx, dy, side, x0, y0), covered
        dx, dy, side, x0, y0 = best
        grid = np.meshgrid(np.linspace(x0, x0 + width, 20), np.linspace(y0, y0 + height, 4))
        taken = np.vstack([taken, np.column_stack([g.ravel() for g in grid])])
        ax.annotate(name, (group["date"].iloc[0], middle[group.index[0]]), fontsize=7,
                    color="#333333", xytext=(dx, dy), textcoords="offset points", ha=side,
                    va="center", path_effects=[withStroke(linewidth=2, foreground="white")],
                    zorder=4)  # fmt: skip


def _pixels(ax, dates, values):
    return ax.transData.transform(np.column_stack([date2num(dates), values]))


def _short(authors):
    return authors.replace({"Cambridge Centre for Alternative Finance": "CCAF",
                            "US Energy Information Administration": "EIA"})  # fmt: skip
