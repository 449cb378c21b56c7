# SPDX-License-Identifier: MIT
"""The Cambridge index for any price: `index`, `grid`, `totals`, `minting_cost`."""

from functools import lru_cache
from numbers import Real

import numpy as np
import pandas as pd

from minelib.catalog import load
from minelib.checks import as_day
from minelib.energy.inputs import (
    check_machines,
    check_network,
    network_days,
    threshold_j_th,
)
from minelib.energy.rules import (
    CONSUMPTION_DAYS,
    HOURS_A_YEAR,
    PRICE_OF_THRESHOLD,
    PUE,
    THRESHOLD_DAYS,
    Basket,
    check_version,
    repeat_last,
    trailing_mean,
)
from minelib.errors import BadInput, BadParameter, OutOfCoverage
from minelib.words import gettext as _

__all__ = ["check_price", "grid", "index", "minting_cost", "totals"]

LOWEST_PRICE, HIGHEST_PRICE = 0.001, 1.0


def check_price(price_usd_kwh, name="price_usd_kwh"):
    """A price as a float, or `BadParameter` with the range (both ends inclusive).

    Examples
    --------
    >>> check_price(0.05)
    0.05
    >>> check_price(5)
    Traceback (most recent call last):
    ...
    minelib.errors.BadParameter: price_usd_kwh = 5: must be a price from 0.001 to 1.0 USD/kWh.
    """
    if not _is_number(price_usd_kwh) or not LOWEST_PRICE <= price_usd_kwh <= HIGHEST_PRICE:
        raise BadParameter(
            name,
            price_usd_kwh,
            _("must be a price from {low} to {high} USD/kWh").format(
                low=LOWEST_PRICE, high=HIGHEST_PRICE
            ),
        )
    return float(price_usd_kwh)


def _is_number(value):
    return isinstance(value, Real) and not isinstance(value, (bool, np.bool_))


def _check_pue(pue):
    if pue is None:
        return PUE
    values = tuple(pue) if np.iterable(pue) else (pue,) * 3
    good = len(values) == 3 and all(_is_number(v) and 1 <= v <= 3 for v in values)
    if not good or not values[0] <= values[1] <= values[2]:
        raise BadParameter(
            "pue", pue, _("must be one number from 1 to 3, or three of them: lower, best, upper")
        )
    return tuple(float(v) for v in values)


class _Inputs:
    """Network, threshold and basket of one request, shared by all prices."""

    def __init__(self, days, hashrate, revenue, machines, version):
        self.days = days
        self.hashrate = hashrate[:, None]
        self.threshold = trailing_mean(
            threshold_j_th(revenue, hashrate, PRICE_OF_THRESHOLD), THRESHOLD_DAYS
        )[:, None]
        self.basket = Basket(days.to_numpy().astype("datetime64[D]"), machines, version)

    def efficiencies(self, prices):
        return self.basket.at(self.threshold * (PRICE_OF_THRESHOLD / prices[None, :]))

    def annualised(self, efficiency, pue):
        """Consumption in TWh a year: the last one repeated where no machine pays, then 7 days."""
        raw = efficiency * self.hashrate * (HOURS_A_YEAR / 1e3 * pue)  # J/TH x EH/s = MW
        return trailing_mean(repeat_last(raw / 1e3), CONSUMPTION_DAYS)


@lru_cache(maxsize=4)
def _own_inputs(version):
    frame, _first, _last = network_days()
    return _Inputs(
        frame.index,
        frame["hashrate_eh_s"].to_numpy(),
        frame["revenue_usd"].to_numpy(),
        check_machines(load("index_machines"), version),
        version,
    )


def _inputs(version, machines, network, start, end):
    """Inputs, and the slice of days to return (running means start before it)."""
    if machines is None and network is None:
        _frame, first, last = network_days(start, end)
        return _own_inputs(version), first, last
    if network is None:
        frame, first, last = network_days(start, end)
    else:
        frame = check_network(network)
        first = frame.index[0] if start is None else as_day("start", start)
        last = frame.index[-1] if end is None else as_day("end", end)
        if first > last:
            raise BadParameter("start", f"{first:%Y-%m-%d}", _("must not be later than end"))
        if not frame.index[0] <= first <= last <= frame.index[-1]:
            raise OutOfCoverage(
                _("The network frame"),
                f"{first:%Y-%m-%d} – {last:%Y-%m-%d}",
                f"{frame.index[0]:%Y-%m-%d} – {frame.index[-1]:%Y-%m-%d}",
            )
    table = check_machines(load("index_machines") if machines is None else machines, version)
    own = _Inputs(
        frame.index,
        frame["hashrate_eh_s"].to_numpy(dtype=float),
        frame["revenue_usd"].to_numpy(dtype=float),
        table,
        version,
    )
    if not own.basket.count[:, -1].any():
        raise BadInput(
            _("No machine of the table is in use on any of the days. Check its release dates.")
        )
    return own, first, last


