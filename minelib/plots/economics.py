# SPDX-License-Identifier: MIT
"""Figures of what mining earned and cost."""

import numpy as np
import pandas as pd
from matplotlib.ticker import MaxNLocator

from minelib.economics import machine, option_name
from minelib.plots.style import (
    date_axis,
    figure,
    grid_across,
    log_axis,
    number_axis,
    place_colour,
    time_axis,
)
from minelib.text import N_, number
from minelib.text import gettext as _

__all__ = [
    "break_even",
    "choice",
    "delay_tariff",
    "frontier",
    "hash_price",
    "machine_prices",
    "paths",
    "payback",
]

_CYCLE = ("#1f6fb4", "#c8372d", "#3b9c8f", "#e69f00", "#7b5ea7", "#8c6d46", "#5a5a5a")
_LONGEST = 3000  # days; an expectation beyond is not drawn
_STYLES = ("-", "--", "-.", ":")


def _option_colour(option):
    own = {"sell": "#5a5a5a", "store": "#b0a08a"}
    return own.get(option) or place_colour(option)


@figure(
    tables=("network_daily",),
    alt=N_("Line chart on a logarithmic scale: hash price in USD per PH/s and day over time."),
)
def hash_price(fig, frame, halvings=None):
    """Hash price over time, from ``economics.hash_price``; days of halvings as ticks."""
    ax = fig.subplots()
    low, high = frame["lower_usd_ph_day"], frame["upper_usd_ph_day"]
    ax.fill_between(frame.index, low, high, color="#1f6fb4", alpha=0.25, linewidth=0)
    ax.plot(frame["hashprice_usd_ph_day"], color="#1f6fb4", linewidth=1.2)
    log_axis(ax)
    for day in [] if halvings is None else halvings:
        if frame.index[0] <= pd.Timestamp(day).tz_localize(None) <= frame.index[-1]:
            ax.axvline(pd.Timestamp(day).tz_localize(None), color="#888888", linewidth=0.7)
            ax.annotate(_("Halving"), (pd.Timestamp(day).tz_localize(None), 0.98),
                        xycoords=("data", "axes fraction"), rotation=90, va="top", fontsize=8,
                        xytext=(2, 0), textcoords="offset points", color="#666666")  # fmt: skip
    time_axis(ax, frame.index[0], frame.index[-1])
    ax.set_ylabel(_("Hash price (USD per PH/s and day)"))
    ax.set_title(_("What a unit of hash rate earned"))


@figure(
    tables=("machines",),
    alt=N_(
        "Scatter on a logarithmic scale: efficiency of mining machines by release date, with a "
        "step line through the most efficient so far."
    ),
)
def frontier(fig, frame, name=8):
    """Efficiency by release, from ``economics.machine_frontier``.

    Parameters
    ----------
    frame : pandas.DataFrame
    name : int
        How many steps of the frontier to name, the largest first.
    """
    ax = fig.subplots()
    makers = (
        ("Bitmain", _("Bitmain"), "#1f6fb4", "o"), ("MicroBT", _("MicroBT"), "#c8372d", "s"),
        ("Canaan", _("Canaan"), "#e69f00", "^"), (None, _("Other makers"), "#999999", "D"),
    )  # fmt: skip
    known = [maker for maker, *_rest in makers if maker]
    for maker, label, colour, marker in makers:
        rows = frame[frame["maker"] == maker] if maker else frame[~frame["maker"].isin(known)]
        ax.scatter(rows["date"], rows["efficiency_j_th"], s=18, color=colour, marker=marker,
                   alpha=0.8, linewidth=0, label=label, zorder=3)  # fmt: skip
    steps = frame[frame["on_frontier"]]
    ax.step(frame["date"], frame["frontier_j_th"], where="post", color="#333333", linewidth=1.1,
            label=_("Best so far"))  # fmt: skip
    drop = (steps["efficiency_j_th"].shift() / steps["efficiency_j_th"]).fillna(np.inf)
    for i in drop.sort_values(ascending=False).index[:name]:
        label = machine(frame.loc[i, "machine"]).name()
        ax.annotate(label, (frame.loc[i, "date"], frame.loc[i, "efficiency_j_th"]),
                    xytext=(-4, -5), textcoords="offset points", ha="right", va="top",
                    fontsize=8, color="#333333")  # fmt: skip
    log_axis(ax)
    left = frame["date"].min() - pd.Timedelta(days=560)
    ax.set_xlim(left, frame["date"].max() + pd.Timedelta(days=60))
    ax.set_ylim(frame["efficiency_j_th"].min() * 0.72, None)
    date_axis(ax)
    ax.set_ylabel(_("Efficiency (J/TH; lower is better)"))
    ax.legend(loc="upper right")
    ax.set_title(_("Machines: the same hash with ever less power"))


