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

from minelib.errors import MinelibError
from minelib.words import gettext as _, use
from minelib.workbench.home import at_home, homeless

_CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "chrome")
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
            return [
                *found,
                Finding(_("temporary folder"), "missing", str(error), "export TMPDIR=~"),
            ]
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
        return _("not installed"), ""
    if not requirement.specifier.contains(found.version, prereleases=True):
        return found.version, found.version
    code = [file for file in found.files or () if file.suffix in (".py", ".so", ".pyd")]
    lost = [file for file in code if not os.path.exists(file.locate())]
    return (_("files are missing: {name}").format(name=lost[0]) if lost else ""), found.version


def _libraries() -> Iterator[Finding]:
    try:
        yield Finding("minelib", "ok", metadata.version("minelib"))
    except metadata.PackageNotFoundError:
        yield Finding("minelib", "missing", _("not installed"), f"{_PIP} -e .")
        return
    try:
        plain = [*_requirements()]
    except ImportError:  # neither packaging nor pip, which brings its own
        yield Finding("packaging", "missing", _("not installed"), f"{_PIP} packaging")
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
            note = f"{wrong} ({_('needed by {name}').format(name=parent)})" if parent else wrong
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
        note = _("optional, missing: {names}").format(names=absent) if absent else _("complete")
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
        note = _("{count} tables, as they were shipped").format(count=len(packaged().names))
    except MinelibError as error:
        problems = [error]
    yield _judged(_("data"), not problems, str(problems[0]) if problems else note, again)
    place, notebooks = folder(), find()
    note = _("{count} in {folder}") if notebooks else _("none in {folder}")
    note = note.format(count=len(notebooks), folder=place)
    yield _judged(_("notebooks"), notebooks, note, again)


def _kernel() -> Iterator[Finding]:
    from minelib.workbench.fork_client import can_fork

    try:
        from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
    except ImportError:  # a plain install, for a Jupyter that is elsewhere
        note = _("none here; the notebooks run in any Jupyter that has this Python")
        yield Finding(_("kernel"), "optional", note, f"{_PIP} ipykernel")
        return
    try:
        command = KernelSpecManager().get_kernel_spec("python3").argv[0]
        note = _("python3 is another Python: {path}").format(path=command)
    except (NoSuchKernel, ValueError):  # none, or one whose description is broken
        command, note = "", _("there is no kernel python3")
    own = os.path.basename(command).startswith("python") and not os.path.isabs(command)
    good = own or os.path.realpath(command) == os.path.realpath(sys.executable)
    remedy = f"{shlex.quote(sys.executable)} -m ipykernel install --sys-prefix --name python3"
    yield _judged(_("kernel"), good, "python3" if good else note, remedy)
    note = _("not on this system; ordinary kernels are used")
    if can_fork():
        note = _("forked from a process with the libraries loaded")
    yield _judged(_("warm kernels"), can_fork(), note, otherwise="optional")


def _home() -> Iterator[Finding]:
    why = homeless()
    note = why and why + " " + _("Runs use a temporary one; JupyterLab forgets its settings.")
    yield _judged(
        _("home folder"), not why, note or str(Path.home()), "export HOME=$PWD", "optional"
    )


def _disk() -> Iterator[Finding]:
    from minelib.workbench.runs.folders import CannotWrite, check_writable

    for name, place in ((_("temporary folder"), tempfile.gettempdir()), (_("folder here"), ".")):
        try:
            check_writable(place)
        except CannotWrite as error:
            yield Finding(name, "missing", str(error), "cd ~")
            continue
        free = shutil.disk_usage(place).free / 1e9
        yield _judged(name, free > 0.2, _("{size:.1f} GB free").format(size=free), "df -h .")


def _browser() -> Iterator[Finding]:
    found = next(filter(None, map(shutil.which, _CHROMIUM)), None)
    note = found or _("only the tests of the pages need it")
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
    end = _("{count} things to mend; the commands stand beside them.")
    print("\n" + (end.format(count=wrong) if wrong else _("Everything needed is there.")))
    return int(wrong > 0)


def grading_command(lang: str | None) -> int:
    """``minelib doctor --grading``. Exit code 1 when something gets past the guards."""
    if lang:
        use(lang)
    from minelib.cli.show import pairs
    from minelib.workbench.grading.holds import SYSTEMS, held, holds, this_system

    system = this_system()
    print(_("What should hold a submission on {system}:").format(system=_(SYSTEMS[system])) + "\n")
    pairs([(row["what"], row[system]) for row in holds()])
    print("\n" + _("Tried here, below Python:") + "\n")
    found = [*held()]
    pairs([("✓" if holds_it else "✗", what) for what, holds_it in found])
    if all(holds_it for _what, holds_it in found):
        print("\n" + _("This computer can grade whoever hands in."))
        return 0
    sentence = _(
        "What is marked ✗ got through: grade here only a class you trust, or on Linux 5.13 or "
        "later with Landlock and seccomp."
    )
    print("\n" + sentence)
    return 1
