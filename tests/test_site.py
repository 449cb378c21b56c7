# SPDX-License-Identifier: MIT
"""The site: built from a run made by hand, read as files and in a real browser."""

import dataclasses
import errno
import io
import json
import os
import pkgutil
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pandas as pd
import pytest
from pages import (
    SENTENCE,
    TAKEN,
    chromium,
    english_left,
    known_names,
    needs_browser,
    picture,
    run_by_hand,
    violations,
)
from PIL import Image
from texts import misread, said_on

import minelib
from minelib.cli import run as command
from minelib.display.table import as_data
from minelib.errors import MinelibError
from minelib.workbench import libraries, site
from minelib.workbench.runs.folders import WriteFailed
from minelib.workbench.runs.pages import build_if_changed
from minelib.workbench.site import record, static
from minelib.workbench.site.outputs import read_outputs
from minelib.workbench.site.reference import CHAPTERS

TABS = {"en": ["Figure", "Data", "Code", "Cite"], "zh": ["图", "数据", "代码", "引用"]}
CHINA = {"en": "China", "zh": "中国"}
PAGES = [
    "index.html",
    "en/index.html",
    "en/notebooks/01-boom.html",
    "en/claims.html",
    "en/data/index.html",
    "en/data/pools.html",
    "en/run.html",
    "zh/notebooks/02-crackdown.html",
    "zh/published.html",
    "zh/index.html",
    "zh/gallery.html",
    "zh/search.html",
    "api/index.html",
    "api/chain.html",
    "api/workbench.html",
]


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = run_by_hand(tmp_path_factory.mktemp("run with space 网页"), failed=["02-crackdown"])
    said = []
    index = site.build(folder, progress=said.append)
    assert said
    return index.parent


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.links, self.loaded, self.ids, self.images = [], [], set(), []

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.ids |= {attrs[key] for key in ("id", "name") if attrs.get(key)}
        if tag == "a" and attrs.get("href"):
            self.links.append(attrs["href"])
        if tag in ("script", "img", "iframe", "source") and attrs.get("src"):
            self.loaded.append(attrs["src"])
        if tag == "link" and attrs.get("rel") != "canonical":
            self.loaded.append(attrs["href"])
        if tag == "img":
            self.images.append(attrs)


def read(path):
    reader = _Reader()
    reader.feed(path.read_text(encoding="utf-8"))
    return reader


def test_the_pages_are_there(built):
    for page in PAGES:
        assert (built / page).is_file(), page


def test_every_internal_link_leads_somewhere(built):
    read_pages = {path: read(path) for path in built.rglob("*.html") if "_static" not in path.parts}
    assert len(read_pages) > 30
    for path, page in read_pages.items():
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme or not (parts.path or parts.fragment):
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            assert target.is_file(), f"{path.relative_to(built)} -> {link}"
            if parts.fragment and target in read_pages:
                assert unquote(parts.fragment) in read_pages[target].ids, f"{path} -> {link}"


def test_nothing_is_loaded_from_elsewhere(built):
    for path in built.rglob("*.html"):
        for address in read(path).loaded:
            assert not urlsplit(address).scheme and not address.startswith("//"), (path, address)
    for path in built.rglob("*.css"):
        found = re.findall(r"(?:url\(|@import)\s*['\"]?(https?:|//)", path.read_text("utf-8"))
        assert not found, path


