# SPDX-License-Identifier: MIT
"""What `minelib run` does, on small notebooks with the real machinery."""

import hashlib
import json
import os
import re
import subprocess
from pathlib import Path

import pytest

import minelib as ml
from minelib.catalog.store import packaged
from minelib.errors import BadParameters, MinelibError
from minelib.workbench.runs import cache, pool
from minelib.workbench.runs.folders import CannotWrite
from minelib.workbench.runs.main import explain


def read(path):
    return json.loads(Path(path).read_text(encoding="utf-8"))


def process(result):
    """The pid of the kernel: another one each time a notebook is really executed."""
    found = {f["name"]: f["value"] for f in read(result.folder / "findings.json")["findings"]}
    return found["process"]


def reasons(house, *names, **parameters):
    return {t.name: t.why for t in explain(names, parameters, ("en",), house.output)}


def test_a_run_leaves_a_whole_folder(house):
    house.add("small")
    (result,) = house.run("small", parameters={"days": 7})
    assert result.status == "ok" and result.folder == house.output / "01-small"
    assert sorted(p.name for p in result.folder.iterdir()) == [
        "01-small.ipynb",
        "findings.json",
        "run.json",
    ]
    findings = read(result.folder / "findings.json")
    twice = findings["findings"][0]
    assert (twice["name"], twice["value"], twice["unit"]) == ("twice", 14, "days")
    assert (twice["lower"], twice["upper"], twice["level"]) == (7, 21, 0.9)
    run = read(result.folder / "run.json")
    assert run["status"] == "ok" and run["parameters"] == {"days": 7, "lang": "en"}
    assert run["versions"]["minelib"] == ml.__version__
    assert run["versions"]["python"].startswith("3.")
    assert run["kernel"] == "forked" and 0 < run["seconds"] < 60
    cells = read(result.folder / "01-small.ipynb")["cells"]
    counts = [c["execution_count"] for c in cells if c["cell_type"] == "code"]
    assert counts == [1, 2, 3, 4, 5], "every cell once, in order (one holds the parameters)"
    assert house.wait_until_alone() == [], "no kernel is left"
    record = read(house.output / "runs.json")
    assert record["runs"][0]["folder"] == "01-small" and record["runs"][0]["status"] == "ok"


def test_what_has_not_changed_is_not_run_again(house):
    house.add("small", work='import minelib as ml\nml.load("halvings").shape')
    (first,) = house.run()
    executed = process(first)
    (second,) = house.run()
    assert second.status == "unchanged" and process(second) == executed
    (third,) = house.run(force=True)
    assert third.status == "ok" and process(third) != executed
    assert reasons(house) == {"01-small": []}
    assert reasons(house, days=7) == {"01-small": ["parameter days: 90 -> 7"]}

    path = house.add("small", work='import minelib as ml\nml.load("halvings").size')
    assert reasons(house) == {"01-small": ["code cells changed: 3"]}
    path.unlink()
    house.add("small", work='import minelib as ml\nml.load("halvings").shape')
    assert reasons(house) == {"01-small": []}, "what counts is the content, not the time"

    study = house.root / "studies" / "small.py"
    study.write_text(study.read_text() + "\n# another line\n")
    assert reasons(house) == {"01-small": ["the notebook's study changed"]}
    (house.output / "01-small" / "01-small.ipynb").unlink()
    (fourth,) = house.run()
    assert fourth.status == "ok"


