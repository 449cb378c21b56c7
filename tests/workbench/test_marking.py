# SPDX-License-Identifier: MIT
"""After the grading: the page about the class, marks for answers in words, the school's files."""

import asyncio
import csv
import io
import json
import re
import time
import urllib.error
import urllib.request
from contextlib import asynccontextmanager

import pytest

from minelib import lessons, words
from minelib.errors import BadInput
from minelib.workbench.grading.book import Book
from minelib.workbench.grading.classpage import write_class_page
from minelib.workbench.grading.export import export
from minelib.workbench.grading.files import write_csv
from minelib.workbench.grading.free import questions
from minelib.workbench.grading.report import Report
from minelib.workbench.grading.result import Result

ONE = lessons.lesson("1")
TEXTS = [
    "Two weeks leave little noise, and a fall of a tenth shows clearly; I see it a week late.",
    "Two weeks leave little noise and a fall of a tenth shows clearly, I see it a week late!",
    "Seven days: a trader must be quick, and I accept that chance alone moves it by three percent.",
    "因为两周的噪声小，十分之一的下跌看得清楚；代价是晚一周才知道，交易者会选更短的窗口。",
]


def result(student, right=(), hints=None, text="", **how):
    """What came out for a student: these exercises right, those a usual mistake, others empty."""
    hints, exercises = hints or {}, {}
    for name, task in ONE.exercises.items():
        own = {"points": task.points if name in right else 0.0, "out_of": task.points}
        given = {task.answers[0]: "1"} if name in right or name in hints else {}
        own |= {"messages": [], "own": given, "right": {}, "hint": hints.get(name, "")}
        exercises[name] = own | {"misled": name in hints}
    if text:
        exercises["q8"]["own"]["my_reason"] = text
    points = sum(own["points"] for own in exercises.values())
    name = {"s02": "李四", "s03": "Ada Lovelace"}.get(student, "")
    found = Result(student, f"{student}.ipynb", "1", points=points, out_of=ONE.points)
    found.exercises, found.who, found.name = exercises, student, name
    return found if not how else Result(**{**vars(found), **how})


@pytest.fixture
def folder(tmp_path):
    """A class of twelve, graded; s12 has handed in nothing."""
    report = Report(tmp_path / "lesson-1")
    every = list(ONE.exercises)
    hint = ONE.exercise("q4").mistakes[0].hint
    for n in range(1, 12):
        right = every if n < 5 else every[: 12 - n]
        hints = {} if n < 8 else {"q7": ONE.exercise("q7").mistakes[0].hint}
        own = result(f"s{n:02d}", right, hints, TEXTS[n - 1] if n <= len(TEXTS) else "")
        own.lang = "zh" if n == 4 else "en"
        report.add(own)
    first = result("s01", every[:3], {"q4": hint}, when=-1.0, file="old.ipynb")
    report.add(first)
    report.add(Result("s12", "", "1", "missing", out_of=ONE.points, who="s12"))
    report.close()
    names = {f"s{n:02d}": {2: "李四", 3: "Ada Lovelace"}.get(n, "") for n in range(1, 13)}
    how = {"names": names, "counts": "best", "right_answers": False}
    write_csv(tmp_path / "gradebook.csv", Book.read(tmp_path, how).rows())
    return tmp_path


