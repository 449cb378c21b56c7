# SPDX-License-Identifier: MIT
"""A tour of two minutes as an animated picture, made from the real JupyterLab.

    python tools/tour.py            # docs/tour.webp and docs/tour.zh.webp

Opens a working copy of the notebooks as ``minelib lab`` does, runs the overview, changes a
parameter, draws a figure of a reader's own, and writes what is seen, with a line under each
picture that says what is being done. Needs Debian's chromium; refuses a file over three megabytes.
"""

from __future__ import annotations

import argparse
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
FONT = ROOT / "minelib" / "style" / "fonts" / "MinelibSansSC-Regular.otf"
# Chinese on a computer that has no font for it
FONTS = (
    f"<fontconfig><include>/etc/fonts/fonts.conf</include><dir>{FONT.parent}</dir></fontconfig>\n"
)
SIZE, BAR = (1100, 720), 56
WHOLE_S, MOST = 120, 3 * 2**20
LANGUAGES = ("en", "zh")
SAYS = {
    "open": (
        "JupyterLab on a working copy of the notebooks: minelib lab. No network is used.",
        "在笔记本的副本上打开 JupyterLab：minelib lab。不使用网络。",
    ),
    "parameters": (
        "The second cell holds the parameters, each with what it means.",
        "第二个单元格是参数，每个都写明含义。",
    ),
    "run": ("Run all cells.", "运行全部单元格。"),
    "figure": (
        "A figure is a few lines of pandas and seaborn; its sources stand under it.",
        "一张图就是几行 pandas 和 seaborn，来源写在图下。",
    ),
    "crackdown": (
        "What the chain recorded, and what was to be expected.",
        "区块链的记录，以及本该看到的。",
    ),
    "move": ("Where the hash rate went.", "算力去了哪里。"),
    "trial": (
        "The article on trial: every statement has a verdict.",
        "文章逐条受审：每个说法都有判断。",
    ),
    "change": (
        "Change a parameter: the long figures begin in 2019.",
        "改一个参数：长图从 2019 年开始。",
    ),
    "again": ("Run again: the figure has changed.", "再运行一次：图变了。"),
    "own": ("A figure of your own, in a new cell.", "在新单元格里画自己的图。"),
    "drawn": (
        "Labels, dates, policy days, source and language come by themselves.",
        "标签、日期、政策日、来源和语言都自动就位。",
    ),
    "describe": (
        "Every table says what it means and what it rests on.",
        "每张表都说明含义和依据。",
    ),
    "steps": (
        "Steps of the hash rate, from the times of the blocks alone, with intervals.",
        "仅凭区块时间找出的算力台阶，都带区间。",
    ),
    "verify": (
        "The data prove themselves. Now it is your turn: minelib lab",
        "数据可以自证。轮到你了：minelib lab",
    ),
}
OWN = {
    "own": "mine = ml.load(\"country_share\").query(\"place in ['china', 'usa', 'kazakhstan']\")\n"
    'ax = sns.lineplot(mine, x="month", y="share_pct", hue="place")\n'
    'ml.finish(ax, "country_share", events=True)',
    "describe": 'ml.describe("country_share")',
    "steps": 'ml.show(ml.chain.steps("2021-04-01", "2021-09-30"), "blocks")',
    "verify": "print(ml.verify())",
}


