# SPDX-License-Identifier: MIT
"""Figures that seaborn cannot draw in ten lines: a frame or a result in, axes out.

Each takes ``ax=`` (or ``figure=`` where it needs several axes), so that it can stand in a
reader's own layout, and returns what it drew on; `minelib.finish` does the rest.
"""

from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import Any

from minelib.checks.door import checked
from minelib.errors import UnknownName
from minelib.style import palette, place_colour

# figure -> module
_WHERE = {
    "ensemble": "energy",
    "specification_curve": "carbon",
    "before_after": "geography",
    "evidence": "flows",
    "moves": "flows",
    "province_tiles": "provinces",
    "counterfactual": "impact",
    "live": "living",
    "placebos": "impact",
    "stages": "impact",
    "choice": "economics",
    "measures": "explore",
    "pools_by_week": "pools",
}

# class of a result -> its figure
_RESULTS = {
    "Ensemble": "ensemble",
    "Flows": "moves",
    "Effect": "counterfactual",
    "Placebo": "placebos",
    "Choice": "choice",
}

__all__ = [*_WHERE, "palette", "place_colour", "plot_of"]


def plot_of(result: object) -> Callable[..., Any]:
    """The figure of a result, ready to be called: ``plot_of(effect)(ax=ax)``.

    Parameters
    ----------
    result : object
        A result of an estimator, such as `minelib.impact.effect` returns it.

    Returns
    -------
    callable

    Raises
    ------
    UnknownName
        A result that has no figure.
    """
    name = type(result).__name__
    if name not in _RESULTS:
        raise UnknownName("figure", name, _RESULTS)
    return partial(__getattr__(_RESULTS[name]), result)


def __getattr__(name: str) -> Callable[..., Any]:
    if name in _WHERE:
        return checked(getattr(import_module(f"minelib.figures.{_WHERE[name]}"), name))
    raise AttributeError(f"module 'minelib.figures' has no attribute {name!r}")


def __dir__():
    return sorted(__all__)
