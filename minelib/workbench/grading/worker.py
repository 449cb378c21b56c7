# SPDX-License-Identifier: MIT
"""What a fork server does for grading: loads a lesson once, then shuts a submission in and runs it.

`minelib.workbench.fork_server` calls `preload` and, in a fork of its own for each submission,
`run`, which sends what the lesson asks for as plain data after each cell. Whatever a fork does to
itself, the grader only reads bytes.
"""

import contextlib
import json
import os
import signal
import tempfile
from pathlib import Path
from typing import Any

from minelib.workbench.grading import guard
from minelib.workbench.grading.answers import encode, is_about_memory

__all__ = ["SCRATCH", "preload", "run"]

SCRATCH = "minelib-submission-"
"""How the folders begin in which submissions run."""

_shared: dict = {}


class TimeLimit(BaseException):
    """A cell ran longer than a cell may."""


def preload(*numbers: str) -> None:
    """Import what these lessons use, load their tables, and make the shell that runs cells."""
    import matplotlib.pyplot as plt
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    from minelib.lessons import parameters, reference, student

    tempfile.gettempdir()  # a fork finds it in its own folder otherwise
    for number in numbers:
        with contextlib.suppress(Exception):
            reference.right(number)  # imports and loads whatever the lessons need
    reference.forget()  # no solution stays at hand in what a submission inherits
    parameters("1")
    student.quiet()
    figure = plt.figure()  # fonts are found once
    figure.text(0, 0, "a")
    figure.canvas.draw()
    plt.close(figure)
    settings = Config()
    settings.HistoryManager.enabled = False
    shell: Any = InteractiveShell(config=settings)
    shell.enable_gui = lambda *a, **k: None
    shell.showtraceback = shell.showsyntaxerror = lambda *a, **k: None
    shell.system = shell.system_raw = shell.system_piped = lambda _command: None
    shell.getoutput = lambda *_a, **_k: []  # a line with ! does nothing, and ends no cell
    _shared["shell"] = shell


def run(request: dict, output: int) -> int:
    """Shut in, run every cell, tell what came out; nothing of this process runs after that.

    Parameters
    ----------
    request : dict
        ``folder``, ``number``, ``student``, ``lang``, ``cells`` (sources), ``skip`` (cells left
        out), ``assigned`` (names by cell), ``answers`` (names to send), ``limits``.
    output : int
        Gets a line of JSON an event.
    """
    try:
        _run(request, output)
    finally:
        os._exit(0)


def _run(request, output):
    folder, limits = request["folder"], request["limits"]
    if Path(folder).parent != Path(tempfile.gettempdir()).resolve() or SCRATCH not in folder:
        raise PermissionError(folder)  # no request widens what a submission may write

    def tell(**event):
        data = (json.dumps(event) + "\n").encode()
        while data:
            data = data[os.write(output, data) :]

    os.closerange(3, output)
    os.closerange(output + 1, 1024)
    tempfile.tempdir = folder
    shell, cells, skip = _shared["shell"], request["cells"], request["skip"]
    names = shell.user_ns
    names.update(_first_cells(request))
    guard.watch(folder, lambda kind, what: tell(refused=kind, what=what))
    tell(guards=guard.close_in(folder, limits))
    signal.signal(signal.SIGALRM, _over)
    waiting = [n for n in range(len(cells)) if n not in skip]
    for turn in range(2):  # cells in another order than they need get a second turn
        failed = []
        for n in waiting:
            tell(begin=n)
            error = _cell(shell, cells[n], limits["cell_seconds"])
            if error.startswith("NameError"):
                failed.append(n)
            wanted = [a for a in request["answers"] if a in request["assigned"][n] and a in names]
            tell(cell=n, error=error, turn=turn, answers={a: encode(names[a]) for a in wanted})
            if is_about_memory(error):
                return  # what it holds would starve the rest: another run leaves it out
        waiting = failed
    own = [str(n) for n in list(names) if isinstance(n, str) and not n.startswith("_")][:500]
    late = {a: encode(names[a]) for a in request["answers"] if a in names}
    tell(done=True, names=own, late=late)


def _first_cells(request):
    """Names as the lesson's first cells leave them, in case a submission lost those cells."""
    import numpy as np
    import pandas as pd

    import minelib as ml
    from minelib.lessons import start

    student, lang = request["student"], request["lang"]
    grader = start(request["number"], student, lang)
    own = {"grader": grader, "p": grader.parameters, "student": student, "lang": lang}
    return {"ml": ml, "np": np, "pd": pd, **own}


def _over(_signal, _frame):
    raise TimeLimit("cell")


def _cell(shell, source, seconds):
    """Run one cell; the error in a line, empty when there was none."""
    signal.setitimer(signal.ITIMER_REAL, seconds, 1.0)
    try:
        result = shell.run_cell(source, store_history=False, silent=True)
        error = result.error_before_exec or result.error_in_exec
    except BaseException as raised:
        error = raised
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    if error is None:
        return ""
    with contextlib.suppress(BaseException):
        return f"{type(error).__name__}: {error}"[:300]
    return "Error"
