# SPDX-License-Identifier: MIT
"""Sweeps: the grid, what is collected, and that nothing finished is lost or done twice."""

import json
import os
import re
import signal

import pandas as pd
import pytest

import minelib as ml
from minelib.errors import BadInput, BadParameters
from minelib.studies.notebooks import select
from minelib.workbench import sweep
from minelib.workbench.runs.sweeps import combinations, expanded, resume_sweep
from workbench.support import wait_for


@pytest.mark.parametrize(
    ("words", "values"),
    [
        ("30", ["30"]),
        ("30, 60 ,90", ["30", "60", "90"]),
        ("a,b;c", ["a,b", "c"]),
        ("1:3:1", ["1", "2", "3"]),
        ("0.1:0.3:0.1", ["0.1", "0.2", "0.3"]),  # in binary this would end at 0.2
        ("2020-02-27:2020-03-02:2", ["2020-02-27", "2020-02-29", "2020-03-02"]),
        ("12:30", ["12:30"]),
    ],
)
def test_values_of_a_grid(words, values):
    assert expanded(words) == values


def test_every_combination_once_the_last_fastest(house):
    house.add("small")
    book = select(["small"])[0]
    runs = combinations(book, {"days": "10,20,10", "lang": "en"}, {}, from_text=True)
    assert [r["days"] for r in runs] == [10, 20]


def test_every_problem_of_a_grid_at_once(house):
    house.add("small")
    book = select(["small"])[0]
    with pytest.raises(BadParameters) as caught:
        combinations(book, {"days": "10,x,900", "dais": "1"}, {"days": "3"}, from_text=True)
    told = str(caught.value)
    assert "days is both" in told and "'x'" in told and "'900'" in told and "dais" in told
    assert len(caught.value.problems) == 4


def test_a_text_that_only_looks_like_a_day_stays_text(tmp_path):
    """In the record of an earlier version, which bears no digest and may have been edited."""
    known = {"notebook": "01-small", "slug": "small", "lang": "en", "status": "ok"}
    for number, text in enumerate(("2021-13-45", "2021-01-02")):
        run = tmp_path / str(number)
        run.mkdir()
        record = {**known, "parameters": {"start": text, "end": "2021-01-02"}}
        (run / "run.json").write_text(json.dumps(record))
        (run / "findings.json").write_text('{"findings": []}')
    frame = ml.collect(tmp_path)
    assert frame["start"].tolist() == ["2021-13-45", "2021-01-02"]
    assert frame["end"].dtype.kind == "M"
    record["parameters"]["start"] = "\ud800"  # half a character: pandas may not take it
    (run / "run.json").write_text(json.dumps(record))
    assert len(ml.collect(tmp_path)) == 1
    record["parameters"]["start"] = "\U0001f600"  # which JSON writes as two halves
    (run / "run.json").write_text(json.dumps(record))
    assert ml.collect(tmp_path)["start"].tolist() == ["2021-13-45", "\U0001f600"]


def test_a_sweep_is_collected_as_one_frame(house):
    work = 'if study.days == 30:\n    raise ValueError("thirty")'
    house.add("small", work=work)
    folder, results = sweep("small", {"days": [10, 20, 30]}, output=house.output)
    assert [r.status for r in results] == ["ok", "ok", "failed"]
    frame = ml.collect(folder)
    assert frame["days"].tolist() == [10, 20, 30]
    assert frame["status"].tolist() == ["ok", "ok", "failed"]
    assert frame["twice"].tolist()[:2] == [20, 40] and pd.isna(frame["twice"][2])
    assert frame["twice_lower"].tolist()[:2] == [10, 20]
    assert frame["twice_upper"].tolist()[:2] == [30, 60]
    assert frame.attrs["units"]["twice"] == frame.attrs["units"]["days"] == "days"
    assert frame["process"].nunique() == 2, "each run has its own kernel"
    long = ml.collect(folder, shape="long")
    assert long.loc[long["finding"] == "twice", "value"].tolist() == [20, 40]
    assert set(long["unit"]) == {"", "days"}
    with pytest.raises(BadInput, match="no run in"):
        ml.collect(house.root)

    # the same grid again: only what is missing
    executed = frame["process"].tolist()[:2]
    house.output.joinpath("runs", frame["run"][1], "run.json").unlink()
    again, results = resume_sweep(folder)
    assert [r.status for r in results] == ["unchanged", "ok", "failed"]
    after = ml.collect(again)["process"].tolist()
    assert after[0] == executed[0] and after[1] != executed[1]
    with pytest.raises(BadInput, match="holds another sweep"):
        sweep("small", {"days": [10, 20]}, output=folder)


