# SPDX-License-Identifier: MIT
"""Places by any of their names, in either language."""

from functools import cache

from minelib.catalog import load
from minelib.errors import UnknownName
from minelib.words import N_

__all__ = ["find_place"]

_KINDS = (N_("place"), N_("country"), N_("province"), N_("state"))  # words of the errors


@cache
def _index():
    """Every name of every place in lower case, to its key and kind; first come, first served."""
    frame = load("places")
    columns = ["name_en", "name_zh", "name_zh_full", "place", "iso_alpha_3", "iso_3166_2"]
    found, spelled = {}, {}
    for row in frame.to_dict("records"):
        names = [row[c] for c in columns]
        aliases = row["aliases"]
        names += [a.strip() for a in aliases.split(";")] if isinstance(aliases, str) else []
        for name in names:
            if isinstance(name, str) and name:
                found.setdefault(name.lower(), []).append((row["place"], row["kind"]))
                spelled.setdefault(row["kind"], []).append(name)
    return found, spelled


def find_place(name, kind=None):
    """The key of a place from its name in English or Chinese, its ISO code or its key.

    Parameters
    ----------
    name : str
        Letter case does not matter.
    kind : str or None
        Only places of this kind (``"country"``, ``"province"``, ``"state"``); None for any,
        countries first.

    Returns
    -------
    str
        Key of table ``places``.

    Raises
    ------
    UnknownName
        With the nearest names, in the language of the question.

    Examples
    --------
    >>> find_place("哈萨克斯坦"), find_place("KAZ"), find_place("Kazakhstan")
    ('kazakhstan', 'kazakhstan', 'kazakhstan')
    """
    found, spelled = _index()
    matches = [
        (key, its) for key, its in found.get(str(name).strip().lower(), []) if kind in (None, its)
    ]
    if matches:
        return min(matches, key=lambda m: m[1] != "country")[0]
    known = [n for its, names in spelled.items() if kind in (None, its) for n in names]
    raise UnknownName(kind or "place", name, list(dict.fromkeys(known)))
