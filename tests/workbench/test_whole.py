# SPDX-License-Identifier: MIT
"""A finished run that was damaged, a run that never ends, a kernel that is named or ends oddly."""

import json
import os
import re
import shutil
import signal
import sys
import threading
from pathlib import Path

import pytest

import minelib as ml
from minelib.workbench.runs import cache, pool
from minelib.workbench.runs.main import explain
from workbench.support import wait_for


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


def changed(path, change):
    path.write_bytes(change(path.read_bytes()))


def flipped(content):
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


def rewritten(**values):
    return lambda content: json.dumps({**json.loads(content), **values}).encode()


# ---- "unchanged" means whole ---------------------------------------------------------------

NOTEBOOK, FINDINGS, RECORD = "01-small.ipynb", "findings.json", "run.json"
DAMAGES = {
    "a notebook cut off": (NOTEBOOK, lambda c: c[:500], "damaged"),
    "an empty notebook": (NOTEBOOK, lambda c: b"", "damaged"),
    "a notebook with a flipped bit": (NOTEBOOK, flipped, "damaged"),
    "a notebook of zeros": (NOTEBOOK, lambda c: b"\0" * len(c), "damaged"),
    "a notebook saved anew": (NOTEBOOK, lambda c: json.dumps(json.loads(c)).encode(), "damaged"),
    "a notebook with other line ends": (NOTEBOOK, lambda c: c.replace(b"\n", b"\r\n"), "damaged"),
    "findings with a mark": (FINDINGS, lambda c: b"\xef\xbb\xbf" + c, "damaged"),
    "findings with a flipped bit": (FINDINGS, flipped, "damaged"),
    "findings of nothing": (FINDINGS, lambda c: b"null", "damaged"),
    "a record cut off": (RECORD, lambda c: c[:200], "damaged"),
    "a record that is a list": (RECORD, lambda c: b"[1, 2]", "damaged"),
    "a record without its inputs": (RECORD, rewritten(inputs=None), "damaged"),
    "a record of other files": (RECORD, rewritten(files={}), "damaged"),
    "a record of another version": (RECORD, rewritten(versions={}), "damaged"),
    "a record in UTF-16": (RECORD, lambda c: c.decode().encode("utf-16"), "damaged"),
    "no notebook": (NOTEBOOK, None, "missing"),
    "no findings": (FINDINGS, None, "missing"),
    "no record": (RECORD, None, "missing"),
    "a folder for a file": (FINDINGS, "folder", "damaged"),
}


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A house with one finished run, and where that lies; it is copied for each damage."""
    from workbench.support import House

    made = House(tmp_path_factory.mktemp("finished"))
    made.add("small")
    done = made.minelib("run", "--no-site", "--lang", "en", "-o", made.output)
    assert done.returncode == 0, done.stderr
    return made


@pytest.mark.parametrize("what", DAMAGES)
def test_damage_is_seen_before_a_run_is_skipped(finished, tmp_path, monkeypatch, what):
    name, change, said = DAMAGES[what]
    monkeypatch.setenv("MINELIB_NOTEBOOKS", str(finished.root))
    monkeypatch.setattr("minelib.studies.__path__", [])
    output = shutil.copytree(finished.output, tmp_path / "out")
    try:
        (task,) = explain((), {}, ("en",), output)
        assert task.why == [], "whole as it was copied"
        path = output / "01-small" / name
        if callable(change):
            changed(path, change)
        else:
            path.unlink()
            if change == "folder":
                path.mkdir()
        (task,) = explain((), {}, ("en",), output)
    finally:
        sys.modules.pop("minelib.studies.small", None)
    assert task.why == [task.damaged] == [f"its {name} is {said}"]


def test_a_damaged_run_is_run_again_and_one_line_says_why(house):
    house.add("small")
    command = ("run", "--no-site", "--lang", "en", "-o", house.output)
    assert house.minelib(*command).returncode == 0
    folder = house.output / "01-small"
    changed(folder / NOTEBOOK, lambda content: content[:5000])
    done = house.minelib(*command)
    assert done.returncode == 0, done.stderr
    (line,) = (line for line in done.stderr.splitlines() if "damaged" in line)
    assert line == f"01-small runs again: its {NOTEBOOK} is damaged."
    read(folder / NOTEBOOK)
    (folder / FINDINGS).unlink()
    done = house.minelib(*command, "--lang", "zh")
    done = house.minelib(*command)
    assert f"its {FINDINGS} is missing" in done.stderr and (folder / FINDINGS).is_file()
    assert "unchanged" in house.minelib(*command).stderr


def test_a_sweep_does_damaged_runs_again_also_when_old_ones_stay(house):
    house.add("small")
    folder = house.output
    grid = ["-g", "days=1,2,3"]
    assert house.minelib("sweep", "small", *grid, "-o", folder).returncode == 0
    runs = sorted((folder / "runs").iterdir())
    before = {run: (run / RECORD).read_bytes() for run in runs}
    changed(runs[1] / FINDINGS, flipped)
    frame = ml.workbench.collect(folder)
    assert frame["status"].tolist() == ["ok", "damaged", "ok"]
    assert frame["twice"].isna().tolist() == [False, True, False]
    house.add("small", work="study.days + 1")  # and all of them are out of date
    done = house.minelib("sweep", "--resume", folder)
    assert done.returncode == 0, done.stderr
    assert f"{runs[1].name} runs again: its {FINDINGS} is damaged." in done.stderr
    assert "2 finished runs are out of date" in done.stderr and "they stay" in done.stderr
    after = {run: (run / RECORD).read_bytes() for run in runs}
    assert [before[run] == after[run] for run in runs] == [True, False, True]
    assert ml.workbench.collect(folder)["twice"].tolist() == [2, 4, 6]


def test_new_prose_keeps_the_promise(house):
    house.add("small")
    house.run()
    house.add("small", prose="# For how long, then?")
    (result,) = house.run()
    assert result.status == "refreshed"
    assert cache.damage(result.folder, read(result.folder / RECORD)) == ""


# ---- a run that never ends -----------------------------------------------------------------


def test_a_run_ends_by_its_time_and_keeps_its_cells(house):
    forever = 'print("before", flush=True)\nimport time\nwhile True:\n    time.sleep(0.1)'
    house.add("forever", work=forever)
    house.add("good", number=2)
    done = house.minelib("run", "--no-site", "--lang", "en", "-o", house.output, "--timeout", "40")
    assert done.returncode == 1
    assert "stopped after 40 s, in cell 5 under “The work”; --timeout SECONDS" in done.stderr
    assert "Traceback" not in done.stderr
    partial = house.output / "failed" / "01-forever"
    cells = read(partial / "01-forever.ipynb")["cells"]
    assert cells[4]["outputs"][0]["text"] == ["before\n"] and cells[2]["execution_count"]
    assert read(partial / RECORD)["error"]["name"] == "Timeout"
    assert read(house.output / "02-good" / RECORD)["status"] == "ok"
    assert house.wait_until_alone() == []


def test_a_worker_that_is_stopped_is_ended_in_time(house, monkeypatch):
    """It no longer watches its own time: whoever waits for it does."""
    from minelib.workbench.runs.progress import Quiet

    stop = (
        "import os, signal\nfrom pathlib import Path\n"
        "os.kill(int(Path(os.environ['HOUSE'], 'job').read_text()), signal.SIGSTOP)\n"
    )
    house.add("victim", work=stop)
    house.add("good", number=2)
    monkeypatch.setenv("HOUSE", str(house.root))
    stopped, ended, waited = [], threading.Event(), set()

    class Tell(Quiet):
        def event(self, task, message):
            if message["event"] == "start" and task.notebook.slug == "victim":
                (house.root / "job").write_text(str(message["pid"]))
                stopped.append(lambda: state(message["pid"]) == "T")

        def end(self, task, result):
            if task.notebook.slug == "good":
                ended.set()

    class Late(threading.Timer):
        """The time is over when the one is stopped and the other has ended, not before."""

        def run(self):
            waited.add(self.interval)
            while not self.finished.wait(0.02):
                if ended.is_set() and any(is_it() for is_it in stopped):
                    self.function()
                    return

    monkeypatch.setattr(pool, "cores", lambda: 2)
    monkeypatch.setattr(pool.threading, "Timer", Late)
    victim, good = house.run(progress=Tell(), timeout=3600)
    assert waited == {3600 + pool._GRACE}
    assert good.status == "ok"
    assert victim.status == "lost" and "no longer answered" in victim.message
    assert house.wait_until_alone() == []


def state(pid):
    """The letter of a process; T when it is stopped."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


