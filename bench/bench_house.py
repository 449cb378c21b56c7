# SPDX-License-Identifier: MIT
"""Import, loading, verifying: whole processes, median of several."""

import statistics
import subprocess
import sys
import time


def _seconds(code, runs=7):
    times = []
    for _ in range(runs):
        begin = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
        times.append(time.perf_counter() - begin)
    return statistics.median(times)


def measure():
    bare = _seconds("pass")
    yield (
        "import minelib, more than a bare interpreter",
        _seconds("import minelib") - bare,
        0.06,
        "s",
    )
    load_all = "import minelib as ml; [ml.load(n) for n in ml.catalog.default().names]"
    yield "load every table once, pandas import included", _seconds(load_all, 3) - bare, 1.5, "s"
    yield "import pandas alone, for comparison", _seconds("import pandas", 3) - bare, None, "s"
    verify = "import minelib as ml; assert ml.verify().ok"
    yield "minelib.verify()", _seconds(verify, 3), 1.5, "s"