# ---- the page about the class ----------------------------------------------------------------


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_page_about_a_class_counts_and_names_nobody(folder, lang):
    write_class_page(folder, Book.read(folder), lang)
    page = (folder / "class.html").read_text(encoding="utf-8")
    assert f'lang="{lang}"' in page and "<svg" in page
    assert {*re.findall(r"https?://[^/\"]+", page)} <= {"http://www.w3.org"}, "names of XML alone"
    assert not re.search(r"s\d\d\b", page) and "李四" not in page
    rows = {row[0]: row[1:] for row in table_rows(page) if len(row) == 5}
    first = rows[ONE.exercise("q1").title(lang)]
    # eleven were graded, and all had exercise 1 right
    assert first[0].startswith("100") and first[1] == "–" and first[2] == "1" and first[3] == "–"
    # exercise 7 is the last thing that four gave, and a usual mistake; its public check passed
    seventh = rows[ONE.exercise("q7").title(lang)]
    assert seventh[3] == "4"
    hint = words.gettext(ONE.exercise("q7").mistakes[0].hint, lang)
    assert [ONE.exercise("q7").title(lang), "4", hint] in table_rows(page)
    write_class_page(folder, Book.read(folder), lang, names=True)
    assert "s08, s09, s10, s11" in (folder / "class.html").read_text(encoding="utf-8")


def table_rows(page):
    cells = r"<t[hd][^>]*>(.*?)</t[hd]>"
    return [re.findall(cells, row) for row in re.findall(r"<tr>(.*?)</tr>", page)]


def test_tries_are_the_hand_ins_until_it_was_right(folder):
    """s01 had the first three right at once, and the others in the second hand-in."""
    write_class_page(folder, Book.read(folder), "en")
    page = (folder / "class.html").read_text(encoding="utf-8")
    tries = {row[0]: row[3] for row in table_rows(page) if len(row) == 5}
    titles = [task.title("en") for task in ONE.exercises.values()]
    assert [tries[title] for title in titles] == ["1"] * 3 + ["2"] * 5


def test_an_exercise_that_only_the_strong_get_right_tells_them_apart(folder):
    write_class_page(folder, Book.read(folder), "en")
    page = (folder / "class.html").read_text(encoding="utf-8")
    apart = {row[0]: row[2] for row in table_rows(page) if len(row) == 5}
    value, low, high = map(float, re.findall(r"\d\.\d+", apart[ONE.exercise("q5").title("en")]))
    assert 0 < low < value < high <= 1


def test_a_name_that_no_file_takes_stops_no_page(folder):
    report = Report(folder / "lesson-1")
    report.results = report.earlier()
    report.add(result("\ud800", ["q1"]))
    book = Book.read(folder, {"names": {}, "counts": "best", "right_answers": False})
    write_class_page(folder, book, "en", names=True)
    assert "\\ud800" in (folder / "class.html").read_text(encoding="utf-8")


# ---- answers in words ------------------------------------------------------------------------

desk_of = pytest.importorskip("minelib.workbench.grading.desk", reason="tornado is not installed")


def marked(folder):
    """Points in table and gradebook, by student."""
    tables = []
    for name in ("lesson-1/grades.csv", "gradebook.csv"):
        text = (folder / name).read_text(encoding="utf-8-sig")
        tables.append({row["student"]: row for row in csv.DictReader(io.StringIO(text))})
    return tables


def asked_for(desk):
    """Where the reason of exercise 8 stands among the questions, and its answers."""
    at = next(n for n, (_r, q, _a) in enumerate(desk._asked) if q.answer == "my_reason")
    return at, [r.student for r in desk._asked[at][2]]


def test_a_mark_goes_into_everything_at_once_and_is_there_after_the_end(folder):
    desk = desk_of.Desk(folder, "en")
    asked, students = asked_for(desk)
    assert students == ["s01", "s02", "s03", "s04"]
    desk.give(asked, 0, 2)
    for _each in range(2):  # and again after everything was closed
        table, book = marked(folder)
        # beside the points of the checks, for those with a text and without
        assert float(table["s01"]["points"]) == ONE.points + 2 == float(book["s01"]["lesson-1"])
        assert float(table["s01"]["out_of"]) == ONE.points + 3 == float(book["s02"]["out_of"])
        assert float(table["s01"]["q8"]) == ONE.exercise("q8").points + 2
        desk = desk_of.Desk(folder, "zh")
        assert (
            desk._asked[asked][0].marks.of(
                desk._asked[asked][2][0], questions("1", "zh")["my_reason"]
            )
            == 2
        )
    page = (folder / "lesson-1/feedback/s01.html").read_text(encoding="utf-8")
    assert "In words: 2 of 3." in page
    desk.give(asked, 0, None)  # taken back: the question counts no more
    assert float(marked(folder)[0]["s01"]["out_of"]) == ONE.points


