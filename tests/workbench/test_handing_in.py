# SPDX-License-Identifier: MIT
"""What a class hands in, and how: names of files, ids, zips, folders, attempts, several lessons."""

import csv
import io
import json
import os
import shutil
import stat
import sys
import zipfile
from importlib import import_module
from pathlib import Path

import pytest

from minelib import lessons, words
from minelib.errors import MinelibError
from minelib.workbench import grading
from minelib.workbench.grading import archives
from minelib.workbench.grading.identity import who_is_it
from minelib.workbench.grading.submissions import Submission, collect, files_beside, read

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import classroom

make = import_module("minelib.workbench.lessons")
needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="grading needs fork")
PATIENT = {"seconds": 120, "cell_seconds": 60, "memory_mb": 800}


@pytest.fixture(scope="session")
def versions():
    """Student versions by lesson, student id and language."""
    pytest.importorskip("otter", reason="the extra workbench is not installed")
    kept = {}

    def version(number, student, lang="en"):
        if (number, lang) not in kept:
            kept[number, lang] = make._assign(number, lang)["student"]
        return make._for(kept[number, lang], student)

    return version


def rows(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def notes(result, lang="en"):
    return " ".join(grading.sentence(note, lang) for note in result.notes)


# ---- whose it is ---------------------------------------------------------------------------

CLASS = {"20260001": "李四", "20260002": "王五", "20260003": "李四光", "s04": "Ada Lovelace"}


def handed_in(name, own=None, stamped=None, problem=""):
    return Submission(Path(name), name, own_id=own, stamped_id=stamped, problem=problem)


@pytest.mark.parametrize(
    ("name", "student"),
    [
        ("第1课李四作业.ipynb", "20260001"),
        ("第1课李四光作业.ipynb", "20260003"),
        ("第1课-20260002.ipynb", "20260002"),
        ("第1课20260002王五.ipynb", "20260002"),
        ("lesson-1-\uff12\uff10\uff12\uff16\uff10\uff10\uff10\uff12.ipynb", "20260002"),
        ("lesson-1-20260002 (1).ipynb", "20260002"),
        ("王五.zip/第1课.ipynb", "20260002"),
        ("王五_1234567_assignsubmission_file_/lesson-1.ipynb", "20260002"),
        ("lovelaceada_12345_67890_lesson-1.ipynb", "s04"),
        ("Ada Lovelace_12_assignsubmission_file/lesson-1.ipynb", "s04"),
        ("lesson-1_s04_attempt_2026-11-20-10-00-00_lesson-1.ipynb", "s04"),
        ("S04.IPYNB", "s04"),
    ],
)
def test_names_in_files_are_found_as_people_and_platforms_write_them(name, student):
    assert who_is_it(handed_in(name, "", problem="empty"), CLASS).student == student


def test_a_name_without_its_accents_is_found_where_no_other_is_closer():
    here = {"s1": "José Núñez", "s2": "Zoë Müller", "s3": "Zoe Muller"}
    found = {
        name: who_is_it(handed_in(name, ""), here).student
        for name in ("nunezjose_1_2_lesson-1.ipynb", "Zoë Müller.ipynb", "Zoe Muller.ipynb")
    }
    assert [*found.values()] == ["s1", "s2", "s3"]


@pytest.mark.parametrize("name", ["lesson-120260002.ipynb", "王.ipynb", "s040.ipynb", "Ada.ipynb"])
def test_what_only_looks_like_a_name_is_nobody_s(name):
    owner = who_is_it(handed_in(name, "", problem="empty"), CLASS)
    assert not owner.known and owner.notes == [("nobody", {})]


@pytest.mark.parametrize(
    ("submission", "roster", "student", "numbers_of", "keys"),
    [
        (handed_in("s01.ipynb", "s02", "s01"), ["s01", "s02"], "s01", "s01", ["other_id"]),
        (handed_in("s01.ipynb", "\uff5310\uff11"), ["s101"], "s101", "\uff5310\uff11", []),
        (handed_in("x.ipynb", " s 01\u200b"), ["s01"], "s01", "s 01\u200b", []),
        (handed_in("Jose\u0301.ipynb", "José"), ["José"], "José", "José", []),
        (handed_in("x.ipynb", "7"), ["007", "008"], "007", "7", ["typed"]),
        (handed_in("s01.ipynb", "2026"), ["s01", "s02"], "s01", "2026", ["unknown_id"]),
        (handed_in("s01.ipynb", ""), ["s01"], "s01", "", ["no_id"]),
        (handed_in("x.ipynb", "", "s01"), ["s01"], "s01", "", ["no_id"]),
        (handed_in("x.ipynb", None, "s01"), ["s01"], "s01", "s01", []),
        (handed_in("x.ipynb", ""), ["s01"], "x", "", ["nobody", "no_id"]),
        (handed_in("lesson-1.ipynb", "s01"), ["1", "s01"], "s01", "s01", []),
        (handed_in("x.ipynb", "王五"), CLASS, "20260002", "王五", ["typed"]),
        (handed_in("李四 王五.ipynb", "20260002"), CLASS, "20260002", "20260002", ["several"]),
        (handed_in("王伟.ipynb", "2"), {"1": "王伟", "2": "王伟"}, "2", "2", []),
    ],
)
def test_the_numbers_are_those_that_the_notebook_showed(
    submission, roster, student, numbers_of, keys
):
    owner = who_is_it(submission, roster)
    assert (owner.student, owner.numbers_of) == (student, numbers_of)
    assert [key for key, _parts in owner.notes] == keys and owner.known == ("nobody" not in keys)
    for key, parts in owner.notes:
        assert grading.sentence([key, parts], "zh") != grading.sentence([key, parts], "en")


def test_the_id_is_the_one_that_stood_when_the_lesson_began(tmp_path):
    code = [
        'student = "old"',
        'student = "new"\nlessons.start("1", student, lang)',
        'student = "3"',
    ]
    cells = [{"cell_type": "code", "source": source} for source in code]
    (tmp_path / "a.ipynb").write_text(json.dumps({"cells": cells}))
    assert read(tmp_path / "a.ipynb", tmp_path).own_id == "new"


# ---- zips ----------------------------------------------------------------------------------

NOTEBOOK = json.dumps({"cells": [{"cell_type": "code", "source": "rate_eh_s = 1"}]})


def zipped(path, members, **how):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content, **how)
    return path