@pytest.mark.parametrize("timeout", [0, -1, "soon", float("nan"), float("inf"), True, None])
def test_a_time_is_a_number_of_seconds(house, timeout):
    house.add("small")
    with pytest.raises(ml.errors.BadParameter, match="timeout"):
        house.run(timeout=timeout)
    assert not house.output.exists()


def test_the_time_is_shown_with_the_parameters(house):
    house.add("small")
    done = house.minelib("params", "small")
    assert re.search(r"may take 3,600 s; --timeout SECONDS", done.stdout)


# ---- kernels that end oddly ----------------------------------------------------------------

ENDS = {
    "leaves": ("os._exit(3)", r"was ended by cell 5 .*\(exit code 3\)"),
    "quiet": ("os._exit(0)", r"was ended by cell 5 .*\(exit code 0\)"),
    "killed": ("os.kill(os.getpid(), 9)", "it was killed, perhaps for want of memory"),
    "crash": ("os.kill(os.getpid(), 11)", r"it crashed \(SIGSEGV\)"),
    "abort": ("os.abort()", r"it crashed \(SIGABRT\)"),
    "term": ("os.kill(os.getpid(), 15)", "kernel"),
    "exits": ("raise SystemExit(4)", "SystemExit"),
    "quits": ("exit()", ""),
    "thread": ("import threading; threading.Thread(target=os._exit, args=(5,)).start()", ""),
    "forks": ("os.fork() or os._exit(6)\nstudy.days", ""),
    "memory": ("bytearray(1 << 62)", "MemoryError"),
    "recursion": ("def f(): f()\nf()", "RecursionError"),
}


