# SPDX-License-Identifier: MIT
"""How well the re-computed index meets the published one; shown by ``python -m minelib.energy``."""

import pandas as pd

from minelib.catalog import load
from minelib.energy.inputs import need_rows, read_dates
from minelib.energy.model import grid, index, totals
from minelib.errors import BadInput
from minelib.words import N_, gettext as _

__all__ = ["accuracy"]

_TEST, _FIT, _EARLY = N_("test"), N_("fit"), N_("fit, early machines incomplete")
_AT_005, _AT_010 = N_("best guess at 0.05 USD/kWh"), N_("best guess at 0.10 USD/kWh")
_TOTAL = N_("yearly total")
# quantity, column, first year, last year, largest absolute error in percent, what it shows:
# the mean over the points is held to it, of the totals the largest
_ASKED = [
    (_AT_005, "best_twh", 2012, 2014, None, _EARLY),
    (_AT_005, "best_twh", 2015, 2020, 0.005, _TEST),
    (_AT_005, "best_twh", 2021, 2023, 0.06, _FIT),
    (_AT_010, "best_at_010_twh", 2012, 2014, None, _EARLY),
    (_AT_010, "best_at_010_twh", 2015, 2020, 0.005, _TEST),
    (_AT_010, "best_at_010_twh", 2021, 2023, 0.06, _FIT),
    (N_("lower bound"), "lower_twh", 2012, 2023, 0.001, _FIT),
    (N_("upper bound"), "upper_twh", 2012, 2023, 0.001, _FIT),
    (_TOTAL, "total_twh", 2015, 2020, 0.01, _TEST),
    (_TOTAL, "total_twh", 2021, 2022, None, _FIT),
]
_DAILY = ["lower_twh", "best_twh", "upper_twh", "best_at_010_twh"]


def accuracy(reference: pd.DataFrame | None = None) -> pd.DataFrame:
    """Errors of the re-computed index against published figures.

    Parameters
    ----------
    reference : pandas.DataFrame, optional
        A published daily series of version 1.4.0 in your hands: ``date`` and any of
        ``lower_twh``, ``best_twh``, ``upper_twh`` (annualised, at 0.05 USD/kWh) and
        ``best_at_010_twh``. None takes what the package carries: the monthly means and the
        15th of each month of table ``index_reference``, and the yearly totals of
        ``index_yearly`` for version 1.3.1.

    Returns
    -------
    pandas.DataFrame
        One row per quantity, period and ``basis`` (daily, monthly mean, day 15, yearly):
        ``quantity``, ``version``, ``start``, ``end`` (years, inclusive), ``basis``, ``points``,
        ``mean_error_pct``, ``largest_error_pct`` (absolute errors in percent), ``limit_pct``
        (missing where none is set), ``met`` (missing likewise, and without points), ``kind``:
        "test" where only the rules were learnt from the target, "fit" where machines were
        solved from it.

    Raises
    ------
    BadInput
        A reference without dates, with a day twice, or without any known column of numbers.

    Notes
    -----
    Monthly means would let errors of opposite sign cancel; the 15ths are single days and
    cannot. Together they carry what the daily series says without the series.

    Examples
    --------
    >>> table = accuracy()
    >>> bool(table["met"].dropna().all())
    True
    """
    ours = index(0.05, "1.4.0").assign(best_at_010_twh=grid([0.10], "1.4.0")[0.10])[_DAILY]
    if reference is not None:
        return _table(_days_of(reference), ours, _("daily"))
    published = load("index_reference").set_index("month")
    # means over the days each published month holds: the series begins and ends within a month
    last = published.index[-1] + pd.Timedelta(days=int(published["days"].iloc[-1]) - 1)
    monthly = ours.loc[:last].resample("MS").mean()
    days = published.filter(like="day_").rename(columns=lambda c: c.removeprefix("day_"))
    days = days.set_axis(days.index + pd.Timedelta(days=14), axis=0).dropna(how="all")
    yearly = load("index_yearly").query("version == '1.3.1'")
    yearly = yearly.set_index(pd.to_datetime(yearly["year"].astype("str")))[["best_twh"]]
    sums = totals(index(0.05, "1.3.1"), "YE")[["best_twh"]]
    total = {"best_twh": "total_twh"}
    parts = [
        _table(published[_DAILY], monthly, _("monthly mean")),
        _table(days, ours, _("day 15")),
        _table(yearly.rename(columns=total), sums.rename(columns=total), _("yearly"), "1.3.1"),
    ]
    return pd.concat(parts, ignore_index=True)


def _days_of(reference):
    what = _("The reference")
    need_rows(reference, ["date"], what)
    complaint = _("The reference must hold days in date and numbers in its other columns.")
    days = read_dates(reference["date"], complaint)
    present = [c for c in reference if c in _DAILY]
    if not present:
        sentence = _("The reference has none of the columns {names}.")
        raise BadInput(sentence, names=", ".join(sorted(_DAILY)))
    if days.has_duplicates:
        day = f"{days[days.duplicated()][0]:%Y-%m-%d}"
        raise BadInput(_("{what} has {day} twice. Keep one row per day."), what=what, day=day)
    try:
        return reference.set_axis(days, axis=0)[present].astype("float64")
    except (TypeError, ValueError):
        raise BadInput(complaint) from None


def _table(published, ours, basis, version="1.4.0"):
    errors = (ours / published - 1).abs() * 100
    rows = []
    names = ["quantity", "version", "start", "end", "basis", "points", "mean_error_pct"]
    names += ["largest_error_pct", "limit_pct", "met", "kind"]
    for quantity, column, first, last, limit, kind in _ASKED:
        if column not in published:
            continue
        error = errors.loc[str(first) : str(last), column].dropna()
        mean, largest = error.mean(), error.max()
        judged = largest if quantity == _TOTAL else mean
        met = None if limit is None or error.empty else bool(judged <= limit)
        asked = (_(quantity), version, first, last, basis, len(error))
        rows.append((*asked, mean, largest, limit, met, _(kind)))
    return pd.DataFrame(rows, columns=names)
