# SPDX-License-Identifier: MIT
"""A kernel provisioner that forks kernels from a process with the libraries imported.

Registered as ``minelib-fork`` at the entry point ``jupyter_client.kernel_provisioners``, so
that papermill, nbclient and JupyterLab all may use it: name it in a kernel specification, or
set ``JUPYTER_DEFAULT_PROVISIONER_NAME=minelib-fork``. Every kernel is a new process with its
own state. A kernel that cannot be forked (another Python, another language, no ``fork``)
starts as always.
"""

import asyncio
import atexit
import contextlib
import os
import shutil
import subprocess
import sys
import uuid
from pathlib import Path

from jupyter_client.provisioning import LocalProvisioner

from minelib.workbench.fork_client import ADDRESS, ForkServer, can_fork, connect

# what Python and the libraries read when they start: a kernel that wants it otherwise than
# the server has it must start by itself
_READ_AT_START = ("PYTHON", "LD_", "DYLD_", "LC_", "LANG", "MPL", "OPENBLAS", "OMP_", "MKL_")
_HARMLESS = ("PYTHONEXECUTABLE", "PYTHONUNBUFFERED", "MPLBACKEND")

_PATIENCE = 60.0  # seconds to wait for a server that is still importing

# this process's fork servers, each with the sources it was started from
_servers: list[tuple[ForkServer, dict]] = []


def _from_own(request):
    """A kernel of this process's server: one started anew when minelib or its data changed."""
    sources = _sources()
    if not _servers or _servers[-1][1] != sources or _servers[-1][0].process.poll() is not None:
        log = sys.__stderr__ or subprocess.DEVNULL
        server = ForkServer("minelib.workbench.runs.kernel", log=log)
        atexit.register(server.close)
        _servers.append((server, sources))  # the kernels of the one before live on
    return _servers[-1][0].start(request)


def _sources():
    from minelib.catalog import data_folder

    files = [*Path(__file__).parents[2].rglob("*.py"), *data_folder().glob("*/*.*")]
    return {str(path): path.stat().st_mtime_ns for path in files}


def _forkable(command, environment):
    """Whether the command is an IPython kernel of this very Python, in like surroundings."""
    ours = os.path.abspath(command[0]) == os.path.abspath(sys.executable)
    if not (ours and can_fork() and "ipykernel_launcher" in command[:6]):
        return False
    return all(
        environment.get(name) == os.environ.get(name)
        for name in {*environment, *os.environ}
        if name.startswith(_READ_AT_START) and name not in _HARMLESS
    )


class ForkProvisioner(LocalProvisioner):
    """Forks IPython kernels; otherwise a `jupyter_client.LocalProvisioner`."""

    _folder = None

    async def pre_launch(self, **kwargs):
        """Beside a fork server, prefer sockets in its private folder to ports.

        Two kernels may ask for the same port at the same time, never for the same file.
        """
        km, home = self.parent, os.environ.get(ADDRESS)
        if home and km is not None and km.transport == "tcp" and self._folder is None:
            folder = Path(home).parent / uuid.uuid4().hex[:12]
            with contextlib.suppress(OSError):  # the server is gone: ports, then
                if can_fork() and len(str(folder)) < 90:  # a socket's path may have 107 bytes
                    folder.mkdir(mode=0o700)
                    self._folder = folder
                    km.transport, km.ip, km.cache_ports = "ipc", str(folder / "k"), False
                    # goes with the folder, also when the one that wrote it is killed
                    km.connection_file = str(folder / "kernel.json")
        return await super().pre_launch(**kwargs)

    async def launch_kernel(self, cmd, **kwargs):
        """Fork the kernel, or start it as always."""
        environment = kwargs.get("env") or dict(os.environ)
        if not _forkable(cmd, environment):
            return await super().launch_kernel(cmd, **kwargs)
        launcher = cmd.index("ipykernel_launcher")
        request = {
            "arguments": cmd[launcher + 1 :],
            "env": environment,
            "cwd": os.path.abspath(kwargs.get("cwd") or os.getcwd()),
        }
        try:
            address = os.environ.get(ADDRESS)
            if address:
                self.process = connect(address, request, patience=_PATIENCE)
            else:  # a first kernel waits for the imports: not in the way of a server's loop
                self.process = await asyncio.to_thread(_from_own, request)
        except OSError:
            return await super().launch_kernel(cmd, **kwargs)
        self.pid, self.pgid = self.process.pid, None  # signals go through the server
        self.cwd = request["cwd"]
        return self.connection_info

    async def kill(self, restart=False):
        """Kill, and wait the few milliseconds until the kernel is gone."""
        process = self.process
        await super().kill(restart)
        for _ in range(400):
            if process is None or process.poll() is not None:
                return
            await asyncio.sleep(0.005)

    async def cleanup(self, restart=False):
        """Remove the folder of the sockets."""
        await super().cleanup(restart)
        if self._folder is not None and not restart:
            shutil.rmtree(self._folder, ignore_errors=True)
