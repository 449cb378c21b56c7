# SPDX-License-Identifier: MIT
"""Which files a process may touch, held by the kernel (Linux 5.13 and later, Landlock)."""

import ctypes
import os
import platform
import stat
import struct

__all__ = ["allow", "version"]

_CREATE, _ADD, _RESTRICT = 444, 445, 446  # the same numbers on every architecture
_FILE_READ, _DIR_READ = 1 << 2, 1 << 3
_EXECUTE = 1 << 0
_ON_FILES = 0b111 | 1 << 14 | 1 << 15  # execute, write, read, truncate, ioctl


def _libc():
    return ctypes.CDLL(None, use_errno=True)


def version():
    """Version of Landlock in this kernel; 0 where there is none.

    Examples
    --------
    >>> version() >= 0
    True
    """
    if platform.system() != "Linux":
        return 0
    return max(_libc().syscall(_CREATE, None, 0, 1), 0)


def allow(read=(), write=()):
    """From now on this process reads only beneath ``read`` and writes only beneath ``write``.

    Parameters
    ----------
    read, write : iterable of str
        Folders or files; those that do not exist are left out.

    Returns
    -------
    bool
        Whether the kernel took it.
    """
    known = version()
    if not known:
        return False
    rights = (1 << 13) - 1  # version 1
    for since, right in ((2, 13), (3, 14), (5, 15)):
        rights |= (1 << right) if known >= since else 0
    attributes = struct.pack("=QQQ", rights, 3 if known >= 4 else 0, 3 if known >= 6 else 0)
    size = 24 if known >= 6 else 16 if known >= 4 else 8
    libc = _libc()
    rules = libc.syscall(_CREATE, attributes, size, 0)
    if rules < 0:
        return False
    try:
        for paths, granted in ((read, _FILE_READ | _DIR_READ | _EXECUTE), (write, rights)):
            for path in paths:
                _add(libc, rules, path, granted & rights)
        libc.prctl(38, 1, 0, 0, 0)
        return libc.syscall(_RESTRICT, rules, 0) == 0
    finally:
        os.close(rules)


def _add(libc, rules, path, granted):
    try:
        file = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not stat.S_ISDIR(os.fstat(file).st_mode):
            granted &= _ON_FILES
        libc.syscall(_ADD, rules, 1, struct.pack("=Qi", granted, file), 0)
    finally:
        os.close(file)
