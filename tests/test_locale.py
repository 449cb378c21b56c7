# SPDX-License-Identifier: MIT
"""The Chinese catalogue: complete, in step, and saying the same as the English."""

import importlib.util
import json
import re
import sys
import tomllib
import warnings
from pathlib import Path

import pytest
from babel.messages.catalog import Message

from minelib import words
from minelib.workbench import translation

ROOT = Path(__file__).resolve().parents[1]


def tool(name):
    spec = importlib.util.spec_from_file_location(f"tool_{name}", ROOT / "tools" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


messages = tool("messages")
build_font = tool("build_font")


def test_the_catalogue_is_complete_and_in_step():
    found = messages.problems(ROOT)
    assert not found, "\n".join(["run `make messages`, then translate:", *found[:40]])


def fault_of(source, target):
    return messages.faults(Message(source, target))


def test_a_missing_placeholder_is_caught():
    assert fault_of("{share} of the world", "世界的{share}") == []
    assert "placeholders differ" in fault_of("{share} of the world", "世界")[0]
    assert "placeholders differ" in fault_of("See `minelib.load`", "见 `minelib`")[0]
    assert "placeholders differ" in fault_of("[a](01-boom.ipynb)", "[一](02-boom.ipynb)")[0]


def test_a_changed_number_is_caught_whatever_the_habit_of_writing_it():
    assert fault_of("about 50,000 machines", "约 5 万台矿机") == []
    assert fault_of("1.5 million people", "150 万人") == []
    assert fault_of("150 billion kWh", "1500 亿千瓦时") == []
    assert fault_of("on 24 September 2021", "2021 年 9 月 24 日") == []
    assert "numbers differ" in fault_of("about 50,000 machines", "约 50 万台矿机")[0]
    assert "numbers differ" in fault_of("in 2021", "在 2012 年")[0]
    assert "numbers differ" in fault_of("some machines", "约 3 台矿机")[0]


def test_a_missing_translation_and_a_fuzzy_one_are_caught():
    assert fault_of("Hash rate", "") == ["untranslated"]
    assert messages.faults(Message("Hash rate", "算力", flags={"fuzzy"})) == ["fuzzy"]


def small_root(tmp_path, cell="# Why?"):
    (tmp_path / "minelib").mkdir(exist_ok=True)
    (tmp_path / "notebooks").mkdir(exist_ok=True)
    (tmp_path / "data").mkdir(exist_ok=True)
    (tmp_path / "minelib" / "a.py").write_text('x = _("Hash rate")\ny = N_("day")\n')
    notebook = {"cells": [{"cell_type": "markdown", "id": "a-01", "source": cell}]}
    (tmp_path / "notebooks" / "01-a.ipynb").write_text(json.dumps(notebook))
    return tmp_path


def test_a_new_message_is_missing_and_a_gone_one_is_stale(tmp_path):
    root = small_root(tmp_path)
    messages.update(root)
    assert {p.split(":")[0] for p in messages.problems(root)} == {"untranslated"}
    small_root(tmp_path, "# Why not?")
    assert {"missing: '# Why not?'", "stale: '# Why?'"} <= set(messages.problems(root))
    messages.update(root)
    assert "stale" not in "".join(messages.problems(root))


def test_what_a_module_says_stands_in_its_toml_and_nothing_else_does(tmp_path):
    """By the keys of ``_say("...")``, or of a name that is looked up."""
    unused, unknown = [], []
    for path in (ROOT / "minelib").rglob("*.toml"):
        says = tomllib.loads(path.read_text(encoding="utf-8")).get("says", {})
        source = path.with_suffix(".py").read_text(encoding="utf-8") if says else ""
        asked = set(re.findall(r'\b_say\(\s*"(\w+)"', source))
        unknown += [f"{path}: {key}" for key in asked - says.keys()]
        if "_say(" in source:
            named = asked | {*re.findall(r'"(\w+)"', source)} | {*tables_of(path)}
            unused += [f"{path}: {key}" for key in says.keys() - named]
    assert not unknown and not unused
    root = small_root(tmp_path)
    (root / "minelib" / "b.toml").write_text('[says]\nlate = "It is late."\n')
    assert "It is late." in {message.id for message in messages.extract(root)}


def tables_of(path):
    """The keys of the other tables, by which sentences may be looked up."""
    for name, table in tomllib.loads(path.read_text(encoding="utf-8")).items():
        yield from table if name != "says" else ()


def test_writing_twice_gives_the_same_bytes(tmp_path):
    root = small_root(tmp_path)
    messages.update(root)
    first = (root / messages.CATALOGUE).read_bytes()
    messages.update(root)
    assert (root / messages.CATALOGUE).read_bytes() == first


@pytest.mark.parametrize("path", sorted((ROOT / "notebooks").glob("*.ipynb")), ids=lambda p: p.stem)
def test_a_chinese_notebook_is_wholly_chinese(path):
    notebook = json.loads(path.read_text(encoding="utf-8"))
    chinese = translation.translated(notebook, "zh")
    for before, after in zip(notebook["cells"], chinese["cells"], strict=True):
        assert before["id"] == after["id"]
        if before["cell_type"] == "markdown":
            left = english_left(after["source"])
            assert not left, f"{before['id']}: {left}"
        else:
            code = [strip_comments("".join(c["source"])) for c in (before, after)]
            code = [re.sub(r'^lang = ".."$', "", c, flags=re.MULTILINE) for c in code]
            assert code[0] == code[1], before["id"]


def strip_comments(source):
    return "\n".join(line.split("#")[0].rstrip() for line in source.splitlines())


def english_left(source):
    """Three English words in a row outside code and links: prose that was forgotten."""
    plain = re.sub(
        r"```.*?```|`[^`]*`|\]\([^)]*\)|<[^>]+>|\{[^{}]*\}|https?://\S+",
        " ",
        source,
        flags=re.DOTALL,
    )
    runs = re.findall(r"[A-Za-z][A-Za-z'’-]*(?:[ ,]+[A-Za-z][A-Za-z'’-]*){2,}", plain)
    return [run for run in runs if any(w[0].islower() and len(w) > 2 for w in run.split())]


def test_messages_of_several_words_are_really_translated():
    names = re.compile(r"^[^a-z]*$|^[A-Z][\w.&'-]*( [A-Z&][\w.&'-]*)*$")
    publishers = {
        source["publisher"]
        for path in ROOT.glob("data/*/*.toml")
        for source in tomllib.loads(path.read_text(encoding="utf-8"))["sources"]
    }
    kept = []
    for message in messages.read(ROOT):
        if message.id and message.string and not re.search("[\u3400-\u9fff]", message.string):
            words = re.findall(r"[a-z]{3,}", re.sub(r"\{[^{}]*\}|`[^`]*`", "", message.id))
            if len(words) > 1 and not names.match(message.id) and message.id not in publishers:
                kept.append(message.id)
    assert not kept


def test_the_default_language_of_a_translated_notebook_follows():
    cell = {
        "cell_type": "code",
        "id": "a",
        "metadata": {"tags": ["parameters"]},
        "source": 'start = "2021-01-01"\nlang = "en"  # Language',
    }
    chinese = translation.translated({"cells": [cell]}, "zh")["cells"][0]["source"]
    assert 'lang = "zh"' in chinese
    assert cell["source"].count('lang = "en"') == 1, "the original stays"


def test_no_prose_is_typed_twice_outside_the_catalogues():
    """Chinese sentences stand in the catalogue and the data, not in code or notebooks.

    Quotations of the article in an example are its words, not ours.
    """
    sentence = re.compile("[\u3400-\u9fff]{6,}")
    for pattern in ("minelib/**/*.py", "notebooks/*.ipynb"):
        for path in ROOT.glob(pattern):
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                ours = re.sub("“[^”]*”", "", line)
                assert not sentence.search(ours), f"{path.relative_to(ROOT)}:{number}"


def characters(font):
    from fontTools.ttLib import TTFont

    return set(map(chr, TTFont(font).getBestCmap()))


@pytest.mark.parametrize("font", [build_font.FONT, build_font.PAGES], ids=lambda path: path.name)
def test_the_font_holds_every_character_that_is_used(font):
    held = characters(font)
    wanted = build_font.chinese(build_font.texts(ROOT))
    assert len(wanted) > 500
    lacking = sorted(wanted - held)
    assert not lacking, f"run `make font`: {''.join(lacking)}"
    assert "SIL OPEN FONT LICENSE" in build_font.LICENCE.read_text(encoding="utf-8")
    assert font.stat().st_size < 900_000


def test_the_font_of_figures_holds_the_usual_characters_of_a_readers_own_words():
    usual = build_font.gb2312_level_1()
    assert len(set(usual)) == 3755
    assert set(usual) <= characters(build_font.FONT)


def test_chinese_in_a_figure_is_drawn_without_a_warning(tmp_path):
    from matplotlib.figure import Figure

    from minelib.style import style

    with style("zh"), warnings.catch_warnings():
        warnings.simplefilter("error")
        chart = Figure(figsize=(4, 2))
        chart.subplots().set_title("全网算力（EH/s）：四川、内蒙古与哈萨克斯坦，2021年6月 −5%")
        for kind in ("png", "svg", "pdf"):
            chart.savefig(tmp_path / f"a.{kind}")


def test_the_catalogue_is_read_fast_enough(calls):
    words._messages.cache_clear()
    assert 5000 < calls(lambda: words._messages("zh")) < 1_000_000, "half a second, once a notebook"
    assert len(words._messages("zh")) > 500