def index(
    price_usd_kwh=0.05,
    version="1.4.0",
    pue=None,
    machines=None,
    network=None,
    start=None,
    end=None,
):
    """The Cambridge Bitcoin Electricity Consumption Index, re-computed by day.

    Parameters
    ----------
    price_usd_kwh : float
        One electricity price for the whole world, 0.001 to 1 USD/kWh (both inclusive).
    version : {"1.4.0", "1.3.1", "1.2.0"}
        Rules of the version; 1.2.0 has those of 1.3.1.
    pue : float or tuple of three floats, optional
        Power usage effectiveness of lower bound, best guess and upper bound, each 1 to 3;
        None takes the published 1.01, 1.10 and 1.20.
    machines : pandas.DataFrame, optional
        Another machine table: ``release`` and ``efficiency_j_th``; it is checked first.
    network : pandas.DataFrame, optional
        Another network: daily ``hashrate_eh_s`` and ``revenue_usd``; it is checked first.
    start, end : date-like, optional
        First and last day, both inclusive.

    Returns
    -------
    pandas.DataFrame
        Date index. ``lower_twh``, ``best_twh``, ``upper_twh`` (TWh a year, annualised, 7-day
        mean); ``lower_gw``, ``best_gw``, ``upper_gw`` (GW, the same power);
        ``lower_efficiency_j_th``, ``efficiency_j_th``, ``upper_efficiency_j_th`` (J/TH, not
        smoothed, missing where no machine pays); ``threshold_j_th`` (J/TH, 14-day mean);
        ``machines`` (count in the basket). Missing before the first day on which a machine
        pays.

    Raises
    ------
    BadParameter
        A price or PUE outside its range, dates in the wrong order.
    UnknownName
        An unknown version, with the known ones.
    BadInput
        A machine table or network frame that cannot be worked with.
    OutOfCoverage
        A day outside 2010-07-18 to 2023-12-31 (with the package's own network).

    Notes
    -----
    Bounds are the most and the least efficient machine that pays; the best guess is the
    weighted mean of the basket. Machines released after November 2020 were solved from the
    published series itself, so agreement from 2021 on shows a consistent table, not a
    prediction; up to 2020 it is a test. After 2023-09-22, the last published day seen, the
    table holds no newer machines. Version 1.4.0 stores hash rates in whole TH/s for the best
    guess but not for the bounds; where dear power leaves a single old machine (0.12 USD/kWh
    and more in 2015) the best guess can therefore lie above the upper bound. See Cambridge
    Centre for Alternative Finance, CBECI methodology, version 1.4.0.

    Examples
    --------
    >>> frame = index(0.05, start="2020-07-01", end="2020-07-02")
    >>> round(float(frame["best_twh"].iloc[0]), 2)
    57.39
    """
    price = np.array([check_price(price_usd_kwh)])
    version = check_version(version)
    factors = _check_pue(pue)
    inputs, first, last = _inputs(version, machines, network, start, end)
    *efficiencies, count = inputs.efficiencies(price)
    energy = [inputs.annualised(e, p)[:, 0] for e, p in zip(efficiencies, factors, strict=True)]
    names = ("lower", "best", "upper")
    columns = {f"{n}_twh": e for n, e in zip(names, energy, strict=True)}
    columns |= {f"{n}_gw": e * 1e3 / HOURS_A_YEAR for n, e in zip(names, energy, strict=True)}
    columns |= {
        "lower_efficiency_j_th": efficiencies[0][:, 0],
        "efficiency_j_th": efficiencies[1][:, 0],
        "upper_efficiency_j_th": efficiencies[2][:, 0],
        "threshold_j_th": inputs.threshold[:, 0] * (PRICE_OF_THRESHOLD / price[0]),
        "machines": count[:, 0].astype("int64"),
    }
    return pd.DataFrame(columns, index=inputs.days).loc[first:last]


