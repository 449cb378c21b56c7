# SPDX-License-Identifier: MIT
"""Covariates of the counterfactual, and what the crackdown did or did not do to them.

``price``
    Log of the mean price of the 28 days that end 91 days before the period: machines ordered
    at a price arrive a quarter later. A world price. It fell by half in May 2021, in part
    because of the crackdown; with the lag this reaches the counterfactual only from the 13th
    week on, and makes the effect found there smaller, not larger.
``hash_price``
    Log of the mean hash price of the 28 days that end 182 days before the period, and never
    later than the intervention. A crackdown moves the hash price at once (fewer hashes share
    the same coins), so no value after the intervention is used: beyond 182 days the last one
    is held.
``efficiency``
    Log of the efficiency (J/TH) of the best machine released by then, averaged over the 182
    days before the period. Release dates are set a year ahead by chip foundries; a crackdown
    of months does not move them.
"""

from collections.abc import Mapping
from functools import cache
from typing import TypeAlias

import numpy as np
import pandas as pd

from minelib import catalog
from minelib.checks.door import Names
from minelib.errors import BadInput, UnknownName
from minelib.impact.series import date_index
from minelib.words import N_, gettext as _

__all__ = ["DEFAULT", "KNOWN", "Covariates", "covariate_frame"]

Covariates: TypeAlias = Names | str | pd.Series | pd.DataFrame | Mapping

KNOWN = {
    "price": N_("price a quarter earlier"),
    "hash_price": N_("hash price half a year earlier"),
    "efficiency": N_("efficiency of the best machine"),
}
DEFAULT = tuple(KNOWN)

_LAGGED = {"price": ("price_usd", 91), "hash_price": ("hashprice_usd_ph_day", 182)}  # days
_MEAN_DAYS, _FLEET_DAYS = 28, 182


def covariate_frame(
    names: Covariates, dates: pd.DatetimeIndex, intervention: pd.Timestamp | None = None
) -> pd.DataFrame:
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
        float64, one column per covariate, indexed by ``dates``; without columns for no names.
        ``attrs["first_day"]``: day on which all covariates of the user's own are known, None
        without any.

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
        names = names.to_frame("covariate" if names.name is None else names.name)
    if isinstance(names, pd.DataFrame):
        names = {str(c): names[c] for c in names.columns}
    if isinstance(names, Mapping):
        own = {str(k): _checked(k, s) for k, s in names.items()}
        frame = pd.DataFrame({k: _carried(s, dates) for k, s in own.items()}, index=dates)
        frame.attrs["first_day"] = max((s.index[0] for s in own.values()), default=None)
        return frame
    names = [names] if isinstance(names, str) else names
    columns = {name: _known(name, dates, intervention) for name in names}
    return pd.DataFrame(columns, index=dates, dtype=float)


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
            _("covariate {name} must hold finite numbers, one per date.").format(name=name)
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


@cache
def _best_machine():
    machines = catalog.load("machines").dropna(subset=["release_date", "efficiency_j_th"])
    best = machines.groupby("release_date")["efficiency_j_th"].min().cummin()
    days = pd.date_range("2009-01-03", "2040-12-31", freq="D")
    # before the first machine of the table its efficiency is held: there is no older one
    daily = np.log(best.reindex(days, method="ffill").fillna(best.iloc[0]))
    return daily.rolling(_FLEET_DAYS, min_periods=1).mean()


def _known(name, dates, intervention):
    if name not in KNOWN:
        raise UnknownName(N_("covariate"), name, KNOWN)
    if name == "efficiency":
        return _best_machine().reindex(dates).to_numpy()
    column, lag = _LAGGED[name]
    wanted = dates - pd.Timedelta(days=lag)
    if name == "hash_price" and intervention is not None:
        wanted = pd.DatetimeIndex(np.minimum(wanted, intervention - pd.Timedelta(days=1)))
    return _daily_log(column).reindex(wanted, method="ffill").to_numpy()
