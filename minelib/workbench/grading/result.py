# SPDX-License-Identifier: MIT
"""The result of one submission, and the sentences that say what happened to it."""

from dataclasses import dataclass, field
from typing import Any

from minelib.checks.door import Lang
from minelib.declared import declared
from minelib.errors import BadInput
from minelib.words import gettext as _, number

SAYS: dict[str, dict[str, str]] = declared(__file__)["says"]
STATUSES, NOTES, GUARDS = SAYS["statuses"], SAYS["notes"], SAYS["guards"]


PAGE = """<!doctype html>
<html lang="{{ lang }}"><head><meta charset="utf-8"><title>{{ title }}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 64rem; margin: 2rem auto; padding: 0 1rem }
table { border-collapse: collapse; display: block; overflow-x: auto }
th, td { text-align: left; vertical-align: top; padding: .4rem; border-bottom: 1px solid #ccc }
tbody th { font-weight: 600; min-width: 8rem }
td { min-width: 9rem; overflow-wrap: anywhere }
td:nth-child(2) { min-width: 0; white-space: nowrap }
td p, figure { margin: 0 }
svg { width: 100%; height: auto }
</style></head><body><h1>{{ title }}</h1>{{ body }}</body></html>
"""


@dataclass
class Result:
    """What came out for one submission; everything a line of the table and a page need."""

    student: str
    file: str
    lesson: str
    status: str = "graded"
    points: float = 0.0
    out_of: float = 0.0
    # name -> points, out_of, messages, own and right (answers in words), hint (of a usual mistake),
    # misled (the public check passed), follows (an exercise), marked (what the teacher says)
    exercises: dict = field(default_factory=dict)
    notes: list = field(default_factory=list)  # pairs: key of NOTES, what goes in
    digest: str = ""
    key: str = ""  # of everything the result depends on
    guards: list = field(default_factory=list)
    lang: Lang = "en"
    name: str = ""  # by the list of the class
    who: str = ""  # whose row it is: the same for all attempts of a student
    known: bool = True  # whether an id or the list says so, and not a file's name alone
    when: float = 0.0  # of the file, in seconds since 1970

    @property
    def handed_in(self) -> bool:
        """Whether something of this lesson came."""
        return self.status not in ("missing", "other_lesson")

    def note(self, key: str, **parts: Any) -> None:
        """Add a note, once."""
        if [key, parts] not in self.notes:
            self.notes.append([key, parts])


def says(key: str, lang: str | None = None, **parts: Any) -> str:
    """What stands under ``pages`` in ``result.toml``, in the language.

    Examples
    --------
    >>> says("title", "en", number=1, title="Noise")
    'Lesson 1: Noise'
    """
    return _(SAYS["pages"][key], lang).format(**parts)


def refused(key: str, **parts: Any) -> BadInput:
    """The error that says what stands under ``refused`` in ``result.toml``."""
    return BadInput(_(SAYS["refused"][key]).format(**parts))


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
