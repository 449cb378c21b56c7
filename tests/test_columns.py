# SPDX-License-Identifier: MIT
"""The dictionary of columns: every column has its words, and nothing else has."""

import re
import subprocess
import sys
from itertools import pairwise

import pandas as pd
import pytest

import minelib as ml
from minelib.catalog import Catalog, columns, units
from minelib.catalog.dictionary import read_columns
from minelib.errors import BadInput, DamagedData, MinelibError, UnknownName
from minelib.words import gettext

CATALOG = ml.catalog.default()
WORDS = CATALOG.words
COLUMNS = [(d.name, c) for d in CATALOG.descriptors() for c in d.columns]
BY_NAME = [f"{table}.{c.name}" for table, c in COLUMNS]
HAN = re.compile(r"[\u4e00-\u9fff]")
# names of firms and data sets, codes and units are the same in every language
LATIN = re.compile(r"%|[A-Za-z0-9][-A-Za-z0-9 /.,%]*")


def entries():
    return [(name, table, w) for name, found in WORDS.items() for table, w in found.items()]


@pytest.mark.parametrize("table, column", COLUMNS, ids=BY_NAME)
def test_every_column_has_words_and_the_unit_of_its_descriptor(table, column):
    word = columns.word(column.name, [table])
    assert word is not None, f"data/columns.toml has no [{column.name}]"
    assert word.unit == column.unit, "the descriptor and data/columns.toml differ"


@pytest.mark.parametrize(
    "table, column",
    [pair for pair in COLUMNS if pair[1].enum],
    ids=[f"{t}.{c.name}" for t, c in COLUMNS if c.enum],
)
def test_every_value_of_a_closed_list_has_words(table, column):
    word = columns.word(column.name, [table])
    assert {str(v) for v in column.enum} - set(word.values) == set()


@pytest.mark.parametrize(
    "table, column",
    [pair for pair in COLUMNS if pair[1].references],
    ids=[f"{t}.{c.name}" for t, c in COLUMNS if c.references],
)
def test_a_key_of_a_names_table_is_read_from_it(table, column):
    to = column.references.split(".")[0]
    named = {c.name for c in CATALOG.descriptor(to).columns} & {"name_en", "title_en"}
    word = columns.word(column.name, [table])
    assert word.names == (to if named else "") or (word.values and not named)


def test_a_tables_own_meaning_differs_and_its_table_has_the_column():
    for name, table, word in entries():
        if not table:
            continue
        assert any(c.name == name for c in CATALOG.descriptor(table).columns), (name, table)
        assert word != WORDS[name][""], f"[{name}.{table}] says nothing of its own"


def test_every_names_table_has_a_key_and_names_in_both_languages():
    for table in {w.names for _name, _table, w in entries() if w.names}:
        d = CATALOG.descriptor(table)
        named = {c.name for c in d.columns}
        assert {"name_en", "name_zh"} <= named or {"title_en", "title_zh"} <= named, table
        assert len(d.primary_key) == 1


def test_labels_read_as_english_and_as_chinese():
    for name, table, word in entries():
        place = (name, table)
        assert not HAN.search(word.en), place
        assert word.en[0] == word.en[0].upper() or word.en.startswith("of it"), place
        assert len(word.en) <= 45 and len(word.zh) <= 26, place
        assert HAN.search(word.zh), place
        assert "_" not in word.en and "(%)" not in word.en, place


def test_words_of_values_read_as_english_and_as_chinese():
    for name, table, word in entries():
        for key, (en, zh) in word.values.items():
            assert not HAN.search(en), (name, table, key)
            assert HAN.search(zh) or LATIN.fullmatch(zh), (name, table, key)


def test_entries_stand_in_alphabetical_order():
    misplaced = [name for before, name in pairwise(WORDS) if name < before]
    assert not misplaced, f"data/columns.toml: {misplaced} after a later name"


def test_label_carries_the_unit_in_the_habit_of_the_language():
    assert columns.label("hashrate_eh_s", "en") == "Hash rate (EH/s)"
    assert columns.label("hashrate_eh_s", "zh") == "算力（EH/s）"
    assert columns.label("share_pct", "en") == "Share (%)"
    assert columns.label("share_pct", "en", unit=False) == "Share"
    assert columns.label("delay_days", "zh") == "延误（天）"
    assert columns.label("best_twh", "en", unit="TWh") == "Best guess (TWh)"
    with pytest.raises(UnknownName, match="unit"):
        columns.label("best_twh", "en", unit="TW h")


