# SPDX-License-Identifier: MIT
"""The page that opens first: the story in short in every language, and the choice of one."""

import json
from pathlib import Path

from minelib import html
from minelib.workbench.site import source, story
from minelib.workbench.site.myst import speaking, words
from minelib.workbench.site.outputs import Outputs

__all__ = ["write_landing"]

_THEME = Path(__file__).parent / "theme"


def write_landing(outputs: Outputs, target: Path) -> None:
    """Write ``index.html``: all languages in one page, one shown.

    Parameters
    ----------
    outputs : minelib.workbench.site.outputs.Outputs
    target : pathlib.Path
        The built site; pictures are taken from its languages' folders.
    """
    sections = [_section(outputs.pages[lang], lang) for lang in outputs.languages]
    page = html.render(
        (_THEME / "landing.html").read_text(encoding="utf-8"),
        sections=sections,
        titles=json.dumps({each["lang"]: each["title"] for each in sections}),
    )
    (target / "index.html").write_text(page, encoding="utf-8", newline="\n")


def _section(pages, lang):
    with speaking(lang):
        return {
            "lang": lang,
            "tag": source.LANGUAGE_TAGS[lang],
            "name": source.LANGUAGE_NAMES[lang],
            **{part: story.said(part) for part in ("title", "tagline", "whom")},
            **words("landing"),
            "answer": story.answer(),
            "hero": story.hero(pages),
            "cards": story.cards(pages, lang),
            "lookups": story.lookups(lang),
            "credits": words("page")["credits"],
        }
