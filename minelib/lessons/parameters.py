# SPDX-License-Identifier: MIT
"""Numbers of one's own: drawn by student id from the lists a teacher may edit."""

import hashlib
import tomllib
import unicodedata
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from minelib.checks.door import Whole
from minelib.declared import sentences
from minelib.errors import BadInput, UnknownName, nearest
from minelib.lessons.master import lesson as find, lessons_folder
from minelib.words import N_, gettext as _

__all__ = ["FILE", "draws", "id_key", "parameters", "read_draws"]

FILE = "parameters.toml"
_say = sentences(__file__)
_MOST = 16_000  # a key of many dots costs the parser the square of its length
_KINDS = {str: N_("text in quotes"), int: N_("a whole number"), float: N_("a number")}


def id_key(student: str | Whole) -> str:
    """The form in which student ids are compared, and numbers are drawn.

    Letter case, width, spaces, invisible characters and the way accents are composed do not
    matter.

    Examples
    --------
    >>> id_key(" S\uff10\uff11 ") == id_key("s01"), id_key("José") == id_key("Jose\u0301")
    (True, True)
    """
    text = unicodedata.normalize("NFKC", str(student)).casefold()
    seen = (c for c in text if unicodedata.category(c) not in ("Cf", "Cc") and not c.isspace())
    return unicodedata.normalize("NFKC", "".join(seen))


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
        A file that is no TOML, or holds other lessons, parameters or kinds of values than the
        package's. Whether lessons can be solved with the values, `check_draws` tells.
    """
    file = own = lessons_folder() / FILE
    if path is not None:
        file = Path(path)
        if file.is_dir():
            file = file / FILE if (file / FILE).is_file() else own
    return _own() if file == own else _read(file)


def _read(file):
    try:
        text = file.read_text(encoding="utf-8-sig")
        content = tomllib.loads(text) if len(text) <= _MOST else None
    except (OSError, ValueError, RecursionError) as error:
        why = getattr(error, "strerror", None) or error
        why = _say("utf_8") if isinstance(error, UnicodeError) else why
        raise BadInput(_say("unread", file=file, error=why)) from None
    if content is None:
        raise BadInput(_say("too_large", file=file, size=_MOST // 1000))
    lists = [v for part in content.values() if isinstance(part, dict) for v in part.values()]
    if not all(isinstance(values, list) and values for values in lists):
        raise BadInput(_say("no_list", file=file))
    if file != lessons_folder() / FILE:
        for problem in _problems(content, _own()):
            raise BadInput(f"{file}: {problem}")
    return content


def _problems(content, own):
    """What differs from the package's lists in more than the values, a sentence each."""
    if not isinstance(content.get("salt", ""), str | int):
        yield _say("salt")
    for lesson, lists in content.items():
        if lesson == "salt":
            continue
        if not isinstance(lists, dict) or not isinstance(own.get(lesson), dict):
            yield _say("no_lesson", lesson=lesson)
            continue
        for name in sorted({*lists} ^ {*own[lesson]}):
            close = nearest(name, own[lesson], most=1)
            sentence = _say("unknown" if name in lists else "lacks", lesson=lesson, name=name)
            meant = _say("meant", names=close[0]) if close and name in lists else ""
            yield sentence + meant
        for name, values in lists.items():
            wanted = type(own[lesson][name][0])
            for value in values:
                good = type(value) is wanted or (wanted is float and type(value) is int)
                if not good:
                    parts = {"kind": _(_KINDS[wanted]), "example": own[lesson][name][0]}
                    yield _say("kind", lesson=lesson, name=name, value=value, **parts)


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
        The student id, compared by `id_key`. Empty: the first value of each list, the same for
        everybody.
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
    who = id_key(student)
    values = {}
    for name, choices in draws(lesson, path).items():
        key = f"{salt}|{who}|{lesson}|{name}".encode("utf-8", "surrogatepass")
        number = int.from_bytes(hashlib.sha256(key).digest()[:8]) if who else 0
        values[name] = choices[number % len(choices)]
    return SimpleNamespace(**values)