@pytest.mark.parametrize("fork", ["1", "0"])
def test_how_a_kernel_ended_is_said_as_it_was(house, monkeypatch, fork):
    monkeypatch.setenv("MINELIB_FORK", fork)
    chosen = ENDS if fork == "1" else {n: ENDS[n] for n in ("leaves", "killed", "crash")}
    for number, (slug, (work, _said)) in enumerate(chosen.items(), 1):
        house.add(slug, work="import os\n" + work, number=number)
    results = {r.notebook.split("-")[1]: r for r in house.run(timeout=300)}
    for slug, (_work, said) in chosen.items():
        result = results[slug]
        assert re.search(said, result.message), (slug, result.message)
        assert "memory" not in result.message.casefold() or slug in ("killed", "memory")
        assert (result.status == "ok") == (result.message == "")
    assert house.wait_until_alone() == []


def test_the_signal_of_a_worker_is_said_and_memory_only_where_it_may_be():
    assert "want of memory" in pool._ended(-9) and "SIGKILL" in pool._ended(-9)
    assert "memory" not in pool._ended(-11) and "SIGSEGV" in pool._ended(-11)
    assert "(exit code 7)" in pool._ended(7) and "-300" in pool._ended(-300)


@pytest.mark.parametrize("error", [ConnectionError("no fork server"), BlockingIOError(11, "no")])
def test_a_run_for_which_there_is_no_process_is_lost_and_named(error):
    class Launcher:
        def start(self, spec):
            raise error

    result = pool.run_one(Launcher(), {"timeout": 5})
    assert result["status"] == "lost" and "no worker process" in result["message"]


# ---- kernels named by editors --------------------------------------------------------------

