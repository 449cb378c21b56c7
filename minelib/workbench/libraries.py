# SPDX-License-Identifier: MIT
"""The libraries that only the workbench has: asked for before anything is started."""

from importlib.util import find_spec

from minelib.errors import MinelibError
from minelib.words import gettext as _


def need(*names: str, extra: str = "workbench") -> None:
    """See that libraries can be imported.

    Raises
    ------
    MinelibError
        With those that are missing and the command that installs them.

    Examples
    --------
    >>> need("json", "no_such_library")
    Traceback (most recent call last):
    minelib.errors.MinelibError: This needs no_such_library: pip install "minelib[workbench]"
    """
    missing = [name for name in names if not _there(name)]
    if missing:
        sentence = _('This needs {missing}: pip install "minelib[{extra}]"')
        raise MinelibError(sentence.format(missing=", ".join(missing), extra=extra))


def _there(name):
    try:
        return find_spec(name) is not None
    except (ImportError, ValueError):
        return False
