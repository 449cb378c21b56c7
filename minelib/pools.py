# SPDX-License-Identifier: MIT
"""Who found the blocks: shares of pools and of their homes, 2016 to 2026.

A share of blocks stands for a share of hash rate, and it is a sample: a pool with the share
p of the hash rate finds a binomial number of the n blocks of a month. The intervals here are
the exact ones of Clopper and Pearson. They carry the luck of the draw only, not the mistakes
of the explorers that put names on blocks.

A pool's home is where it was founded and first run. Its miners connect from anywhere:
`contrast` sets the two side by side.
"""

import numpy as np
import pandas as pd

from minelib import catalog
from minelib.catalog.names import place_name, pool_name
from minelib.checks import as_month, as_span, between, one_of, whole
from minelib.errors import BadParameter, OutOfCoverage, UnknownName
from minelib.words import gettext as _

__all__ = ["contrast", "group_name", "interval", "share", "turnover"]

_BY = ("pool", "home", "founded")
_FREQ = {"month": ("pool_share", "month"), "epoch": ("pool_blocks_by_epoch", "epoch")}

# groups of `share(by="home")` and `share(by="founded")` that are no place
NO_HOME = ("no_fixed_domicile", "unknown")


def interval(blocks, total, level=0.9, groups=1):
    """Exact interval for a share of hash rate from a count of blocks.

    Parameters
    ----------
    blocks : array-like of float
        Blocks found; a prorated count need not be whole.
    total : array-like of float
        Blocks of the period.
    level : float
        Probability, above 0 and below 1.
    groups : int
        For an interval that holds for so many shares of one period at the same time
        (Bonferroni, so at least `level`); 1 for one share alone.

    Returns
    -------
    tuple of numpy.ndarray
        Lower and upper share in percent.

    Raises
    ------
    BadParameter
        Counts below 0 or above the total, a level outside (0, 1).

    Notes
    -----
    Clopper and Pearson (1934), "The use of confidence or fiducial limits illustrated in the
    case of the binomial", Biometrika 26: quantiles of beta distributions. It covers at least
    `level` for every true share.

    Examples
    --------
    >>> low, high = interval(27, 144, level=0.9)
    >>> f"{low:.1f} {high:.1f}"
    '13.6 24.9'
    """
    from scipy.special import betaincinv

    between("level", level, 0, 1, exclusive=True)
    whole("groups", groups, 1)
    try:
        k, n = np.broadcast_arrays(np.asarray(blocks, dtype=float), np.asarray(total, dtype=float))
    except (TypeError, ValueError):
        rule = _("must be numbers, as many as there are totals")
        raise BadParameter("blocks", blocks, rule) from None
    if not (np.all(k >= 0) and np.all(k <= n * (1 + 1e-9)) and np.all(n > 0)):
        raise BadParameter("blocks", blocks, _("must lie between 0 and the total"))
    k = np.minimum(k, n)
    tail = (1 - level) / 2 / groups
    with np.errstate(invalid="ignore"):
        lower = np.where(k > 0, betaincinv(np.where(k > 0, k, 1), n - k + 1, tail), 0.0)
        upper = np.where(k < n, betaincinv(k + 1, np.where(k < n, n - k, 1), 1 - tail), 1.0)
    return lower * 100, upper * 100


