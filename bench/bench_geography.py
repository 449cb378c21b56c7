# SPDX-License-Identifier: MIT
"""Moves between months and the seasons, with nothing kept from before."""

import time


def measure():
    import minelib as ml
    from minelib.geography import stories

    for name in ("country_share", "province_share", "pool_share", "map_releases", "places"):
        ml.load(name)
    calls = {
        "geography.flows()": (ml.geography.flows, 0.5),
        "geography.seasonality()": (ml.geography.seasonality, 0.5),
        "geography.by_country()": (ml.geography.by_country, None),
        "geography.sensitivity()": (ml.geography.sensitivity, None),
    }
    for what, (call, limit) in calls.items():
        times = []
        for _ in range(3):
            for each in vars(stories).values():
                if hasattr(each, "cache_clear"):
                    each.cache_clear()
            begin = time.perf_counter()
            call()
            times.append(time.perf_counter() - begin)
        yield what, min(times), limit, "s"
