# SPDX-License-Identifier: MIT
"""The parameters of each notebook as one typed model, found by convention.

``notebooks/02-crackdown.ipynb`` has its model in ``minelib/studies/crackdown.py``, a class
`Crackdown`; ``04-electricity-carbon.ipynb`` has `ElectricityCarbon` in
``electricity_carbon.py``. There is no list to keep: `minelib.studies.Crackdown` finds it.

A folder of further notebooks may bring its own models in a sub-folder ``studies``; it is
found while the environment variable ``MINELIB_NOTEBOOKS`` names the folder.
"""

import os
import re
from importlib import import_module
from pathlib import Path

from minelib.errors import UnknownName

__all__ = ["class_name", "model", "module_name", "names", "source_file", "study"]

_NOT_STUDIES = {"__init__", "base", "fields", "findings", "namespace", "notebooks"}
_own_folder = __path__[0]


def module_name(slug):
    """Name of the module with the model of a notebook.

    Examples
    --------
    >>> module_name("electricity-carbon")
    'electricity_carbon'
    """
    return slug.replace("-", "_")


def class_name(slug):
    """Name of the class with the model of a notebook.

    Examples
    --------
    >>> class_name("electricity-carbon")
    'ElectricityCarbon'
    """
    return "".join(part.capitalize() for part in re.split(r"[-_]", slug))


def _folders():
    folders = [_own_folder]
    if os.environ.get("MINELIB_NOTEBOOKS"):
        folders.insert(0, str(Path(os.environ["MINELIB_NOTEBOOKS"], "studies").absolute()))
    return folders


def names():
    """The names of the classes there are, sorted.

    Returns
    -------
    list of str
    """
    found = set()
    for folder in _folders():
        found.update(path.stem for path in Path(folder).glob("[a-z]*.py"))
    return sorted(class_name(name) for name in found - _NOT_STUDIES)


def source_file(slug):
    """The file with the model of a notebook, found without importing it.

    Returns
    -------
    pathlib.Path or None
    """
    for folder in _folders():
        path = Path(folder, f"{module_name(slug)}.py")
        if path.is_file():
            return path
    return None


def study(notebook, namespace=None):
    """Check the parameters of a notebook, and make ready for it. Its third cell.

    Every parameter is checked at once; then the language, the style and the Chinese font are
    set for all later figures of the kernel, and the notebook's figures get their numbers.

    Parameters
    ----------
    notebook : str or int
        Number, slug or file name: ``2``, ``"crackdown"``, ``"02-crackdown"``.
    namespace : dict or None
        ``globals()``: the parameters are read from it by their names, and whatever else stands
        there is left alone. In a plain dict an unknown name is refused. None takes the
        defaults. Scalars of numpy and pandas, and days as `datetime`, are taken too.

    Returns
    -------
    minelib.studies.base.Study
        The checked values as attributes; `Study.keep` notes what the notebook finds.

    Raises
    ------
    UnknownName
        No such notebook; the nearest are named.
    BadParameters
        Every parameter that is missing or breaks its rule, before anything is computed.

    Examples
    --------
    >>> study("01-boom").machine
    'Antminer S9'
    """
    from minelib import display, style
    from minelib.studies.namespace import parameters_in
    from minelib.studies.notebooks import select

    chosen = select([notebook])[0]
    kind = model(chosen.slug)
    made = kind(**({} if namespace is None else parameters_in(namespace, kind)))
    style.use(getattr(made, "lang", None))
    display.number_figures(chosen.figure_titles())
    return made


def model(slug):
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
    """
    name = class_name(slug)
    if name not in names():
        raise UnknownName("study", name, names())
    __path__[:] = _folders()
    return getattr(import_module(f"{__name__}.{module_name(slug)}"), name)


def __getattr__(name):
    if name[:1].isupper():
        slug = re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower()
        if name in names():
            return model(slug)
    raise AttributeError(f"module 'minelib.studies' has no study {name!r}; there are: {names()}")


def __dir__():
    return sorted([*__all__, *names()])
