# SPDX-License-Identifier: MIT
import random
import re

import pandas as pd
import pytest

import minelib as ml
from minelib.catalog import Catalog, __main__ as command
from minelib.catalog.descriptor import WARNINGS
from minelib.catalog.files import sha256
from minelib.errors import DamagedData, MinelibError, OutOfCoverage, UnknownName

TABLES = ml.catalog.default().names

# What the package must carry, by topic; a name may stand for several wishes.
NEEDED = {
    "network_daily",
    "difficulty_epochs",
    "halvings",
    "price_peaks",
    "country_share",
    "country_share_first_release",
    "province_share",
    "us_state_share",
    "map_releases",
    "other_estimates",
    "relocation_evidence",
    "listed_miners",
    "pools",
    "pool_share",
    "pool_blocks_by_epoch",
    "machines",
    "index_machines",
    "machine_prices",
    "electricity",
    "carbon_intensity",
    "province_generation",
    "province_factors",
    "lifecycle_factors",
    "wet_season_months",
    "power_prices",
    "events",
    "claims",
    "mine_sites",
    "employment_parameters",
    "employment_estimates",
    "company_staff",
    "published_results",
    "places",
    "companies",
    "bodies",
    "terms",
}


def test_every_needed_table_is_there():
    assert set(TABLES) >= NEEDED


def test_catalogue_lists_every_table_with_licence_and_period():
    frame = ml.catalog.list()
    assert list(frame["name"]) == TABLES
    assert len(frame) >= 30
    assert (frame["rows"] > 0).all()
    assert frame["licence"].str.len().min() > 0
    assert (frame["version"] >= 1).all()


@pytest.mark.parametrize("name", TABLES)
def test_description_is_complete(name):
    described = ml.describe(name)
    assert len(described.title) > 10
    assert len(described.meaning.split()) >= 12, "a paragraph, not a label"
    for column in described.columns:
        assert column.meaning.strip(), column.name
        assert column.type
    for source in described.sources:
        assert source["publisher"] and source["title"] and source["accessed"]
    assert described.licence and described.licence_origin and described.citation
    assert described.changes_made, "what was done to the origin"
    assert set(described.warnings) <= set(WARNINGS)
    assert str(described).startswith(described.title)
    html = described._repr_html_()
    assert all(f"<code>{c.name}</code>" in html for c in described.columns)


@pytest.mark.parametrize("name", TABLES)
def test_table_loads_with_documented_columns_and_dtypes(name):
    frame, described = ml.load(name), ml.describe(name)
    assert list(frame.columns) == [c.name for c in described.columns]
    assert len(frame) == described.rows
    for column in described.columns:
        assert str(frame[column.name].dtype) == column.dtype, column.name
    if described.primary_key:
        assert not frame.duplicated(list(described.primary_key)).any()


@pytest.mark.parametrize("name", TABLES)
def test_coverage_is_that_of_the_column(name):
    coverage = ml.describe(name).coverage
    if not coverage["column"]:
        return
    values = ml.load(name)[coverage["column"]].dropna()
    if coverage["column"] == "time_s":
        values = pd.to_datetime(values, unit="s")
    if coverage["column"] == "epoch":
        values = values.map(ml.load("difficulty_epochs").set_index("epoch")["start_date"])
    if isinstance(values.dtype, pd.DatetimeTZDtype) or values.dtype.kind == "M":
        values = values.dt.strftime("%Y-%m-%d")
    values = values.astype(str)
    for bound, value in (("start", values.min()), ("end", values.max())):
        assert value.startswith(coverage[bound]) or coverage[bound].startswith(value), bound


@pytest.mark.parametrize("name", TABLES)
def test_unit_suffix_agrees_with_unit(name):
    suffixes = {
        "_eh_s": "EH/s",
        "_pct": "percent",
        "_twh": "TWh",
        "_usd": "USD",
        "_mw": "MW",
        "_gw": "GW",
        "_j_th": "J/TH",
        "_usd_kwh": "USD/kWh",
        "_g_kwh": "g/kWh",
        "_btc": "BTC",
        "_pp": "percentage points",
    }
    for column in ml.describe(name).columns:
        if column.type not in ("number", "integer"):
            continue
        ending = max((s for s in suffixes if column.name.endswith(s)), key=len, default=None)
        if ending is None or column.name.endswith("_per_usd"):
            continue
        also = {"_usd": {"USD/BTC"}, "_twh": {"TWh/year"}}.get(ending, set())
        assert column.unit in {suffixes[ending], *also}, column.name


