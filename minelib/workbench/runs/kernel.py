# SPDX-License-Identifier: MIT
"""Kernels for notebooks, as children of `minelib.workbench.fork_server`."""

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from minelib.declared import declared
from minelib.workbench.fork_client import load

_USED = declared(__file__)
# rooms of minelib that a notebook never uses
_NOT_IN_KERNELS = ("_data", "_notebooks", "cli", "former", "lessons", "workbench")


def preload(few: str = "") -> Iterator[None]:
    """Import what notebooks want. A missing library is left to the notebook to miss.

    Where there are no more kernels than cores (``few``), each imports what it needs: nothing
    would be shared.
    """
    os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")
    os.environ["JPY_PARENT_PID"] = str(os.getpid())  # read by ipykernel when it is imported
    shared = () if few else (*_USED["libraries"], *_rooms(), "minelib.workbench.widgets")
    load(*_USED["ipython"], *shared)
    if few:
        return
    with contextlib.suppress(Exception):
        _draw()
    for name in _USED["later"]:
        yield
        load(name)
    with contextlib.suppress(Exception):  # every table is read, and none loaded
        sys.modules["minelib.catalog"].default().prepare()
        sys.modules["minelib.words"].prepare()


def _rooms():
    """The modules of minelib that a notebook may use, found as files."""
    package = Path(__file__).parents[2]
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(package.parent).with_suffix("").parts
        if (*parts, "")[1].removesuffix(".py") not in _NOT_IN_KERNELS and parts[-1] != "__main__":
            yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _draw():
    """Draw one figure and throw it away: fonts, glyphs and image writers are ready then.

    It is not registered with pyplot and loads no table, so that kernels start untouched.
    """
    import io

    from matplotlib.figure import Figure

    from minelib.style import date_axis, style

    with style("zh"):
        figure = Figure(layout="constrained")
        ax = figure.subplots()
        days = sys.modules["pandas"].date_range("2020-01-01", periods=24, freq="MS")
        ax.plot(days, range(24), label="0123456789 四川")
        ax.fill_between(days, range(24), alpha=0.3)
        ax.set_title("abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOPQRSTUVWXYZ ,.()%/–")
        ax.legend()
        date_axis(ax.xaxis)
        figure.savefig(io.BytesIO(), format="png")


def run(request: dict, output: int | None = None) -> int:
    """Be an IPython kernel, as ``python -m ipykernel_launcher ARGUMENTS`` would."""
    import atexit

    from ipykernel.kernelapp import IPKernelApp

    sys.argv = ["ipykernel_launcher", *request["arguments"]]
    app = IPKernelApp.instance()
    app.initialize(request["arguments"])
    try:
        app.start()
    finally:
        atexit._run_exitfuncs()
    return 0
