# SPDX-License-Identifier: MIT
"""The process that runs submissions: it imports everything once and forks for each of them.

Requests come as JSON lines on standard input, results go as JSON lines to standard output. A
fork is shut in (`minelib.workbench.grading.guard`), runs the cells, and sends what the lesson asks
for as plain data after each cell. Whatever it does to itself, this process only reads bytes.
"""

import contextlib
import json
import os
import select
import signal
import sys
import time

__all__ = ["main"]

_LARGEST = 8 * 2**20  # bytes of results from one submission
_LOOK = 0.3  # seconds between two looks at what it writes


class TimeLimit(BaseException):
    """A cell ran longer than a cell may."""


def main():
    """Serve until standard input ends."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 1)
    os.dup2(null, 2)
    shell = _warm(sys.argv[1:])
    out.write(json.dumps({"ready": True}) + "\n")
    out.flush()
    for line in sys.stdin:
        job = json.loads(line)
        out.write(json.dumps(_serve(job, shell)) + "\n")
        out.flush()


def _warm(numbers):
    """Import what these lessons use, load their tables, and make the shell that runs cells."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    import minelib as ml
    from minelib.lessons import lesson, parameters, right, student
    from minelib.workbench.grading import answers, guard, landlock, seccomp  # noqa: F401

    for number in numbers:
        try:
            right(number)  # imports and loads whatever the lessons need
        except Exception:
            continue
    right.cache_clear()
    lesson.cache_clear()  # no solution stays at hand in what a submission inherits
    parameters("1")
    student.quiet()
    figure = plt.figure()  # fonts are found once
    figure.text(0, 0, "a")
    figure.canvas.draw()
    plt.close(figure)
    settings = Config()
    settings.HistoryManager.enabled = False
    shell = InteractiveShell(config=settings)
    shell.enable_gui = lambda *a, **k: None
    shell.showtraceback = shell.showsyntaxerror = lambda *a, **k: None
    shell.system = shell.system_raw = shell.system_piped = lambda _command: None
    shell.getoutput = lambda *_a, **_k: []  # a line with ! does nothing, and ends no cell
    shell.user_ns["ml"] = ml
    return shell


def _serve(job, shell):
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        try:
            _run(job, shell, write)
        finally:
            os._exit(0)
    os.close(write)
    result = _listen(read, child, job["limits"], job["folder"])
    os.close(read)
    return result


def _listen(read, child, limits, folder):
    """Collect lines until the fork ends or a limit is over; then nothing of it is left."""
    deadline = time.monotonic() + limits["seconds"]
    pieces, size, reason = [], 0, "ended"
    look = time.monotonic() + _LOOK
    while True:
        now = time.monotonic()
        if now > deadline:
            reason = "time"
            break
        if now > look:
            if _takes_more(folder, limits["disk_mb"] * 2**20):
                reason = "disk"
                break
            look = time.monotonic() + _LOOK
        if not select.select([read], [], [], max(min(deadline, look) - now, 0))[0]:
            continue
        piece = os.read(read, 2**16)
        if not piece:
            break
        pieces.append(piece)
        size += len(piece)
        if size > _LARGEST:
            reason = "output"
            break
    for kill in (os.killpg, os.kill):
        try:
            kill(child, signal.SIGKILL if reason != "ended" else signal.SIGTERM)
        except (ProcessLookupError, PermissionError):
            continue
    status = _wait(child, 0.5) if reason == "ended" else None
    if status is None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        status = os.waitpid(child, 0)[1]
    code = os.waitstatus_to_exitcode(status)
    events = []
    for line in b"".join(pieces).decode("utf-8", "replace").splitlines():
        try:
            event = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(event, dict):
            events.append(event)
    return {"events": events, "reason": reason, "code": code}


def _takes_more(folder, most):
    """Whether the files of a submission take more bytes; each one counts a page at least."""
    total, waiting = 0, [folder]
    while waiting and total <= most:
        try:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    total += max(entry.stat(follow_symlinks=False).st_blocks * 512, 4096)
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
        except OSError:  # too deep, locked, or gone again
            continue
    return total > most


def _wait(child, seconds):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return status
        time.sleep(0.005)
    return None


def _run(job, shell, write):
    """In the fork: shut in, run every cell, tell what came out."""
    os.setsid()
    folder, limits = job["folder"], job["limits"]
    for file in range(3):
        os.dup2(os.open(os.devnull, os.O_RDWR), file)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(
        HOME=folder,
        TMPDIR=folder,
        MPLCONFIGDIR=folder,
        IPYTHONDIR=folder,
        PATH="/usr/bin:/bin",
        LANG="C.UTF-8",
        MPLBACKEND="Agg",
    )
    import tempfile

    tempfile.tempdir = folder
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - input() ends at once
    sys.stdout = sys.stderr = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115

    def tell(**event):
        data = (json.dumps(event) + "\n").encode()
        while data:
            data = data[os.write(write, data) :]

    from minelib.workbench.grading import guard
    from minelib.workbench.grading.answers import encode, is_about_memory

    os.closerange(3, write)
    os.closerange(write + 1, 1024)
    names = _namespace(job, shell)
    guard.watch(folder, lambda kind, what: tell(refused=kind, what=what))
    held = guard.close_in(folder, limits)
    tell(guards=held)
    signal.signal(signal.SIGALRM, _over)
    failed = []
    for turn in range(2):  # cells in another order than they need get a second turn
        again = failed if turn else range(len(job["cells"]))
        failed = []
        for n in again:
            if n in job["skip"]:
                continue
            tell(begin=n)
            error = _cell(shell, job["cells"][n], limits["cell_seconds"])
            if error.startswith("NameError"):
                failed.append(n)
            wanted = [a for a in job["answers"] if a in job["assigned"][n] and a in names]
            tell(cell=n, error=error, turn=turn, answers={a: encode(names[a]) for a in wanted})
            if is_about_memory(error):
                return  # what it holds would starve the rest: another run leaves it out
        if not failed:
            break
    own = [str(n) for n in list(names) if isinstance(n, str) and not n.startswith("_")][:500]
    late = {a: encode(names[a]) for a in job["answers"] if a in names}
    tell(done=True, names=own, late=late)


def _namespace(job, shell):
    """Names as the lesson's first cells leave them, in case a submission lost those cells."""
    import numpy as np
    import pandas as pd

    from minelib import words
    from minelib.lessons import start

    names = shell.user_ns
    words.use(job["lang"])
    names.update(np=np, pd=pd)
    grader = start(job["number"], job["student"], job["lang"])
    names.update(grader=grader, p=grader.parameters, student=job["student"], lang=job["lang"])
    return names


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
    try:
        return f"{type(error).__name__}: {error}"[:300]
    except BaseException:
        return "Error"


if __name__ == "__main__":
    main()
