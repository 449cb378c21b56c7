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
from hypothesis import given, settings, strategies as st

import minelib as ml
from minelib import lessons
from minelib.checks import alike as compare
from minelib.display.picture import Picture
from minelib.errors import BadInput, MinelibError, UnknownName
from minelib.lessons import checks
from minelib.lessons.master import assigned, lessons_folder
from minelib.lessons.parameters import read_draws
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
    titles = [text.splitlines()[0] for text in prose if text.startswith("## ")]
    example, easy, *_middle, last, _discussion = titles
    assert example == "## Worked example"
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
            hints = {mistake.hint for mistake in lessons.lesson(number).exercise(name).mistakes}
            assert hints & {*found.messages}, hint
            caught += [hint] if hint in found.messages else []
            in_chinese = lessons.judge(number, name, wrong, student, lang="zh").messages
            assert any("\u4e00" <= c <= "\u9fff" for c in "".join(in_chinese)), hint
        if student != "":
            continue
        assert len(set(caught)) >= 2, f"at least two usual mistakes an exercise, not {caught}"


@pytest.mark.parametrize("number", NUMBERS)
def test_a_core_of_four_fits_45_minutes_and_every_exercise_asks_to_predict_first(number):
    tasks = lessons.lesson(number).exercises.values()
    assert sum(task.core for task in tasks) == 4
    assert lessons.lesson(number).minutes(core=True) <= 35, "ten go to beginning and discussion"
    assert all(task.minutes >= 3 for task in tasks)
    for task in tasks:
        for lang in LANGUAGES:
            assert task.prediction(lang), f"{task.name}: no prediction in {lang}"
        assert task.solution.startswith("# My prediction:"), f"{task.name}: no place to predict"
    asked = "".join(task.prompt for task in tasks if "why_" not in "".join(task.whys))
    assert not re.search(r"\b[Ww]hy\b", asked), "a why has a place for its answer"


@pytest.mark.parametrize("number", NUMBERS)
def test_lessons_read_tables_and_draw(number):
    """Two exercises a lesson that group, join, reshape or resample, and a figure."""
    tasks = lessons.lesson(number).exercises.values()
    verbs = (
        r"\.(groupby|merge|pivot|melt|resample|explode|join|stack)\(|pd\.(concat|crosstab|cut)\("
    )
    assert sum(bool(re.search(verbs, task.solution)) for task in tasks) >= 2
    assert sum(len(task.figures) for task in tasks) >= 1
    notebook = json.loads(lessons.lesson(number).path.read_text(encoding="utf-8"))
    tagged = [c for c in notebook["cells"] if "worked-example" in c["metadata"].get("tags", [])]
    assert any("ml.finish(" in "".join(c["source"]) for c in tagged), "the example draws"
    (listed,) = (c for c in notebook["cells"] if "## Worked example" in "".join(c["source"]))
    text = "".join(listed["source"])
    known, table = {*ml.catalog.list()["name"]} if "| table |" in text else (), ""
    for row in (line for line in text.splitlines() if line.startswith("|")):
        first, *cells = (cell.strip() for cell in row.strip("|").split("|"))
        table = first.strip("`") or table
        if table in known:
            columns = re.findall(r"`(\w+)`", cells[0])
            assert columns and {*columns} <= {*ml.load(table).columns}, (table, columns)


@pytest.mark.parametrize("number", NUMBERS)
def test_every_answer_in_words_has_a_rubric_with_an_example_of_each_level(number):
    tasks = lessons.lesson(number).exercises.values()
    prose = {"my_reason", "my_headline", "my_sentence", "my_report"}
    wanted = {a: t.name for t in tasks for a in [*t.whys, *(prose & {*t.answers})]}
    english, chinese = lessons.rubrics(number, "en"), lessons.rubrics(number, "zh")
    assert {name: rubric.exercise for name, rubric in english.items()} == wanted
    assert len([name for name in wanted if name.startswith("why_")]) >= 2
    for name, rubric in english.items():
        told = (rubric, chinese[name])
        assert [level.points for level in rubric.levels] == list(range(len(rubric.levels)))
        assert 3 <= len(rubric.levels) <= 4 and rubric.out_of == len(rubric.levels) - 1
        for one in told:
            texts = [
                one.question,
                *(t for level in one.levels for t in (level.says, level.example)),
            ]
            assert all(len(text) > 2 for text in texts) and len({*texts}) == len(texts)
            assert (one is chinese[name]) == all(re.search("[\u4e00-\u9fff]", t) for t in texts)
            for level in one.levels if name in prose else ():
                least = 25 if name in ("my_reason", "my_report") else 20
                checks.words(
                    {name: level.example}, name, least
                )  # else it were marked by the checks


