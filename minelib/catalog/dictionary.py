# SPDX-License-Identifier: MIT
"""The dictionary of columns as a file: read ``columns.toml``, check it, find an entry."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from minelib.catalog.descriptor import Descriptor
from minelib.catalog.files import check_keys, read_toml, refusing
from minelib.catalog.units import UNITS
from minelib.errors import BadInput
from minelib.words import LANGUAGES, gettext as _

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

    def label(self, lang: str, unit: bool | str = True) -> str:
        """The label in a language, with its unit in parentheses where it has one to show.

        ``unit`` is True, False, or another unit in place of the entry's own.

        Examples
        --------
        >>> Word("share_pct", "Share", "占比", "percent").label("zh")
        '占比（%）'
        """
        text = getattr(self, lang)
        shown = self._shown_unit(lang, self.unit if unit is True else unit or "")
        if not shown:
            return text
        return f"{text}（{shown}）" if lang == "zh" else f"{text} ({shown})"

    def _shown_unit(self, lang, unit):
        kind, _size = UNITS[unit]
        said = kind in _SPOKEN and re.search(rf"\b{unit}\b", self.en, re.IGNORECASE)
        if kind in _BARE or said:
            return ""
        return "%" if unit == "percent" else _(unit, lang)

    def same_kind(self, other: "Word") -> bool:
        """Whether values under two entries are of one unit and keyed to one names table."""
        return (self.unit, self.names) == (other.unit, other.names)

    def same_meaning(self, other: "Word") -> bool:
        """Whether two entries say the same to a reader."""
        return self.same_kind(other) and (self.en, self.zh) == (other.en, other.zh)


def read_columns(path: Path) -> dict[str, dict[str, Word]]:
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
    tables = {p.stem for p in path.parent.glob("*/*.toml")}
    return {name: _entries(name, raw, tables, path.name) for name, raw in read_toml(path).items()}


def _entries(name, raw, tables, file):
    refuse = refusing(file, name)
    if not isinstance(raw, dict):
        refuse("must be an entry in brackets")
    own = {key: value for key, value in raw.items() if key in _KEYS}
    for key in ("en", "zh", "unit"):
        if key not in own:
            refuse("the key is missing", key)
    entries = {"": Word(name, **_checked(own, tables, refuse))}
    for table, changes in raw.items():
        if table in _KEYS:
            continue
        if table not in tables or not isinstance(changes, dict):
            refuse("is neither a known key nor a table", table)
        changes = _checked(changes, tables, refusing(file, f"{name}.{table}"))
        values = {**entries[""].values, **changes.get("values", {})}
        entries[table] = replace(entries[""], **{**changes, "values": values})
    return entries


def _checked(entry, tables, refuse):
    """The entry, its words of values as pairs."""
    check_keys(entry, _KEYS, _KEYS, refuse)
    for lang in LANGUAGES:
        if not entry.get(lang, lang).strip():
            refuse("must not be empty", lang)
    if entry.get("unit", "") not in UNITS:
        refuse("is not a unit of minelib.catalog.units", "unit", entry["unit"])
    if entry.get("names") and entry["names"] not in tables:
        refuse("is not a table of names", "names", entry["names"])
    values = entry.get("values", {})
    for value, words in values.items():
        if not (isinstance(words, list) and len(words) == len(LANGUAGES) and all(words)):
            refuse("needs a word in English and one in Chinese", f"values.{value}", words)
    return {**entry, "values": {value: tuple(words) for value, words in values.items()}}


def word_of(
    dictionary: dict[str, dict[str, Word]], name: str, tables: Sequence[str]
) -> Word | None:
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
    first, *others = sorted(tables, key=lambda table: table not in entries) or [""]
    found = entries.get(first, entries[""])
    for table in others:
        other = entries.get(table, entries[""])
        if not (found.same_meaning(other) if table in entries else found.same_kind(other)):
            raise BadInput(
                _(
                    "Column {column!r} means different things in tables {first!r} and "
                    "{second!r}: name only the one that is meant."
                ).format(column=name, first=first, second=table)
            )
    return found


def columns_of(dictionary: dict[str, dict[str, Word]], descriptor: Descriptor) -> list[Word]:
    """The words of a table's columns, in order; a plain one where the dictionary has none."""
    return [
        word_of(dictionary, c.name, [descriptor.name]) or Word(c.name, c.name, c.name)
        for c in descriptor.columns
    ]
