# SPDX-License-Identifier: MIT
"""What two sets of margins allow: bounds of every cell, and the table that assumes least.

Machines stood in places before (``h0``) and stand in places after (``h1``). A table of moves has
a row per place of origin and one for new machines, a column per destination and one for machines
switched off; only the sums are known. Pure algebra on arrays.
"""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np

__all__ = ["Moves"]

Values: TypeAlias = Sequence[float] | np.ndarray
Bounds: TypeAlias = dict[str, tuple[np.ndarray, np.ndarray]]


class Moves:
    """Tables of moves between two sets of margins, with what the map does not show as intervals.

    Parameters
    ----------
    h0, h1 : array of float, shape (n,)
        What stood in each place before and after (EH/s).
    origin : int
        The place whose machines may hide.
    hidden : float
        Most that may stand at the origin while it is seen elsewhere.
    new : (float, float)
        New machines switched on, over all places.

    Attributes
    ----------
    stay, loss, gain : array of float, shape (n,)
        Machines that stay if nobody moves without need, and what each place lost and gained; one
        of the two is zero at every place.
    hidden, new_lower, new_upper : float
        Cut to what the margins allow.
    """

    def __init__(
        self,
        h0: Values,
        h1: Values,
        origin: int,
        hidden: float = np.inf,
        new: tuple[float, float] = (0.0, np.inf),
    ) -> None:
        self.h0, self.h1, self.origin = np.asarray(h0, float), np.asarray(h1, float), origin
        self.stay = np.minimum(self.h0, self.h1)
        self.loss, self.gain = self.h0 - self.stay, self.h1 - self.stay
        self.lost, self.gained = self.loss.sum(), self.gain.sum()
        self.new_lower = min(max(new[0], self.gained - self.lost), self.gained)
        self.new_upper = min(max(new[1], self.new_lower), self.gained)
        self.hidden = max(0.0, min(hidden, self.loss[origin], self.gained - self.new_lower))
        self.most_moved = min(self.lost, self.gained - self.new_lower)
        self.least_come = max(0.0, self.gained - self.new_upper)  # moved, or seen elsewhere

    def margin_bounds(self) -> Bounds:
        """Bounds of every cell by the margins alone, new and switched-off machines unlimited.

        Returns
        -------
        dict of str to (lower, upper)
            ``move`` (n x n arrays, the diagonal being machines that stayed), ``new`` and ``off``
            (n), ``hidden`` (n; machines of ``origin`` seen at each place).
        """
        move = np.minimum(self.h0[:, None], self.h1[None, :])
        hidden = np.minimum(self.h0[self.origin], self.h1)
        hidden[self.origin] = 0.0
        return {
            "move": (np.zeros_like(move), move),
            "new": (np.maximum(0, self.h1 - self.h0.sum()), self.h1),
            "off": (np.maximum(0, self.h0 - self.h1.sum()), self.h0),
            "hidden": (np.zeros_like(hidden), hidden),
        }

    def movement_bounds(self) -> Bounds:
        """Bounds if nobody moves without need and the unknowns keep their intervals.

        Returns
        -------
        dict
            As `margin_bounds`, for ``move`` (off the diagonal), ``new``, ``off``, ``hidden``.
        """
        loss, gain = self.loss, self.gain
        hides = np.zeros(len(loss))
        hides[self.origin] = self.hidden
        lower = loss[:, None] + gain[None, :] - self.lost - self.new_upper - hides[:, None]
        upper = np.minimum(np.minimum(loss[:, None], gain[None, :]), self.most_moved)
        hidden = np.minimum(self.hidden, gain)
        hidden[self.origin] = 0.0
        # Hiding is forced nowhere, and new machines are forced where a gain exceeds all that moved.
        return {
            "move": (np.clip(lower, 0, upper), upper),
            "new": (np.maximum(0, gain - self.most_moved), np.minimum(gain, self.new_upper)),
            "off": (
                np.maximum(0, loss - self.most_moved),
                np.minimum(loss, self.lost - self.least_come),
            ),
            "hidden": (np.zeros(len(gain)), hidden),
        }

    def totals(self) -> dict[str, tuple[float, float]]:
        """Least and most of each unknown: ``new``, ``hidden``, ``off``, ``moved`` (EH/s)."""
        return {
            "new": (self.new_lower, self.new_upper),
            "hidden": (0.0, self.hidden),
            "off": (max(0.0, self.lost - self.most_moved), self.lost - self.least_come),
            "moved": (max(0.0, self.gained - self.new_upper - self.hidden), self.most_moved),
        }

    def least_table(
        self, moved_share: float, hidden_share: float, first: Sequence[int] = ()
    ) -> dict[str, np.ndarray]:
        """One table inside the bounds: no needless moves, every loser sharing out like every other.

        Given the totals, spreading the moves in proportion to losses and gains is the table of
        largest entropy, so it adds no assumption of its own.

        Parameters
        ----------
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
        favoured, hidden = np.zeros(len(self.gain)), np.zeros(len(self.gain))
        favoured[list(first)] = self.gain[list(first)]
        total = hidden_share * self.hidden
        there = min(total, favoured.sum())
        for part, size in ((favoured, there), (self.gain - favoured, total - there)):
            if part.sum() > 0:
                hidden += part * size / part.sum()
        loss, gain = self.loss.copy(), np.maximum(self.gain - hidden, 0)
        loss[self.origin] = max(0.0, loss[self.origin] - hidden.sum())
        lost, gained = loss.sum(), gain.sum()
        least = min(max(0.0, gained - self.new_upper), lost)
        most = max(least, min(lost, gained - self.new_lower))
        moved = least + moved_share * (most - least)
        move = np.outer(loss, gain) * (moved / (lost * gained) if lost and gained else 0.0)
        return {
            "move": move,
            "new": gain - move.sum(axis=0),
            "off": loss - move.sum(axis=1),
            "hidden": hidden,
        }
