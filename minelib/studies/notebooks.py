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
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from minelib.errors import MinelibError, UnknownName
from minelib.words import gettext as _

__all__ = ["Notebook", "find", "folder", "select"]

_NAME = re.compile(r"(\d\d)-([a-z0-9]+(?:-[a-z0-9]+)*)")


def folder():
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
    def name(self):
        """``"02-crackdown"``."""
        return f"{self.number:02d}-{self.slug}"

    @cached_property
    def content(self):
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
            return content
        except (OSError, ValueError, KeyError, TypeError) as error:
            sentence = _("{path} is not a notebook: {reason}")
            raise MinelibError(sentence.format(path=self.path, reason=error)) from None

    @property
    def title(self):
        """Its first heading, in English; the name when it has none."""
        for cell in self.content["cells"]:
            if cell["cell_type"] == "markdown":
                match = re.search(r"^#+\s+(.+)$", cell["source"], re.MULTILINE)
                if match:
                    return match[1].strip()
        return self.name

    def study(self):
        """The class with its parameters."""
        from minelib.studies import model

        return model(self.slug)

    def code(self):
        """Tags and source of each code cell, in order: what decides a run's results."""
        return [
            (tuple(cell["metadata"].get("tags", ())), cell["source"])
            for cell in self.content["cells"]
            if cell["cell_type"] == "code"
        ]

    def prose(self):
        """SHA-256 of everything else a reader sees."""
        cells = [c["source"] for c in self.content["cells"] if c["cell_type"] != "code"]
        return hashlib.sha256(json.dumps(cells).encode()).hexdigest()

    def literals(self):
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
        cells = [source for tags, source in self.code() if "parameters" in tags]
        if len(cells) != 1:
            sentence = _("{notebook} has {count} cells tagged 'parameters', not one.")
            raise MinelibError(sentence.format(notebook=self.path.name, count=len(cells)))
        found = {}
        for statement in ast.parse(cells[0]).body:
            target, value = _assignment(statement)
            if target is None:
                sentence = _("{notebook}, parameters: '{line}' is not NAME = LITERAL.").format(
                    notebook=self.path.name, line=ast.unparse(statement)
                )
                raise MinelibError(sentence)
            found[target] = value
        return found

    def unread(self):
        """Parameters that no cell after the parameters cell reads, as a set.

        Passing one on to the study (``Crackdown(horizon_days=horizon_days)``) is not enough:
        the study's attribute must be read as well, also inside a text (``"@study.end"``).
        """
        literals, read, handed_on, studies = self.literals(), set(), set(), set()
        for tags, source in self.code():
            if "parameters" in tags:
                continue
            for node in ast.walk(ast.parse(_plain(source))):
                if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                    read.add((node.value.id, node.attr))
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    read |= set(re.findall(r"@(\w+)\.(\w+)", node.value))
                if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
                    handed = {k.arg for k in node.value.keywords if _is_name(k.value, k.arg)}
                    if any(ast.unparse(arg) == "globals()" for arg in node.value.args):
                        handed = set(literals)
                    handed_on |= handed
                    if handed & literals.keys():
                        studies |= {t.id for t in node.targets if isinstance(t, ast.Name)}
        # the language is read by the study itself
        used = {attribute for name, attribute in read if name in studies} | {"lang"}
        return {name for name in literals if name not in handed_on & used}

    def figure_titles(self):
        """The titles that its cells give to `minelib.finish`, in order, in English."""
        titles = []
        for _tags, source in self.code():
            try:
                tree = ast.parse(_plain(source))
            except SyntaxError:  # told when the cell runs
                continue
            titles += titles_in(tree)
        return titles


def _is_name(node, name):
    return isinstance(node, ast.Name) and node.id == name


def titles_in(tree):
    """The literal titles in the calls of ``finish``, in the order of their places."""
    found = [
        (node.lineno, node.col_offset, keyword.value.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == "finish"
        for keyword in node.keywords
        if keyword.arg == "title" and isinstance(keyword.value, ast.Constant)
    ]
    return [title for _line, _column, title in sorted(found)]


def _plain(source):
    """The cell without IPython's own lines."""
    return "\n".join(
        "pass" if line.lstrip()[:1] in ("%", "!") else line for line in source.splitlines()
    )


def _assignment(statement):
    """Name and value of ``name = literal``; (None, None) for anything else."""
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target, value = statement.targets[0], statement.value
    elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
        return None, None  # papermill drops some annotated parameters
    else:
        return None, None
    if not isinstance(target, ast.Name):
        return None, None
    try:
        return target.id, ast.literal_eval(value)
    except ValueError:
        return None, None


def find(root=None):
    """All notebooks of a folder, by number.

    Parameters
    ----------
    root : path or None
        None for `folder`.

    Returns
    -------
    list of Notebook
    """
    root = Path(root) if root is not None else folder()
    found = []
    for path in sorted(root.glob("*.ipynb")):
        match = _NAME.fullmatch(path.stem)
        if match:
            found.append(Notebook(int(match[1]), match[2], path))
    return found


def select(names=(), root=None):
    """The notebooks asked for, in the order of their numbers, each once.

    Parameters
    ----------
    names : iterable of str or int
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
    chosen = []
    for name in names:
        asked = Path(str(name)).name.removesuffix(".ipynb")
        for notebook in known:
            if asked in (notebook.name, notebook.slug) or (
                asked.isdecimal() and int(asked) == notebook.number
            ):
                chosen.append(notebook)
                break
        else:
            every = [other for n in known for other in (n.slug, n.name)]
            error = UnknownName("notebook", name, every)
            if not error.suggestions:
                error = UnknownName("notebook", name, [n.name for n in known])
            raise error
    return [n for n in known if n in chosen] if names else known
