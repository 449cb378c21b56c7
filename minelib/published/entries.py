# SPDX-License-Identifier: MIT
"""What the package computes in place of a published figure: one entry per figure.

The entries stand in ``entries.toml``, each with a sentence on its outcome.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from minelib.declared import declared
from minelib.published import calculations, later
from minelib.published.verdicts import OTHER, SAME

__all__ = ["ENTRIES", "FILE", "NOT_COMPUTED", "OUTCOMES", "Entry"]

FILE = declared(__file__)


@dataclass(frozen=True)
class Entry:
    """How a figure is re-computed.

    Attributes
    ----------
    method : str
        `SAME` or `OTHER`.
    function : str
        The function of the package that made it.
    compute : callable
        Without arguments; value, lower, upper (NaN where there is no interval).
    """

    method: str
    function: str
    compute: Callable[[], calculations.Estimate]


def _entry(declared):
    name, more = declared["by"], declared.get("more", {})
    calculation = getattr(later, name, None) or getattr(calculations, name)
    function = declared.get("function", FILE["functions"][name])
    if "version" in more:
        function += f'(version="{more["version"]}")'
    compute = partial(calculation, *declared.get("given", ()), **more)
    if take := declared.get("take"):
        compute = partial(_alone, compute, calculations.BOUNDS.index(take))
    return Entry({"same": SAME, "other": OTHER}[declared["method"]], function, compute)


def _alone(compute, which):
    return calculations.only(compute()[which])


def _why(said):
    return FILE["reasons"][said[1:]] if said.startswith("@") else said


ENTRIES: dict[str, Entry] = {name: _entry(each) for name, each in FILE["computed"].items()}
OUTCOMES = {name: _why(each["why"]) for name, each in FILE["computed"].items()}
NOT_COMPUTED = {name: _why(said) for name, said in FILE["not_computed"].items()}
