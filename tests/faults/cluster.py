# SPDX-License-Identifier: MIT
"""Faults of many machines: four Dask workers on loopback."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from workbench.support import wait_for

import minelib

from .scene import Ours
from .table import fault

_SILENT = 15  # seconds after which the scheduler gives up a worker that says nothing


class OnCluster(Ours):
    """A sweep whose runs are done by the workers of a cluster."""

    workers = 4

    def __init__(self, root, count=12, pause=0.5):
        super().__init__(root, count, pause)
        self.programs = []
        self.port = 0
        self.file = self.root / "scheduler.json"
        self.scheduler = None

    def dask(self, name, *words, env=None):
        """A program of Dask, as README starts it."""
        environment = {**self.house.environment, **(env or {})}
        environment["DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL"] = f"{_SILENT}s"
        with (self.root / f"{name}.log").open("ab") as log:
            command = [sys.executable, "-m", "dask", *map(str, words)]
            program = subprocess.Popen(
                command, env=environment, cwd=self.root, stdout=log, stderr=log
            )
        self.programs.append(program)
        return program

    def schedule(self, port=0):
        """A scheduler; at the port of the one before, when it is started again."""
        self.file.unlink(missing_ok=True)
        where = ("--host", "127.0.0.1", "--port", port, "--no-dashboard")
        self.scheduler = self.dask("scheduler", "scheduler", *where, "--scheduler-file", self.file)
        told = wait_for(lambda: self.file.exists() and self.file.read_text())
        self.address = json.loads(told)["address"]

    def work(self, name, env=None):
        """A worker."""
        how = ("--nthreads", 1, "--no-nanny", "--no-dashboard", "--name", name)
        where = ("--local-directory", self.root / name)
        return self.dask(name, "worker", self.address, *how, *where, env=env)

    def assemble(self, **odd):
        """The scheduler and four workers; ``odd`` is the environment of the last of them."""
        from distributed import Client

        self.schedule()
        names = [f"worker-{number}" for number in range(self.workers)]
        found = [self.work(name, odd if name == names[-1] else None) for name in names]
        with Client(self.address, timeout=60, set_as_default=False) as client:
            client.wait_for_workers(self.workers, timeout=900)
        return found

    def command(self, limit=None):
        command = super().command(limit)
        at = command.index("--workers")
        command[at : at + 2] = ["--scheduler", self.address] if self.scheduler else []
        return command

    def again(self):
        """What is left is done on this machine, as the sentence at the end says."""
        self.disband()
        self.scheduler = None
        return super().again()

    def disband(self):
        for program in self.programs:
            with contextlib.suppress(OSError):
                program.send_signal(signal.SIGCONT)
                program.terminate()
        for program in self.programs:
            try:
                program.wait(20)
            except subprocess.TimeoutExpired:
                program.kill()
                program.wait()

    def left(self):
        """Of the workers' own files nothing is asked: their machines are their own."""
        self.disband()
        return super().left()

    def close(self):
        self.disband()
        super().close()


def _half_done(scene):
    wait_for(lambda: scene.process.poll() is not None or len(scene.results()) >= 3, 900)
    scene.strike()


def _on(title, **how):
    return fault(title, kind=OnCluster, papermill=False, count=12, **how)


@_on("one of four workers of a cluster is killed (-9)")
def cluster_worker_killed(scene, _at):
    workers = scene.assemble()
    scene.start()
    _half_done(scene)
    workers[0].kill()
    scene.end()


@_on("one of four workers of a cluster hangs (SIGSTOP)")
def cluster_worker_hangs(scene, _at):
    workers = scene.assemble()
    scene.start()
    _half_done(scene)
    workers[0].send_signal(signal.SIGSTOP)
    scene.end()


@_on("all workers of a cluster are killed, others join", codes=(0, 1))
def cluster_all_killed(scene, _at):
    workers = scene.assemble()
    scene.start()
    _half_done(scene)
    for worker in workers:
        worker.kill()
    time.sleep(1)
    for number in range(2):
        scene.work(f"late-{number}")
    scene.end()


@_on("the scheduler of a cluster is killed and started again", codes=(0, 1))
def cluster_scheduler_restarted(scene, _at):
    scene.assemble()
    scene.start()
    _half_done(scene)
    scene.scheduler.kill()
    scene.scheduler.wait()
    port = scene.address.rpartition(":")[2]
    with contextlib.suppress(AssertionError):
        scene.schedule(port)
    scene.end()


@_on("one of four workers has another version of the package")
def cluster_another_version(scene, _at):
    other = scene.root / "other"
    source = Path(minelib.__file__).parent
    shutil.copytree(source, other / "minelib", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("data", "notebooks", "requirements.lock"):
        (other / name).symlink_to(source.parent / name)
    with (other / "minelib" / "chain" / "rate.py").open("a") as file:
        file.write("\n# another version\n")
    scene.assemble(PYTHONPATH=str(other))
    scene.start()
    scene.end()


_WITHOUT = """import sys
class Without:
    def find_spec(self, name, path=None, target=None):
        if name == "minelib" or name.startswith("minelib."):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Without())
"""


@_on("one of four workers lacks the package")
def cluster_without_the_package(scene, _at):
    place = scene.root / "without"
    place.mkdir()
    (place / "sitecustomize.py").write_text(_WITHOUT)
    scene.assemble(PYTHONPATH=os.pathsep.join([str(place), os.environ.get("PYTHONPATH", "")]))
    scene.start()
    scene.end()
