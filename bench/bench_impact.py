# SPDX-License-Identifier: MIT
"""An effect on weekly data, and 300 placebos of it (promised on two cores; measured on one)."""

import time


def measure():
    import minelib as ml

    ml.impact.effect("2021-05-21").summary()  # tables and statsmodels are there
    times = []
    for _ in range(3):
        began = time.perf_counter()
        ml.impact.effect("2021-05-21").summary()
        times.append(time.perf_counter() - began)
    yield "impact.effect(), weekly", min(times), 1.0, "s"
    began = time.perf_counter()
    ml.impact.placebo("2021-05-21", n=300)
    yield "impact.placebo(n=300)", time.perf_counter() - began, 60.0, "s"
    began = time.perf_counter()
    ml.impact.breakpoints()
    yield "impact.breakpoints()", time.perf_counter() - began, None, "s"
