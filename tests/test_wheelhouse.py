# SPDX-License-Identifier: MIT
"""A class without a network: from the USB stick to the first figure.

The test's folder holds minelib's own wheel; the libraries come from this environment, so that
nothing is downloaded and little is copied. With MINELIB_FULL_USB=1 every library is packed and
installed from it too (some minutes).
"""

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import zipfile
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FULL = bool(os.environ.get("MINELIB_FULL_USB"))

spec = importlib.util.spec_from_file_location("wheelhouse", ROOT / "tools" / "wheelhouse.py")
wheelhouse = importlib.util.module_from_spec(spec)
spec.loader.exec_module(wheelhouse)

NO_NETWORK = ["unshare", "--net"] if os.geteuid() == 0 else ["unshare", "--user", "--net"]


def can_unshare():
    try:
        return subprocess.run([*NO_NETWORK, "true"], capture_output=True).returncode == 0
    except OSError:
        return False


HERE = f"{os.uname().sysname}-{os.uname().machine}" if os.name == "posix" else ""
posix = pytest.mark.skipif(os.name != "posix", reason="install.sh is for Linux and macOS")


@pytest.fixture(scope="module")
def usb(tmp_path_factory):
    folder = tmp_path_factory.mktemp("usb") / "U 盘"
    patch = pytest.MonkeyPatch()
    if not FULL:
        patch.setattr(wheelhouse, "needed", lambda extras=(): [])
    site = tmp_path_factory.mktemp("site")
    (site / "lab").mkdir()
    (site / "index.html").write_text("a site")
    (site / "lab" / "index.html").write_text("a lab")
    wheelhouse.gather(folder, installed=True, lessons=FULL, site=site)
    patch.undo()
    if not FULL:
        (folder / "lessons/zh").mkdir(parents=True)
        for number in (1, 2):
            (folder / f"lessons/zh/lesson-{number}.ipynb").write_text("{}")
    return folder


@pytest.fixture(scope="module")
def libraries(tmp_path_factory):
    """What is installed here, without minelib itself."""
    folder = tmp_path_factory.mktemp("libraries")
    for entry in Path(metadata.distribution("minelib").locate_file("")).iterdir():
        if "minelib" not in entry.name and entry.name != "__pycache__":
            (folder / entry.name).symlink_to(entry)
    return folder


def offline(command, home, libraries, **more):
    environment = {
        "PATH": f"{Path(sys.base_prefix) / 'bin'}:/usr/bin:/bin",
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "MPLBACKEND": "Agg",
        "PIP_NO_COMPILE": "1",
    }
    if not FULL:
        environment["PYTHONPATH"] = str(libraries)
    return subprocess.run(
        [*NO_NETWORK, *map(str, command)], env=environment, capture_output=True, text=True, **more
    )


def test_it_carries_a_site_and_says_how_it_is_served(usb, tmp_path):
    assert (usb / "site" / "lab" / "index.html").read_text() == "a lab"
    assert "site/lab/index.html" in (usb / "checksums.txt").read_text(encoding="utf-8")
    said = (usb / "README.txt").read_text(encoding="utf-8")
    assert said.count("python -m http.server") == 2, "in both languages"
    with pytest.raises(SystemExit, match="is no site"):
        wheelhouse.gather(tmp_path / "usb", installed=True, site=tmp_path)
    assert not (tmp_path / "usb").exists()


def test_checksums_hold_and_the_folder_says_what_it_is_for(usb):
    for line in (usb / "checksums.txt").read_text(encoding="utf-8").splitlines():
        digest, name = line.split("  ", 1)
        assert hashlib.sha256((usb / name).read_bytes()).hexdigest() == digest
    system, python = f"{os.uname().sysname}-{os.uname().machine}", sys.version.split()[0]
    assert (usb / "systems.txt").read_text() == f"{system} {python}\n"
    for name in ("README.txt", "python.txt"):
        assert f"{system}, Python {python}" in (usb / name).read_text(encoding="utf-8")
    script = (usb / "install.bat").read_bytes()
    assert script.isascii(), "cmd reads no other characters safely"
    assert script.count(b"\n") == script.count(b"\r\n") > 10
    assert b"\r" not in (usb / "install.sh").read_bytes()
    assert not list(usb.parent.glob("*.part"))


