# SPDX-License-Identifier: MIT
"""What goes into the index: the network by day and the table of machines, checked first."""

from typing import Any

import numpy as np
import pandas as pd

from minelib.catalog import load
from minelib.checks import need_columns
from minelib.checks.door import Number
from minelib.energy.rules import THRESHOLD_DAYS, VERSIONS, check_version
from minelib.errors import BadInput, BadParameter
from minelib.words import gettext as _

__all__ = ["check_machines", "check_network", "threshold_j_th"]

_NETWORK = ["hashrate_eh_s", "revenue_usd"]
_JOULES_A_KWH = 3.6e6
_SECONDS_A_DAY = 86_400.0
# Below the first no machine ever ran at a profit; above the second the network would run on
# graphics cards in the age of ASICs. Both are far from anything seen.
_LOWEST_J_TH, _HIGHEST_J_TH, _HIGHEST_FROM = 5.0, 20_000.0, "2015-01-01"
# Of a machine of any age: none so far comes near the first; above the second a thousand hashes
# would take more than a joule, and a processor makes thousands of times as many.
_ANY_J_TH = (1.0, 1e9)
_BEFORE = pd.Timedelta(days=THRESHOLD_DAYS + 14)  # running means start before the first day
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


def need_rows(frame: pd.DataFrame, columns: list[str], what: str) -> None:
    """Refuse a frame that has a column twice, lacks one of these, or has no rows."""
    twice = frame.columns[frame.columns.duplicated()]
    if len(twice):
        raise BadInput(_("{what} has the column {column} twice."), what=what, column=twice[0])
    need_columns(what, frame, columns)
    if frame.empty:
        raise BadInput(_("{what} has no rows."), what=what)


def read_dates(values: pd.Series | pd.Index, complaint: str) -> pd.DatetimeIndex:
    """Dates in UTC without a zone; numbers and gaps are none."""
    try:
        if any(map(pd.api.types.is_number, values)):  # would pass as moments of 1970
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
        sentence = _(
            "{what}, column {column}: {value} at {where} is not a positive number. "
            "Leave such rows out, or mend them before calling."
        )
        where = str(frame.index[row]).removesuffix(" 00:00:00")
        value = frame[column].iloc[row]
        raise BadInput(sentence, what=what, column=column, value=value, where=where)
    return values


