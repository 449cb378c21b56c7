# SPDX-License-Identifier: MIT
"""A miner in Sichuan with the power cut: sell, store, or ship abroad."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from minelib import Drawable
from minelib.checks import as_day, between, one_of, whole
from minelib.economics.assumptions import assumed, triple
from minelib.economics.destinations import (
    DESTINATIONS,
    OPTIONS,
    check_option,
    destinations,
    option_name,
)
from minelib.economics.earnings import hash_price, price_spread, span
from minelib.economics.machines import Machine, machine
from minelib.economics.prices import machine_price
from minelib.errors import BadParameter
from minelib.words import date as date_words
from minelib.words import gettext as _
from minelib.words import number

__all__ = ["VIEWS", "Choice", "choice", "draw_inputs", "known", "outcome", "terms_by_destination"]

VIEWS = ("hindsight", "on_the_day")


@dataclass(frozen=True)
class Choice(Drawable):
    """What each option came to for one machine, over draws from the assumed ranges.

    Made by `choice`; ``draws`` holds one row a draw for each option.
    """

    machine: Machine
    decision_date: pd.Timestamp
    horizon_days: int
    view: str
    level: float
    draws: dict = field(repr=False)
    inputs: dict = field(repr=False)
    daily: pd.Series = field(repr=False)
    values: dict = field(repr=False)

    def _bounds(self, sample):
        tail = (1 - self.level) / 2
        return np.quantile(sample, [tail, 1 - tail], axis=0)

    def table(self):
        """One row an option, best mean first.

        Returns
        -------
        pandas.DataFrame
            ``option``; ``net_usd`` (mean), ``lower_usd``, ``upper_usd`` (interval at
            ``level``); ``best_pct``: part of the draws in which it came out best;
            ``beats_selling_pct``; the means of its parts ``revenue_usd``, ``power_usd``,
            ``machine_usd`` (machine sold, at once or at the end) and ``cost_usd`` (packing,
            freight, duty, setup, storage), which add up to ``net_usd``; ``delay_days``,
            ``tariff_usd_kwh``.
        """
        net = np.column_stack([d["net"] for d in self.draws.values()])
        best = np.bincount(net.argmax(axis=1), minlength=net.shape[1]) / len(net) * 100
        rows = []
        for i, (option, d) in enumerate(self.draws.items()):
            low, high = self._bounds(d["net"])
            row = {
                "option": option,
                "net_usd": d["net"].mean(),
                "lower_usd": low,
                "upper_usd": high,
                "best_pct": best[i],
            }
            row["beats_selling_pct"] = np.nan
            if "sell" in self.draws and option != "sell":
                row["beats_selling_pct"] = (d["net"] > self.draws["sell"]["net"]).mean() * 100
            for part in ("revenue", "power", "machine", "cost"):
                row[f"{part}_usd"] = d[part].mean()
            row["delay_days"] = d["delay"].mean() if "delay" in d else np.nan
            row["tariff_usd_kwh"] = d["tariff"].mean() if "tariff" in d else np.nan
            rows.append(row)
        frame = pd.DataFrame(rows).sort_values("net_usd", ascending=False, kind="stable")
        return frame.reset_index(drop=True)

    def paths(self):
        """The cash of each option day by day; the machine itself counts when it is sold.

        Returns
        -------
        pandas.DataFrame
            ``date``, ``option``, ``cash_usd`` (mean), ``lower_usd``, ``upper_usd``.
        """
        dates = pd.date_range(self.decision_date, periods=self.horizon_days + 1)
        parts = []
        for option, d in self.draws.items():
            cash = np.broadcast_to(d["cost"][:, None], (len(d["net"]), len(dates))).copy()
            if "by_day" in d:
                cash[:, 1:] += np.cumsum(d["by_day"], axis=1)
            if option == "sell":
                cash += d["machine"][:, None]
            else:
                cash[:, -1] += d["machine"]
            if option == "store":
                cash = cash - d["cost"][:, None] * (1 - np.linspace(0, 1, len(dates)))
            low, high = self._bounds(cash)
            parts.append(
                pd.DataFrame(
                    {
                        "date": dates,
                        "option": option,
                        "cash_usd": cash.mean(axis=0),
                        "lower_usd": low,
                        "upper_usd": high,
                    }
                )
            )
        return pd.concat(parts, ignore_index=True)

    def drivers(self, option):
        """Which uncertain input moved the result of an option most.

        Parameters
        ----------
        option : str

        Returns
        -------
        pandas.DataFrame
            ``input``, ``rank_correlation`` with the net result (-1 to 1), strongest first.
        """
        check_option(option, tuple(self.draws))
        net = pd.Series(self.draws[option]["net"]).rank()
        repeated = ("china_now", "china_later", "world_later")  # all follow machine_price
        inputs = {k: v for k, v in self.inputs.items() if k not in repeated}
        for own in ("delay", "tariff", "duty", "uptime"):
            if own in self.draws[option]:
                inputs[own] = self.draws[option][own]
        found = {k: net.corr(pd.Series(v).rank()) for k, v in inputs.items() if np.ptp(v) > 0}
        frame = pd.Series(found, name="rank_correlation").rename_axis("input").dropna()
        order = frame.abs().sort_values(ascending=False, kind="stable").index
        return frame.loc[order].reset_index()

    def sentence(self, lang=None):
        """The result in one sentence."""
        top = self.table().iloc[0]
        words = _(
            "For an owner of one {machine} on {date}, the best option on average was: {option}, "
            "worth {net} USD after {days} days ({lower} to {upper}); it came out first in "
            "{share}% of the draws.",
            lang,
        )
        return words.format(
            machine=self.machine.name(lang),
            date=date_words(self.decision_date, lang),
            option=option_name(top["option"], lang),
            net=number(top["net_usd"], 0, lang),
            days=self.horizon_days,
            lower=number(top["lower_usd"], 0, lang),
            upper=number(top["upper_usd"], 0, lang),
            share=number(top["best_pct"], 0, lang),
        )


def choice(
    name,
    decision_date="2021-06-20",
    options=OPTIONS,
    *,
    horizon_days=365,
    view="hindsight",
    tariff_usd_kwh=None,
    delay_days=None,
    level=0.9,
    draws=2000,
    seed=20210620,
    **changed,
):
    """Weigh selling, storing and shipping one machine.

    Parameters
    ----------
    name : str or Machine
        With hash rate, power and efficiency.
    decision_date : str, date or Timestamp
        The day the power went.
    options : iterable of {"sell", "store", "kazakhstan", "texas", "russia"}
    horizon_days : int
        All options are compared this many days later, when every machine still owned is
        sold; from 30 on, as far as prices reach.
    view : {"hindsight", "on_the_day"}
        ``"hindsight"`` takes the hash prices and machine prices that came. ``"on_the_day"``
        keeps those of the decision: what the miner could have calculated.
    tariff_usd_kwh, delay_days : dict of str to (float or tuple), optional
        By destination, in place of the quotations and assumptions.
    level : float
        Probability of the intervals within the assumed ranges.
    draws, seed : int
    **changed : float or tuple
        Assumptions by name, see `assumptions`.

    Returns
    -------
    Choice

    Raises
    ------
    UnknownName, BadInput, BadParameter
    OutOfCoverage
        A day without a price of coins or of the machine.

    Notes
    -----
    Each quantity with a range is drawn from a triangular distribution over it, and the draws
    are shared by the options. The intervals and percentages therefore say what the ranges
    imply, not how often something would happen. Left out: interest, taxes on income, the
    risk of confiscation, coins kept instead of sold, and wear of the machine.

    Examples
    --------
    >>> result = choice("S19", "2021-06-20", draws=200)
    >>> result.table()["option"].tolist()[-1] in ("sell", "store")
    True
    """
    m = machine(name, ("efficiency_j_th", "hashrate_th_s", "power_w"))
    options = (options,) if isinstance(options, str) else options
    options = tuple(check_option(o) for o in options)
    if not options:
        raise BadParameter("options", options, _("must name at least one option"))
    horizon_days, draws = whole("horizon_days", horizon_days, 30), whole("draws", draws, 50)
    one_of("view", view, VIEWS)
    between("level", level, 0, 1, exclusive=True)
    _released(m, decision_date)
    values = assumed(**changed)
    first, earned, prices = known(m, decision_date, horizon_days, view, changed)
    terms = terms_by_destination(decision_date, horizon_days, changed, tariff_usd_kwh, delay_days)
    rng = np.random.default_rng(whole("seed", seed))
    inputs = draw_inputs(rng, draws, values, prices)
    sampled = {}
    for option in OPTIONS:  # in one order, so that the draws do not depend on the choice
        t = {k: _triangular(rng, three, draws) for k, three in terms.get(option, {}).items()}
        d = outcome(option, m, inputs, t, earned.to_numpy())
        if option in options:
            sampled[option] = d
    return Choice(m, first, horizon_days, view, level, sampled, inputs, earned, values)


def _released(m, day):
    day, _end = span(as_day("decision_date", day), None)
    if m.release is not None and day < m.release:
        rule = _("{machine} came out on {date}").format(
            machine=m.name(), date=date_words(m.release)
        )
        raise BadParameter("decision_date", f"{day:%Y-%m-%d}", rule)


def known(m, decision_date, horizon_days, view, changed):
    """The day, the hash price of each day after it, and the prices of the machine."""
    first, _last = span(decision_date, None)
    first, end = span(first, first + pd.Timedelta(days=int(horizon_days)))
    earned = hash_price(start=first, end=end)["hashprice_usd_ph_day"].iloc[1:]
    if view == "on_the_day":
        week = hash_price(start=first - pd.Timedelta(days=6), end=first)
        earned = earned * 0 + week["hashprice_usd_ph_day"].mean()
    later = end if view == "hindsight" else first
    own = {k: v for k, v in changed.items() if k in ("quote_error_pct", "china_discount_pct")}
    prices = {
        "china_now": machine_price(m, first, "china", **own),
        "china_later": machine_price(m, later, "china", **own),
        "world_later": machine_price(m, later, "world", **own),
    }
    return first, earned, prices


def _triangular(rng, three, size):
    low, best, high = three
    return rng.triangular(low, best, high, size) if high > low else np.full(size, float(best))


def terms_by_destination(date, horizon, changed, tariff, delay):
    terms = destinations(date, horizon, **changed)
    found = {}
    for place in DESTINATIONS:
        row = terms.loc[place]
        found[place] = {
            k: (row[f"{k}_lower"], row[k], row[f"{k}_upper"])
            for k in ("tariff_usd_kwh", "delay_days", "duty_pct", "uptime_pct")
        }
    for label, given in (("tariff_usd_kwh", tariff), ("delay_days", delay)):
        if given is not None and not isinstance(given, dict):
            raise BadParameter(label, given, _("must name the destination: {'texas': 0.05}"))
        for place, value in (given or {}).items():
            check_option(place, DESTINATIONS)
            if value is not None:
                found[place][label] = triple(label, value)
    return found


def draw_inputs(rng, size, values, prices):
    names = (
        "nameplate_tolerance_pct",
        "pool_fee_pct",
        "overhead_pct",
        "freight_usd_kg",
        "weight_kg",
        "packing_usd",
        "setup_usd",
        "loss_pct",
        "storage_usd_month",
    )
    inputs = {n: _triangular(rng, values[n], size) for n in names}
    inputs["price_of_coins"] = _triangular(rng, (-price_spread(), 0, price_spread()), size)
    # one position in the range for all machine prices: a dear quotation is dear throughout
    position = rng.triangular(-1, 0, 1, size)
    inputs["machine_price"] = position
    for label, p in prices.items():
        inputs[label] = np.where(
            position < 0,
            p.usd_th + position * (p.usd_th - p.lower_usd_th),
            p.usd_th + position * (p.upper_usd_th - p.usd_th),
        )
    return inputs


def outcome(option, m, x, t, earned):
    """Revenue, power, machine and cost of one option for every draw, in USD."""
    size = len(x["weight_kg"])
    none = np.zeros(size)
    if option == "sell":
        parts = {
            "revenue": none,
            "power": none,
            "machine": x["china_now"] * m.hashrate_th_s,
            "cost": none,
        }
    elif option == "store":
        months = len(earned) / 30.4375
        parts = {
            "revenue": none,
            "power": none,
            "machine": x["china_later"] * m.hashrate_th_s,
            "cost": -x["storage_usd_month"] * months,
        }
    else:
        delay = np.rint(t["delay_days"]).astype(int)
        tolerance = x["nameplate_tolerance_pct"] / 100
        rate = m.hashrate_th_s / 1e3 * (1 - tolerance) * (1 + x["price_of_coins"])
        rate = rate * (1 - x["pool_fee_pct"] / 100)
        kwh = m.power_w * 24 / 1e3 * (1 + x["overhead_pct"] / 100)
        gross = rate[:, None] * earned[None, :]
        bill = (kwh * t["tariff_usd_kwh"])[:, None]
        runs = np.arange(1, len(earned) + 1)[None, :] > delay[:, None]
        runs = (runs & (gross > bill)) * (t["uptime_pct"] / 100 * (1 - x["loss_pct"] / 100))[
            :, None
        ]
        value = x["china_now"] * m.hashrate_th_s
        costs = x["packing_usd"] + x["setup_usd"] + x["freight_usd_kg"] * x["weight_kg"]
        parts = {
            "revenue": (gross * runs).sum(axis=1),
            "power": -(bill * runs).sum(axis=1),
            "machine": x["world_later"] * m.hashrate_th_s * (1 - x["loss_pct"] / 100),
            "cost": -(costs + value * t["duty_pct"] / 100),
            "by_day": (gross - bill) * runs,
            "delay": delay.astype(float),
            "tariff": t["tariff_usd_kwh"],
            "duty": t["duty_pct"],
            "uptime": t["uptime_pct"],
        }
    parts["net"] = sum(parts[k] for k in ("revenue", "power", "machine", "cost"))
    return parts
