# SPDX-License-Identifier: MIT
"""Set up minelib from the folder this file lies in, with no network.

install.sh and install.bat look for a Python and call it: install.py [FOLDER]. With --fits it only
tells, by its exit code, whether this Python is one that the packages are for. Python 3.6 can read
it, so that an old one is told what is missing.
"""

import hashlib
import os
import platform
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
WINDOWS = os.name == "nt"
HAVE = tuple(sys.version_info[:3])
START_SH = """#!/bin/sh
# JupyterLab on the lessons, with the package's settings: it asks nothing of the network
cd -- "$(dirname -- "$0")/lessons" || exit 1
package='import minelib, os; print(os.path.dirname(minelib.__file__))'
JUPYTER_CONFIG_PATH=$(../env/bin/python -c "$package")/workbench/jupyter/config
export JUPYTER_CONFIG_PATH JUPYTER_PREFER_ENV_PATH=1
exec ../env/bin/python -m jupyterlab "$@"
"""
START_BAT = """@echo off
rem JupyterLab on the lessons, with the package's settings: it asks nothing of the network
cd /d "%~dp0lessons"
set "JUPYTER_PREFER_ENV_PATH=1"
set "JUPYTER_CONFIG_PATH=%~dp0env\\Lib\\site-packages\\minelib\\workbench\\jupyter\\config"
"%~dp0env\\Scripts\\python.exe" -m jupyterlab %*
"""


def lines(name):
    """Lines of a file on the USB stick."""
    return (FOLDER / name).read_text(encoding="utf-8").splitlines()


def here():
    """This system, as systems.txt writes it."""
    if WINDOWS:  # that of this Python, which may be one of 32 bits
        found = sysconfig.get_platform()
        return "Windows-AMD64" if found == "win-amd64" else f"Windows-{found}"
    return f"{platform.system()}-{platform.machine()}"


def wanted():
    """Versions of Python that this folder has packages for, on this system."""
    pairs = [line.split() for line in lines("systems.txt")]
    return [tuple(map(int, version.split("."))) for system, version in pairs if system == here()]


def fits():
    """Whether this Python has the minor version of the packages, and is not older."""
    return any(HAVE[:2] == want[:2] and want <= HAVE for want in wanted())


def dotted(*versions):
    """Versions in words."""
    return ", ".join(".".join(map(str, version)) for version in versions)


def stop(*texts):
    """Say what is wrong and end."""
    print("", *texts, sep="\n", file=sys.stderr)
    sys.exit(1)


def check():
    """Stop before anything is written when this USB stick cannot be for this computer."""
    if not wanted():
        held = ", ".join(lines("systems.txt"))
        stop(
            f"This USB stick is for {held}; this computer is {here()}: ask for one that holds it.",
            f"这个 U 盘适用于 {held}，而本机是 {here()}：请索取包含本机的版本。",
        )
    if not fits():
        need, have = dotted(*wanted()), dotted(HAVE)
        stop(
            f"Python {need} is needed, or a later one of that minor version; found was {have}. "
            "Install it, then run this again.",
            f"需要 Python {need} 或同一小版本的更新版本，找到的是 {have}。请先安装，再运行本脚本。",
        )
    for line in lines("checksums.txt"):
        digest, name = line.split("  ", 1)
        try:
            whole = hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() == digest
        except OSError:
            whole = False
        if not whole:  # a USB stick pulled out too early is found here and not in the middle
            stop(
                f"{name} is damaged or missing on the USB stick: copy it again.",
                f"U 盘上的 {name} 损坏或缺失：请重新拷贝。",
            )


def run(log, command, *texts):
    """Run a command with its output in a file; stop with these texts when it fails."""
    with log.open("wb") as out:
        code = subprocess.call([str(part) for part in command], stdout=out, stderr=out)
    if code:
        last = log.read_text(encoding="utf-8", errors="replace").splitlines()[-5:]
        stop(*texts, f"{log}:", *last)


def copy_lessons(target):
    """Copy what is not there yet: work that is there already is never written over."""
    target.mkdir(exist_ok=True)
    for lesson in sorted((FOLDER / "lessons").rglob("*")):
        place = target / lesson.relative_to(FOLDER / "lessons")
        if lesson.is_file() and not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(str(lesson), str(place))


def main(target=None):
    """Set up."""
    check()
    target = Path(target or Path.home() / "minelib").absolute()
    programs = target / "env" / ("Scripts" if WINDOWS else "bin")
    log = target / "install.log"
    print(f"1/3  {target} (Python {dotted(HAVE)})", flush=True)
    try:
        target.mkdir(parents=True, exist_ok=True)
        log.write_bytes(b"")
    except OSError as error:
        stop(
            f"{target} cannot be written ({error}): name another folder.",
            f"{target} 无法写入：请另选文件夹。",
        )
    run(
        log,
        [sys.executable, "-m", "venv", "--clear", target / "env"],
        "Python cannot make an environment; on Debian and Ubuntu: sudo apt install python3-venv",
        "Python 无法建立环境；Debian 和 Ubuntu 上：sudo apt install python3-venv",
    )
    # so that whatever the doctor asks for later comes from there too
    wheels = f"[install]\nfind-links = {(FOLDER / 'wheels').as_uri()}\n"
    (target / "env" / ("pip.ini" if WINDOWS else "pip.conf")).write_text(wheels, encoding="utf-8")
    print("2/3  minelib", flush=True)
    run(
        log,
        [
            programs / "python",
            "-m",
            "pip",
            "install",
            "--no-index",
            "--no-input",
            "--disable-pip-version-check",
            "--quiet",
            "--find-links",
            FOLDER / "wheels",
            "minelib[workbench]",
        ],
        "The packages could not be installed. The reason:",
        "软件包未能安装，原因：",
    )
    print("3/3  lessons, 课程", flush=True)
    copy_lessons(target / "lessons")
    start = target / ("start.bat" if WINDOWS else "start.sh")
    text = START_BAT.replace("\n", "\r\n") if WINDOWS else START_SH
    start.write_bytes(text.encode())
    start.chmod(0o755)
    subprocess.call([str(programs / "minelib"), "doctor"])
    opening = "" if WINDOWS else "sh "
    print("", "Ready. Start with:", "完成。这样开始：", f'    {opening}"{start}"', sep="\n")


if __name__ == "__main__":
    if sys.argv[1:] == ["--fits"]:
        sys.exit(not fits())
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # since 3.7: whatever the terminal's own encoding is
            stream.reconfigure(encoding="utf-8", errors="replace")
    main(*sys.argv[1:2])
