# SPDX-License-Identifier: MIT
"""The descriptor of a table: a TOML file written by hand, the only truth about it."""

import datetime
from dataclasses import dataclass, field
from pathlib import Path

from minelib.catalog.files import Refuse, check_keys, data_folder, read_toml, refusing
from minelib.catalog.units import UNITS

__all__ = ["OWN", "SEEN", "WARNINGS", "WARNINGS_FILE", "Column", "Descriptor", "read_descriptor"]

# type in the descriptor -> dtype of a loaded column, that of one with gaps
TYPES = {
    "string": ("str", "str"),
    "integer": ("int64", "Int64"),
    "number": ("float64", "float64"),
    "boolean": ("bool", "boolean"),
    "date": ("datetime64[us]", "datetime64[us]"),
    "datetime": ("datetime64[us, UTC]", "datetime64[us, UTC]"),
}
COMMERCIAL_USE = ("yes", "no", "ask")
SEEN = ("whole", "excerpt", "second_hand")
"""How a source was seen: read whole, read in part, known from what others report of it."""
OWN = "minelib"
"""The publisher of what was put together or assumed here, and rests on no source of its own."""
WARNINGS_FILE = "warnings.toml"
WARNINGS: dict[str, str] = read_toml(data_folder() / WARNINGS_FILE)
"""The fixed vocabulary of usage warnings: word to what a reader is told, in English."""

_TOP = {
    **dict.fromkeys(["name", "title", "meaning", "licence", "licence_origin", "citation"], str),
    **{"commercial_use": str, "sha256": str, "version": int, "coverage": dict},
    **dict.fromkeys(["primary_key", "warnings", "changes_made", "columns", "sources"], list),
}
_COLUMN = {
    **{"name": str, "type": str, "unit": str, "meaning": str, "required": bool, "unique": bool},
    **{"minimum": object, "maximum": object, "enum": list, "pattern": str, "references": str},
}
_COLUMN_MAY = ("unit", "unique", "minimum", "maximum", "enum", "pattern", "references")
_SOURCE = dict.fromkeys(["publisher", "title", "note", "source_seen"], str) | {"address": object}
_SOURCE_MAY = ("note", "source_seen")
_COVERAGE = dict.fromkeys(["column", "start", "end", "space"], str)


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
    def dtype(self) -> str:
        """The pandas dtype a loaded column has, as text."""
        return TYPES[self.type][0 if self.required else 1]


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
    path: Path = field(compare=False)

    @property
    def csv_path(self) -> Path:
        """The table itself: ``.csv``, or ``.csv.gz`` where it is large."""
        packed = self.path.with_suffix(".csv.gz")
        return packed if packed.exists() else self.path.with_suffix(".csv")

    @property
    def csv_file(self) -> str:
        """Path of the CSV relative to the data folder, with forward slashes."""
        return f"{self.topic}/{self.csv_path.name}"

    @property
    def toml_file(self) -> str:
        """Path of the descriptor, in the same way."""
        return f"{self.topic}/{self.name}.toml"


def read_descriptor(path: Path) -> Descriptor:
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
    raw, refuse = read_toml(path, file), refusing(file)
    check_keys(raw, _TOP, (), refuse)
    if raw["name"] != path.stem:
        refuse(f"must equal the file's name, {path.stem!r}", "name", raw["name"])
    for word in raw["warnings"]:
        _among(word, WARNINGS, "warnings", refuse)
    _among(raw["commercial_use"], COMMERCIAL_USE, "commercial_use", refuse)
    check_keys(raw["coverage"], _COVERAGE, _COVERAGE, refusing(file, "coverage"))
    if len(raw["coverage"]) < len(_COVERAGE):
        refuse("needs exactly column, start, end and space", "coverage")
    for key in ("sources", "columns"):
        if not raw[key]:
            refuse("must not be empty", key)
    for source in raw["sources"]:
        kinds = {**_SOURCE, "accessed": datetime.date}
        check_keys(source, kinds, _SOURCE_MAY, refusing(file, "sources"))
        _among(source.get("source_seen", SEEN[0]), SEEN, "source_seen", refuse)
    columns = [_column(c, file) for c in raw["columns"]]
    names = [c.name for c in columns]
    for source in raw["sources"]:
        if source["publisher"] != OWN and "source_seen" not in (*source, *names):
            refuse("each row or each source must say how it was seen", "source_seen")
    if len(set(names)) != len(names):
        refuse("two columns have the same name", "columns")
    for key in (*raw["primary_key"], *filter(None, [raw["coverage"]["column"]])):
        if key not in names:
            refuse("is not a column", "primary_key", key)
    whole = {**raw, "columns": columns, "topic": path.parent.name, "path": path}
    return Descriptor(**_frozen(whole))


def _column(raw, file):
    refuse = refusing(file, raw.get("name", "?"))
    check_keys(raw, _COLUMN, _COLUMN_MAY, refuse)
    _among(raw["type"], TYPES, "type", refuse)
    if raw.get("unit") not in UNITS:
        refuse("is not a unit of data/units.toml", "unit", raw.get("unit"))
    return Column(**_frozen(raw))


def _among(word, known, key, refuse: Refuse):
    if word not in known:
        refuse(f"is not one of: {', '.join(known)}", key, word)


def _frozen(entry):
    return {k: tuple(v) if isinstance(v, list) else v for k, v in entry.items()}
