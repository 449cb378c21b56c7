# SPDX-License-Identifier: MIT
"""A class of thirty, line by line; submissions that attack; what is handed in instead of one."""

import contextlib
import csv
import html
import json
import math
import os
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from importlib import import_module
from pathlib import Path

import classroom
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

from minelib import lessons, words
from minelib.errors import BadInput, BadParameter, UnknownName
from minelib.workbench import grading
from minelib.workbench.grading import runner
from minelib.workbench.grading.answers import decode, encode
from minelib.workbench.grading.identity import who_is_it
from minelib.workbench.grading.submissions import Submission, find, read

pytestmark = [pytest.mark.skipif(not hasattr(os, "fork"), reason="grading needs fork")]
linux = pytest.mark.skipif(
    "landlock" not in grading.guards() or "seccomp" not in grading.guards(),
    reason="this kernel has no Landlock or seccomp; the weaker guards are tested elsewhere",
)
make = import_module("minelib.workbench.lessons")
# No clock decides here what a busy machine finds: a cell has its seconds of computing, and the
# seconds of a notebook are never reached.
LIMITS = {"seconds": 600, "cell_seconds": 3, "memory_mb": 800}


@pytest.fixture(scope="session")
def versions():
    """Student versions by lesson: a function of student id and language."""
    pytest.importorskip("otter", reason="the extra workbench is not installed")
    kept = {}

    def of(number):
        def version(student, lang):
            if (number, lang) not in kept:
                kept[number, lang] = make._assign(number, lang)["student"]
            return make._for(kept[number, lang], student)

        return version

    return of


@pytest.fixture(scope="session")
def graded(versions, tmp_path_factory):
    """The class of thirty, graded once."""
    folder = tmp_path_factory.mktemp("class")
    expected = classroom.thirty(versions("1"), versions("2"))
    classroom.write(expected, folder)
    Path("/tmp/minelib-escaped").unlink(missing_ok=True)
    started = {"servers": 0, "runs": 0}

    class Counted(runner.Runner):
        def _start(self):
            started["servers"] += 1
            return super()._start()

        def run(self, request, fill):
            started["runs"] += 1
            return super().run(request, fill)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(import_module("minelib.workbench.grading.grade"), "Runner", Counted)
        results = grading.grade(folder, limits=LIMITS)
    return folder, expected, results, started


