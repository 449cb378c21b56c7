# SPDX-License-Identifier: MIT
"""What goes into the index: the network by day and the table of machines, checked first."""

import numpy as np
import pandas as pd

from minelib.catalog import load
from minelib.checks import as_day
from minelib.errors import BadInput, BadParameter, OutOfCoverage
from minelib.words import gettext as _

__all__ = ["FIRST_DAY", "LAST_DAY", "check_machines", "check_network", "network_days"]

FIRST_DAY = "2010-07-18"  # first day with a price, and of the published series
LAST_DAY = "2023-12-31"  # the machine table reaches the published series' end, 2023-09-22
_JOULES_A_KWH = 3.6e6
_SECONDS_A_DAY = 86_400.0
# Below the first no machine ever ran at a profit; above the second the network would run on
# graphics cards in the age of ASICs. Both are far from anything seen.
_LOWEST_J_TH, _HIGHEST_J_TH, _HIGHEST_FROM = 5.0, 20_000.0, "2015-01-01"
_LARGEST_STEP = 20.0  # from day to day; neither hash rate nor revenue ever moved by three


def threshold_j_th(revenue_usd, hashrate_eh_s, price_usd_kwh=0.05):
    """Efficiency at which a day's revenue just pays the electricity, in J/TH.

    Parameters
    ----------
    revenue_usd : array-like of float
        Issuance and fees of the day, USD.
    hashrate_eh_s : array-like of float
        Mean hash rate of the day, EH/s.
    price_usd_kwh : float
        Electricity price, USD/kWh.

    Returns
    -------
    same type as ``revenue_usd``

    Notes
    -----
    Neither capital cost nor cooling enters, as in the published index.

    Examples
    --------
    >>> round(threshold_j_th(30e6, 150.0), 1)
    166.7
    """
    usd_a_terahash = revenue_usd / (_SECONDS_A_DAY * hashrate_eh_s * 1e6)
    return usd_a_terahash / (price_usd_kwh / _JOULES_A_KWH)


def _dated(frame, what):
    if not isinstance(frame, pd.DataFrame):
        raise BadInput(
            _("{what} must be a pandas DataFrame, not {kind}.").format(
                what=what, kind=type(frame).__name__
            )
        )
    return frame.set_index("date") if "date" in frame.columns else frame


def _need_columns(frame, columns, what):
    twice = frame.columns[frame.columns.duplicated()]
    if len(twice):
        raise BadInput(
            _("{what} has the column {column} twice.").format(what=what, column=twice[0])
        )
    missing = [c for c in columns if c not in frame.columns]
    if missing:
        raise BadInput(
            _("{what} lacks the column {column}. It needs: {needed}.").format(
                what=what, column=missing[0], needed=", ".join(columns)
            )
        )


def _positive(frame, column, what):
    values = pd.to_numeric(frame[column], errors="coerce").astype("float64")
    bad = ~(values > 0) | ~np.isfinite(values)
    if bad.any():
        row = int(bad.to_numpy().argmax())
        where = frame.index[row]
        shown = f"{where:%Y-%m-%d}" if isinstance(where, pd.Timestamp) else str(where)
        raise BadInput(
            _(
                "{what}, column {column}: {value} at {where} is not a positive number. "
                "Leave such rows out, or mend them before calling."
            ).format(what=what, column=column, value=frame[column].iloc[row], where=shown)
        )
    return values


