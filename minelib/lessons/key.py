# SPDX-License-Identifier: MIT
"""For the teacher: the answers a student's numbers lead to, and the mistakes to expect."""

from minelib.lessons.compare import as_series, kind
from minelib.lessons.master import lesson
from minelib.lessons.parameters import parameters
from minelib.lessons.reference import right
from minelib.text import gettext as _

__all__ = ["key"]


def key(number, student="", draws=None, lang=None):
    """Answers and usual mistakes of one lesson.

    Parameters
    ----------
    number : str or int
        Of the lesson.
    student : str
        Whose numbers; empty for those of an empty id.
    draws : path-like or None
        A teacher's own ``parameters.toml``.
    lang : str or None

    Returns
    -------
    dict
        ``title``, ``parameters`` (dict), and ``exercises``: a list of dicts with ``name``,
        ``title``, ``points``, ``answers`` (text by name) and ``mistakes`` (list of hints).

    Examples
    --------
    >>> key("1", "s01", lang="en")["exercises"][2]["title"]
    '3. The day that stands out (easy)'
    """
    one = lesson(number)
    names = right(one.number, student, None if draws is None else str(draws))
    exercises = [
        {
            "name": task.name,
            "title": _(task.prompt, lang).splitlines()[0].lstrip("# "),
            "points": task.points,
            "answers": {name: in_words(names[name], lang) for name in task.answers},
            "mistakes": [_(mistake.hint, lang) for mistake in task.mistakes],
        }
        for task in one.exercises.values()
    ]
    own = vars(parameters(one.number, student, draws))
    return {"title": one.title(lang), "parameters": own, "exercises": exercises}


def in_words(value, lang=None):
    """An answer on one line.

    Examples
    --------
    >>> in_words(2.34567, "en"), in_words(["a", "b"], "en")
    ('2.346', 'a, b')
    """
    what = kind(value)
    if what == "number":
        return f"{float(value):.4g}" if float(value) != int(value) else str(int(value))
    if what == "date":
        return f"{value:%Y-%m-%d}"
    series = as_series(value) if what == "series" else None
    if series is not None and len(series) > 6:
        text = _("{count} values from {first} to {last}", lang)
        ends = [in_words(v, lang) for v in (series.iloc[0], series.iloc[-1])]
        return text.format(count=len(series), first=ends[0], last=ends[1])
    if series is not None and not isinstance(value, (list, tuple)):
        return ", ".join(f"{label}: {in_words(v, lang)}" for label, v in series.items())
    if what in ("series", "set"):
        return ", ".join(map(str, value))
    return str(value)
