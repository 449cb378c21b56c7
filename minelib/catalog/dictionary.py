# SPDX-License-Identifier: MIT
"""The dictionary of columns as a file: read ``columns.toml``, check it, find an entry."""

import re
import tomllib
from dataclasses import dataclass, field, replace

from minelib.catalog.units import UNITS
from minelib.errors import BadInput, DamagedData
from minelib.words import LANGUAGES
from minelib.words import gettext as _

__all__ = ["COLUMNS", "Word", "columns_of", "read_columns", "word_of"]

COLUMNS = "columns.toml"

_KEYS = {"en": str, "zh": str, "unit": str, "digits": int, "names": str, "values": dict}
_BARE = {"none", "calendar", "hash", "height", "difficulty"}  # kinds that no label shows
_SPOKEN = {"count", "time", "months", "years"}  # kinds that a label may say itself


@dataclass(frozen=True)
class Word:
    """What a column is called, and how its values are read.

    Attributes
    ----------
    name : str
        The column.
    en, zh : str
        Labels without the unit.
    unit : str
        A unit of `minelib.catalog.units.UNITS`; empty where there is none.
    digits : int or None
        Decimals for reading; None where nobody said.
    names : str
        Table of names that the values are keyed to; empty where there is none.
    values : dict of str to (str, str)
        Words of single values, English and Chinese.
    """

    name: str
    en: str
    zh: str
    unit: str = ""
    digits: int | None = None
    names: str = ""
    values: dict = field(default_factory=dict, hash=False)

    def label(self, lang, unit=True):
        """The label in a language, with its unit in parentheses where it has one to show.

        ``unit`` is True, False, or another unit in place of the entry's own.

        Examples
        --------
        >>> Word("share_pct", "Share", "占比", "percent").label("zh")
        '占比（%）'
        """
        text = getattr(self, lang)
        if isinstance(unit, str):
            return replace(self, unit=unit).label(lang)
        shown = self._shown_unit(lang) if unit else ""
        if not shown:
            return text
        return f"{text}（{shown}）" if lang == "zh" else f"{text} ({shown})"

    def _shown_unit(self, lang):
        kind, _size = UNITS[self.unit]
        said = kind in _SPOKEN and re.search(rf"\b{self.unit}\b", self.en, re.IGNORECASE)
        if kind in _BARE or said:
            return ""
        return "%" if self.unit == "percent" else _(self.unit, lang)

    def same_kind(self, other):
        """Whether values under two entries are of one unit and keyed to one names table."""
        return (self.unit, self.names) == (other.unit, other.names)

    def same_meaning(self, other):
        """Whether two entries say the same to a reader."""
        return self.same_kind(other) and (self.en, self.zh) == (other.en, other.zh)


def read_columns(path):
    """Read and check a dictionary of columns.

    Parameters
    ----------
    path : pathlib.Path
        ``<data>/columns.toml``, beside the folders of the tables.

    Returns
    -------
    dict of str to (dict of str to Word)
        Column to its entries: the general one under ``""``, those of single tables under
        the tables' names.

    Raises
    ------
    DamagedData
        Missing, not TOML, a label missing in a language, an unknown key, unit or table:
        the file and the entry.
    """
    try:
        raw = tomllib.loads(path.read_bytes().decode("utf-8"))
    except FileNotFoundError:
        raise DamagedData(path.name, "the file is missing") from None
    except UnicodeDecodeError:
        raise DamagedData(path.name, "is not UTF-8") from None
    except tomllib.TOMLDecodeError as e:
        found = re.search(r"line (\d+)", str(e))
        line = int(found.group(1)) if found else None
        raise DamagedData(path.name, f"is not valid TOML: {e}", line=line) from None
    tables = {p.stem for p in path.parent.glob("*/*.toml")}
    return {name: _entries(name, entry, tables, path.name) for name, entry in raw.items()}


def _entries(name, raw, tables, file):
    def refuse(rule, key=None, value=None):
        raise DamagedData(file, rule, column=".".join(filter(None, [name, key])), value=value)

    if not isinstance(raw, dict):
        refuse("must be an entry in brackets")
    own = {key: value for key, value in raw.items() if key in _KEYS}
    for key in ("en", "zh", "unit"):
        if key not in own:
            refuse("the key is missing", key)
    _check(own, tables, refuse)
    general = Word(name, **{**own, "values": _values(own)})
    entries = {"": general}
    for table, changes in raw.items():
        if table in _KEYS:
            continue
        if table not in tables or not isinstance(changes, dict):
            refuse("is neither a known key nor a table", table)
        if unknown := sorted(set(changes) - set(_KEYS)):
            refuse("is not a known key", f"{table}.{unknown[0]}")
        _check(
            changes,
            tables,
            lambda rule, key, value=None, t=table: refuse(rule, f"{t}.{key}", value),
        )
        entries[table] = replace(
            general, **{**changes, "values": {**general.values, **_values(changes)}}
        )
    return entries


def _values(entry):
    return {value: tuple(words) for value, words in entry.get("values", {}).items()}


def _check(entry, tables, refuse):
    for key, value in entry.items():
        if type(value) is not _KEYS[key]:
            refuse(f"must be of type {_KEYS[key].__name__}", key, value)
        if key in LANGUAGES and not value.strip():
            refuse("must not be empty", key)
    if entry.get("unit", "") not in UNITS:
        refuse("is not a unit of minelib.catalog.units", "unit", entry["unit"])
    if entry.get("names") and entry["names"] not in tables:
        refuse("is not a table of names", "names", entry["names"])
    for value, words in entry.get("values", {}).items():
        if not (isinstance(words, list) and len(words) == len(LANGUAGES) and all(words)):
            refuse("needs a word in English and one in Chinese", f"values.{value}", words)


def word_of(dictionary, name, tables):
    """The entry of a column that counts for tables that have it.

    Parameters
    ----------
    dictionary : dict
        As from `read_columns`.
    name : str
    tables : sequence of str
        Only tables that have the column; the general entry counts where there are none.

    Returns
    -------
    Word or None
        None where the dictionary does not know the column.

    Raises
    ------
    BadInput
        Two of the tables mean different things by the column.
    """
    entries = dictionary.get(name)
    if entries is None:
        return None
    # a table without a meaning of its own says no more than the general entry
    found = sorted(
        ((table, entries.get(table, entries[""])) for table in tables),
        key=lambda pair: pair[0] not in entries,
    )
    for table, other in found[1:]:
        first_table, first = found[0]
        if not (first.same_meaning(other) if table in entries else first.same_kind(other)):
            raise BadInput(
                _(
                    "Column {column!r} means different things in tables {first!r} and "
                    "{second!r}: name only the one that is meant."
                ).format(column=name, first=first_table, second=table)
            )
    return found[0][1] if found else entries[""]


def columns_of(dictionary, descriptor):
    """The words of a table's columns, in order; a plain one where the dictionary has none."""
    return [
        word_of(dictionary, c.name, [descriptor.name]) or Word(c.name, c.name, c.name)
        for c in descriptor.columns
    ]
