# SPDX-License-Identifier: MIT
"""Facts that stand in two places: the relations of ``links.toml``, read and obeyed.

A relation sets one side beside another. A side is written as it is read::

    sum(share_pct) of country_share where place = china or usa by month
    month of province_share where province = sichuan at max share_of_china_pct

a column of a table, or an expression of its columns; the rows that count; the keys at which the
two sides meet; or the one row where a column is highest. Functions: ``sum``, ``mean``, ``min``,
``max``, ``first`` and ``count`` of the rows that share the keys; ``day``, ``month`` and ``year``
of a date or time; ``previous`` of the row before; ``round`` to whole numbers; ``each`` of a list
with semicolons. The right side may also be an expression of columns of the same rows, a number, or
a list of what is allowed. A gap is not compared.
"""

import ast
import operator
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from minelib.catalog.files import LINKS, check_keys, read_toml, refusing
from minelib.errors import DamagedData
from minelib.words import N_, gettext as _

__all__ = ["Link", "Side", "broken", "read_links"]

_KEYS = {"says": str, "left": str, "is": str, "right": object, "within": object}
_KEYS |= {"within_pct": object, "gaps": bool}
_MAY = ("within", "within_pct", "gaps")
_SIDE = re.compile(
    r"(?P<value>.+?) of (?P<table>\w+)(?: where (?P<where>.+?))?(?: by (?P<by>.+?))?"
    r"(?: at (?P<peak>max|min) (?P<at>\w+))?"
)
_RULES = {
    "equals": N_("must equal {other}"),
    "at most": N_("must be at most {other}"),
    "at least": N_("must be at least {other}"),
    "one of": N_("must be one of {other}"),
}
_SIGNS: dict[type, Callable] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


def _cut(unit):
    """Dates or times back to the beginning of their day or month."""
    return lambda x: x.astype(f"datetime64[{unit}]").astype("datetime64[us]")


# of one row each; of the rows that share the keys
_EACH: dict[str, Callable] = {
    "day": _cut("D"),
    "month": _cut("M"),
    "year": lambda x: x.astype("datetime64[Y]").astype(int) + 1970,
    "previous": lambda x: np.concatenate([[np.nan], x[:-1]]),
    "round": np.round,
}
_TOGETHER: dict[str, Callable] = {
    "sum": np.sum,
    "mean": np.mean,
    "min": np.min,
    "max": np.max,
    "first": lambda x: x[0],
    "count": len,
}


@dataclass(frozen=True)
class Side:
    """Cells of one table, by the keys at which they meet those of another.

    Attributes
    ----------
    table, value : str
        The table, and a column or an expression of columns.
    where : tuple of (str, bool, tuple of str)
        Column, whether its value must be among those named, and these.
    by : tuple of str
        Columns, or ``month(column)`` and the like; empty where the rows are not keyed.
    peak, at : str
        ``max`` or ``min`` and the column; empty where all rows count.
    """

    table: str
    value: str
    where: tuple[tuple[str, bool, tuple[str, ...]], ...] = ()
    by: tuple[str, ...] = ()
    peak: str = ""
    at: str = ""

    @classmethod
    def parse(cls, text: str) -> "Side | None":
        """The side that a text describes; None where it names no table.

        Examples
        --------
        >>> Side.parse("sum(share_pct) of country_share by month").by
        ('month',)
        """
        found = _SIDE.fullmatch(text)
        if found is None:
            return None
        said = {name: part or "" for name, part in found.groupdict().items()}
        where = tuple(_condition(part) for part in said["where"].split(" and ") if part)
        by = tuple(part for part in re.split(", *", said["by"]) if part)
        return cls(said["table"], said["value"], where, by, said["peak"], said["at"])

    def rows(self, frame: pd.DataFrame) -> np.ndarray:
        """Positions of the rows of the table that count."""
        rows = np.arange(len(frame))
        for column, among, values in self.where:
            cells = _array(frame[column])[rows].tolist()
            rows = rows[np.array([(_shown(cell) in values) is among for cell in cells], bool)]
        if self.at and len(rows):
            best = np.nanargmax if self.peak == "max" else np.nanargmin
            rows = rows[[best(_array(frame[self.at])[rows])]]
        return rows


def _condition(text):
    column, sign, values = re.fullmatch(r"(\w+) (!?=) (.+)", text).groups()
    return column, sign == "=", tuple("" if v == "empty" else v for v in values.split(" or "))


