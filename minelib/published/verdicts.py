# SPDX-License-Identifier: MIT
"""One rule for all verdicts on published figures."""

import math

from minelib.words import N_

__all__ = ["OTHER", "SAME", "difference", "middle", "verdict"]

SAME, OTHER = N_("same method"), N_("other method")
TOLERANCE_PCT = {SAME: 1.0, OTHER: 10.0}  # of the published figure
TOLERANCE_POINTS = {SAME: 1.0, OTHER: 4.0}  # where the figure is a share, percentage points
_NEAR_PCT = 25.0  # for "imprecise" where no interval was computed


def middle(published: float, low: float, high: float) -> float:
    """The published value, or the middle of the range where only that is published."""
    return (low + high) / 2 if math.isnan(published) else published


def difference(value: float, published: float, low: float, high: float) -> float:
    """Computed minus published; from the nearer end of a range, 0 inside it.

    Examples
    --------
    >>> difference(12.0, float("nan"), 8.0, 10.0)
    2.0
    """
    return value - (min(max(value, low), high) if math.isnan(published) else published)


def verdict(
    computed: tuple[float, float, float] | None,
    published: tuple[float, float, float],
    method: str,
    is_share: bool,
) -> str:
    """Supported, contradicted, imprecise or unverifiable.

    Parameters
    ----------
    computed : tuple of float or None
        Value, lower, upper; bounds may be NaN. None when nothing was computed.
    published : tuple of float
        Value, low, high; NaN where not published.
    method : str
        `SAME` or `OTHER`.
    is_share : bool
        Whether the figure is in percent: the tolerance is then in percentage points.

    Returns
    -------
    str
        ``supported``: equal within the tolerance, or inside the published range.
        ``imprecise``: not so, but the published figure lies inside the computed interval (within
        25 percent where there is none). ``contradicted``: outside it. ``unverifiable``:
        nothing was computed.

    Examples
    --------
    >>> nan = float("nan")
    >>> verdict((89.002, nan, nan), (89.0, nan, nan), SAME, False)
    'supported'
    >>> verdict((6.8, 3.0, 20.0), (69.0, nan, nan), OTHER, False)
    'contradicted'
    """
    if computed is None:
        return "unverifiable"
    value, lower, upper = computed
    figure, low, high = published
    gap, size = abs(difference(value, *published)), abs(middle(*published))
    if gap <= (TOLERANCE_POINTS[method] if is_share else TOLERANCE_PCT[method] / 100 * size):
        return "supported"
    if math.isnan(low):
        low = high = figure
    inside = lower <= high and low <= upper
    if inside or (math.isnan(lower) and gap <= _NEAR_PCT / 100 * size):
        return "imprecise"
    return "contradicted"
