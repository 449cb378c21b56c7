# SPDX-License-Identifier: MIT
import datetime
import subprocess
import sys
from typing import Annotated, Literal

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st
from pydantic import Field

import minelib as ml
from minelib import words
from minelib.errors import BadInput, BadParameters, UnknownName
from minelib.studies import crackdown
from minelib.studies.base import Day, Language, Month, Study, before, check, parameter
from minelib.studies.findings import MIME, finding, plain


class Example(Study):
    start: Day = parameter("2021-05-01", meaning="First day", ge="2009-01-03")
    end: Day | None = parameter("2021-09-24", meaning="Last day")
    month: Month = parameter("2021-05-01", meaning="Month")
    horizon_days: int = parameter(180, unit="days", ge=30, le=900, meaning="Horizon")
    price_usd_kwh: float = parameter(0.05, unit="USD/kWh", gt=0, le=1, meaning="Tariff")
    places: list[Literal["china", "usa"]] = parameter(["china"], meaning="Places")
    dates: list[Annotated[Day, Field(ge="2021-01-01")]] = parameter(["2021-05-21"])
    robust: bool = parameter(True, meaning="Robust")
    lang: Language = parameter("en", meaning="Language")
    checks = (
        before("start", "end"),
        check(("horizon_days", "robust"), lambda h, r: "too long" if h > 800 and r else None),
    )


def sentences(values, from_text=True):
    return [str(problem) for problem in Example.checked(values, from_text)[1]]


@pytest.mark.parametrize(
    ("name", "value", "part"),
    [
        ("horizon_days", "abc", "whole number from 30 to 900 (days)"),
        ("horizon_days", "90.5", "whole number"),
        ("horizon_days", "29", "from 30 to 900"),
        ("horizon_days", "901", "from 30 to 900"),
        ("price_usd_kwh", "0", "above 0 and at most 1 (USD/kWh)"),
        ("price_usd_kwh", "nan", "a number"),
        ("price_usd_kwh", "inf", "a number"),
        ("start", "2021-02-30", "not a day of the calendar"),
        ("start", "21-2-3", "not a day of the calendar"),
        ("start", "2021-05-01T00:00", "not a day of the calendar"),
        ("start", "2008-12-31", "at least 2009-01-03"),
        ("month", "2021-13", "not a month"),
        ("month", "2021-05-02", "not a month"),
        ("places", "china,ussa", "did you mean 'usa'"),
        ("dates", "2020-01-01,2021-05-01", "each must be a day at least 2021-01-01"),
        ("robust", "perhaps", "true or false"),
        ("lang", "fr", "one of: en, zh"),
    ],
)
def test_a_wrong_text_is_refused_with_the_rule(name, value, part):
    (sentence,) = sentences({name: value})
    assert sentence.startswith(f"{name} = ") and part in sentence


@pytest.mark.parametrize(
    ("name", "given_text", "expected"),
    [
        ("horizon_days", "90", 90),
        ("price_usd_kwh", "1e-1", 0.1),
        ("price_usd_kwh", "1", 1.0),
        ("end", "none", None),
        ("month", "2021-07", "2021-07-01"),
        ("places", "usa, china", ["usa", "china"]),
        ("places", """['usa', "china"]""", ["usa", "china"]),  # as the notebook has it
        ("places", "", []),
        ("start", " 2021-05-02 ", "2021-05-02"),
        ("robust", "no", False),
    ],
)
def test_a_text_becomes_the_type(name, given_text, expected):
    values, problems = Example.checked({name: given_text}, from_text=True)
    assert not problems
    assert values[name] == expected and type(values[name]) is type(expected)


def test_every_problem_is_told_at_once():
    wrong = {"horizn_days": 3, "price_usd_kwh": 7.0, "lang": "xx", "end": "2021-04-01"}
    with pytest.raises(BadParameters) as caught:
        Example(**wrong)
    assert len(caught.value.problems) == 4
    told = str(caught.value)
    assert "Did you mean 'horizon_days'?" in told
    assert "start (2021-05-01) must come before end (2021-04-01)" in told
    assert "price_usd_kwh = 7.0" in told and "lang = 'xx'" in told


def test_values_of_another_type_are_refused_in_python():
    # papermill loses types; a text where a number belongs must not slip through
    for wrong in ({"horizon_days": "90"}, {"horizon_days": True}, {"robust": 1}, {"start": 2021}):
        with pytest.raises(BadParameters):
            Example(**wrong)
    assert Example(price_usd_kwh=1).price_usd_kwh == 1.0  # a whole number is a number


