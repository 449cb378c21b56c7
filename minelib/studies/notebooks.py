# SPDX-License-Identifier: MIT
"""The notebooks there are, found by the convention of their names.

``02-crackdown.ipynb`` has the number 2 and the slug ``crackdown``; its parameters are in
`minelib.studies`. Nothing is listed anywhere.
"""

import ast
import hashlib
import json
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, SupportsIndex

from minelib.errors import BadParameter, MinelibError, UnknownName
from minelib.studies.registry import model
from minelib.words import gettext as _

__all__ = ["Notebook", "comments_of", "find", "folder", "select"]

_NAME = re.compile(r"(\d\d)-([a-z0-9]+(?:-[a-z0-9]+)*)")


def folder() -> Path:
    """Where the notebooks lie.

    ``MINELIB_NOTEBOOKS`` if it is set; else beside the package in a checkout, inside it when
    it was installed from a wheel.

    Returns
    -------
    pathlib.Path
    """
    if os.environ.get("MINELIB_NOTEBOOKS"):
        return Path(os.environ["MINELIB_NOTEBOOKS"]).absolute()
    package = Path(__file__).parents[1]
    installed = package / "_notebooks"
    return installed if installed.is_dir() else package.parent / "notebooks"


@dataclass(frozen=True)
class Notebook:
    """One notebook.

    Attributes
    ----------
    number : int
    slug : str
    path : pathlib.Path
    """

    number: int
    slug: str
    path: Path

    @property
    def name(self) -> str:
        """``"02-crackdown"``."""
        return f"{self.number:02d}-{self.slug}"

    @cached_property
    def content(self) -> dict:
        """The notebook as the JSON it is.

        Raises
        ------
        MinelibError
            When the file is no notebook.
        """
        try:
            content = json.loads(self.path.read_text(encoding="utf-8"))
            for cell in content["cells"]:
                cell["source"] = "".join(cell["source"])
                tags = cell.setdefault("metadata", {}).get("tags", [])
                if not isinstance(cell["cell_type"], str) or not isinstance(tags, list):
                    raise ValueError("cell_type, tags")
            return content
        except OSError as error:
            sentence = _("{file} cannot be read: {error}")
            raise MinelibError(sentence.format(file=self.path, error=error.strerror)) from None
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
            sentence = _(
                "{path} is not a notebook, or damaged. Put it back as it was, from a copy."
            )
            raise MinelibError(sentence.format(path=self.path)) from None

    @property
    def title(self) -> str:
        """Its first heading, in English; the name when it has none."""
        for cell in self.content["cells"]:
            if cell["cell_type"] == "markdown":
                match = re.search(r"^#+\s+(.+)$", cell["source"], re.MULTILINE)
                if match:
                    return match[1].strip()
        return self.name

    @property
    def kernel(self) -> str:
        """The kernel it names; empty where it names none."""
        metadata = self.content.get("metadata")
        spec = metadata.get("kernelspec") if isinstance(metadata, dict) else None
        return str(spec.get("name") or "") if isinstance(spec, dict) else ""

    def study(self) -> Any:
        """The class with its parameters."""
        return model(self.slug)

    def code(self) -> list[tuple[tuple, str]]:
        """Tags and source of each code cell, in order: what decides a run's results."""
        return [
            (tuple(cell["metadata"].get("tags", ())), cell["source"])
            for cell in self.content["cells"]
            if cell["cell_type"] == "code"
        ]

    def prose(self) -> str:
        """SHA-256 of everything else a reader sees."""
        cells = [c["source"] for c in self.content["cells"] if c["cell_type"] != "code"]
        return hashlib.sha256(json.dumps(cells).encode()).hexdigest()

    def _parameters_cell(self):
        cells = [source for tags, source in self.code() if "parameters" in tags]
        if len(cells) != 1:
            sentence = _("{notebook} has {count} cells tagged 'parameters', not one.")
            raise MinelibError(sentence.format(notebook=self.path.name, count=len(cells)))
        return cells[0]

    def literals(self) -> dict[str, Any]:
        """What the parameters cell says.

        Returns
        -------
        dict
            Name to value, in order.

        Raises
        ------
        MinelibError
            When there is not exactly one cell tagged ``parameters``, or it holds anything but
            plain assignments of literals: papermill would not see it, or leave it stale.
        """
        found: dict[str, Any] = {}
        statement: Any
        cell = self._parameters_cell()
        try:
            statements = ast.parse(cell).body
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            sentence = _("{notebook}, parameters: '{line}' is not NAME = LITERAL.")
            line = (getattr(error, "text", None) or cell).strip()[:60]
            raise MinelibError(sentence.format(notebook=self.path.name, line=line)) from None
        for statement in statements:
            try:  # what has several targets or an annotation papermill drops, or leaves stale
                (target,) = statement.targets
                found[target.id] = ast.literal_eval(statement.value)
            except (AttributeError, ValueError):
                sentence = _("{notebook}, parameters: '{line}' is not NAME = LITERAL.")
                line = ast.unparse(statement)
                raise MinelibError(sentence.format(notebook=self.path.name, line=line)) from None
        return found

    def comments(self) -> dict[str, str]:
        """What the comment above each parameter says of it, in English."""
        lines = self._parameters_cell().splitlines()
        return {
            line.split("=")[0].strip(): above.lstrip("# ")
            for above, line in zip(lines, lines[1:], strict=False)
            if above.startswith("#") and "=" in line
        }

    def figure_titles(self) -> list[str]:
        """The titles that its cells give to `minelib.finish`, in order, in English."""
        titles: list[str] = []
        for _tags, source in self.code():
            # without IPython's own lines
            plain = re.sub(r"(?m)^(\s*)[%!].*", r"\1pass", source)
            try:
                calls = [node for node in ast.walk(ast.parse(plain)) if isinstance(node, ast.Call)]
            except SyntaxError:  # told when the cell runs
                continue
            for call in sorted(calls, key=lambda node: (node.lineno, node.col_offset)):
                if ast.unparse(call.func).split(".")[-1] == "finish":
                    titles += [
                        str(keyword.value.value)
                        for keyword in call.keywords
                        if keyword.arg == "title" and isinstance(keyword.value, ast.Constant)
                    ]
        return titles


