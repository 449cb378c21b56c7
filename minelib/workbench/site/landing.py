# SPDX-License-Identifier: MIT
"""The page that opens first: the story in short in every language, and the choice of one."""

import json
import shutil
from html import escape
from pathlib import Path
from string import Template

from minelib.words import gettext as _
from minelib.workbench.site import source, story

__all__ = ["write_landing"]

_THEME = Path(__file__).parent / "theme"


def write_landing(outputs, target):
    """Write ``index.html``: all languages in one page, one shown.

    Parameters
    ----------
    outputs : minelib.workbench.site.outputs.Outputs
    target : pathlib.Path
        The built site; pictures are taken from its languages' folders.
    """
    sections = "\n".join(_section(outputs, lang) for lang in outputs.languages)
    first = outputs.languages[0]
    choice = "".join(
        f'<a href="{lang}/index.html" data-language="{lang}" lang="{source.LANGUAGE_TAGS[lang]}" '
        f'hreflang="{source.LANGUAGE_TAGS[lang]}">{source.LANGUAGE_NAMES[lang]}</a>'
        for lang in outputs.languages
    )
    page = Template((_THEME / "landing.html").read_text(encoding="utf-8")).substitute(
        lang=source.LANGUAGE_TAGS[first],
        title=escape(story.site_title(first)),
        titles=escape(json.dumps({x: story.site_title(x) for x in outputs.languages})),
        description=escape(story.tagline(first)),
        language=escape(" / ".join(_("Language", lang) for lang in outputs.languages)),
        choice=choice,
        sections=sections,
    )
    (target / "index.html").write_text(page, encoding="utf-8", newline="\n")
    for name in ("landing.css", "landing.js", "mark.svg"):
        shutil.copy(_THEME / "static" / name, target)


def _section(outputs, lang):
    pages = outputs.pages[lang]
    hero = story.hero(pages)
    picture = ""
    if hero:
        width, height = hero.size
        picture = (
            f'<figure class="hero"><a href="{lang}/notebooks/{hero.page}.html">'
            f'<img src="{lang}/_static/figures/{hero.file}" alt="{escape(hero.alt)}" '
            f'width="{width}" height="{height}"></a></figure>'
        )
    cards = story.cards(pages, lang, lang)
    return (
        f'<main lang="{source.LANGUAGE_TAGS[lang]}" data-language="{lang}">'
        f"<h1>{escape(story.site_title(lang))}</h1>"
        f'<p class="tagline">{escape(story.tagline(lang))}</p>'
        f'<p><a class="enter" href="{lang}/index.html">{escape(_("Read the story", lang))}</a></p>'
        f"{picture}"
        f"<h2>{escape(_('The story, one question a notebook', lang))}</h2>{cards}"
        f"<h2>{escape(_('Look it up', lang))}</h2>{story.lookups(lang, lang)}"
        f"<footer><p>{escape(source.words(lang)['credits'])}</p></footer></main>"
    )
