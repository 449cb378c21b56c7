# SPDX-License-Identifier: MIT
"""Write the sources of one language of the site, for Sphinx to publish."""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from minelib import __version__
from minelib.checks import language
from minelib.words import gettext as _
from minelib.workbench.site import data_pages, extras, ledgers, record, story
from minelib.workbench.site.myst import speaking
from minelib.workbench.site.notebook_pages import prepared
from minelib.workbench.site.outputs import Outputs

__all__ = ["LANGUAGE_NAMES", "LANGUAGE_TAGS", "words", "write_source"]

LANGUAGE_NAMES = {"en": "English", "zh": "中文"}  # each language calls itself by its own name
LANGUAGE_TAGS = {"en": "en", "zh": "zh-Hans"}
_SPHINX = {"en": "en", "zh": "zh_CN"}
_FONT = Path(__file__).parents[2] / "style" / "fonts" / "MinelibSansSC-used.woff"


def words() -> dict[str, str]:
    """The few words that the templates and scripts of the site need."""
    return {
        "show_code": _("Show the code"),
        "hide_code": _("Hide the code"),
        "on_this_page": _("On this page"),
        "search": _("Search this site"),
        "language": _("Language"),
        "credits": _(
            "minelib {version}. Code: MIT. Each table carries its own licence: see the data pages.",
        ).format(version=__version__),
    }


def theme_words() -> dict[str, str]:
    """English that the theme writes into every page, whatever the language."""
    return {
        "Skip to main content": _("Skip to main content"),
        "Color mode": _("Color mode"),
        "Toggle primary sidebar": _("Toggle primary sidebar"),
        "Toggle secondary sidebar": _("Toggle secondary sidebar"),
        "Toggle hidden content": _("Show or hide the code"),
    }


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
    for each in ("notebooks", "data", "static/figures"):
        (folder / each).mkdir(parents=True)
    figures = folder / "static" / "figures"
    for page in pages:
        for figure in page.figures():
            (figures / figure.file).write_bytes(figure.png)
    with speaking(lang):
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
    shutil.copy(_FONT, folder / "static")
    with speaking(lang):
        site = {
            "lang": lang,
            "sphinx_language": _SPHINX[lang],
            "languages": [
                {"code": each, "name": LANGUAGE_NAMES[each], "tag": LANGUAGE_TAGS[each]}
                for each in languages
            ],
            "author": _("The minelib developers"),
            "words": words(),
            "theme_words": theme_words(),
            "extensions": [],
            "home": "",
            **more,
        }
    (folder / "site.json").write_text(json.dumps(site, ensure_ascii=False), encoding="utf-8")
