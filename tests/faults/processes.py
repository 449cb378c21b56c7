# SPDX-License-Identifier: MIT
"""Faults of processes: killed, stopped, told to end, misbehaving."""

import os
import shutil
import signal
import time

from workbench.support import wait_for

from minelib.workbench.runs.cache import PLAN

from .scene import WORKERS, Laden
from .table import Absent, fault

_KILLED = {"codes": (0, 1), "moments": True}


@fault("a kernel is killed (-9)", **_KILLED)
def kernel_killed(scene, at):
    scene.start()
    pid = scene.kernel(at)
    scene.strike()
    scene.kill(pid)
    scene.end()


@fault("the process that runs a notebook is killed (-9)", **_KILLED)
def worker_killed(scene, at):
    scene.start()
    scene.kernel(at)
    scene.strike()
    pid = scene.worker()
    scene.killed = -9 if pid == scene.process.pid else None
    scene.kill(pid)
    scene.end()


def _row(title, name, play, **how):
    play.__name__ = name
    fault(title, **{"moments": True, **how})(play)


def _server_killed(kind):
    def play(scene, at):
        scene.start()
        if at < 0.25:  # as it is born
            wait_for(lambda: scene.server(kind) or scene.process.poll() is not None)
        else:
            scene.kernel((at - 0.25) * 0.6)
        scene.strike()
        scene.kill(scene.server(kind))
        scene.end()
        if scene.count - len(scene.results()) > WORKERS:
            scene.wrong.append("runs are missing that were not running")

    return play


_SERVER = {"papermill": False, "codes": (0, 1), "moments": True, "count": 6, "kind": Laden}
_row(
    "the fork server of the runs is killed (-9)",
    "server_of_runs_killed",
    _server_killed(b"minelib.workbench.runs.job"),
    **_SERVER,
)
_row(
    "the fork server of the kernels is killed (-9)",
    "server_of_kernels_killed",
    _server_killed(b"minelib.workbench.runs.kernel"),
    **_SERVER,
)


@fault("the command is killed (-9)", moments=True)
def command_killed(scene, at):
    scene.start()
    scene.reach(at)
    scene.strike()
    scene.killed = -9
    scene.kill(scene.process.pid)
    scene.end()


@fault("the power fails: what stands on the disk at that moment goes on", moments=True)
def power_loss(scene, at):
    scene.start()
    scene.reach(at)
    scene.strike()
    copy = scene.root / "copy"
    scene.output.mkdir(parents=True, exist_ok=True)
    shutil.copytree(scene.output, copy, ignore_dangling_symlinks=True, copy_function=_surely)
    scene.killed = -9
    for pid in (scene.process.pid, *scene.house.processes()):
        scene.kill(pid)
    scene.end()
    shutil.rmtree(scene.temporary)  # a machine that starts clears its temporary files
    scene.temporary.mkdir()
    shutil.rmtree(scene.output)
    copy.rename(scene.output)
    # the copy is not taken in one moment: what was moved meanwhile may be missing from it
    scene.before = {d: m for d, m in scene.before.items() if d in scene.results()}


def _surely(source, target):
    try:
        shutil.copyfile(source, target)
    except FileNotFoundError:
        return target
    return target


def _told(number, times=1):
    def play(scene, at):
        scene.start()
        scene.reach(at)
        scene.strike()
        for again in range(times):
            if again:
                time.sleep(0.1)
            if scene.process.poll() is None:
                scene.killed = -number  # before it has begun to listen
                os.killpg(scene.process.pid, number)  # as a terminal does: to the whole group
        scene.end()

    return play


_row("Ctrl-C", "ctrl_c", _told(signal.SIGINT), codes=(0, 130))
_row("Ctrl-C twice", "ctrl_c_twice", _told(signal.SIGINT, 2), codes=(0, 130))
_row("told to end (SIGTERM)", "told_to_end", _told(signal.SIGTERM), codes=(0, 143))
_row("the terminal is closed (SIGHUP)", "terminal_closed", _told(signal.SIGHUP), codes=(0, 129))


@fault("the command is stopped and goes on (a laptop closed and opened)")
def command_stopped(scene, at):
    scene.start()
    scene.kernel(at)
    scene.strike()
    pids = [scene.process.pid, *scene.house.processes()]
    for number in (signal.SIGSTOP, signal.SIGCONT):
        for pid in pids:
            scene.kill(pid, number)
        time.sleep(0.5)
    scene.end()


