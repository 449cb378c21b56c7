# SPDX-License-Identifier: MIT
"""JupyterLab and the explorer as a student meets them, in a real browser."""

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request

from pages import chromium, needs_browser, violations

from minelib.workbench import lab

pytestmark = needs_browser


@contextlib.contextmanager
def served(tmp_path, code, pattern):
    """A process that serves; yields the address it says."""
    environment = {
        **os.environ,
        "JUPYTER_CONFIG_DIR": str(tmp_path / "config"),
        "JUPYTER_DATA_DIR": str(tmp_path / "data"),
        "JUPYTER_RUNTIME_DIR": str(tmp_path / "runtime"),
        "IPYTHONDIR": str(tmp_path / "ipython"),
        "PYTHONUNBUFFERED": "1",
    }
    log = tmp_path / "server.log"
    with log.open("w") as out:
        server = subprocess.Popen(
            [sys.executable, "-c", code],
            stdout=out,
            stderr=subprocess.STDOUT,
            env=environment,
            start_new_session=True,
        )
        try:
            end = time.monotonic() + 300
            while not (found := re.search(pattern, log.read_text())):
                assert server.poll() is None and time.monotonic() < end, log.read_text()[-3000:]
                time.sleep(0.2)
            yield found[0]
        finally:
            os.killpg(server.pid, signal.SIGTERM)
            try:
                server.wait(15)
            except subprocess.TimeoutExpired:
                os.killpg(server.pid, signal.SIGKILL)


def run_all(page):
    """Run every cell from the menu and wait until none is running or waiting."""
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name=re.compile(r"^Run All Cells$")).click()
    page.wait_for_timeout(1000)
    page.wait_for_function(
        "() => ![...document.querySelectorAll('.jp-InputPrompt')]"
        ".some(e => e.textContent.includes('*'))",
        timeout=300_000,
    )
    page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status=idle]", timeout=300_000)


def test_a_student_opens_runs_changes_and_runs_again(tmp_path):
    folder = tmp_path / "课堂 notebooks"
    port = lab.free_port(18_888)
    code = (
        f"from minelib.workbench.lab import open_lab; "
        f"raise SystemExit(open_lab({str(folder)!r}, 'zh', {port}, browser=False))"
    )
    pattern = r"http://127\.0\.0\.1:\d+/lab\S*token=\w+"
    with (
        served(tmp_path, code, pattern) as address,
        chromium(viewport={"width": 1400, "height": 1000}) as page,
    ):
        token = address.split("token=")[1]
        page.goto(f"http://127.0.0.1:{port}/lab/tree/01-boom.ipynb?token={token}")
        page.wait_for_selector(".jp-Notebook .jp-CodeCell", timeout=300_000)
        page.screenshot(path=tmp_path / "lab.png")
        page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status=idle]", timeout=300_000)
        page.get_by_role("heading", name="中国何以挖出了世界上大部分的比特币").first.wait_for()
        run_all(page)
        page.screenshot(path=tmp_path / "lab-run.png")
        assert page.locator(".jp-Notebook [data-mime-type*=stderr]").count() == 0
        page.evaluate("document.querySelector('.jp-WindowedPanel-outer').scrollTop = 0")
        cell = page.locator(".jp-Notebook .jp-CodeCell .cm-content", has_text="top_n_provinces")
        cell = cell.first
        cell.wait_for()
        text = cell.inner_text()
        assert 'start = "2013-01-01"' in text and 'lang = "zh"' in text
        cell.click()
        page.keyboard.press("Control+A")
        page.keyboard.insert_text(text.replace("2013-01-01", "2017-01-01"))
        page.keyboard.press("Control+S")
        run_all(page)
        assert page.locator(".jp-Notebook [data-mime-type*=stderr]").count() == 0
        page.keyboard.press("Escape")
        page.keyboard.press("Control+S")
        path = folder / "01-boom.ipynb"
        end = time.monotonic() + 300
        # the first save holds the change, and perhaps not what came of it yet; a save that is
        # being written is no notebook yet
        while time.monotonic() < end:
            saved = path.read_text(encoding="utf-8")
            with contextlib.suppress(ValueError):
                if all(s in saved for s in ("2017-01-01", "image/png")) and json.loads(saved):
                    break
            time.sleep(0.2)
        assert not [w for w in page.wrong if " asks " in w]
        assert page.get_by_text("Jupyter news").count() == 0, "it does not offer to fetch any"
    cells = json.loads(saved)["cells"]
    assert any("2017-01-01" in "".join(cell["source"]) for cell in cells)
    kinds = {output["output_type"] for cell in cells for output in cell.get("outputs", ())}
    assert kinds and "error" not in kinds
    # JupyterLab draws only the cells in view, so the figures are looked for in what it saved
    assert any("image/png" in o.get("data", {}) for c in cells for o in c.get("outputs", ()))


def test_the_explorers_controls_change_the_figure(tmp_path):
    port = lab.free_port(18_866)
    code = (
        f"from minelib.workbench.lab import open_explorer; raise SystemExit(open_explorer("
        f"'en', {port}, browser=False, folder={str(tmp_path / 'work')!r}))"
    )
    with (
        served(tmp_path, code, r"http://127\.0\.0\.1:\d+/") as address,
        chromium(viewport={"width": 1200, "height": 1400}) as page,
    ):
        end = time.monotonic() + 300
        while time.monotonic() < end:
            with contextlib.suppress(OSError):
                urllib.request.urlopen(address, timeout=60).read(1)
                break
            time.sleep(0.3)
        page.goto(address, timeout=300_000)
        picture = page.locator("img.minelib-explorer")
        picture.wait_for(timeout=300_000)
        before = picture.get_attribute("src")
        assert "World" in picture.get_attribute("alt")
        page.locator("select").first.select_option(label="Kazakhstan")
        page.wait_for_function(
            "() => document.querySelector('img.minelib-explorer').alt.includes('Kazakhstan')",
            timeout=300_000,
        )
        assert picture.get_attribute("src") != before
        # figure and tables are drawn one after the other, so the table may still be the last one
        page.locator(".minelib-table").first.filter(has_text="Kazakhstan").wait_for(timeout=300_000)
        after = picture.get_attribute("src")
        handle = page.locator(".noUi-handle").first.bounding_box()
        middle = handle["y"] + handle["height"] / 2
        page.mouse.move(handle["x"] + handle["width"] / 2, middle)
        page.mouse.down()
        page.mouse.move(handle["x"] + 60, middle, steps=5)
        page.mouse.up()
        page.wait_for_function(
            "src => document.querySelector('img.minelib-explorer').src !== src",
            arg=after,
            timeout=300_000,
        )
        font = "document.fonts.load('16px \"Minelib Sans SC\"', '算').then(found => found.length)"
        assert page.evaluate(font) == 1, "the bundled font is served"
        assert page.wrong + violations(page) == []
        page.screenshot(path=tmp_path / "explorer.png", full_page=True)
