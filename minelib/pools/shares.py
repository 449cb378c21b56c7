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
from minelib.checks import as_month, between, covered, name_in, one_of, whole
from minelib.checks.door import Day, Lang, Names, Number, Numbers, Whole
from minelib.errors import BadParameter
from minelib.pools.counts import LABELS, from_blocks, from_tables
from minelib.words import N_, gettext as _

__all__ = ["NO_PLACE", "contrast", "group_name", "groups_of", "interval", "share", "turnover"]

NO_PLACE = {
    "other": N_("Other"),
    "elsewhere": N_("Founded elsewhere"),
    "no_fixed_domicile": N_("No fixed domicile"),
    "unknown": N_("Unknown"),
}
"""Groups of `share` that are neither a pool nor a place, with their names."""

_BOUNDS = ["share_pct", "lower_pct", "upper_pct"]


def interval(
    blocks: Number | Numbers | pd.Series | np.ndarray,
    total: Number | Numbers | pd.Series | np.ndarray,
    level: Number = 0.9,
    groups: Whole = 1,
) -> tuple[np.ndarray, np.ndarray]:
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
    lower = np.where(k > 0, betaincinv(np.where(k > 0, k, 1), n - k + 1, tail), 0.0)
    upper = np.where(k < n, betaincinv(k + 1, np.where(k < n, n - k, 1), 1 - tail), 1.0)
    return lower * 100, upper * 100


