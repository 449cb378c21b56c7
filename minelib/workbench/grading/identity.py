# SPDX-License-Identifier: MIT
"""Whose submission a file is, and whose numbers it is graded with."""

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

from minelib.workbench.grading.submissions import Submission

__all__ = ["who_is_it"]


def who_is_it(
    submission: Submission, roster: Sequence[str] = ()
) -> tuple[str, str, list[tuple[str, dict]]]:
    """The student of a submission.

    With a list of the class, the name of file or folder decides, then what the notebook says;
    without one, what the notebook says, then the name.

    Parameters
    ----------
    submission : minelib.workbench.grading.submissions.Submission
    roster : list of str

    Returns
    -------
    student : str
    numbers_of : str
        The id whose parameters count; empty for the parameters of an empty id.
    notes : list of (str, dict)

    Examples
    --------
    >>> one = Submission(None, "lesson-1 S02.ipynb", own_id="s02")
    >>> who_is_it(one, ["s01", "s02"])
    ('s02', 's02', [])
    """
    own = submission.own_id if submission.own_id is not None else submission.stamped_id
    own = (own or "").strip()
    notes: list[tuple[str, dict]] = []
    changed = submission.stamped_id and submission.own_id is not None
    changed = changed and _same(submission.stamped_id) != _same(submission.own_id)
    named = _by_name(submission.name, roster)
    by_id = next((s for s in roster if _same(s) == _same(own)), None) if own else None
    student = named or by_id or submission.stamped_id or own or _from_name(submission.name)
    if roster and not named and not by_id:
        notes.append(("not_in_class", {}))
    if submission.problem:
        return student, own, notes
    if not own:
        notes.append(("no_id", {}))
        return student, submission.stamped_id or "", notes
    numbers_of = named or submission.stamped_id or own
    if changed:
        parts = {"stamped": submission.stamped_id, "own": own, "student": numbers_of}
        notes.append(("changed_id", parts))
    elif _same(numbers_of) != _same(own):
        notes.append(("other_id", {"own": own, "student": numbers_of}))
    return student, numbers_of, notes


def _same(text):
    return str(text).strip().casefold()


def _parts(name):
    path = PurePosixPath(name)
    return [path.stem if "." in path.name else path.name, *reversed(path.parts[:-1])]


def _by_name(name, roster):
    """The student of the list whose id is the file's or a folder's name, or a word in it."""
    same = [s for part in _parts(name) for s in roster if _same(s) == _same(part)]
    if same:
        return same[0]
    for part in _parts(name):
        words = _same(part).replace("_", " ")
        inside = [s for s in roster if re.search(rf"(?<!\w){re.escape(_same(s))}(?!\w)", words)]
        if inside:
            return max(inside, key=len)
    return None


def _from_name(name):
    stem, *folders = _parts(name)
    ordinary = re.fullmatch(r"(lesson|submission|notebook|untitled)[-_ ]?\w*", _same(stem))
    return folders[0] if ordinary and folders else stem
