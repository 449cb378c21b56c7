# SPDX-License-Identifier: MIT
"""The same runs on a Dask cluster: workers compute, this process writes the folders.

A worker needs minelib installed, the same version as here, and nothing else: the notebook
travels to it, and the result comes back as bytes. A worker that dies loses only what it was
running; the scheduler gives that to another.
"""

import shutil
import tempfile
import threading
from pathlib import Path

from minelib.errors import BadInput, MinelibError
from minelib.words import gettext as _
from minelib.workbench.runs import keys
from minelib.workbench.runs.folders import CannotWrite, replace, scratch

__all__ = ["check_scheduler", "run_on_cluster"]

_crew = {}
_guard = threading.Lock()


def _client(address, timeout=5):
    try:
        from distributed import Client
    except ImportError:
        raise MinelibError(_("--scheduler needs Dask: pip install 'minelib[workbench]'")) from None
    try:
        return Client(address, timeout=timeout, set_as_default=False)
    except (OSError, ValueError) as error:
        raise BadInput(
            _("There is no Dask scheduler at {address}: {reason}").format(
                address=address, reason=str(error).splitlines()[0]
            )
        ) from None


def check_scheduler(address):
    """See that there is a scheduler with a worker at the address.

    Raises
    ------
    BadInput
        When there is not.
    MinelibError
        When Dask is not installed.
    """
    client = _client(address)
    try:
        if not client.scheduler_info(n_workers=-1)["workers"]:
            raise BadInput(
                _("The Dask scheduler at {address} has no workers.").format(address=address)
            )
    finally:
        client.close()


def run_on_cluster(address, specs, heard):
    """Run all of them on the cluster's workers; see `minelib.workbench.runs.pool.run_jobs`."""
    from distributed import as_completed

    client = _client(address)
    try:
        futures = {}
        for index, spec in enumerate(specs):
            future = client.submit(
                on_worker, spec, key=f"minelib-{keys.digest(spec)}-{index}", pure=False
            )
            futures[future] = index
        for future in as_completed(futures, loop=client.loop):
            index = futures[future]
            if future.status == "finished":
                result = _landed(specs[index], future.result())
            else:
                result = {
                    "status": "lost",
                    "seconds": 0.0,
                    "folder": None,
                    "message": _reason(future),
                }
            heard(index, {"event": "result", "result": result})
            future.release()
    finally:
        client.close()


def _reason(future):
    error = future.exception() if future.status == "error" else None
    if type(error).__name__ == "KilledWorker":
        return _("every worker that tried it died")
    return str(error).splitlines()[0] if error and str(error) else _("the cluster gave it up")


def _landed(spec, answer):
    """Write what a worker sent to its place, whole or not at all."""
    result, files = answer
    if not files:
        return result
    final = Path(spec["folder"] if result["status"] == "ok" else spec["failed"])
    try:
        with scratch(final) as folder:
            for name, content in files.items():
                (folder / name).write_bytes(content)
            replace(folder, final)
    except OSError as error:
        return {
            **result,
            "status": "failed",
            "message": str(CannotWrite(final, error)),
            "folder": None,
        }
    return {**result, "folder": str(final)}


def on_worker(spec):
    """Run one job on a worker. Returns the result and the files of its folder."""
    crew = _worker_crew({"source": spec["inputs"]["source"], "tables": spec["tables"]})
    if crew is None:
        message = _("the worker has another version of minelib or of its data")
        return {"status": "failed", "seconds": 0.0, "folder": None, "message": message}, {}
    from minelib.workbench.runs.pool import run_one

    home = Path(tempfile.mkdtemp(prefix="minelib-run-"))
    try:
        local = {**spec, "folder": str(home / "ok"), "failed": str(home / "failed")}
        result = run_one(crew, local)
        files = {}
        if result["folder"]:
            files = {path.name: path.read_bytes() for path in Path(result["folder"]).iterdir()}
        return result, files
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _worker_crew(state):
    """The launcher of this worker process, with minelib as it is at the asker's, or None."""
    import atexit

    from minelib.workbench.runs.pool import Launcher

    with _guard:
        if _crew.get("state") != state:
            keys.forget()  # it may have been updated here since
            if state != {"source": keys.source(), "tables": keys.tables()}:
                return None
            if "crew" in _crew:
                _crew["crew"].close()
            else:
                atexit.register(lambda: _crew["crew"].close())
            _crew.update(state=state, crew=Launcher())
        return _crew["crew"]
