# SPDX-License-Identifier: MIT
"""A text of one's own on trial: proposals, verdicts, the report, and files at fault."""

import pandas as pd
import pytest

import minelib as ml
from minelib.claims import Trial
from minelib.claims.evidence import QUANTITIES
from minelib.claims.proposals import KINDS
from minelib.claims.trial import EXAMPLES
from minelib.cli import run
from minelib.errors import BadInput

EXAMPLE = (EXAMPLES / "relocation.toml").read_text(encoding="utf-8")


def made(**keys):
    """The file of a text with one claim: China's share in May 2021, with other keys."""
    claim = {
        "words": "China had 44 percent",
        "kind": "value",
        "quantity": "share of hash rate",
        "value": 44,
        "unit": "percent",
        "place": "China",
        "period": "2021-05",
    } | keys
    lines = [f"{k} = {_toml(v)}" for k, v in claim.items() if v is not None]
    return "\n".join(['text = "In May China had 44 percent."', "[[claims]]", *lines])


def _toml(value):
    return f'"{value}"' if isinstance(value, str) else str(value).lower()


def verdict(**keys):
    return Trial.from_text(made(**keys)).ledger("en")["verdict"].item()


# the two examples


def test_the_english_example_mixes_right_and_wrong():
    # Cambridge: 75.5, 46.0 and 18.1%, the United States first with 37.8%; the committee spoke on
    # 21 May, the notices came on 24 September; the index has 89 TWh, by its earlier versions 105;
    # the Netherlands used 121 TWh; bitcoin stood above 60,000 USD; Bitmain gives 34.5 J/TH
    frame = Trial.from_file("relocation").ledger("en")
    assert frame["verdict"].tolist() == [
        *("supported", "contradicted", "imprecise", "supported", "supported", "supported"),
        *("supported", "imprecise", "imprecise", "contradicted", "supported"),
        *("unverifiable", "unverifiable"),
    ]


def test_the_chinese_example_mixes_right_and_wrong():
    # Cambridge: in the wet August of 2020 Sichuan had half, Xinjiang a sixth; in June 2021 China
    # still had a third, in August Kazakhstan stood second; Sichuan's order is of 18 June
    trial = Trial.from_file("mountains")
    rows = trial.ledger("zh").set_index("claim_zh")["verdict"]
    assert rows.iloc[:4].tolist() == ["contradicted"] * 3 + ["supported"]
    assert set(rows) == set(ml.claims.VERDICTS)
    assert rows["十部门的通知公布之前，四川已下令关停矿场"] == "supported"
    assert not trial.ledger("zh")["evidence"].str.contains("[A-Za-z]{9,} has").any()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_ledger_of_the_package_comes_out_of_a_trial(lang):
    seed = Trial.seed()
    pd.testing.assert_frame_equal(seed.ledger(lang), ml.claims.ledger(lang))
    pd.testing.assert_frame_equal(seed.readings(lang), ml.claims.readings(lang))
    assert seed.annotated(lang)._repr_html_() == ml.claims.annotated(lang=lang)._repr_html_()


def test_a_claim_of_the_article_as_one_s_own_is_decided_alike():
    own = made(value=38, place="美国", period="2022-01")
    (claim,) = Trial.from_text(own).claims("en")
    theirs = ml.claims.claim("us_38", "en")
    (own_one,), on_the_map = claim.readings, theirs.readings[0]
    for name in ("value", "lower", "upper", "unit", "rule", "verdict", "claimed_low", "firm"):
        assert getattr(own_one, name) == getattr(on_the_map, name), name
    assert claim.computed == theirs.computed


# proposals


@pytest.mark.parametrize("quantity", QUANTITIES)
def test_every_quantity_can_be_proposed_and_named(quantity):
    asked = QUANTITIES[quantity]
    assert asked["name"] and isinstance(asked["known_as"], list) and "unit" in asked
    assert "place" not in asked or "names" in asked
    assert "take" in asked or not asked["known_as"] or asked.get("kind") == "day"


def test_estimates_after_the_map_can_be_asked_for():
    # a third or more of the world by all who estimated it in 2025
    own = made(table="later_share", place="United States", period="2025", value=30, kind="over")
    assert Trial.from_text(own).ledger("en")["verdict"].item() in ("supported", "imprecise")


