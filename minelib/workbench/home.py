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

from minelib.declared import sentences
from minelib.errors import MinelibError

_say = sentences(__file__)


def homeless() -> str:
    """Why there is no home folder to write to, in a sentence; empty where there is one."""
    try:
        place = Path.home()
    except RuntimeError:  # an unknown user, and nothing says where
        return _say("no_home")
    with contextlib.suppress(OSError), tempfile.TemporaryDirectory(prefix=".minelib-", dir=place):
        return ""
    return _say("locked", folder=place)


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
    for key, asked in (("gone", os.getcwd), ("no_temporary", tempfile.gettempdir)):
        try:
            asked()
        except OSError:
            raise MinelibError(_say(key)) from None
    why = homeless()
    if not why:
        yield
        return
    say(why + " " + _say("lent"))
    name = "USERPROFILE" if sys.platform == "win32" else "HOME"
    kept = {n: os.environ[n] for n in (name, "PYTHONUSERBASE") if n in os.environ}
    with contextlib.suppress(RuntimeError):  # packages of the user's own stay where they are
        os.environ.setdefault("PYTHONUSERBASE", site.getuserbase())
    os.environ[name] = tempfile.mkdtemp(prefix="minelib-home-")
    try:
        yield
    finally:
        shutil.rmtree(os.environ[name], ignore_errors=True)
        for variable in (name, "PYTHONUSERBASE"):
            os.environ.pop(variable, None)
        os.environ.update(kept)
