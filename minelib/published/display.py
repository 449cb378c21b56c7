# SPDX-License-Identifier: MIT
"""Published figures as text for readers."""

import pandas as pd

from minelib.checks import language, need_columns
from minelib.checks.door import Lang
from minelib.published.entries import FILE
from minelib.words import figure, gettext as _, within

__all__ = ["formatted", "short_authors"]

_FIGURES = {
    "published": ["published_value", "published_low", "published_high"],
    "computed": ["computed_value", "computed_lower", "computed_upper"],
}


def short_authors(authors: pd.Series) -> pd.Series:
    """The first author, or the letters an office is known by.

    Parameters
    ----------
    authors : pandas.Series of str

    Returns
    -------
    pandas.Series of str

    Examples
    --------
    >>> short_authors(pd.Series(["Stoll, Klaaßen, Gallersdörfer"])).tolist()
    ['Stoll']
    """
    return authors.astype("str").replace(FILE["short"]).str.split(",").str[0]


def _figure(row, lang):
    value, low, high = row
    between = within(low, high, value, lang=lang)
    if value != value:
        return between
    return figure(value, lang) + (_(" ({interval})", lang).format(interval=between) * bool(between))


def formatted(table: pd.DataFrame, lang: Lang | None = None) -> pd.DataFrame:
    """A table of `minelib.published.table` with its figures as text.

    Parameters
    ----------
    table : pandas.DataFrame
    lang : {"en", "zh"} or None
        None for the current language.

    Returns
    -------
    pandas.DataFrame
        The same rows with four columns of text more: ``published`` and ``computed`` (value and,
        in brackets, its interval), ``unit_word``, the unit in the language, and
        ``published_figure``, first author, year and quantity in one.

    Raises
    ------
    BadInput
        A frame that lacks a column.
    UnknownName
        Another language.

    Examples
    --------
    >>> import minelib as ml
    >>> formatted(ml.published.table("en"), "en").iloc[0][["published", "computed"]].tolist()
    ['89', '89.0']
    """
    need_columns(
        "table", table, [*sum(_FIGURES.values(), []), "authors", "year", "quantity", "unit"]
    )
    words = {
        name: [_figure(row, language(lang)) for row in table[columns].itertuples(index=False)]
        for name, columns in _FIGURES.items()
    }
    who = short_authors(table["authors"]) + " " + table["year"].astype(str)
    whose = [_("{name}: ", lang).format(name=name) for name in who]
    units = [_(unit, lang) for unit in table["unit"]]
    return table.assign(**words, unit_word=units, published_figure=whose + table["quantity"])
