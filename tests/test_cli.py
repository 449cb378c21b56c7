# SPDX-License-Identifier: MIT
"""The command line as a person types it: words, exit codes, and nothing started in vain."""

import errno
import json
import os
import shlex
import subprocess
import sys
from importlib import import_module
from importlib.metadata import PackagePath
from pathlib import Path
from types import SimpleNamespace

import pytest

import minelib as ml
from minelib.cli import run
from minelib.cli.running import given
from minelib.cli.show import columns, width
from minelib.errors import BadParameters
from minelib.workbench.runs.folders import CannotWrite


def said(capsys, *arguments):
    code = run([str(a) for a in arguments])
    out, err = capsys.readouterr()
    return code, out, err


def test_help_names_every_command(capsys):
    code, out, _err = said(capsys, "--help")
    assert code == 0
    for command in (
        "run",
        "sweep",
        "params",
        "data",
        "claims",
        "published",
        "verify",
        "lab",
        "doctor",
        "trial",
    ):
        assert f"  {command} " in out
    assert said(capsys, "--version")[1].strip() == ml.__version__


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["run", "crakdown"], "Did you mean 'crackdown'"),
        (["run", "99"], "no notebook named '99'"),
        (["run", "crackdown", "-p", "horizn_days=90"], "Did you mean 'horizon_days'?"),
        (["run", "crackdown", "-p", "horizon_days=abc"], "must be a whole number from 28 to 364"),
        (["run", "crackdown", "-p", "intervention=2021-02-30"], "is not a day of the calendar"),
        (["run", "crackdown", "-p", "horizon_days"], "is not NAME=VALUE"),
        (["run", "crackdown", "-p", "seed=1", "-p", "seed=2"], "given twice"),
        (["run", "crackdown", "--lang", "en", "-p", "lang=zh"], "given twice"),
        (["run", "boom", "-p", "machine=Antminer S99"], "Did you mean 'Antminer S9' or"),
        (
            ["run", "crackdown", "-p", "start=2021-04-01", "-p", "end=2021-08-01"],
            "at least 287 days",
        ),
        (["run", "crackdown", "-p", "intervention=2025-06-02"], "from 2018-01-01 to 2025-06-01"),
        (["run", "overview", "-p", "end=2024-01-01"], "from 2022-02-01 to 2023-12-31"),
        (["run", "boom", "relocation", "-p", "start=2014-01-01"], "03-relocation: There is no"),
        (["run", "relocation", "-p", "to_month=2021-01"], "must come before"),
        (["sweep", "crackdown", "-g", "freq=W,X"], "did you mean"),
        (["sweep", "crackdown"], "Which values?"),
        (["sweep", "crakdown", "-g", "freq=W"], "Did you mean 'crackdown'"),
        (["params", "crakdown"], "Did you mean 'crackdown'"),
        (["data", "country_shar"], "Did you mean 'country_share'"),
    ],
)
def test_a_wrong_request_is_2_in_one_clear_line_and_starts_nothing(
    capsys, tmp_path, monkeypatch, arguments, words
):
    monkeypatch.chdir(tmp_path)
    if arguments[1] == "crackdown" and arguments[-1] == "freq=W,X":
        words = "must be one of: W, epoch, D"
    code, out, err = said(capsys, *arguments)
    assert code == 2 and out == ""
    assert words in err and err.startswith("minelib: ") and err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_what_is_wrong_is_said_in_the_language_asked_for(capsys):
    for arguments, words in (
        (["run", "crackdown", "-p", "horizn_days"], "不是"),
        (["run", "crackdown", "-p", "horizn_days=1"], "没有名为"),
        (["sweep", "crackdown", "-g", "freq"], "不是"),
    ):
        code, _out, err = said(capsys, *arguments, "--lang", "zh")
        assert code == 2 and words in err


def test_all_problems_are_told_at_once(capsys, tmp_path):
    wrong = ["-p", "horizn_days=90", "-p", "horizon_days=abc", "-p", "start=2021-02-30"]
    code, _out, err = said(capsys, "run", "crackdown", *wrong, "-o", tmp_path / "out")
    assert code == 2 and len(err.splitlines()) == 3


