# SPDX-License-Identifier: MIT
"""What made the intensity change: where mining was, the electricity there, or how it is counted."""

from collections.abc import Callable
from functools import cache
from itertools import permutations

import numpy as np
import pandas as pd

from minelib.carbon.choices import Choices
from minelib.carbon.places import intensities, two_periods, weights
from minelib.errors import BadParameter
from minelib.words import N_, gettext as _

__all__ = ["PARTS", "decomposition"]

PARTS = {
    "geography": N_("where mining was: shares of countries and provinces"),
    "mix": N_("the electricity of those places: generation of the year"),
    "factors": N_("how it is counted: the choices before and after"),
}


def decomposition(
    before: object = "2020",
    after: object = "2021-08",
    choices: Choices | None = None,
    after_choices: Choices | None = None,
) -> pd.DataFrame:
    """Split a change of mining's carbon intensity into geography, mix and factors.

    Parameters
    ----------
    before, after : str or int
        A year or a month of the mining map, ``before`` not later than ``after``; a year is
        the plain mean of its months.
    choices : Choices, optional
        How the first figure is counted; None for the Cambridge index's way.
    after_choices : Choices, optional
        How the second is counted; None for the same way, and then the factors' part is 0.
        Countries or provinces must be the cells of both (same ``china`` and ``other``).

    Returns
    -------
    pandas.DataFrame
        One row per part (`PARTS`) and a last row ``total``: ``part``, ``meaning``,
        ``change_g_kwh`` with ``lower_g_kwh`` and ``upper_g_kwh`` (least and most over all orders
        in which the parts can be changed) and ``change_pct`` (of the first figure).

    Raises
    ------
    BadParameter
        Not a year or a month, in the wrong order; choices whose cells differ.
    OutOfCoverage
        A period outside 2019-09 to 2022-01.

    Notes
    -----
    The value is the Shapley mean over the orders (Shorrocks 2013, Journal of Economic
    Inequality 11), so the parts add to the total exactly; the interval shows how much the
    order matters, not a sampling error.

    Examples
    --------
    >>> parts = decomposition().set_index("part")["change_g_kwh"]
    >>> bool(abs(parts[["geography", "mix", "factors"]].sum() - parts["total"]) < 1e-9)
    True
    """
    ways = choices or Choices(), after_choices or choices or Choices()
    if list(weights(ways[0]).columns) != list(weights(ways[1]).columns):
        rule = _("must divide the world into the same cells (china, other, leave_out)")
        raise BadParameter("after_choices", ways[1], rule)
    months = two_periods(before, after)

    @cache
    def value(changed):
        """Intensity with some of the parts as they were after, the others as they were before."""
        way = ways["factors" in changed]
        where = weights(way).loc[months["geography" in changed]]
        electricity = intensities(way).loc[months["mix" in changed]]
        if ("geography" in changed) != ("mix" in changed):  # months of two periods: no pairs
            electricity = electricity.mean()
        return float((where * electricity).sum(axis=1).mean())

    return split(PARTS, value, "g_kwh")


def split(
    parts: dict[str, str], value: Callable[[frozenset[str]], float], unit: str
) -> pd.DataFrame:
    """A change in parts: the Shapley mean over all orders, and the least and the most of them.

    Parameters
    ----------
    parts : dict of str
        What each part means.
    value : callable
        The value when some of the parts are as they were after.
    unit : str
        Ending of the columns.

    Returns
    -------
    pandas.DataFrame
        As `decomposition` gives it.
    """
    rows = []
    for part, meaning in parts.items():
        steps = []
        for order in permutations(parts):
            done = frozenset(order[: order.index(part)])
            steps.append(value(done | {part}) - value(done))
        rows.append((part, _(meaning), float(np.mean(steps)), min(steps), max(steps)))
    base = value(frozenset())
    total = value(frozenset(parts)) - base
    rows.append(("total", _("the whole change"), total, total, total))
    names = [f"{name}_{unit}" for name in ("change", "lower", "upper")]
    frame = pd.DataFrame(rows, columns=pd.Index(["part", "meaning", *names]))
    return frame.assign(change_pct=100 * frame[names[0]] / base)
