# SPDX-License-Identifier: MIT
"""The Cambridge index for any price: `index`, `grid`, `totals`, `minting_cost`."""

from functools import lru_cache

import numpy as np
import pandas as pd

from minelib.catalog import load
from minelib.checks import covered, one_of
from minelib.checks.door import Day, Number, Numbers
from minelib.energy.inputs import (
    beyond,
    check_machines,
    check_network,
    own_machines,
    own_network,
    threshold_j_th,
)
from minelib.energy.rules import (
    CONSUMPTION_DAYS,
    HOURS_A_YEAR,
    PRICE_OF_THRESHOLD,
    PUE,
    THRESHOLD_DAYS,
    VERSIONS,
    Basket,
    check_version,
    repeat_last,
    trailing_mean,
)
from minelib.errors import BadInput, BadParameter
from minelib.words import gettext as _

__all__ = ["check_price", "grid", "index", "minting_cost", "totals"]

LOWEST_PRICE, HIGHEST_PRICE = 0.001, 1.0
_GUESSES = ("lower", "best", "upper")
_EFFICIENCIES = ("lower_efficiency_j_th", "efficiency_j_th", "upper_efficiency_j_th")


def check_price(price_usd_kwh: Number, name: str = "price_usd_kwh") -> float:
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
    if not LOWEST_PRICE <= price_usd_kwh <= HIGHEST_PRICE:
        rule = _("must be a price from {low} to {high} USD/kWh")
        rule = rule.format(low=LOWEST_PRICE, high=HIGHEST_PRICE)
        raise BadParameter(name, price_usd_kwh, rule)
    return float(price_usd_kwh)


def _check_pue(pue):
    if pue is None:
        return PUE
    values = tuple(pue) if np.iterable(pue) else (pue,) * 3
    if len(values) != 3 or not 1 <= values[0] <= values[1] <= values[2] <= 3:
        raise BadParameter(
            "pue", pue, _("must be one number from 1 to 3, or three of them: lower, best, upper")
        )
    return values


class _Inputs:
    """Network, threshold and basket of one request, shared by all prices."""

    def __init__(self, network, machines, version):
        self.days = network.index
        self.hashrate = network["hashrate_eh_s"].to_numpy(dtype=float)[:, None]
        revenue = network["revenue_usd"].to_numpy(dtype=float)[:, None]
        threshold = threshold_j_th(revenue, self.hashrate, PRICE_OF_THRESHOLD)
        self.threshold = trailing_mean(threshold, THRESHOLD_DAYS)
        self.basket = Basket(self.days.to_numpy().astype("datetime64[D]"), machines, version)

    def efficiencies(self, prices):
        return self.basket.at(self.threshold * (PRICE_OF_THRESHOLD / prices[None, :]))

    def annualised(self, efficiency, pue):
        """Consumption in TWh a year: the last one repeated where no machine pays, then 7 days."""
        raw = efficiency * self.hashrate * (HOURS_A_YEAR / 1e3 * pue)  # J/TH x EH/s = MW
        return trailing_mean(repeat_last(raw / 1e3), CONSUMPTION_DAYS)


@lru_cache(maxsize=4)
def _own_inputs(version):
    return _Inputs(own_network(version), own_machines(version), version)


def _inputs(version, machines, network, start, end):
    """Inputs, and the first and last day to return (running means start before them)."""
    version = check_version(version)
    if machines is None and network is None:
        inputs = _own_inputs(version)
    else:
        frame = own_network(version) if network is None else check_network(network)
        table = own_machines(version) if machines is None else check_machines(machines, version)
        inputs = _Inputs(frame, table, version)
        if not inputs.basket.count[:, -1].any():
            raise BadInput(
                _("No machine of the table is in use on any of the days. Check its release dates.")
            )
    if network is not None:
        return inputs, *covered(_("The network frame"), start, end, inputs.days)
    known = inputs.days[inputs.days >= VERSIONS[version].first]
    what = _("Version {version} of the index").format(version=version)
    return inputs, *covered(what, start, end, known, beyond=beyond(version))


