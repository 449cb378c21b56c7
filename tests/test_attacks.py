# SPDX-License-Identifier: MIT
"""Attacks on the grader, the short form; ``python -m tests.attacks`` runs all of them."""

import json
import os
import sys
from pathlib import Path

import attacks
import classroom
import pytest

from minelib.workbench import grading

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="grading needs fork")
linux = pytest.mark.skipif(
    "landlock" not in grading.guards() or "seccomp" not in grading.guards(),
    reason="this kernel has no Landlock or seccomp; the weaker guards are tested elsewhere",
)
SHORT = [name for name, about in attacks.CODE.items() if about.get("short")]


@pytest.fixture(scope="module")
def version():
    pytest.importorskip("otter", reason="the extra workbench is not installed")
    return attacks.versions()


@linux
def test_each_attack_costs_only_its_author(version):
    outcomes = attacks.attack(SHORT, version, files=False)
    assert {one.name: one.harm for one in outcomes if one.harm} == {}


def test_there_are_attacks_enough_and_each_has_its_kind():
    assert len(attacks.CODE) + len(attacks.FILES) + len(attacks.NAMES) >= 40
    kinds = {name.partition(":")[0] for name in [*attacks.CODE, *attacks.FILES]}
    assert {"answers", "channel", "files", "network", "processes", "clock", "memory"} <= kinds


ASKS = """
try:
    input("Your name? ")
except EOFError as _error:
    assert "write the value in the cell" in str(_error)
"""


@linux
def test_the_doctor_tries_what_holds_here_and_sees_what_does_not(capsys, tmp_path, monkeypatch):
    from minelib.cli import run

    assert run(["doctor", "--grading"]) == 0
    assert "✗" not in capsys.readouterr().out
    weaker = (
        "import minelib.workbench.grading.linux as kernel\n"
        "kernel.landlock = lambda *_: False\n"
        "kernel.seccomp = kernel.no_capabilities = lambda: False\n"
    )
    (tmp_path / "sitecustomize.py").write_text(weaker)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), *filter(None, sys.path)]))
    assert run(["doctor", "--grading"]) == 1
    out = capsys.readouterr().out
    for what in ("files of others", "the solutions", "network", "other programs and processes"):
        assert f"✗  {what}" in out
    assert "✓  memory" in out and "grade here only a class you trust" in out


def test_the_table_of_guards_is_whole_in_both_languages():
    from minelib.workbench.grading.holds import SYSTEMS, holds

    for lang in ("en", "zh"):
        rows = holds(lang)
        assert all(row.keys() == {"what", *SYSTEMS} and all(row.values()) for row in rows)
    assert {row["windows"] for row in holds("en")} == {"not graded there"}


@pytest.mark.parametrize(("lang", "page"), [("en", "teachers.md"), ("zh", "teachers.zh.md")])
def test_the_teachers_page_shows_the_table_of_guards(lang, page):
    from minelib.words import gettext
    from minelib.workbench.grading.holds import SYSTEMS, holds

    text = (Path(__file__).parents[1] / "docs" / page).read_text(encoding="utf-8")
    part = text[text.index("`minelib doctor --grading`") :].split("\n#")[0]
    lines = [line for line in part.splitlines() if line.startswith("|")]
    (_what, *systems), _rule, *rows = [[*map(str.strip, line[1:-1].split("|"))] for line in lines]
    shown = [name for name in SYSTEMS if name != "windows"]
    assert systems == [gettext(SYSTEMS[name], lang) for name in shown]
    assert rows == [[row["what"], *(row[name] for name in shown)] for row in holds(lang)]


HABITS = """
import os, sys, tempfile, warnings, logging, shutil, pathlib, sqlite3, asyncio, threading, zipfile
import matplotlib.pyplot as plt
from tqdm import tqdm
from tqdm.auto import tqdm as _auto
_said = []
with open(os.devnull, "w") as _f:
    print("nothing", file=_f)
with tempfile.TemporaryDirectory() as _d, tempfile.NamedTemporaryFile("w+", suffix=".csv") as _t:
    pathlib.Path(_d, "a.txt").write_text("a")
    _t.write("a,b"); _t.flush()
    assert open(_t.name).read() == "a,b"
tempfile.mkstemp(), tempfile.SpooledTemporaryFile().write(b"x")
with warnings.catch_warnings():
    warnings.simplefilter("always")
    warnings.warn("take care")
for _n in tqdm(range(3), desc="working"):
    pass
list(_auto([1, 2]))
plt.plot([1, 2], label="算力"); plt.legend()
for _kind in ("png", "svg", "pdf"):
    plt.savefig(f"figure.{_kind}")
plt.savefig("figures.png", dpi=50, bbox_inches="tight"); plt.show(); plt.close("all")
os.makedirs("out/put", exist_ok=True)
_frame = pd.DataFrame({"a": [1]})
_frame.to_csv("out/a.csv"); _frame.to_pickle("out/a.pkl"); _frame.to_json("out/a.json")
assert pd.read_csv("out/a.csv")["a"].item() == 1 and pd.read_pickle("out/a.pkl").size == 1
np.save("a.npy", np.zeros(3)); np.load("a.npy")
shutil.copy("out/a.csv", "out/b.csv"); shutil.copy2("out/a.csv", "c.csv")
shutil.copytree("out", "out2"); shutil.move("c.csv", "d.csv"); pathlib.Path("d.csv").touch()
os.rename("d.csv", "e.csv"); os.remove("e.csv")
with zipfile.ZipFile("a.zip", "w") as _z:
    _z.write("out/a.csv")
zipfile.ZipFile("a.zip").extractall("unpacked"); shutil.rmtree("unpacked")
sqlite3.connect("a.db").execute("create table a (b)")
sqlite3.connect(":memory:").execute("select 1")
logging.basicConfig(filename="a.log"); logging.warning("written")
_thread = threading.Thread(target=print); _thread.start(); _thread.join()
os.cpu_count(), os.getcwd(), os.listdir("."), pathlib.Path.home(), os.path.expanduser("~")
sys.stdout.write("x"); sys.stdout.flush(); print("y", file=sys.stderr, flush=True)
"""


def test_habits_that_do_no_harm_still_work(version, tmp_path):
    own = classroom.filled(version("neat"), "1")
    cells = classroom.answer_cells(own)
    solution = cells[3]["source"]
    written = "%%writefile helper.py\ndef twice(x):\n    return 2 * x\n"
    more = [
        written,
        "from helper import twice\nassert twice(2) == 4",
        HABITS,
        ASKS,
        "%matplotlib inline\n%timeit -n 1 -r 1 1 + 1",
        "import asyncio\nawait asyncio.sleep(0)",
        "%%time\n_x = 1",
        "!pip install nothing\n%pip install nothing",
        "open(os.devnull).read()",
    ]
    place = own["cells"].index(cells[3])
    own["cells"][place:place] = [
        {
            "cell_type": "code",
            "id": f"n{n}",
            "metadata": {},
            "outputs": [],
            "execution_count": None,
            "source": source,
        }
        for n, source in enumerate(more)
    ]
    cells[3]["source"] = solution
    (tmp_path / "neat.ipynb").write_text(json.dumps(own))
    (result,) = grading.grade(tmp_path, limits=attacks.LIMITS)
    assert result.notes == [] and result.points == attacks.FULL
