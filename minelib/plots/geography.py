# SPDX-License-Identifier: MIT
"""Figures of where the hash rate was: countries in time, before and after, stories."""

import pandas as pd
from matplotlib import dates as mdates
from matplotlib.patches import Circle, Rectangle

from minelib import text
from minelib.plots.moves import evidence, moves
from minelib.plots.provinces import province_tiles, seasons
from minelib.plots.style import figure, grid_across, place_colour, time_axis
from minelib.text import N_, place_name
from minelib.text import gettext as _

__all__ = [
    "before_after",
    "concentration",
    "countries",
    "evidence",
    "moves",
    "province_tiles",
    "seasons",
    "stories",
]

_ORDER = ("china", "usa", "kazakhstan", "canada", "russia", "iran", "malaysia", "germany",
          "ireland", "other")  # fmt: skip
_HATCHES = {"kazakhstan": "///", "russia": "\\\\\\", "malaysia": "...", "ireland": "xxx"}

# Column and row of a country on the tile map: neighbours as on a map of the world.
_TILES = {
    "canada": (0, 0), "usa": (0, 1), "ireland": (1.25, 0), "germany": (2.25, 0),
    "russia": (3.6, 0), "kazakhstan": (3.25, 1), "china": (4.25, 1), "iran": (2.25, 1),
    "malaysia": (4.25, 2), "other": (1.25, 2),
}  # fmt: skip
_ROW = 1.32  # height of a row of tiles, in tiles


def _starred(place, flagged):
    return place_name(place) + ("*" if place in flagged else "")


def _flagged(frame):
    return set(frame.loc[frame["vpn_flag"], "place"])


@figure(
    tables=("country_share", "events"),
    alt=N_("Stacked areas: share of the world's hash rate by country and month."),
    size=(9.0, 5.2),
)
def countries(fig, frame, events=None):
    """Stacked areas of the shares of countries, labelled beside the last month.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `minelib.geography.by_country` gives it.
    events : dict or None
        Events to mark; None takes the policy dates.
    """
    ax = fig.subplots()
    wide = frame.pivot(index="month", columns="place", values="share_pct")
    order = [p for p in _ORDER if p in wide.columns]
    middles = wide.index + pd.Timedelta(days=14)  # a mean of the month stands in its middle
    areas = ax.stackplot(
        middles, [wide[p] for p in order], colors=[place_colour(p) for p in order],
        edgecolor="white", linewidth=0.6,
    )  # fmt: skip
    for place, area in zip(order, areas, strict=True):
        if place in _HATCHES:
            area.set_hatch(_HATCHES[place])
    ax.set_ylim(0, 100)
    ax.set_ylabel(_("Share of the world's hash rate (%)"))
    ax.set_title(_("Where the mining map saw the hash rate"))
    _labels_beside(ax, wide.iloc[-1], order, _flagged(frame))
    joined = frame.loc[frame["pools"] != frame["pools"].iloc[0], "month"]
    if len(joined):
        _mark_joined(ax, joined.min())
    time_axis(ax, middles[0], middles[-1], events)
    first, last = wide.iloc[0], wide.iloc[-1]
    return _(
        "Stacked areas of ten places from {start} to {end}: China goes from {c0} to {c1}, the"
        " United States from {u0} to {u1} of the world's hash rate. * marks redirected traffic."
    ).format(
        start=text.month(wide.index[0]), end=text.month(wide.index[-1]),
        c0=text.percent(first["china"]), c1=text.percent(last["china"]),
        u0=text.percent(first["usa"]), u1=text.percent(last["usa"]),
    )  # fmt: skip


def _mark_joined(ax, month):
    ax.axvline(month, color="black", linewidth=0.9, linestyle=":")
    ax.annotate(
        _("Foundry USA in the sample from here"), (mdates.date2num(month), 0.03),
        xycoords=("data", "axes fraction"), xytext=(-4, 0), textcoords="offset points",
        ha="right", fontsize=8, color="white",
    )  # fmt: skip


def _labels_beside(ax, last, order, flagged, gap=4.6):
    """Names beside the end of a stack, pushed apart where areas are thin."""
    middles = last[order].cumsum() - last[order] / 2
    heights, floor = [], -gap
    for middle in middles:
        floor = max(middle, floor + gap)
        heights.append(floor)
    excess = max(0.0, heights[-1] - 99)
    for i in range(len(heights) - 1, -1, -1):  # the top one down, and what it touches
        heights[i] = min(heights[i], (heights[i + 1] - gap) if i + 1 < len(heights) else 99)
        if not excess:
            break
    for place, height, middle in zip(order, heights, middles, strict=True):
        ax.annotate(
            f"{_starred(place, flagged)} {text.percent(last[place])}", (1, middle / 100),
            xycoords="axes fraction", xytext=(1.03, height / 100), textcoords="axes fraction",
            va="center", fontsize=9, annotation_clip=False,
            arrowprops={"arrowstyle": "-", "color": "#aaaaaa", "linewidth": 0.6},
        )  # fmt: skip


