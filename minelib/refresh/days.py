# SPDX-License-Identifier: MIT
"""Newer days of the network: compared with those there are, and proved by the difficulty."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from minelib.chain.headers import EPOCH_BLOCKS
from minelib.refresh.formats import DAYS, refuse
from minelib.words import gettext as _

__all__ = ["newer_days"]

_CLOSE = 1e-6  # the tables round to seven digits or more
_HALVING = 210_000


def newer_days(
    days: pd.DataFrame, read: Callable[[str], pd.DataFrame], text: pd.DataFrame, notes: list[str]
) -> pd.DataFrame:
    """Table ``network_daily`` with the days of the files that it lacks.

    Parameters
    ----------
    days : pandas.DataFrame
        Of `minelib.refresh.formats.read_files`.
    read : callable
        Gives a table by its name, as it is now.
    text : pandas.DataFrame
        Table ``network_daily``, each cell as text.
    notes : list of str
        Gets what a reader should be told.

    Returns
    -------
    pandas.DataFrame
        As `text`, with the new days.

    Raises
    ------
    BadInput
        With the file and the line: days that are missing, given twice, or differ from those
        there are; block counts and hash rates that do not give the difficulty of the chain.
    """
    known, days = read("network_daily").set_index("date"), days.sort_values("date", kind="stable")
    last = known.index[-1]
    before: Any
    row: Any
    for before, row in pairwise(days.itertuples(index=False)):
        if (row.date - before.date).days > 1:
            refuse(row, _("days are missing before {day}"))
        if row.date == before.date and repr(row[:-2]) != repr(before[:-2]):
            refuse(row, _("{day} is given twice and differs"))
    days = days.drop_duplicates("date", ignore_index=True)
    _compare(days[days["date"] <= last], known)
    new = days[days["date"] > last]
    counts = new.filter(["block_count", "issuance_btc", "issuance_usd"])
    whole = new[[*DAYS.values()]].notna().all(axis=1) & counts.notna().any(axis=1)
    unfinished = int((~whole)[::-1].cumprod().sum())  # the last days of a file may be
    rows = [*new.iloc[: len(new) - unfinished].itertuples(index=False)]
    words = {"last": f"{last:%Y-%m-%d}"}
    if not rows:
        sentence = _("ends with {day}, and the table here reaches {last}: nothing to add")
        refuse([*days.itertuples(index=False)][-1], sentence, **words)
    if (rows[0].date - last).days != 1:
        refuse(rows[0], _("begins with {day}, and the table here ends with {last}: a gap"), **words)
    for row, good in zip(rows, whole, strict=False):
        if not good:
            refuse(row, _("a value of {day} is missing"))
    if unfinished:
        sentence = _("The last {count} days of the file are unfinished and left out.")
        notes.append(sentence.format(count=unfinished))
    made = _rows(rows, int(known["height"].iloc[-1]), read("difficulty_epochs")["difficulty"])
    return pd.concat([text, pd.DataFrame(made, columns=text.columns).astype(str)])


def _compare(days, known):
    """Refuse a day that differs from the one there is."""
    there = known.reindex(days["date"])
    for column in days.columns.intersection([*DAYS.values(), "block_count", "issuance_btc"]):
        ours, theirs = there[column].to_numpy(float), days[column].to_numpy(float)
        slack = 1e-6 if column in ("price_usd", "fees_btc") else 0
        bad = ~np.isclose(theirs, ours, rtol=_CLOSE, atol=slack, equal_nan=True)
        for at in np.flatnonzero(bad & ~(np.isnan(ours) & (theirs == 0))):
            row = [*days.itertuples(index=False)][at]
            words = {"value": f"{theirs[at]:.12g}", "ours": f"{ours[at]:.12g}", "column": column}
            refuse(row, _("{column} of {day} is {value}, and {ours} in the table here"), **words)


def _subsidy(height):
    return 50 / 2.0 ** (height // _HALVING)


def _rows(days, height, difficulty):
    """The new days as rows of the table, after the height of the last one there is."""
    difficulty = difficulty.to_numpy()
    for day in days:
        told, issued = (getattr(day, name, np.nan) for name in ("block_count", "issuance_btc"))
        if np.isnan(issued):
            issued = getattr(day, "issuance_usd", np.nan) / day.price_usd
        # blocks until the subsidy halves, and after that
        before = (height // _HALVING + 1) * _HALVING - 1 - height
        coins = before * _subsidy(height)
        counted = min(issued, coins) / _subsidy(height) + 2 * max(issued - coins, 0) / _subsidy(
            height
        )
        count = counted if np.isnan(told) else told
        blocks = round(count)
        if abs(count - blocks) > 0.01 or counted > blocks + 0.01:  # a miner may claim less
            refuse(day, _("the coins issued on {day} do not come to its number of blocks"))
        heights = np.arange(height + 1, height + blocks + 1)
        height += blocks
        work = day.hashrate_eh_s * 1e18 * 86_400 / 2**32
        known = difficulty[heights[heights // EPOCH_BLOCKS < len(difficulty)] // EPOCH_BLOCKS]
        if blocks == len(known) and abs(work - known.sum()) > _CLOSE * work:
            refuse(day, _("blocks and hash rate of {day} do not give the difficulty of the chain"))
        if np.isnan(told) or np.isnan(issued):
            issued = _subsidy(heights).sum()
        revenue = (issued + day.fees_btc) * day.price_usd
        yield [
            *(day.day, round(day.price_usd, 6), blocks, height),
            *((work / blocks, float(f"{day.hashrate_eh_s:.10g}")) if blocks else ("", "")),
            *(round(day.fees_btc, 8), round(issued, 8), round(revenue, 2)),
            round(revenue / day.hashrate_eh_s / 1000, 4) if blocks else "",
            *(int(day.transactions), int(day.active_addresses)),
            *("true" if np.isnan(told) else "false", days[-1].day[:7]),
        ]