@pytest.mark.parametrize("text", ["好" * 60, "很好，" * 30, "because " * 60, "yes no " * 40])
def test_what_is_only_repeated_is_no_text(text):
    with pytest.raises(checks.CheckFailed, match="too short"):
        checks.words({"my_reason": text}, "my_reason", 25)


def test_units_of_the_bounds_are_in_the_language_of_the_student():
    code = "".join(s for n, name in EXERCISES for _h, s in lessons.lesson(n).exercise(name).tests)
    units = set(re.findall(r'c\.number\(env, "\w+", [^)]*?"([^"]+)"\)', code))
    assert {"EH/s", "minutes", "percent"} <= units
    words = {unit for unit in units if unit.islower() and "/" not in unit}
    assert words <= set(checks.UNITS)
    assert all(gettext(unit, "zh") != unit for unit in words)


def test_a_usual_mistake_is_named_in_the_language_of_the_student():
    hint, wrong = lessons.usual_mistakes("1", "q5", "s01")[0]
    for lang in LANGUAGES:
        messages = lessons.judge("1", "q5", wrong, "s01", lang=lang).messages
        assert messages[-1] == gettext(hint, lang)
    public = lessons.judge("1", "q5", wrong, "s01", hidden=False)
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
    assert lessons.judge("3", "q8", own, "s01").messages == []
    wrong = pd.DataFrame({"claim": lessons.right("6", "s01")["not_supported"]})
    assert lessons.judge("6", "q3", {"not_supported": wrong}, "s01").messages == []


class Hostile:
    def __getattribute__(self, name):
        raise RuntimeError


ODD = [Hostile(), object, [[]], pd.DataFrame(), {}, b"1", float("nan"), 10**400, pd.NaT, 1j]


@pytest.mark.parametrize("which", range(len(ODD)))
@pytest.mark.parametrize(("number", "name"), [("1", "q1"), ("1", "q6"), ("3", "q1"), ("6", "q3")])
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
        path = made / lang / student / making.file_name(number, lang, student)
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
    notebook = json.loads(
        (made / lang / "solution" / making.file_name(number, lang)).read_text("utf-8")
    )
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
    with pytest.raises(BadInput, match="same id twice"):
        making.make(["1"], tmp_path, ["s01", "S01"])
    monkeypatch.setitem(__import__("sys").modules, "otter.assign", None)
    with pytest.raises(MinelibError, match="workbench"):
        making.make(["1"], tmp_path)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_files_of_a_class_can_lie_in_one_folder_and_tell_another_id(made, lang, monkeypatch):
    names = {path.name for path in (made / lang).glob("*/*.ipynb") if path.parts[-2] != "solution"}
    word = {"en": "lesson-1-{}.ipynb", "zh": "第1课-{}.ipynb"}[lang]
    assert {word.format(student) for student in ("s01", "李四")} <= names
    monkeypatch.chdir(made)
    for folder, file, known in (
        ("s01", word.format("s01"), "s01"),
        ("student", word.replace("-{}", ""), "s01 李四"),
    ):
        code = sources(json.loads((made / lang / folder / file).read_text("utf-8")))
        first = next(source for source in code if "lessons.start" in source)
        for typed, warned in (
            *((right, False) for right in (*known.split(), " S\uff10\uff11 ")),
            *(("s02", True), ("", True)),
        ):
            names = {"student": typed, "lang": lang}
            exec(first, names)
            assert ("✗" in repr(names["p"])) == warned == ("✗" in names["p"]._repr_html_()), typed
            assert vars(names["p"]) == vars(lessons.parameters("1", typed))
    import_module("minelib.words").use("en")


def test_the_model_answers_are_in_the_language(made):
    for lang in LANGUAGES:
        notebook = json.loads(
            (made / lang / "solution" / making.file_name("1", lang)).read_text("utf-8")
        )
        (code,) = (source for source in sources(notebook) if "my_reason =" in source)
        key = making.answer_key("1", "s01", lang=lang)["exercises"][-1]["answers"]["my_reason"]
        assert key in code.replace('"\n    "', "")
        assert (sum("\u4e00" <= c <= "\u9fff" for c in key) > 50) == (lang == "zh")


def told(value):
    """What makes an answer another one: its values, and the labels that they stand under."""
    if isinstance(value, Picture):
        return value.marks["y"].round(3).tolist()
    return value.to_dict() if isinstance(value, pd.Series) else compare.members(value) or value


