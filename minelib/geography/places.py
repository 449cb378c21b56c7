# SPDX-License-Identifier: MIT
"""Places by any of their names, in either language."""

from collections.abc import Iterable
from functools import cache

from minelib.catalog import load
from minelib.catalog.names import place_name
from minelib.errors import BadInput, UnknownName
from minelib.words import N_, gettext as _

__all__ = ["find_place", "place_keys"]

_KINDS = (N_("place"), N_("country"), N_("province"), N_("state"))  # words of the errors
_NAMES = ["name_en", "name_zh", "name_zh_full", "place", "iso_alpha_3", "iso_3166_2"]


@cache
def _index():
    """Every name of every place in lower case, to its key and kind; every name by kind."""
    found, spelled = {}, {}
    for row in load("places").fillna("").to_dict("records"):
        for name in [*(row[c] for c in _NAMES), *row["aliases"].split(";")]:
            if name:
                found.setdefault(name.strip().lower(), []).append((row["place"], row["kind"]))
                spelled.setdefault(row["kind"], []).append(name.strip())
    return found, spelled


def find_place(name: str, kind: str | None = None) -> str:
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
    matches = [m for m in found.get(name.strip().lower(), []) if kind in (None, m[1])]
    if matches:
        return min(matches, key=lambda m: m[1] != "country")[0]
    known = [n for its, names in spelled.items() if kind in (None, its) for n in names]
    raise UnknownName(kind or "place", name, list(dict.fromkeys(known)))


def place_keys(asked: str | Iterable[str], known: Iterable[str], kind: str) -> list[str]:
    """Keys of the places asked for by key or name, each of which must be one of ``known``.

    Raises
    ------
    BadInput
        None is named.
    UnknownName
        With the names of those that are known.

    Examples
    --------
    >>> place_keys(["四川", "yunnan", "Sichuan"], ["sichuan", "yunnan"], "province")
    ['sichuan', 'yunnan']
    """
    known = list(known)
    asked = [asked] if isinstance(asked, str) else list(asked)
    if not asked:
        raise BadInput(_("No {kind} is named."), kind=_(kind))
    keys = {name: name if name in known else find_place(name, kind) for name in asked}
    for name, key in keys.items():
        if key not in known:
            raise UnknownName(kind, name, sorted(place_name(k) for k in known))
    return list(dict.fromkeys(keys.values()))
