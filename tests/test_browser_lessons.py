# SPDX-License-Identifier: MIT
"""A lesson as a student works through it in JupyterLab, key by key, in a real browser.

On a CI machine (CI=true) one lesson in Chinese; with MINELIB_ALL_LESSONS=1 every lesson in both
languages (some minutes).
"""

import json
import os

import pytest
from pages import chromium, needs_browser
from test_browser_lab import served

from minelib.lessons import lesson, lesson_numbers
from minelib.words import LANGUAGES, gettext
from minelib.workbench import lab, lessons as making

pytestmark = [
    *needs_browser,
    pytest.mark.skipif(
        not (os.environ.get("CI") or os.environ.get("MINELIB_ALL_LESSONS")),
        reason="a lesson by keyboard takes half a minute: set CI=true or MINELIB_ALL_LESSONS=1",
    ),
]

ALL = [(n, lang) for lang in LANGUAGES for n in lesson_numbers()]
CHOSEN = ALL if os.environ.get("MINELIB_ALL_LESSONS") else [("2", "zh")]
IDLE = """() => {
    const light = document.querySelector('.jp-Notebook-ExecutionIndicator')
    const prompts = [...document.querySelectorAll('.jp-InputPrompt')]
    return light && light.dataset.status == 'idle' &&
        !prompts.some(e => e.textContent.includes('*'))
}"""


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    """Address and folder of a JupyterLab with a student's lessons, and a page in a browser."""
    pytest.importorskip("otter", reason="the extra workbench is not installed")
    folder = tmp_path_factory.mktemp("room")
    made = folder / "made"
    making.make(sorted({n for n, _lang in CHOSEN}), made, ["张 三"], {lang for _n, lang in CHOSEN})
    port = lab.free_port(18_950)
    code = (
        "import sys; from jupyterlab.labapp import main; sys.argv = ['lab', '--no-browser', "
        f"'--allow-root', '--ServerApp.root_dir={made}', '--port={port}']; raise SystemExit(main())"
    )
    (folder / "server").mkdir()
    pattern = r"http://127\.0\.0\.1:\d+/lab\S*token=\w+"
    with (
        served(folder / "server", code, pattern) as address,
        chromium(viewport={"width": 1400, "height": 1000}) as page,
    ):
        yield address.split("/lab")[0], address.split("token=")[1], made, page


def fill(page, notebook, number):
    """Go from cell to cell with the keyboard; write the answers; run each cell."""
    tasks = iter(lesson(number).exercises.values())
    for cell in notebook["cells"]:
        if "otter_answer_cell" in cell["metadata"].get("tags", []):
            page.keyboard.press("Enter")
            page.wait_for_timeout(150)
            page.keyboard.press("Control+A")
            page.keyboard.insert_text(next(tasks).solution.strip())
            page.wait_for_timeout(100)
        page.keyboard.press("Shift+Enter")
        page.wait_for_timeout(120)
    page.wait_for_timeout(500)
    page.wait_for_function(IDLE, timeout=300_000)


@pytest.mark.parametrize(("number", "lang"), CHOSEN)
def test_a_student_works_through_a_lesson(room, number, lang):
    address, token, made, page = room
    path = made / lang / "张 三" / making.file_name(number, lang, "张 三")
    notebook = json.loads(path.read_text(encoding="utf-8"))
    page.goto(f"{address}/lab/tree/{path.relative_to(made).as_posix()}?token={token}&reset")
    page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=300_000)
    page.wait_for_function(IDLE, timeout=300_000)
    page.wait_for_timeout(5_000)  # JupyterLab passes over keys until its kernel is connected
    page.locator(".jp-Notebook .jp-Cell").first.click()
    page.keyboard.press("Escape")
    fill(page, notebook, number)
    page.wait_for_timeout(1_500)
    page.keyboard.press("Control+S")
    page.wait_for_timeout(2_500)
    done = json.loads(path.read_text(encoding="utf-8"))
    outputs = [o for c in done["cells"] if c["cell_type"] == "code" for o in c["outputs"]]
    assert [o for o in outputs if o["output_type"] == "error" or o.get("name") == "stderr"] == []
    shown = ["".join(o.get("data", {}).get("text/html", "")) for o in outputs]
    assert sum("✓" in text for text in shown) == len(lesson(number).exercises)
    words = "公开检查" if lang == "zh" else "public checks passed"
    assert sum(words in text for text in shown) == len(lesson(number).exercises)
    whose = gettext("The numbers of {student}", lang).format(student="张 三")
    assert whose in "".join(shown)
