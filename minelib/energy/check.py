# SPDX-License-Identifier: MIT
"""How well the re-computed index meets the published one; shown by ``python -m minelib.energy``."""

import pandas as pd

from minelib.catalog import load
from minelib.energy.model import grid, index, totals
from minelib.errors import BadInput
from minelib.words import N_
from minelib.words import gettext as _

__all__ = ["accuracy"]

# (quantity, first year, last year, largest mean absolute error in percent, what it shows)
_TEST, _FIT, _EARLY = N_("test"), N_("fit"), N_("fit, early machines incomplete")
_ASKED = [
    (N_("best guess at 0.05 USD/kWh"), "best_twh", 2012, 2014, None, _EARLY),
    (N_("best guess at 0.05 USD/kWh"), "best_twh", 2015, 2020, 0.005, _TEST),
    (N_("best guess at 0.05 USD/kWh"), "best_twh", 2021, 2023, 0.06, _FIT),
    (N_("best guess at 0.10 USD/kWh"), "best_at_010_twh", 2012, 2014, None, _EARLY),
    (N_("best guess at 0.10 USD/kWh"), "best_at_010_twh", 2015, 2020, 0.005, _TEST),
    (N_("best guess at 0.10 USD/kWh"), "best_at_010_twh", 2021, 2023, 0.06, _FIT),
    (N_("lower bound"), "lower_twh", 2012, 2023, 0.001, _FIT),
    (N_("upper bound"), "upper_twh", 2012, 2023, 0.001, _FIT),
]


def _recomputed():
    frame = index(0.05, "1.4.0")[["lower_twh", "best_twh", "upper_twh"]]
    return frame.assign(best_at_010_twh=grid([0.10], "1.4.0")[0.10])


def _monthly(ours, days):
    """Means over the days each published month holds (it begins and ends within a month)."""
    last = days.index[-1] + pd.Timedelta(days=int(days.iloc[-1]) - 1)
    return ours.loc[:last].resample("MS").mean()


def accuracy(reference=None):
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
        One row a quantity, period and ``basis`` (daily, monthly mean, day 15, yearly):
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
    ours = _recomputed()
    if reference is not None:
        return _table(_days_of(reference), ours, _("daily"))
    published = load("index_reference").set_index("month")
    means = published[["lower_twh", "best_twh", "upper_twh", "best_at_010_twh"]]
    days = published.filter(like="day_")
    days.columns = [c.removeprefix("day_") for c in days.columns]
    days = days.set_axis(days.index + pd.Timedelta(days=14), axis=0).dropna(how="all")
    parts = [
        _table(means, _monthly(ours, published["days"]), _("monthly mean")),
        _table(days, ours, _("day 15")),
        _yearly(),
    ]
    return pd.concat(parts, ignore_index=True)


def _days_of(reference):
    known = {a[1] for a in _ASKED}
    if not isinstance(reference, pd.DataFrame) or "date" not in reference.columns:
        raise BadInput(_("The reference must be a frame with a column date."))
    try:
        frame = reference.set_index(pd.to_datetime(reference["date"], format="ISO8601"))
        present = [c for c in frame.columns if c in known]
        frame = frame[present].astype("float64")
    except (TypeError, ValueError):
        raise BadInput(
            _("The reference must hold days in date and numbers in its other columns.")
        ) from None
    if frame.index.has_duplicates:
        raise BadInput(
            _("{what} has {day} twice. Keep one row a day.").format(
                what=_("The reference"), day=f"{frame.index[frame.index.duplicated()][0]:%Y-%m-%d}"
            )
        )
    if not present:
        raise BadInput(
            _("The reference has none of the columns {names}.").format(
                names=", ".join(sorted(known))
            )
        )
    return frame


def _table(published, ours, basis):
    errors = ((ours / published) - 1).abs() * 100
    rows = []
    for quantity, column, first, last, limit, kind in _ASKED:
        if column not in published:
            continue
        error = errors.loc[str(first) : str(last), column].dropna()
        rows.append(_row(_(quantity), "1.4.0", first, last, basis, error, limit, _(kind)))
    return pd.DataFrame(rows)


def _yearly():
    published = load("index_yearly")
    published = published[published["version"] == "1.3.1"].set_index("year")["best_twh"]
    ours = totals(index(0.05, "1.3.1"), "YE")["best_twh"]
    errors = (ours.set_axis(ours.index.year) / published - 1).abs() * 100
    rows = [
        _row(
            _("yearly total"),
            "1.3.1",
            first,
            last,
            _("yearly"),
            errors.loc[first:last],
            limit,
            _(kind),
        )
        for first, last, limit, kind in ((2015, 2020, 0.01, _TEST), (2021, 2022, None, _FIT))
    ]
    return pd.DataFrame(rows)


def _row(quantity, version, first, last, basis, error, limit, kind):
    mean = float(error.mean())
    largest = float(error.max())
    judged = largest if basis == _("yearly") else mean
    return {
        "quantity": quantity,
        "version": version,
        "start": first,
        "end": last,
        "basis": basis,
        "points": len(error),
        "mean_error_pct": mean,
        "largest_error_pct": largest,
        "limit_pct": limit,
        "met": None if limit is None or error.empty else judged <= limit,
        "kind": kind,
    }
