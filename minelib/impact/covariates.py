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
from minelib.impact.observed import date_index
from minelib.words import N_
from minelib.words import gettext as _

__all__ = ["DEFAULT", "KNOWN", "covariate_frame", "first_day"]

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
        logs yourself) and carried forward to the next date; the last is held for one more step
        and not beyond, where the covariate is unknown.
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
        A covariate of the user that is no dated number, or a mixture of names and numbers.

    Examples
    --------
    >>> import pandas as pd
    >>> week = pd.to_datetime(["2021-05-21"])
    >>> covariate_frame(("price", "efficiency"), week).columns.tolist()
    ['price', 'efficiency']
    """
    own = _own(names)
    if own is not None:
        return pd.DataFrame({k: _carried(s, dates) for k, s in own.items()}, index=dates)
    if isinstance(names, str):
        names = (names,)
    if not isinstance(names, (tuple, list)) or not all(isinstance(n, str) for n in names):
        raise BadInput(
            _("covariates must be names, or a Series, a DataFrame or a dict of Series, unmixed.")
        )
    columns = {}
    for name in names:
        if name not in KNOWN:
            raise UnknownName(N_("covariate"), name, KNOWN)
        columns[name] = _MAKERS[name](dates, intervention)
    return pd.DataFrame(columns, index=dates, dtype=float)


def first_day(names):
    """First day on which all covariates of the user's own are known; None without any.

    Examples
    --------
    >>> import pandas as pd
    >>> first_day({"a": pd.Series([1.0, 2.0], pd.to_datetime(["2021-01-01", "2021-01-02"]))})
    Timestamp('2021-01-01 00:00:00')
    >>> first_day(("price",)) is None
    True
    """
    own = _own(names)
    return max((s.index[0] for s in own.values()), default=None) if own is not None else None


def _own(names):
    """The user's own covariates by name, checked and in order of time; None for names."""
    if isinstance(names, pd.Series):
        names = names.to_frame(names.name or "covariate")
    if isinstance(names, pd.DataFrame):
        names = {str(c): names[c] for c in names.columns}
    if not isinstance(names, dict):
        return None
    return {str(k): _checked(k, s) for k, s in names.items()}


def _checked(name, series):
    index = date_index(series.index) if isinstance(series, pd.Series) else None
    if index is None:
        raise BadInput(_("covariate {name} must be a Series indexed by dates.").format(name=name))
    try:
        series = series.astype(float).set_axis(index).dropna().sort_index()
    except (TypeError, ValueError):
        raise BadInput(_("covariate {name} must hold numbers.").format(name=name)) from None
    if series.empty or np.isinf(series).any() or series.index.has_duplicates:
        raise BadInput(
            _("covariate {name} must hold finite numbers, one a date.").format(name=name)
        )
    return series


def _carried(series, dates):
    """Values on other dates, each carried forward until the next, the last as long as those."""
    values = series.reindex(dates, method="ffill")
    step = np.median(np.diff(series.index)) if len(series) > 1 else pd.Timedelta(0)
    return values.where(dates < series.index[-1] + step + pd.Timedelta(days=1)).to_numpy()


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
