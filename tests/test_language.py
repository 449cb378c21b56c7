# SPDX-License-Identifier: MIT
"""Phrases that no editor of either language would pass, and terms as table `terms` has them."""

import json
import re

import pytest
from babel.messages.pofile import read_po
from texts import ROOT, ours

import minelib as ml

UNITS = (
    "row|month|year|day|week|table|country|province|pool|machine|claim|cell|source|epoch|"
    "step|company|owner|worker|place|series|version|notebook|run|student|lesson|event|block|kWh"
)
# what is refused, and what says it instead
ENGLISH = {
    rf"\b(one|a) (row|line|column|page|section|folder|address|mark|card) an? ({UNITS})\b": "per",
    r"\bmachines an? (site )?(owner|worker)\b(?! had)": "machines per owner",
    r"\b(electricity|energy|emissions|revenue|margin|fee|coins) an? (month|day|block)\b": "per",
    r"\bwho finds it adds\b": "whoever finds it adds",
    r"\bdear(er|est)? (power|electricity|energy|tariff|price)|\bpower is dear\b": "expensive",
    r"\bnine stories\b": "nine scenarios",
    r"\b(come|comes|coming|came) out again\b|\bresults come out\b": "can be reproduced",
    r"\b0\s?% hold\b": "none holds",
    r"\bapples (and|with|to) (an? )?(basket|oranges|pears)|apples and pears": "like with like",
    r"\bthe middle of what is known\b|\bis no (random sample|middle)\b": "is not a",
    r"\bhash(ing)? power\b": "hash rate",
    r"\bdifficulty (period|adjustment)\b": "epoch, retarget",
    r"\b(rain|rainy|monsoon) season\b": "wet season",
    r"\bmining (farm house|plant)s?\b": "mine",
}
CHINESE = {
    "朗读文章": "读文章",
    "一架(机器|矿机)|架机器": "一台机器",
    "(?<!汇)集合(?=的|，|高于|区间|放弃|$)": "集成",
    "不是机会|机会(各半|相等|均等)": "概率",
    "禁事": "严禁",
    "(碳|双碳|减排|气候).{0,4}承诺": "目标",
    "苹果[和与同]?.{0,4}梨": "样本不可比",
    "信封背面": "粗略估算",
    "水平的一次断裂|何时断裂|断裂在何时|时候断裂": "断点",
    "切法|这一刀": "分割",
    "认定的嫌疑": "主要原因",
    "无事之处": "没有干预时",
    "只凭趋势会有": "按原有趋势应有",
    "回看 `": "过去若干天",
    "依此行事": "据此决策",
    "总成绩": "总体结果",
    "看到了几分|见到了什么程度": "核实、查阅到什么程度",
    "改写成真话": "改写成准确的说法",
    "走运的日子": "偶然偏高的一天",
    "一个词的理由": "理由太短",
    "三个点": "省略号",
    "别的课": "不是本课的笔记本",
    "不是错，而是空": "没有意义",
    "(出块|找到区块)的运气": "出块的随机波动",
    "乱喊狼": "误报",
    "哈希率|散列率|哈希速率|哈希算力": "算力",
    "哈希价格": "算力价格",
    "采矿难度|难度重定": "难度调整",
    "湿季|雨季": "丰水期",
    "旱季|干季": "枯水期",
    "(采矿|矿工)池": "矿池",
    "碳(密度|浓度)": "碳强度",
    "区块补助": "区块补贴",
    "份额": "占比",
    "尺子": "尺度",
    "机主": "矿主",
}
# terms that have one sense in our prose; the others (load, share, mine) are also plain words
TERMS = [
    "block_subsidy",
    "coinbase_tag",
    "dry_season",
    "halving",
    "hashprice",
    "hashrate",
    "hydropower",
    "machine",
    "pool",
    "retarget",
    "shut",
    "tariff",
    "wet_season",
]
# the article's words and the names of works are their authors'; table terms lists other words too
OTHERS = re.compile(r"^(claims|claim_sources|published_results|documents|events|terms|companies)\.")


def notebooks():
    for path in sorted((ROOT / "notebooks").rglob("*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            yield path.name, "".join(cell["source"])


@pytest.fixture(scope="module")
def texts():
    catalogue = [(place, text) for place, text in ours() if not OTHERS.match(place)]
    return [*catalogue, *notebooks()]


@pytest.fixture(scope="module")
def messages():
    with (ROOT / "minelib/locale/zh/LC_MESSAGES/minelib.po").open("rb") as file:
        return [(str(message.id), str(message.string)) for message in read_po(file) if message.id]


def refused(phrase, text):
    """The words of a text that a phrase refuses, with what stands around them."""
    found = re.search(phrase, text, re.IGNORECASE)
    return found and text[max(0, found.start() - 30) : found.end() + 30].replace("\n", " ")


@pytest.mark.parametrize("phrase", [*ENGLISH, *CHINESE])
def test_no_text_has_a_phrase_that_no_editor_would_pass(texts, phrase):
    better = (ENGLISH | CHINESE)[phrase]
    found = [f"{place}: {words}" for place, text in texts if (words := refused(phrase, text))]
    assert not found, f"say it as: {better}"


@pytest.mark.parametrize(
    "text",
    [
        "A table with one row a month.",
        "Machines an owner",
        "Who finds it adds a block.",
        "When dear power drives old machines out",
        "0 % hold",
        "compares apples with a basket of apples and pears",
        "朗读文章的哪一部分",
        "手里有一架机器的人",
        "集合的中位数",
        "范围不是机会",
        "内蒙古的碳减排承诺",
        "拿苹果同一篮苹果和梨相比",
    ],
)
def test_the_phrases_are_seen(text):
    assert any(refused(phrase, text) for phrase in [*ENGLISH, *CHINESE])


@pytest.mark.parametrize(
    "text",
    ["how many machines an owner had", "40 TWh a year", "两份汇集合并", "没有机会迁移", "历史承诺"],
)
def test_good_sentences_pass(text):
    assert not any(refused(phrase, text) for phrase in [*ENGLISH, *CHINESE])


@pytest.mark.parametrize("key", TERMS)
def test_a_term_is_told_by_the_word_that_the_table_has(messages, key):
    term = ml.load("terms").set_index("term").loc[key].fillna("")
    others = [word.split(" (")[0].strip() for word in term["aliases"].split(";")]
    chinese = [term["name_zh"], *(word for word in others if word)]
    english = "|".join(re.escape(name.split(" (")[0]) for name in term["name_en"].split("; "))
    said = [(en, zh) for en, zh in messages if re.search(rf"\b({english})s?\b", en, re.I)]
    assert said, f"{key} is in no text: leave it out of the list"
    assert not [(en[:80], zh[:80]) for en, zh in said if not any(word in zh for word in chinese)]