def grid(prices, version="1.4.0", pue=None, machines=None, network=None, start=None, end=None):
    """The best guess for many electricity prices at once.

    Parameters
    ----------
    prices : iterable of float
        USD/kWh, each 0.001 to 1 (both inclusive), none twice.
    version, pue, machines, network, start, end
        As in `index`.

    Returns
    -------
    pandas.DataFrame
        Date index, one column a price (the price itself, float), best guess in TWh a year.

    Raises
    ------
    BadParameter, UnknownName, BadInput, OutOfCoverage
        As in `index`.

    Examples
    --------
    >>> grid([0.05, 0.10], start="2020-07-01", end="2020-07-01").round(1).iloc[0].tolist()
    [57.4, 34.4]
    """
    asked = [check_price(p, "prices") for p in prices] if np.iterable(prices) else []
    if not asked or len(set(asked)) != len(asked):
        raise BadParameter("prices", prices, _("must hold at least one price, and none twice"))
    version = check_version(version)
    factors = _check_pue(pue)
    inputs, first, last = _inputs(version, machines, network, start, end)
    _lower, best, _upper, _count = inputs.efficiencies(np.array(asked))
    energy = inputs.annualised(best, factors[1])
    frame = pd.DataFrame(energy, index=inputs.days, columns=pd.Index(asked, name="price_usd_kwh"))
    return frame.loc[first:last]


_FREQUENCIES = {"D": "D", "W": "W-SUN", "ME": "MS", "MS": "MS", "YE": "YS", "YS": "YS"}


def totals(frame=None, freq="YE", cumulative=False):
    """Electricity used in each month or year, or since the start.

    Parameters
    ----------
    frame : pandas.DataFrame, optional
        What `index` returned; None takes version 1.4.0 at 0.05 USD/kWh.
    freq : {"D", "W", "ME", "YE"}
        Days, weeks (ending on Sunday), months or years.
    cumulative : bool
        Sum up from the first day of the frame.

    Returns
    -------
    pandas.DataFrame
        Index ``date`` (first day of month or year); ``lower_twh``, ``best_twh``,
        ``upper_twh`` (TWh used in the period, sums of daily power x 24 h) and ``days``
        (days the frame has in the period).

    Raises
    ------
    BadParameter
        An unknown frequency.
    BadInput
        Not a frame of `index`.

    Examples
    --------
    >>> round(float(totals(freq="YE").loc["2021-01-01", "best_twh"]), 1)
    89.0
    """
    if not isinstance(freq, str) or freq not in _FREQUENCIES:
        raise BadParameter("freq", freq, _("must be one of: {names}").format(names="D, W, ME, YE"))
    frame = index() if frame is None else frame
    columns = ["lower_gw", "best_gw", "upper_gw"]
    if (
        not isinstance(frame, pd.DataFrame)
        or not set(columns) <= set(frame.columns)
        or not isinstance(frame.index, pd.DatetimeIndex)
    ):
        raise BadInput(_("totals() takes the frame that index() returned."))
    daily = frame[columns] * (24 / 1000)
    daily.columns = ["lower_twh", "best_twh", "upper_twh"]
    daily = daily.assign(days=daily["best_twh"].notna().astype("int64"))
    summed = daily if freq == "D" else daily.resample(_FREQUENCIES[freq]).sum()
    summed = summed.cumsum() if cumulative else summed
    # used in the period, while `index` has the same columns as annual rates
    summed.attrs["units"] = dict.fromkeys(("lower_twh", "best_twh", "upper_twh"), "TWh")
    return summed


def minting_cost(price_usd_kwh=0.05, version="1.4.0", start=None, end=None):
    """Electricity cost of one bitcoin at a price, as the index publishes it.

    Parameters
    ----------
    price_usd_kwh, version, start, end
        As in `index`.

    Returns
    -------
    pandas.DataFrame
        Date index; ``lower_usd_btc``, ``best_usd_btc``, ``upper_usd_btc`` (USD/BTC), for the
        most efficient machine, the basket and the least efficient machine. Without PUE.

    Raises
    ------
    BadParameter, UnknownName, OutOfCoverage
        As in `index`.

    Examples
    --------
    >>> cost = minting_cost(0.05, start="2020-12-01", end="2020-12-31").mean()
    >>> bool(cost["lower_usd_btc"] < cost["best_usd_btc"] < cost["upper_usd_btc"])
    True
    """
    frame = index(price_usd_kwh, version, start=start, end=end)
    daily = load("network_daily").set_index("date").loc[frame.index]
    btc = daily["fees_btc"] + daily["issuance_btc"]
    hashes = daily["hashrate_eh_s"] * 1e6 * 86_400  # TH a day
    usd_a_joule = check_price(price_usd_kwh) / 3.6e6
    efficiencies = ["lower_efficiency_j_th", "efficiency_j_th", "upper_efficiency_j_th"]
    return pd.DataFrame(
        {
            f"{name}_usd_btc": frame[e] * usd_a_joule * hashes / btc
            for name, e in zip(("lower", "best", "upper"), efficiencies, strict=True)
        }
    )
