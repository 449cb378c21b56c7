# SPDX-License-Identifier: MIT
"""How far the tables reach: first and last day of each, read from its rows."""

import pandas as pd

from minelib.catalog.descriptor import Descriptor
from minelib.catalog.store import Catalog
from minelib.checks import language
from minelib.words import gettext as _, month

__all__ = ["GRAINS", "coverage", "until"]

_KEPT_UP = "network_daily"

GRAINS = ("block", "day", "epoch", "month", "year", "single")
"""What a row of a series stands for; ``single``: dated rows that form no series."""


def coverage(catalog: Catalog, lang: str | None = None) -> pd.DataFrame:
    """First and last day of every table with dates; see `minelib.catalog.coverage`."""
    lang, rows = language(lang), []
    for d in catalog.descriptors():
        column = next((c for c in d.columns if c.name == d.coverage["column"]), None)
        if column is None:
            continue
        days = _days(catalog, d.name, column)
        grain = _grain(days, column, d.primary_key)
        last = days.iloc[-1]
        if grain in ("month", "year"):
            last = last.to_period(grain[0].upper()).end_time.floor("D")
        counted = len(catalog.read(d.name))
        rows.append((d.topic, d.name, _(d.title, lang), days.iloc[0], last, grain, counted))
    names = ["topic", "table", "title", "first_day", "last_day", "grain", "rows"]
    return pd.DataFrame(rows, columns=names)


def _days(catalog, table, column):
    """The distinct days of a column, in order."""
    cells = catalog.read(table)[column.name].dropna()
    if column.references:  # the days of what it refers to
        other, key = column.references.split(".")
        dates = catalog.read(other).set_index(key)[catalog.descriptor(other).coverage["column"]]
        cells = cells.map(dates)
    elif column.unit == "seconds":
        cells = pd.to_datetime(cells, unit="s")
    elif column.unit == "year":
        cells = pd.to_datetime(cells.astype("str"), format="%Y")
    days = cells.dt.tz_localize(None).dt.floor("D").astype("datetime64[us]")
    return pd.Series(days.sort_values().unique())


def _grain(days, column, key):
    if column.unit == "seconds" or "epoch" in key:
        return "block" if column.unit == "seconds" else "epoch"
    for grain, step in (("year", "Y"), ("month", "M"), ("day", "D")):
        periods = days.dt.to_period(step)
        together = (periods.astype("int64").diff().dropna() == 1).all()
        if together and (periods.dt.start_time == days).all():
            return grain
    return "single"


def until(catalog: Catalog, d: Descriptor, lang: str | None = None) -> str:
    """Where a table ends, in words; empty where the daily network goes on for no other month."""
    end = d.coverage["end"]
    newest = catalog.descriptor(_KEPT_UP).coverage["end"]
    if not end or end[:7] >= newest[:7]:
        return ""
    return month(pd.Timestamp(end), lang) if len(end) > len("2021") else end
