# SPDX-License-Identifier: MIT
"""Small pieces of HTML and MyST that the pages share."""

from html import escape

__all__ = ["ledger", "raw", "slugged"]


def raw(html):
    """HTML as a MyST block."""
    return f"```````{{raw}} html\n{html}\n```````\n"


def slugged(text):
    """A text as a class name or anchor."""
    return "".join(c if c.isalnum() else "-" for c in str(text).lower()).strip("-")


def ledger(heads, rows, *, words, caption, filter_column=None, classes=()):
    """A table that can be searched, filtered and sorted.

    Without JavaScript it is a plain table.

    Parameters
    ----------
    heads : list of str
    rows : list of list
        Each cell a text, or a pair of HTML and the text or number to sort by.
    words : dict
        ``search``, ``all``, ``shown``: the words around it.
    caption : str
    filter_column : int, optional
        A column whose few values are offered as buttons.
    classes : sequence of str
        One class a column, "" for none.
    """
    classes = list(classes) or [""] * len(heads)
    head = "".join(
        f'<th scope="col" class="{css}">{escape(text)}</th>'
        for text, css in zip(heads, classes, strict=True)
    )
    body = "".join(f"<tr>{''.join(map(_cell, row, classes))}</tr>\n" for row in rows)
    marked = "" if filter_column is None else f' data-filter="{filter_column}"'
    said = "".join(f' data-{key}="{escape(text)}"' for key, text in words.items())
    return (
        f'<div class="minelib-ledger"{marked}{said}>'
        f'<div class="minelib-scroll" tabindex="0" role="region" aria-label="{escape(caption)}">'
        f"<table><caption>{escape(caption)}</caption>"
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody></table></div></div>"
    )


def _cell(cell, css):
    html, key = cell if isinstance(cell, tuple) else (escape(str(cell)), None)
    sort = "" if key is None else f' data-key="{escape(str(key))}"'
    return f'<td class="{css}"{sort}>{html}</td>'
