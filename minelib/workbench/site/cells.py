# SPDX-License-Identifier: MIT
"""An executed notebook made ready for the publisher: set-up folded, pictures as files."""

import ast
import copy
from html import escape

from minelib.words import gettext as _
from minelib.workbench.site.html import raw
from minelib.workbench.site.outputs import source

__all__ = ["figure_html", "is_aside", "prepared"]

_SHOWN = ("text/html", "text/markdown", "image/svg+xml", "text/plain")


def prepared(page):
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
    figures = iter(page.figures())
    notebook["metadata"].pop("papermill", None)
    notebook["metadata"].pop("widgets", None)
    notebook["cells"] = _once(notebook["cells"], page.lang)
    for cell in notebook["cells"]:
        cell["metadata"] = {"tags": list(cell.get("metadata", {}).get("tags", []))}
        if cell["cell_type"] != "code":
            continue
        lines = sum(bool(line.strip()) for line in source(cell).splitlines())
        if not lines:
            cell["metadata"]["tags"].append("remove-input")
        elif is_aside(source(cell)):
            cell["metadata"]["tags"].append("hide-input")
            words = _("Show set-up code (lines: {count})", page.lang).format(count=lines)
            cell["metadata"]["mystnb"] = {"code_prompt_show": words}
        cell["outputs"] = [
            shown for output in cell["outputs"] if (shown := _shown(output, figures)) is not None
        ]
    notebook["cells"][1:1] = [_switch(page.lang)]
    return notebook


def is_aside(code):
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


def _switch(lang):
    """A button that shows or hides all code of the page; it needs scripts."""
    button = (
        '<p class="minelib-code-switch" hidden><button type="button" aria-pressed="true">'
        f"{escape(_('Show code', lang))}</button></p>"
    )
    return {"cell_type": "markdown", "id": "code-switch", "metadata": {}, "source": raw(button)}


def _once(cells, lang):
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
            cell["source"] = "\n".join([f"# {_('Parameters of this run', lang)}", *said])
        kept.append(cell)
    return kept


def figure_html(figure, lang_root="..", link=None):
    """A picture with its alternative text, at half its pixels, never wider than the page."""
    width, height = figure.size
    image = (
        f'<img src="{lang_root}/_static/figures/{escape(figure.file)}" alt="{escape(figure.alt)}" '
        f'width="{width}" height="{height}" class="dark-light">'
    )
    if link:
        image = f'<a href="{escape(link)}">{image}</a>'
    caption = f"<figcaption>{escape(figure.title)}</figcaption>" if figure.title else ""
    return f'<figure class="minelib-figure">{image}{caption}</figure>'


def _shown(output, figures):
    if output["output_type"] == "stream" and output.get("name") == "stderr":
        return None
    if output["output_type"] == "stream" and (said := _sentences(_text(output["text"]))):
        output = {"output_type": "display_data", "data": {}, "metadata": {}}
        html = "".join(f'<p class="minelib-sentence">{escape(each)}</p>' for each in said)
        return {**output, "data": {"text/html": html}}
    if output["output_type"] not in ("display_data", "execute_result"):
        return output
    data = output["data"]
    if "image/png" in data:
        html = figure_html(next(figures))
    elif "text/html" in data:
        html = f'<div class="minelib-output" tabindex="0">{_text(data["text/html"])}</div>'
    elif "text/markdown" not in data and (sentence := _sentence(data)):
        html = f'<p class="minelib-sentence">{escape(sentence)}</p>'
    else:
        data = {kind: data[kind] for kind in _SHOWN if kind in data}
        return {**output, "data": data, "metadata": {}} if data else None
    return {**output, "data": {"text/html": html}, "metadata": {}}


def _sentence(data):
    """What a cell says in one line of plain text; empty where it says more."""
    said = _text(data.get("text/plain", "")).strip()
    return "" if "\n" in said else said.strip("'\"")


def _sentences(printed):
    """Printed lines, when all of them are sentences and none is a row of a table."""
    lines = [line.strip() for line in printed.splitlines() if line.strip()]
    return lines if all(line.endswith((".", "。")) and "  " not in line for line in lines) else []


def _text(value):
    return value if isinstance(value, str) else "".join(value)
