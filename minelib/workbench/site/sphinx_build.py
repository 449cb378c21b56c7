# SPDX-License-Identifier: MIT
"""A build of Sphinx, as a child of `minelib.workbench.fork_server`.

Sphinx and its extensions take longer to load than the pages to build, so they are loaded
once; Sphinx keeps state in its modules, hence a child a folder.
"""

import sys
from pathlib import Path

__all__ = ["preload", "run"]

_THEME = Path(__file__).parent / "theme"


def preload() -> None:
    """Import Sphinx, the theme and the reader of notebooks."""
    import myst_nb.sphinx_ext  # noqa: F401
    import pydata_sphinx_theme  # noqa: F401
    import sphinx.application
    import sphinx.builders.html  # noqa: F401
    import sphinx_book_theme  # noqa: F401


def run(request: dict, output: int | None) -> int:
    """Build ``source`` into ``target``; a warning fails it."""
    from sphinx.application import Sphinx

    source = Path(request["source"])
    app = Sphinx(
        srcdir=source,
        confdir=_THEME,
        outdir=Path(request["target"]),
        doctreedir=f"{source}.doctrees",
        buildername="html",
        status=None,
        warning=sys.stderr,
        freshenv=True,
        warningiserror=True,
        keep_going=True,
    )
    app.build()
    return app.statuscode
