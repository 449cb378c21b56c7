# SPDX-License-Identifier: MIT
"""Sweeps worth having, described: what varies, what stays, and the question it answers."""

from dataclasses import dataclass, field
from math import prod

__all__ = ["SWEEPS", "Sweep"]


@dataclass(frozen=True)
class Sweep:
    """A sweep of the package.

    Attributes
    ----------
    name : str
        Also the name of its figure in `minelib.plots.sweeps`.
    notebook : str
        Slug.
    title : str
        The question.
    meaning : str
        What to look for.
    grid : dict
        Name to list of texts, as on a command line.
    parameters : dict
        The same in every run.
    """

    name: str
    notebook: str
    title: str
    meaning: str
    grid: dict
    parameters: dict = field(default_factory=dict)

    @property
    def count(self):
        """How many runs it has."""
        return prod(len(values) for values in self.grid.values())


SWEEPS = {}