def table(folder):
    with (folder / "graded/lesson-1/grades.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_thirty_are_graded_line_by_line(graded):
    folder, expected, _results, _started = graded
    lines = {line["file"]: line for line in table(folder)}
    assert len(expected) == 30 and len(lines) == 31  # and one who handed in nothing
    wrong = []
    for one in expected:
        line = lines[one.file]
        want = (one.student, one.status, "1", "16")
        have = (line["student"], line["status"], line["lesson"], line["out_of"])
        points = float(line["points"])
        if have != want or (one.points is not None and points != one.points):
            wrong.append((one.file, have, points, want, one.points, line["note"]))
    assert wrong == []
    assert lines[""]["student"] == "s31" and lines[""]["status"] == "missing"


def test_a_class_costs_one_start_and_a_second_run_only_where_the_first_was_ended(graded):
    assert graded[3]["servers"] == 1
    stopped = ["s21", "s22"]  # out of memory, out of the process
    assert graded[3]["runs"] == 27 + len(stopped), "three are no notebook of the lesson"


def test_lines_are_in_order_and_points_add_up(graded):
    lines = table(graded[0])
    assert [line["student"] for line in lines] == sorted(line["student"] for line in lines)
    for line in lines:
        each = [float(line[f"q{n}"]) for n in range(1, 9) if line[f"q{n}"]]
        assert sum(each) == float(line["points"])


@pytest.mark.parametrize(
    ("student", "words"),
    [
        ("s16", "run again in turn"),
        ("s17", "more than once"),
        ("s20", "stopped after 3 seconds of computing"),
        ("s21", "more memory than the 800 MB"),
        ("s22", "ended the whole process"),
        ("s23", "reach the network (192.0.2.1"),
        ("s24", "/etc/passwd"),
        ("s25", "another process"),
        ("s27", "not a Jupyter notebook"),
        ("s28", "no code"),
        ("s29", "This is lesson 2"),
        ("s30", "says student id s01"),
        ("s31", "Nothing was handed in"),
    ],
)
def test_each_is_told_what_was_wrong(graded, student, words):
    line = next(line for line in table(graded[0]) if line["student"] == student)
    assert words in line["note"]


def test_cells_in_another_order_need_a_second_turn_only_where_one_needs_another(graded):
    notes = {r.student: [n[0] for n in r.notes] for r in graded[2]}
    assert "order" not in notes["s01"]


def test_nothing_escaped(graded):
    assert not Path("/tmp/minelib-escaped").exists()
    result = next(r for r in graded[2] if r.student == "s26")
    assert result.points == 0, "what a submission does to the checks stays in its own process"


def test_a_copied_notebook_does_not_earn_the_points_of_its_owner(graded):
    results = {r.file: r for r in graded[2]}
    assert results["s30.ipynb"].points < results["s01.ipynb"].points


def test_every_student_has_a_page_in_the_language_of_the_notebook(graded):
    folder, expected, results, _started = graded
    pages = list((folder / "graded/lesson-1/feedback").rglob("*.html"))
    assert len(pages) == len(results)
    chinese = (folder / "graded/lesson-1/feedback/s04.html").read_text(encoding="utf-8")
    assert 'lang="zh"' in chinese
    assert words.gettext("All checks passed, public and hidden.", "zh") in chinese
    wrong = (folder / "graded/lesson-1/feedback/s15.html").read_text(encoding="utf-8")
    assert lessons.lesson("1").exercise("q4").mistakes[0].hint in html.unescape(wrong)


def test_what_is_graded_is_not_graded_again(graded, monkeypatch):
    folder, _expected, results, _started = graded
    monkeypatch.setattr(import_module("minelib.workbench.grading.grade"), "Runner", None)
    again = grading.grade(folder, limits=LIMITS)
    assert [(r.student, r.points) for r in again] == [(r.student, r.points) for r in results]


def test_from_the_command_line(graded, tmp_path, capsys):
    from minelib.cli import run

    folder = shutil.copytree(graded[0], tmp_path / "class")
    assert (
        run(
            [
                "grade",
                str(folder),
                "--lang",
                "zh",
                "--seconds",
                "600",
                "--cell-seconds",
                "3",
                "--memory-mb",
                "800",
            ]
        )
        == 0
    )
    out = capsys.readouterr().out
    assert "s01  16/16" in out and any(guard in out for guard in grading.guards())
    assert run(["grade", str(tmp_path / "none")]) == 2
    assert run(["grade", str(folder), "--lesson", "99"]) == 2
    assert run(["lessons"]) == 0 and run(["lessons", "1", "--answers", "s01"]) == 0
    assert "by_hand_eh_s" in capsys.readouterr().out
    assert run(["lessons", "99", "--answers", ""]) == 2
    words.use("en")


def test_an_interrupted_class_keeps_its_results_and_goes_on(versions, tmp_path):
    for student in ("a1", "a2", "a3"):
        own = classroom.filled(versions("1")(student, "en"), "1")
        (tmp_path / f"{student}.ipynb").write_text(json.dumps(own))
    done = []

    def interrupt(result):
        done.append(result.student)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        grading.grade(tmp_path, workers=1, limits=LIMITS, progress=interrupt)
    assert [line["student"] for line in table(tmp_path)] == done
    log = tmp_path / "graded/lesson-1/graded.jsonl"
    log.write_text(log.read_text() + '{"student": "half a li')  # the power went
    results = grading.grade(tmp_path, workers=1, limits=LIMITS)
    assert [r.points for r in results] == [16, 16, 16]
    for student in ("a1", "a2", "a3"):  # none is lost to the line that was torn
        assert log.read_text().count(f'\n{{"student": "{student}"') + (student == done[0]) == 1


ALL = lessons.lesson_numbers()[1:] if os.environ.get("MINELIB_ALL_LESSONS") else ["4", "6"]


@pytest.mark.parametrize("number", ALL)
def test_solutions_of_other_lessons_earn_full_marks_shut_in(versions, tmp_path, number):
    own = classroom.filled(versions(number)("李四", "zh"), number)
    (tmp_path / "handed in.ipynb").write_text(json.dumps(own))
    (result,) = grading.grade(tmp_path, limits={"seconds": 600, "cell_seconds": 60})
    assert (result.student, result.lesson, result.notes) == ("李四", number, [])
    assert result.points == result.out_of == lessons.lesson(number).points


FIGURE = """
_own = ml.load("country_share")
_own["place"] = _own["place"].where(_own["place"].isin(["china", p.place]), "other")
_own = _own.groupby(["month", "place"], as_index=False)["share_pct"].sum()
"""
PANDAS = '_own.pivot(index="month", columns="place", values="share_pct").plot(ylabel="%")'
DRAWN = {  # without the name that is asked, and whether it is right
    "pandas": (PANDAS, True),
    "pyplot": (
        "import matplotlib.pyplot as plt\n"
        "for _name, _part in _own.groupby('place'):\n"
        "    plt.plot(_part['month'], _part['share_pct'], label=_name)\n"
        "plt.legend()\nplt.ylabel('%')",
        True,
    ),
    "objects": (
        "import seaborn.objects as so\n"
        'so.Plot(_own, x="month", y="share_pct", color="place").add(so.Line()).label(y="%")',
        True,
    ),
    "two": (f"import seaborn as sns\nsns.histplot(_own, x='share_pct')\n{PANDAS}", True),
    "last": (f"{PANDAS}\nimport matplotlib.pyplot as plt\nplt.figure()\nplt.plot([1, 2])", False),
    "none": ("_own", False),
}


def test_a_figure_without_its_name_is_the_last_that_the_cell_shows(versions, tmp_path):
    task = lessons.lesson("2").exercise("q6")
    for how, (code, _right) in DRAWN.items():
        own = {"q6": f'why_width = "one two three"\n{FIGURE}{code}'}
        text = json.dumps(classroom.filled(versions("2")(how, "en"), "2", own))
        (tmp_path / f"{how}.ipynb").write_text(text)
    patient = {"seconds": 600, "cell_seconds": 60}
    for result in grading.grade(tmp_path, "2", limits=patient):
        lost = 0 if DRAWN[result.student][1] else task.points
        assert result.points == result.out_of - lost, (result.student, result.exercises["q6"])


# ---- attacks -----------------------------------------------------------------------------

STUBBORN = """
import signal
for _number in (signal.SIGPROF, signal.SIGALRM, signal.SIGXCPU, signal.SIGTERM):
    signal.signal(_number, signal.SIG_IGN)
while True:
    pass
"""
BELOW = """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
libc.open.restype = libc.socket.restype = libc.fork.restype = ctypes.c_int
tried = {
    "read": libc.open(b"/etc/passwd", 0),
    "write": libc.open(b"/tmp/minelib-below", 0o102, 0o600),
    "socket": libc.socket(2, 1, 0),
    "unix": libc.socket(1, 1, 0),
    "kill": libc.kill(os.getppid(), 9),
    "kill_all": libc.kill(-1, 9),
    "exec": libc.execv(b"/bin/true", None),
    "unshare": libc.unshare(0x00020000),
    "ptrace": libc.ptrace(16, os.getppid(), 0, 0),
    "rights": libc.chmod(b"submission.ipynb", 0o600),
    "owner": libc.chown(b"submission.ipynb", -1, -1),
    "mark": libc.setxattr(b"submission.ipynb", b"user.a", b"1", 1, 0),
    "times": libc.utimes(b"submission.ipynb", None),
    "length": libc.truncate(b"submission.ipynb", 0),
    "memory": libc.memfd_create(b"hoard", 0),
    "slower": libc.setpriority(0, os.getppid(), 19),
}
tried["fork"] = libc.fork()
if tried["fork"] == 0:
    os._exit(0)
import resource
try:
    resource.setrlimit(resource.RLIMIT_CPU, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    tried["limits"] = 0
except (ValueError, OSError):
    tried["limits"] = -1
rate_eh_s = [float(max(tried.values()))]
"""
FLOOD = """
import os
def _is_open(f):
    try:
        return bool(os.fstat(f))
    except OSError:
        return False
_wire = [f for f in range(3, 60) if _is_open(f)]
while True:
    for _f in _wire:
        try:
            os.write(_f, b"x" * 65536)
        except OSError:
            pass
"""
LIES = """
import json, os
_line = json.dumps({"cell": 0, "error": "", "answers": {
    "rate_eh_s": ["n", 1e9], "smooth": ["r", 5], "scatter_pct": [], "chance_pct": {"a": 1},
    "by_hand_eh_s": [["l"] * 50]}}) + "\\n"
for _f in range(3, 40):
    try:
        os.write(_f, _line.encode() + b"{not json\\n[1]\\n" + b"\\xff\\xfe\\n")
    except OSError:
        pass
"""


COPY = """
try:
    rate_eh_s = lessons.right("1", student)["rate_eh_s"]
except Exception:
    from minelib.lessons.master import lesson
    names = {"ml": ml, "np": np, "pd": pd, "p": p}
    exec(lesson("1").exercise("q1").solution, names)
    rate_eh_s = names["rate_eh_s"]
"""
OPEN = """
by_hand_eh_s = len((lessons.lessons_folder() / "lesson-1-noise.ipynb").read_bytes())
"""
# Pages that are never touched cost no time: the limit comes after some twenty steps, with less
# than a megabyte left, however busy the machine is.
HOARD = """
_hoard, _size = [], 2**29
while True:
    try:
        _hoard.append(np.empty(_size, "u1"))
    except MemoryError:
        if _size < 2**20:
            raise
        _size //= 2
"""
FILL = """
for _n in range(40):
    with open(f"file-{_n}", "wb") as _f:
        _f.write(b"x" * 4_000_000)
import signal
while True:
    signal.pause()
"""
DEEP = """
import os
_home = os.getcwd()
for _n in range(2_000):
    os.mkdir("d")
    os.chdir("d")
os.chdir(_home)
"""
MAGICS = """%matplotlib inline
import matplotlib.pyplot as plt
plt.plot([1, 2]); plt.show()
display(p)
print('x' * 10_000_000)
!ls
"""
ATTACKS = {
    "below": {"q1": BELOW},
    "lies": {"q1": LIES, "q7": FLOOD},
    "magics": {"q3": MAGICS + lessons.lesson("1").exercise("q3").solution},
    "broken": {"q2": "by_hand_eh_s = (", "q3": "highest_day = 1 / 0"},
    "copied": {"q1": COPY, "q2": OPEN},
    "hoard": {"q4": HOARD},
    "fill": {"q4": FILL},
    "deep": {"q4": DEEP},
    "bad text": {"q4": "raise ValueError('\\ud800 \\x1b[2J')"},
    "\ud800": {},
}


@pytest.fixture(scope="session")
def attacked_folder(tmp_path_factory):
    return tmp_path_factory.mktemp("attacks")


@pytest.fixture(scope="session")
def attacked(versions, attacked_folder):
    """Results of attacks by name."""
    folder = attacked_folder
    for n, (name, answers) in enumerate(ATTACKS.items()):
        own = classroom.filled(versions("1")(name, "en"), "1", answers)
        (folder / f"attack {n}.ipynb").write_text(json.dumps(own))
    limits = {"seconds": 600, "cell_seconds": 60, "memory_mb": 800, "disk_mb": 100}
    return {r.student: r for r in grading.grade(folder, limits=limits)}


def test_a_cell_that_cannot_be_interrupted_costs_only_itself(versions, tmp_path):
    own = classroom.filled(versions("1")("stubborn", "en"), "1", {"q4": STUBBORN})
    (tmp_path / "stubborn.ipynb").write_text(json.dumps(own))
    # the one limit that is a matter of the clock: more than a busy machine needs for the rest
    (result,) = grading.grade(tmp_path, limits={"seconds": 30, "cell_seconds": 6})
    assert result.status == "stopped" and result.points == 14
    assert "total_time" in [n[0] for n in result.notes]


@linux
def test_the_kernel_holds_what_python_does_not_see(attacked):
    result = attacked["below"]
    assert set(result.guards) == {"limits", "network namespace", "landlock", "seccomp"}
    message = result.exercises["q1"]["messages"][0]
    assert "rate_eh_s = -1 is too small" in message, "every attempt gave -1"
    assert not Path("/tmp/minelib-below").exists()
    assert result.points == 15, "and the rest was graded"


def test_lies_and_floods_on_the_wire_do_no_harm(attacked):
    result = attacked["lies"]
    assert result.exercises["q1"]["points"] == 0 and result.exercises["q2"]["points"] == 2
    assert result.exercises["q7"]["points"] == 0 and result.exercises["q8"]["points"] == 1


@linux
def test_the_solutions_are_not_at_hand_while_a_submission_runs(attacked):
    result = attacked["copied"]
    assert result.exercises["q1"]["points"] == result.exercises["q2"]["points"] == 0
    assert result.points == 13


def test_masters_are_not_readable_wherever_they_lie(monkeypatch, tmp_path):
    from minelib.workbench.grading import guard

    masters = tmp_path / "site/minelib/_notebooks/lessons"
    masters.mkdir(parents=True)
    (tmp_path / "site/pandas").mkdir()
    monkeypatch.setattr(guard, "lessons_folder", lambda: masters)
    monkeypatch.setattr(
        guard.sysconfig,
        "get_paths",
        lambda: dict.fromkeys(("purelib", "platlib", "stdlib"), str(tmp_path / "site")),
    )
    readable = [Path(path) for path in guard.read_paths()]
    assert tmp_path / "site/pandas" in readable
    assert not any(path in (masters, *masters.parents) for path in readable)


@pytest.mark.parametrize(
    ("student", "note"),
    [("hoard", "more memory than"), ("fill", "more files than the 100 MB"), ("deep", "")],
)
def test_what_fills_memory_or_disk_costs_only_itself(attacked, student, note):
    result = attacked[student]
    assert result.points == 14 and result.status == ("stopped" if note else "graded")
    assert note in " ".join(grading.sentence(n, "en") for n in result.notes)


def test_nothing_is_left_of_a_grader_that_is_killed(versions, tmp_path):
    """Nor of its submissions, their folders, the process they came from, and zips it opened."""
    waits = "import signal\nopen('here', 'w').close()\nwhile True:\n    signal.pause()\n"
    own = classroom.filled(versions("1")("s1", "en"), "1", {"q4": waits})
    with zipfile.ZipFile(tmp_path / "s1.zip", "w") as archive:
        archive.writestr("s1.ipynb", json.dumps(own))
    code = "import sys; from minelib.workbench import grading; grading.grade(sys.argv[1])"
    command = [sys.executable, "-c", code, str(tmp_path)]
    with tempfile.TemporaryDirectory() as place:  # its path is short enough for a socket
        with subprocess.Popen(command, env={**os.environ, "TMPDIR": place}) as grader:
            while not [*Path(place).rglob("here")]:
                assert grader.poll() is None
                time.sleep(0.05)
            assert [*Path(place).rglob("s1.zip/s1.ipynb")]
            grader.kill()
        while os.listdir(place):
            time.sleep(0.05)


def test_text_that_no_file_takes_stops_nothing(attacked, attacked_folder, tmp_path, capsys):
    assert attacked["bad text"].points == 14 and attacked["\ud800"].points == 16
    with (attacked_folder / "graded/lesson-1/grades.csv").open(
        encoding="utf-8-sig", newline=""
    ) as file:
        lines = {line["student"]: line for line in csv.DictReader(file)}
    assert set(lines) == {grading.plain(name) for name in ATTACKS}
    assert "ValueError: \\ud800  [2J" in lines["bad text"]["note"]
    from minelib.cli import run

    (file,) = (f for f in attacked_folder.glob("*.ipynb") if attacked["\ud800"].file == f.name)
    shutil.copy(file, tmp_path)
    run(["grade", str(tmp_path), "--seconds", "600", "--cell-seconds", "60", "--memory-mb", "800"])
    assert "\\ud800  16/16" in capsys.readouterr().out


def test_answers_may_be_written_with_magics_and_display(attacked):
    assert attacked["magics"].points == 16


def test_a_broken_cell_costs_only_itself(attacked):
    result, one = attacked["broken"], lessons.lesson("1")
    assert result.points == one.points - sum(one.exercise(q).points for q in ("q2", "q3"))
    notes = " ".join(grading.sentence(n, "en") for n in result.notes)
    assert "SyntaxError" in notes and "ZeroDivisionError" in notes


# ---- what is handed in instead of a notebook -----------------------------------------------


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "empty"),
        (b"   \n", "empty"),
        (b"{}", "not_a_notebook"),
        (b"[1]", "not_a_notebook"),
        (b"\x00\xff\xfe" * 9, "not_a_notebook"),
        (b'{"cells": 3}', "not_a_notebook"),
        (b'{"cells": []}', "empty"),
        (b'{"cells": [1, null, {"cell_type": "code"}]}', "empty"),
        (b"[" * 100_000, "not_a_notebook"),
        (
            json.dumps({"cells": [{"cell_type": "code", "source": "a = 1\n" * 200_000}]}).encode(),
            "too_large",
        ),
    ],
)
def test_what_is_no_notebook_is_told(tmp_path, content, problem):
    path = tmp_path / "作业 a.ipynb"
    path.write_bytes(content)
    assert read(path, tmp_path).problem == problem


