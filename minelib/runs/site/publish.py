# SPDX-License-Identifier: MIT
"""Run Sphinx over the written sources, one process a language, side by side."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from minelib.errors import MinelibError
from minelib.text import gettext as _

__all__ = ["publish"]

_THEME = Path(__file__).parent / "theme"


def publish(sources, target):
    """Build the HTML of every language.

    Parameters
    ----------
    sources : list of pathlib.Path
        Folders written by `minelib.runs.site.source.write_source`, named by language.
    target : pathlib.Path
        Each language goes into a folder of its name.

    Raises
    ------
    MinelibError
        With what Sphinx said, when it fails.
    """
    started = [(source, _start(source, target / source.name)) for source in sources]
    said = [(source, process, process.communicate()[0]) for source, process in started]
    for source, process, words in said:
        if process.returncode:
            raise MinelibError(
                _("Sphinx failed on the {lang} pages:\n{words}").format(
                    lang=source.name, words=words.strip()[-3000:]
                )
            )
    for source in sources:
        for rest in (".buildinfo", "objects.inv", ".doctrees"):
            path = target / source.name / rest
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def _start(source, target):
    command = [sys.executable, "-m", "sphinx", "-b", "html", "-q", "-E", "-W", "--keep-going"]
    command += ["-c", str(_THEME), "-d", str(source.parent / f"{source.name}.doctrees")]
    command += [str(source), str(target)]
    env = {
        **os.environ,
        "MINELIB_SITE": str(source / "site.json"),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUTF8": "1",
    }
    return subprocess.Popen(
        command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        encoding="utf-8", errors="replace",
    )  # fmt: skip