def test_rules_between_parameters():
    assert Example(end=None).end is None
    with pytest.raises(BadParameters, match="too long"):
        Example(horizon_days=850)
    assert Example(horizon_days=850, robust=False).horizon_days == 850


@given(st.integers())
def test_a_range_holds_for_every_number(days):
    accepted = not Example.checked({"horizon_days": days, "robust": False})[1]
    assert accepted == (30 <= days <= 900)


@given(st.text())
def test_no_text_breaks_the_check(words):
    for name in Example.model_fields:
        Example.checked({name: words}, from_text=True)


def test_a_study_does_not_change_and_sets_the_language():
    study = Example(lang="zh")
    assert words.current() == "zh"
    with pytest.raises(ValueError, match="frozen"):
        study.horizon_days = 31
    first, second = Example(), Example()
    first.places.append("usa")
    assert second.places == ["china"], "a list as default is not shared"


def test_parameters_are_described():
    listed = {entry["name"]: entry for entry in Example.parameters()}
    assert list(listed) == list(Example.model_fields)
    assert listed["horizon_days"]["range"] == "from 30 to 900"
    assert listed["end"]["type"] == "day, or none"
    assert listed["places"]["choices"] == ["china", "usa"]
    types = {name: listed[name]["type"] for name in ("places", "dates", "lang", "robust")}
    assert types == {
        "places": "list (choice)",
        "dates": "list (day)",
        "lang": "choice",
        "robust": "true or false",
    }


def test_a_long_value_is_cut_in_the_message_and_chinese_has_its_own_marks():
    (sentence,) = sentences({"horizon_days": "9" * 5000})
    assert len(sentence) < 200 and "…: must be a whole number" in sentence
    words.use("zh")
    (sentence,) = sentences({"horizon_days": "abc"})
    assert sentence == "horizon_days = 'abc'：必须是整数，从 30 到 900（天）。"


def test_a_rule_is_asked_only_about_what_was_given():
    def broken(days):
        raise AssertionError("asked")

    class Costly(Study):
        days: int = parameter(3, meaning="Days")
        other: int = parameter(3, meaning="Other", ge=0)
        checks = (check(("days",), broken),)

    assert Costly.checked({"other": -1})[1], "the answer need not wait for what is not asked"
    with pytest.raises(AssertionError, match="asked"):
        Costly.checked({"days": 4})


def test_findings_are_plain_data():
    study = Example()
    study.record("effect", np.float64(1.5), "percent", lower=np.int64(1), upper=2, level=0.9)
    study.record("day", pd.Timestamp("2021-06-20"), meaning="Day")
    study.record("none", np.nan)
    found = study.finish().as_dict()
    assert [f["value"] for f in found["findings"]] == [1.5, "2021-06-20", None]
    assert type(found["findings"][0]["value"]) is float
    assert type(found["findings"][0]["lower"]) is int
    assert found["parameters"]["horizon_days"] == 180
    bundle = study.finish()._repr_mimebundle_()
    assert bundle[MIME] == found
    assert "<table" in bundle["text/html"] and "1.00 to 2.00" in bundle["text/plain"]


def test_findings_name_the_tables_that_were_loaded():
    ml.load("halvings")
    data = Example().finish().as_dict()["data"]
    assert data["halvings"]["version"] == 1
    assert len(data["halvings"]["sha256"]) == 64


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "Not Snake", "value": 1},
        {"name": "x", "value": [1, 2]},
        {"name": "x", "value": 1, "lower": 3, "upper": 2},
        {"name": "x", "value": 1, "level": 90},
    ],
)
def test_a_bad_finding_is_refused(wrong):
    with pytest.raises(BadInput):
        Example().record(**wrong)


def test_a_finding_twice_or_in_an_unknown_unit_is_refused():
    study = Example()
    study.record("x", 1)
    with pytest.raises(BadInput, match="twice"):
        study.record("x", 2)
    with pytest.raises(UnknownName, match="EH/s"):
        study.record("y", 2, "EHs")


def test_plain_knows_what_pandas_has():
    assert plain(pd.NaT) is None and plain(pd.NA) is None
    assert plain(np.bool_(True)) is True
    assert plain(pd.Timestamp("2021-06-20 12:30", tz="UTC")) == "2021-06-20T12:30:00+00:00"


