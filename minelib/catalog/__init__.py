# SPDX-License-Identifier: MIT
"""The tables: facts with units, sources, licences and warnings.

>>> import minelib as ml
>>> ml.catalog.list().columns.tolist()[:4]
['name', 'topic', 'title', 'rows']
"""

import sys
import warnings
from types import ModuleType
from typing import TYPE_CHECKING, Any, Literal

from minelib.catalog import columns, own
from minelib.catalog.describe import Description
from minelib.catalog.descriptor import WARNINGS, Descriptor
from minelib.catalog.files import data_folder
from minelib.catalog.own import default, follow, versions
from minelib.catalog.store import Catalog

if TYPE_CHECKING:
    from pandas import DataFrame
else:
    DataFrame = Any  # pandas is loaded with the first table

__all__ = [
    "WARNINGS",
    "Catalog",
    "Descriptor",
    "cite",
    "columns",
    "coverage",
    "data_folder",
    "default",
    "describe",
    "follow",
    "list",
    "load",
    "loaded",
    "quality",
    "sources",
    "versions",
]

# The room is read by commands that must answer at once and need no pandas, so it does without
# the door of `minelib.checks.door`: tables, languages and versions are checked where they are
# looked up.


def list(lang: Literal["en", "zh"] | None = None) -> DataFrame:
    """The tables there are.

    Parameters
    ----------
    lang : {"en", "zh"} or None
        Language of the titles; None for the current one.

    Returns
    -------
    pandas.DataFrame
        One row per table: name, topic, title, rows, start, end, licence, commercial_use (yes,
        no, ask), version. Start and end are text as the table has its dates ("2019-09-01",
        "2021"), empty where it has none.

    Raises
    ------
    UnknownName
        An unknown language.

    Examples
    --------
    >>> "halvings" in list()["name"].tolist()
    True
    """
    return default().frame(lang)


def load(name: str, version: int | str | None = None) -> DataFrame:
    """Load a table with documented columns and dtypes.

    Parameters
    ----------
    name : str
        A name of `minelib.catalog.list`.
    version : int, str or None
        The data version an analysis was written for; ``"packaged"``, or ``"mine"`` and
        ``"mine-1"`` for what ``minelib refresh`` made of newer files; None takes the one that
        is followed, the packaged one unless a notebook's parameter ``data`` says otherwise.

    Returns
    -------
    pandas.DataFrame
        Days and months as ``datetime64[us]`` without a zone (UTC); times as UTC-aware
        ``datetime64``; text as ``str``; a gap as a missing value. Yours to change.

    Raises
    ------
    UnknownName
        With the nearest names.
    OutOfCoverage
        Another number was asked than that of the table there is.
    BadInput
        ``"mine"`` where there is none, or one made beside an earlier packaged table.
    DamagedData
        A missing or altered file, or a row that breaks its schema: file, line, column,
        value and rule. A half-loaded frame is never returned.

    Examples
    --------
    >>> load("halvings")["height"].tolist()
    [0, 210000, 420000, 630000, 840000]
    """
    return own.load(name, version)


def describe(name: str, lang: Literal["en", "zh"] | None = None) -> Description:
    """Title, meaning, columns with units, sources, licence and warnings of a table.

    Parameters
    ----------
    name : str
    lang : {"en", "zh"} or None
        None for the current language.

    Returns
    -------
    Description
        Prints as text, shows as a page in Jupyter.

    Raises
    ------
    UnknownName
        With the nearest names.

    Examples
    --------
    >>> describe("halvings").licence
    'CC0-1.0'
    """
    return default().describe(name, lang)


def cite(name: str, style: Literal["text", "bibtex"] = "text") -> str:
    """How to cite a table.

    Parameters
    ----------
    name : str
    style : {"text", "bibtex"}

    Returns
    -------
    str

    Raises
    ------
    UnknownName
        Of the table or of the style.

    Examples
    --------
    >>> cite("halvings", style="bibtex").splitlines()[0]
    '@misc{minelib_halvings,'
    """
    return default().cite(name, style)


def loaded() -> dict[str, int]:
    """Versions of the tables this process has loaded: name to integer version."""
    return default().loaded()


def sources(lang: Literal["en", "zh"] | None = None) -> DataFrame:
    """Every source of the tables, and how it was seen.

    Where the rows of a table come from sources of their own, each of these is a row here; else
    the sources its descriptor names. What was assumed or put together here has none.

    Parameters
    ----------
    lang : {"en", "zh"} or None
        Language of the publishers' names; None for the current one.

    Returns
    -------
    pandas.DataFrame
        One row per source of a table: topic, table, source (publisher and work), address (empty
        where none points to the publisher), source_seen (``whole``: read from beginning to end;
        ``excerpt``: read in part; ``second_hand``: known from what others report of it) and rows
        (of the table, that rest on it). Where a source was seen in several ways, the best.

    Raises
    ------
    UnknownName
        An unknown language.
    DamagedData
        Of a table.

    Examples
    --------
    >>> sources()["source_seen"].isin(["whole", "excerpt", "second_hand"]).all()
    np.True_
    """
    from minelib.catalog import origins

    return origins.sources(default(), lang)


def quality(by: Literal["topic", "table"] = "topic") -> DataFrame:
    """How well the sources are known: the shares of those read whole, in part, and second hand.

    Parameters
    ----------
    by : {"topic", "table"}
        What a row stands for; the last row, ``all``, is of all tables together.

    Returns
    -------
    pandas.DataFrame
        ``by``; sources (how many; one that several tables rest on counts once); whole_pct,
        excerpt_pct and second_hand_pct, which add up to 100; unsourced_rows (rows that rest on no
        source of their own: names, assumptions, results of other tables).

    Raises
    ------
    BadParameter
        Another ``by``.
    DamagedData
        Of a table.

    Examples
    --------
    >>> quality().columns.tolist()[2:]
    ['whole_pct', 'excerpt_pct', 'second_hand_pct', 'unsourced_rows']
    """
    from minelib.catalog import origins

    return origins.quality(default(), by)


def coverage(lang: Literal["en", "zh"] | None = None) -> DataFrame:
    """How far every table with dates reaches, read from its rows.

    Parameters
    ----------
    lang : {"en", "zh"} or None
        Language of the titles; None for the current one.

    Returns
    -------
    pandas.DataFrame
        One row per table that has dates: topic, table, title, first_day and last_day (both
        inclusive; of a month or a year its last day, of an epoch the day it begins), grain
        (``block``, ``day``, ``epoch``, ``month``, ``year``; ``single`` where dated rows form no
        series) and rows.

    Raises
    ------
    UnknownName
        An unknown language.
    DamagedData
        Of a table.

    Examples
    --------
    >>> reach = coverage().set_index("table")
    >>> str(reach.loc["country_share", "last_day"].date()), reach.loc["country_share", "grain"]
    ('2022-01-31', 'month')
    """
    from minelib.catalog import reach

    return reach.coverage(default(), lang)


class _CallableModule(ModuleType):
    """Lets ``minelib.catalog()`` list the tables, as it did before it was a room."""

    def __call__(self, lang: Any = None) -> DataFrame:
        said = "minelib.catalog() is now minelib.catalog.list(), and goes with version 0.3."
        warnings.warn(said, DeprecationWarning, stacklevel=2)
        return default().frame(lang)


sys.modules[__name__].__class__ = _CallableModule