@figure(
    tables=("network_daily", "machines"),
    alt=N_(
        "Lines on a logarithmic scale: the tariff at which each machine breaks even, over time, "
        "with bands for its bounds."
    ),
)
def break_even(fig, frame, tariffs=None):
    """Break-even tariff by machine, from ``economics.break_even``.

    Parameters
    ----------
    frame : pandas.DataFrame
    tariffs : dict, optional
        Name to (lower, upper) in USD/kWh, drawn as horizontal bands.
    """
    ax = fig.subplots()
    ends = []
    for i, (key, rows) in enumerate(frame.groupby("machine", sort=False)):
        colour, line = _CYCLE[i % len(_CYCLE)], _STYLES[i % len(_STYLES)]
        ax.fill_between(rows["date"], rows["lower_usd_kwh"], rows["upper_usd_kwh"], color=colour,
                        alpha=0.2, linewidth=0)  # fmt: skip
        ax.plot(rows["date"], rows["break_even_usd_kwh"], color=colour, linestyle=line)
        ends.append((rows["break_even_usd_kwh"].iloc[-1], machine(key).name(), colour))
    log_axis(ax)
    for label, (low, high) in (tariffs or {}).items():
        ax.axhspan(low, high, color="#777777", alpha=0.16, linewidth=0, zorder=0)
        ax.annotate(label, (0.01, np.sqrt(low * high)), xycoords=("axes fraction", "data"),
                    va="center", fontsize=8, color="#444444",
                    bbox={"color": "white", "pad": 1, "alpha": 0.7})  # fmt: skip
    for value, label, colour in ends:
        ax.annotate(label, (1.01, value), xycoords=("axes fraction", "data"), va="center",
                    fontsize=9, color=colour, annotation_clip=False)  # fmt: skip
    bottom, top = ax.get_ylim()
    ax.set_ylim(bottom, top * 1.7)  # room for the event labels
    time_axis(ax, frame["date"].min(), frame["date"].max())
    ax.set_ylabel(_("Break-even tariff (USD/kWh)"))
    ax.set_title(_("The dearest power a machine could pay for"))


@figure(
    tables=("machine_prices",),
    alt=N_(
        "Lines with bands: price of a machine in USD per TH/s over time, quoted or interpolated, "
        "in the world and in China."
    ),
)
def machine_prices(fig, frame):
    """Price of one machine over time, from ``economics.machine_price_series`` (one or more)."""
    ax = fig.subplots()
    words = {"world": _("World"), "china": _("China, second hand")}
    for market, colour in (("world", "#333333"), ("china", place_colour("china"))):
        rows = frame[frame["market"] == market]
        if rows.empty:
            continue
        ax.fill_between(rows["date"], rows["lower_usd_th"], rows["upper_usd_th"], color=colour,
                        alpha=0.18, linewidth=0)  # fmt: skip
        ax.plot(rows["date"], rows["price_usd_th"], color=colour, linestyle="--", linewidth=1,
                label=_("{market}: worked out").format(market=words[market]))  # fmt: skip
        quoted = rows["price_usd_th"].where(rows["basis"] == "quoted")
        ax.plot(rows["date"], quoted, color=colour, linewidth=3, alpha=0.9,
                label=_("{market}: quoted").format(market=words[market]))  # fmt: skip
    ax.set_ylim(0, None)
    time_axis(ax, frame["date"].min(), frame["date"].max())
    ax.set_ylabel(_("Price of a machine (USD per TH/s)"))
    ax.legend(loc="upper right")
    name = machine(frame["machine"].iloc[0]).name()
    ax.set_title(_("What a machine cost: {machine}").format(machine=name))


