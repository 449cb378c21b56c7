# SPDX-License-Identifier: MIT
"""Lessons: solutions earn full marks, usual mistakes fail and say why, other forms are accepted."""

import json
import re
from decimal import Decimal
from importlib import import_module
from pathlib import Path

import nbformat
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from minelib import lessons
from minelib.errors import BadInput, MinelibError, UnknownName
from minelib.lessons import checks, compare
from minelib.lessons.master import assigned, lessons_folder
from minelib.lessons.reference import run
from minelib.words import LANGUAGES, gettext
from minelib.workbench import lessons as making

DOCS = Path(__file__).resolve().parents[1] / "docs"
NUMBERS = lessons.lesson_numbers()
EXERCISES = [(n, name) for n in NUMBERS for name in lessons.lesson(n).exercises]
STUDENTS = ("", "s01", "张三", "20230417")


def answers(number, name, student):
    names = lessons.right(number, student)
    return {a: names[a] for a in lessons.lesson(number).exercise(name).answers}


def test_every_lesson_is_in_the_teachers_table_and_has_six_to_ten_exercises():
    for name in ("teachers.md", "teachers.zh.md"):
        text = (DOCS / name).read_text(encoding="utf-8")
        assert re.findall(r"^\| (\d+) \|", text, re.MULTILINE) == NUMBERS, name
    for number in NUMBERS:
        assert 6 <= len(lessons.lesson(number).exercises) <= 10, f"lesson {number}: six to ten"
    taken = [a for n, name in EXERCISES for a in lessons.lesson(n).exercise(name).answers]
    own = [a for a in taken if not a.startswith("my_")]
    assert len(own) == len(set(own)), "an answer's name tells lesson and exercise"


@pytest.mark.parametrize("number", NUMBERS)
def test_masters_are_clean_and_have_aims_and_a_closing_question(number):
    path = lessons.lesson(number).path
    notebook = json.loads(path.read_text(encoding="utf-8"))
    nbformat.validate(notebook)
    ids = [c["id"] for c in notebook["cells"]]
    assert len(set(ids)) == len(ids)
    code = [c for c in notebook["cells"] if c["cell_type"] == "code"]
    assert all(c["outputs"] == [] and c["execution_count"] is None for c in code)
    prose = ["".join(c["source"]) for c in notebook["cells"] if c["cell_type"] == "markdown"]
    assert prose[0].splitlines()[0].endswith("?"), "the title asks"
    assert "You will be able to" in prose[0], "the first cell names the aims"
    assert prose[-1].startswith("## To discuss") and "?" in prose[-1], "the last cell asks"
    assert any("public checks" in text for text in prose), "a cell says how the checks work"
    easy, *_middle, last = [text.splitlines()[0] for text in prose if text.startswith("## ")][:-1]
    assert "(easy)" in easy and "(open)" in last, "the first exercise is easy, the last one open"
    for cell in code:
        if "mistake" in cell["metadata"].get("tags", []):
            assert "".join(cell["source"]).startswith("# "), f"no hint: {cell['source']}"
    for task in lessons.lesson(number).exercises.values():
        public = [source for hidden, source in task.tests if not hidden]
        assert public and not any("c.same(" in source for source in public), (
            f"{task.name}: a check of the value begins with # HIDDEN"
        )


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("student", STUDENTS)
def test_solutions_earn_full_marks_for_every_student(number, student):
    for name, task in lessons.lesson(number).exercises.items():
        given_answers = answers(number, name, student)
        assert lessons.judge(number, name, given_answers, student).messages == []
        assert lessons.judge(number, name, given_answers, student).points == task.points
        assert lessons.judge(number, name, given_answers, student, hidden=False).ok


@pytest.mark.parametrize(("number", "name"), EXERCISES)
def test_usual_mistakes_fail_and_the_message_helps(number, name):
    for student in ("", "s01", "s02"):
        right, caught = answers(number, name, student), []
        for hint, wrong in lessons.usual_mistakes(number, name, student):
            if all(compare.agree(wrong[a], right[a]) for a in right):
                continue  # with these numbers the mistake happens to give the right answer
            found = lessons.judge(number, name, wrong, student)
            assert found.points == 0, hint
            assert any(len(message.split()) > 3 for message in found.messages), hint
            caught.append(hint)
            in_chinese = lessons.judge(number, name, wrong, student, lang="zh").messages
            assert any("\u4e00" <= c <= "\u9fff" for c in "".join(in_chinese)), hint
        if student != "":
            continue
        assert len(set(caught)) >= 2, f"at least two usual mistakes an exercise, not {caught}"