def test_finished_runs_of_an_older_source_stay_unless_forced(house):
    house.add("small")
    folder, _results = sweep("small", {"days": [10]}, output=house.output)
    house.add("small", work="study.days + 1")
    assert [r.status for r in resume_sweep(folder)[1]] == ["unchanged"]
    assert [r.status for r in resume_sweep(folder, force=True)[1]] == ["ok"]


def test_a_notebook_changed_while_a_sweep_goes_on_runs_as_it_was_planned(house):
    house.add("small")
    from minelib.workbench.runs.progress import Quiet

    class Editor(Quiet):
        def begin(self, tasks):
            house.add("small", work="1 / 0")

    folder, results = sweep("small", {"days": [10, 20]}, output=house.output, progress=Editor())
    assert [r.status for r in results] == ["ok", "ok"], "not what is in the file by then"
    (again, _other) = resume_sweep(folder)[1]
    assert again.status == "unchanged"
    (now, _other) = resume_sweep(folder, force=True)[1]
    assert now.status == "failed" and "ZeroDivisionError" in now.message


def executions(house):
    """How often each run was started and finished: the notebook writes it down itself."""
    lines = (house.root / "log").read_text().split() if (house.root / "log").exists() else []
    return [line.split(":") for line in lines]


def logged(line, pause=0.05, waits="False"):
    """A cell that writes a line whole, at once, even if killed right after.

    Where ``waits`` is true it then waits for a file ``go``.
    """
    return (
        "import os, time\n"
        "from pathlib import Path\n"
        "log = os.open(Path(os.environ['MINELIB_NOTEBOOKS'], 'log'),"
        " os.O_WRONLY | os.O_APPEND | os.O_CREAT)\n"
        f"os.write(log, f'{line}\\n'.encode())\n"
        "os.close(log)\n"
        f"time.sleep({pause})\n"
        f"while ({waits})"
        " and not Path(os.environ['MINELIB_NOTEBOOKS'], 'go').exists():\n"
        "    time.sleep(0.05)"
    )


def test_kill_9_on_kernel_worker_and_parent_then_resume(house):
    house.add("small", work=logged("{study.days}:{os.getpid()}", waits="study.days in (8, 25, 26)"))
    arguments = ("sweep", "small", "-g", "days=1:30:1", "-o", house.output)
    process = house.start(*arguments)

    def finished():
        return {p.parent.name for p in house.output.glob("runs/[0-9]*/run.json")}

    # a kernel
    kernel = wait_for(lambda: next((int(p) for d, p in executions(house) if d == "8"), None))
    os.kill(kernel, signal.SIGKILL)
    # a worker: the process that asked for a kernel
    wait_for(lambda: len(finished()) >= 6)
    worker = wait_for(lambda: running_worker(house))
    os.kill(worker, signal.SIGKILL)
    # the parent
    wait_for(lambda: len(finished()) >= 10)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert house.wait_until_alone() == [], "nothing outlives the parent"
    before = finished()
    executed = {f: (house.output / "runs" / f / "run.json").read_text() for f in before}
    assert 10 <= len(before) < 30
    killed_by_us = [d for d, pid in executions(house) if int(pid) == kernel]
    assert len(killed_by_us) == 1, "the kernel had a run"
    tasks = {r["id"]: r["parameters"]["days"] for r in plan(house)["runs"]}
    assert int(killed_by_us[0]) not in {tasks[name] for name in before}
    started_before = len(executions(house))

    (house.root / "go").touch()
    done = house.minelib("sweep", "--resume", house.output)
    assert done.returncode == 0, done.stderr
    assert finished() == set(tasks) and len(tasks) == 30
    for name, text in executed.items():
        assert (house.output / "runs" / name / "run.json").read_text() == text
    days_after = [int(d) for d, _pid in executions(house)[started_before:]]
    assert sorted(days_after) == sorted(d for n, d in tasks.items() if n not in before)
    frame = ml.collect(house.output)
    assert frame["days"].tolist() == list(range(1, 31))
    assert frame["twice"].tolist() == [2 * d for d in range(1, 31)]
    assert not list(house.output.glob("**/.unfinished*")) and not any(
        (house.output / "failed").glob("*")
    )


def plan(house):
    return json.loads((house.output / "sweep.json").read_text())


def children(pid):
    try:
        with open(f"/proc/{pid}/task/{pid}/children") as file:
            return [int(child) for child in file.read().split()]
    except OSError:
        return []


def servers(house, kind):
    found = []
    for pid in house.processes():
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                command = file.read().split(b"\0")
        except OSError:
            continue
        if b"minelib.workbench.fork_server" in command and kind in command:
            found.append(pid)
    # forked children have the command of their parent: the server is the one with a child
    return found


