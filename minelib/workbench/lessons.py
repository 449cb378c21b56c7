# SPDX-License-Identifier: MIT
"""For the teacher: notebooks for a class, made with otter-grader, and what is right in them."""

import copy
import itertools
import json
import re
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from minelib.checks import language
from minelib.checks.alike import as_series, is_numeric, kind
from minelib.checks.door import Lang, Names, Numbers, Whole, door
from minelib.declared import sentences
from minelib.lessons.master import KINDS, lesson, lesson_numbers, plain
from minelib.lessons.parameters import FILE, parameters
from minelib.lessons.reference import right, run
from minelib.lessons.student import fingerprint
from minelib.lessons.values import check_draws
from minelib.words import LANGUAGES, gettext as _, number as in_digits
from minelib.workbench.class_list import check_ids, read_class
from minelib.workbench.libraries import need
from minelib.workbench.runs.folders import writing
from minelib.workbench.translation import translated, with_own_words

__all__ = ["answer_key", "make", "read_class"]

_say = sentences(__file__)
_STUDENT = re.compile(r'^student = ".*"$', re.MULTILINE)
_START = re.compile(r"(lessons\.start\([^()]*)\)")


def make(
    numbers: Names | Numbers | None = None,
    output: str | Path = "lessons",
    students: Names = (),
    langs: Names = LANGUAGES,
    draws: str | Path | None = None,
    progress: Callable | None = None,
) -> list[Path]:
    """Write student and solution versions.

    Parameters
    ----------
    numbers : list of str or None
        Lessons; None for all.
    output : path-like
        ``output/<lang>/student/lesson-1.ipynb`` asks for the id;
        ``output/<lang>/<student>/lesson-1-<student>.ipynb`` is for each student;
        ``output/<lang>/solution/lesson-1.ipynb`` for the teacher. In Chinese they are called
        ``第1课.ipynb``.
    students : list of str
        Student ids. The version that asks for the id then knows them, and says so in the notebook
        when another is typed.
    langs : sequence of str
    draws : path-like or None
        A teacher's own ``parameters.toml``; it is laid beside the notebooks.
    progress : callable or None
        Called with one line per lesson.

    Returns
    -------
    list of pathlib.Path
        What was written.

    Raises
    ------
    UnknownName
        A lesson or language there is not.
    BadInput
        Ids that cannot name a folder, or parameters with which a lesson cannot be solved.
    MinelibError
        otter-grader is not installed, or the folder cannot be written.
    """
    wanted = [lesson(str(n)).number for n in (numbers or lesson_numbers())]
    ids = [str(student) for student in students]
    check_ids(ids)
    check_draws(draws, wanted, ids)
    written = []
    with writing(output):
        for lang, number in itertools.product([language(each) for each in langs], wanted):
            for version, notebook in _assign(number, lang).items():
                for student in ["", *ids] if version == "student" else [""]:
                    folder = Path(output, lang, student or version)
                    folder.mkdir(parents=True, exist_ok=True)
                    written.append(folder / file_name(number, lang, student))
                    text = json.dumps(_for(notebook, student, ids), ensure_ascii=False, indent=1)
                    written[-1].write_text(text + "\n", encoding="utf-8")
                    if draws is not None:
                        file = Path(draws, FILE) if Path(draws).is_dir() else draws
                        shutil.copyfile(file, folder / FILE)
            if progress:
                progress(f"{lang}/lesson-{number}")
    return written


def file_name(number: str | int, lang: str = "en", student: str = "") -> str:
    """Name of a lesson's notebook, so that those of a class can lie in one folder.

    Examples
    --------
    >>> file_name(1, "en", "20260001"), file_name(1, "zh")
    ('lesson-1-20260001.ipynb', '第1课.ipynb')
    """
    stem = _say("lesson", lang, number=number)
    return f"{stem}-{student}.ipynb" if student else f"{stem}.ipynb"


def _for(notebook, student, known=()):
    """The notebook of a student, or of a class whose ids are known."""
    notebook = copy.deepcopy(notebook)
    notebook["metadata"]["minelib"]["student"] = student
    line = f"student = {json.dumps(student, ensure_ascii=False)}"
    prints = " ".join(fingerprint(each) for each in [student] * bool(student) or known)
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        if "parameters" in cell["metadata"].get("tags", []):
            cell["source"] = _STUDENT.sub(lambda _old: line, source, count=1)
        elif prints and cell["cell_type"] == "code":
            cell["source"] = _START.sub(rf'\1, known="{prints}")', source, count=1)
    return notebook


