# SPDX-License-Identifier: MIT
"""What a run left behind, as the site needs it: notebooks, figures, findings, record."""

import base64
import io
import json
import re
import struct
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image

from minelib.display import MIME as FIGURE
from minelib.display.table import MIME as TABLE
from minelib.errors import MinelibError
from minelib.figures.living import MIME as LIVING
from minelib.studies.findings import MIME as FINDINGS
from minelib.words import LANGUAGES, gettext as _
from minelib.workbench.runs.cache import intact
from minelib.workbench.site.taken import Taken
from minelib.workbench.translation import heading, joined

__all__ = ["Extra", "Figure", "Outputs", "Page", "read_outputs", "webp"]


@dataclass(frozen=True)
class Figure:
    """One picture of an executed notebook."""

    page: str
    number: int
    png: bytes
    alt: str
    title: str
    taken: Taken | None = None
    living: dict[str, Any] | None = None

    @property
    def file(self) -> str:
        """Its file name in the site."""
        return f"{self.page}-{self.number}.webp"

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        width, height = struct.unpack(">II", self.png[16:24])
        return width, height


@dataclass(frozen=True)
class Extra:
    """A figure of the gallery that no notebook shows, and the HTML under it."""

    file: str
    alt: str
    size: tuple[int, int]
    words: str
    title: str = ""


@dataclass(frozen=True)
class Page:
    """One executed notebook in one language."""

    name: str
    lang: str
    notebook: dict[str, Any]
    record: dict[str, Any] = field(default_factory=dict)

    @property
    def title(self) -> str:
        return heading(self.notebook, "en") or self.name  # executed prose is translated already

    @property
    def number(self) -> str:
        return self.name.split("-")[0]

    @property
    def slug(self) -> str:
        return self.name.split("-", 1)[-1]

    @property
    def lead(self) -> str:
        """The first paragraph under the title, as Markdown."""
        for cell in self.notebook["cells"]:
            if cell["cell_type"] == "markdown":
                parts = re.split(r"\n\s*\n", source(cell).strip())
                for part in parts:
                    if not part.startswith("#"):
                        return part
        return ""

    def figures(self) -> list[Figure]:
        """The pictures in reading order."""
        found: list[Figure] = []
        for output in self._outputs():
            if "image/png" in output.get("data", {}):
                about = output.get("metadata", {}).get("image/png", {})
                found.append(
                    Figure(
                        page=self.name,
                        number=len(found) + 1,
                        png=base64.b64decode("".join(output["data"]["image/png"])),
                        alt=about.get("alt") or self.title,
                        title=about.get("title", ""),
                        taken=self._taken(f"{self.name}-{len(found) + 1}", about, output),
                        living=output["data"].get(LIVING),
                    )
                )
        return found

    def tables(self) -> list[Taken]:
        """The numbers of the tables that `minelib.show` made, in reading order."""
        found: list[Taken] = []
        for output in self._outputs():
            if TABLE in output.get("data", {}):
                number = len(found) + 1
                title = _("Table {number} of “{page}”").format(number=number, page=self.title)
                name = f"{self.name}-table-{number}"
                found.append(Taken(name, title, self.title, output["data"][TABLE]))
        return found

    def _taken(self, name, about, output):
        data = output["data"].get(FIGURE)
        title = about.get("title") or self.title
        return Taken(name, title, self.title, data) if data else None

    def findings(self) -> dict[str, Any] | None:
        """What the notebook recorded; None where it did not finish."""
        for output in self._outputs():
            if FINDINGS in output.get("data", {}):
                return output["data"][FINDINGS]
        return None

    @property
    def failed(self) -> bool:
        return any(output["output_type"] == "error" for output in self._outputs())

    def _outputs(self):
        for cell in self.notebook["cells"]:
            yield from cell.get("outputs", ())


@dataclass(frozen=True)
class Outputs:
    """Everything of one run."""

    folder: Path
    pages: dict[str, list[Page]]
    record: dict[str, Any] = field(default_factory=dict)

    @property
    def languages(self) -> list[str]:
        return [lang for lang in LANGUAGES if self.pages.get(lang)]


def source(cell: dict[str, Any]) -> str:
    """The text of a cell."""
    return joined(cell.get("source", ""))


def webp(png: bytes) -> bytes:
    """A picture in a third of its bytes, point for point the same."""
    out = io.BytesIO()
    with Image.open(io.BytesIO(png)) as picture:
        picture.convert("RGB").save(out, "webp", lossless=True, method=1, quality=40)
    return out.getvalue()


def read_outputs(folder: Path) -> Outputs:
    """Read the executed notebooks and the record of a run.

    Parameters
    ----------
    folder : pathlib.Path
        ``NN-slug/NN-slug.ipynb`` in English, ``zh/NN-slug/...`` in Chinese, what failed under
        ``failed/``.

    Returns
    -------
    Outputs
        Languages without an executed notebook are left out.
    """
    pages: dict[str, list[Page]] = {lang: [] for lang in LANGUAGES}
    for lang in LANGUAGES:
        whole = folder / lang if lang != "en" else folder
        found = {path.name: path for path in whole.glob("[0-9]*-*") if path.is_dir()}
        ending = "" if lang == "en" else f".{lang}"
        for path in (folder / "failed").glob(f"[0-9]*-*{ending}"):
            name = path.name.removesuffix(ending)
            if "." not in name:
                found.setdefault(name, path)
        for name, path in sorted(found.items()):
            file = path / f"{name}.ipynb"
            if file.exists():
                record = _json(path / "run.json")
                record = record if intact(record) else {}
                pages[lang].append(Page(name, lang, _json(file), record))
    return Outputs(folder, pages, _json(folder / "runs.json"))


def _json(path):
    try:
        found = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        if isinstance(found, dict) and (
            path.suffix != ".ipynb" or isinstance(found["cells"], list)
        ):
            return found
    except (ValueError, KeyError, RecursionError):
        pass
    sentence = _("{path} is damaged: run its notebook again, then the pages can be built.")
    raise MinelibError(sentence.format(path=path))
