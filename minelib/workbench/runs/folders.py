# SPDX-License-Identifier: MIT
"""One way to write: folders that appear whole or not at all, a lock for each place, sentences.

Whatever writes a folder of the user's does so under `writing`; what it makes, it makes beside
its place (`scratch`, `write_beside`) and moves there at the end (`replace`).
"""

import contextlib
import errno
import json
import os
import re
import shutil
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from minelib.declared import declared
from minelib.errors import MinelibError, RunFailed
from minelib.words import gettext as _

_SCRATCH = ".unfinished-"
_LOCK = ".lock"
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS)  # only writing meets these
DISK = (*_FULL, errno.EIO)
_SAYS = declared(__file__)["says"]
_WHY = {getattr(errno, name, 0): sentence for name, sentence in _SAYS.items()}


class CannotWrite(MinelibError, OSError):
    """A folder that cannot be written to, and why, in one sentence."""

    def __init__(self, folder: str | Path, error: OSError):
        self.folder, self.error, self.errno = Path(folder), error, error.errno
        sentence = _WHY.get(error.errno or 0, _WHY[0])
        reason = (error.strerror or str(error)).rstrip(".")
        MinelibError.__init__(self, _(sentence).format(folder=folder, reason=reason))


class WriteFailed(CannotWrite, RunFailed):
    """The same in the middle of the work: what was finished before stands."""


class Locked(MinelibError):
    """Another run writes into the same folder."""


def check_writable(folder: str | Path) -> None:
    """Make the folder if it is missing, and see that it can be written to.

    Raises
    ------
    CannotWrite
    """
    folder = Path(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=_SCRATCH, dir=folder) as trial:
            Path(trial, "trial").write_bytes(b"x" * 4096)
    except OSError as error:
        raise CannotWrite(folder, error) from None


@contextlib.contextmanager
def writing(folder: str | Path) -> Iterator[Path]:
    """The folder, for as long as something is written into it; made where it is missing.

    Parameters
    ----------
    folder : path

    Yields
    ------
    pathlib.Path
        The folder, absolute.

    Raises
    ------
    CannotWrite
        Before the work begins: the folder cannot be written to.
    WriteFailed
        In the middle of it: a full disk or a right taken away, of this folder or, as the error
        says, of another. Errors of the system that are not about writing pass.
    """
    folder = Path(os.path.abspath(folder))
    check_writable(folder)
    try:
        yield folder
    except RunFailed:
        raise
    except CannotWrite as error:  # of a place below: the work of this one had begun
        raise WriteFailed(error.folder, error.error) from None
    except OSError as error:
        if isinstance(error, shutil.Error):  # a copied tree: a list of what it met, as texts
            error = disk_error(str(error)) or error
        place = _written_to(error, folder)
        if place is None:
            raise
        raise WriteFailed(place, error) from None


def disk_error(text: str) -> OSError | None:
    """The last error of a disk that a text names, as ``[Errno 28]``; None where it names none."""
    numbers = [n for n in map(int, re.findall(r"\[Errno (\d+)\]", text)) if n in DISK]
    return OSError(numbers[-1], os.strerror(numbers[-1])) if numbers else None


def _written_to(error, folder):
    """The place that an error of the system says cannot be written to; None if it says no such."""
    name = error.filename2 or error.filename  # the second is where a move leads
    if name is None or isinstance(name, int):  # no name, or that of an open file
        return folder if error.errno in {*_WHY, *DISK} else None
    name = Path(os.fsdecode(name).partition(os.sep + _SCRATCH)[0])  # a reader knows no scratch
    return name if error.errno in _FULL or folder in (name, *name.absolute().parents) else None


@contextlib.contextmanager
def scratch(beside: Path) -> Iterator[Path]:
    """A new folder beside the one it shall become; removed unless it was moved away."""
    folder = beside.with_name(f"{_SCRATCH}{beside.name}-{uuid.uuid4().hex[:8]}")
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def encoded(content: object) -> bytes:
    """What `write` puts into a file: plain data as JSON, text and bytes as they are."""
    if not isinstance(content, (bytes, str)):
        content = json.dumps(content, ensure_ascii=False, indent=1)
    if isinstance(content, str):
        content = (content.removesuffix("\n") + "\n").encode()
    return content


