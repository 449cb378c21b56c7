# SPDX-License-Identifier: MIT
"""What others' catalogues read agrees with the package: versions, licences, requirements."""

import json
import re
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

import minelib as ml

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tools"))
import metadata as told  # noqa: E402

# conda-forge has the libraries without their notebooks' and windows' parts under these names
CONDA = {"matplotlib": "matplotlib-base", "seaborn": "seaborn-base"}


def test_written_files_are_as_they_would_be_written_now():
    assert told.behind() == []


def test_one_version():
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    newest, day = re.findall(r"^## (\d+\.\d+\.\d+) - (\d{4}-\d\d-\d\d)$", changes, re.M)[0]
    cited = told.citation()
    assert cited["version"] == newest == ml.__version__
    assert str(cited["date-released"]) == day
    for name in ("codemeta.json", ".zenodo.json"):
        content = json.loads((ROOT / name).read_text(encoding="utf-8"))
        assert content["version"] == ml.__version__
        assert content["keywords"] == cited["keywords"]
    recipe = yaml.safe_load((ROOT / "recipe" / "recipe.yaml").read_text(encoding="utf-8"))
    assert recipe["context"]["version"] == ml.__version__
    assert told.project()["dynamic"] == ["version"] and "version" not in told.project()


def test_the_recipe_asks_for_what_the_package_asks_for():
    recipe = yaml.safe_load((ROOT / "recipe" / "recipe.yaml").read_text(encoding="utf-8"))
    wanted = {f"python {told.project()['requires-python']}"}
    for text in told.project()["dependencies"]:
        name, version = re.fullmatch(r"([\w.-]+)(.*)", text).groups()
        wanted.add(f"{CONDA.get(name, name)} {version}")
    assert set(recipe["requirements"]["run"]) == wanted
    assert recipe["about"]["summary"] == told.project()["description"]


def test_licences_are_told_table_by_table():
    licences = {"MIT", *ml.catalog.list()["licence"]}
    recipe = yaml.safe_load((ROOT / "recipe" / "recipe.yaml").read_text(encoding="utf-8"))
    assert set(told.project()["license"].split(" AND ")) == licences | {"OFL-1.1"}
    assert recipe["about"]["license"] == told.project()["license"]
    texts = {path.stem for path in (ROOT / "LICENSES").glob("*.txt")}
    assert licences <= texts
    notes = tomllib.loads((ROOT / "REUSE.toml").read_text(encoding="utf-8"))["annotations"]
    assert {note["SPDX-License-Identifier"] for note in notes} == texts, (
        "none lacks, none is unused"
    )
    by_path = {note["path"]: note["SPDX-License-Identifier"] for note in notes}
    for name, licence in ml.catalog.list().set_index("name")["licence"].items():
        assert by_path[f"data/{ml.catalog.default().descriptor(name).csv_file}"] == licence


def test_what_ends_is_listed_with_its_version():
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    part = changes.split("### Names that end", 1)[1].split("\n## ", 1)[0]
    version = re.search(r"until (\d+\.\d+)\.0", part).group(1)
    ends = set()
    for path in (ROOT / "minelib").rglob("*.py"):
        ends |= set(re.findall(r'version="(0\.\d+)"', path.read_text(encoding="utf-8")))
    assert ends == {version}
    listed = re.findall(r"^- `([\w.()]+)`", part, re.M)
    assert listed == ["ml.catalog()", "ml.tables.table", "ml.plots"]
    with pytest.warns(DeprecationWarning, match=r"ml\.catalog|catalog\.list"):
        ml.catalog()


def test_configuration_of_hosts_can_be_read_and_calls_what_exists():
    for path in [*ROOT.glob(".github/**/*.yml"), ROOT / ".pre-commit-config.yaml"]:
        assert yaml.safe_load(path.read_text(encoding="utf-8")), path
    box = json.loads((ROOT / ".devcontainer" / "devcontainer.json").read_text(encoding="utf-8"))
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert box["postCreateCommand"] == "make .venv/.installed" and "$(STAMP):" in makefile
    assert (ROOT / ".devcontainer" / box["build"]["dockerfile"]).exists()
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    for hook in hooks["repos"][0]["hooks"]:
        for script in re.findall(r"(?:tools|tests)/\w+\.py", hook["entry"]):
            assert (ROOT / script).exists()