@pytest.mark.parametrize("name", ["year", "month_of_year", "height", "block_hash", "place", "days"])
def test_label_without_a_unit_to_show(name):
    assert "(" not in columns.label(name, "en") and "（" not in columns.label(name, "zh")


def test_label_of_a_table_and_of_the_current_language():
    assert columns.label("share_pct", "en", tables="pool_share") == "Share of blocks (%)"
    ml.words.use("zh")
    try:
        assert columns.label("month") == "月份"
        assert columns.value("province", "sichuan") == "四川"
    finally:
        ml.words.use("en")


def test_tables_without_the_column_have_no_say():
    assert columns.word("share_pct", ["events", "pool_share"]).en == "Share of blocks"
    assert columns.word("share_pct", ["events"]) == WORDS["share_pct"][""]


def test_tables_that_agree_are_no_trouble():
    both = columns.word("share_pct", ["pool_share", "pool_blocks_by_epoch"])
    assert both.en == "Share of blocks"


def test_a_tables_own_label_stands_before_the_general_one_but_not_another_unit():
    both = columns.word("share_pct", ["other_estimates", "country_share"])
    assert both.en == "Share of the world's hash rate"
    with pytest.raises(BadInput, match="index_yearly"):
        columns.word("best_twh", ["index_reference", "index_yearly"])


def test_tables_that_disagree_are_refused_in_one_sentence():
    with pytest.raises(BadInput) as caught:
        columns.label("share_pct", "en", ["pool_share", "country_share"])
    sentence = str(caught.value)
    assert all(w in sentence for w in ("share_pct", "pool_share", "country_share"))
    assert "\n" not in sentence and sentence.endswith(".")


def test_unknown_table_is_refused_and_unknown_column_passes():
    with pytest.raises(UnknownName, match="pool_share"):
        columns.label("share_pct", tables=["pool_shar"])
    assert columns.word("mine") is None and not columns.known("mine")
    assert columns.label("mine", "zh", ["pool_share"]) == "mine"
    assert columns.label(2021) == "2021"
    assert columns.value("mine", 1.5, "zh") == "1.5"


def test_values_come_from_names_then_from_words_then_as_they_are():
    assert columns.value("pool", "f2pool", "zh") == "鱼池"
    assert columns.value("destination", "kazakhstan", "zh") == "哈萨克斯坦"
    assert columns.value("destination", "hidden", "zh") == "隐藏在中国"
    assert columns.value("destination", "atlantis", "zh") == "atlantis"
    assert columns.value("event", "halving_3", "en", "halvings") == "halving 3"
    title = ml.load("events").set_index("event").loc["sichuan_order", "title_zh"]
    assert columns.value("nearest_event", "sichuan_order", "zh") == title


def test_a_missing_chinese_name_is_the_english_one():
    pools = ml.load("pools")
    row = pools[pools["name_zh"].isna()].iloc[0]
    assert columns.value("pool", row["pool"], "zh") == row["name_en"]


# a word that a module translates for its own sentences is the word of the dictionary
VOCABULARIES = {
    "verdict": lambda: {v: v for v in ml.claims.VERDICTS},
    "section": lambda: ml.claims.sections("en"),
}


@pytest.mark.parametrize("name", VOCABULARIES)
def test_modules_and_dictionary_use_one_word_for_one_thing(name):
    for key, english in VOCABULARIES[name]().items():
        wanted = tuple(gettext(english, lang) for lang in ("en", "zh"))
        assert WORDS[name][""].values[key] == wanted, key


# ---- results ----------------------------------------------------------------------------

S9, S19 = "antminer_s9", "antminer_s19"


def flows():
    return ml.geography.flows()


