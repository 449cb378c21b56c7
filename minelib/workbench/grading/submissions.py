# SPDX-License-Identifier: MIT
"""What was handed in: find the files, read what can be read, tell whose and which lesson's."""

import ast
import contextlib
import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from minelib.checks.door import Lang
from minelib.lessons.master import assigned, lesson, lesson_numbers
from minelib.lessons.parameters import id_key
from minelib.workbench.grading.archives import UNPACKED, unpack

LARGEST = 20 * 2**20  # bytes of a notebook, with its figures
_CODE = 10**6  # characters of its code: more would only keep the grader busy
_CELLS = 5_000  # with code
_BESIDE, _FILES_BESIDE = 50 * 2**20, 500  # bytes and number of files beside a notebook
_NESTED = 3  # zips in zips
_NOT_HANDED_IN = {"parameters.toml", "class.csv", "thumbs.db", "desktop.ini"}
_NO_FOLDERS = {".ipynb_checkpoints", "__pycache__", "__MACOSX"}


@dataclass
class Submission:
    """One file as handed in.

    ``problem`` is empty or one of ``not_a_notebook``, ``unreadable``, ``empty``, ``too_large``,
    ``missing`` (a folder with nothing in it); ``why`` is the key of its note, where
    that is another.
    """

    path: Path
    name: str  # relative to the folder of the class
    digest: str = ""
    problem: str = ""
    why: str = ""
    cells: list = field(default_factory=list)  # sources of the code cells
    numbers: list = field(default_factory=list)  # of these among all cells, as JupyterLab counts
    count: int = 0  # of all cells
    beside: dict = field(default_factory=dict)  # files of the student's folder by relative name
    when: float = 0.0  # last change, in seconds since 1970
    own_id: str | None = None  # as the notebook says; None when it does not
    stamped_id: str | None = None  # as it was made
    lesson: str | None = None
    lang: Lang = "en"
    twice: bool = False  # a cell occurs more than once

    @property
    def id(self) -> str:
        """The student id it bears, in the form in which ids are compared; empty without one."""
        return id_key(self.own_id or self.stamped_id or "")

    def place(self, cell: int) -> dict[str, int]:
        """Where a code cell stands, for a note: its number among all cells, and their count."""
        at = self.numbers[cell] if 0 <= cell < len(self.numbers) else 0
        return {"cell": at, "of": self.count}

    def assigned(self) -> list[list[str]]:
        """Names each cell assigns."""
        return [assigned(_without_magics(source)) for source in self.cells]


def find(folder: Path, output: Path) -> list[Path]:
    """What was handed in, by name: files, folders with nothing in them, links to elsewhere.

    The output folder, results of another grading and hidden files are left out.

    Parameters
    ----------
    folder, output : pathlib.Path

    Returns
    -------
    list of pathlib.Path
    """
    found: list[Path] = []
    closed: list[OSError] = []
    own: set[Path] = set()  # folders with a notebook: other files in them and below belong to it
    for parent, folders, files in os.walk(folder, onerror=closed.append):
        folders[:] = sorted(f for f in folders if f not in _NO_FOLDERS and f[0] != ".")
        folders[:] = [f for f in folders if Path(parent, f).resolve() != output.resolve()]
        folders[:] = [f for f in folders if not _of_a_grading(Path(parent, f))]
        links = [Path(parent, f) for f in folders if Path(parent, f).is_symlink()]
        paths = [Path(parent, f) for f in sorted(files) if _handed_in(f)]
        notebooks = [p for p in paths if p.suffix.lower() == ".ipynb"]
        if Path(parent) == Path(folder):
            found += paths + links
        elif notebooks or own & {*Path(parent).parents}:
            own.add(Path(parent))
            found += notebooks + links
        elif paths or folders or Path(parent).parent != Path(folder):
            found += paths + links
        else:
            found.append(Path(parent))
    return found + [Path(error.filename) for error in closed]


def _of_a_grading(folder):
    """Whether it holds a gradebook and what it was made from."""
    return os.path.isfile(folder / "gradebook.csv") and any(folder.glob("lesson-*/graded.jsonl"))


def collect(folder: Path, output: Path, place: Callable[[], Path]) -> list[Submission]:
    """Everything that was handed in, with what is in zips.

    Parameters
    ----------
    folder, output : pathlib.Path
    place : callable
        Gives the folder for what is in zips; zips in them are laid beside it.

    Returns
    -------
    list of Submission
    """
    found, zips = [], []
    for path in find(folder, output):
        zipped = path.suffix.lower() == ".zip" and path.is_file() and not path.is_symlink()
        zips.append(path) if zipped else found.append(read(path, folder))
    return found + _in_zips(zips, folder, place()) if zips else found


def _in_zips(zips, folder, scratch):
    """Submissions in zips, and zips that could not be opened."""
    found, budgets = [], {}
    scratch.mkdir(exist_ok=True)
    for depth in range(_NESTED + 1):
        for path in zips:
            target = scratch / path.relative_to(folder)
            outer = next((each for each in budgets if each in target.parents), target)
            budget = budgets.setdefault(outer, [UNPACKED])
            if depth:  # it stands where its folder shall be
                path = path.rename(scratch.with_name("zip"))
            why = "zip_nested" if depth == _NESTED else unpack(path, target, budget)
            if why:
                problem = "too_large" if why == "zip_large" else "not_a_notebook"
                name = target.relative_to(scratch).as_posix()
                found.append(Submission(path, name, problem=problem, why=why))
        inside = find(scratch, scratch / "none")
        folder = scratch
        zips = [path for path in inside if path.suffix.lower() == ".zip" and path.is_file()]
    return found + [read(path, scratch) for path in inside]


def files_beside(path: Path) -> dict[str, Path]:
    """Files in the folder of a notebook and below, by relative name: data, modules, pictures.

    Left out are notebooks, hidden files, links, the lists of numbers, and what is too much.
    """
    found: dict[str, Path] = {}
    total = 0
    for parent, folders, files in os.walk(path.parent):
        folders[:] = sorted(f for f in folders if f not in _NO_FOLDERS and f[0] != ".")
        for name in sorted(files):
            file = Path(parent, name)
            data = _handed_in(name) and not name.lower().endswith(".ipynb")
            if data and file.is_file() and not file.is_symlink():
                total += file.stat().st_size
                if total > _BESIDE or len(found) >= _FILES_BESIDE:
                    return found
                found[file.relative_to(path.parent).as_posix()] = file
    return found


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
        submission.when = path.lstat().st_mtime
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
        sources = dict(_sources(notebook))
        submission.count, submission.numbers = len(_cells(notebook)), list(sources)
        submission.cells = list(sources.values())
        if sum(map(len, submission.cells)) > _CODE or len(submission.cells) > _CELLS:
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
    """Number among all cells, and source, of each code cell."""
    for number, cell in enumerate(_cells(notebook), 1):
        if isinstance(cell, dict) and cell.get("cell_type") == "code":
            source = cell.get("source", cell.get("input", ""))
            yield number, "".join(map(str, source)) if isinstance(source, list) else str(source)


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
    """The id that stands when the lesson begins: the last that is set before, else the first."""
    found = []
    for source in cells:
        with contextlib.suppress(SyntaxError, ValueError, RecursionError, MemoryError):
            for node in ast.parse(_without_magics(source)).body:
                if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
                    named = [t.id for t in node.targets if isinstance(t, ast.Name)]
                    if "student" in named:
                        found.append(str(node.value.value).strip())
        if found and "lessons.start(" in source:
            return found[-1]
    return found[0] if found else None


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
