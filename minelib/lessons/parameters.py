# SPDX-License-Identifier: MIT
"""Numbers of one's own: drawn by student id from the lists a teacher may edit."""

import hashlib
import tomllib
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from minelib.checks.door import Whole
from minelib.errors import BadInput, UnknownName
from minelib.lessons.master import lesson as find
from minelib.lessons.master import lessons_folder
from minelib.words import gettext as _

__all__ = ["FILE", "draws", "parameters", "read_draws"]

FILE = "parameters.toml"


def read_draws(path: str | Path | None = None) -> dict[str, Any]:
    """The lists to draw from, by lesson.

    Parameters
    ----------
    path : path-like or None
        A file of that shape, or a folder that may hold ``parameters.toml``; None for the one of
        the package.

    Returns
    -------
    dict
        ``salt`` (str) and one dict of lists a lesson number.

    Raises
    ------
    BadInput
        A file that is no TOML or holds something else than lists with at least one value.
    """
    file = own = lessons_folder() / FILE
    if path is not None:
        file = Path(path)
        if file.is_dir():
            file = file / FILE if (file / FILE).is_file() else own
    return _own() if file == own else _read(file)


def _read(file):
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        sentence = _("The parameters in {file} cannot be read: {error}")
        raise BadInput(sentence.format(file=file, error=error)) from None
    lists = [v for part in content.values() if isinstance(part, dict) for v in part.values()]
    if not all(isinstance(values, list) and values for values in lists):
        sentence = _("{file}: every parameter needs a list with at least one value.")
        raise BadInput(sentence.format(file=file))
    return content


@cache
def _own():
    return _read(lessons_folder() / FILE)


def draws(lesson: str | Whole, path: str | Path | None = None) -> dict[str, list]:
    """The lists of one lesson, by parameter.

    Parameters
    ----------
    lesson : str or int
    path : path-like or None
        As in `read_draws`.

    Raises
    ------
    UnknownName
        No such lesson, or no lists of it.
    BadInput

    Examples
    --------
    >>> sorted(draws("1"))[:1]
    ['level']
    """
    content = read_draws(path)
    lists = {name: part for name, part in content.items() if isinstance(part, dict)}
    if str(lesson) not in lists:
        find(lesson)  # there is none of that number
        raise UnknownName("table in parameters.toml", lesson, lists)
    return lists[str(lesson)]


def parameters(
    lesson: str | Whole, student: str | Whole = "", path: str | Path | None = None
) -> SimpleNamespace:
    """The parameters of a student in a lesson.

    Parameters
    ----------
    lesson : str or int
    student : str
        The student id; letter case and spaces at the ends do not matter. Empty: the first value
        of each list, the same for everybody.
    path : path-like or None
        As in `read_draws`.

    Returns
    -------
    types.SimpleNamespace
        One attribute a parameter.

    Notes
    -----
    Each value is drawn by a hash of salt, student id, lesson and name of the parameter: the same
    on every machine and in every version of Python, and a new parameter changes no other.

    Examples
    --------
    >>> parameters(1, "s01") == parameters(1, " S01 ")
    True
    """
    salt = str(read_draws(path).get("salt", ""))
    who = str(student).strip().casefold()
    values = {}
    for name, choices in draws(lesson, path).items():
        key = f"{salt}|{who}|{lesson}|{name}".encode("utf-8", "surrogatepass")
        number = int.from_bytes(hashlib.sha256(key).digest()[:8]) if who else 0
        values[name] = choices[number % len(choices)]
    return SimpleNamespace(**values)
