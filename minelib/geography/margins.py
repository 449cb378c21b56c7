# SPDX-License-Identifier: MIT
"""What two sets of margins allow: bounds of every cell, and the table that assumes least.

Machines stood in places before (``h0``) and stand in places after (``h1``). A table of moves has
a row a place of origin and one for new machines, a column a destination and one for machines
switched off; only the sums are known. All functions are pure algebra on arrays.
"""

from dataclasses import dataclass

import numpy as np

__all__ = ["Unknowns", "margin_bounds", "least_table", "movement_bounds"]


@dataclass(frozen=True)
class Unknowns:
    """What the map does not show, as intervals in EH/s.

    ``hidden``: most that may stand at the origin while it is seen elsewhere. ``new_lower``,
    ``new_upper``: new machines switched on, over all places.
    """

    hidden: float
    new_lower: float
    new_upper: float


def margin_bounds(h0, h1, origin):
    """Bounds of every cell by the margins alone, new machines and switched-off ones unlimited.

    Returns
    -------
    dict of str to (lower, upper)
        ``move`` (n x n arrays, the diagonal being machines that stayed), ``new`` and ``off``
        (n), ``hidden`` (n; machines of ``origin`` seen at each place).
    """
    h0, h1 = np.asarray(h0, float), np.asarray(h1, float)
    zero = np.zeros((len(h0), len(h1)))
    move = np.minimum(h0[:, None], h1[None, :])
    hidden = np.minimum(h0[origin], h1)
    hidden[origin] = 0.0
    return {
        "move": (zero, move),
        "new": (np.maximum(0, h1 - h0.sum()), h1),
        "off": (np.maximum(0, h0 - h1.sum()), h0),
        "hidden": (np.zeros(len(h1)), hidden),
    }


def split(h0, h1):
    """Machines that stay if nobody moves without need, and what each place lost and gained."""
    h0, h1 = np.asarray(h0, float), np.asarray(h1, float)
    stay = np.minimum(h0, h1)
    return stay, h0 - stay, h1 - stay


def feasible(loss, gain, origin, unknowns):
    """The unknowns cut to what the margins allow."""
    most = min(loss.sum(), gain.sum())
    new_lower = min(max(unknowns.new_lower, gain.sum() - most), gain.sum())
    new_upper = min(max(unknowns.new_upper, new_lower), gain.sum())
    hidden = min(unknowns.hidden, loss[origin], gain.sum() - new_lower)
    return Unknowns(max(0.0, hidden), new_lower, new_upper)


def movement_bounds(loss, gain, origin, unknowns):
    """Bounds of every cell if nobody moves without need and the unknowns keep their intervals.

    Parameters
    ----------
    loss, gain : array of float
        What each place lost and gained (EH/s); one of the two is zero at every place.
    origin : int
        The place whose machines may hide.
    unknowns : Unknowns
        As `feasible` returns them.

    Returns
    -------
    dict
        As `margin_bounds`, for ``move`` (off the diagonal), ``new``, ``off``, ``hidden``.
    """
    lost, gained = loss.sum(), gain.sum()
    most_moved = min(lost, gained - unknowns.new_lower)
    hides = np.zeros(len(loss))
    hides[origin] = unknowns.hidden
    lower = loss[:, None] + gain[None, :] - lost - unknowns.new_upper - hides[:, None]
    upper = np.minimum(np.minimum(loss[:, None], gain[None, :]), most_moved)
    off_most = lost - max(0.0, gained - unknowns.new_upper)
    hidden = np.minimum(unknowns.hidden, gain)
    hidden[origin] = 0.0
    # Hiding is forced nowhere, and new machines are forced where a gain exceeds all that moved.
    return {
        "move": (np.clip(lower, 0, upper), upper),
        "new": (np.maximum(0, gain - most_moved), np.minimum(gain, unknowns.new_upper)),
        "off": (np.maximum(0, loss - most_moved), np.minimum(loss, off_most)),
        "hidden": (np.zeros(len(gain)), hidden),
    }


def least_table(loss, gain, origin, unknowns, moved_share, hidden_share, first=()):
    """One table inside the bounds: no needless moves, every loser sharing out like every other.

    Given the totals, spreading the moves in proportion to losses and gains is the table of
    largest entropy, so it adds no assumption of its own.

    Parameters
    ----------
    loss, gain, origin, unknowns
        As in `movement_bounds`.
    moved_share, hidden_share : float
        Where in its interval each unknown is put, 0 to 1.
    first : sequence of int
        Places that are taken to show hidden machines before all others.

    Returns
    -------
    dict
        ``move`` (n x n), ``new``, ``off``, ``hidden`` (n); rows and columns add up to ``loss``
        and ``gain``.
    """
    hidden_total = hidden_share * unknowns.hidden
    hidden = np.zeros(len(gain))
    if hidden_total > 0:
        favoured = np.zeros(len(gain))
        favoured[list(first)] = gain[list(first)]
        rest = gain - favoured
        there = min(hidden_total, favoured.sum())
        if favoured.sum() > 0:
            hidden += favoured * there / favoured.sum()
        if rest.sum() > 0:
            hidden += rest * (hidden_total - there) / rest.sum()
    loss, gain = loss.copy(), gain - hidden
    loss[origin] -= hidden.sum()
    loss, gain = np.maximum(loss, 0), np.maximum(gain, 0)
    lost, gained = loss.sum(), gain.sum()
    least = min(max(0.0, gained - unknowns.new_upper), lost)
    most = max(least, min(lost, gained - unknowns.new_lower))
    moved = least + moved_share * (most - least)
    move = np.outer(loss, gain) * (moved / (lost * gained) if lost and gained else 0.0)
    return {
        "move": move,
        "new": gain - move.sum(axis=0),
        "off": loss - move.sum(axis=1),
        "hidden": hidden,
    }
