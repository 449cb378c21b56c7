# SPDX-License-Identifier: MIT
"""Several jobs at once, each in a process of its own, never more than there are cores."""

import contextlib
import os
import queue
import threading
from collections import deque

from minelib.words import gettext as _
from minelib.workbench.fork_client import ADDRESS, ForkServer, can_fork, messages, server

__all__ = ["Launcher", "cores", "run_jobs", "run_one", "workers_for"]


def cores():
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


def workers_for(jobs, asked=None):
    """How many jobs to run at once: at most one a core, at most what there is to do.

    Examples
    --------
    >>> workers_for(1, asked=8)
    1
    """
    return max(1, min(jobs, cores(), asked or cores()))


class Launcher:
    """Starts jobs. Jobs and kernels are forked from two servers, which import at the same time."""

    def __init__(self, keep_open=(), log=None, few=False):
        places = {"keep_open": keep_open, "log": log}
        self.kernels = None
        if can_fork():
            options = ("few",) if few else ()
            self.kernels = ForkServer("minelib.workbench.runs.kernel", *options, **places)
        try:
            self.jobs = server("minelib.workbench.runs.job", **places)
        except BaseException:
            self.close()
            raise

    def start(self, spec):
        """A job; iterate over its `messages`, then ask its ``returncode``."""
        environment = {name: value for name, value in os.environ.items() if name != ADDRESS}
        if self.kernels is not None:
            environment[ADDRESS] = self.kernels.address
        return self.jobs.start({"spec": spec, "env": environment}, output=True)

    def close(self):
        """End all of them, kernels too."""
        for one in (getattr(self, "jobs", None), self.kernels):
            if one is not None:
                one.close()


def run_jobs(specs, workers, heard, keep_open=(), log=None):
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
    waiting, told, stop = deque(enumerate(specs)), queue.SimpleQueue(), threading.Event()
    crew = Launcher(keep_open, log, few=len(specs) <= workers)
    threads = []
    try:
        for _number in range(workers):
            thread = threading.Thread(target=_work, args=(crew, waiting, told, stop), daemon=True)
            thread.start()
            threads.append(thread)
        left = len(specs)
        while left:
            try:
                index, message = told.get(timeout=1)  # a timeout, so that Windows hears Ctrl-C
            except queue.Empty:
                continue
            if isinstance(message, BaseException):
                raise message
            left -= message["event"] == "result"
            heard(index, message)
    finally:
        stop.set()
        crew.close()
        for thread in threads:
            thread.join(timeout=5)


def _work(crew, waiting, told, stop):
    while not stop.is_set():
        try:
            index, spec = waiting.popleft()
        except IndexError:
            return
        try:
            result = run_one(crew, spec, lambda m, i=index: told.put((i, m)), stop.is_set)
            told.put((index, {"event": "result", "result": result}))
        except BaseException as error:  # told to the thread that waits
            told.put((index, error))
            return


def run_one(crew, spec, tell=lambda message: None, stopped=lambda: False):
    """Run one job and wait for its end.

    Returns
    -------
    dict
        As `minelib.workbench.runs.job.execute`; ``"lost"`` when its process ended without a result.
    """
    result = None
    try:
        job = crew.start(spec)
    except ConnectionError:
        if stopped():
            return {"status": "lost", "seconds": 0.0, "message": "", "folder": None}
        raise
    tell({"event": "start", "pid": job.pid})
    for message in messages(job):
        if message.get("event") == "result":
            result = message["result"]
        else:
            tell(message)
    code = job.returncode
    job.close()
    if result is None:
        result = {"status": "lost", "seconds": 0.0, "message": _ended(code), "folder": None}
    return result


def _ended(code):
    """What became of a worker that ended without a result, in words."""
    import signal

    if code is not None and code < 0:
        try:
            name = signal.Signals(-code).name
        except ValueError:
            name = str(-code)
        return _("its worker process was killed ({signal}), perhaps for want of memory").format(
            signal=name
        )
    return _("its worker process ended unexpectedly (exit code {code})").format(code=code)
