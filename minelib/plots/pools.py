# SPDX-License-Identifier: MIT
"""Figures of pools: who found the blocks, where they are at home, where their miners were."""

import matplotlib as mpl
import numpy as np

from minelib.plots.style import figure, place_colour, time_axis
from minelib.pools import group_name
from minelib.text import N_, place_name
from minelib.text import gettext as _

__all__ = ["contrast", "homes", "shares"]

_TABLES = ("pool_share", "pools")
# groups that are no country keep apart from them by gray
_GRAYS = {"unknown": "#bdbdbd", "other": "#dcdcdc", "no_fixed_domicile": "#8a8a8a"}
# a pool takes the colour of its home; neighbours of one home differ in lightness
_HOMES = {"china": "Reds", "usa": "Blues", "czechia": "Greens", "": "Greys"}
_LEVELS = (0.85, 0.45, 0.68, 0.3, 0.76, 0.38, 0.58, 0.22)


def _wide(frame, key, value="share_pct"):
    wide = frame.pivot(index="date", columns=key, values=value)
    last = ["no_fixed_domicile", "unknown", "other"]
    order = wide.mean().sort_values(ascending=False).index
    return wide[[c for c in order if c not in last] + [c for c in last if c in wide]]


def _stack(ax, wide, colours, label):
    """Stacked areas with each name written where its area is widest."""
    bands = ax.stackplot(wide.index, wide.to_numpy().T, colors=[colours[c] for c in wide],
                         linewidth=0.4, edgecolor="white")  # fmt: skip
    top = wide.cumsum(axis=1)
    inner = wide.index[len(wide) // 14 : -(len(wide) // 14) or None]
    inner = inner[(inner < "2020-08-01") | (inner > "2023-10-01")]  # room for the event labels
    if inner.empty:
        inner = wide.index
    near = 0.13 * (wide.index[-1] - wide.index[0])
    written = []
    for name, band in zip(wide, bands, strict=True):
        thick = wide[name].rolling(7, center=True, min_periods=1).min().loc[inner]
        middle = (top[name] - wide[name] / 2).loc[inner]
        for day, height in written:  # not over another name
            thick = thick[~((abs(thick.index - day) < near) & (abs(middle - height) < 4))]
            middle = middle.loc[thick.index]
        if thick.empty or thick.max() < 3.2:
            continue
        day = thick.idxmax()
        written.append((day, middle[day]))
        red, green, blue = mpl.colors.to_rgb(band.get_facecolor()[0][:3])
        dark = 0.3 * red + 0.59 * green + 0.11 * blue < 0.55
        ax.text(day, middle[day], label(name), fontsize=8, ha="center", va="center",
                color="white" if dark else "#222222")  # fmt: skip
    ax.set_ylim(0, 100)
    ax.set_ylabel(_("Share of blocks (%)"))
    ax.grid(False)
    time_axis(ax, wide.index[0], wide.index[-1])


@figure(
    tables=_TABLES,
    alt=N_("Stacked areas: share of blocks by pool and month, coloured by the home of the pool."),
    size=(9.0, 5.0),
)
def shares(fig, frame, homes):
    """Shares by pool over time.

    Parameters
    ----------
    frame : pandas.DataFrame
        From ``pools.share("pool", top=...)``.
    homes : dict
        Pool to the key of its home; a pool without one is gray.
    """
    ax = fig.subplots()
    wide = _wide(frame, "pool")
    rank = {"china": 0, "usa": 1, "czechia": 2}
    gray = [n for n in wide if n in _GRAYS]
    named = [n for n in wide if n not in _GRAYS]
    wide = wide[sorted(named, key=lambda n: rank.get(homes.get(n), 3)) + gray]
    colours, used = {}, {}
    for name in wide:
        home = homes.get(name)
        home = home if isinstance(home, str) and home in _HOMES else ""
        if name in _GRAYS:
            colours[name] = _GRAYS[name]
            continue
        levels = _LEVELS if home else (0.5, 0.35, 0.6, 0.42)
        shade = levels[used.get(home, 0) % len(levels)]
        used[home] = used.get(home, 0) + 1
        colours[name] = mpl.colors.to_hex(mpl.colormaps[_HOMES[home]](shade))
    _stack(ax, wide, colours, group_name)
    present = {h for h in homes.values() if isinstance(h, str)} & set(_HOMES)
    for home in ("china", "usa", "czechia"):
        if home in present:
            shade = mpl.colormaps[_HOMES[home]](0.7)
            ax.plot([], [], color=shade, linewidth=7, label=place_name(home))
    ax.plot([], [], color=_GRAYS["unknown"], linewidth=7, label=_("Other home or unknown"))
    ax.legend(title=_("Home of the pool"), loc="upper left", bbox_to_anchor=(1.01, 1))
    ax.set_title(_("Who found the blocks: pools and their homes"))


@figure(
    tables=_TABLES,
    alt=N_("Stacked areas: share of blocks by the home country of pools and month."),
    size=(9.0, 4.6),
)
def homes(fig, frame):
    """Shares by home over time, from ``pools.share("home", top=...)`` or ``"founded"``."""
    ax = fig.subplots()
    wide = _wide(frame, "group")
    special = _GRAYS | {"elsewhere": place_colour("usa")}
    colours = {g: special.get(g) or place_colour(g) for g in wide}
    _stack(ax, wide, colours, group_name)
    handles = [mpl.patches.Patch(color=colours[g], label=group_name(g)) for g in wide]
    ax.legend(handles=handles, title=_("Home of the pool"), loc="upper left",
              bbox_to_anchor=(1.01, 1))  # fmt: skip
    ax.set_title(_("Where the pools that found the blocks are at home"))


@figure(
    tables=("pool_share", "pools", "country_share"),
    alt=N_(
        "Two panels of lines: for China and the United States, the share of blocks found by pools "
        "at home there and the share of hash rate that the mining map puts there."
    ),
    size=(9.0, 4.4),
)
def contrast(fig, frame, places=("china", "usa")):
    """Home of pools against place of miners, from ``pools.contrast``."""
    axes = np.atleast_1d(fig.subplots(1, len(places), sharey=True))
    for ax, place in zip(axes, places, strict=True):
        rows = frame[frame["place"] == place].set_index("month")
        colour = place_colour(place)
        ax.fill_between(rows.index, rows["lower_pct"], rows["upper_pct"], color=colour, alpha=0.25,
                        linewidth=0)  # fmt: skip
        ax.plot(rows["home_pct"], color=colour, label=_("Blocks of pools at home there"))
        if (rows["founded_pct"] - rows["home_pct"]).max() > 0.5:
            ax.plot(rows["founded_pct"], color=colour, linestyle=":",
                    label=_("… with Binance Pool"))  # fmt: skip
        ax.plot(rows["mined_pct"], color="#333333", linestyle="--", marker="o", markersize=3,
                label=_("Hash rate mined there (map)"))  # fmt: skip
        ax.set_title(place_name(place))
        ax.set_ylim(0, 100)
        time_axis(ax, rows.index[0], rows.index[-1], level=0.6 if place == "china" else 0.97)
        ax.legend(loc="lower left" if place == "china" else "center left", fontsize=8)
    axes[0].set_ylabel(_("Share (%)"))
    fig.suptitle(_("A pool's home is not where its miners are"), x=0.01, ha="left",
                 fontweight="bold")  # fmt: skip
