# SPDX-License-Identifier: MIT
"""Read the master notebook of a lesson: its exercises, solutions, checks and usual mistakes.

A master is written in the format of ``otter assign``: raw cells ``# BEGIN QUESTION``,
``# BEGIN SOLUTION``, ``# BEGIN TESTS`` and their ends. Code cells tagged ``mistake`` or
``equivalent`` stand behind a question and never reach a student. A ``mistake`` is a usual wrong
answer; its first line, a comment, is the hint for whoever gives it. An ``equivalent`` is another
form of the right answer.
"""

import ast
import json
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from minelib.errors import UnknownName
from minelib.words import gettext as _

__all__ = ["Exercise", "Lesson", "lesson", "lesson_numbers", "lessons_folder"]

KINDS = ("mistake", "equivalent")
_MARK = re.compile(r"#\s*(BEGIN|END)\s+(QUESTION|SOLUTION|TESTS)", re.IGNORECASE)


@dataclass(frozen=True)
class Mistake:
    """A usual wrong answer: the hint (English message) and the code that gives it."""

    hint: str
    code: str


@dataclass
class Exercise:
    """One question of a lesson."""

    name: str
    points: float
    prompt: str = ""
    solution: str = ""
    tests: list = field(default_factory=list)  # pairs: hidden, source of a function
    mistakes: list = field(default_factory=list)
    equivalents: list = field(default_factory=list)

    @property
    def answers(self):
        """Names the solution assigns, in order; helpers begin with an underscore."""
        return assigned(self.solution)


@dataclass(frozen=True)
class Lesson:
    """One lesson as its master has it."""

    number: str
    path: Path
    head: str  # the first cell: title and aims
    setup: str
    exercises: dict

    @property
    def points(self):
        """Points to be had in all exercises."""
        return sum(e.points for e in self.exercises.values())

    def title(self, lang=None):
        """The question the lesson asks, in the language."""
        return _(self.head, lang).splitlines()[0].lstrip("# ")

    def exercise(self, name):
        """One exercise.

        Raises
        ------
        UnknownName
        """
        if name not in self.exercises:
            raise UnknownName(_("exercise"), name, self.exercises)
        return self.exercises[name]


def lessons_folder():
    """Where the masters lie: beside the package in a checkout, inside it in a wheel."""
    package = Path(__file__).resolve().parents[1]
    inside = package / "_notebooks" / "lessons"
    return inside if inside.is_dir() else package.parent / "notebooks" / "lessons"


def lesson_numbers():
    """Numbers of the lessons there are, as text.

    Examples
    --------
    >>> lesson_numbers()
    ['1', '2', '3', '4', '5', '6']
    """
    return sorted(p.name.split("-")[1] for p in lessons_folder().glob("lesson-*.ipynb"))


@cache
def lesson(number):
    """One lesson.

    Parameters
    ----------
    number : str or int

    Raises
    ------
    UnknownName
        With the numbers there are.

    Examples
    --------
    >>> lesson(1).number
    '1'
    """
    found = list(lessons_folder().glob(f"lesson-{str(number).strip()}-*.ipynb"))
    if len(found) != 1:
        raise UnknownName(_("lesson"), number, lesson_numbers())
    return read(found[0])


def read(path):
    """Read a master.

    Parameters
    ----------
    path : pathlib.Path

    Returns
    -------
    Lesson
    """
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    exercises, setup, head = {}, [], ""
    inside, question = [], None
    for cell in cells:
        source = "".join(cell["source"]).strip()
        tags = cell.get("metadata", {}).get("tags", [])
        mark = _MARK.match(source) if cell["cell_type"] == "raw" else None
        if mark and mark[1].upper() == "BEGIN":
            inside.append(mark[2].upper())
            if inside == ["QUESTION"]:
                settings = dict(
                    line.split(":", 1) for line in source.splitlines()[1:] if ":" in line
                )
                question = Exercise(settings["name"].strip(), float(settings["points"]))
                exercises[question.name] = question
        elif mark:
            inside.pop()
        elif cell["cell_type"] == "raw":
            continue
        elif set(tags) & set(KINDS):
            _add_variant(question, source, tags)
        elif "TESTS" in inside:
            question.tests.append((bool(re.match(r"#\s*HIDDEN", source)), source))
        elif "SOLUTION" in inside:
            question.solution += plain(source) + "\n"
        elif inside and cell["cell_type"] == "markdown":
            question.prompt += source
        elif cell["cell_type"] == "code":
            setup.append(source)
        elif not head:
            head = source
    return Lesson(path.name.split("-")[1], path, head, "\n".join(setup), exercises)


def _add_variant(question, source, tags):
    if "equivalent" in tags:
        question.equivalents.append(source)
    else:
        hint, _end, code = source.partition("\n")
        question.mistakes.append(Mistake(hint.lstrip("# ").strip(), code))


def plain(source):
    """The code of a solution cell without otter's marks."""
    mark = r"\s*#\s*SOLUTION(\s+NO PROMPT)?\s*$"
    return "\n".join(re.sub(mark, "", line) for line in source.splitlines())


def assigned(source):
    """Names assigned at the top of some code, in order, without those with an underscore.

    Examples
    --------
    >>> assigned("a, _b = 1, 2\\nc['x'] = 3\\nfor d in (1,): e = d")
    ['a', 'c', 'd', 'e']
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    found = []
    for node in _of_the_cell(tree):
        targets = node.targets if isinstance(node, ast.Assign) else []
        if isinstance(node, (ast.AugAssign, ast.AnnAssign, ast.For, ast.NamedExpr)):
            targets = [node.target]
        for target in targets:
            base = target
            while isinstance(base, (ast.Subscript, ast.Attribute)):
                base = base.value
            elements = base.elts if isinstance(base, (ast.Tuple, ast.List)) else [base]
            found += [(e.lineno, e.col_offset, e.id) for e in elements if isinstance(e, ast.Name)]
    return list(dict.fromkeys(name for _l, _c, name in sorted(found) if name[0] != "_"))


def _of_the_cell(tree):
    """Every node that is not inside a function or class."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            waiting.extend(ast.iter_child_nodes(node))
