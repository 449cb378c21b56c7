# SPDX-License-Identifier: MIT
"""What the pages share: the language they are written in, and pieces of MyST."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from minelib import __version__, html, words as spoken
from minelib.declared import declared
from minelib.words import gettext as _

__all__ = ["ledger", "raw", "speaking", "toctree", "words"]


_WORDS = declared(__file__, "words.toml")


def words(part: str) -> dict[str, str]:
    """The words of a part of ``words.toml``, in the current language."""
    return {key: _(said).replace("{version}", __version__) for key, said in _WORDS[part].items()}


@contextmanager
def speaking(lang: str) -> Iterator[None]:
    """Write in a language for a while."""
    before = spoken.current()
    spoken.use(lang)
    try:
        yield
    finally:
        spoken.use(before)


def raw(markup: str) -> str:
    """HTML as a MyST block."""
    return f"```````{{raw}} html\n{markup}\n```````\n"


def toctree(caption: str, pages: Iterable[str]) -> str:
    """Pages that stand in the menu only."""
    named = f":caption: {caption}\n" if caption else ""
    return "\n".join(["", "```{toctree}", f":hidden:\n{named}", *pages, "```", ""])


def ledger(
    title: str,
    intro: str,
    heads: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    classes: Sequence[str],
    choose: int,
) -> str:
    """A page with a table that can be searched, filtered and sorted.

    Without JavaScript it is a plain table.

    Parameters
    ----------
    title, intro : str
    heads, rows
        As for `minelib.html.table`.
    classes : sequence of str
        One a column, without ``minelib-``; "" for none.
    choose : int
        The column whose few values are offered as buttons.
    """
    table = html.table(
        heads,
        rows,
        caption=title,
        scroll=title,
        classes=[each and f"minelib-{each}" for each in classes],
    )
    searched = html.render(
        '<div class="minelib-ledger" data-filter="{{ choose }}" data-search="{{ search }}" '
        'data-all="{{ all }}" data-shown="{{ shown }}">{{ table }}</div>',
        choose=choose,
        **words("ledger"),
        table=table,
    )
    return f"# {title}\n\n{intro}\n\n{raw(searched)}"