@contextmanager
def lab(lang: str, folder: Path) -> Iterator[str]:
    """The address of a JupyterLab of its own on a copy of the notebooks."""
    own = {name: str(folder / name.lower()) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR")}
    environment = {**os.environ, **own, "PYTHONUNBUFFERED": "1"}
    log = folder / "log"
    command = [sys.executable, "-m", "minelib.cli", "lab", "--lang", lang, "--no-browser"]
    with log.open("w", encoding="utf-8") as out:
        server = subprocess.Popen(
            [*command, "--folder", str(folder / "notebooks")],
            stdout=out,
            stderr=subprocess.STDOUT,
            env=environment,
            cwd=ROOT,
            start_new_session=True,
        )
    try:
        end = time.monotonic() + 600
        pattern = r"(http://127\.0\.0\.1:\d+/lab)\S*token=(\w+)"
        while not (found := re.search(pattern, log.read_text(encoding="utf-8"))):
            if server.poll() is not None or time.monotonic() > end:
                raise RuntimeError(log.read_text(encoding="utf-8")[-2000:])
            time.sleep(0.3)
        yield f"{found[1]}/tree/00-overview.ipynb?token={found[2]}"
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(60)


class Tour:
    """The pictures taken so far, with their lines."""

    def __init__(self, page: Page, lang: str) -> None:
        self.page, self.which = page, LANGUAGES.index(lang)
        self.pictures: list[Image.Image] = []
        self.font = ImageFont.truetype(str(FONT), 22)

    def take(self, name: str) -> None:
        """A picture of the page, with the line of this name under it."""
        self.page.wait_for_timeout(700)
        seen = Image.open(BytesIO(self.page.screenshot())).convert("RGB")
        whole = Image.new("RGB", (SIZE[0], SIZE[1] + BAR), "#1d2129")
        whole.paste(seen, (0, 0))
        number = f"{len(self.pictures) + 1}/{len(SAYS)}"
        draw = ImageDraw.Draw(whole)
        draw.text((20, SIZE[1] + 14), SAYS[name][self.which], font=self.font, fill="#ffffff")
        draw.text((SIZE[0] - 70, SIZE[1] + 14), number, font=self.font, fill="#a9afb9")
        self.pictures.append(whole)

    def idle(self) -> None:
        """Wait until no cell runs or waits."""
        self.page.wait_for_timeout(1500)
        self.page.wait_for_function(
            "() => ![...document.querySelectorAll('.jp-InputPrompt')]"
            ".some(e => e.textContent.includes('*'))",
            timeout=600_000,
        )
        self.page.wait_for_selector(
            ".jp-Notebook-ExecutionIndicator[data-status=idle]", timeout=600_000
        )

    def run_all(self) -> None:
        """Run every cell from the menu."""
        self.page.get_by_role("menuitem", name="Run", exact=True).click()
        self.page.get_by_role("menuitem", name=re.compile("^Run All Cells$")).click()
        self.idle()

    def scroll(self, to: float) -> None:
        """Bring a height of the notebook into view, in pixels, and let what is there be drawn."""
        code = "to => document.querySelector('.jp-WindowedPanel-outer').scrollTop = to"
        self.page.evaluate(code, to)
        self.page.wait_for_timeout(900)

    def find(self, text: str) -> None:
        """Scroll from the top until a cell or a title with this text is seen."""
        for step in range(200):
            self.scroll(step * 350)
            seen = self.page.locator(".jp-Cell", has_text=text)
            if seen.count():
                seen.first.evaluate("e => e.scrollIntoView({block: 'start'})")
                self.page.wait_for_timeout(900)
                return
        raise RuntimeError(f"{text!r} is nowhere in the notebook")

    def append(self, code: str) -> None:
        """Write a new last cell."""
        self.page.keyboard.press("Escape")
        self.page.evaluate("document.querySelector('.jp-WindowedPanel-outer').scrollTop = 1e7")
        self.page.wait_for_timeout(900)
        self.page.locator(".jp-Notebook .jp-Cell").last.click()
        self.page.keyboard.press("Escape")
        self.page.keyboard.press("b")
        self.page.keyboard.press("Enter")
        self.page.keyboard.insert_text(code)

    def execute(self) -> None:
        """Run the cell and show it with what came of it."""
        self.page.keyboard.press("Control+Enter")
        self.idle()
        self.page.wait_for_timeout(1500)
        cell = self.page.locator(".jp-Notebook .jp-CodeCell").last
        cell.evaluate("e => e.scrollIntoView({block: 'end'})")


def walk(page: Page, lang: str) -> list[Image.Image]:
    """Do what the lines say, and take a picture of each."""
    tour = Tour(page, lang)
    page.wait_for_selector(".jp-Notebook .jp-CodeCell", timeout=600_000)
    page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status=idle]", timeout=600_000)
    tour.take("open")
    tour.find("price_usd_kwh =")
    tour.take("parameters")
    tour.run_all()
    tour.take("run")
    for name, text in (
        ("figure", "sns.lineplot(boom"),
        ("crackdown", "half_year.plot("),
        ("move", '"country_share"'),
        ("trial", '"claims"'),
    ):
        tour.find(text)
        tour.take(name)
    tour.find("price_usd_kwh =")
    cell = page.locator(".jp-Notebook .jp-CodeCell .cm-content", has_text="price_usd_kwh").first
    text = cell.inner_text()
    cell.click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(text.replace("2013-01-01", "2019-01-01"))
    tour.take("change")
    tour.run_all()
    tour.find("sns.lineplot(boom")
    tour.take("again")
    for name, code in OWN.items():
        tour.append(code)
        if name == "own":
            tour.take("own")
        tour.execute()
        tour.take("drawn" if name == "own" else name)
    return tour.pictures


def save(pictures: list[Image.Image], path: Path) -> int:
    """Write the pictures as one that moves; return its size in bytes."""
    each = round(1000 * WHOLE_S / len(pictures))
    for quality in (70, 55, 40):
        pictures[0].save(
            path,
            save_all=True,
            append_images=pictures[1:],
            duration=each,
            loop=0,
            quality=quality,
            method=4,
        )
        if path.stat().st_size <= MOST:
            break
    else:
        raise RuntimeError(f"{path.name} is larger than three megabytes")
    return path.stat().st_size


def main(argv: list[str] | None = None) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("-o", "--output", type=Path, default=ROOT / "docs")
    parser.add_argument("--lang", choices=LANGUAGES, action="append")
    asked = parser.parse_args(argv)
    for lang in asked.lang or LANGUAGES:
        with (
            tempfile.TemporaryDirectory() as place,
            lab(lang, Path(place)) as address,
            sync_playwright() as play,
        ):
            fonts = Path(place) / "fonts.conf"
            fonts.write_text(FONTS, encoding="utf-8")
            browser = play.chromium.launch(
                executable_path="/usr/bin/chromium",
                args=["--no-sandbox"],
                env={**os.environ, "FONTCONFIG_FILE": str(fonts)},
            )
            page = browser.new_page(viewport={"width": SIZE[0], "height": SIZE[1]})
            page.goto(address, timeout=600_000)
            pictures = walk(page, lang)
            browser.close()
        path = asked.output / f"tour{'' if lang == 'en' else f'.{lang}'}.webp"
        print(f"{path}: {len(pictures)} pictures, {save(pictures, path) / 2**20:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
