# SPDX-License-Identifier: MIT
"""What made the intensity change: where mining was, the electricity there, or how it is counted."""

from itertools import combinations
from math import factorial

import numpy as np
import pandas as pd

from minelib.carbon.cells import intensities, two_periods, weights
from minelib.carbon.choices import Choices
from minelib.errors import BadParameter
from minelib.words import N_
from minelib.words import gettext as _

__all__ = ["PARTS", "decomposition"]

PARTS = {
    "geography": N_("where mining was: shares of countries and provinces"),
    "mix": N_("the electricity of those places: generation of the year"),
    "factors": N_("how it is counted: the choices before and after"),
}


def decomposition(before="2020", after="2021-08", choices=None, after_choices=None):
    """Split a change of mining's carbon intensity into geography, mix and factors.

    Parameters
    ----------
    before, after : str
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
        One row a part (`PARTS`) and a last row ``total``: ``part``, ``meaning``,
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
    for name, way in (("choices", choices), ("after_choices", after_choices)):
        if not isinstance(way, Choices | None):
            raise BadParameter(name, way, _("must be a Choices object"))
    first_way = Choices() if choices is None else choices
    last_way = first_way if after_choices is None else after_choices
    if list(weights(first_way).columns) != list(weights(last_way).columns):
        raise BadParameter(
            "after_choices",
            last_way,
            _("must divide the world into the same cells (china, other, leave_out)"),
        )
    first, last = two_periods(before, after)
    value = _Value(first, last, first_way, last_way)
    names = list(PARTS)
    base = value(frozenset())
    rows = []
    for name in names:
        others = [n for n in names if n != name]
        steps, shares = [], []
        for size in range(len(others) + 1):
            for chosen in combinations(others, size):
                steps.append(value({*chosen, name}) - value(frozenset(chosen)))
                shares.append(
                    factorial(size) * factorial(len(others) - size) / factorial(len(names))
                )
        change = float(np.dot(steps, shares))
        rows.append((name, _(PARTS[name]), change, min(steps), max(steps)))
    total = value(set(names)) - base
    rows.append(("total", _("the whole change"), total, total, total))
    frame = pd.DataFrame(
        rows, columns=["part", "meaning", "change_g_kwh", "lower_g_kwh", "upper_g_kwh"]
    )
    return frame.assign(change_pct=100 * frame["change_g_kwh"] / base)


class _Value:
    """Intensity with some of the parts as they were after, the others as they were before."""

    def __init__(self, first, last, first_way, last_way):
        self.months = {False: first, True: last}
        self.ways = {False: first_way, True: last_way}
        self.known = {}

    def __call__(self, changed):
        key = frozenset(changed)
        if key not in self.known:
            way = self.ways["factors" in key]
            where = weights(way).loc[self.months["geography" in key]]
            electricity = intensities(way).loc[self.months["mix" in key]]
            if ("geography" in key) != ("mix" in key):  # months of two periods: no pairs
                electricity = electricity.mean()
            self.known[key] = float((where * electricity).sum(axis=1).mean())
        return self.known[key]