def check_network(network: pd.DataFrame) -> pd.DataFrame:
    """Check a network frame and return it by day with the columns the index needs.

    Parameters
    ----------
    network : pandas.DataFrame
        A ``date`` column or a date index, one row per day without gap or repetition;
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
    need_rows(network, _NETWORK, what)
    complaint = _("{what} needs a date in each row: a column date or a date index.")
    days = read_dates(network.get("date", network.index), complaint.format(what=what))
    _check_days(days, what)
    frame = network.set_axis(days.rename("date"), axis=0)
    checked = pd.DataFrame({c: _positive(frame, c, what) for c in _NETWORK})
    _check_units(checked, what)
    return checked


def _check_days(days, what):
    steps = np.diff(days, prepend=days[:1] - pd.Timedelta(days=1))
    hour = _("{what} has the time {time}. A row is a day in UTC, from midnight on.")
    gap = _(
        "{what} has a gap: {before} is followed by {after}. The running means count "
        "rows, so every day must be there."
    )
    rules = (
        (days != days.normalize(), hour),
        (days.duplicated(), _("{what} has {day} twice. Keep one row per day.")),
        (steps < np.timedelta64(0, "s"), _("{what} is not in the order of its dates. Sort it.")),
        (steps != np.timedelta64(1, "D"), gap),
    )
    for wrong, sentence in rules:
        if wrong.any():
            at = int(wrong.argmax())
            day, before = f"{days[at]:%Y-%m-%d}", f"{days[max(at - 1, 0)]:%Y-%m-%d}"
            said = {"time": f"{days[at]:%Y-%m-%d %H:%M}", "day": day, "before": before}
            raise BadInput(sentence, what=what, after=day, **said)


def _check_units(frame, what):
    steps = np.log(frame).diff().abs()
    column = steps.max().idxmax()
    if steps[column].max() > np.log(_LARGEST_STEP):
        day = steps[column].idxmax()
        before, after = (f"{v:.4g}" for v in frame.loc[:day, column].iloc[-2:])
        sentence = _(
            "{what}, column {column}: {before} is followed by {after} on {day}. Were two "
            "units mixed? Use one for all days."
        )
        said = {"before": before, "after": after, "day": f"{day:%Y-%m-%d}"}
        raise BadInput(sentence, what=what, column=column, **said)
    implied = threshold_j_th(frame["revenue_usd"], frame["hashrate_eh_s"])
    typical = float(implied.rolling(14, min_periods=1).mean().min())
    if typical < _LOWEST_J_TH:
        sentence = _(
            "{what}: a machine would need {value} J/TH to pay for its electricity, which "
            "none reaches. Is hashrate_eh_s in TH/s or PH/s? It must be in EH/s."
        )
        raise BadInput(sentence, what=what, value=f"{typical:.1g}")
    late = implied[_HIGHEST_FROM:]
    if len(late) and float(late.median()) > _HIGHEST_J_TH:
        sentence = _(
            "{what}: machines of {value} J/TH would pay, which points to a hash rate far "
            "too small. hashrate_eh_s must be in EH/s and revenue_usd in USD per day."
        )
        raise BadInput(sentence, what=what, value=f"{float(late.median()):,.0f}")


def check_machines(machines: pd.DataFrame, version: str) -> pd.DataFrame:
    """Check a machine table and return the columns a version of the index needs.

    Parameters
    ----------
    machines : pandas.DataFrame
        ``release`` (date), ``efficiency_j_th`` (J/TH, 1 to 1e9). ``weighting_efficiency_j_th`` is
        taken where it stands, save for version 1.3.1, else the listed efficiency; rows with a
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
        need_rows(machines, ["in_1_3_1"], what)
        was_in = [str(v).lower() not in ("false", "0", "0.0") for v in machines["in_1_3_1"]]
        machines = machines.loc[was_in]
    need_rows(machines, ["release", "efficiency_j_th"], what)
    complaint = _("{what}, column {column}: not every cell is a date.")
    release = read_dates(machines["release"], complaint.format(what=what, column="release"))
    listed = _positive(machines, "efficiency_j_th", what)
    exact = VERSIONS[version].ages and "weighting_efficiency_j_th" in machines
    weighting = _positive(machines, "weighting_efficiency_j_th", what) if exact else listed
    of_asics = float(listed[release >= pd.Timestamp(_HIGHEST_FROM)].median())
    if of_asics > _HIGHEST_J_TH:
        sentence = _(
            "{what}: {value} J/TH for machines of 2015 and later is far worse than any. "
            "efficiency_j_th must be in J/TH."
        )
        raise BadInput(sentence, what=what, value=f"{of_asics:,.0f}")
    low, high = _ANY_J_TH
    for each in (listed, weighting):
        odd = each[(each < low) | (each > high)]
        if len(odd):
            sentence = _(
                "{what}, column {column}: {value:.3g} J/TH is no machine's; theirs lie between "
                "{low:,.0f} and {high:,.0f}. Is it in J/GH? It must be in J/TH."
            )
            said = {"column": each.name, "value": odd.iloc[0], "low": low, "high": high}
            raise BadInput(sentence, what=what, **said)
    columns = {"efficiency_j_th": listed, "weighting_efficiency_j_th": weighting}
    checked = pd.DataFrame({"release": release, **{n: c.array for n, c in columns.items()}})
    return checked.sort_values(["efficiency_j_th", "release"], kind="stable", ignore_index=True)


def own_network(version: str) -> pd.DataFrame:
    """The package's own network frame, as far as a version reaches, and the days before it."""
    rules = VERSIONS[version]
    first = max(pd.Timestamp(rules.first) - _BEFORE, pd.Timestamp(VERSIONS["1.4.0"].first))
    return load("network_daily").set_index("date").loc[first : rules.last, _NETWORK]


def own_machines(version: str) -> pd.DataFrame:
    """The package's own machines of a version, checked."""
    listed = load("index_machines")
    if version == "extended":
        later = load("index_machines_later")
        later["weighting_efficiency_j_th"] = later["efficiency_j_th"]
        listed = pd.concat([listed, later[later["in_basket"]]], ignore_index=True)
    return check_machines(listed, version)


def beyond(version: str) -> str:
    """What would take a version of the index further, as a sentence."""
    if version == "extended":
        return _("Newer days of network_daily, and machines launched since, would extend it.")
    last = load("network_daily")["date"].iloc[-1]
    return _('Version "extended" goes on to {day}.').format(day=f"{last:%Y-%m-%d}")
