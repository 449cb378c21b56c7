# SPDX-License-Identifier: MIT
"""A filter of system calls for the process that runs a submission (Linux).

No new process, no program, no socket, no signal to others, no change of a file's rights or times,
no memory beside the limits and no way out of them. The kernel holds it; nothing in Python can undo
it.
"""

import ctypes
import errno
import os
import platform
import struct

__all__ = ["no_new_privileges", "refuse"]

_LD, _JEQ, _JSET, _RET = 0x20, 0x15, 0x45, 0x06
_ALLOW, _ERRNO = 0x7FFF0000, 0x00050000
_CLONE_THREAD = 0x10000

# numbers from the kernel's tables: arch/x86/entry/syscalls/syscall_64.tbl and
# include/uapi/asm-generic/unistd.h
_X86 = {
    "arch": 0xC000003E,
    "clone": 56,
    "clone3": 435,
    "kill": 62,
    "tgkill": 234,
    "prlimit": 302,
    "refused": (
        41,
        42,
        57,
        58,
        59,
        322,  # socket connect fork vfork execve execveat
        200,
        129,
        297,
        424,
        434,
        438,  # tkill sigqueueinfo tgsigqueueinfo pidfd_*
        101,
        310,
        311,
        425,
        321,
        298,
        323,  # ptrace process_vm_* io_uring bpf perf userfaultfd
        165,
        166,
        161,
        272,
        308,
        169,  # mount umount chroot unshare setns reboot
        160,
        248,
        249,
        250,
        304,
        300,  # setrlimit keys open_by_handle fanotify
        175,
        313,
        176,
        164,
        227,
        170,  # modules clocks hostname
        29,
        64,
        68,
        240,
        319,
        447,  # shared memory, semaphores, queues, memfd_*
        90,
        91,
        92,
        93,
        94,
        260,
        268,
        452,  # chmod chown: Landlock does not hold these
        188,
        189,
        190,
        197,
        198,
        199,
        463,
        466,  # setxattr removexattr
        76,
        132,
        235,
        261,
        280,  # truncate utime
        141,
        142,
        144,
        203,
        314,
        251,  # setpriority sched_set* ioprio_set
    ),
}
_ARM = {
    "arch": 0xC00000B7,
    "clone": 220,
    "clone3": 435,
    "kill": 129,
    "tgkill": 131,
    "prlimit": 261,
    "refused": (
        198,
        203,
        221,
        281,
        130,
        138,
        240,
        424,
        434,
        438,
        117,
        270,
        271,
        425,
        280,
        241,
        282,
        40,
        39,
        51,
        97,
        268,
        142,
        164,
        217,
        218,
        219,
        265,
        262,
        105,
        273,
        106,
        170,
        112,
        161,
        194,
        190,
        186,
        180,
        279,
        447,
        52,
        53,
        54,
        55,
        452,
        5,
        6,
        7,
        14,
        15,
        16,
        463,
        466,
        45,
        88,
        140,
        118,
        119,
        122,
        274,
        30,
    ),
}


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_void_p)]


def no_new_privileges():
    """Needed before a filter may be set without being root."""
    ctypes.CDLL(None, use_errno=True).prctl(38, 1, 0, 0, 0)


def refuse():
    """Set the filter for this process and all its threads to come.

    Returns
    -------
    bool
        Whether the kernel took it.
    """
    table = {"x86_64": _X86, "aarch64": _ARM}.get(platform.machine())
    if table is None or platform.system() != "Linux" or struct.calcsize("P") != 8:
        return False
    program = b"".join(struct.pack("=HBBI", *line) for line in _lines(table))
    buffer = ctypes.create_string_buffer(program, len(program))
    length = len(program) // 8
    loaded = _Program(length, ctypes.cast(buffer, ctypes.c_void_p))
    libc = ctypes.CDLL(None, use_errno=True)
    no_new_privileges()
    return libc.prctl(22, 2, ctypes.byref(loaded), 0, 0) == 0


def _lines(table):
    """The program: pairs of test and verdict, read from the top."""
    eperm, enosys = _ERRNO | errno.EPERM, _ERRNO | errno.ENOSYS
    number, arch, first, third_low, third_high = 0, 4, 16, 32, 36
    yield _LD, 0, 0, arch
    yield _JEQ, 1, 0, table["arch"]
    yield _RET, 0, 0, eperm  # another architecture's calls
    yield _LD, 0, 0, number
    yield _JSET, 0, 1, 0x40000000  # the x32 calls of x86
    yield _RET, 0, 0, eperm
    for refused in table["refused"]:
        yield _JEQ, 0, 1, refused
        yield _RET, 0, 0, eperm
    yield _JEQ, 0, 1, table["clone3"]
    yield _RET, 0, 0, enosys  # the C library then asks clone, whose flags can be seen
    yield _JEQ, 0, 4, table["clone"]
    yield _LD, 0, 0, first
    yield _JSET, 0, 1, _CLONE_THREAD
    yield _RET, 0, 0, _ALLOW
    yield _RET, 0, 0, eperm
    for signal in (table["kill"], table["tgkill"]):
        yield _JEQ, 0, 4, signal
        yield _LD, 0, 0, first
        yield _JEQ, 0, 1, os.getpid()
        yield _RET, 0, 0, _ALLOW
        yield _RET, 0, 0, eperm
    yield _JEQ, 0, 6, table["prlimit"]  # limits may be read, not set
    yield _LD, 0, 0, third_low
    yield _JEQ, 0, 3, 0
    yield _LD, 0, 0, third_high
    yield _JEQ, 0, 1, 0
    yield _RET, 0, 0, _ALLOW
    yield _RET, 0, 0, eperm
    yield _RET, 0, 0, _ALLOW
