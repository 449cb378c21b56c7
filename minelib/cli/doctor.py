# SPDX-License-Identifier: MIT
"""``minelib doctor``: what is there, what is missing, and the command that mends it."""

import os
import shutil
import sys
import tempfile
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from minelib.words import gettext as _
from minelib.words import use

__all__ = ["Finding", "doctor_command", "examine"]

_CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "chrome")


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


def examine():
    """Look at Python, libraries, data, notebooks, kernel and disk.

    Returns
    -------
    list of Finding
    """
    found = [*_python(), *_libraries()]
    for look in (_own_files, _kernel, _disk, _browser):
        try:
            found += list(look())
        except ImportError as error:  # libraries that do not load
            if not any(f.state == "missing" for f in found):
                pip = f"{_quoted(sys.executable)} -m pip install --force-reinstall --no-deps"
                found.append(
                    Finding("Python", "missing", str(error), f"{pip} {error.name or 'minelib'}")
                )
    return found


def _python():
    version = ".".join(map(str, sys.version_info[:3]))
    good = sys.version_info >= (3, 11)
    remedy = "" if good else "make PYTHON=python3.12 run"
    yield Finding("Python", "ok" if good else "missing", f"{version}, {sys.executable}", remedy)


def _requirements(name="minelib", extras=("",)):
    """What a distribution asks for: pairs of requirement and extra ("" for none)."""
    try:
        from packaging.requirements import Requirement
    except ImportError:  # pip, which mends it, brings its own
        from pip._vendor.packaging.requirements import Requirement
    for text in metadata.requires(name) or []:
        requirement = Requirement(text)
        marker = requirement.marker
        for extra in extras:
            if marker is None or marker.evaluate({"extra": extra}):
                yield requirement, extra
                break


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


def _libraries():
    pip = f"{_quoted(sys.executable)} -m pip install"
    try:
        metadata.version("minelib")
    except metadata.PackageNotFoundError:
        yield Finding("minelib", "missing", _("not installed"), f"{pip} -e .")
        return
    yield Finding("minelib", "ok", metadata.version("minelib"))
    seen, broken, waiting = set(), set(), [(one, "") for one, _extra in _requirements()]
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
            again = "--force-reinstall --no-deps " if version and wrong != version else ""
            note = f"{wrong} ({_('needed by {name}').format(name=parent)})" if parent else wrong
            asked = f"{requirement.name}{requirement.specifier}"
            yield Finding(requirement.name, "missing", note, f"{pip} {again}'{asked}'")
        elif not parent:
            yield Finding(requirement.name, "ok", version)
        if version:
            extras = ("", *requirement.extras)
            waiting += [(one, name) for one, _extra in _requirements(requirement.name, extras)]
    for extra in metadata.metadata("minelib").get_all("Provides-Extra") or ():
        if extra in ("test", "dev"):
            continue
        parts = [one for one, its in _requirements(extras=("", extra)) if its == extra]
        absent = [one.name for one in parts if _state(one)[0]]
        if absent:
            note = _("optional, missing: {names}").format(names=", ".join(absent))
            yield Finding(f"minelib[{extra}]", "optional", note, f"{pip} 'minelib[{extra}]'")
        else:
            yield Finding(f"minelib[{extra}]", "ok", _("complete"))


def _own_files():
    from minelib.catalog import default
    from minelib.errors import MinelibError
    from minelib.studies.notebooks import find, folder

    again = f"{_quoted(sys.executable)} -m pip install --force-reinstall --no-deps minelib"
    if _is_checkout():
        again = "git checkout -- data notebooks"
    try:
        problems = default().check()
        count = len(default().names)
    except MinelibError as error:
        problems, count = [error], 0
    if problems:
        yield Finding(_("data"), "missing", str(problems[0]), again)
    else:
        yield Finding(
            _("data"), "ok", _("{count} tables, as they were shipped").format(count=count)
        )
    notebooks = find()
    if notebooks:
        note = _("{count} in {folder}").format(count=len(notebooks), folder=folder())
        yield Finding(_("notebooks"), "ok", note)
    else:
        yield Finding(
            _("notebooks"), "missing", _("none in {folder}").format(folder=folder()), again
        )


def _is_checkout():
    return (Path(__file__).parents[2] / ".git").exists()


def _kernel():
    from minelib.workbench.fork_client import can_fork

    remedy = f"{_quoted(sys.executable)} -m ipykernel install --sys-prefix --name python3"
    try:
        from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

        command = KernelSpecManager().get_kernel_spec("python3").argv
    except ImportError:
        yield Finding(_("kernel"), "missing", "jupyter_client", "pip install ipykernel")
        return
    except (NoSuchKernel, ValueError):  # none, or one whose description is broken
        yield Finding(_("kernel"), "missing", _("there is no kernel python3"), remedy)
        return
    own = os.path.basename(command[0]).startswith("python") and not os.path.isabs(command[0])
    if own or os.path.realpath(command[0]) == os.path.realpath(sys.executable):
        yield Finding(_("kernel"), "ok", "python3")
    else:
        yield Finding(
            _("kernel"),
            "missing",
            _("python3 is another Python: {path}").format(path=command[0]),
            remedy,
        )
    if can_fork():
        yield Finding(_("warm kernels"), "ok", _("forked from a process with the libraries loaded"))
    else:
        yield Finding(
            _("warm kernels"), "optional", _("not on this system; ordinary kernels are used")
        )


def _disk():
    from minelib.workbench.runs.folders import CannotWrite, check_writable

    for name, place in ((_("temporary folder"), tempfile.gettempdir()), (_("folder here"), ".")):
        try:
            check_writable(place)
        except CannotWrite as error:
            yield Finding(name, "missing", str(error), "cd ~")
            continue
        free = shutil.disk_usage(place).free / 1e9
        note = _("{size:.1f} GB free").format(size=free)
        yield Finding(
            name, "ok" if free > 0.2 else "missing", note, "" if free > 0.2 else "df -h ."
        )


def _browser():
    found = next((shutil.which(name) for name in _CHROMIUM if shutil.which(name)), None)
    if found:
        yield Finding("Chromium", "ok", found)
    else:
        note = _("only the tests of the pages need it")
        yield Finding("Chromium", "optional", note, "apt-get install chromium")


def _quoted(path):
    import shlex

    return shlex.quote(path)


def doctor_command(lang):
    """``minelib doctor``. Exit code 1 when something does not work."""
    if lang:
        use(str(lang))
    from minelib.cli.show import width

    findings = examine()
    marks = {"ok": "✓", "missing": "✗", "optional": "·"}
    longest = max(width(f.name) for f in findings)
    for f in findings:
        print(f"{marks[f.state]} {f.name}{' ' * (longest - width(f.name))}  {f.note}")
        if f.remedy:
            print(f"    → {f.remedy}")
    wrong = sum(f.state == "missing" for f in findings)
    print()
    if wrong:
        print(_("{count} things to mend; the commands stand beside them.").format(count=wrong))
    else:
        print(_("Everything needed is there."))
    return 1 if wrong else 0
