# SPDX-License-Identifier: MIT
"""Marks in the file that the school's own system exported, to be imported there again.

Moodle takes back its grading worksheet (UTF-8, with the columns Identifier, Grade and Last
modified) and its grade export, to which no column may be added. Canvas takes back its gradebook:
Student, ID, the SIS columns and Section come first, a row "Points Possible" stands below the
heads, an assignment is known by the number behind its title, and another title makes a new one.
"""

import io
import re
import unicodedata
from pathlib import Path
from typing import Any

import pandas as pd

from minelib.checks import one_of
from minelib.lessons.parameters import id_key
from minelib.workbench.class_list import HEADINGS, plain_head, read_text, separator_of
from minelib.workbench.grading.book import Book
from minelib.workbench.grading.files import write, write_csv
from minelib.workbench.grading.result import refused, says

KINDS = ("moodle", "canvas", "excel", "plain")
_DIGITS = ["一", "二", "三", "四", "五", "六", "七", "八", "九"]
_NO_MARK = re.compile(r"feedback|反馈|percentage|百分比|letter|等级", re.IGNORECASE)


def export(book: Book, kind: str, file: Path, folder: Path, number: str) -> tuple[Path, str]:
    """Write the marks for a school's system.

    Parameters
    ----------
    book : Book
    kind : {"moodle", "canvas", "excel", "plain"}
        For ``excel`` (a byte order mark, formulas made harmless) and ``plain`` the gradebook.
    file : pathlib.Path
        What Moodle or Canvas exported; else what is written.
    folder : pathlib.Path
        Where the filled file goes; the school's own stays as it is.
    number : str
        The lesson of a grading worksheet; a gradebook gets all lessons that it has.

    Returns
    -------
    pathlib.Path, str
        What was written, and a sentence about it.

    Raises
    ------
    BadInput
        A file that cannot be read, or has no column for the lesson or nobody of the class.
    """
    if one_of("export", kind, KINDS) in ("excel", "plain"):
        write_csv(file, book.rows(), safe=kind == "excel")
        return file, ""
    text, encoding = read_text(file)
    form: dict[str, Any] = {"sep": separator_of(text), "header": None}
    try:
        table = pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False, **form)
    except ValueError:  # empty, or rows of more cells than the first
        raise refused("no_table", file=file.name) from None
    heads, possible = table.iloc[0].tolist(), table[0].str.strip() == "Points Possible"
    plain = [plain_head(head) for head in heads]
    at = {k: [plain.index(h) for h in own if h in plain] for k, own in HEADINGS.items()}
    columns = {number: at["grade"][0]} if at["grade"] else _of_lessons(heads, book)
    if kind == "canvas" and number not in columns:  # before what Canvas computes itself
        computed = [n for n, head in enumerate(heads) if re.search(r"(Current|Final) ", head)]
        columns[number] = len(heads)
        table.insert(min([*computed, len(heads)]), len(heads), "")
        table.loc[0, len(heads)] = says("lesson", "en", number=number)
        table.loc[possible, len(heads)] = f"{book.out_of(number):g}"
    if not columns:
        raise refused("no_column", file=file.name, number=number)
    whose = _whose(table, at, book)
    if not len(whose):
        raise refused("nobody_in", file=file.name)
    for row, who in whose.items():
        for n, column in columns.items():
            result = book.lessons[n].get(who)
            if result and result.handed_in:
                most = [*table.loc[row, at["maximum"]], *table.loc[possible, column], ""][0]
                table.loc[row, column] = _mark(result.points, book.out_of(n), most)
    form |= {"header": False, "index": False, "lineterminator": "\r\n" if "\r\n" in text else "\n"}
    target = folder / f"{kind}-{file.name}"
    write(target, table.to_csv(**form), encoding)
    left = [student for who, (student, _name) in book.students.items() if who not in {*whose}]
    said = says("exported", count=len(whose), lessons=", ".join(columns))
    return target, said + (" " + says("not_in_file", students=", ".join(left)) if left else "")


def _of_lessons(heads: list[str], book: Book) -> dict[str, int]:
    """The column of each lesson, by "lesson 1" or 第1课 in its head."""
    found: dict[str, int] = {}
    for at, head in enumerate(heads):
        for n in book.lessons:
            spelt = "|".join([f"0*{n}", *_DIGITS[int(n) - 1 : int(n)]])
            named = re.search(rf"(lesson|第)\W*({spelt})(?!\d)", head, re.IGNORECASE)
            if named and not _NO_MARK.search(head):
                found.setdefault(n, at)
    return found


def _whose(table: pd.DataFrame, at: dict[str, list[int]], book: Book) -> pd.Series:
    """Whose the rows are, by the column that knows most of the class; else by name."""
    names = pd.Series({who: _letters(name) for who, (_student, name) in book.students.items()})
    single = names[(names != "") & ~names.duplicated(keep=False)]
    called = [[column] for column in at["names"]] + [at["first"][:1] + at["last"][:1]]
    by_name = {name: who for who, name in single.items()}
    found = [table[c].map(id_key).map({who: who for who in book.students}) for c in at["ids"]]
    found += [table[c].agg("".join, axis=1).map(_letters).map(by_name) for c in called if c]
    return max((each.dropna() for each in found), key=len, default=pd.Series(dtype=object))


def _letters(name):
    """A name whatever the order of its parts."""
    return "".join(sorted(re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", name).casefold())))


def _mark(points: float, out_of: float, most: str) -> str:
    """Points as a mark out of what the system gives, as it writes numbers."""
    comma = "," in most and "." not in most
    full = float(most.replace(",", "." if comma else "") or out_of)
    mark = f"{round(points / out_of * full, 2):g}"
    return mark.replace(".", ",") if comma else mark
