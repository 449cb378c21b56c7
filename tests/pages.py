# SPDX-License-Identifier: MIT
"""What the tests of the pages share: a small run without a kernel, and a browser."""

import base64
import contextlib
import io
import json
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest

from minelib import catalog
from minelib.display import MIME as FIGURE
from minelib.display.table import MIME as TABLE, as_data
from minelib.studies.findings import MIME
from minelib.workbench import translation

CHROMIUM = next(
    (
        found
        for name in ("chromium", "chromium-browser", "google-chrome")
        if (found := shutil.which(name))
    ),
    None,
)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # what it would ask Google on its own; this takes the place of Playwright's list of the same
    "--disable-features=AutofillServerCommunication,PreconnectToSearch,OptimizationHints,"
    "NetworkTimeServiceQuerying,AimEnabled,MediaRouter",
]
needs_browser = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here (Debian package chromium)"),
]
AXE = Path(__file__).parent / "vendor" / "axe-core" / "axe.min.js"
TITLES = {
    "00-overview": {"en": "Where did the machines go?", "zh": "矿机去了哪里？"},
    "01-boom": {"en": "How did it begin?", "zh": "怎么开始的？"},
    "02-crackdown": {"en": "What was lost?", "zh": "失去了什么？"},
}
LEAD = {"en": "One **paragraph** with [a link]({}).", "zh": "一**段**文字，附[链接]({})。"}
ALT = {"en": "Line from 2 down to 1 & <{}>", "zh": "从 2 降到 1 的线 & <{}>"}
MEANING = {"en": "Fall of the hash rate", "zh": "算力的跌幅"}
SENTENCE = {
    "en": "In the 90 days from 21 May 2021 on, the hash rate was lower than one would expect.",
    "zh": "从 2021年5月21日 起的 90 天内，算力低于依其自身历史所预期的水平。",
}


