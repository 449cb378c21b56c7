# SPDX-License-Identifier: MIT
"""One rule for all verdicts on published figures."""

import math

__all__ = ["SAME", "TOLERANCE_PCT", "OTHER", "difference", "verdict"]

SAME, OTHER = "same method", "other method"
TOLERANCE_PCT = {SAME: 1.0, OTHER: 10.0}  # of the published figure
TOLERANCE_POINTS = {SAME: 1.0, OTHER: 4.0}  # where the figure is a share, percentage points
_NEAR_PCT = 25.0  # for "imprecise" where no interval was computed


def difference(value, published, low, high):
    """Computed minus published; from the nearer end of a range, 0 inside it.

    Examples
    --------
    >>> difference(12.0, float("nan"), 8.0, 10.0)
    2.0
    """
    if not math.isnan(published):
        return value - published
    return value - min(max(value, low), high)


def verdict(computed, published, method, is_share, known_from):
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
    known_from : {"source", "second_hand", "recalled"}

    Returns
    -------
    str
        ``supported``: equal within the tolerance, or inside the published range.
        ``imprecise``: not so, but the published figure lies inside the computed interval (within
        25 percent where there is none). ``contradicted``: outside it. ``unverifiable``:
        nothing was computed, or it would be contradicted but is only recalled.

    Examples
    --------
    >>> nan = float("nan")
    >>> verdict((89.002, nan, nan), (89.0, nan, nan), SAME, False, "second_hand")
    'supported'
    >>> verdict((6.8, 3.0, 20.0), (69.0, nan, nan), OTHER, False, "recalled")
    'unverifiable'
    """
    if computed is None:
        return "unverifiable"
    value, lower, upper = computed
    figure, low, high = published
    gap = abs(difference(value, figure, low, high))
    middle = figure if not math.isnan(figure) else (low + high) / 2
    allowed = TOLERANCE_POINTS[method] if is_share else TOLERANCE_PCT[method] / 100 * abs(middle)
    if gap <= allowed:
        return "supported"
    low, high = (figure, figure) if math.isnan(low) else (low, high)
    if math.isnan(lower):
        inside = gap <= _NEAR_PCT / 100 * abs(middle)
    else:
        inside = lower <= high and low <= upper
    if inside:
        return "imprecise"
    return "unverifiable" if known_from == "recalled" else "contradicted"