def running_worker(house):
    jobs = servers(house, b"minelib.workbench.runs.job")
    return next((child for pid in jobs for child in children(pid)), None)


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
def test_ctrl_c_and_the_like_keep_what_is_finished_and_leave_no_kernel(house, number, code):
    house.add("small", work=logged("{study.days}:{os.getpid()}", waits="study.days >= 20"))
    process = house.start("sweep", "small", "-g", "days=1:40:1", "-o", house.output)
    wait_for(lambda: len(list(house.output.glob("runs/[0-9]*/run.json"))) >= 2)
    os.killpg(process.pid, number)  # as a terminal does: to the whole group
    _out, err = process.communicate()
    assert process.returncode == code
    assert "Traceback" not in err and ("interrupted" in err) == (number == signal.SIGINT)
    assert house.wait_until_alone() == []
    assert not list(house.output.glob("**/.unfinished*"))
    kept = list(house.output.glob("runs/[0-9]*/run.json"))
    assert 2 <= len(kept) < 40
    for path in kept:
        assert json.loads(path.read_text())["status"] == "ok"
        assert (path.parent / "findings.json").exists()


def test_a_sweep_goes_on_when_nobody_reads_its_progress(house):
    house.add("small", work=logged("{study.days}:{os.getpid()}", pause=0.1))
    process = house.start("sweep", "small", "-g", "days=1:6:1", "-o", house.output)
    process.stderr.readline()
    process.stderr.close()  # as `2>&1 | head -1` does
    assert process.wait() == 0
    assert ml.collect(house.output)["status"].tolist() == ["ok"] * 6


def test_two_sweeps_into_one_place_do_not_mix(house):
    house.add("small", work=logged("{study.days}:{os.getpid()}", waits="study.days >= 3"))
    arguments = ("sweep", "small", "-g", "days=1:4:1", "-o", house.output)
    first = house.start(*arguments)
    wait_for(lambda: (house.output / "sweep.json").exists())
    second = house.start(*arguments)
    said = next(line for line in second.stderr if "Another run" in line)
    assert f"Another run (process {first.pid}, since" in said
    (house.root / "go").touch()
    second.communicate()
    first.communicate()
    assert first.returncode == second.returncode == 0
    assert sorted(int(d) for d, _pid in executions(house)) == [1, 2, 3, 4], "none ran twice"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("30:90:0", "STEP must be a number above 0, not '0'"),
        ("30:90:x", "STEP must be a number above 0, not 'x'"),
        ("30:90:-5", "STEP must be a number above 0, not '-5'"),
        ("30:90:", "STEP must be a number above 0, not ''"),
        ("30:90:nan", "STEP must be a number above 0, not 'nan'"),
        ("90:30:10", "FIRST must not come after LAST"),
        ("30:90:0.0001", "more than 100,000 values"),
        ("30::5", "two numbers or two days"),
        (":90:5", "two numbers or two days"),
        ("2021-05-01:90:5", "two numbers or two days"),
        ("2021-02-30:2021-03-01:1", "two numbers or two days"),
        ("2021-05-01:2021-06-01:7.5", "STEP must be whole days, not '7.5'"),
        ("2021-05-01:2021-06-01:0", "STEP must be a number above 0, not '0'"),
        ("2021-06-01:2021-05-01:1", "FIRST must not come after LAST"),
    ],
)
def test_a_series_that_does_not_fit_says_which_part(text, said):
    with pytest.raises(BadInput, match=re.escape(said)) as caught:
        expanded(text)
    assert str(caught.value).startswith(text)


def test_a_series_of_a_fitting_step_is_read_as_before():
    assert expanded(" 1 : 3 : 1 ") == ["1", "2", "3"]
    assert expanded("1:1:1") == ["1"] and expanded("0:1:0.25")[-1] == "1.00"
    assert expanded("2020-02-28:2020-03-01:1") == ["2020-02-28", "2020-02-29", "2020-03-01"]
    assert expanded("2021-05-01:2021-06-01:99999999999") == ["2021-05-01"]
    assert expanded("W:D:1") == ["W:D:1"], "no series: a value for the parameter to judge"


def test_a_step_that_leads_to_no_value_is_no_fault_of_the_value(house):
    house.add("small")
    chosen = select(["small"])[0]
    with pytest.raises(BadParameters) as caught:
        combinations(chosen, {"days": "1:9:0.5"}, {}, from_text=True)
    (problem,) = caught.value.problems
    assert "days = 1:9:0.5: STEP does not fit, it leads to 1.5, which must be" in problem
    for text, part in {"900:999:1": "FIRST", "1:999:1": "LAST", "0:9:1": "FIRST"}.items():
        with pytest.raises(BadParameters) as caught:
            combinations(chosen, {"days": text}, {}, from_text=True)
        (problem,) = caught.value.problems
        assert f"days = {text}: {part} must be" in problem, "one sentence, of what was typed"
