# SPDX-License-Identifier: MIT
"""A miner in Sichuan with the power cut: sell, store, or ship abroad."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import pandas as pd

from minelib import Drawable
from minelib.checks import between, name_in, one_of, whole
from minelib.checks.door import Day, Lang, Names, Number, Whole, checked
from minelib.economics.assumptions import Range, assumed, bounded, triple
from minelib.economics.destinations import DESTINATIONS, OPTIONS, option_name, terms
from minelib.economics.earnings import hash_price, price_spread, span
from minelib.economics.machines import Machine, machine
from minelib.economics.prices import machine_price
from minelib.errors import BadParameter
from minelib.words import date as date_words, gettext as _, number

__all__ = ["NEEDS", "VIEWS", "Choice", "choice"]

VIEWS = ("hindsight", "on_the_day")
NEEDS = ("efficiency_j_th", "hashrate_th_s", "power_w")  # what a machine must have

if TYPE_CHECKING:
    PerPlace: TypeAlias = Mapping[str, Range | None]
else:
    PerPlace = object  # refused with an example where it names no destination

_PARTS = ("revenue", "power", "machine", "cost")
# drawn as they are; prices and the terms of a destination are drawn beside them
_DRAWN = (
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


@dataclass(frozen=True)
class Choice(Drawable):
    """What each option came to for one machine, over draws from the assumed ranges.

    Made by `choice`; ``draws`` holds one row per draw for each option.
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

    def _bounds(self, sample: Any) -> Any:
        tail = (1 - self.level) / 2
        return np.quantile(sample, [tail, 1 - tail], axis=0)

    def table(self) -> pd.DataFrame:
        """One row per option, best mean first.

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
        net = pd.DataFrame({option: d["net"] for option, d in self.draws.items()})
        lower, upper = self._bounds(net)
        frame = pd.DataFrame({"option": list(net), "net_usd": self._means("net")})
        frame["lower_usd"], frame["upper_usd"] = lower, upper
        best = net.idxmax(axis=1)
        frame["best_pct"] = [(best == option).mean() * 100 for option in net]
        frame["beats_selling_pct"] = [
            (net[o] > net["sell"]).mean() * 100 if "sell" in net and o != "sell" else np.nan
            for o in net
        ]
        for part in _PARTS:
            frame[f"{part}_usd"] = self._means(part)
        frame["delay_days"], frame["tariff_usd_kwh"] = self._means("delay"), self._means("tariff")
        return frame.sort_values("net_usd", ascending=False, kind="stable", ignore_index=True)

    def _means(self, part: str) -> list[float]:
        return [np.mean(d.get(part, np.nan)) for d in self.draws.values()]

    def paths(self) -> pd.DataFrame:
        """The cash of each option day by day; the machine itself counts when it is sold.

        Returns
        -------
        pandas.DataFrame
            ``date``, ``option``, ``cash_usd`` (mean), ``lower_usd``, ``upper_usd``.
        """
        dates = pd.date_range(self.decision_date, periods=self.horizon_days + 1)
        parts = []
        for option, d in self.draws.items():
            spent = np.linspace(0, 1, len(dates)) if option == "store" else np.ones(len(dates))
            cash = d["cost"][:, None] * spent
            if "by_day" in d:
                cash[:, 1:] += np.cumsum(d["by_day"], axis=1)
            cash[:, 0 if option == "sell" else -1 :] += d["machine"][:, None]
            lower, upper = self._bounds(cash)
            part = pd.DataFrame({"date": dates, "option": option, "cash_usd": cash.mean(axis=0)})
            parts.append(part.assign(lower_usd=lower, upper_usd=upper))
        return pd.concat(parts, ignore_index=True)

    @checked
    def drivers(self, option: str) -> pd.DataFrame:
        """Which uncertain input moved the result of an option most.

        Parameters
        ----------
        option : str

        Returns
        -------
        pandas.DataFrame
            ``input``, ``rank_correlation`` with the net result (-1 to 1), strongest first.

        Raises
        ------
        UnknownName
            An option that was not weighed.
        """
        name_in("option", option, tuple(self.draws))
        net = pd.Series(self.draws[option]["net"]).rank()
        repeated = ("china_now", "china_later", "world_later")  # all follow machine_price
        inputs = {k: v for k, v in self.inputs.items() if k not in repeated}
        own = ("delay", "tariff", "duty", "uptime")
        inputs |= {k: v for k, v in self.draws[option].items() if k in own}
        found = {k: net.corr(pd.Series(v).rank()) for k, v in inputs.items() if np.ptp(v) > 0}
        frame = pd.Series(found, name="rank_correlation").rename_axis("input").dropna()
        order = frame.abs().sort_values(ascending=False, kind="stable").index
        return frame.loc[order].reset_index()

    @checked
    def sentence(self, lang: Lang | None = None) -> str:
        """The result in one sentence.

        Parameters
        ----------
        lang : {"en", "zh"} or None
            None for the current language.

        Returns
        -------
        str
        """
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
    name: str | Machine,
    decision_date: Day = "2021-06-20",
    options: str | Names = OPTIONS,
    *,
    horizon_days: Whole = 365,
    view: str = "hindsight",
    tariff_usd_kwh: PerPlace | None = None,
    delay_days: PerPlace | None = None,
    level: Number = 0.9,
    draws: Whole = 2000,
    seed: Whole = 20210620,
    **changed: Range | None,
) -> Choice:
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
    m = machine(name, NEEDS)
    picked = [
        name_in("option", o, OPTIONS) for o in ([options] if isinstance(options, str) else options)
    ]
    if not picked:
        raise BadParameter("options", options, _("must name at least one option"))
    horizon = bounded("horizon_days", horizon_days, 30)
    size = bounded("draws", draws, 50, 1_000_000)
    one_of("view", view, VIEWS)
    between("level", level, 0, 1, exclusive=True)
    values = assumed(**changed)
    first, earned, prices = known(m, decision_date, horizon, view, changed)
    found = terms_given(decision_date, horizon, changed, tariff_usd_kwh, delay_days)
    rng = np.random.default_rng(whole("seed", seed))
    inputs = draw_inputs(rng, size, values, prices)
    sampled = {}
    for option in OPTIONS:  # in one order, so that the draws do not depend on the choice
        t = {k: _triangular(rng, three, size) for k, three in found.get(option, {}).items()}
        sampled[option] = outcome(option, m, inputs, t, earned.to_numpy())
    sampled = {option: sampled[option] for option in OPTIONS if option in picked}
    return Choice(m, first, horizon, view, level, sampled, inputs, earned, values)


def known(
    m: Machine, decision_date: Day, horizon_days: int, view: str, changed: dict[str, Any]
) -> tuple[pd.Timestamp, pd.Series, dict[str, Any]]:
    """The day, the hash price of each day after it, and the prices of the machine."""
    first, _last = span(decision_date, None)
    m.on_sale("decision_date", first)
    first, end = span(first, first + pd.Timedelta(days=horizon_days))
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


def terms_given(
    date: Day, horizon_days: int, changed: dict[str, Any], tariff: Any = None, delay: Any = None
) -> dict[str, dict[str, tuple[float, float, float]]]:
    """The terms of each destination, with the tariffs and delays that were given in their place."""
    found = terms(date, horizon_days, **changed)
    for label, given in (("tariff_usd_kwh", tariff), ("delay_days", delay)):
        if given is not None and not isinstance(given, Mapping):
            raise BadParameter(label, given, _("must name the destination: {'texas': 0.05}"))
        for place, value in (given or {}).items():
            name_in("option", place, DESTINATIONS)
            if value is not None:
                found[place][label] = triple(label, value)
    return found


def draw_inputs(
    rng: np.random.Generator, size: int, values: dict[str, Any], prices: dict[str, Any]
) -> dict[str, np.ndarray]:
    """Every uncertain quantity that the options share, once a draw."""
    inputs = {n: _triangular(rng, values[n], size) for n in _DRAWN}
    inputs["price_of_coins"] = _triangular(rng, (-price_spread(), 0, price_spread()), size)
    # one position in the range for all machine prices: a dear quotation is dear throughout
    position = inputs["machine_price"] = rng.triangular(-1, 0, 1, size)
    for label, p in prices.items():
        away = np.where(position < 0, p.usd_th - p.lower_usd_th, p.upper_usd_th - p.usd_th)
        inputs[label] = p.usd_th + position * away
    return inputs


def outcome(
    option: str, m: Machine, x: dict[str, Any], t: dict[str, Any], earned: np.ndarray
) -> dict[str, Any]:
    """Revenue, power, machine and cost of one option for every draw, in USD."""
    parts = dict.fromkeys(_PARTS, np.zeros(len(x["weight_kg"])))
    if option == "sell":
        parts["machine"] = x["china_now"] * m.hashrate_th_s
    elif option == "store":
        parts["machine"] = x["china_later"] * m.hashrate_th_s
        parts["cost"] = -x["storage_usd_month"] * (len(earned) / 30.4375)
    else:
        parts |= _shipped(m, x, t, earned)
    return parts | {"net": sum(parts[k] for k in _PARTS)}


def _shipped(m, x, t, earned):
    kept = 1 - x["loss_pct"] / 100
    rate = m.hashrate_th_s / 1e3 * (1 - x["nameplate_tolerance_pct"] / 100)
    rate = rate * (1 + x["price_of_coins"]) * (1 - x["pool_fee_pct"] / 100)
    kwh = m.power_w * 24 / 1e3 * (1 + x["overhead_pct"] / 100)
    gross = rate[:, None] * earned
    bill = (kwh * t["tariff_usd_kwh"])[:, None]
    delay = np.rint(t["delay_days"]).astype(int)
    runs = (np.arange(1, len(earned) + 1) > delay[:, None]) & (gross > bill)
    runs = runs * (t["uptime_pct"] / 100 * kept)[:, None]
    costs = x["packing_usd"] + x["setup_usd"] + x["freight_usd_kg"] * x["weight_kg"]
    return {
        "revenue": (gross * runs).sum(axis=1),
        "power": -(bill * runs).sum(axis=1),
        "machine": x["world_later"] * m.hashrate_th_s * kept,
        "cost": -(costs + x["china_now"] * m.hashrate_th_s * t["duty_pct"] / 100),
        "by_day": (gross - bill) * runs,
        "delay": delay.astype(float),
        "tariff": t["tariff_usd_kwh"],
        "duty": t["duty_pct"],
        "uptime": t["uptime_pct"],
    }
