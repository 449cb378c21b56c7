# SPDX-License-Identifier: MIT
"""A release is refused in a sentence, holds what it should, and has the same bytes twice."""

import datetime
import io
import json
import re
import sys
import tarfile
import zipfile
from hashlib import sha256
from pathlib import Path

import pandas as pd
import pytest

import minelib as ml

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tools"))
import changes  # noqa: E402
import data_package  # noqa: E402
import release  # noqa: E402


@pytest.fixture
def tree(tmp_path):
    """A clean repository with a changelog."""
    root = tmp_path / "a tree"
    root.mkdir()
    (root / "CHANGELOG.md").write_text("# Changes\n\n## 9.8.7 - 2026-01-02\n", encoding="utf-8")
    for words in (
        ("init", "-q"),
        ("add", "."),
        ("-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "first"),
    ):
        release.git(*words, root=root)
    return root


def test_a_clean_tree_with_a_new_version_may_be_built(tree):
    release.may_be_built(tree / "dist", tree, "9.8.7")


def refused(tree, version="9.8.7"):
    with pytest.raises(release.Refused) as why:
        release.may_be_built(tree / "dist", tree, version)
    return str(why.value)


def test_a_tree_that_is_not_clean_is_refused(tree):
    (tree / "left over.txt").write_text("", encoding="utf-8")
    assert "the tree is not clean" in refused(tree) and "left over.txt" in refused(tree)


def test_a_version_that_exists_is_refused(tree):
    release.git("tag", "v9.8.7", root=tree)
    assert "version 9.8.7 exists" in refused(tree)


def test_a_version_already_built_is_refused(tree):
    (tree / ".git" / "info" / "exclude").write_text("dist\n", encoding="utf-8")
    (tree / "dist").mkdir()
    (tree / "dist" / "minelib-9.8.7.tar.gz").write_bytes(b"")
    assert "has version 9.8.7 already" in refused(tree)


def test_a_changelog_without_the_version_is_refused(tree):
    assert refused(tree, "9.8.8") == "CHANGELOG.md has no section for version 9.8.8"


def test_a_check_that_fails_is_named_with_its_last_line(tmp_path):
    fails = {"good": ["-c", "pass"], "bad": ["-c", "print('one'); raise SystemExit('two')"]}
    with pytest.raises(release.Refused, match=r"^bad: exit code 1; two$"):
        release.check(fails, tmp_path)


def test_refused_in_one_sentence_and_nothing_is_written(tmp_path, monkeypatch, capsys):
    def no(*_rest):
        raise release.Refused("because")

    monkeypatch.setattr(release, "may_be_built", no)
    assert release.main(["-o", str(tmp_path / "dist")]) == 2
    assert capsys.readouterr().err == "nothing released: because\n"
    assert not (tmp_path / "dist").exists()


@pytest.fixture(scope="module")
def twice(tmp_path_factory):
    folders = [tmp_path_factory.mktemp(name) for name in ("first", "second")]
    for folder in folders:
        release.distributions(folder)
    return folders


def test_wheel_and_sdist_have_the_same_bytes_twice(twice):
    first, second = map(release.sums, twice)
    assert first == second and len(first) == 2


def here(folder):
    """Files under a folder of the tree, those of the interpreter left out."""
    return {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / folder).rglob("*")
        if path.is_file()
        and "__pycache__" not in path.parts
        and ".ipynb_checkpoints" not in path.parts
    }


def test_the_wheel_holds_the_package_its_data_and_its_notebooks_and_nothing_else(twice):
    with zipfile.ZipFile(next(twice[0].glob("*.whl"))) as wheel:
        names = set(wheel.namelist())
    info = {name for name in names if ".dist-info/" in name}
    licences = {path.name for path in (ROOT / "LICENSES").glob("*.txt")}
    told = {"METADATA", "RECORD", "WHEEL", "entry_points.txt"}
    assert {Path(name).name for name in info} == told | licences | {"LICENSE"}
    wanted = here("minelib")
    wanted |= {name.replace("data/", "minelib/_data/", 1) for name in here("data")}
    wanted |= {name.replace("notebooks/", "minelib/_notebooks/", 1) for name in here("notebooks")}
    assert names - info == wanted


def test_the_sdist_holds_what_a_builder_needs_and_nothing_of_a_machine(twice):
    with tarfile.open(next(twice[0].glob("*.tar.gz"))) as archive:
        names = {name.split("/", 1)[1] for name in archive.getnames() if "/" in name}
    top = {name.split("/")[0] for name in names}
    for folder in ("minelib", "data", "notebooks", "tests", "tools", "docs", "LICENSES"):
        assert here(folder) <= names, folder
    assert {"README.md", "LICENSE", "CHANGELOG.md", "pyproject.toml", "requirements.lock"} <= top
    assert not top & {".venv", "outputs", "dist", "build", ".git", ".hypothesis", ".pytest_cache"}


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    path = data_package.write(tmp_path_factory.mktemp("data"))
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_data_package_describes_the_files_that_it_holds(package):
    described = json.loads(package["datapackage.json"])
    assert len(described["resources"]) == len(ml.catalog.list())
    for resource in described["resources"]:
        assert resource["hash"] == f"sha256:{sha256(package[resource['path']]).hexdigest()}"
    for name in ml.catalog.list()["name"]:
        topic = ml.catalog.default().descriptor(name).topic
        for lang in ("en", "zh"):
            text = package[f"{topic}/{name}.README.{lang}.txt"].decode("utf-8")
            assert ml.describe(name, lang=lang).descriptor.licence in text
    assert not [name for name in package if name.startswith(("/", "..")) or "\\" in name]


