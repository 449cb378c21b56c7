# SPDX-License-Identifier: MIT
"""Folders that appear whole or not at all, and a lock for each place that is written to."""

import contextlib
import errno
import json
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

from minelib.errors import MinelibError
from minelib.words import gettext as _

__all__ = [
    "CannotWrite",
    "Locked",
    "check_writable",
    "lock",
    "replace",
    "scratch",
    "tidied",
    "tidy",
]

_SCRATCH = ".unfinished-"
_LOCK = ".lock"


class CannotWrite(MinelibError, OSError):
    """A folder that cannot be written to, and why, in one sentence."""

    def __init__(self, folder, error):
        self.folder, self.errno = Path(folder), error.errno
        sentences = {
            errno.EROFS: _("Cannot write to {folder}: it is read-only."),
            errno.EACCES: _("Cannot write to {folder}: permission denied."),
            errno.EPERM: _("Cannot write to {folder}: permission denied."),
            errno.ENOSPC: _("Cannot write to {folder}: no space left on the disk."),
            errno.EDQUOT: _("Cannot write to {folder}: the disk quota is used up."),
            errno.EFBIG: _("Cannot write to {folder}: the largest file size allowed is reached."),
            errno.ENOTDIR: _("Cannot write to {folder}: a part of the path is a file."),
            errno.EEXIST: _("Cannot write to {folder}: a file of that name is in the way."),
            errno.ENAMETOOLONG: _("Cannot write to {folder}: the name is too long."),
        }
        sentence = sentences.get(error.errno)
        if sentence is None:
            sentence = _("Cannot write to {folder}: {reason}.")
        reason = error.strerror or str(error)
        MinelibError.__init__(self, sentence.format(folder=folder, reason=reason))


class Locked(MinelibError):
    """Another run writes into the same folder."""


def check_writable(folder):
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
def scratch(beside):
    """A new folder beside the one it shall become; removed unless it was moved away."""
    beside = Path(beside)
    beside.parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=f"{_SCRATCH}{beside.name}-", dir=beside.parent))
    folder.chmod(0o777 & ~_umask())
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _umask():
    mask = os.umask(0)
    os.umask(mask)
    return mask


def replace(new, final):
    """Let the folder ``new`` take the place of ``final``, which may exist.

    On Linux the two change places in one step. Elsewhere the old one is moved aside first;
    `tidy` brings it back should the process end in between.
    """
    new, final = Path(new), Path(final)
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

    try:
        call = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    here = -100  # AT_FDCWD
    return call(here, os.fsencode(a), here, os.fsencode(b), 2) == 0


def tidy(folder):
    """Remove what interrupted runs left in a folder. Only while its lock is held."""
    folder = Path(folder)
    for left in folder.glob(f"{_SCRATCH}*"):
        old = left.name.removeprefix(f"{_SCRATCH}old-")
        if old != left.name and not (folder / old).exists():
            os.rename(left, folder / old)
        else:
            shutil.rmtree(left, ignore_errors=True)


@contextlib.contextmanager
def tidied(folder, *below):
    """`tidy` a folder and some below it, before and after, however the work ends."""
    places = [Path(folder), *(Path(folder, name) for name in below)]
    for place in places:
        tidy(place)
    try:
        yield
    finally:
        for place in places:
            tidy(place)


@contextlib.contextmanager
def lock(folder, wait=True, say=None):
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
    path = Path(folder, _LOCK)
    file = path.open("a+", encoding="utf-8")
    try:
        told = False
        while not _try_lock(file):
            file.seek(0)
            sentence = _("Another run ({holder}) is writing into {folder}.").format(
                holder=_holder(file.read()), folder=folder
            )
            if not wait:
                raise Locked(sentence)
            if not told and say:
                say(sentence + " " + _("Waiting for it to end."))
            told = True
            time.sleep(0.1)
        file.truncate(0)
        started = time.strftime("%H:%M:%S")
        file.write(json.dumps({"pid": os.getpid(), "started": started}))
        file.flush()
        yield file.fileno()
    finally:
        file.close()


def _holder(text):
    try:
        holder = json.loads(text)
        return _("process {pid}, since {time}").format(pid=holder["pid"], time=holder["started"])
    except (ValueError, KeyError):
        return _("process unknown")


def _try_lock(file):
    try:
        import fcntl
    except ImportError:  # Windows
        import msvcrt

        try:
            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
            return True
        except OSError:
            return False
    try:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    except BlockingIOError:
        return False
    except OSError as error:
        if error.errno in (errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS):
            return True  # a file system without locks: better unlocked than not at all
        raise
