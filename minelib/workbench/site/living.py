# SPDX-License-Identifier: MIT
"""Living figures in the pages: their words, the script that draws them, and what they lack."""

import gzip
import hashlib
import itertools
import json
from pathlib import Path

from minelib import html
from minelib.catalog import default
from minelib.declared import sentences
from minelib.figures.living import FIGURES, FOLDER, SWEPT, kept
from minelib.workbench.runs.sweeps import expanded
from minelib.workbench.site.myst import words
from minelib.workbench.site.taken import Taken

__all__ = ["digest", "lacking", "living", "stale", "unpack"]

_say = sentences(__file__)
_PLOTLY = Path(__file__).parent / "vendor" / "plotly-basic.min.js.gz"


def living(taken: Taken, shown: str) -> str:
    """A still figure that scripts may replace by one that can be asked."""
    said = {**words("living"), "cited": taken.cited, "about": taken.about}
    return html.render(
        '<div class="minelib-live" data-live="../_static/tables/{{ name }}-live.js" '
        'data-words="{{ words }}">{{ shown }}</div>',
        name=taken.name,
        words=json.dumps(said, ensure_ascii=False),
        shown=html.markup(shown),
    )


def lacking() -> list[str]:
    """What the kept sweeps lack, a sentence a sweep: the points, and how to run them."""
    said = []
    for name in SWEPT:
        grid = FIGURES[name]["sweep"]["grid"]
        points = set(itertools.product(*(_plain(expanded(values)) for values in grid.values())))
        if (FOLDER / f"{name}.csv").is_file():
            points -= set(kept(name)[[*grid]].itertuples(index=False, name=None))
        command = f"python tools/swept.py {name}"
        if points:
            listed = "; ".join(sorted(" ".join(map(str, point)) for point in points)[:5])
            parts = {"count": len(points), "points": listed}
            said.append(_say("lacks", name=name, command=command, **parts))
        elif stale(name):
            said.append(_say("stale", name=name, command=command))
    return said


def digest(name: str) -> str:
    """What the kept runs of a living figure rest on: grid, notebook's figure, tables.

    Parameters
    ----------
    name : str
        One of `minelib.figures.living.SWEPT`.

    Returns
    -------
    str
        SHA-256.
    """
    entry = FIGURES[name]
    tables = {table: default().descriptor(table).sha256 for table in entry["tables"]}
    said = json.dumps([entry["sweep"], tables], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()


def stale(name: str) -> bool:
    """Whether the kept runs rest on other tables or another grid than today's."""
    path = FOLDER / f"{name}.csv"
    return not path.is_file() or path.read_text("utf-8").split("\n")[0] != f"# {digest(name)}"


def _plain(values):
    """Numbers as the kept runs write them: 0.1, not 0.10."""
    return [f"{float(v):g}" if v.replace(".", "", 1).isdigit() else v for v in values]


def unpack(folder: Path) -> None:
    """Put the script that draws living figures beside the others, where a page asks for it."""
    if any(folder.parent.glob("*/_static/tables/*-live.js")):
        (folder / "plotly-basic.min.js").write_bytes(gzip.decompress(_PLOTLY.read_bytes()))
