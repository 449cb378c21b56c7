# SPDX-License-Identifier: MIT
"""A class of submissions for tests and benchmarks: right, partly right, wrong, broken, hostile.

Each one has the line the table of grades must hold for it: status and points, by hand.
"""

import copy
import json
from dataclasses import dataclass

from minelib import lessons

LOOP = "while True:\n    try:\n        pass\n    except BaseException:\n        pass"
MEMORY = "_hoard = []\nwhile True:\n    _hoard.append(np.empty(20_000_000))"
EXIT = "import os\nos._exit(0)"
NETWORK = 'import socket\nsocket.create_connection(("192.0.2.1", 80), timeout=3)'
FILES = (
    'import os\nfor _f in ("/etc/passwd", os.path.expanduser("~/../../etc/shadow")):\n'
    "    try:\n        open(_f).read()\n    except OSError:\n        pass\n"
    'open("/tmp/minelib-escaped", "w").write("out")'
)
FORKS = "import os\nwhile True:\n    os.fork()"
TAMPER = (
    "import builtins, minelib.lessons.judge as _j, minelib.checks.alike as _c, gc\n"
    "_c.agree = lambda *a, **k: True\n_j.judge = lambda *a, **k: None\n"
    "builtins.abs = lambda x: 0\nlessons.right = lambda *a, **k: {}\n"
)


@dataclass
class Expected:
    """One file of the class and its line in the table."""

    file: str
    student: str
    status: str
    points: float
    content: object  # notebook as a dict, or bytes


def filled(notebook, number, answers=None, skip=()):
    """The student's notebook with the solutions, or other code, in its answer cells.

    Parameters
    ----------
    notebook : dict
        A student version.
    number : str
    answers : dict
        Code by exercise in place of the solution.
    skip : iterable of str
        Exercises left as they are.
    """
    notebook, answers = copy.deepcopy(notebook), answers or {}
    for name, cell in zip(lessons.lesson(number).exercises, answer_cells(notebook), strict=True):
        if name not in skip:
            cell["source"] = answers.get(name, lessons.lesson(number).exercise(name).solution)
    return notebook


def answer_cells(notebook):
    """The cells a student fills, in order."""
    return [c for c in notebook["cells"] if "otter_answer_cell" in c["metadata"].get("tags", [])]


def wrong(number, name, which=0):
    """Code with a usual mistake in one exercise."""
    task = lessons.lesson(number).exercise(name)
    return task.solution + "\n" + task.mistakes[which].code


def thirty(versions, other, number="1"):
    """The class.

    Parameters
    ----------
    versions : callable
        Gives the student version for a student id and a language.
    other : callable
        The same for another lesson.

    Returns
    -------
    list of Expected
    """
    tasks = lessons.lesson(number).exercises
    full = lessons.lesson(number).points
    worth = {name: task.points for name, task in tasks.items()}
    names = list(tasks)
    found = []

    def add(student, content, status="graded", points=full, file=None):
        found.append(Expected(file or f"{student}.ipynb", student, status, points, content))

    for n in range(1, 9):
        lang = "zh" if n % 2 == 0 else "en"
        file = {3: "s03 my work.ipynb", 4: "s04 作业 第一课.ipynb", 5: "s05/lesson-1.ipynb"}.get(n)
        add(f"s{n:02d}", filled(versions(f"s{n:02d}", lang), number), file=file)
    for n, done in ((9, 7), (10, 5), (11, 3), (12, 0)):
        left = names[done:]
        student = f"s{n:02d}"
        points = sum(worth[q] for q in names[:done])
        add(student, filled(versions(student, "en"), number, skip=left), points=points)
    for n, bad in ((13, ["q2"]), (14, ["q4", "q7"]), (15, names)):
        student = f"s{n:02d}"
        own = filled(versions(student, "en"), number, {q: wrong(number, q) for q in bad})
        add(student, own, points=full - sum(worth[q] for q in bad))

    late = lessons.lesson(number).exercise("q8").solution + "\nmy_window += 0 * rate_eh_s"
    turned = filled(versions("s16", "en"), number, {"q8": late})
    cells = answer_cells(turned)
    sources = [c["source"] for c in cells]
    for cell, source in zip(cells, reversed(sources), strict=True):
        cell["source"] = source
    add("s16", turned)
    twice = filled(versions("s17", "zh"), number, {"q1": "rate_eh_s = -1"})
    first = answer_cells(twice)[0]
    again = dict(first, id="again", source=lessons.lesson(number).exercise("q1").solution)
    untouched = dict(first, id="untouched", source="rate_eh_s = ...")
    twice["cells"] += [again, dict(again, id="again-2"), untouched]
    add("s17", twice)
    bare = filled(versions("s18", "en"), number)
    bare["cells"] = [c for c in bare["cells"] if "lessons.start" not in "".join(c["source"])]
    add("s18", bare)
    renamed = filled(versions("s19", "en"), number)
    for cell in renamed["cells"]:
        cell["source"] = "".join(cell["source"]).replace("rate_eh_s =", "rate_ehs =")
    add("s19", renamed, points=full - worth["q1"])

    for student, name, code, status in (
        ("s20", "q5", LOOP, "stopped"),
        ("s21", "q5", MEMORY, "stopped"),
        ("s22", "q4", EXIT, "stopped"),
        ("s23", "q3", NETWORK, "graded"),
        ("s24", "q3", FILES, "graded"),
        ("s25", "q6", FORKS, "graded"),
    ):
        own = filled(versions(student, "en"), number, {name: code})
        add(student, own, status, full - worth[name])
    tampered = filled(versions("s26", "en"), number, {n: wrong(number, n) for n in names})
    tampered["cells"].insert(
        5,
        {
            "cell_type": "code",
            "id": "t",
            "metadata": {},
            "outputs": [],
            "execution_count": None,
            "source": TAMPER,
        },
    )
    add("s26", tampered, points=0)
    add("s27", b"PK\x03\x04 a document", "not_a_notebook", 0)
    add("s28", b"", "empty", 0)
    add("s29", filled(other("s29", "en"), "2"), "other_lesson", 0)
    # s30 hands in what s01 did, with the id left as it was
    add("s30", filled(versions("s01", "en"), number), points=None)
    return found


def write(found, folder):
    """Write the files of a class and its list."""
    for one in found:
        path = folder / one.file
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(one.content, bytes):
            path.write_bytes(one.content)
        else:
            path.write_text(json.dumps(one.content, ensure_ascii=False), encoding="utf-8")
    rows = ["student", *(one.student for one in found), "s31"]
    (folder / "class.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
