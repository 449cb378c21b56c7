# SPDX-License-Identifier: MIT
"""A term by the teacher's page: from the list of the class to the school's own file.

The commands are those of the page, read from it. By default a small class over two lessons; with
MINELIB_WHOLE_TERM set, thirty over three.
"""

import csv
import io
import json
import os
import re
import shlex
import sys
import zipfile
from pathlib import Path

import pytest

from minelib import lessons, words

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import classroom

ROOT = Path(__file__).resolve().parents[2]
WHOLE = bool(os.environ.get("MINELIB_WHOLE_TERM"))
LESSONS = ("1", "2", "4") if WHOLE else ("1", "2")
KINDS = ("right", "wrong", "late", "empty", "copied", "hostile", "odd")  # in turn
pytestmark = [pytest.mark.skipif(not hasattr(os, "fork"), reason="grading needs fork")]


def commands(page):
    """The commands of the page, in its order."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    blocks = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if line.startswith("minelib")]


def hand_in(folder, kind, number, student, notebook, other):
    """What a student of a kind hands in for a lesson."""
    own, path = classroom.filled(notebook, number), folder / f"lesson-{number}-{student}.ipynb"
    first = next(iter(lessons.lesson(number).exercises))
    if kind == "empty":
        return
    if kind == "wrong":
        own = classroom.filled(notebook, number, {first: classroom.wrong(number, first)})
    if kind == "late":  # a second attempt, zipped
        unfinished = classroom.filled(notebook, number, skip=[first])
        path.write_text(json.dumps(unfinished), encoding="utf-8")
        with zipfile.ZipFile(folder / f"{student} second {number}.zip", "w") as archive:
            archive.writestr(path.name, json.dumps(own))
        return
    if kind == "copied":
        own = classroom.filled(other, number)
    if kind == "hostile":
        own = classroom.filled(notebook, number, {first: classroom.EXIT})
    text = json.dumps(own, ensure_ascii=False)
    path.write_bytes(text.encode("gb18030" if kind == "odd" else "utf-8"))


def worksheet(students):
    """As Moodle's assignment gives it."""
    heads = (
        "Identifier,Full name,ID number,Email address,Status,Grade,Maximum Grade,Grade can be "
        "changed,Last modified (submission),Last modified (grade),Feedback comments\r\n"
    )
    return heads + "".join(
        f'Participant {n},"{name}",{student},a{n}@example.org,Submitted,,50.00,Yes,-,-,\r\n'
        for n, (student, name) in enumerate(students.items(), 1)
    )


@pytest.mark.parametrize(("page", "lang"), [("teachers.md", "en"), ("teachers.zh.md", "zh")])
def test_a_term_by_the_commands_of_the_teacher_s_page(tmp_path, monkeypatch, capsys, page, lang):
    pytest.importorskip("otter", reason="the extra workbench is not installed")
    from minelib.cli import run

    if lang == "zh" and not WHOLE:
        assert [c.replace("zh", "en") for c in commands(page)] == commands("teachers.md")
        return
    monkeypatch.chdir(tmp_path)
    count = 30 if WHOLE else len(KINDS)
    students = {f"2026{n:04d}": f"学生{n}" for n in range(1, count + 1)}
    rows = "".join(f"{student};{name}\n" for student, name in students.items())
    Path("class.csv").write_text("学号;姓名\n" + rows, encoding="gbk")
    asked = commands(page)
    make = next(c for c in asked if "--output handout --class class.csv" in c and "--par" not in c)
    assert run([*shlex.split(make)[1:], "--lang", lang]) == 0
    Path("submissions").mkdir()
    name = words.gettext("lesson-{number}", lang).format(number="{number}")
    for n, student in enumerate(students):
        for number in LESSONS:
            own, other = (
                json.loads(
                    Path("handout", lang, s, f"{name.format(number=number)}-{s}.ipynb").read_text(
                        "utf-8"
                    )
                )
                for s in (student, next(iter(students)))
            )
            hand_in(Path("submissions"), KINDS[n % len(KINDS)], number, student, own, other)
    patient = ["--seconds", "600", "--cell-seconds", "60"]
    grade = next(c for c in asked if c.endswith("--lesson 1"))
    for number in LESSONS:
        assert run([*shlex.split(grade[:-1] + number)[1:], *patient]) == 0
    Path("worksheet.csv").write_bytes(worksheet(students).encode("utf-8-sig"))
    export = next(c for c in asked if "--export moodle" in c)
    assert run([*shlex.split(export)[1:], *patient]) == 0
    capsys.readouterr()
    words.use("en")

    text = Path("submissions/graded/moodle-worksheet.csv").read_text(encoding="utf-8-sig")
    marks = {row["ID number"]: row["Grade"] for row in csv.DictReader(io.StringIO(text))}
    one = lessons.lesson("1")
    lost = next(iter(one.exercises.values())).points
    for n, student in enumerate(students):
        kind = KINDS[n % len(KINDS)]
        if kind == "empty":
            assert marks[student] == ""
        elif kind == "copied":
            assert float(marks[student]) < 50, "with another's numbers"
        else:
            points = one.points - lost * (kind in ("wrong", "hostile"))
            assert float(marks[student]) == pytest.approx(50 * points / one.points, abs=0.01), kind
    book = list(
        csv.reader(io.StringIO(Path("submissions/graded/gradebook.csv").read_text("utf-8-sig")))
    )
    assert book[0] == ["student", "name", *(f"lesson-{n}" for n in LESSONS), "total", "out_of"]
    assert [row[1] for row in book[1:]] == list(students.values())
    assert Path("submissions/graded/class.html").is_file()
    assert any(c == "minelib marks submissions" for c in asked)