@pytest.mark.parametrize(
    "arguments",
    [["rnu"], ["run", "--langg", "en"], ["run", "--lang", "fr"], ["run", "--workers", "0"]],
)
def test_a_wrong_command_or_option_is_2(capsys, arguments):
    assert said(capsys, *arguments)[0] == 2


def test_a_wrong_parameter_is_told_within_a_second_of_work(tmp_path):
    """Counted in processor time, which a busy machine does not change."""
    before = os.times()
    command = [sys.executable, "-m", "minelib.cli", "run", "crackdown", "-p", "horizn_days=90"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    after = os.times()
    assert done.returncode == 2 and "horizon_days" in done.stderr
    spent = after.children_user - before.children_user
    compiles = os.environ.get("PYTHONDONTWRITEBYTECODE") is not None
    assert spent < (3 if compiles else 1)
    assert list(tmp_path.iterdir()) == []


def test_the_command_does_not_import_pandas_for_a_wrong_request():
    code = (
        "import sys\nfrom minelib.cli import run\n"
        "assert run(['run', 'crackdown', '-p', 'horizon_days=abc']) == 2\n"
        "heavy = {'pandas', 'matplotlib', 'papermill', 'IPython', 'zmq'} & set(sys.modules)\n"
        "sys.exit(str(heavy) if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_what_is_unchanged_is_seen_without_pandas():
    """A run with nothing to do loads no more than a wrong request does."""
    code = (
        "import sys\nimport minelib.workbench.runs.main, minelib.workbench.runs.sweeps\n"
        "import minelib.workbench.runs.pages, minelib.workbench.home\n"
        "heavy = {'pandas', 'beartype', 'matplotlib', 'papermill', 'zmq'} & set(sys.modules)\n"
        "sys.exit(str(heavy) if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_params_shows_what_a_notebook_takes(capsys):
    code, out, _err = said(capsys, "params", "crackdown")
    assert code == 0 and "horizon_days" in out and "from 28 to 364" in out and "days" in out
    listed = json.loads(said(capsys, "params", "2", "--json")[1])
    assert {p["name"] for p in listed} >= {"intervention", "horizon_days", "lang"}
    everything = said(capsys, "params")[1]
    assert "crackdown" in everything and "boom" in everything
    chinese = said(capsys, "params", "crackdown", "--lang", "zh")[1]
    assert chinese != out


def test_sweeps_of_the_package_are_listed_in_both_languages(capsys):
    code, out, _err = said(capsys, "sweep", "--list")
    assert code == 0
    for name in ("break-window", "relocation-stories", "index-tariffs", "carbon-factors"):
        assert f"\n{name} " in out
    assert "扫描" not in out and "？" in said(capsys, "sweep", "--list", "--lang", "zh")[1]


def test_data_lists_every_table_with_rows_period_and_licence(capsys):
    code, out, _err = said(capsys, "data")
    assert code == 0
    names = ml.catalog.list()["name"].tolist()
    lines = {line.split()[0]: line for line in out.splitlines() if line}
    assert len(names) >= 30 and set(names) <= set(lines)
    assert "CC-BY-NC" in out and "2019-09-01 – 2022-01-01" in lines["country_share"]
    assert "5 " in lines["halvings"]
    tables = json.loads(said(capsys, "data", "--json")[1])
    assert {t["name"] for t in tables} == set(names)
    assert all(t["licence"] and t["rows"] for t in tables)


def test_data_describes_a_table(capsys):
    code, out, _err = said(capsys, "data", "country_share")
    assert code == 0 and "Cambridge" in out and "share_pct" in out
    described = json.loads(said(capsys, "data", "country_share", "--json")[1])
    assert described["primary_key"] == ["month", "place"]


def test_verify_counts_and_finds_a_flipped_character(capsys, tmp_path, monkeypatch, data_copy):
    from minelib.catalog import store

    monkeypatch.setattr(store, "data_folder", lambda: data_copy)
    store.packaged.cache_clear()
    try:
        path = data_copy / "network" / "halvings.csv"
        path.write_text(path.read_text().replace("210000", "210001"))
        code, _out, err = said(capsys, "verify")
    finally:
        monkeypatch.undo()
        store.packaged.cache_clear()
    assert code == 1 and "halvings.csv" in err and "Traceback" not in err


def test_verify_names_both_cells_of_a_fact_that_two_tables_tell_apart(
    capsys, monkeypatch, data_copy
):
    path = data_copy / "society" / "employment_estimates.csv"
    text = path.read_text(encoding="utf-8")
    assert ",87200," in text
    path.write_text(text.replace(",87200,", ",88000,"), encoding="utf-8", newline="\n")
    edited = ml.catalog.Catalog(data_copy)
    monkeypatch.setattr(sys.modules["minelib.chain.verify"], "packaged", lambda: edited)
    code, _out, err = said(capsys, "verify")
    assert code == 1
    line = next(line for line in err.splitlines() if "must equal" in line)
    assert "society/employment_estimates.csv, line" in line
    assert "column value_low, value '88000'" in line
    assert "geography/relocation_evidence.csv, line" in line
    assert "column value, value '87200'" in line


def test_verify_says_how_much_was_checked(capsys):
    code, out, err = said(capsys, "verify")
    assert code == 0, err
    for words in ("block headers", "files", "rows", "columns", "All is well"):
        assert words in out


def test_ledgers_as_table_and_as_data(capsys):
    code, out, _err = said(capsys, "claims")
    assert code == 0 and "contradicted" in out
    ledger = json.loads(said(capsys, "claims", "--json")[1])
    assert len(ledger) == len(ml.load("claims"))
    one = json.loads(said(capsys, "claims", "us_38", "--json")[1])
    assert one in ledger
    assert one["readings"][0]["rule"] == "value" and one["documents"]
    code, out, _err = said(capsys, "published", "--json")
    assert code == 0 and len(json.loads(out)) > 20


def test_doctor_names_a_command_for_whatever_is_missing(capsys, monkeypatch):
    from minelib.cli import doctor

    code, out, _err = said(capsys, "doctor")
    assert code in (0, 1) and "Python" in out and "pandas" in out
    real = doctor.metadata.distribution

    asked = real("pandas").requires
    old = SimpleNamespace(version="2.0.0", files=(), requires=asked)
    lost = PackagePath("scipy/__init__.py")
    lost.dist = SimpleNamespace(locate_file=lambda path: Path("nowhere", path))
    torn = SimpleNamespace(version=real("scipy").version, files=[lost], requires=[])
    gone = {"seaborn", "numpy"}  # the second is asked for by the libraries, not by minelib

    def distribution(name):
        if name.lower() in gone:
            raise doctor.metadata.PackageNotFoundError(name)
        return {"pandas": old, "scipy": torn}.get(name) or real(name)

    monkeypatch.setattr(doctor.metadata, "distribution", distribution)
    code, out, _err = said(capsys, "doctor")
    assert code == 1
    lines = out.splitlines()
    for name in ("seaborn", "pandas", "numpy", "scipy"):
        (place,) = (i for i, line in enumerate(lines) if line.split()[:2] == ["✗", name])
        assert "-m pip install" in lines[place + 1] and name in lines[place + 1]
    assert "--force-reinstall" in next(line for line in lines if "→" in line and "scipy" in line)


@pytest.mark.parametrize("absent", ["typer", "pydantic", "pandas", "numpy", "packaging"])
def test_the_doctor_works_without_the_libraries_it_misses(absent, tmp_path):
    code = (
        "import sys, importlib.metadata as m\n"
        f"sys.modules[{absent!r}] = None\n"
        "real = m.distribution\n"
        "def distribution(name):\n"
        f"    if name.lower() == {absent!r}: raise m.PackageNotFoundError(name)\n"
        "    return real(name)\n"
        "m.distribution = distribution\n"
        "from minelib.cli import run\n"
        "raise SystemExit(run(sys.argv[1:]))\n"
    )
    done = subprocess.run([sys.executable, "-c", code, "doctor"], capture_output=True, text=True)
    assert done.returncode == 1, done.stderr
    assert f"✗ {absent} " in done.stdout and "→" in done.stdout
    if absent != "packaging":  # which only the doctor asks for
        words = ["params", "crackdown"] if absent == "pydantic" else ["verify"]
        command = [sys.executable, "-c", code, *words]
        other = subprocess.run(command, capture_output=True, text=True)
        assert other.returncode == 1 and "minelib doctor" in other.stderr


def test_given():
    assert given(["a=1", "b=x=y"]) == {"a": "1", "b": "x=y"}
    with pytest.raises(BadParameters) as caught:
        given(["a", "b=1", "b=2", "=3"])
    assert len(caught.value.problems) == 3


def test_columns_align_also_with_chinese(capsys):
    columns(["Name", "Rows"], [["四川", "1"], ["Texas", "1,000"]], right=(1,))
    lines = capsys.readouterr().out.splitlines()
    assert len({width(line) for line in lines}) == 1


def test_a_closed_pipe_ends_quietly():
    command = f"{shlex.quote(sys.executable)} -m minelib.cli data | head -1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True)
    assert done.stderr == "" and len(done.stdout.splitlines()) == 1


def test_it_starts_fast():
    """`minelib --version` does not wait for libraries it does not use."""

    code = "import sys, minelib.cli; minelib.cli.run(['--version']); print(sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert "'pandas'" not in done.stdout and "'minelib.workbench.runs.main'" not in done.stdout


@pytest.mark.parametrize("file", [None, "pages/index.html"])
@pytest.mark.parametrize(
    ("lang", "words"), [("en", "cannot be read or written"), ("zh", "无法读写")]
)
def test_a_full_disk_is_one_sentence_with_the_place(
    capsys, tmp_path, monkeypatch, file, lang, words
):
    def full(*_arguments, **_more):
        raise OSError(errno.ENOSPC, "No space left on device", *([file] if file else []))

    monkeypatch.setattr("minelib.workbench.site.build", full)
    code, out, err = said(capsys, "site", "--output", tmp_path, "--lang", lang)
    assert (code, out) == (1, "")
    (line,) = err.splitlines()
    assert str(file or tmp_path) in line and "No space left on device" in line and words in line
    assert "OSError" not in line and "Errno" not in line


def test_a_full_disk_while_the_copy_of_a_notebook_is_written(capsys, tmp_path, monkeypatch):
    def full(*_arguments, **_more):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("minelib.workbench.lessons.make", full)
    code, _out, err = said(capsys, "lessons", "1", "--output", tmp_path / "class")
    assert code == 1 and str(tmp_path / "class") in err and len(err.splitlines()) == 1
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("minelib.workbench.lab.open_lab", full)
    code, _out, err = said(capsys, "lab")
    assert code == 1 and str(tmp_path) in err and "No space left" in err


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no full device")
@pytest.mark.parametrize("command", [["published", "--json"], ["--help"]])
def test_output_that_goes_to_a_full_disk_is_one_sentence(command):
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "minelib.cli", *command], stdout=full, stderr=subprocess.PIPE
        )
    assert done.returncode == 1
    assert done.stderr.startswith(b"minelib: stdout cannot be") and done.stderr.count(b"\n") == 1


def test_a_disk_that_is_full_for_the_publisher_is_an_error_of_the_system(tmp_path, monkeypatch):
    publisher = import_module("minelib.workbench.site.publish")

    def server(_module, log, env):
        log.write(b"Traceback ...\nOSError: [Errno 28] No space left on device: 'a.html'\n")
        child = SimpleNamespace(wait=lambda: 1)
        return SimpleNamespace(start=lambda _request: child, close=lambda: None)

    monkeypatch.setattr(publisher, "server", server)
    with pytest.raises(CannotWrite, match="no space left on the disk") as full:
        publisher.publish([tmp_path / "en"], tmp_path / "html")
    assert isinstance(full.value, OSError) and full.value.folder == tmp_path / "html"
