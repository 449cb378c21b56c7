# SPDX-License-Identifier: MIT
"""Whose submission a file is, and whose numbers it is graded with."""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from pathlib import PurePosixPath
from typing import NamedTuple

from minelib.declared import declared
from minelib.lessons.parameters import id_key
from minelib.workbench.grading.submissions import Submission

_HAN = "\u3400-\u9fff"
_WORD = rf"[^\W_{_HAN}]"  # Chinese is written without spaces: a name may stand in the middle
_ORDINARY = re.compile("|".join(declared(__file__)["ordinary"]), re.IGNORECASE)


class Owner(NamedTuple):
    """Whose a submission is.

    Attributes
    ----------
    student : str
        An id of the list; else what the notebook or the file's name says.
    numbers_of : str
        The id whose parameters count; empty for the parameters of an empty id.
    notes : list of (str, dict)
    known : bool
        Whether an id or the list says so, and not the file's name alone.
    """

    student: str
    numbers_of: str
    notes: list[tuple[str, dict]]
    known: bool


def who_is_it(
    submission: Submission,
    roster: Mapping[str, str] | Sequence[str] = (),
    others: Collection[str] = (),
) -> Owner:
    """The student of a submission, and the numbers it is graded with.

    With a list of the class, the name of file or folder decides, then what the notebook says;
    without one, what the notebook says, then the name. The numbers are those that the notebook
    showed, unless they are another student's.

    Parameters
    ----------
    submission : minelib.workbench.grading.submissions.Submission
    roster : dict or list of str
        Names by id, or ids.
    others : collection of str
        Ids, as `minelib.lessons.id_key` makes them, that other notebooks were made for.

    Returns
    -------
    Owner

    Examples
    --------
    >>> one = Submission(None, "lesson-1 S02.ipynb", own_id="s02")
    >>> who_is_it(one, ["s01", "s02"])[:3]
    ('s02', 's02', [])
    """
    names = dict(roster) if isinstance(roster, Mapping) else dict.fromkeys(roster, "")
    stamped = (submission.stamped_id or "").strip()
    own = stamped if submission.own_id is None else submission.own_id.strip()
    listed = _listed(own, names)
    matches = _by_name(submission.name, names)
    named = listed if listed in matches else next(iter(matches), None)
    student = named or listed or _listed(stamped, names) or stamped or own
    known, student = bool(student), student or _from_name(submission.name)
    notes: list[tuple[str, dict]] = []
    if len(matches) > 1:
        notes.append(("several", {"found": ", ".join(matches), "student": student}))
    if names and student not in names:
        notes.append(("not_in_class", {"own": own}) if own else ("nobody", {}))
    if submission.problem:
        return Owner(student, own, notes, known)
    same = id_key(own) == id_key(student)
    if not own:
        notes.append(("no_id", {}))
    elif not same and id_key(own) in {*map(id_key, names), *others}:
        notes.append(("other_id", {"own": own, "student": student}))
        return Owner(student, student, notes, known)
    elif not same:
        key = "typed" if listed == student else "unknown_id"
        notes.append((key, {"own": own, "student": student}))
    elif stamped and id_key(stamped) != id_key(own):
        notes.append(("changed_id", {"stamped": stamped, "own": own}))
    return Owner(student, own, notes, known)


def _listed(own, names):
    """The id of the list that an id, a name or a number without its leading noughts stands for."""
    if not id_key(own):
        return None
    for form in (id_key, lambda text: id_key(text).lstrip("0")):
        same = [student for student in names if form(student) == form(own) != ""]
        if len(same) == 1:
            return same[0]
    same = [student for student, name in names.items() if name and id_key(name) == id_key(own)]
    return same[0] if len(same) == 1 else None


def _parts(name):
    path = PurePosixPath(name)
    return [path.stem if "." in path.name else path.name, *reversed(path.parts[:-1])]


def _flat(text):
    return unicodedata.normalize("NFKC", str(text)).casefold().strip()


def _bare(text):
    """Without accents, as some platforms write names into those of files."""
    letters = unicodedata.normalize("NFKD", _flat(text))
    bare = "".join(c for c in letters if not unicodedata.combining(c))
    return unicodedata.normalize("NFKC", bare)


def _by_name(name, names):
    """Students whose id is the file's or a folder's name, or whose id or name stands in it."""
    parts = _parts(name)
    for part in parts:
        for student in names:
            if id_key(student) == id_key(part):
                return [student]
    parts = [_ORDINARY.sub(" ", _flat(part)) for part in parts]
    twice = {name for name, count in Counter(map(id_key, names.values())).items() if count > 1}
    called = {s: full for s, full in names.items() if id_key(full) not in {"", *twice}}
    ids = {student: _flat(student) and _alone(re.escape(_flat(student))) for student in names}
    for patterns, form in (
        (ids, str),
        ({s: _name_pattern(full) for s, full in called.items()}, str),
        ({s: _name_pattern(_bare(full)) for s, full in called.items()}, _bare),
    ):
        for part in map(form, parts):
            spans = {s: m.span() for s, p in patterns.items() if p and (m := re.search(p, part))}
            within = {
                s
                for s, (start, end) in spans.items()
                for first, last in spans.values()
                if first <= start and end <= last and last - first > end - start
            }
            if spans:
                return [student for student in spans if student not in within]
    return []


def _alone(pattern):
    """The pattern where it is no part of a longer word or number; Chinese has no such edges."""
    first, last = pattern.removeprefix("\\")[0], pattern[-1]
    before, after = (not re.match(rf"[{_HAN}]", edge) for edge in (first, last))
    return (rf"(?<!{_WORD})" if before else "") + pattern + (rf"(?!{_WORD})" if after else "")


def _name_pattern(full):
    """The words of a name, with anything or nothing between, in both orders."""
    words = re.findall(r"[^\W_]+", _flat(full))
    if len("".join(words)) < 2:
        return None
    orders = [words, words[::-1]] if len(words) > 1 else [words]
    return "|".join(_alone(r"[\W_]*".join(map(re.escape, order))) for order in orders)


def _from_name(name):
    stem, *folders = _parts(name)
    left = re.sub(r"[\W_]", "", _ORDINARY.sub("", _flat(stem)))
    return folders[0] if not left and folders else stem
