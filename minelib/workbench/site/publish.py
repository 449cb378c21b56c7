# SPDX-License-Identifier: MIT
"""Run Sphinx over the written sources, in a process of its own."""

import os
import shutil
import subprocess
import sys

from minelib.errors import MinelibError
from minelib.words import gettext as _

__all__ = ["publish"]


def publish(sources, target):
    """Build the HTML of every language.

    Parameters
    ----------
    sources : list of pathlib.Path
        Folders written by `minelib.workbench.site.source.write_source`, named by language.
    target : pathlib.Path
        Each language goes into a folder of its name.

    Raises
    ------
    MinelibError
        With what Sphinx said, when it fails or warns.
    """
    target.mkdir(parents=True, exist_ok=True)
    command = [
        sys.executable,
        "-m",
        "minelib.workbench.site.press",
        str(target),
        *map(str, sources),
    ]
    ended = subprocess.run(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
        env={**os.environ, "PYTHONUTF8": "1"},
        stdin=subprocess.DEVNULL,
    )
    if ended.returncode:
        raise MinelibError(
            _("The pages could not be published. Sphinx said:\n{words}").format(
                words=ended.stdout.strip()[-3000:]
            )
        )
    for source in sources:
        for rest in (".buildinfo", "objects.inv"):
            (target / source.name / rest).unlink(missing_ok=True)
        shutil.rmtree(target / source.name / ".doctrees", ignore_errors=True)
