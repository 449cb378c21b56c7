# SPDX-License-Identifier: MIT
"""What a notebook found, as data: declared beside the parameters, read from rows and frames."""

import math
import re
from collections.abc import Container, Mapping
from dataclasses import dataclass
from typing import Any

from minelib import words
from minelib.catalog.own import PACKAGED, used
from minelib.catalog.units import UNITS
from minelib.declared import declared
from minelib.errors import BadInput, UnknownName
from minelib.studies.namespace import builtin
from minelib.words import gettext as _

MIME = "application/vnd.minelib.findings+json"


def plain(value: object) -> float | str | None:
    """A value as JSON knows it: number, text, truth value or None.

    Numpy scalars become Python numbers, dates ISO text, NaN and NaT None. A number has 12
    significant digits: in those after, numerical libraries differ from run to run.

    Raises
    ------
    BadInput
        For anything that is not one value.

    Examples
    --------
    >>> import datetime
    >>> plain(datetime.date(2021, 6, 20)), plain(float("nan")), plain(2 / 3)
    ('2021-06-20', None, 0.666666666667)
    """
    value = builtin(value)
    if value is None or type(value).__name__ in ("NaTType", "NAType"):
        return None
    if isinstance(value, float):
        return float(f"{value:.12g}") if math.isfinite(value) else None
    if isinstance(value, (bool, str, int)):
        return value
    raise BadInput(_("A finding is one value, not {kind}.").format(kind=type(value).__name__))


@dataclass(frozen=True)
class finding:
    """Declares a finding of a study, beside its parameters.

    Parameters
    ----------
    meaning : str
        For the reader, in English, marked with `minelib.words.N_`. Names in braces are columns
        of the row, parts of the finding's name, or parameters: ``"Share of China in {month}"``.
    columns : str
        Where a row or a frame is kept: the column of the value, and those of the bounds where
        there are any, ``"moved_pp lower_pp upper_pp"``; "" where a scalar is.
    unit : str
        A unit of `minelib.catalog.units.UNITS`, or the name of a column in braces: ``"{unit}"``.
    level : float or None
        Probability the interval stands for.
    """

    meaning: str
    columns: str = ""
    unit: str = ""
    level: float | None = None


DECLARED = {
    slug: {name: finding(**entry) for name, entry in found.items()}
    for slug, found in declared(__file__).items()
}
"""The findings of each study, by slug."""


def family_of(name: str, declared: Mapping[str, Any]) -> str:
    """The declared name or pattern that a name belongs to.

    Raises
    ------
    UnknownName
        None; the nearest are offered.

    Examples
    --------
    >>> family_of("index_2021", {"emissions": None, "index_{year}": None})
    'index_{year}'
    """
    if isinstance(name, str):
        if name in declared:
            return name
        for pattern in declared:
            if _parts(pattern, name):
                return pattern
    raise UnknownName("finding", name, declared)


def _parts(pattern, name):
    """What stands for the braces of a pattern in a name; None where it is not of the pattern."""
    pieces = re.split(r"{(\w+)}", pattern)
    pieces[::2] = [re.escape(each) for each in pieces[::2]]
    pieces[1::2] = [f"(?P<{each}>[a-z0-9_]+)" for each in pieces[1::2]]
    found = re.fullmatch("".join(pieces), name)
    return found and found.groupdict()


def found_in(
    declared: Mapping[str, finding], name: str, value: Any, parameters: dict
) -> dict[str, dict]:
    """The findings in what is kept, by name; see `minelib.studies.base.Study.keep`."""
    pattern = family_of(name, declared)
    return {
        each: checked(each, **_read(declared[pattern], each, row, parts, parameters))
        for each, parts, row in _rows(name, pattern, value)
    }


def _rows(name, pattern, value):
    """Name, parts of the name and row of each finding in what is kept."""
    import pandas as pd

    family = "{" in pattern
    if not isinstance(value, pd.DataFrame):
        if family and name == pattern:
            sentence = _("{name} is a family: keep a frame, or one finding by its own name.")
            raise BadInput(sentence.format(name=name))
        return [(name, _parts(pattern, name), value)]
    if not family:
        raise BadInput(_("{name} is one finding: keep a row of the frame.").format(name=name))
    keys, rows = re.findall(r"{(\w+)}", pattern), []
    for n, (_at, row) in enumerate(_flat(value).iterrows(), 1):
        for key in keys:
            if key not in row and key != "n":
                sentence = _("{name}: the frame has no column {column!r}; it has: {known}.")
                _lacks(sentence, name, key, value.columns)
        parts = {key: n if key == "n" else builtin(row[key]) for key in keys}
        rows.append((pattern.format(**parts), parts, row))
    return rows