def share(
    by: str = "pool",
    freq: str = "month",
    start: Day | None = None,
    end: Day | None = None,
    *,
    pools: str | Names | None = None,
    top: Whole | None = None,
    level: Number = 0.9,
    simultaneous: bool = False,
    labels: str | None = None,
) -> pd.DataFrame:
    """Shares of blocks by pool, by the home of pools, or by where they were founded.

    Parameters
    ----------
    by : {"pool", "home", "founded"}
        ``"home"``: country of founding and first operation, with ``no_fixed_domicile``
        (Binance Pool) and ``unknown`` as groups of their own. ``"founded"``: ``china``,
        ``elsewhere`` or ``unknown``; here Binance Pool counts as founded in China.
    freq : {"month", "epoch"} or, with `labels`, any offset of pandas
        By calendar month, March 2016 to April 2026, or by epoch of 2,016 blocks, March
        2016 to January 2026. With `labels` also ``"W"`` (weeks from Monday), ``"D"`` and the like.
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
    labels : {"2025", "2026"}, optional
        Count the blocks of table ``blocks``, January 2020 to April 2026, by this labelling, and
        show what the other one gives. The older one (``"2025"``) ends on 27 March 2026. Without
        it the tables by month or epoch are read, whose months to February 2026 are of the older
        labelling and those after of the newer one.

    Returns
    -------
    pandas.DataFrame
        One row per period and group: ``date`` (datetime64, first day of the month or of the
        epoch), ``pool`` or ``group`` (str), ``blocks`` (float), ``total_blocks`` (float),
        ``share_pct``, ``lower_pct``, ``upper_pct`` (float, percent), ``prorated`` (bool).
        Every group has a row in every period, 0 where it found nothing. With `labels` also
        ``labels`` (str) and ``other_labels_pct`` (float, percent): the share by the other
        labelling, missing where that one has ended. Periods that are not whole are left out
        but for the last of the newer labelling, which ends on 22 April 2026.

    Raises
    ------
    BadParameter
        Unknown `by`, `freq` or `labels`, `top` below 1, `start` after `end`.
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
    one_of("by", by, ("pool", "home", "founded"))
    key = "pool" if by == "pool" else "group"
    if labels is not None:
        other = next(each for each in LABELS if each != one_of("labels", labels, LABELS))
        counts = from_blocks(freq, start, end, labels, other)
    else:
        one_of("freq", freq, ("month", "epoch"))
        counts = from_tables(freq, start, end)
    if by != "pool":
        counts["group"] = counts["pool"].map(groups_of(by))
    if top is not None:
        rank = counts.groupby(key)["blocks"].sum().sort_values(ascending=False, kind="stable")
        keep = rank.index.drop(["unknown", "unlabelled"], errors="ignore")[: whole("top", top, 1)]
        counts[key] = counts[key].where(counts[key].isin(keep), "other")
    periods = counts.groupby("date")[["total_blocks", "prorated"]].first()
    table = counts.pivot_table(index="date", columns=key, values="blocks", aggfunc="sum")
    long = table.fillna(0.0).melt(ignore_index=False, value_name="blocks").reset_index()
    frame = long.sort_values(["date", key], ignore_index=True).join(periods, on="date")
    extra = []
    if labels is not None:
        theirs = counts.groupby(["date", key]).agg(theirs=("other", "sum"))
        told = counts.groupby("date")["told"].first()
        frame = frame.join(theirs, on=["date", key]).join(told, on="date").assign(labels=labels)
        found = frame["theirs"].fillna(0.0) / frame["total_blocks"] * 100
        frame["other_labels_pct"] = found.where(frame["told"])
        extra = ["labels", "other_labels_pct"]
    if pools is not None:
        pools, known = [pools] if isinstance(pools, str) else list(pools), sorted(set(frame[key]))
        for name in pools:
            name_in("pool" if by == "pool" else "home", name, known)
        frame = frame[frame[key].isin(pools)].reset_index(drop=True)
    blocks, total = frame["blocks"], frame["total_blocks"]
    groups = table.shape[1] if simultaneous else 1
    lower, upper = interval(np.minimum(blocks, total), total, level, groups)
    frame = frame.assign(share_pct=blocks / total * 100, lower_pct=lower, upper_pct=upper)
    return frame[["date", key, "blocks", "total_blocks", *_BOUNDS, "prorated", *extra]]


def contrast(
    start: Day | None = None, end: Day | None = None, *, level: Number = 0.9
) -> pd.DataFrame:
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
        One row per month and country of the map: ``month``, ``place``, ``home_pct`` (blocks of
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
    first, last = covered(_("The mining map"), start, end, mined["month"], as_month)
    frame = mined[mined["month"].between(first, last) & (mined["place"] != "other")]
    frame = frame.rename(columns={"share_pct": "mined_pct"})
    home, founded = (share(by, "month", first, last, level=level) for by in ("home", "founded"))
    home = home.rename(columns={"date": "month", "group": "place"})
    frame = frame.merge(home[["month", "place", *_BOUNDS]], on=["month", "place"], how="left")
    total = frame["month"].map(home.groupby("month")["total_blocks"].first())
    frame = _fill(frame, total, level)  # countries of the map without a pool
    china = frame["month"].map(founded[founded["group"] == "china"].set_index("date")["share_pct"])
    frame["founded_pct"] = frame["share_pct"].where(frame["place"] != "china", china)
    frame["difference_pp"] = frame["share_pct"] - frame["mined_pct"]
    order = ["month", "place", *_BOUNDS, "founded_pct", "mined_pct", "difference_pp"]
    return frame[order].rename(columns={"share_pct": "home_pct"}).reset_index(drop=True)


def _fill(frame, total, level):
    """The bounds of a share, for a group that found no block as well."""
    nothing = pd.Series(interval(np.zeros(len(frame)), total, level)[1], frame.index)
    return frame.fillna({"share_pct": 0.0, "lower_pct": 0.0, "upper_pct": nothing})


def turnover(first: Day, second: Day, *, by: str = "pool", level: Number = 0.9) -> pd.DataFrame:
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
        One row per group, largest change first: ``pool`` or ``group``, ``first_pct``,
        ``second_pct``, ``change_pp``, ``lower_pp``, ``upper_pp``.

    Raises
    ------
    BadParameter
        `second` not after `first`.
    OutOfCoverage
        A month outside March 2016 to April 2026.

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
    found = [share(by, start=month, end=month, level=level).set_index(key) for month in (a, b)]
    every = found[0].index.union(found[1].index)
    (p1, l1, u1), (p2, l2, u2) = (
        _fill(one.reindex(every), one["total_blocks"].iloc[0], level)[_BOUNDS].to_numpy().T
        for one in found
    )
    change = p2 - p1
    out = pd.DataFrame(
        {
            "first_pct": p1,
            "second_pct": p2,
            "change_pp": change,
            "lower_pp": change - np.hypot(p2 - l2, u1 - p1),
            "upper_pp": change + np.hypot(u2 - p2, p1 - l1),
        },
        index=every.rename(key),
    )
    return out.sort_values("change_pp", key=lambda x: -x.abs(), kind="stable").reset_index()


def group_name(key: str, lang: Lang | None = None) -> str:
    """Words for a key of `share`: a pool, a country, or a group that is neither.

    Examples
    --------
    >>> group_name("f2pool", "en"), group_name("no_fixed_domicile", "en")
    ('F2Pool', 'No fixed domicile')
    """
    if key in NO_PLACE:
        return _(NO_PLACE[key], lang)
    as_pool = pool_name(key, lang)
    return place_name(key, lang) if as_pool == key else as_pool


def groups_of(by: str) -> pd.Series:
    """Key of the group of each pool, by home or by where it was founded."""
    pools = catalog.load("pools").set_index("pool")
    if by == "founded":
        return pools["chinese_founded"].map({True: "china", False: "elsewhere"}).fillna("unknown")
    basis = pools["home_basis"].where(pools["home_basis"].isin(NO_PLACE), "unknown")
    return pools["home_country"].fillna(basis)
