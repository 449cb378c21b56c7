# SPDX-License-Identifier: MIT
"""The lab in the browser: a folder of Pyodide that does not fit, what is packed, and lessons run.

The last test needs Chromium and a Pyodide folder, which `python tools/pyodide_folder.py` puts
together once, in ``build/pyodide``; where it is absent the test is skipped, and that is said.
"""

import functools
import http.server
import json
import re
import socket
import threading
from importlib.metadata import requires
from pathlib import Path
from urllib.parse import quote
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from pages import chromium, needs_browser, run_by_hand, violations

from minelib import words
from minelib.catalog.files import sha256
from minelib.cli import run as command
from minelib.errors import MinelibError
from minelib.lessons import lesson
from minelib.workbench import libraries, site
from minelib.workbench.site import browser_lab
from minelib.workbench.site.browser_lab import BrowserLab

pytest.importorskip("jupyterlite_core", reason="the extra lite is not installed")
PYODIDE = Path(__file__).resolve().parents[1] / "build" / "pyodide"
HELD = {
    "numpy": ("2.0.2", []),
    "pandas": ("3.0.6", ["numpy", "python_dateutil"]),
    "python-dateutil": ("2.9.0", []),
    "matplotlib": ("3.8.4", ["numpy"]),
    "scipy": ("1.14.1", ["numpy", "openblas"]),
    "openblas": ("0.3.26", []),
    "micropip": ("0.10.0", []),
    "ipython": ("8.23.0", ["Pygments"]),
    "pygments": ("2.17.2", []),
    "jedi": ("0.19.1", []),
    "statsmodels": ("0.14.6", ["patsy"]),
    "patsy": ("1.0.1", []),
    "pydantic": ("2.11.0", ["pydantic_core"]),
    "pydantic-core": ("2.33.0", []),
    "never-asked": ("1.0", []),
}
RELEASED = "wanted is a whole release of Pyodide, unpacked"


@pytest.fixture
def release(tmp_path):
    """A folder that looks like a release: list and names are true, the files are not."""
    folder = tmp_path / "a release"
    folder.mkdir()
    for name in ("pyodide.mjs", "pyodide.asm.js", "pyodide.asm.wasm", "python_stdlib.zip"):
        (folder / name).write_text(name)
    packages = {}
    for name, (version, depends) in HELD.items():
        file = folder / f"{name.replace('-', '_')}-{version}.whl"
        file.write_text(name)
        packages[name] = {
            "name": name,
            "version": version,
            "file_name": file.name,
            "sha256": sha256(file.read_bytes()),
            "depends": depends,
        }
    listed = {"info": {"version": "0"}, "packages": packages}
    (folder / "pyodide-lock.json").write_text(json.dumps(listed))
    return folder


def test_a_whole_release_lacks_nothing(release):
    assert BrowserLab(release).lacks == []


@pytest.mark.parametrize(
    ("gone", "lacks"),
    [
        (["pydantic_core-2.33.0.whl"], ["pydantic"]),
        (["patsy-1.0.1.whl"], ["statsmodels"]),
        (["statsmodels-0.14.6.whl", "pydantic-2.11.0.whl"], ["pydantic", "statsmodels"]),
        (["never_asked-1.0.whl"], []),
    ],
)
def test_what_some_notebooks_need_may_lack_and_is_marked(release, gone, lacks):
    for name in gone:
        (release / name).unlink()
    assert BrowserLab(release).lacks == lacks


@pytest.mark.parametrize(
    "file",
    [
        *("pyodide-lock.json", "pyodide.mjs", "pyodide.asm.wasm", "python_stdlib.zip"),
        *("numpy-2.0.2.whl", "openblas-0.3.26.whl", "micropip-0.10.0.whl", "pygments-2.17.2.whl"),
    ],
)
def test_a_file_that_is_missing_is_named(release, file):
    (release / file).unlink()
    with pytest.raises(MinelibError) as refused:
        BrowserLab(release)
    assert str(refused.value) == f"{release / file} is missing: {RELEASED}."


