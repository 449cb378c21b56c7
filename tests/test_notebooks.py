# SPDX-License-Identifier: MIT
"""The notebooks are run as a user runs them: by papermill, from the file, in a fresh kernel."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("[0-9][0-9]-*.ipynb"))
FINDINGS = "application/vnd.minelib.findings+json"


def papermill(notebook, output, *parameters):
    command = [sys.executable, "-m", "papermill", "--no-progress-bar", str(notebook), str(output)]
    return subprocess.run([*command, *parameters], capture_output=True, text=True)


def outputs(path):
    nb = json.loads(Path(path).read_text(encoding="utf-8"))
    return [o for c in nb["cells"] if c["cell_type"] == "code" for o in c["outputs"]]


def findings(path):
    found = [o["data"][FINDINGS] for o in outputs(path) if FINDINGS in o.get("data", {})]
    assert len(found) == 1, "the last cell hands out the findings, once"
    return found[0]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_bare_papermill_runs_it(path, tmp_path):
    out = tmp_path / "out.ipynb"
    done = papermill(path, out)
    assert done.returncode == 0, done.stderr[-3000:]
    found = findings(out)
    assert found["findings"], "a notebook that found nothing"
    assert found["data"], "the versions of the tables it used"
    for each in found["findings"]:
        assert each["meaning"], each["name"]
        if each["lower"] is not None and isinstance(each["value"], (int, float)):
            assert each["lower"] <= each["value"] <= each["upper"], each
    for each in outputs(out):
        assert each["output_type"] != "error"
        if each["output_type"] == "stream":
            assert "Warning" not in each["text"], each["text"]
        if "image/png" in each.get("data", {}):
            assert len(each["metadata"]["image/png"]["alt"]) > 20, "an alternative text"


def test_another_parameter_gives_another_result(tmp_path):
    whole, part = tmp_path / "whole.ipynb", tmp_path / "part.ipynb"
    assert papermill(ROOT / "notebooks/01-boom.ipynb", whole).returncode == 0
    done = papermill(ROOT / "notebooks/01-boom.ipynb", part, "-p", "start", "2017-01-01")
    assert done.returncode == 0, done.stderr[-2000:]
    values = [
        {f["name"]: f["value"] for f in findings(p)["findings"]}["hashrate_factor"]
        for p in (whole, part)
    ]
    assert values[0] > values[1] > 1


def test_a_value_out_of_range_stops_the_notebook_at_the_study(tmp_path):
    out = tmp_path / "out.ipynb"
    done = papermill(ROOT / "notebooks/01-boom.ipynb", out, "-p", "top_n_provinces", "99")
    assert done.returncode != 0
    assert "top_n_provinces = 99" in done.stderr
