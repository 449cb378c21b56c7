# SPDX-License-Identifier: MIT
"""Keep the message catalogues in step with the sources.

    python tools/messages.py            # extract, write minelib.pot, update minelib.po
    python tools/messages.py --check    # change nothing; exit 1 and say what is wrong
    python tools/messages.py --todo     # print what has no translation yet

Messages come from three places: the marked strings of ``minelib/`` (``_``, ``gettext``,
``N_``), the tables ``says`` of its TOML files and its declared claims and published figures, the
prose of ``notebooks/`` (one message a markdown cell, one a comment) and what the descriptors,
units, warnings and links in ``data/`` say to readers. English is the source; the
Chinese catalogue is ``minelib/locale/zh/LC_MESSAGES/minelib.po`` and is edited by hand (any gettext
editor will do).
"""

from __future__ import annotations

import argparse
import ast
import json
import re
import sys
import tomllib
from collections import Counter
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from minelib.workbench.translation import messages as notebook_messages  # noqa: E402

TEMPLATE = "minelib/locale/minelib.pot"
CATALOGUE = "minelib/locale/zh/LC_MESSAGES/minelib.po"
DECLARED = ("claims", "published")  # rooms with declarations beside their modules
SAID = {"says", "also", "label", "name", "why", "words", "reasons", "not_computed"}
KEYWORDS = {"_", "N_", "gettext", "UnknownName"}
_TAG = "SPDX-License-" + "Identifier"  # of the files written, not of this one
LIVING = "minelib/figures/living.toml"
PAGES = "minelib/workbench/site/words.toml"
FINDINGS = "minelib/studies/findings.toml"
HEADER = f"# Messages of minelib. {_TAG}: MIT"


def extract(root: Path = ROOT) -> Catalog:
    """All messages of the package, each with the files it occurs in."""
    found: dict[str, list[str]] = {}

    def add(message: str, where: str) -> None:
        places = found.setdefault(message, [])
        if message.strip() and where not in places:
            places.append(where)

    for path in sorted(root.glob("minelib/**/*.py")):
        where = path.relative_to(root).as_posix()
        for message in marked(path.read_text(encoding="utf-8")):
            add(message, where)
    for path in sorted(root.glob("notebooks/**/*.ipynb")):
        where = path.relative_to(root).as_posix()
        for message, _cell in notebook_messages(json.loads(path.read_text(encoding="utf-8"))):
            add(message, where)
    for path in sorted(root.glob("data/*/*.toml")):
        where = path.relative_to(root).as_posix()
        for message in descriptor_messages(tomllib.loads(path.read_text(encoding="utf-8"))):
            add(message, where)
    for figure in _tables(root / LIVING):
        for key in ("title", "said", "note"):
            if key in figure:
                add(figure[key], LIVING)
    for part in _tables(root / PAGES):
        for entry in part.values():
            for each in filter(None, [entry] if isinstance(entry, str) else entry):
                add(each, PAGES)
    for study in _tables(root / FINDINGS):
        for finding in study.values():
            if not finding["meaning"].startswith("{"):  # the row says it itself
                add(finding["meaning"], FINDINGS)
    for path in root.glob("minelib/workbench/runs/presets.toml"):
        for preset in tomllib.loads(path.read_text(encoding="utf-8")).values():
            for message in (preset["title"], preset["meaning"]):
                add(message, path.relative_to(root).as_posix())
    for path in sorted(root.glob("minelib/**/*.toml")):
        for message in said(tomllib.loads(path.read_text(encoding="utf-8")).get("says", {})):
            add(message, path.relative_to(root).as_posix())
    for path in sorted(p for room in DECLARED for p in root.glob(f"minelib/{room}/*.toml")):
        for message in declared_messages(tomllib.loads(path.read_text(encoding="utf-8"))):
            add(message, path.relative_to(root).as_posix())
    for unit in units():
        add(unit, "data/units.toml")
    for path in root.glob("data/warnings.toml"):
        for warning in tomllib.loads(path.read_text(encoding="utf-8")).values():
            add(warning, "data/warnings.toml")
    for path in root.glob("data/links.toml"):
        for link in tomllib.loads(path.read_text(encoding="utf-8")).values():
            add(link["says"], "data/links.toml")
    return _catalogue(found)


