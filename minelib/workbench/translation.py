# SPDX-License-Identifier: MIT
"""The prose of a notebook: which parts of it are messages, and the notebook in a language.

One markdown cell is one message; so is each comment in a code cell, each string that the code
itself passes to ``_`` or ``gettext`` (the library translates it when the cell runs), and each
sentence that the solution of a lesson assigns to a name with ``my_`` or ``why_``. Code, tags, ids
and outputs stay as they are; only the default of a parameter ``lang`` follows the language.
"""

import ast
import copy
import io
import re
import tokenize
from collections.abc import Iterable
from typing import Any, TypeVar

from minelib.checks import language
from minelib.words import gettext

Notebook = TypeVar("Notebook", bound=dict[str, Any])

__all__ = ["heading", "joined", "messages", "translated", "with_own_words"]

_NOT_PROSE = re.compile(
    r"#\s*(%%|noqa|type:|fmt:|pragma|!|((BEGIN|END)\s+)?SOLUTION\b|HIDDEN\b|ASSIGNMENT\b)"
)
_LANGUAGE = re.compile(r"^(lang(?:\s*:\s*\w+)?\s*=\s*)([\"'])\w+\2", re.MULTILINE)


def messages(notebook: dict[str, Any]) -> list[tuple[str, str]]:
    """The messages of a notebook, in reading order.

    Parameters
    ----------
    notebook : dict
        As read by ``json`` or ``nbformat``.

    Returns
    -------
    list of (str, str)
        Message and the id of its cell.

    Examples
    --------
    >>> cells = [{"cell_type": "markdown", "id": "a-01", "source": "# Why?\\n"},
    ...          {"cell_type": "code", "id": "a-02", "source": "# Days\\nhorizon = 30"}]
    >>> messages({"cells": cells})
    [('# Why?', 'a-01'), ('Days', 'a-02')]
    """
    found = []
    for cell in notebook["cells"]:
        source = _source(cell)
        if cell["cell_type"] == "markdown" and source.strip():
            found.append((source.strip(), cell.get("id", "")))
        elif cell["cell_type"] == "code":
            found += [(words, cell.get("id", "")) for _, words in _comments(source)]
            found += [(words, cell.get("id", "")) for words in _marked(source)]
            if "# SOLUTION" in source:
                found += [(words, cell.get("id", "")) for _node, words in _own_words(source)]
    return found


def translated(notebook: Notebook, lang: str) -> Notebook:
    """A copy of the notebook with its prose and comments in the language.

    Parameters
    ----------
    notebook : dict
        As read by ``json`` or ``nbformat``; stays untouched.
    lang : str
        One of `minelib.words.LANGUAGES`.

    Returns
    -------
    same type as ``notebook``

    Raises
    ------
    UnknownName
        An unknown language.

    Examples
    --------
    >>> cells = [{"cell_type": "code", "id": "a-01", "source": 'lang = "en"',
    ...           "metadata": {"tags": ["parameters"]}}]
    >>> translated({"cells": cells}, "zh")["cells"][0]["source"]
    'lang = "zh"'
    """
    language(lang)
    result = copy.deepcopy(notebook)
    for cell in result["cells"]:
        source = _source(cell)
        if cell["cell_type"] == "markdown" and source.strip():
            cell["source"] = gettext(source.strip(), lang)
        elif cell["cell_type"] == "code":
            source = with_own_words(_with_comments(source, lang), lang)
            if "parameters" in cell.get("metadata", {}).get("tags", []):
                source = _LANGUAGE.sub(lambda found: f'{found[1]}"{lang}"', source)
            cell["source"] = source
    return result


def heading(notebook: dict[str, Any], lang: str | None = None) -> str:
    """The first heading of the notebook, without its mark, in the language.

    Examples
    --------
    >>> heading({"cells": [{"cell_type": "markdown", "source": "# Why?\\n\\nBecause."}]}, "en")
    'Why?'
    """
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            for line in gettext(_source(cell).strip(), lang).splitlines():
                if line.startswith("#"):
                    return line.lstrip("#").strip()
    return ""


def joined(text: str | Iterable[str]) -> str:
    """A text of a notebook, which may be kept as a list of lines.

    Examples
    --------
    >>> joined(["one\\n", "two"]) == joined("one\\ntwo")
    True
    """
    return text if isinstance(text, str) else "".join(text)


def _source(cell):
    return joined(cell.get("source", ""))


def _comments(source):
    """Pairs of token and its words; none where the cell is not plain Python."""
    if "#" not in source:
        return []
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
    except (tokenize.TokenError, SyntaxError):
        return []
    found = []
    for token in tokens:
        words = token.string.lstrip("#").strip()
        if token.type == tokenize.COMMENT and words and not _NOT_PROSE.match(token.string):
            found.append((token, words))
    return found


def _nodes(source):
    """The nodes of a cell; none where it is not plain Python."""
    try:
        return ast.walk(ast.parse(source))
    except SyntaxError:
        return ()


def _marked(source):
    """Literals for a reader: passed to ``_`` or ``gettext``, or as title or alternative text."""
    found = []
    for node in _nodes(source):
        if not isinstance(node, ast.Call):
            continue
        called = getattr(node.func, "id", getattr(node.func, "attr", ""))
        said = node.args[:1] if called in ("_", "gettext") else []
        if called == "finish":
            said = [k.value for k in node.keywords if k.arg in ("title", "alt")]
        found += [s.value for s in said if isinstance(s, ast.Constant) and isinstance(s.value, str)]
    return found


def _with_comments(source, lang):
    lines = source.splitlines(keepends=True)
    for token, words in reversed(_comments(source)):
        row, column = token.start
        line = lines[row - 1]
        end = "\n" if line.endswith("\n") else ""
        lines[row - 1] = f"{line[:column]}# {gettext(words, lang)}{end}"
    return "".join(lines)


def _own_words(source):
    """Sentences given to names with ``my_`` or ``why_``: the literal, its words as a template."""
    found = []
    for node in _nodes(source):
        own = getattr(node.targets[0], "id", "") if isinstance(node, ast.Assign) else ""
        if isinstance(node, ast.Assign) and own.startswith(("my_", "why_")):
            parts = getattr(node.value, "values", [node.value])
            said = "".join(_as_template(part) for part in parts)
            if said.count(" ") > 5:
                found.append((node.value, said))
    return found


def _as_template(part):
    if isinstance(part, ast.Constant):
        return str(part.value) if isinstance(part.value, str) else ""
    return ast.unparse(ast.JoinedStr([part]))[2:-1] if isinstance(part, ast.FormattedValue) else ""


def with_own_words(source: str, lang: str) -> str:
    """The code of a solution with its sentences in the language.

    Examples
    --------
    >>> with_own_words("my_reason = 'too short'", "zh")
    "my_reason = 'too short'"
    """
    lines = source.splitlines()
    for node, said in reversed(_own_words(source)):
        own = gettext(said, lang)
        if own != said:
            first, last = node.lineno - 1, node.end_lineno
            mark = "  # SOLUTION NO PROMPT" if "# SOLUTION" in lines[last - 1] else ""
            start = lines[first].encode()[: node.col_offset].decode()
            quoted = ("f" if isinstance(node, ast.JoinedStr) else "") + _quoted(own)
            lines[first:last] = [start + quoted + mark]
            source = "\n".join(lines)
    return source


def _quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
