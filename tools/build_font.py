# SPDX-License-Identifier: MIT
"""Build the bundled Chinese font: three subsets of Noto Sans SC (regular, OFL 1.1).

    python -m pip install -e '.[dev]'      # once: fonttools and the source face
    python tools/build_font.py

Figures get all 3,755 characters of GB 2312 level 1, the usual ones of a reader's own words, beside
those the package uses. Pages hold our words alone: they get the latter, packed for the web; an
English page that only names the other language gets two characters.

The subset is renamed "Minelib Sans SC", so that it never stands in for a complete Noto Sans SC
that the reader may have installed. The licence text lies beside the font. The build is
reproducible: the same characters give the same bytes.
"""

from __future__ import annotations

import csv
import json
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "minelib" / "style" / "fonts"
FONT = FOLDER / "MinelibSansSC-Regular.otf"
PAGES = FOLDER / "MinelibSansSC-used.woff2"
NAMES = FOLDER / "MinelibSansSC-names.woff2"
LICENCE = FOLDER / "OFL.txt"
FAMILY = "Minelib Sans SC"

LATIN = "".join(map(chr, range(0x20, 0x7F)))
MARKS = (
    "·×÷±°²³§©®µ–—―‘’“”…‰′″→←↑↓−≈≠≤≥∞√∑∆℃€£¥"
    "、。〈〉《》「」『』【】〔〕〖〗〇〜"
    "！（），．：；？［］｛｝～％＋－／＝＜＞＆＠＃＊￥０１２３４５６７８９"
)


def gb2312_level_1() -> str:
    """The 3,755 most used simplified characters (rows 16 to 55 of GB 2312)."""
    found = []
    for row in range(16, 56):
        for cell in range(1, 95):
            try:
                found.append(bytes((row + 0xA0, cell + 0xA0)).decode("gb2312"))
            except UnicodeDecodeError:  # row 55 ends early
                continue
    return "".join(found)


def texts(root: Path = ROOT) -> Iterator[str]:
    """Every text of the package that may hold Chinese and be drawn or shown."""
    for path in sorted(root.glob("minelib/locale/**/*.po")):
        yield path.read_text(encoding="utf-8")
    for path in sorted(root.glob("data/**/*.csv")):
        with path.open(encoding="utf-8", newline="") as handle:
            yield from (cell for row in csv.reader(handle) for cell in row if not cell.isascii())
    for path in sorted(root.glob("data/**/*.toml")):
        yield json.dumps(
            tomllib.loads(path.read_text(encoding="utf-8")), ensure_ascii=False, default=str
        )
    for pattern in ("minelib/**/*.py", "notebooks/*.ipynb"):
        for path in sorted(root.glob(pattern)):
            yield path.read_text(encoding="utf-8")


def chinese(pieces: Iterable[str]) -> set[str]:
    """The Chinese characters and full-width marks that occur in `pieces`."""
    wide = re.compile(r"[\u2e80-\u9ffe\uf900-\ufaff\uff00-\uffef\U00020000-\U0003134f]")
    return {char for piece in pieces for char in wide.findall(piece)}


def used(root: Path = ROOT) -> set[str]:
    """The characters that the package itself shows."""
    return set(LATIN) | set(MARKS) | chinese(texts(root))


def build(chars: set[str], path: Path) -> tuple[int, list[str]]:
    """Write a font and its licence; return its size in bytes and the characters it lacks."""
    from fontTools import subset
    from fontTools.ttLib import TTFont
    from pylopdf_fonts_zh_cn import sans_path

    options = subset.Options()
    options.hinting = False
    options.layout_features = ["kern", "locl"]
    options.drop_tables += ["BASE", "VORG", "vhea", "vmtx", "DSIG"]
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 8, 13, 14]
    options.notdef_outline = True
    options.desubroutinize = path.suffix == ".woff2"  # packs smaller than its own shorthand
    options.recalc_timestamp = False
    source = TTFont(sans_path(), recalcTimestamp=False)
    known = set(map(chr, source.getBestCmap()))
    subsetter = subset.Subsetter(options)
    subsetter.populate(text="".join(sorted(chars & known)))
    subsetter.subset(source)
    names = {1: FAMILY, 3: "minelib;MinelibSansSC-Regular", 4: FAMILY, 6: "MinelibSansSC-Regular"}
    for record in list(source["name"].names):
        if record.nameID in names:
            source["name"].setName(
                names[record.nameID],
                record.nameID,
                record.platformID,
                record.platEncID,
                record.langID,
            )
    top = source["CFF "].cff
    top.fontNames[0] = "MinelibSansSC-Regular"
    for key, text in (("FullName", FAMILY), ("FamilyName", FAMILY)):
        if hasattr(top.topDictIndex[0], key):
            setattr(top.topDictIndex[0], key, text)
    FOLDER.mkdir(parents=True, exist_ok=True)
    source.flavor = "woff2" if path.suffix == ".woff2" else None
    source.save(path)
    _write_licence(source)
    return path.stat().st_size, sorted(chars - known)


def _write_licence(font) -> None:
    from importlib.metadata import distribution

    files = distribution("pylopdf-fonts-zh-cn").files or []
    (licence,) = [file for file in files if file.name == "LICENSE"]
    head = (
        f"{font['name'].getDebugName(0)}\n\n"
        f"{FONT.name}, {PAGES.name} and {NAMES.name} are subsets of Noto Sans SC\n"
        f"({font['name'].getDebugName(5).split(';')[0]}), "
        f'renamed "{FAMILY}", made with tools/build_font.py.\n\n'
    )
    LICENCE.write_text(head + licence.read_text(encoding="utf-8"), encoding="utf-8", newline="\n")


def main() -> int:
    """Write the fonts."""
    for path, chars in (
        (PAGES, used()),
        (NAMES, set("中文")),
        (FONT, used() | set(gb2312_level_1())),
    ):
        size, missing = build(chars, path)
        count = len(chars) - len(missing)
        print(f"{path.relative_to(ROOT)}: {count} characters, {size / 1024:.0f} KiB")
        if missing:
            print("not in the source face:", " ".join(missing), file=sys.stderr)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
