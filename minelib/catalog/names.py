# SPDX-License-Identifier: MIT
"""Names of places and pools in two languages, from the tables they are keyed to."""

from functools import cache

from minelib.catalog.own import default
from minelib.checks import language
from minelib.words import LANGUAGES

__all__ = ["name_of", "place_name", "pool_name"]


@cache
def _names(table: str) -> dict[str, dict]:
    """Key to name in each language, gaps left out."""
    descriptor = default().descriptor(table)
    stem = "name" if any(c.name == "name_en" for c in descriptor.columns) else "title"
    frame = default().read(table).set_index(descriptor.primary_key[0])
    return {lang: frame[f"{stem}_{lang}"].dropna().to_dict() for lang in LANGUAGES}


def name_of(table: str, key: object, lang: str | None = None) -> str | None:
    """What a table of names calls a key.

    Parameters
    ----------
    table : str
        One with columns ``name_en`` and ``name_zh``, or ``title_en`` and ``title_zh``.
    key : object
    lang : {"en", "zh"} or None
        None for the current language.

    Returns
    -------
    str or None
        English where it has no Chinese name; None where the table does not know the key.

    Examples
    --------
    >>> name_of("places", "sichuan", "zh"), name_of("places", "atlantis")
    ('四川', None)
    """
    named, tongue = _names(default().descriptor(table).name), language(lang)
    try:
        return named[tongue].get(key) or named["en"].get(key)
    except TypeError:  # a list is no key
        return None


def place_name(key: str, lang: str | None = None) -> str:
    """The name of a place of table ``places``; the key itself when it is not there.

    Examples
    --------
    >>> place_name("sichuan", "en")
    'Sichuan'
    """
    return name_of("places", key, lang) or str(key)


def pool_name(key: str, lang: str | None = None) -> str:
    """The name of a pool of table ``pools``; English where it has no Chinese one.

    Examples
    --------
    >>> pool_name("f2pool", "zh")
    '鱼池'
    """
    return name_of("pools", key, lang) or str(key)
