# SPDX-License-Identifier: MIT
"""The descriptor of a table: a TOML file written by hand, the only truth about it."""

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from minelib.catalog.units import UNITS
from minelib.errors import DamagedData
from minelib.words import N_

TYPES = ("string", "integer", "number", "boolean", "date", "datetime")
COMMERCIAL_USE = ("yes", "no", "ask")

WARNINGS = {
    "estimated_values": N_("The values are estimates, not counts."),
    "derived_values": N_("Some values were derived here from others; a column says which."),
    "month_as_date": N_("A month is written as its first day."),
    "discontinued_data": N_("The publisher has stopped the series."),
    "sample_bias": N_("The sample is not the whole: who took part shapes the result."),
    "rerouting_bias": N_("Proxies and VPNs hide where machines stand."),
    "revised_series": N_("The publisher has changed the figures between releases."),
    "mixed_vintages": N_("Rows come from different editions of a source; do not mix them."),
    "non_commercial": N_("The origin forbids commercial use."),
    "unverified_second_hand": N_("Some figures were seen in reports, not at the source."),
    "incomplete_coverage": N_("Parts of what the title promises are missing."),
    "inferred_values": N_("Some values were inferred; they are assumptions, not evidence."),
    "sampling_noise": N_("Short periods hold few blocks: the values scatter by chance."),
    "anecdotal": N_("Single statements by press or companies, not statistics."),
    "label_uncertainty": N_("Labels may be wrong or missing."),
    "nameplate_values": N_("Makers' nameplate values; 5 to 10 percent off is usual."),
    "known_discrepancies": N_("Sources disagree; the rows show it."),
    "claimed_by_source": N_("What somebody claimed, not what is true."),
}

_TOP = {
    "name": str,
    "title": str,
    "meaning": str,
    "version": int,
    "primary_key": list,
    "licence": str,
    "licence_origin": str,
    "commercial_use": str,
    "citation": str,
    "warnings": list,
    "changes_made": list,
    "sha256": str,
    "coverage": dict,
    "columns": list,
    "sources": list,
}
_COLUMN_KEYS = {
    "name",
    "type",
    "unit",
    "meaning",
    "required",
    "unique",
    "minimum",
    "maximum",
    "enum",
    "pattern",
    "references",
}
_SOURCE_KEYS = {"publisher", "title", "address", "accessed", "note"}


@dataclass(frozen=True)
class Column:
    """One column: its type, unit, meaning and constraints."""

    name: str
    type: str
    unit: str
    meaning: str
    required: bool
    unique: bool = False
    minimum: float | None = None
    maximum: float | None = None
    enum: tuple = ()
    pattern: str | None = None
    references: str | None = None

    @property
    def dtype(self):
        """The pandas dtype a loaded column has, as text."""
        nullable = {"integer": ("int64", "Int64"), "boolean": ("bool", "boolean")}
        if self.type in nullable:
            return nullable[self.type][0 if self.required else 1]
        return {
            "string": "str",
            "number": "float64",
            "date": "datetime64[us]",
            "datetime": "datetime64[us, UTC]",
        }[self.type]


@dataclass(frozen=True)
class Descriptor:
    """What is known about a table; attributes are the keys of the TOML file."""

    name: str
    topic: str
    title: str
    meaning: str
    version: int
    primary_key: tuple
    licence: str
    licence_origin: str
    commercial_use: str
    citation: str
    warnings: tuple
    changes_made: tuple
    sha256: str
    coverage: dict
    columns: tuple
    sources: tuple
    path: Path = field(compare=False, default=None)

    @property
    def csv_path(self):
        return self.path.with_suffix(".csv")

    @property
    def csv_file(self):
        """Path of the CSV relative to the data folder, with forward slashes."""
        return f"{self.topic}/{self.name}.csv"

    @property
    def toml_file(self):
        return f"{self.topic}/{self.name}.toml"

    def column(self, name):
        return next(c for c in self.columns if c.name == name)