RESULTS = {
    "chain.hash_rate": lambda: ml.chain.hash_rate("epoch"),
    "chain.retargets": lambda: ml.chain.retargets(),
    "chain.growth": lambda: ml.chain.growth("2021-05-01", "2021-07-01"),
    "geography.by_country": lambda: ml.geography.by_country(),
    "geography.by_province": lambda: ml.geography.by_province(),
    "geography.concentration": lambda: ml.geography.concentration(),
    "geography.sampling": lambda: ml.geography.sampling(),
    "geography.seasonality": lambda: ml.geography.seasonality(),
    "geography.sensitivity": lambda: ml.geography.sensitivity(),
    "flows.table": lambda: flows().table(),
    "flows.margins": lambda: flows().margins(),
    "flows.gains": lambda: flows().gains(),
    "flows.links": lambda: flows().links(),
    "flows.evidence": lambda: flows().evidence(),
    "flows.unknowns": lambda: flows().unknowns(),
    "pools.share": lambda: ml.pools.share(),
    "pools.share by labelling": lambda: ml.pools.share(labels="2026", start="2021-01-01"),
    "pools.contrast": lambda: ml.pools.contrast(),
    "pools.turnover": lambda: ml.pools.turnover("2021-05-01", "2021-07-01"),
    "energy.index": lambda: ml.energy.index(),
    "energy.totals": lambda: ml.energy.totals(),
    "energy.regional": lambda: ml.energy.regional(),
    "energy.map_shares": lambda: ml.energy.map_shares(),
    "energy.minting_cost": lambda: ml.energy.minting_cost(),
    "energy.tariff_ranges": lambda: ml.energy.tariff_ranges(),
    "energy.accuracy": lambda: ml.energy.accuracy(),
    "energy.overlap": lambda: ml.energy.overlap(),
    "energy.since_published": lambda: ml.energy.since_published(),
    "carbon.by_survey": lambda: ml.carbon.by_survey(),
    "carbon.change": lambda: ml.carbon.change(),
    "ensemble.drivers": lambda: ml.energy.ensemble().drivers,
    "ensemble.monthly": lambda: ml.energy.ensemble().monthly,
    "ensemble.yearly": lambda: ml.energy.ensemble().yearly,
    "carbon.ban": lambda: ml.carbon.ban("canada"),
    "carbon.emissions": lambda: ml.carbon.emissions(),
    "carbon.intensity": lambda: ml.carbon.intensity(),
    "carbon.by_place": lambda: ml.carbon.by_place(),
    "carbon.power_mix": lambda: ml.carbon.power_mix(),
    "carbon.factor_set": lambda: ml.carbon.factor_set(),
    "carbon.multiverse": lambda: ml.carbon.multiverse(),
    "carbon.deciding_choices": lambda: ml.carbon.deciding_choices(),
    "carbon.decomposition": lambda: ml.carbon.decomposition(),
    "economics.hash_price": lambda: ml.economics.hash_price(),
    "economics.revenue_per_th": lambda: ml.economics.revenue_per_th(),
    "economics.revenue": lambda: ml.economics.revenue(
        S19, 0.05, start="2021-01-01", end="2021-03-01"
    ),
    "economics.machine_frontier": lambda: ml.economics.machine_frontier(),
    "economics.break_even": lambda: ml.economics.break_even([S9]),
    "economics.payback": lambda: ml.economics.payback([S19], ["2021-06-20"]),
    "economics.machine_price_series": lambda: ml.economics.machine_price_series(
        S19, "2021-01-01", "2021-06-01"
    ),
    "economics.assumptions": lambda: ml.economics.assumptions(),
    "economics.destinations": lambda: ml.economics.destinations(),
    "economics.tariffs": lambda: ml.economics.tariffs("texas"),
    "economics.delay_and_tariff": lambda: ml.economics.delay_and_tariff(S19, "texas"),
    "economics.compare_machines": lambda: ml.economics.compare_machines([S19], draws=200),
    "choice.table": lambda: ml.economics.choice(S19, draws=200).table(),
    "choice.paths": lambda: ml.economics.choice(S19, draws=200).paths(),
    "choice.drivers": lambda: ml.economics.choice(S19, draws=200).drivers("texas"),
    "employment.table": lambda: ml.employment.estimate().table(),
    "employment.parameters": lambda: ml.employment.estimate().parameters,
    "employment.draws": lambda: ml.employment.estimate().draws,
    "employment.inputs": lambda: ml.employment.estimate().inputs,
    "employment.drivers": lambda: ml.employment.estimate().drivers(),
    "employment.required": lambda: ml.employment.estimate().required(),
    "impact.breakpoints": lambda: ml.impact.breakpoints(),
    "impact.pool_contrast": lambda: ml.impact.pool_contrast("2021-09-24", leave_out=False),
    "impact.pool_rates": lambda: ml.impact.pool_rates("founded", "W", "2021-06-01", "2021-07-31"),
    "impact.pool_steps": lambda: ml.impact.pool_steps("founded", "2021-06-01", "2021-06-30"),
    "impact.share_by_outage": lambda: ml.impact.share_by_outage(),
    "impact.swing": lambda: ml.impact.swing(draws=199),
    "impact.swing by year": lambda: ml.impact.swing("pools", by="year"),
    "impact.swing by start": lambda: ml.impact.swing(by="start"),
    "effect.series": lambda: ml.impact.effect("2021-05-21").series(),
    "effect.summary": lambda: ml.impact.effect("2021-05-21").summary(),
    "timeline.events": lambda: ml.timeline.events(),
    "timeline.legal_status": lambda: ml.timeline.legal_status(),
    "catalog.coverage": lambda: ml.catalog.coverage(),
    "claims.ledger": lambda: ml.claims.ledger(),
    "claims.Trial.proposals": lambda: ml.claims.Trial.from_file("relocation").proposals(),
    "claims.rule_table": lambda: ml.claims.rule_table(),
    "claims.score": lambda: ml.claims.score(),
    "claims.readings": lambda: ml.claims.readings(),
    "published.table": lambda: ml.published.table(),
    "published.by_version": lambda: ml.published.by_version(),
    "published.on_one_scale": lambda: ml.published.on_one_scale(ml.published.table()),
    "published.formatted": lambda: ml.published.formatted(ml.published.table()),
    "catalog.list": lambda: ml.catalog.list(),
    "describe.columns_frame": lambda: ml.describe("halvings").columns_frame(),
}