@figure(
    tables=("network_daily", "machine_prices", "power_prices", "relocation_terms"),
    alt=N_(
        "Bars: what each option came to, split into revenue, machine sold, power and costs, with "
        "the net result and its interval."
    ),
    size=(9.0, 4.2),
)
def choice(fig, table):
    """The options compared, from ``Choice.table``."""
    ax = fig.subplots()
    rows = table.iloc[::-1].reset_index(drop=True)
    parts = (
        ("revenue_usd", _("Revenue"), "#3b7fc4"),
        ("machine_usd", _("Machine sold"), "#a9c9e8"),
        ("power_usd", _("Power"), "#b5532a"),
        ("cost_usd", _("Packing, freight, duty,\nsetup, storage"), "#f0b58f"),
    )
    above, below = np.zeros(len(rows)), np.zeros(len(rows))
    for column, label, colour in parts:
        value = rows[column].to_numpy()
        left = np.where(value >= 0, above, below)
        ax.barh(rows.index, value, left=left, height=0.55, color=colour, label=label)
        above, below = above + np.maximum(value, 0), below + np.minimum(value, 0)
    net = rows["net_usd"]
    error = [net - rows["lower_usd"], rows["upper_usd"] - net]
    ax.errorbar(net, rows.index, xerr=error, fmt="D", color="#111111", markersize=5, capsize=4,
                linewidth=1.4, label=_("Net result and interval"), zorder=5)  # fmt: skip
    ax.axvline(0, color="#555555", linewidth=0.8)
    ax.set_yticks(rows.index, [option_name(o) for o in rows["option"]])
    grid_across(ax)
    number_axis(ax.xaxis)
    ax.set_xlabel(_("USD for one machine, at the end of the horizon"))
    ax.legend(loc="upper left", bbox_to_anchor=(1.01, 1), fontsize=8)
    ax.set_title(_("What each option came to"))


@figure(
    tables=("network_daily", "machine_prices", "power_prices", "relocation_terms"),
    alt=N_(
        "Lines with bands: cash of each option by day; machines still owned are sold on the last "
        "day."
    ),
)
def paths(fig, frame):
    """Cash by day, from ``Choice.paths``."""
    ax = fig.subplots()
    ends = []
    for i, (option, rows) in enumerate(frame.groupby("option", sort=False)):
        colour = _option_colour(option)
        before = rows.iloc[:-1] if option != "sell" else rows
        ax.fill_between(before["date"], before["lower_usd"], before["upper_usd"], color=colour,
                        alpha=0.15, linewidth=0)  # fmt: skip
        ax.plot(before["date"], before["cash_usd"], color=colour, linestyle=_STYLES[i % 4])
        last = rows.iloc[-1]
        ax.plot([last["date"]], [last["cash_usd"]], "D", color=colour, markersize=5,
                clip_on=False, zorder=5)  # fmt: skip
        ends.append([last["cash_usd"], option_name(option), colour])
    ax.axhline(0, color="#555555", linewidth=0.8)
    ax.set_xlim(frame["date"].min(), frame["date"].max())
    bottom, top = ax.get_ylim()
    gap, at = (top - bottom) * 0.055, -np.inf
    for value, label, colour in sorted(ends):
        at = max(value, at + gap)
        ax.annotate(label, (1.015, at), xycoords=("axes fraction", "data"), va="center",
                    fontsize=9, color=colour, annotation_clip=False)  # fmt: skip
    number_axis(ax.yaxis)
    date_axis(ax)
    ax.set_ylabel(_("Cash for one machine (USD)"))
    ax.set_title(_("The cash of each option; diamonds: with the machine sold"))


