# SPDX-License-Identifier: MIT
"""Kernels forked from a warm process, as any Jupyter client may use them."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import nbformat
import pytest
from jupyter_client import AsyncKernelManager, AsyncMultiKernelManager
from jupyter_client.provisioning import KernelProvisionerFactory

import minelib as ml
from minelib.workbench.fork_client import (
    ADDRESS,
    ONE_THREAD,
    Child,
    ForkServer,
    Standing,
    can_fork,
    connect,
)
from minelib.workbench.runs import provisioner
from workbench.support import cell, notebook, wait_for

KERNEL = "minelib.workbench.runs.kernel"
pytestmark = pytest.mark.skipif(not can_fork(), reason="needs fork, as on Linux")


@pytest.fixture(scope="module")
def server():
    with ForkServer(KERNEL, "few") as made:
        yield made


@pytest.fixture
def forked(server, monkeypatch):
    """The forking provisioner as the default, with this module's fork server."""
    monkeypatch.setenv(ADDRESS, server.address)
    factory = KernelProvisionerFactory.instance()
    monkeypatch.setattr(factory, "default_provisioner_name", "minelib-fork")
    return server


class Session:
    """A kernel and its client."""

    def __init__(self, **options):
        self.options = options

    async def __aenter__(self):
        self.km = AsyncKernelManager(kernel_name="python3")
        await self.km.start_kernel(**self.options)
        self.client = self.km.client()
        self.client.start_channels()
        await self.client.wait_for_ready(timeout=300)
        return self

    async def __aexit__(self, *error):
        self.client.stop_channels()
        await self.km.shutdown_kernel(now=True)

    async def value(self, expression):
        message = self.client.execute("", user_expressions={"it": expression})
        while True:
            reply = await self.client.get_shell_msg(timeout=300)
            if reply["parent_header"]["msg_id"] == message:
                found = reply["content"]["user_expressions"]["it"]
                assert found["status"] == "ok", found
                return eval(found["data"]["text/plain"])

    async def run(self, code):
        message = self.client.execute(code)
        while True:
            reply = await self.client.get_shell_msg(timeout=300)
            if reply["parent_header"]["msg_id"] == message:
                return reply["content"]


def test_it_is_registered_where_jupyter_looks():
    names = KernelProvisionerFactory.instance().get_provisioner_entries()
    assert names["minelib-fork"] == "minelib.workbench.runs.provisioner:ForkProvisioner"


def test_each_kernel_is_a_fresh_process(forked, tmp_path):
    async def both():
        async with Session(cwd=str(tmp_path)) as one, Session() as two:
            assert isinstance(one.km.provisioner.process, Child)
            await one.run("left_behind = 1")
            assert await two.value("'left_behind' in globals()") is False
            pids = [await s.value("__import__('os').getpid()") for s in (one, two)]
            assert len({*pids, os.getpid(), forked.process.pid}) == 4
            assert one.km.provisioner.pid == pids[0]
            randoms = [await s.value("__import__('random').random()") for s in (one, two)]
            assert randoms[0] != randoms[1]
            assert await one.value("__import__('os').getcwd()") == str(tmp_path)
            assert await one.value("get_ipython().__class__.__name__") == "ZMQInteractiveShell"
            return pids

    pids = asyncio.run(both())
    wait_for(lambda: not any(os.path.exists(f"/proc/{pid}") for pid in pids))


def test_numpy_is_seeded_anew_in_each_kernel(forked, monkeypatch):
    """Of a server that has imported it: otherwise nothing would be shared."""

    async def draws():
        found = []
        for _ in range(2):
            async with Session() as session:
                found.append(await session.value("__import__('numpy').random.random()"))
        return found

    with ForkServer(KERNEL) as warm:
        monkeypatch.setenv(ADDRESS, warm.address)
        one, two = asyncio.run(draws())
    assert one != two


def test_environment_and_interrupt_and_restart(forked):
    async def scenario():
        async with Session(env={**os.environ, "COLOUR": "blue"}) as session:
            assert await session.value("__import__('os').environ['COLOUR']") == "blue"
            message = session.client.execute("print('begun')\nwhile True: pass")
            while True:
                told = await session.client.get_iopub_msg()
                if told["msg_type"] == "stream" and told["content"]["text"] == "begun\n":
                    break
            await session.km.interrupt_kernel()
            while True:
                reply = await session.client.get_shell_msg()
                if reply["parent_header"]["msg_id"] == message:
                    break
            assert reply["content"]["ename"] == "KeyboardInterrupt"
            first = session.km.provisioner.pid
            await session.km.restart_kernel(now=True)
            await session.client.wait_for_ready(timeout=300)
            assert session.km.provisioner.pid != first
            assert await session.value("1 + 1") == 2

    asyncio.run(scenario())