def test_a_mark_belongs_to_its_text(folder):
    desk = desk_of.Desk(folder, "en")
    asked, _students = asked_for(desk)
    desk.give(asked, 0, 3)
    desk.give(asked, 1, 1)
    report = Report(folder / "lesson-1")
    report.results = report.earlier()
    report.add(result("s01", list(ONE.exercises), text="Another text.", when=5.0))
    points = {r.student: r.points for r in report.in_order()}
    assert points["s01"] == ONE.points and points["s02"] == ONE.points + 1


def test_a_torn_line_costs_no_mark(folder):
    desk = desk_of.Desk(folder, "en")
    asked, _students = asked_for(desk)
    desk.give(asked, 0, 3)
    with (folder / "marks.jsonl").open("a") as file:
        file.write('["1", "my_rea')  # the power went
    desk = desk_of.Desk(folder, "en")
    desk.give(asked, 1, 1)
    lines = (folder / "marks.jsonl").read_text().splitlines()
    assert len(lines) == 3 and json.loads(lines[-1])[-1] == 1
    assert float(marked(folder)[0]["s01"]["points"]) == ONE.points + 3


def test_the_page_has_all_answers_without_names_and_near_equal_ones_together(folder):
    page = desk_of.Desk(folder, "zh").page()
    assert 'lang="zh"' in page and not re.search(r"s0\d|李四|Lovelace", page)
    groups = [sorted(group) for group in desk_of.beside(TEXTS)]
    assert sorted(groups) == [[0, 1], [2], [3]]
    assert desk_of.beside([]) == [] and desk_of.beside([""]) == [[0]]


def test_what_a_student_wrote_cannot_run_on_the_teacher_s_page(folder):
    report = Report(folder / "lesson-1")
    report.results = report.earlier()
    report.add(result("s05", text="</script><script>alert(1)</script> and more words here"))
    page = desk_of.Desk(folder, "en").page()
    assert "<script>alert" not in page and "alert(1)" in page


@asynccontextmanager
async def served(desk):
    addresses = []
    task = asyncio.create_task(desk_of.serve(desk, addresses.append))
    while not addresses:
        await asyncio.sleep(0.01)
    try:
        yield addresses[0]
    finally:
        task.cancel()


def ask(address, data=None, host=None):
    request = urllib.request.Request(address, data and json.dumps(data).encode())
    if host:
        request.add_header("Host", host)
    try:
        with urllib.request.urlopen(request) as reply:
            return reply.status, reply.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, ""


def test_the_server_answers_this_computer_alone_and_fast(folder):
    desk = desk_of.Desk(folder, "en")
    asked, _students = asked_for(desk)

    async def visit():
        async with served(desk) as address:
            status, page = await asyncio.to_thread(ask, address)
            assert status == 200 and TEXTS[0][:20] in page
            root = address[: address.index("/", 8) + 1]
            assert (await asyncio.to_thread(ask, root))[0] == 404, "without the word"
            assert (await asyncio.to_thread(ask, address, None, "evil.example:80"))[0] == 404
            port = re.search(r":(\d+)/", address)[1]
            rebound = await asyncio.to_thread(ask, address, None, f"evil.example:{port}")
            assert rebound[0] == 404
            mark = {"asked": asked, "answer": 0, "points": 3}
            for wrong in (7, -1, "3", [1]):
                bad = await asyncio.to_thread(ask, address, {**mark, "points": wrong})
                assert bad[0] == 400
            assert (await asyncio.to_thread(ask, address, {**mark, "answer": 99}))[0] == 400
            assert (await asyncio.to_thread(ask, address, {"mark": 1}))[0] == 400
            took = []
            for points in (1, 2, 3):
                begun = time.thread_time()
                desk.give(asked, 0, points)
                took.append(time.thread_time() - begun)
                reply = await asyncio.to_thread(ask, address, {**mark, "points": points})
                assert reply[0] == 200
            return min(took)

    # of computing, so that a busy machine fails nothing; the disk adds a few milliseconds
    assert asyncio.run(visit()) < 0.1
    assert float(marked(folder)[0]["s01"]["points"]) == ONE.points + 3


