# SPDX-License-Identifier: MIT
"""The parameters of each notebook as one typed model, found by convention.

``notebooks/02-crackdown.ipynb`` has its model in ``minelib/studies/crackdown.py``, a class
`Crackdown`; ``04-electricity-carbon.ipynb`` has `ElectricityCarbon` in
``electricity_carbon.py``. There is no list to keep: `minelib.studies.Crackdown` finds it.

A folder of further notebooks may bring its own models in a sub-folder ``studies``; it is
found while the environment variable ``MINELIB_NOTEBOOKS`` names the folder.
"""

from typing import TYPE_CHECKING, Any

from minelib.studies.registry import class_name, model, module_name, names, slug_of, source_file

if TYPE_CHECKING:
    from minelib.studies.base import Study

__all__ = ["class_name", "model", "module_name", "names", "source_file", "study"]


def study(notebook: str | int, namespace: dict | None = None) -> "Study":
    """Check the parameters of a notebook, and make ready for it. Its third cell.

    Every parameter is checked at once; then the version of the data is followed from here on
    (parameter ``data``), the language, the style and the Chinese font are set for all later
    figures of the kernel, and the notebook's figures get their numbers.

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
    BadInput
        Neither a dict nor None.
    BadParameters
        Every parameter that is missing or breaks its rule, before anything is computed.

    Examples
    --------
    >>> study("01-boom").machine
    'Antminer S9'
    """
    from minelib import catalog, display, style
    from minelib.studies.namespace import parameters_in
    from minelib.studies.notebooks import select

    chosen = select([notebook])[0]
    kind = model(chosen.slug)
    made = kind(**({} if namespace is None else parameters_in(namespace, kind)))
    catalog.follow(getattr(made, "data", catalog.own.PACKAGED))
    style.use(getattr(made, "lang", None))
    display.number_figures(chosen.figure_titles())
    return made


def __getattr__(name: str) -> Any:
    if name[:1].isupper() and name in names():
        return model(slug_of(name))
    raise AttributeError(f"module 'minelib.studies' has no study {name!r}; there are: {names()}")


def __dir__() -> list[str]:
    return sorted([*__all__, *names()])
