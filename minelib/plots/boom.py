# SPDX-License-Identifier: MIT
"""Figures of the boom: price and hash rate, and what a machine earned."""

import math

from minelib import text
from minelib.economics import machine
from minelib.plots.style import date_axis, event_lines, figure, place_colour
from minelib.text import N_
from minelib.text import gettext as _

__all__ = ["earnings", "price_and_hash_rate"]


@figure(
    tables=("network_daily", "events"),
    alt=N_("Two charts with a common time axis: the price of a bitcoin and the hash rate."),
    size=(8.5, 5.6),
)
def price_and_hash_rate(fig, price, rate, events=None):
    """Price above, hash rate below, both on logarithmic scales.

    Parameters
    ----------
    price : pandas.Series
        USD, indexed by date.
    rate : pandas.DataFrame
        As `minelib.chain.hash_rate` gives it.
    events : dict or None
        Events to mark; None takes the policy dates.

    Returns
    -------
    Chart
    """
    top, bottom = fig.subplots(2, 1, sharex=True)
    top.plot(price.index, price, color=place_colour("world"), linewidth=1.2)
    top.set_yscale("log")
    top.set_ylabel(_("Price (USD)"))
    top.set_title(_("Price of a bitcoin"))
    colour = place_colour("usa")
    bottom.fill_between(rate.index, rate["lower_eh_s"], rate["upper_eh_s"], color=colour,
                        alpha=0.25, linewidth=0)  # fmt: skip
    bottom.plot(rate.index, rate["hashrate_eh_s"], color=colour, linewidth=1.2)
    bottom.set_yscale("log")
    bottom.set_ylabel(_("Hash rate (EH/s)"))
    bottom.set_title(_("Hash rate of the network, with its sampling interval"))
    top.set_xlim(price.index[0], price.index[-1])
    for ax in (top, bottom):
        ax.yaxis.set_major_formatter(lambda v, _position: text.number(v, _decimals(v)))
        event_lines(ax, events, labels=ax is top, level=0.32)
    date_axis(bottom)
    return _(
        "Two charts from {start} to {end}: the price of a bitcoin rises from {first_price} to "
        "{last_price} USD, the hash rate from {first_rate} to {last_rate} EH/s."
    ).format(
        start=text.date(price.index[0]), end=text.date(price.index[-1]),
        first_price=text.number(price.iloc[0], 0), last_price=text.number(price.iloc[-1], 0),
        first_rate=_short(rate["hashrate_eh_s"].iloc[0]),
        last_rate=_short(rate["hashrate_eh_s"].iloc[-1]),
    )  # fmt: skip


@figure(
    tables=("network_daily", "machines"),
    alt=N_("Two lines on a logarithmic scale: what a machine earned a day, and its power."),
)
def earnings(fig, frame, name):
    """What a machine earned a day beside what its power cost.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `minelib.economics.revenue` gives it.
    name : str
        The machine, as in table ``machines``.

    Returns
    -------
    Chart
    """
    name = machine(name).name()
    ax = fig.subplots()
    revenue, power = frame["revenue_usd_day"], frame["power_usd_day"]
    ax.plot(revenue.index, revenue, color=place_colour("usa"), label=_("Revenue"))
    ax.plot(power.index, power, color=place_colour("china"), linestyle="--", label=_("Power"))
    ax.fill_between(frame.index, revenue, power, where=revenue >= power, linewidth=0,
                    color=place_colour("usa"), alpha=0.15, label=_("Left over"))  # fmt: skip
    ax.fill_between(frame.index, revenue, power, where=revenue < power, linewidth=0, hatch="///",
                    facecolor="none", edgecolor=place_colour("china"), label=_("Loss"))  # fmt: skip
    ax.set_yscale("log")
    ax.yaxis.set_major_formatter(lambda v, _position: text.number(v, _decimals(v)))
    ax.set_ylabel(_("USD a day"))
    ax.set_title(_("What one {machine} earned a day").format(machine=name))
    ax.set_xlim(frame.index[0], frame.index[-1])
    ax.legend(loc="upper right", ncols=4)
    event_lines(ax, labels=False)
    date_axis(ax)
    loss = (revenue < power).mean() * 100
    return _(
        "Two lines from {start} to {end}: what one {machine} earned a day, and what its power "
        "cost. In {share} of the weeks it earned less than its power."
    ).format(
        start=text.date(frame.index[0]), end=text.date(frame.index[-1]), machine=name,
        share=text.percent(loss, 0),
    )  # fmt: skip


def _decimals(value):
    """Decimals that show the first digit of a small number."""
    return 0 if value >= 1 or value <= 0 else -math.floor(math.log10(value) + 1e-9)


def _short(value):
    return text.number(value, _decimals(value))