def test_units_of_the_bounds_are_in_the_language_of_the_student():
    code = "".join(s for n, name in EXERCISES for _h, s in lessons.lesson(n).exercise(name).tests)
    units = set(re.findall(r'c\.number\(env, "\w+", [^)]*?"([^"]+)"\)', code))
    assert {"EH/s", "minutes", "percent"} <= units
    words = {unit for unit in units if unit.islower() and "/" not in unit}
    assert words <= set(checks.UNITS)
    assert all(gettext(unit, "zh") != unit for unit in words)


def test_a_usual_mistake_is_named_in_the_language_of_the_student():
    hint, wrong = lessons.usual_mistakes("1", "q3", "s01")[0]
    for lang in LANGUAGES:
        messages = lessons.judge("1", "q3", wrong, "s01", lang=lang).messages
        assert messages[-1] == gettext(hint, lang)
    public = lessons.judge("1", "q3", wrong, "s01", hidden=False)
    assert not public.ok and public.messages == [hint]


@pytest.mark.parametrize(("number", "name"), EXERCISES)
def test_other_forms_of_the_right_answer_are_accepted(number, name):
    task = lessons.lesson(number).exercise(name)
    for code in task.equivalents:
        names = run(code, dict(lessons.right(number, "s01")))
        found = lessons.judge(number, name, {a: names[a] for a in task.answers}, "s01")
        assert found.points == task.points, (code, found.messages)


def test_missing_and_untouched_answers_are_told_apart():
    assert "no variable" in lessons.judge("1", "q1", {}).messages[0]
    renamed = lessons.judge("1", "q1", {"rate_ehs": 3.0}).messages[0]
    assert "rate_ehs" in renamed and "rename" in renamed
    assert "three dots" in lessons.judge("1", "q1", {"rate_eh_s": ...}).messages[0]
    assert "None" in lessons.judge("1", "q1", {"rate_eh_s": None}).messages[0]
    assert "without quotes" in lessons.judge("1", "q1", {"rate_eh_s": "85"}).messages[0]
    span = lessons.judge("6", "q6", {"days_later": pd.Timedelta(days=3)}).messages[0]
    assert ".days" in span


def test_keys_and_containers_may_be_written_in_other_ways():
    right = lessons.right("3", "s01")
    own = {"my_event": " Three-Assoc", "my_reason": right["my_reason"]}
    day = right["ml"].load("events").set_index("event").loc["three_assoc", "date"]
    own["my_days"] = Decimal((pd.Timestamp("2021-06-18") - day).days)
    assert lessons.judge("3", "q7", own, "s01").messages == []
    top = pd.DataFrame({"place": lessons.right("2", "s01")["top_three"]})
    assert lessons.judge("2", "q2", {"top_three": top}, "s01").messages == []


class Hostile:
    def __getattribute__(self, name):
        raise RuntimeError


ODD = [Hostile(), object, [[]], pd.DataFrame(), {}, b"1", float("nan"), 10**400, pd.NaT, 1j]


@pytest.mark.parametrize("which", range(len(ODD)))
@pytest.mark.parametrize(("number", "name"), [("1", "q1"), ("1", "q3"), ("1", "q6"), ("2", "q2")])
def test_no_answer_stops_the_judging(number, name, which):
    task = lessons.lesson(number).exercise(name)
    found = lessons.judge(number, name, dict.fromkeys(task.answers, ODD[which]))
    assert found.points == 0 and found.messages


# ---- comparing -------------------------------------------------------------------------

labels = st.lists(st.text("abcdef", min_size=1, max_size=4), min_size=2, max_size=8, unique=True)


@settings(max_examples=60, deadline=None)
@given(labels, st.data())
def test_order_and_container_do_not_matter(keys, data):
    values = data.draw(st.lists(st.floats(-1e6, 1e6), min_size=len(keys), max_size=len(keys)))
    right = pd.Series(values, index=keys)
    turned = right.sort_index(ascending=False)
    assert compare.agree(turned, right)
    assert compare.agree(turned.to_dict(), right)
    assert compare.agree(turned.reset_index(), right)
    assert compare.agree(list(right), right)
    assert compare.agree(right.to_frame(), right)
    assert not compare.agree(right + 1e5 + right.abs(), right)