@figure(
    tables=("country_share", "pool_share", "map_releases"),
    alt=N_("Two tile maps of circles, before and after, and the shares with their ranges."),
    size=(9.5, 8.6),
)
def before_after(fig, frame, from_month, to_month):
    """The map at two months: circles on tiles, and shares with two kinds of ranges.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `minelib.geography.by_country` gives it, holding both months.
    from_month, to_month : str or date
    """
    grid = fig.add_gridspec(2, 2, height_ratios=(1, 1.1))
    months = [pd.Timestamp(m) for m in (from_month, to_month)]
    sides = [frame[frame["month"] == m].set_index("place") for m in months]
    flagged = _flagged(frame)
    most = max(side["hashrate_eh_s"].max() for side in sides)
    for i, (month, side) in enumerate(zip(months, sides, strict=True)):
        ax = fig.add_subplot(grid[0, i])
        network = side["hashrate_eh_s"].sum()
        _circles(ax, side, most, flagged, network)
        ax.set_title(
            _("{month}: {total} EH/s").format(
                month=text.month(month), total=text.number(network, 0)
            )
        )
    _ranges(fig.add_subplot(grid[1, :]), months, sides, flagged)
    c0, c1 = (side.loc["china", "share_pct"] for side in sides)
    return _(
        "Tile maps of ten places at {start} and {end}, circles as large as the hash rate. China"
        " has {c0} before and {c1} after; other stories give {low} to {high} after."
    ).format(
        start=text.month(months[0]), end=text.month(months[1]), c0=text.percent(c0),
        c1=text.percent(c1), low=text.percent(sides[1].loc["china", "story_lower_pct"]),
        high=text.percent(sides[1].loc["china", "story_upper_pct"]),
    )  # fmt: skip


def _circles(ax, side, most, flagged, network):
    full = 0.5  # radius of the largest circle, in tiles

    def radius(value):
        return full * (max(value, 0) / most) ** 0.5

    for place, (x, y) in _TILES.items():
        if place not in side.index:
            continue
        row, y = side.loc[place], y * _ROW
        ax.add_patch(Rectangle((x - 0.46, y - 0.46), 0.92, 0.92, facecolor="#f2f2f2", zorder=0))
        ax.add_patch(Circle((x, y), radius(row["hashrate_eh_s"]), alpha=0.9, zorder=2,
                            facecolor=place_colour(place), edgecolor="white"))  # fmt: skip
        for bound in ("story_lower_pct", "story_upper_pct"):
            ring = radius(row[bound] / 100 * network)
            if ring > 0:
                ax.add_patch(Circle((x, y), ring, fill=False, linestyle=(0, (2, 2)), zorder=3,
                                    edgecolor="#333333", linewidth=0.8))  # fmt: skip
        ax.text(x, y + 0.54, _starred(place, flagged), ha="center", va="top", fontsize=8, zorder=4)
        ax.text(x, y, text.number(row["hashrate_eh_s"], 0), ha="center", va="center", fontsize=8,
                zorder=4, bbox={"facecolor": "white", "alpha": 0.7, "edgecolor": "none",
                                "pad": 0.8})  # fmt: skip
    ax.set_xlim(-0.65, 4.95)
    ax.set_ylim(2 * _ROW + 0.85, -0.62)
    ax.set_aspect("equal")
    ax.axis("off")


def _ranges(ax, months, sides, flagged):
    places = [p for p in _ORDER if p in sides[0].index]
    marks = (("o", "white", -0.17), ("o", None, 0.17))
    for k, place in enumerate(places):
        colour = place_colour(place) if place != "other" else "#8c8c8c"
        for side, (marker, face, shift) in zip(sides, marks, strict=True):
            row, y = side.loc[place], k + shift
            ax.plot([row["lower_pct"], row["upper_pct"]], [y, y], color="#bbbbbb", linewidth=1)
            ax.plot([row["story_lower_pct"], row["story_upper_pct"]], [y, y], color=colour,
                    linewidth=5, alpha=0.45, solid_capstyle="butt")  # fmt: skip
            ax.plot(row["share_pct"], y, marker, markersize=6.5, markeredgecolor=colour,
                    markerfacecolor=face or colour, markeredgewidth=1.6)  # fmt: skip
    ax.set_yticks(range(len(places)), [_starred(p, flagged) for p in places])
    ax.invert_yaxis()
    ax.set_xlim(0, 100)
    grid_across(ax)
    ax.set_xlabel(_("Share of the world's hash rate (%)"))
    ax.set_title(_("Shares, and how far they can be trusted"))
    keys = [
        ax.plot([], [], "o", color="#555555", markerfacecolor=f, markeredgewidth=1.6)[0]
        for f in ("white", "#555555")
    ]
    keys += [ax.plot([], [], color="#777777", linewidth=5, alpha=0.45)[0],
             ax.plot([], [], color="#bbbbbb", linewidth=1)[0]]  # fmt: skip
    names = [text.month(m) for m in months]
    names += [_("range over stories about proxies and the sample"),
              _("all that the sampled part of the network allows")]  # fmt: skip
    ax.legend(keys, names, loc="lower right", bbox_to_anchor=(1.0, 0.995), ncols=2, fontsize=8)


