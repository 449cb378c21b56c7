# SPDX-License-Identifier: MIT
"""A plain install: the library, its data and the language of the notebooks, nothing of the rest.

The distributions that a plain install does not bring are hidden from a process of its own, as
if they were not there; what the reader's own Jupyter brings stays.
"""

import subprocess
import sys
from importlib import metadata

import pytest
from test_house import NOTEBOOKS, ROOT, canonicalize_name, installed_with, project

HIDING = """
import sys
hidden = set({hidden!r})

class Hidden:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name.partition(".")[0] in hidden:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Hidden)
"""

RUNNING = """
import json
import os
os.environ["MPLBACKEND"] = "agg"
from IPython.core.interactiveshell import InteractiveShell

import minelib.style
shell = InteractiveShell.instance()
for path in {paths!r}:
    shell.reset(new_session=False)
    shell.run_cell("import matplotlib.pyplot as plt; plt.close('all')", store_history=False)
    for cell in json.load(open(path, encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            source = "".join(cell["source"]).replace('lang = "en"', 'lang = "{lang}"')
            result = shell.run_cell(source, store_history=False, silent=False)
            result.raise_error()
print("all ran", minelib.words.current(), file=sys.stderr)
"""


def hidden(*beside):
    """Modules of the installed distributions that neither minelib nor these bring."""
    plain = installed_with([*project()["dependencies"], *beside]) | {"minelib"}
    owners = metadata.packages_distributions().items()
    return sorted(m for m, dists in owners if not {canonicalize_name(d) for d in dists} & plain)


def hiding(code, *beside):
    """Run code in a process that has a plain install and these distributions."""
    return subprocess.run(
        [sys.executable, "-c", HIDING.format(hidden=hidden(*beside)) + code],
        capture_output=True,
        text=True,
        cwd=ROOT,
    )


def test_what_is_hidden_is_what_the_workbench_brings():
    modules = set(hidden("ipykernel"))
    assert {"papermill", "jupyterlab", "sphinx", "nbformat", "distributed", "otter"} <= modules
    assert not {"pandas", "seaborn", "ipykernel", "IPython", "jinja2", "beartype"} & modules
    assert "ipykernel" in hidden()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_notebook_runs_in_a_jupyter_that_the_reader_already_has(lang):
    # what differs between the languages needs nothing of the workbench: each runs in one of them
    paths = [str(path) for path in NOTEBOOKS[lang == "zh" :: 2]]
    done = hiding(RUNNING.format(paths=paths, lang=lang), "ipykernel")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert done.stderr.endswith(f"all ran {lang}\n")


def test_the_library_alone_needs_no_jupyter():
    done = hiding(
        "import minelib as ml\n"
        "assert ml.verify().ok and len(ml.claims.ledger()) and len(ml.published.table())\n"
        "from minelib.lessons import start\n"
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "command", [["data"], ["data", "pools"], ["claims"], ["published"], ["params", "2"], ["verify"]]
)
def test_commands_of_the_library_work_in_a_plain_install(command):
    code = f"from minelib.cli import run\nraise SystemExit(run({command!r}))"
    done = hiding(code)
    assert done.returncode == 0 and done.stdout.strip(), done.stderr


@pytest.mark.parametrize(
    "command",
    [
        ["run", "1"],
        ["sweep", "8", "-g", "lang=en,zh"],
        ["lab"],
        ["explore"],
        ["site"],
        ["grade", "."],
    ],
)
def test_a_command_of_the_workbench_says_what_it_needs(command, tmp_path):
    code = f"import os\nos.chdir({str(tmp_path)!r})\n"
    code += f"from minelib.cli import run\nraise SystemExit(run({command!r}))"
    done = hiding(code)
    assert done.returncode == 2, done.stdout + done.stderr
    (line,) = done.stderr.strip().splitlines()
    assert "pip install" in line and "minelib[workbench]" in line
    assert list(tmp_path.iterdir()) == []
