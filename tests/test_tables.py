# SPDX-License-Identifier: MIT
import re

import pandas as pd
import pytest
from minelib.tables import table as former

from minelib.errors import UnknownName


def table(*args, **kwargs):
    with pytest.warns(DeprecationWarning, match="ml.show"):
        return former(*args, **kwargs)


FRAME = pd.DataFrame(
    {
        "place": ["china", "<b>", None],
        "share_pct": [46.04, float("nan"), 0.5],
        "count": [1200, 3, 0],
        "month": pd.to_datetime(["2021-04-01", None, "2021-05-01"]),
        "flag": [True, False, True],
    }
)


def test_text_and_gaps():
    lines = str(table(FRAME, decimals={"share_pct": 1})).splitlines()
    assert lines[0].split() == ["place", "share_pct", "count", "month", "flag"]
    assert lines[2].split() == ["china", "46.0", "1,200", "2021-04-01", "yes"]
    assert lines[3].split() == ["<b>", "–", "3", "–", "no"]


def test_html_is_escaped_and_labelled():
    html = table(FRAME, caption="A & B", tables=("country_share",))._repr_html_()
    assert "&lt;b&gt;" in html and "<caption>A &amp; B</caption>" in html
    assert html.count('scope="col"') == 5
    assert "country_share v" in html


def test_columns_are_chosen_and_ordered():
    shown = table(FRAME, heads={"share_pct": "Share", "place": "Place"})
    assert shown.heads == ["Share", "Place"] and shown.numeric == [True, False]
    with pytest.raises(UnknownName, match="share_pct"):
        table(FRAME, heads={"share": "Share"})


def test_a_function_may_format():
    assert table(FRAME, decimals={"share_pct": "{:.0f} %".format}).cells[0][1] == "46 %"


def test_sentences_get_room_and_chinese_is_aligned():
    frame = pd.DataFrame({"地点": ["中国", "哈萨克斯坦"], "why": ["a word", "word " * 40]})
    html = table(frame)._repr_html_()
    assert set(re.findall(r"min-width:[^;\"]*", html)) == {"min-width:16em"}
    assert '<td style="text-align:left">中国' in html, "a name needs no room of its own"
    lines = str(table(frame)).splitlines()
    # a Chinese character takes two places: "哈萨克斯坦" ten, so the next column begins at twelve
    assert lines[2] == "中国" + " " * 8 + "a word"