def _assign(number, lang):
    """Student and solution version of one lesson in one language, by ``otter assign``."""
    need("otter.assign")
    from otter.assign import main as assign

    master = translated(json.loads(lesson(number).path.read_text(encoding="utf-8")), lang)
    _say_times(master["cells"], lesson(number), lang)
    tagged = [c for c in master["cells"] if set(c["metadata"].get("tags", [])) & set(KINDS)]
    master["cells"] = [c for c in master["cells"] if c not in tagged]
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch, f"lesson-{number}.ipynb")
        path.write_text(json.dumps(master), encoding="utf-8")
        assign(str(path), str(Path(scratch, "out")), no_pdfs=True, no_run_tests=True)
        found = {}
        for kind, folder in (("student", "student"), ("solution", "autograder")):
            file = Path(scratch, "out", folder, path.name)
            notebook = json.loads(file.read_text(encoding="utf-8"))
            for n, cell in enumerate(notebook["cells"], 1):  # otter makes new ids at random
                cell["id"] = f"lesson-{number}-{n:02d}"
                if cell["cell_type"] == "code":
                    cell["source"] = plain("".join(cell["source"]))
            notebook["metadata"] = {
                "kernelspec": master["metadata"]["kernelspec"],
                "language_info": {"name": "python"},
                "minelib": {"lesson": number, "lang": lang, "version": kind},
            }
            found[kind] = notebook
    return found


def _say_times(cells, one, lang):
    """How long the lesson takes goes under its title, and that of an exercise under its own."""
    texts = [_say("whole", lang, core=one.minutes(core=True), every=one.minutes())]
    for task in one.exercises.values():
        texts.append(_say("core" if task.core else "rest", lang, minutes=task.minutes))
    headed = {one.title(lang), *(task.title(lang) for task in one.exercises.values())}
    for cell in (c for c in cells if c["cell_type"] == "markdown"):
        title, _line, rest = cell["source"].partition("\n")
        if title.lstrip("# ") in headed:
            cell["source"] = f"{title}\n\n*{texts.pop(0)}*\n{rest}"


def answer_key(
    number: str | Whole,
    student: str | Whole = "",
    draws: str | Path | None = None,
    lang: Lang | None = None,
) -> dict[str, Any]:
    """Answers and usual mistakes of one lesson.

    Parameters
    ----------
    number : str or int
        Of the lesson.
    student : str
        Whose numbers; empty for those of an empty id.
    draws : path-like or None
        A teacher's own ``parameters.toml``.
    lang : str or None

    Returns
    -------
    dict
        ``title``, ``parameters`` (dict), and ``exercises``: a list of dicts with ``name``,
        ``title``, ``points``, ``answers`` (text by name) and ``mistakes`` (list of hints).

    Examples
    --------
    >>> answer_key("1", "s01", lang="en")["exercises"][2]["title"]
    '3. From days to weeks (medium)'
    """
    one = lesson(number)
    check_draws(draws, [one.number])
    names = right(one.number, student, draws)
    for task in one.exercises.values():  # its sentences in the language
        if task.whys or any(answer.startswith("my_") for answer in task.answers):
            run(with_own_words(task.solution, language(lang)), names)
    exercises = [
        {
            "name": task.name,
            "title": task.title(lang),
            "points": task.points,
            "answers": {a: in_words(names[a], lang) for a in [*task.answers, *task.whys]},
            "mistakes": [_(mistake.hint, lang) for mistake in task.mistakes],
        }
        for task in one.exercises.values()
    ]
    own = vars(parameters(one.number, student, draws))
    return {"title": one.title(lang), "parameters": own, "exercises": exercises}


def in_words(value: Any, lang: str | None = None) -> str:
    """An answer on one line.

    Examples
    --------
    >>> in_words(2.34567, "en"), in_words(["a", "b"], "en")
    ('2.346', 'a, b')
    """
    what = kind(value)
    if what == "number":
        return f"{float(value):.4g}" if float(value) != int(value) else str(int(value))
    if what == "date":
        return f"{value:%Y-%m-%d}"
    if hasattr(value, "drawn"):  # a picture
        return _say("figure", lang, count=in_digits(len(value.marks)))
    series = as_series(value) if what == "series" else None
    if series is not None and len(series) > 6:
        numeric = is_numeric(series)
        ends = series.agg(["min", "max"]) if numeric else series.iloc[[0, -1]]
        first, last = (in_words(v, lang) for v in ends)
        says = "range" if numeric else "ends"
        return _say(says, lang, count=in_digits(len(series)), first=first, last=last)
    if series is not None and not isinstance(value, (list, tuple)):
        return ", ".join(f"{in_words(n, lang)}: {in_words(v, lang)}" for n, v in series.items())
    if what in ("series", "set"):
        return ", ".join(map(str, value))
    return str(value)


door(globals())
