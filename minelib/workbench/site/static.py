# SPDX-License-Identifier: MIT
"""Styles, scripts and the font once for the whole site, and no more of them than pages use.

A theme brings rules and icons for every site there could be: nine parts in ten of it no page here
asks for. A rule stays when its classes and ids occur as words in any page or script, which is
more than are used, never fewer.
"""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import tinycss2

__all__ = ["gather", "purged", "shared"]

# of these each language has its own; nothing else differs
_OWN = r"figures/|tables/|language_data\.js|translations\.js"
_PATH = re.compile(rf'(?<=["\'])((?:\.\.?/)*)_static/(?!{_OWN})')
# icons are masks of our style, not a script of 1.5 MB; no script comes before the style
_ICONS = re.compile(r"\s*<(?:script[^>]*fontawesome\.js[^>]*></script|link rel=\"preload\"[^>]*)>")
_SHEET = re.compile(r'<link (?=[^>]*stylesheet)[^>]*href="([./]*_static/)([\w./-]+)[^>]*>\s*')
# the page of the search alone needs its scripts; others wait for nothing but the options
_SEARCH = re.compile(
    r'\s*<script src="[^"]*(?:searchtools|language_data|searchindex)\.js"></script>'
)
_WAITS = re.compile(r"<script (?=src=\"[^\"]*(?:doctools|highlight|book-theme|translations)\.js)")
# pieces of code in the colour of all code: half the length of a page of cells
_PLAIN = re.compile(r'<span class="(?:n|nn|p|w)">([^<]*)</span>')
_LEFT_OUT = re.compile(r".*\.map|fontawesome.*|.*-macros\.html")
_WORD = re.compile(r"[\w-]+")
_NAMED = re.compile(r"[.#]([\w-]+)")
_EITHER = re.compile(r":(?:not|is|where|has)\((?:[^()]|\([^()]*\))*\)")


def shared(page: str) -> str:
    """A page that takes from the folder of all languages what they share.

    Examples
    --------
    >>> shared('<link href="../_static/a.css"><img src="../_static/figures/a.webp">')
    '<link href="../../_static/a.css"><img src="../_static/figures/a.webp">'
    >>> shared('<span class="n">ml</span><span class="o">.</span><span class="n">load</span>')
    'ml<span class="o">.</span>load'
    """
    page = _PLAIN.sub(r"\1", _ICONS.sub("", _PATH.sub(r"\1../_static/", page)))
    if 'id="search-results"' in page:
        return page
    return _WAITS.sub("<script defer ", _SEARCH.sub("", page))


def purged(css: str, words: set[str]) -> str:
    """A style sheet without the rules that ask for a class or id which is none of the words.

    Examples
    --------
    >>> purged("/* . */ .a { color: red } .b, p > #c:not(.d) { top: 0 }", {"a", "c"})
    '.a{color: red}p > #c:not(.d){top: 0}'
    """
    return "".join(_rule(rule, words) for rule in _parsed(css))


def _parsed(css: Any) -> Any:
    parse = tinycss2.parse_stylesheet if isinstance(css, str) else tinycss2.parse_rule_list
    return parse(css, skip_comments=True, skip_whitespace=True)


def _rule(rule, words):
    if rule.type == "at-rule" and rule.content is not None:
        body = tinycss2.serialize(rule.content).strip()
        if rule.lower_at_keyword in ("media", "supports"):
            body = "".join(_rule(each, words) for each in _parsed(rule.content))
        if not body or (rule.lower_at_keyword == "font-face" and "Minelib" not in body):
            return ""
        return f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}{{{body}}}"
    if rule.type != "qualified-rule":
        return rule.serialize()
    kept = [each for each in _selectors(rule.prelude) if _asked_for(each, words)]
    parts = tinycss2.parse_blocks_contents(rule.content, skip_comments=True, skip_whitespace=True)
    said = ";".join(each.serialize().strip() for each in parts)
    return f"{','.join(kept)}{{{said}}}" if kept and said else ""


def _selectors(prelude):
    """The selectors of a rule: commas in brackets part none."""
    parts: list[list[Any]] = [[]]
    for token in prelude:
        if token.type == "literal" and token.value == ",":
            parts.append([])
        else:
            parts[-1].append(token)
    return [tinycss2.serialize(part).strip() for part in parts]


def _asked_for(selector, words):
    return "\\" in selector or words.issuperset(_NAMED.findall(_EITHER.sub("", selector)))


def gather(target: Path, folders: Iterable[str]) -> None:
    """Move what the folders share into ``target/_static``, purged; the rest of it is left out.

    Parameters
    ----------
    target : pathlib.Path
        The built site.
    folders : iterable of str
        Its parts, as Sphinx built them.
    """
    whole = target / "_static"
    for own in (target / name / "_static" for name in folders):
        for path in sorted(own.rglob("*")):
            name = path.relative_to(own).as_posix()
            if path.is_dir() or re.match(_OWN, name):
                continue
            (whole / name).parent.mkdir(parents=True, exist_ok=True)
            path.replace(whole / name)
    kinds = (".html", ".js", ".css")
    found = [p for p in target.rglob("*") if p.suffix in kinds and not _LEFT_OUT.fullmatch(p.name)]
    texts = {path: path.read_text(encoding="utf-8") for path in found}
    spoken = [p for p in found if p.suffix != ".css" and p.name != "searchindex.js"]
    words = set(_WORD.findall("\n".join(texts[path] for path in spoken)))
    texts |= {path: purged(texts[path], words) for path in found if path.suffix == ".css"}
    # one request for the style of all pages: six, one after the other, delay what is seen first
    pages = {path: _SHEET.findall(texts[path]) for path in found if path.parent != target}
    order = dict.fromkeys(name for links in pages.values() for _, name in links)
    order.pop("pages.css", None)  # pages for programmers that were kept
    sheets = [whole / name.replace("styles/theme.css", "basic.css") for name in order]  # it imports
    whole.mkdir(exist_ok=True)
    texts[whole / "pages.css"] = "".join(texts[sheet] for sheet in sheets)
    for page, links in pages.items():
        if links:
            link = f'<link rel="stylesheet" href="{links[0][0]}pages.css"></head>'
            texts[page] = _SHEET.sub("", texts[page]).replace("</head>", link, 1)
    for path, text in texts.items():
        path.write_text(text, encoding="utf-8", newline="\n")
    named = "\n".join(text for path, text in texts.items() if path.name != "searchindex.js")
    for path in sorted(target.rglob("*"), reverse=True):
        if path.is_dir() and not any(path.iterdir()):
            path.rmdir()
        elif whole in path.parents and (path.name not in named or _LEFT_OUT.fullmatch(path.name)):
            path.unlink()
