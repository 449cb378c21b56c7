# SPDX-License-Identifier: MIT
"""Whether lessons can be solved with the values of a teacher's own ``parameters.toml``."""

import json
import tempfile
import warnings
from collections.abc import Iterable
from pathlib import Path

from minelib.errors import BadInput
from minelib.lessons.judge import judge
from minelib.lessons.master import lesson
from minelib.lessons.parameters import draws, parameters, read_draws
from minelib.lessons.reference import right
from minelib.words import gettext as _

__all__ = ["check_draws"]

_SHOWN = 5  # faults named at most


def check_draws(
    path: str | Path | None, numbers: Iterable[str], students: Iterable[str] = ()
) -> None:
    """Solve lessons with every value that is not the package's own, before anything is written.

    A value is well when the solution, computed with it, earns full marks. Each is tried beside the
    first values of the other lists, and then the values that each student draws together.

    Parameters
    ----------
    path : path-like or None
        As in `minelib.lessons.parameters.read_draws`; None, the package's own, is well.
    numbers : iterable of str
        Of lessons; those without lists in the file are left out.
    students : iterable of str
        Ids whose numbers are tried together.

    Raises
    ------
    BadInput
        A sentence for each value that does not fit.
    """
    if path is None:
        return
    content, problems = read_draws(path), []
    students = list(students)
    with tempfile.TemporaryDirectory(prefix="minelib-values-") as scratch:
        for n in (n for n in numbers if n in content):
            lists, own = content[n], draws(n)
            first = {name: values[0] for name, values in lists.items()}
            tried = {name: [v for v in lists[name] if v not in own[name]] for name in lists}
            found = [
                (f"{name} = {value!r}", problem)
                for name, values in tried.items()
                for value in values
                if (problem := _problem(n, {**first, name: value}, scratch))
            ]
            drawn = {str(d): d for d in (vars(parameters(n, s, path)) for s in students)}
            if not found and any(tried.values()):
                found = [
                    (", ".join(f"{name} = {value!r}" for name, value in values.items()), problem)
                    for values in drawn.values()
                    if (problem := _problem(n, values, scratch))
                ]
            problems += [f"[{n}] {values}: {problem}" for values, problem in found]
    if problems:
        more = len(problems) - _SHOWN
        told = [f"{path}: {problem}" for problem in problems[:_SHOWN]]
        told += [_("... and {count} more.").format(count=more)] if more > 0 else []
        raise BadInput("\n".join(told))


def _problem(number, values, scratch):
    """Why a lesson cannot be solved with these values; empty when it can."""
    file = Path(scratch, f"{len(list(Path(scratch).iterdir()))}.toml")
    lines = [f"{name} = [{json.dumps(value)}]" for name, value in values.items()]
    lists = draws(number)
    lines += [f"{name} = {json.dumps(lists[name])}" for name in lists if name not in values]
    file.write_text("\n".join([f"[{number}]", *lines]) + "\n", encoding="utf-8")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            answers = right(number, "", str(file))
            for name in lesson(number).exercises:
                said = judge(number, name, answers, "", str(file)).messages
                if said:
                    return f"{name}: {said[0]}"
    except BadInput as error:
        return str(error)
    return ""
