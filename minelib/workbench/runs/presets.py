# SPDX-License-Identifier: MIT
"""Sweeps worth having, described in ``presets.toml``.

``minelib sweep --list`` shows them, ``minelib sweep break-window`` runs one and draws its
figure (`minelib.figures.sweeps`) from what `minelib.collect` reads.
"""

from dataclasses import dataclass, field
from math import prod
from typing import TYPE_CHECKING

from minelib.declared import declared
from minelib.workbench.runs.sweeps import expanded

if TYPE_CHECKING:
    import pandas as pd

    from minelib.checks.door import Lang
    from minelib.display import Finished


@dataclass(frozen=True)
class Sweep:
    """A sweep of the package.

    Attributes
    ----------
    name : str
        Its figure in `minelib.figures.sweeps` has the same name, with underscores.
    notebook : str
        Slug.
    title : str
        The question.
    meaning : str
        What to look for in the figure.
    grid : dict
        Name to the values, as texts on a command line.
    tables : list of str
        Named under its figure.
    parameters : dict
        The same in every run, as texts.
    """

    name: str
    notebook: str
    title: str
    meaning: str
    grid: dict[str, str]
    tables: list[str]
    parameters: dict[str, str] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many runs it has."""
        return prod(len(expanded(values)) for values in self.grid.values())


SWEEPS = {name: Sweep(name, **entry) for name, entry in declared(__file__).items()}


def figure_of(sweep: str, frame: "pd.DataFrame", lang: "Lang | None" = None) -> "Finished":
    """The figure of a packaged sweep, drawn from the frame that `minelib.collect` gave.

    Parameters
    ----------
    sweep : str
    frame : pandas.DataFrame
    lang : str or None

    Returns
    -------
    minelib.display.Finished
    """
    from minelib.display import finish
    from minelib.figures import sweeps
    from minelib.style import style

    with style(lang):
        drawn = getattr(sweeps, sweep.replace("-", "_"))(frame)
        preset = SWEEPS[sweep]
        return finish(drawn, *preset.tables, data=frame, events=True, title=preset.title)