@settings(max_examples=60, deadline=None)
@given(st.floats(0.1, 1e9), st.sampled_from([100, 0.01, 1000, 0.001, -1]))
def test_wrong_by_a_power_of_ten_is_recognised(right, factor):
    assert not compare.agree(right * factor, right)
    words = {100: "hundred", 0.01: "hundred", 1000: "thousand", 0.001: "thousand", -1: "sign"}
    assert words[factor] in compare.guess(right * factor, right)


def test_what_is_not_a_known_mistake_is_told_where_it_is_off():
    assert "too large" in compare.guess(8, 5.0) and "too small" in compare.guess(3, 5.0)
    assert "taken twice" in compare.guess(51, 50)
    assert "upside down" in compare.guess(0.2, 5.0)
    found = compare.guess(["china", "atlantis", "lemuria"], ["china", "usa", "russia"])
    assert found == "1 of the 3 are in it; 2 do not belong."


def test_right_numbers_under_other_labels_are_not_right():
    right = pd.Series([1.0, 2.0], index=["china", "usa"])
    assert not compare.agree(pd.Series([1.0, 2.0], index=["usa", "china"]), right)
    assert not compare.agree({"russia": 1.0, "canada": 2.0}, right)


def test_numbers_dates_and_names_in_other_forms():
    assert compare.agree(np.float32(2.0), 2) and compare.agree([2], 2.0)
    assert not compare.agree(True, 1) and not compare.agree("2", 2)
    for form in (
        "2021-07-03",
        pd.Period("2021-07-03"),
        np.datetime64("2021-07-03"),
        pd.Timestamp("2021-07-03 12:00", tz="UTC").to_pydatetime(),
    ):
        assert compare.agree(form, pd.Timestamp("2021-07-03"))
    assert compare.agree({"USA", "China"}, ["china", "usa"])
    assert compare.agree("Inner Mongolia", "inner_mongolia")
    left = pd.DataFrame({"b": [2.0, 1.0], "a": ["y", "x"]}, index=[7, 8])
    assert compare.agree(left, pd.DataFrame({"a": ["x", "y"], "b": [1, 2]}))


# ---- numbers of one's own --------------------------------------------------------------


def test_numbers_are_a_student_s_own_and_the_same_everywhere():
    """The hash is fixed: these are the values that every machine must draw."""
    import hashlib

    months = lessons.draws("1")["month"]
    digest = hashlib.sha256(b"|s01|1|month").digest()  # salt, student, lesson, name
    assert (
        lessons.parameters("1", "S01 ").month
        == months[int.from_bytes(digest[:8], "big") % len(months)]
    )
    assert lessons.parameters("1").month == months[0]
    drawn = {str(lessons.parameters("1", f"s{n:02d}")) for n in range(30)}
    assert len(drawn) >= 15, "neighbours have other numbers"


def test_a_teacher_s_own_lists_are_used_and_checked(tmp_path):
    own = tmp_path / "parameters.toml"
    own.write_text('salt = "2026"\n[1]\nmonth = ["2020-05"]\nwindow = [7]\nlevel = [0.9]\n')
    assert lessons.parameters("1", "s01", own).month == "2020-05"
    assert lessons.parameters("1", "s01", tmp_path).window == 7
    with pytest.raises(UnknownName):
        lessons.parameters("2", "s01", own)
    for broken in ("[1]\nmonth = []\n", "[1\n", '[1]\nmonth = "2020-05"\n'):
        own.write_text(broken)
        with pytest.raises(BadInput, match="parameters"):
            lessons.parameters("1", "s01", own)
    with pytest.raises(BadInput):
        lessons.parameters("1", "s01", tmp_path / "none.toml")


# ---- in the notebook -------------------------------------------------------------------