def test_notebooks_of_other_tools_are_read(tmp_path):
    old = {"worksheets": [{"cells": [{"cell_type": "code", "input": ["rate_eh_s", " = 1"]}]}]}
    path = tmp_path / "old.ipynb"
    for encoding in ("utf-8-sig", "gb18030", "utf-16"):
        path.write_bytes(json.dumps(old | {"作者": "张三"}, ensure_ascii=False).encode(encoding))
        found = read(path, tmp_path)
        assert found.problem == "" and found.cells == ["rate_eh_s = 1"] and found.lesson == "1"


def test_files_that_are_found(tmp_path):
    for name in (
        "a.ipynb",
        "b/lesson-1.ipynb",
        "b/notes.txt",
        "c/essay.docx",
        "class.csv",
        ".ipynb_checkpoints/a.ipynb",
        "graded/grades.csv",
        "parameters.toml",
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    found = [p.relative_to(tmp_path).as_posix() for p in find(tmp_path, tmp_path / "graded")]
    assert found == ["a.ipynb", "b/lesson-1.ipynb", "c/essay.docx"]
    (tmp_path / "d.ipynb").symlink_to("/etc/passwd")
    (tmp_path / "e").symlink_to("/etc")
    (tmp_path / "f").mkdir()
    (tmp_path / "b/figures").mkdir()  # in a folder with a notebook no submission of its own
    os.mkfifo(tmp_path / "g.ipynb")
    problems = {p.name: read(p, tmp_path).problem for p in find(tmp_path, tmp_path / "graded")}
    assert problems.pop("f") == "missing" and "figures" not in problems
    assert [problems[name] for name in ("d.ipynb", "e", "g.ipynb")] == ["not_a_notebook"] * 3


def test_names_that_are_long_or_not_text_or_alike_keep_their_pages(tmp_path):
    folder = tmp_path / ("作" * 70)
    folder.mkdir()
    (folder / ("业" * 80 + ".ipynb")).write_bytes(b"x")
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xd5\xc5.ipynb")).write_bytes(b"x")  # 张, as GBK
    for name in ("a_b.ipynb", "a/b.ipynb", "c.ipynb", "c.docx", "d:e.ipynb", "d?e.ipynb"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    results = grading.grade(tmp_path, "1")
    assert len(results) == 8 == len(table(tmp_path))
    assert len(list((tmp_path / "graded/lesson-1/feedback").rglob("*.html"))) == 8


def test_two_with_one_id_are_attempts_and_told(versions, tmp_path):
    for name, student in (("a", "s01"), ("b", " S01")):
        own = classroom.filled(versions("1")(student, "en"), "1")
        (tmp_path / f"{name}.ipynb").write_text(json.dumps(own))
    (result,) = grading.grade(tmp_path, limits=LIMITS)
    assert result.points == 16 and len(table(tmp_path)) == 1
    parts = {"count": 2, "file": "b.ipynb", "others": "a.ipynb"}
    assert result.notes == [["attempts_best", parts]]


def test_names_that_a_spreadsheet_would_run_are_made_harmless(tmp_path):
    (tmp_path / "=cmd|' a'!A1.ipynb").write_bytes(b"x")
    grading.grade(tmp_path, "1")
    line = table(tmp_path)[0]
    assert line["student"].startswith("'=") and line["status"] == "not_a_notebook"


def submission(name, own=None, stamped=None, problem=""):
    return Submission(Path(name), name, own_id=own, stamped_id=stamped, problem=problem)


@pytest.mark.parametrize(
    ("handed_in", "roster", "student", "numbers_of", "notes"),
    [
        (submission("s01.ipynb", "s01"), ["s01", "s02"], "s01", "s01", []),
        (submission("lesson-1_S02 (1).ipynb", "s02"), ["s01", "s02"], "s02", "s02", []),
        (submission("张三/lesson-1.ipynb", "张三"), ["张三"], "张三", "张三", []),
        (submission("s02.ipynb", "s01"), ["s01", "s02"], "s02", "s02", ["other_id"]),
        (submission("x.ipynb", "s01"), ["s01"], "s01", "s01", []),
        (submission("x.ipynb", "s09"), ["s01"], "s09", "s09", ["not_in_class"]),
        (submission("x.ipynb", "s02", "s01"), [], "s01", "s02", ["unknown_id"]),
        (submission("x.ipynb", "s02", "s01"), ["s02"], "s02", "s02", ["changed_id"]),
        (submission("x.ipynb", ""), [], "x", "", ["no_id"]),
        (submission("s01/lesson-1.ipynb", ""), ["s01"], "s01", "", ["no_id"]),
        (submission("s1.ipynb", "s1"), ["s11", "s1"], "s1", "s1", []),
    ],
)
def test_whose_it_is(handed_in, roster, student, numbers_of, notes):
    found = who_is_it(handed_in, roster)
    assert (found[0], found[1], [key for key, _parts in found[2]]) == (student, numbers_of, notes)


def test_requests_that_are_wrong(tmp_path):
    with pytest.raises(BadInput, match="no folder"):
        grading.grade(tmp_path / "none")
    with pytest.raises(BadInput, match="nothing to grade"):
        grading.grade(tmp_path)
    (tmp_path / "a.txt").write_text("x")
    with pytest.raises(BadInput, match="--lesson"):
        grading.grade(tmp_path)
    with pytest.raises(UnknownName):
        grading.grade(tmp_path, "99")
    with pytest.raises(BadParameter):
        grading.grade(tmp_path, workers=0)
    with pytest.raises(BadParameter):
        grading.grade(tmp_path, limits={"speed": 1})


# ---- plain data ----------------------------------------------------------------------------

plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**60), 2**60)
    | st.floats(allow_nan=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)


