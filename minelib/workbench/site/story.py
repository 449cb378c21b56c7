# SPDX-License-Identifier: MIT
"""The first page of a language (the story in short) and the gallery of figures."""

import re
from html import escape

from minelib.studies.table import Findings
from minelib.words import LANGUAGES, N_, current, use
from minelib.words import gettext as _
from minelib.workbench.site.cells import figure_html
from minelib.workbench.site.html import raw

__all__ = [
    "cards",
    "gallery",
    "hero",
    "index",
    "lookups",
    "plain_markdown",
    "site_title",
    "tagline",
]

# who mined where: the figure that needs no explanation, by its title
_HERO = N_("Where the mining map saw the hash rate")
# the finding that answers a notebook's question, where it is not the first
_KEY_FINDING = {"energy-and-carbon": "index_2021", "miners-choice": "net_kazakhstan"}


def site_title(lang):
    """What the site is called."""
    return _("Where did China's bitcoin miners go?", lang)


def tagline(lang):
    """One sentence under the title."""
    return _(
        "China's mining boom, the crackdown of 2021 and the move abroad, told from data: "
        "every figure has a source, every claim is put to the test, "
        "every estimate carries its uncertainty.",
        lang,
    )


def index(outputs, lang):
    """The first page as MyST."""
    pages = outputs.pages[lang]
    listed = "\n".join(f"notebooks/{page.name}" for page in pages)
    topics = "data/index"
    first = hero(pages)
    picture = figure_html(first, ".", f"notebooks/{first.page}.html") if first else ""
    return (
        f"---\nhtml_theme.sidebar_secondary.remove: true\n---\n\n# {site_title(lang)}\n\n"
        + raw(f'<p class="minelib-tagline">{escape(tagline(lang))}</p>{picture}')
        + f"\n## {_('The story, one question a notebook', lang)}\n\n"
        + raw(cards(pages, lang))
        + f"\n## {_('Look it up', lang)}\n\n"
        + raw(lookups(lang))
        + _toctree(_("The story", lang), listed)
        + _toctree(_("Look it up", lang), f"claims\npublished\n{topics}\ngallery\nrun")
    )


def hero(pages):
    """The figure that opens the site; None where there is none."""
    figures = [figure for page in pages for figure in page.figures()]
    striking = [f for f in figures for lang in LANGUAGES if f.title.endswith(_(_HERO, lang))]
    return next(iter(striking + figures), None)


def cards(pages, lang, root="."):
    """One card a notebook: question, picture, what was found. No picture stands twice."""
    first = hero(pages)
    used = {first.alt} if first else set()
    shown = []
    for page in pages:
        figures = page.figures()
        fresh = [figure for figure in figures if figure.alt not in used]
        best = next(iter(fresh + figures), None)
        if best:
            used.add(best.alt)
        shown.append(_card(page, best, lang, root))
    return f'<div class="minelib-cards">{"".join(shown)}</div>'


def _card(page, figure, lang, root):
    link = f"{root}/notebooks/{page.name}.html"
    picture = ""
    if figure:
        width, height = figure.size
        picture = (
            f'<img src="{root}/_static/figures/{escape(figure.file)}" alt="" '
            f'width="{width}" height="{height}" class="dark-light">'
        )
    failed = f'<p class="minelib-failed">{escape(_("This run failed.", lang))}</p>'
    return (
        f'<article class="minelib-card"><div class="minelib-thumb">{picture}</div>'
        f'<h3><a href="{escape(link)}">{escape(page.title)}</a></h3>'
        f'<p class="minelib-lead">{escape(plain_markdown(page.lead))}</p>'
        f"{failed if page.failed else _key_number(page, lang)}</article>"
    )


def _key_number(page, lang):
    """The finding that stands for a notebook, in large type."""
    found = page.findings()
    if not found or not found["findings"]:
        return ""
    named = [f for f in found["findings"] if f["name"] == _KEY_FINDING.get(page.slug)]
    finding = (named or found["findings"])[0]
    shown = Findings(found["study"], found["parameters"], [finding], found["data"])
    before = current()
    use(lang)
    try:
        ((what, value, interval, unit),) = shown.rows()
        unit = "%" if finding["unit"] == "percent" else unit
    finally:
        use(before)
    between = f" <span>{escape(interval)}</span>" if interval else ""
    space = "" if unit == "%" else " "
    return (
        f'<p class="minelib-number"><strong>{escape(value + space + unit)}</strong>{between}'
        f"<br>{escape(what)}</p>"
    )


def plain_markdown(text):
    """Markdown without its marks, as one line."""
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text)
    return " ".join(re.sub(r"[*`_]{1,3}(?=\S)|(?<=\S)[*`_]{1,3}", "", text).split())


def lookups(lang, root="."):
    """The ways into the rest of the site."""
    entries = (
        (
            "claims.html",
            _("Claims put to the test", lang),
            _("Every statement of the article, with its verdict and the evidence.", lang),
        ),
        (
            "published.html",
            _("Published results, computed again", lang),
            _("What studies reported, and what these data give.", lang),
        ),
        (
            "data/index.html",
            _("The data", lang),
            _("Every table: meaning, columns, sources, licence.", lang),
        ),
        ("gallery.html", _("All figures", lang), _("Every figure on one page.", lang)),
        (
            "run.html",
            _("The record of this run", lang),
            _("What was run, with which parameters, versions and data.", lang),
        ),
        (
            "../api/index.html",
            _("For programmers", lang),
            _("Every public name, with its arguments, results and examples (in English).", lang),
        ),
    )
    items = "".join(
        f'<li><a href="{root}/{link}">{escape(head)}</a><br>{escape(text)}</li>'
        for link, head, text in entries
    )
    return f'<ul class="minelib-lookups">{items}</ul>'


def _toctree(caption, entries):
    return f"\n```{{toctree}}\n:hidden:\n:caption: {caption}\n\n{entries}\n```\n"


def gallery(outputs, lang, extras=()):
    """Every figure, with its alternative text, as MyST.

    Parameters
    ----------
    outputs : minelib.workbench.site.outputs.Outputs
    lang : str
    extras : list of minelib.workbench.site.extras.Extra
        The figures that no notebook shows.
    """
    parts = [f"# {_('All figures', lang)}\n"]
    for page in outputs.pages[lang]:
        figures = page.figures()
        if figures:
            link = f"notebooks/{page.name}.html"
            shown = [(figure_html(figure, ".", link), escape(figure.alt)) for figure in figures]
            parts.append(f"## {page.title}\n\n" + raw(_pictures(shown)))
    if extras:
        shown = [(figure_html(extra, "."), extra.words) for extra in extras]
        parts.append(f"## {_('Further figures', lang)}\n\n" + raw(_pictures(shown)))
    return "\n".join(parts)


def _pictures(shown):
    items = "".join(f"<li>{picture}<p>{words}</p></li>" for picture, words in shown)
    return f'<ul class="minelib-gallery">{items}</ul>'