def share(
    by="pool",
    freq="month",
    start=None,
    end=None,
    *,
    pools=None,
    top=None,
    level=0.9,
    simultaneous=False,
):
    """Shares of blocks by pool, by the home of pools, or by where they were founded.

    Parameters
    ----------
    by : {"pool", "home", "founded"}
        ``"home"``: country of founding and first operation, with ``no_fixed_domicile``
        (Binance Pool) and ``unknown`` as groups of their own. ``"founded"``: ``china``,
        ``elsewhere`` or ``unknown``; here Binance Pool counts as founded in China.
    freq : {"month", "epoch"}
        By calendar month, March 2016 to February 2026, or by epoch of 2,016 blocks, March
        2016 to January 2026.
    start, end : str, date or Timestamp, optional
        First and last day, both inclusive; a period counts when it begins between them.
    pools : list of str, optional
        Only these groups (keys). Applied after the shares are computed.
    top : int, optional
        The largest groups over the whole span by name; all others together as ``other``.
    level : float
        Probability of the interval.
    simultaneous : bool
        Whether the interval is to hold for all groups of a period together.

    Returns
    -------
    pandas.DataFrame
        One row a period and group: ``date`` (datetime64, first day of the month or of the
        epoch), ``pool`` or ``group`` (str), ``blocks`` (float), ``total_blocks`` (float),
        ``share_pct``, ``lower_pct``, ``upper_pct`` (float, percent), ``prorated`` (bool).
        Every group has a row in every period, 0 where it found nothing.

    Raises
    ------
    BadParameter
        Unknown `by` or `freq`, `top` below 1, `start` after `end`.
    UnknownName
        A group in `pools` that does not occur, with the nearest.
    OutOfCoverage
        No period between `start` and `end`.

    Examples
    --------
    >>> april = share("founded", start="2021-04-01", end="2021-04-01")
    >>> april.loc[april["group"] == "china", "share_pct"].round().tolist()
    [90.0]
    """
    one_of("by", by, _BY)
    one_of("freq", freq, _FREQ)
    top = None if top is None else whole("top", top, 1)
    pools = [pools] if isinstance(pools, str) else pools
    counts = _between(_counts(freq), start, end)
    key = "pool" if by == "pool" else "group"
    if by != "pool":
        counts["group"] = counts["pool"].map(_groups(by))
    if top is not None:
        rank = counts.groupby(key)["blocks"].sum().sort_values(ascending=False, kind="stable")
        rank = rank.drop([g for g in ("unknown", "unlabelled") if g in rank.index])
        keep = list(rank.index[:top])
        counts[key] = counts[key].where(counts[key].isin(keep), "other")
    periods = counts.groupby("date").agg(
        total_blocks=("total_blocks", "first"), prorated=("prorated", "first")
    )
    table = counts.pivot_table(index="date", columns=key, values="blocks", aggfunc="sum")
    frame = table.fillna(0.0).stack().rename("blocks").reset_index().join(periods, on="date")
    if pools is not None:
        known = set(frame[key])
        for name in pools:
            if name not in known:
                raise UnknownName("pool" if by == "pool" else "home", name, sorted(known))
        frame = frame[frame[key].isin(pools)].reset_index(drop=True)
    frame["share_pct"] = frame["blocks"] / frame["total_blocks"] * 100
    groups = table.shape[1] if simultaneous else 1
    frame["lower_pct"], frame["upper_pct"] = interval(
        np.minimum(frame["blocks"], frame["total_blocks"]), frame["total_blocks"], level, groups
    )
    order = ["date", key, "blocks", "total_blocks", "share_pct", "lower_pct", "upper_pct"]
    return frame[[*order, "prorated"]]


def contrast(start=None, end=None, *, level=0.9):
    """A country as home of pools, and as place of their miners.

    Parameters
    ----------
    start, end : str, date or Timestamp, optional
        First and last month, both inclusive, within the mining map (2019-09 to 2022-01).
    level : float
        Probability of the interval of the pools' share; the map has none of its own.

    Returns
    -------
    pandas.DataFrame
        One row a month and country of the map: ``month``, ``place``, ``home_pct`` (blocks of
        pools at home there), ``lower_pct``, ``upper_pct``, ``founded_pct`` (for China with
        Binance Pool, else as ``home_pct``), ``mined_pct`` (share of hash rate the map puts
        there) and ``difference_pp`` (``home_pct`` - ``mined_pct``).

    Raises
    ------
    OutOfCoverage
        Months outside the map.

    Notes
    -----
    The two shares measure different things, so their difference is no error of either: it
    says how much of the hash rate worked for a pool of another country. The map is itself
    built on a few pools, most of them Chinese.

    Examples
    --------
    >>> row = contrast("2021-04", "2021-04").set_index("place").loc["china"]
    >>> bool(row.home_pct > 75 and row.mined_pct < 50)
    True
    """
    mined = catalog.load("country_share")[["month", "place", "share_pct"]]
    span = f"{mined['month'].min():%Y-%m} – {mined['month'].max():%Y-%m}"
    start, end = as_span(start, end)
    chosen = mined["month"].between(start or mined["month"].min(), end or mined["month"].max())
    outside = [d for d in (start, end) if d is not None and not _covers(mined["month"], d)]
    if outside or not chosen.any():
        asked = ", ".join(f"{d:%Y-%m}" for d in outside) or f"{start:%Y-%m} – {end:%Y-%m}"
        raise OutOfCoverage(_("The mining map"), asked, span)
    mined = mined[chosen & (mined["place"] != "other")].rename(columns={"share_pct": "mined_pct"})
    months = (mined["month"].min(), mined["month"].max())
    home = share("home", start=months[0], end=months[1], level=level)
    founded = share("founded", start=months[0], end=months[1], level=level)
    home = home.rename(columns={"date": "month", "group": "place", "share_pct": "home_pct"})
    columns = ["month", "place", "home_pct", "lower_pct", "upper_pct"]
    frame = mined.merge(home[columns], on=["month", "place"], how="left")
    total = home.groupby("month")["total_blocks"].first().reindex(frame["month"]).to_numpy()
    none = frame["home_pct"].isna().to_numpy()  # countries of the map without a pool
    frame.loc[none, ["home_pct", "lower_pct"]] = 0.0
    frame.loc[none, "upper_pct"] = interval(np.zeros(none.sum()), total[none], level)[1]
    china = founded[founded["group"] == "china"].set_index("date")["share_pct"]
    frame["founded_pct"] = frame["home_pct"].where(
        frame["place"] != "china", frame["month"].map(china)
    )
    frame["difference_pp"] = frame["home_pct"] - frame["mined_pct"]
    order = ["month", "place", "home_pct", "lower_pct", "upper_pct", "founded_pct", "mined_pct"]
    return frame[[*order, "difference_pp"]].reset_index(drop=True)


