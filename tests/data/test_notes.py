# SPDX-License-Identifier: MIT
"""What stands in a row is written for a reader, and rests on something that was seen."""

import re

import pytest

import minelib as ml

CATALOG = ml.catalog.default()
TO_OURSELVES = re.compile(
    r"\b(from|our) memory|\brecalled\b|general knowledge|check (the )?(filing|report)|to be checked"
    r"|do not use|before quoting|secondary report|filings exist|^same\b|凭记忆|应核对|待核",
    re.IGNORECASE,
)


@pytest.mark.parametrize("name", CATALOG.names)
def test_no_cell_is_a_note_to_ourselves(name):
    words = CATALOG.read(name).select_dtypes("str")
    found = [
        f"{column}, line {row + 2}: {said}"
        for column in words
        for row, said in words[column].dropna().items()
        if TO_OURSELVES.search(said)
    ]
    assert found == []


@pytest.mark.parametrize(
    "said", ["Total from memory, check filing", "same article: thermal power price", "总数凭记忆"]
)
def test_notes_that_stood_in_rows_once_are_found(said):
    assert TO_OURSELVES.search(said)


@pytest.mark.parametrize("name", CATALOG.names)
def test_a_figure_with_a_column_of_sources_names_one_wherever_it_was_seen(name):
    table = CATALOG.read(name)
    columns = [c for c in ("publisher", "source", "origin") if c in table]
    if "source_seen" in table and columns:
        seen = table["source_seen"].notna()
        assert table.loc[seen, columns[0]].notna().all()
        assert table.loc[~seen, columns[0]].isna().all()
