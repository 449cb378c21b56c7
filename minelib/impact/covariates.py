# SPDX-License-Identifier: MIT
"""Covariates of the counterfactual, and what the ban did or did not do to them.

``price``
    Log of the mean price of the 28 days that end 91 days before the period: machines ordered
    at a price arrive a quarter later. A world price. It fell by half in May 2021, in part
    because of the ban; with the lag this reaches the counterfactual only from the 13th week on,
    and makes the effect found there smaller, not larger.
``hash_price``
    Log of the mean hash price of the 28 days that end 182 days before the period, and never
    later than the intervention. A ban moves the hash price at once (fewer hashes share the same
    coins), so no value after the intervention is used: beyond 182 days the last one is held.
``efficiency``
    Log of the efficiency (J/TH) of the best machine released by then, averaged over the 182
    days before the period. Release dates are set a year ahead by chip foundries; a ban of
    months does not move them.
"""

from functools import cache

import numpy as np
import pandas as pd

from minelib import catalog
from minelib.errors import BadInput, UnknownName
from minelib.text import N_
from minelib.text import gettext as _

__all__ = ["DEFAULT", "KNOWN", "covariate_frame"]

KNOWN = {
    "price": N_("price a quarter earlier"),
    "hash_price": N_("hash price half a year earlier"),
    "efficiency": N_("efficiency of the best machine"),
}
DEFAULT = tuple(KNOWN)

_MEAN_DAYS, _PRICE_LAG, _HASH_PRICE_LAG, _FLEET_DAYS = 28, 91, 182, 182


def covariate_frame(names, dates, intervention=None):
    """Covariates on the dates of a series.

    Parameters
    ----------
    names : sequence of str, pandas.Series, pandas.DataFrame or dict of Series
        Names of `KNOWN`, or the user's own dated numbers, which are taken as they stand (take
        logs yourself) and carried forward to the next date of the series.
    dates : pandas.DatetimeIndex
    intervention : Timestamp, optional
        Values of ``hash_price`` end before this day (exclusive).

    Returns
    -------
    pandas.DataFrame
        float64, one column a covariate, indexed by ``dates``; without columns for no names.

    Raises
    ------
    UnknownName
        With the nearest names.
    BadInput
        A covariate of the user that is no dated number.

    Examples
    --------
    >>> import pandas as pd
    >>> week = pd.to_datetime(["2021-05-21"])
    >>> covariate_frame(("price", "efficiency"), week).columns.tolist()
    ['price', 'efficiency']
    """
    if isinstance(names, pd.Series):
        names = names.to_frame(names.name or "covariate")
    if isinstance(names, pd.DataFrame):
        names = {str(c): names[c] for c in names.columns}
    if isinstance(names, dict):
        return pd.DataFrame({k: _own(k, s, dates) for k, s in names.items()}, index=dates)
    if isinstance(names, str):
        names = (names,)
    columns = {}
    for name in names:
        if name not in KNOWN:
            raise UnknownName(N_("covariate"), name, KNOWN)
        columns[name] = _MAKERS[name](dates, intervention)
    return pd.DataFrame(columns, index=dates, dtype=float)


def _own(name, series, dates):
    if not isinstance(series, pd.Series) or not isinstance(series.index, pd.DatetimeIndex):
        raise BadInput(_("covariate {name} must be a Series indexed by dates.").format(name=name))
    series = series.dropna().sort_index()
    if series.index.tz is not None:
        series = series.tz_convert("UTC").tz_localize(None)
    try:
        return series.astype(float).reindex(dates, method="ffill").to_numpy()
    except (TypeError, ValueError):
        raise BadInput(_("covariate {name} must hold numbers.").format(name=name)) from None


@cache
def _daily_log(column):
    daily = catalog.load("network_daily").set_index("date")[column]
    return np.log(daily.loc["2010-07-18":].rolling(_MEAN_DAYS, min_periods=7).mean())


def _lagged(column, dates, lag, latest=None):
    wanted = dates - pd.Timedelta(days=lag)
    if latest is not None:
        wanted = pd.DatetimeIndex(np.minimum(wanted, latest))
    return _daily_log(column).reindex(wanted, method="ffill").to_numpy()


def _price(dates, intervention):
    return _lagged("price_usd", dates, _PRICE_LAG)


def _hash_price(dates, intervention):
    latest = None if intervention is None else intervention - pd.Timedelta(days=1)
    return _lagged("hashprice_usd_ph_day", dates, _HASH_PRICE_LAG, latest)


@cache
def _best_machine():
    machines = catalog.load("machines").dropna(subset=["release_date", "efficiency_j_th"])
    best = machines.groupby("release_date")["efficiency_j_th"].min().cummin()
    days = pd.date_range("2009-01-03", "2040-12-31", freq="D")
    # before the first machine of the table its efficiency is held: there is no older one
    daily = np.log(best.reindex(days, method="ffill").fillna(best.iloc[0]))
    return daily.rolling(_FLEET_DAYS, min_periods=1).mean()


def _efficiency(dates, intervention):
    return _best_machine().reindex(dates).to_numpy()


_MAKERS = {"price": _price, "hash_price": _hash_price, "efficiency": _efficiency}