def _tables(path: Path) -> list[dict]:
    return [*tomllib.loads(path.read_text(encoding="utf-8")).values()] if path.is_file() else []


def said(table: dict) -> list[str]:
    """The sentences of a table and of the tables in it."""
    return [
        message
        for value in table.values()
        for message in (said(value) if isinstance(value, dict) else [value])
    ]


def units() -> list[str]:
    """Units with words of English in them; symbols are the same in every language."""
    from minelib.catalog.units import UNITS

    return [unit for unit in UNITS if re.search(r"[a-z]{3,}", unit)]


def marked(source: str) -> list[str]:
    """The literals that a module marks, also those inside f-strings, in their order.

    What `UnknownName` says was looked for is marked too: the error translates it itself.
    """
    found = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        first = node.args[0]
        either = (first.body, first.orelse) if isinstance(first, ast.IfExp) else (first,)
        if name in KEYWORDS:
            found += [
                (e.lineno, e.col_offset, e.value)
                for e in either
                if isinstance(e, ast.Constant) and isinstance(e.value, str)
            ]
    return [message for _line, _column, message in sorted(found)]


def declared_messages(declared: object, said: bool = False) -> list[str]:
    """What declared claims and entries say to a reader: the texts under the keys of `SAID`."""
    if isinstance(declared, str):
        return [declared] if said and not declared.startswith("@") else []
    if isinstance(declared, list):
        return [text for each in declared for text in declared_messages(each, said)]
    if not isinstance(declared, dict):
        return []
    pairs = declared.items()
    return [text for key, each in pairs for text in declared_messages(each, said or key in SAID)]


def descriptor_messages(descriptor: dict) -> list[str]:
    """What a descriptor says to a reader."""
    texts = [descriptor["title"], descriptor["meaning"], descriptor["licence_origin"]]
    texts += [descriptor["coverage"]["space"], *descriptor["changes_made"]]
    texts += [column["meaning"] for column in descriptor["columns"]]
    texts += [source.get("note", "") for source in descriptor["sources"]]
    texts += [source["publisher"] for source in descriptor["sources"]]
    return [text.strip() for text in texts if text.strip()]


def _catalogue(found: dict[str, list[str]]) -> Catalog:
    catalogue = Catalog(
        domain="minelib", project="minelib", fuzzy=False, charset="utf-8", header_comment=HEADER
    )
    order = sorted(found.items(), key=lambda item: _rank(item[1][0]))
    for message, places in order:
        if message.strip():
            catalogue.add(message, locations=[(place, 0) for place in places])
    return catalogue


def _rank(place: str) -> tuple[int, str]:
    return (("minelib/", "notebooks/", "data/").index(place.split("/")[0] + "/"), place)


def read(root: Path = ROOT) -> Catalog:
    """The Chinese catalogue as it stands; empty where there is none."""
    path = root / CATALOGUE
    if not path.exists():
        return Catalog(locale="zh_Hans_CN", fuzzy=False, header_comment=HEADER)
    with path.open("rb") as handle:
        return read_po(handle, locale="zh_Hans_CN", abort_invalid=True)


def update(root: Path = ROOT) -> Catalog:
    """Write the template and bring the Chinese catalogue in step with it."""
    template = extract(root)
    old = {m.id: m for m in read(root) if m.id}
    new = Catalog(
        locale="zh_Hans_CN", project="minelib", fuzzy=False, charset="utf-8", header_comment=HEADER
    )
    for message in template:
        if message.id:
            known = old.get(message.id)
            flags = known.flags - {"python-format", "python-brace-format"} if known else ()
            new.add(
                message.id, known.string if known else "", locations=message.locations, flags=flags
            )
    for catalogue, name in ((template, TEMPLATE), (new, CATALOGUE)):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_po_bytes(catalogue))
    return new


def _po_bytes(catalogue: Catalog) -> bytes:
    """The file without dates, so that the same messages give the same bytes."""
    import io

    for message in catalogue:
        message.flags -= {"python-format", "python-brace-format"}
    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=0, include_lineno=False)
    text = buffer.getvalue().decode("utf-8")
    dropped = r'^"(POT-Creation-Date|PO-Revision-Date|Report-Msgid-Bugs-To|Last-Translator|'
    dropped += r'Language-Team|Generated-By|Project-Id-Version|Plural-Forms): .*\\n"\n'
    return re.sub(dropped, "", text, flags=re.MULTILINE).encode("utf-8")


