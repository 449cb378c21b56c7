# SPDX-License-Identifier: MIT
"""The same runs on a Dask cluster: workers compute, this process writes the folders.

A worker needs minelib installed, the same version as here, and nothing else: the notebook
travels to it, and the result comes back as bytes. A worker that dies loses only what it was
running; the scheduler gives that to another.
"""

import atexit
import contextlib
import logging
import queue
import tempfile
import threading
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from minelib.declared import sentences
from minelib.errors import BadInput
from minelib.workbench.libraries import need
from minelib.workbench.runs import cache
from minelib.workbench.runs.job import answer, leave
from minelib.workbench.runs.pool import Launcher, next_of, run_one

_say = sentences(__file__)
_own: dict[str, Any] = {}
_guard = threading.Lock()


@contextlib.contextmanager
def _client(address):
    need("distributed")
    from distributed import Client

    for name in ("distributed", "distributed.client"):  # what matters is told by us
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        client = Client(address, timeout=5, set_as_default=False)
    except (OSError, ValueError) as error:
        reason = str(error).splitlines()[0]
        raise BadInput(_say("no_scheduler", address=address, reason=reason)) from None
    try:
        yield client
    finally:
        with contextlib.suppress(OSError, TimeoutError):  # its scheduler may be gone
            client.close(timeout=5)


def check_scheduler(address: str) -> None:
    """See that there is a scheduler with a worker at the address.

    Raises
    ------
    BadInput
        When there is not.
    MinelibError
        When Dask is not installed.
    """
    with _client(address) as client:
        if not client.scheduler_info(n_workers=-1)["workers"]:
            raise BadInput(_say("no_workers", address=address))


def run_on_cluster(address: str, specs: list[dict], heard: Callable[[int, dict], object]) -> None:
    """Run all of them on the cluster's workers; see `minelib.workbench.runs.pool.run_jobs`.

    What a worker with another minelib refuses goes to the others; what a scheduler had when
    the connection to it was lost is told as lost, and may be resumed.
    """
    told: queue.SimpleQueue = queue.SimpleQueue()
    running: dict[Any, int] = {}
    refused: set[str] = set()

    with _client(address) as client:

        def submit(index, where=None):
            key = f"minelib-{cache.digest(specs[index])}-{index}-{uuid.uuid4().hex[:8]}"
            future = client.submit(on_worker, specs[index], key=key, pure=False, workers=where)
            running[future] = index
            future.add_done_callback(told.put)

        for index in range(len(specs)):
            submit(index)
        while running:
            future = next_of(told)
            index = running.pop(future)
            result, files, place = _outcome(future)
            if place:  # of a worker that refused
                refused.add(place)
                if others := [*{*_workers(client)} - refused]:
                    submit(index, others)
                    continue
            if files:  # a folder came of it: here, too, whole or not at all
                final = specs[index]["folder" if result["status"] == "ok" else "failed"]
                result = leave(Path(final), result, files)
            heard(index, {"event": "result", "result": result})


def _workers(client):
    """The addresses of the workers there are now."""
    try:
        return client.scheduler_info(n_workers=-1)["workers"]
    except (OSError, ValueError):  # no scheduler any more
        return {}


def _outcome(future):
    """What came of a run: its answer, its files, and the address of a worker that refused it."""
    try:
        return future.result(timeout=60)
    except Exception as problem:
        error = problem
    if future.status == "cancelled" or isinstance(error, OSError):
        return answer("lost", message=_say("disconnected")), {}, ""
    if type(error).__name__ == "KilledWorker":
        return answer("lost", message=_say("killed")), {}, ""
    reason = str(error).splitlines()[0] if str(error) else _say("given_up")
    return answer("lost", message=reason), {}, ""


def on_worker(spec: dict) -> tuple[dict, dict, str]:
    """Run one job on a worker.

    Returns
    -------
    dict
        The result.
    dict
        The files of its folder, as bytes.
    str
        The address of this worker where it refuses, since its minelib is another; else "".
    """
    launcher = _launcher({"source": spec["record"]["inputs"]["source"], "tables": spec["tables"]})
    if launcher is None:
        return answer("failed", message=_say("other_version")), {}, _address()
    with tempfile.TemporaryDirectory(prefix="minelib-run-", ignore_cleanup_errors=True) as home:
        local = {**spec, "folder": f"{home}/ok", "failed": f"{home}/failed"}
        result = run_one(launcher, local)
        paths = Path(result["folder"]).iterdir() if result["folder"] else ()
        return {**result, "folder": None}, {path.name: path.read_bytes() for path in paths}, ""


def _address():
    from distributed import get_worker

    return get_worker().address


def _launcher(state):
    """The launcher of this worker process, with minelib as it is at the asker's, or None."""
    with _guard:
        if _own.get("state") != state:
            cache.forget()  # it may have been updated here since
            if state != {"source": cache.source(), "tables": cache.tables()}:
                return None
            if "launcher" in _own:
                _own["launcher"].close()
            _own.update(state=state, launcher=Launcher())
            atexit.register(_own["launcher"].close)
        return _own["launcher"]
