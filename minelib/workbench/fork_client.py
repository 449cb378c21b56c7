# SPDX-License-Identifier: MIT
"""The asking side of `minelib.workbench.fork_server`: start one, ask it for children."""

import contextlib
import importlib
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
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partialmethod
from pathlib import Path
from typing import IO, Any

__all__ = ["ADDRESS", "Child", "ForkServer", "can_fork", "connect", "load", "messages", "server"]

ADDRESS = "MINELIB_FORK_SERVER"
"""Environment variable with the socket of a running server of kernels."""

_SERVER = "minelib.workbench.fork_server"
# With several children on few cores, threads inside the linear algebra only get in each
# other's way, and a process with threads must not be forked.
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


def can_fork() -> bool:
    """Whether children may be forked here: on Linux, unless ``MINELIB_FORK=0``.

    macOS has ``fork`` too, but its system libraries do not survive it.
    """
    wish = os.environ.get("MINELIB_FORK", "")
    return wish != "0" and (sys.platform == "linux" or (wish == "1" and hasattr(os, "fork")))


def load(*names: str) -> None:
    """Import modules before children are forked; one that is missing is theirs to miss."""
    for name in names:
        with contextlib.suppress(Exception):
            importlib.import_module(name)


class ForkServer(contextlib.AbstractContextManager):
    """A running server, owned by this process: it and its children end with it.

    Parameters
    ----------
    module : str
        What its children are: a module with ``preload`` and ``run``, as
        `minelib.workbench.fork_server` says.
    *options : str
        For ``preload``.
    log : file or int, optional
        Where the server and its children print; without it, nowhere.
    keep_open : iterable of int
        File descriptors its children shall hold open (a lock, for example).
    env : mapping, optional
        The surroundings it starts in; without it, those of this process. Either way the
        linear algebra is held to one thread, unless they say otherwise.
    """

    def __init__(
        self,
        module: str,
        *options: str,
        log: IO | int = subprocess.DEVNULL,
        keep_open: Iterable[int] = (),
        env: Mapping[str, str] | None = None,
    ):
        # readable by this user only; the path of a socket has 107 bytes at most
        usual = tempfile.gettempdir()
        place = usual if len(os.fsencode(usual)) <= 60 else "/tmp"
        self.folder = tempfile.mkdtemp(prefix="minelib-", dir=place)
        self.address = str(Path(self.folder, "server"))
        reader, writer = os.pipe()
        self._writer: int | None = writer
        command = [sys.executable, "-Xfrozen_modules=off", "-m", _SERVER]
        try:
            self.process = subprocess.Popen(
                [*command, self.address, str(reader), module, *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**ONE_THREAD, **(os.environ if env is None else env)},
                pass_fds=(reader, *keep_open),
                start_new_session=True,  # Ctrl-C is for the owner, who then ends the server
            )
        finally:
            os.close(reader)

    def start(self, request: dict, output: bool = False) -> "Child":
        """A child; see `connect`."""
        return connect(self.address, request, output, lambda: self.process.poll() is None)

    def close(self) -> None:
        """End the server and every child of it. Returns when they are gone."""
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

    def __exit__(self, *error: object) -> None:
        self.close()


