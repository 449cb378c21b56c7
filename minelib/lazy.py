# SPDX-License-Identifier: MIT
"""Rooms that are loaded when they are first asked for."""

from importlib import import_module

__all__ = ["Drawable"]


class Drawable:
    """Base of results that can be drawn: ``result.plot(ax=None)``.

    The figure is looked up when ``plot`` is first asked for, so that a subject needs no
    matplotlib.
    """

    def __getattr__(self, name):
        if name == "plot":
            return import_module("minelib.figures").plot_of(self)
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def __dir__(self):
        return [*super().__dir__(), "plot"]
