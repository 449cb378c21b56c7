# SPDX-License-Identifier: MIT
"""What a claim is decided on: the tables, the words' numbers, and what happens at a gap."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

import pandas as pd

from minelib import words
from minelib.catalog import default, load
from minelib.catalog.names import place_name
from minelib.claims.rules import YARDSTICKS, Outcome, Reading
from minelib.errors import BadInput
from minelib.words import gettext as _

__all__ = ["Case", "Given", "Missing", "Tables", "outcome", "tables_of", "told"]

if TYPE_CHECKING:
    Given: TypeAlias = "Mapping[str, pd.DataFrame] | Callable[[str], pd.DataFrame] | Tables | None"
else:
    Given = Any  # `Tables` looks at it, frame by frame


class Missing(Exception):
    """The evidence has a gap; its words say which. Becomes the verdict ``unverifiable``."""

    def __init__(self, sentence: str, **facts: Any) -> None:
        super().__init__(told(sentence, **facts))


class Tables:
    """Tables by name: those given, and the package's own for all others.

    A question asked twice is answered from memory; a gap is looked for again.

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

    def __init__(self, given: Given = None) -> None:
        if not (given is None or isinstance(given, Mapping) or callable(given)):
            raise BadInput(_("Tables must be a mapping from name to frame, or a function."))
        if isinstance(given, Mapping):
            for name in given:
                default().descriptor(name)  # an unknown name is refused at once
        self._given = given
        self._loaded: dict[str, pd.DataFrame] = {}
        for method in ("row", "shares", "province", "revision_pp"):
            setattr(self, method, cache(getattr(self, method)))

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._loaded:
            self._loaded[name] = self._load(name)
        return self._loaded[name]

    def _load(self, name):
        if callable(self._given):
            return _checked(name, self._given(name))
        if self._given is None:
            return load(name)
        return _checked(name, self._given[name]) if name in self._given else tables_of(None)[name]

    def row(self, name: str, **keys: Any) -> pd.Series:
        """The one row with these values; `Missing` where there is none."""
        frame = self[name]
        for column, value in keys.items():
            frame = frame[frame[column] == value]
        if len(frame) != 1:
            raise Missing(_("Table {table} has no row {row}."), table=name, row=_where(keys))
        return frame.iloc[0]

    def value(self, name: str, column: str, **keys: Any) -> Any:
        """One value; `Missing` where there is none."""
        value = self.row(name, **keys)[column]
        if pd.isna(value):
            sentence = _("Table {table} has no {column} where {row}.")
            raise Missing(sentence, table=name, column=column, row=_where(keys))
        return value

    def shares(self, place: str, start: str, end: str, column: str = "share_pct") -> pd.Series:
        """Monthly values of a country, both months inclusive; `Missing` where one is absent."""
        frame = self["country_share"]
        chosen = frame[frame["place"] == place].set_index("month")[column]
        return _monthly("country_share", place, chosen, start, end)

    def province(self, province: str, start: str, end: str) -> pd.Series:
        """Monthly shares of China, both months inclusive; `Missing` where one is absent."""
        frame = self["province_share"]
        frame = frame[(frame["province"] == province) & ~frame["is_undefined"]]
        chosen = frame.set_index("month")["share_of_china_pct"]
        return _monthly("province_share", province, chosen, start, end)

    def all_shares(self, month: str | pd.Timestamp) -> pd.Series:
        """Shares of all countries in a month, largest first; `Missing` where one is absent."""
        frame = self["country_share"]
        frame = frame[(frame["month"] == pd.Timestamp(month)) & (frame["place"] != "other")]
        if frame.empty or frame["share_pct"].isna().any():
            raise _lacks("country_share", _("a country"), month)
        return frame.set_index("place")["share_pct"].sort_values(ascending=False)

    def all_provinces(self, start: str, end: str, known: Iterable[str] = ()) -> pd.DataFrame:
        """Shares of China by month and province (those known and those of the table), without
        the rest, both months inclusive; `Missing` where one is absent."""
        names = sorted({*known, *self["province_share"]["province"]} - {"other"})
        if not names:
            raise Missing(_("Table {table} has no row {row}."), table="province_share", row="month")
        shares = {name: self.province(name, start, end) for name in names}
        return pd.DataFrame(shares, index=pd.date_range(start, end, freq="MS"))

    def year(self, name: str, column: str, year: int) -> pd.Series:
        """Daily values of a calendar year; `Missing` where a day is absent."""
        days = pd.date_range(f"{year}-01-01", f"{year}-12-31")
        series = self[name].set_index("date")[column].reindex(days)
        for gap in series.index[series.isna()]:
            sentence = _("Table {table} has no {column} on {day}.")
            raise Missing(sentence, table=name, column=column, day=words.date(gap))
        return series.astype("float64")

    def revision_pp(self) -> float:
        """The largest change of a country's share between releases of the map, in points.

        `Missing` when either release lacks a month or a share of the span both cover.
        """
        table = "country_share_first_release"
        release, now = self[table], self["country_share"]
        release = release[release["place"].isin(set(now["place"]) - {"other"})]
        if release.empty:
            raise Missing(_("Table {table} has no row {row}."), table=table, row="month")
        both = release.merge(now, "left", on=["month", "place"], suffixes=("_first", "_now"))
        both = both.set_index("month")[["share_pct_first", "share_pct_now"]]
        for month in pd.date_range(both.index.min(), both.index.max(), freq="MS"):
            absent = month not in both.index or both.loc[[month], "share_pct_first"].isna().any()
            if absent or both.loc[[month], "share_pct_now"].isna().any():
                raise _lacks(table if absent else "country_share", _("a country"), month)
        return float(both.diff(axis=1).iloc[:, -1].abs().max())

    def flagged(self, month: pd.Timestamp) -> float:
        """Share of a month that the publisher marks as redirected."""
        frame = self["country_share"]
        return frame.loc[frame["vpn_flag"] & (frame["month"] == month), "share_pct"].sum()

    def event_day(self, event: str) -> pd.Timestamp:
        """The day of an event; `Missing` where the table does not know it."""
        return self.value("events", "date", event=event)


