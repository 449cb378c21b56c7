# SPDX-License-Identifier: MIT
"""What a run depends on, so that it is not run again while nothing of that has changed.

The inputs of a run are its code cells, its parameters, the source of minelib, the installed
libraries, the messages (in a language other than English) and the tables it read. Prose is
none of them: when only prose changed, the executed notebook gets the new prose around the
old outputs.
"""

import contextlib
import hashlib
import json
import os
import platform
import re
import subprocess
from collections.abc import Iterable
from functools import cache
from importlib import metadata
from pathlib import Path

from minelib.catalog import data_folder, default
from minelib.catalog.own import PACKAGED, catalog_of
from minelib.declared import declared, sentences
from minelib.errors import BadInput, MinelibError
from minelib.studies.notebooks import Notebook
from minelib.studies.registry import SHARED, source_file
from minelib.words import gettext as _
from minelib.workbench.runs.folders import read

FORMAT = 2
_say = sentences(__file__)
_DECLARED = declared(__file__)
_PARTS = _DECLARED["says"]  # of the inputs, and what is said when one has changed
PLAN = "sweep.json"  # what a sweep's folder says it is to hold
_ID = re.compile(r"\d{4,}-[0-9a-f]{8}")
_PACKAGE = Path(__file__).parents[2]
_LOCK = _PACKAGE.parent / "requirements.lock"


def digest(content: object) -> str:
    """The first 16 hexadecimal digits of the SHA-256 of bytes, text or plain data."""
    if not isinstance(content, (bytes, str)):
        content = json.dumps(content, sort_keys=True, default=str)
    if isinstance(content, str):
        content = content.encode()
    return hashlib.sha256(content).hexdigest()[:16]


def _file(path):
    """The digest of a file, None where there is none."""
    return digest(path.read_bytes()) if path is not None and path.is_file() else None


@cache
def source() -> dict[str, str]:
    """Digest of each file of minelib that may matter."""
    found = {}
    for path in sorted(_PACKAGE.rglob("*")):
        parts = path.relative_to(_PACKAGE).with_suffix("").parts
        # each notebook depends on its own study only
        a_study = parts[0] == "studies" and parts[-1] not in SHARED
        if parts[0] in _DECLARED["not_inputs"] or (a_study and path.suffix == ".py"):
            continue
        if path.suffix in (".py", ".otf", ".ttf", ".mplstyle", ".toml", ".csv"):
            found[path.relative_to(_PACKAGE).as_posix()] = _file(path)
    # the words of figures and tables stand there, and the names of places and the like
    words = [word for entry in default().words.values() for word in entry.values()]
    named = {word.names for word in words if word.names}
    files = sorted(data_folder().glob("*.toml"))
    files += [default().descriptor(t).csv_path for t in sorted(named)]
    return {**found, **{f"data/{path.name}": _file(path) for path in files}}


@cache
def _messages(lang):
    """Digests of the messages of a language: those of the code, and those of notebooks."""
    path = _PACKAGE / "locale" / lang / "LC_MESSAGES" / "minelib.po"
    if lang == "en" or not path.is_file():
        return "", ""
    code, notebooks = [], []
    for block in path.read_text(encoding="utf-8").split("\n\n")[1:]:  # the first is the header
        lines = block.splitlines()
        places = " ".join(line[2:] for line in lines if line.startswith("#:")).split()
        words = [line for line in lines if not line.startswith("#:")]
        only_prose = places and all(place.startswith("notebooks/") for place in places)
        (notebooks if only_prose else code).append("\n".join(words))
    return digest(sorted(code)), digest(sorted(notebooks))


@cache
def versions() -> dict[str, str | None]:
    """Versions of Python and of the libraries, None for one that is not there."""
    found = {"python": platform.python_version(), **dict.fromkeys(_DECLARED["libraries"])}
    for name in _DECLARED["libraries"]:
        with contextlib.suppress(metadata.PackageNotFoundError):
            found[name] = metadata.version(name)
    return found


@cache
def tables(version: str = PACKAGED) -> dict[str, str]:
    """Digest of each table of a version of the data, with its descriptor, by name.

    Empty where the reader has no such version (any more).
    """
    try:
        catalog = catalog_of(version)
    except MinelibError:
        return {}
    paths = {name: catalog.files(name) for name in catalog.names}
    return {name: digest("".join(map(str, map(_file, both)))) for name, both in paths.items()}


def table(key: str, every: dict[str, str]) -> str | None:
    """The digest of a table, by its name, or as ``"network_daily@mine"`` of another version."""
    name, at, version = key.partition("@")
    return (tables(version) if at else every).get(name)


def version_of(inputs: dict) -> str:
    """The version of the data that a run reads: its parameter ``data``."""
    return str(inputs["parameters"].get("data", PACKAGED))


def forget() -> None:
    """Look at the files again next time; within one plan they are looked at once."""
    for cached in (source, _messages, tables, versions):
        cached.cache_clear()


def inputs(notebook: Notebook, parameters: dict, lang: str) -> dict:
    """Everything a run depends on but its tables, which are known only after it has run.

    Returns
    -------
    dict
        Plain data; two runs with equal inputs have equal results.
    """
    return {
        "format": FORMAT,
        "code": [digest([list(tags), source]) for tags, source in notebook.code()],
        "parameters": dict(parameters),
        "language": lang,
        "source": source(),
        "study": _file(source_file(notebook.slug)),
        "words": _messages(lang)[0],
        "libraries": versions(),
        "lock": _file(_LOCK),
        "platform": platform.system() + " " + platform.machine(),
    }


def prose(notebook: Notebook, lang: str) -> str:
    """Digest of the words around the code, in the language."""
    return digest([notebook.prose(), _messages(lang)[1]])