def collected(folder):
    (folder.parent / "scratch/in").mkdir(parents=True)
    return collect(folder, folder / "graded", lambda: folder.parent / "scratch/in")


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "class").mkdir()
    return tmp_path / "class"


def test_results_of_a_grading_under_another_name_are_not_handed_in(folder):
    (folder / "marks of May/lesson-1/feedback").mkdir(parents=True)
    for name in ("gradebook.csv", "lesson-1/graded.jsonl", "lesson-1/feedback/s01.html"):
        (folder / "marks of May" / name).write_text("student\ns01\n")
    (folder / "s01.ipynb").write_text("")
    (folder / "Ada").mkdir()
    (folder / "Ada/gradebook.csv").write_text("her own")
    found = [each.name for each in collected(folder)]
    assert sorted(found) == ["Ada/gradebook.csv", "s01.ipynb"]


def test_zips_are_opened_with_what_lies_beside_the_notebook(folder):
    zipped(folder / "s01.zip", {"work/lesson-1.ipynb": NOTEBOOK, "work/d/data.csv": "a"})
    inner = io.BytesIO()
    zipped(inner, {"第1课.ipynb": NOTEBOOK})
    zipped(folder / "all.zip", {"s02.zip": inner.getvalue(), "s03/a.ipynb": NOTEBOOK})
    found = {s.name: s for s in collected(folder)}
    assert set(found) == {
        "s01.zip/work/lesson-1.ipynb",
        "all.zip/s02.zip/第1课.ipynb",
        "all.zip/s03/a.ipynb",
    }
    assert all(not s.problem for s in found.values())
    (name,) = files_beside(found["s01.zip/work/lesson-1.ipynb"].path)
    assert name == "d/data.csv"
    roster = ["s01", "s02", "s03"]
    assert {who_is_it(s, roster).student for s in found.values()} == set(roster)


def test_names_that_chinese_windows_wrote_are_read(folder):
    path = zipped(folder / "s01.zip", {"12341234.ipynb": NOTEBOOK})
    raw = path.read_bytes().replace(b"12341234", "作业一二".encode("gbk"))
    path.write_bytes(raw)
    (found,) = collected(folder)
    assert found.name == "s01.zip/作业一二.ipynb"


def locked(path):
    zipped(path, {"a.ipynb": NOTEBOOK})
    raw = bytearray(path.read_bytes())
    raw[6] |= 1
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(raw)


def liar(path):
    """A zip that says it is small."""
    zipped(path, {"a.ipynb": b"0" * 3000})
    raw = bytearray(path.read_bytes())
    at = raw.index(b"PK\x01\x02") + 24
    raw[at : at + 4] = (10).to_bytes(4, "little")
    path.write_bytes(raw)