def tables_of(given: Given) -> Tables:
    """The tables to decide on; the package's own are loaded once, for nobody changes them."""
    return given if isinstance(given, Tables) else _packaged() if given is None else Tables(given)


@cache
def _packaged():
    return Tables()


def _checked(name, frame):
    """A frame handed in, when it has the columns of the table it stands for."""
    wanted = [column.name for column in default().descriptor(name).columns]
    absent = [c for c in wanted if c not in getattr(frame, "columns", ())]
    if absent:
        sentence = _("The frame given for table {table} lacks: {columns}.")
        raise BadInput(sentence.format(table=name, columns=", ".join(absent)))
    return frame


def _monthly(table, place, series, start, end):
    series = series.reindex(pd.date_range(start, end, freq="MS"))
    for gap in series.index[series.isna()]:
        raise _lacks(table, place_name(place), gap)
    return series.astype("float64")


def _lacks(table, place, month):
    sentence = _("Table {table} lacks {place} in {month}.")
    return Missing(sentence, table=table, place=place, month=pd.Timestamp(month))


def _where(keys):
    plain = {k: v.date() if hasattr(v, "date") else v for k, v in keys.items()}
    return ", ".join(f"{k} = {v}" for k, v in plain.items())


@dataclass(frozen=True)
class Case:
    """What a deciding function is given.

    Attributes
    ----------
    tables : Tables
    tolerance_pct : float
    low, high : float or None
        What is claimed, from the table of claims.
    """

    tables: Tables
    tolerance_pct: float
    low: float | None
    high: float | None

    def reading(
        self, rule: str, value: float | pd.Series, unit: str = "percent", **more: Any
    ) -> Reading:
        """A `Reading` by the rule with this case's tolerance.

        A Series stands for its mean, with its least and its most as interval.
        """
        if isinstance(value, pd.Series):
            more = {"lower": value.min(), "upper": value.max(), **more}
            value = value.mean()
        return Reading.judged(rule, value, unit, self.tolerance_pct, **more)

    def claimed(self, value: float, unit: str = "percent", **more: Any) -> Reading:
        """A value held against the range that the words state."""
        return self.reading("value", value, unit, claimed=(self.low, self.high), **more)

    def over(self, value: float, unit: str = "percent", **more: Any) -> Reading:
        """A value that should lie over the one the words state."""
        return self.reading("bound", value, unit, claimed=self.low, **more)

    def under(self, value: float, unit: str = "percent", **more: Any) -> Reading:
        """A value that should lie under the one the words state."""
        return self.reading("bound", value, unit, claimed=self.high, side="under", **more)

    def yardstick(
        self, name: str, value: float | pd.Series, unit: str = "percent", **more: Any
    ) -> Reading:
        """A value that should lie over a yardstick: the words have no number."""
        more |= {"claimed": YARDSTICKS[name], "yardstick": True}
        return self.reading("bound", value, unit, **more)


def told(sentence: str, **facts: Any) -> str:
    """A sentence with its facts: a moment by its month, a float as a percentage."""
    said = {}
    for name, fact in facts.items():
        if isinstance(fact, pd.Timestamp):
            fact = words.month(fact)
        said[name] = words.percent(fact) if isinstance(fact, float) else fact
    return sentence.format(**said)


def outcome(sentence: str, *readings: Reading, also: str = "", **facts: Any) -> Outcome:
    """What was found: the sentence with its facts (as in `told`), one more, and the readings."""
    evidence = told(sentence, **facts)
    if also:
        evidence = _("{first} {second}").format(first=evidence, second=also)
    return Outcome(readings, evidence)
