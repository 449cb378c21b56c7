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
import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from minelib.checks.door import Lang, Whole, checked
from minelib.errors import UnknownName
from minelib.words import gettext as _

__all__ = ["Exercise", "Lesson", "lesson", "lesson_numbers", "lessons_folder"]

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_LOOPS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
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
    minutes: int = 0
    core: bool = False  # one of those that fit a lesson of 45 minutes
    prompt: str = ""
    solution: str = ""
    tests: list[tuple[bool, str]] = field(default_factory=list)  # hidden, source of a function
    mistakes: list[Mistake] = field(default_factory=list)
    equivalents: list[str] = field(default_factory=list)

    @property
    def answers(self) -> list[str]:
        """Names the solution assigns, in order; helpers begin with an underscore."""
        return [name for name in assigned(self.solution) if not name.startswith("why_")]

    @property
    def whys(self) -> list[str]:
        """Places for a reason in words, which no check judges: names with ``why_``."""
        return [name for name in assigned(self.solution) if name.startswith("why_")]

    @property
    def figures(self) -> list[str]:
        """Answers that are figures: names with ``fig_``."""
        return [name for name in self.answers if name.startswith("fig_")]

    def prediction(self, lang: Lang | None = None) -> str:
        """What a student predicts before the result is seen, in the language."""
        said = re.search(r"^\*\*[^*]+\*\* (.+)$", _(self.prompt, lang), re.MULTILINE)
        return said[1] if said else ""

    def title(self, lang: Lang | None = None) -> str:
        """The first line of the prompt, in the language."""
        return _(self.prompt, lang).splitlines()[0].lstrip("# ")


@dataclass(frozen=True)
class Lesson:
    """One lesson as its master has it."""

    number: str
    path: Path
    head: str  # the first cell: title and aims
    exercises: dict[str, Exercise]

    @property
    def points(self) -> float:
        """Points to be had in all exercises."""
        return sum(e.points for e in self.exercises.values())

    @property
    def answers(self) -> list[str]:
        """Names that all its exercises ask for."""
        return [name for e in self.exercises.values() for name in [*e.answers, *e.whys]]

    def minutes(self, core: bool = False) -> int:
        """How long the exercises take, all or those of the core."""
        return sum(e.minutes for e in self.exercises.values() if e.core or not core)

    @checked
    def title(self, lang: Lang | None = None) -> str:
        """The question the lesson asks, in the language."""
        return _(self.head, lang).splitlines()[0].lstrip("# ")

    @checked
    def exercise(self, name: str) -> Exercise:
        """One exercise.

        Raises
        ------
        UnknownName
        """
        if name not in self.exercises:
            raise UnknownName("exercise", name, self.exercises)
        return self.exercises[name]


def lessons_folder() -> Path:
    """Where the masters lie: beside the package in a checkout, inside it in a wheel."""
    package = Path(__file__).resolve().parents[1]
    inside = package / "_notebooks" / "lessons"
    return inside if inside.is_dir() else package.parent / "notebooks" / "lessons"


@cache
def held_beside(file: str) -> dict[str, Any]:
    """What a TOML beside the masters holds."""
    return tomllib.loads((lessons_folder() / file).read_text(encoding="utf-8"))


def lesson_numbers() -> list[str]:
    """Numbers of the lessons there are, as text.

    Examples
    --------
    >>> lesson_numbers()[:3]
    ['1', '2', '3']
    """
    return list(_masters(lessons_folder()))


@cache
def _masters(folder):
    return {p.name.split("-")[1]: p for p in sorted(folder.glob("lesson-*.ipynb"))}


def lesson(number: str | Whole) -> Lesson:
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
    known, wanted = _masters(lessons_folder()), str(number).strip()
    if wanted not in known:
        raise UnknownName("lesson", number, known)
    return read(known[wanted])


@cache
def read(path: Path) -> Lesson:
    """Read a master."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    exercises: dict[str, Exercise] = {}
    head, inside = "", []
    for cell in cells:
        source = "".join(cell["source"]).strip()
        tags = cell.get("metadata", {}).get("tags", [])
        question = list(exercises.values())[-1] if exercises else Exercise("", 0)
        mark = _MARK.match(source) if cell["cell_type"] == "raw" else None
        if mark and mark[1].upper() == "BEGIN":
            inside.append(mark[2].upper())
            if inside == ["QUESTION"]:
                own = dict(re.findall(r"^(?:# )?(\w+): *(.*)$", source, re.MULTILINE))
                points, minutes = float(own["points"]), int(own.get("minutes", 0))
                exercises[own["name"]] = Exercise(own["name"], points, minutes, "core" in own)
        elif mark:
            inside.pop()
        elif cell["cell_type"] == "raw":
            continue
        elif "equivalent" in tags:
            question.equivalents.append(source)
        elif "mistake" in tags:
            hint, _end, code = source.partition("\n")
            question.mistakes.append(Mistake(hint.lstrip("# ").strip(), code))
        elif "TESTS" in inside:
            question.tests.append((bool(re.match(r"#\s*HIDDEN", source)), source))
        elif "SOLUTION" in inside:
            question.solution += plain(source) + "\n"
        elif inside and cell["cell_type"] == "markdown":
            question.prompt += source
        elif cell["cell_type"] == "markdown" and not head:
            head = source
    return Lesson(path.name.split("-")[1], path, head, exercises)


def plain(source: str) -> str:
    """The code of a solution cell without otter's marks."""
    mark = r"\s*#\s*SOLUTION(\s+NO PROMPT)?\s*$"
    return "\n".join(re.sub(mark, "", line) for line in source.splitlines())


def assigned(source: str) -> list[str]:
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
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, (*_DEFINITIONS, *_LOOPS)):
            continue
        waiting += ast.iter_child_nodes(node)
        if isinstance(getattr(node, "ctx", None), ast.Store):
            while isinstance(node, (ast.Subscript, ast.Attribute)):
                node = node.value
            if isinstance(node, ast.Name) and node.id[0] != "_":
                found.append((node.lineno, node.col_offset, node.id))
    return list(dict.fromkeys(name for _line, _column, name in sorted(found)))
