# SPDX-License-Identifier: MIT
"""What a notebook found, as data and as a table."""

import datetime
import html
import math
import re
import sys
from dataclasses import dataclass

from minelib import words
from minelib.catalog.units import UNITS
from minelib.errors import BadInput, UnknownName
from minelib.words import gettext as _

__all__ = ["MIME", "Declared", "Findings", "checked", "data_versions", "finding", "plain", "read"]

MIME = "application/vnd.minelib.findings+json"


def plain(value):
    """A value as JSON knows it: number, text, truth value or None.

    Numpy scalars become Python numbers, dates ISO text, NaN and NaT None.

    Raises
    ------
    BadInput
        For anything that is not one value.

    Examples
    --------
    >>> plain(float("nan")) is None
    True
    >>> plain(datetime.date(2021, 6, 20))
    '2021-06-20'
    """
    if value is None or isinstance(value, (bool, str, int)):
        return value
    if hasattr(value, "isoformat"):
        if value != value:  # NaT
            return None
        iso = value.isoformat()
        return iso[:10] if iso.endswith("T00:00:00") else iso
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if hasattr(value, "item") and getattr(value, "ndim", 0) == 0:
        return plain(value.item())
    if type(value).__name__ == "NAType":
        return None
    raise BadInput(_("A finding is one value, not {kind}.").format(kind=type(value).__name__))


@dataclass(frozen=True)
class Declared:
    """A finding that a study declares; see `finding`."""

    column: str
    lower: str
    upper: str
    unit: str
    level: float | None
    meaning: str


def finding(column="", lower="", upper="", *, unit="", level=None, meaning):
    """Declare a finding of a study, beside its parameters.

    Parameters
    ----------
    column : str
        Where a row or a frame is kept: the column of the value; "" where a scalar is.
    lower, upper : str
        The columns of the bounds; "" for none.
    unit : str
        A unit of `minelib.catalog.units.UNITS`, or the name of a column in braces: ``"{unit}"``.
    level : float or None
        Probability the interval stands for.
    meaning : str
        For the reader, in English, marked with `minelib.words.N_`. Names in braces are columns
        of the row, parts of the finding's name, or parameters: ``"Share of China in {month}"``.

    Returns
    -------
    Declared
    """
    return Declared(column, lower, upper, unit, level, meaning)


def read(declared, name, value, parts, parameters):
    """The arguments of `checked` for one finding that is kept.

    Parameters
    ----------
    declared : Declared
    name : str
    value : scalar, or pandas.Series, dict or named tuple with the declared columns
    parts : dict
        What stood for the braces in the finding's name.
    parameters : dict

    Returns
    -------
    dict

    Raises
    ------
    BadInput
        A declared column that the row does not have.
    """
    row = _row(value)
    meaning, unit = _(declared.meaning), declared.unit
    known = {**parameters, **(row or {}), **parts}
    wanted = set(re.findall(r"{(\w+)}", meaning + unit))
    unknown = wanted - known.keys()
    if len(unknown) == 1 and getattr(value, "name", None) is not None:
        known[unknown.pop()] = value.name  # a row of a frame bears its place in the index
    if unknown:
        sentence = _("{name}: the row has no column {column!r}; it has: {known}.")
        listed = ", ".join(map(str, row or {}))
        raise BadInput(sentence.format(name=name, column=min(unknown), known=listed))
    words = {key: _word(key, known[key]) for key in wanted}
    found = {"value": value, "lower": None, "upper": None}
    if row is not None:
        columns = {"value": declared.column, "lower": declared.lower, "upper": declared.upper}
        for what, column in columns.items():
            if column and column not in row:
                sentence = _("{name}: the row has no column {column!r}; it has: {known}.")
                listed = ", ".join(map(str, row))
                raise BadInput(sentence.format(name=name, column=column, known=listed))
            found[what] = row[column] if column else None
        if not declared.column:
            raise BadInput(_("{name} is declared as one value, not as a row.").format(name=name))
    unit = str(known.get(unit[1:-1], unit)) if unit.startswith("{") else unit
    bounded = plain(found["lower"]) is not None or plain(found["upper"]) is not None
    level = declared.level if bounded else None
    return {**found, "unit": unit, "level": level, "meaning": meaning.format(**words)}


def _row(value):
    """A row as a dict, None for a scalar."""
    if isinstance(value, dict):
        return value
    if hasattr(value, "_asdict"):
        return value._asdict()
    if hasattr(value, "to_dict") and getattr(value, "ndim", 0) == 1:
        index = {} if value.name is None else {"index": value.name}
        return {**index, **value.to_dict()}
    return None


def _word(key, value):
    """A value of a row inside a sentence."""
    from minelib.catalog import columns

    first_day = re.fullmatch(r"\d{4}-\d\d-01", str(value)[:10])
    if "month" in key and first_day:
        return words.month(value)
    if hasattr(value, "isoformat"):
        return words.date(value)
    return columns.value(key, str(value)) if columns.known(key) else str(value)


