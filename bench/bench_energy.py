# SPDX-License-Identifier: MIT
"""Index, ensemble and multiverse."""

import resource
import sys
import time

import numpy as np


def _best(call, runs=3):
    times = []
    for _ in range(runs):
        begin = time.perf_counter()
        call()
        times.append(time.perf_counter() - begin)
    return min(times)


def measure():
    import minelib as ml
    from minelib.energy import model

    for name in (
        "network_daily",
        "index_machines",
        "index_machines_later",
        "country_share",
        "power_prices",
        "places",
    ):
        ml.load(name)
    prices = np.round(np.linspace(0.02, 0.20, 19), 2).tolist()

    def grid():
        model._own_inputs.cache_clear()
        ml.energy.grid(prices, end="2023-09-22")

    yield "energy.grid, 19 prices, 4,815 days", _best(grid), 0.15, "s"

    def last_days(version):
        model._own_inputs.cache_clear()
        end = ml.energy.VERSIONS[version].last  # as many days of each: those of "extended"
        begin = end and np.datetime64(end) - days + 1
        return len(ml.energy.index(version=version, start=begin and str(begin), end=end))

    days = last_days("extended")
    ratio = _best(lambda: last_days("extended"), 5) / _best(lambda: last_days("1.4.0"), 5)
    yield "energy.index, version extended over 1.4.0 for as many days", ratio, 1.2, "times"
    seconds = _best(lambda: ml.energy.ensemble(10_000), 1)
    yield "energy.ensemble(10_000), 120 months", seconds, 8, "s"
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    yield "peak memory so far", peak, 1.0, "GiB"

    def every():
        for name, module in list(sys.modules.items()):
            for each in vars(module).values() if name.startswith("minelib.carbon") else ():
                if hasattr(each, "cache_clear"):
                    each.cache_clear()
        ml.carbon.multiverse()

    yield "carbon.multiverse()", _best(every, 2), 5, "s"