def write(path: Path, content: object) -> None:
    """Content, `encoded`, into a file, whole on the disk then."""
    with path.open("wb") as file:
        file.write(encoded(content))
        file.flush()
        os.fsync(file.fileno())  # a full disk may show only here


def write_beside(path: Path, content: object) -> None:
    """The same, and what stood there before stands until it is done."""
    with scratch(path) as folder:
        write(folder / path.name, content)
        os.replace(folder / path.name, path)


def read(path: Path) -> Any:
    """What JSON is there, or None."""
    try:
        text = path.read_text(encoding="utf-8")
        found = json.loads(text)
        if "\\ud" in text.lower():  # half of a pair is no character, and nothing can write it
            json.dumps(found, ensure_ascii=False).encode()
        return found
    except (OSError, ValueError, RecursionError):
        return None


def replace(new: Path, final: Path) -> None:
    """Let the folder ``new`` take the place of ``final``, which may exist.

    On Linux the two change places in one step. Elsewhere the old one is moved aside first;
    `tidy` brings it back should the process end in between.
    """
    if not final.exists():
        os.rename(new, final)
        return
    if not _exchange(new, final):
        aside = final.with_name(f"{_SCRATCH}old-{final.name}")
        shutil.rmtree(aside, ignore_errors=True)
        os.rename(final, aside)
        os.rename(new, final)
        new = aside
    shutil.rmtree(new, ignore_errors=True)


def _exchange(a, b):
    """``renameat2(..., RENAME_EXCHANGE)``; False where the system has no such thing."""
    if sys.platform != "linux":
        return False
    import ctypes

    call = getattr(ctypes.CDLL(None), "renameat2", None)
    here = -100  # AT_FDCWD
    return call is not None and call(here, os.fsencode(a), here, os.fsencode(b), 2) == 0


def tidy(folder: str | Path, *below: str) -> None:
    """Remove what interrupted runs left in a folder and some below it, while its lock is held."""
    for name in ("", *below):
        for left in Path(folder, name).glob(f"{_SCRATCH}*"):
            old = left.with_name(left.name.removeprefix(f"{_SCRATCH}old-"))
            if old != left and not old.exists():
                os.rename(left, old)
            else:
                shutil.rmtree(left, ignore_errors=True)


@contextlib.contextmanager
def tidied(folder: str | Path, *below: str) -> Iterator[None]:
    """`tidy` before and after, however the work ends."""
    tidy(folder, *below)
    try:
        yield
    finally:
        tidy(folder, *below)


@contextlib.contextmanager
def lock(
    folder: str | Path, wait: bool = True, say: Callable[[str], object] | None = None
) -> Iterator[int]:
    """Hold the folder for this process alone.

    Parameters
    ----------
    folder : path
    wait : bool
        Wait for another run to end; otherwise raise `Locked`.
    say : callable, optional
        Told once, in a sentence, that and for whom one waits.

    Yields
    ------
    int
        The file descriptor that holds the lock: it lasts until every copy is closed.
    """
    with Path(folder, _LOCK).open("a+", encoding="utf-8") as file:
        while not _try_lock(file):
            file.seek(0)
            sentence = _("Another run ({holder}) is writing into {folder}.")
            sentence = sentence.format(holder=_holder(file.read()), folder=folder)
            if not wait:
                raise Locked(sentence)
            if say:
                say(sentence + " " + _("Waiting for it to end."))
                say = None
            time.sleep(0.1)
        file.truncate(0)
        json.dump({"pid": os.getpid(), "started": time.strftime("%H:%M:%S")}, file)
        file.flush()
        yield file.fileno()


def _holder(text):
    try:
        holder = json.loads(text)
        return _("process {pid}, since {time}").format(pid=holder["pid"], time=holder["started"])
    except (ValueError, KeyError):
        return _("process unknown")


def _try_lock(file):
    try:
        if sys.platform == "win32":
            import msvcrt

            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):  # the second on Windows
        return False
    except OSError as error:  # a file system without locks: better unlocked than not at all
        if error.errno not in (errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS):
            raise
    return True
