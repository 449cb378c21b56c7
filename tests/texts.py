# SPDX-License-Identifier: MIT
"""All our texts that a reader may see, and sentences that misread a notice."""

import html
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.pofile import read_po

import minelib as ml

ROOT = Path(__file__).resolve().parent.parent
_SENTENCE = re.compile(r"(?<=[.!?。！？；;])\s*|\n\s*\n")
_FORBIDS = re.compile(
    r"forb[ia]d|\bban(s|ned|ning)?\b|outlaw|prohibit|criminali|禁止|禁令|取缔|查禁|封禁|禁挖|禁事",
    re.I,
)
_NOTICE = re.compile(
    r"924|\b237\b|9\.24|24 september|september (2021|notice)|ten[ -](bod|depart|agenc|ministr)|"
    r"9 ?月 ?24 ?日|十部|十个部|十个机构|十机构|九二四",
    re.I,
)
_MINING = re.compile(r"\bmin(ing|ers?|es)\b|挖矿|矿场|矿工", re.I)
_TRADING = re.compile(r"trad(e|ing)|exchange|token|currenc|交易|代币|虚拟货币", re.I)
# what is forbidden here: new projects, by notice No. 1283; and by others, elsewhere or commercially
_SO = re.compile(
    r"new (ones|projects)|not forbidden|并未禁止|严禁新增|禁止投资|Iran|伊朗|licen[cs]e|商业使用|"
    # what if another country did
    r"\bif (another|a place|Canada|Kazakhstan|Paraguay)|another place|"
    r"若(加拿大|哈萨克斯坦|巴拉圭)|下一个国家|另一个地方"
)


def ours() -> Iterator[tuple[str, str]]:
    """Where a text stands, and the text: the catalogue, READMEs, docs, templates, and tables.

    Addresses, names of files and titles of other people's works are not ours, nor are the words
    of the article on trial.
    """
    catalogue = ROOT / "minelib/locale/zh/LC_MESSAGES/minelib.po"
    with catalogue.open("rb") as file:
        for message in read_po(file):
            yield "minelib.po", str(message.id)
            yield "minelib.po", str(message.string)
    for pattern in ("*.md", "docs/*.md", "minelib/**/*.html", "minelib/**/*.j2", "CITATION.cff"):
        for path in ROOT.glob(pattern):
            yield path.name, path.read_text(encoding="utf-8")
    named = ("address", "source", "work")
    strange = {"claims": ("claim_zh", "claim_en"), "claim_sources": ("title_en", "title_zh")}
    for table in ml.catalog.list()["name"]:
        frame = ml.load(table)
        if table == "events":  # other countries did forbid it
            frame = frame[frame["country"].isin(["china"]) | frame["country"].isna()]
        frame = frame.select_dtypes(["str", "object"])
        for column in frame.columns.difference([*strange.get(table, ()), *named]):
            for text in frame[column].dropna().unique():
                yield f"{table}.{column}", str(text)


def misread(text: str) -> list[str]:
    """Sentences that say that the notice on trading, or any notice, forbade mining.

    Examples
    --------
    >>> misread('On 24 September a notice, known as "924", forbade it for the whole country.')
    ['On 24 September a notice, known as "924", forbade it for the whole country.']
    >>> misread("The 924 notice forbids exchanges to serve residents. Iran banned mining twice.")
    []
    """
    found = []
    for sentence in _SENTENCE.split(text):
        if not _FORBIDS.search(sentence) or _SO.search(sentence):
            continue
        about_trading = _TRADING.search(sentence) and not _MINING.search(sentence)
        if _MINING.search(sentence) or (_NOTICE.search(sentence) and not about_trading):
            found.append(" ".join(sentence.split()))
    return found


_UNSEEN = re.compile(
    r"<(script|style|pre|code)\b.*?</\1>"
    r'|<(span|small) translate="no">.*?</\2>',  # the sources: titles of other people's works
    re.DOTALL,
)
_BLOCK = re.compile(r"</(p|li|td|th|h\d|div|dt|dd|summary|figcaption|tr)>")
# titles of other people's works, the words of the article, addresses
_OTHERS = re.compile(r"“[^”]{16,}”|《[^》]*》|\w+://\S+")


def said_on(page: str) -> str:
    """What a page of the site says in our own words, block by block."""
    text = _BLOCK.sub("\n\n", _UNSEEN.sub(" ", page))
    return _OTHERS.sub("", html.unescape(re.sub(r"<[^>]+>", "", text)))
