# SPDX-License-Identifier: MIT
"""Write the sources of one language of the site, for Sphinx to publish."""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from minelib.checks import language
from minelib.figures.living import SCRIPT
from minelib.words import gettext as _
from minelib.workbench.site import data_pages, extras, ledgers, record, story
from minelib.workbench.site.myst import speaking, words
from minelib.workbench.site.notebook_pages import prepared
from minelib.workbench.site.outputs import Outputs, webp
from minelib.workbench.site.reckoned import reckoned
from minelib.workbench.site.taken import as_script

__all__ = ["LANGUAGE_NAMES", "LANGUAGE_TAGS", "write_source"]

LANGUAGE_NAMES = {"en": "English", "zh": "中文"}  # each language calls itself by its own name
LANGUAGE_TAGS = {"en": "en", "zh": "zh-Hans"}
_SPHINX = {"en": "en", "zh": "zh_CN"}
_FONTS = Path(__file__).parents[2] / "style" / "fonts"


def write_source(outputs: Outputs, lang: str, folder: Path) -> Path:
    """Write every page of one language.

    Parameters
    ----------
    outputs : minelib.workbench.site.outputs.Outputs
    lang : str
    folder : pathlib.Path
        Is created; holds ``index.md``, the pages, ``static/`` and ``site.json``.

    Returns
    -------
    pathlib.Path
        The folder.
    """
    language(lang)
    pages = outputs.pages[lang]
    for each in ("notebooks", "data", "static/figures", "static/tables"):
        (folder / each).mkdir(parents=True)
    figures = folder / "static" / "figures"
    with speaking(lang):
        for page in pages:
            shown = page.figures()
            for figure in shown:
                (figures / figure.file).write_bytes(webp(figure.png))
                if figure.living and figure.taken:
                    script = as_script(f"{figure.taken.name}-live", reckoned(figure.living))
                    path = folder / "static" / "tables" / f"{figure.taken.name}-live.js"
                    path.write_text(script, encoding="utf-8", newline="\n")
            for taken in filter(None, [*(figure.taken for figure in shown), *page.tables()]):
                path = folder / "static" / "tables" / taken.name
                path.with_suffix(".csv").write_text(taken.csv(), encoding="utf-8", newline="\n")
                path.with_suffix(".js").write_text(taken.script(), encoding="utf-8", newline="\n")
        written = {
            "index.md": story.index(pages),
            "gallery.md": story.gallery(pages, extras.draw(figures, outputs.folder)),
            "claims.md": ledgers.claims(),
            "published.md": ledgers.published(),
            "run.md": record.page(pages),
            **{f"data/{name}.md": text for name, text in data_pages.pages().items()},
            **{
                f"notebooks/{page.name}.ipynb": json.dumps(prepared(page), ensure_ascii=False)
                for page in pages
            },
        }
    for name, text in written.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    write_site(folder, lang, outputs.languages)
    return folder


def write_site(folder: Path, lang: str, languages: Sequence[str], **more: Any) -> None:
    """Write what the theme needs beside the pages: ``site.json`` and the font."""
    (folder / "static").mkdir(exist_ok=True)
    for shared in (*_FONTS.glob("*.woff2"), SCRIPT):
        shutil.copy(shared, folder / "static")
    with speaking(lang):
        site = {
            "lang": lang,
            "sphinx_language": _SPHINX[lang],
            "languages": [
                {"code": each, "name": LANGUAGE_NAMES[each], "tag": LANGUAGE_TAGS[each]}
                for each in languages
            ],
            "author": _("The minelib developers"),
            "words": words("page"),
            "theme_words": words("theme"),
            "extensions": [],
            "home": "",
            **more,
        }
    (folder / "site.json").write_text(json.dumps(site, ensure_ascii=False), encoding="utf-8")
