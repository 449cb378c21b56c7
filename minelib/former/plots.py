# SPDX-License-Identifier: MIT
"""Figures of version 0.1 that have moved or gone: one table, and what becomes of a call.

A name with a successor works for one minor version more, with a `DeprecationWarning`. A
figure that is a cell of a notebook now says where.
"""

import warnings
from importlib import import_module
from inspect import signature
from typing import Any

from minelib.declared import declared
from minelib.words import gettext as _

_FILE = declared(__file__)
# old name -> ("cell", notebook, cell) or ("figure", new name, tables named underneath)
NAMES = {old: ("cell", *where) for old, where in _FILE["cells"].items()} | {
    old: ("figure", new, tables) for old, (new, *tables) in _FILE["figures"].items()
}

__all__ = sorted({name.split(".")[0] for name in NAMES})


def attribute(room: str, name: str) -> Any:
    """What an old name of a room stands for.

    Raises
    ------
    AttributeError
        No old name, or one whose figure is a cell now; the sentence says which.
    """
    old = f"{room}.{name}"
    if old in NAMES:
        kind, *where = NAMES[old]
        if kind == "cell":
            sentence = _("{old} is a cell now: see {cell} of notebook {notebook}.")
            raise AttributeError(
                sentence.format(old=f"ml.plots.{old}", notebook=where[0], cell=where[1])
            )
        return _figure(old, *where)
    raise AttributeError(f"module 'minelib.plots' has no attribute {old!r}")


def _figure(old, new, tables):
    def drawn(*args, lang=None, **kwargs):
        from minelib.display import finish
        from minelib.style import style

        sentence = _("{old} is now {new}, and goes with version {version}.")
        said = sentence.format(old=f"ml.plots.{old}", new=f"ml.figures.{new}", version="0.3")
        warnings.warn(said, DeprecationWarning, stacklevel=2)
        module, _dot, name = f"minelib.figures.{new}".rpartition(".")
        function = getattr(import_module(module), name)
        # what only the old figure took is left out: dates and words come from the result now
        known = [p for p in signature(function).parameters if p not in ("ax", "figure")]
        given = dict(zip(known, args, strict=False)) | {k: kwargs[k] for k in known if k in kwargs}
        with style(lang):
            return finish(function(**given), *tables, events=True)

    return drawn


class _Room:
    def __init__(self, name):
        self._name = name

    def __getattr__(self, name):
        return attribute(self._name, name)


def __getattr__(name: str) -> Any:
    if name in __all__:
        return _Room(name)
    raise AttributeError(f"module 'minelib.plots' has no attribute {name!r}")