def test_cite_in_both_styles():
    for name in TABLES:
        assert len(ml.cite(name)) > 20
        bibtex = ml.cite(name, style="bibtex")
        assert bibtex.count("{") == bibtex.count("}") and bibtex.startswith("@misc{")
    with pytest.raises(UnknownName, match="bibtex"):
        ml.cite("halvings", style="bibtx")


def test_loaded_frame_is_the_callers_own():
    mine = ml.load("halvings")
    mine.loc[0, "height"] = -1
    assert ml.load("halvings").loc[0, "height"] == 0


def test_unknown_table_offers_the_nearest():
    with pytest.raises(UnknownName, match="country_share") as caught:
        ml.load("country_shares")
    assert caught.value.suggestions[0] == "country_share"


def test_another_version_is_refused_not_served():
    version = ml.describe("halvings").version
    assert len(ml.load("halvings", version=version))
    with pytest.raises(OutOfCoverage, match="version"):
        ml.load("halvings", version=version + 1)


# ---- damage -----------------------------------------------------------------------------


def edit(path, old, new, count=1):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, count), encoding="utf-8", newline="\n")


def test_missing_file_is_named(data_copy):
    (data_copy / "geography/country_share.csv").unlink()
    with pytest.raises(DamagedData, match=r"geography/country_share\.csv.*missing"):
        Catalog(data_copy).load("country_share")


def test_cell_that_breaks_the_schema_is_named(data_copy):
    path = data_copy / "geography/country_share.csv"
    lines = path.read_text(encoding="utf-8").split("\n")
    cells = lines[4].split(",")
    cells[2] = "175.53"
    lines[4] = ",".join(cells)
    path.write_text("\n".join(lines), encoding="utf-8", newline="\n")
    with pytest.raises(DamagedData) as caught:
        Catalog(data_copy).load("country_share")
    e = caught.value
    assert (e.file, e.line, e.column, e.value) == (
        "geography/country_share.csv",
        5,
        "share_pct",
        "175.53",
    )
    assert "at most 100" in e.rule


@pytest.mark.parametrize(
    "cell, rule", [("abc", "number"), ("175.53", "at most 100"), ("-1", "at least 0")]
)
def test_cell_that_breaks_the_schema_is_named_even_when_stamped(data_copy, cell, rule):
    path = data_copy / "geography/country_share.csv"
    edit(path, "china,75.53", f"china,{cell}")
    edit(path.with_suffix(".toml"), ml.describe("country_share").sha256, sha256(path.read_bytes()))
    match = f"line [0-9]+, column share_pct, value '{cell}'.*{rule}"
    with pytest.raises(DamagedData, match=match):
        Catalog(data_copy).load("country_share")


def test_allowed_value_that_was_altered_is_noticed(data_copy):
    edit(data_copy / "geography/country_share.csv", "china,46.04", "china,46.05")
    with pytest.raises(DamagedData, match="altered: the SHA-256") as caught:
        Catalog(data_copy).load("country_share")
    assert caught.value.file == "geography/country_share.csv"