@pytest.mark.parametrize(
    ("keys", "table", "takes"),
    [
        ({}, "country_share", "mean"),
        ({"place": "四川"}, "province_share", "mean"),
        ({"place": "F2Pool"}, "pool_share", "mean"),
        ({"quantity": "hash rate", "unit": "EH/s"}, "country_share", "mean"),
        ({"quantity": "算力", "unit": "EH/s", "place": None}, "network_daily", "mean"),
        ({"quantity": "hash rate", "unit": "TH/s", "place": "世界"}, "network_daily", "mean"),
        ({"quantity": "electricity", "unit": "TWh", "period": 2021}, "electricity", "last"),
        (
            {"quantity": "electricity", "unit": "GWh", "period": 2021, "place": "world"},
            "index_yearly",
            "last",
        ),
        ({"kind": "over", "period": "2021-01 to 2021-06"}, "country_share", "highest, mean"),
        ({"kind": "under", "period": "2021"}, "country_share", "lowest, mean"),
        ({"kind": "over", "period": "2021", "take": "median"}, "country_share", "median"),
        ({"kind": "rank", "unit": None, "value": 1}, "country_share", "last"),
        (
            {"kind": "change", "value": -5, "period": "2021-04 to 2021-08"},
            "country_share",
            "change",
        ),
    ],
)
def test_table_and_take_are_proposed_by_quantity_unit_and_place(keys, table, takes):
    row = Trial.from_text(made(**keys)).proposals("en").iloc[0]
    assert (row["table"], row["take"]) == (table, takes)
    assert row["rule"] == KINDS[keys.get("kind", "value")]


def test_a_proposal_can_be_changed():
    trial = Trial.from_text(made(kind="over", value=45, period="2021-01 to 2021-05"))
    # 53% in January, 44% in May: over 45 at most and in the mean, not in the last month
    assert trial.ledger("en")["verdict"].item() == "supported"
    assert trial.choose(1, take="lowest").ledger("en")["verdict"].item() != "supported"
    assert trial.ledger("en")["verdict"].item() == "supported", "the trial itself stays"
    rated = trial.choose(1, table="country_hash_rate", unit="EH/s", kind="over")
    assert rated.proposals("en")["unit"].item() == "EH/s"
    with pytest.raises(BadInput, match="Claim 1: the unit percent does not fit"):
        trial.choose(1, table="country_hash_rate")
    with pytest.raises(BadInput, match="no claim 2"):
        trial.choose(2, take="mean")


def test_units_of_one_kind_are_converted():
    asked = {"quantity": "hash rate", "place": None, "period": "2021-05"}
    exa, peta = (
        Trial.from_text(made(**asked, value=value, unit=unit)).claims("en")[0].readings
        for value, unit in ((160, "EH/s"), (160_000, "PH/s"))
    )
    assert exa == peta and exa[0].claimed_low == 160


@pytest.mark.parametrize("kind", ["value", "over", "under"])
def test_a_verdict_turns_where_the_value_crosses_what_was_found(kind):
    (claim,) = Trial.from_text(made(kind=kind)).claims("en")
    at = {"value": claim.upper / 0.95, "over": claim.computed_value, "under": claim.computed_value}
    sides = [verdict(kind=kind, value=float(at[kind] * factor)) for factor in (0.999, 1.001)]
    expected = {
        "value": ["supported", "imprecise"],
        "over": ["supported", "imprecise"],
        "under": ["imprecise", "supported"],
    }
    assert sides == expected[kind]


def test_a_fall_is_judged_by_its_size():
    # 46.0% in April and nothing in August: a fall by all of it
    asked = {"kind": "change", "period": "2021-04 to 2021-08"}
    assert verdict(**asked, value=-100) == "supported"
    assert verdict(**asked, value=-40) == "contradicted"
    assert verdict(**asked, value=100) == "contradicted"


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"quantity": "noise", "unit": "dB"}, "No table has “noise, China”"),
        ({"place": "Vatican City"}, "No table has"),
        ({"kind": "other"}, "no number"),
        ({"quantity": "electricity", "unit": "TWh", "period": 2021, "place": "gansu"}, "No table"),
        ({"place": "sichuan", "period": "2019-08 to 2019-10"}, "province_share"),
    ],
)
def test_what_no_table_can_judge_says_so(keys, words):
    if keys.get("place") == "Vatican City":
        keys = keys | {"place": _no_share()}
    row = Trial.from_text(made(**keys)).ledger("en").iloc[0]
    assert row["verdict"] == "unverifiable" and words in row["evidence"]


def _no_share():
    """A place that the names know and no table of shares has."""
    shares = {*ml.load("country_share")["place"], *ml.load("province_share")["province"]}
    return next(place for place in ml.load("places")["place"] if place not in shares)


# files at fault


