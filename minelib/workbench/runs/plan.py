# SPDX-License-Identifier: MIT
"""What is to be run: every notebook, language and set of parameters, checked before it starts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path

import minelib
from minelib.declared import sentences
from minelib.errors import BadParameters, MinelibError
from minelib.studies.notebooks import Notebook
from minelib.workbench.runs import cache
from minelib.workbench.runs.folders import read

RUN_FORMAT = 1
_say = sentences(__file__)
TIMEOUT = 3600
"""Seconds a run may take, where nothing else is said."""


@dataclass
class Task:
    """One run to be done.

    Attributes
    ----------
    notebook : Notebook
    lang : str
    parameters : dict
        Every parameter with its value.
    folder : Path
        Where its result shall stand.
    failed : Path
        Where a failed attempt shall stand.
    why : list of str
        Why it must be run; empty when the result that stands there is still good.
    damaged : str
        What of the result that stands there is no longer as it was left, in words.
    """

    notebook: Notebook
    lang: str
    parameters: dict
    folder: Path
    failed: Path
    why: list[str] = field(default_factory=list)
    damaged: str = ""
    inputs: dict = field(default_factory=dict, repr=False)
    refresh: bool = False
    expected: float = 5.0
    label: str = ""

    @property
    def name(self) -> str:
        """Notebook and language (or the run's name in a sweep), for a line of progress."""
        if self.label:
            return self.label
        return self.notebook.name if self.lang == "en" else f"{self.notebook.name} ({self.lang})"

    @property
    def before(self) -> dict:
        """The ``run.json`` that stands in the folder; empty without one."""
        record = read(self.folder / "run.json")
        return record if isinstance(record, dict) else {}

    def spec(self, git: dict | None = None) -> dict:
        """The same as plain data, for another process; ``record`` becomes ``run.json``."""
        defaults = self.notebook.study().checked({})[0]  # a month's default is its first day
        changed = {
            name: value
            for name, value in self.parameters.items()
            if value != defaults[name] and name != "lang"
        }
        in_words = self.lang != "en" and "lang" in self.parameters
        version = cache.version_of(self.inputs)
        return {
            "path": str(self.notebook.path.absolute()),
            "content": self.notebook.content,  # as planned, though the file may change meanwhile
            "given": changed | ({"lang": self.lang} if in_words else {}),
            "folder": str(self.folder.absolute()),
            "failed": str(self.failed.absolute()),
            "timeout": TIMEOUT,
            "tables": cache.tables(version),
            "relevant": [*cache.relevant_tables(self.notebook, (), version)],
            "record": {
                "format": RUN_FORMAT,
                "notebook": self.notebook.name,
                "slug": self.notebook.slug,
                "number": self.notebook.number,
                "lang": self.lang,
                "parameters": self.parameters,
                "changed": changed,
                "git": git,
                "versions": {"minelib": minelib.__version__, **self.inputs["libraries"]},
                "inputs": self.inputs,
                "prose": cache.prose(self.notebook, self.lang),
            },
        }


def check_notebook(notebook: Notebook) -> None:
    """See that the parameters cell and the study say the same.

    Raises
    ------
    MinelibError
        With what differs.
    """
    study = notebook.study()
    defaults = {name: field.default for name, field in study.model_fields.items()}
    literals, declared = (
        ", ".join(f"{name}={value!r}" for name, value in values.items())
        for values in (notebook.literals(), defaults)
    )
    if literals != declared:
        told = {"literals": literals, "study": study.__name__, "declared": declared}
        raise MinelibError(_say("differs", notebook=notebook.path.name, **told))


def checked_parameters(
    notebooks: Iterable[Notebook], given: Mapping, from_text: bool = False
) -> dict[Notebook, dict]:
    """The values of every parameter of every notebook.

    Parameters
    ----------
    notebooks : list of Notebook
    given : dict
        Applied to each notebook: each must know every name.
    from_text : bool
        As in `minelib.studies.base.Study.checked`.

    Returns
    -------
    dict
        Notebook to its parameters.

    Raises
    ------
    BadParameters
        With all problems of all notebooks.
    MinelibError
        As `check_notebook`.
    """
    values: dict = {}
    problems: dict = {}
    for notebook in notebooks:
        values[notebook], wrong = notebook.study().checked(given, from_text=from_text)
        problems |= dict.fromkeys(f"{notebook.name}: {problem}" for problem in wrong)
    if problems:
        raise BadParameters(problems)
    for notebook in notebooks:
        check_notebook(notebook)
    return values


def plan(
    notebooks: list[Notebook], values: dict, langs: Iterable[str], output: Path, force: bool = False
) -> list[Task]:
    """The tasks, each with the reasons why it must run.

    Parameters
    ----------
    notebooks : list of Notebook
    values : dict
        As from `checked_parameters`.
    langs : iterable of str
    output : path
    force : bool
        Run what has not changed, too.

    Returns
    -------
    list of Task
    """
    cache.forget()
    tasks = []
    for lang, notebook in product(langs, notebooks):
        own = {"lang": lang} if "lang" in values[notebook] else {}
        tasks.append(judged(_task(notebook, lang, values[notebook] | own, output), force))
    return tasks


def unchanged(notebooks: list[Notebook], langs: Iterable[str], output: Path) -> list[Task] | None:
    """The tasks of a run with the default parameters, if every result stands there already.

    The studies are not imported for this: that their files and all of minelib are as they
    were says that the defaults are, too.

    Returns
    -------
    list of Task or None
        None as soon as anything must be run.
    """
    cache.forget()
    tasks = []
    for lang, notebook in product(langs, notebooks):
        task = _task(notebook, lang, {}, output)
        before = task.before
        if before.get("status") != "ok" or before.get("changed") != {}:
            return None
        task.parameters = before.get("parameters", {})
        if judged(task).why:
            return None
        tasks.append(task)
    return tasks


def _task(notebook, lang, parameters, output):
    home, suffix = (output, "") if lang == "en" else (output / lang, f".{lang}")
    failed = output / "failed" / f"{notebook.name}{suffix}"
    return Task(notebook, lang, parameters, home / notebook.name, failed)


def judged(task: Task, force: bool = False) -> Task:
    """The task with its inputs, and why it must run."""
    task.inputs = cache.inputs(task.notebook, task.parameters, task.lang)
    before = task.before
    task.damaged = cache.damage(task.folder, before)
    if task.damaged:
        task.why = [task.damaged]
        return task
    task.why = cache.changes(before, task.inputs, task.notebook)
    task.expected = before.get("seconds", task.expected)
    task.refresh = not task.why and before["prose"] != cache.prose(task.notebook, task.lang)
    if force and not task.why:
        task.why = [_say("force")]
    return task
