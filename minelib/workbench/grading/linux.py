# SPDX-License-Identifier: MIT
"""Locks of the Linux kernel around the process that runs a submission. None can be undone.

The system calls are made here because no kept package makes them. On PyPI ``landlock`` is a
pre-release of 2025 (1.0.0.dev5), ``py-landlock`` and ``landlockpy`` are months old (0.1, 0.2), and
what must not be got around should not change with somebody's next release; ``pyseccomp`` is of
2021 and needs the system's libseccomp. Bubblewrap is a program of the system, which a teacher may
not have, and takes a process in when it starts, where a submission is a fork of a warm one.
"""

import csv
import ctypes
import errno
import os
import platform
import stat
import struct
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def own_network() -> bool:
    """Take this process to a network without interfaces; whether the kernel took it."""
    return _libc is not None and _libc.unshare(0x10000000 | 0x40000000) == 0  # NEWUSER, NEWNET


def no_capabilities() -> bool:
    """Give up what a grader has that runs as root: setting the clock, making devices, and more."""
    none = struct.pack("=6I", *[0] * 6)  # effective, permitted, inheritable; twice 32 of them
    return _libc is not None and _libc.capset(struct.pack("=Ii", 0x20080522, 0), none) == 0


# ---- Landlock (Linux 5.13 and later): which files ----------------------------------------

_CREATE, _ADD, _RESTRICT = 444, 445, 446  # the same numbers on every architecture
_READING = 1 << 0 | 1 << 2 | 1 << 3  # execute, read a file, list a folder
_ON_FILES = 0b111 | 1 << 14 | 1 << 15  # execute, write, read, truncate, ioctl
_SPECIAL = 1 << 6 | 1 << 9 | 1 << 10 | 1 << 11  # make devices, sockets and pipes: nowhere


def landlock_version() -> int:
    """Version of Landlock in this kernel; 0 where there is none.

    Examples
    --------
    >>> landlock_version() >= 0
    True
    """
    return 0 if _libc is None else max(_libc.syscall(_CREATE, None, 0, 1), 0)


def landlock(read: Iterable[str] = (), write: Iterable[str] = ()) -> bool:
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
    known = landlock_version()
    if _libc is None or not known:
        return False
    # 13 rights in version 1; then to move, to truncate and to send to devices
    rights = sum(1 << right for right in range(13 + (known >= 2) + (known >= 3)))
    rights |= (known >= 5) << 15
    attributes = struct.pack("=QQQ", rights, 3 if known >= 4 else 0, 3 if known >= 6 else 0)
    size = 24 if known >= 6 else 16 if known >= 4 else 8
    rules = _libc.syscall(_CREATE, attributes, size, 0)
    if rules < 0:
        return False
    try:
        for paths, granted in ((read, _READING), (write, rights & ~_SPECIAL)):
            for path in paths:
                _allow(rules, path, granted & rights)
        _no_new_privileges()
        return _libc.syscall(_RESTRICT, rules, 0) == 0
    finally:
        os.close(rules)


def _allow(rules, path, granted):
    try:
        file = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not stat.S_ISDIR(os.fstat(file).st_mode):
            granted &= _ON_FILES
        _libc.syscall(_ADD, rules, 1, struct.pack("=Qi", granted, file), 0)
    finally:
        os.close(file)


def _no_new_privileges():
    """Needed before a lock may be set without being root."""
    _libc.prctl(38, 1, 0, 0, 0)


# ---- seccomp: which system calls ---------------------------------------------------------

_LOAD, _IF_EQUAL, _IF_BIT, _RETURN = 0x20, 0x15, 0x45, 0x06
_ALLOW, _ERROR = 0x7FFF0000, 0x00050000
_OWNERS = (8, 10, 15)  # F_SETOWN, F_SETSIG, F_SETOWN_EX
_OWNERS_BY_IOCTL = (0x8901, 0x8902, 0x5412)  # FIOSETOWN, SIOCSPGRP; TIOCSTI types for others
_ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("lines", ctypes.c_void_p)]


def system_calls() -> dict[str, int]:
    """Numbers of the calls in ``syscalls.csv`` on this machine; empty on an unknown one.

    They are those of the kernel's tables, ``arch/x86/entry/syscalls/syscall_64.tbl`` and
    ``include/uapi/asm-generic/unistd.h``.
    """
    machine = platform.machine()
    if _libc is None or machine not in _ARCHITECTURES or struct.calcsize("P") != 8:
        return {}
    text = Path(__file__).with_name("syscalls.csv").read_text(encoding="ascii")
    rows = csv.DictReader(text.splitlines())
    return {row["call"]: int(row[machine]) for row in rows if row[machine]}


def seccomp() -> bool:
    """Refuse system calls to this process and all its threads to come.

    No new process, no program, no socket, no signal to others, no change of a file's rights or
    times, no memory beside the limits and no way out of them.

    Returns
    -------
    bool
        Whether the kernel took it.
    """
    calls = system_calls()
    if _libc is None or not calls:
        return False
    lines = [struct.pack("=HBBI", *line) for line in _filter(calls)]
    program = ctypes.create_string_buffer(b"".join(lines))
    loaded = _Program(len(lines), ctypes.cast(program, ctypes.c_void_p))
    _no_new_privileges()
    return _libc.prctl(22, 2, ctypes.byref(loaded), 0, 0) == 0


def _filter(calls: dict[str, int]) -> Iterator[tuple[int, int, int, int]]:
    """The program, read from the top: what to do, lines to skip if so and if not, with what."""
    names = ("clone", "clone3", "kill", "tgkill", "prlimit64", "fcntl", "ioctl")
    clone, clone3, kill, tgkill, prlimit, fcntl, ioctl = (calls.pop(name) for name in names)
    number, architecture, first, second, third_low, third_high = 0, 4, 16, 24, 32, 36
    allow, refuse = (_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _ERROR | errno.EPERM)
    yield _LOAD, 0, 0, architecture
    yield _IF_EQUAL, 1, 0, _ARCHITECTURES[platform.machine()]
    yield refuse  # another architecture's calls
    yield _LOAD, 0, 0, number
    yield _IF_BIT, 0, 1, 0x40000000  # the x32 calls of x86
    yield refuse
    for call in calls.values():
        yield _IF_EQUAL, 0, 1, call
        yield refuse
    yield _IF_EQUAL, 0, 1, clone3
    yield _RETURN, 0, 0, _ERROR | errno.ENOSYS  # the C library then asks clone, whose flags show
    yield _IF_EQUAL, 0, 4, clone
    yield _LOAD, 0, 0, first
    yield _IF_BIT, 0, 1, 0x10000  # CLONE_THREAD
    yield from (allow, refuse)
    for signal in (kill, tgkill):
        yield _IF_EQUAL, 0, 4, signal
        yield _LOAD, 0, 0, first
        yield _IF_EQUAL, 0, 1, os.getpid()
        yield from (allow, refuse)
    # a file's owner gets its signals, and may be anybody: to kill without kill
    for call, commands in ((fcntl, _OWNERS), (ioctl, _OWNERS_BY_IOCTL)):
        yield _IF_EQUAL, 0, 2 * len(commands) + 2, call
        yield _LOAD, 0, 0, second
        for command in commands:
            yield _IF_EQUAL, 0, 1, command
            yield refuse
        yield allow
    yield _IF_EQUAL, 0, 6, prlimit  # limits may be read, not set
    for half, refused in ((third_low, 3), (third_high, 1)):
        yield _LOAD, 0, 0, half
        yield _IF_EQUAL, 0, refused, 0
    yield from (allow, refuse, allow)
