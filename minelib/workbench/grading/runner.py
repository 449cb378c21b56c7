# SPDX-License-Identifier: MIT
"""Submissions run from the outside: ask a fork server for each, read what it sends, end it."""

import contextlib
import json
import os
import select
import stat
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from minelib.workbench.fork_client import Child, ForkServer, Standing

_LARGEST = 8 * 2**20  # bytes of results from one submission
_LOOK = 0.3  # seconds between two looks at what it writes


@dataclass
class Run:
    """What one run of a submission sent, and why it ended.

    Attributes
    ----------
    events : list of dict
        Whatever the submission claims to be: nothing in them can be trusted.
    reason : {"ended", "time", "output", "disk"}
    """

    events: list
    reason: str

    @property
    def stopped_in(self) -> int | None:
        """The cell a run ended in before its end, or None."""
        begun = [e["begin"] for e in self.events if isinstance(e.get("begin"), int)]
        if any(e.get("done") for e in self.events) or not begun:
            return None
        return begun[-1]


class Runner:
    """Runs submissions to one lesson, each in its own fork of one warm process.

    It starts at once and gets ready in the background. `run` may be called from several threads.
    """

    def __init__(self, number: str):
        self._number = number
        self._servers = Standing(self._start)

    def _start(self):
        # nothing else of the teacher's surroundings, and no module from the class folder
        handed_on = ("PATH", "LANG", "PYTHONPATH", "TMPDIR", "MPLCONFIGDIR")
        environment = {
            **dict.fromkeys(("PYTHONDONTWRITEBYTECODE", "PYTHONSAFEPATH", "PYTHONUTF8"), "1"),
            "MPLBACKEND": "Agg",
            **{name: os.environ[name] for name in handed_on if name in os.environ},
        }
        return ForkServer(
            "minelib.workbench.grading.worker",
            self._number,
            env=environment,
            at_home=("HOME", "IPYTHONDIR", "MPLCONFIGDIR"),
        )

    def run(self, request: dict, fill: Callable[[Path], object]) -> Run:
        """Run one submission, in a folder of its own that is gone afterwards.

        Parameters
        ----------
        request : dict
            As `minelib.workbench.grading.worker.run` takes it, without ``folder``.
        fill : callable
            Called with the folder, to put there what the submission finds beside itself.

        Raises
        ------
        ConnectionError
            No fork could be had, or this has been closed.
        """
        for _attempt in range(3):
            server = self._servers.ready()
            with contextlib.suppress(ConnectionError), _scratch(server.folder) as folder:
                fill(Path(folder))
                return _run(server, {**request, "folder": folder})
        raise ConnectionError("no process to run submissions in")

    def close(self) -> None:
        """End it, and every submission that still runs."""
        self._servers.close()


@contextlib.contextmanager
def _scratch(home: str) -> Iterator[str]:
    """A folder for one run, gone afterwards whatever was made in it.

    It lies in the folder of the server, which goes when the grader is killed.
    """
    folder = tempfile.mkdtemp(prefix="submission-", dir=home)
    try:
        yield os.path.realpath(folder)
    finally:  # rm takes trees that are too deep for Python
        subprocess.run(["chmod", "-R", "u+rwx", folder], stderr=subprocess.DEVNULL)
        subprocess.run(["rm", "-rf", folder], stderr=subprocess.DEVNULL)


def _run(server: ForkServer, request: dict) -> Run:
    folder = request["folder"]
    places = dict.fromkeys(("HOME", "TMPDIR", "MPLCONFIGDIR", "IPYTHONDIR"), folder)
    environment = {**places, "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "MPLBACKEND": "Agg"}
    child = server.start({**request, "env": environment, "cwd": folder}, output=True)
    try:
        return _listen(child, folder, request["limits"])
    finally:
        child.kill()
        child.wait()  # nothing of it is left
        child.close()


def _listen(child: Child, folder: str, limits: dict) -> Run:
    """Collect lines until the fork ends or a limit is over."""
    assert child.output is not None
    wire = child.output.fileno()
    now = time.monotonic()
    deadline, look = now + limits["seconds"], now + _LOOK
    sent, reason = bytearray(), "ended"
    while True:
        now = time.monotonic()
        if now > deadline:
            reason = "time"
            break
        if now > look:
            if _takes_more(folder, limits["disk_mb"] * 2**20, child.pid):
                reason = "disk"
                break
            look = time.monotonic() + _LOOK
        if not select.select([wire], [], [], max(min(deadline, look) - now, 0))[0]:
            continue
        piece = os.read(wire, 2**16)
        if not piece:
            break
        sent += piece
        if len(sent) > _LARGEST:
            reason = "output"
            break
    events = []
    for line in sent.decode("utf-8", "replace").splitlines():
        with contextlib.suppress(ValueError, RecursionError):
            events.append(json.loads(line))
    return Run([event for event in events if isinstance(event, dict)], reason)


def _takes_more(folder, most, pid):
    """Whether the files of a submission take more bytes; each one counts a page at least."""
    waiting = [folder]
    total = sum(_nameless(pid))
    while waiting and total <= most:
        # a folder may be too deep, locked, or gone again
        with contextlib.suppress(OSError), os.scandir(waiting.pop()) as entries:
            for entry in entries:
                total += max(entry.stat(follow_symlinks=False).st_blocks * 512, 4096)
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)
    return total > most


def _nameless(pid):
    """Bytes of the files that a process holds open and has removed (Linux)."""
    # the process may be gone, or close one
    with contextlib.suppress(OSError), os.scandir(f"/proc/{pid}/fd") as entries:
        for entry in entries:
            with contextlib.suppress(OSError):
                file = os.stat(entry.path)
                if stat.S_ISREG(file.st_mode) and not file.st_nlink:
                    yield file.st_blocks * 512
