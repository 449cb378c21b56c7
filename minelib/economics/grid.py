# SPDX-License-Identifier: MIT
"""The choice again and again: other delays, tariffs and machines."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from minelib.checks import name_in, one_of
from minelib.checks.door import Day, Numbers, Whole, checked
from minelib.economics import decision
from minelib.economics.assumptions import Range, assumed, bounded
from minelib.economics.destinations import DESTINATIONS
from minelib.economics.machines import Machine, machine, machines_of
from minelib.errors import BadParameter
from minelib.words import gettext as _

__all__ = ["compare_machines", "delay_and_tariff", "latest_delay"]


def delay_and_tariff(
    name: str | Machine,
    destination: str,
    decision_date: Day = "2021-06-20",
    *,
    delays: Numbers | None = None,
    tariffs: Numbers | None = None,
    horizon_days: Whole = 365,
    view: str = "hindsight",
    **changed: Range | None,
) -> pd.DataFrame:
    """What shipping came to against selling, for each delay and tariff.

    Parameters
    ----------
    name : str or Machine
    destination : {"kazakhstan", "texas", "russia"}
        Its duty and uptime are taken.
    decision_date, horizon_days, view, **changed
        As in `choice`.
    delays : iterable of int, optional
        Days until the machine runs; by default nineteen from 0 to the horizon.
    tariffs : iterable of float, optional
        USD/kWh; by default from 0.01 to 0.12.

    Returns
    -------
    pandas.DataFrame
        ``delay_days``, ``tariff_usd_kwh``, ``advantage_usd``: net result less what selling at
        once brought, every other quantity at its best value; no interval, because the table
        shows what two of the uncertain quantities do.

    Raises
    ------
    UnknownName, BadInput, BadParameter, OutOfCoverage

    Examples
    --------
    >>> grid = delay_and_tariff("S19", "texas", delays=[0, 200], tariffs=[0.03])
    >>> bool(grid["advantage_usd"].is_monotonic_decreasing)
    True
    """
    m = machine(name, decision.NEEDS)
    name_in("option", destination, DESTINATIONS)
    one_of("view", view, decision.VIEWS)
    horizon = bounded("horizon_days", horizon_days, 30)
    days = _given("delays", np.linspace(0, horizon, 19).round() if delays is None else delays)
    power = _given("tariffs", np.arange(0.01, 0.1201, 0.01) if tariffs is None else tariffs)
    delay, tariff = (a.ravel() for a in np.meshgrid(days, power, indexing="ij"))
    _first, earned, prices = decision.known(m, decision_date, horizon, view, changed)
    best = {k: v[1] for k, v in assumed(**changed).items()}
    best |= {k: p.usd_th for k, p in prices.items()} | {"price_of_coins": 0.0}
    terms = decision.terms_given(decision_date, horizon, changed)[destination]
    x = {k: np.full(delay.size, value) for k, value in best.items()}
    t = {k: np.full(delay.size, three[1]) for k, three in terms.items()}
    t |= {"delay_days": delay, "tariff_usd_kwh": tariff}
    moved, sold = (
        decision.outcome(option, m, x, t, earned.to_numpy())["net"]
        for option in (destination, "sell")
    )
    return pd.DataFrame(
        {"delay_days": delay.astype(int), "tariff_usd_kwh": tariff, "advantage_usd": moved - sold}
    )


def _given(name, values):
    found = np.array(list(values), dtype=float)
    if not found.size or not (found >= 0).all():
        raise BadParameter(name, values, _("must be numbers of 0 or more"))
    return found


def latest_delay(
    name: str | Machine,
    destination: str,
    decision_date: Day = "2021-06-20",
    *,
    tariff_usd_kwh: Range | None = None,
    horizon_days: Whole = 365,
    view: str = "hindsight",
    **changed: Range | None,
) -> dict[str, int]:
    """How long the move could take before selling would have been better.

    Parameters
    ----------
    name : str or Machine
    destination : {"kazakhstan", "texas", "russia"}
    decision_date : str, date or Timestamp
    tariff_usd_kwh : float or tuple, optional
        As in `choice`; None takes the quotations.
    horizon_days, view, **changed
        As in `delay_and_tariff`.

    Returns
    -------
    dict
        ``days``, ``lower_days``, ``upper_days``: at the best, the highest and the lowest
        tariff. 0 where selling wins at once; the horizon where shipping wins without mining
        a day, because the machine alone sells for more at the end.

    Raises
    ------
    UnknownName, BadInput, BadParameter, OutOfCoverage

    Examples
    --------
    >>> found = latest_delay("S9", "texas")
    >>> 0 <= found["lower_days"] <= found["days"] <= found["upper_days"] <= 365
    True
    """
    name_in("option", destination, DESTINATIONS)
    horizon = bounded("horizon_days", horizon_days, 30)
    own = {destination: tariff_usd_kwh}
    terms = decision.terms_given(decision_date, horizon, changed, own)
    low, best, high = terms[destination]["tariff_usd_kwh"]
    grid = delay_and_tariff(
        name,
        destination,
        decision_date,
        delays=range(horizon + 1),
        tariffs=sorted({low, best, high}),
        horizon_days=horizon,
        view=view,
        **changed,
    )
    wins = grid[grid["advantage_usd"] > 0].groupby("tariff_usd_kwh")["delay_days"].max()
    days = {t: int(wins.get(t, 0)) for t in grid["tariff_usd_kwh"].unique()}
    return {"days": days[best], "lower_days": days[high], "upper_days": days[low]}


def compare_machines(
    machines: str | Machine | Iterable[str | Machine],
    decision_date: Day = "2021-06-20",
    **more: Any,
) -> pd.DataFrame:
    """The choice for several machines, one table.

    Parameters
    ----------
    machines : list of str or Machine
    decision_date, **more
        As in `choice`.

    Returns
    -------
    pandas.DataFrame
        One row per machine and option, in the order given: ``machine``, ``option``,
        ``net_usd``, ``lower_usd``, ``upper_usd``, ``beats_selling_pct``.

    Raises
    ------
    UnknownName, BadInput, BadParameter, OutOfCoverage

    Examples
    --------
    >>> frame = compare_machines(["S9", "S19"], options=["sell", "texas"], draws=100)
    >>> len(frame)
    4
    """
    parts = []
    for m in machines_of(machines, decision.NEEDS):
        table = checked(decision.choice)(m, decision_date, **more).table()
        parts.append(table.assign(machine=m.key))
    columns = ["machine", "option", "net_usd", "lower_usd", "upper_usd", "beats_selling_pct"]
    return pd.concat(parts, ignore_index=True)[columns]