_VPN_MARKS = {"as_published": "o", "to_china": "s", "removed": "^"}


@figure(
    tables=("country_share", "pool_share", "map_releases"),
    alt=N_("Dots: one share of the map under nine stories about proxies and the sample."),
    size=(9.0, 4.4),
)
def stories(fig, frame):
    """A place's share under every story, one panel a month.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `minelib.geography.sensitivity` gives it.
    """
    from minelib.geography import SAMPLE_STORIES, VPN_STORIES

    months = list(frame["month"].unique())
    axes = fig.subplots(1, len(months), sharex=True, sharey=True, squeeze=False)[0]
    samples = list(SAMPLE_STORIES)
    place = frame["place"].iloc[0]
    colours = {"as_published": place_colour(place), "to_china": "#333333", "removed": "#8c8c8c"}
    for ax, month in zip(axes, months, strict=True):
        of_month = frame[frame["month"] == month]
        for k, (vpn, marker) in enumerate(_VPN_MARKS.items()):
            rows = of_month[of_month["vpn"] == vpn].set_index("sample").loc[samples]
            y = [i + (k - 1) * 0.22 for i in range(len(samples))]
            ax.hlines(y, rows["lower_pct"], rows["upper_pct"], color="#cccccc", linewidth=1)
            ax.plot(rows["share_pct"], y, marker, color=colours[vpn], linestyle="none",
                    label=_(VPN_STORIES[vpn]), markersize=6.5)  # fmt: skip
        published = of_month[(of_month["vpn"] == "as_published")
                             & (of_month["sample"] == "as_published")]["share_pct"]  # fmt: skip
        ax.axvline(published.item(), color=place_colour(place), linewidth=0.8, linestyle=":")
        ax.set_title(text.month(month))
        grid_across(ax)
        ax.set_xlim(-3, 100)
    axes[0].set_yticks(range(len(samples)), [_wrapped(_(SAMPLE_STORIES[s])) for s in samples])
    axes[0].set_ylim(len(samples) - 0.5, -0.5)
    axes[len(axes) // 2].set_xlabel(
        _("Share of {place} in the world's hash rate (%)").format(place=place_name(place))
    )
    handles, labels = axes[0].get_legend_handles_labels()
    fig.legend(handles, labels, loc="outside upper center", ncols=3, fontsize=8.5)


def _wrapped(words, width=24):
    import textwrap

    return "\n".join(textwrap.wrap(words, width)) if words.isascii() else words


@figure(
    tables=("country_share", "pool_share", "pools"),
    alt=N_("Lines with bands: how concentrated mining was by place, by pool and by pool home."),
    size=(8.5, 4.4),
)
def concentration(fig, frames):
    """Herfindahl-Hirschman index in time, with bounds, for several ways of counting.

    Parameters
    ----------
    frames : dict of str to pandas.DataFrame
        Way of counting (``country``, ``pool``, ``pool_home``) to what
        `minelib.geography.concentration` gives for it.
    """
    names = {
        "country": _("country of the machines"), "pool_home": _("home of the pool"),
        "pool": _("pool"), "province": _("province of China"),
    }  # fmt: skip
    styles = {"country": ("china", "-"), "pool_home": ("usa", "--"), "pool": ("kazakhstan", "-."),
              "province": ("inner_mongolia", ":")}  # fmt: skip
    ax = fig.subplots()
    for by, frame in frames.items():
        colour, dash = place_colour(styles[by][0]), styles[by][1]
        ax.fill_between(frame["month"], frame["lower_hhi"], frame["upper_hhi"], color=colour,
                        alpha=0.2, linewidth=0)  # fmt: skip
        ax.plot(frame["month"], frame["hhi"], dash, color=colour, label=names[by])
    ax.set_ylabel(_("Herfindahl-Hirschman index (0 to 1)"))
    ax.set_title(_("How concentrated mining was, by what is counted"))
    ax.set_ylim(0, ax.get_ylim()[1] * 1.12)
    time_axis(ax)
    ax.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0))