@settings(max_examples=100, deadline=None)
@given(plain)
def test_answers_cross_unchanged_or_are_named(value):
    coded = json.loads(json.dumps(encode(value)))
    back = decode(coded)
    assert back == value or "x" in json.dumps(coded)


def test_tables_and_dates_cross():
    months = pd.period_range("2021-01", periods=2, freq="M")
    frame = pd.DataFrame({"a": [1.5, np.nan], "b": ["x", "y"]}, index=months)
    back = decode(json.loads(json.dumps(encode(frame))))
    assert list(back.columns) == ["a", "b"] and math.isnan(back["a"].iloc[1])
    assert back.index[1] == pd.Timestamp("2021-02-01")
    assert decode(encode(np.datetime64("2021-07-03"))) == pd.Timestamp("2021-07-03")
    for span in (pd.Timedelta(days=3), np.timedelta64(3, "D")):
        assert decode(encode(span)) == pd.Timedelta(days=3)
    assert decode(encode(...)) is ... and decode(encode({3, 4})) == {3, 4}
    assert "too large" in decode(encode(np.zeros(10**6))).type
    assert decode(encode(lambda: 0)).type == "function"


made_up = st.recursive(
    st.none() | st.integers() | st.text(max_size=2) | st.sampled_from("ensbtlurdfx0"),
    lambda inner: st.lists(inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=200, deadline=None)
@given(made_up)
def test_made_up_answers_are_refused_not_run(coded):
    with contextlib.suppress(ValueError):
        decode(coded)


def test_the_weaker_guard_alone_refuses_and_tells(tmp_path):
    code = (
        "import os, sys, socket, subprocess\n"
        "from minelib.workbench.grading import guard\n"
        "told = []\n"
        "guard.watch(os.getcwd(), lambda kind, what: told.append(kind))\n"
        "def no(f):\n"
        "    try: f()\n"
        "    except PermissionError: return True\n"
        "print(no(lambda: open('/etc/passwd')), no(lambda: open('../x', 'w')),\n"
        "      no(lambda: os.remove(sys.executable)), no(os.fork),\n"
        "      no(lambda: subprocess.run(['true'])), no(lambda: os.kill(os.getppid(), 9)),\n"
        "      no(lambda: socket.create_connection(('192.0.2.1', 80), 1)),\n"
        "      not no(lambda: open('ok', 'w')), told)\n"
    )
    out = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, check=True
    ).stdout
    assert "None" not in out and "False" not in out
    assert all(kind in out for kind in ("file", "process", "network"))


