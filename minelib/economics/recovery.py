# SPDX-License-Identifier: MIT
"""When a machine bought on a day had earned its price back."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import pandas as pd

from minelib.checks import as_day
from minelib.checks.door import Day, Whole
from minelib.economics.assumptions import Range, assumed, bounded, triple
from minelib.economics.earnings import hash_price, span
from minelib.economics.machines import Machine, machines_of
from minelib.economics.prices import machine_price
from minelib.errors import BadParameter
from minelib.words import gettext as _

__all__ = ["payback"]

if TYPE_CHECKING:
    Days: TypeAlias = Day | Iterable[Day]
else:
    Days = object  # `as_day` refuses each that is no day

# what the names of columns begin with: the best case, the most and the least favourable one
CASES = ("", "lower_", "upper_")


def payback(
    machines: str | Machine | Iterable[str | Machine],
    dates: Days,
    tariff_usd_kwh: Range = 0.05,
    *,
    delay_days: Whole = 0,
    price_usd_th: Range | None = None,
    market: str = "world",
    uptime_pct: Range | None = None,
    pool_fee_pct: Range | None = None,
    overhead_pct: Range | None = None,
    nameplate_tolerance_pct: Range | None = None,
    quote_error_pct: Range | None = None,
) -> pd.DataFrame:
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
        One row per machine and day: ``date``, ``machine``, ``price_usd``, ``lower_usd``,
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
    found = machines_of(machines, ("hashrate_th_s", "power_w"))
    days = list(dates) if isinstance(dates, Iterable) and not isinstance(dates, str) else [dates]
    if not days:
        raise BadParameter("dates", dates, _("must name at least one"))
    tariff = triple("tariff_usd_kwh", tariff_usd_kwh)
    delay = bounded("delay_days", delay_days)
    own = {"uptime_pct": uptime_pct, "pool_fee_pct": pool_fee_pct, "overhead_pct": overhead_pct}
    errors = {
        "nameplate_tolerance_pct": nameplate_tolerance_pct,
        "quote_error_pct": quote_error_pct,
    }
    a = assumed(**own, **errors)
    rows = []
    for m in found:
        margins = _margins(m, tariff, a)
        for date in days:
            day, _end = span(as_day("dates", date), None)
            m.on_sale("dates", day)
            if price_usd_th is not None:
                (low, best, high), basis = triple("price_usd_th", price_usd_th), "given"
            else:
                p = machine_price(m, day, market, quote_error_pct=quote_error_pct)
                low, best, high, basis = p.lower_usd_th, p.usd_th, p.upper_usd_th, p.basis
            cost = [v * m.hashrate_th_s for v in (best, low, high)]
            row = {"date": day, "machine": m.key, "price_usd": cost[0]}
            row |= {"lower_usd": cost[1], "upper_usd": cost[2], "basis": basis}
            rows.append(row | _days(margins, day, delay, dict(zip(CASES, cost, strict=True))))
    return pd.DataFrame(rows)


def _margins(m, tariff, a):
    """Margin per day in each case; never below zero."""
    prices = hash_price()
    columns = ("hashprice_usd_ph_day", "upper_usd_ph_day", "lower_usd_ph_day")
    fee, over, up = (np.array(a[n]) / 100 for n in ("pool_fee_pct", "overhead_pct", "uptime_pct"))
    tolerance = a["nameplate_tolerance_pct"][1] / 100
    margins = {}
    # the favourable case takes the lower end of fee, overhead and tariff, the upper of uptime
    for case, column, k, sign in zip(CASES, columns, (1, 0, 2), (0, 1, -1), strict=True):
        rate = m.hashrate_th_s / 1e3 * (1 + sign * tolerance)
        kwh = m.power_w * 24 / 1e3 * (1 - sign * tolerance) * (1 + over[k])
        margin = prices[column] * rate * (1 - fee[k]) - kwh * tariff[k]
        margins[case] = np.maximum(margin * up[2 - k], 0.0)
    return pd.DataFrame(margins)


def _days(margins, day, delay, cost):
    """Days until the cost was earned, in each case: as expected on the day, and as it came."""
    first, _end = span(day + pd.Timedelta(days=delay), None)
    week = margins.loc[day - pd.Timedelta(days=6) : day].mean()
    earned = margins.loc[first:].cumsum()
    paid = {c: int(np.searchsorted(earned[c], cost[c] * (1 - 1e-12))) for c in CASES}
    done = {c: paid[c] < len(earned) for c in CASES}
    row = {f"expected_{c}days": delay + cost[c] / week[c] if week[c] > 0 else np.inf for c in CASES}
    row |= {f"{c or 'payback_'}days": delay + paid[c] + 1 if done[c] else np.nan for c in CASES}
    row["payback_date"] = first + pd.Timedelta(days=paid[""]) if done[""] else pd.NaT
    part = min(earned[""].iloc[-1] / cost[""], 1) * 100 if cost[""] > 0 else 100.0
    return row | {"recovered_pct": part}