@figure(
    tables=("network_daily", "machine_prices", "power_prices", "relocation_terms"),
    alt=N_(
        "Map of colours: advantage of shipping over selling by delay and tariff, with the line "
        "where both come to the same."
    ),
    size=(7.6, 4.6),
)
def delay_tariff(fig, frame, mark=None):
    """Advantage over selling, from ``economics.delay_and_tariff``.

    Parameters
    ----------
    frame : pandas.DataFrame
    mark : (float, float), optional
        A delay and a tariff to mark.
    """
    ax, scale = fig.subplots(1, 2, width_ratios=(30, 1))
    wide = frame.pivot(index="tariff_usd_kwh", columns="delay_days", values="advantage_usd")
    most = np.abs(wide.to_numpy()).max() or 1.0
    mesh = ax.pcolormesh(wide.columns, wide.index, wide, cmap="RdBu", vmin=-most, vmax=most,
                         shading="nearest")  # fmt: skip
    if min(wide.shape) > 1:
        steps = [v for v in MaxNLocator(7).tick_values(-most, most) if v]
        lines = ax.contour(
            wide.columns, wide.index, wide, levels=steps, colors="#333333", linewidths=0.7
        )
        ax.clabel(lines, fontsize=7, fmt=lambda v: number(v))
        ax.contour(wide.columns, wide.index, wide, levels=[0], colors="black", linewidths=2)
    if mark:
        ax.plot(*mark, "*", color="#e69f00", markeredgecolor="black", markersize=14)
    bar = fig.colorbar(mesh, cax=scale)
    number_axis(bar.ax.yaxis)
    bar.set_label(_("Advantage over selling (USD)"))
    ax.grid(False)
    ax.set_xlabel(_("Delay until the machine runs (days)"))
    ax.set_ylabel(_("Tariff (USD/kWh)"))
    ax.set_title(_("When shipping beat selling"))
    return _(
        "Map of colours: advantage of shipping over selling by delay and tariff, from {low} to"
        " {high} USD."
    ).format(low=number(wide.min(axis=None)), high=number(wide.max(axis=None)))


@figure(
    tables=("network_daily", "machines", "machine_prices"),
    alt=N_(
        "Points with bars: months until a machine had earned its price, by day of purchase: as "
        "expected on the day and as it came."
    ),
)
def payback(fig, frame):
    """Days to payback by day of purchase, from ``economics.payback``."""
    ax = fig.subplots()
    for i, (key, rows) in enumerate(frame.groupby("machine", sort=False)):
        colour = _CYCLE[i % len(_CYCLE)]
        name = machine(key).name()
        shift = pd.Timedelta(days=4 * i)
        words = [_("{machine}: expected"), _("{machine}: as it came")]
        words = [w.format(machine=name) for w in words]
        expected = rows["expected_days"].where(rows["expected_days"] < _LONGEST)
        ax.plot(rows["date"] + shift, expected, color=colour, linestyle=":", marker="o",
                markerfacecolor="white", label=words[0])  # fmt: skip
        done = rows.dropna(subset=["payback_days"])
        high = done["upper_days"].fillna(done["payback_days"])
        error = [done["payback_days"] - done["lower_days"], high - done["payback_days"]]
        ax.errorbar(done["date"] + shift, done["payback_days"], yerr=error, fmt="D", color=colour,
                    capsize=3, linewidth=1, label=words[1])  # fmt: skip
        open_end = done[done["upper_days"].isna()]  # the upper bound lies beyond the data
        if len(open_end):
            days = open_end["payback_days"]
            ax.errorbar(open_end["date"] + shift, days, yerr=days * 0.3, lolims=True, fmt="none",
                        color=colour, linewidth=1)  # fmt: skip
        never = rows[rows["payback_days"].isna()]
        ax.plot(never["date"] + shift, [0.965] * len(never), "x", color=colour, markersize=8,
                transform=ax.get_xaxis_transform(), clip_on=False)  # fmt: skip
    ax.plot([], [], "x", color="#555555", label=_("not paid back in the data"))
    log_axis(ax)
    bottom, top = ax.get_ylim()
    ax.set_ylim(bottom, min(top, _LONGEST) * 1.5)
    date_axis(ax)
    ax.set_xlabel(_("Day of purchase"))
    ax.set_ylabel(_("Days until paid back"))
    ax.legend(loc="upper left", bbox_to_anchor=(1.01, 1), fontsize=8)
    ax.set_title(_("Payback: what buyers could expect, and what came"))
