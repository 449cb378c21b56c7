# SPDX-License-Identifier: MIT
"""What the tests of the pages share: a small run without a kernel, and a browser."""

import base64
import contextlib
import io
import json
import shutil
from pathlib import Path

import pytest

from minelib import prose
from minelib.studies.findings import MIME

CHROMIUM = next((found for name in ("chromium", "chromium-browser", "google-chrome")
                 if (found := shutil.which(name))), None)  # fmt: skip
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
needs_browser = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here (Debian package chromium)"),
]
AXE = Path(__file__).parent / "vendor" / "axe-core" / "axe.min.js"
TITLES = {
    "00-overview": "Where did the machines go?",
    "01-boom": "How did it begin?",
    "02-crackdown": "What was lost?",
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
        page.on("console", lambda m: page.wrong.append(f"{page.url}: {m.type}: {m.text}")
                if m.type == "error" else None)  # fmt: skip
        page.on("pageerror", lambda error: page.wrong.append(f"{page.url}: {error}"))
        page.on("requestfailed", lambda r: page.wrong.append(f"{page.url}: failed {r.url}"))
        page.on("request", lambda r: page.wrong.append(f"{page.url}: asks {r.url}")
                if not r.url.startswith(("file:", "data:", "blob:", "http://127.0.0.1", "http://localhost"))
                else None)  # fmt: skip
        try:
            yield page
        finally:
            browser.close()


def violations(page):
    """Serious and critical findings of axe-core on the page, one line each."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("() => axe.run(document, {resultTypes: ['violations'], preload: false})")[
        "violations"
    ]
    return [
        f"{page.url}: {each['id']}: {each['help']} ({each['nodes'][0]['html'][:160]})"
        for each in found
        if each["impact"] in ("serious", "critical")
    ]


def picture():
    """The bytes of a small PNG."""
    from matplotlib.figure import Figure

    figure, out = Figure(figsize=(8, 3), dpi=100), io.BytesIO()
    figure.subplots().plot([1, 2], [2, 1])
    figure.savefig(out, format="png")
    return out.getvalue()


def executed(name, lang, png, error=False):
    """An executed notebook as papermill leaves it, made by hand."""
    slug = name.split("-", 1)[1]
    image = {
        "output_type": "display_data",
        "data": {"image/png": base64.b64encode(png).decode(), "text/plain": "alt"},
        "metadata": {"image/png": {"alt": f"Line from 2 down to 1 & <{slug}>"}},
    }
    found = {
        "name": "fall_pct", "value": -47.25, "unit": "percent", "lower": -51.0, "upper": -40.0,
        "level": 0.9, "meaning": "Fall of the hash rate",
    }  # fmt: skip
    record = {
        "format": 1, "study": slug, "parameters": {"start": "2021-05-01"}, "findings": [found],
        "data": {"halvings": {"version": 1, "sha256": "ab" * 32}},
    }  # fmt: skip
    finish = {
        "output_type": "execute_result", "execution_count": 3, "metadata": {},
        "data": {MIME: record, "text/plain": "…",
                 "text/html": "<table><tbody><tr><td>−47.2</td></tr></tbody></table>"},
    }  # fmt: skip
    noise = {"output_type": "stream", "name": "stderr", "text": "KERNEL NOISE"}
    failure = {"output_type": "error", "ename": "ValueError", "evalue": "no", "traceback": ["no"]}
    cells = [
        _cell(slug, 1, f"# {TITLES[name]}\n\nOne **paragraph** with [a link](01-boom.ipynb)."),
        _cell(slug, 2, f'# First day\nstart = "2021-05-01"\nlang = "{lang}"', [], ["parameters"]),
        _cell(slug, 3, "plot()", [noise, image]),
        _cell(slug, 4, "study.finish()", [failure if error else finish]),
    ]
    return {
        "cells": cells, "nbformat": 4, "nbformat_minor": 5,
        "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3"},
                     "language_info": {"name": "python"}, "papermill": {"duration": 1.0}},
    }  # fmt: skip


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
            notebook = prose.translated(executed(name, lang, png, broken), lang)
            (place / f"{name}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    return folder
