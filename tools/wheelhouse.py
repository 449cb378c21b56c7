# SPDX-License-Identifier: MIT
"""Gather everything a class needs into one folder for a USB stick.

    python tools/wheelhouse.py                     # for this system and this Python, from the index
    python tools/wheelhouse.py --for win_amd64:3.12 --for macosx_14_0_arm64:3.12
    python tools/wheelhouse.py --installed         # no network: pack what is installed here
    python tools/wheelhouse.py --class class.csv   # one set of lessons a student
    python tools/wheelhouse.py --site outputs/site # and a site, with its lab in the browser

The folder holds wheels, the lessons in both languages, an installer for each system, the versions
of Python it is for, and checksums. ``sh install.sh`` on it needs no network.
"""

from __future__ import annotations

import argparse
import base64
import csv
import hashlib
import io
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = ROOT / "tools" / "usb"
EXTRA = "workbench"  # JupyterLab is in it
SYSTEMS = {
    r"win_amd64": "Windows-AMD64",
    r"macosx_.*_arm64": "Darwin-arm64",
    r"macosx_.*_(x86_64|universal2)": "Darwin-x86_64",
    r"manylinux_2_\d+_x86_64": "Linux-x86_64",
    r"manylinux_2_\d+_aarch64": "Linux-aarch64",
}
_SITE = """
The folder "site" is for computers on which nothing can be installed: on one computer run
"python -m http.server" in that folder; the others need a browser alone, and the address
http://COMPUTER:8000 (the name or number of the first).

文件夹 "site" 给不能安装软件的电脑用：在一台电脑上，于该文件夹中运行 "python -m http.server"；
其余的电脑只要有浏览器，打开 http://那台电脑:8000（写它的名称或地址）即可。
"""
_NO_PYTHON = """Python was not found. Install one of these, or a later one of that minor version:
没有找到 Python。请先安装以下版本之一，或同一小版本的更新版本：
"""


def main(argv: list[str] | None = None) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("-o", "--output", type=Path, default=ROOT / "dist" / "usb")
    parser.add_argument(
        "--for",
        dest="targets",
        action="append",
        default=[],
        metavar="PLATFORM:PYTHON",
        help="as pip writes platforms: win_amd64:3.12; may be repeated",
    )
    parser.add_argument("--installed", action="store_true", help="pack what is installed here")
    parser.add_argument("--class", dest="students", type=Path, help="list of the class")
    parser.add_argument("--site", type=Path, help="a site, best one with a lab in the browser")
    parser.add_argument("--no-lessons", action="store_true")
    asked = parser.parse_args(argv)
    folder = gather(
        asked.output,
        asked.targets,
        asked.installed,
        asked.students,
        not asked.no_lessons,
        asked.site,
    )
    size = sum(p.stat().st_size for p in folder.rglob("*") if p.is_file())
    count = len(list((folder / "wheels").glob("*.whl")))
    print(f"{folder}: {count} wheels, {size / 2**20:.0f} MB")
    return 0