def connect(
    address: str,
    request: dict,
    output: bool = False,
    alive: Callable[[], bool] = lambda: True,
    patience: float = 60,
) -> "Child":
    """Ask the server at an address for a child.

    Parameters
    ----------
    address : str
    request : dict
        Plain data for the ``run`` of the server's module. ``env`` and ``cwd`` are the
        surroundings of the child; by default those of this process.
    output : bool
        Whether the child shall have an ``output`` that is read here.
    alive : callable
        Whether the server still lives, asked while it has not bound its socket yet.
    patience : float
        Seconds to wait for it.

    Raises
    ------
    ConnectionError
        When there is no server.
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
                raise ConnectionError(f"no fork server at {address}") from error
            time.sleep(0.01)
    request = {"env": dict(os.environ), "cwd": os.getcwd(), **request}
    reader = None
    if output:
        read, write = os.pipe()
        reader = os.fdopen(read, "rb")
        try:
            socket.send_fds(connection, [b"\0"], [write])
        finally:
            os.close(write)
    else:
        connection.sendall(b"\0")
    connection.sendall(json.dumps(request).encode() + b"\n")
    return Child(connection, reader, patience)


class Child:
    """A child of the server, with the manners of `subprocess.Popen`.

    ``output`` is the file in which what it tells can be read, or None.
    """

    stdin = stdout = stderr = None

    def __init__(self, connection: socket.socket, output: IO[bytes] | None, patience: float):
        self.output, self._connection = output, connection
        self.returncode: int | None = None
        self._guard = threading.Lock()
        pid = None
        with contextlib.suppress(TimeoutError):
            pid = self._number(patience)
        if pid is None:
            self.close()
            raise ConnectionError("the fork server gave no child")
        self.pid = pid

    def _number(self, timeout: float | None) -> int | None:
        """The next number from the server; None when it is gone."""
        self._connection.settimeout(timeout)
        try:
            answer = self._connection.recv(4)
        except (BlockingIOError, TimeoutError):
            raise
        except OSError:
            answer = b""
        return int.from_bytes(answer, "big", signed=True) if answer else None

    def poll(self) -> int | None:
        """The exit code, negative for a signal; None while it lives."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self.wait(0)
        return None

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the end; `subprocess.TimeoutExpired` after ``timeout`` seconds."""
        with self._guard:
            if self.returncode is None:
                try:
                    code = self._number(timeout)
                except (BlockingIOError, TimeoutError):
                    raise subprocess.TimeoutExpired("child", timeout or 0) from None
                # when the server is gone, its children are gone with it
                self.returncode = -signal.SIGKILL if code is None else code
                self._connection.close()
            return self.returncode

    def send_signal(self, number: int) -> None:
        """Send a signal to the child's process group, while it is surely still that child.

        The server sends it: only the parent knows that the pid has not been given away.
        """
        with contextlib.suppress(OSError):
            self._connection.sendall(bytes([number]))

    terminate = partialmethod(send_signal, signal.SIGTERM)
    kill = partialmethod(send_signal, signal.SIGKILL)

    def close(self) -> None:
        """Give the child up: the server kills it if it still lives."""
        self._connection.close()
        if self.output is not None:
            self.output.close()


class _Process(subprocess.Popen):
    """A `Child` that was not forked."""

    @property
    def output(self) -> IO[bytes] | None:
        return self.stdout

    def close(self) -> None:
        if self.stdout is not None:
            self.stdout.close()


@dataclass
class Starter:
    """Each child as a Python of its own: what `ForkServer` does, where there is no fork."""

    module: str
    log: IO | int = subprocess.DEVNULL
    env: Mapping[str, str] | None = None
    running: list[_Process] = field(default_factory=list)

    def start(self, request: dict, output: bool = False) -> _Process:
        """A child, as from `ForkServer.start`."""
        child = _Process(
            [sys.executable, "-m", _SERVER, "once", self.module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE if output else self.log,
            stderr=self.log,
            env=request.get("env", self.env),
            cwd=request.get("cwd"),
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )
        self.running = [other for other in self.running if other.poll() is None] + [child]
        with contextlib.suppress(BrokenPipeError), child.stdin as file:  # type: ignore[union-attr]
            file.write(json.dumps(request).encode() + b"\n")
        return child

    def close(self) -> None:
        """End all of them; what they started notices and ends itself."""
        for child in self.running:
            child.terminate()
            try:
                child.wait(timeout=3)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()


def server(module: str, keep_open: Iterable[int] = (), **more: Any) -> ForkServer | Starter:
    """The better of the two that this machine has; parameters as for `ForkServer`."""
    if can_fork():
        return ForkServer(module, keep_open=keep_open, **more)
    return Starter(module, **more)


def messages(child: Child | _Process) -> Iterator[dict]:
    """What a child tells, a line of JSON each, until its end; then it has a ``returncode``."""
    for line in child.output or ():
        yield json.loads(line)
    child.wait()