def test_what_pages_share_lies_once_and_no_more_of_it_than_they_use(built):
    own = {p.name for lang in ("en", "zh", "api") for p in (built / lang / "_static").iterdir()}
    assert own == {"language_data.js", "translations.js", "figures", "tables"}
    assert not [p for p in built.rglob("*") if p.suffix == ".map" or "fontawesome" in p.name]
    for path in built.rglob("*.html"):
        for address in filter(None, (urlsplit(each).path for each in read(path).loaded)):
            target = (path.parent / unquote(address)).resolve()
            assert target.is_file(), (path.relative_to(built), address)
    css = (built / "_static/pages.css").read_text(encoding="utf-8")
    assert "@import" not in css and ".highlight" in css and "minelib-ledger" in css
    assert ".bd-sidebar-primary" in css and ".btn-outline-warning" not in css and "@media" in css
    assert sum(p.stat().st_size for p in (built / "_static").rglob("*.css")) < 200_000
    for path in built.rglob("*.html"):
        loaded = read(path).loaded
        assert any("searchindex" in p for p in loaded) == (path.name == "search.html"), path
        if path.parent != built:
            assert [p for p in loaded if p.endswith(".css")] == [
                os.path.relpath(built / "_static/pages.css", path.parent)
            ]
            if path.name != "search.html":
                scripts = re.findall(r"<script[^>]* src=[^>]*>", path.read_text(encoding="utf-8"))
                assert scripts and all(" defer" in each for each in scripts), path


def test_every_picture_has_its_alternative_text_and_size(built):
    page = read(built / "en/notebooks/01-boom.html")
    (figure,) = [i for i in page.images if "figures" in i["src"]]
    assert figure["alt"] == "Line from 2 down to 1 & <boom>"
    assert (figure["width"], figure["height"], figure["loading"]) == ("800", "300", "lazy")
    with (
        Image.open(built / "en/notebooks" / figure["src"]) as shown,
        Image.open(io.BytesIO(picture())) as drawn,
    ):
        assert shown.format == "WEBP"
        assert shown.convert("RGB").tobytes() == drawn.convert("RGB").tobytes()
    for path in built.rglob("*.html"):
        assert all("alt" in image for image in read(path).images), path


def test_analysis_is_shown_set_up_is_folded_with_its_lines_and_noise_is_left_out(built):
    text = (built / "en/notebooks/01-boom.html").read_text(encoding="utf-8")
    folded = re.findall(r"<details.*?</details>", text, flags=re.DOTALL)
    (set_up,) = [f for f in folded if "study" in f]
    assert "Show set-up code (lines: 1)" in set_up
    assert "plot" in text and not any("plot" in f for f in folded)
    assert "KERNEL NOISE" not in text and "vnd.minelib" not in text
    assert "−47.2" in text, "the findings are shown"


def test_the_csv_of_a_figure_is_the_table_it_was_drawn_from(built):
    path = built / "en/_static/tables/01-boom-1.csv"
    taken = pd.read_csv(path, comment="#", parse_dates=["month"])
    pd.testing.assert_frame_equal(
        taken, minelib.load("country_share"), check_dtype=False, check_exact=True
    )
    head = [line for line in path.read_text("utf-8").splitlines() if line.startswith("#")]
    described = minelib.describe("country_share")
    assert any(
        described.licence in line and f"version {described.version}" in line for line in head
    )
    assert "# share_pct: Share of the world's hash rate (%)" in head


def test_texts_with_marks_of_their_own_come_back_from_the_csv(built):
    taken = pd.read_csv(built / "zh/_static/tables/02-crackdown-table-1.csv", comment="#")
    pd.testing.assert_frame_equal(taken, TAKEN, check_dtype=False)


def test_hours_of_a_day_are_not_lost_on_the_way_and_a_year_of_days_is_days():
    hours = pd.DataFrame({"date": pd.to_datetime(["2021-06-21 05:00", None, "2021-06-21 00:00"])})
    assert as_data(hours)["frame"]["data"] == [
        ["2021-06-21T05:00:00"],
        [None],
        ["2021-06-21T00:00:00"],
    ]
    assert as_data(hours.iloc[2:])["frame"]["data"] == [["2021-06-21"]]
    there = hours["date"].dt.tz_localize("UTC").to_frame()
    assert as_data(there)["frame"]["data"][0] == ["2021-06-21T05:00:00+0000"]


