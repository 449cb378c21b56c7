# SPDX-License-Identifier: MIT
"""Workers from the outside: start, ask, replace one that died."""

import json
import os
import subprocess
import sys
import tempfile

__all__ = ["Worker"]


class Worker:
    """One process that runs submissions, one at a time.

    It starts at once and gets ready in the background for the lessons of these numbers.
    """

    def __init__(self, *numbers):
        self._home = tempfile.TemporaryDirectory(prefix="minelib-grading-")
        environment = {k: v for k, v in os.environ.items() if k in ("PATH", "LANG", "SystemRoot")}
        one = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
        environment |= dict.fromkeys(one, "1")
        environment |= {
            "HOME": self._home.name,
            "IPYTHONDIR": self._home.name,
            "MPLBACKEND": "Agg",
            "MPLCONFIGDIR": self._home.name,
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONIOENCODING": "utf-8",
            "PYTHONUTF8": "1",
        }
        if "MPLCONFIGDIR" in os.environ:
            environment["MPLCONFIGDIR"] = os.environ["MPLCONFIGDIR"]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "minelib.workbench.grading.worker", *numbers],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            cwd=self._home.name,
            start_new_session=True,
        )
        self._ready = False

    def run(self, job):
        """Run one submission.

        Parameters
        ----------
        job : dict
            As `minelib.workbench.grading.worker` takes it.

        Returns
        -------
        dict
            ``events`` (list), ``reason`` (``ended``, ``time``, ``output`` or ``lost``: the
            worker itself died) and the exit ``code`` of the fork.
        """
        try:
            if not self._ready:
                self._ready = bool(self._line())
            self._process.stdin.write((json.dumps(job) + "\n").encode())
            self._process.stdin.flush()
            return self._line()
        except (OSError, ValueError):
            return {"events": [], "reason": "lost", "code": self._process.poll()}

    def _line(self):
        return json.loads(self._process.stdout.readline())

    @property
    def alive(self):
        """Whether it can be asked again."""
        return self._process.poll() is None

    def close(self):
        """End it."""
        for pipe in (self._process.stdin, self._process.stdout):
            try:
                pipe.close()
            except OSError:
                continue
        try:
            self._process.wait(2)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._home.cleanup()
