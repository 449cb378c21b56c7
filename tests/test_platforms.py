# SPDX-License-Identifier: MIT
"""Other systems, simulated: what Windows lacks, how it writes paths, encodings and line ends."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import minelib as ml

ROOT = Path(__file__).resolve().parents[1]
# what only Unix has, taken away before anything of the package is imported
LACKING = """
import os, signal, sys, warnings
ABSENT = {"fcntl", "grp", "pwd", "resource", "syslog", "termios", "tty"}

class Absent:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name in ABSENT:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

import asyncio, subprocess, multiprocessing.context, tempfile, shutil  # of Python, for this system
for name in ABSENT:
    sys.modules.pop(name, None)
sys.meta_path.insert(0, Absent)
for name in ("fork", "forkpty", "killpg", "getpgid", "setsid", "getuid", "geteuid", "chown",
             "sched_getaffinity", "sched_setaffinity", "nice", "WNOHANG", "O_PATH"):
    if hasattr(os, name):
        delattr(os, name)
for name in ("SIGKILL", "SIGALRM", "SIGHUP", "SIGCHLD", "alarm", "setitimer"):
    if hasattr(signal, name):
        delattr(signal, name)
"""
RESERVED = {"con", "prn", "aux", "nul", *(f"{a}{n}" for a in ("com", "lpt") for n in range(1, 10))}


def without_unix(code):
    done = subprocess.run(
        [sys.executable, "-c", LACKING + code], capture_output=True, text=True, cwd=ROOT
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def test_the_library_works_without_what_only_unix_has():
    said = without_unix(
        """
import matplotlib
matplotlib.use("agg")
import minelib as ml
import seaborn as sns
ml.use("zh")
china = ml.load("country_share").query("place == 'china'")
ml.finish(sns.lineplot(china, x="month", y="share_pct"), "country_share", events=True)
print(len(ml.chain.steps("2021-06-01", "2021-06-30")), ml.claims.ledger()["verdict"].notna().all())
print(ml.verify().ok)
"""
    )
    assert said.split() == ["2", "True", "True"]


@pytest.mark.parametrize(
    "command", [["data", "country_share"], ["params", "crackdown"], ["claims"], ["doctor"]], ids=str
)
def test_commands_work_without_what_only_unix_has(command):
    said = without_unix(f"from minelib.cli import run\nprint('code', run({command!r}))")
    assert re.search(r"code [01]$", said.strip())  # the doctor may find something missing
    assert len(said) > 200


def test_no_file_is_opened_in_the_encoding_of_the_system():
    code = """
import warnings
warnings.filterwarnings("error", category=EncodingWarning, module=r"minelib(\\.|$)")
from minelib.cli import run
for command in (["data", "pools"], ["params", "boom"], ["claims"], ["verify"], ["lessons"]):
    assert run(command) == 0, command
"""
    done = subprocess.run(
        [sys.executable, "-X", "warn_default_encoding", "-c", code],
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stderr[-2000:]


@pytest.mark.parametrize("encoding", ["cp1252", "gbk", "ascii"])
def test_a_pipe_in_the_encoding_of_the_system_gets_what_it_can_hold(encoding):
    done = subprocess.run(
        [sys.executable, "-X", "utf8=0", "-m", "minelib.cli", "data", "pools", "--lang", "zh"],
        capture_output=True,
        env={**_environment(), "PYTHONIOENCODING": encoding, "LC_ALL": "C"},
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stderr.decode(encoding, "replace")
    said = done.stdout.decode(encoding)
    assert ("矿池" in said) == (encoding == "gbk")


def _environment():
    import os

    return {k: v for k, v in os.environ.items() if k not in ("PYTHONUTF8", "LANG")}


def tracked():
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    return done.stdout.decode("utf-8").strip("\0").split("\0")


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="no clone")
def test_every_name_can_be_written_on_windows():
    names = tracked()
    assert len(names) > 400
    for name in names:
        assert len(name) < 160, "with the folder of a clone less than 260 characters"
        for part in name.split("/"):
            assert not re.search(r'[<>:"\\|?*\x00-\x1f]', part) and part[-1] not in ". ", name
            assert part.split(".")[0].lower() not in RESERVED, name
    assert len({name.lower() for name in names}) == len(names), "two names differ by case alone"


@pytest.mark.parametrize("folder", ["with a space", "数据 文件夹", "a'b&c%PATH%", "x" * 90])
def test_data_may_lie_in_any_folder(tmp_path, folder):
    root = tmp_path / folder
    shutil.copytree(ml.catalog.default().root, root)
    catalog = ml.catalog.Catalog(root)
    assert catalog.check() == []
    assert len(catalog.read("pools")) == len(ml.load("pools"))


def test_paths_in_generated_files_have_forward_slashes():
    for d in ml.catalog.default().descriptors():
        assert "\\" not in d.csv_file + d.toml_file
    text = (ROOT / "data" / "datapackage.json").read_text(encoding="utf-8")
    assert not re.search(r'"path": "[^"]*\\\\', text)


def test_a_clone_on_windows_keeps_the_bytes_that_checksums_hold():
    rules = (ROOT / ".gitattributes").read_text(encoding="utf-8")
    assert re.search(r"^data/\*\* -text$", rules, re.M)
    assert re.search(r"^\*\.ipynb text eol=lf$", rules, re.M)
