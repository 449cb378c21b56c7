# SPDX-License-Identifier: MIT
"""Every command on consoles that lack characters, and without a home or a temporary folder."""

import io
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from minelib import words
from minelib.cli import console, run
from minelib.errors import MinelibError
from minelib.workbench.home import at_home, homeless

ENCODINGS = ("ascii", "cp1252", "gbk", "utf-8")
COMMANDS = [
    ["--help"],
    ["run", "--help"],
    ["params"],
    ["params", "crackdown"],
    ["params", "crackdown", "--lang", "zh"],
    ["data"],
    ["data", "country_share", "--lang", "zh"],
    ["claims"],
    ["claims", "us_38"],
    ["published"],
    ["sweep", "--list", "--lang", "zh"],
    ["lessons", "1", "--answers", "s01"],
    ["lessons", "--lang", "zh"],
    ["doctor", "--lang", "en"],
    ["run", "数字"],
    ["run", "\udcff\udcfe"],
    ["run", "crackdown", "-p", "horizon_days=–", "--lang", "zh"],
    ["rnu", "中文"],
    ["run", "--lang", "中"],
    ["site", "--output", "没有"],
]


def on_a_console(monkeypatch, encoding, *arguments):
    """Exit code, output and errors of a command on a console of this encoding."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding=encoding) for _ in range(2))
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", out)
        patch.setattr(sys, "stderr", err)
        code = run(list(arguments))
        out.flush()
        err.flush()
    words.use("en")
    return code, *(stream.buffer.getvalue().decode(encoding) for stream in (out, err))


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_every_command_is_readable_on_every_console(monkeypatch, tmp_path, arguments):
    monkeypatch.chdir(tmp_path)
    found = {e: on_a_console(monkeypatch, e, *arguments) for e in ENCODINGS}
    code, out, err = found["utf-8"]
    for encoding, (other, text, errors) in found.items():
        assert other == code, (encoding, errors)
        assert "UnicodeEncodeError" not in errors and "Traceback" not in errors
        assert len(text.splitlines()) == len(out.splitlines())
        if _questions(text + errors) > _questions(out + err):
            assert "lacks letters" in errors
        if (out + err).isascii():
            assert (text, errors) == (out, err), encoding


def _questions(text):
    return text.count("?") + text.count("？")


@pytest.mark.parametrize(
    "arguments", [["data"], ["claims"], ["doctor", "--lang", "en"], ["params", "crackdown"]]
)
def test_english_loses_no_letter_anywhere(monkeypatch, arguments):
    plain = on_a_console(monkeypatch, "utf-8", *arguments)[1]
    for encoding in ENCODINGS:
        _code, out, err = on_a_console(monkeypatch, encoding, *arguments)
        assert _questions(out) == _questions(plain) and "lacks letters" not in err


def test_json_is_whole_on_every_console(monkeypatch):
    found = [on_a_console(monkeypatch, e, "claims", "us_38", "--json")[1] for e in ENCODINGS]
    first, *others = map(json.loads, found)
    rows = (Path(__file__).parents[1] / "data/society/claims.csv").read_text(encoding="utf-8")
    assert "至" in first["claim_zh"] and first["claim_zh"] in rows
    assert all(other == first for other in others)


def test_what_is_lost_is_said_once_with_the_remedy(monkeypatch):
    _code, out, err = on_a_console(monkeypatch, "cp1252", "data", "pools", "--lang", "zh")
    assert "????" in out and err.count("lacks letters") == err.count("PYTHONUTF8=1") == 1
    assert "lacks letters" not in on_a_console(monkeypatch, "gbk", "data", "pools")[2]


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("kind", ["pipe", "file", "terminal"])
def test_pipes_files_and_terminals(tmp_path, kind, encoding):
    command = [sys.executable, "-m", "minelib.cli", "params", "crackdown", "--lang", "zh"]
    environment = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    if kind == "pipe":
        done = subprocess.run(command, capture_output=True, env=environment)
        out = done.stdout
    elif kind == "file":
        with open(tmp_path / "out", "wb") as file:
            done = subprocess.run(command, stdout=file, stderr=subprocess.PIPE, env=environment)
        out = (tmp_path / "out").read_bytes()
    else:
        pty = pytest.importorskip("pty")
        ours, theirs = pty.openpty()
        done = subprocess.run(command, stdout=theirs, stderr=subprocess.PIPE, env=environment)
        os.close(theirs)
        out = b""
        while part := _read(ours):
            out += part
        os.close(ours)
    text = out.decode(encoding)
    assert done.returncode == 0 and "horizon_days" in text
    assert ("干预" in text or "天" in text) == (encoding in ("gbk", "utf-8"))


def _read(descriptor):
    try:
        return os.read(descriptor, 65536)
    except OSError:  # the other side is closed
        return b""


def test_a_stream_that_cannot_be_set_up_is_left_alone(monkeypatch):
    kept = io.StringIO()
    monkeypatch.setattr(sys, "stdout", kept)
    assert run(["params"]) == 0 and "crackdown" in kept.getvalue()
    assert console.encodable("中文")


# ---- homes and temporary folders -----------------------------------------------------------


@pytest.fixture
def no_home(monkeypatch):
    def unknown(*_user):
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("HOME", raising=False)
    monkeypatch.delenv("USERPROFILE", raising=False)
    monkeypatch.setattr(
        Path, "home", lambda: Path(os.environ["HOME"]) if "HOME" in os.environ else unknown()
    )


def test_without_a_home_one_is_lent_and_taken_back(no_home, monkeypatch):
    said = []
    monkeypatch.delenv("PYTHONUSERBASE", raising=False)
    with at_home(said.append):
        lent = Path(os.environ["HOME"])
        assert lent.is_dir() and homeless() == ""
        with at_home(said.append):
            assert os.environ["HOME"] == str(lent)
    assert not lent.exists() and "HOME" not in os.environ
    assert "PYTHONUSERBASE" not in os.environ
    assert len(said) == 1 and "set HOME" in said[0]


@pytest.mark.parametrize("place", ["nowhere", "a file", "/proc"])  # of root, and yet not its own
def test_a_home_that_cannot_be_used_is_named(tmp_path, monkeypatch, place):
    (tmp_path / "a file").write_text("")
    monkeypatch.setenv("HOME", str(tmp_path / place))
    assert str(tmp_path / place) in homeless()
    with at_home():
        assert os.environ["HOME"] != str(tmp_path / place)
    assert os.environ["HOME"] == str(tmp_path / place)


def test_a_home_of_ones_own_is_left_alone(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    with at_home(pytest.fail):
        assert os.environ["HOME"] == str(tmp_path)


def test_the_doctor_without_a_home_says_what_to_set(no_home, capsys):
    run(["doctor"])
    out, err = capsys.readouterr()
    lines = out.splitlines()
    (place,) = (i for i, line in enumerate(lines) if line.startswith("· home folder"))
    assert "There is no home folder" in lines[place] and "export HOME" in lines[place + 1]
    assert "Traceback" not in err and "kernel" in out


@pytest.mark.parametrize(
    "arguments",
    [["run", "boom"], ["site"], ["sweep", "boom", "-g", "lang=en"], ["lessons", "1", "-o", "x"]],
)
def test_without_a_temporary_folder_nothing_starts(monkeypatch, tmp_path, capsys, arguments):
    def full():
        raise FileNotFoundError(2, "No usable temporary directory found in ['/tmp']")

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(tempfile, "gettempdir", full)
    assert run(arguments) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "Set TMPDIR to a folder of yours" in line
    assert list(tmp_path.iterdir()) == []


def test_the_doctor_without_a_temporary_folder_says_what_to_set(monkeypatch, capsys):
    def full():
        raise FileNotFoundError(2, "No usable temporary directory found in ['/tmp']")

    monkeypatch.setattr(tempfile, "gettempdir", full)
    assert run(["doctor"]) == 1
    out = capsys.readouterr().out
    assert "✗ temporary folder" in out and "export TMPDIR" in out and "✓ pandas" in out


def test_a_folder_that_is_gone_is_said(tmp_path):
    """The working folder was removed by somebody else."""
    code = (
        "import os, sys\n"
        "os.rmdir(os.getcwd())\n"
        "from minelib.cli import run\n"
        "sys.exit(run(['run', 'boom']))"
    )
    (tmp_path / "gone").mkdir()
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    done = subprocess.run(
        # as the command has it: its own folder first on the path, not the one that is gone
        [sys.executable, "-P", "-c", code],
        cwd=tmp_path / "gone",
        capture_output=True,
        env=environment,
    )
    assert done.returncode == 2, done.stderr
    assert (
        done.stderr == b"minelib: The folder this was started in is gone. Change to another: cd ~\n"
    )


def test_a_missing_temporary_folder_is_passed_over(monkeypatch):
    monkeypatch.setenv("TMPDIR", "/nowhere/at/all")
    monkeypatch.setattr(tempfile, "tempdir", None)
    with at_home(), pytest.raises(MinelibError), at_home():
        assert Path(tempfile.gettempdir()).is_dir()
        raise MinelibError


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize(
    ("arguments", "closing", "code"),
    [
        (["params"], ">&-", 0),
        (["params"], "<&- >&- 2>&-", 0),
        (["run", "nowhere"], "<&- >&- 2>&-", 2),
        (["params"], "| true", 0),
        (["run", "nowhere"], "2>&1 | true", 2),
        (["run", "nowhere"], "2>/dev/full", 2),
        (["params"], ">/dev/full", 1),
    ],
)
def test_streams_that_go_nowhere_do_not_change_the_exit_code(arguments, closing, code, unbuffered):
    if "full" in closing and not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full")
    # the reader has gone when the command begins to speak
    shell = f'(read _ < "$0"; exec "$@") {closing}; exit ${{PIPESTATUS[0]}}'
    with tempfile.TemporaryDirectory() as folder:
        gate = Path(folder, "gate")
        os.mkfifo(gate)
        command = [sys.executable, "-m", "minelib.cli", *arguments]
        started = subprocess.Popen(
            ["bash", "-c", shell, str(gate), *command],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
        )
        gate.write_text("\n")
        out, err = started.communicate(timeout=300)
    assert started.returncode == code, err
    assert "Traceback" not in err and "Exception ignored" not in err
    assert err.count("No space left") == (closing == ">/dev/full")
