# SPDX-License-Identifier: MIT
"""What if a country banned mining next: `ban`."""

from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from minelib.carbon.choices import MULTIVERSE_MIXES as _EDITIONS, Choices
from minelib.carbon.factors import FACTOR_SETS
from minelib.carbon.model import picked_choices
from minelib.carbon.places import intensities, map_months, weights
from minelib.checks import as_month, between, covered
from minelib.checks.door import Day, Number
from minelib.energy.model import index, totals
from minelib.errors import UnknownName
from minelib.geography.flows import OFF, ORIGIN, flows
from minelib.words import N_, gettext as _

__all__ = ["ban"]


def ban(
    place: str,
    month: Day = "2022-01",
    energy_twh: Number | None = None,
    choices: Choices | None = None,
    **named: Any,
) -> pd.DataFrame:
    """Emissions of mining if a place of the mining map banned it.

    Parameters
    ----------
    place : str
        A country of the map, or ``china/`` and a province where China counts by province.
    month : month-like
        Of the mining map; its shares and the electricity of its year are taken.
    energy_twh : float, optional
        Electricity of mining in a year, TWh, above 0; None for the index of that year.
    choices : Choices, optional
    **named
        Fields of `Choices`, in its place.

    Returns
    -------
    pandas.DataFrame
        Two rows: ``method`` ("proportional", "flows"); ``share_pct`` (of the place);
        ``before_mt`` and ``after_mt`` (Mt CO2 equivalent a year), ``change_mt`` with
        ``lower_mt`` and ``upper_mt``, and ``change_pct``.

    Raises
    ------
    UnknownName, BadParameter
    OutOfCoverage
        A month outside the map.

    Notes
    -----
    *Proportional* is the method of Ibañez, Ladda, Tasca and Aldred (2024): every machine of the
    place runs again at once, spread over all other places by their shares. So the change is
    the share times what the others' mean intensity exceeds the place's own. Nothing is ever
    switched off, and the cleanest neighbour gains as readily as the one with free halls.

    *Flows* sends the machines where those of China went when its mines were closed, by
    `minelib.geography.flows` from the last month before it to the last of the map: its best
    table, without that place. A part stood still there for good as far as the map can
    tell, and emits nothing; so this method mostly gives less. The interval goes from "all of
    it stands still" to "all of it goes to the dirtiest places that the bounds of the flows
    allow".

    Both intervals also run over all factor sets and editions of the mix. They are ranges of
    assumptions, not sampling intervals; neither method lets the price or the hash rate answer.

    Examples
    --------
    >>> table = ban("canada").set_index("method")
    >>> bool(table.loc["proportional", "change_mt"] > 0)
    True
    """
    picked = picked_choices(choices, named)
    day = covered(_("The mining map"), month, month, map_months(), as_month)[0]
    if energy_twh is None:
        year = str(day.year)
        energy_twh = totals(index(start=year, end=f"{year}-12-31"))["best_twh"].sum()
    energy = between("energy_twh", energy_twh, 0, np.inf, exclusive=True)
    share = weights(picked).loc[day]
    cells = share.index.str.startswith(f"{ORIGIN}/") & (place == ORIGIN)
    banned = pd.Series(cells | (share.index == place), share.index)
    if not banned.any():
        raise UnknownName(N_("place of the mining map"), place, share.index)
    sets = product(FACTOR_SETS, _EDITIONS)
    ways = [picked, *(replace(picked, factors=each, mix=mix) for each, mix in sets)]
    known = [intensities(way).loc[day] for way in ways]
    ends = _where_to(place, share.index)
    found = [[_proportional(share, banned, g), *_by_flows(share, banned, g, ends)] for g in known]
    changes = np.array(found) * energy / 1000  # per way: proportional, flows best, least, most
    before = np.dot(share, known[0]) * energy / 1000
    rows = []
    for method, of in (("proportional", [0]), ("flows", [1, 2, 3])):
        change, of_all = changes[0, of[0]], changes[:, of]
        means = (before, before + change, change, of_all.min(), of_all.max())
        rows.append((method, 100 * share[banned].sum(), *means, 100 * change / before))
    columns = ["before_mt", "after_mt", "change_mt", "lower_mt", "upper_mt", "change_pct"]
    return pd.DataFrame(rows, columns=["method", "share_pct", *columns])


def _where_to(place, places):
    """Where machines that left China went: parts of what it lost, ``best`` and at ``most``."""
    table = flows().table().query("origin == @ORIGIN and kind != 'stay'")
    lost = table.set_index("destination")[["best_eh_s", "upper_eh_s"]] / table["best_eh_s"].sum()
    lost = lost.set_axis(["best", "most"], axis=1)
    lost = lost[lost.index.isin([*places, OFF]) & (lost.index != place) & (lost["most"] > 0)]
    return lost.assign(best=lost["best"] / lost["best"].sum())


def _proportional(share, banned, value):
    """Change of the intensity, g for each kWh of before."""
    rest = share[~banned]
    return (
        share[banned].sum() * (rest @ value[~banned]) / rest.sum() - share[banned] @ value[banned]
    )


def _by_flows(share, banned, value, ends):
    """The same by the flows: best, all switched off, and all to the dirtiest."""
    own, moved = float(share[banned] @ value[banned]), float(share[banned].sum())
    ends = ends.drop(index=OFF, errors="ignore")
    at = value[ends.index]
    dirtiest = at.sort_values(ascending=False).index
    filled = ends["most"][dirtiest].cumsum().clip(upper=1)
    filled.iloc[-1] = 1.0  # where the bounds leave no room, the last takes the rest
    parts = filled.diff().fillna(filled)
    return moved * float(ends["best"] @ at) - own, -own, moved * float(parts @ at[dirtiest]) - own
