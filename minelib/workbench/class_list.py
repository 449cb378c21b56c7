# SPDX-License-Identifier: MIT
"""The list of a class, in any form in which a spreadsheet or a learning platform saves it.

It is understood, and `ClassList.sentence` says how; or it is refused with a sentence for each line
that is in the way. Nothing is guessed in silence.
"""

import codecs
import contextlib
import csv
import io
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from minelib.checks.door import door
from minelib.declared import declared, sentences
from minelib.errors import BadInput
from minelib.lessons.parameters import id_key
from minelib.words import gettext as _, number

__all__ = ["ClassList", "check_ids", "read_class"]

_LARGEST = 5 * 2**20  # bytes: a list, not a collection of photographs
_LONGEST = 60  # characters of an id: it names folders and files
_SHOWN = 5  # faults named at most
_SEPARATORS = "\t;,|，；"
_DECLARED = declared(__file__)
HEADINGS = _DECLARED["headings"]
_say = sentences(__file__)
_HAN = "\u3400-\u9fff"
# Latin text with accents that was decoded as GBK: a Chinese character inside a word
_NOT_GBK = re.compile(rf"[A-Za-z][{_HAN}]+[a-z]|(?<![{_HAN}])[{_HAN}][a-z]")
_SHORTENED = re.compile(r"\d+[.,]\d+E[+-]?\d+|\d+E\+\d+|\d{1,3}(,\d{3})+|#+|#[A-Z/0]+[!?A]?", re.I)
_RESERVED = re.compile("|".join(_DECLARED["reserved"]), re.I)


@dataclass(frozen=True)
class ClassList:
    """The students of a class, and how their list was read.

    Attributes
    ----------
    path : pathlib.Path
    names : dict of str
        Names by id, in the order of the list; empty where the list has none.
    ids_from, names_from : str
        The columns, by their headings or in words; empty without names.
    encoding : str
        In words.
    """

    path: Path
    names: dict[str, str]
    ids_from: str = ""
    names_from: str = ""
    encoding: str = "UTF-8"

    def sentence(self) -> str:
        """How the list was understood, for whoever made it."""
        ids = list(self.names)
        parts = [
            _("students: {count}").format(count=number(len(ids))),
            " … ".join(ids if len(ids) < 3 else [ids[0], ids[-1]]),
            _("ids: {column}").format(column=self.ids_from),
            _("names: {column}").format(column=self.names_from or "–"),
            _("read as {encoding}").format(encoding=self.encoding),
        ]
        return f"{self.path.name}: " + _("; ").join(parts)


def read_class(path: str | Path) -> ClassList:
    """The list of a class: a CSV with a heading for the ids, or one id a line.

    Read are UTF-8, UTF-16, GBK and Windows-1252; commas, semicolons, tabs, bars, and ``sep=``;
    the usual headings of ids (``student``, ``学号``, ``ID number``, ``Email`` ...), and of names.

    Parameters
    ----------
    path : path-like

    Returns
    -------
    ClassList

    Raises
    ------
    BadInput
        With a sentence for each line that is in the way.
    """
    path = Path(path)
    text, encoding = read_text(path)
    rows = _rows(text, path)
    if not rows:
        raise BadInput(_say("empty", file=path.name))
    heads, entries, ids_at, names_at = _columns(rows, path)
    found, problems = _entries(entries, ids_at, names_at, heads)
    problems = problems or _twice(found) or _cut(found)
    if problems or not found:
        problems = problems or [_say("nobody")]
        more = len(problems) - _SHOWN
        told = [f"{path.name}: {problem}" for problem in problems[:_SHOWN]]
        told += [_say("more", count=more)] if more > 0 else []
        raise BadInput("\n".join(told))
    names = {student: name for _line, student, name in found}
    shown = heads or [_("first column"), _("second column")]
    known = _DECLARED["encodings"].get(encoding, "UTF-16")
    return ClassList(path, names, shown[ids_at], " + ".join(shown[n] for n in names_at), known)


