# SPDX-License-Identifier: MIT
"""``minelib doctor``: what is there, what is missing, and the command that mends it."""

import contextlib
import os
import shlex
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from minelib.declared import sentences
from minelib.errors import MinelibError
from minelib.words import gettext as _, use
from minelib.workbench.home import at_home, homeless

_say = sentences(__file__)
_PIP = f"{shlex.quote(sys.executable)} -m pip install"
_AGAIN = f"{_PIP} --force-reinstall --no-deps"


@dataclass(frozen=True)
class Finding:
    """One thing looked at.

    Attributes
    ----------
    name : str
    state : str
        ``"ok"``, ``"missing"`` (something does not work) or ``"optional"`` (an extra).
    note : str
    remedy : str
        A command that can be typed as it stands; "" when nothing is wrong.
    """

    name: str
    state: str
    note: str
    remedy: str = ""


def _judged(name, good, note, remedy="", otherwise="missing"):
    return Finding(name, "ok" if good else otherwise, note, "" if good else remedy)


def examine() -> list[Finding]:
    """Look at Python, libraries, data, notebooks, kernel and disk."""
    version = ".".join(map(str, sys.version_info[:3]))
    note, good = f"{version}, {sys.executable}", sys.version_info >= (3, 11)
    found = [_judged("Python", good, note, "make PYTHON=python3.12 run"), *_libraries()]
    for look in (_own_files, _home, _kernel, _disk, _browser):
        try:
            with contextlib.nullcontext() if look is _home else at_home():
                found += look()
        except MinelibError as error:  # no folder to work in
            remedy = "export TMPDIR=~"
            return [*found, Finding(_say("temporary"), "missing", str(error), remedy)]
        except ImportError as error:  # libraries that do not load
            if not any(f.state == "missing" for f in found):
                remedy = f"{_AGAIN} {error.name or 'minelib'}"
                found.append(Finding("Python", "missing", str(error), remedy))
    return found


def _requirements(name="minelib", extras=("",)):
    """What a distribution asks for, with these extras ("" for none)."""
    try:
        from packaging.requirements import Requirement
    except ImportError:  # pip, which mends it, brings its own
        from pip._vendor.packaging.requirements import Requirement
    for text in metadata.requires(name) or []:
        requirement = Requirement(text)
        marker = requirement.marker
        if marker is None or any(marker.evaluate({"extra": extra}) for extra in extras):
            yield requirement


def _state(requirement):
    """Whether a library is there as asked for: a note, empty when it is, and its version."""
    try:
        found = metadata.distribution(requirement.name)
    except metadata.PackageNotFoundError:
        return _say("absent"), ""
    if not requirement.specifier.contains(found.version, prereleases=True):
        return found.version, found.version
    code = [file for file in found.files or () if file.suffix in (".py", ".so", ".pyd")]
    lost = [file for file in code if not os.path.exists(file.locate())]
    return (_say("files", name=lost[0]) if lost else ""), found.version


def _libraries() -> Iterator[Finding]:
    try:
        yield Finding("minelib", "ok", metadata.version("minelib"))
    except metadata.PackageNotFoundError:
        yield Finding("minelib", "missing", _say("absent"), f"{_PIP} -e .")
        return
    try:
        plain = [*_requirements()]
    except ImportError:  # neither packaging nor pip, which brings its own
        yield Finding("packaging", "missing", _say("absent"), f"{_PIP} packaging")
        return
    seen, broken, waiting = set(), set(), [(one, "") for one in plain]
    while waiting:
        requirement, parent = waiting.pop(0)
        name = requirement.name.lower().replace("_", "-")
        key = (name, str(requirement.specifier), *requirement.extras)
        if key in seen or name in broken:
            continue
        seen.add(key)
        wrong, version = _state(requirement)
        if wrong:
            broken.add(name)
            pip = _AGAIN if version and wrong != version else _PIP
            note = wrong + (" (" + _say("needed", name=parent) + ")" if parent else "")
            remedy = f"{pip} '{requirement.name}{requirement.specifier}'"
            yield Finding(requirement.name, "missing", note, remedy)
        elif not parent:
            yield Finding(requirement.name, "ok", version)
        if version:
            extras = ("", *requirement.extras)
            waiting += [(one, name) for one in _requirements(requirement.name, extras)]
    for extra in metadata.metadata("minelib").get_all("Provides-Extra") or ():
        if extra in ("test", "dev"):
            continue
        parts = [one for one in _requirements(extras=(extra,)) if one not in plain]
        absent = ", ".join(one.name for one in parts if _state(one)[0])
        note = _say("optional", names=absent) if absent else _say("complete")
        name = f"minelib[{extra}]"
        yield _judged(name, not absent, note, f"{_PIP} '{name}'", "optional")


