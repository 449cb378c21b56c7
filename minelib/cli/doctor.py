# SPDX-License-Identifier: MIT
"""``minelib doctor``: what is there, what is missing, and the command that mends it."""

import os
import shutil
import sys
import tempfile
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from minelib.text import gettext as _
from minelib.text import use

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
    return [*_python(), *_libraries(), *_own_files(), *_kernel(), *_disk(), *_browser()]


def _python():
    version = ".".join(map(str, sys.version_info[:3]))
    good = sys.version_info >= (3, 11)
    remedy = "" if good else "make PYTHON=python3.12 run"
    yield Finding("Python", "ok" if good else "missing", f"{version}, {sys.executable}", remedy)


def _requirements():
    """Name and extra ("" for none) of each distribution minelib asks for."""
    try:
        texts = metadata.requires("minelib") or []
    except metadata.PackageNotFoundError:
        return
    from packaging.requirements import Requirement

    for text in texts:
        requirement = Requirement(text)
        extra = ""
        if requirement.marker is not None and "extra" in str(requirement.marker):
            extra = str(requirement.marker).split("extra ==")[1].split('"')[1]
        if extra not in ("test", "dev"):
            yield requirement, extra


def _libraries():
    pip = f"{_quoted(sys.executable)} -m pip install"
    try:
        metadata.version("minelib")
    except metadata.PackageNotFoundError:
        yield Finding("minelib", "missing", _("not installed"), f"{pip} -e .")
        return
    yield Finding("minelib", "ok", metadata.version("minelib"))
    extras = {}
    for requirement, extra in _requirements():
        try:
            version = metadata.version(requirement.name)
            good = requirement.specifier.contains(version, prereleases=True)
        except metadata.PackageNotFoundError:
            version, good = _("not installed"), False
        if extra:
            extras.setdefault(extra, []).append((requirement.name, good))
        elif good:
            yield Finding(requirement.name, "ok", version)
        else:
            yield Finding(requirement.name, "missing", version, f"{pip} '{requirement}'")
    for extra, parts in extras.items():
        absent = [name for name, good in parts if not good]
        if absent:
            note = _("optional, missing: {names}").format(names=", ".join(absent))
            yield Finding(f"minelib[{extra}]", "optional", note, f"{pip} 'minelib[{extra}]'")
        else:
            yield Finding(f"minelib[{extra}]", "ok", _("complete"))


def _own_files():
    from minelib.catalog import default
    from minelib.errors import MinelibError
    from minelib.runs.notebooks import find, folder

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
    from minelib.runs.forks import can_fork

    remedy = f"{_quoted(sys.executable)} -m ipykernel install --sys-prefix --name python3"
    try:
        from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

        command = KernelSpecManager().get_kernel_spec("python3").argv
    except ImportError:
        yield Finding(_("kernel"), "missing", "jupyter_client", "pip install ipykernel")
        return
    except NoSuchKernel:
        yield Finding(_("kernel"), "missing", _("there is no kernel python3"), remedy)
        return
    own = os.path.basename(command[0]).startswith("python") and not os.path.isabs(command[0])
    if own or os.path.realpath(command[0]) == os.path.realpath(sys.executable):
        yield Finding(_("kernel"), "ok", "python3")
    else:
        yield Finding(_("kernel"), "missing", _("python3 is another Python: {path}").format(
            path=command[0]), remedy)  # fmt: skip
    if can_fork():
        yield Finding(_("warm kernels"), "ok", _("forked from a process with the libraries loaded"))
    else:
        yield Finding(
            _("warm kernels"), "optional", _("not on this system; ordinary kernels are used")
        )


def _disk():
    from minelib.runs.folders import CannotWrite, check_writable

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