def test_studies_are_found_by_convention_and_complete():
    for name in ml.studies.names():
        cls = getattr(ml.studies, name)
        assert cls.__name__ == name and issubclass(cls, Study)
        defaults = {name: field.default for name, field in cls.model_fields.items()}
        assert cls(**defaults) is not None, "the defaults are valid, rules among them"
        assert "lang" in cls.model_fields
        for entry in cls.parameters():
            assert entry["meaning"], (name, entry["name"])
    with pytest.raises(AttributeError, match="no study 'Crakdown'"):
        ml.studies.Crakdown  # noqa: B018


def test_the_package_of_studies_is_light():
    code = "import minelib.studies, sys; sys.exit('pydantic' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


@pytest.mark.parametrize("freq", ["D", "W", "epoch"])
def test_the_shortest_window_for_breaks_is_long_enough(freq):
    """Also where epochs were slowest: what the study accepts, the search accepts."""
    first = pd.Timestamp("2020-12-01")
    last = first + pd.Timedelta(days=crackdown._FEWEST_DAYS[freq])
    window = {"start": f"{first:%Y-%m-%d}", "end": f"{last:%Y-%m-%d}", "freq": freq}
    inside = {"intervention": "2020-12-02"}
    assert crackdown.Crackdown.checked({**window, **inside})[1] == []
    shorter = {**window, "end": f"{last - pd.Timedelta(days=1):%Y-%m-%d}"}
    assert "at least" in str(crackdown.Crackdown.checked({**shorter, **inside})[1][0])
    assert ml.impact.breakpoints(**window, seed=0) is not None


# ---- findings that are declared ---------------------------------------------------------------


class Kept(Study):
    from_month: Month = parameter("2021-04-01", meaning="Month")
    lang: Language = parameter("en", meaning="Language")
    finds = {
        "moved": finding(
            "Moved to {place} since {from_month}",
            "moved_pp lower_pp upper_pp",
            unit="percent",
            level=0.9,
        ),
        "chance": finding("Chance", unit="fraction"),
        "index_{year}": finding("Used in {year}", "best_twh", unit="TWh"),
        "stage_{n}_pct": finding("Stage {n}", "effect_pct", unit="{unit}"),
    }


ROW = {"moved_pp": 3.0, "lower_pp": 2.0, "upper_pp": 4.0, "place": "usa"}


@pytest.mark.parametrize("kind", ["dict", "series", "tuple"])
def test_a_row_is_kept_by_its_declared_columns(kind):
    frame = pd.DataFrame([ROW])
    row = {"dict": ROW, "series": frame.iloc[0], "tuple": next(frame.itertuples())}[kind]
    study = Kept()
    assert study.keep("moved", row) is row
    (found,) = study.finish().findings
    assert (found["value"], found["lower"], found["upper"], found["level"]) == (3, 2, 4, 0.9)
    assert found["meaning"] == "Moved to United States since April 2021"


def test_a_row_lends_its_place_in_the_index_to_the_sentence():
    frame = pd.DataFrame([ROW]).drop(columns="place").set_axis(["usa"])
    study = Kept()
    study.keep("moved", frame.loc["usa"])
    assert study.finish().findings[0]["meaning"] == "Moved to United States since April 2021"
    with pytest.raises(BadInput, match="no column 'place'"):
        study.keep("moved", {k: v for k, v in ROW.items() if k != "place"})


def test_a_scalar_a_family_and_a_second_call():
    study = Kept()
    study.keep("chance", np.float64(0.25))
    yearly = pd.DataFrame({"best_twh": [1.0, 2.0]}, pd.to_datetime(["2020-12-31", "2021-12-31"]))
    study.keep("index_{year}", yearly)
    stages = pd.DataFrame({"effect_pct": [-5.0, -7.0], "unit": ["percent", "percent"]})
    study.keep("stage_{n}_pct", stages)
    study.keep("chance", 0.5)
    found = {f["name"]: f for f in study.finish().findings}
    assert list(found) == ["chance", "index_2020", "index_2021", "stage_1_pct", "stage_2_pct"]
    assert found["chance"]["value"] == 0.5, "the cell ran again"
    assert len(study.finish().findings) == 5, "and what it found stands once"
    assert found["index_2021"]["meaning"] == "Used in 2021" and found["index_2021"]["value"] == 2
    assert found["stage_2_pct"]["unit"] == "percent"
    named = yearly.rename_axis("year").set_axis(pd.Index([2022, 2023], name="year"))
    study.keep("index_{year}", named)
    study.keep("index_2023", {"best_twh": 9.0})
    found = {f["name"]: f["value"] for f in study.finish().findings}
    assert (found["index_2022"], found["index_2023"]) == (1, 9)


