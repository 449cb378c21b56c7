# SPDX-License-Identifier: MIT
"""What goes into the index: the network by day and the table of machines, checked first."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from minelib.catalog import load
from minelib.checks import as_day, as_span
from minelib.checks.door import Number
from minelib.energy.rules import check_version
from minelib.errors import BadInput, BadParameter, OutOfCoverage
from minelib.words import gettext as _

__all__ = ["check_machines", "check_network", "threshold_j_th"]

FIRST_DAY = "2010-07-18"  # first day with a price, and of the published series
LAST_DAY = "2023-12-31"  # the machine table reaches the published series' end, 2023-09-22
_NETWORK = ["hashrate_eh_s", "revenue_usd"]
_JOULES_A_KWH = 3.6e6
_SECONDS_A_DAY = 86_400.0
# Below the first no machine ever ran at a profit; above the second the network would run on
# graphics cards in the age of ASICs. Both are far from anything seen.
_LOWEST_J_TH, _HIGHEST_J_TH, _HIGHEST_FROM = 5.0, 20_000.0, "2015-01-01"
_LARGEST_STEP = 20.0  # from day to day; neither hash rate nor revenue ever moved by three


def threshold_j_th(
    revenue_usd: Number | np.ndarray | pd.Series,
    hashrate_eh_s: Number | np.ndarray | pd.Series,
    price_usd_kwh: Number = 0.05,
) -> Any:
    """Efficiency at which a day's revenue just pays the electricity, in J/TH.

    Parameters
    ----------
    revenue_usd : float, array or pandas.Series of float
        Issuance and fees of the day, USD.
    hashrate_eh_s : float, array or pandas.Series of float
        Mean hash rate of the day, EH/s; above zero.
    price_usd_kwh : float
        Electricity price, USD/kWh; above zero.

    Returns
    -------
    same type as ``revenue_usd``

    Raises
    ------
    BadParameter
        A hash rate or a price that is not above zero.

    Notes
    -----
    Neither capital cost nor cooling enters, as in the published index.

    Examples
    --------
    >>> round(threshold_j_th(30e6, 150.0), 1)
    166.7
    """
    for name, value in (("hashrate_eh_s", hashrate_eh_s), ("price_usd_kwh", price_usd_kwh)):
        if np.any(np.asarray(value) <= 0):
            raise BadParameter(name, value, _("must be above 0"))
    usd_a_terahash = revenue_usd / (_SECONDS_A_DAY * hashrate_eh_s * 1e6)
    return usd_a_terahash / (price_usd_kwh / _JOULES_A_KWH)


def need_columns(frame: pd.DataFrame, columns: list[str], what: str) -> None:
    """Refuse a frame that has a column twice, lacks one of these, or has no rows."""
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
    if frame.empty:
        raise BadInput(_("{what} has no rows.").format(what=what))


def read_dates(values: pd.Series | pd.Index, complaint: str) -> pd.DatetimeIndex:
    """Dates in UTC without a zone; numbers and gaps are none."""
    try:
        if pd.api.types.is_numeric_dtype(values):  # would pass as moments of 1970
            raise TypeError
        days = pd.DatetimeIndex(pd.to_datetime(values, format="ISO8601", utc=True))
        if days.hasnans:
            raise ValueError
    except (TypeError, ValueError):
        raise BadInput(complaint) from None
    return days.tz_localize(None)


def _positive(frame, column, what):
    values = pd.to_numeric(frame[column], errors="coerce").astype("float64")
    bad = ~(values > 0) | ~np.isfinite(values)
    if bad.any():
        row = int(bad.to_numpy().argmax())
        where = str(frame.index[row]).removesuffix(" 00:00:00")
        raise BadInput(
            _(
                "{what}, column {column}: {value} at {where} is not a positive number. "
                "Leave such rows out, or mend them before calling."
            ).format(what=what, column=column, value=frame[column].iloc[row], where=where)
        )
    return values


def check_network(network: pd.DataFrame) -> pd.DataFrame:
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
    need_columns(network, _NETWORK, what)
    complaint = _("{what} needs a date in each row: a column date or a date index.")
    days = read_dates(network.get("date", network.index), complaint.format(what=what))
    _check_days(days, what)
    frame = network.set_axis(days.rename("date"), axis=0)
    checked = pd.DataFrame({c: _positive(frame, c, what) for c in _NETWORK})
    _check_units(checked, what)
    return checked


def _check_days(days, what):
    steps = np.diff(days, prepend=days[:1] - pd.Timedelta(days=1))
    rules = (
        (
            days != days.normalize(),
            _("{what} has the time {time}. A row is a day in UTC, from midnight on."),
        ),
        (days.duplicated(), _("{what} has {day} twice. Keep one row a day.")),
        (steps < np.timedelta64(0), _("{what} is not in the order of its dates. Sort it.")),
        (
            steps != np.timedelta64(1, "D"),
            _(
                "{what} has a gap: {before} is followed by {after}. The running means count "
                "rows, so every day must be there."
            ),
        ),
    )
    for wrong, sentence in rules:
        if wrong.any():
            at = int(wrong.argmax())
            day, before = f"{days[at]:%Y-%m-%d}", f"{days[max(at - 1, 0)]:%Y-%m-%d}"
            said = {"time": f"{days[at]:%Y-%m-%d %H:%M}", "day": day, "before": before}
            raise BadInput(sentence.format(what=what, after=day, **said))


def _check_units(frame, what):
    steps = np.log(frame).diff().abs()
    column = steps.max().idxmax()
    if steps[column].max() > np.log(_LARGEST_STEP):
        day = steps[column].idxmax()
        before, after = (f"{v:.4g}" for v in frame.loc[:day, column].iloc[-2:])
        raise BadInput(
            _(
                "{what}, column {column}: {before} is followed by {after} on {day}. Were two "
                "units mixed? Use one for all days."
            ).format(what=what, column=column, before=before, after=after, day=f"{day:%Y-%m-%d}")
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


def check_machines(machines: pd.DataFrame, version: str) -> pd.DataFrame:
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
    version = check_version(version)
    if version == "1.3.1" and "in_1_3_1" in machines:
        machines = machines[machines["in_1_3_1"].astype(bool)]
    need_columns(machines, ["release", "efficiency_j_th"], what)
    complaint = _("{what}, column {column}: not every cell is a date.")
    release = read_dates(machines["release"], complaint.format(what=what, column="release"))
    listed = _positive(machines, "efficiency_j_th", what)
    exact = version == "1.4.0" and "weighting_efficiency_j_th" in machines
    weighting = _positive(machines, "weighting_efficiency_j_th", what) if exact else listed
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
    columns = {"efficiency_j_th": listed, "weighting_efficiency_j_th": weighting}
    checked = pd.DataFrame({"release": release, **columns}, index=machines.index)
    return checked.sort_values(["efficiency_j_th", "release"], kind="stable", ignore_index=True)


def own_network() -> pd.DataFrame:
    """The package's own network frame, as far as the index reaches."""
    return load("network_daily").set_index("date").loc[FIRST_DAY:LAST_DAY, _NETWORK]


def covered(
    what: str,
    start: object,
    end: object,
    known: pd.DatetimeIndex | pd.Series,
    read: Callable[[str, object], pd.Timestamp] = as_day,
    style: str = "%Y-%m-%d",
) -> tuple[pd.Timestamp, pd.Timestamp]:
    """First and last day (or month) asked for, both inclusive; None for the ends of ``known``.

    Raises
    ------
    OutOfCoverage
        An end that lies outside of what is known.
    BadParameter
        Not a date, or start after end.
    """
    first, last = known.min(), known.max()
    asked = as_span(start, end, read)
    for day in asked:
        if day is not None and not first <= day <= last:
            raise OutOfCoverage(what, format(day, style), f"{first:{style}} – {last:{style}}")
    return asked[0] or first, asked[1] or last
