# SPDX-License-Identifier: MIT
"""The machinery: runs, sweeps, kernels, site, JupyterLab, grading, the explorer's controls.

Needs ``pip install "minelib[workbench]"``. Loaded when first used: `run_notebooks`, `sweep`,
`collect`, `RunResult`, `panel`.
"""

from importlib import import_module
from inspect import isfunction

_WHERE = {
    "RunResult": "minelib.workbench.runs.main",
    "collect": "minelib.workbench.runs.collecting",
    "panel": "minelib.workbench.widgets",
    "run_notebooks": "minelib.workbench.runs.main",
    "sweep": "minelib.workbench.runs.sweeps",
}

__all__ = list(_WHERE)


def __getattr__(name):
    if name in _WHERE:
        value = getattr(import_module(_WHERE[name]), name)
        if isfunction(value):
            from minelib.checks.door import checked

            value = checked(value)
        globals()[name] = value
        return value
    raise AttributeError(f"module 'minelib.workbench' has no attribute {name!r}")