def read_descriptor(path):
    """Read and check one descriptor.

    Parameters
    ----------
    path : pathlib.Path
        ``<data>/<topic>/<name>.toml``.

    Returns
    -------
    Descriptor

    Raises
    ------
    DamagedData
        Not TOML, a key missing, unknown or of the wrong type, a word outside a fixed
        vocabulary.
    """
    file = f"{path.parent.name}/{path.name}"
    try:
        raw = tomllib.loads(path.read_bytes().decode("utf-8"))
    except FileNotFoundError:
        raise DamagedData(file, "the file is missing") from None
    except UnicodeDecodeError as e:
        line = path.read_bytes()[: e.start].count(b"\n") + 1
        raise DamagedData(file, "is not UTF-8", line=line) from None
    except tomllib.TOMLDecodeError as e:
        found = re.search(r"line (\d+)", str(e))
        line = int(found.group(1)) if found else None
        raise DamagedData(file, f"is not valid TOML: {e}", line=line) from None
    return _checked(raw, path, file)


def _checked(raw, path, file):
    def refuse(rule, key, value=None):
        raise DamagedData(file, rule, column=key, value=value)

    for key, kind in _TOP.items():
        if key not in raw:
            refuse("the key is missing", key)
        if type(raw[key]) is not kind:
            refuse(f"must be of type {kind.__name__}", key, raw[key])
    if unknown := sorted(set(raw) - set(_TOP)):
        refuse("is not a known key", unknown[0])
    if raw["name"] != path.stem:
        refuse(f"must equal the file's name, {path.stem!r}", "name", raw["name"])
    if raw["commercial_use"] not in COMMERCIAL_USE:
        refuse(
            f"is not one of: {', '.join(COMMERCIAL_USE)}", "commercial_use", raw["commercial_use"]
        )
    for key in ("title", "meaning", "licence", "licence_origin", "citation"):
        if not raw[key].strip():
            refuse("must not be empty", key)
    for word in raw["warnings"]:
        if word not in WARNINGS:
            refuse(f"is not one of: {', '.join(WARNINGS)}", "warnings", word)
    if set(raw["coverage"]) != {"column", "start", "end", "space"}:
        refuse("needs exactly column, start, end and space", "coverage")
    if not raw["sources"] or not raw["columns"]:
        refuse("must not be empty", "sources" if not raw["sources"] else "columns")
    for source in raw["sources"]:
        if missing := sorted({"publisher", "title", "address", "accessed"} - set(source)):
            refuse("the key is missing", f"sources.{missing[0]}")
        if extra := sorted(set(source) - _SOURCE_KEYS):
            refuse("is not a known key", f"sources.{extra[0]}")
    columns = tuple(_column(c, refuse) for c in raw["columns"])
    names = [c.name for c in columns]
    if len(set(names)) != len(names):
        refuse("two columns have the same name", "columns")
    for key in (*raw["primary_key"], *filter(None, [raw["coverage"]["column"]])):
        if key not in names:
            refuse("is not a column", "primary_key", key)
    return Descriptor(
        **{k: _frozen(raw[k]) for k in _TOP if k != "columns"},
        columns=columns,
        topic=path.parent.name,
        path=path,
    )


def _column(raw, refuse):
    name = raw.get("name", "?")
    for key in ("name", "type", "unit", "meaning", "required"):
        if key not in raw:
            refuse("the key is missing", f"{name}.{key}")
    if unknown := sorted(set(raw) - _COLUMN_KEYS):
        refuse("is not a known key", f"{name}.{unknown[0]}")
    if raw["type"] not in TYPES:
        refuse(f"is not one of: {', '.join(TYPES)}", f"{name}.type", raw["type"])
    if raw["unit"] not in UNITS:
        refuse("is not a unit of minelib.catalog.units", f"{name}.unit", raw["unit"])
    if not str(raw["meaning"]).strip():
        refuse("must not be empty", f"{name}.meaning")
    if type(raw["required"]) is not bool:
        refuse("must be true or false", f"{name}.required", raw["required"])
    return Column(**{k: _frozen(v) for k, v in raw.items()})


def _frozen(value):
    return tuple(value) if isinstance(value, list) else value
