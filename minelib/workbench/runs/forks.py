# SPDX-License-Identifier: MIT
"""The asking side of `minelib.workbench.runs.nursery`: start one, ask it for kernels and jobs."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

__all__ = ["ADDRESS", "ForkedChild", "NurseryProcess", "can_fork", "connect"]

ADDRESS = "MINELIB_NURSERY"
"""Environment variable with the socket of a running nursery."""

# With several kernels on few cores, threads inside the linear algebra only get in each
# other's way, and a process with threads must not be forked.
_ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def can_fork():
    """Whether kernels may be forked here: on Linux, unless ``MINELIB_FORK=0``.

    macOS has ``fork`` too, but its system libraries do not survive it.
    """
    wish = os.environ.get("MINELIB_FORK", "")
    return wish != "0" and (sys.platform == "linux" or (wish == "1" and hasattr(os, "fork")))


def _place_for_sockets():
    """The folder for temporary files, unless its path is too long: a socket's has 107 bytes."""
    usual = tempfile.gettempdir()
    return usual if len(os.fsencode(usual)) <= 60 else "/tmp"


class NurseryProcess:
    """A running nursery, owned by this process.

    Parameters
    ----------
    kind : {"kernel", "few", "job"}
        What its children will be: kernels, a few kernels (no library is imported for them
        beforehand), or jobs.
    log : file or None
        Where its own output goes; None for nowhere.
    keep_open : iterable of int
        File descriptors its jobs shall hold open (a lock, for example).
    """

    def __init__(self, kind="kernel", log=None, keep_open=()):
        # readable by this user only
        self.folder = tempfile.mkdtemp(prefix="minelib-", dir=_place_for_sockets())
        self.address = str(Path(self.folder, "nursery"))
        reader, self._writer = os.pipe()
        environment = os.environ.copy()
        for name in _ONE_THREAD:
            environment.setdefault(name, "1")
        out = log if log is not None else subprocess.DEVNULL
        try:
            self.process = subprocess.Popen(
                [
                    *(
                        sys.executable,
                        "-Xfrozen_modules=off",
                        "-m",
                        "minelib.workbench.runs.nursery",
                    ),
                    *(self.address, str(reader), kind),
                ],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                env=environment,
                pass_fds=(reader, *keep_open),
                start_new_session=True,  # Ctrl-C is for the owner, who then ends the nursery
            )
        finally:
            os.close(reader)

    def ask(self, message):
        """A child of the nursery; see `connect`."""
        return connect(self.address, message, alive=lambda: self.process.poll() is None)

    def close(self):
        """End the nursery and every child of it. Returns when they are gone."""
        if self._writer is not None:
            os.close(self._writer)
            self._writer = None
        self.process.terminate()  # it may still be importing, deaf to the pipe
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close()


def connect(address, message, alive=lambda: True, patience=60):
    """Ask the nursery at ``address`` for a child.

    Parameters
    ----------
    address : str
    message : dict
        ``kind`` (``"kernel"`` or ``"job"``) and what that kind needs.
    alive : callable
        Whether the nursery still lives, asked while it has not bound its socket yet.
    patience : float
        Seconds to wait for it.

    Returns
    -------
    ForkedChild

    Raises
    ------
    ConnectionError
        When there is no nursery.
    """
    deadline = time.monotonic() + patience
    while True:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.connect(address)
            break
        except OSError as error:
            connection.close()
            if not alive() or time.monotonic() > deadline:
                raise ConnectionError(f"no nursery at {address}") from error
            time.sleep(0.01)
    message = {"env": dict(os.environ), "cwd": os.getcwd(), **message}
    connection.sendall(json.dumps(message).encode() + b"\n")
    return ForkedChild(connection, patience)


class ForkedChild:
    """A child of the nursery, with the manners of `subprocess.Popen`."""

    stdin = stdout = stderr = None

    def __init__(self, connection, patience=60):
        self._connection, self._rest = connection, b""
        self._messages, self.returncode = [], None
        self._guard = threading.Lock()
        first = self._next(patience)
        if not first or "pid" not in first:
            raise ConnectionError("the nursery gave no child")
        self.pid = first["pid"]

    def _read(self, timeout):
        """Take in what has arrived; False when the nursery has closed the connection."""
        self._connection.settimeout(timeout)
        try:
            chunk = self._connection.recv(65536)
        except (BlockingIOError, TimeoutError):
            return True
        except OSError:
            chunk = b""
        self._rest += chunk
        *lines, self._rest = self._rest.split(b"\n")
        for line in lines:
            message = json.loads(line)
            if "exit" in message:
                self.returncode = message["exit"]
            else:
                self._messages.append(message)
        if not chunk and self.returncode is None:
            self.returncode = -signal.SIGKILL  # the nursery is gone, and its children with it
        return bool(chunk)

    def _next(self, timeout=None):
        while not self._messages and self.returncode is None:
            if not self._read(timeout):
                break
            if timeout is not None and not self._messages:
                break
        return self._messages.pop(0) if self._messages else None

    def messages(self):
        """The messages of a job as they come, until its end."""
        while (message := self._next()) is not None:
            yield message

    def poll(self):
        """The exit code, negative for a signal; None while it lives."""
        with self._guard:
            if self.returncode is None:
                self._read(0)
            return self.returncode

    def wait(self, timeout=None):
        """Wait for the end; `subprocess.TimeoutExpired` after ``timeout`` seconds."""
        deadline = None if timeout is None else time.monotonic() + timeout
        with self._guard:
            while self.returncode is None:
                left = None if deadline is None else deadline - time.monotonic()
                if left is not None and left <= 0:
                    raise subprocess.TimeoutExpired("kernel", timeout)
                self._read(left)
            self._connection.close()
            return self.returncode

    def send_signal(self, number):
        """Send a signal to the child's process group, while it is surely still that child.

        The nursery sends it: only the parent knows that the pid has not been given away.
        """
        with contextlib.suppress(OSError):
            self._connection.sendall(f"{int(number)}\n".encode())

    def terminate(self):
        """SIGTERM."""
        self.send_signal(signal.SIGTERM)

    def kill(self):
        """SIGKILL."""
        self.send_signal(signal.SIGKILL)

    def close(self):
        """Give the child up: the nursery kills it if it still lives."""
        self._connection.close()