def find(root: str | os.PathLike | None = None) -> list[Notebook]:
    """All notebooks of a folder, by number.

    Parameters
    ----------
    root : path or None
        None for `folder`.

    Returns
    -------
    list of Notebook
    """
    if not isinstance(root, str | os.PathLike | None):
        raise BadParameter("root", root, _("must be {kind}").format(kind=_("text")))
    paths = sorted(Path(root or folder()).glob("*.ipynb"))
    names = [(path, _NAME.fullmatch(path.stem)) for path in paths]
    return [Notebook(int(name[1]), name[2], path) for path, name in names if name]


def select(
    names: Iterable[str | SupportsIndex] | str | SupportsIndex = (),
    root: str | os.PathLike | None = None,
) -> list[Notebook]:
    """The notebooks asked for, in the order of their numbers, each once.

    Parameters
    ----------
    names : list of str or int, or one of them
        Numbers, slugs or file names: ``2``, ``"crackdown"``, ``"02-crackdown"``,
        ``"notebooks/02-crackdown.ipynb"``. Empty for all.

    Returns
    -------
    list of Notebook

    Raises
    ------
    UnknownName
        With the nearest names.
    MinelibError
        When there is no notebook at all.
    """
    known = find(root)
    if not known:
        raise MinelibError(_("There is no notebook in {folder}.").format(folder=root or folder()))
    by_name = {n.name: n for n in known} | {n.slug: n for n in known}
    by_name |= {str(n.number): n for n in known}
    chosen = []
    names = [names] if isinstance(names, str | SupportsIndex) else names
    if not isinstance(names, Iterable):
        raise BadParameter("names", names, _("must be {kind}").format(kind=_("a list of names")))
    for name in names:
        asked = Path(str(name)).name.removesuffix(".ipynb")
        asked = asked.lstrip("0") or "0" if asked.isdecimal() else asked
        if asked not in by_name:
            error = UnknownName("notebook", name, [o for n in known for o in (n.slug, n.name)])
            if not error.suggestions:
                error = UnknownName("notebook", name, [n.name for n in known])
            raise error
        chosen.append(by_name[asked])
    return [n for n in known if n in chosen] or known


def comments_of(slug: str) -> dict[str, str]:
    """The comments of the parameters of the notebook of that slug; none where there is none."""
    found = [notebook for notebook in find() if notebook.slug == slug]
    return found[0].comments() if found else {}
