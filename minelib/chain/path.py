# SPDX-License-Identifier: MIT
"""A smooth path of the hash rate through the times of blocks, free to jump at its steps."""

from statistics import NormalDist

import numpy as np
import pandas as pd

from minelib.chain.scan import Model, find
from minelib.chain.steps import THRESHOLD, near_bins, pieces
from minelib.checks import as_span, between
from minelib.checks.door import Day, Names, Number

__all__ = ["rate_path"]


def rate_path(
    start: Day | None = None,
    end: Day | None = None,
    *,
    blocks: pd.DataFrame | None = None,
    times: str = "in_order",
    labels: str = "2025",
    pools: str | Names | None = None,
    level: Number = 0.9,
) -> pd.DataFrame:
    """The hash rate as a smooth path with a band.

    Parameters
    ----------
    start, end, blocks, times, labels, pools
        As in `steps`.
    level : float
        Of the band at each moment, between 0 and 1, exclusive.

    Returns
    -------
    pandas.DataFrame
        Index ``time`` (datetime64, UTC: middles of bins of about six hours); columns
        ``hashrate_eh_s``, ``lower_eh_s``, ``upper_eh_s`` (float, EH/s).

    Raises
    ------
    OutOfCoverage, BadParameter, BadInput, UnknownName
        As in `steps`.

    Notes
    -----
    The state-space model of `steps`: a level with the drift of 2 % a root week and a growth that
    drifts, free to jump where `steps` finds a step and where one comes back; Kalman smoother by a
    banded factorisation. The band is that of the level given the model.

    Examples
    --------
    >>> path = rate_path("2021-06-01", "2021-07-15")
    >>> bool(path["hashrate_eh_s"].iloc[-1] < 0.8 * path["hashrate_eh_s"].iloc[0])
    True
    """
    between("level", level, 0, 1, exclusive=True)
    first, last = as_span(start, end)
    bins = near_bins(first, last, blocks, times, labels, pools)
    width, parts = NormalDist().inv_cdf((1 + level) / 2), []
    for piece, low, high in pieces(bins):
        ends = {at for f in find(piece, THRESHOLD) for at in (f.event.start, f.event.stop)}
        jumps = tuple(sorted(ends - {len(piece.log_rate)}))
        model = Model(len(piece.log_rate), piece.blocks, piece.days, jumps)
        path, spread = model.level(piece.log_rate), width * model.spread()
        middle = (piece.edges[:-1] + piece.edges[1:]) / 2
        frame = pd.DataFrame(
            np.exp(np.column_stack([path, path - spread, path + spread])),
            index=pd.DatetimeIndex(pd.to_datetime(middle.round(), unit="s"), name="time"),
            columns=["hashrate_eh_s", "lower_eh_s", "upper_eh_s"],
        )
        parts.append(frame[(middle >= low) & (middle < high)])
    return pd.concat(parts).loc[first : None if last is None else last + pd.Timedelta(days=1)]
