# SPDX-License-Identifier: MIT
"""Make the notebooks for a class from the masters, with otter-grader."""

import copy
import csv
import json
import re
import shutil
import tempfile
from pathlib import Path

from minelib.errors import BadInput, MinelibError
from minelib.lessons.master import KINDS, lesson, lesson_numbers, plain
from minelib.lessons.parameters import FILE, read_draws
from minelib.text import LANGUAGES, check_language
from minelib.text import gettext as _

__all__ = ["make", "read_class"]

_STUDENT = re.compile(r'^(student = ".*")$', re.MULTILINE)


class OtterMissing(MinelibError):
    """otter-grader is an extra and is not installed."""


def make(numbers=None, output="lessons", students=(), langs=LANGUAGES, draws=None, progress=None):
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
    OtterMissing
    """
    numbers = [lesson(n).number for n in (numbers or lesson_numbers())]
    for student in students:
        if not str(student).strip() or set('/\\:*?"<>|') & set(student) or student[0] == ".":
            raise BadInput(_("{student!r} cannot be a student id.").format(student=student))
    read_draws(draws)
    output, written = Path(output), []
    for lang in langs:
        check_language(lang)
        for number in numbers:
            for kind, notebook in _assign(number, lang).items():
                who = students if kind == "student" and students else [""]
                for student in who:
                    folder = output / lang / (student or kind)
                    folder.mkdir(parents=True, exist_ok=True)
                    path = folder / f"lesson-{number}.ipynb"
                    text = json.dumps(_for(notebook, student), ensure_ascii=False, indent=1)
                    path.write_text(text + "\n", encoding="utf-8")
                    if draws is not None:
                        shutil.copyfile(_file(draws), folder / FILE)
                    written.append(path)
            if progress:
                progress(f"{lang}/lesson-{number}")
    return written


def read_class(path):
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
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            rows = list(csv.reader(raw.decode(encoding).splitlines()))
            break
        except UnicodeDecodeError:
            continue
    rows = [[cell.strip() for cell in row] for row in rows if any(cell.strip() for cell in row)]
    heads = [cell.casefold() for cell in rows[0]] if rows else []
    column = next((heads.index(h) for h in ("student", "id", "学号") if h in heads), None)
    ids = [row[column or 0] for row in rows[(0 if column is None else 1) :]]
    twice = {i for i in ids if ids.count(i) > 1}
    if twice or not ids:
        raise BadInput(
            _("{file} must name each student once; twice or empty: {ids}").format(
                file=path, ids=", ".join(sorted(twice)) or "–"
            )
        )
    return ids


def _file(draws):
    path = Path(draws)
    return path / FILE if path.is_dir() else path


def _for(notebook, student):
    notebook = copy.deepcopy(notebook)
    notebook["metadata"]["minelib"]["student"] = student
    for cell in notebook["cells"]:
        if "parameters" in cell["metadata"].get("tags", []):
            before, line, after = re.split(_STUDENT, "".join(cell["source"]), maxsplit=1)
            line = f"student = {json.dumps(student, ensure_ascii=False)}"
            cell["source"] = before + line + after
    return notebook


def _assign(number, lang):
    """Student and solution version of one lesson in one language, by ``otter assign``."""
    try:
        from otter.assign import main as assign
    except ImportError:
        raise OtterMissing(
            _("Making lessons needs otter-grader: pip install 'minelib[classroom]'")
        ) from None
    from minelib.prose import translated

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
