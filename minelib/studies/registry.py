# SPDX-License-Identifier: MIT
"""Where the model of each notebook is, found by the convention of their names."""

import os
import re
from importlib import import_module
from pathlib import Path

from minelib.errors import UnknownName

__all__ = ["SHARED", "class_name", "model", "module_name", "names", "slug_of", "source_file"]

SHARED = {
    *("__init__", "base", "findings", "namespace", "notebooks", "parameters", "registry", "table")
}
"""Modules of the room that are no models: every notebook depends on them."""

_PACKAGE = __package__
_OWN_FOLDER = Path(__file__).parent


def module_name(slug: str) -> str:
    """Name of the module with the model of a notebook.

    Examples
    --------
    >>> module_name("electricity-carbon")
    'electricity_carbon'
    """
    return str(slug).replace("-", "_")


def class_name(slug: str) -> str:
    """Name of the class with the model of a notebook.

    Examples
    --------
    >>> class_name("electricity-carbon")
    'ElectricityCarbon'
    """
    return "".join(part.capitalize() for part in re.split(r"[-_]", str(slug)))


def slug_of(name: str) -> str:
    """The notebook's slug from the name of its class.

    Examples
    --------
    >>> slug_of("ElectricityCarbon")
    'electricity-carbon'
    """
    return re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower()


def _folders() -> list[Path]:
    further = os.environ.get("MINELIB_NOTEBOOKS")
    return [*([Path(further, "studies").absolute()] if further else []), _OWN_FOLDER]


def names() -> list[str]:
    """The names of the classes there are, sorted.

    Examples
    --------
    >>> names()[:2]
    ['Boom', 'Claims']
    """
    found = {path.stem for folder in _folders() for path in folder.glob("[a-z]*.py")}
    return sorted(class_name(name) for name in found - SHARED)


def source_file(slug: str) -> Path | None:
    """The file with the model of a notebook, found without importing it; None without one.

    Examples
    --------
    >>> source_file("crackdown").name
    'crackdown.py'
    """
    files = (folder / f"{module_name(slug)}.py" for folder in _folders())
    return next((path for path in files if path.is_file()), None)


def model(slug: str) -> type:
    """The class with the parameters of the notebook of that slug.

    Parameters
    ----------
    slug : str
        As in the notebook's file name, without the number: ``"crackdown"``.

    Returns
    -------
    type
        A subclass of `minelib.studies.base.Study`.

    Raises
    ------
    UnknownName
        When there is none; the nearest are named.

    Examples
    --------
    >>> model("crackdown").__name__
    'Crackdown'
    """
    name = class_name(slug)
    if name not in names():
        raise UnknownName("study", name, names())
    import_module(_PACKAGE).__path__[:] = map(str, _folders())
    return getattr(import_module(f"{_PACKAGE}.{module_name(slug)}"), name)