def check_network(network):
    """Check a network frame and return it by day with the columns the index needs.

    Parameters
    ----------
    network : pandas.DataFrame
        A ``date`` column or a date index, one row a day without gap or repetition;
        ``hashrate_eh_s`` (EH/s) and ``revenue_usd`` (USD, issuance and fees of the day).

    Returns
    -------
    pandas.DataFrame
        Date index, float64 columns ``hashrate_eh_s`` and ``revenue_usd``.

    Raises
    ------
    BadInput
        A missing column, a gap, a repeated or unordered day, a time of the day, a value that is
        not positive, a hash rate that cannot be in EH/s, or two units in one column.

    Examples
    --------
    >>> days = pd.date_range("2021-01-01", periods=2)
    >>> f = pd.DataFrame({"hashrate_eh_s": [150.0, 152.0], "revenue_usd": [4e7, 4e7]}, days)
    >>> check_network(f).shape
    (2, 2)
    >>> check_network(f.assign(hashrate_eh_s=f["hashrate_eh_s"] * 1e6))
    Traceback (most recent call last):
    ...
    minelib.errors.BadInput: The network frame: a machine would need 0.0002 J/TH to pay for its\
 electricity, which none reaches. Is hashrate_eh_s in TH/s or PH/s? It must be in EH/s.
    """
    what = _("The network frame")
    frame = _dated(network, what)
    _need_columns(frame, ["hashrate_eh_s", "revenue_usd"], what)
    if frame.empty:
        raise BadInput(_("{what} has no rows.").format(what=what))
    try:
        if pd.api.types.is_numeric_dtype(frame.index):  # numbers would pass as days of 1970
            raise TypeError
        frame = frame.set_axis(pd.DatetimeIndex(frame.index, name="date"), axis=0)
    except (TypeError, ValueError):
        raise BadInput(_("{what} needs a date column or a date index.").format(what=what)) from None
    if frame.index.tz is not None:
        frame = frame.set_axis(frame.index.tz_convert("UTC").tz_localize(None), axis=0)
    _check_days(frame.index, what)
    checked = pd.DataFrame({c: _positive(frame, c, what) for c in ("hashrate_eh_s", "revenue_usd")})
    _check_units(checked, what)
    return checked


def _check_days(days, what):
    if days.hasnans:
        raise BadInput(_("{what} has a row without a date.").format(what=what))
    late = days[days != days.normalize()]
    if len(late):
        raise BadInput(
            _("{what} has the time {time}. A row is a day in UTC, from midnight on.").format(
                what=what, time=f"{late[0]:%Y-%m-%d %H:%M}"
            )
        )
    if days.has_duplicates:
        raise BadInput(
            _("{what} has {day} twice. Keep one row a day.").format(
                what=what, day=f"{days[days.duplicated()][0]:%Y-%m-%d}"
            )
        )
    if not days.is_monotonic_increasing:
        raise BadInput(_("{what} is not in the order of its dates. Sort it.").format(what=what))
    steps = np.diff(days.to_numpy().astype("datetime64[s]").astype("int64"))
    wrong = np.flatnonzero(steps != 86_400)
    if wrong.size:
        raise BadInput(
            _(
                "{what} has a gap: {before} is followed by {after}. The running means count "
                "rows, so every day must be there."
            ).format(
                what=what,
                before=f"{days[wrong[0]]:%Y-%m-%d}",
                after=f"{days[wrong[0] + 1]:%Y-%m-%d}",
            )
        )


def _check_units(frame, what):
    for column in frame:
        step = np.log(frame[column]).diff().abs()
        if step.max() > np.log(_LARGEST_STEP):
            day = step.idxmax()
            before, after = frame[column].shift()[day], frame[column][day]
            raise BadInput(
                _(
                    "{what}, column {column}: {before} is followed by {after} on {day}. Were two "
                    "units mixed? Use one for all days."
                ).format(
                    what=what,
                    column=column,
                    before=f"{before:.4g}",
                    after=f"{after:.4g}",
                    day=f"{day:%Y-%m-%d}",
                )
            )
    implied = threshold_j_th(frame["revenue_usd"], frame["hashrate_eh_s"])
    typical = float(implied.rolling(14, min_periods=1).mean().min())
    if typical < _LOWEST_J_TH:
        raise BadInput(
            _(
                "{what}: a machine would need {value} J/TH to pay for its electricity, which "
                "none reaches. Is hashrate_eh_s in TH/s or PH/s? It must be in EH/s."
            ).format(what=what, value=f"{typical:.1g}")
        )
    late = implied[_HIGHEST_FROM:]
    if len(late) and float(late.median()) > _HIGHEST_J_TH:
        raise BadInput(
            _(
                "{what}: machines of {value} J/TH would pay, which points to a hash rate far "
                "too small. hashrate_eh_s must be in EH/s and revenue_usd in USD a day."
            ).format(what=what, value=f"{float(late.median()):,.0f}")
        )