def turnover(first, second, *, by="pool", level=0.9):
    """What groups gained and lost between two months, with an interval for the change.

    Parameters
    ----------
    first, second : str, date or Timestamp
        Months, in this order.
    by : {"pool", "home", "founded"}
    level : float

    Returns
    -------
    pandas.DataFrame
        One row a group, largest change first: ``pool`` or ``group``, ``first_pct``,
        ``second_pct``, ``change_pp``, ``lower_pp``, ``upper_pp``.

    Raises
    ------
    BadParameter
        `second` not after `first`.
    OutOfCoverage
        A month outside March 2016 to February 2026.

    Notes
    -----
    Bounds of the change: Newcombe (1998), "Interval estimation for the difference between
    independent proportions", method 10, with Clopper-Pearson in place of Wilson limits,
    which is a little wider.

    Examples
    --------
    >>> change = turnover("2021-04", "2022-01", by="home").set_index("group")
    >>> bool(change.loc["usa", "lower_pp"] > 0)
    True
    """
    a, b = as_month("first", first), as_month("second", second)
    if a >= b:
        raise BadParameter("second", str(second), _("must come after the first month"))
    key = "pool" if by == "pool" else "group"
    parts = []
    for month in (a, b):
        parts.append(share(by, start=month, end=month, level=level).set_index(key))
    columns = ["share_pct", "lower_pct", "upper_pct"]
    one, two = (part[columns].add_suffix(f"_{i}") for i, part in enumerate(parts, 1))
    frame = one.join(two, how="outer")
    for side, part in ((1, parts[0]), (2, parts[1])):
        absent = frame[f"share_pct_{side}"].isna()
        nothing = float(interval(0, part["total_blocks"].iloc[0], level)[1])
        frame.loc[absent, [f"share_pct_{side}", f"lower_pct_{side}"]] = 0.0
        frame.loc[absent, f"upper_pct_{side}"] = nothing
    p1, l1, u1 = (frame[f"{c}_1"] for c in columns)
    p2, l2, u2 = (frame[f"{c}_2"] for c in columns)
    change = p2 - p1
    out = pd.DataFrame({"first_pct": p1, "second_pct": p2, "change_pp": change})
    out["lower_pp"] = change - np.sqrt((p2 - l2) ** 2 + (u1 - p1) ** 2)
    out["upper_pp"] = change + np.sqrt((u2 - p2) ** 2 + (p1 - l1) ** 2)
    order = change.abs().sort_values(ascending=False, kind="stable").index
    return out.loc[order].rename_axis(key).reset_index()


def group_name(key, lang=None):
    """Words for a key of `share`: a pool, a country, or a group that is neither.

    Examples
    --------
    >>> group_name("f2pool", "en"), group_name("no_fixed_domicile", "en")
    ('F2Pool', 'No fixed domicile')
    """
    special = {
        "other": _("Other", lang),
        "elsewhere": _("Founded elsewhere", lang),
        "no_fixed_domicile": _("No fixed domicile", lang),
        "unknown": _("Unknown", lang),
    }
    if key in special:
        return special[key]
    as_pool = pool_name(key, lang)
    return place_name(key, lang) if as_pool == key else as_pool


def _counts(freq):
    """One row a period and pool: date, pool, blocks, total_blocks, prorated."""
    if freq == "month":
        frame = catalog.load("pool_share").rename(columns={"month": "date"})
        return frame[["date", "pool", "blocks", "total_blocks", "prorated"]]
    frame = catalog.load("pool_blocks_by_epoch")
    starts = catalog.load("difficulty_epochs").set_index("epoch")["start_date"]
    return pd.DataFrame(
        {
            "date": frame["epoch"].map(starts),
            "pool": frame["pool"],
            "blocks": frame["blocks"].astype(float),
            "total_blocks": frame.groupby("epoch")["blocks"].transform("sum").astype(float),
            "prorated": False,
        }
    )


def _groups(by):
    pools = catalog.load("pools").set_index("pool")
    if by == "home":
        basis = pools["home_basis"].where(pools["home_basis"].isin(NO_HOME), "unknown")
        return pools["home_country"].fillna(basis).to_dict()
    words = {True: "china", False: "elsewhere"}
    return {
        pool: "unknown" if pd.isna(chinese) else words[bool(chinese)]
        for pool, chinese in pools["chinese_founded"].items()
    }


def _covers(months, day):
    return months.min() <= day < months.max() + pd.DateOffset(months=1)


def _between(counts, start, end):
    start, end = as_span(start, end)
    chosen = pd.Series(True, index=counts.index)
    if start is not None:
        chosen &= counts["date"] >= start
    if end is not None:
        chosen &= counts["date"] <= end
    if not chosen.any():
        first, last = counts["date"].min(), counts["date"].max()
        asked = " – ".join(f"{d:%Y-%m-%d}" for d in (start, end) if d is not None)
        covered = f"{first:%Y-%m-%d} – {last:%Y-%m-%d}"
        raise OutOfCoverage(_("The record of pools"), asked, covered)
    return counts[chosen].copy()