def checked(name, value, unit, lower, upper, level, meaning, taken=()):
    """One finding, checked, as a dict. See `minelib.studies.base.Study.record`."""
    if not isinstance(name, str) or not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise BadInput(_("A finding's name is snake_case, not {name!r}.").format(name=name))
    if name in taken:
        raise BadInput(_("The finding {name!r} is recorded twice.").format(name=name))
    if unit not in UNITS:
        raise UnknownName("unit", unit, UNITS)
    lower, upper = plain(lower), plain(upper)
    if lower is not None and upper is not None and lower > upper:
        raise BadInput(
            _("{name}: the lower bound {lower} is above the upper bound {upper}.").format(
                name=name, lower=lower, upper=upper
            )
        )
    if level is not None and not 0 < level < 1:
        raise BadInput(
            _("{name}: a level lies between 0 and 1, not {level}.").format(name=name, level=level)
        )
    return {
        "name": name,
        "value": plain(value),
        "unit": unit,
        "lower": lower,
        "upper": upper,
        "level": plain(level),
        "meaning": str(meaning),
    }


def data_versions():
    """The tables this process has loaded: name, version and SHA-256 of each.

    Returns
    -------
    dict
        ``{name: {"version": int, "sha256": str}}``, by name; empty when none was loaded.
    """
    catalog = sys.modules.get("minelib.catalog")
    if catalog is None:
        return {}
    descriptor = catalog.default().descriptor
    return {
        name: {"version": version, "sha256": descriptor(name).sha256}
        for name, version in sorted(catalog.loaded().items())
    }


@dataclass(frozen=True)
class Findings:
    """What a notebook found; see `minelib.studies.base.Study.finish`.

    Attributes
    ----------
    study : str
        The notebook's slug.
    parameters : dict
    findings : list of dict
        ``name, value, unit, lower, upper, level, meaning``.
    data : dict
        Version and SHA-256 of each table used.
    """

    study: str
    parameters: dict
    findings: list
    data: dict

    def as_dict(self):
        """Everything as plain data."""
        return {
            "format": 1,
            "study": self.study,
            "parameters": dict(self.parameters),
            "findings": list(self.findings),
            "data": dict(self.data),
        }

    def rows(self):
        """The table as the reader sees it: four texts a finding."""
        return [
            (f["meaning"] or f["name"], _shown(f["value"]), _interval(f), _(f["unit"]))
            for f in self.findings
        ]

    def __repr__(self):
        lines = []
        for what, value, interval, unit in self.rows():
            line = _("{finding}: {value}; {interval}") if interval else _("{finding}: {value}")
            value = f"{value} {unit}".rstrip()
            lines.append(line.format(finding=what, value=value, interval=interval))
        return "\n".join([*lines, self._data_line()])

    def _data_line(self):
        listed = _(", ").join(
            _("{table} version {version}").format(table=name, version=entry.get("version"))
            for name, entry in self.data.items()
        )
        return _("Data: {tables}").format(tables=listed or "–")

    def _repr_mimebundle_(self, include=None, exclude=None):
        heads = (_("Finding"), _("Value"), _("Interval"), _("Unit"))
        head = "".join(f"<th>{html.escape(h)}</th>" for h in heads)
        body = ""
        for what, value, interval, unit in self.rows():
            cells = [f'<th scope="row" style="text-align:left">{html.escape(what)}</th>']
            cells += [
                f'<td style="text-align:right">{html.escape(c)}</td>' for c in (value, interval)
            ]
            cells.append(f'<td style="text-align:left">{html.escape(unit)}</td>')
            body += f"<tr>{''.join(cells)}</tr>\n"
        table = (
            f'<table class="minelib-findings"><thead><tr>{head}</tr></thead>\n'
            f"<tbody>\n{body}</tbody></table>\n"
            f'<p class="minelib-source"><small>{html.escape(self._data_line())}</small></p>'
        )
        return {"text/plain": repr(self), "text/html": table, MIME: self.as_dict()}


_LARGE = 1e6  # from here on in words: million; 万, 亿


def _shown(value):
    if value is None:
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, str):
        return _as_date(value)
    if isinstance(value, int):
        # a year or a height below 10,000 reads better without a separator
        return str(value) if abs(value) < 10_000 else words.number(value)
    if abs(value) >= _LARGE:
        return words.compact(value)
    return words.number(value, _decimals(value))


def _as_date(value):
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        try:
            return words.date(datetime.date.fromisoformat(value))
        except ValueError:
            pass
    return value


def _decimals(*values):
    """Decimals that show three figures of the largest of the values."""
    sizes = [abs(v) for v in values if isinstance(v, (int, float)) and v]
    if not sizes:
        return 0
    return min(6, max(0, 2 - math.floor(math.log10(max(sizes)))))


def _interval(found):
    lower, upper = found["lower"], found["upper"]
    if lower is None and upper is None:
        return ""
    if isinstance(lower, (int, float)) and isinstance(upper, (int, float)):
        if max(abs(lower), abs(upper)) >= _LARGE:
            phrase = _("{lower} to {upper}").format(lower=_shown(lower), upper=_shown(upper))
        else:
            phrase = words.interval(lower, upper, _decimals(lower, upper, found["value"]))
    else:
        phrase = _("{lower} to {upper}").format(lower=_shown(lower), upper=_shown(upper))
    if found["level"] is None:
        return phrase
    return _("{interval} ({level} interval)").format(
        interval=phrase, level=words.percent(100 * found["level"], 0)
    )
