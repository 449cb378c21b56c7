# SPDX-License-Identifier: MIT
"""The tables: facts with units, sources, licences and warnings.

>>> import minelib as ml
>>> ml.catalog().columns.tolist()[:4]
['name', 'topic', 'title', 'rows']
"""

import sys
from types import ModuleType

from minelib.catalog import columns
from minelib.catalog.descriptor import WARNINGS, Descriptor
from minelib.catalog.store import Catalog, data_folder, default

__all__ = [
    "WARNINGS",
    "Catalog",
    "Descriptor",
    "cite",
    "columns",
    "data_folder",
    "default",
    "describe",
    "load",
    "loaded",
]


def load(name, version=None):
    """Load a table with documented columns and dtypes.

    Parameters
    ----------
    name : str
        A name of ``minelib.catalog()``.
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


def describe(name, lang=None):
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


def cite(name, style="text"):
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


def loaded():
    """Versions of the tables this process has loaded: name to integer version."""
    return default().loaded()


class _CallableModule(ModuleType):
    """Lets ``minelib.catalog()`` list the tables while ``minelib.catalog.load`` works too."""

    def __call__(self, lang=None):
        return default().frame(lang)


sys.modules[__name__].__class__ = _CallableModule