def test_a_kernel_that_dies_is_seen_as_dead(forked):
    async def scenario():
        async with Session() as session:
            os.kill(session.km.provisioner.pid, signal.SIGKILL)
            while await session.km.is_alive():
                await asyncio.sleep(0.02)
            return session.km.provisioner.process.returncode

    assert asyncio.run(scenario()) == -signal.SIGKILL


def test_what_must_start_by_itself_does(forked, monkeypatch):
    command = [sys.executable, "-m", "ipykernel_launcher", "-f", "x.json"]
    environment = dict(os.environ)
    assert provisioner._forkable(command, environment)
    assert not provisioner._forkable(["/usr/bin/python3", *command[1:]], environment)
    assert not provisioner._forkable([sys.executable, "-m", "other_kernel"], environment)
    assert not provisioner._forkable(command, {**environment, "PYTHONPATH": "/elsewhere"})
    assert not provisioner._forkable(command, {**environment, "OMP_NUM_THREADS": "7"})
    monkeypatch.setenv("MINELIB_FORK", "0")
    assert not provisioner._forkable(command, environment)


def test_a_long_path_for_temporary_files_is_no_obstacle(tmp_path, monkeypatch):
    place = tmp_path / ("x" * 100)  # longer than the path of a socket may be
    place.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(place))
    with ForkServer(KERNEL, "few") as made:
        child = made.start({"arguments": []})
        assert child.poll() is None
        child.kill()


def test_without_a_server_an_ordinary_kernel_starts(forked, monkeypatch, tmp_path):
    gone = ForkServer(KERNEL, "few")
    gone.close()
    monkeypatch.setenv(ADDRESS, gone.address)

    async def scenario():
        async with Session() as session:
            assert isinstance(session.km.provisioner.process, subprocess.Popen)
            return await session.value("1 + 1")

    assert asyncio.run(scenario()) == 2


@pytest.mark.timeout(1000)
def test_a_server_that_is_killed_turns_away_who_waits_for_it():
    """However patient: who asked before it had imported, and who asks when it is gone."""
    with ForkServer(KERNEL, "few") as made, ThreadPoolExecutor(1) as pool:
        os.kill(made.process.pid, signal.SIGSTOP)  # as it was born
        waits = pool.submit(connect, made.address, {"arguments": []}, patience=3600)
        made.process.kill()
        made.process.wait()
        for _ in range(2):
            with pytest.raises(ConnectionError):
                waits.result()
            waits = pool.submit(connect, made.address, {"arguments": []}, patience=3600)


def test_in_the_place_of_a_killed_server_another_stands():
    started = []

    def begin():
        started.append(ForkServer(KERNEL, "few"))
        return started[-1]

    servers = Standing(begin)
    one = servers.start({"arguments": []})
    assert servers.start({"arguments": []}).pid != one.pid and len(started) == 1
    os.kill(started[0].process.pid, signal.SIGKILL)  # it may not be gone yet
    other = servers.start({"arguments": []})
    assert one.wait() == -signal.SIGKILL and other.poll() is None
    assert len(started) == 2 and servers.ready() is started[1]
    servers.close()
    assert all(server.ended and not os.path.exists(server.folder) for server in started)
    with pytest.raises(ConnectionError, match="closed"):
        servers.start({"arguments": []})


def test_servers_that_always_end_are_given_up():
    started = []

    def begin():
        started.append(ForkServer("no.such.module"))
        return started[-1]

    servers = Standing(begin)
    with pytest.raises(ConnectionError):
        servers.start({})
    assert len(started) == 3
    servers.close()


def test_a_server_of_many_kernels_may_use_it(forked):
    """As JupyterLab does, through a manager of several kernels."""

    async def scenario():
        manager = AsyncMultiKernelManager()
        names = [await manager.start_kernel(kernel_name="python3") for _ in range(3)]
        pids = [manager.get_kernel(name).provisioner.pid for name in names]
        await manager.shutdown_all(now=True)
        return pids

    pids = asyncio.run(scenario())
    assert len(set(pids)) == 3
    wait_for(lambda: not any(os.path.exists(f"/proc/{pid}") for pid in pids))


