# SPDX-License-Identifier: MIT
"""The same value has the same digits everywhere: ledger, notebook, site, terminal."""

import io
import re
from contextlib import redirect_stdout

import pandas as pd
import pytest

import minelib as ml
from minelib import words
from minelib.catalog import columns
from minelib.claims.display import NAMED, as_text
from minelib.cli import run
from minelib.studies.table import Findings
from minelib.words import LANGUAGES
from minelib.workbench.site import ledgers, myst

NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


def numbers(text):
    return NUMBER.findall(text)


def printed(*arguments):
    out = io.StringIO()
    with redirect_stdout(out):
        assert run([*arguments]) == 0
    return out.getvalue()


@pytest.fixture(scope="module", params=LANGUAGES)
def claims(request):
    return request.param, [c for c in ml.claims.claims(request.param) if c.readings]


def test_a_computed_claim_reads_the_same_in_ledger_page_site_and_terminal(claims):
    lang, judged = claims
    assert len(judged) >= 30
    with myst.speaking(lang):
        site, terminal = ledgers.claims(), printed("claims", "--lang", lang)
    frame = ml.claims.ledger(lang).set_index("id")
    for claim in judged:
        assert claim.computed == frame.at[claim.id, "computed"]
        assert claim.computed in as_text(claim), "the page of the claim"
        assert str(ml.claims.claim(claim.id, lang)) == as_text(claim)
        assert f">{claim.computed}<" in site, claim.id
        assert claim.computed in terminal, claim.id
        # the value alone, as a table in a notebook shows it
        words.use(lang)
        row = frame.loc[[claim.id], ["computed_value", "unit"]]
        (cells,) = ml.show(row, "claims").cells
        words.use("en")
        in_words = {f"{value:.0f}": words.gettext(told, lang) for value, told in NAMED.items()}
        in_words["–"] = ""  # several readings, no value of the claim as a whole
        assert (
            cells[-2] in numbers(claim.computed)
            or cells[-2].startswith("−")
            or in_words.get(cells[-2]) == claim.computed  # all or none of the things named
        ), claim.id


def test_no_claim_is_told_with_a_bare_hold(claims):
    lang, judged = claims
    assert not [c.id for c in judged if re.search(r"\d ?% hold\b", c.computed)]


def test_a_published_result_reads_the_same_in_table_site_and_terminal():
    told = ml.published.formatted(ml.published.table("en"), "en")
    with myst.speaking("en"):
        site = ledgers.published()
    terminal = printed("published", "--lang", "en")
    for row in told.itertuples():
        line = next(line for line in terminal.splitlines() if line.startswith(row.id + " "))
        for shown in (row.published, row.computed):
            assert shown in line, row.id
            for number in numbers(shown):
                assert number in site, row.id


@pytest.mark.parametrize("value", [0.0012, 0.55, 5.256, 6.8, 45, 46.04, 104.89, 1234.5, 500_000.0])
def test_a_value_without_a_column_has_one_text(value):
    text = words.figure(value)
    beside = pd.DataFrame({"value": [value, 3.14159, 2e5], "unit": ["TWh", "EH/s", "USD"]})
    assert ml.show(beside).cells[0][0] == text
    entry = {"name": "x", "value": value, "unit": "TWh", "lower": None, "upper": None}
    entry |= {"level": None, "meaning": "x"}
    assert Findings("x", {}, [entry], {}).rows()[0][1] == text
    assert words.quantity(value, "TWh") == f"{text} TWh"
    with_interval = entry | {"lower": value * 0.9, "upper": value * 1.1}
    row = Findings("x", {}, [with_interval], {}).rows()[0]
    assert row[1] == text
    assert row[2] == words.within(value * 0.9, value * 1.1, value)


def test_a_column_of_one_unit_has_the_digits_of_the_dictionary_in_every_table():
    catalog = ml.catalog.default()
    for d in catalog.descriptors():
        frame = catalog.read(d.name).head(3)
        shown = ml.show(frame, d.name)
        heads = dict(zip(shown.heads, zip(*shown.cells, strict=True), strict=True))
        for name in frame.columns[frame.dtypes == "float64"]:
            word = columns.word(name, [d.name])
            if word.digits is None:
                continue
            cells = heads[columns.label(name, None, [d.name])]
            wanted = [words.number(value, word.digits) for value in frame[name]]
            assert list(cells) == wanted, (d.name, name)


def test_a_gap_among_whole_numbers_is_a_dash():
    frame = pd.DataFrame({"machines": pd.array([45, None], "Int64")})
    assert [row[0] for row in ml.show(frame).cells] == ["45", "–"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((37.9, 338.02, 104.89), "37.9 to 338.0"),
        ((45.0, 47.0, 47.0), "45 to 47"),
        ((44.2, 46.1, 45.0), "44.2 to 46.1"),
        ((0.0, 12.3, 0.0), "0.0 to 12.3"),
        ((3.0, 3.0, 3.0), ""),
        ((float("nan"), 3.0, 3.0), ""),
        ((80.5, 95.0), "80.5 to 95.0"),
        ((80.0, 95.0), "80 to 95"),
    ],
)
def test_bounds_have_the_decimals_of_the_value(arguments, told):
    assert words.within(*arguments) == told