@pytest.mark.parametrize(
    "damage, rule",
    [
        (lambda t: t.replace(",", ";", 1), "column"),
        (lambda t: t.split("\n", 1)[0] + "\n", "altered"),
        (lambda t: t[: len(t) // 2], "cells|altered|not of type|line"),
        (lambda t: t.replace("china", '"china', 1), "CSV|cell|line"),
        (lambda t: "", "empty"),
    ],
)
def test_broken_file_never_loads(data_copy, damage, rule):
    path = data_copy / "geography/country_share.csv"
    path.write_text(damage(path.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
    with pytest.raises(DamagedData, match=rule):
        Catalog(data_copy).load("country_share")


def flip(path, rng):
    content = bytearray(path.read_bytes())
    position = rng.randrange(len(content))
    content[position] ^= 1 << rng.randrange(8)
    path.write_bytes(content)


def test_any_flipped_bit_in_csv_or_descriptor_is_caught_and_the_file_named(data_copy):
    rng = random.Random(20210924)
    for path in rng.sample(sorted(data_copy.glob("*/*")), 12):
        before = path.read_bytes()
        flip(path, rng)
        try:
            problems = Catalog(data_copy).check()
        except DamagedData as e:
            problems = [e]
        finally:
            path.write_bytes(before)
        file = path.relative_to(data_copy).as_posix()
        assert any(p.file == file for p in problems), f"{file}: {problems}"


def test_flipped_bit_in_a_generated_file_or_a_vocabulary_is_caught(data_copy):
    rng = random.Random(924)
    for path in sorted(p for p in data_copy.iterdir() if p.is_file()):
        before = path.read_bytes()
        flip(path, rng)
        assert any(p.file == path.name for p in Catalog(data_copy).check()), path.name
        path.write_bytes(before)


def test_reference_to_an_unknown_place_is_named(data_copy):
    path = data_copy / "geography/country_share.csv"
    edit(path, ",kazakhstan,", ",kazakstan,")
    Catalog(data_copy).stamp(["country_share"])
    problems = Catalog(data_copy).check()
    assert any(p.value == "kazakstan" and p.column == "place" for p in problems)


def test_the_command_names_every_wrong_cell_of_a_file_and_then_every_wrong_key(
    data_copy, monkeypatch, capsys
):
    monkeypatch.setattr(command, "Catalog", lambda: Catalog(data_copy))
    assert command.main(["--write"]) == 0
    path = data_copy / "geography/country_share.csv"
    edit(path, ",kazakhstan,", ",kazakstan,")
    before = path.read_text(encoding="utf-8")
    path.write_text(before.replace("2019-09-01,", "2019-09,"), encoding="utf-8")
    capsys.readouterr()
    assert command.main(["--write"]) == 1
    said = capsys.readouterr().err.splitlines()
    assert len(said) == before.count("2019-09-01,") > 1
    assert all("value '2019-09': is not of type date (2021-06-01)" in line for line in said)
    path.write_text(before, encoding="utf-8")
    assert command.main(["--write"]) == 1
    assert "value 'kazakstan': is not in places.place" in capsys.readouterr().err


@pytest.mark.parametrize(
    "old, new, word",
    [
        ('type = "date"', 'type = "dat"', "dat"),
        ("version = 1", 'version = "1"', "version"),
        ("[coverage]", "[coverag]", "coverag"),
        ('unit = "percent"', 'unit = "per cent"', "per cent"),
        ("meaning", "meening", "meaning"),
    ],
)
def test_damaged_descriptor_is_named(data_copy, old, new, word):
    path = data_copy / "geography/country_share.toml"
    edit(path, old, new)
    with pytest.raises(DamagedData, match=word) as caught:
        Catalog(data_copy).load("country_share")
    assert caught.value.file == "geography/country_share.toml"


def test_generated_files_agree_with_the_descriptors():
    problems = [str(p) for p in ml.catalog.default().check()]
    assert problems == [], "run `make descriptors`"


def test_datapackage_follows_the_standard():
    import json

    package = json.loads((ml.catalog.data_folder() / "datapackage.json").read_text("utf-8"))
    assert package["$schema"].startswith("https://datapackage.org/profiles/2")
    for resource in package["resources"]:
        assert re.fullmatch(r"[-a-z0-9._/]+", resource["name"])
        assert (ml.catalog.data_folder() / resource["path"]).is_file()
        assert {f["type"] for f in resource["schema"]["fields"]} <= {
            "string",
            "integer",
            "number",
            "boolean",
            "date",
            "datetime",
        }


def test_every_broken_cell_is_named_in_the_order_of_the_file(data_copy):
    path = data_copy / "geography/country_share.csv"
    lines = path.read_text(encoding="utf-8").split("\n")
    lines[1] = lines[1].replace("1.06", "1,06")  # a cell too many
    lines[2] = lines[2].replace("75.53", "175.53")
    lines[4] = lines[3]  # the primary key twice
    path.write_text("\n".join(lines), encoding="utf-8", newline="\n")
    found = [p for p in Catalog(data_copy).check() if p.file.endswith("country_share.csv")]
    assert [p.line for p in found] == [2, 3, 5]
    assert "line 4 too" in found[2].rule and found[2].column == "month, place"


def test_the_call_that_listed_the_tables_still_does_with_a_warning():
    with pytest.warns(DeprecationWarning, match=r"minelib\.catalog\.list\(\)"):
        assert ml.catalog().equals(ml.catalog.list())


@pytest.mark.parametrize("wrong", [True, "1", float("nan"), [1], -1])
def test_a_version_is_a_whole_number(wrong):
    with pytest.raises(MinelibError, match="version"):
        ml.load("halvings", version=wrong)


@pytest.mark.parametrize("wrong", [None, [], {}, b"x", 1, True, pd.DataFrame()])
def test_what_is_no_name_is_no_table(wrong):
    for function in (ml.load, ml.describe, ml.cite):
        with pytest.raises(UnknownName):
            function(wrong)
    for call in (ml.catalog.list, lambda lang: ml.describe("halvings", lang)):
        if wrong is not None:
            with pytest.raises(UnknownName, match="language"):
                call(wrong)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda c: c.replace(b"\n", b"\r\n"), "differs only in line ends;"),
        (lambda c: c.replace(b"\n", b"\r"), "differs only in line ends;"),
        (lambda c: b"\xef\xbb\xbf" + c, "differs only in a byte order mark;"),
        (
            lambda c: b"\xef\xbb\xbf" + c.replace(b"\n", b"\r\n"),
            "differs only in line ends and a byte order mark;",
        ),
    ],
)
def test_a_table_that_a_spreadsheet_saved_anew_is_told_so(data_copy, change, said):
    path = data_copy / "network" / "halvings.csv"
    path.write_bytes(change(path.read_bytes()))
    problems = [str(p) for p in Catalog(data_copy).check() if "halvings.csv" in str(p)]
    assert any(said in p for p in problems), problems


def test_a_table_with_another_value_is_altered_also_with_other_line_ends(data_copy):
    path = data_copy / "network" / "halvings.csv"
    path.write_bytes(path.read_bytes().replace(b"210000", b"210001").replace(b"\n", b"\r\n"))
    problems = [str(p) for p in Catalog(data_copy).check() if "halvings.csv" in str(p)]
    assert problems and not any("line ends" in p for p in problems)


def test_help_of_the_stamping_stamps_nothing(monkeypatch, capsys):
    from minelib.catalog import __main__ as stamping

    monkeypatch.setattr(stamping, "Catalog", lambda: pytest.fail("it went to work"))
    for arguments, code in ((["--help"], 0), (["-h"], 0), (["--wirte"], 2)):
        with pytest.raises(SystemExit) as ended:
            stamping.main(arguments)
        assert ended.value.code == code
    assert "--write" in capsys.readouterr().out


# --- how far the tables reach ----------------------------------------------------------------


@pytest.fixture(scope="module")
def reach():
    return ml.catalog.coverage().set_index("table")


def test_every_table_with_dates_says_how_far_it_reaches(reach):
    dated = {d.name for d in ml.catalog.default().descriptors() if d.coverage["column"]}
    assert set(reach.index) == dated
    assert (reach["first_day"] <= reach["last_day"]).all()
    assert reach["rows"].to_dict() == {name: len(ml.load(name)) for name in reach.index}


def test_descriptors_say_the_days_that_the_rows_have(reach):
    for name, row in reach.iterrows():
        said = ml.catalog.default().descriptor(name).coverage
        assert str(row["first_day"].date()).startswith(said["start"]), name
        # a month is told by its first day, and covers all of it
        assert str(row["last_day"].date())[:7].startswith(said["end"][:7]), name
    single = reach[~reach["grain"].isin(["month", "year"])]
    ends = [ml.catalog.default().descriptor(name).coverage["end"] for name in single.index]
    told = single["last_day"].dt.strftime("%Y-%m-%d")
    assert [len(end) == 4 or end == day for end, day in zip(ends, told, strict=True)].count(
        False
    ) == 0


def test_last_days_are_those_of_the_rows_themselves(reach):
    # January 2022 is the last month of the Cambridge map, which has 31 days
    assert str(reach.loc["country_share", "last_day"].date()) == "2022-01-31"
    assert reach.loc["network_daily", "last_day"] == ml.load("network_daily")["date"].max()
    blocks = ml.load("blocks")["time_s"].max()
    assert reach.loc["blocks", "last_day"] == pd.to_datetime(blocks, unit="s").floor("D")
    epoch = ml.load("pool_blocks_by_epoch")["epoch"].max()
    begins = ml.load("difficulty_epochs").set_index("epoch")["start_date"]
    assert reach.loc["pool_blocks_by_epoch", "last_day"] == begins[epoch]


def test_grains_are_those_of_the_rows(reach):
    grains = reach["grain"]
    assert grains["network_daily"] == "day" and grains["blocks"] == "block"
    assert grains["difficulty_epochs"] == grains["pool_blocks_by_epoch"] == "epoch"
    assert grains["province_share"] == "month" and grains["index_yearly"] == "year"
    assert grains["events"] == grains["country_share_later"] == "single"


def test_a_shortened_table_ends_earlier(data_copy):
    from minelib.catalog import reach as room

    path = data_copy / "geography" / "country_share.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = "".join(line for line in lines if not line.startswith("2022-01"))
    path.write_text(kept, encoding="utf-8", newline="\n")
    toml = path.with_suffix(".toml")
    stamped = toml.read_text(encoding="utf-8").replace(
        Catalog().descriptor("country_share").sha256, sha256(path.read_bytes())
    )
    toml.write_text(stamped, encoding="utf-8")
    found = room.coverage(Catalog(data_copy)).set_index("table")
    assert str(found.loc["country_share", "last_day"].date()) == "2021-12-31"
