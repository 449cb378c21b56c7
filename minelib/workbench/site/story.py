# SPDX-License-Identifier: MIT
"""The first page of a language (the story in short) and the gallery of figures."""

import re
from collections.abc import Sequence
from pathlib import Path

from minelib import catalog, html
from minelib.catalog import origins
from minelib.declared import declared
from minelib.impact import share_by_outage
from minelib.studies.table import Findings
from minelib.words import LANGUAGES, N_, date, gettext as _, percent
from minelib.workbench.site.myst import raw, toctree
from minelib.workbench.site.notebook_pages import figure_html
from minelib.workbench.site.outputs import Extra, Figure, Page

__all__ = ["answer", "cards", "gallery", "hero", "index", "lookups", "plain_markdown", "said"]

_THEME = Path(__file__).parent / "theme"
_SAYS, _KEY_FINDING = (declared(__file__)[part] for part in ("says", "key_finding"))
# who mined where: the figure that needs no explanation, by its title
_HERO = N_("Where the mining map saw the hash rate")


def said(name: str) -> str:
    """A sentence of the first page: its ``title``, its ``tagline``, or for ``whom`` it is."""
    return _(_SAYS[name])


def answer() -> str:
    """What nobody else has: a province's share as the chain saw it, beside the mining map's."""
    found = share_by_outage(level := 0.9)
    row = found.query("event == 'xinjiang_outage' and model == 'window'").iloc[0]
    shown = {name: percent(row[f"{name}_pct"], 0) for name in ("share", "lower", "upper", "map")}
    return said("answer").format(day=date(row["time"]), level=percent(100 * level, 0), **shown)


def index(pages: list[Page]) -> str:
    """The first page as MyST, in the current language."""
    first = hero(pages)
    head = html.render(
        '<p class="minelib-tagline">{{ tagline }}</p><p>{{ whom }}</p>'
        '<p class="minelib-answer">{{ answer }}</p>{{ picture }}',
        tagline=said("tagline"),
        whom=said("whom"),
        answer=answer(),
        picture=figure_html(first, ".", f"notebooks/{first.page}.html", load="eager")
        if first
        else "",
    )
    return "\n".join(
        [
            "---\nhtml_theme.sidebar_secondary.remove: true\n---\n",
            f"# {said('title')}\n\n{raw(head)}",
            f"## {_('The story, one question per notebook')}\n\n{raw(cards(pages))}",
            f"## {_('Look it up')}\n\n{raw(lookups())}",
            toctree(_("The story"), [f"notebooks/{page.name}" for page in pages]),
            toctree(_("Look it up"), ["claims", "published", "data/index", "gallery", "run"]),
        ]
    )


def hero(pages: list[Page]) -> Figure | None:
    """The figure that opens the site; None where there is none."""
    figures = [figure for page in pages for figure in page.figures()]
    striking = [f for f in figures for lang in LANGUAGES if f.title.endswith(_(_HERO, lang))]
    return next(iter(striking + figures), None)


def cards(pages: list[Page], root: str = ".") -> str:
    """One card per notebook: question, picture, what was found. No picture stands twice."""
    first = hero(pages)
    used = {first.alt} if first else set()
    chosen = []
    for page in pages:
        figures = page.figures()
        best = next((f for f in figures if f.alt not in used), next(iter(figures), None))
        if best:
            used.add(best.alt)
        chosen.append((page, best, plain_markdown(page.lead), _key_number(page)))
    template = (_THEME / "cards.html").read_text(encoding="utf-8")
    failed = _("This run failed.")
    return html.render(template, cards=chosen, root=root, failed=failed)


def _key_number(page):
    """The finding that stands for a notebook, in large type: value, interval and words."""
    found = page.findings()
    if not found or not found["findings"]:
        return None
    named = [f for f in found["findings"] if f["name"] == _KEY_FINDING.get(page.slug)]
    finding = (named or found["findings"])[0]
    shown = Findings(found["study"], found["parameters"], [finding], found["data"])
    ((what, value, interval, unit),) = shown.rows()
    return f"{value}%" if finding["unit"] == "percent" else f"{value} {unit}", interval, what


def plain_markdown(text: str) -> str:
    """Markdown without its marks, as one line."""
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text)
    return " ".join(re.sub(r"[*`_]{1,3}(?=\S)|(?<=\S)[*`_]{1,3}", "", text).split())


def lookups(root: str = ".") -> str:
    """The ways into the rest of the site."""
    link = '<a href="{{ root }}/{{ page }}.html">{{ head }}</a><br>{{ said }}'
    shown = [
        html.render(
            link,
            root=root,
            page=page,
            head=_(own["head"]),
            said=_(own["said"]) if "said" in own else origins.in_words(catalog.default()),
        )
        for page, own in _SAYS["ways"].items()
    ]
    return html.listed(shown, "minelib-lookups")


def gallery(pages: list[Page], extras: Sequence[Extra] = ()) -> str:
    """Every figure, with its alternative text, as MyST.

    Parameters
    ----------
    pages : list of minelib.workbench.site.outputs.Page
    extras : sequence of minelib.workbench.site.outputs.Extra
        The figures that no notebook shows.
    """
    groups = [
        (page.title, [(figure_html(f, ".", f"notebooks/{page.name}.html"), f.alt) for f in figures])
        for page in pages
        if (figures := page.figures())
    ]
    further = [(figure_html(extra, "."), extra.words) for extra in extras]
    groups += [(_("Further figures"), further)] if further else []
    picture = "{{ picture }}<p>{{ words }}</p>"
    parts = [f"# {_('All figures')}\n"]
    for title, shown in groups:
        pictures = [html.render(picture, picture=p, words=w) for p, w in shown]
        parts.append(f"## {title}\n\n{raw(html.listed(pictures, 'minelib-gallery'))}")
    return "\n".join(parts)
