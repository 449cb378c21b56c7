# SPDX-License-Identifier: MIT
"""The site: what a run left behind, as pages that open without a network.

`build` reads the executed notebooks of a run and writes ``site/`` beside them: a page that
chooses the language, and for each language the story, a page per notebook, the ledgers, the
catalogue of the data, a gallery and the record of the run. Nothing is executed here.
"""

import shutil
from collections.abc import Callable
from pathlib import Path

from minelib.errors import MinelibError
from minelib.words import gettext as _
from minelib.workbench.libraries import need
from minelib.workbench.runs.folders import lock, replace, scratch, tidied, writing
from minelib.workbench.site.landing import write_landing
from minelib.workbench.site.living import lacking, unpack
from minelib.workbench.site.outputs import read_outputs
from minelib.workbench.site.publish import publish
from minelib.workbench.site.reference import digest, write_reference
from minelib.workbench.site.source import write_source

__all__ = ["STAMP", "build"]

_NEEDED = ("sphinx", "myst_nb", "sphinx_book_theme", "numpydoc", "tinycss2")
Say = Callable[[str], object] | None
STAMP = ".stamp"
_MADE_FROM = ".made-from"  # in the folder of the pages for programmers


def build(
    output: str | Path, *, progress: Say = None, stamp: str = "", lab: str | Path | None = None
) -> Path:
    """Build the site of a run.

    Parameters
    ----------
    output : path
        The folder of the run, as `minelib.workbench.runs` writes it.
    progress : callable, optional
        Called with a sentence per step.
    stamp : str
        What the site is made from, in a word; it is left in ``site/.stamp``.
    lab : path, optional
        A folder with a release of Pyodide: the site gets a lab in which notebooks run in the
        browser.

    Returns
    -------
    pathlib.Path
        ``output/site/index.html``; an older site is replaced only when all went well.

    Raises
    ------
    MinelibError
        When a library of the workbench is not installed, there is nothing to show, the folder of
        Pyodide is not whole, or the publisher failed.
    CannotWrite, WriteFailed
        The folder cannot be written to, or no longer; the older site stands.
    """
    need(*_NEEDED)
    from minelib.workbench.site.static import gather  # it needs what was asked for above

    folder = Path(output).resolve()
    outputs = read_outputs(folder)
    if not outputs.languages:
        raise MinelibError(_("There is no executed notebook in {folder}.").format(folder=folder))
    browser = None
    if lab:
        need("jupyterlite_core", "jupyterlite_pyodide_kernel", extra="lite")
        from minelib.workbench.site.browser_lab import BrowserLab

        browser = BrowserLab(lab)
    say = progress or (lambda sentence: None)
    say(_("Building the site ..."))
    for sentence in lacking():
        say(sentence)
    with writing(folder), lock(folder, say=say), tidied(folder), scratch(folder / "site") as beside:
        sources = [write_source(outputs, lang, beside / "src" / lang) for lang in outputs.languages]
        if browser:
            browser.lay_out(sources, beside / "lab")
        old, made_from = folder / "site" / "api", f"{digest()} {outputs.languages}"
        if (old / _MADE_FROM).is_file() and (old / _MADE_FROM).read_text() == made_from:
            shutil.copytree(old, beside / "html" / "api")
        else:
            sources.append(write_reference(beside / "src" / "api", outputs.languages))
        publish(sources, beside / "html")
        (beside / "html" / "api" / _MADE_FROM).write_text(made_from)
        write_landing(outputs, beside / "html")
        gather(beside / "html", [*outputs.languages, "api"])
        unpack(beside / "html" / "_static")
        if browser:
            browser.build(beside / "html" / "lab", beside / "lab")
        (beside / "html" / STAMP).write_text(stamp)
        replace(beside / "html", folder / "site")
    return folder / "site" / "index.html"
