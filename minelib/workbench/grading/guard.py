# SPDX-License-Identifier: MIT
"""What surrounds a submission while it runs: limits, an own network without interfaces, locks.

Strongest first, and each where the system has it: Landlock (files), seccomp (processes,
programs, sockets, signals), a network namespace, resource limits, and an audit hook of Python,
which works everywhere, names what was tried, and alone is no wall.
"""

import contextlib
import os
import sys
import sysconfig
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from minelib.declared import declared
from minelib.lessons.master import lessons_folder
from minelib.workbench.grading import linux

_TOLD = 20  # attempts named at most
_LISTS = declared(__file__)
_TWO = ("os.rename", "os.link", "os.symlink")  # from here to there
_KIND = {event: kind for kind, events in _LISTS["refused"].items() for event in events}


def guards() -> list[str]:
    """The guards this system offers, strongest first.

    Returns
    -------
    list of str
        Some of ``landlock``, ``seccomp``, ``network namespace``, ``limits``, ``audit hook``.

    Examples
    --------
    >>> guards()[-1]
    'audit hook'
    """
    found = {
        "landlock": linux.landlock_version(),
        "seccomp": linux.system_calls(),
        "network namespace": linux.system_calls(),
        "limits": os.name == "posix",
        "audit hook": True,
    }
    return [name for name, there in found.items() if there]


def read_paths() -> list[str]:
    """Folders a lesson needs to read: Python, the packages, fonts, the tables; not the masters."""
    import minelib
    from minelib.catalog import data_folder

    masters, installed = lessons_folder().parent, sysconfig.get_paths()
    paths = [p for p in Path(installed["stdlib"]).iterdir() if not p.name.endswith("-packages")]
    packages = [installed["purelib"], installed["platlib"], Path(minelib.__file__).parent]
    paths += map(Path, [*_LISTS["read"]["system"], *packages, data_folder()])
    found = {inside for path in paths for inside in _without(path, masters)}
    lists = {str(lessons_folder() / name) for name in ("parameters.toml", "texts.toml")}
    return sorted(found | lists)


def _without(path, left_out):
    """The path; where what is left out lies in it, everything beside that instead."""
    real = path.resolve()
    if real == left_out:
        return []
    if real not in left_out.parents:
        return [str(path)]
    return [one for inside in path.iterdir() for one in _without(inside, left_out)]


def close_in(folder: str, limits: Mapping[str, float]) -> list[str]:
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
    _limit(limits)
    held = {"limits": True, "network namespace": linux.own_network()}
    linux.no_capabilities()
    held["landlock"] = linux.landlock(read_paths(), [folder, os.devnull])
    held["seccomp"] = linux.seccomp()
    return [name for name, holds in held.items() if holds]


def _limit(limits):
    import resource

    for name, value in (
        ("RLIMIT_AS", limits["memory_mb"] * 2**20 + _in_use()),
        ("RLIMIT_CPU", limits["seconds"] + 1),
        ("RLIMIT_FSIZE", limits["file_mb"] * 2**20),
        ("RLIMIT_CORE", 0),
        ("RLIMIT_NOFILE", 256),
        # counts what the teacher runs too: only where nothing else holds processes
        *[("RLIMIT_NPROC", 1024)] * (not linux.system_calls()),
    ):
        kind = getattr(resource, name)
        hard = resource.getrlimit(kind)[1]
        top = int(value) if hard == resource.RLIM_INFINITY else min(int(value), hard)
        with contextlib.suppress(ValueError, OSError):  # macOS: no limit of the address space
            resource.setrlimit(kind, (top, top))


def _in_use():
    with contextlib.suppress(OSError, ValueError):
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        return pages * os.sysconf("SC_PAGE_SIZE")
    return 2**30


def watch(folder: str, tell: Callable[[str, str], Any]) -> None:
    """Refuse, and tell, what a submission must not do. Cannot be undone.

    Parameters
    ----------
    folder : str
        Where files may be written.
    tell : callable
        Called with a kind (``network``, ``process``, ``file``) and what was asked for.
    """
    inside = os.path.realpath(folder)
    allowed = tuple(os.path.realpath(p) for p in read_paths())
    known = (*allowed, *_LISTS["read"]["harmless"])
    masters = str(lessons_folder().parent) + os.sep
    told = [0]

    def refuse(kind, what):
        if told[0] < _TOLD:
            told[0] += 1
            tell(kind, str(what)[:200])
        raise PermissionError(f"not allowed while grading: {kind} ({str(what)[:200]})")

    def check(path, writing, listed=True):
        if isinstance(path, int) or path is None:
            return
        real = os.path.realpath(os.fsdecode(path))
        if real == inside or real.startswith(inside + os.sep):
            may = True
        elif writing:
            may = real == "/dev/null"
        elif real.startswith(masters) and real not in allowed:
            may = False
        else:
            # a folder opened as such is a way to what is in it, past its name
            may = real.startswith(known) or not os.path.exists(real)
            may = may or (listed and os.path.isdir(real))
        if not may:
            refuse("file", os.fsdecode(path))

    def hook(event, arguments):
        if event == "open":
            path, mode, flags = arguments
            writing = bool(set(str(mode or "")) & set("wax+")) or bool((flags or 0) & 3)
            check(path, writing, listed=mode is not None)
        elif event in _LISTS["written"]["events"]:
            for path in arguments[event == "os.symlink" : 1 + (event in _TWO)]:
                check(path, True)
        elif event in _KIND:
            plain = [a for a in arguments if isinstance(a, (str, bytes, int, tuple)) and a != ""]
            refuse(_KIND[event], plain[0] if plain else event)
        elif event in ("os.kill", "os.killpg") and arguments[0] != os.getpid():
            refuse("process", event)

    sys.addaudithook(hook)