def test_source_libraries_and_tables_are_inputs(house, monkeypatch):
    house.add("small", work='import minelib as ml\nml.load("halvings").shape')
    house.run()
    real = cache.source()
    assert "chain/__init__.py" in real and not any(name.startswith("cli/") for name in real)
    tables, versions = cache.tables, cache.versions
    monkeypatch.setattr(cache, "forget", lambda: None)
    monkeypatch.setattr(cache, "source", lambda: {**real, "chain/__init__.py": "changed"})
    assert reasons(house)["01-small"] == ["source changed: minelib/chain/__init__.py"]
    monkeypatch.setattr(cache, "source", lambda: real)
    monkeypatch.setattr(cache, "versions", lambda: {**versions(), "pandas": "99"})
    assert re.match('pandas: "3.* -> "99"', reasons(house)["01-small"][0])
    monkeypatch.setattr(cache, "versions", versions)
    with monkeypatch.context() as lock:
        lock.setattr(cache, "_LOCK", house.root / "studies" / "small.py")
        assert reasons(house)["01-small"] == ["requirements.lock changed"]
    monkeypatch.setattr(cache, "tables", lambda version: {**tables(version), "halvings": "changed"})
    assert reasons(house)["01-small"] == ["table halvings changed"]
    monkeypatch.setattr(cache, "tables", lambda version: {**tables(version), "pools": "changed"})
    assert reasons(house)["01-small"] == [], "a table that it does not read"


def version_of_ones_own(folder, number, price):
    """A version as a refresh leaves it: the daily table with another price on its first day."""
    d = packaged().descriptor("network_daily")
    content = d.csv_path.read_bytes().replace(b"2010-07-18,0.08584", b"2010-07-18," + price, 1)
    place = folder / f"mine-{number}" / "network"
    place.mkdir(parents=True)
    (place / d.csv_path.name).write_bytes(content)
    text = d.path.read_text().replace(d.sha256, hashlib.sha256(content).hexdigest())
    (place / d.path.name).write_text(text)
    told = {"beside": {d.name: d.sha256}}
    (place.parent / "refresh.json").write_text(json.dumps(told))


def test_data_of_ones_own_are_inputs_under_the_name_they_were_asked_by(
    house, monkeypatch, tmp_path
):
    monkeypatch.setenv("MINELIB_DATA", str(tmp_path / "own"))
    version_of_ones_own(tmp_path / "own", 1, b"0.5")
    work = 'import minelib as ml\nml.load("network_daily", version="{}").shape\nml.load("halvings")'
    house.add("newest", work=work.format("mine"))
    house.add("first", number=2, work=work.format("mine-1"))
    house.add("packaged", number=3, work=work.format("packaged"))
    house.run()
    record = json.loads((house.output / "01-newest" / "run.json").read_text())
    assert record["data"]["network_daily@mine"]["data"] == "mine-1"
    assert set(record["tables"]) == {"halvings", "network_daily@mine"}
    assert not any(reasons(house).values())
    before = cache.tables("mine")["network_daily"]  # what a run with data = "mine" depends on
    version_of_ones_own(tmp_path / "own", 2, b"0.7")
    why = reasons(house)
    assert why["01-newest"] == ["table network_daily@mine changed"]
    assert why["02-first"] == why["03-packaged"] == []
    assert before not in (cache.tables("mine")["network_daily"], cache.tables()["network_daily"])
    assert cache.version_of({"parameters": {"data": "mine"}}) == "mine"


def test_new_prose_needs_no_new_run(house):
    house.add("small", prose="# How long?")
    executed = process(house.run("small", parameters={"days": 7})[0])
    house.add("small", prose="# For how long, then?")
    (second,) = house.run("small", parameters={"days": 7})
    assert second.status == "refreshed" and process(second) == executed
    cells = read(second.folder / "01-small.ipynb")["cells"]
    assert cells[0]["source"] == "# For how long, then?"
    assert cells[2]["metadata"]["tags"] == ["injected-parameters"]
    assert any(c.get("outputs") for c in cells)
    (third,) = house.run("small", parameters={"days": 7})
    assert third.status == "unchanged"


def test_two_languages_stand_side_by_side(house):
    house.add("small")
    results = house.run(langs=("en", "zh"))
    assert [r.folder.relative_to(house.output).as_posix() for r in results] == [
        "01-small",
        "zh/01-small",
    ]
    assert [read(r.folder / "run.json")["parameters"]["lang"] for r in results] == ["en", "zh"]


