# SPDX-License-Identifier: MIT
"""``data-dict.yaml`` says of every column what may be done with it, and says no more than is so."""

import sys
from pathlib import Path

import pandas as pd
import pytest
import yaml

import minelib as ml

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tools"))
import data_dict  # noqa: E402


@pytest.fixture(scope="module")
def told():
    return yaml.safe_load(data_dict.text("parquet/{name}.parquet"))


@pytest.fixture(scope="module")
def columns(told):
    return {(t["name"], c["name"]): c for t in told["tables"] for c in t["columns"]}


def test_every_table_and_column_is_there_in_order(told):
    assert [t["name"] for t in told["tables"]] == ml.catalog.default().names
    for table in told["tables"]:
        known = ml.catalog.default().descriptor(table["name"])
        assert [c["name"] for c in table["columns"]] == [c.name for c in known.columns]


@pytest.mark.parametrize(
    "table, column, measure, word",
    [
        ("network_daily", "transactions", "number(quantity)", "summed and averaged"),
        ("network_daily", "hashrate_eh_s", "number(quantity)", "not summed"),
        ("network_daily", "price_usd", "number", "never summed"),
        ("country_share", "share_pct", "number(quantity)", "never over time"),
        ("carbon_intensity", "intensity_g_kwh", "number", "never summed"),
        ("carbon_intensity", "year", "number(ordinal)", "neither summed nor averaged"),
        ("blocks", "height", "number(ordinal)", "neither summed nor averaged"),
        ("blocks", "time_s", "number(ordinal)", "neither summed nor averaged"),
        ("pool_share", "total_blocks", "number", "sum no column of it"),
        ("claim_yardsticks", "value", "number", "differs by row"),
    ],
)
def test_what_may_be_summed_and_what_may_not(columns, table, column, measure, word):
    entry = columns[table, column]
    assert entry["type"] == measure and word in entry["details"]


def test_a_unit_stands_where_the_format_takes_one_and_in_words_elsewhere(columns):
    for d in ml.catalog.default().descriptors():
        for c in d.columns:
            entry = columns[d.name, c.name]
            if c.type in ("number", "integer") and c.unit:
                if entry["type"] == "number(quantity)":
                    assert entry["units"] == c.unit
                elif entry["type"] == "number":
                    assert f"In {c.unit}." in entry["details"]


def test_ranges_are_those_of_the_tables(columns):
    for table, column in [
        ("country_share", "month"),
        ("blocks", "time_s"),
        ("machines", "power_w"),
    ]:
        seen = ml.load(table)[column].dropna()
        low, high = columns[table, column]["range"]
        if column == "month":
            low, high = pd.Timestamp(low), pd.Timestamp(high)
        assert (low, high) == (seen.min(), seen.max())


def test_joins_lead_to_keys(told):
    keys = {d.name: d.primary_key for d in ml.catalog.default().descriptors()}
    assert len(told["relationships"]) > 20
    for join in told["relationships"]:
        left, right = (side.split(".") for side in join["join"].split(" = "))
        names = join.get("aliases", {})
        assert keys[names.get(right[0], right[0])] == (right[1],)
        assert left[1] in ml.load(names.get(left[0], left[0])).columns


def test_a_unit_of_a_new_kind_has_to_say_what_may_be_done(monkeypatch):
    monkeypatch.delitem(data_dict.MEASURES, "share")
    with pytest.raises(KeyError, match="share"):
        data_dict.dictionary()
