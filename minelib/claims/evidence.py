# SPDX-License-Identifier: MIT
"""What a claim is decided on: the tables, the words' numbers, and what happens at a gap."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

import pandas as pd

from minelib import words
from minelib.catalog import default, load
from minelib.catalog.names import place_name
from minelib.declared import declared
from minelib.errors import BadInput
from minelib.words import gettext as _

__all__ = [
    *("QUANTITIES", "Case", "Given", "Missing", "Tables", "listed", "rounding", "tables_of"),
    *("told"),
]

QUANTITIES: dict[str, dict[str, Any]] = declared(__file__, "quantities.toml")

if TYPE_CHECKING:
    Given: TypeAlias = "Mapping[str, pd.DataFrame] | Callable[[str], pd.DataFrame] | Tables | None"
else:
    Given = Any  # `Tables` looks at it, frame by frame


class Missing(Exception):
    """The evidence has a gap; its words say which. Becomes the verdict ``unverifiable``."""

    def __init__(self, sentence: str, **facts: Any) -> None:
        super().__init__(told(sentence, **facts))

    @classmethod
    def row(cls, table: str, row: str | dict[str, Any]) -> "Missing":
        """A table without a row."""
        row = _where(row) if isinstance(row, dict) else row
        return cls(_("Table {table} has no row {row}."), table=table, row=row)

    @classmethod
    def month(cls, table: str, place: str, month: str | pd.Timestamp) -> "Missing":
        """A table without a month of a place."""
        sentence = _("Table {table} lacks {place} in {month}.")
        return cls(sentence, table=table, place=place, month=pd.Timestamp(month))


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
    >>> shares = Tables(None).series("country_share", "2021-04", "2021-05", "china")
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
        for method in ("row", "revision_pp", "all_shares"):
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
            raise Missing.row(name, keys)
        return frame.iloc[0]

    def value(self, name: str, column: str, **keys: Any) -> Any:
        """One value; `Missing` where there is none."""
        value = self.row(name, **keys)[column]
        if pd.isna(value):
            sentence = _("Table {table} has no {column} where {row}.")
            raise Missing(sentence, table=name, column=column, row=_where(keys))
        return value

    def series(
        self, quantity: str, start: str = "", end: str = "", place: str = "", **where: Any
    ) -> pd.Series:
        """A quantity by time, both ends inclusive; `Missing` where a step or a value is absent.

        ``quantity`` is one of ``quantities.toml``; ``where`` are values of other columns.
        """
        asked = QUANTITIES[quantity]
        table, column, time = asked["table"], asked["column"], asked["time"]
        frame, keys = self[table], asked.get("where", {}) | where
        if place:
            keys = {asked["place"]: place} | keys
        for name, value in keys.items():
            frame = frame[frame[name] == value]
        series = frame.sort_values(asked.get("order", time)).set_index(time)[column]
        if start:
            span = slice(pd.Period(start).start_time, pd.Period(end or start).end_time.normalize())
            series = series.loc[span]
        if asked.get("every"):
            series = series.reindex(pd.date_range(span.start, span.stop, freq=asked["every"]))
        gaps = series.index[series.isna()]
        if asked.get("skip_gaps"):
            series = series.dropna()
        elif len(gaps) and asked.get("every") == "D":
            sentence = _("Table {table} has no {column} on {day}.")
            raise Missing(sentence, table=table, column=column, day=words.date(gaps[0]))
        elif len(gaps) and place:
            raise Missing.month(table, place_name(place), gaps[0])
        elif len(gaps):
            raise Missing.row(table, keys)
        if series.empty:
            raise Missing.month(table, _("a day"), start) if start else Missing.row(table, keys)
        return series.astype("float64")

    def all_shares(self, month: str | pd.Timestamp) -> pd.Series:
        """Shares of all countries in a month, largest first; `Missing` where one is absent."""
        frame = self["country_share"]
        frame = frame[(frame["month"] == pd.Timestamp(month)) & (frame["place"] != "other")]
        if frame.empty or frame["share_pct"].isna().any():
            raise Missing.month("country_share", _("a country"), month)
        return frame.set_index("place")["share_pct"].sort_values(ascending=False)

    def all_provinces(self, start: str, end: str, known: Iterable[str] = ()) -> pd.DataFrame:
        """Shares of China by month and province (those known and those of the table), without
        the rest, both months inclusive; `Missing` where one is absent."""
        names = sorted({*known, *self["province_share"]["province"]} - {"other"})
        if not names:
            raise Missing.row("province_share", "month")
        return pd.DataFrame({n: self.series("province_share", start, end, n) for n in names})

    def revision_pp(self) -> float:
        """The largest change of a country's share between releases of the map, in points.

        `Missing` when either release lacks a month or a share of the span both cover.
        """
        table = "country_share_first_release"
        release, now = self[table], self["country_share"]
        release = release[release["place"].isin(set(now["place"]) - {"other"})]
        if release.empty:
            raise Missing.row(table, "month")
        both = release.merge(now, "left", on=["month", "place"], suffixes=("_first", "_now"))
        both = both.set_index("month")[["share_pct_first", "share_pct_now"]]
        for month in pd.date_range(both.index.min(), both.index.max(), freq="MS"):
            absent = month not in both.index or both.loc[[month], "share_pct_first"].isna().any()
            if absent or both.loc[[month], "share_pct_now"].isna().any():
                raise Missing.month(table if absent else "country_share", _("a country"), month)
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
    claim, words : str
        Key and exact words of the statement.
    low, high : float or None
        What is claimed, from the table of claims.
    named, events : tuple of str
        Keys of what the statement names, and of the events it touches.
    declared : dict
        How the claim is decided, from the file of its subject.
    """

    tables: Tables
    tolerance_pct: float
    claim: str
    words: str
    low: float | None
    high: float | None
    named: tuple[str, ...]
    events: tuple[str, ...]
    declared: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(
        cls, claim: str, tables: Tables, tolerance_pct: float, declared: dict[str, Any]
    ) -> "Case":
        """The case of a row of table ``claims``."""
        row = tables.row("claims", claim=claim)
        low, high = (
            None if pd.isna(row[c]) else float(row[c]) for c in ("value_low", "value_high")
        )
        named, events = (
            () if pd.isna(row[c]) else tuple(row[c].split(";")) for c in ("named", "events")
        )
        said = row["claim_zh"]
        return cls(tables, tolerance_pct, claim, said, low, high, named, events, declared)

    def sticks(self, measure: str) -> list[tuple[str, str, float]]:
        """The yardsticks of this claim for a measure: name, side and value of each.

        `Missing` where there is none.
        """
        frame = self.tables["claim_yardsticks"]
        frame = frame[(frame["claim"] == self.claim) & (frame["measure"] == measure)]
        if frame.empty or frame["value"].isna().any():
            raise Missing.row("claim_yardsticks", {"claim": self.claim, "measure": measure})
        names = frame[f"name_{words.current()}"]
        return list(zip(names, frame["side"], frame["value"].astype("float64"), strict=True))

    def say(self, key: str, **facts: Any) -> str:
        """One of the words of the claim's declaration, with its facts (as in `told`)."""
        return told(_(self.declared["words"][key]), **facts)


def told(sentence: str, **facts: Any) -> str:
    """A sentence with its facts: a moment by its month, a float as a percentage."""
    said = {}
    for name, fact in facts.items():
        if isinstance(fact, pd.Timestamp):
            fact = words.month(fact)
        said[name] = words.percent(fact) if isinstance(fact, float) else fact
    return sentence.format(**said)


def rounding(value: float) -> float:
    """Half a unit of the last digit that is not zero: as far as a round whole number can be off."""
    digits = str(int(abs(value))).rstrip("0")
    return 0.5 * 10 ** (len(str(int(abs(value)))) - len(digits))


def listed(values: pd.Series, form: Callable[[float], str]) -> str:
    """The values, each after the name of its place."""
    return _(", ").join(f"{place_name(str(name))} {form(value)}" for name, value in values.items())