def test_what_cannot_be_marked_is_a_sentence(tmp_path, folder):
    with pytest.raises(BadInput, match="Nothing has been graded"):
        desk_of.Desk(tmp_path / "none")
    for path in (folder / "lesson-1").glob("graded.jsonl"):
        path.write_text("")
    with pytest.raises(BadInput, match="nobody has answered"):
        desk_of.Desk(folder)


# ---- the school's own files --------------------------------------------------------------------

WORKSHEET = (
    "Identifier,Full name,ID number,Email address,Status,Grade,Maximum Grade,Grade can be changed,"
    "Last modified (submission),Last modified (grade),Feedback comments\r\n"
)
CANVAS = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Lesson 1: noise (812),Essay (813),Current Score\n"
    "    Points Possible,,,,,8.00,10.00,(read only)\n"
)


def school_file(folder, content, encoding="utf-8-sig", name="school.csv"):
    path = folder / name
    path.write_bytes(content.encode(encoding))
    return path


def filled(folder, kind, path, encoding="utf-8-sig", **how):
    target, said = export(Book.read(folder), kind, path, folder, "1")
    text = target.read_bytes().decode(encoding)
    return list(csv.reader(io.StringIO(text), **how)), said, target


def test_moodle_s_grading_worksheet_is_filled_and_nothing_else_in_it_changes(folder):
    lines = [
        f'Participant {900 + n},"Student, {n}",s{n:02d},s{n}@example.org,Submitted,,100.00,Yes,'
        f'"Sunday, 29 November 2026, 3:00 PM",-,\r\n'
        for n in range(1, 14)
    ]
    path = school_file(folder, WORKSHEET + "".join(lines))
    before = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
    rows, said, target = filled(folder, "moodle", path)
    assert target.name == "moodle-school.csv" and target.read_bytes()[:3] == b"\xef\xbb\xbf"
    marks = {row[2]: row[5] for row in rows[1:]}
    points = {r.student: r.points for r in Book.read(folder).lessons["1"].values()}
    assert float(marks["s01"]) == 100 and marks["s12"] == marks["s13"] == ""
    for student in (f"s{n:02d}" for n in range(1, 12)):
        assert float(marks[student]) == pytest.approx(100 * points[student] / ONE.points, abs=0.01)
    for row, own in zip(rows, before, strict=True):
        assert row[:5] + row[6:] == own[:5] + own[6:]
    assert "Marks written: 12 students" in said
    # as the platform reads it: UTF-8, commas, and an end of line that it wrote itself
    assert b"\r\n" in target.read_bytes() and path.read_bytes().count(b"\n") == len(rows)
    # what was filled can be filled again
    again, _said, _target = filled(folder, "moodle", target)
    assert again == rows


def test_moodle_s_chinese_worksheet_with_a_comma_in_its_numbers(folder):
    head = "识别码,全名,ID号码,邮箱地址,状态,成绩,最高成绩,允许更改成绩,最后修改时间（成绩）\n"
    path = school_file(folder, head + '用户1,李四,,a@b.cn,已提交,,"20,00",是,-\n', "utf-8")
    rows, _said, _target = filled(folder, "moodle", path, "utf-8")
    assert rows[1][5] == "20" and rows[1][1] == "李四", "found by name, where no id is known"


