# SPDX-License-Identifier: MIT
"""What was handed in: find the files, read what can be read, tell whose and which lesson's."""

import ast
import contextlib
import hashlib
import json
import os
from dataclasses import dataclass, field
from pathlib import Path

from minelib.checks.door import Lang
from minelib.lessons.master import assigned, lesson, lesson_numbers

__all__ = ["Submission", "find", "read"]

LARGEST = 20 * 2**20  # bytes of a notebook, with its figures
_CODE = 10**6  # characters of its code: more would only keep the grader busy
_NOT_HANDED_IN = {"parameters.toml", "class.csv", "thumbs.db", "desktop.ini"}
_NO_FOLDERS = {".ipynb_checkpoints", "__pycache__", "__MACOSX"}


@dataclass
class Submission:
    """One file as handed in.

    ``problem`` is empty or one of ``not_a_notebook``, ``unreadable``, ``empty``, ``too_large``,
    ``missing`` (a folder with nothing in it).
    """

    path: Path
    name: str  # relative to the folder of the class
    digest: str = ""
    problem: str = ""
    cells: list = field(default_factory=list)  # sources of the code cells
    own_id: str | None = None  # as the notebook says; None when it does not
    stamped_id: str | None = None  # as it was made
    lesson: str | None = None
    lang: Lang = "en"
    twice: bool = False  # a cell occurs more than once

    @property
    def id(self) -> str:
        """The student id it bears, in the form in which ids are compared; empty without one."""
        return (self.own_id or self.stamped_id or "").strip().casefold()

    def assigned(self) -> list[list[str]]:
        """Names each cell assigns."""
        return [assigned(_without_magics(source)) for source in self.cells]


def find(folder: Path, output: Path) -> list[Path]:
    """What was handed in, by name: files, folders with nothing in them, links to elsewhere.

    The output folder and hidden files are left out.

    Parameters
    ----------
    folder, output : pathlib.Path

    Returns
    -------
    list of pathlib.Path
    """
    found: list[Path] = []
    closed: list[OSError] = []
    for parent, folders, files in os.walk(folder, onerror=closed.append):
        folders[:] = sorted(f for f in folders if f not in _NO_FOLDERS and f[0] != ".")
        folders[:] = [f for f in folders if Path(parent, f).resolve() != output.resolve()]
        links = [Path(parent, f) for f in folders if Path(parent, f).is_symlink()]
        paths = [Path(parent, f) for f in sorted(files) if _handed_in(f)]
        notebooks = [p for p in paths if p.suffix.lower() == ".ipynb"]
        if Path(parent) == Path(folder):
            found += paths + links
        elif paths or folders or Path(parent).parent != Path(folder):
            # beside a notebook in a student's folder other files are no submission of their own
            found += (notebooks or paths) + links
        else:
            found.append(Path(parent))
    return found + [Path(error.filename) for error in closed]


def _handed_in(name):
    return name[0] != "." and name.lower() not in _NOT_HANDED_IN and not name.startswith("~$")


def read(path: Path, folder: Path) -> Submission:
    """Read one file as far as it can be read; never raises.

    Parameters
    ----------
    path, folder : pathlib.Path

    Returns
    -------
    Submission
    """
    submission = Submission(path, path.relative_to(folder).as_posix())
    try:
        submission.problem = _problem_of(path)
        raw = b"" if submission.problem else path.read_bytes()
    except OSError:
        submission.problem = "unreadable"
    if submission.problem:
        return submission
    submission.digest = hashlib.sha256(raw).hexdigest()
    notebook = _parsed(raw)
    if not raw.strip():
        submission.problem = "empty"
    elif notebook is None:
        submission.problem = "not_a_notebook"
    else:
        submission.cells = list(_sources(notebook))
        if sum(map(len, submission.cells)) > _CODE:
            submission.problem, submission.cells = "too_large", []
        elif not any(source.strip() for source in submission.cells):
            submission.problem = "empty"
        _take(submission, notebook)
    return submission


def _problem_of(path):
    if path.is_dir() and not path.is_symlink():
        return "unreadable" if any(path.iterdir()) else "missing"
    if not path.is_file() or path.is_symlink():
        return "not_a_notebook"
    return "too_large" if path.stat().st_size > LARGEST else ""


def _parsed(raw):
    for encoding in ("utf-8-sig", "gb18030", "utf-16"):
        with contextlib.suppress(ValueError, RecursionError):
            notebook = json.loads(raw.decode(encoding))
            if isinstance(notebook, dict) and _cells(notebook) is not None:
                return notebook
    return None


def _cells(notebook):
    cells, sheets = notebook.get("cells"), notebook.get("worksheets")
    if cells is None and isinstance(sheets, list):  # format 3
        inside = [sheet.get("cells") for sheet in sheets if isinstance(sheet, dict)]
        cells = [cell for some in inside if isinstance(some, list) for cell in some]
    return cells if isinstance(cells, list) else None


def _sources(notebook):
    for cell in _cells(notebook):
        if isinstance(cell, dict) and cell.get("cell_type") == "code":
            source = cell.get("source", cell.get("input", ""))
            yield "".join(map(str, source)) if isinstance(source, list) else str(source)


def _take(submission, notebook):
    real = [s.strip() for s in submission.cells if s.strip()]
    submission.twice = len(set(real)) < len(real)
    metadata = notebook.get("metadata")
    own = metadata.get("minelib") if isinstance(metadata, dict) else None
    own = own if isinstance(own, dict) else {}
    if own.get("lang") in ("en", "zh"):
        submission.lang = own["lang"]
    submission.stamped_id = str(own["student"]).strip() if own.get("student") else None
    submission.own_id = _student_in(submission.cells)
    submission.lesson = _lesson_of(own.get("lesson"), submission)


def _student_in(cells):
    for source in cells:
        with contextlib.suppress(SyntaxError, ValueError, RecursionError, MemoryError):
            for node in ast.parse(_without_magics(source)).body:
                if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
                    named = [t.id for t in node.targets if isinstance(t, ast.Name)]
                    if "student" in named:
                        return str(node.value.value).strip()
    return None


def _without_magics(source):
    lines = source.splitlines()
    return "\n".join("" if line.lstrip().startswith(("%", "!")) else line for line in lines)


def _lesson_of(said, submission):
    """The lesson a notebook says it is; else the one whose answers it gives most of."""
    if said is not None and str(said) in lesson_numbers():
        return str(said)
    given = {name for names in submission.assigned() for name in names}
    hits = {n: len(given & {*lesson(n).answers}) for n in lesson_numbers()}
    best = max(hits, key=lambda number: hits[number])
    return best if hits[best] else None
