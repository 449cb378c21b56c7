# SPDX-License-Identifier: MIT
"""Texts to be put on trial, as the beginning of a file that a student goes on with."""

from minelib.checks import language
from minelib.checks.door import Lang
from minelib.errors import UnknownName
from minelib.lessons.master import held_beside

__all__ = ["given"]


def given(name: str, lang: Lang | None = None) -> str:
    """The head of a trial: title, language and a text of which each line is a statement.

    Parameters
    ----------
    name : str
        Of a text of ``texts.toml``.
    lang : {"en", "zh"} or None
        None for the current language.

    Returns
    -------
    str
        TOML, to be followed by sections ``[[claims]]``.

    Raises
    ------
    UnknownName
        No such text or language.

    Examples
    --------
    >>> print(given("steppe", "en").splitlines()[0])
    title = "The guests of the steppe"
    """
    known, own = held_beside("texts.toml"), language(lang)
    if name not in known:
        raise UnknownName("text", name, known)
    title, text = (known[name][f"{key}_{own}"] for key in ("title", "text"))
    return f'title = "{title}"\nlang = "{own}"\ntext = """\n{text}"""\n'
