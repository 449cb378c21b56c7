# SPDX-License-Identifier: MIT
"""The tables for programs that ask what may be added up: ``data-dict.yaml``.

`tools/data_package.py` writes it beside the Parquet files, which it names and which ``data-dict
validate-data`` reads. Everything in it comes from the descriptors, the dictionary of columns and
the tables themselves; what may be summed or averaged follows from the kind of a column's unit.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import minelib as ml  # noqa: E402
from minelib.catalog.descriptor import Column, Descriptor  # noqa: E402
from minelib.catalog.dictionary import columns_of, read_columns  # noqa: E402
from minelib.catalog.units import UNITS  # noqa: E402

MIXED = "The unit differs by row: compare only rows of one quantity, and sum none."
AMOUNT = "May be summed and averaged."
LEVEL = "May be summed over what exists at one time; over time it may be averaged, not summed."
SHARE = "May be summed over parts of one whole at one time; never over time, nor over wholes."
RATE = "May be averaged with weights; never summed."
ORDER = "May be compared and counted from; neither summed nor averaged."
# kind of the unit: the measure of the format, and what may be done in words
MEASURES: dict[str, tuple[str, str]] = {
    **dict.fromkeys(
        ["count", "energy", "mass", "money", "money (CNY)", "coins", "volume", "area", "weight"],
        ("number(quantity)", AMOUNT),
    ),
    **dict.fromkeys(["time", "months", "years"], ("number(quantity)", AMOUNT)),
    **dict.fromkeys(["hash rate", "power", "energy a year"], ("number(quantity)", LEVEL)),
    **dict.fromkeys(["share", "difference of shares"], ("number(quantity)", SHARE)),
    **dict.fromkeys(["height", "calendar"], ("number(ordinal)", ORDER)),
    **dict.fromkeys(
        ["tariff", "tariff (CNY)", "price", "machine price", "hash price", "exchange rate"],
        ("number", RATE),
    ),
    **dict.fromkeys(["efficiency", "carbon intensity", "difficulty", "ratio"], ("number", RATE)),
    "none": ("number", MIXED),
}
# columns that are not what their unit says, or have none and are no mixed quantities
OWN = {
    "id": ("number(id)", "A name: neither compared nor counted with."),
    **dict.fromkeys(["epoch", "paragraph", "position", "time_s"], ("number(ordinal)", ORDER)),
    "total_blocks": ("number", "Stands in every row that it is the total of: sum no column of it."),
}


def dictionary(source: str | None = None) -> dict[str, Any]:
    """The whole file as a mapping.

    Parameters
    ----------
    source : str, optional
        Where a table's Parquet file lies, with ``{name}``; none is named without it.
    """
    catalog = ml.catalog.default()
    words = read_columns(catalog.root / "columns.toml")
    keys = {d.name: d.primary_key for d in catalog.descriptors()}
    tables, joins = [], []
    for d in catalog.descriptors():
        frame = ml.load(d.name)
        labels = columns_of(words, d)
        columns = [
            _column(c, word, frame[c.name], d, keys)
            for c, word in zip(d.columns, labels, strict=True)
        ]
        table = {"name": d.name, "label": d.title, "description": d.meaning}
        if source:
            table["source"] = {"parquet": source.format(name=d.name)}
        tables.append({**table, "details": _details(d), "columns": columns})
        joins += [_join(d.name, c) for c in d.columns if _refers(c, keys)]
    terms = ml.load("terms").dropna(subset=["note_en"])
    return {
        "$version": "0.1.0",
        "$learn_more": "https://data-dict.tidyverse.org/",
        "name": "minelib",
        "label": "China's Bitcoin-mining boom, the 2021 crackdown and the relocation",
        "description": "One row is what the table's description says; an empty cell is a gap. "
        "Licences differ by table.",
        "version": {"number": ml.__version__},
        "tables": tables,
        "relationships": joins,
        "glossary": dict(zip(terms["name_en"], terms["note_en"], strict=True)),
    }


def _details(d: Descriptor) -> str:
    warned = "".join(f" {ml.catalog.WARNINGS[word]}" for word in d.warnings)
    return f"Licence: {d.licence}; commercial use: {d.commercial_use}.{warned}"


def _refers(c: Column, keys: dict[str, tuple]) -> bool:
    """A key of a table whose rows that one column tells apart."""
    if not c.references:
        return False
    table, column = c.references.split(".")
    return keys[table] == (column,)


def _join(table: str, c: Column) -> dict[str, Any]:
    other, key = (c.references or "").split(".")
    if other != table:
        return {"join": f"{table}.{c.name} = {other}.{key}", "cardinality": "many-to-one"}
    both = {"row": table, "other": table}
    return {"join": f"row.{c.name} = other.{key}", "aliases": both, "cardinality": "many-to-one"}


def _column(c: Column, word: Any, values: pd.Series, d: Descriptor, keys: dict) -> dict[str, Any]:
    told: dict[str, Any] = {"name": c.name, "label": word.en, "description": c.meaning}
    kind, details = c.type, ""
    if c.type in ("number", "integer"):
        kind, details = OWN.get(c.name, MEASURES[UNITS[c.unit][0]])
    elif c.type == "string" and c.enum:
        kind = "enum"
    told["type"] = kind
    if kind == "number(quantity)":
        told["units"] = c.unit
    elif c.unit and kind == "number":
        details = f"In {c.unit}. {details}"
    if details:
        told["details"] = details
    rules: list[Any] = []
    if c.name in d.primary_key:
        rules.append("primary_key")
    else:
        rules += ["required"] * c.required + ["unique"] * c.unique
    rules += ["foreign_key"] * _refers(c, keys)
    for sign, bound in ((">=", c.minimum), ("<=", c.maximum)):
        if bound is not None and c.type in ("number", "integer"):
            rules.append({"assert": f"{c.name} {sign} {bound}"})
    if rules:
        told["constraints"] = rules
    return told | _values(c, kind, word, values.dropna(), values)


def _values(c: Column, kind: str, word: Any, seen: pd.Series, whole: pd.Series) -> dict[str, Any]:
    """What the column holds, in the form that its type asks for."""
    if kind == "boolean":
        return {}
    if kind == "enum":
        told = {key: (word.values or {}).get(key, [key])[0] for key in map(str, c.enum)}
        return {"values": told}
    if c.type in ("date", "datetime"):
        form = "%Y-%m-%d" if c.type == "date" else "%Y-%m-%dT%H:%M:%S"
        ends = [seen.min().strftime(form), seen.max().strftime(form)]
        zone = {"time_zone": "UTC"} if c.type == "datetime" else {}
        return {**zone, "range": ends}
    if kind in ("number(quantity)", "number(ordinal)"):
        ends = [seen.min(), seen.max()] if len(seen) else [float("-inf"), float("inf")]
        return {"range": [int(v) if c.type == "integer" else float(v) for v in ends]}
    distinct = sorted(seen.unique().tolist())
    five = [distinct[round(i * (len(distinct) - 1) / 4)] for i in range(5)] if distinct else []
    return {"examples": list(dict.fromkeys(five))}


def text(source: str | None = None) -> str:
    """The file as YAML, in the order above."""
    head = (
        "# Generated by tools/data_package.py from the descriptors. "
        + "SPDX-License-"
        + ("Identifier: MIT\n")
    )
    return head + yaml.safe_dump(dictionary(source), sort_keys=False, allow_unicode=True, width=100)