def test_moodle_s_grade_export_gets_every_lesson_and_no_new_column(folder):
    head = (
        '"First name","Last name","ID number",Institution,"Email address",'
        '"Assignment: 第一课 (Real)",'
        '"Assignment: 第一课 (Feedback)","Assignment: Lesson 12 (Real)","Course total (Real)",'
        '"Last downloaded from this course"\n'
    )
    path = school_file(folder, head + "Ada,Lovelace,,U,a@b.c,-,,-,-,1764400000\n", "utf-8")
    rows, _said, _target = filled(folder, "moodle", path, "utf-8")
    assert rows[1] == ["Ada", "Lovelace", "", "U", "a@b.c", "16", "", "-", "-", "1764400000"]
    path = school_file(folder, "ID number,Quiz\ns01,\n")
    with pytest.raises(BadInput, match="no column for lesson 1"):
        export(Book.read(folder), "moodle", path, folder, "1")


def test_canvas_gets_its_assignment_or_a_new_column_before_its_own(folder):
    body = "".join(f'"Lovelace, A{n}",{n + 5},s{n:02d},l{n},A,,7.00,70.0\n' for n in range(1, 13))
    rows, said, _target = filled(folder, "canvas", school_file(folder, CANVAS + body))
    assert rows[0] == next(csv.reader([CANVAS.splitlines()[0]]))
    assert rows[1][0] == "    Points Possible" and rows[1][5] == "8.00"
    marks = {row[2]: row[5] for row in rows[2:]}
    # the column with most of the class is SIS User ID, not Canvas's own numbers
    assert marks["s01"] == "8" and marks["s12"] == "" and all(row[6] == "7.00" for row in rows[2:])
    other = CANVAS.replace("Lesson 1: noise (812)", "Quiz (812)") + body
    rows, said, _target = filled(folder, "canvas", school_file(folder, other))
    assert rows[0][5:] == ["Quiz (812)", "Essay (813)", "Lesson 1", "Current Score"]
    assert [row[7] for row in rows[1:4]] == ["16", "16", "16"] and rows[1][8] == "(read only)"
    assert "Not in the file" not in said


def test_who_is_not_in_the_file_is_said(folder):
    path = school_file(folder, WORKSHEET + "P 1,X,s01,,S,,10.00,Yes,-,-,\r\n")
    _rows, said, _target = filled(folder, "moodle", path)
    assert said.endswith("s02, s03, s04, s05, s06, s07, s08, s09, s10, s11, s12.")


def test_files_that_cannot_be_filled_are_refused_with_a_sentence(folder):
    for content, why in (
        (WORKSHEET + "P 1,X,zz,,S,,10.00,Yes,-,-,\r\n", "names nobody of the class"),
        ("", "no table"),
        ('a,b\n1,2,3\n"x', "no table"),
    ):
        path = school_file(folder, content, "utf-8", "bad.csv")
        with pytest.raises(BadInput, match=why):
            export(Book.read(folder), "moodle", path, folder, "1")
    assert not (folder / "moodle-bad.csv").exists()
    with pytest.raises(BadInput, match="cannot be read"):
        export(Book.read(folder), "canvas", folder / "none.csv", folder, "1")
    with pytest.raises(ValueError, match="moodle"):
        export(Book.read(folder), "excess", folder / "x.csv", folder, "1")


def test_the_gradebook_for_spreadsheets_and_plain(folder):
    book = Book.read(folder)
    book.students["s02"] = ("s02", "=cmd|' /C calc'!A1")
    export(book, "excel", folder / "e.csv", folder, "1")
    export(book, "plain", folder / "p.csv", folder, "1")
    safe, plain = ((folder / name).read_bytes().decode() for name in ("e.csv", "p.csv"))
    assert safe.startswith("\ufeffstudent") and "s02,'=cmd" in safe
    assert plain.startswith("student") and "s02,=cmd" in plain
