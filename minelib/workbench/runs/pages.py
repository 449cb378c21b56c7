# SPDX-License-Identifier: MIT
"""Build the site, if anything it shows has changed since it was last built."""

from collections.abc import Callable
from pathlib import Path

from minelib.errors import MinelibError
from minelib.workbench.runs import cache
from minelib.workbench.runs.folders import CannotWrite, WriteFailed


def build_if_changed(output: Path, say: Callable[[str], object]) -> Path | None:
    """Build ``output/site`` unless it shows what is there already.

    Parameters
    ----------
    output : Path
    say : callable
        Told about progress and about a missing publisher, a sentence at a time.

    Returns
    -------
    Path or None
        The first page; None when there is none.

    Raises
    ------
    WriteFailed
        The pages cannot be written; the older ones stand.
    """
    page, stamp = output / "site" / "index.html", output / "site" / ".stamp"
    state = _state(output)
    if page.is_file() and stamp.is_file() and stamp.read_text(encoding="utf-8") == state:
        return page
    try:
        from minelib.workbench.site import build

        return build(output, progress=say, stamp=state)
    except CannotWrite as error:  # after the runs, so this is no wrong request
        raise WriteFailed(error.folder, error.error) from None
    except (ImportError, MinelibError) as error:
        say(str(error))
        return None


def _state(output):
    """A digest of all the site is made from."""
    package = Path(__file__).parents[2]
    runs = ("*/run.json", "zh/*/run.json", "sweeps/*/runs.json")
    ours = ("**/*.py", "workbench/site/**/*", "html/*.html", "locale/**/*.po")
    parts = {
        path.relative_to(root).as_posix(): cache.digest(path.read_bytes())
        for root, patterns in ((output, runs), (package, ours))
        for path in sorted({path for pattern in patterns for path in root.glob(pattern)})
        if path.is_file() and path.suffix != ".pyc"
    }
    return cache.digest({"parts": parts, "tables": cache.tables()})