def test_a_library_that_the_list_does_not_know_is_named(release):
    lock = json.loads((release / "pyodide-lock.json").read_text())
    del lock["packages"]["scipy"]
    (release / "pyodide-lock.json").write_text(json.dumps(lock))
    with pytest.raises(MinelibError, match=f"scipy is missing: {RELEASED}"):
        BrowserLab(release)


def test_an_altered_file_is_named_with_both_digests(release):
    file = release / "scipy-1.14.1.whl"
    wanted = sha256(file.read_bytes())
    file.write_text("scipy, a little longer")
    with pytest.raises(MinelibError) as refused:
        BrowserLab(release)
    assert str(file) in str(refused.value)
    assert wanted in str(refused.value) and sha256(file.read_bytes()) in str(refused.value)
    words.use("zh")
    with pytest.raises(MinelibError, match="已被改动"):
        BrowserLab(release)


def test_an_older_release_is_refused_with_what_is_wanted(release):
    lock = json.loads((release / "pyodide-lock.json").read_text())
    lock["packages"]["pandas"]["version"] = "2.2.3"
    (release / "pyodide-lock.json").write_text(json.dumps(lock))
    with pytest.raises(MinelibError, match=r"pandas-3.0.6.whl does not fit: wanted is pandas>=3.0"):
        BrowserLab(release)


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"packages": []}', '{"packages": 3}'])
def test_a_list_that_cannot_be_read_is_named(release, content):
    (release / "pyodide-lock.json").write_text(content)
    with pytest.raises(MinelibError, match="pyodide-lock.json cannot be read: wanted is the list"):
        BrowserLab(release)