_MONTH_NAMES = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
MONTHS = {name: n for n, name in enumerate(_MONTH_NAMES, 1)}
MONTHS |= {name[:3]: n for name, n in MONTHS.items()}
_SCALES = {
    "万": 1e4,
    "亿": 1e8,
    "百万": 1e6,
    "千": 1e3,
    "万亿": 1e12,
    "百": 1e2,
    "thousand": 1e3,
    "million": 1e6,
    "billion": 1e9,
    "trillion": 1e12,
    "": 1.0,
}
_NUMBER = re.compile(
    r"(?<![\w.])(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)\s*"
    r"(万亿|百万|万|亿|千(?![瓦克米])|百(?!分)|thousand\b|million\b|billion\b|trillion\b)?",
    re.ASCII,
)


def numbers(text: str) -> Counter:
    """The numbers a text names, whatever the habit of its language in writing them."""
    plain = re.sub(r"\{[^{}]*\}|`[^`]*`|\]\([^)]*\)|<[^>]+>", " ", text)
    found = _NUMBER.findall(plain.replace("−", "-").replace("\u202f", ""))
    return Counter(round(float(n.replace(",", "")) * _SCALES[scale], 9) for n, scale in found)


def month_numbers(text: str) -> Counter:
    """The months an English text names in letters, as numbers."""
    return Counter(
        float(MONTHS[name]) for name in re.findall(r"[A-Z][a-z]+", text) if name in MONTHS
    )


def placeholders(text: str) -> Counter:
    """Placeholders, code spans, link targets and formulas: what must not be translated."""
    found = re.findall(r"\{[^{}\s]*\}", text)
    found += re.findall(r"(?<!`)`[^`\n]+`(?!`)", text)
    found += re.findall(r"\]\(([^)]+)\)", text)
    found += re.findall(r"(?<![\\$])\$[^$\n]+\$", text)
    return Counter(found)


def problems(root: Path = ROOT) -> list[str]:
    """What is wrong with the Chinese catalogue, one sentence each."""
    wanted = {m.id for m in extract(root) if m.id}
    catalogue = {m.id: m for m in read(root) if m.id}
    with (root / TEMPLATE).open("rb") as handle:
        template = {m.id for m in read_po(handle) if m.id}
    found = [f"missing: {_short(m)}" for m in sorted(wanted - set(catalogue))]
    found += [f"stale: {_short(m)}" for m in sorted(set(catalogue) - wanted)]
    found += [f"template out of step: {_short(m)}" for m in sorted(wanted ^ template)]
    for key, message in catalogue.items():
        if key in wanted:
            found += [f"{what}: {_short(key)}" for what in faults(message)]
    return found


def faults(message) -> list[str]:
    """The faults of one translated message."""
    source, target = message.id, message.string
    if message.fuzzy:
        return ["fuzzy"]
    if not target.strip():
        return ["untranslated"]
    found = []
    if placeholders(source) != placeholders(target):
        lost = placeholders(source) - placeholders(target)
        extra = placeholders(target) - placeholders(source)
        found.append(f"placeholders differ, lost {list(lost)}, extra {list(extra)}")
    lost = numbers(source) - numbers(target)
    extra = numbers(target) - numbers(source) - month_numbers(source)
    if lost or extra:
        found.append(f"numbers differ, lost {list(lost)}, extra {list(extra)}")
    if source.count("\n\n") != target.count("\n\n"):
        found.append("paragraphs differ")
    if source[:1].isspace() != target[:1].isspace() and target[:1].isspace():
        found.append("leading blank")
    return found


def _short(text: str) -> str:
    line = " ".join(text.split())
    return repr(line if len(line) <= 90 else line[:87] + "...")


def main(argv: list[str] | None = None) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="change nothing, say what is wrong")
    parser.add_argument("--todo", action="store_true", help="print what has no translation")
    asked = parser.parse_args(argv)
    if asked.check:
        found = problems()
        print(*found, sep="\n")
        return 1 if found else 0
    catalogue = update()
    todo = [m for m in catalogue if m.id and (not m.string or m.fuzzy)]
    if asked.todo:
        print(*(f"--- {m.locations[0][0]}\n{m.id}" for m in todo), sep="\n")
    print(f"{len(catalogue)} messages, {len(todo)} to translate", file=sys.stderr)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