def test_the_words_of_a_citation_name_versions_and_both_forms_agree(built):
    page = (built / "en/notebooks/01-boom.html").read_text(encoding="utf-8")
    version = minelib.describe("country_share").version
    assert page.count(f"country_share v{version}: Cambridge Centre") == 1
    assert f"country_share, version {version}" in page and "@misc{minelib_01-boom-1," in page
    assert f"version = {{{minelib.__version__}}}" in page


def test_a_figure_has_its_numbered_caption(built):
    text = (built / "en/notebooks/01-boom.html").read_text(encoding="utf-8")
    assert "<figcaption>Figure 1. A line &amp; its end</figcaption>" in text


def test_what_is_set_up_and_what_is_analysis():
    from minelib.workbench.site.notebook_pages import is_aside

    assert is_aside("import pandas as pd\n\nstudy = ml.study('01-boom', globals())")
    assert is_aside('study.keep("a", 1)\nstudy.keep("b", 2)') and is_aside("study.finish()")
    assert not is_aside('study.keep("a", 1)\nframe.head()') and not is_aside("not python (")


def test_printed_sentences_are_paragraphs_that_wrap(built):
    text = (built / "zh/notebooks/01-boom.html").read_text(encoding="utf-8")
    assert f'<p class="minelib-sentence">{SENTENCE["zh"]}</p>' in text


def test_injected_parameters_are_shown_only_when_they_say_something_new():
    from minelib.workbench.site import notebook_pages
    from minelib.workbench.site.myst import speaking

    own = {
        "cell_type": "code",
        "source": 'start = 1\nlang = "zh"',
        "metadata": {"tags": ["parameters"]},
    }
    same = {
        "cell_type": "code",
        "source": '# Parameters\nlang = "zh"\n',
        "metadata": {"tags": ["injected-parameters"]},
    }
    assert notebook_pages._once([own, same]) == [own]
    other = {**same, "source": "# Parameters\nstart = 2\n"}
    with speaking("zh"):
        assert notebook_pages._once([own, other])[1]["source"] == "# 本次运行的参数\nstart = 2"


def test_a_published_range_is_shown_with_the_interval_of_what_was_computed(built):
    from minelib.published import table

    page = (built / "en/published.html").read_text(encoding="utf-8")
    row = table("en").set_index("id").loc["kufeoglu_2019_energy"]
    assert (row["published_low"], row["published_high"]) == (15.47, 50.24)  # as the paper has it
    line = next(r for r in page.split("<tr>") if row["quantity"] in r)
    assert "15.5 to 50.2 TWh/year" in line
    # the bounds have the decimals of the value between them, which is below a hundred
    assert 10 < row["computed_value"] < 1000
    assert f"{row['computed_lower']:.1f} to {row['computed_upper']:.1f}" in line


def test_a_run_that_failed_is_shown_as_failed(built):
    for page in ("index.html", "en/index.html", "en/run.html"):
        assert "failed" in (built / page).read_text(encoding="utf-8"), page


def test_numbers_and_records_are_taken_from_the_run(built):
    assert "−47.2%" in (built / "index.html").read_text(encoding="utf-8")
    record = (built / "en/run.html").read_text(encoding="utf-8")
    assert "ab" * 32 in record and "2021-05-01" in record


def test_the_record_is_the_same_however_long_the_run_took(built):
    pages = read_outputs(built.parent).pages["en"]
    quick, slow = (
        record.page([dataclasses.replace(p, record={**p.record, "seconds": s}) for p in pages])
        for s in (0.5, 98765.4)
    )
    assert quick == slow and "02-crackdown" in quick


def test_every_table_is_described_with_its_licence(built):
    from minelib import catalog

    pages = "".join(p.read_text(encoding="utf-8") for p in (built / "en/data").glob("*.html"))
    for name in catalog.default().names:
        d = catalog.default().descriptor(name)
        assert f'id="{name.replace("_", "-")}"' in pages or f'id="{name}"' in pages, name
        assert d.licence in pages


