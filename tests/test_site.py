# SPDX-License-Identifier: MIT
"""The site: built from a run made by hand, read as files and in a real browser."""

import html
import re
import shutil
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

import pytest
from pages import chromium, needs_browser, run_by_hand, violations

from minelib.errors import MinelibError
from minelib.runs import site

PAGES = [
    "index.html", "en/index.html", "en/notebooks/01-boom.html", "en/claims.html",
    "en/data/index.html", "en/data/pools.html", "en/run.html", "zh/notebooks/02-crackdown.html",
    "zh/published.html",
]  # fmt: skip


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


def test_every_picture_has_its_alternative_text_and_size(built):
    page = read(built / "en/notebooks/01-boom.html")
    (figure,) = [i for i in page.images if "figures" in i["src"]]
    assert figure["alt"] == "Line from 2 down to 1 & <boom>"
    assert (figure["width"], figure["height"]) == ("800", "300")
    for path in built.rglob("*.html"):
        assert all("alt" in image for image in read(path).images), path


def test_code_is_folded_and_noise_is_left_out(built):
    text = (built / "en/notebooks/01-boom.html").read_text(encoding="utf-8")
    assert "<details" in text and "Show the code" in text
    assert "KERNEL NOISE" not in text and "vnd.minelib" not in text
    assert "−47.2" in text, "the findings are shown"


def test_a_run_that_failed_is_shown_as_failed(built):
    for page in ("index.html", "en/index.html", "en/run.html"):
        assert "failed" in (built / page).read_text(encoding="utf-8"), page


def test_numbers_and_records_are_taken_from_the_run(built):
    assert "−47.2%" in (built / "index.html").read_text(encoding="utf-8")
    record = (built / "en/run.html").read_text(encoding="utf-8")
    assert "ab" * 32 in record and "2021-05-01" in record


def test_every_table_is_described_with_its_licence(built):
    from minelib import catalog

    pages = "".join(p.read_text(encoding="utf-8") for p in (built / "en/data").glob("*.html"))
    for name in catalog.default().names:
        d = catalog.default().descriptor(name)
        assert f'id="{name.replace("_", "-")}"' in pages or f'id="{name}"' in pages, name
        assert d.licence in pages


def test_one_language_alone(tmp_path, monkeypatch):
    def published(sources, target):
        assert [source.name for source in sources] == ["zh"]
        (target / "zh").mkdir(parents=True)

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
    assert not list(folder.glob(".site-*")), "nothing half-built is left"


def test_without_the_extra_it_says_what_to_install(tmp_path, monkeypatch):
    real = site.importlib.util.find_spec
    monkeypatch.setattr(site.importlib.util, "find_spec",
                        lambda name: None if name == "myst_nb" else real(name))  # fmt: skip
    with pytest.raises(site.SiteNotInstalled, match=r"myst-nb.*minelib\[site\]"):
        site.build(tmp_path)


def test_nothing_to_show_is_said(tmp_path):
    with pytest.raises(MinelibError, match="no executed notebook"):
        site.build(tmp_path)


def test_chinese_is_searched_by_pairs():
    from minelib.runs.site.search import pairs

    assert pairs("全网算力上升 Antminer S19") == [
        "全网", "网算", "算力", "力上", "上升", "Antminer", "S19",
    ]  # fmt: skip


def test_every_figure_of_the_package_is_shown(built):
    import importlib
    from pathlib import Path

    from minelib import plots
    from minelib.plots.style import FIGURES
    from minelib.runs import notebooks
    from minelib.runs.site.extras import EXTRAS

    for name in plots.__all__:
        importlib.import_module(f"minelib.plots.{name}")
    sources = "".join(path.read_text("utf-8") for path in Path(notebooks.folder()).glob("*.ipynb"))
    shown = set(re.findall(r"plots\.(\w+\.\w+)\(", sources)) | set(EXTRAS)
    shown |= {"explore.measures"}  # by the panel of notebook 08
    # the figures of sweeps need the results of a sweep, which draws them itself
    missing = {n for n in FIGURES if n.startswith(tuple(plots.__all__)) and "sweeps." not in n}
    drawn = {name.split(".")[1] for name in shown}  # a module may pass on another's figure
    assert not {name for name in missing if name.split(".")[1] not in drawn}
    for lang in ("en", "zh"):
        gallery = (built / lang / "gallery.html").read_text(encoding="utf-8")
        assert all(f"{name}.png" in gallery for name in EXTRAS)


def known_names():
    """Names, titles and citations: they stay in their own language."""
    from minelib import catalog, published

    names = {"minelib", "SHA-256"}
    for d in catalog.default().descriptors():
        names |= {d.citation, ", ".join(d.primary_key)}
        names |= {source[key] for source in d.sources for key in ("title", "publisher")}
    names |= set(published.table()["authors"])
    return sorted(names, key=len, reverse=True)


def test_no_english_is_left_in_a_chinese_page(built):
    names = known_names()
    pages = [built / "zh" / "claims.html", built / "zh" / "published.html"]
    for path in [*pages, *(built / "zh" / "data").glob("*.html")]:
        text = path.read_text(encoding="utf-8").split("<article", 1)[1].split("</article>")[0]
        folded = "|details" if path in pages else ""  # sources of a claim: names and titles
        skipped = rf"<(script|code|small|a{folded})\b.*?</\1>"
        text = re.sub(skipped, " ", text, flags=re.DOTALL)
        text = html.unescape(re.sub(r"<[^>]+>", "\n", text))
        for name in names:
            text = text.replace(name, " ")
        text = re.sub(r"[\w./ -]+\.(csv|pkl|parquet)", " ", text)  # names of files
        left = re.findall(r"[a-z]{3,}(?:[ ,]+[a-z]{2,}){2,}", text)
        assert not left, (path.name, left[:5])


class TestInTheBrowser:
    pytestmark = needs_browser

    @pytest.mark.parametrize("look", [
        {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"},
        {"viewport": {"width": 360, "height": 740}, "color_scheme": "dark"},
    ], ids=["wide-light", "phone-dark"])  # fmt: skip
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

    def test_the_first_page_speaks_the_readers_language_and_remembers_the_choice(self, built):
        with chromium(locale="zh-CN") as page:
            page.goto((built / "index.html").as_uri())
            assert page.locator("main:visible").get_attribute("data-language") == "zh"
            page.locator(".languages a", has_text="English").click()
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
            assert everything == 79  # the statements of the article that can be checked
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

    def test_folded_code_opens(self, built):
        with chromium() as page:
            page.goto((built / "en/notebooks/01-boom.html").as_uri())
            code = page.get_by_text("plot()").first
            assert not code.is_visible()
            page.locator("div.cell details summary").nth(1).click()
            assert code.is_visible()

    @pytest.mark.parametrize(("lang", "words"), [("en", "difficulty"), ("zh", "难度周期")])
    def test_the_search_finds(self, built, lang, words):
        with chromium() as page:
            page.goto((built / lang / "search.html").as_uri() + f"?q={words}")
            page.wait_for_selector("#search-results li", timeout=10_000)
            assert page.locator("#search-results li a", has_text="").count() > 0
            assert page.wrong == []


def test_a_site_moved_elsewhere_still_works(built, tmp_path):
    moved = shutil.copytree(built, tmp_path / "U 盘" / "site")
    page = read(moved / "en/index.html")
    for address in page.loaded:
        assert (moved / "en" / urlsplit(address).path).exists(), address