@pytest.mark.parametrize(
    ("keys", "line", "words"),
    [
        ({"unit": None}, 2, "a unit is missing; wanted: percent"),
        ({"unit": "TWh"}, 7, "the unit TWh does not fit; wanted: percent"),
        ({"value": "44"}, 6, "the value is 44; wanted: a number"),
        ({"value": [50, 40]}, 6, "two in rising order"),
        ({"value": True}, 6, "wanted: a number"),
        ({"value": None}, 2, "wanted: a number"),
        ({"kind": "roughly"}, 4, "the kind is roughly; wanted: one of value, over"),
        ({"kind": None}, 2, "wanted: one of value, over"),
        ({"quantity": None}, 2, "a quantity is missing"),
        (
            {"period": "2031-01"},
            9,
            "lies outside every table; they reach from 2019-09-01 to 2022-01",
        ),
        ({"period": "May 2021"}, 9, "the time is May 2021; wanted: a year"),
        ({"period": "2021-13"}, 9, "the time is 2021-13"),
        ({"period": "2021-06 to 2021-05"}, 9, "wanted: a year"),
        ({"period": None}, 2, "a period is missing"),
        ({"place": "Chinna"}, 8, "near to it: china"),
        ({"place": None, "unit": "percent"}, 2, "a place is missing"),
        ({"words": "China had 45 percent"}, 3, "do not stand in the text"),
        ({"perod": "2021-05"}, 10, "perod is no key of a claim; known: period"),
        ({"take": "most"}, 10, "most cannot be taken; wanted: one of"),
        ({"table": "pool_shares"}, 10, "no table pool_shares for this kind; known: pool_share"),
        ({"note": 7}, 10, "note must be text"),
        ({"kind": "change"}, 9, "a change needs two times"),
    ],
)
def test_an_error_names_the_line_and_what_is_wanted(keys, line, words):
    with pytest.raises(BadInput) as error:
        Trial.from_text(made(**keys), "my.toml")
    assert str(error.value).startswith(f"my.toml, line {line}: ")
    assert words in str(error.value)


def test_the_line_is_found_behind_texts_of_several_lines():
    shifted = 'title = "x"\ntext = """\n[[claims]]\nunit = 5\n' + made(unit="TWh").replace(
        'text = "In May China had 44 percent."', 'In May China had 44 percent.\n"""', 1
    )
    with pytest.raises(BadInput, match=r"line 12: the unit TWh"):
        Trial.from_text(shifted)


@pytest.mark.parametrize(
    "content",
    [b"", b"text = ", b"\xff\xfe\x00", b"text = 5", b'text = "a"\nclaims = 3', b'lang = "fr"']
    + [b'text = "a"', b"[" * 100_000, b'texts = "a"', b'text = "a"\nlang = "fr"\n[[claims]]'],
)
def test_a_file_that_is_no_trial_is_refused_with_a_sentence(tmp_path, content):
    path = tmp_path / "my.toml"
    path.write_bytes(content)
    with pytest.raises(BadInput, match=r"my\.toml"):
        Trial.from_file(path)


def test_a_file_that_is_not_there_or_far_too_large(tmp_path):
    with pytest.raises(BadInput, match="nothing.toml"):
        Trial.from_file(tmp_path / "nothing.toml")
    large = tmp_path / "large.toml"
    large.write_bytes(b"#" * 2_000_000)
    with pytest.raises(BadInput, match="larger than 1,?000 kB"):
        Trial.from_file(large)


# report and command


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_report_has_every_claim_and_loads_nothing(lang):
    page = Trial.from_file("relocation").report(lang)
    assert page.count("<mark") >= 13 and page.count('class="minelib-claim"') == 13
    assert f'<html lang="{lang}">' in page
    for loading in ("<script", "<img", "<link", "src=", "@import"):
        assert loading not in page


def test_what_a_text_holds_is_never_markup():
    own = made().replace("In May", "<script>alert(1)</script> In May") + '\nnote = "<b>x</b>"'
    page = Trial.from_text(own).report("en")
    assert "<script>" not in page and "<b>x" not in page and "&lt;script&gt;" in page


def test_forty_claims_are_judged_in_a_moment(calls):
    claim = made().partition("[[claims]]")[2]
    months = pd.date_range("2019-09-01", periods=20, freq="MS").strftime("%Y-%m")
    asked = [(m, p) for m in months for p in ("China", "Kazakhstan")]
    claims = [claim.replace("2021-05", m).replace('"China"', f'"{p}"') for m, p in asked]
    content = 'text = "In May China had 44 percent."' + "".join("\n[[claims]]" + c for c in claims)
    Trial.from_text(made()).claims("en")  # the tables are read once
    assert len(Trial.from_text(content).claims("en")) == 40
    assert calls(lambda: Trial.from_text(content).claims("en")) < 6_000_000, "three seconds"


def test_the_command_makes_checks_and_reports(tmp_path, capsys):
    path = tmp_path / "mine.toml"
    assert run(["trial", "new", str(path)]) == 0
    assert path.read_text(encoding="utf-8") == EXAMPLE
    assert run(["trial", "new", str(path)]) == 2 and "exists already" in capsys.readouterr().err
    assert run(["trial", "check", str(path)]) == 0
    assert "country_share" in capsys.readouterr().out
    assert run(["trial", "check", str(path), "--json"]) == 0
    assert '"take": "highest, mean"' in capsys.readouterr().out
    assert run(["trial", "report", str(path), "--lang", "zh"]) == 0
    assert "不成立" in capsys.readouterr().out
    assert '<html lang="zh">' in (tmp_path / "mine.html").read_text(encoding="utf-8")
    path.write_text(EXAMPLE.replace('unit = "TWh"', 'unit = "EH/s"', 1), encoding="utf-8")
    assert run(["trial", "report", str(path), "--output", str(tmp_path / "no.html")]) == 2
    assert "does not fit" in capsys.readouterr().err and not (tmp_path / "no.html").exists()
