# SPDX-License-Identifier: MIT
"""The files of a grading: a log that loses nothing, tables, pages written whole or not at all."""

import contextlib
import csv
import io
import json
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path

from minelib.workbench.grading.result import Result, plain

LOG = "graded.jsonl"


def line_of(result: Result) -> str:
    """A result as a line of the log."""
    return json.dumps(asdict(result))


def logged(log: Path) -> dict[str, Result]:
    """Results in a log, by file name or student; broken lines are passed over."""
    found = {}
    for line in log.read_bytes().splitlines() if log.is_file() else ():
        with contextlib.suppress(ValueError, TypeError):
            result = Result(**json.loads(line))
            found[result.file or f"({result.student})"] = result
    return found


def append(path: Path, line: str) -> None:
    """Add a line; it is on the disk when this returns."""
    with path.open("ab+") as file:
        if file.tell():
            file.seek(-1, os.SEEK_END)
            if file.read() != b"\n":  # the power went within a line
                file.write(b"\n")
        file.write(line.encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())


def write(path: Path, text: str, encoding: str = "utf-8") -> None:
    """Write a file, all or nothing; ends of lines stay as they are."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.write_text(text, encoding=encoding, newline="")
    os.replace(part, path)


def write_csv(path: Path, rows: Iterable[Sequence], safe: bool = True) -> None:
    """Write a table; ``safe`` for spreadsheets, which need a mark and take text for formulas."""
    out = io.StringIO()
    cells = ([_cell(value, safe) for value in row] for row in rows)
    csv.writer(out, lineterminator="\n").writerows(cells)
    write(path, "\ufeff" * safe + out.getvalue())


def _cell(value, safe):
    """Points as they are; text on one line, and none that a spreadsheet would run."""
    if value is None or isinstance(value, float):
        return "" if value is None else f"{value:g}"
    text = plain(value)
    risky = text[:1] in "=+-@" and not re.fullmatch(r"-?[\d.]+", text)
    return "'" + text if safe and text and risky else text