def test_a_failing_cell_stops_only_its_own_notebook(house):
    house.add("bad", number=1)
    house.add("good", number=2)
    (before, _good) = house.run()
    house.add("bad", work='print("before")\nraise ValueError("thirteen")', number=1)
    bad, good = house.run(force=True)
    assert good.status == "ok" and bad.status == "failed"
    assert bad.message == "cell 5 under “The work”: ValueError: thirteen"
    partial = read(bad.folder / "01-bad.ipynb")["cells"]
    assert partial[4]["outputs"][0]["text"] == ["before\n"], "what it got so far is kept"
    assert partial[5]["execution_count"] is None
    error = read(bad.folder / "run.json")["error"]
    assert error["heading"] == "The work" and "ValueError" in "".join(error["traceback"])
    assert read(before.folder / "run.json")["status"] == "ok", "the last good result stands"
    house.add("bad", number=1)
    house.run()
    assert not bad.folder.exists(), "and the failure is cleared away by the next success"


def test_a_kernel_that_is_killed_is_one_clear_line(house):
    house.add("dies", work="import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", number=1)
    house.add("good", number=2)
    done = house.minelib("run", "--no-site", "--lang", "en", "-o", house.output)
    assert done.returncode == 1
    lines = [line for line in done.stderr.splitlines() if "01-dies" in line]
    assert re.search(r"FAILED: the kernel died in cell 5 under “The work”", lines[0])
    assert "Traceback" not in done.stderr
    assert read(house.output / "02-good" / "run.json")["status"] == "ok"


def test_a_worker_that_is_killed_loses_only_its_run(house):
    # the kernels' server lives on; the job is the process that asked it for the kernel
    kill = (
        "import os, signal\n"
        "from pathlib import Path\n"
        "jobs = int(Path(os.environ['HOUSE'], 'job').read_text())\n"
        "os.kill(jobs, signal.SIGKILL)\n"
        "import time; time.sleep(10_000)"
    )
    house.add("victim", work=kill, number=1)
    house.add("good", number=2)
    from minelib.workbench.runs.progress import Quiet

    class Tell(Quiet):
        def event(self, task, message):
            if message["event"] == "start" and task.notebook.slug == "victim":
                (house.root / "job").write_text(str(message["pid"]))

    os.environ["HOUSE"] = str(house.root)
    try:
        victim, good = house.run(progress=Tell())
    finally:
        del os.environ["HOUSE"]
    assert good.status == "ok"
    assert victim.status == "lost" and "killed (SIGKILL)" in victim.message
    assert house.wait_until_alone() == [], "the orphaned kernel is gone, too"


@pytest.mark.parametrize("end", ["None", "os.kill(os.getpid(), 9)"])
def test_what_a_kernel_has_started_ends_with_it(house, end):
    start = 'import os, subprocess\nsubprocess.Popen(["sleep", "10000"])\n'
    house.add("small", work=start + end)
    (result,) = house.run()
    assert result.status == ("ok" if end == "None" else "failed")
    assert house.wait_until_alone() == []


def test_never_more_at_once_than_there_are_cores(monkeypatch):
    monkeypatch.setattr(pool, "cores", lambda: 2)
    assert [pool.workers_for(40, asked) for asked in (None, 1, 2, 8)] == [2, 1, 2, 2]
    assert pool.workers_for(1) == 1


def test_many_runs_are_a_few_lines_and_few_a_line_each():
    from io import StringIO

    from minelib.workbench.runs.main import RunResult
    from minelib.workbench.runs.progress import Lines, for_stream

    class Named:
        name = "a run"

    def told(count, bad=()):
        stream = StringIO()
        lines = for_stream(stream)
        assert isinstance(lines, Lines), "no bars where it is no terminal"
        lines.begin([None] * count)
        for number in range(count):
            status = "lost" if number in bad else "ok"
            lines.end(Named(), RunResult("01-a", "en", status, 1.0, None, "killed", {}))
        return stream.getvalue().splitlines()

    assert len(told(3)) == 3
    many = told(200, bad=(17,))
    assert len(many) == 11 and many[0] == "[18/200] a run: LOST: killed"
    assert "s left" in many[1]


