# SPDX-License-Identifier: MIT
"""Build the site, if anything it shows has changed since it was last built."""

from pathlib import Path

from minelib.errors import MinelibError
from minelib.workbench.runs import cache

__all__ = ["build_if_changed"]

_STAMP = ".stamp"


def build_if_changed(output, results, say):
    """Build ``output/site`` unless it shows what is there already.

    Parameters
    ----------
    output : Path
    results : list of RunResult
        Of the command just done.
    say : callable
        Told about progress and about a missing publisher, a sentence at a time.

    Returns
    -------
    Path or None
        The first page; None when there is none.
    """
    page, stamp = output / "site" / "index.html", output / "site" / _STAMP
    state = _state(output)
    if page.is_file() and stamp.is_file() and stamp.read_text(encoding="utf-8") == state:
        return page
    try:
        from minelib.workbench.site import build

        built = build(output, progress=say)
    except (ImportError, MinelibError) as error:
        say(str(error))
        return None
    if built is not None and page.is_file():
        stamp.write_text(state, encoding="utf-8")
    return built


def _state(output):
    """A digest of all the site is made from."""
    package = Path(__file__).parents[2]
    parts = {}
    for record in sorted(
        [
            *output.glob("*/run.json"),
            *output.glob("zh/*/run.json"),
            *output.glob("sweeps/*/runs.json"),
        ]
    ):
        parts[record.relative_to(output).as_posix()] = cache.digest(record.read_bytes())
    for pattern in ("**/*.py", "runs/site/**/*", "locale/**/*.po"):
        for path in sorted(package.glob(pattern)):
            if path.is_file() and path.suffix != ".pyc":
                parts[path.relative_to(package).as_posix()] = cache.digest(path.read_bytes())
    return cache.digest({"parts": parts, "tables": cache.tables()})
