# SPDX-License-Identifier: MIT
"""How concentrated mining is: by country, Chinese province, pool or home of the pool."""

import numpy as np
import pandas as pd

from minelib.catalog import load
from minelib.checks import one_of
from minelib.checks.door import Day
from minelib.geography.maps import by_province, span
from minelib.geography.stories import blocks_by_pool, shares
from minelib.words import gettext as _

__all__ = ["concentration"]

KINDS = ("country", "province", "pool", "pool_home")
_UNNAMED = ("other", "unknown", "unlabelled")
_BOUNDS = ("", "lower_", "upper_")


def concentration(
    by: str = "country",
    start: Day | None = None,
    end: Day | None = None,
    *,
    vpn: str = "as_published",
    sample: str = "as_published",
) -> pd.DataFrame:
    """Herfindahl-Hirschman index and Nakamoto coefficient, month by month, with bounds.

    Parameters
    ----------
    by : {"country", "province", "pool", "pool_home"}
        Units that are counted. Provinces: shares of China. Pool home: country of the pool's
        founders, which says nothing about where its miners stand.
    start, end : str, date or None
        First and last month, both inclusive.
    vpn, sample : str
        Only for ``by="country"``; see `by_country`.

    Returns
    -------
    pandas.DataFrame
        One row per month: ``month``; ``hhi`` with ``lower_hhi``, ``upper_hhi`` (sum of squared
        shares, 0 to 1); ``nakamoto`` with ``lower_nakamoto``, ``upper_nakamoto`` (how many units
        together hold more than half; NaN where the named ones cannot); ``top`` (key of the
        largest unit), ``top_share_pct``; ``unnamed_pct``: the rest behind the bounds.

    Raises
    ------
    BadParameter, OutOfCoverage

    Notes
    -----
    What is not named is treated by what it is. "Other" countries or provinces are units of
    their own: at least as scattered as dust, at most one unit; the value takes dust. Blocks
    without a known pool or home may belong to the largest named unit: that is the upper bound,
    dust the lower, and the value spreads them like the named ones.

    Examples
    --------
    >>> row = concentration("country", "2019-09", "2019-09").iloc[0]
    >>> row["top"], int(row["nakamoto"])
    ('china', 1)
    """
    one_of("by", by, KINDS)
    if by == "country":
        wide = shares(vpn, sample)
    elif by == "province":
        wide = by_province().pivot(index="month", columns="province", values="share_of_china_pct")
    else:
        wide = blocks_by_pool()
    if by == "pool_home":
        homes = load("pools").set_index("pool")["home_country"]
        wide = wide.T.groupby(homes.reindex(wide.columns).fillna("unknown")).sum().T
    named = wide.drop(columns=[*_UNNAMED], errors="ignore")
    each = zip(wide.index, named.to_numpy(), wide.sum(axis=1), strict=True)
    rows = [_row(by in ("country", "province"), named.columns, *month) for month in each]
    return span(pd.DataFrame(rows), start, end, _("The table of shares"))


def _row(own_units, names, month, shares_pct, whole_pct):
    largest = np.nanargmax(shares_pct)
    parts = shares_pct[~np.isnan(shares_pct)] / whole_pct
    rest = max(0.0, 1 - parts.sum())
    parts = np.sort(parts)[::-1]  # the rest as dust
    if own_units:
        value, joined = parts, np.sort(np.append(parts, rest))[::-1]
    else:
        value, joined = parts / parts.sum(), np.append(parts[0] + rest, parts[1:])
    measures = {"hhi": (_hhi, value, parts, joined), "nakamoto": (_nakamoto, value, joined, parts)}
    row = {"month": month}
    for name, (measure, *units) in measures.items():
        row |= {f"{p}{name}": measure(u) for p, u in zip(_BOUNDS, units, strict=True)}
    row |= {"top": names[largest], "top_share_pct": shares_pct[largest], "unnamed_pct": rest * 100}
    return row


def _hhi(parts):
    return (parts**2).sum()


def _nakamoto(parts):
    reached = parts.cumsum() > 0.5
    return float(reached.argmax() + 1) if reached.any() else float("nan")
