# SPDX-License-Identifier: MIT
"""Run Sphinx over the written sources, each folder in a process of its own."""

import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from minelib.errors import MinelibError
from minelib.words import gettext as _
from minelib.workbench.fork_client import server
from minelib.workbench.runs.folders import CannotWrite, disk_error

__all__ = ["publish"]


def publish(sources: Sequence[Path], target: Path) -> None:
    """Build the HTML of every folder.

    Parameters
    ----------
    sources : sequence of pathlib.Path
        Folders with ``site.json``, as `minelib.workbench.site.source` writes them.
    target : pathlib.Path
        Each goes into a folder of its name.

    Raises
    ------
    MinelibError
        With what Sphinx said, when it fails or warns.
    CannotWrite
        The disk is full, or fails.
    """
    surroundings = {**os.environ, "PYTHONUTF8": "1"}
    with tempfile.TemporaryFile() as log:
        forks = server("minelib.workbench.site.sphinx_build", log=log, env=surroundings)
        try:
            children = [
                forks.start(
                    {
                        "source": _in_utf8(source),
                        "target": _in_utf8(target / source.name),
                        "env": {**surroundings, "MINELIB_SITE": _in_utf8(source / "site.json")},
                    }
                )
                for source in sources
            ]
            failed = any(child.wait() for child in children)
        except ConnectionError:
            failed = True
        finally:
            forks.close()
        log.seek(0)
        said = log.read().decode("utf-8", "replace").strip()
    if failed:
        if (full := disk_error(said)) is not None:
            raise CannotWrite(target, full)
        sentence = _("The pages could not be published. Sphinx said:\n{words}")
        raise MinelibError(sentence.format(words=said[-3000:]))
    shutil.rmtree(target / "jupyter_execute", ignore_errors=True)
    for source in sources:
        shutil.rmtree(target / source.name / "_sources", ignore_errors=True)
        for rest in (".buildinfo", "objects.inv"):
            (target / source.name / rest).unlink(missing_ok=True)


def _in_utf8(path):
    """The path as a Python in UTF-8 mode names it, whatever encoding this system's names have."""
    return os.fsencode(path).decode("utf-8", "surrogateescape")
