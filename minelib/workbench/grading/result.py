# SPDX-License-Identifier: MIT
"""The result of one submission, and the sentences that say what happened to it."""

from dataclasses import dataclass, field
from typing import Any

from minelib.checks.door import Lang
from minelib.errors import BadInput
from minelib.words import N_, number
from minelib.words import gettext as _

__all__ = ["Result", "STATUSES", "plain", "sentence"]

STATUSES = {
    "graded": N_("Graded"),
    "stopped": N_("Graded in part: it was stopped"),
    "empty": N_("Nothing in it"),
    "not_a_notebook": N_("Not a notebook"),
    "unreadable": N_("Cannot be read"),
    "too_large": N_("Too large"),
    "other_lesson": N_("Another lesson"),
    "missing": N_("Nothing handed in"),
    "failed": N_("The grading itself failed"),
}

NOTES = {
    "empty": N_("The file has no code in it."),
    "not_a_notebook": N_("The file is not a Jupyter notebook (.ipynb)."),
    "unreadable": N_("The file could not be opened."),
    "too_large": N_("The file is too large for a notebook of a lesson."),
    "other_lesson": N_("This is lesson {own}; the class hands in lesson {wanted}. No points."),
    "no_lesson": N_("Nothing in it belongs to a lesson; it was graded as lesson {wanted}."),
    "missing": N_("Nothing was handed in under this student id."),
    "failed": N_("The grading failed on this file ({error}); the others are not affected."),
    "time": N_("Cell {cell} did not come to an end and was stopped after {seconds} seconds."),
    "total_time": N_(
        "The notebook did not come to an end and was stopped after {seconds} seconds (cell {cell})."
    ),
    "memory": N_("Cell {cell} asked for more memory than the {memory} MB it may have."),
    "died": N_("Cell {cell} ended the whole process; it was left out and the rest graded."),
    "output": N_("Cell {cell} gave out more data than is allowed and was stopped."),
    "disk": N_("Cell {cell} wrote more files than the {size} MB they may take and was stopped."),
    "network": N_("It tried to reach the network ({what}); refused."),
    "file": N_("It tried to use a file outside its own folder ({what}); refused."),
    "process": N_("It tried to start or signal another process ({what}); refused."),
    "error": N_("Cell {cell} ends with an error: {error}"),
    "order": N_("Cells stand in another order than they need; they were run again in turn."),
    "twice": N_("A cell occurs more than once; the last answer counts."),
    "same_id": N_("Another submission has the same student id: {other}."),
    "other_id": N_(
        "The notebook says student id {own}, but it was handed in by {student}: graded with the "
        "numbers of {student}."
    ),
    "changed_id": N_(
        "The notebook was made for {stamped} and now says {own}: graded with the numbers of "
        "{student}."
    ),
    "no_id": N_("The notebook has no student id: graded with the numbers for an empty id."),
    "not_in_class": N_("This student id is not in the list of the class."),
}


@dataclass
class Result:
    """What came out for one submission; everything a line of the table and a page need."""

    student: str
    file: str
    lesson: str
    status: str = "graded"
    points: float = 0.0
    out_of: float = 0.0
    exercises: dict = field(default_factory=dict)  # name -> points, out_of, messages
    notes: list = field(default_factory=list)  # pairs: key of NOTES, what goes in
    digest: str = ""
    key: str = ""  # of everything the result depends on
    guards: list = field(default_factory=list)
    lang: Lang = "en"

    def note(self, key: str, **parts: Any) -> None:
        """Add a note, once."""
        if [key, parts] not in self.notes:
            self.notes.append([key, parts])


def sentence(note: list[Any], lang: Lang | None = None) -> str:
    """A note in words.

    Parameters
    ----------
    note : list
        As in `Result.notes`: its key and a dict of what goes in.
    lang : {"en", "zh"} or None

    Raises
    ------
    BadInput
        Anything that is no note.

    Examples
    --------
    >>> sentence(["empty", {}], "en")
    'The file has no code in it.'
    """
    try:
        key, parts = note
        shown = {k: number(v, 0, lang) if isinstance(v, float) else v for k, v in parts.items()}
        return plain(_(NOTES[key], lang).format(**shown))
    except (ValueError, LookupError, TypeError, AttributeError):
        raise BadInput(_("{note!r} is no note of a result.").format(note=note)) from None


def plain(text: object) -> str:
    """Text that every file and terminal takes: on one line, without control characters.

    Examples
    --------
    >>> plain("a\\tb\\x1b[31m"), plain("\\udcff")
    ('a b [31m', '\\\\udcff')
    """
    text = str(text).encode("utf-8", "backslashreplace").decode("utf-8")
    return "".join(c if c.isprintable() else " " for c in text)