@posix
@pytest.mark.skipif(not can_unshare(), reason="no network namespace can be made here")
def test_from_the_usb_stick_to_the_first_figure_without_a_network(usb, libraries, tmp_path):
    target = tmp_path / "my class 课堂"
    network = offline(["cat", "/proc/net/dev"], tmp_path, libraries).stdout.splitlines()[2:]
    assert [line.split(":")[0].strip() for line in network] in ([], ["lo"])
    (target / "lessons/zh").mkdir(parents=True)  # work of an earlier installation
    (target / "lessons/zh/lesson-1.ipynb").write_text("my work")
    done = offline(["sh", usb / "install.sh", target], tmp_path, libraries)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Ready" in done.stdout and "✓ data" in done.stdout
    assert (target / "lessons/zh/lesson-1.ipynb").read_text() == "my work"
    assert (target / "lessons/zh/lesson-2.ipynb").is_file()
    python = target / "env/bin/python"
    code = (
        "import minelib as ml; from minelib.figures import counterfactual; "
        "print(ml.__file__); from minelib import lessons; print(lessons.lesson_numbers()); "
        "import pathlib; folder = pathlib.Path(ml.__file__).parent / 'workbench/jupyter/config'; "
        "print(list(folder.iterdir())); "
        "ml.chain.hash_rate('W')['hashrate_eh_s'].plot().figure.savefig('first.png')"
    )
    drawn = offline([python, "-c", code], tmp_path, libraries, cwd=tmp_path)
    assert drawn.returncode == 0, drawn.stderr
    assert str(target) in drawn.stdout, "the package of the USB stick, not of this checkout"
    numbers = sorted(p.name.split("-")[1] for p in (ROOT / "notebooks/lessons").glob("lesson-*"))
    assert str(numbers) in drawn.stdout
    start = (target / "start.sh").read_text()
    assert "jupyter_lab_config" in drawn.stdout and "/workbench/jupyter/config" in start
    assert (tmp_path / "first.png").stat().st_size > 10_000


@posix
@pytest.mark.skipif(not can_unshare(), reason="no network namespace can be made here")
@pytest.mark.parametrize(
    ("file", "content", "words"),
    [
        ("systems.txt", f"{HERE} 3.9\n", ["Python 3.9", "Install it", "请先安装"]),
        ("systems.txt", "Windows-AMD64 3.12\n", ["this computer is", "本机是"]),
        ("README.txt", "cut o", ["README.txt is damaged", "损坏"]),
    ],
)
def test_the_installer_says_what_is_wrong_before_it_begins(
    usb, libraries, tmp_path, file, content, words
):
    copy = tmp_path / "usb"
    shutil.copytree(usb, copy, symlinks=True)
    (copy / file).write_text(content)
    if file != "README.txt":  # a folder made so, not a damaged one
        lines = (copy / "checksums.txt").read_text().splitlines()
        kept = [line for line in lines if not line.endswith(f"  {file}")]
        (copy / "checksums.txt").write_text("\n".join(kept) + "\n")
    done = offline(["sh", copy / "install.sh", tmp_path / "target"], tmp_path, libraries)
    assert done.returncode == 1
    assert all(word in done.stderr for word in words), done.stderr
    assert not (tmp_path / "target").exists()


def test_a_library_packed_again_is_a_wheel_that_pip_takes(tmp_path):
    for name in ("packaging", "jupyterlab-pygments"):  # the second has files in share/
        path = wheelhouse.pack(metadata.distribution(name), tmp_path)
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            record = next(n for n in names if n.endswith(".dist-info/RECORD"))
            listed = {line.split(",")[0] for line in archive.read(record).decode().splitlines()}
        assert listed == set(names)
    assert any(".data/data/share/jupyter" in n for n in names)
    command = ["-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--no-compile"]
    subprocess.run([sys.executable, *command, "--target", tmp_path / "t", path], check=True)
    assert (tmp_path / "t/share/jupyter/labextensions").is_dir()


