# SPDX-License-Identifier: MIT
"""Versions of the data: the packaged one, and those that a reader made of newer files.

A version of the reader's own is a folder ``mine-1``, ``mine-2`` ... of her data folder, with the
tables that differ from the packaged ones; all others are the packaged.
"""

import contextlib
import json
import os
import re
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from minelib.catalog.store import Catalog, packaged
from minelib.checks import whole
from minelib.errors import BadInput, OutOfCoverage, UnknownName
from minelib.words import gettext as _

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    *("MINE", "PACKAGED", "RECORD", "catalog_of", "default", "follow", "folder_of_versions"),
    *("load", "newest", "newest_usable", "used", "versions"),
]

PACKAGED, MINE = "packaged", "mine"
RECORD = "refresh.json"
"""In the folder of a version: what it was made of, and beside which packaged tables."""


def folder_of_versions() -> Path:
    """The reader's data folder: what ``MINELIB_DATA`` names, else the one of the platform."""
    if own := os.environ.get("MINELIB_DATA"):
        return Path(own).absolute()
    home = Path.home()
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / "minelib"
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / "minelib"
    return Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share") / "minelib"


def _own():
    """Number to folder of each version of the reader's own, oldest first."""
    try:
        found = [p for p in folder_of_versions().glob("mine-*") if (p / RECORD).is_file()]
    except (OSError, RuntimeError):  # no home folder, or none to be read
        return {}
    numbered = {p.name.partition("-")[2]: p for p in found}
    good = {int(n): p for n, p in numbered.items() if re.fullmatch("[1-9][0-9]{0,5}", n)}
    return dict(sorted(good.items()))


def newest() -> int:
    """The number of the reader's newest version, 0 where there is none."""
    return max(_own(), default=0)


def versions() -> list[str]:
    """The versions there are: ``packaged``, and ``mine`` (the newest), ``mine-1`` ...

    Examples
    --------
    >>> versions()[0]
    'packaged'
    """
    own = [f"{MINE}-{n}" for n in _own()]
    return [PACKAGED, *([MINE, *own] if own else [])]


def catalog_of(version: str) -> Catalog:
    """The catalogue of one version.

    Parameters
    ----------
    version : str
        ``"packaged"``, ``"mine"`` for the newest of the reader's own, or ``"mine-1"``.

    Returns
    -------
    Catalog

    Raises
    ------
    UnknownName
        There is no such version.
    BadInput
        The reader has none of her own, or it was made beside packaged tables that have changed.
    """
    if version == PACKAGED:
        return packaged()
    own = _own()
    name = f"{MINE}-{max(own)}" if version == MINE and own else str(version)
    folder = next((path for path in own.values() if path.name == name), None)
    if folder is None and own:
        raise UnknownName("version of the data", version, versions())
    if folder is None:
        sentence = _(
            "There is no version {version!r} of the data in {folder}: minelib refresh --from FILE "
            "makes one of newer files that you have."
        )
        raise BadInput(sentence.format(version=str(version), folder=folder_of_versions()))
    for table, stamp in json.loads((folder / RECORD).read_text(encoding="utf-8"))["beside"].items():
        if packaged().descriptor(table).sha256 != stamp:
            sentence = _(
                "{version} was made beside an earlier packaged table {table}. Make a new version "
                "of the same files: minelib refresh --from FILE"
            )
            raise BadInput(sentence.format(version=name, table=table))
    return _made(folder)


def newest_usable() -> Catalog:
    """The newest version that stands beside the packaged tables of now, else the packaged."""
    for version in reversed(versions()):
        with contextlib.suppress(BadInput):
            return catalog_of(version)
    return packaged()


@cache
def _made(folder):
    return Catalog(over=folder, label=folder.name)


_followed: list[Catalog] = []


def default() -> Catalog:
    """The catalogue that `minelib.load` reads: the packaged one unless another is followed."""
    return _followed[-1] if _followed else packaged()


def follow(version: str) -> None:
    """Let every table be read from this version from now on, in this process.

    What was computed from another version is forgotten: each cache of the package's modules.

    Parameters
    ----------
    version : str
        As in `catalog_of`.
    """
    chosen = catalog_of(version)
    if chosen is default():
        return
    _followed[:] = [chosen]
    kept = {packaged, _made}
    for name, module in list(sys.modules.items()):
        for each in list(vars(module).values()) if name.startswith("minelib.") else ():
            if hasattr(each, "cache_clear") and each not in kept:
                each.cache_clear()


_asked: dict[tuple[str, str], Catalog] = {}


def load(name: str, version: int | str | None) -> "pd.DataFrame":
    """One table of a version, as a frame; see `minelib.load`."""
    if isinstance(version, str):
        catalog = _asked[name, version] = catalog_of(version)
        return catalog.load(name)
    there = default().descriptor(name).version
    if version is not None and whole("version", version) != there:
        raise OutOfCoverage(f"minelib's table {name}", f"version {version}", f"version {there}")
    return default().load(name)


def used() -> dict[str, tuple[Catalog, str]]:
    """What this process has loaded: table to its catalogue and name.

    A table of another version than the one that is followed is named as it was asked for,
    ``"network_daily@mine"``.
    """
    found = {name: (default(), name) for name in default().loaded()}
    others = {key: each for key, each in sorted(_asked.items()) if each is not default()}
    return found | {f"{name}@{v}": (each, name) for (name, v), each in others.items()}
