# SPDX-License-Identifier: MIT
"""Several jobs at once, each in a process of its own, never more than there are cores."""

import contextlib
import os
import queue
import subprocess
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import IO, Any

from minelib.declared import sentences
from minelib.workbench.fork_client import ADDRESS, ForkServer, Standing, can_fork, messages, server
from minelib.workbench.runs.job import answer, signal_name

_say = sentences(__file__)
_GRACE = 30  # seconds beyond a run's own time, for its kernel to end and its files to be written


def cores() -> int:
    """How many cores this process may use."""
    try:
        count = len(os.sched_getaffinity(0))
    except AttributeError:
        count = os.cpu_count() or 1
    with contextlib.suppress(OSError, ValueError):
        with open("/sys/fs/cgroup/cpu.max", encoding="ascii") as file:
            quota, period = file.read().split()
        if quota != "max":
            count = min(count, max(1, round(int(quota) / int(period))))
    return count


def workers_for(jobs: int, asked: int | None = None) -> int:
    """How many jobs to run at once: at most one a core, at most what there is to do.

    Examples
    --------
    >>> workers_for(1, asked=8)
    1
    """
    return max(1, min(jobs, cores(), asked or cores()))


class Launcher:
    """Starts jobs. Jobs and kernels are forked from two servers, which import at the same time.

    A server that was killed takes with it what it had running; the next job starts another.

    Parameters
    ----------
    few : bool
        There are no more jobs than workers: kernels are not worth a preparation.
    log, keep_open
        As in `minelib.workbench.fork_client.ForkServer`.
    """

    def __init__(self, few: bool = False, **places: Any):
        self.kernels = None
        with contextlib.ExitStack() as started:
            if can_fork():
                options = ("few",) if few else ()
                kernels = partial(ForkServer, "minelib.workbench.runs.kernel", *options, **places)
                self.kernels = Standing(kernels)
                started.callback(self.kernels.close)
            self.jobs = Standing(partial(server, "minelib.workbench.runs.job", **places))
            started.callback(self.jobs.close)
            self.close = started.pop_all().close  # ends all of them, kernels too

    def start(self, spec: dict) -> Any:
        """A job; read its `messages`, then ask its ``returncode``."""
        environment = {name: value for name, value in os.environ.items() if name != ADDRESS}
        if self.kernels is not None:
            environment[ADDRESS] = self.kernels.ready().address
        return self.jobs.start({"spec": spec, "env": environment}, output=True)


def run_jobs(
    specs: list[dict],
    workers: int,
    heard: Callable[[int, dict], object],
    keep_open: Iterable[int] = (),
    log: IO | int = subprocess.DEVNULL,
) -> None:
    """Run all of them, and hear what happens in the order in which it happens.

    Parameters
    ----------
    specs : list of dict
        As `minelib.workbench.runs.plan.Task.spec` makes them.
    workers : int
    heard : callable
        Called in this thread with (index, message); ``message["event"]`` is ``"start"``
        (with ``pid``), ``"cell"`` or ``"result"``.
    keep_open, log
        As in `minelib.workbench.fork_client.ForkServer`.

    Notes
    -----
    Whatever ends this call early (Ctrl-C among others) ends every job and kernel first.
    """
    told: queue.SimpleQueue = queue.SimpleQueue()
    launcher = Launcher(few=len(specs) <= workers, keep_open=keep_open, log=log)
    threads = ThreadPoolExecutor(workers)

    def work(index):
        try:
            result = run_one(launcher, specs[index], lambda message: told.put((index, message)))
            told.put((index, {"event": "result", "result": result}))
        except BaseException as error:  # told to the thread that waits
            told.put((index, error))

    try:
        for index in range(len(specs)):
            threads.submit(work, index)
        left = len(specs)
        while left:
            index, message = next_of(told)
            if isinstance(message, BaseException):
                raise message
            left -= message["event"] == "result"
            heard(index, message)
    finally:
        threads.shutdown(wait=False, cancel_futures=True)
        launcher.close()


def next_of(told: queue.SimpleQueue) -> Any:
    """What a queue tells next, however long that takes."""
    while True:
        with contextlib.suppress(queue.Empty):
            return told.get(timeout=1)  # a timeout, so that Windows hears Ctrl-C


def run_one(
    launcher: Launcher, spec: dict, tell: Callable[[dict], object] = lambda message: None
) -> dict:
    """Run one job and wait for its end.

    Returns
    -------
    dict
        As `minelib.workbench.runs.job.answer`; ``"lost"`` when its process ended without a result.
    """
    try:
        job = launcher.start(spec)
    except OSError:  # the servers of processes end, or the system has no more to give
        return answer("lost", message=_say("not_started"))
    tell({"event": "start", "pid": job.pid})
    result = None
    overdue = threading.Event()

    def end():  # it no longer watches its own time
        overdue.set()  # before the kill: once that is heard, this has been said
        job.kill()

    late = threading.Timer(spec["timeout"] + _GRACE, end)
    late.daemon = True
    late.start()
    for message in messages(job):
        if message["event"] == "result":
            result = message["result"]
        else:
            tell(message)
    late.cancel()
    job.close()
    if overdue.is_set() and result is None:
        return answer("lost", message=_say("late"))
    return result or answer("lost", message=_ended(job.returncode))


def _ended(code):
    """What became of a worker that ended without a result, in words."""
    how = "left" if code >= 0 else "memory" if code == -9 else "killed"
    return _say(how, code=code, signal=signal_name(code))