NAMED = {
    "conda": {"kernelspec": {"name": "my_conda_env", "display_name": "x", "language": "python"}},
    "spaces": {"kernelspec": {"name": "Python [conda env:mining]", "display_name": "x"}},
    "chinese": {"kernelspec": {"name": "矿业环境", "display_name": "矿业环境"}},
    "old": {"kernelspec": {"name": "python2", "display_name": "Python 2", "language": "python"}},
    "path": {"kernelspec": {"name": "../../etc/passwd", "display_name": "x"}},
    "another": {"kernelspec": {"name": "ir", "display_name": "R", "language": "R"}},
    "number": {"kernelspec": {"name": 3}},
}
UNNAMED = {
    "empty": {"kernelspec": {}},
    "noname": {"kernelspec": {"display_name": "Python 3"}},
    "blank": {"kernelspec": {"name": "", "display_name": ""}},
    "null": {"kernelspec": None},
    "text": {"kernelspec": "python3"},
    "without": {},
    "language": {"language_info": {"name": "julia"}},
    "nothing": None,
    "missing": ...,
}


def test_every_name_of_a_kernel_is_this_python(house, tmp_path):
    every = {**NAMED, **UNNAMED}
    for number, (slug, metadata) in enumerate(every.items(), 1):
        work = f"import sys\nassert sys.executable == {sys.executable!r}"
        path = house.add(slug, work=work, number=number)
        content = read(path)
        content["metadata"] = metadata
        if metadata is ...:
            del content["metadata"]
        path.write_text(json.dumps(content), encoding="utf-8")
    # a python3 of the user's own that is another Python
    spec = tmp_path / "jupyter" / "kernels" / "python3"
    spec.mkdir(parents=True)
    argv = ["/nowhere/python", "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    (spec / "kernel.json").write_text(json.dumps({"argv": argv, "display_name": "x"}))
    environment = {**house.environment, "JUPYTER_PATH": str(tmp_path / "jupyter")}
    import subprocess

    command = [sys.executable, "-m", "minelib.cli", "run", "--no-site", "--lang", "en", "-o"]
    done = subprocess.run(
        [*command, house.output], capture_output=True, text=True, env=environment, timeout=300
    )
    assert done.returncode == 0, done.stderr
    said = [line for line in done.stderr.splitlines() if "are not used" in line]
    assert len(said) == 1 and said[0].endswith("this Python runs them.")
    for number, slug in enumerate(every, 1):
        name = (every[slug] or {}).get("kernelspec", {})["name"] if slug in NAMED else None
        assert (f"{number:02d}-{slug}.ipynb: {name}" in said[0]) == (slug in NAMED)
        left = read(house.output / f"{number:02d}-{slug}" / f"{number:02d}-{slug}.ipynb")
        assert left["metadata"]["kernelspec"]["name"] == "python3"


# ---- the same run, the same bytes ----------------------------------------------------------


def test_a_number_has_twelve_significant_digits():
    from minelib.studies.findings import plain

    assert plain(0.1 + 0.2) == 0.3 and plain(1 / 3) == 0.333333333333
    assert plain(123456789.123456789) == 123456789.123 and plain(1e-300 / 3) == 3.33333333333e-301
    assert plain(12) == 12 and isinstance(plain(12), int) and plain(-0.0) == 0.0
    assert plain(2.0**60) == 1152921504610000000.0


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_same_run_leaves_the_same_bytes(tmp_path, lang):
    """A real notebook twice: its findings byte for byte, its cells in all but time."""
    from minelib.workbench import run_notebooks

    once, again = (
        run_notebooks("boom", langs=lang, output=tmp_path / name, force=True)[0].folder
        for name in ("once", "again")
    )
    assert (once / FINDINGS).read_bytes() == (again / FINDINGS).read_bytes()
    texts = []
    for folder in (once, again):
        content = read(folder / "01-boom.ipynb")
        content["metadata"].pop("papermill")
        for cell in content["cells"]:
            for name in ("papermill", "execution"):
                cell["metadata"].pop(name, None)
        texts.append(json.dumps(content))
    assert texts[0] == texts[1]


def test_a_stopped_command_can_be_ended(house):
    """Ctrl-C reaches a run that would go on for its full hour."""
    house.add("forever", work="import time\nprint(1, flush=True)\ntime.sleep(3000)")
    process = house.start("run", "--no-site", "--lang", "en", "-o", house.output)
    wait_for(lambda: len(house.processes()) >= 4)
    os.kill(process.pid, signal.SIGINT)
    _out, err = process.communicate(timeout=60)
    assert process.returncode == 130 and "interrupted" in err and "Traceback" not in err
    assert house.wait_until_alone() == []
