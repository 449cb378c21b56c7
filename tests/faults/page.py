# SPDX-License-Identifier: MIT
"""The table as it was measured, in ``docs/faults.md``."""

import re
from pathlib import Path
from textwrap import shorten

from .table import FAULTS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "faults.md"
_START, _END = "<!-- rows -->\n", "<!-- / -->"
_HEAD = (
    "| fault | tries | `minelib sweep` | tries | papermill in a loop | what is said |\n"
    "| --- | --- | --- | --- | --- | --- |\n"
)


def rows(page=PAGE):
    """The cells of each row by its title, in the order of the page."""
    text = page.read_text(encoding="utf-8").partition(_START)[2].partition(_END)[0]
    lines = text.removeprefix(_HEAD).splitlines()
    cells = [re.split(r" (?<!\\)\| ", line[2:-2]) for line in lines]
    return {title: rest for title, *rest in cells}


def _cell(text):
    if re.match(r"read them with|\S+: done in", text):  # the last line where nothing is to be told
        return "–"
    text = re.sub(r"/[^\s'\"]*faults-\w+", "FOLDER", text)
    return re.sub(r"([\\|<>*_`])", r"\\\1", text) or "nothing"


def write(played, page=PAGE):
    """Renew what was played; each row with its outcome by the name of who was at it."""
    kept = rows(page)
    for fault, found in played:
        begin = ["", "", "", "not tried" if fault.papermill else "not its job", ""]
        row = kept.setdefault(fault.title, begin)
        if ours := found.get("minelib"):
            said = shorten(ours.said, 160, placeholder=" ...")
            row[:2], row[4] = [str(ours.tries), ours.words()], _cell(said)
        if other := found.get("papermill"):
            row[2:4] = [str(other.tries), other.words()]
    lines = [f"| {' | '.join([f.title, *kept[f.title]])} |\n" for f in FAULTS if f.title in kept]
    before, _mark, rest = page.read_text(encoding="utf-8").partition(_START)
    after = rest.partition(_END)[2]
    page.write_text("".join([before, _START, _HEAD, *lines, _END, after]), encoding="utf-8")
