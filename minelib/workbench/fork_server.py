# SPDX-License-Identifier: MIT
"""A process that has imported the heavy libraries once and forks children on request.

Started by `minelib.workbench.fork_client` as ``python -m minelib.workbench.fork_server SOCKET
OWNER MODULE OPTIONS``, with the numbers of two open files: the socket at which it is asked, and
a pipe. What its children are is said by MODULE, which has two functions:

``preload(*options)``
    Imports what the children want. A generator function may ``yield`` between steps: what
    comes before the first is done at once, the rest one by one while nobody asks.
``run(request, output)``
    The life of a child, in the asker's surroundings; returns its exit code. ``request`` is
    the asker's plain data, ``output`` the file descriptor that the asker reads (or None).

The server stays single-threaded and lives exactly as long as its owner: when the owner's end
of the pipe OWNER closes (also by ``kill -9``), every child is killed and the server ends. A
child likewise ends when whoever asked for it closes the connection.

One connection a child: the asker sends one byte (with a file descriptor for ``output`` beside
it, or without) and a line of JSON; it hears the pid, and the exit code when the child is gone
(negative for a signal), four bytes each; each byte it sends is a signal for the child's group.
The child itself does not hold the connection.

Why not a ready-made one: `multiprocessing`'s fork server is one a process, knows one set of
modules, cannot be asked by another process than its owner (a kernel is asked for by the job),
and its children outlive an owner that is killed; `concurrent.futures` and loky use workers
again, where every kernel and every submission must be a fresh process, and loky starts new
interpreters, which import everything anew.
"""

import contextlib
import ctypes
import gc
import importlib
import json
import os
import random
import selectors
import shutil
import signal
import socket
import sys
import time
import traceback
from functools import partial

_CLOSE_ON_EXEC = getattr(socket, "MSG_CMSG_CLOEXEC", 0)
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


