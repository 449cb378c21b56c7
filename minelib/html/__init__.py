# SPDX-License-Identifier: MIT
"""The one builder of HTML: Jinja templates that escape all words.

Words go in as they are; what a function here returns is markup, and goes into other pieces
unchanged. Jinja is loaded when the first piece is made.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

__all__ = [
    "definitions",
    "folded",
    "linked",
    "listed",
    "markup",
    "paragraphs",
    "render",
    "slugged",
    "table",
]

_ADDRESS = re.compile(r"(https?://[^\s<>\"]+[^\s<>\".,;:)\]])")


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("minelib.html", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _template(source: str) -> Any:
    named = source.endswith(".html")
    return _environment().get_template(source) if named else _environment().from_string(source)


def render(source: str, /, **values: Any) -> Markup:
    """A template with its values filled in.

    Parameters
    ----------
    source : str
        The text of a Jinja template, or the name of one that stands beside this module
        (``landing.html``).
    **values
        Words are escaped, markup is not; a name that the template uses must be there.

    Returns
    -------
    markupsafe.Markup
        A str that other pieces take as it is.

    Examples
    --------
    >>> print(render("<p>{{ words }}</p>", words="more & more"))
    <p>more &amp; more</p>
    """
    return markup(_template(source).render(values))


def markup(html: str) -> Markup:
    """HTML made elsewhere (by pandas, by a kernel) as markup, trusted as it stands.

    Returns
    -------
    markupsafe.Markup
    """
    from markupsafe import Markup

    return Markup(html)


def table(
    heads: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    caption: str = "",
    css: str = "",
    styles: Sequence[str] = (),
    classes: Sequence[str] = (),
    row_heads: bool = False,
    scroll: str = "",
) -> Markup:
    """A table.

    Parameters
    ----------
    heads : sequence of str
        Empty for a table without heads.
    rows : iterable of sequence
        A cell is a text, a number, markup, or a pair of one of these and what to sort it by.
    caption, css : str
        Words above the table; its class. Empty for none.
    styles, classes : sequence of str
        CSS and class of each column, heads and cells alike; "" for none.
    row_heads : bool
        Whether the first cell of a row is its head.
    scroll : str
        Words that name the region in which a wide table is moved to and fro; "" for none.

    Returns
    -------
    markupsafe.Markup

    Examples
    --------
    >>> print(table(["Place", "EH/s"], [["China", 80]], row_heads=True))
    <table><thead><tr><th scope="col">Place</th><th scope="col">EH/s</th></tr></thead><tbody>
    <tr><th scope="row">China</th><td>80</td></tr>
    </tbody></table>
    """
    rows = list(rows)
    count = len(heads or rows[0]) if heads or rows else 0
    marks = [
        render(
            "{{ {'class': css or none, 'style': style or none}|xmlattr }}", css=name, style=style
        )
        for name, style in zip(classes or [""] * count, styles or [""] * count, strict=True)
    ]
    return render(
        "table.html",
        heads=heads,
        body=_body(rows, marks, row_heads),
        caption=caption,
        css=css,
        marks=marks,
        scroll=scroll,
    )


def _body(rows: Iterable[Sequence[Any]], marks: list[Markup], row_heads: bool) -> Markup:
    """Rows of a table; in Jinja a cell would take ten times as long."""
    tags = ["td"] * len(marks)
    opens = [f"<td{mark}" for mark in marks]
    if row_heads:
        tags[0], opens[0] = "th", f'<th scope="row"{marks[0]}'
    lines = []
    for row in rows:
        lines.append("\n<tr>")
        for cell, start, tag in zip(row, opens, tags, strict=False):
            key = ""
            if isinstance(cell, tuple):
                cell, key = cell[0], f' data-key="{_escaped(cell[1])}"'
            lines.append(f"{start}{key}>{_escaped(cell)}</{tag}>")
        lines.append("</tr>")
    return markup("".join(lines))


def _escaped(words: Any) -> str:
    return words if hasattr(words, "__html__") else escape(str(words))


def definitions(pairs: Iterable[tuple[str, Any]], css: str = "") -> Markup:
    """A definition list of heads and what stands under each.

    Returns
    -------
    markupsafe.Markup

    Examples
    --------
    >>> print(definitions([("Rows", "1,296")]))
    <dl><dt>Rows</dt><dd>1,296</dd></dl>
    """
    return render(
        "<dl{{ {'class': css or none}|xmlattr }}>"
        "{% for head, said in pairs %}<dt>{{ head }}</dt><dd>{{ said }}</dd>{% endfor %}</dl>",
        pairs=pairs,
        css=css,
    )


def listed(entries: Iterable[Any], css: str = "") -> Markup:
    """A list of entries; nothing where there are none.

    Returns
    -------
    markupsafe.Markup

    Examples
    --------
    >>> print(listed(["a < b", linked("https://example.org/")]))
    <ul><li>a &lt; b</li><li><a href="https://example.org/" rel="noopener">https://example.org/</a></li></ul>
    """
    return render(
        "{% if entries %}<ul{{ {'class': css or none}|xmlattr }}>"
        "{% for each in entries %}<li>{{ each }}</li>{% endfor %}</ul>{% endif %}",
        entries=list(entries),
        css=css,
    )


def paragraphs(sentences: Iterable[Any], css: str = "") -> Markup:
    """A paragraph a sentence.

    Returns
    -------
    markupsafe.Markup
    """
    return render(
        "{% for each in said %}<p{{ {'class': css or none}|xmlattr }}>{{ each }}</p>{% endfor %}",
        said=sentences,
        css=css,
    )


def linked(text: str) -> Markup:
    """A text whose web addresses are links; they are followed only when the reader asks.

    Returns
    -------
    markupsafe.Markup

    Examples
    --------
    >>> print(linked("See https://example.org/a?b=1&c=2."))
    See <a href="https://example.org/a?b=1&amp;c=2" rel="noopener">https://example.org/a?b=1&amp;c=2</a>.
    """
    return render(
        "{% for part in parts %}{% if loop.index0 % 2 %}"
        '<a href="{{ part }}" rel="noopener">{{ part }}</a>'
        "{% else %}{{ part }}{% endif %}{% endfor %}",
        parts=_ADDRESS.split(text),
    )


def folded(head: str, body: Any, css: str = "") -> Markup:
    """A piece that opens when the reader asks for it.

    Returns
    -------
    markupsafe.Markup

    Examples
    --------
    >>> print(folded("Sources", "CBECI"))
    <details><summary>Sources</summary>CBECI</details>
    """
    return render(
        "<details{{ {'class': css or none}|xmlattr }}>"
        "<summary>{{ head }}</summary>{{ body }}</details>",
        head=head,
        body=body,
        css=css,
    )


def slugged(text: object) -> str:
    """A text as a class name or anchor.

    Examples
    --------
    >>> slugged("country_share")
    'country-share'
    """
    return "".join(c if c.isalnum() else "-" for c in str(text).lower()).strip("-")
