# SPDX-License-Identifier: MIT
"""What a console, pipe or file cannot show is replaced: the one place that sets this up.

A pipe on Windows speaks cp1252 or GBK, a bare server ASCII. There ``✓`` becomes ``+`` and a
dash ``-``; a letter without a likeness becomes ``?``, and that is said once, at the end. What
nobody reads, in a pipe that is closed or without any stream, goes nowhere: the work goes on, and
the exit code is that of the work.
"""

import codecs
import io
import os
import sys
import unicodedata

from minelib.declared import declared
from minelib.words import N_, gettext as _

_ALIKE = declared(__file__)["alike"]
_lost: set[str] = set()


def set_up() -> None:
    """Let standard output and error replace what they cannot encode, instead of failing."""
    codecs.register_error("minelib.console", _replaced)
    _lost.clear()
    if None in (sys.stdin, sys.stdout, sys.stderr):
        _open_nowhere()
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="minelib.console")
        below = getattr(stream, "buffer", None)  # the file itself where PYTHONUNBUFFERED=1
        if type(getattr(below, "raw", below)) is io.FileIO:
            setattr(sys, name, _forgiving(stream))


def _open_nowhere():
    """Streams for those that are closed, before a file that is opened gets their numbers."""
    while (number := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass
    os.close(number)
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            how = "w" if number else "r"
            setattr(sys, name, os.fdopen(number, how, encoding="utf-8", closefd=False))


class _Stream(io.FileIO):
    """A stream that goes nowhere from the moment that it cannot be written; a full disk is said."""

    def write(self, data, /):
        try:
            return super().write(data)
        except OSError as error:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self.fileno())
            os.close(nowhere)
            if self.fileno() == 2 or isinstance(error, BrokenPipeError):
                return len(data)
            raise


def _forgiving(stream):
    stream.flush()
    return io.TextIOWrapper(
        io.BufferedWriter(_Stream(stream.fileno(), "w", closefd=False)),
        encoding=stream.encoding,
        errors=stream.errors,
        line_buffering=stream.line_buffering or stream.write_through,
    )


def _replaced(error):
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(_like, error.object[error.start : error.end])), error.end


def _like(character):
    """Something in ASCII that looks alike, else a question mark."""
    found = _ALIKE.get(character)
    if found is None:
        plain = unicodedata.normalize("NFKD", character)
        found = plain.encode("ascii", "ignore").decode()
    if not found and not unicodedata.combining(character):
        _lost.add(character)
        return "?"
    return found


def encodable(text: str) -> bool:
    """Whether standard output can show every character of a text."""
    try:
        text.encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except UnicodeEncodeError:
        return False
    return True


def what_was_lost() -> str:
    """A sentence when letters were replaced by question marks; empty when none were.

    Examples
    --------
    >>> what_was_lost()
    ''
    """
    if not _lost:
        return ""
    english = N_(
        "This console ({name}) lacks letters; each is shown as ?. PYTHONUTF8=1 shows them."
    )
    said = _(english)
    return (said if encodable(said) else english).format(name=sys.stdout.encoding)
