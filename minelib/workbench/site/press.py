# SPDX-License-Identifier: MIT
"""The process that runs Sphinx: ``python -m minelib.workbench.site.press TARGET SOURCE ...``.

Sphinx and its extensions take longer to load than the pages to build, so they are loaded
once; then each further language is built in a fork of the process (one after the other
where the system cannot fork). Sphinx keeps state in its modules, hence a process a language.
"""

import os
import sys
from pathlib import Path

_THEME = Path(__file__).parent / "theme"


def _load():
    # jsonschema would compile 38 grammars of web addresses that nothing here checks; it does
    # without them when the package is absent.
    sys.modules.setdefault("rfc3987_syntax", None)
    import myst_nb.sphinx_ext  # noqa: F401
    import pydata_sphinx_theme  # noqa: F401
    import sphinx.application
    import sphinx.builders.html  # noqa: F401
    import sphinx_book_theme  # noqa: F401


def _build(source, target):
    from sphinx.application import Sphinx

    os.environ["MINELIB_SITE"] = str(source / "site.json")
    app = Sphinx(
        srcdir=source,
        confdir=_THEME,
        outdir=target,
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


def main(argv):
    """Build every source folder into a folder of its name under the target."""
    target, *sources = map(Path, argv)
    _load()
    if not hasattr(os, "fork"):
        import subprocess

        command = [sys.executable, "-m", "minelib.workbench.site.press", str(target)]
        codes = [subprocess.call([*command, str(source)]) for source in sources[1:]]
        return max([_build(sources[0], target / sources[0].name), *codes])
    children = []
    for source in sources[1:]:
        child = os.fork()
        if not child:
            code = 3
            try:
                code = _build(source, target / source.name)
            finally:
                sys.stderr.flush()
                os._exit(code)
        children.append(child)
    code = _build(sources[0], target / sources[0].name)
    return max([code, *(os.waitstatus_to_exitcode(os.waitpid(c, 0)[1]) for c in children)])


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
