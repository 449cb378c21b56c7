# SPDX-License-Identifier: MIT
"""The site: what a run left behind, as pages that open without a network.

`build` reads the executed notebooks of a run and writes ``site/`` beside them: a page that
chooses the language, and for each language the story, a page a notebook, the ledgers, the
catalogue of the data, a gallery and the record of the run. Nothing is executed here.
"""

import importlib.util
import shutil
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

from minelib.errors import MinelibError
from minelib.words import gettext as _
from minelib.workbench.site.landing import write_landing
from minelib.workbench.site.outputs import read_outputs
from minelib.workbench.site.publish import publish
from minelib.workbench.site.reference import digest, write_reference
from minelib.workbench.site.source import write_source

__all__ = ["SiteNotInstalled", "build", "missing_packages"]

_NEEDED = {
    "sphinx": "sphinx",
    "myst_nb": "myst-nb",
    "sphinx_book_theme": "sphinx-book-theme",
    "numpydoc": "numpydoc",
}
_MADE_FROM = ".made-from"  # in the folder of the pages for programmers


class SiteNotInstalled(MinelibError):
    """The extra ``site`` is missing; the sentence says how to install it."""

    def __init__(self, missing: Iterable[str]) -> None:
        self.missing = list(missing)
        super().__init__(
            _(
                "The site was not built: {missing} not installed. "
                "Install with: pip install 'minelib[workbench]'"
            ).format(missing=", ".join(self.missing))
        )


def missing_packages() -> list[str]:
    """Names of the packages of the extra ``site`` that are not installed.

    Returns
    -------
    list of str
        Empty when the site can be built.
    """
    return [name for module, name in _NEEDED.items() if not importlib.util.find_spec(module)]


def build(output: str | Path, *, progress: Callable[[str], object] | None = None) -> Path:
    """Build the site of a run.

    Parameters
    ----------
    output : path
        The folder of the run, as `minelib.workbench.runs` writes it.
    progress : callable, optional
        Called with a sentence a step.

    Returns
    -------
    pathlib.Path
        ``output/site/index.html``; an older site is replaced only when all went well.

    Raises
    ------
    SiteNotInstalled
        When the extra ``site`` is missing.
    MinelibError
        When there is nothing to show, or the publisher failed.
    """
    if missing := missing_packages():
        raise SiteNotInstalled(missing)
    folder = Path(output).resolve()
    outputs = read_outputs(folder)
    if not outputs.languages:
        raise MinelibError(_("There is no executed notebook in {folder}.").format(folder=folder))
    say = progress or (lambda sentence: None)
    say(_("Building the site ..."))
    with tempfile.TemporaryDirectory(prefix=".site-", dir=folder) as name:
        scratch = Path(name)
        sources = [
            write_source(outputs, lang, scratch / "src" / lang) for lang in outputs.languages
        ]
        old, made_from = folder / "site" / "api", f"{digest()} {outputs.languages}"
        if (old / _MADE_FROM).is_file() and (old / _MADE_FROM).read_text() == made_from:
            shutil.copytree(old, scratch / "html" / "api")
        else:
            sources.append(write_reference(scratch / "src" / "api", outputs.languages))
        publish(sources, scratch / "html")
        (scratch / "html" / "api" / _MADE_FROM).write_text(made_from)
        write_landing(outputs, scratch / "html")
        _replace(folder / "site", scratch / "html")
    return folder / "site" / "index.html"


def _replace(target, new):
    old = new.with_name("old")
    if target.exists():
        target.rename(old)
    try:
        new.rename(target)
    except OSError:  # a page held open on Windows: copy over instead
        shutil.copytree(new, target, dirs_exist_ok=True)
