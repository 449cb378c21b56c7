# SPDX-License-Identifier: MIT
"""What a run depends on, so that it is not run again while nothing of that has changed.

The inputs of a run are its code cells, its parameters, the source of minelib, the installed
libraries, the messages (in a language other than English) and the tables it read. Prose is
none of them: when only prose changed, the executed notebook gets the new prose around the
old outputs.
"""

import hashlib
import json
import os
import platform
import re
from functools import cache
from pathlib import Path

from minelib.catalog import data_folder, default
from minelib.catalog.dictionary import COLUMNS
from minelib.studies.registry import SHARED

__all__ = ["changes", "digest", "forget", "inputs", "prose", "source", "tables", "versions"]

FORMAT = 1

# rooms whose code cannot change what a notebook computes or shows
_NOT_INPUTS = ("cli", "lessons", "former", "workbench")
# the libraries a result may depend on
LIBRARIES = (
    *("ipykernel", "ipython", "matplotlib", "nbclient", "nbconvert", "numpy", "pandas"),
    *("papermill", "pydantic", "scipy", "seaborn", "statsmodels", "babel"),
)


def digest(content):
    """The first 16 hexadecimal digits of the SHA-256 of bytes, text or plain data."""
    if not isinstance(content, (bytes, str)):
        content = json.dumps(content, sort_keys=True, default=str)
    if isinstance(content, str):
        content = content.encode()
    return hashlib.sha256(content).hexdigest()[:16]


@cache
def source():
    """Digest of each file of minelib that may matter."""
    package = Path(__file__).parents[2]
    studies = {f"studies/{path.name}" for path in (package / "studies").glob("*.py")}
    studies -= {f"studies/{name}.py" for name in SHARED}
    found = {}
    for path in sorted(package.rglob("*")):
        name = path.relative_to(package).as_posix()
        room = name.split("/")[0].removesuffix(".py")
        # each notebook depends on its own study only
        if room in (*_NOT_INPUTS, "_data", "_notebooks") or name in studies:
            continue
        if path.suffix in (".py", ".otf", ".ttf", ".mplstyle", ".toml"):
            found[name] = _file_digest(path)
    # the words of figures and tables stand there, and the names of places and the like
    words = [word for entry in default().words.values() for word in entry.values()]
    named = {word.names for word in words if word.names}
    files = [data_folder() / COLUMNS, *(default().descriptor(t).csv_path for t in sorted(named))]
    return {**found, **{f"data/{path.name}": _file_digest(path) for path in files}}


def _file_digest(path):
    return digest(path.read_bytes())


@cache
def _messages(lang):
    """Digests of the messages of a language: those of the code, and those of notebooks."""
    path = Path(__file__).parents[2] / "locale" / lang / "LC_MESSAGES" / "minelib.po"
    if not path.is_file():
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
def versions():
    """Versions of Python and of the libraries, as a dict."""
    from importlib import metadata

    found = {"python": platform.python_version()}
    for name in LIBRARIES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = None
    return found


@cache
def _lock_file():
    path = Path(__file__).parents[3] / "requirements.lock"
    return _file_digest(path) if path.is_file() else None


@cache
def tables():
    """Digest of each shipped table with its descriptor, by name."""
    from minelib.catalog.store import data_folder

    found = {}
    for path in sorted(Path(data_folder()).glob("*/*.csv")):
        descriptor = path.with_suffix(".toml")
        if descriptor.is_file():
            found[path.stem] = digest(_file_digest(path) + _file_digest(descriptor))
    return found


def forget():
    """Look at the files again next time; within one plan they are looked at once."""
    for cached in (source, _messages, _lock_file, tables, versions):
        cached.cache_clear()


def inputs(notebook, parameters, lang):
    """Everything a run depends on but its tables, which are known only after it has run.

    Returns
    -------
    dict
        Plain data; two runs with equal inputs have equal results.
    """
    from minelib.studies import source_file

    model = source_file(notebook.slug)
    return {
        "format": FORMAT,
        "code": [digest([list(tags), source]) for tags, source in notebook.code()],
        "parameters": dict(parameters),
        "language": lang,
        "source": source(),
        "study": _file_digest(model) if model is not None else None,
        "words": _messages(lang)[0] if lang != "en" else "",
        "libraries": versions(),
        "lock": _lock_file(),
        "platform": platform.system() + " " + platform.machine(),
    }


