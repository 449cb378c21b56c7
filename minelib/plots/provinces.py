# SPDX-License-Identifier: MIT
"""Figures of China's provinces: a tile map, and the seasons."""

from itertools import cycle

import pandas as pd
from matplotlib import colormaps
from matplotlib.colors import Normalize
from matplotlib.patches import Rectangle

from minelib import text
from minelib.plots.style import figure, place_colour, time_axis
from minelib.text import N_, place_name
from minelib.text import gettext as _

__all__ = ["province_tiles", "seasons"]

# Column and row of every province on a square grid, neighbours kept where a grid can.
_TILES = {
    "heilongjiang": (9, 0), "inner_mongolia": (7, 1), "jilin": (9, 1), "xinjiang": (2, 2),
    "gansu": (4, 2), "ningxia": (5, 2), "shanxi": (6, 2), "beijing": (7, 2), "liaoning": (9, 2),
    "tibet": (2, 4), "qinghai": (3, 3), "shaanxi": (5, 3), "henan": (6, 3), "hebei": (7, 3),
    "tianjin": (8, 2), "shandong": (8, 3), "sichuan": (3, 4), "chongqing": (4, 4),
    "hubei": (5, 4), "anhui": (6, 4), "jiangsu": (7, 4), "shanghai": (8, 4),
    "yunnan": (3, 5), "guizhou": (4, 5), "hunan": (5, 5), "jiangxi": (6, 5), "zhejiang": (7, 5),
    "guangxi": (4, 6), "guangdong": (5, 6), "fujian": (6, 6), "hainan": (5, 7),
}  # fmt: skip
_SCALE = "YlGnBu"
_LINES = (("-", "o"), ("-", "s"), ("--", "o"), ("--", "s"), (":", "o"), (":", "s"))