def index(
    price_usd_kwh: Number = 0.05,
    version: str = "1.4.0",
    pue: Number | Numbers | None = None,
    machines: pd.DataFrame | None = None,
    network: pd.DataFrame | None = None,
    start: Day | None = None,
    end: Day | None = None,
) -> pd.DataFrame:
    """The Cambridge Bitcoin Electricity Consumption Index, re-computed by day.

    Parameters
    ----------
    price_usd_kwh : float
        One electricity price for the whole world, 0.001 to 1 USD/kWh (both inclusive).
    version : {"1.4.0", "1.3.1", "1.2.0", "extended"}
        Rules of the version; 1.2.0 has those of 1.3.1. "extended" is no version of the
        publisher's: the rules of 1.4.0 on machines launched since.
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
        A day outside 2010-07-18 to 2023-12-31; of version "extended", outside 2023-07-01 to the
        last day of table ``network_daily`` (with the package's own network).

    Notes
    -----
    Bounds are the most and the least efficient machine that pays; the best guess is the
    weighted mean of the basket. Machines released after November 2020 were solved from the
    published series itself, so agreement from 2021 on shows a consistent table, not a
    prediction; up to 2020 it is a test. After 2023-09-22, the last published day seen, the
    table holds no newer machines. Version 1.4.0 stores hash rates in whole TH/s for the best
    guess but not for the bounds; where expensive power leaves a single old machine (0.12 USD/kWh
    and more in 2015) the best guess can therefore lie above the upper bound. See Cambridge
    Centre for Alternative Finance, CBECI methodology, version 1.4.0.

    Version "extended" adds the machines of table ``index_machines_later`` to the list and goes
    on where the others end; its frame says so in ``attrs["version"]``. From July to December
    2023 it overlaps with 1.4.0, and `accuracy` says by how much they part. Nobody's series
    stands beside it: `since_published` holds single figures against it, and `ensemble` says what
    unknown fleets, tariffs and ages leave open.

    Examples
    --------
    >>> frame = index(0.05, start="2020-07-01", end="2020-07-02")
    >>> round(float(frame["best_twh"].iloc[0]), 2)
    57.39
    """
    price = np.array([check_price(price_usd_kwh)])
    factors = _check_pue(pue)
    inputs, first, last = _inputs(version, machines, network, start, end)
    *efficiencies, machines_in = inputs.efficiencies(price)
    energy = [inputs.annualised(e, p)[:, 0] for e, p in zip(efficiencies, factors, strict=True)]
    columns = {f"{n}_twh": e for n, e in zip(_GUESSES, energy, strict=True)}
    columns |= {f"{n}_gw": e * 1e3 / HOURS_A_YEAR for n, e in zip(_GUESSES, energy, strict=True)}
    columns |= {n: e[:, 0] for n, e in zip(_EFFICIENCIES, efficiencies, strict=True)}
    columns["threshold_j_th"] = inputs.threshold[:, 0] * (PRICE_OF_THRESHOLD / price[0])
    columns["machines"] = machines_in[:, 0].astype("int64")
    frame = pd.DataFrame(columns, index=inputs.days).loc[first:last]
    frame.attrs["version"] = version
    return frame


def grid(
    prices: Numbers,
    version: str = "1.4.0",
    pue: Number | Numbers | None = None,
    machines: pd.DataFrame | None = None,
    network: pd.DataFrame | None = None,
    start: Day | None = None,
    end: Day | None = None,
) -> pd.DataFrame:
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
        Date index, one column per price (the price itself, float), best guess in TWh a year.

    Raises
    ------
    BadParameter, UnknownName, BadInput, OutOfCoverage
        As in `index`.

    Examples
    --------
    >>> grid([0.05, 0.10], start="2020-07-01", end="2020-07-01").round(1).iloc[0].tolist()
    [57.4, 34.4]
    """
    asked = [check_price(p, "prices") for p in prices]
    if not asked or len(set(asked)) != len(asked):
        raise BadParameter("prices", prices, _("must hold at least one price, and none twice"))
    factors = _check_pue(pue)
    inputs, first, last = _inputs(version, machines, network, start, end)
    _lower, best, _upper, _count = inputs.efficiencies(np.array(asked))
    energy = inputs.annualised(best, factors[1])
    columns = pd.Index(asked, name="price_usd_kwh")
    return pd.DataFrame(energy, index=inputs.days, columns=columns).loc[first:last]


_FREQUENCIES = {"D": "D", "W": "W-SUN", "ME": "MS", "YE": "YS", "MS": "MS", "YS": "YS"}


def totals(
    frame: pd.DataFrame | None = None, freq: str = "YE", cumulative: bool = False
) -> pd.DataFrame:
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
    rule = _FREQUENCIES[one_of("freq", freq, _FREQUENCIES)]
    frame = index() if frame is None else frame
    power, names = ([f"{n}_{unit}" for n in _GUESSES] for unit in ("gw", "twh"))
    if not set(power) <= set(frame) or not isinstance(frame.index, pd.DatetimeIndex):
        raise BadInput(_("totals() takes the frame that index() returned."))
    daily = (frame[power] * (24 / 1000)).set_axis(names, axis=1)
    daily["days"] = daily["best_twh"].notna().astype("int64")
    summed = daily if freq == "D" else daily.resample(rule).sum()
    summed = summed.cumsum() if cumulative else summed
    # used in the period, while `index` has the same columns as annual rates
    summed.attrs["units"] = dict.fromkeys(names, "TWh")
    return summed


def minting_cost(
    price_usd_kwh: Number = 0.05,
    version: str = "1.4.0",
    start: Day | None = None,
    end: Day | None = None,
) -> pd.DataFrame:
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
    hashes = daily["hashrate_eh_s"] * 1e6 * 86_400  # TH per day
    usd_a_joule = price_usd_kwh / 3.6e6
    names = zip(_GUESSES, _EFFICIENCIES, strict=True)
    return pd.DataFrame({f"{g}_usd_btc": frame[e] * usd_a_joule * hashes / btc for g, e in names})
