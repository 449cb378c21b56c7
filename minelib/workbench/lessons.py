# SPDX-License-Identifier: MIT
"""For the teacher: notebooks for a class, made with otter-grader, and what is right in them."""

import copy
import csv
import itertools
import json
import re
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from minelib.checks import language
from minelib.checks.door import Lang, Names, Numbers, Whole, door
from minelib.errors import BadInput
from minelib.lessons.compare import as_series, kind
from minelib.lessons.master import KINDS, lesson, lesson_numbers, plain
from minelib.lessons.parameters import FILE, parameters, read_draws
from minelib.lessons.reference import right
from minelib.words import LANGUAGES
from minelib.words import gettext as _
from minelib.workbench.libraries import need
from minelib.workbench.translation import translated

__all__ = ["answer_key", "make", "read_class"]

_STUDENT = re.compile(r'^student = ".*"$', re.MULTILINE)


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
        ``output/<lang>/student/lesson-1.ipynb`` for a class without ids, or
        ``output/<lang>/<student>/lesson-1.ipynb`` for each student;
        ``output/<lang>/solution/lesson-1.ipynb`` for the teacher.
    students : list of str
        Student ids; empty for one version that asks for the id.
    langs : sequence of str
    draws : path-like or None
        A teacher's own ``parameters.toml``; it is laid beside the notebooks.
    progress : callable or None
        Called with one line a lesson.

    Returns
    -------
    list of pathlib.Path
        What was written.

    Raises
    ------
    UnknownName
        A lesson or language there is not.
    BadInput
        Ids that cannot name a folder.
    MinelibError
        otter-grader is not installed.
    """
    wanted = [lesson(str(n)).number for n in (numbers or lesson_numbers())]
    for student in students:
        if not student.strip() or set('/\\:*?"<>|') & set(student) or student[0] == ".":
            raise BadInput(_("{student!r} cannot be a student id.").format(student=student))
    read_draws(draws)
    written = []
    for lang, number in itertools.product(map(language, langs), wanted):
        for version, notebook in _assign(number, lang).items():
            for student in students if version == "student" and students else [""]:
                folder = Path(output, lang, student or version)
                folder.mkdir(parents=True, exist_ok=True)
                written.append(folder / f"lesson-{number}.ipynb")
                text = json.dumps(_for(notebook, student), ensure_ascii=False, indent=1)
                written[-1].write_text(text + "\n", encoding="utf-8")
                if draws is not None:
                    file = Path(draws, FILE) if Path(draws).is_dir() else draws
                    shutil.copyfile(file, folder / FILE)
        if progress:
            progress(f"{lang}/lesson-{number}")
    return written


def read_class(path: str | Path) -> list[str]:
    """Student ids from a file: a CSV with a column ``student``, or one id a line.

    Raises
    ------
    BadInput
        A file that cannot be read, or the same id twice.
    """
    try:
        raw = Path(path).read_bytes()
    except OSError as error:
        raise BadInput(_("{file} cannot be read: {error}").format(file=path, error=error)) from None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("gb18030", "replace")
    rows = [[cell.strip() for cell in row] for row in csv.reader(text.splitlines())]
    rows = [row for row in rows if any(row)]
    heads = [cell.casefold() for cell in rows[0]] if rows else []
    column = next((heads.index(h) for h in ("student", "id", "学号") if h in heads), None)
    ids = ["".join(row[column or 0 :][:1]) for row in rows[column is not None :]]
    twice = {i for i in ids if ids.count(i) > 1 or not i}
    if twice or not ids:
        sentence = _("{file} must name each student once; twice or empty: {ids}")
        raise BadInput(sentence.format(file=path, ids=", ".join(sorted(twice)) or "–"))
    return ids


def _for(notebook, student):
    notebook = copy.deepcopy(notebook)
    notebook["metadata"]["minelib"]["student"] = student
    line = f"student = {json.dumps(student, ensure_ascii=False)}"
    for cell in notebook["cells"]:
        if "parameters" in cell["metadata"].get("tags", []):
            cell["source"] = _STUDENT.sub(lambda _old: line, "".join(cell["source"]), count=1)
    return notebook


def _assign(number, lang):
    """Student and solution version of one lesson in one language, by ``otter assign``."""
    need("otter.assign")
    from otter.assign import main as assign

    master = translated(json.loads(lesson(number).path.read_text(encoding="utf-8")), lang)
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
    '3. The day that stands out (easy)'
    """
    one = lesson(number)
    names = right(one.number, student, draws)
    exercises = [
        {
            "name": task.name,
            "title": _(task.prompt, lang).splitlines()[0].lstrip("# "),
            "points": task.points,
            "answers": {name: in_words(names[name], lang) for name in task.answers},
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
    series = as_series(value) if what == "series" else None
    if series is not None and len(series) > 6:
        text = _("{count} values from {first} to {last}", lang)
        ends = [in_words(v, lang) for v in (series.iloc[0], series.iloc[-1])]
        return text.format(count=len(series), first=ends[0], last=ends[1])
    if series is not None and not isinstance(value, (list, tuple)):
        return ", ".join(f"{label}: {in_words(v, lang)}" for label, v in series.items())
    if what in ("series", "set"):
        return ", ".join(map(str, value))
    return str(value)


door(globals())