def check_machines(machines, version):
    """Check a machine table and return the columns a version of the index needs.

    Parameters
    ----------
    machines : pandas.DataFrame
        ``release`` (date) and ``efficiency_j_th`` (J/TH). ``weighting_efficiency_j_th`` is
        taken for version 1.4.0 where it stands, else the listed efficiency; rows with a
        false ``in_1_3_1`` are left out for version 1.3.1.
    version : str

    Returns
    -------
    pandas.DataFrame
        ``release``, ``efficiency_j_th``, ``weighting_efficiency_j_th``; sorted by efficiency.

    Raises
    ------
    BadInput

    Examples
    --------
    >>> m = pd.DataFrame({"release": ["2016-06-01"], "efficiency_j_th": [98.0]})
    >>> check_machines(m, "1.4.0")["weighting_efficiency_j_th"].tolist()
    [98.0]
    """
    what = _("The machine table")
    if not isinstance(machines, pd.DataFrame):
        raise BadInput(
            _("{what} must be a pandas DataFrame, not {kind}.").format(
                what=what, kind=type(machines).__name__
            )
        )
    _need_columns(machines, ["release", "efficiency_j_th"], what)
    frame = machines
    if version == "1.3.1" and "in_1_3_1" in frame.columns:
        frame = frame[frame["in_1_3_1"].astype(bool)]
    if frame.empty:
        raise BadInput(_("{what} has no rows.").format(what=what))
    release = _dates(frame, "release", what)
    listed = _positive(frame, "efficiency_j_th", what)
    exact = version == "1.4.0" and "weighting_efficiency_j_th" in frame.columns
    weighting = _positive(frame, "weighting_efficiency_j_th", what) if exact else listed
    if float(listed.min()) < 1:
        raise BadInput(
            _(
                "{what}: {value} J/TH is better than any machine. Is efficiency_j_th in J/GH? "
                "It must be in J/TH."
            ).format(what=what, value=f"{float(listed.min()):.3g}")
        )
    of_asics = float(listed[release >= pd.Timestamp(_HIGHEST_FROM)].median())
    if of_asics > _HIGHEST_J_TH:
        raise BadInput(
            _(
                "{what}: {value} J/TH for machines of 2015 and later is far worse than any. "
                "efficiency_j_th must be in J/TH."
            ).format(what=what, value=f"{of_asics:,.0f}")
        )
    return (
        pd.DataFrame(
            {
                "release": release,
                "efficiency_j_th": listed,
                "weighting_efficiency_j_th": weighting,
            }
        )
        .sort_values(["efficiency_j_th", "release"], kind="stable")
        .reset_index(drop=True)
    )


def _dates(frame, column, what):
    """A column as dates without a zone; numbers are none."""
    try:
        if pd.api.types.is_numeric_dtype(frame[column]):
            raise TypeError
        days = pd.to_datetime(frame[column], format="ISO8601", utc=True).dt.tz_localize(None)
    except (TypeError, ValueError):
        days = pd.Series([pd.NaT])
    if days.isna().any():
        raise BadInput(
            _("{what}, column {column}: not every cell is a date.").format(what=what, column=column)
        )
    return days


def network_days(start=None, end=None):
    """The package's own network frame between two days, both inclusive.

    Parameters
    ----------
    start, end : date-like or None
        None for the first and the last day the index covers.

    Raises
    ------
    OutOfCoverage
        A day before the first price or after the machine table ends.
    BadParameter
        Not a date, or start after end.
    """
    first = pd.Timestamp(FIRST_DAY) if start is None else as_day("start", start)
    last = pd.Timestamp(LAST_DAY) if end is None else as_day("end", end)
    for day in (first, last):
        if not pd.Timestamp(FIRST_DAY) <= day <= pd.Timestamp(LAST_DAY):
            raise OutOfCoverage(
                _("The index"), f"{day:%Y-%m-%d}", f"{FIRST_DAY} {_('to')} {LAST_DAY}"
            )
    if first > last:
        raise BadParameter("start", f"{first:%Y-%m-%d}", _("must not be later than end"))
    frame = load("network_daily").set_index("date")
    return frame.loc[FIRST_DAY:LAST_DAY, ["hashrate_eh_s", "revenue_usd"]], first, last
