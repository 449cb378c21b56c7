# SPDX-License-Identifier: MIT
"""The house itself: floors, sizes, what may not stand in it, and dependencies that agree."""

import ast
import contextlib
import json
import re
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tools"))

import house  # noqa: E402

PACKAGE = ROOT / "minelib"
MODULES = sorted(p for p in PACKAGE.rglob("*.py"))


def room(path):
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


GRAPH = house.imports()


def test_every_import_goes_down():
    assert house.wrong_imports(GRAPH) == []


def test_no_modules_import_each_other_in_a_circle():
    assert house.circles(GRAPH) == []


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("minelib.chain.rate", "from minelib.claims import ledger"),
        ("minelib.chain.rate", "def later():\n    from minelib import figures"),
        ("minelib.chain.rate", 'import_module("minelib.studies")'),
        ("minelib.attic", "import minelib.words"),
        ("minelib.studies.base", "import minelib.workbench.runs.plan"),
        ("minelib.errors", "from minelib import checks"),
    ],
    ids=["upward", "lazy and upward", "by its name", "unknown room", "workbench", "next floor"],
)
def test_a_wrong_import_is_seen(name, source):
    assert house.wrong_imports({name: set(house.imported(source, {*GRAPH, name}))})


def test_a_circle_that_closes_when_called_is_seen():
    later = "def later():\n    from minelib.impact import {}"
    names = {f"minelib.impact.{name}" for name in "ab"}
    graph = {
        f"minelib.impact.{name}": set(house.imported(later.format(other), names))
        for name, other in ("ab", "ba")
    }
    assert len(house.circles(graph)) == 1


def test_the_house_is_small_enough_and_says_so(capsys):
    assert house.main([]) == 0, capsys.readouterr().out
    said = capsys.readouterr().out
    for part, lines in house.parts().items():
        assert f"{lines:,} of {house.LIMITS[part]:,} {part}" in said


def test_the_picture_of_the_house_is_that_of_its_imports():
    drawn = house.PICTURE.read_text(encoding="utf-8")
    assert drawn == house.picture(GRAPH), "run: python tools/house.py --draw"


def test_a_circle_of_any_length_is_seen():
    chain = [f"minelib.impact.{name}" for name in "abcde"]
    graph = {name: {other} for name, other in zip(chain, [*chain[1:], chain[0]], strict=True)}
    (found,) = house.circles(graph)
    assert found.count("->") == 5
    assert house.circles({**graph, chain[-1]: set()}) == []


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_a_module_is_small_and_says_what_it_is(path):
    text = path.read_text(encoding="utf-8")
    assert text.startswith("# SPDX-License-" + "Identifier: MIT\n")
    assert text.count("\n") <= 420, "does it hold two rooms?"
    assert ast.get_docstring(ast.parse(text)), "one sentence at the head"


def test_subject_modules_neither_print_nor_plot_nor_read_the_environment():
    for path in MODULES:
        own = room(path)
        above = own in house.FLOOR and house.FLOOR[own] > house.FLOOR["claims"]
        if above or own in ("__init__", "style") or path.name == "__main__.py":
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        calls = {
            n.func.id
            for n in ast.walk(tree)
            if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)
        }
        names = {n.attr for n in ast.walk(tree) if isinstance(n, ast.Attribute)}
        modules = {
            a.name.split(".")[0]
            for n in ast.walk(tree)
            if isinstance(n, ast.Import)
            for a in n.names
        }
        assert "print" not in calls, path
        # only MINELIB_DATA is asked there: where a reader keeps newer tables of her own
        asked = re.findall(r"environ(?:\.get\(|\[)\"(\w+)", path.read_text(encoding="utf-8"))
        folders = {"MINELIB_DATA", "LOCALAPPDATA", "XDG_DATA_HOME"}
        if path != PACKAGE / "catalog" / "own.py" or set(asked) != folders:
            assert not {"environ", "getenv"} & names, path
        assert not {"matplotlib", "seaborn", "IPython"} & modules, path