def public_names():
    """Every room of the package that says what is public, and each name in it."""
    from importlib import import_module

    import minelib

    for info in pkgutil.walk_packages(minelib.__path__, "minelib."):
        level = info.name.count(".")
        if level > 2 or (level == 2 and not info.name.startswith("minelib.workbench.")):
            continue
        if info.name.split(".")[1] in ("__main__", "former", "_data", "_notebooks"):
            continue
        room = import_module(info.name)
        public = getattr(room, "__all__", ())
        # of a single module of the workbench only what its package offers is public
        if level == 1 or info.ispkg or info.name in CHAPTERS_OF_MODULES:
            yield info.name, list(public)


CHAPTERS_OF_MODULES = [f"minelib.{room}" for room in " ".join(CHAPTERS.values()).split()]


def test_every_public_name_is_on_one_page_for_programmers(built):
    pages = {p.stem: read(p).ids for p in (built / "api").glob("*.html")}
    assert {f"minelib.{stem}" for stem in pages} - set(CHAPTERS_OF_MODULES) == {
        "minelib.index",
        "minelib.search",
    }
    rooms = dict(public_names())
    assert len(rooms) > 25
    assert {room for room in CHAPTERS_OF_MODULES if not rooms.get(room)} == set(), "no page empty"
    for room, names in rooms.items():
        for name in names:
            found = [stem for stem, ids in pages.items() if f"{room}.{name}" in ids]
            assert found == [room.removeprefix("minelib.")], (room, name, found)
    first = (built / "api" / "index.html").read_text(encoding="utf-8")
    assert all(f"ml.{name}<" in first for name in minelib._SHORTCUTS)


def test_the_pages_for_programmers_link_to_pandas_and_show_examples(built):
    page = (built / "api" / "chain.html").read_text(encoding="utf-8")
    assert 'href="https://pandas.pydata.org/docs/reference/api/pandas.DataFrame.html#' in page
    assert "&gt;&gt;&gt; " in page and 'href="errors.html#minelib.errors.UnknownName"' in page


def test_the_chinese_pages_lead_to_the_english_ones_for_programmers_and_say_so(built):
    for page in ("zh/index.html", "index.html"):
        text = (built / page).read_text(encoding="utf-8")
        assert "写给程序员" in text and "只有英文" in text and "../api/index.html" in text


def test_pages_for_programmers_are_built_anew_only_when_the_package_has_changed(
    tmp_path, monkeypatch
):
    def published(sources, target):
        done.append([source.name for source in sources])
        (target / "api").mkdir(parents=True, exist_ok=True)

    done, folder = [], run_by_hand(tmp_path, langs=["zh"])
    monkeypatch.setattr(site, "publish", published)
    monkeypatch.setattr(site, "write_source", lambda _outputs, _lang, folder: folder)
    monkeypatch.setattr(site, "digest", lambda: "one")
    site.build(folder)
    site.build(folder)
    monkeypatch.setattr(site, "digest", lambda: "two")
    site.build(folder)
    assert done == [["zh", "api"], ["zh"], ["zh", "api"]]


def test_pages_that_were_kept_take_the_style_of_the_new_ones(tmp_path):
    def part(where, name):
        static = where / name / "_static"
        (static / "styles").mkdir(parents=True)
        (static / "basic.css").write_text(".basic { top: 0 }")
        (static / "styles/theme.css").write_text('@import "../basic.css";')
        (static / "site.css").write_text(".basic { top: 1px } .nowhere { top: 2px }")
        links = "".join(
            f'<link rel="stylesheet" href="../_static/{sheet}?v=1" />'
            for sheet in ("styles/theme.css", "site.css")
        )
        page = f'<html><head>{links}</head><body class="basic"></body></html>'
        (where / name / "index.html").write_text(page)

    first, second = tmp_path / "first", tmp_path / "second"
    for where in (first, second):
        part(where, "en")
    part(first, "api")
    static.gather(first, ["en", "api"])
    shutil.copytree(first / "api", second / "api")
    static.gather(second, ["en", "api"])
    for where in (first, second):
        assert not (where / "_static/site.css").exists()
        css = (where / "_static/pages.css").read_text()
        assert css == ".basic{top: 0}.basic{top: 1px}"
        for name in ("en", "api"):
            assert read(where / name / "index.html").loaded == ["../_static/pages.css"]