def test_kernels_end_when_their_owner_is_killed(tmp_path):
    """Without a fork server to ask, a process starts one: both end with it."""
    code = (
        "import asyncio, sys, time\n"
        "from jupyter_client import AsyncKernelManager\n"
        "async def main():\n"
        "    km = AsyncKernelManager(kernel_name='python3')\n"
        "    await km.start_kernel()\n"
        "    from minelib.workbench.runs import provisioner\n"
        "    print(km.provisioner.pid, provisioner._servers[-1][0].process.pid, flush=True)\n"
        "    time.sleep(10_000)\n"
        "asyncio.run(main())"
    )
    environment = {**os.environ, "JUPYTER_DEFAULT_PROVISIONER_NAME": "minelib-fork"}
    environment.pop(ADDRESS, None)
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env=environment
    ) as owner:
        pids = [int(pid) for pid in owner.stdout.readline().split()]
        assert all(os.path.exists(f"/proc/{pid}") for pid in pids)
        owner.kill()
    wait_for(lambda: not any(os.path.exists(f"/proc/{pid}") for pid in pids))


def test_bare_papermill_runs_the_notebook_too(house, tmp_path):
    (house.root / "plain.ipynb").write_text("{}")  # no notebook by convention: not looked at
    path = house.add("small")
    out = tmp_path / "out.ipynb"
    base = [sys.executable, "-m", "papermill", "--no-progress-bar", str(path), str(out)]
    for more in ([], ["--engine", "minelib"]):
        done = subprocess.run([*base, "-p", "days", "7", *more], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        text = json.dumps(json.loads(out.read_text())["cells"][-1]["outputs"])
        assert '"value": 14' in text


def test_the_engine_gives_what_papermills_own_gives(forked):
    """Same outputs, same counts; only the waiting differs."""
    from papermill.engines import NBClientEngine

    from minelib.workbench.runs.engine import Engine

    source = notebook(
        cell(1, "code", "print('a')\n1 + 1"),
        cell(2, "markdown", "words"),
        cell(3, "code", "from IPython.display import display\ndisplay('b'); 'c'"),
        cell(4, "code", "import sys; print('err', file=sys.stderr)"),
        cell(5, "code", "1 / 0"),
        cell(6, "code", "print('never')"),
    )
    seen = []
    for engine in (NBClientEngine, Engine):
        node = nbformat.from_dict(json.loads(json.dumps(source)))
        node.metadata["papermill"] = {}
        engine.execute_notebook(node, "python3", progress_bar=False)
        cells = []
        for each in node.cells:
            outputs = [
                {k: v for k, v in o.items() if k != "traceback"} for o in each.get("outputs", ())
            ]
            status = each.metadata["papermill"]["status"]
            cells.append((outputs, each.get("execution_count"), status))
        seen.append(cells)
    assert seen[0] == seen[1]
    assert seen[1][4][0][0]["ename"] == "ZeroDivisionError"


def preloaded(code):
    environment = {**os.environ, **ONE_THREAD}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()


def test_what_is_imported_beforehand_leaves_no_trace():
    """One thread (a process with more must not be forked), no table, English, no figure."""
    preloaded(
        "import os, sys\n"
        "from minelib.workbench.runs import kernel\n"
        "list(kernel.preload())\n"
        "import minelib, matplotlib.pyplot as plt\n"
        "assert len(os.listdir('/proc/self/task')) == 1, os.listdir('/proc/self/task')\n"
        "assert minelib.catalog.loaded() == {}, minelib.catalog.loaded()\n"
        "assert minelib.words.current() == 'en'\n"
        "assert plt.get_fignums() == []\n"
        "assert 'statsmodels.api' in sys.modules and 'minelib.chain' in sys.modules\n"
        "assert not [n for n in sys.modules if n.startswith('minelib.cli')]\n"
    )


def test_a_job_finds_the_schema_and_the_provisioners_ready():
    preloaded(
        "import os, sys\n"
        "from minelib.workbench.runs import job\n"
        "job.preload()\n"
        "assert len(os.listdir('/proc/self/task')) == 1, os.listdir('/proc/self/task')\n"
        "from nbformat.validator import validators\n"
        "assert [key for key in validators if key[1:3] == (4, 5)], validators\n"
        "from jupyter_client.provisioning.factory import KernelProvisionerFactory\n"
        "assert KernelProvisionerFactory.initialized()\n"
        "assert 'pandas' not in sys.modules and 'matplotlib' not in sys.modules\n"
    )


def test_tables_that_were_read_beforehand_are_loaded_only_when_asked_for(data_copy):
    from minelib.catalog import Catalog

    catalog = Catalog(data_copy)
    catalog.prepare()
    assert catalog.loaded() == {}
    first = catalog.load("halvings")
    assert catalog.loaded() == {"halvings": 1}
    assert first.equals(Catalog(data_copy).load("halvings"))
    path = next(data_copy.glob("*/pools.csv"))
    path.write_bytes(path.read_bytes().replace(b"f2pool", b"f3pool", 1))
    with pytest.raises(ml.errors.DamagedData, match="pools.csv"):
        catalog.load("pools")  # what was read before the change is not used