def relevant_tables(
    notebook: Notebook, used: Iterable[str], version: str = PACKAGED
) -> dict[str, str | None]:
    """The digests of the tables a finished run depends on.

    A notebook that lists or describes the catalogue depends on every table.
    """
    now = tables(version)
    code = "\n".join(source for _tags, source in notebook.code())
    if re.search(r"\b(catalog|describe|cite|verify)\b", code):
        used = {*used, *now}
    return {name: table(name, now) for name in sorted(used)}


def changes(record: dict, wanted: dict, notebook: Notebook) -> list[str]:
    """What has changed since a recorded run, in words; empty when nothing has.

    Parameters
    ----------
    record : dict
        ``run.json`` of the last run; empty when there is none.
    wanted : dict
        `inputs` of now.
    notebook : Notebook

    Returns
    -------
    list of str
    """
    if not record:
        return [_("there is no earlier run")]
    if record.get("status") != "ok":
        return [_("the earlier run did not succeed")]
    before = record.get("inputs", {})
    if before.get("format") != wanted["format"]:
        return [_("the earlier run was written by another version of minelib")]
    read = record["tables"]
    before = {**before, "tables": read}
    wanted = {**wanted, "tables": relevant_tables(notebook, read, version_of(wanted))}

    old, new = before["code"], wanted["code"]
    cells = [str(i) for i, cell in enumerate(new, start=1) if cell not in old]
    files = [f"minelib/{name}" for name in _differing(before["source"], wanted["source"])]
    told = {
        "cells": ", ".join(cells) or f"{len(old)} -> {len(new)}",
        "files": ", ".join(files[:3]) + (f" (+{len(files) - 3})" if len(files) > 3 else ""),
    }
    found = []
    for part in (part for part in _PARTS if before[part] != wanted[part]):
        old, new = before[part], wanted[part]
        if part in ("parameters", "libraries", "tables"):
            for name in _differing(old, new):
                pair = {"old": json.dumps(old.get(name)), "new": json.dumps(new.get(name))}
                found.append(_say(part, name=name, **pair))
        else:
            found.append(_say(part, **told))
    return list(dict.fromkeys(found))


def _differing(old, new):
    """The names whose values differ."""
    return [name for name in sorted({*old, *new}) if old.get(name) != new.get(name)]


def promise(record: dict, files: dict[str, bytes]) -> dict:
    """The record of a run with size and digest of each of its files, and its own digest."""
    sizes = {n: {"bytes": len(c), "sha256": digest(c)} for n, c in sorted(files.items())}
    record = {**record, "files": sizes}
    return {**record, "files": {**sizes, "run.json": {"sha256": digest(record)}}}


def intact(record: dict) -> bool:
    """Whether a record is as `promise` left it: it bears its own digest."""
    try:
        sizes = {**record["files"]}
        return sizes.pop("run.json") == {"sha256": digest({**record, "files": sizes})}
    except (LookupError, TypeError, AttributeError):
        return False


def kept(path: Path, promised: dict) -> bool:
    """Whether a file is there as its record promises."""
    try:
        content = path.read_bytes()
    except OSError:
        return False
    return promised == {"bytes": len(content), "sha256": digest(content)}


def damage(folder: Path, record: dict) -> str:
    """What of a recorded run is not as it was left, in words; empty when it is whole.

    A run that another version of minelib recorded is not looked at: `changes` says so.
    """
    if not folder.exists():
        return ""
    torn = ["run.json"]
    if intact(record):
        sizes = {name: size for name, size in record["files"].items() if name != "run.json"}
        torn = [name for name, size in sizes.items() if not kept(folder / name, size)]
    elif _of_another_version(record):
        return ""
    if not torn:
        return ""
    there = (folder / torn[0]).exists()
    sentence = _("its {file} is damaged") if there else _("its {file} is missing")
    return sentence.format(file=torn[0])


def _of_another_version(record):
    """Whether it has the form of an earlier one, before records had digests."""
    inputs = record.get("inputs")
    return isinstance(inputs, dict) and "files" not in record and inputs.get("format") == 1


def git_state() -> dict | None:
    """The commit this checkout is at and whether files differ from it; None outside one."""
    root = _PACKAGE.parent
    if not (root / ".git").exists():
        return None

    def git(*arguments):
        environment = {**os.environ, "GIT_OPTIONAL_LOCKS": "0"}
        kept = {"cwd": root, "env": environment, "timeout": 5, "check": True}
        return subprocess.run(["git", *arguments], capture_output=True, text=True, **kept).stdout

    try:
        changed = git("status", "--porcelain", "--", "minelib", "data", "notebooks")
        return {"commit": git("rev-parse", "HEAD").strip(), "changed": bool(changed.strip())}
    except (OSError, subprocess.SubprocessError):
        return None


def read_plan(folder: Path) -> dict | None:
    """What a sweep's folder says it is to hold; None where it holds no sweep.

    Raises
    ------
    BadInput
        The file is damaged.
    """
    path = folder / PLAN
    if not path.exists():
        return None
    plan = read(path)
    try:
        stated = plan.pop("digest", None)  # of an earlier version: none
        good = stated in (None, digest(plan))
        good &= all(isinstance(plan[name], str) for name in ("lang", "notebook", "slug"))
        for run in plan["runs"]:
            good &= bool(_ID.fullmatch(run["id"])) and isinstance(run["parameters"], dict)
    except (LookupError, TypeError, AttributeError):
        good = False
    if not good:
        sentence = _("{path} is damaged. Give the sweep again as before: finished runs stay.")
        raise BadInput(sentence.format(path=path))
    return plan
