# SPDX-License-Identifier: MIT
"""The same sweep on a real Dask cluster on loopback, of which a worker is killed."""

import json
import os
import signal
import subprocess
import sys

import pytest

import minelib as ml
from minelib.errors import BadInput
from minelib.workbench import sweep
from minelib.workbench.runs.cluster import check_scheduler
from workbench.support import wait_for

pytest.importorskip("distributed", reason="the extra 'cluster' is not installed")


@pytest.fixture
def cluster(house, tmp_path):
    """A scheduler and two workers: processes as README starts them. Yields address and pids."""
    dask = [sys.executable, "-m", "dask"]
    file, processes = tmp_path / "scheduler.json", []

    def start(name, *arguments):
        log = (tmp_path / f"{name}.log").open("wb")
        processes.append(
            subprocess.Popen(
                [*dask, *arguments], env=house.environment, cwd=tmp_path, stdout=log, stderr=log
            )
        )
        return processes[-1]

    start(
        "scheduler",
        "scheduler",
        "--host",
        "127.0.0.1",
        "--port",
        "0",
        "--no-dashboard",
        "--scheduler-file",
        str(file),
    )
    address = json.loads(wait_for(lambda: file.exists() and file.read_text()))["address"]
    workers = [
        start(
            f"worker{i}",
            "worker",
            address,
            "--nthreads",
            "1",
            "--no-nanny",
            "--no-dashboard",
            "--local-directory",
            str(tmp_path / f"worker{i}"),
        )
        for i in (1, 2)
    ]
    wait_for(lambda: count_workers(address) == 2)
    yield address, [worker.pid for worker in workers]
    for process in reversed(processes):
        process.terminate()
    for process in processes:
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:  # a busy machine: what it had to prove is proven
            process.kill()
            process.wait()


def count_workers(address):
    from distributed import Client

    with Client(address, timeout=300, set_as_default=False) as client:
        return len(client.scheduler_info(n_workers=-1)["workers"])


def test_a_lost_workers_runs_are_repeated_elsewhere(house, cluster):
    address, workers = cluster
    work = (
        "import os, time\n"
        "log = os.open(os.path.join(os.environ['MINELIB_NOTEBOOKS'], 'log'),\n"
        "              os.O_WRONLY | os.O_APPEND | os.O_CREAT)\n"
        "os.write(log, f'{study.days}\\n'.encode())\n"
        "os.close(log)\n"
        "time.sleep(0.3)"
    )
    house.add("small", work=work)
    arguments = ("sweep", "small", "-g", "days=1:12:1", "-o", house.output)
    process = house.start(*arguments, "--scheduler", address)
    wait_for(lambda: len(list(house.output.glob("runs/[0-9]*/run.json"))) >= 2)
    os.kill(workers[0], signal.SIGKILL)
    _out, err = process.communicate(timeout=600)
    assert process.returncode == 0, err
    frame = ml.collect(house.output)
    assert frame["status"].eq("ok").all()
    assert frame["days"].tolist() == list(range(1, 13))
    assert frame["twice"].tolist() == [2 * d for d in range(1, 13)]
    started = sorted(int(d) for d in (house.root / "log").read_text().split())
    assert sorted(set(started)) == list(range(1, 13))
    assert len(started) <= 13, "only what the lost worker was at is done again"

    # the same folders, the same resume: also without the cluster
    (house.output / "runs" / frame["run"][0] / "run.json").unlink()
    done = house.minelib("sweep", "--resume", house.output)
    assert done.returncode == 0 and ml.collect(house.output)["status"].eq("ok").all()


def test_a_worker_with_another_minelib_refuses(house, monkeypatch):
    monkeypatch.setattr("minelib.workbench.runs.cluster._address", lambda: "tcp://there")
    from minelib.studies.notebooks import select
    from minelib.workbench.runs.cluster import on_worker
    from minelib.workbench.runs.plan import Task, judged

    house.add("small")
    book = select(["small"])[0]
    values = book.study().checked({})[0]
    spec = judged(Task(book, "en", values, house.output / "x", house.output / "bad")).spec()
    inputs = spec["record"]["inputs"]
    inputs["source"] = {**inputs["source"], "chain/__init__.py": "another"}
    result, files, place = on_worker(spec)
    assert result["status"] == "failed" and "another version of minelib" in result["message"]
    assert files == {} and place == "tcp://there"


def test_no_scheduler_there_is_one_clear_line(house):
    house.add("small")
    with pytest.raises(BadInput, match="no Dask scheduler at tcp://127.0.0.1:9"):
        sweep("small", {"days": [1]}, output=house.output, scheduler="tcp://127.0.0.1:9")
    assert not house.output.exists(), "nothing was started"
    with pytest.raises(BadInput, match="no Dask scheduler"):
        check_scheduler("nonsense://x")
