# SPDX-License-Identifier: MIT
"""The choice again and again: other delays, tariffs and machines."""

import numpy as np
import pandas as pd

from minelib.checks import one_of, whole
from minelib.economics.assumptions import assumed
from minelib.economics.decision import (
    VIEWS,
    choice,
    draw_inputs,
    known,
    outcome,
    terms_by_destination,
)
from minelib.economics.destinations import DESTINATIONS, check_option
from minelib.economics.machines import machine
from minelib.errors import BadParameter
from minelib.words import gettext as _

__all__ = ["compare_machines", "delay_and_tariff", "latest_delay"]


def delay_and_tariff(
    name,
    destination,
    decision_date="2021-06-20",
    *,
    delays=None,
    tariffs=None,
    horizon_days=365,
    view="hindsight",
    **changed,
):
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
    m = machine(name, ("efficiency_j_th", "hashrate_th_s", "power_w"))
    check_option(destination, DESTINATIONS)
    one_of("view", view, VIEWS)
    horizon_days = whole("horizon_days", horizon_days, 30)
    tariffs = np.arange(0.01, 0.1201, 0.01) if tariffs is None else tariffs
    delays = np.linspace(0, horizon_days, 19).round() if delays is None else delays
    days, power = _numbers("delays", delays), _numbers("tariffs", tariffs)
    _first, earned, prices = known(m, decision_date, horizon_days, view, changed)
    values = {k: (v[1],) * 3 for k, v in assumed(**changed).items()}
    delay, tariff = (a.ravel() for a in np.meshgrid(days, power, indexing="ij"))
    x = draw_inputs(np.random.default_rng(0), delay.size, values, prices)
    x |= {k: np.full(delay.size, prices[k].usd_th) for k in prices}
    x["price_of_coins"] = np.zeros(delay.size)
    terms = terms_by_destination(decision_date, horizon_days, changed, None, None)[destination]
    t = {k: np.full(delay.size, three[1]) for k, three in terms.items()}
    t |= {"delay_days": delay, "tariff_usd_kwh": tariff}
    moved = outcome(destination, m, x, t, earned.to_numpy())["net"]
    sold = outcome("sell", m, x, {}, earned.to_numpy())["net"]
    return pd.DataFrame(
        {"delay_days": delay.astype(int), "tariff_usd_kwh": tariff, "advantage_usd": moved - sold}
    )


def _numbers(name, values):
    try:
        found = np.array(list(values), dtype=float)
    except (TypeError, ValueError):
        found = np.array([])
    if not found.size or not (found >= 0).all():
        raise BadParameter(name, values, _("must be numbers of 0 or more"))
    return found


def latest_delay(name, destination, decision_date="2021-06-20", *, tariff_usd_kwh=None, **more):
    """How long the move could take before selling would have been better.

    Parameters
    ----------
    name : str or Machine
    destination : {"kazakhstan", "texas", "russia"}
    decision_date : str, date or Timestamp
    tariff_usd_kwh : float or tuple, optional
        As in `choice`; None takes the quotations.
    **more
        ``horizon_days``, ``view`` and assumptions, as in `delay_and_tariff`.

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
    check_option(destination, DESTINATIONS)
    horizon = whole("horizon_days", more.get("horizon_days", 365), 30)
    assumptions = {k: v for k, v in more.items() if k not in ("horizon_days", "view")}
    terms = terms_by_destination(
        decision_date, horizon, assumptions, {destination: tariff_usd_kwh}, None
    )
    low, best, high = terms[destination]["tariff_usd_kwh"]
    grid = delay_and_tariff(
        name,
        destination,
        decision_date,
        delays=range(horizon + 1),
        tariffs=sorted({low, best, high}),
        **more,
    )
    wins = grid[grid["advantage_usd"] > 0].groupby("tariff_usd_kwh")["delay_days"].max()
    days = {t: int(wins.get(t, 0)) for t in grid["tariff_usd_kwh"].unique()}
    return {"days": days[best], "lower_days": days[high], "upper_days": days[low]}


def compare_machines(machines, decision_date="2021-06-20", **more):
    """The choice for several machines, one table.

    Parameters
    ----------
    machines : list of str or Machine
    decision_date, **more
        As in `choice`.

    Returns
    -------
    pandas.DataFrame
        One row a machine and option, in the order given: ``machine``, ``option``,
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
    machines = list(machines) if pd.api.types.is_list_like(machines) else [machines]
    if not machines:
        raise BadParameter("machines", machines, _("must name at least one machine"))
    parts = []
    for name in machines:
        table = choice(name, decision_date, **more).table()
        table.insert(0, "machine", machine(name).key)
        parts.append(table)
    columns = ["machine", "option", "net_usd", "lower_usd", "upper_usd", "beats_selling_pct"]
    return pd.concat(parts, ignore_index=True)[columns]