@dataclass(frozen=True)
class Link:
    """A relation between two places where one fact stands.

    Attributes
    ----------
    name, says : str
        Its key, and the relation as a sentence.
    left : Side
    relation : {"equals", "at most", "at least", "one of"}
    right : Side or object
        Another side; an expression of columns of the left one's rows; a number or a list.
    within, within_pct : float
        How far apart the two may be: in the unit of the column (of dates in days), and in percent
        of the right one.
    gaps : bool
        Whether a key of the left side may be missing on the right.
    """

    name: str
    says: str
    left: Side
    relation: str
    right: Any
    within: float = 0.0
    within_pct: float = 0.0
    gaps: bool = False

    def problems(
        self, read: Callable[[str], pd.DataFrame], file_of: Callable[[str], str]
    ) -> Iterator[DamagedData]:
        """Each cell of the left side that is at odds with the right one, both named.

        Parameters
        ----------
        read : callable
            Name of a table to its frame, in the order of its file.
        file_of : callable
            Name of a table to its file.
        """
        left = _cells(self.left, read, file_of)
        right = None
        if isinstance(self.right, Side):
            right = _cells(self.right, read, file_of)
        elif isinstance(self.right, str):  # of the same rows
            right = _cells(replace(self.left, value=self.right), read, file_of)
            left, right = (replace(s, keys=[(n,) for n in s.lines]) for s in (left, right))
        empty = [side for side in (left, right) if side is not None and not len(side.values)]
        if empty:
            said = self._said(_("a row, and there is none"))
            yield DamagedData(empty[0].file, said, column=empty[0].column)
        elif self.relation == "one of":
            yield from self._foreign(left, right)
        else:
            yield from self._apart(left, right)

    def _foreign(self, left, right):
        """What is not among the values allowed."""
        allowed, other = self.right, ", ".join(map(str, self.right if right is None else ()))
        if right is not None:
            allowed, other = set(right.values.tolist()), _("a value of {file}, column {column}")
            other = other.format(file=right.file, column=right.column)
        for n, value in enumerate(left.values.tolist()):
            if value not in allowed and value == value:
                yield left.named(n, self._said(other))

    def _apart(self, left, right):
        """What does not stand to its counterpart as it must."""
        if right is None:
            right = _Cells(np.array([self.right]), np.array([0]), [()])
        places = {key: n for n, key in enumerate(right.keys)}
        if len(places) < len(right.keys):
            said = self._said(_("one row for each key, and there are more"))
            yield DamagedData(right.file, said, column=right.column)
            return
        same = places.keys() == {()}  # one value for all
        found = [places.get(() if same else key) for key in left.keys]
        for n, place in enumerate(found):
            if place is None and not self.gaps:
                other = _("a row of {file} for {key}, and there is none")
                key = ", ".join(map(_shown, left.keys[n]))
                yield left.named(n, self._said(other.format(file=right.file, key=key)))
        here = [n for n, place in enumerate(found) if place is not None]
        for n in self._wrong(left.values[here], right.values[[found[n] for n in here]]):
            beside = found[here[n]]
            other = _shown(right.values[beside])
            if right.file:
                other = str(right.named(beside, "")).removesuffix(": ")
            yield left.named(here[n], self._said(other))

    def _wrong(self, left, right):
        """Positions of the pairs that break the rule; a gap breaks none."""
        if left.dtype.kind == "O":
            pairs = enumerate(zip(left, right, strict=True))
            return [n for n, (a, b) in pairs if a != b and a == a and b == b]
        if left.dtype.kind == "M":
            left, right = (
                np.where(np.isnat(x), np.nan, x.astype("datetime64[s]").astype(int) / 86400)
                for x in (left, right)
            )
        apart, room = left - right, self.within + (self.within_pct / 100 + 1e-9) * np.abs(right)
        apart = {"equals": np.abs(apart), "at most": apart, "at least": -apart}[self.relation]
        return np.flatnonzero(apart > room)

    def _said(self, other):
        return f"{_(_RULES[self.relation]).format(other=other)} ({_(self.says)})"


