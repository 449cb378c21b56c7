# SPDX-License-Identifier: MIT
"""The dictionary of columns: what a column is called in two languages, its unit, its values.

>>> label("share_pct", "zh"), label("share_pct", "en", tables=["pool_share"])
('占比（%）', 'Share of blocks (%)')
>>> value("province", "sichuan", "zh")
'四川'
"""

from collections.abc import Collection
from typing import Literal

from minelib.catalog.dictionary import Word, read_columns, word_of
from minelib.catalog.names import name_of
from minelib.catalog.own import default
from minelib.catalog.units import UNITS
from minelib.checks import language
from minelib.errors import BadParameter, UnknownName
from minelib.words import LANGUAGES, gettext as _

__all__ = ["Word", "has_column", "known", "label", "read_columns", "value", "vocabulary", "word"]


def word(name: str, tables: str | Collection[str] = ()) -> Word | None:
    """The entry of a column.

    Parameters
    ----------
    name : str
    tables : str or sequence of str
        Tables that a frame came from. One that has the column may mean something of its own
        by it; one that does not have it has no say.

    Returns
    -------
    Word or None
        None where the dictionary does not know the column.

    Raises
    ------
    BadInput
        Two of the tables have the column and mean different things.
    UnknownName
        Of a table.

    Examples
    --------
    >>> word("share_pct").unit
    'percent'
    >>> word("share_pct", ["pool_share"]).en
    'Share of blocks'
    >>> word("my_own_column") is None
    True
    """
    tables = [tables] if isinstance(tables, str) else tables
    if not isinstance(tables, Collection):
        raise BadParameter("tables", tables, _("must be a list of names"))
    having = [t for t in tables if has_column(t, str(name))]
    return word_of(default().words, str(name), having)


def label(
    name: str,
    lang: Literal["en", "zh"] | None = None,
    tables: str | Collection[str] = (),
    unit: bool | str = True,
) -> str:
    """What to write at the head of a column or along an axis.

    Parameters
    ----------
    name : str
    lang : {"en", "zh"} or None
        None for the current language.
    tables : str or sequence of str
        As in `word`.
    unit : bool or str
        With the unit in parentheses, where there is one to show; a unit of
        `minelib.catalog.units.UNITS` stands in place of the column's own.

    Returns
    -------
    str
        The name itself where the dictionary does not know it.

    Raises
    ------
    BadInput
        As `word`.
    UnknownName
        Of a table or a unit.

    Examples
    --------
    >>> label("hashrate_eh_s", "en"), label("hashrate_eh_s", "zh", unit=False)
    ('Hash rate (EH/s)', '算力')
    >>> label("best_twh", "en"), label("best_twh", "en", unit="TWh")
    ('Best guess (TWh/year)', 'Best guess (TWh)')
    >>> label("my_own_column")
    'my_own_column'
    """
    tongue, found = language(lang), word(name, tables)
    if not isinstance(unit, bool) and str(unit) not in UNITS:
        raise UnknownName("unit", unit, UNITS)
    return str(name) if found is None else found.label(tongue, unit)


def value(
    name: str,
    value: object,
    lang: Literal["en", "zh"] | None = None,
    tables: str | Collection[str] = (),
) -> str:
    """The word of one value of a column.

    Parameters
    ----------
    name : str
        The column.
    value : object
    lang : {"en", "zh"} or None
        None for the current language.
    tables : str or sequence of str
        As in `word`.

    Returns
    -------
    str
        From the table of names the column is keyed to, English where it has no Chinese
        name; else from the fixed vocabulary of the column; else the value as text.

    Examples
    --------
    >>> value("pool", "f2pool", "zh"), value("pool", "f2pool", "en")
    ('鱼池', 'F2Pool')
    >>> value("verdict", "contradicted", "zh"), value("my_own_column", 3)
    ('不成立', '3')
    """
    tongue, found = language(lang), word(name, tables)
    if found is None:
        return str(value)
    if found.names:
        shown = name_of(found.names, value, tongue)
        if shown is not None:
            return shown
    words = found.values.get(str(value))
    if words is None and name == "variable":  # of a melted frame: names of columns
        return label(str(value), lang, tables)
    return str(value) if words is None else words[LANGUAGES.index(tongue)]


def vocabulary(column: str, keys: Collection[str] | None = None) -> dict[str, str]:
    """What a column may hold, or some of it, with the English words of the dictionary.

    Examples
    --------
    >>> vocabulary("direction")
    {'to_hydropower': 'to hydropower', 'to_coal': 'to coal'}
    """
    found = word(column)
    values = {} if found is None else found.values
    return {key: values[key][0] for key in (values if keys is None else keys)}


def known(name: str) -> bool:
    """Whether the dictionary knows a column.

    Examples
    --------
    >>> known("month"), known("my_own_column")
    (True, False)
    """
    return str(name) in default().words


def has_column(table: str, name: str) -> bool:
    """Whether a table of the catalogue has a column of that name.

    Examples
    --------
    >>> has_column("pool_share", "pool"), has_column("halvings", "pool")
    (True, False)
    """
    return any(c.name == str(name) for c in default().descriptor(table).columns)