def nested(path, depth=6):
    content = NOTEBOOK.encode()
    for n in range(depth):
        out = io.BytesIO()
        zipped(out, {"a.ipynb" if n == 0 else "a.zip": content})
        content = out.getvalue()
    path.write_bytes(content)


HOSTILE = {
    "damaged": (lambda p: p.write_bytes(b"PK\x03\x04" + b"x" * 90), "not_a_notebook", "zip_broken"),
    "cut off": (
        lambda p: (zipped(p, {"a.ipynb": NOTEBOOK}), p.write_bytes(p.read_bytes()[:-30])),
        "not_a_notebook",
        "zip_broken",
    ),
    "locked": (locked, "not_a_notebook", "zip_locked"),
    "above": (lambda p: zipped(p, {"../../a.ipynb": NOTEBOOK}), "not_a_notebook", "zip_paths"),
    "absolute": (lambda p: zipped(p, {"/etc/a.ipynb": NOTEBOOK}), "not_a_notebook", "zip_paths"),
    "drive": (lambda p: zipped(p, {"C:\\a.ipynb": NOTEBOOK}), "not_a_notebook", "zip_paths"),
    "back": (lambda p: zipped(p, {"..\\a.ipynb": NOTEBOOK}), "not_a_notebook", "zip_paths"),
    "bomb": (lambda p: zipped(p, {"a.ipynb": b"0" * 10**6}), "too_large", "zip_large"),
    "liar": (liar, "not_a_notebook", "zip_broken"),
    "many": (
        lambda p: zipped(p, {f"{n}.ipynb": "" for n in range(3001)}),
        "too_large",
        "zip_large",
    ),
    "nested": (nested, "not_a_notebook", "zip_nested"),
    "file as folder": (
        lambda p: zipped(p, {"a": NOTEBOOK, "a/b.ipynb": NOTEBOOK}),
        "not_a_notebook",
        "zip_broken",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_zip_harms_nobody(folder, monkeypatch, name):
    monkeypatch.setattr(import_module(collect.__module__), "UNPACKED", 100_000)
    build, problem, why = HOSTILE[name]
    build(folder / "s01.zip")
    (folder / "s02.ipynb").write_text(NOTEBOOK)
    found = {s.name.split("/")[0]: s for s in collected(folder)}
    assert (found["s01.zip"].problem, found["s01.zip"].why) == (problem, why)
    assert not found["s02.ipynb"].problem
    assert grading.sentence([why, {}], "zh") != grading.sentence([why, {}], "en")
    left = [p for p in folder.parent.rglob("*") if p.is_file() and p.name != "zip"]
    assert {p.name for p in left} == {"s01.zip", "s02.ipynb"}


def test_links_in_a_zip_are_left_out(folder):
    link = zipfile.ZipInfo("secret.csv")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(folder / "s01.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")
        archive.writestr("a.ipynb", NOTEBOOK)
    (found,) = collected(folder)
    assert files_beside(found.path) == {}


def test_what_lies_beside_a_notebook_has_bounds(tmp_path, monkeypatch):
    for name in ("a.ipynb", "data.csv", "d/e.csv", "parameters.toml", ".hidden", "b.ipynb"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    (tmp_path / "link.csv").symlink_to("/etc/passwd")
    assert set(files_beside(tmp_path / "a.ipynb")) == {"data.csv", "d/e.csv"}
    monkeypatch.setattr(import_module(collect.__module__), "_BESIDE", 1)
    assert len(files_beside(tmp_path / "a.ipynb")) == 1
    assert archives.UNPACKED >= 100 * 2**20, "a class with its figures fits"


# ---- a class of several lessons, graded ------------------------------------------------------

HELPER = "%%writefile own.py\nfactor = 1"


@pytest.fixture(scope="session")
def term(versions, tmp_path_factory):
    """A folder with two lessons in both languages and odd hand-ins, graded for each lesson."""
    folder = tmp_path_factory.mktemp("term")
    (folder / "class.csv").write_text(
        "学号;姓名\n20260001;李四\n20260002;王五\ns03;Ada Lovelace\ns04;Bo\n", encoding="gbk"
    )

    def put(name, number, student, lang="en", **how):
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        own = classroom.filled(versions(number, student, lang), number, **how)
        path.write_text(json.dumps(own, ensure_ascii=False), encoding="utf-8")
        return path

    first = put("第1课李四.ipynb", "1", "", "zh", skip=["q8"])
    os.utime(first, (2e9, 2e9))  # the later attempt is the worse one
    put("lesson-1-20260001.ipynb", "1", "20260001")
    (folder / "李四 报告.docx").write_bytes(b"PK a document")
    put("第4课-20260001.ipynb", "4", "20260001", "zh")
    slips = {"q2": classroom.wrong("4", "q2"), "q3": classroom.wrong("4", "q3")}
    inside = classroom.filled(versions("4", "20260002"), "4", slips)
    zipped(folder / "王五.zip", {"work/lesson-4.ipynb": json.dumps(inside)})
    with_module = {
        "q1": f"from helper import pick\n{lessons.lesson('1').exercise('q1').solution}",
        "q2": "import pandas\nassert pandas.read_csv('d/data.csv').shape == (1, 1)\n"
        + lessons.lesson("1").exercise("q2").solution,
        "q3": lessons.lesson("1").exercise("q3").solution + "\n1 / 0",
    }
    put("Ada Lovelace_77_file/lesson-1.ipynb", "1", "s03", answers=with_module)
    (folder / "Ada Lovelace_77_file/helper.py").write_text("pick = 1")
    (folder / "Ada Lovelace_77_file/d").mkdir()
    (folder / "Ada Lovelace_77_file/d/data.csv").write_text("a\n1\n")
    said = []
    results = {
        number: grading.grade(folder, number, limits=PATIENT, say=said.append)
        for number in ("1", "4")
    }
    return folder, results, said


@needs_fork
def test_lessons_do_not_overwrite_each_other_and_share_a_gradebook(term):
    folder, _results, _said = term
    one, four = (rows(folder / f"graded/lesson-{n}/grades.csv") for n in ("1", "4"))
    have = {row["student"]: (row["status"], float(row["points"])) for row in one}
    # lesson 1 has 16 points; 王五 has handed in lesson 4 alone
    assert have == {
        "20260001": ("graded", 16),
        "20260002": ("other_lesson", 0),
        "s03": ("graded", 16),
        "s04": ("missing", 0),
    }
    assert {row["student"]: row["lesson"] for row in four} == dict.fromkeys(have, "4")
    book = {row["student"]: row for row in rows(folder / "graded/gradebook.csv")}
    assert list(book) == ["20260001", "20260002", "s03", "s04"]
    assert [row["name"] for row in book.values()] == ["李四", "王五", "Ada Lovelace", "Bo"]
    full = lessons.lesson("4").points
    best = book["20260001"]
    assert float(best["total"]) == 16 + full == float(best["out_of"])
    assert (book["s04"]["lesson-1"], book["s04"]["total"]) == ("", "0")


@needs_fork
def test_one_row_a_student_names_the_other_files(term):
    folder, results, said = term
    first = next(r for r in results["1"] if r.student == "20260001")
    assert first.file == "lesson-1-20260001.ipynb"
    assert "2 attempts; the best counts" in notes(first) and "第1课李四.ipynb" in notes(first)
    assert "not graded: 李四 报告.docx" in notes(first)
    assert any("ids: 学号; names: 姓名; read as GBK" in sentence for sentence in said)
    assert any("lesson 4, 2 files" in sentence for sentence in said)
    last = grading.grade(folder, "1", limits=PATIENT, counts="last")
    worse = next(r for r in last if r.student == "20260001")
    # graded with the numbers of an empty id, which it showed: only the open exercise is missing
    assert worse.file == "第1课李四.ipynb" and worse.points == 15
    assert "no student id" in notes(worse)
    grading.grade(folder, "1", limits=PATIENT)


@needs_fork
def test_modules_and_data_beside_a_notebook_are_there_and_cells_bear_jupyter_s_numbers(term):
    result = next(r for r in term[1]["1"] if r.student == "s03")
    assert result.points == 16
    ((_key, parts),) = [note for note in result.notes if note[0] == "error"]
    notebook = json.loads((term[0] / result.file).read_text(encoding="utf-8"))
    assert "1 / 0" in "".join(notebook["cells"][parts["cell"] - 1]["source"])
    assert parts["of"] == len(notebook["cells"])


FORMS = {
    "a package": "from own.parts import one\nassert one == 1",
    "a folder that is no package": "from loose import two\nassert two.two == 2",
    "a Chinese name": "import 工具\nassert 工具.值 == 1",
    "a name of Python's own": "import test\nassert test.mine",
    "everything of a module": "from 工具 import *\nassert 值 == 1",
    "a module that reads what lies beside it": "import reads\nassert reads.text == '字'",
    "a module that wants another": "import wants\nassert wants.值 == 1",
    "a script": "%run steps.py\nassert step == 1",
    "a folder put into the path": "import sys\nsys.path.append('src')\nimport deep",
    "a module written by a cell, and again": "import importlib, pathlib\n"
    "for _n in 1, 22:\n"
    "    pathlib.Path('again.py').write_text(f'n = {_n}')\n"
    "    import again\n"
    "    importlib.reload(again)\n"
    "    assert again.n == _n",
    "loaded again as it changes": "%load_ext autoreload\n%autoreload 2\nimport 工具",
    "a path from the root": "import os\nassert open(os.path.abspath('d/words.txt'), 'rb').read()",
    "JSON": "import json\nassert json.load(open('set.json')) == [1]",
}
FILES = {
    "own/__init__.py": "",
    "own/parts.py": "one = 1",
    "loose/two.py": "two = 2",
    "工具.py": "值 = 1",
    "test.py": "mine = True",
    "reads.py": "from pathlib import Path\n"
    "text = Path(__file__).with_name('d').joinpath('words.txt').read_text(encoding='utf-8')",
    "d/words.txt": "字",
    "wants.py": "from 工具 import 值",
    "steps.py": "step = 1",
    "src/deep.py": "",
    "set.json": "[1]",
}


@needs_fork
def test_what_lies_beside_a_notebook_is_found_in_every_form(versions, tmp_path):
    own = classroom.filled(versions("1", "s01"), "1")
    code = [cell for cell in own["cells"] if cell["cell_type"] == "code"]
    at = own["cells"].index(code[2])
    more = [{**code[0], "id": f"form-{n}", "source": s} for n, s in enumerate(FORMS.values())]
    own["cells"][at:at] = more
    for name, content in {**FILES, "lesson-1.ipynb": json.dumps(own)}.items():
        path = tmp_path / "s01" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    (result,) = grading.grade(tmp_path, limits=PATIENT)
    assert notes(result) == "" and result.points == 16


@needs_fork
def test_what_follows_from_an_earlier_slip_is_explained(term):
    folder, results, _said = term
    result = next(r for r in results["4"] if r.student == "20260002")
    failed = {name for name, own in result.exercises.items() if not own["points"]}
    follows = {name: own["follows"] for name, own in result.exercises.items() if "follows" in own}
    # the effect is computed from the counterfactual, and what compares the effect from the effect
    assert follows.pop("q4") == "q3" and set(follows) <= {"q5", "q7", "q9"}
    assert set(follows.values()) <= {"q3"} and {"q2", "q3", "q4"} <= failed
    page = (folder / "graded/lesson-4/feedback/20260002.html").read_text(encoding="utf-8")
    exercise = lessons.lesson("4").exercise("q3").title("en")
    assert f"<p>It follows rightly from your answer to “{exercise}”" in page
    assert "Your answer" in page and "Right answer" not in page and "王五" in page
    grading.grade(folder, "4", limits=PATIENT, right_answers=True)
    page = (folder / "graded/lesson-4/feedback/20260002.html").read_text(encoding="utf-8")
    assert "Right answer" in page and result.exercises["q2"]["right"]["growth_pct_day"] in page


@needs_fork
def test_pages_of_those_who_are_missing_are_in_the_language_of_the_class(term, versions, tmp_path):
    own = classroom.filled(versions("1", "a", "zh"), "1")
    (tmp_path / "a.ipynb").write_text(json.dumps(own))
    (tmp_path / "class.csv").write_text("student\na\nb\n")
    grading.grade(tmp_path, limits=PATIENT)
    page = (tmp_path / "graded/lesson-1/feedback/b.html").read_text(encoding="utf-8")
    assert 'lang="zh"' in page and words.gettext("Nothing handed in", "zh") in page


@needs_fork
def test_what_cannot_be_written_or_read_is_a_sentence(tmp_path, folder):
    (folder / "a.ipynb").write_text(NOTEBOOK)
    (tmp_path / "file").write_text("")
    with pytest.raises(MinelibError, match="Cannot write to"):
        grading.grade(folder, output=tmp_path / "file/graded")
    (folder / "parameters.toml").write_text(
        '[1]\nmonth = ["2031-05"]\nwindow = [7]\nlevel = [0.9]\n'
    )
    with pytest.raises(MinelibError, match="month = '2031-05'"):
        grading.grade(folder)
    assert not (folder / "graded").exists()
    shutil.rmtree(folder)
    with pytest.raises(MinelibError, match="no folder"):
        grading.grade(folder)
