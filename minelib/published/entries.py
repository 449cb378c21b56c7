# SPDX-License-Identifier: MIT
"""The register of re-computed figures, and the sums that several of them share.

An entry returns value, lower and upper (NaN where there is no interval) in the unit of the
published figure, and says whether the method is the publisher's own.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pandas as pd

from minelib import carbon, energy
from minelib.catalog import load

__all__ = [
    "ENTRIES",
    "Entry",
    "add",
    "by_world",
    "counted",
    "emissions_by_index",
    "entry",
    "mean_of",
    "only",
    "published_intensity",
    "recomputed_index",
    "share",
    "used",
]

NAN = float("nan")


@dataclass(frozen=True)
class Entry:
    """How a figure is re-computed.

    Attributes
    ----------
    function : str
        The functions of the package that made it.
    compute : callable
        Without arguments; value, lower, upper.
    method : str
        `SAME` or `OTHER`.
    why : str
        One sentence on the outcome, marked for translation.
    """

    function: str
    compute: Any
    method: str
    why: str


ENTRIES = {}


def entry(name, function, method, why):
    """Register the decorated function for a figure."""

    def register(compute):
        ENTRIES[name] = Entry(function, compute, method, why)
        return compute

    return register


def add(name, function, method, why, compute):
    """The same without a decorator."""
    ENTRIES[name] = Entry(function, compute, method, why)


@lru_cache(maxsize=4)
def recomputed_index(version="1.4.0"):
    """The index at 0.05 USD/kWh."""
    return energy.index(0.05, version)


def used(start, end, version="1.4.0"):
    """TWh used between two days, both inclusive."""
    frame = recomputed_index(version).loc[start:end]
    return tuple(float(frame[c].sum() * 24 / 1000) for c in ("best_gw", "lower_gw", "upper_gw"))


def mean_of(start, end, unit, version="1.4.0"):
    """Mean annualised TWh, GW or MW between two days."""
    names = {"twh": ("twh", 1), "gw": ("gw", 1), "mw": ("gw", 1000)}
    suffix, factor = names[unit]
    frame = recomputed_index(version).loc[start:end]
    return tuple(float(frame[f"{c}_{suffix}"].mean() * factor) for c in ("best", "lower", "upper"))


def only(value):
    """A value without an interval."""
    return float(value), NAN, NAN


@lru_cache(maxsize=2)
def published_intensity():
    """The published intensity by month, g/kWh."""
    return load("index_reference").set_index("month")["intensity_g_kwh"]


def emissions_by_index(start, end, version):
    """Mt between two days: energy by day times the published intensity of its month."""
    daily = recomputed_index(version).loc[start:end, "best_gw"] * 24 / 1000
    monthly = daily.resample("MS").sum()
    held = published_intensity().reindex(monthly.index).ffill()
    return float((monthly * held / 1000).sum())


@lru_cache(maxsize=8)
def world_range(year):
    """Least and most intensity of the world's electricity over the five factor sets."""
    values = [carbon.grid_intensity("world", year, factors=f) for f in carbon.FACTOR_SETS]
    return min(values), max(values)


def counted(period):
    """Least and most mean intensity of mining in a period over all ways of counting."""
    means = carbon.all_intensities().loc[period:period].mean()
    return float(means.min()), float(means.max())


@lru_cache(maxsize=1)
def _mixes():
    ways = [
        c
        for c in carbon.admissible()
        if c.factors == "ccaf_current"
        and c.mix == "generation"
        and c.provincial == "thermal_as_coal"
    ]
    return [carbon.power_mix(c) for c in ways]


def share(column, period):
    """Share of a source in a period: as the index counts, least and most of all ways."""
    values = [float(pd.Series(m.loc[period, column]).mean()) for m in _mixes()]
    own = carbon.power_mix().loc[period, column]
    return float(pd.Series(own).mean()), min(values), max(values)


def by_world(start, end, unit):
    """Mt from energy and intensity; bounds of energy times bounds of the world's factors."""
    frame = carbon.emissions(start=start, end=end)
    own = frame["emissions_mt"].sum() / frame["energy_twh"].sum()
    best, lower, upper = used(start, end) if unit == "used" else mean_of(start, end, "twh")
    least, most = world_range(pd.Timestamp(start).year)
    return best * own, lower * least / 1000, upper * most / 1000
