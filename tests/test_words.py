# SPDX-License-Identifier: MIT
import datetime

import pandas as pd
import pytest

import minelib as ml
from minelib import words
from minelib.catalog.names import place_name, pool_name
from minelib.errors import UnknownName


def test_unknown_language_names_the_known_ones():
    with pytest.raises(UnknownName, match="en, zh"):
        ml.use("fr")
    with pytest.raises(LookupError, match="en, zh"):
        words.use("fr")
    assert words.current() == "en"


def test_numbers_by_the_habit_of_the_language():
    assert words.number(1234567.891, 2, "en") == "1,234,567.89"
    assert words.compact(1_500_000_000, 0, "en") == "2 billion"
    assert words.compact(150_000_000_000, 0, "zh") == "1500亿"
    assert words.compact(20_000, 0, "zh") == "2万"
    assert words.percent(-27.943, 2, "en") == "−27.94%"
    assert words.number(-0.001, 1, "en") == "0.0", "no minus before a zero"
    assert words.number(0.6, 1, "en", signed=True) == "+0.6"
    assert words.number(float("nan"), 1, "en") == "–"


def test_dates_by_the_habit_of_the_language():
    day = datetime.date(2021, 9, 24)
    for same in (day, "2021-09-24", pd.Timestamp(day)):
        assert words.date(same, "en") == "24 September 2021"
        assert words.date(same, "zh") == "2021年9月24日"
        assert words.month(same, "zh") == "2021年9月"


def test_a_message_without_translation_stays_english():
    assert words.gettext("no such message in any catalogue", "zh").startswith("no such")


def test_names_of_places_and_pools():
    assert place_name("inner_mongolia", "zh").startswith("内蒙古")
    assert pool_name("f2pool", "zh") == "鱼池"  # the founders' own name for it
    assert pool_name("antpool", "zh") == "蚂蚁矿池"
    assert place_name("atlantis", "en") == "atlantis"


def test_large_numbers_are_in_the_words_of_the_language_and_small_ones_are_rounded():
    assert words.compact(7_300_620.3, 1, "en") == "7.3 million"
    assert words.compact(7_300_620.3, 1, "zh") == "730.1万"
    assert [words.compact(6.661977, 1, lang) for lang in ("en", "zh")] == ["6.7", "6.7"]