def check_ids(students: list[str]) -> None:
    """Refuse ids that cannot name a folder, and ids that differ only in letter case or width.

    Raises
    ------
    BadInput
    """
    problems = list(filter(None, map(_unfit, students)))
    problems = problems or _twice([(n, s, "") for n, s in enumerate(students, 1)])
    if problems:
        raise BadInput("\n".join(problems[:_SHOWN]))


def read_text(path: Path) -> tuple[str, str]:
    """The text of a file that a spreadsheet or a platform saved, and its encoding.

    Raises
    ------
    BadInput
        Too large, another kind of file, or no text.
    """
    try:
        if path.is_file() and path.stat().st_size > _LARGEST:
            raise BadInput(_say("too_large", file=path))
        raw = path.read_bytes()
    except OSError as error:
        raise BadInput(_say("unreadable", file=path, error=error.strerror)) from None
    start = raw.lstrip()[:8].decode("latin-1")
    what = next((kind for kind, mark in _DECLARED["starts"].items() if start.startswith(mark)), "")
    if what:
        raise BadInput(_say("other", file=path.name, what=_say(what)))
    for encoding in _encodings(raw):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        unmarked = encoding.startswith("utf-16-") and "\n" not in text
        accents = encoding == "gb18030" and _NOT_GBK.search(text)
        if "\0" not in text and not unmarked and not accents:
            return text, encoding
    raise BadInput(_say("no_text", file=path.name))


def _encodings(raw):
    if raw.startswith(codecs.BOM_UTF8):
        return ["utf-8-sig"]
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ["utf-32" if raw.startswith(codecs.BOM_UTF32_LE) else "utf-16"]
    if b"\0" in raw:  # text of two bytes a character without its mark
        return ["utf-16-le", "utf-16-be"] if b"\0" in raw[1::2] else ["utf-16-be"]
    return ["utf-8", "gb18030", "cp1252"]


