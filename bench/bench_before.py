# SPDX-License-Identifier: MIT
"""What the notebooks cost beside the code of an earlier commit, and what the helpers add."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from io import BytesIO
from itertools import product
from pathlib import Path

BEFORE = "4964ff8"  # the last before the house was built anew
SUBJECTS = ("house", "energy", "geography", "impact")  # grading uses the installed package alone
ROOT = Path(__file__).resolve().parents[1]
PASSES = int(os.environ.get("MINELIB_BENCH_PASSES", "2"))
_LOOK = 0.05  # seconds between two looks at the kernels


def measure():
    """See ``bench/__main__.py``."""
    with _tree_of(BEFORE) as before:
        if before is None:
            print(f"commit {BEFORE} is not in this clone: no comparison with the code of before")
        else:
            yield from _runs(before)
            yield from _subjects(before)
    yield from _helpers()


# ---- the runs of `make run`, old code and new ----------------------------------------------


def _runs(before):
    seconds, memory = {before: [], ROOT: []}, {before: [], ROOT: []}
    for _ in range(PASSES):
        for tree in (before, ROOT):  # in turn, so that a busy minute falls on both
            spent, most = notebooks_run(tree)
            seconds[tree].append(spent)
            memory[tree].append(most)
    old, new = min(seconds[before]), min(seconds[ROOT])
    yield f"all notebooks in both languages, code of {BEFORE}", old, None, "s"
    yield "all notebooks in both languages, this code", new, None, "s"
    yield "as a multiple", new / old, 1.1, "times"
    if max(memory[before]):  # no /proc, no figure
        old, new = max(memory[before]), max(memory[ROOT])
        yield f"memory of the heaviest kernel, code of {BEFORE}", old, None, "MB"
        yield "memory of the heaviest kernel, this code", new, None, "MB"
        yield "as a multiple", new / old, 1.2, "times"


def _subjects(before):
    """The figures in seconds of the other benchmarks, in both trees."""
    found = {before: {}, ROOT: {}}
    for _ in range(PASSES):
        for tree in (before, ROOT):
            command = [sys.executable, "-m", "bench", *SUBJECTS]
            done = subprocess.run(
                command, cwd=tree, env=_environment(tree), capture_output=True, text=True
            )
            assert done.returncode == 0, done.stderr
            for line in done.stdout.splitlines():
                what, value, unit = line[:66].strip(), line[67:77].strip(), line[78:84].strip()
                if unit == "s" and value.replace(".", "").isdigit():
                    found[tree].setdefault(what, []).append(float(value))
    for what, times in found[before].items():
        if what in found[ROOT] and min(times) >= 0.1:  # less is noise
            yield f"{what}, as a multiple", min(found[ROOT][what]) / min(times), 1.1, "times"


def _environment(tree):
    own = {k: v for k, v in os.environ.items() if not k.startswith("MINELIB_")}
    return {**own, "PYTHONPATH": str(tree / "site" if tree != ROOT else tree)}


@contextmanager
def _tree_of(commit):
    """A work tree of a commit in a temporary folder, or None; the user's own is not touched."""
    git = ["git", "-C", str(ROOT), "-c", "core.hooksPath=" + os.devnull]
    with tempfile.TemporaryDirectory(prefix="minelib-before-") as folder:
        tree = Path(folder, "tree").resolve()
        try:
            subprocess.run(
                [*git, "worktree", "add", "--quiet", "--detach", tree, commit],
                check=True,
                capture_output=True,
            )
        except (OSError, subprocess.CalledProcessError):
            yield None
            return
        try:
            # with its own entry points: those of the environment lead to this tree
            pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps"]
            pip += ["--no-build-isolation", "--target", tree / "site", tree]
            subprocess.run(pip, check=True, capture_output=True)
            (tree / "minelib").rename(tree / "minelib-sources")
            yield tree
        finally:
            subprocess.run([*git, "worktree", "remove", "--force", tree], capture_output=True)


