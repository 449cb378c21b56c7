# SPDX-License-Identifier: MIT
"""Figures: one module a subject, frames in, a `Chart` out. Loaded when first asked for."""

from importlib import import_module
from pathlib import Path

__all__ = sorted(p.stem for p in Path(__file__).parent.glob("*.py") if not p.stem.startswith("_"))


def __getattr__(name):
    if name in __all__:
        return import_module(f"minelib.plots.{name}")
    raise AttributeError(f"module 'minelib.plots' has no attribute {name!r}")


def __dir__():
    return __all__
