# SPDX-License-Identifier: MIT
"""How concentrated mining is: by country, Chinese province, pool or home of the pool."""

import numpy as np
import pandas as pd

from minelib.catalog import load
from minelib.checks import one_of
from minelib.geography._months import span
from minelib.geography.maps import by_province
from minelib.geography.stories import shares
from minelib.words import gettext as _

__all__ = ["concentration"]

KINDS = ("country", "province", "pool", "pool_home")
_UNNAMED_POOLS = ("unknown", "unlabelled")


def concentration(by="country", start=None, end=None, *, vpn="as_published", sample="as_published"):
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
        One row a month: ``month``; ``hhi`` with ``lower_hhi``, ``upper_hhi`` (sum of squared
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
        wide, unnamed, own_units = shares(vpn, sample), ["other"], True
    elif by == "province":
        wide = by_province().pivot(index="month", columns="province", values="share_of_china_pct")
        unnamed, own_units = ["other"], True
    else:
        wide, unnamed, own_units = _pools(home=by == "pool_home"), list(_UNNAMED_POOLS), False
    rows = [_row(month, row.dropna(), unnamed, own_units) for month, row in wide.iterrows()]
    return span(pd.DataFrame(rows), start, end, _("The table of shares"))


def _pools(home):
    frame = load("pool_share")[["month", "pool", "share_pct"]]
    if home:
        homes = load("pools").set_index("pool")["home_country"]
        frame = frame.assign(pool=frame["pool"].map(homes).fillna("unknown"))
    return frame.pivot_table(
        index="month", columns="pool", values="share_pct", aggfunc="sum", fill_value=0.0
    )


def _row(month, shares_pct, unnamed, own_units):
    named = shares_pct.drop(unnamed, errors="ignore")
    parts = named.to_numpy() / shares_pct.sum()
    rest = max(0.0, 1 - parts.sum())
    order = np.sort(parts)[::-1]
    dust = (order**2).sum()
    if own_units:
        low, value, high = dust, dust, dust + rest**2
        counts = _needed(np.sort(np.append(order, rest))[::-1]), _needed(order), _needed(order)
    else:
        whole = order / order.sum()
        low, value, high = dust, (whole**2).sum(), dust - order[0] ** 2 + (order[0] + rest) ** 2
        counts = _needed(np.append(order[0] + rest, order[1:])), _needed(whole), _needed(order)
    return {
        "month": month,
        "hhi": value,
        "lower_hhi": low,
        "upper_hhi": high,
        "nakamoto": counts[1],
        "lower_nakamoto": counts[0],
        "upper_nakamoto": counts[2],
        "top": named.idxmax(),
        "top_share_pct": named.max(),
        "unnamed_pct": rest * 100,
    }


def _needed(sorted_shares):
    reached = sorted_shares.cumsum() > 0.5
    return float(reached.argmax() + 1) if reached.any() else float("nan")