@figure(
    tables=("province_share",),
    alt=N_("Tile maps of China's provinces, darker where more of China's hash rate was."),
    size=(9.5, 7.6),
)
def province_tiles(fig, frame, months=None):
    """Provinces as tiles, one small map a month, coloured by share of China's hash rate.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `minelib.geography.by_province` gives it.
    months : sequence of str or date, or None
        Months shown, at most six; None takes a wet and a dry month of each year.
    """
    if months is None:
        have = set(frame["month"])
        wanted = ("2019-09-01", "2020-03-01", "2020-09-01", "2021-03-01")
        months = [m for m in map(pd.Timestamp, wanted) if m in have] or sorted(have)[:1]
    months = [pd.Timestamp(m) for m in months]
    columns = min(len(months), 2 if len(months) < 5 else 3)
    rows = -(-len(months) // columns)
    axes = fig.subplots(rows, columns, squeeze=False).ravel()
    norm = Normalize(0, frame.loc[frame["month"].isin(months), "share_of_china_pct"].max())
    for ax, month in zip(axes, months, strict=False):
        shares = frame[frame["month"] == month].set_index("province")["share_of_china_pct"]
        _tiles(ax, shares, norm)
        ax.set_title(text.month(month))
    for ax in axes[len(months) :]:
        ax.axis("off")
    from matplotlib.cm import ScalarMappable

    fig.colorbar(ScalarMappable(norm, _SCALE), ax=list(axes), shrink=0.5, pad=0.02,
                 label=_("Share of China's hash rate (%)"))  # fmt: skip
    tops = []
    for month in months:
        row = frame[frame["month"] == month].nlargest(1, "share_of_china_pct").iloc[0]
        tops.append(f"{text.month(month)}: {place_name(row['province'])}"
                    f" {text.percent(row['share_of_china_pct'], 0)}")  # fmt: skip
    return _("Tile maps of China's provinces. Largest share: {tops}.").format(tops="; ".join(tops))


def _tiles(ax, shares, norm):
    scale = colormaps[_SCALE]
    for place, (x, y) in _TILES.items():
        known = place in shares.index
        share = shares.get(place)
        face = scale(norm(share)) if known else "#f0f0f0"
        ink = "white" if known and norm(share) > 0.55 else "#222222" if known else "#a0a0a0"
        ax.add_patch(Rectangle((x - 0.48, y - 0.48), 0.96, 0.96, facecolor=face,
                               edgecolor="#888888" if known else "#dddddd"))  # fmt: skip
        name = _broken(place_name(place))
        size = 6.6 if len(name) < 8 or "\n" in name else 5.6
        ax.text(x, y - (0.17 if known else 0), name, ha="center", va="center", fontsize=size,
                color=ink, in_layout=False)  # fmt: skip
        if known:
            ax.text(x, y + 0.27, text.number(share, 1), ha="center", va="center", fontsize=7.5,
                    color=ink, fontweight="bold", in_layout=False)  # fmt: skip
    ax.text(1.55, 6.8, _("Other: {share}").format(share=text.percent(shares.get("other"))),
            fontsize=8, color="#555555", ha="left")  # fmt: skip
    ax.set_xlim(1.4, 9.6)
    ax.set_ylim(7.6, -0.6)
    ax.set_aspect("equal")
    ax.axis("off")


def _broken(name):
    """A long English name on two lines, so that it fits its tile."""
    if " " in name:
        return name.replace(" ", "\n")
    ending = next((e for e in ("jiang", "qing", "dong") if name.endswith(e)), None)
    return name if ending is None or len(name) < 9 else f"{name.removesuffix(ending)}-\n{ending}"


@figure(
    tables=("province_share", "events"),
    alt=N_("Lines: shares of provinces by month, swinging with the wet season."),
    size=(9.0, 5.0),
)
def seasons(fig, frame, moves=None, top_n=4):
    """Shares of the provinces of hydropower and of coal, with the moves between them.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `minelib.geography.by_province` gives it.
    top_n : int
        How many provinces, the largest on average first.
    moves : pandas.DataFrame or None
        As `minelib.geography.seasonality` gives it; each half-way date is marked.
    """
    ax = fig.subplots()
    wide = frame.pivot(index="month", columns="province", values="share_of_china_pct")
    named = wide.drop(columns="other", errors="ignore")
    largest = named.mean().sort_values(ascending=False).index[:top_n]
    middles = wide.index + pd.Timedelta(days=14)
    for place, (dash, marker) in zip(largest, cycle(_LINES), strict=False):
        ax.plot(middles, wide[place], dash, color=place_colour(place), linewidth=2,
                marker=marker, markersize=4, label=place_name(place))  # fmt: skip
    ax.set_ylim(0, None)
    top = ax.get_ylim()[1]
    if moves is not None:
        _mark_moves(ax, moves, top)
        ax.set_ylim(0, top * 1.2)
    ax.set_ylabel(_("Share of China's hash rate (%)"))
    ax.set_title(_("With the rain to the south-west, with the frost to the north"))
    time_axis(ax, level=0.87)
    ax.legend(loc="upper left", bbox_to_anchor=(1.02, 0.9))


def _mark_moves(ax, moves, top):
    for i, row in enumerate(moves.itertuples()):
        wet = row.direction == "to_hydropower"
        colour = place_colour("sichuan" if wet else "xinjiang")
        ax.axvspan(row.lower_date, row.upper_date, color=colour, alpha=0.15, linewidth=0)
        ax.axvline(row.half_way, color=colour, linewidth=0.9)
        size = text.interval(row.lower_pp, row.upper_pp, 1)
        words = _("to hydropower: {size} pp") if wet else _("to coal: {size} pp")
        words = words.format(size=size) + ("" if row.is_complete else " †")
        ax.annotate(
            words, (row.half_way, top * (1.19 - 0.06 * (i % 2))), va="top", fontsize=8,
            color=colour, ha="right" if i == len(moves) - 1 else "center",
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8, "alpha": 0.85},
        )  # fmt: skip
    if not moves["is_complete"].all():
        ax.text(0.0, -0.13, _("† cut off by an end of the series: at least as large"),
                transform=ax.transAxes, fontsize=8, color="#555555", va="top")  # fmt: skip
