# SPDX-License-Identifier: MIT
"""Facts that stand in two places: each relation holds, and is seen to fail when a cell changes."""

import ast
import re
from dataclasses import replace

import pandas as pd
import pytest

import minelib as ml
from minelib.catalog.links import Link, Side, _cells, broken, read_links
from minelib.chain import verify
from minelib.errors import DamagedData

CATALOG = ml.catalog.default()
LINKS = {link.name: link for link in CATALOG.links}
MOST_ROWS = 40  # rows of a table that are tried, spread over those that count


def file_of(table):
    return CATALOG.descriptor(table).csv_file


def problems(link, **changed):
    return broken([link], lambda name: changed.get(name, CATALOG.read(name)), file_of)


def columns_of(side):
    """The columns that the value of a side is made of."""
    names = [n.id for n in ast.walk(ast.parse(side.value)) if isinstance(n, ast.Name)]
    return [name for name in names if name in CATALOG.read(side.table).columns]


def altered(side, partner):
    """The table of a side with one of its cells, or all that say the same, changed.

    Cells are tried that have a partner, up to forty of a column.
    """
    frame = CATALOG.read(side.table)
    cells = _cells(replace(side, value=columns_of(side)[0]), CATALOG.read, file_of)
    rows = cells.lines - 2
    if isinstance(partner, Side) and side.by:
        keys = set(_cells(partner, CATALOG.read, file_of).keys)
        rows = rows[[key in keys for key in cells.keys]]
    if "previous(" in side.value:
        rows = [row - 1 for row in rows]
    for column in columns_of(side):
        given = [row for row in rows if pd.notna(frame[column].iloc[row])]
        for row in given[:: max(1, len(given) // MOST_ROWS)]:
            old = frame[column].iloc[row]
            for new in others(old):
                for where in (row, (frame[column] == old).to_numpy()):
                    copy = frame.copy()
                    copy[column] = copy[column].astype(object)
                    copy.loc[where, column] = new
                    yield copy.assign(**{column: copy[column].astype(frame[column].dtype)})


def others(value):
    if isinstance(value, pd.Timestamp):
        return [value + pd.Timedelta(days=days) for days in (40, -40, 4000, -4000)]
    if isinstance(value, str):
        return (";".join([value, "nowhere"]),)
    return value * 7 + 1000, value * -7 - 1000


def test_there_are_at_least_forty_and_all_hold():
    assert len(LINKS) >= 40
    assert [str(p) for link in LINKS.values() for p in problems(link)] == []
    joined = [link for link in LINKS.values() if isinstance(link.right, Side)]
    assert sum(link.left.table != link.right.table for link in joined) >= 40


def assert_noticed(link, side, partner):
    """Some change of a cell of the side is told with the relation and the cells of both sides."""
    both = [part for part in (link.left, link.right) if isinstance(part, Side)]
    told = [link.says, *(file_of(part.table) for part in both), *(part.value for part in both)]
    for changed in altered(side, partner):
        for problem in problems(link, **{side.table: changed}):
            if all(words in str(problem) for words in told):
                return
    raise AssertionError("no change of a cell is noticed")


@pytest.mark.parametrize("name", LINKS)
def test_a_change_on_the_left_is_named_with_both_cells(name):
    link = LINKS[name]
    assert_noticed(link, link.left, link.right)


@pytest.mark.parametrize("name", [n for n, link in LINKS.items() if isinstance(link.right, Side)])
def test_a_change_on_the_right_is_named_with_both_cells(name):
    link = LINKS[name]
    assert_noticed(link, link.right, link.left)


def relation(**keys):
    keys = {"says": "So it is", "left": "height of halvings", "is": "equals", "right": 0} | keys
    return keys


@pytest.mark.parametrize(
    ("keys", "rule"),
    [
        ({"left": "height"}, "is not of the form"),
        ({"is": "is like"}, "is not one of: equals, at most, at least, one of"),
        ({"within": None}, None),
        ({"says": ""}, "must not be empty"),
        ({"sides": 2}, "is not a known key"),
    ],
)
def test_a_relation_that_cannot_be_read_is_refused(tmp_path, keys, rule):
    keys = {key: value for key, value in relation(**keys).items() if value is not None}
    lines = [f"{key} = {value!r}" for key, value in keys.items()]
    path = tmp_path / "links.toml"
    path.write_text("[here]\n" + "\n".join(lines) + "\n", encoding="utf-8")
    if rule is None:
        assert [link.name for link in read_links(path)] == ["here"]
        return
    with pytest.raises(DamagedData, match=re.escape(rule)) as refused:
        read_links(path)
    assert refused.value.file == "links.toml"
    assert refused.value.column.startswith("here")


@pytest.mark.parametrize(
    ("left", "right", "said"),
    [
        ("height of nowhere", 0, "cannot be asked"),
        ("depth of halvings", 0, "cannot be asked"),
        ("height of halvings where event = halving_9", 0, "there is none"),
        ("height of halvings by event", "height of halvings by year(subsidy)", "cannot be asked"),
        ("height of halvings by event", "time of halvings by subsidy_after_btc", "there is none"),
        ("share_pct of us_state_share by state", "share_pct of us_state_share by state", "more"),
    ],
)
def test_a_relation_that_joins_nothing_does_not_hold(left, right, said):
    right = Side.parse(right) if isinstance(right, str) else right
    found = problems(Link("here", "So it is", Side.parse(left), "equals", right))
    assert found and said in str(found[0])


def test_verify_names_both_cells_of_a_broken_link(data_copy):
    path = data_copy / "society" / "employment_estimates.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(",87200,87200,", ",88000,88000,"), encoding="utf-8", newline="\n")
    catalog = ml.catalog.Catalog(data_copy)
    catalog.stamp(["employment_estimates"])
    catalog.write_generated()
    report = verify(data_copy)
    assert [(p.file, p.column, p.value) for p in report.problems] == [
        ("society/employment_estimates.csv", "value_low", "88000")
    ]
    assert "geography/relocation_evidence.csv, line" in str(report.problems[0])
    assert "column value, value '87200'" in str(report.problems[0])
    assert f"{len(LINKS)} relations" in str(report)