def test_one_language_alone(tmp_path, monkeypatch):
    def published(sources, target):
        assert [source.name for source in sources] == ["zh", "api"]
        for name in ("zh", "api"):
            (target / name).mkdir(parents=True)

    folder = run_by_hand(tmp_path, langs=["zh"])
    monkeypatch.setattr(site, "publish", published)
    monkeypatch.setattr(site, "write_source", lambda _outputs, _lang, folder: folder)
    index = site.build(folder)
    text = index.read_text(encoding="utf-8")
    assert 'lang="zh-Hans"' in text and 'href="en/' not in text
    assert not (index.parent / "en").exists()


def test_a_failing_build_leaves_the_old_site(tmp_path, monkeypatch):
    folder = run_by_hand(tmp_path)
    (folder / "site").mkdir()
    (folder / "site" / "index.html").write_text("old")

    def broken(*_args):
        raise MinelibError("Sphinx said no")

    monkeypatch.setattr(site, "publish", broken)
    monkeypatch.setattr(site, "write_source", lambda _outputs, _lang, folder: folder)
    with pytest.raises(MinelibError, match="Sphinx said no"):
        site.build(folder)
    assert (folder / "site" / "index.html").read_text() == "old"
    assert not list(folder.glob(".unfinished-*")), "nothing half-built is left"


@pytest.mark.parametrize("step", ["publish", "write_landing", "replace"])
def test_a_disk_that_fills_leaves_the_old_site_and_says_so(tmp_path, monkeypatch, capsys, step):
    folder = run_by_hand(tmp_path)
    (folder / "site").mkdir()
    (folder / "site" / "index.html").write_text("old")

    def full(*_args):
        raise OSError(errno.ENOSPC, "No space left on device")

    def published(sources, target):
        (target / "api").mkdir(parents=True)

    monkeypatch.setattr(site, "publish", published)
    monkeypatch.setattr(site, "write_landing", lambda *_args: None)
    monkeypatch.setattr(site, "write_source", lambda _outputs, _lang, folder: folder)
    monkeypatch.setattr(site, step, full)
    with pytest.raises(WriteFailed, match="no space left on the disk"):
        build_if_changed(folder, print)
    assert command(["site", "--output", str(folder)]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line == f"minelib: Cannot write to {folder}: no space left on the disk."
    assert (folder / "site" / "index.html").read_text() == "old"
    assert not list(folder.glob(".unfinished-*")), "nothing half-built is left"


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("01-boom/01-boom.ipynb", '{"cells": ['),
        ("01-boom/01-boom.ipynb", "[]"),
        ("01-boom/01-boom.ipynb", "{}"),
        ("01-boom/01-boom.ipynb", ""),
        ("01-boom/run.json", "{"),
        ("runs.json", "null"),
    ],
)
def test_a_damaged_file_is_named(tmp_path, file, content):
    folder = run_by_hand(tmp_path)
    (folder / file).write_text(content)
    with pytest.raises(MinelibError, match=re.escape(file) + " is damaged: run its notebook again"):
        site.build(folder)
    assert not (folder / "site").exists()


def test_without_the_extra_it_says_what_to_install(tmp_path, monkeypatch):
    real = libraries.find_spec
    monkeypatch.setattr(
        libraries, "find_spec", lambda name: None if name == "myst_nb" else real(name)
    )
    with pytest.raises(MinelibError, match=r"myst_nb.*minelib\[workbench\]"):
        site.build(tmp_path)


def test_nothing_to_show_is_said(tmp_path):
    with pytest.raises(MinelibError, match="no executed notebook"):
        site.build(tmp_path)


def test_chinese_is_searched_by_pairs():
    from minelib.workbench.site.search import pairs

    assert pairs("全网算力上升 Antminer S19") == [
        "全网",
        "网算",
        "算力",
        "力上",
        "上升",
        "Antminer",
        "S19",
    ]