def test_a_notebook_without_findings_is_no_success(house):
    path = house.add("small")
    path.write_text(path.read_text().replace("study.finish()", "None"))
    (result,) = house.run()
    assert result.status == "failed" and "study.finish()" in result.message


def test_wrong_requests_start_nothing(house):
    house.add("small")
    for parameters, part in (
        ({"dais": 3}, "Did you mean 'days'"),
        ({"days": 500, "lang": "fr"}, "500"),
    ):
        with pytest.raises(BadParameters, match=part):
            house.run(parameters=parameters)
    with pytest.raises(MinelibError, match="crackdown"):
        house.run("crackdown")
    assert not house.output.exists()


def test_ordinary_kernels_do_the_same(house, monkeypatch):
    monkeypatch.setenv("MINELIB_FORK", "0")
    house.add("small")
    done = house.minelib("run", "--lang", "en", "--no-site", "-o", house.output)
    assert done.returncode == 0
    assert done.stderr.count("cannot be forked") == 1, "said, and said once"
    assert read(house.output / "01-small" / "run.json")["kernel"] == "ordinary"
    assert house.wait_until_alone() == []


@pytest.fixture
def small_disk(tmp_path):
    """A disk of 400 kB; needs the right to mount one."""
    place = tmp_path / "disk"
    place.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=400k", "none", place])
    if done.returncode:
        pytest.skip("this user may not mount a disk")
    yield place
    subprocess.run(["umount", place], check=True)


def test_a_full_disk_is_one_clear_line_and_loses_nothing(house, small_disk):
    house.add("good", number=1)
    house.add("large", work='print("x" * 600_000)', number=2)
    output = small_disk / "results"
    (good,) = house.run("good", output=output)
    assert good.status == "ok"
    done = house.minelib("run", "large", "--no-site", "-o", output)
    assert done.returncode == 1
    assert "no space left on the disk" in done.stderr and "Traceback" not in done.stderr
    assert read(good.folder / "run.json")["status"] == "ok"
    assert not (output / "02-large").exists()
    assert not list(output.glob("**/.unfinished*"))


def test_new_prose_on_a_full_disk_is_a_failure_of_that_run_only(house, monkeypatch):
    import errno

    house.add("one", number=1)
    house.add("two", number=2)
    house.run()
    house.add("one", number=1, prose="# For how long, then?")
    house.add("two", number=2, work="study.days + 1")

    def full(new, final):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("minelib.workbench.runs.job.replace", full)
    one, two = house.run()
    assert one.status == "failed" and "no space left on the disk" in one.message
    assert two.status == "ok"
    assert read(house.output / "01-one" / "run.json")["status"] == "ok", "the old result stands"


def test_a_record_that_cannot_be_written_is_no_wrong_request(house):
    house.add("small")
    (house.output / "runs.json").mkdir(parents=True)  # a file cannot take the place of a folder
    done = house.minelib("run", "--no-site", "--lang", "en", "-o", house.output)
    assert done.returncode == 1, "2 would say that nothing was started"
    assert "Cannot write to" in done.stderr and "Traceback" not in done.stderr
    assert read(house.output / "01-small" / "run.json")["status"] == "ok"


def test_a_read_only_disk_is_refused_before_anything_starts(house, small_disk):
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    house.add("small")
    done = house.minelib("run", "-o", small_disk / "results")
    assert done.returncode == 2
    assert done.stderr == f"minelib: Cannot write to {small_disk}/results: it is read-only.\n"


def test_a_file_size_limit_is_one_clear_line(house):
    import resource

    house.add("large", work='print("x" * 600_000)')
    limit = (300_000, resource.getrlimit(resource.RLIMIT_FSIZE)[1])
    done = house.minelib(
        "run",
        "--no-site",
        "--lang",
        "en",
        "-o",
        house.output,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limit),
    )
    assert done.returncode == 1
    assert "largest file size allowed" in done.stderr
    assert not (house.output / "01-large").exists()


def test_a_place_that_is_a_file_is_refused(house):
    house.add("small")
    house.output.write_text("")
    with pytest.raises(CannotWrite):
        house.run()