@fault("the process that runs a notebook is stopped for good (SIGSTOP)", codes=(1,))
def worker_stopped(scene, at):
    scene.start(limit=4)
    scene.kernel(at)
    scene.strike()
    pid = scene.worker()
    scene.kill(pid, signal.SIGSTOP)
    scene.end()


@fault("a kernel is stopped for good (SIGSTOP)", codes=(1,))
def kernel_stopped(scene, at):
    scene.start(limit=4)
    pid = scene.kernel(at)
    scene.strike()
    scene.kill(pid, signal.SIGSTOP)
    scene.end()


def _cell(title, name, code, limit=None, **how):
    """A cell that does something, in one of the runs."""

    def play(scene, _at):
        scene.arm(code)
        scene.start(limit=limit)
        scene.kernel()
        scene.end()

    play.__name__ = name
    fault(title, **{"codes": (1,), **how})(play)


_cell("a cell never ends", "endless_cell", "while True: pass", limit=4)
_cell("a cell ends its kernel (os._exit)", "kernel_exits", "os._exit(3)")
_cell("a cell kills its whole group", "group_killed", "os.killpg(os.getpgid(0), 9)")
_cell("a cell closes its outputs", "outputs_closed", "os.close(1); os.close(2)", codes=(0, 1))
_cell(
    "a cell leaves a process behind",
    "process_left",
    "import subprocess; subprocess.Popen(['sleep', '600'])",
    codes=(0,),
)
_cell(
    "a cell prints 30 million characters",
    "huge_output",
    "print(('x' * 99 + '\\n') * 300_000)",
    codes=(0,),
)
_cell("a cell prints for ever", "endless_output", "while True: print('x' * 10_000)", limit=4)
_cell(
    "a cell eats memory",
    "memory_eaten",
    "import resource\nresource.setrlimit(resource.RLIMIT_AS, (2 * 10**9,) * 2)\n"
    "held = []\nwhile True: held.append(b'x' * 10**7)",
)
_cell(
    "a cell holds 1,000 files open",
    "files_open",
    "held = [open(os.devnull) for _ in range(1000)]",
    codes=(0, 1),
)


@fault("few files may be open (ulimit -n 64)", codes=(0, 1, 2))
def few_files(scene, _at):
    scene.start(wrap=("sh", "-c", 'ulimit -n 64; exec "$@"', "sh"))
    scene.end()


@fault("two of the same commands at once")
def two_at_once(scene, at):
    scene.start()
    scene.reach(at * 0.5)
    first = scene.process
    scene.start()
    scene.end()
    first.wait(900)
    scene.before = scene.results()
    begun = [day for day, _pid in scene.starts()]
    scene.twice = len(begun) - len(set(begun))


@fault("the notebook and its study are changed in the middle")
def notebook_changed(scene, at):
    scene.start()
    scene.kernel(at)
    scene.strike()
    kept = scene.notebook.read_bytes()
    scene.house.add("small", work="1 / 0")
    scene.end()
    scene.notebook.write_bytes(kept)


@fault("the file with the parameters of a sweep is changed in the middle", papermill=False)
def parameters_changed(scene, at):
    scene.start()
    scene.kernel(at)
    scene.strike()
    plan = scene.output / PLAN
    text = plan.read_text(encoding="utf-8")
    changed = text.replace('"days": 2', '"days": 9')
    assert changed != text
    plan.write_text(changed, encoding="utf-8")
    scene.end()


@fault("the reader of what is said goes away (a closed pipe)")
def reader_gone(scene, at):
    read, write = os.pipe()
    scene.start(stdout=write, stderr=write)
    os.close(write)
    scene.kernel(at)
    scene.strike()
    os.close(read)
    scene.end()


@fault("standard input, output and error are closed")
def streams_closed(scene, _at):
    scene.start(wrap=("sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh"))
    scene.end()


@fault("what is said goes to a full disk (/dev/full)", codes=(0, 1))
def nowhere_to_say(scene, _at):
    if not os.path.exists("/dev/full"):
        raise Absent("there is no /dev/full")
    with open("/dev/full", "wb") as full:
        scene.start(stdout=full, stderr=full)
    scene.end()
    wait_for(lambda: scene.process.poll() is not None)
