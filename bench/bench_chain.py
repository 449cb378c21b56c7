# SPDX-License-Identifier: MIT
"""Blocks: loading, hourly rates, steps, the proof of the steps, and the notebook that uses them.

The proof at full size takes minutes: ``MINELIB_BENCH_CHAINS=40`` tries a tenth of it, and says so.
"""

import os
import statistics
import time

from .bench_before import ROOT, notebooks_run

CHAINS = int(os.environ.get("MINELIB_BENCH_CHAINS", "400"))
QUIET = 1000 * CHAINS // 400
YEAR = "2021-01-01", "2021-12-31"


def measure():
    """See ``bench/__main__.py``."""
    import minelib as ml
    from minelib.chain.proof import prove

    ml.load("halvings")  # pandas is there, and the catalogue
    yield "load('blocks'), the first time", _seconds(lambda: ml.load("blocks")), 0.3, "s"
    ml.chain.hash_rate("h", *YEAR)  # the difficulties and scipy are there
    hourly = [_seconds(lambda: ml.chain.hash_rate("h")) for _ in range(5)]
    yield "chain.hash_rate('h'), six years", statistics.median(hourly), 0.3, "s"
    yield "chain.steps(), a year", _seconds(lambda: ml.chain.steps(*YEAR)), 10, "s"
    minutes = _seconds(lambda: prove(CHAINS, QUIET, workers=2)) / 60
    size = "full size" if CHAINS == 400 else f"{CHAINS} years a fall"
    yield f"chain.prove(), {size}, two workers", minutes * 400 / CHAINS, 10, "min"
    _seconds_spent, memory = notebooks_run(ROOT, "02-crackdown", "--lang", "en")
    if memory:  # no /proc, no figure
        yield "memory of the kernel of notebook 02", memory, 700, "MB"


def _seconds(call):
    begin = time.perf_counter()
    call()
    return time.perf_counter() - begin