def test_every_figure_of_the_package_is_used(built):
    from minelib import explorer, figures
    from minelib.studies import notebooks
    from minelib.workbench.runs.presets import SWEEPS

    sources = "".join(path.read_text("utf-8") for path in Path(notebooks.folder()).glob("*.ipynb"))
    sources += "".join(p.read_text("utf-8") for p in Path(explorer.__file__).parent.glob("*.py"))
    plotted = {figure for figure in figures._RESULTS.values() if ".plot(" in sources}
    for name in figures._WHERE:
        called = re.search(rf"\bfigures[\w.]*(?:\.| import )[^\n]*\b{name}\b", sources)
        assert called or name in plotted, f"{name} is shown nowhere"
    for lang in ("en", "zh"):
        gallery = (built / lang / "gallery.html").read_text(encoding="utf-8")
        assert all(f"sweep-{name}.webp" in gallery for name in SWEEPS)
        assert "minelib sweep break-window" in gallery, "a part of a sweep is said to be a part"


def test_no_english_is_left_in_a_chinese_page(built):
    names, pages = known_names(), [*(built / "zh").rglob("*.html")]
    assert len(pages) > 15
    for path in pages:
        if "_static" not in path.parts:
            left = english_left(path.read_text(encoding="utf-8"), names)
            assert not left, (path.name, left[:5])
    landing = (built / "index.html").read_text(encoding="utf-8").split('<main lang="zh-Hans"')[1]
    assert not english_left(landing, names)


def test_no_page_says_that_a_notice_forbade_mining(built):
    pages = [path for path in built.rglob("*.html") if "_static" not in path.parts]
    assert len(pages) > 30
    for path in pages:
        assert misread(said_on(path.read_text(encoding="utf-8"))) == [], path.name
    hidden = '<p>The notice of 24 September, called "924", <b>forbade</b> mining.</p>'
    assert misread(said_on(hidden))


@pytest.mark.parametrize(
    "sneaked",
    [
        "<p>全网 hash rate</p>",
        '<img alt="Line chart of the price" src="a.png">',
        '<button aria-label="Show the code">代码</button>',
        "<th>Hash rate 算力</th>",
        "<summary>Show code</summary>",
        '<p lang="zh">in the wet season</p>',
    ],
)
def test_english_left_is_found_wherever_it_hides(sneaked):
    assert english_left(f"<main><p>算力</p>{sneaked}</main>")


def test_names_units_and_code_are_no_english_left():
    fine = """<p>蚂蚁矿机 S19 为 29.5 J/TH；Cambridge Centre 的图</p><code>for each in data</code>
    <p lang="en">in English</p><p>来源：Our World in Data；见 country_share.csv</p>"""
    assert english_left(fine, ["Our World in Data"]) == []