def test_the_student_sees_public_checks(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    grader = lessons.start("1", "s01", "en")
    shown = grader.check("q1", answers("1", "q1", "s01"))
    assert shown.ok and "public checks passed" in repr(shown) and "grading" in shown._repr_html_()
    failed = grader.check("q1", {"rate_eh_s": "<b>"})
    assert not failed.ok and "public check did not pass" in repr(failed)
    assert "<b>" not in failed._repr_html_()
    names = {"grader": grader, "rate_eh_s": "85"}
    exec("found = grader.check('q1')", names)  # without answers: the variables of the cell
    assert "without quotes" in repr(names["found"])
    assert "公开检查" in repr(lessons.start("1", "s01", "zh").check("q1", {}))
    lessons.start("1", "s01", "en")
    with pytest.raises(UnknownName):
        grader.check("q99", {})
    with pytest.raises(UnknownName):
        lessons.start("99")
    assert vars(grader.parameters) == vars(lessons.parameters("1", "s01"))


def test_assigned_names():
    code = (
        "x, (_y) = 1, 2\ndef f():\n    inner = 3\nfor k in (1,):\n    z = k\nz['a'] = 1\nw: int = 2"
    )
    assert assigned(code) == ["x", "k", "z", "w"]
    assert assigned("x = (") == [] and assigned("x = 1\0") == []


# ---- made with otter -------------------------------------------------------------------


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    pytest.importorskip("otter", reason="the extra workbench is not installed")
    folder = tmp_path_factory.mktemp("made")
    making.make(["1", "6"], folder, ["s01", "李四"])
    return folder


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("number", ["1", "6"])
def test_student_versions_hold_no_solution(made, number, lang):
    for student in ("s01", "李四"):
        path = made / lang / student / f"lesson-{number}.ipynb"
        text = path.read_text(encoding="utf-8")
        notebook = json.loads(text)
        nbformat.validate(notebook)
        assert notebook["metadata"]["minelib"] == {
            "lesson": number,
            "lang": lang,
            "version": "student",
            "student": student,
        }
        assert not any(word in text for word in ("SOLUTION", "BEGIN", "HIDDEN", "def test"))
        for task in lessons.lesson(number).exercises.values():
            lines = [line for line in task.solution.splitlines() if len(line) > 30]
            assert not any(json.dumps(line)[1:-1] in text for line in lines)
            for mistake in task.mistakes:
                assert gettext(mistake.hint, lang) not in text
        assert f'student = "{student}"' in "\n".join(sources(notebook)) and "otter" not in sources(
            notebook
        )
        assert ("公开检查" in text) == (lang == "zh")


def sources(notebook):
    return ["".join(c["source"]) for c in notebook["cells"] if c["cell_type"] == "code"]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("number", ["1", "6"])
def test_solution_versions_run_from_top_to_bottom(made, number, lang, monkeypatch):
    monkeypatch.chdir(made)
    notebook = json.loads((made / lang / "solution" / f"lesson-{number}.ipynb").read_text("utf-8"))
    assert "SOLUTION" not in json.dumps(notebook)
    names = {}
    for source in sources(notebook):
        exec(source, names)
    checks = [names["grader"].check(q, names) for q in lessons.lesson(number).exercises]
    assert all(outcome.ok for outcome in checks)
    assert import_module("minelib.words").current() == lang
    import_module("minelib.words").use("en")


def test_making_refuses_what_it_cannot_do(tmp_path, monkeypatch):
    with pytest.raises(BadInput):
        making.make(["1"], tmp_path, ["../s01"])
    with pytest.raises(UnknownName):
        making.make(["99"], tmp_path)
    monkeypatch.setitem(__import__("sys").modules, "otter.assign", None)
    with pytest.raises(MinelibError, match="workbench"):
        making.make(["1"], tmp_path)


@pytest.mark.parametrize(
    "content",
    [b"student\ns01\ns02\n", "学号,姓名\ns01,张\ns02,李\n".encode("gb18030"), b"s01\ns02"],
)
def test_the_list_of_a_class_is_read(tmp_path, content):
    path = tmp_path / "class.csv"
    path.write_bytes(content)
    assert import_module("minelib.workbench.lessons").read_class(path) == ["s01", "s02"]
    path.write_bytes(b"student\ns01\ns01\n")
    with pytest.raises(BadInput, match="s01"):
        import_module("minelib.workbench.lessons").read_class(path)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_teacher_s_key_has_every_answer_and_hint(lang):
    for number in NUMBERS:
        found = making.answer_key(number, "s02", lang=lang)
        for part, task in zip(
            found["exercises"], lessons.lesson(number).exercises.values(), strict=True
        ):
            assert list(part["answers"]) == task.answers and all(part["answers"].values())
            assert part["mistakes"] == [gettext(m.hint, lang) for m in task.mistakes]


def test_masters_travel_with_the_package():
    assert Path(lessons_folder(), "parameters.toml").is_file()