def _rows(text, path):
    """Line number and cells of each row that holds something."""
    first, _end, rest = text.partition("\n")
    said = re.fullmatch(r'"?sep=(.)"?', first.strip("\r "), re.IGNORECASE)
    if said:
        text = "\n" + rest
    separator = said[1] if said else separator_of(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    found = []
    try:
        for row in reader:
            cells = [_cell(cell) for cell in row]
            while cells and not cells[-1]:  # a spreadsheet adds empty cells at the end
                cells.pop()
            if cells and cells[0].casefold() != "points possible":  # Canvas, below its heading
                found.append((reader.line_num, cells))
    except csv.Error:  # also a cell of more than 131,072 characters, for the same reason
        raise BadInput(_say("quotation", file=path.name, line=reader.line_num)) from None
    return found


def separator_of(text: str) -> str:
    """What cuts most lines into the same number of cells, more than one."""
    lines = [line for line in text.splitlines() if line.strip()][:200]

    def fits(separator):
        widths: Counter = Counter()
        with contextlib.suppress(csv.Error):  # said later, with its line
            widths.update(len(row) for row in csv.reader(lines, delimiter=separator))
        widths.pop(1, 0)
        return max(widths.values(), default=0)

    return max(_SEPARATORS, key=fits)


def _cell(text):
    """What a cell shows: without marks of spreadsheets, invisible characters, double spaces."""
    text = "".join(c for c in unicodedata.normalize("NFC", text) if unicodedata.category(c) != "Cf")
    text = re.sub(r"\s+", " ", text).strip()
    formula = re.fullmatch(r'="?(.*?)"?', text)
    return formula[1] if formula else text.removeprefix("'")


def plain_head(head: str) -> str:
    """A heading as `HEADINGS` has it: in lower case, without signs and what is in brackets."""
    head = re.sub(r"[(\[][^)\]]*([)\]]|$)", "", unicodedata.normalize("NFKC", head).casefold())
    return re.sub(r"[\W_]", "", head)


def _columns(rows, path):
    """The headings, the rows below them, which column has the ids, and which the names."""
    for n, (_line, cells) in enumerate(rows[:10]):
        plain = [plain_head(cell) for cell in cells]
        known, names, *halves = (
            [plain.index(head) for head in HEADINGS[kind] if head in plain]
            for kind in ("ids", "names", "first", "last")
        )
        if not known and len(plain) == 1 and names:
            known, names = names, []  # names serve as ids
        if known:
            names = [at for at in names if at != known[0]][:1]
            names = names or [at for half in halves for at in half[:1]]
            return cells, rows[n + 1 :], known[0], names
    return [], rows, *_without_heads(rows, path)


def _without_heads(rows, path):
    """Columns of ids and names in a list without headings that is known."""
    firsts = [cells[0] for _line, cells in rows]
    digits = [bool(re.search(r"\d", first)) for first in firsts]
    widest = max(len(cells) for _line, cells in rows)
    if widest == 1 and digits[0] >= all(digits[1:]):
        spaced = next((f for f in firsts if re.fullmatch(r"(?=\S*\d)\S+ +\D+", f)), None)
        if spaced:
            raise BadInput(_say("comma", file=path.name, line=spaced))
        return 0, []
    if widest > 1 and all(digits):
        plain = widest == 2 and not any(re.search(r"\d", "".join(c[1:])) for _line, c in rows)
        return 0, [1] if plain else []
    columns = ", ".join(cell[:40] or "–" for cell in rows[0][1][:12])
    raise BadInput(_say("which", file=path.name, columns=columns))


def _entries(rows, ids_at, names_at, heads):
    """Line, id and name of each student, and what is wrong, a sentence per line."""
    found, problems = [], []
    for line, cells in rows:
        student = unicodedata.normalize("NFKC", cells[ids_at]) if ids_at < len(cells) else ""
        if not _SHORTENED.fullmatch(student):
            student = re.sub(r"^#(?=\w)|(?<=\d)\.0+$", "", student).strip()
        where = _say("line", line=line)
        if heads and len(cells) > len(heads):
            problems.append(where + _say("wide", count=len(cells), heads=len(heads)))
        elif not student:
            head = heads[ids_at] if heads else _("id")
            problems.append(where + _say("missing", head=head, cells=", ".join(cells)[:60]))
        elif problem := _unfit(student):
            problems.append(where + problem)
        else:
            parts = [cells[n] for n in names_at if n < len(cells) and cells[n]]
            han = re.fullmatch(rf"[{_HAN}]+", "".join(parts))
            found.append((line, student, "".join(reversed(parts)) if han else " ".join(parts)))
    return found, problems


def _unfit(student):
    """Why something cannot be a student id, in a sentence; None when it can."""
    shown = student if len(student) <= 30 else student[:29] + "…"
    if _SHORTENED.fullmatch(student):
        return _say("shortened", student=shown)
    if len(student) > _LONGEST:
        return _say("too_long", student=shown, most=_LONGEST)
    odd = set('/\\:*?"<>|') & set(student) or not student.isprintable() or not student.strip()
    if odd or "." in (student[0], student[-1]) or _RESERVED.fullmatch(student):
        return _say("no_id", student=shown)
    return None


def _twice(found):
    lines: dict[str, list] = {}
    for line, student, _name in found:
        lines.setdefault(id_key(student), []).append((line, student))
    return [
        _say("twice", lines=", ".join(str(n) for n, _s in same), ids=", ".join(s for _n, s in same))
        for same in lines.values()
        if len(same) > 1
    ]


def _cut(found):
    """Whether a spreadsheet has put noughts after the fifteenth digit of every id."""
    ids = [student for _line, student, _name in found]
    if ids and all(re.fullmatch(r"[1-9]\d{15,}", s) and not s[15:].strip("0") for s in ids):
        return [_say("cut")]
    return []


door(globals())
