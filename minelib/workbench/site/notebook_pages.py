# SPDX-License-Identifier: MIT
"""An executed notebook made ready for the publisher: set-up folded, pictures as files."""

import ast
import copy
from typing import Any

from minelib import html
from minelib.display.table import MIME as TABLE
from minelib.words import gettext as _
from minelib.workbench.site.living import living
from minelib.workbench.site.myst import raw
from minelib.workbench.site.outputs import Extra, Figure, Page, source
from minelib.workbench.site.taken import tabs
from minelib.workbench.translation import joined

__all__ = ["figure_html", "is_aside", "prepared"]

_NUMBERS = '<details class="minelib-numbers">'
_SHOWN = ("text/html", "text/markdown", "image/svg+xml", "text/plain")


def prepared(page: Page) -> dict[str, Any]:
    """The notebook of a page as Sphinx shall see it.

    Parameters
    ----------
    page : minelib.workbench.site.outputs.Page

    Returns
    -------
    dict
        A notebook: set-up and bookkeeping folded, analysis as it is, each picture an
        ``<img>`` with its caption and alternative text (its file is `Figure.file` in
        ``_static/figures``), no machine-readable record.
    """
    notebook = copy.deepcopy(page.notebook)
    figures, tables = iter(page.figures()), iter(page.tables())
    notebook["metadata"].pop("papermill", None)
    notebook["metadata"].pop("widgets", None)
    notebook["cells"] = _once(notebook["cells"])
    for cell in notebook["cells"]:
        cell["metadata"] = {"tags": list(cell.get("metadata", {}).get("tags", []))}
        if cell["cell_type"] != "code":
            continue
        lines = sum(bool(line.strip()) for line in source(cell).splitlines())
        if not lines:
            cell["metadata"]["tags"].append("remove-input")
        elif is_aside(source(cell)):
            cell["metadata"]["tags"].append("hide-input")
            words = _("Show set-up code (lines: {count})").format(count=lines)
            cell["metadata"]["mystnb"] = {"code_prompt_show": words}
        cell["outputs"] = [
            shown
            for output in cell["outputs"]
            if (shown := _shown(output, figures, tables)) is not None
        ]
    notebook["cells"][1:1] = [_switch()]
    return notebook


def is_aside(code: str) -> bool:
    """Whether a cell only sets up or keeps findings, and shows no analysis.

    Examples
    --------
    >>> is_aside('study.keep("moved", moves.iloc[0])'), is_aside("moves.head()")
    (True, False)
    """
    try:
        statements = ast.parse(code).body
    except SyntaxError:
        return False
    return all(
        isinstance(each, (ast.Import, ast.ImportFrom))
        or _called(each) in ("ml.study", "study.keep", "study.record", "study.finish")
        for each in statements
    )


def _called(statement):
    call = getattr(statement, "value", None)
    return ast.unparse(call.func) if isinstance(call, ast.Call) else ""


def _switch():
    """A button that shows or hides all code of the page; it needs scripts."""
    button = html.render(
        '<p class="minelib-code-switch" hidden><button type="button" aria-pressed="true">'
        "{{ words }}</button></p>",
        words=_("Show code"),
    )
    return {"cell_type": "markdown", "id": "code-switch", "metadata": {}, "source": raw(button)}


def _once(cells):
    """The cells, without injected parameters that only repeat the notebook's own."""
    own, kept = set(), []
    for cell in cells:
        tags = cell.get("metadata", {}).get("tags", [])
        lines = source(cell).splitlines()
        if "parameters" in tags:
            own = set(lines)
        elif "injected-parameters" in tags:
            said = [line for line in lines if line.strip() and not line.startswith("#")]
            if own.issuperset(said):
                continue
            cell["source"] = "\n".join([f"# {_('Parameters of this run')}", *said])
        kept.append(cell)
    return kept


def figure_html(
    figure: Figure | Extra, root: str = "..", link: str = "", *, load: str = "lazy"
) -> str:
    """A picture with its alternative text, at half its pixels, never wider than the page."""
    return html.render(
        '<figure class="minelib-figure">{% if link %}<a href="{{ link }}">{% endif %}'
        '<img src="{{ root }}/_static/figures/{{ figure.file }}" alt="{{ figure.alt }}" '
        'loading="{{ load }}" decoding="async" width="{{ figure.size[0] }}" '
        'height="{{ figure.size[1] }}" class="dark-light">'
        "{% if link %}</a>{% endif %}"
        "{% if figure.title %}<figcaption>{{ figure.title }}</figcaption>{% endif %}</figure>",
        figure=figure,
        root=root,
        link=link,
        load=load,
    )


def _shown(output, figures, tables):
    if output["output_type"] == "stream":
        if output.get("name") == "stderr":
            return None
        if said := _sentences(joined(output["text"])):
            return _display(html.paragraphs(said, "minelib-sentence"))
    if output["output_type"] not in ("display_data", "execute_result"):
        return output
    data = output["data"]
    if "image/png" in data:
        figure = next(figures)
        shown = figure_html(figure)
        if figure.taken and figure.living:
            shown = living(figure.taken, shown)
        if figure.taken:
            shown = tabs(figure.taken, shown, _("Figure"), figure.alt)
        return _display(shown, output)
    if "text/html" in data:
        piece = joined(data["text/html"]).replace("<th></th>", "<td></td>")  # heads of nothing
        if piece.startswith(_NUMBERS):
            return None  # they stand under the figure's tab
        whole = '<div class="minelib-output" tabindex="0">{{ piece }}</div>'
        shown = html.render(whole, piece=html.markup(piece))
        return _display(tabs(next(tables), shown, _("Table")) if TABLE in data else shown, output)
    if "text/markdown" not in data and (sentence := _sentence(data)):
        return _display(html.paragraphs([sentence], "minelib-sentence"), output)
    data = {kind: data[kind] for kind in _SHOWN if kind in data}
    return {**output, "data": data, "metadata": {}} if data else None


def _display(piece, output=None):
    output = output or {"output_type": "display_data"}
    return {**output, "data": {"text/html": piece}, "metadata": {}}


def _sentence(data):
    """What a cell says in one line of plain text; empty where it says more."""
    said = joined(data.get("text/plain", "")).strip()
    return "" if "\n" in said else said.strip("'\"")


def _sentences(printed):
    """Printed lines, when all of them are sentences and none is a row of a table."""
    lines = [line.strip() for line in printed.splitlines() if line.strip()]
    return lines if all(line.endswith((".", "。")) and "  " not in line for line in lines) else []
