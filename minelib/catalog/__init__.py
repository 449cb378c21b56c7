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

from minelib.catalog import columns
from minelib.catalog.describe import Description
from minelib.catalog.descriptor import WARNINGS, Descriptor
from minelib.catalog.files import data_folder
from minelib.catalog.store import Catalog, default

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
    "data_folder",
    "default",
    "describe",
    "list",
    "load",
    "loaded",
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
        One row a table: name, topic, title, rows, start, end, licence, commercial_use (yes,
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


def load(name: str, version: int | None = None) -> DataFrame:
    """Load a table with documented columns and dtypes.

    Parameters
    ----------
    name : str
        A name of `minelib.catalog.list`.
    version : int or None
        The data version an analysis was written for; None takes the one there is.

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
        Another version was asked than the one shipped.
    DamagedData
        A missing or altered file, or a row that breaks its schema: file, line, column,
        value and rule. A half-loaded frame is never returned.

    Examples
    --------
    >>> load("halvings")["height"].tolist()
    [0, 210000, 420000, 630000, 840000]
    """
    return default().load(name, version)


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


class _CallableModule(ModuleType):
    """Lets ``minelib.catalog()`` list the tables, as it did before it was a room."""

    def __call__(self, lang: Any = None) -> DataFrame:
        said = "minelib.catalog() is now minelib.catalog.list(), and goes with version 0.3."
        warnings.warn(said, DeprecationWarning, stacklevel=2)
        return default().frame(lang)


sys.modules[__name__].__class__ = _CallableModule
