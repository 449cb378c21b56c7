# SPDX-License-Identifier: MIT
"""Running notebooks: against papermill in a loop, against a warm forked process, and many.

Everything is measured in this one run on this one machine. Fewer repetitions:
``MINELIB_BENCH_RUNS=8 make bench ARGS=runs``.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

NOTEBOOK = "explore"
RUNS = int(os.environ.get("MINELIB_BENCH_RUNS", "40"))
MANY = 12 * RUNS + 20  # 500 by default

_WARM = """
import json, os, sys, time
from minelib.workbench.runs import kernel
for _ in kernel.preload():
    pass
content, count = json.load(open(sys.argv[1])), int(sys.argv[2])
begin = time.perf_counter()
for _ in range(count):
    pid = os.fork()
    if pid == 0:
        from IPython.core.interactiveshell import InteractiveShell
        from IPython.utils.capture import capture_output
        shell = InteractiveShell.instance()
        for cell in content["cells"]:
            if cell["cell_type"] == "code":
                with capture_output():
                    if not shell.run_cell("".join(cell["source"])).success:
                        os._exit(1)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
print((time.perf_counter() - begin) / count)
"""

_PAPERMILL = """
import sys, time
import papermill
begin = time.perf_counter()
for path in sys.argv[2:]:
    papermill.execute_notebook(path, sys.argv[1] + "/out.ipynb", progress_bar=False)
print(time.perf_counter() - begin)
"""


def _seconds(code, *arguments):
    """What a script in a fresh process prints last."""
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=True,
    )
    return float(done.stdout.split()[-1])


def _ours(folder, workers):
    """Seconds per run for RUNS runs of the notebook, from nothing to the last folder."""
    from minelib.studies.notebooks import select
    from minelib.workbench.runs.main import run_tasks
    from minelib.workbench.runs.plan import Task, judged

    notebook = select([NOTEBOOK])[0]
    parameters = notebook.study().checked({})[0]
    tasks = [
        judged(Task(notebook, "en", parameters, folder / f"{workers}-{i}", folder / f"bad{i}"))
        for i in range(RUNS)
    ]
    begin = time.perf_counter()
    results = run_tasks(tasks, workers=workers)
    spent = time.perf_counter() - begin
    assert all(result.good for result in results), results
    return spent / RUNS


_SMALL = {
    "study": "from minelib.studies.base import Language, Study, parameter\n\n\n"
    "class Small(Study):\n"
    '    number: int = parameter(0, meaning="Number")\n'
    '    lang: Language = parameter("en", meaning="Language")\n',
    "cells": [
        ("parameters", '# Number\nnumber = 0\n# Language\nlang = "en"'),
        ("", "import minelib as ml\n\nstudy = ml.studies.Small(number=number, lang=lang)"),
        ("", 'study.record("number", study.number)\nstudy.finish()'),
    ],
}


def _many(folder):
    """A sweep of MANY small runs: when each ended, and the parent's memory then, in MB."""
    root = folder / "notebooks"
    (root / "studies").mkdir(parents=True)
    (root / "studies" / "small.py").write_text(_SMALL["study"])
    cells = [
        {
            "cell_type": "code",
            "id": f"small-{i}",
            "metadata": {"tags": [tag] if tag else []},
            "source": source,
            "execution_count": None,
            "outputs": [],
        }
        for i, (tag, source) in enumerate(_SMALL["cells"])
    ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    content = {
        "cells": cells,
        "metadata": {"kernelspec": kernel},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    (root / "01-small.ipynb").write_text(json.dumps(content))
    code = (
        "import resource, sys, time\n"
        "from minelib.workbench import sweep\n"
        "from minelib.workbench.runs.progress import Quiet\n"
        "class Clock(Quiet):\n"
        "    def end(self, task, result):\n"
        "        assert result.good, result\n"
        "        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024\n"
        "        print(time.perf_counter(), memory)\n"
        f"sweep('small', {{'number': list(range({MANY}))}}, output=sys.argv[1], progress=Clock())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(folder / "sweep")],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "MINELIB_NOTEBOOKS": str(root)},
    )
    return [tuple(map(float, line.split())) for line in done.stdout.splitlines()]


def measure():
    """See ``bench/__main__.py``."""
    from minelib.studies.notebooks import select
    from minelib.workbench import run_notebooks
    from minelib.workbench.runs.pool import cores

    notebook = select([NOTEBOOK])[0]
    with tempfile.TemporaryDirectory(prefix="minelib-bench-") as folder:
        folder = Path(folder)
        loop = _seconds(_PAPERMILL, folder, *[notebook.path] * max(4, RUNS // 4))
        loop /= max(4, RUNS // 4)
        both = _ours(folder, cores())
        yield f"papermill in a loop, a run of {notebook.name}", loop, None, "s"
        yield f"minelib, a run of {RUNS}, {cores()} workers", both, None, "s"
        yield "as a share of papermill's (at most a sixth)", both / loop, 1 / 6, "of it"

        warm = _seconds(_WARM, notebook.path, max(4, RUNS // 4))
        one = _ours(folder, 1)
        yield "the same cells in a warm forked process", warm, None, "s"
        yield "minelib, one worker: more than that, a run", one - warm, 0.4, "s"

        ended = _many(folder)
        few = (ended[min(60, MANY // 2)][0] - ended[10][0]) / (min(60, MANY // 2) - 10)
        last = min(60, MANY // 2) - 10
        many = (ended[-1][0] - ended[-1 - last][0]) / last
        yield f"a small run among the first {last + 10}", few, None, "s"
        yield f"a small run at the end of {MANY}", many, None, "s"
        yield "as a multiple (flat)", many / few, 1.25, "times"
        yield "memory of the parent, growth over all of them", ended[-1][1] - ended[10][1], 16, "MB"

        paths = [n.path for n in select()]
        one_by_one = _seconds(_PAPERMILL, folder, *paths)
        begin = time.perf_counter()
        results = run_notebooks(output=folder / "all")
        together = time.perf_counter() - begin
        assert all(result.good for result in results), results
        yield f"all {len(paths)} notebooks with papermill, one by one", one_by_one, None, "s"
        yield "all notebooks with minelib", together, None, "s"
        yield "as a share (at most half)", together / one_by_one, 0.5, "of it"
        begin = time.perf_counter()
        command = [sys.executable, "-m", "minelib.cli", "run", "--lang", "en", "--no-site"]
        subprocess.run([*command, "-o", folder / "all"], check=True, capture_output=True)
        yield "all notebooks again, unchanged", time.perf_counter() - begin, 1.5, "s"