@linux
def test_landlock_and_seccomp_one_by_one(tmp_path):
    code = (
        "import os, sys, socket\n"
        "from minelib.workbench.grading import linux\n"
        "{guard}\n"
        "def no(f):\n"
        "    try: f()\n"
        "    except OSError: return True\n"
        "print({tried})\n"
    )
    files = "no(lambda: open('/etc/passwd')), no(lambda: open('/tmp/x-minelib', 'w'))"
    files += ", not no(lambda: open('ok', 'w'))"
    calls = "no(os.fork), no(socket.socket), no(lambda: os.execv('/bin/true', ['true']))"
    calls += ", not no(lambda: os.kill(os.getpid(), 0))"
    for guard, tried in (
        ("print(linux.landlock([sys.prefix], [os.getcwd()]), end=' ')", files),
        ("print(linux.seccomp(), end=' ')", calls),
    ):
        out = subprocess.run(
            [sys.executable, "-c", code.format(guard=guard, tried=tried)],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            check=True,
        )
        assert "False" not in out.stdout and "None" not in out.stdout and "True" in out.stdout


@pytest.mark.parametrize(
    "note", [[], ["empty"], ["no such", {}], ["time", {}], [None, None], [{}, 1]]
)
def test_what_is_no_note_is_refused_with_a_sentence(note):
    with pytest.raises(BadInput, match="is no note of a result"):
        grading.sentence(note)
