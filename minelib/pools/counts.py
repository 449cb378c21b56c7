# SPDX-License-Identifier: MIT
"""Blocks a period and pool: from the tables by month and epoch, or counted block by block."""

import pandas as pd

from minelib import catalog
from minelib.checks import within
from minelib.checks.door import Day
from minelib.errors import BadParameter, UnknownName, by_refresh
from minelib.words import gettext as _

__all__ = ["LABELS", "from_blocks", "from_tables"]

LABELS = ("2025", "2026")
"""The labellings of table ``blocks``: the older and the newer one."""


def from_tables(freq: str, start: Day | None, end: Day | None) -> pd.DataFrame:
    """One row per period and pool: date, pool, blocks, total_blocks, prorated."""
    if freq == "month":
        counts = catalog.load("pool_share").rename(columns={"month": "date"})
    else:
        counts = catalog.load("pool_blocks_by_epoch").astype({"blocks": float})
        starts = catalog.load("difficulty_epochs").set_index("epoch")["start_date"]
        counts = counts.assign(date=counts["epoch"].map(starts), prorated=False)
        counts["total_blocks"] = counts.groupby("epoch")["blocks"].transform("sum")
    return _begun(counts, start, end)[["date", "pool", "blocks", "total_blocks", "prorated"]]


_PERIODS = {"month": "MS", "ME": "MS", "W": "W-MON"}  # by their start, like every window here
_FINEST = pd.Timedelta(minutes=10)


def from_blocks(
    freq: str, start: Day | None, end: Day | None, labels: str, other: str
) -> pd.DataFrame:
    """As `from_tables`, from single blocks; also the other labelling's count, and if it has one."""
    blocks = catalog.load("blocks")
    time = pd.to_datetime(blocks["time_s"], unit="s")
    if freq == "epoch":
        number = blocks["height"] // 2016
        starts = catalog.load("difficulty_epochs").set_index("epoch")["start_date"]
        date, full = number.map(starts), number.map(number.value_counts()) == 2016
    else:
        date = _period(time, freq)
        full = date >= time.min().normalize()  # a week cut by the start is not whole
    by = [date.rename("date")]
    named = blocks[[f"pool_{labels}", f"pool_{other}"]].set_axis(["own", "other"], axis=1)
    whole_period = named.notna().groupby(date).transform("all")
    use = full & whole_period["own"]
    mine, theirs = (
        named.loc[use, each].groupby([*by, named[each].rename("pool")]).size().rename(name)
        for each, name in (("own", "blocks"), ("other", "other"))
    )
    counts = pd.concat([mine, theirs], axis=1).fillna({"blocks": 0}).reset_index()
    told = whole_period["other"].groupby(date).first()
    counts = counts.assign(told=counts["date"].map(told), prorated=False)
    counts["blocks"] = counts["blocks"].astype(float)
    counts["total_blocks"] = counts["date"].map(date[use].value_counts()).astype(float)
    return _begun(counts, start, end)


def _period(time, freq):
    """The start of the period of each time, by an offset of pandas."""
    try:
        offset = pd.tseries.frequencies.to_offset(_PERIODS.get(freq, freq))
    except ValueError:
        offset = None
    if offset is None or offset.n < 1:
        raise UnknownName("frequency", freq, ["month", "epoch", "W", "D", "2W", "QS"])
    if isinstance(offset, pd.tseries.offsets.Tick) and pd.Timedelta(offset) < _FINEST:
        raise BadParameter(
            "freq", freq, _("must not be finer than ten minutes, the time of a block")
        )
    marks = pd.Series(0, time.sort_values()).resample(offset, closed="left", label="left")
    edges = marks.size().index
    return pd.Series(edges[edges.searchsorted(time, side="right") - 1], time.index)


def _begun(counts, start, end):
    """The periods that begin between two days."""
    return within(_("The record of pools"), counts, "date", start, end, beyond=by_refresh())
