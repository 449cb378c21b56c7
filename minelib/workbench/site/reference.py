# SPDX-License-Identifier: MIT
"""Pages for programmers: every public name with its docstring, a page per room."""

import hashlib
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from types import ModuleType

from minelib.declared import declared
from minelib.workbench.site.source import write_site

__all__ = ["CHAPTERS", "digest", "write_reference"]

_PACKAGE = Path(__file__).parents[2]

_TEXT = declared(__file__)
CHAPTERS: dict[str, str] = _TEXT["chapters"]
"""The rooms in order, by chapter."""


def digest() -> str:
    """Of all that these pages are made from."""
    found = hashlib.sha256()
    for path in sorted(_PACKAGE.rglob("*")):
        if path.is_file() and path.suffix in (".py", ".toml", ".css", ".js", ".html", ".inv"):
            found.update(path.relative_to(_PACKAGE).as_posix().encode() + path.read_bytes())
    return found.hexdigest()


def write_reference(folder: Path, languages: Sequence[str]) -> Path:
    """Write the sources of the pages.

    Parameters
    ----------
    folder : pathlib.Path
        Is created.
    languages : sequence of str
        Those of the site, to lead back to.

    Returns
    -------
    pathlib.Path
        The folder.
    """
    import minelib

    folder.mkdir(parents=True)
    listed = "".join(
        f"\n## {chapter}\n\n"
        + "\n".join(
            f"- {{doc}}`minelib.{room} <{room}>`: {_meaning(room)}" for room in rooms.split()
        )
        + f"\n\n```{{toctree}}\n:hidden:\n:caption: {chapter}\n\n"
        + "\n".join([*rooms.split(), "```\n"])
        for chapter, rooms in CHAPTERS.items()
    )
    shortcuts = "\n".join(
        f"- `ml.{name}`: {{py:obj}}`{home}.{name}`" for name, home in minelib._SHORTCUTS.items()
    )
    intro = _TEXT["intro"].format(version=minelib.__version__, shortcuts=shortcuts)
    (folder / "index.md").write_text(intro + listed, encoding="utf-8")
    for room in " ".join(CHAPTERS.values()).split():
        (folder / f"{room}.rst").write_text(_page(f"minelib.{room}"), encoding="utf-8")
    extensions = ["sphinx.ext.autodoc", "sphinx.ext.intersphinx", "numpydoc"]
    write_site(folder, "en", languages, extensions=extensions, home="index")
    return folder


def _meaning(room):
    return (import_module(f"minelib.{room}").__doc__ or "").splitlines()[0]


def _page(name):
    room = import_module(name)
    lines = [name, "=" * len(name), "", f".. automodule:: {name}", "   :no-members:", ""]
    for each in sorted(room.__all__, key=str.lower):
        lines += _entry(each, getattr(room, each))
    return "\n".join(lines)


def _entry(name, thing):
    if isinstance(thing, ModuleType):
        return [f".. py:data:: {name}", "", f"   The module ``{thing.__name__}``.", ""]
    if isinstance(thing, type):
        return [f".. autoclass:: {name}", "   :members:", ""]
    if callable(thing):
        return [f".. autofunction:: {name}", ""]
    return [f".. autodata:: {name}", *["   :no-value:"] * (len(repr(thing)) > 200), ""]
