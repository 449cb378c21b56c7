# SPDX-License-Identifier: MIT
"""Zips that were handed in, opened so that whatever is in them harms nobody."""

import contextlib
import os
import shutil
import stat
import time
import zipfile
import zlib
from pathlib import Path, PurePosixPath

_MEMBERS = 3_000  # files in one zip: a whole class with its figures has fewer
UNPACKED = 500 * 2**20  # bytes of all files in one zip, with those of zips in it
_PIECE = 2**20
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError)


def unpack(file: Path, place: Path, budget: list[int]) -> str:
    """Put the files of a zip into a folder that is made for them.

    Names that Chinese Windows wrote as GBK are read as such. Links are left out.

    Parameters
    ----------
    file, place : pathlib.Path
    budget : list of int
        One number, the bytes that it and the zips in it may still take; is counted down.

    Returns
    -------
    str
        Empty, or what is wrong, a key of the notes: ``zip_broken``, ``zip_locked``, ``zip_large``,
        ``zip_paths`` (a name leads out of the folder). Nothing is left of such a zip.
    """
    place.mkdir(parents=True)
    try:
        with zipfile.ZipFile(file) as archive:
            problem = _take(archive, place, budget)
    except (*_BROKEN, RuntimeError):
        problem = "zip_broken"
    if problem:
        shutil.rmtree(place, ignore_errors=True)
    return problem


def _take(archive, place, budget):
    members = [m for m in archive.infolist() if not m.is_dir()]
    names = [PurePosixPath(_name(m).replace("\\", "/")) for m in members]
    if any(m.flag_bits & 1 for m in members):
        return "zip_locked"
    if any(name.is_absolute() or ".." in name.parts or ":" in name.parts[0] for name in names):
        return "zip_paths"
    if len(members) > _MEMBERS or sum(m.file_size for m in members) > budget[0]:
        return "zip_large"
    for member, name in zip(members, names, strict=True):
        if stat.S_ISLNK(member.external_attr >> 16):
            continue
        target = place / name
        target.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(member) as source, target.open("xb") as out:
            while piece := source.read(_PIECE):
                budget[0] -= len(piece)  # what the zip says of its sizes is not believed
                if budget[0] < 0:
                    return "zip_large"
                out.write(piece)
        with contextlib.suppress(ValueError, OverflowError, OSError):  # a day that is none
            when = time.mktime((*member.date_time, 0, 0, -1))
            os.utime(target, (when, when))
    return ""


def _name(member):
    """The name, which is text in UTF-8 only when the zip says so."""
    if member.flag_bits & 0x800:
        return member.filename
    raw = member.filename.encode("cp437", "replace")
    for encoding in ("utf-8", "gb18030"):
        with contextlib.suppress(UnicodeDecodeError):
            return raw.decode(encoding)
    return member.filename