def test_the_command_says_it_in_one_line_and_the_older_site_stands(release, tmp_path, capsys):
    folder = run_by_hand(tmp_path / "run")
    (folder / "site").mkdir()
    (folder / "site" / "index.html").write_text("old")
    (release / "pyodide.mjs").unlink()
    assert command(["site", "-o", str(folder), "--lab", str(release), "--lang", "zh"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert str(release / "pyodide.mjs") in line and "Pyodide" in line and "缺少" in line
    assert (folder / "site" / "index.html").read_text() == "old"


def test_without_the_extra_it_says_what_to_install(tmp_path, monkeypatch):
    real = libraries.find_spec
    monkeypatch.setattr(
        libraries, "find_spec", lambda name: None if name == "jupyterlite_core" else real(name)
    )
    with pytest.raises(MinelibError, match=r"jupyterlite_core.*minelib\[lite\]"):
        site.build(run_by_hand(tmp_path), lab=tmp_path)


def test_what_is_packed_requires_what_its_metadata_say():
    here = {"extra": "", "sys_platform": "emscripten", "platform_system": "Emscripten"}
    brought = {"ipykernel", "piplite", "pyodide-kernel"}  # by the kernel, under its own versions
    for name, declared in browser_lab._PARTS["packed"].items():
        if name in brought:
            continue
        every = [Requirement(text) for text in requires(name) or ()]
        asked = {
            canonicalize_name(each.name)
            for each in every
            if each.marker is None or each.marker.evaluate(here)
        }
        assert {*declared} == asked - {"typer"}, name  # the command line's


def test_the_page_lists_what_runs_and_marks_what_does_not(release, tmp_path, monkeypatch):
    def made(_numbers, folder, langs):
        names = [folder / langs[0] / part / "a lesson.ipynb" for part in ("student", "solution")]
        for name in names:
            name.parent.mkdir(parents=True)
            cell = {"cell_type": "markdown", "metadata": {}, "source": f"# {name.parent.name}?"}
            name.write_text(json.dumps({"cells": [cell], "metadata": {}}))
        return names

    monkeypatch.setattr(browser_lab, "make", made)
    (release / "statsmodels-0.14.6.whl").unlink()
    sources = [tmp_path / "src" / lang for lang in ("en", "zh")]
    for folder in sources:
        folder.mkdir(parents=True)
        (folder / "index.md").write_text("# First\n")
    BrowserLab(release).lay_out(sources, tmp_path / "beside")
    english, chinese = ((folder / "lab.md").read_text("utf-8") for folder in sources)
    marked = re.findall(r"<li>([^<]*Does not run here[^<]*)</li>", english)
    assert marked and all("it needs statsmodels, which" in each for each in marked)
    assert marked[0].startswith("What did the crackdown")
    assert 'path=en/a%20lesson.ipynb">student?</a>' in english and "solution" not in english
    assert re.search(r'path=zh/01-boom.ipynb">中国何以', chinese)
    assert re.search(r"<li>[^<]*？ 这里不能运行：它需要 statsmodels，", chinese)
    assert "[浏览器里的实验室](lab.md)" in (sources[1] / "index.md").read_text("utf-8")
    laid = {path.name for path in (tmp_path / "beside" / "files" / "zh").iterdir()}
    assert {"start.ipynb", "01-boom.ipynb", "a lesson.ipynb"} <= laid
    assert "02-crackdown.ipynb" not in laid
    start = json.loads((tmp_path / "beside" / "files" / "zh" / "start.ipynb").read_text("utf-8"))
    assert start["metadata"]["kernelspec"]["name"] == "python"
    assert 'lang = "zh"' in "".join(start["cells"][1]["source"])
    assert "# 第一幅图" in "".join(start["cells"][0]["source"])


def test_a_wheel_of_ours_is_whole_and_names_no_folder_of_this_machine(release, tmp_path):
    (release / "pydantic-2.11.0.whl").unlink()
    found = BrowserLab(release)
    entry = found._packed("minelib", tmp_path)
    assert sorted(entry["imports"]) == ["minelib", "pydantic"]
    assert "statsmodels" in entry["depends"] and "pydantic" not in entry["depends"]
    with ZipFile(tmp_path / entry["file_name"]) as wheel:
        inside = wheel.namelist()
        assert len(inside) == len(set(inside))
        for name in (
            "minelib/__init__.py",
            "minelib/_data/geography/country_share.csv",
            "minelib/_notebooks/lessons/lesson-1-noise.ipynb",
            "minelib/locale/zh/LC_MESSAGES/minelib.po",
            "minelib/style/minelib.mplstyle",
        ):
            assert name in inside
        assert not [name for name in inside if "__pycache__" in name or name.startswith(("/", "."))]
        told = [wheel.read(name) for name in inside if ".dist-info/" in name]
        assert not [
            text for text in told if str(Path(browser_lab.__file__).parents[3]).encode() in text
        ]
        stub = wheel.read("pydantic.py").decode()
    words.use("zh")
    with pytest.raises(ModuleNotFoundError, match="^这里需要 pydantic"):
        exec(stub, {})


def test_a_table_of_bytes_is_sent_to_no_kernel():
    """A kernel in a browser takes pictures as text only."""
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.utils.capture import capture_output
    from matplotlib.figure import Figure

    import minelib as ml

    InteractiveShell.instance()
    axes = Figure().subplots()
    axes.plot([1, 2], [3, 4])
    with capture_output() as shown:
        ml.finish(axes)._ipython_display_()
    assert shown.outputs[0].data["image/png"].startswith("iVBOR")


# ---- in the browser ------------------------------------------------------------------------

DONE = """() => {
    const light = document.querySelector('.jp-Notebook-ExecutionIndicator')
    const prompts = [...document.querySelectorAll('.jp-InputPrompt')].map(each => each.textContent)
    return light && light.dataset.status == 'idle' && prompts.some(text => /\\d/.test(text)) &&
        !prompts.some(text => text.includes('*'))
}"""
# which matplotlib says once, in a browser that has not drawn before
FONTS = "Matplotlib is building the font cache; this may take a moment."
NUMBER = {"en": "lesson-{}", "zh": "第{}课"}
TITLE = {"en": "The lab in the browser", "zh": "浏览器里的实验室"}
PLACE = {"en": "United States", "zh": "美国"}
PASSED = {"en": "public checks passed", "zh": "公开检查"}


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """Address of a site with a lab; lessons 1 and 2 are filled in."""
    if not (PYODIDE / "pyodide-lock.json").is_file():
        pytest.skip("no Pyodide folder: python tools/pyodide_folder.py puts one together")
    folder = run_by_hand(tmp_path_factory.mktemp("run"))
    built = site.build(folder, lab=PYODIDE).parent
    for lang, name in NUMBER.items():
        for number in ("1", "2"):
            path = built / "lab" / "files" / lang / f"{name.format(number)}.ipynb"
            path.write_text(json.dumps(filled(json.loads(path.read_text("utf-8")), number)))
    (built / "favicon.ico").touch()  # a browser asks for it on its own
    quiet = type("Quiet", (http.server.SimpleHTTPRequestHandler,), {"log_message": lambda *_: None})
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(quiet, directory=built)
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def filled(notebook, number):
    """A student's notebook with an id and the right answers, as somebody would type them."""
    tasks = iter(lesson(number).exercises.values())
    for cell in notebook["cells"]:
        tags = cell["metadata"].get("tags", [])
        if "otter_answer_cell" in tags:
            cell["source"] = next(tasks).solution.strip()
        elif "parameters" in tags:
            cell["source"] = re.sub('student = ""', 'student = "s01"', "".join(cell["source"]))
    return notebook


@pytest.fixture
def outside():
    """A proxy for everything that is not this machine: its port, and what was asked of it."""
    asked = []
    listening = socket.create_server(("127.0.0.1", 0))

    def listen():
        while True:
            try:
                connection, _from = listening.accept()
            except OSError:
                return
            asked.append(connection.recv(200).split(b"\r\n")[0])
            connection.close()

    threading.Thread(target=listen, daemon=True).start()
    yield listening.getsockname()[1], asked
    listening.close()


def run_all(page, address):
    """Open a notebook, run all its cells, wait until they have run, and give what they show."""
    page.goto(address)
    page.wait_for_selector(".jp-Notebook .jp-CodeCell", timeout=600_000)
    page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status=idle]", timeout=600_000)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name=re.compile(r"^Run All Cells$")).click()
    page.wait_for_function(DONE, timeout=600_000)
    failed = "[data-mime-type*='jupyter.error'], [data-mime-type*='stderr']"
    notebook = page.locator(".jp-Notebook")
    assert {text.strip() for text in notebook.locator(failed).all_inner_texts()} <= {FONTS}
    return notebook


@pytest.mark.parametrize("lang", ["en", "zh"])
class TestInTheBrowser:
    pytestmark = needs_browser

    def test_the_page_of_the_lab_lists_it_and_is_accessible(self, served, lang):
        with chromium() as page:
            page.goto(f"{served}/{lang}/index.html")
            page.get_by_role("link", name=TITLE[lang]).last.click()
            page.locator("h1:visible", has_text=TITLE[lang]).wait_for()
            assert page.locator(".bd-article li a").count() == 10, "a notebook and nine lessons"
            marked = page.locator(".bd-article li", has_text="pydantic")
            assert marked.count() == 11 and "statsmodels" in marked.nth(2).inner_text()
            assert violations(page) + page.wrong == []

    @pytest.mark.parametrize("name", ["start", "1", "2"])
    def test_it_runs_and_nothing_leaves_the_site(self, served, outside, lang, name, tmp_path):
        file = NUMBER[lang].format(name) if name.isdigit() else name
        port, asked = outside
        proxy = {"server": f"http://127.0.0.1:{port}", "bypass": "127.0.0.1"}
        # JupyterLab draws only the cells in sight: all of them
        with chromium(viewport={"width": 1300, "height": 15_000}, proxy=proxy) as page:
            path = quote(f"{lang}/{file}.ipynb")
            notebook = run_all(page, f"{served}/lab/lab/index.html?path={path}")
            page.screenshot(path=tmp_path / "lab.png")
            if name == "start":
                (picture,) = notebook.locator(".jp-OutputArea-output img").all()
                wide = picture.evaluate("each => each.complete && each.naturalWidth")
                assert wide > 500, "a figure was drawn"
                assert PLACE[lang] in "".join(notebook.locator("table").all_inner_texts())
            else:
                said = notebook.locator(".jp-OutputArea-output").all_inner_texts()
                count = len(lesson(name).exercises)
                assert sum("✓" in each for each in said) == count
                assert sum(PASSED[lang] in each for each in said) == count
            assert page.wrong == [] and asked == []
