# SPDX-License-Identifier: MIT
"""What a fork server does for grading: loads a lesson once, then shuts a submission in and runs it.

`minelib.workbench.fork_server` calls `preload` and, in a fork of its own for each submission,
`run`, which sends what the lesson asks for as plain data after each cell. Whatever a fork does to
itself, the grader only reads bytes.
"""

import builtins
import contextlib
import getpass
import json
import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path
from typing import Any

from minelib.display.picture import picture
from minelib.words import gettext as _
from minelib.workbench.fork_client import load
from minelib.workbench.grading import guard
from minelib.workbench.grading.answers import encode, is_about_memory

_shared: dict = {}


class TimeLimit(BaseException):
    """A cell computed longer than a cell may."""


def preload(*numbers: str) -> None:
    """Import what these lessons use, load their tables, and make the shell that runs cells."""
    import matplotlib.pyplot as plt
    from IPython.core.displayhook import DisplayHook
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    from minelib import catalog, geography
    from minelib.lessons import parameters, student

    _shared["home"] = Path(os.environ["HOME"]).resolve()
    load("minelib.chain", "minelib.geography", "minelib.energy", "minelib.display", "seaborn")
    child, needed = _what_is_needed(numbers)  # it works while this process goes on
    parameters("1")
    geography.by_country()  # what it remembers, every submission then has
    student.quiet()
    figure = plt.figure()  # fonts are found once
    figure.text(0, 0, "a")
    figure.canvas.draw()
    plt.close(figure)
    settings = Config(HistoryManager={"enabled": False})
    unshown = type("Unshown", (DisplayHook,), {"__call__": DisplayHook.fill_exec_result})
    # where a picture places its parts is of no account: nobody looks at it
    sys.modules["minelib.display.finish"].__dict__["_lay_out"] = lambda _figure: None
    shell: Any = InteractiveShell(config=settings, displayhook_class=unshown)
    shell.enable_gui = lambda *a, **k: None
    shell.showtraceback = shell.showsyntaxerror = lambda *a, **k: None
    shell.system = shell.system_raw = shell.system_piped = lambda _command: None
    shell.getoutput = lambda *_a, **_k: []  # a line with ! does nothing, and ends no cell
    _shared["shell"] = shell
    with open(needed) as file:
        modules, tables = json.load(file)
    os.waitpid(child, 0)
    load(*modules)
    for name in tables:
        catalog.default().read(name)


def _what_is_needed(numbers):
    """Modules and tables that the solutions of these lessons need.

    A process of its own finds them out: no word of a solution was ever in the memory that a
    submission inherits.
    """
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        from minelib.catalog import loaded
        from minelib.lessons import reference

        before = {*sys.modules}
        for number in numbers:
            with contextlib.suppress(Exception):
                reference.right(number)
        found = [*(n for n in sys.modules if n not in before)], [*loaded()]
        with contextlib.suppress(BaseException), open(writer, "w") as file:
            json.dump(found, file)
        os._exit(0)
    os.close(writer)
    return child, reader


def run(request: dict, output: int) -> int:
    """Shut in, run every cell, tell what came out; nothing of this process runs after that.

    Parameters
    ----------
    request : dict
        ``folder``, ``number``, ``student``, ``lang``, ``cells`` (sources), ``skip`` (cells left
        out), ``assigned`` (names by cell), ``answers`` (names to send), ``figures`` (exercise by
        answer that is a figure), ``limits``.
    output : int
        Gets a line of JSON an event.
    """
    try:
        _run(request, output)
    finally:
        os._exit(0)


def _run(request, output):
    import matplotlib.pyplot as plt

    from minelib.lessons import student

    folder, limits = request["folder"], request["limits"]
    if Path(folder).parent != _shared["home"]:
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
    _habits(request["lang"])
    sys.path.insert(0, folder)  # not before: nothing of a submission runs outside the guards
    signal.signal(signal.SIGPROF, _over)
    waiting = [n for n in range(len(cells)) if n not in skip]
    for turn in range(2):  # cells in another order than they need get a second turn
        failed = []
        for n in waiting:
            tell(begin=n)
            error, ran = _cell(shell, cells[n], limits["cell_seconds"])
            if error.startswith("NameError"):
                failed.append(n)
            student.look(ran)
            plt.close("all")  # as Jupyter does
            wanted = [a for a in request["answers"] if a in request["assigned"][n] and a in names]
            tell(cell=n, error=error, turn=turn, answers={a: _coded(a, names) for a in wanted})
            if is_about_memory(error):
                return  # what it holds would starve the rest: another run leaves it out
        waiting = failed
    own = [str(n) for n in list(names) if isinstance(n, str) and not n.startswith("_")][:500]
    for answer, exercise in request["figures"].items():
        if names.get(answer, ...) is ... and student.shown(exercise):
            names[answer] = student.shown(exercise)
    late = {a: _coded(a, names) for a in request["answers"] if a in names}
    tell(done=True, names=own, late=late)


def _coded(name, names):
    value = names[name]
    return encode(picture(value) if name.startswith("fig_") else value)


def _habits(lang):
    """What is usual elsewhere and cannot be here: said, or passed over."""

    def unanswered(*_args: object, **_more: object) -> str:
        raise EOFError(
            _("Nobody answers input() while this is graded: write the value in the cell.", lang)
        )

    builtins.input = getpass.getpass = unanswered
    # rights and times of a copy: the kernel refuses to change any
    shutil.copymode = shutil.copystat = lambda *_args, **_more: None


def _first_cells(request):
    """Names as the lesson's first cells leave them, in case a submission lost those cells."""
    import numpy as np
    import pandas as pd
    import seaborn as sns

    import minelib as ml
    from minelib.lessons import start

    student, lang = request["student"], request["lang"]
    grader = start(request["number"], student, lang)
    own = {"grader": grader, "p": grader.parameters, "student": student, "lang": lang}
    return {"ml": ml, "np": np, "pd": pd, "sns": sns, **own}


def _over(_signal, _frame):
    raise TimeLimit("cell")


def _cell(shell, source, seconds):
    """Run one cell; the error in a line, empty when there was none, and what came of it.

    The limit counts computing, so that a busy machine stops nobody; who only waits is ended by
    the limit of the notebook.
    """
    result = None
    signal.setitimer(signal.ITIMER_PROF, seconds, 1.0)
    try:
        result = shell.run_cell(source, store_history=False)
        error = result.error_before_exec or result.error_in_exec
    except BaseException as raised:
        error = raised
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    if error is None:
        return "", result
    with contextlib.suppress(BaseException):
        return f"{type(error).__name__}: {error}"[:300], result
    return "Error", result
