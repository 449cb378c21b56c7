# SPDX-License-Identifier: MIT
"""Lectures: slides and handouts as a class sees them, in a real browser without a network."""

import json
import re

import pytest
from pages import chromium, needs_browser, violations

from minelib.cli import run as command
from minelib.errors import RunFailed
from minelib.lessons import lesson, lesson_numbers
from minelib.words import LANGUAGES, gettext
from minelib.workbench import lectures
from minelib.workbench.translation import joined, translated

pytest.importorskip("sphinx_revealjs", reason="the extra workbench is not installed")

MINUTES = re.compile(r"^\*\*(\d+) (?:min\.|分钟。)\*\* \S")


def slides_of(number, lang="en"):
    """The slides of a lecture: lists of cells, each with its kind, tags and source."""
    notebook = json.loads(lectures.lectures()[number].read_text(encoding="utf-8"))
    found = []
    for cell in translated(notebook, lang)["cells"]:
        kind, tags = cell["metadata"]["slideshow"]["slide_type"], cell["metadata"].get("tags", [])
        if kind == "slide":
            found.append([])
        if kind != "skip":
            found[-1].append((kind, tags, cell["cell_type"], joined(cell["source"])))
    return found


def test_every_lesson_has_a_lecture_without_outputs():
    assert set(lectures.lectures()) == set(lesson_numbers())
    for path in lectures.lectures().values():
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        assert not any(cell.get("outputs") for cell in cells), path.name
        assert len({cell["id"] for cell in cells}) == len(cells), path.name


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("number", lectures.lectures())
def test_a_lecture_takes_twenty_minutes_and_its_speaker_has_notes(number, lang):
    slides, total = slides_of(number, lang), 0
    for slide in slides:
        (note,) = [source for kind, _tags, _type, source in slide if kind == "notes"]
        assert MINUTES.match(note), note
        total += int(MINUTES.match(note)[1])
    assert total == 20
    assert slides[0][0][3].startswith(f"# {lesson(number).title(lang)}\n")


@pytest.mark.parametrize("number", lectures.lectures())
def test_before_each_answer_the_class_is_asked(number):
    asked, answers = False, 0
    for slide in slides_of(number):
        (_kind, tags, _type, head), *rest = slide
        if "question" in tags:
            assert head.count("\n- **") == 3, "three answers to choose from"
            asked = True
        elif any(type_ == "code" for _kind, _tags, type_, _source in rest):
            assert asked, f"an answer that nobody was asked for: {head}"
            assert rest[-2][0] == "fragment", "what it means comes after it was seen"
            asked, answers = False, answers + 1
    assert answers == 3


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """All lectures in both languages, by language, number and kind."""
    folder = tmp_path_factory.mktemp("lectures")
    written = lectures.make(output=folder)
    found = {}
    for lang in LANGUAGES:
        for number in lectures.lectures():
            for kind in ("slides", "handout"):
                name = gettext(f"lesson-{{number}}-{kind}", lang).format(number=number)
                page = found[lang, number, kind] = folder / lang / f"{name}.html"
                assert page in written and page.with_suffix(".pdf") in written
    assert len(written) == 2 * len(found)
    return found


def pages_of(pdf):
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


# what of a slide lies outside or at its edge, and pictures without words for those who do not see
_OUTSIDE = """() => {
  const wrong = [];
  document.querySelectorAll(".slides section section").forEach((slide, n) => {
    Reveal.slide(n);
    const box = document.querySelector(".slides").getBoundingClientRect();
    for (const part of slide.querySelectorAll("h1, h2, p, li, img, table, th, td")) {
      if (part.closest("aside")) continue;
      const own = part.getBoundingClientRect();
      if (!own.width || own.left < box.left || own.right > box.right + 1 ||
          own.top < box.top - 1 || own.bottom > box.bottom + 1)
        wrong.push([n + 1, part.tagName, part.textContent.slice(0, 30)]);
    }
    if (slide.scrollHeight > 700) wrong.push([n + 1, "fills the slide to its edge"]);
    for (const image of slide.querySelectorAll("img")) if (!image.alt) wrong.push([n + 1, "alt"]);
  });
  return wrong;
}"""


class TestInABrowser:
    pytestmark = needs_browser

    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_slides_show_everything_without_a_network(self, made, lang):
        with chromium(viewport={"width": 1280, "height": 720}, offline=True) as page:
            for number in lectures.lectures():
                page.goto(made[lang, number, "slides"].as_uri())
                count = len(slides_of(number))
                assert page.evaluate("Reveal.getTotalSlides()") == count
                assert page.evaluate("Reveal.hasPlugin('notes')")
                assert page.locator("aside.notes").count() == count
                assert page.evaluate(_OUTSIDE) == [], page.url
                assert page.locator(".slides img").count() >= 1
            assert page.wrong == []

    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_a_handout_is_one_page_to_write_on(self, made, lang):
        with chromium(offline=True) as page:
            for number in lectures.lectures():
                page.goto(made[lang, number, "handout"].as_uri())
                assert page.locator(".question").count() == 3
                assert page.locator(".tasks li").count() == 3
                assert page.locator("table, img").count() >= 1, "something to work with"
                assert page.locator("aside, script").count() == 0
                assert pages_of(page.pdf(prefer_css_page_size=True)) == 1, page.url
                assert violations(page) == []
            assert page.wrong == []

    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_the_pdf_has_a_page_a_slide(self, made, lang):
        for number in lectures.lectures():
            slides, handout = (
                made[lang, number, kind].with_suffix(".pdf").read_bytes()
                for kind in ("slides", "handout")
            )
            assert pages_of(slides) == len(slides_of(number))
            assert slides.count(b"/Image") >= 1, "its figures are in it"
            assert pages_of(handout) == 1


def test_without_a_browser_no_pdf_of_before_is_left(tmp_path, monkeypatch):
    monkeypatch.setattr(lectures, "browser", lambda: None)
    old = tmp_path / "old.pdf"
    old.write_bytes(b"%PDF")
    assert not lectures._printed("<p>new</p>", old).exists()


def test_a_cell_that_fails_is_named(tmp_path, monkeypatch):
    real = json.loads(lectures.lectures()["1"].read_text(encoding="utf-8"))
    code = next(cell for cell in real["cells"] if cell["cell_type"] == "code")
    broken = tmp_path / "lecture-1-broken.ipynb"
    broken.write_text(json.dumps({**real, "cells": [{**code, "source": "1 / 0"}]}))
    monkeypatch.setattr(lectures, "lectures", lambda: {"1": broken})
    with pytest.raises(RunFailed, match=r"lecture-1-broken\.ipynb.*ZeroDivisionError"):
        lectures.make(["1"], tmp_path / "out", ["en"])


@pytest.mark.parametrize("number", ["9", "99"])
def test_a_lesson_without_a_lecture_starts_nothing(tmp_path, monkeypatch, capsys, number):
    without = {name: path for name, path in lectures.lectures().items() if name != "9"}
    monkeypatch.setattr(lectures, "lectures", lambda: without)
    assert command(["lessons", number, "--slides", "--output", str(tmp_path / "out")]) == 2
    assert number in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