def _flat(frame):
    """The frame with its named index, and the year of dates, as columns."""
    import pandas as pd

    names = [n for n in frame.index.names if n is not None and n not in frame.columns]
    flat = frame.reset_index(level=names) if names else frame
    if "year" not in flat and isinstance(frame.index, pd.DatetimeIndex):
        flat = flat.assign(year=frame.index.year)
    return flat.astype(object)


def _lacks(sentence, name, column, known):
    raise BadInput(sentence.format(name=name, column=column, known=", ".join(map(str, known))))


def _read(declared, name, value, parts, parameters):
    """The arguments of `checked` for one finding that is kept."""
    row, lacking = _row(value), _("{name}: the row has no column {column!r}; it has: {known}.")
    meaning, unit, columns = _(declared.meaning), declared.unit, declared.columns.split()
    known = {**parameters, **(row or {}), **parts}
    wanted = set(re.findall(r"{(\w+)}", meaning + unit))
    unknown = wanted - known.keys()
    if len(unknown) == 1 and getattr(value, "name", None) is not None:
        known[unknown.pop()] = value.name  # a row of a frame bears its place in the index
    if unknown:
        _lacks(lacking, name, min(unknown), row or {})
    found = {"value": value, "lower": None, "upper": None}
    if row is not None:
        for column in columns:
            if column not in row:
                _lacks(lacking, name, column, row)
        if not columns:
            raise BadInput(_("{name} is declared as one value, not as a row.").format(name=name))
        found.update(zip(found, (row[column] for column in columns), strict=False))
    bounded = plain(found["lower"]) is not None or plain(found["upper"]) is not None
    return {
        **found,
        "unit": str(known[unit[1:-1]]) if unit.startswith("{") else unit,
        "level": declared.level if bounded else None,
        "meaning": meaning.format(**{key: _word(key, known[key]) for key in wanted}),
    }


def _row(value):
    """A row as a dict, None for a scalar."""
    if isinstance(value, dict):
        return value
    if hasattr(value, "_asdict"):
        return value._asdict()
    if hasattr(value, "to_dict") and getattr(value, "ndim", 0) == 1:
        return {**({} if value.name is None else {"index": value.name}), **value.to_dict()}
    return None


def _word(key, value):
    """A value of a row inside a sentence."""
    from minelib.catalog import columns

    if "month" in key and re.fullmatch(r"\d{4}-\d\d-01", str(value)[:10]):
        return words.month(value)
    if hasattr(value, "isoformat"):
        return words.date(value)
    return columns.value(key, str(value)) if columns.known(key) else str(value)


def checked(name: Any, taken: Container[str] = (), **found: Any) -> dict:
    """One finding, checked, as a dict. See `minelib.studies.base.Study.record`."""
    if not isinstance(name, str) or not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise BadInput(_("A finding's name is snake_case, not {name!r}.").format(name=name))
    if name in taken:
        raise BadInput(_("The finding {name!r} is recorded twice.").format(name=name))
    unit, level, meaning = found["unit"], found["level"], str(found["meaning"])
    if not isinstance(unit, str) or unit not in UNITS:
        raise UnknownName("unit", unit, UNITS)
    value, lower, upper = plain(found["value"]), plain(found["lower"]), plain(found["upper"])
    bounds = [bound for bound in (lower, upper) if bound is not None]
    if len({type(bound) is str for bound in bounds}) > 1 or bounds != sorted(bounds):
        sentence = _("{name}: the lower bound {lower} is above the upper bound {upper}.")
        raise BadInput(sentence.format(name=name, lower=lower, upper=upper))
    if level is not None and not (isinstance(level := plain(level), float) and 0 < level < 1):
        sentence = _("{name}: a level lies between 0 and 1, not {level}.")
        raise BadInput(sentence.format(name=name, level=level))
    known = {"name": name, "value": value, "unit": unit, "lower": lower, "upper": upper}
    return {**known, "level": level, "meaning": meaning}


def data_versions() -> dict[str, dict]:
    """The tables this process has loaded: name, version and SHA-256 of each.

    Returns
    -------
    dict
        ``{name: {"version": int, "sha256": str}}``, by name; empty when none was loaded. A
        table of the reader's own has ``"data": "mine-1"``, too.
    """
    found: dict[str, dict] = {}
    for key, (catalog, name) in used().items():
        d, origin = catalog.descriptor(name), catalog.origin(name)
        found[key] = {"version": d.version, "sha256": d.sha256}
        if origin != PACKAGED:
            found[key]["data"] = origin
    return found