class TestInTheBrowser:
    pytestmark = needs_browser

    @pytest.mark.parametrize(
        "look",
        [
            {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"},
            {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
            {"viewport": {"width": 360, "height": 740}, "color_scheme": "light"},
            {"viewport": {"width": 360, "height": 740}, "color_scheme": "dark"},
        ],
        ids=["wide-light", "wide-dark", "phone-light", "phone-dark"],
    )
    def test_pages_are_whole_and_accessible(self, built, look):
        with chromium(**look) as page:
            faults = []
            for name in PAGES:
                page.goto((built / name).as_uri())
                page.wait_for_load_state()
                wide = page.evaluate("document.documentElement.scrollWidth")
                if wide > look["viewport"]["width"]:
                    faults.append(f"{name} is {wide} pixels wide")
                faults += violations(page)
            assert faults + page.wrong == []

    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_what_is_seen_first_neither_moves_nor_changes_when_scripts_come(self, built, scheme):
        seen = """new PerformanceObserver(list => list.getEntries().forEach(each => {
          window.moved = (window.moved ?? 0) + each.value;
        })).observe({ type: "layout-shift", buffered: true })"""
        scripts = []
        with chromium(color_scheme=scheme, viewport={"width": 412, "height": 823}) as page:
            page.add_init_script(seen)
            page.route(re.compile(r"\.js(\?|$)"), lambda route: scripts.append(route))
            for name in ("en/claims.html", "en/data/index.html"):
                page.goto((built / name).as_uri(), wait_until="commit")
                page.locator(".minelib-ledger").wait_for(state="attached")
                assert page.locator("html").get_attribute("data-theme") == scheme
                page.wait_for_timeout(500)
                assert scripts and not page.locator(".minelib-filters").count()
                while not page.locator(".minelib-filters").count():
                    [scripts.pop().continue_() for _ in scripts[:]]
                    page.wait_for_timeout(100)
                page.locator(".minelib-ledger tbody tr:visible").first.wait_for()
                page.wait_for_timeout(300)
                assert page.evaluate("window.moved ?? 0") < 0.02, name
            assert page.wrong == []

    def test_a_table_comes_also_when_its_script_fails(self, built):
        with chromium() as page:
            page.route("**/site.js*", lambda route: route.fulfill(body="this is no script"))
            page.goto((built / "en/claims.html").as_uri())
            page.locator(".minelib-ledger tbody tr").first.wait_for(timeout=60_000)

    def test_words_in_the_colour_of_their_ground_are_found(self, tmp_path):
        (tmp_path / "a.html").write_text(
            '<html lang="en"><title>A</title><main><h1>A</h1>'
            '<p style="color:#fff;background:#fff">unseen</p></main></html>'
        )
        with chromium() as page:
            page.goto((tmp_path / "a.html").as_uri())
            assert "unseen" in violations(page)[0]

    def test_languages_and_search_stay_in_sight_on_the_last_page(self, built):
        with chromium(viewport={"width": 1280, "height": 420}) as page:
            page.goto((built / "en/run.html").as_uri())
            page.wait_for_timeout(300)  # the theme has scrolled to the page that is open
            for seen in (
                ".minelib-languages a >> nth=1",
                ".bd-sidebar-primary .search-button-field",
            ):
                box = page.locator(seen).bounding_box()
                assert 0 <= box["y"] < 200, (seen, box)
            page.locator(".minelib-languages a", has_text="中文").click()
            page.wait_for_url("**/zh/run.html")

    def test_the_first_page_speaks_the_readers_language_and_remembers_the_choice(self, built):
        with chromium(locale="zh-CN") as page:
            page.goto((built / "index.html").as_uri())
            assert page.locator("main:visible").get_attribute("data-language") == "zh"
            page.locator(".minelib-languages a", has_text="English").click()
            assert page.locator("main:visible").get_attribute("data-language") == "en"
            page.reload()
            assert page.locator("main:visible").get_attribute("data-language") == "en"
            assert page.evaluate("document.documentElement.lang") == "en"
            assert page.wrong == []

    def test_the_ledger_is_searched_filtered_and_sorted(self, built):
        with chromium() as page:
            page.goto((built / "en/claims.html").as_uri())
            rows = page.locator(".minelib-ledger tbody tr:visible")
            everything = rows.count()
            assert everything == len(minelib.load("claims"))
            page.locator(".minelib-ledger input").fill("kazakhstan")
            some = rows.count()
            assert 0 < some < everything
            assert all("kazakhstan" in text.lower() for text in rows.all_text_contents())
            page.locator(".minelib-ledger input").fill("")
            button = page.locator(".minelib-filters button", has_text="contradicted")
            button.click()
            assert 0 < rows.count() < everything
            assert button.get_attribute("aria-pressed") == "true"
            page.locator(".minelib-filters button").first.click()
            page.locator("thead button", has_text="Computed").click()
            first = rows.first.inner_text()
            page.locator("thead button", has_text="Computed").click()
            assert rows.first.inner_text() != first
            assert page.wrong == []

    @pytest.mark.parametrize(("lang", "names"), [("en", TABS["en"]), ("zh", TABS["zh"])])
    def test_a_figure_is_looked_through_by_keyboard_and_by_mouse(self, built, lang, names):
        shares = minelib.load("country_share")
        with chromium() as page:
            page.goto((built / lang / "notebooks/01-boom.html").as_uri())
            place = page.locator("#\\30 1-boom-1")
            tabs = place.get_by_role("tab")
            assert tabs.all_text_contents() == names
            tabs.first.focus()
            page.keyboard.press("ArrowRight")
            assert tabs.nth(1).get_attribute("aria-selected") == "true"
            rows = place.locator("tbody tr:visible")
            rows.first.wait_for()
            assert rows.count() == len(shares)
            place.locator("input").fill(CHINA[lang])
            assert rows.count() == (shares["place"] == "china").sum()
            column = place.locator("thead button", has_text="%").first
            column.click()
            column.click()
            highest = shares.query("place == 'china'")["share_pct"].max()
            assert f"{highest:.1f}" in rows.first.inner_text()
            assert violations(page) == []
            with page.expect_download() as got:
                place.get_by_role("link", name="JSON").click()
            taken = json.loads(Path(got.value.path()).read_text(encoding="utf-8"))
            assert len(taken["data"]) == len(shares) and "share_pct" in taken["columns"]
            tabs.nth(2).click()
            assert "plot()" in place.get_by_role("tabpanel").inner_text()
            page.keyboard.press("End")
            assert "@misc{minelib_01-boom-1" in place.get_by_role("tabpanel").inner_text()
            assert page.wrong == []

    def test_without_scripts_picture_words_and_numbers_stay(self, built):
        with chromium(java_script_enabled=False) as page:
            page.goto((built / "en/notebooks/01-boom.html").as_uri())
            place = page.locator("#\\30 1-boom-1")
            assert place.locator("img").is_visible()
            assert place.get_by_text("Line from 2 down to 1 & <boom>").is_visible()
            link = place.get_by_role("link", name="CSV")
            assert link.is_visible() and place.get_by_role("tab").count() == 0
            target = (built / "en/notebooks" / link.get_attribute("href")).resolve()
            assert target.is_file()

    def test_folded_code_opens(self, built):
        with chromium() as page:
            page.goto((built / "en/notebooks/01-boom.html").as_uri())
            code = page.get_by_text("study.finish()").first
            assert not code.is_visible()
            page.locator("div.cell details summary").last.click()
            assert code.is_visible()

    def test_the_code_switch_stays_where_the_reader_set_it(self, built):
        with chromium() as page:
            page.goto((built / "en/notebooks/01-boom.html").as_uri())
            code = page.locator("div.cell_input", has_text="plot()").first
            button = page.get_by_role("button", name="Show code")
            assert code.is_visible() and button.get_attribute("aria-pressed") == "true"
            button.focus()
            page.keyboard.press("Enter")
            assert not code.is_visible() and button.get_attribute("aria-pressed") == "false"
            page.goto((built / "en/notebooks/02-crackdown.html").as_uri())
            assert not page.locator("div.cell_input", has_text="plot()").first.is_visible()
            page.reload()
            page.get_by_role("button", name="Show code").click()
            assert page.locator("div.cell_input", has_text="plot()").first.is_visible()

    @pytest.mark.parametrize(("lang", "words"), [("en", "difficulty"), ("zh", "难度周期")])
    def test_the_search_finds(self, built, lang, words):
        with chromium() as page:
            page.goto((built / lang / "search.html").as_uri() + f"?q={words}")
            page.wait_for_selector("#search-results li", timeout=120_000)
            assert page.locator("#search-results li a", has_text="").count() > 0
            assert page.wrong == []


def test_a_site_moved_elsewhere_still_works(built, tmp_path):
    moved = shutil.copytree(built, tmp_path / "U 盘" / "site")
    page = read(moved / "en/index.html")
    for address in page.loaded:
        assert (moved / "en" / urlsplit(address).path).exists(), address