def prose(notebook, lang):
    """Digest of the words around the code, in the language."""
    return digest([notebook.prose(), _messages(lang)[1] if lang != "en" else ""])


def relevant_tables(notebook, used):
    """The digests of the tables a finished run depends on.

    A notebook that lists or describes the catalogue depends on every table.
    """
    now = tables()
    code = "\n".join(source for _tags, source in notebook.code())
    if re.search(r"\b(catalog|describe|cite|verify)\b", code):
        return now
    return {name: now.get(name) for name in sorted(used)}


def changes(record, wanted, notebook):
    """What has changed since a recorded run, in words; empty when nothing has.

    Parameters
    ----------
    record : dict or None
        ``run.json`` of the last run.
    wanted : dict
        `inputs` of now.
    notebook : Notebook

    Returns
    -------
    list of str
    """
    from minelib.words import gettext as _

    if record is None:
        return [_("there is no earlier run")]
    if record.get("status") != "ok":
        return [_("the earlier run did not succeed")]
    before = record.get("inputs") or {}
    if before.get("format") != wanted["format"]:
        return [_("the earlier run was written by another version of minelib")]
    found = []
    if before["code"] != wanted["code"]:
        found.append(_("code cells changed: {cells}").format(cells=_cells(before, wanted)))
    found += _differences(before, wanted, "parameters", _("parameter {name}: {old} -> {new}"))
    found += _files(before["source"], wanted["source"])
    if before["study"] != wanted["study"]:
        found.append(_("the notebook's study changed"))
    if before["words"] != wanted["words"] or before["language"] != wanted["language"]:
        found.append(_("the messages of the language changed"))
    found += _differences(before, wanted, "libraries", _("{name}: {old} -> {new}"))
    if before["lock"] != wanted["lock"]:
        found.append(_("requirements.lock changed"))
    if before["platform"] != wanted["platform"]:
        found.append(_("another kind of machine"))
    read = record.get("tables") or {}
    for name, value in relevant_tables(notebook, read).items():
        if read.get(name) != value:
            found.append(_("table {name} changed").format(name=name))
    return found


def _cells(before, wanted):
    old, new = before["code"], wanted["code"]
    changed = [str(i) for i, cell in enumerate(new, start=1) if cell not in old]
    return ", ".join(changed) if changed else f"{len(old)} -> {len(new)}"


def _differences(before, wanted, part, sentence):
    old, new = before[part], wanted[part]
    return [
        sentence.format(name=name, old=json.dumps(old.get(name)), new=json.dumps(new.get(name)))
        for name in sorted({*old, *new})
        if old.get(name) != new.get(name)
    ]


def _files(old, new):
    from minelib.words import gettext as _

    changed = [name for name in sorted({*old, *new}) if old.get(name) != new.get(name)]
    if not changed:
        return []
    shown = ", ".join(f"minelib/{name}" for name in changed[:3])
    more = f" (+{len(changed) - 3})" if len(changed) > 3 else ""
    return [_("source changed: {files}").format(files=shown + more)]


def git_state():
    """The commit this checkout is at and whether files differ from it; None outside one."""
    import subprocess

    root = Path(__file__).parents[3]
    if not (root / ".git").exists():
        return None
    try:
        quiet = {"cwd": root, "capture_output": True, "text": True, "timeout": 5}
        environment = {**os.environ, "GIT_OPTIONAL_LOCKS": "0"}
        commit = subprocess.run(["git", "rev-parse", "HEAD"], env=environment, **quiet)
        status = subprocess.run(
            ["git", "status", "--porcelain", "--", "minelib", "data", "notebooks"],
            env=environment,
            **quiet,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    if commit.returncode:
        return None
    return {"commit": commit.stdout.strip(), "changed": bool(status.stdout.strip())}