def _own_files() -> Iterator[Finding]:
    from minelib.catalog.store import packaged
    from minelib.studies.notebooks import find, folder

    again = f"{_AGAIN} minelib"
    if (Path(__file__).parents[2] / ".git").exists():
        again = "git checkout -- data notebooks"
    note = ""
    try:
        problems: list[MinelibError] = [*packaged().check()]
        note = _say("tables", count=len(packaged().names))
    except MinelibError as error:
        problems = [error]
    yield _judged(_say("data"), not problems, str(problems[0]) if problems else note, again)
    place, notebooks = folder(), find()
    note = _say("some" if notebooks else "none", count=len(notebooks), folder=place)
    yield _judged(_say("notebooks"), notebooks, note, again)


def _kernel() -> Iterator[Finding]:
    from minelib.workbench.fork_client import can_fork

    try:
        from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
    except ImportError:  # a plain install, for a Jupyter that is elsewhere
        yield Finding(_say("kernel"), "optional", _say("elsewhere"), f"{_PIP} ipykernel")
        return
    try:
        command = KernelSpecManager().get_kernel_spec("python3").argv[0]
        note = _say("other_python", path=command)
    except (NoSuchKernel, ValueError):  # none, or one whose description is broken
        command, note = "", _say("no_kernel")
    own = os.path.basename(command).startswith("python") and not os.path.isabs(command)
    good = own or os.path.realpath(command) == os.path.realpath(sys.executable)
    remedy = f"{shlex.quote(sys.executable)} -m ipykernel install --sys-prefix --name python3"
    yield _judged(_say("kernel"), good, "python3" if good else note, remedy)
    note = _say("forked" if can_fork() else "ordinary")
    yield _judged(_say("warm"), can_fork(), note, otherwise="optional")


def _home() -> Iterator[Finding]:
    why = homeless()
    note = why + " " + _say("homeless") if why else str(Path.home())
    yield _judged(_say("home"), not why, note, "export HOME=$PWD", "optional")


def _disk() -> Iterator[Finding]:
    from minelib.workbench.runs.folders import CannotWrite, check_writable

    for name, place in ((_say("temporary"), tempfile.gettempdir()), (_say("here"), ".")):
        try:
            check_writable(place)
        except CannotWrite as error:
            yield Finding(name, "missing", str(error), "cd ~")
            continue
        free = shutil.disk_usage(place).free / 1e9
        yield _judged(name, free > 0.2, _say("free", size=free), "df -h .")


def _browser() -> Iterator[Finding]:
    from minelib.workbench.lectures import browser

    found = browser()
    note = found or _say("no_browser")
    yield _judged("Chromium", found, note, "apt-get install chromium", "optional")


def doctor_command(lang: str | None) -> int:
    """``minelib doctor``. Exit code 1 when something does not work."""
    if lang:
        use(lang)
    from minelib.cli.show import pairs

    findings = examine()
    marks = {"ok": "✓", "missing": "✗", "optional": "·"}
    remedies = [f"\n    → {f.remedy}" if f.remedy else "" for f in findings]
    shown = zip(findings, remedies, strict=True)
    pairs([(f"{marks[f.state]} {f.name}", f.note + remedy) for f, remedy in shown])
    wrong = sum(f.state == "missing" for f in findings)
    print("\n" + (_say("mend", count=wrong) if wrong else _say("well")))
    return int(wrong > 0)


def grading_command() -> int:
    """``minelib doctor --grading``. Exit code 1 when something gets past the guards."""
    from minelib.cli.show import pairs
    from minelib.workbench.grading.holds import SYSTEMS, held, holds, this_system

    system = this_system()
    print(_say("system", system=_(SYSTEMS[system])) + "\n")
    pairs([(row["what"], row[system]) for row in holds()])
    print("\n" + _say("tried") + "\n")
    found = [*held()]
    pairs([("✓" if holds_it else "✗", what) for what, holds_it in found])
    good = all(holds_it for _what, holds_it in found)
    print("\n" + _say("held" if good else "got_through"))
    return int(not good)