def test_import_is_light():
    code = (
        "import sys; import minelib; "
        "print([m for m in ('pandas', 'matplotlib', 'numpy', 'pydantic') if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


def project():
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


CONDA_NAMES = {
    "build": "python-build",
    "jupyter-client": "jupyter_client",
    "playwright": "playwright-python",
}


def requirement(text):
    return re.fullmatch(r"([A-Za-z0-9_.-]+)([^;]*)(?:;.*)?", text.replace(" ", "")).groups()


def test_environment_mirrors_pyproject():
    declared = project()
    wanted = set(declared["dependencies"])
    for extra, requirements in declared["optional-dependencies"].items():
        if extra != "dev":
            wanted |= set(requirements)
    wanted = {CONDA_NAMES.get(n, n) + v for n, v in map(requirement, wanted)}
    wanted |= {f"python{declared['requires-python']}", "pip"}
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    listed = {d.replace(" ", "") for d in environment["dependencies"] if isinstance(d, str)}
    assert listed == wanted


def installed_with(requirements):
    """Distributions that come with these on Linux and the oldest Python, by the installed ones."""
    target = {
        "python_version": "3.11",
        "python_full_version": "3.11.0",
        "sys_platform": "linux",
        "platform_system": "Linux",
        "os_name": "posix",
    }
    waiting, found = [Requirement(text) for text in requirements], set()
    while waiting:
        wanted = waiting.pop()
        key = (canonicalize_name(wanted.name), frozenset(wanted.extras))
        if key in found:
            continue
        found.add(key)
        with contextlib.suppress(metadata.PackageNotFoundError):  # not on this Python
            for inner in map(Requirement, metadata.requires(wanted.name) or []):
                tried = [{**target, "extra": extra} for extra in ["", *wanted.extras]]
                if not inner.marker or any(inner.marker.evaluate(one) for one in tried):
                    waiting.append(inner)
    return {name for name, _extras in found}


def test_core_install_is_small():
    plain = installed_with(project()["dependencies"])
    assert len(plain) <= 38
    assert not plain & {
        "jupyterlab",
        "jupyter-server",
        "papermill",
        "sphinx",
        "tornado",
        "ipykernel",
    }


@pytest.mark.parametrize(
    "command",
    [["minelib", "notebooks"], ["minelib", "bench", "tools", "tests", "--ignore", "DEP004"]],
    ids=["package", "development"],  # DEP004: a tool may import what only development needs
)
def test_what_is_imported_is_declared_and_the_other_way_round(command):
    everything = ["--no-ansi", "--exclude", r"\.venv"]  # tests/ would be left out else
    done = subprocess.run(
        [sys.executable, "-m", "deptry", *command, *everything],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr


def test_lock_pins_every_dependency_and_names_no_address():
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pins = text.replace("\\\n    ", "").splitlines()
    pinned = r"[a-z0-9._-]+==[^ ]+( ; [^@\\]+?)?( --hash=sha256:[0-9a-f]{64})+"
    assert [pin for pin in pins if not re.fullmatch(pinned, pin)] == []
    assert "//" not in text
    names = {line.split("==")[0] for line in pins}
    declared = project()
    extras = {k: v for k, v in declared["optional-dependencies"].items() if k != "dev"}
    wanted = [*declared["dependencies"], *sum(extras.values(), [])]
    missing = {requirement(w)[0].lower() for w in wanted} - names
    assert not missing


def test_no_figure_bears_the_name_of_its_module():
    """The import system would put the module in its place."""
    from minelib import figures

    modules = {path.stem for path in (PACKAGE / "figures").glob("*.py")}
    assert set(figures._WHERE.values()) <= modules
    assert not set(figures._WHERE) & modules
    assert set(figures._RESULTS.values()) <= set(figures._WHERE)


def tracked_files():
    try:
        out = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout")
    return [ROOT / f for f in out.stdout.decode().split("\0") if f and (ROOT / f).is_file()]


def test_no_path_of_a_machine_and_no_shared_folder_in_the_tree():
    wrong = re.compile(r"(/root/|/work/(main|shared|notes)|\.\./shared|/home/\w+/)")
    for path in tracked_files():
        if path == Path(__file__) or path.suffix in (".otf", ".ttf", ".woff2", ".png"):
            continue
        found = wrong.search(path.read_text(encoding="utf-8", errors="ignore"))
        assert not found, f"{path}: {found.group()}"


# ---- notebooks --------------------------------------------------------------------------

NOTEBOOKS = sorted((ROOT / "notebooks").glob("[0-9][0-9]-*.ipynb"))


def load_notebook(path):
    return json.loads(path.read_text(encoding="utf-8"))


def code_cells(nb):
    return ["".join(c["source"]) for c in nb["cells"] if c["cell_type"] == "code"]


def test_there_are_notebooks():
    assert {"00-overview", "01-boom"} <= {p.stem for p in NOTEBOOKS}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_notebook_is_clean(path):
    import nbformat

    nb = load_notebook(path)
    nbformat.validate(nb)
    ids = [c["id"] for c in nb["cells"]]
    assert len(set(ids)) == len(ids)
    for cell in nb["cells"]:
        if cell["cell_type"] == "code":
            assert cell["outputs"] == [] and cell["execution_count"] is None
        assert not set(cell["metadata"]) & {"papermill", "execution", "collapsed"}
    assert nb["metadata"]["kernelspec"]["name"] == "python3"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_notebook_follows_the_plan(path):
    nb = load_notebook(path)
    first, parameters, study = nb["cells"][:3]
    title = "".join(first["source"])
    assert first["cell_type"] == "markdown" and title.startswith("# ")
    assert title.splitlines()[0].endswith("?"), "the title asks one question"
    assert parameters["metadata"]["tags"] == ["parameters"]
    assert f'study = ml.study("{path.stem}", globals())' in "".join(study["source"])
    assert "study.finish()" in code_cells(nb)[-1]
    for source in code_cells(nb):
        tree = ast.parse(source)
        assert not any(
            isinstance(n, (ast.FunctionDef, ast.ClassDef, ast.Lambda)) for n in ast.walk(tree)
        ), "no function is defined in a notebook"
        assert "open(" not in source and "read_csv" not in source, "notebooks never read files"
        limit = 30 if "parameters" in source or source == code_cells(nb)[0] else 16
        assert source.count("\n") < limit, source


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_no_figure_is_typed_into_prose(path):
    typed = re.compile(r"\d[\d,.]*\s?(%|percent\b|per cent\b|EH/s|TWh|GW|MW|J/TH|Mt\b|g/kWh)")
    for cell in load_notebook(path)["cells"]:
        if cell["cell_type"] == "markdown":
            text = "".join(cell["source"])
            found = typed.search(text)
            assert not found, f"{found.group()!r} in: {text[:80]}"