def gather(output, targets=(), installed=False, students=None, lessons=True, site=None):
    """Make the folder anew; it appears whole or not at all."""
    if site is not None and not (site / "index.html").is_file():
        raise SystemExit(f"nothing made: {site} is no site; `minelib site` builds one")
    output = Path(output)
    part = output.with_name(output.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    wheels = part / "wheels"
    wheels.mkdir(parents=True)
    print("minelib ...", flush=True)
    own = build(wheels)
    if installed:
        pack_installed(wheels)
        pairs = [(f"linux_{platform.machine()}", _this_python())]
        systems = [f"{platform.system()}-{platform.machine()}"]
    else:
        pairs = [tuple(t.rsplit(":", 1)) for t in targets] or [(None, _this_python())]
        for name, python in pairs:
            print(f"packages for {name or 'this system'}, Python {python} ...", flush=True)
            download(own, wheels, name, python)
        systems = [_system(name) for name, _python in pairs]
    if lessons:
        print("lessons ...", flush=True)
        write_lessons(part / "lessons", students)
    if site is not None:
        print("site ...", flush=True)
        shutil.copytree(site, part / "site")
    held = sorted({(system, python) for system, (_n, python) in zip(systems, pairs, strict=True)})
    _lines(part / "systems.txt", [" ".join(pair) for pair in held])
    written = "".join(f"    {system}, Python {python}\n" for system, python in held)
    for name in ("install.sh", "install.bat", "install.py", "README.txt"):
        text = (TEMPLATES / name).read_text(encoding="utf-8")
        if name == "README.txt":
            text = text.format(systems=written) + (_SITE if site is not None else "")
        ends = "\r\n" if name.endswith((".bat", ".txt")) else "\n"
        (part / name).write_text(text, encoding="utf-8", newline=ends)
    (part / "install.sh").chmod(0o755)
    (part / "python.txt").write_text(_NO_PYTHON + written, encoding="utf-8", newline="\r\n")
    _lines(
        part / "checksums.txt",
        [
            f"{hashlib.sha256(p.read_bytes()).hexdigest()}  {p.relative_to(part).as_posix()}"
            for p in sorted(part.rglob("*"))
            if p.is_file()
        ],
    )
    shutil.rmtree(output, ignore_errors=True)
    part.rename(output)
    return output


def _lines(path, lines):
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", newline="\n")


def _this_python():
    return platform.python_version()


def _system(name):
    if name is None:
        return f"{platform.system()}-{platform.machine()}"
    for pattern, system in SYSTEMS.items():
        if re.fullmatch(pattern, name):
            return system
    raise SystemExit(f"unknown platform {name!r}; pip writes them like win_amd64")


def build(wheels):
    """minelib's own wheel."""
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", wheels, ROOT],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return next(wheels.glob("minelib-*.whl"))


def download(own, wheels, name, python):
    """The pinned packages minelib needs, for one system (None: this one), as published.

    Each is held to the hashes of requirements.lock. pip reads conditions like
    ``sys_platform == "win32"`` for the computer it runs on, so that what a system needs is found
    here, level by level.
    """
    how = ["--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary", ":all:"]
    if name is not None:
        how += ["--python-version", python, *(f"--platform={one}" for one in _accepted(name))]
    target = _environment(name, python)
    pins = _pins(target)
    waiting, done = {"minelib": {EXTRA}}, {}
    while waiting:
        fresh = [pins[key] for key in waiting if key not in done and key in pins]
        if fresh:
            with tempfile.TemporaryDirectory() as scratch:
                listed = Path(scratch) / "requirements.txt"
                _lines(listed, fresh)
                command = [sys.executable, "-m", "pip", "download", *how, "--require-hashes"]
                if subprocess.run([*command, "--dest", wheels, "-r", listed]).returncode:
                    raise SystemExit(
                        f"nothing made: not every package has its wheel for {name or 'this system'}"
                        f", Python {python}; pip says which"
                    )
        following = {}
        for key, wanted in waiting.items():
            done[key] = done.get(key, set()) | wanted
            for required, more in _requires(_wheel_of(key, wheels, own), wanted, target):
                if required not in done or not more <= done[required]:
                    following[required] = following.get(required, set()) | more
        waiting = following


def _accepted(name):
    """Platforms whose wheels run on one: a Linux takes those for older C libraries too."""
    newest = re.fullmatch(r"manylinux_2_(\d+)_(\w+)", name)
    if not newest:
        return [name]  # pip itself goes down the versions of macOS
    machine = newest[2]
    older = [f"manylinux_2_{n}_{machine}" for n in range(int(newest[1]), 4, -1)]
    return [
        *older,
        *(f"{old}_{machine}" for old in ("manylinux2014", "manylinux2010", "manylinux1")),
    ]


def _environment(name, python):
    """Conditions of packages for a system (None: this one)."""
    if name is None:
        from packaging.markers import default_environment

        return default_environment()
    system = _system(name).split("-")[0]
    full = python if python.count(".") > 1 else f"{python}.0"
    return {
        "sys_platform": {"Windows": "win32", "Darwin": "darwin", "Linux": "linux"}[system],
        "os_name": "nt" if system == "Windows" else "posix",
        "platform_system": system,
        "platform_machine": _system(name).split("-")[1],
        "python_version": ".".join(python.split(".")[:2]),
        "python_full_version": full,
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
    }


def _pins(target):
    """Lines of requirements.lock that hold in an environment, with their hashes."""
    from packaging.requirements import Requirement

    found = {}
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8").replace("\\\n", " ")
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            pin, *hashes = line.split(" --hash=")
            pin = Requirement(pin)
            if pin.marker is None or pin.marker.evaluate(target):
                exact = f"{pin.name}{pin.specifier}"
                found[_key(pin.name)] = " --hash=".join([exact, *map(str.strip, hashes)])
    return found


def _key(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def _wheel_of(key, wheels, own):
    if key == "minelib":
        return own
    return next((w for w in wheels.glob("*.whl") if _key(w.name.split("-")[0]) == key), None)


def _requires(wheel, extras, target):
    """Names a wheel needs in an environment, each with the extras it asks of them."""
    from packaging.metadata import Metadata

    if wheel is None:
        raise SystemExit("a package is needed that requirements.lock does not pin")
    with zipfile.ZipFile(wheel) as archive:
        name = next(n for n in archive.namelist() if n.endswith(".dist-info/METADATA"))
        described = Metadata.from_email(archive.read(name), validate=False)
    for requirement in described.requires_dist or []:
        tried = [{**target, "extra": extra} for extra in ["", *extras]]
        if requirement.marker is None or any(requirement.marker.evaluate(t) for t in tried):
            yield _key(requirement.name), set(requirement.extras)


# ---- without a network: wheels from what is installed ------------------------------------


def needed(extras=(EXTRA,)):
    """Installed distributions minelib needs, with all they need, without minelib."""
    from packaging.requirements import Requirement

    waiting, found = [("minelib", frozenset(extras))], {}
    while waiting:
        name, wanted = waiting.pop()
        try:
            distribution = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            raise SystemExit(f"{name} is needed and not installed here") from None
        key = _key(distribution.metadata["Name"])
        if wanted <= found.get(key, (None, frozenset([None])))[1] and key in found:
            continue
        known = found.get(key, (None, frozenset()))[1]
        found[key] = (distribution, known | wanted)
        for text in distribution.requires or []:
            requirement = Requirement(text)
            environments = [{"extra": extra} for extra in (wanted or {""})] + [{"extra": ""}]
            marker = requirement.marker
            if marker is None or any(marker.evaluate(e) for e in environments):
                waiting.append((requirement.name, frozenset(requirement.extras)))
    return [d for key, (d, _wanted) in sorted(found.items()) if key != "minelib"]


def pack_installed(wheels):
    """Pack every needed distribution into a wheel again."""
    for distribution in needed():
        pack(distribution, wheels)


def pack(distribution, wheels):
    """One wheel from an installed distribution.

    Scripts are left out, since the installer makes them from the entry points; files outside
    site-packages (``share/``, ``etc/``) go into the wheel's data.
    """
    name = re.sub(r"[-_.]+", "_", distribution.metadata["Name"])
    version = distribution.version.replace("-", "_")
    info = f"{name}-{version}.dist-info"
    tags = re.findall(r"^Tag: (\S+)", distribution.read_text("WHEEL") or "", re.MULTILINE)
    parts = [sorted({tag.split("-")[n] for tag in tags}) for n in range(3)]
    tag = "-".join(".".join(part) for part in parts) if tags else "py3-none-any"
    path = wheels / f"{name}-{version}-{tag}.whl"
    site = Path(distribution.locate_file("")).resolve()
    prefix = Path(sys.prefix).resolve()
    rows = []
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for file in distribution.files or []:
            source = Path(distribution.locate_file(file)).resolve()
            inside = _place(source, site, prefix, info, name, version)
            if inside is None or not source.is_file():
                continue
            content = source.read_bytes()
            archive.writestr(zipfile.ZipInfo(inside, (1980, 1, 1, 0, 0, 0)), content)
            digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=")
            rows.append((inside, f"sha256={digest.decode()}", len(content)))
        record = io.StringIO()
        csv.writer(record, lineterminator="\n").writerows([*rows, (f"{info}/RECORD", "", "")])
        archive.writestr(f"{info}/RECORD", record.getvalue())
    return path


def _place(source, site, prefix, info, name, version):
    """Where a file goes in the wheel; None for what the installer makes itself."""
    if source.suffix == ".pyc" or source.name in (
        "RECORD",
        "INSTALLER",
        "REQUESTED",
        "direct_url.json",
    ):
        return None
    if source.is_relative_to(site):
        inside = source.relative_to(site).as_posix()
        return re.sub(r"^[^/]+\.dist-info/", f"{info}/", inside)
    if source.is_relative_to(prefix):
        inside = source.relative_to(prefix).as_posix()
        if inside.startswith(("bin/", "Scripts/")):
            return None if _is_entry(source) else f"{name}-{version}.data/scripts/{source.name}"
        return f"{name}-{version}.data/data/{inside}"
    return None


def _is_entry(source):
    return source.name in {e.name for e in metadata.entry_points(group="console_scripts")}


def write_lessons(folder, students=None):
    """The students' notebooks in both languages; without otter-grader: none, and said."""
    sys.path.insert(0, str(ROOT))
    from minelib.errors import MinelibError
    from minelib.words import LANGUAGES
    from minelib.workbench import lessons as making

    with tempfile.TemporaryDirectory() as scratch:
        try:
            making.make(
                output=scratch, students=list(making.read_class(students).names) if students else ()
            )
        except MinelibError as error:
            print(f"no lessons: {error}", file=sys.stderr)
            return
        for lang in LANGUAGES:
            for own in sorted(Path(scratch, lang).iterdir()):
                if own.name == "solution":
                    continue
                place = folder / lang if own.name == "student" else folder / own.name / lang
                shutil.copytree(own, place, dirs_exist_ok=True)


if __name__ == "__main__":
    raise SystemExit(main())