@dataclass(frozen=True)
class _Cells:
    """Values of a side with the line of each (of a group: of its first) and its key."""

    values: np.ndarray
    lines: np.ndarray
    keys: list[tuple]
    file: str = ""
    column: str = ""

    def named(self, n, rule):
        """The place, with what it breaks."""
        line, value = int(self.lines[n]), _shown(self.values[n])
        return DamagedData(self.file, rule, line, self.column, value)


def _cells(side, read, file_of):
    frame = read(side.table)
    rows = side.rows(frame)

    def column(name):
        return _array(frame[name])[rows]

    keys = [()] * len(rows)
    if side.by:
        keys = list(zip(*(_value(key, column).tolist() for key in side.by), strict=True))
    outer, inner = re.fullmatch(
        rf"(?:({'|'.join(_TOGETHER)}|each)\()?(.+?)(?(1)\))", side.value
    ).groups()
    values, lines = _value(inner, column), rows + 2
    if outer == "each":
        said = [(p.strip(), n) for n, v in enumerate(values) if v == v for p in v.split(";")]
        values, places = np.array([part for part, _n in said], object), [n for _p, n in said]
        lines, keys = lines[places], [keys[n] for n in places]
    elif outer:
        groups = {}
        for n, key in enumerate(keys):
            groups.setdefault(key, []).append(n)
        together = [values[group] for group in groups.values()]
        together = [group[group == group] for group in together]  # without gaps
        values = np.array([_TOGETHER[outer](g) if len(g) else np.nan for g in together])
        lines = lines[[group[0] for group in groups.values()]]
        keys = list(groups)
    return _Cells(values, lines, keys, file_of(side.table), side.value)


def _array(values):
    """A column as an array: times without a zone, gaps of numbers as NaN."""
    if values.dtype.kind == "M":
        return values.to_numpy("datetime64[us]")
    if values.dtype.kind in "iu" and values.hasnans:
        return values.to_numpy(float, na_value=np.nan)
    return values.to_numpy()


def _value(text, column):
    """The values of an expression of columns."""

    def value(node):
        if isinstance(node, ast.Constant):
            return node.value
        if isinstance(node, ast.Name):
            return column(node.id)
        if isinstance(node, ast.BinOp):
            return _SIGNS[type(node.op)](value(node.left), value(node.right))
        return _EACH[node.func.id](value(node.args[0]))

    return value(ast.parse(text, mode="eval").body)


def _shown(value):
    """A value as it stands in a file; a gap as an empty cell."""
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or value != value:
        return ""
    if hasattr(value, "isoformat"):
        return value.isoformat().removesuffix("T00:00:00")
    return f"{value:.12g}" if isinstance(value, float) else str(value)


def read_links(path: Path) -> list[Link]:
    """Read and check a file of relations.

    Parameters
    ----------
    path : pathlib.Path
        ``<data>/links.toml``.

    Returns
    -------
    list of Link

    Raises
    ------
    DamagedData
        Missing, not TOML, an entry without its keys, a side that cannot be read.
    """
    return [_link(name, raw, path.name) for name, raw in read_toml(path).items()]


def _link(name, raw, file):
    refuse = refusing(file, name)
    if not isinstance(raw, dict):
        refuse("must be an entry in brackets")
    check_keys(raw, _KEYS, _MAY, refuse)
    if raw["is"] not in _RULES:
        refuse(f"is not one of: {', '.join(_RULES)}", "is", raw["is"])
    left, right = Side.parse(raw["left"]), raw["right"]
    if left is None:
        refuse("is not of the form 'column of table'", "left", raw["left"])
    if isinstance(right, str):
        right = Side.parse(right) or right
    more = {key: raw[key] for key in _MAY if key in raw}
    return Link(name, raw["says"], left, raw["is"], right, **more)


def broken(
    links: Iterable[Link], read: Callable[[str], pd.DataFrame], file_of: Callable[[str], str]
) -> list[DamagedData]:
    """What is at odds with the relations, both cells named; see `Link.problems`.

    A relation that cannot be asked, for want of a table or a column, is named by its key; one
    of a table that is damaged is left out.
    """
    found: list[DamagedData] = []
    for link in links:
        try:
            found += link.problems(read, file_of)
        except DamagedData:  # of a table that cannot be read: whoever checks the files names it
            continue
        except (LookupError, AttributeError, SyntaxError, TypeError, ValueError) as error:
            said = f"cannot be asked ({type(error).__name__}: {error})"
            found.append(DamagedData(LINKS, said, column=link.name))
    return found
