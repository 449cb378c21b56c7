# SPDX-License-Identifier: MIT
"""The same runs on a Dask cluster: workers compute, this process writes the folders.

A worker needs minelib installed, the same version as here, and nothing else: the notebook
travels to it, and the result comes back as bytes. A worker that dies loses only what it was
running; the scheduler gives that to another.
"""

import atexit
import tempfile
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from minelib.errors import BadInput
from minelib.words import gettext as _
from minelib.workbench.libraries import need
from minelib.workbench.runs import cache
from minelib.workbench.runs.job import answer, leave
from minelib.workbench.runs.pool import Launcher, run_one

__all__ = ["check_scheduler", "run_on_cluster"]

_own: dict[str, Any] = {}
_guard = threading.Lock()


def _client(address):
    need("distributed")
    from distributed import Client

    try:
        return Client(address, timeout=5, set_as_default=False)
    except (OSError, ValueError) as error:
        sentence = _("There is no Dask scheduler at {address}: {reason}")
        reason = str(error).splitlines()[0]
        raise BadInput(sentence.format(address=address, reason=reason)) from None


def check_scheduler(address: str) -> None:
    """See that there is a scheduler with a worker at the address.

    Raises
    ------
    BadInput
        When there is not.
    MinelibError
        When Dask is not installed.
    """
    with closing(_client(address)) as client:
        if not client.scheduler_info(n_workers=-1)["workers"]:
            sentence = _("The Dask scheduler at {address} has no workers.")
            raise BadInput(sentence.format(address=address))


def run_on_cluster(address: str, specs: list[dict], heard: Callable[[int, dict], object]) -> None:
    """Run all of them on the cluster's workers; see `minelib.workbench.runs.pool.run_jobs`."""
    from distributed import as_completed

    with closing(_client(address)) as client:
        futures = {}
        for index, spec in enumerate(specs):
            key = f"minelib-{cache.digest(spec)}-{index}"
            futures[client.submit(on_worker, spec, key=key, pure=False)] = index
        for future in as_completed(futures, loop=client.loop):
            index = futures[future]
            if future.status == "finished":
                result, files = future.result()
                if files:  # a folder came of it: here, too, whole or not at all
                    final = specs[index]["folder" if result["status"] == "ok" else "failed"]
                    result = leave(Path(final), result, files)
            else:
                result = answer("lost", message=_reason(future))
            heard(index, {"event": "result", "result": result})
            future.release()


def _reason(future):
    error = future.exception() if future.status == "error" else None
    if type(error).__name__ == "KilledWorker":
        return _("every worker that tried it died")
    return str(error).splitlines()[0] if error and str(error) else _("the cluster gave it up")


def on_worker(spec: dict) -> tuple[dict, dict]:
    """Run one job on a worker. Returns the result and the files of its folder."""
    launcher = _launcher({"source": spec["record"]["inputs"]["source"], "tables": spec["tables"]})
    if launcher is None:
        message = _("the worker has another version of minelib or of its data")
        return answer("failed", message=message), {}
    with tempfile.TemporaryDirectory(prefix="minelib-run-", ignore_cleanup_errors=True) as home:
        local = {**spec, "folder": f"{home}/ok", "failed": f"{home}/failed"}
        result = run_one(launcher, local)
        paths = Path(result["folder"]).iterdir() if result["folder"] else ()
        return {**result, "folder": None}, {path.name: path.read_bytes() for path in paths}


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