@pytest.mark.parametrize("name", ["country_share", "blocks", "events"])
def test_parquet_and_csv_give_what_load_gives(package, name):
    frame = pd.read_parquet(io.BytesIO(package[f"parquet/{name}.parquet"]))
    d = ml.catalog.default().descriptor(name)
    for column in d.columns:
        if column.type == "date":  # days, which pandas has as objects
            assert frame[column.name].dropna().map(type).eq(datetime.date).all()
            frame[column.name] = pd.to_datetime(frame[column.name]).astype("datetime64[us]")
    pd.testing.assert_frame_equal(frame, ml.load(name))
    csv = pd.read_csv(io.BytesIO(package[data_package.csv_name(d)]))
    assert list(csv.columns) == [c.name for c in d.columns] and len(csv) == len(frame)


def test_croissant_and_schema_org_know_every_table_and_column(package):
    croissant = json.loads(package["croissant.json"])
    files = {entry["@id"]: entry for entry in croissant["distribution"]}
    records = {entry["@id"]: entry for entry in croissant["recordSet"]}
    parts = json.loads(package["dataset.json"])["hasPart"]
    for d, part in zip(ml.catalog.default().descriptors(), parts, strict=True):
        content = package[files[d.name]["contentUrl"]]
        assert files[d.name]["sha256"] == sha256(content).hexdigest()
        fields = [field["name"] for field in records[f"{d.name}-rows"]["field"]]
        assert fields == [c.name for c in d.columns]
        assert [variable["name"] for variable in part["variableMeasured"]] == fields
        assert part["license"] == d.licence


def test_a_zip_has_the_bytes_of_its_content_whatever_the_clock_says(tmp_path, monkeypatch):
    files = {"b.txt": b"2", "a.txt": b"1"}
    first = data_package.pack(files, tmp_path / "1.zip").read_bytes()
    assert data_package.pack(dict(sorted(files.items())), tmp_path / "2.zip").read_bytes() == first
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1000000000")
    assert data_package.pack(files, tmp_path / "3.zip").read_bytes() != first


def test_the_zip_of_the_site_holds_pages_and_no_mark_of_the_run(tmp_path, monkeypatch):
    def run(words, **_how):
        folder = Path(words[words.index("--output") + 1]) / "site"
        for name in ("index.html", "en/run.html", ".stamp", "api/.made-from"):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(name, encoding="utf-8")

    monkeypatch.setattr(release.subprocess, "run", run)
    release.site(tmp_path)
    with zipfile.ZipFile(next(tmp_path.glob("minelib-site-*.zip"))) as archive:
        assert archive.namelist() == ["en/run.html", "index.html"]


def test_five_lines_of_r_name_a_file_and_columns_that_are_there(package):
    lines = package["read.R"].decode("utf-8").splitlines()
    code = [line for line in lines if not line.startswith("#")]
    assert len(code) == 5
    (name,) = re.findall(r'read\.csv\("([^"]+)"', code[0])
    head = package[name].decode("utf-8").splitlines()[0].split(",")
    assert {"month", "place", "share_pct"} <= set(head)
    assert set(re.findall(r"\b(month|place|share_pct)\b", "".join(code))) <= set(head)


def _folder(place, rows, version=1, key="month"):
    """A data folder of one table."""
    (place / "geography").mkdir(parents=True)
    (place / "geography" / "share.csv").write_text("month,pct\n" + rows, encoding="utf-8")
    lines = [
        'name = "share"',
        f"version = {version}",
        f'primary_key = ["{key}"]',
        f'sha256 = "{sha256(rows.encode()).hexdigest()}"',
        'columns = [{name = "month"}, {name = "pct"}]',
    ]
    (place / "geography" / "share.toml").write_text("\n".join(lines), encoding="utf-8")
    return place


def test_what_changed_between_two_versions_is_told_with_old_and_new_value(tmp_path):
    old = _folder(tmp_path / "old", "2021-01,1\n2021-02,2\n2021-03,\n")
    new = _folder(tmp_path / "new", "2021-01,1\n2021-02,2.5\n2021-04,4\n", version=2)
    assert list(changes.changes(old, new)) == [
        "- `share` (version 1 to 2): 1 rows came; 1 rows went; 1 values changed",
        "  - 2021-02, `pct`: 2 → 2.5",
    ]
    assert list(changes.changes(old, old)) == []
    other = _folder(tmp_path / "other", "2021-01,1\n", key="pct")
    (line,) = changes.changes(old, other)
    assert "other keys (month and pct), not compared" in line


def test_folders_without_tables_are_refused_in_a_sentence(tmp_path, capsys):
    assert changes.main([str(tmp_path), str(tmp_path)]) == 2
    assert capsys.readouterr().err == f"{tmp_path} holds no tables\n"
