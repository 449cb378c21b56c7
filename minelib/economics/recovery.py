# SPDX-License-Identifier: MIT
"""When a machine bought on a day had earned its price back."""

import numpy as np
import pandas as pd

from minelib.checks import as_day, whole
from minelib.economics.assumptions import assumed, triple
from minelib.economics.earnings import hash_price, span
from minelib.economics.machines import machine
from minelib.economics.prices import machine_price
from minelib.errors import BadParameter, OutOfCoverage
from minelib.words import date as date_words
from minelib.words import gettext as _

__all__ = ["payback"]


def payback(
    machines,
    dates,
    tariff_usd_kwh=0.05,
    *,
    delay_days=0,
    price_usd_th=None,
    market="world",
    uptime_pct=None,
    pool_fee_pct=None,
    overhead_pct=None,
    nameplate_tolerance_pct=None,
    quote_error_pct=None,
):
    """Payback of machines bought on days: as it looked on the day, and as it came.

    Parameters
    ----------
    machines : str, Machine or list of them
    dates : str, date, Timestamp or list of them
        Days of purchase.
    tariff_usd_kwh : float or tuple
        USD/kWh; a range gives (lower, best, upper).
    delay_days : int
        Days from purchase to the first day of mining.
    price_usd_th : float or tuple, optional
        Price paid, USD per TH/s; None takes `machine_price`.
    market : {"world", "china"}
        For `machine_price`.
    uptime_pct, pool_fee_pct, overhead_pct, nameplate_tolerance_pct, quote_error_pct : optional
        Assumptions, see `assumptions`: a number, or lower, best and upper.

    Returns
    -------
    pandas.DataFrame
        One row a machine and day: ``date``, ``machine``, ``price_usd``, ``lower_usd``,
        ``upper_usd`` (of the machine), ``basis`` of the price; ``expected_days``,
        ``expected_lower_days``, ``expected_upper_days``: price by the margin of the seven
        days up to the purchase (inf where there was none); ``payback_days``,
        ``lower_days``, ``upper_days`` and ``payback_date``: when the margins that really
        came had added up (NaN where they have not to the end of the data); ``recovered_pct``:
        part of the price recovered by the end of the data.

    Raises
    ------
    UnknownName, BadInput, BadParameter
    OutOfCoverage
        A day outside the prices of coins or machines.

    Notes
    -----
    The machine is switched off on days when power costs more than it earns. The lower bound
    has the cheapest machine, the best margin; the upper bound the reverse. Nothing is
    discounted, no coin is kept, and the machine is worth nothing at the end.

    Examples
    --------
    >>> p = payback("S19", "2021-04-15", 0.05).iloc[0]
    >>> bool(p.expected_days < p.payback_days)
    True
    """
    found = [machine(n, ("hashrate_th_s", "power_w")) for n in _listed("machines", machines)]
    low, best, high = triple("tariff_usd_kwh", tariff_usd_kwh)
    delay_days = whole("delay_days", delay_days)
    changed = {
        "uptime_pct": uptime_pct,
        "pool_fee_pct": pool_fee_pct,
        "overhead_pct": overhead_pct,
        "nameplate_tolerance_pct": nameplate_tolerance_pct,
        "quote_error_pct": quote_error_pct,
    }
    a = assumed(**{k: v for k, v in changed.items() if v is not None})
    a = {k: np.array(v) / 100 for k, v in a.items() if k in changed}
    prices = hash_price()
    rows = []
    for m in found:
        margins = _margins(m, prices, (low, best, high), a)
        for date in _listed("dates", dates):
            day, _end = span(as_day("dates", date), None)
            if m.release is not None and day < m.release:
                rule = _("{machine} came out on {date}")
                rule = rule.format(machine=m.name(), date=date_words(m.release))
                raise BadParameter("dates", f"{day:%Y-%m-%d}", rule)
            cost, basis = _cost(m, day, price_usd_th, market, quote_error_pct)
            rows.append({"date": day, "machine": m.key, **_row(margins, day, delay_days, cost)})
            rows[-1] |= {"basis": basis}
    order = [
        "date",
        "machine",
        "price_usd",
        "lower_usd",
        "upper_usd",
        "basis",
        "expected_days",
        "expected_lower_days",
        "expected_upper_days",
        "payback_days",
        "lower_days",
        "upper_days",
        "payback_date",
        "recovered_pct",
    ]
    return pd.DataFrame(rows)[order]


def _listed(name, value):
    listed = list(value) if pd.api.types.is_list_like(value) else [value]
    if not listed:
        raise BadParameter(name, value, _("must name at least one"))
    return listed


def _margins(m, prices, tariff, a):
    """Margin a day at best, most favourable and least favourable; never below zero."""
    hash_price_column = ("hashprice_usd_ph_day", "upper_usd_ph_day", "lower_usd_ph_day")
    up, fee, over = a["uptime_pct"], a["pool_fee_pct"], a["overhead_pct"]
    tolerance = a["nameplate_tolerance_pct"][1]
    columns = {}
    for name, column, k, sign in zip(
        ("best", "fair", "poor"), hash_price_column, (1, 0, 2), (0, 1, -1), strict=True
    ):
        uptime = up[1] if k == 1 else up[2 - k]
        rate = m.hashrate_th_s / 1e3 * (1 + sign * tolerance)
        kwh = m.power_w * 24 / 1e3 * (1 - sign * tolerance) * (1 + over[k])
        margin = prices[column] * rate * (1 - fee[k]) - kwh * tariff[k]
        columns[name] = np.maximum(margin * uptime, 0.0)
    return pd.DataFrame(columns)


def _cost(m, day, price_usd_th, market, error):
    if price_usd_th is not None:
        low, best, high = triple("price_usd_th", price_usd_th)
        basis = "given"
    else:
        p = machine_price(m, day, market, quote_error_pct=error)
        low, best, high, basis = p.lower_usd_th, p.usd_th, p.upper_usd_th, p.basis
    return tuple(v * m.hashrate_th_s for v in (best, low, high)), basis


def _row(margins, day, delay, cost):
    first = day + pd.Timedelta(days=delay)
    if first > margins.index[-1]:
        covered = f"{margins.index[0]:%Y-%m-%d} – {margins.index[-1]:%Y-%m-%d}"
        raise OutOfCoverage(_("The daily series of prices"), f"{first:%Y-%m-%d}", covered)
    week = margins.loc[day - pd.Timedelta(days=6) : day].mean()
    after = margins.loc[first:]
    row = {"price_usd": cost[0], "lower_usd": cost[1], "upper_usd": cost[2]}
    for name, case, price in zip(
        ("", "lower_", "upper_"), ("best", "fair", "poor"), cost, strict=True
    ):
        row[f"expected_{name}days"] = delay + price / week[case] if week[case] > 0 else np.inf
        earned = after[case].cumsum().to_numpy()
        paid = int(np.searchsorted(earned, price * (1 - 1e-12)))
        done = paid < len(earned)
        row["payback_days" if not name else f"{name}days"] = delay + paid + 1 if done else np.nan
        if not name:
            row["payback_date"] = first + pd.Timedelta(days=paid) if done else pd.NaT
            row["recovered_pct"] = min(earned[-1] / price, 1) * 100 if price > 0 else 100.0
    return row
