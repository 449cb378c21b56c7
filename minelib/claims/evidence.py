# SPDX-License-Identifier: MIT
"""What a claim is decided on: the tables, the words' numbers, and what happens at a gap."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import wraps

import pandas as pd

from minelib import words
from minelib.catalog import default, load
from minelib.catalog.names import place_name
from minelib.claims.rules import Reading
from minelib.errors import BadInput
from minelib.words import gettext as _

__all__ = ["Case", "Missing", "Tables"]


class Missing(Exception):
    """The evidence has a gap; its words say which. Becomes the verdict ``unverifiable``."""


def _once(method):
    """Answer the same question from memory; a gap is looked for again."""

    @wraps(method)
    def answered(self, *args, **kwargs):
        key = (method.__name__, args, tuple(sorted(kwargs.items())))
        if key not in self._answered:
            self._answered[key] = method(self, *args, **kwargs)
        return self._answered[key]

    return answered


class Tables:
    """Tables by name: those given, and the package's own for all others.

    Parameters
    ----------
    given : mapping of str to pandas.DataFrame, callable, or None
        Frames with the columns of the package's tables, or a function from name to frame.

    Raises
    ------
    UnknownName
        A table that does not exist, with the nearest.
    BadInput
        A frame without the columns of its table; neither mapping nor function.

    Examples
    --------
    >>> shares = Tables(None).shares("china", "2021-04-01", "2021-05-01")
    >>> shares.round(2).tolist()
    [46.04, 43.98]
    """

    _shipped = {}  # the package's own, loaded once; nobody changes them
    _answers = {}  # what was asked of them: rules ask the same again for every tolerance

    def __init__(self, given=None):
        if not (given is None or isinstance(given, Mapping) or callable(given)):
            raise BadInput(_("Tables must be a mapping from name to frame, or a function."))
        if isinstance(given, Mapping):
            for name in given:
                default().descriptor(name)  # an unknown name is refused at once
        self._given = {} if given is None else given
        self._loaded = self._shipped if given is None else {}
        self._answered = self._answers if given is None and type(self) is Tables else {}

    def __getitem__(self, name):
        if name not in self._loaded:
            self._loaded[name] = self._load(name)
        return self._loaded[name]

    def _load(self, name):
        if not isinstance(self._given, Mapping):
            return _checked(name, self._given(name))
        if name in self._given:
            return _checked(name, self._given[name])
        if name not in self._shipped:
            self._shipped[name] = load(name)
        return self._shipped[name]

    @_once
    def row(self, name, **keys):
        """The one row with these values, as a Series.

        Raises
        ------
        Missing
        """
        frame = self[name]
        for column, value in keys.items():
            frame = frame[frame[column] == value]
        if len(frame) != 1:
            wanted = ", ".join(f"{k} = {_plain(v)}" for k, v in keys.items())
            raise Missing(_("Table {table} has no row {row}.").format(table=name, row=wanted))
        return frame.iloc[0]

    def value(self, name, column, **keys):
        """One value.

        Raises
        ------
        Missing
        """
        value = self.row(name, **keys)[column]
        if pd.isna(value):
            wanted = ", ".join(f"{k} = {_plain(v)}" for k, v in keys.items())
            raise Missing(
                _("Table {table} has no {column} where {row}.").format(
                    table=name, column=column, row=wanted
                )
            )
        return value

    @_once
    def shares(self, place, start, end, column="share_pct"):
        """Monthly values of a country in ``country_share``; both months inclusive.

        Raises
        ------
        Missing
            When any month of the span is absent or empty.
        """
        frame = self["country_share"]
        return self._monthly(
            "country_share", frame[frame["place"] == place], column, place, start, end
        )

    @_once
    def province(self, province, start, end, column="share_of_china_pct"):
        """Monthly values of a province in ``province_share``; both months inclusive.

        Raises
        ------
        Missing
        """
        frame = self["province_share"]
        frame = frame[(frame["province"] == province) & ~frame["is_undefined"]]
        return self._monthly("province_share", frame, column, province, start, end)

    def all_shares(self, month):
        """Shares of all countries in a month, largest first, without the rest of the world.

        Raises
        ------
        Missing
        """
        frame = self["country_share"]
        frame = frame[(frame["month"] == pd.Timestamp(month)) & (frame["place"] != "other")]
        if frame.empty or frame["share_pct"].isna().any():
            raise self._no_country("country_share", month)
        return frame.set_index("place")["share_pct"].sort_values(ascending=False)

    def all_provinces(self, start, end):
        """Shares of China by month and province, without the rest; both months inclusive.

        Raises
        ------
        Missing
            When any month of the span is absent or any province lacks it.
        """
        known = sorted(set(self["province_share"]["province"]) - {"other"})
        months = {p: self.province(p, start, end) for p in known}
        return pd.DataFrame(months, index=pd.date_range(start, end, freq="MS"))

    def _monthly(self, table, frame, column, place, start, end):
        months = pd.date_range(start, end, freq="MS")
        series = frame.set_index("month")[column].reindex(months)
        if series.isna().any():
            gap = series.index[series.isna()][0]
            raise Missing(
                _("Table {table} lacks {place} in {month}.").format(
                    table=table, place=place_name(place), month=words.month(gap)
                )
            )
        return series.astype("float64")

    def year(self, name, column, year, date="date"):
        """Daily values of a calendar year, complete.

        Raises
        ------
        Missing
        """
        days = pd.date_range(f"{year}-01-01", f"{year}-12-31")
        series = self[name].set_index(date)[column].reindex(days)
        if series.isna().any():
            gap = series.index[series.isna()][0]
            raise Missing(
                _("Table {table} has no {column} on {day}.").format(
                    table=name, column=column, day=words.date(gap)
                )
            )
        return series.astype("float64")

    @_once
    def revision_pp(self):
        """The largest change of a country's share between releases of the map, in points.

        Raises
        ------
        Missing
            When either release lacks a month or a share of the span both cover.
        """
        release, now = self["country_share_first_release"], self["country_share"]
        release = release[release["place"].isin(set(now["place"]) - {"other"})]
        if release.empty:
            raise Missing(
                _("Table {table} has no row {row}.").format(
                    table="country_share_first_release", row="month"
                )
            )
        both = release.merge(now, "left", on=["month", "place"], suffixes=("_first", "_now"))
        both = both.set_index("month")[["share_pct_first", "share_pct_now"]]
        for month in pd.date_range(both.index.min(), both.index.max(), freq="MS"):
            missing = month not in both.index or both.loc[[month], "share_pct_first"].isna().any()
            table = "country_share_first_release" if missing else "country_share"
            if missing or both.loc[[month], "share_pct_now"].isna().any():
                raise self._no_country(table, month)
        return float(both.diff(axis=1).iloc[:, -1].abs().max())

    @staticmethod
    def _no_country(table, month):
        return Missing(
            _("Table {table} lacks {place} in {month}.").format(
                table=table, place=_("a country"), month=words.month(pd.Timestamp(month))
            )
        )

    def flagged(self, months):
        """Share that the publisher marks as redirected, by month: an index of months."""
        frame = self["country_share"]
        frame = frame[frame["vpn_flag"]]
        return frame.groupby("month")["share_pct"].sum().reindex(months).fillna(0.0)

    def event_day(self, event):
        """The day of an event.

        Raises
        ------
        Missing
        """
        return self.value("events", "date", event=event)


def _checked(name, frame):
    """A frame handed in, when it has the columns of the table it stands for."""
    wanted = [column.name for column in default().descriptor(name).columns]
    absent = [c for c in wanted if c not in getattr(frame, "columns", ())]
    if absent:
        raise BadInput(
            _("The frame given for table {table} lacks: {columns}.").format(
                table=name, columns=", ".join(absent)
            )
        )
    return frame


def _plain(value):
    return str(value.date()) if hasattr(value, "date") else value


@dataclass(frozen=True)
class Case:
    """What a deciding function is given.

    Attributes
    ----------
    claim : str
    tables : Tables
    tolerance_pct : float
    low, high : float or None
        What is claimed, from the table of claims.
    """

    claim: str
    tables: Tables
    tolerance_pct: float
    low: float | None
    high: float | None

    def reading(self, rule, value, unit, **more):
        """A `Reading` by the rule with this case's tolerance."""
        return Reading.judged(rule, value, unit, self.tolerance_pct, **more)
