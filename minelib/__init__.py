# SPDX-License-Identifier: MIT
"""China's Bitcoin-mining boom, the 2021 crackdown and the relocation of the hash rate.

Everything is reached from the package itself and loaded when first asked for, so that
``import minelib`` costs next to nothing:

>>> import minelib as ml
>>> ml.load("halvings").columns[:2].tolist()
['event', 'height']
"""

import sys
import warnings
from importlib import import_module
from importlib.machinery import ModuleSpec

__version__ = "0.2.0"

_ROOMS = (
    "carbon",
    "catalog",
    "chain",
    "claims",
    "display",
    "economics",
    "employment",
    "energy",
    "errors",
    "explorer",
    "figures",
    "geography",
    "impact",
    "lessons",
    "pools",
    "published",
    "studies",
    "style",
    "timeline",
    "words",
    "workbench",
)

_SHORTCUTS = {
    "load": "minelib.catalog",
    "describe": "minelib.catalog",
    "cite": "minelib.catalog",
    "verify": "minelib.chain",
    "use": "minelib.style",
    "finish": "minelib.display",
    "show": "minelib.display",
    "study": "minelib.studies",
    "collect": "minelib.workbench",
}

# modules of version 0.1 and where they are now
_FORMER = {
    "dates": "checks",
    "grading": "workbench.grading",
    "lab": "workbench.lab",
    "plots": "former.plots",
    "prose": "workbench.translation",
    "runs": "workbench",
    "tables": "former.tables",
    "text": "words",
    "units": "catalog.units",
}

__all__ = ["__version__", *_ROOMS, *_SHORTCUTS]


def __getattr__(name):
    if name in _ROOMS:
        return import_module(f"minelib.{name}")
    if name in _SHORTCUTS:
        return getattr(import_module(_SHORTCUTS[name]), name)
    if name in _FORMER:
        return import_module(f"minelib.{name}")
    raise AttributeError(f"module 'minelib' has no attribute {name!r}")


class _FormerModules:
    """Imports a module by its former name: the new one, with a warning. Goes with 0.3."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        room = name.removeprefix("minelib.")
        return ModuleSpec(name, _FormerModules) if name != room and room in _FORMER else None

    @staticmethod
    def create_module(spec):
        return None

    @staticmethod
    def exec_module(module):
        old, new = module.__name__, f"minelib.{_FORMER[module.__name__.split('.')[1]]}"
        if "former" not in new:  # there each name has its own warning
            said = f"{old} is now {new}, and goes with version 0.3."
            warnings.warn(said, DeprecationWarning, stacklevel=2)
        sys.modules[old] = import_module(new)


sys.meta_path.insert(0, _FormerModules)


class Drawable:
    """Base of results that can be drawn: ``result.plot(ax=None)``.

    The figure is looked up when ``plot`` is first asked for, so that a subject needs no
    matplotlib and does not know the figures.
    """

    def __getattr__(self, name):
        if name == "plot":
            return import_module("minelib.figures").plot_of(self)
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def __dir__(self):
        return [*super().__dir__(), "plot"]


def __dir__():
    return sorted(__all__)
