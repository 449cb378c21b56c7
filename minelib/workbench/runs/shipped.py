# SPDX-License-Identifier: MIT
"""Sweeps worth having, described: what varies, what stays, and the question it answers.

``minelib sweep --list`` shows them, ``minelib sweep break-window`` runs one and draws its
figure (`minelib.figures.sweeps`) from what `minelib.collect` reads.
"""

from dataclasses import dataclass, field
from math import prod

from minelib.words import N_

__all__ = ["SWEEPS", "Sweep", "figure_of"]


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
    tables : tuple of str
        Named under its figure.
    parameters : dict
        The same in every run, as texts.
    """

    name: str
    notebook: str
    title: str
    meaning: str
    grid: dict
    tables: tuple
    parameters: dict = field(default_factory=dict)

    @property
    def count(self):
        """How many runs it has."""
        from minelib.workbench.runs.sweeps import expanded

        return prod(len(expanded(values)) for values in self.grid.values())


_ALL = (
    Sweep(
        name="break-window",
        notebook="crackdown",
        title=N_("Does the date of the break depend on the training window and the frequency?"),
        meaning=N_(
            "A break that is in the data stays where it is when the search starts in another "
            "year or looks at epochs instead of weeks."
        ),
        grid={
            "freq": "W,epoch",
            "start": "2017-01-01,2018-01-01,2019-01-01,2020-01-01",
        },
        tables=("difficulty_epochs", "network_daily", "events"),
        parameters={"n_placebo": "19"},
    ),
    Sweep(
        name="relocation-stories",
        notebook="relocation",
        title=N_("How far does the move depend on the stories about proxies and the sample?"),
        meaning=N_(
            "What all nine stories agree on may be said; where they part, the map does not know."
        ),
        grid={
            "vpn": "as_published,to_china,removed",
            "sample": "as_published,without_joined,reweighted",
        },
        tables=("country_share",),
    ),
    Sweep(
        name="index-tariffs",
        notebook="energy-and-carbon",
        title=N_("How much of the electricity index is the tariff, and how much its version?"),
        meaning=N_(
            "Cheaper power keeps older machines running: the index rises as the tariff falls."
        ),
        grid={"price_usd_kwh": "0.03,0.05,0.07,0.1", "version": "1.4.0,1.3.1"},
        tables=("index_machines", "network_daily"),
        parameters={"n_draws": "50"},
    ),
    Sweep(
        name="carbon-factors",
        notebook="energy-and-carbon",
        title=N_("How much of the carbon intensity is the set of factors and the mix?"),
        meaning=N_(
            "Arrows to the right say dirtier, to the left cleaner: does one choice decide which?"
        ),
        grid={
            "factors": "ccaf_current,ccaf_draft_2021,codecarbon,ipcc_ar5,nrel_2021",
            "vintage": "generation,owid_2022,owid_2025",
        },
        tables=("country_share", "lifecycle_factors"),
        parameters={"n_draws": "50"},
    ),
)
SWEEPS = {sweep.name: sweep for sweep in _ALL}


def figure_of(sweep, frame, lang=None):
    """The figure of a shipped sweep, drawn from the frame that `minelib.collect` gave.

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
        draw = getattr(sweeps, sweep.replace("-", "_"))
        said = {"data": frame, "events": True, "title": SWEEPS[sweep].title}
        return finish(draw(frame), *SWEEPS[sweep].tables, **said)
