# SPDX-License-Identifier: MIT
"""The former name of `minelib.figures`; goes with version 0.3."""

from minelib.former import NAMES, attribute

__all__ = sorted({name.split(".")[0] for name in NAMES})


class _Room:
    def __init__(self, name):
        self._name = name

    def __getattr__(self, name):
        return attribute(self._name, name)


def __getattr__(name):
    if name in __all__:
        return _Room(name)
    raise AttributeError(f"module 'minelib.plots' has no attribute {name!r}")
