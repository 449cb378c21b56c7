# SPDX-License-Identifier: MIT
"""Every date and body of a policy act in prose is that of a row of the tables."""

import pytest
from policy_prose import dates, faults, sentences, texts

# sentences that need no row, by words that stand in them, and why
EXCEPTIONS = {
    "lost between April 2021": "a month of the map, not of an act",
    "在 2021 年 4 月（{start}）": "a month of the map, not of an act",
    "CoinDesk 2020-04-17": "the day of an article on machines",
    "October 2025 within the day": "a price at the close of the market",
    "closed November 2018": "a pool that closed",
    "closed June 2015": "a pool that closed",
    "closed October 2016": "a pool that closed",
    "by the end of April": "the deadline that the measures of Inner Mongolia set",
    "until 22 September": "the end that Iran's president set to the ban",
    "禁止至9月22日": "the end that Iran's president set to the ban",
    "energy dual-control measures": "the months are those of Inner Mongolia's measures",
    "内蒙古的能耗双控措施": "the months are those of Inner Mongolia's measures",
    "A common telling has it": "told in order to be put to the test",
    "常见的讲法是": "told in order to be put to the test",
    "Ministry of Ecology and Environment": "publishes emission factors; no act of policy on mining",
}


def told():
    for place, lang, text in texts():
        for sentence in sentences(lang, text):
            for fault in faults(lang, sentence):
                yield place, lang, sentence, fault


@pytest.fixture(scope="module")
def untied():
    return list(told())


def excepted(sentence):
    return [words for words in EXCEPTIONS if words in sentence]


def test_no_text_says_of_an_act_what_no_row_says(untied):
    left = [
        f"{place} ({lang}): {fault}: {sentence}"
        for place, lang, sentence, fault in untied
        if not excepted(sentence)
    ]
    assert left == [], "take the day and the body from events, bodies and documents"


def test_no_exception_is_left_over(untied):
    used = {words for _place, _lang, sentence, _fault in untied for words in excepted(sentence)}
    assert used == set(EXCEPTIONS)


@pytest.mark.parametrize(
    ("lang", "sentence", "fault"),
    [
        ("en", "On 11 June 2021 Sichuan ordered its mines to close.", "is of sichuan"),
        ("en", "Mining was forbidden in the whole country in July 2020.", "no act is of 2020-7"),
        ("en", "Mining was banned in 2016.", "no act is of 2016"),
        ("en", "The State Council ordered the closures on 21 May 2021.", "is no body"),
        ("en", "The NDRC ordered it on 21 May 2021.", "is by ndrc"),
        ("en", "A notice of nine ministries and of twelve bodies followed.", "by 12 bodies"),
        ("en", "The ten-body notice banned mining in the whole country.", "did not ban mining"),
        ("en", "With the 924 notice mining was outlawed.", "did not ban mining"),
        ("en", "Yunnan shut its mines on 9 June.", "is of yunnan"),
        ("zh", "2021年6月11日四川通知关停矿场。", "is of sichuan"),
        ("zh", "2020 年 7 月全国禁止挖矿。", "no act is of 2020-7"),
        ("zh", "国务院于 2021 年 5 月 21 日发布通知。", "is no body"),
        ("zh", "国家发展改革委于 2021 年 5 月 21 日发布通知。", "is by ndrc"),
        ("zh", "十二部门发布通知。", "by 12 bodies"),
        ("zh", "十部门的通知禁止挖矿。", "did not ban mining"),
        ("zh", "924 通知叫停了全国挖矿。", "did not ban mining"),
    ],
)
def test_what_no_row_says_is_found(lang, sentence, fault):
    assert any(fault in each for each in faults(lang, sentence)), faults(lang, sentence)


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [
        ("en", "On 18 June 2021 Sichuan ordered 26 projects closed."),
        ("en", "Zhundong and Qinghai closed their mines on 9 June."),
        ("en", "The ten-body notice of 24 September 2021 is about trading."),
        ("en", "The notice on mining, by eleven bodies, was signed on 3 September 2021."),
        ("zh", "2021 年 6 月 18 日四川下发通知，关停 26 个项目。"),
        ("zh", "十部门的通知针对交易，十一部门的通知整治挖矿。"),
        ("zh", "2021年9月14日河北开展专项整治。"),
    ],
)
def test_what_a_row_says_is_let_through(lang, sentence):
    assert faults(lang, sentence) == []


def test_dates_are_read_as_they_are_written():
    assert dates(
        "en", "from 9 to 12 June 2021, in May and July 2021, on 2021-09-24 and in 2019"
    ) == [
        (2021, 6, 9),
        (2021, 6, 12),
        (2021, 5, None),
        (2021, 7, None),
        (2021, 9, 24),
        (2019, None, None),
    ]
    assert dates("zh", "2021 年 6 月 9 日至 12 日，2021年5月和7月，9月24日，2019年") == [
        (2021, 6, 9),
        (2021, 5, None),
        (None, 7, None),
        (None, 9, 24),
        (2019, None, None),
    ]