def test_what_minelib_needs_is_found_and_no_more():
    core = {d.metadata["Name"].lower() for d in wheelhouse.needed([])}
    assert {"pandas", "scipy"} <= core
    assert not {"otter-grader", "pytest", "minelib", "jupyterlab"} & core
    for_a_class = {d.metadata["Name"].lower() for d in wheelhouse.needed()}
    assert {"jupyterlab", "ipykernel", "otter-grader"} <= for_a_class - core
    assert not {"pytest", "minelib"} & for_a_class and core < for_a_class


def test_conditions_are_read_for_the_other_system():
    windows = wheelhouse._pins(wheelhouse._environment("win_amd64", "3.12"))
    linux = wheelhouse._pins(wheelhouse._environment("manylinux_2_28_x86_64", "3.12"))
    assert "colorama" in windows and "colorama" not in linux  # only Windows needs it, says click
    assert "pexpect" in linux and "pexpect" not in windows
    old = wheelhouse._pins(wheelhouse._environment("manylinux_2_28_x86_64", "3.11.2"))
    assert old["pandas"] == linux["pandas"]
    assert all(re.fullmatch(r"\S+==\S+( --hash=sha256:\S{64})+", pin) for pin in linux.values())
    assert wheelhouse._environment(None, "")["sys_platform"] == sys.platform


@pytest.mark.parametrize(
    ("platform", "system"),
    [
        ("win_amd64", "Windows-AMD64"),
        ("macosx_11_0_arm64", "Darwin-arm64"),
        ("macosx_10_13_x86_64", "Darwin-x86_64"),
        ("manylinux_2_28_x86_64", "Linux-x86_64"),
    ],
)
def test_platforms_as_pip_writes_them(platform, system):
    assert wheelhouse._system(platform) == system
    for unknown in ("windows", "linux_x86_64", "win_arm64"):
        with pytest.raises(SystemExit, match="win_amd64"):
            wheelhouse._system(unknown)


def test_a_linux_takes_the_wheels_of_older_ones():
    accepted = wheelhouse._accepted("manylinux_2_28_x86_64")
    assert accepted[0] == "manylinux_2_28_x86_64"
    for tag in ("manylinux_2_17_x86_64", "manylinux2014_x86_64", "manylinux1_x86_64"):
        assert tag in accepted
    assert not any("2_29" in tag for tag in accepted)
    assert wheelhouse._accepted("win_amd64") == ["win_amd64"]


installer = importlib.util.spec_from_file_location("installer", ROOT / "tools/usb/install.py")
install = importlib.util.module_from_spec(installer)
installer.loader.exec_module(install)


@pytest.mark.parametrize(
    ("held", "system", "have", "fits"),
    [
        ("Windows-AMD64 3.12", "Windows-AMD64", (3, 12, 4), True),
        ("Windows-AMD64 3.12", "Windows-AMD64", (3, 13, 0), False),
        ("Windows-AMD64 3.12", "Windows-win32", (3, 12, 4), False),  # a Python of 32 bits
        ("Windows-AMD64 3.12\nDarwin-arm64 3.13", "Darwin-arm64", (3, 12, 4), False),
        ("Linux-x86_64 3.11.7", "Linux-x86_64", (3, 11, 2), False),  # resolved for a later one
        ("Linux-x86_64 3.11.7", "Linux-x86_64", (3, 11, 9), True),
    ],
)
def test_a_python_fits_by_system_and_minor_version(monkeypatch, tmp_path, held, system, have, fits):
    (tmp_path / "systems.txt").write_text(held + "\n")
    monkeypatch.setattr(install, "FOLDER", tmp_path)
    monkeypatch.setattr(install, "here", lambda: system)
    monkeypatch.setattr(install, "HAVE", have)
    assert install.fits() == fits


def test_a_computer_without_python_is_told_which_one(usb, tmp_path):
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("sh", "dirname", "cat"):
        (programs / name).symlink_to(shutil.which(name))
    done = subprocess.run(
        [programs / "sh", usb / "install.sh"],
        env={"PATH": str(programs)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert "Python was not found" in done.stderr and "没有找到 Python" in done.stderr
    assert sys.version.split()[0] in done.stderr


def test_the_windows_installer_hands_over_to_the_same_script():
    script = (ROOT / "tools/usb/install.bat").read_text(encoding="ascii")
    assert '%python% "%folder%install.py" %*' in script
    assert '%%~p "%folder%install.py" --fits' in script