@pytest.mark.parametrize("call", RESULTS)
def test_every_column_of_a_result_is_known(call):
    result = RESULTS[call]()
    frame = result.to_frame() if isinstance(result, pd.Series) else result
    names = [*frame.columns, *filter(None, frame.index.names)]
    assert [name for name in names if not columns.known(name)] == []


# ---- the file ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "old, new, words",
    [
        ('zh = "网址"', 'xh = "网址"', ["address", "zh"]),
        ('unit = "percent"', 'unit = "per cent"', ["unit of minelib.catalog.units", "per cent"]),
        ('names = "places"', 'names = "planets"', ["table of names", "planets"]),
        ("[share_pct.pool_share]", "[share_pct.pool_shares]", ["share_pct", "pool_shares"]),
        ("digits = 0", "digits = true", ["int"]),
        ("[address]", "[address", ["TOML"]),
        ('coal = ["Coal", "煤电"]', 'coal = ["Coal"]', ["Chinese", "coal"]),
        ('en = "Address"', 'en = " "', ["empty", "address.en"]),
        ("# The dictionary", "extra = 1\n# The dictionary", ["brackets", "extra"]),
    ],
)
def test_damaged_dictionary_names_file_and_entry(data_copy, old, new, words):
    path = data_copy / "columns.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DamagedData) as caught:
        read_columns(path)
    assert caught.value.file == "columns.toml"
    assert all(word in str(caught.value) for word in words), str(caught.value)
    assert any(p.file == "columns.toml" for p in Catalog(data_copy).check())


def test_altered_or_missing_dictionary_is_found(data_copy):
    path = data_copy / "columns.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("Address", "Adress", 1), encoding="utf-8")
    assert "columns.toml" in [p.file for p in Catalog(data_copy).check()]
    path.unlink()
    assert [(p.file, "missing" in p.rule) for p in Catalog(data_copy).check()] == [
        ("columns.toml", True)
    ]


def test_catalogue_takes_its_words_from_the_dictionary():
    described = ml.describe("pool_share", "zh")
    assert "占区块的比例" in str(described) and "占区块的比例" in described._repr_html_()
    assert described.columns_frame().set_index("name").loc["share_pct", "label"] == "占区块的比例"
    book = pd.read_csv(ml.catalog.data_folder() / "CODEBOOK.csv", dtype=str)
    row = book[(book["table"] == "pool_share") & (book["column"] == "share_pct")].iloc[0]
    assert (row["label_en"], row["label_zh"]) == ("Share of blocks", "占区块的比例")


def test_a_run_depends_on_the_dictionary():
    from minelib.workbench.runs import cache

    assert "data/columns.toml" in cache.source()


def test_words_need_no_pandas():
    code = (
        "import sys; from minelib.catalog import columns; columns.label('share_pct', 'en'); "
        "print('pandas' in sys.modules)"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "False"


@pytest.mark.parametrize("odd", [None, 3, True, float("nan"), object()])
def test_odd_arguments_are_refused_with_a_sentence(odd):
    for call in (
        lambda: columns.label("month", tables=odd),
        lambda: columns.value("month", "2021-05-01", tables=odd),
        lambda: units.convert(1.0, odd, "EH/s"),
        lambda: units.convert(object(), "PH/s", "EH/s"),
    ):
        with pytest.raises(MinelibError):
            call()
    if odd is not True:
        with pytest.raises(UnknownName, match="unit"):
            columns.label("month", unit=odd)
