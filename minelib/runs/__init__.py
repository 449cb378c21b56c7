# SPDX-License-Identifier: MIT
"""Run notebooks with papermill: strictly checked, several at once, only what has changed.

Loaded when first used: `run_notebooks`, `sweep`, `collect`, `RunResult`.
"""

from importlib import import_module

_WHERE = {
    "RunResult": "minelib.runs.main",
    "collect": "minelib.runs.collecting",
    "run_notebooks": "minelib.runs.main",
    "sweep": "minelib.runs.sweeps",
}

__all__ = list(_WHERE)


def __getattr__(name):
    if name in _WHERE:
        value = globals()[name] = getattr(import_module(_WHERE[name]), name)
        return value
    raise AttributeError(f"module 'minelib.runs' has no attribute {name!r}")