def notebooks_run(tree, *which):
    """Seconds for every notebook in both languages from nothing, and MB of the heaviest kernel.

    ``which`` names notebooks and options of ``minelib run`` instead.
    """
    with tempfile.TemporaryDirectory(prefix="minelib-bench-") as folder:
        command = [sys.executable, "-m", "minelib.cli", "run", *which, "--no-site", "-o", folder]
        log = Path(folder, "log")
        with log.open("wb") as out:
            begin = time.perf_counter()
            process = subprocess.Popen(
                command, cwd=tree, env=_environment(tree), stdout=out, stderr=out
            )
            most = 0.0
            while process.poll() is None:
                most = max(most, *map(_peak, _below(process.pid)), 0.0)
                time.sleep(_LOOK)
            spent = time.perf_counter() - begin
        assert process.returncode == 0, log.read_text(encoding="utf-8", errors="replace")
    return spent, most


def _below(pid):
    """Processes that come from this one: the fork server, its workers and their kernels."""
    parents = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:
            continue
        parents.setdefault(int(fields[1]), []).append(int(path.parent.name))
    found, waiting = [], [pid]
    while waiting:
        following = parents.get(waiting.pop(), [])
        found += following
        waiting += following
    return found


def _peak(pid):
    """The most memory a process has ever held, in MB; 0 when it is gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), 0.0)


# ---- finishing a figure, showing a table ---------------------------------------------------


def _helpers():
    import matplotlib
    import seaborn as sns

    import minelib as ml

    matplotlib.use("Agg")
    show = _cell_output()
    provinces, pools = ml.load("province_share"), ml.load("pool_share")
    grid = provinces.pivot(index="province", columns="month", values="share_of_china_pct")
    share = {"x": "month", "y": "share_of_china_pct", "hue": "province", "errorbar": None}

    def lines_with_policy_days():
        ax = sns.lineplot(provinces, **share)
        return ax, {"data": provinces, "events": True}

    def heat_map():
        return sns.heatmap(grid), {"data": grid, "value": "share_of_china_pct"}

    for lang, drawn in product(("zh", "en"), (lines_with_policy_days, heat_map)):
        ml.use(lang)
        seconds = statistics.median([_finishing(ml, show, drawn) for _ in range(7)])
        what = f"ml.finish of {drawn.__name__.replace('_', ' ')} ({lang}), beside savefig"
        yield what, 1000 * seconds, 60, "ms"

    frame = pools.iloc[:1000]
    show(ml.show(frame.head(), "pool_share"))
    times = []
    for _ in range(5):
        begin = time.perf_counter()
        show(ml.show(frame, "pool_share"))
        times.append(time.perf_counter() - begin)
    yield f"ml.show of {len(frame):,} rows", 1000 * statistics.median(times), 50, "ms"


def _cell_output():
    """A function that makes of a value what Jupyter makes of a cell's last one."""
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.utils.capture import capture_output
    from traitlets.config import Config

    settings = Config()
    settings.HistoryManager.enabled = False
    shell = InteractiveShell.instance(config=settings)

    def show(value):
        with capture_output():
            shell.display_formatter.format(value)

    return show


def _finishing(ml, show, draw):
    """Seconds to finish and show one figure, more than laying it out and saving it takes.

    The style lays every figure out as it is saved; `finish` does so itself, once and for all.
    The same finished figure is compared, since an unfinished one has longer, slower labels.
    """
    import matplotlib.pyplot as plt

    ax, options = draw()
    begin = time.perf_counter()
    shown = ml.finish(ax, "province_share", **options)
    show(shown)
    whole = time.perf_counter() - begin
    shown.figure.set_layout_engine("constrained")
    begin = time.perf_counter()
    shown.figure.savefig(BytesIO(), format="png")
    saving = time.perf_counter() - begin
    plt.close("all")
    return whole - saving
