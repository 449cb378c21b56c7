# SPDX-License-Identifier: MIT
"""What holds a submission, by system: as a table, and tried on this computer."""

import contextlib
import os
import sys
from collections.abc import Iterator

from minelib.declared import declared
from minelib.errors import BadInput
from minelib.words import gettext as _
from minelib.workbench.grading import guard, linux
from minelib.workbench.grading.answers import decode
from minelib.workbench.grading.result import SAYS
from minelib.workbench.grading.runner import Runner

SYSTEMS, _LEVELS = SAYS["systems"], SAYS["levels"]
_HELD, _PROBES, _BEFORE = (declared(guard.__file__)[each] for each in ("held", "probes", "before"))


def holds(lang: str | None = None) -> list[dict[str, str]]:
    """The table: a row per danger, with what holds it on each of `SYSTEMS`, in words.

    Parameters
    ----------
    lang : {"en", "zh"} or None

    Examples
    --------
    >>> holds("en")[2]["linux"]
    'the kernel'
    """
    levels = {sign: _(text, lang) for sign, text in _LEVELS.items()}
    return [
        {"what": _(what, lang), **{name: levels[_HELD[danger][name]] for name in SYSTEMS}}
        for danger, what in SAYS["dangers"].items()
    ]


def held(lang: str | None = None) -> Iterator[tuple[str, bool]]:
    """Each danger that can be tried, and whether this computer holds it.

    Tried as a submission would try it, below Python, where the audit hook does not see it.

    Parameters
    ----------
    lang : {"en", "zh"} or None

    Raises
    ------
    BadInput
        This system does not grade, or no submission could be run.
    """
    if not hasattr(os, "fork"):
        raise BadInput(_("Grading needs Linux or macOS; on Windows use it inside WSL."))
    from minelib.lessons.master import lesson

    limits = {"seconds": 60, "cell_seconds": 20, "memory_mb": 500, "file_mb": 50, "disk_mb": 200}
    values = {"limit": 2 * limits["memory_mb"] * 2**20, "master": str(lesson("1").path)}
    names = [f"held_{danger}" for danger in _PROBES]
    cells = [f"held_{danger} = bool({probe})" for danger, probe in _PROBES.items()]
    request = {
        "number": "1",
        "student": "",
        "lang": "en",
        "cells": [_BEFORE.format(**values), *cells],
        "assigned": [[], *([name] for name in names)],
        "answers": names,
        "limits": limits,
        "skip": [],
    }
    with contextlib.closing(Runner("1")) as runner:
        events = runner.run(request, lambda home: None).events
    answers = {k: v for e in events for k, v in (e.get("answers") or {}).items()}
    if len(answers) < len(names):
        said = [e["error"] for e in events if e.get("error")]
        raise BadInput(_("No submission could be tried: {said}").format(said=" ".join(said)))
    for danger in _PROBES:
        yield _(SAYS["dangers"][danger], lang), decode(answers[f"held_{danger}"]) is True


def this_system() -> str:
    """Which of `SYSTEMS` this computer is."""
    if sys.platform != "linux":
        return "macos" if hasattr(os, "fork") else "windows"
    if "microsoft" in os.uname().release.lower():
        return "wsl"
    return "linux" if linux.landlock_version() else "older"
