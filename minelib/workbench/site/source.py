# SPDX-License-Identifier: MIT
"""Write the sources of one language of the site, for Sphinx to publish."""

import json
import shutil
from pathlib import Path

from minelib import __version__
from minelib.checks import language
from minelib.words import gettext as _
from minelib.workbench.site import data_pages, extras, ledgers, record, story
from minelib.workbench.site.cells import prepared

__all__ = ["LANGUAGE_NAMES", "LANGUAGE_TAGS", "words", "write_source"]

LANGUAGE_NAMES = {"en": "English", "zh": "中文"}  # each language calls itself by its own name
LANGUAGE_TAGS = {"en": "en", "zh": "zh-Hans"}
_SPHINX = {"en": "en", "zh": "zh_CN"}
_FONT = Path(__file__).parents[2] / "style" / "fonts" / "MinelibSansSC-used.woff"


def words(lang):
    """The few words that the templates and scripts of the site need."""
    return {
        "show_code": _("Show the code", lang),
        "hide_code": _("Hide the code", lang),
        "on_this_page": _("On this page", lang),
        "search": _("Search this site", lang),
        "language": _("Language", lang),
        "credits": _(
            "minelib {version}. Code: MIT. Each table carries its own licence: see the data pages.",
            lang,
        ).format(version=__version__),
    }


def theme_words(lang):
    """English that the theme writes into every page, whatever the language."""
    return {
        "Skip to main content": _("Skip to main content", lang),
        "Color mode": _("Color mode", lang),
        "Toggle primary sidebar": _("Toggle primary sidebar", lang),
        "Toggle secondary sidebar": _("Toggle secondary sidebar", lang),
        "Toggle hidden content": _("Show or hide the code", lang),
    }


def write_source(outputs, lang, folder):
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
    for page in pages:
        text = json.dumps(prepared(page), ensure_ascii=False)
        (folder / "notebooks" / f"{page.name}.ipynb").write_text(text, encoding="utf-8")
        for figure in page.figures():
            (folder / "static" / "figures" / figure.file).write_bytes(figure.png)
    written = {
        "index.md": story.index(outputs, lang),
        "gallery.md": story.gallery(
            outputs, lang, extras.draw(lang, folder / "static" / "figures", outputs.folder)
        ),
        "claims.md": ledgers.claims(lang),
        "published.md": ledgers.published(lang),
        "run.md": record.page(outputs, lang),
        **{f"data/{name}.md": text for name, text in data_pages.pages(lang).items()},
    }
    for name, text in written.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    write_site(folder, lang, outputs.languages)
    return folder


def write_site(folder, lang, languages, **more):
    """Write what the theme needs beside the pages: ``site.json`` and the font."""
    (folder / "static").mkdir(exist_ok=True)
    shutil.copy(_FONT, folder / "static")
    site = {
        "lang": lang,
        "sphinx_language": _SPHINX[lang],
        "languages": [
            {"code": each, "name": LANGUAGE_NAMES[each], "tag": LANGUAGE_TAGS[each]}
            for each in languages
        ],
        "author": _("The minelib developers", lang),
        "copyright": _("The minelib developers", lang),
        "words": words(lang),
        "theme_words": theme_words(lang),
        "extensions": [],
        "home": "",
        **more,
    }
    (folder / "site.json").write_text(json.dumps(site, ensure_ascii=False), encoding="utf-8")