@pytest.mark.parametrize(
    ("name", "value", "error", "part"),
    [
        ("movd", 1, UnknownName, "Did you mean 'moved'"),
        ("moved", pd.DataFrame([ROW]), BadInput, "keep a row"),
        ("index_{year}", 3.0, BadInput, "is a family"),
        ("index_{year}", pd.DataFrame({"best_twh": [1.0]}), BadInput, "no column 'year'"),
        ("moved", {"moved_pp": 1.0, "place": "usa"}, BadInput, "'lower_pp'; it has: moved_pp"),
        ("chance", {"chance": 1.0}, BadInput, "one value, not as a row"),
        ("chance", [1, 2], BadInput, "one value"),
        ("moved", {**ROW, "lower_pp": 9.0}, BadInput, "above the upper"),
    ],
)
def test_what_was_not_declared_is_refused(name, value, error, part):
    with pytest.raises(error, match=part):
        Kept().keep(name, value)


# ---- the set-up cell --------------------------------------------------------------------------


def cell(**changes):
    """The namespace of a notebook after its parameters cell."""
    defaults = {n: f.default for n, f in crackdown.Crackdown.model_fields.items()}
    return {"__name__": "__main__", "pd": pd, "mine": 3, **defaults, **changes}


def test_parameters_come_from_the_namespace_and_the_readers_own_names_stay():
    with mpl.rc_context():
        study = ml.study("02-crackdown", cell(horizon_days=84))
    assert type(study).__name__ == "Crackdown" and study.horizon_days == 84
    for name in ("crackdown", "2", 2, "02-crackdown.ipynb"):
        with mpl.rc_context():
            assert ml.study(name, cell()).values() == ml.study("crackdown").values()


def test_scalars_of_numpy_pandas_and_datetime_are_taken():
    given = cell(
        horizon_days=np.int64(84),
        intervention=pd.Timestamp("2021-05-21"),
        seed=np.uint8(3),
        start=datetime.date(2019, 1, 1),
        end=np.datetime64("2022-12-31"),
        stage_dates=pd.to_datetime(["2021-05-21", "2021-06-18"]),
        covariates=np.array(["price"]),
    )
    with mpl.rc_context():
        values = ml.study("02-crackdown", given).values()
    assert values["intervention"] == "2021-05-21" and values["start"] == "2019-01-01"
    assert values["stage_dates"] == ["2021-05-21", "2021-06-18"]
    assert values["covariates"] == ["price"]
    assert type(values["horizon_days"]) is int and values["end"] == "2022-12-31"


def test_a_missing_parameter_is_named_with_what_is_near():
    near = cell(horizon_day=84)
    del near["horizon_days"]
    with pytest.raises(BadParameters, match="horizon_days is missing; is it 'horizon_day'?"):
        ml.study("02-crackdown", near)
    far = cell()
    del far["seed"], far["end"]
    with pytest.raises(BadParameters) as caught:
        ml.study("02-crackdown", far)
    assert len(caught.value.problems) == 2 and "parameters cell must run" in str(caught.value)


def test_a_wrong_value_an_unknown_name_and_an_unknown_notebook():
    with pytest.raises(BadParameters, match="horizon_days = 'long'"):
        ml.study("02-crackdown", cell(horizon_days="long"))
    plain_dict = {k: v for k, v in cell().items() if k not in ("__name__", "pd", "mine")}
    with mpl.rc_context():
        assert ml.study("02-crackdown", plain_dict)
    with pytest.raises(BadParameters, match="horizn"):
        ml.study("02-crackdown", {**plain_dict, "horizn": 3})
    with pytest.raises(UnknownName, match="02-crackdown"):
        ml.study("crakdown", cell())
    with pytest.raises(BadInput, match="globals"):
        ml.study("02-crackdown", [1])


def test_a_changed_language_counts_when_the_cell_runs_again():
    with mpl.rc_context():
        ml.study("01-boom")
        assert words.current() == "en" and mpl.rcParams["axes.spines.top"] is False
        boom = {n: f.default for n, f in ml.studies.Boom.model_fields.items()}
        ml.study("01-boom", {**boom, "lang": "zh"})
        assert words.current() == "zh"
