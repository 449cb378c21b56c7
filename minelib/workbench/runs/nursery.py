# SPDX-License-Identifier: MIT
"""A process that has imported the heavy libraries once and forks kernels and jobs on request.

Started with ``python -m minelib.workbench.runs.nursery SOCKET OWNER_FD KIND`` by
`minelib.workbench.runs.forks`.
It stays single-threaded, opens no kernel itself, and lives exactly as long as its owner: when
the owner's end of the pipe OWNER_FD closes (also by ``kill -9``), every child is killed and
the nursery ends. A child likewise ends when whoever asked for it closes its connection.

Protocol: one connection a child; one JSON line asks (``{"kind": "kernel" | "job", ...}``),
``{"pid": n}`` answers, ``{"exit": code}`` follows when the child is gone (negative for a
signal). A job may write further lines in between.
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
from pathlib import Path

# What a child of each kind wants, in order. The second part is imported while nobody asks,
# so that the first kernels need not wait for libraries that few notebooks use. Where there
# are no more kernels than cores ("few"), each imports what it needs: nothing would be shared.
_IPYTHON = (
    "ipykernel.kernelapp",
    "ipykernel.debugger",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.logger",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "IPython.utils.wildcard",
    "tornado.platform.asyncio",
    "sqlite3",
)
FIRST = {
    "few": _IPYTHON,
    "job": (
        "IPython.paths",
        "papermill.execute",
        "nbclient",
        "jupyter_client.asynchronous",
        "minelib.workbench.runs.job",
        "minelib.workbench.runs.engine",
        "minelib.workbench.runs.provisioner",
        "minelib.workbench.translation",
    ),
    "kernel": (
        *_IPYTHON,
        "pandas",
        "pandas.core.reshape.reshape",
        "pandas.io.formats.html",
        "matplotlib.backends.backend_agg",
        "matplotlib.pyplot",
        "pandas.plotting",
        "pydantic.type_adapter",
        "scipy.optimize",
        "scipy.stats",
        "seaborn",
    ),
}
LATER = {
    "few": (),
    "job": (),
    "kernel": (
        "babel.dates",
        "babel.numbers",
        "babel.messages.pofile",
        "scipy.signal",
        "statsmodels.api",
        "statsmodels.tsa.statespace.structural",
    ),
}
# rooms of minelib that a notebook never uses
_NOT_IN_KERNELS = tuple(
    f"minelib.{room}"
    for room in ("_data", "_notebooks", "cli", "former", "lessons")
    + ("workbench.grading", "workbench.lab", "workbench.lessons", "workbench.runs")
)


def preload(kind):
    """Import what children want. A missing library is left to the notebook to miss."""
    os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")
    os.environ["JPY_PARENT_PID"] = str(os.getpid())  # read by ipykernel when it is imported
    # jsonschema would spend two seconds on a grammar of internet addresses that no notebook
    # needs; with this mark it does without
    sys.modules["rfc3987_syntax"] = None
    for name in FIRST[kind]:
        _import(name)
    if kind == "kernel":
        for name in _rooms():
            _import(name)
        with contextlib.suppress(Exception):
            _practise()
    elif kind == "job":
        with contextlib.suppress(Exception):
            _rehearse()
    sys.modules.pop("rfc3987_syntax", None)
    _freeze()


def _rooms():
    """The modules of minelib that a notebook may use, found as files."""
    package = Path(__file__).parents[2]
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(package.parent).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        if not name.startswith(_NOT_IN_KERNELS) and not name.endswith("__main__"):
            yield name


def _practise():
    """Draw one figure and throw it away: fonts, glyphs and image writers are ready then.

    It is not registered with pyplot and loads no table, so that kernels start untouched.
    """
    import io

    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    from minelib.style import date_axis, style

    with style("zh"):
        figure = Figure(layout="constrained")
        FigureCanvasAgg(figure)
        ax = figure.subplots()
        days = sys.modules["pandas"].date_range("2020-01-01", periods=24, freq="MS")
        ax.plot(days, range(24), label="0123456789 四川")
        ax.fill_between(days, range(24), alpha=0.3)
        ax.set_title("abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOPQRSTUVWXYZ ,.()%/–")
        ax.legend()
        date_axis(ax.xaxis)
        figure.savefig(io.BytesIO(), format="png")


def _rehearse():
    """Compile the schema of notebooks and look up who provides kernels: 50 ms a job."""
    import nbformat
    from jupyter_client.provisioning.factory import KernelProvisionerFactory

    nbformat.validate(nbformat.v4.new_notebook())
    sys.modules["minelib.words"].prepare()
    KernelProvisionerFactory.instance()


def _import(name):
    with contextlib.suppress(Exception):
        importlib.import_module(name)


def _read_tables():
    """Have every table read, and none loaded."""
    with contextlib.suppress(Exception):
        sys.modules["minelib.catalog"].default().prepare()
        sys.modules["minelib.words"].prepare()


def _freeze():
    """Keep a child's garbage collections from touching, and so copying, the parent's pages."""
    gc.collect()
    gc.freeze()
    # figures make many small objects; with Python's usual 700 a tenth of a run is collecting
    gc.set_threshold(50_000, 10, 10)


class Nursery:
    """The loop: accept, fork, report the end, kill the orphans."""

    def __init__(self, path, owner, kind):
        self.path, self.owner = path, owner
        self.later = list(LATER[kind])
        self.children = {}  # pid -> connection
        self.selector = selectors.DefaultSelector()
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.listener.bind(path)
        self.listener.listen(64)
        self.wakeup, wakeup_write = os.pipe()
        os.set_blocking(self.wakeup, False)
        os.set_blocking(wakeup_write, False)
        self.wakeup_write = wakeup_write

    def serve(self):
        """Until the owner is gone."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, lambda *_: self.close())
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self.wakeup_write, warn_on_full_buffer=False)
        self.selector.register(self.listener, selectors.EVENT_READ, "listener")
        self.selector.register(self.owner, selectors.EVENT_READ, "owner")
        self.selector.register(self.wakeup, selectors.EVENT_READ, "wakeup")
        while True:
            for key, _mask in self.heard_or_import():
                if key.data == "owner":
                    self.close()
                elif key.data == "wakeup":
                    with contextlib.suppress(BlockingIOError):
                        os.read(self.wakeup, 4096)
                    self.reap()
                elif key.data == "listener":
                    connection, _address = self.listener.accept()
                    self.answer(connection)
                else:
                    self.heard(key.data, key.fileobj)

    def heard_or_import(self):
        """What the selector has; while it has nothing, import what may be wanted later."""
        while self.later:
            ready = self.selector.select(timeout=0.005)
            if ready:
                return ready
            _import(self.later.pop(0))
            if not self.later:
                _read_tables()
                _freeze()
        return self.selector.select()

    def answer(self, connection):
        """Fork the child that one connection asks for."""
        connection.settimeout(10)
        try:
            with connection.makefile("rb") as file:
                request = json.loads(file.readline())
        except (OSError, ValueError):
            connection.close()
            return
        mine = os.getpid()
        # a request to end must not come between the birth of a child and its entry in the list
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
        pid = os.fork()
        if pid == 0:
            self.child(connection, request, mine)
        self.children[pid] = connection
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
        connection.settimeout(None)
        self.selector.register(connection, selectors.EVENT_READ, pid)
        self.tell(connection, {"pid": pid})

    @staticmethod
    def tell(connection, message):
        """One line to the asker, who may be gone."""
        with contextlib.suppress(OSError):
            connection.sendall(json.dumps(message).encode() + b"\n")

    def heard(self, pid, connection):
        """The asker closed the connection (or sent a signal's number)."""
        try:
            asked = connection.recv(64)
        except OSError:
            asked = b""
        if asked:
            with contextlib.suppress(OSError, ValueError):
                os.killpg(pid, int(asked.split()[-1]))
            return
        self.selector.unregister(connection)
        connection.close()
        self.children[pid] = None
        with contextlib.suppress(OSError):
            os.killpg(pid, signal.SIGKILL)

    def reap(self):
        """Report every child that ended."""
        while self.children:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            connection = self.children.pop(pid, None)
            with contextlib.suppress(OSError):
                os.killpg(pid, signal.SIGKILL)  # what the child itself had started
            if connection is not None:
                self.tell(connection, {"exit": os.waitstatus_to_exitcode(status)})
                self.selector.unregister(connection)
                connection.close()

    def child(self, connection, request, parent):
        """The life of a child. Never returns."""
        code = 1
        try:
            signal.set_wakeup_fd(-1)
            for number in (signal.SIGCHLD, signal.SIGTERM):
                signal.signal(number, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
            signal.signal(signal.SIGINT, signal.default_int_handler)
            os.setsid()
            _die_with_parent(parent)
            self.selector.close()
            for other in (self.listener, *self.children.values()):
                if other is not None:
                    other.close()
            for number in (self.owner, self.wakeup, self.wakeup_write):
                os.close(number)
            _fresh(request)
            if request["kind"] == "kernel":
                connection.close()
                code = _kernel(request)
            else:
                from minelib.workbench.runs.job import serve

                connection.settimeout(None)
                code = serve(request["spec"], lambda message: self.tell(connection, message))
        except SystemExit as stop:
            code = stop.code if isinstance(stop.code, int) else 0 if stop.code is None else 1
        except BaseException:
            traceback.print_exc()
        finally:
            with contextlib.suppress(BaseException):
                sys.stdout.flush()
                sys.stderr.flush()
            os._exit(code & 0xFF)

    def close(self):
        """Kill what is left and end."""
        for pid in list(self.children):
            with contextlib.suppress(OSError):
                os.killpg(pid, signal.SIGKILL)
        # a child just forked may not lead its group yet
        for pid in list(self.children):
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        shutil.rmtree(os.path.dirname(self.path), ignore_errors=True)
        os._exit(0)


def _die_with_parent(parent):
    """Ask the kernel to end this process when the nursery is killed (Linux)."""
    with contextlib.suppress(Exception):
        _libc.prctl(1, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def _fresh(request):
    """What must differ between children: surroundings and randomness."""
    os.environ.clear()
    os.environ.update(request["env"])
    if hasattr(time, "tzset"):
        time.tzset()
    os.chdir(request["cwd"])
    random.seed()
    if "numpy.random" in sys.modules:
        sys.modules["numpy.random"].seed()


def _kernel(request):
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


def main(arguments):
    """Entry of ``python -m minelib.workbench.runs.nursery``."""
    path, owner, kind = arguments
    nursery = Nursery(path, int(owner), kind)  # bound first: who asks early waits in the queue
    preload(kind)
    nursery.serve()


if __name__ == "__main__":
    main(sys.argv[1:])
