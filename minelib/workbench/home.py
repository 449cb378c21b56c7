# SPDX-License-Identifier: MIT
"""A home folder and a temporary one for the libraries that want them, also where there is none.

Jupyter, IPython and matplotlib keep files in the user's home folder. Where that is missing,
belongs to somebody else or is read-only, they get a folder that lasts as long as the work.
"""

import contextlib
import os
import shutil
import site
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from minelib.errors import MinelibError
from minelib.words import gettext as _


def homeless() -> str:
    """Why there is no home folder to write to, in a sentence; empty where there is one."""
    try:
        place = Path.home()
    except RuntimeError:  # an unknown user, and nothing says where
        return _("There is no home folder.")
    with contextlib.suppress(OSError), tempfile.TemporaryDirectory(prefix=".minelib-", dir=place):
        return ""
    return _("The home folder {folder} cannot be written to.").format(folder=place)


@contextlib.contextmanager
def at_home(say: Callable[[str], object] = lambda sentence: None) -> Iterator[None]:
    """Lend the libraries a home folder where the user has none.

    Parameters
    ----------
    say : callable
        Told in a sentence that one is lent, and what to set.

    Raises
    ------
    MinelibError
        No temporary folder can be written to, or the folder of this process is gone.
    """
    try:
        os.getcwd()
    except OSError:
        sentence = _("The folder this was started in is gone. Change to another: cd ~")
        raise MinelibError(sentence) from None
    try:
        tempfile.gettempdir()
    except OSError:
        sentence = _("There is no temporary folder with room. Set TMPDIR to a folder of yours.")
        raise MinelibError(sentence) from None
    why = homeless()
    if not why:
        yield
        return
    say(why + " " + _("A temporary one is used; set HOME to a folder of yours to keep settings."))
    name = "USERPROFILE" if sys.platform == "win32" else "HOME"
    kept = {n: os.environ.get(n) for n in (name, "PYTHONUSERBASE")}
    with contextlib.suppress(RuntimeError):  # packages of the user's own stay where they are
        os.environ.setdefault("PYTHONUSERBASE", site.getuserbase())
    os.environ[name] = tempfile.mkdtemp(prefix="minelib-home-")
    try:
        yield
    finally:
        shutil.rmtree(os.environ[name], ignore_errors=True)
        for variable, value in kept.items():
            os.environ.pop(variable, None)
            if value is not None:
                os.environ[variable] = value
