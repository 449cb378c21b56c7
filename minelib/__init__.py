# SPDX-License-Identifier: MIT
"""China's Bitcoin-mining boom, the 2021 crackdown and the relocation of the hash rate.

Everything is reached from the package itself and loaded when first asked for, so that
``import minelib`` costs next to nothing:

>>> import minelib as ml
>>> ml.load("halvings").columns[:2].tolist()
['event', 'height']
"""

from importlib import import_module

__version__ = "0.1.0"

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
    "plots",
    "pools",
    "published",
    "runs",
    "studies",
    "style",
    "tables",
    "text",
    "timeline",
    "units",
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
    "collect": "minelib.runs",
}

__all__ = ["__version__", *_ROOMS, *_SHORTCUTS]


def __getattr__(name):
    if name in _ROOMS:
        return import_module(f"minelib.{name}")
    if name in _SHORTCUTS:
        return getattr(import_module(_SHORTCUTS[name]), name)
    raise AttributeError(f"module 'minelib' has no attribute {name!r}")


def __dir__():
    return sorted(__all__)