@contextlib.contextmanager
def chromium(**options):
    """A page of a headless Chromium that remembers what went wrong in `page.wrong`."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        context = browser.new_context(**{"locale": "en-GB", **options})
        page = context.new_page()
        page.wrong = []
        page.on(
            "console",
            lambda m: (
                page.wrong.append(f"{page.url}: {m.type}: {m.text}") if m.type == "error" else None
            ),
        )
        page.on("pageerror", lambda error: page.wrong.append(f"{page.url}: {error}"))
        page.on("requestfailed", lambda r: page.wrong.append(f"{page.url}: failed {r.url}"))
        page.on(
            "request",
            lambda r: (
                page.wrong.append(f"{page.url}: asks {r.url}")
                if not r.url.startswith(
                    ("file:", "data:", "blob:", "http://127.0.0.1", "http://localhost")
                )
                else None
            ),
        )
        try:
            yield page
        finally:
            browser.close()


def violations(page):
    """Serious and critical findings of axe-core on the page, one line each.

    Words in the very colour of their ground are among them: axe-core takes these for hidden on
    purpose and only asks for a look.
    """
    # colours that are still fading in are nobody's to read yet
    page.evaluate("Promise.allSettled(document.getAnimations().map(each => each.finished))")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("() => axe.run(document, {preload: false})")
    unseen = [
        {**each, "impact": "serious", "nodes": nodes}
        for each in found["incomplete"]
        if (nodes := [n for n in each["nodes"] if "equalRatio" in json.dumps(n["any"])])
    ]
    return [
        f"{page.url}: {each['id']}: {each['help']} ({each['nodes'][0]['html'][:160]})"
        for each in found["violations"] + unseen
        if each["impact"] in ("serious", "critical")
    ]


class _Words(HTMLParser):
    """What a reader of a Chinese page sees or hears: text, and the texts in attributes."""

    UNSEEN = ("script", "style", "code", "pre")
    EMPTY = ("img", "br", "input", "meta", "link", "hr", "wbr", "col")

    def __init__(self):
        super().__init__()
        self.open, self.found = [], []

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        other = tag in self.UNSEEN or not (attrs.get("lang") or "zh").startswith("zh")
        other = other or attrs.get("translate") == "no"
        if not other and not any(self.open_others()):
            self.found += filter(
                None, map(attrs.get, ("alt", "title", "aria-label", "placeholder"))
            )
        if tag not in self.EMPTY:
            self.open.append((tag, other))

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if not any(self.open_others()):
            self.found.append(data)

    def open_others(self):
        return (other for _tag, other in self.open)


def english_left(html, names=()):
    """Runs of two English words and more in a Chinese page; names are excepted.

    A run counts when one of its words is in lower case: names are not.
    """
    reader = _Words()
    reader.feed(html)
    found = []
    for words in reader.found:
        for name in names:
            words = words.replace(name, " · ")
        words = re.sub(r"https?://\S+|[\w./-]+\.\w{2,7}\b", " · ", words)  # addresses, files
        runs = re.findall(r"[A-Za-z][A-Za-z'’-]*(?:[ ,]+[A-Za-z][A-Za-z'’-]*)+", words)
        found += [run for run in runs if re.search(r"\b[a-z]{3,}\b", run)]
    return found


def known_names():
    """Names, titles and citations: they stay in their own language."""
    from minelib import catalog, published

    # a publisher's sheet and remark, slip and all; the words that table `terms` explains
    quoted = {"Regional harshrate in", "(name assumed)", "时指 hash rate", "时指 computing power"}
    quoted.add("写作 hash price")
    names = {"minelib", "SHA-256"} | quoted | set(published.table()["authors"])
    for d in catalog.default().descriptors():
        names |= {d.name, d.licence, d.citation, ", ".join(d.primary_key), *d.primary_key}
        names |= {source[key] for source in d.sources for key in ("title", "publisher")}
    for table, column in (
        ("companies", "name_en"),
        ("pools", "name_en"),
        ("bodies", "name_en"),
        ("machines", "machine"),
    ):
        names |= set(catalog.load(table)[column].dropna())
    return sorted(filter(None, names), key=len, reverse=True)


# texts that a reader of CSV might take for a remark or for two cells
TAKEN = pd.DataFrame({"name": ["a # b", 'c, "d"', None], "share_pct": [10.5, 9.25, None]})
CAPTION = {"en": "Figure 1. A line & its end", "zh": "图 1：一条线与它的终点"}


def picture():
    """The bytes of a small PNG."""
    from matplotlib.figure import Figure

    figure, out = Figure(figsize=(8, 3), dpi=100), io.BytesIO()
    figure.subplots().plot([1, 2], [2, 1])
    figure.savefig(out, format="png")
    return out.getvalue()


def article(lang):
    """A paragraph of the marked article, as notebook 06 shows it."""
    from minelib import claims

    html = claims.annotated("outlook", lang=lang)._repr_html_()
    return {"output_type": "display_data", "data": {"text/html": html}, "metadata": {}}


def executed(name, lang, png, error=False):
    """An executed notebook as papermill leaves it, made by hand."""
    slug = name.split("-", 1)[1]
    image = {
        "output_type": "display_data",
        "data": {
            "image/png": base64.b64encode(png).decode(),
            "text/plain": "alt",
            FIGURE: as_data(catalog.load("country_share"), ["country_share"]),
        },
        "metadata": {"image/png": {"alt": ALT[lang].format(slug), "title": CAPTION[lang]}},
    }
    found = {
        "name": "fall_pct",
        "value": -47.25,
        "unit": "percent",
        "lower": -51.0,
        "upper": -40.0,
        "level": 0.9,
        "meaning": MEANING[lang],
    }
    record = {
        "format": 1,
        "study": slug,
        "parameters": {"start": "2021-05-01"},
        "findings": [found],
        "data": {"halvings": {"version": 1, "sha256": "ab" * 32}},
    }
    finish = {
        "output_type": "execute_result",
        "execution_count": 3,
        "metadata": {},
        "data": {
            MIME: record,
            "text/plain": "…",
            "text/html": "<table><tbody><tr><td>−47.2</td></tr></tbody></table>",
        },
    }
    noise = {"output_type": "stream", "name": "stderr", "text": "KERNEL NOISE"}
    said = {"output_type": "stream", "name": "stdout", "text": SENTENCE[lang] + "\n"}
    failure = {"output_type": "error", "ename": "ValueError", "evalue": "no", "traceback": ["no"]}
    table = {
        "output_type": "execute_result",
        "execution_count": 2,
        "metadata": {},
        "data": {
            "text/html": "<table><tbody><tr><td>1.5</td></tr></tbody></table>",
            "text/plain": "…",
            TABLE: as_data(TAKEN, ["halvings"]),
        },
    }
    cells = [
        _cell(slug, 1, f"# {TITLES[name][lang]}\n\n{LEAD[lang].format('01-boom.ipynb')}"),
        _cell(slug, 2, f'# First day\nstart = "2021-05-01"\nlang = "{lang}"', [], ["parameters"]),
        _cell(slug, 3, f'# Parameters\nlang = "{lang}"', [], ["injected-parameters"]),
        _cell(slug, 4, "plot()", [noise, image, said, article(lang), table]),
        _cell(slug, 5, "study.finish()", [failure if error else finish]),
    ]
    return {
        "cells": cells,
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {
            "kernelspec": {"name": "python3", "display_name": "Python 3"},
            "language_info": {"name": "python"},
            "papermill": {"duration": 1.0},
        },
    }


def _cell(slug, number, source, outputs=None, tags=()):
    cell = {"id": f"{slug}-{number:02d}", "metadata": {"tags": list(tags)}, "source": source}
    if outputs is None:
        return {**cell, "cell_type": "markdown"}
    return {**cell, "cell_type": "code", "execution_count": 1, "outputs": outputs}


def run_by_hand(folder, langs=("en", "zh"), failed=()):
    """A folder as `minelib run` leaves it."""
    png = picture()
    for lang in langs:
        for name in TITLES:
            broken = name in failed
            place = folder if lang == "en" else folder / lang
            place = place / name
            if broken:
                place = folder / "failed" / (name if lang == "en" else f"{name}.{lang}")
            place.mkdir(parents=True)
            notebook = translation.translated(executed(name, lang, png, broken), lang)
            (place / f"{name}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    return folder
