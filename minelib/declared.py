# SPDX-License-Identifier: MIT
"""What is declared beside a module, in a TOML: lists, and sentences for a reader."""

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from minelib.words import gettext

__all__ = ["declared", "sentences"]


def declared(module: str, name: str = "") -> dict[str, Any]:
    """The declarations beside a module, given its ``__file__``.

    Parameters
    ----------
    module : str
        The ``__file__`` of the module.
    name : str
        Of the file beside it; "" for the module's own name with ``.toml``.

    Returns
    -------
    dict

    Examples
    --------
    >>> from minelib.figures import marks
    >>> sorted(declared(marks.__file__, "tiles.toml"))
    ['countries', 'provinces']
    """
    path = Path(module)
    path = path.with_name(name) if name else path.with_suffix(".toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


def sentences(module: str) -> Callable[..., str]:
    """What a module says to a reader: the table ``says`` of its `declared`, by a key.

    They are gathered for translation from there.

    Parameters
    ----------
    module : str
        The ``__file__`` of the module.

    Returns
    -------
    callable
        Takes the key, the language (without one the current), and what the sentence has places
        for; gives the sentence.

    Examples
    --------
    >>> from minelib.workbench.runs import folders
    >>> sentences(folders.__file__)("ENOSPC", folder="here")
    'Cannot write to here: no space left on the disk.'
    """
    says = declared(module)["says"]
    return lambda key, lang=None, /, **parts: gettext(says[key], lang).format(**parts)
