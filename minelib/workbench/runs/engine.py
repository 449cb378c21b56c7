# SPDX-License-Identifier: MIT
"""papermill's own engine without its waits: about half a second less per run.

Registered as ``minelib`` at the entry point ``papermill.engine``. What differs from
papermill's default: the kernel counts as ready when it has answered and its output channel
is heard (the default then listens for silence, 0.2 s); it is killed at the end instead of
asked and waited for (its state is of no further use); the heartbeat and input channels,
which nothing reads, are not opened.
"""

import asyncio
import time
from functools import cache

import zmq
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from nbclient.exceptions import DeadKernelError
from nbclient.util import ensure_async, run_hook, run_sync
from papermill import engines
from papermill.log import logger
from papermill.utils import merge_kwargs, remove_args


class _Quick:
    """What a client of papermill's does otherwise; `_client` puts the two together."""

    own_python = False

    def create_kernel_manager(self):
        manager = super().create_kernel_manager()
        if self.own_python:
            manager.kernel_spec_manager = _OwnPython()
        return manager

    async def async_start_new_kernel_client(self):
        self.kc = self.km.client()
        # a kernel that has not bound its sockets yet is knocked at every few milliseconds
        self.kc.context.setsockopt(zmq.RECONNECT_IVL, 4)
        try:
            await ensure_async(self.kc.start_channels(stdin=False, hb=False))
            await _ready(self.kc, self.km, self.startup_timeout)
        except BaseException:
            await self._async_cleanup_kernel()
            raise
        self.kc.allow_stdin = False
        await run_hook(self.on_notebook_start, notebook=self.nb)
        return self.kc

    start_new_kernel_client = run_sync(async_start_new_kernel_client)

    async def _async_check_alive(self):
        try:
            await super()._async_check_alive()
        except DeadKernelError:  # how it ended is known until it is cleaned up
            self.nb_man.exit_code = await ensure_async(self.km.provisioner.poll())
            raise


class _OwnPython(KernelSpecManager):
    """Every name of a kernel is this very Python."""

    def get_kernel_spec(self, kernel_name):
        from ipykernel.kernelspec import get_kernel_dict

        return KernelSpec(resource_dir="", **get_kernel_dict())


@cache
def _quick(base):
    class Client(_Quick, base):
        pass

    return Client


def _client():
    """papermill's client of this moment, quicker; anything but a class is taken as it is."""
    found = engines.PapermillNotebookClient
    return _quick(found) if isinstance(found, type) else found


async def _ready(client, manager, timeout):
    """Until the kernel has answered and its output channel has been heard."""
    deadline = time.monotonic() + timeout
    heard = asyncio.ensure_future(client.iopub_channel.get_msg(timeout=None))
    try:
        while True:
            client.kernel_info()
            reply = asyncio.ensure_future(client.shell_channel.get_msg(timeout=None))
            done, _pending = await asyncio.wait({reply}, timeout=2)
            if done and reply.result()["msg_type"] == "kernel_info_reply":
                client._handle_kernel_info_reply(reply.result())
                done, _pending = await asyncio.wait({heard}, timeout=0.5)
                if done:
                    return
            else:
                reply.cancel()
            if not await ensure_async(manager.is_alive()):
                raise RuntimeError("Kernel died before replying to kernel_info")
            if time.monotonic() > deadline:
                raise RuntimeError(f"Kernel didn't respond in {timeout} seconds")
    finally:
        heard.cancel()


class Engine(engines.NBClientEngine):
    """Executes a notebook with papermill's manager and the quicker client."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man,
        kernel_name,
        log_output=False,
        start_timeout=60,
        execution_timeout=None,
        own_python=False,
        **options,
    ):
        """Execute; see `papermill.engines.NBClientEngine`.

        With ``own_python`` the kernel is an IPython of this very Python, whatever its name.
        """
        free = remove_args(["input_path", "timeout", "startup_timeout"], **options)
        settings = merge_kwargs(
            {"shutdown_kernel": "immediate", **free},
            timeout=execution_timeout or options.get("timeout"),
            startup_timeout=start_timeout,
            kernel_name=kernel_name,
            log=logger,
            log_output=log_output,
        )
        client = _client()(nb_man, **settings)
        client.own_python = own_python
        return client.execute()
