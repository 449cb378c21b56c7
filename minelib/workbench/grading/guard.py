# SPDX-License-Identifier: MIT
"""What surrounds a submission while it runs: limits, an own network without interfaces, locks.

Strongest first, and each where the system has it: Landlock (files), seccomp (processes,
programs, sockets, signals), a network namespace, resource limits, and an audit hook of Python,
which works everywhere, names what was tried, and alone is no wall.
"""

import ctypes
import os
import sys
import sysconfig
from pathlib import Path

from minelib.lessons.master import lessons_folder

__all__ = ["available", "close_in", "watch"]

_TOLD = 20  # attempts named at most
_NETWORK = {
    "socket.connect",
    "socket.bind",
    "socket.sendto",
    "socket.getaddrinfo",
    "socket.gethostbyname",
    "socket.sendmsg",
    "urllib.Request",
}
_PROCESS = {
    "subprocess.Popen",
    "os.system",
    "os.exec",
    "os.fork",
    "os.forkpty",
    "os.posix_spawn",
    "os.startfile",
    "pty.spawn",
}
_CHANGE = {
    "os.remove",
    "os.rename",
    "os.rmdir",
    "os.mkdir",
    "os.link",
    "os.symlink",
    "os.chmod",
    "os.chown",
    "os.truncate",
    "shutil.rmtree",
    "os.utime",
}


def available():
    """The guards this system offers, strongest first.

    Returns
    -------
    list of str
        Some of ``landlock``, ``seccomp``, ``network namespace``, ``limits``, ``audit hook``.

    Examples
    --------
    >>> available()[-1]
    'audit hook'
    """
    from minelib.workbench.grading import landlock

    found = ["landlock"] if landlock.version() else []
    if sys.platform == "linux" and os.uname().machine in ("x86_64", "aarch64"):
        found += ["seccomp", "network namespace"]
    return [*found, *(["limits"] if os.name == "posix" else []), "audit hook"]


def readable():
    """Folders a lesson needs to read: Python, the packages, fonts, the tables; not the masters."""
    import minelib
    from minelib.catalog import data_folder

    masters = lessons_folder().parent
    standard = Path(sysconfig.get_paths()["stdlib"])
    paths = {str(p) for p in standard.iterdir() if not p.name.endswith("-packages")}
    paths |= {
        "/usr/lib",
        "/usr/lib64",
        "/lib",
        "/lib64",
        "/usr/share/fonts",
        "/usr/share/zoneinfo",
        "/etc/ld.so.cache",
        "/etc/localtime",
        "/etc/fonts",
        "/usr/local/lib",
        "/dev/null",
        "/dev/urandom",
        "/dev/zero",
        "/sys/devices/system/cpu",
        "/System/Library",
        "/Library/Fonts",
    }
    paths |= {sysconfig.get_paths()[k] for k in ("purelib", "platlib")}
    paths |= {str(Path(minelib.__file__).parent), str(data_folder())}
    found = {inside for path in paths for inside in _without(Path(path), masters)}
    return sorted(found | {str(lessons_folder() / "parameters.toml")})


def _without(path, left_out):
    """The path; where what is left out lies in it, everything beside that instead."""
    real = path.resolve()
    if real == left_out:
        return []
    if real not in left_out.parents:
        return [str(path)]
    return [one for inside in path.iterdir() for one in _without(inside, left_out)]


def close_in(folder, limits):
    """Shut this process in: after this only ``folder`` may be written. Cannot be undone.

    Parameters
    ----------
    folder : str
    limits : dict
        ``memory_mb``, ``seconds`` (of computing), ``file_mb``.

    Returns
    -------
    list of str
        The guards that hold.
    """
    from minelib.workbench.grading import landlock, seccomp

    held = []
    _limit(limits)
    held.append("limits")
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.unshare(0x10000000 | 0x40000000) == 0:  # CLONE_NEWUSER, CLONE_NEWNET
            held.append("network namespace")
    if landlock.allow(readable(), [folder]):
        held.append("landlock")
    if seccomp.refuse():
        held.append("seccomp")
    return held


def _limit(limits):
    import resource

    memory = limits["memory_mb"] * 2**20 + _in_use()
    for name, value in (
        ("RLIMIT_AS", memory),
        ("RLIMIT_CPU", limits["seconds"] + 1),
        ("RLIMIT_FSIZE", limits["file_mb"] * 2**20),
        ("RLIMIT_CORE", 0),
        ("RLIMIT_NOFILE", 256),
        ("RLIMIT_NPROC", 512),
    ):
        kind = getattr(resource, name, None)
        if kind is None:
            continue
        _soft, hard = resource.getrlimit(kind)
        top = value if hard == resource.RLIM_INFINITY else min(value, hard)
        try:
            resource.setrlimit(kind, (top, top))
        except (ValueError, OSError):  # macOS knows no limit of the address space
            continue


def _in_use():
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except (OSError, ValueError):
        return 2**30
    return pages * os.sysconf("SC_PAGE_SIZE")


def watch(folder, tell):
    """Refuse, and tell, what a submission must not do. Cannot be undone.

    Parameters
    ----------
    folder : str
        Where files may be written.
    tell : callable
        Called with a kind (``network``, ``process``, ``file``) and what was asked for.
    """
    inside = os.path.realpath(folder)
    allowed = tuple(os.path.realpath(p) for p in readable())
    masters = str(lessons_folder().parent) + os.sep
    harmless = ("/proc/", "/sys/", "/dev/", "/usr/", "/etc/ld", "/etc/localtime")
    told = [0]

    def refuse(kind, what):
        if told[0] < _TOLD:
            told[0] += 1
            tell(kind, str(what)[:200])
        raise PermissionError(f"not allowed while grading: {kind} ({str(what)[:200]})")

    def may(path, writing):
        if isinstance(path, int) or path is None:
            return True
        real = os.path.realpath(os.fsdecode(path))
        if real == inside or real.startswith(inside + os.sep):
            return True
        if writing:
            return real == "/dev/null"
        if real.startswith(masters) and real not in allowed:
            return False
        known = real.startswith(allowed) or real.startswith(harmless)
        return known or os.path.isdir(real) or not os.path.exists(real)

    def hook(event, arguments):
        if event == "open":
            path, mode, flags = arguments
            writing = bool(set(str(mode or "")) & set("wax+")) or bool((flags or 0) & 3)
            if not may(path, writing):
                refuse("file", os.fsdecode(path))
        elif event in _CHANGE:
            if not may(arguments[0], True):
                refuse("file", os.fsdecode(arguments[0]))
        elif event in _NETWORK:
            plain = [a for a in arguments if isinstance(a, (str, bytes, int, tuple)) and a != ""]
            refuse("network", plain[0] if plain else event)
        elif event in _PROCESS:
            refuse("process", arguments[0] if arguments else event)
        elif event == "os.kill" and arguments[0] != os.getpid():
            refuse("process", event)

    sys.addaudithook(hook)
