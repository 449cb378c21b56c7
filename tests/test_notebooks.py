# SPDX-License-Identifier: MIT
"""The notebooks are run as a user runs them: by ``minelib run``, and by bare papermill."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import minelib as ml
from minelib.studies.notebooks import select
from minelib.workbench import run_notebooks
from minelib.workbench.runs.presets import SWEEPS
from minelib.workbench.runs.sweeps import combinations
from minelib.workbench.site import swept

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = sorted(p.stem for p in (ROOT / "notebooks").glob("[0-9][0-9]-*.ipynb"))
FINDINGS = "application/vnd.minelib.findings+json"


def papermill(notebook, output, *parameters):
    command = [sys.executable, "-m", "papermill", "--no-progress-bar", str(notebook), str(output)]
    return subprocess.run([*command, *parameters], capture_output=True, text=True)


def outputs(path):
    nb = json.loads(Path(path).read_text(encoding="utf-8"))
    return [o for c in nb["cells"] if c["cell_type"] == "code" for o in c["outputs"]]


def check(path):
    """What every executed notebook must show; returns its findings by name."""
    handed_out = [o["data"][FINDINGS] for o in outputs(path) if FINDINGS in o.get("data", {})]
    assert len(handed_out) == 1, "the last cell hands out the findings, once"
    found = handed_out[0]
    assert found["findings"], "a notebook that found nothing"
    assert found["data"], "the versions of the tables it used"
    for each in found["findings"]:
        assert each["meaning"], each["name"]
        if each["lower"] is not None and isinstance(each["value"], (int, float)):
            assert each["lower"] <= each["value"] <= each["upper"], each
    for each in outputs(path):
        assert each["output_type"] != "error"
        if each["output_type"] == "stream":
            text = "".join(each["text"])
            assert "Warning" not in text and each["name"] == "stdout", text
        if "image/png" in each.get("data", {}):
            assert len(each["metadata"]["image/png"]["alt"]) >= 10, "an alternative text"
    return {each["name"]: each["value"] for each in found["findings"]}


@pytest.mark.parametrize(
    "lang, names", [("en", NOTEBOOKS), ("zh", ["00-overview"])], ids=["en", "zh"]
)
def test_every_notebook_runs_and_shows_what_it_must(lang, names, tmp_path):
    results = run_notebooks(names, langs=(lang,), output=tmp_path)
    assert [(r.notebook, r.status) for r in results] == [(n, "ok") for n in names]
    for name in names:
        folder = tmp_path / name if lang == "en" else tmp_path / lang / name
        found = check(folder / f"{name}.ipynb")
        for sweep in SWEEPS.values():  # the gallery computes what the notebook would record
            if sweep.notebook == name.split("-", 1)[1] and lang == "en":
                for finding, value in shown_in_the_gallery(sweep).items():
                    assert found[finding] == value, (sweep.name, finding)


def shown_in_the_gallery(sweep):
    """The findings under a shipped sweep's figure, at the notebook's defaults."""
    (defaults,) = combinations(select([sweep.notebook])[0], {}, {}, from_text=True)
    values = swept.FOUND[sweep.name](defaults)
    ends = ("_lower", "_upper")
    return {
        name: value.date().isoformat() if hasattr(value, "date") else pytest.approx(value)
        for name, value in values.items()
        if not name.endswith(ends)
    }


def test_bare_papermill_runs_a_notebook_with_another_parameter(tmp_path):
    out = tmp_path / "out.ipynb"
    done = papermill(ROOT / "notebooks/01-boom.ipynb", out, "-p", "start", "2017-01-01")
    assert done.returncode == 0, done.stderr[-2000:]
    by_hand = ml.chain.growth("2017-01-01", "2021-05-20").loc["factor", "value"]
    assert check(out)["hashrate_factor"] == pytest.approx(by_hand)