@pytest.mark.parametrize("number", NUMBERS)
def test_a_class_has_eight_variants_of_every_exercise(number):
    """Of what is right; choices of one's own are free, and True or False alone has two."""
    found = [lessons.right(number, f"202600{n:02d}") for n in range(30)]
    for task in lessons.lesson(number).exercises.values():
        fixed = [a for a in task.answers if not a.startswith("my_")]
        if all(isinstance(found[0][answer], bool) for answer in fixed):
            continue
        values = {str([told(n[a]) for a in fixed]) for n in found}
        assert len(values) >= 8, (task.name, len(values))


def test_public_checks_refuse_what_cannot_be_right():
    said = lessons.judge("6", "q3", {"not_supported": ["禁令"]}, hidden=False).messages
    assert "禁令" in said[0] and "key" in said[0]
    numbers = (f"s{n}" for n in range(99))
    own = next(s for s in numbers if lessons.parameters("1", s).month == "2018-04")
    said = lessons.judge("1", "q1", {"rate_eh_s": 100}, own, hidden=False).messages
    assert "too large" in said[0]  # no day of 2018 reached 65 EH/s


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"kazakhstan"', '"atlantis"', "[2] place = 'atlantis': q4"),
        ('"2021-05"', '"2031-05"', "[1] month = '2031-05'"),
        ("[14, 10, 21, 28]", '["14", 10]', "[1] window: '14' must be a whole number, like 14"),
        ("[14, 10, 21, 28]", "[-3]", "[1] window = -3"),
        ("0.95", "1.5", "[1] level = 1.5"),
        ("[2021, 2018, 2019", "[2021, 1999, 2019", "[3] year = 1999"),
        ('["2021-05-21"', "[2021-05-21", "[4] intervention"),
        ("[14, 7, 21, 28, 35, 10]", "[true]", "[3] days: True must be a whole number"),
        ("windows", "windows", ""),
        ("window =", "windoww =", "[1] lacks the parameter window"),
        ("level =", 'mood = ["calm"]\nlevel =', "[1] has a parameter mood"),
        ("[6]", "[66]", "[66] is no lesson"),
        ('salt = ""', "salt = [1]", "salt must be text"),
        ("salt", "\ufeffsalt", ""),
        ("[14, 10, 21, 28]", "[5]", ""),
    ],
)
def test_lists_of_a_teacher_are_tried_before_anything_is_written(tmp_path, old, new, said):
    text = Path(lessons_folder(), "parameters.toml").read_text(encoding="utf-8")
    own = tmp_path / "own.toml"
    own.write_text(text.replace(old, new, 1), encoding="utf-8")
    if not said:
        lessons.check_draws(own, NUMBERS, ["s01", "s02"])
        return
    with pytest.raises(BadInput) as refused:
        making.make(output=tmp_path / "out", draws=own)
    assert said in str(refused.value) and "own.toml" in str(refused.value)
    assert not (tmp_path / "out").exists()
    with pytest.raises(BadInput):
        for number in NUMBERS:
            making.answer_key(number, "s01", own)


def test_the_range_of_many_values_is_from_the_lowest_to_the_highest():
    said = making.in_words(pd.Series([-4.1, -25.0, 9.0, 2.9, 1, 1, 1], range(7)), "en")
    assert said == "7 values, the lowest -25, the highest 9"


def test_days_that_label_values_are_written_without_their_hour():
    weeks = pd.Series([1107, 1024], pd.to_datetime(["2020-09-13", "2020-09-27"]))
    assert making.in_words(weeks, "en") == "2020-09-13: 1107, 2020-09-27: 1024"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_teacher_s_key_has_every_answer_and_hint(lang):
    for number in NUMBERS:
        found = making.answer_key(number, "s02", lang=lang)
        for part, task in zip(
            found["exercises"], lessons.lesson(number).exercises.values(), strict=True
        ):
            asked = [*task.answers, *task.whys]
            assert list(part["answers"]) == asked and all(part["answers"].values())
            assert part["mistakes"] == [gettext(m.hint, lang) for m in task.mistakes]


def test_masters_travel_with_the_package():
    assert Path(lessons_folder(), "parameters.toml").is_file()


def test_a_parameter_file_of_one_endless_key_is_refused_before_it_is_parsed(tmp_path):
    path = tmp_path / "parameters.toml"
    path.write_text(".".join("a" * 100_000) + " = 1", encoding="utf-8")
    with pytest.raises(BadInput, match="too large"):
        read_draws(path)
    path.write_text("[1]", encoding="utf-16")
    with pytest.raises(BadInput, match="cannot be read: save them as UTF-8"):
        read_draws(path)
    with pytest.raises(BadInput, match="cannot be read: No such file or directory$"):
        read_draws(tmp_path / "none.toml")