class Server:
    """The loop: accept, fork, report the end, kill the orphans."""

    def __init__(self, listener: int, owner: int):
        self.owner = owner
        self.children: dict = {}  # pid: connection, or None when the asker has gone
        self.selector = selectors.DefaultSelector()
        self.listener = socket.socket(fileno=listener)
        self.listener.set_inheritable(False)
        self.wakeup, self.woken = socket.socketpair()
        self.wakeup.setblocking(False)
        self.woken.setblocking(False)

    def serve(self, run, later) -> None:
        """Fork children for ``run`` until the owner is gone; meanwhile advance ``later``."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, lambda *_: self.close())
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self.woken.fileno(), warn_on_full_buffer=False)
        self.selector.register(self.owner, selectors.EVENT_READ, self.close)
        self.selector.register(self.wakeup, selectors.EVENT_READ, self.reap)
        self.selector.register(self.listener, selectors.EVENT_READ, partial(self.answer, run))
        while True:
            for key, _mask in self.ready(later):
                key.data()

    def ready(self, later):
        """What can be read; while there is nothing, what may be wanted later is imported."""
        while later is not None:
            if found := self.selector.select(timeout=0.005):
                return found
            if next(later, self) is self:
                later = None
                _freeze()
        return self.selector.select()

    def answer(self, run) -> None:
        """Fork the child that one connection asks for."""
        connection, _address = self.listener.accept()
        connection.settimeout(10)
        try:
            _byte, outputs, *_rest = socket.recv_fds(connection, 1, 1, _CLOSE_ON_EXEC)
            with connection.makefile("rb") as file:
                request = json.loads(file.readline())
        except (OSError, ValueError):
            connection.close()
            return
        connection.settimeout(None)
        mine = os.getpid()
        # a request to end must not come between the birth of a child and its entry in the list
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
        pid = os.fork()
        if pid == 0:
            connection.close()
            self.child(run, request, mine, *outputs)
        self.children[pid] = connection
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
        for output in outputs:
            os.close(output)
        heard = partial(self.heard, pid, connection)
        self.selector.register(connection, selectors.EVENT_READ, heard)
        _tell(connection, pid)

    def heard(self, pid: int, connection: socket.socket) -> None:
        """The asker sent signals, or closed the connection."""
        if self.children.get(pid) is not connection:  # reaped a moment ago
            return
        numbers = b""
        with contextlib.suppress(OSError):
            numbers = connection.recv(64)
        for number in numbers:
            _kill(pid, number)
        if not numbers:
            self.forget(connection)
            self.children[pid] = None
            _kill(pid)

    def forget(self, connection: socket.socket) -> None:
        """Close a connection."""
        self.selector.unregister(connection)
        connection.close()

    def reap(self) -> None:
        """Report every child that ended."""
        with contextlib.suppress(BlockingIOError):
            self.wakeup.recv(4096)
        with contextlib.suppress(ChildProcessError):
            while (ended := os.waitpid(-1, os.WNOHANG))[0]:
                pid, status = ended
                connection = self.children.pop(pid, None)
                with contextlib.suppress(OSError):
                    os.killpg(pid, signal.SIGKILL)  # what the child itself had started
                if connection is not None:
                    _tell(connection, os.waitstatus_to_exitcode(status))
                    self.forget(connection)

    def child(self, run, request: dict, parent: int, output: int | None = None) -> None:
        """The life of a child. Never returns."""
        code = 1
        try:
            signal.set_wakeup_fd(-1)
            for number in (signal.SIGCHLD, signal.SIGTERM):
                signal.signal(number, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
            signal.signal(signal.SIGINT, signal.default_int_handler)
            os.setsid()
            if _libc is not None:
                _libc.prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG: end when the server is killed
            if os.getppid() != parent:
                os._exit(1)
            self.selector.close()
            for other in (self.listener, self.wakeup, self.woken, *self.children.values()):
                if other is not None:
                    other.close()
            os.close(self.owner)
            _enter(request.pop("env"), request.pop("cwd"))
            code = run(request, output)
        except SystemExit as stop:
            code = stop.code if isinstance(stop.code, int) else int(stop.code is not None)
        except BaseException:
            traceback.print_exc()
        finally:
            with contextlib.suppress(BaseException):
                sys.stdout.flush()
                sys.stderr.flush()
            os._exit(code & 0xFF)

    def close(self) -> None:
        """Kill what is left and end."""
        for pid in self.children:
            _kill(pid)
        with contextlib.suppress(RecursionError):  # a tree that is too deep stays
            shutil.rmtree(os.path.dirname(self.listener.getsockname()), ignore_errors=True)
        os._exit(0)


def _tell(connection: socket.socket, number: int) -> None:
    """A number to the asker, who may be gone."""
    with contextlib.suppress(OSError):
        connection.sendall(number.to_bytes(4, "big", signed=True))


def _kill(pid: int, number: int = signal.SIGKILL) -> None:
    """A signal to the group of a child, or to the child that does not lead its group yet."""
    try:
        os.killpg(pid, number)
    except OSError:
        with contextlib.suppress(OSError):
            os.kill(pid, number)


def _freeze() -> None:
    """Keep a child's garbage collections from touching, and so copying, the parent's pages."""
    gc.collect()
    gc.freeze()
    # figures make many small objects; with Python's usual 700 a tenth of a run is collecting
    gc.set_threshold(50_000, 10, 10)


def _enter(environment: dict, folder: str) -> None:
    """What must differ between children: surroundings and randomness."""
    os.environ.clear()
    os.environ.update(environment)
    if hasattr(time, "tzset"):
        time.tzset()
    os.chdir(folder)
    random.seed()
    if "numpy.random" in sys.modules:
        sys.modules["numpy.random"].seed()


def once(module: str) -> int:
    """One child without a fork: the request comes on standard input, the output goes out."""
    if hasattr(os, "setsid"):
        with contextlib.suppress(OSError):
            os.setsid()
    request = json.loads(sys.stdin.readline())
    output = os.dup(1)  # to itself, whatever else is printed
    os.dup2(2, 1)
    return importlib.import_module(module).run(request, output)


def main(arguments: list[str]) -> None:
    """Entry of ``python -m minelib.workbench.fork_server``."""
    if arguments[0] == "once":
        sys.exit(once(arguments[1]))
    listener, owner, module, *options = arguments
    server = Server(int(listener), int(owner))
    kind = importlib.import_module(module)
    # jsonschema would spend two seconds on a grammar of internet addresses that nothing here
    # checks; with this mark it does without
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    later = kind.preload(*options)
    if later is not None:
        next(later, None)
    if sys.modules.get("rfc3987_syntax") is None:
        del sys.modules["rfc3987_syntax"]
    _freeze()
    server.serve(kind.run, later)


if __name__ == "__main__":
    main(sys.argv[1:])
