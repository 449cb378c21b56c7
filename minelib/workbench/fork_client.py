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
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partialmethod
from pathlib import Path
from typing import IO, Any

__all__ = ["ADDRESS", "Child", "ForkServer", "Standing"]  # its page for programmers shows these
__all__ += ["can_fork", "connect", "load", "messages", "server"]

ADDRESS = "MINELIB_FORK_SERVER"
"""Environment variable with the socket of a running server of kernels."""

_SERVER = "minelib.workbench.fork_server"
# With several children on few cores, threads inside the linear algebra only get in each
# other's way, and a process with threads must not be forked.
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
ONE_THREAD["JE_ARROW_MALLOC_CONF"] = "background_thread:false"  # of pyarrow, where pandas finds it


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
    at_home : iterable of str
        Variables of the surroundings that name its own folder, unless ``env`` has them. The
        folder goes with the server, whatever ends its owner.
    """

    def __init__(
        self,
        module: str,
        *options: str,
        log: IO | int = subprocess.DEVNULL,
        keep_open: Iterable[int] = (),
        env: Mapping[str, str] | None = None,
        at_home: Iterable[str] = (),
    ):
        # readable by this user only; the path of a socket has 107 bytes at most
        usual = tempfile.gettempdir()
        place = usual if len(os.fsencode(usual)) <= 60 else "/tmp"
        self.folder = tempfile.mkdtemp(prefix="minelib-", dir=place)
        self.address = str(Path(self.folder, "server"))
        reader, writer = os.pipe()
        self._writer: int | None = writer
        command = [sys.executable, "-Xfrozen_modules=off", "-m", _SERVER]
        # bound here: who asks while it imports waits in the queue, and is turned away once
        # it is gone
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        with listener, open(reader, "rb"):
            listener.bind(self.address)
            listener.listen(64)
            self.process = subprocess.Popen(
                [*command, str(listener.fileno()), str(reader), module, *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={
                    **ONE_THREAD,
                    **dict.fromkeys(at_home, self.folder),
                    **(os.environ if env is None else env),
                },
                pass_fds=(listener.fileno(), reader, *keep_open),
                start_new_session=True,  # Ctrl-C is for the owner, who then ends the server
            )

    @property
    def ended(self) -> bool:
        """Whether it was killed, or could not start."""
        return self.process.poll() is not None

    def start(self, request: dict, output: bool = False) -> "Child":
        """A child; see `connect`."""
        try:
            return connect(self.address, request, output)
        except ConnectionError:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(1)  # who is killed takes a moment to go
            raise

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


def connect(address: str, request: dict, output: bool = False, patience: float = 60) -> "Child":
    """Ask the server at an address for a child.

    Parameters
    ----------
    address : str
    request : dict
        Plain data for the ``run`` of the server's module. ``env`` and ``cwd`` are the
        surroundings of the child; by default those of this process.
    output : bool
        Whether the child shall have an ``output`` that is read here.
    patience : float
        Seconds to wait for a server that is still importing.

    Raises
    ------
    ConnectionError
        When there is no server.
    """
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.connect(address)
    except OSError as error:
        connection.close()
        raise ConnectionError(f"no fork server at {address}") from error
    request = {"env": dict(os.environ), "cwd": os.getcwd(), **request}
    reader = None
    if output:
        read, write = os.pipe()
        reader = os.fdopen(read, "rb")
        with open(write, "wb"):
            socket.send_fds(connection, [b"\0"], [write])
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
    kill = partialmethod(send_signal, 9)  # SIGKILL, which Windows does not name

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
    ended = False

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


class Standing:
    """A server that stands: in the place of one that was killed another is started.

    What the killed one had running is lost with it. May be asked from several threads.

    Parameters
    ----------
    begin : callable
        Starts a server.
    """

    def __init__(self, begin: Callable[[], Any]):
        self._begin, self._lock, self._open = begin, threading.Lock(), True
        # those that were killed keep their folders: somebody may be about to look there
        self._servers = [begin()]

    def ready(self) -> Any:
        """The server of this moment; `ConnectionError` once this is closed."""
        with self._lock:
            if not self._open:
                raise ConnectionError("closed")
            if self._servers[-1].ended:
                self._servers.append(self._begin())
            return self._servers[-1]

    def start(self, request: dict, output: bool = False) -> Any:
        """A child, of another server where the first is killed meanwhile; see `connect`."""
        for _attempt in range(3):
            server = self.ready()
            try:
                return server.start(request, output)
            except ConnectionError:
                if not server.ended:
                    raise
        raise ConnectionError("every fork server ended")

    def close(self) -> None:
        """End it and every child of it."""
        with self._lock:
            self._open = False
            for each in self._servers:
                each.close()


def messages(child: Child | _Process) -> Iterator[dict]:
    """What a child tells, a line of JSON each, until its end; then it has a ``returncode``."""
    for line in child.output or ():
        yield json.loads(line)
    child.wait()
