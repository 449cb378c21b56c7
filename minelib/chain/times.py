# SPDX-License-Identifier: MIT
"""The times of blocks: in order, with the difficulty each was found at."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from minelib.catalog import load
from minelib.catalog.names import pool_name
from minelib.chain.headers import EPOCH_BLOCKS
from minelib.checks import as_span, one_of
from minelib.checks.door import Day, Names
from minelib.errors import BadInput, BadParameter, OutOfCoverage, UnknownName, by_refresh
from minelib.words import gettext as _

__all__ = ["LABELS", "TIMES", "block_times"]

TIMES = ("in_order", "median")
LABELS = ("2025", "2026")
HASHES = 2**32 / 1e18  # expected exahashes for a block of difficulty 1


def block_times(
    start: Day | None = None,
    end: Day | None = None,
    *,
    times: str = "in_order",
    labels: str = "2025",
    pools: str | Names | None = None,
) -> pd.DataFrame:
    """Every block with a time in order, its difficulty and its pool.

    Parameters
    ----------
    start, end : date-like or None
        First and last day (UTC), both inclusive.
    times : {"in_order", "median"}
        What is done with header times, some of which run backwards: ``"in_order"`` takes the
        latest so far, ``"median"`` the median of the eleven around a block.
    labels : {"2025", "2026"}
        Which of the two labellings names the pools; see ``ml.describe("blocks")``.
    pools : str or list of str, optional
        Only blocks of these pools (keys).

    Returns
    -------
    pandas.DataFrame
        One row per block, by height: ``height`` (int), ``time`` (datetime64, UTC, never before
        that of the row above), ``difficulty`` (float), ``pool`` (str, missing where the
        labelling has ended).

    Raises
    ------
    UnknownName
        Another treatment, labelling or pool.
    OutOfCoverage
        No block between `start` and `end`.

    Examples
    --------
    >>> day = block_times("2021-06-27", "2021-06-27")
    >>> len(day), bool(day["time"].is_monotonic_increasing)
    (58, True)
    """
    one_of("times", times, TIMES)
    one_of("labels", labels, LABELS)
    first, last = as_span(start, end)
    blocks = load("blocks")
    seconds = _in_order(blocks["time_s"].to_numpy(), times)
    low = 0 if first is None else np.searchsorted(seconds, first.timestamp())
    high = None if last is None else np.searchsorted(seconds, last.timestamp() + 86_400)
    column = f"pool_{labels}"
    pool = blocks[column].iloc[low:high]
    days = pd.to_datetime(seconds[[0, -1]], unit="s").normalize()
    if pool.empty or (first or days[0]) < days[0] or (last or days[1]) > days[1]:
        asked, covered = (
            " – ".join(f"{day:%Y-%m-%d}" for day in span if day is not None)
            for span in ([first, last], days)
        )
        raise OutOfCoverage("blocks", asked, covered, by_refresh())
    height = blocks["height"].iloc[low:high].to_numpy()
    epochs = load("difficulty_epochs").set_index("epoch")["difficulty"]
    frame = pd.DataFrame(
        {
            "height": height,
            "time": pd.to_datetime(seconds[low:high], unit="s"),
            "difficulty": epochs.reindex(height // EPOCH_BLOCKS).to_numpy(),
            "pool": pool.to_numpy(),
        }
    )
    if pools is None:
        return frame
    chosen = [pools] if isinstance(pools, str) else list(pools)
    known = set(blocks[column].dropna().unique())
    for name in chosen:
        if name not in known:
            raise UnknownName("pool", name, _by_name(known))
    return frame[frame["pool"].isin(chosen)].reset_index(drop=True)


def _by_name(keys):
    """Keys of pools, so that a name in either language leads to one."""
    return {
        **{pool_name(k, lang): k for k in keys for lang in ("en", "zh")},
        **{k: k for k in keys},
    }


def _in_order(seconds, times):
    if times == "median":
        centred = pd.Series(seconds).rolling(11, center=True, min_periods=6).median()
        seconds = centred.to_numpy()
    return np.maximum.accumulate(np.asarray(seconds, dtype=float))


@dataclass(frozen=True)
class Blocks:
    """Blocks as arrays for the estimators.

    Attributes
    ----------
    seconds : numpy.ndarray
        Time of each block, ascending, in seconds since 1970 (UTC).
    waits : numpy.ndarray
        Time since the block before over the work a block takes, in seconds per EH: exponential
        with the mean 1 / (hash rate in EH/s). The first one is missing and left out, so that
        ``waits[i]`` ends with ``seconds[i + 1]``.
    """

    seconds: np.ndarray
    waits: np.ndarray

    def __len__(self) -> int:
        return len(self.waits)


def waiting(seconds: np.ndarray, difficulty: np.ndarray) -> Blocks:
    """Waits between blocks in units of work, from their times and difficulties."""
    return Blocks(seconds, np.diff(seconds) / (difficulty[1:] * HASHES))


def waits_between(chosen: pd.DataFrame, every: pd.DataFrame) -> Blocks:
    """Waits between the blocks of some pools: the work of the whole time between them counts."""
    seconds = every["time"].to_numpy("datetime64[s]").astype(float)
    spent = np.r_[0.0, np.cumsum(waiting(seconds, every["difficulty"].to_numpy()).waits)]
    at = np.searchsorted(every["height"].to_numpy(), chosen["height"].to_numpy())
    return Blocks(seconds[at], np.diff(spent[at]))


def own_blocks(frame: pd.DataFrame) -> Blocks:
    """A reader's own block times (columns ``time`` and ``difficulty``), checked.

    Raises
    ------
    BadInput
        A column is missing; times or difficulties missing, not in order, or not numbers.
    """
    lacking = [name for name in ("time", "difficulty") if name not in frame]
    if lacking:
        raise BadInput(_("The blocks lack the column {name!r}.").format(name=lacking[0]))
    time, difficulty = frame["time"], frame["difficulty"]
    if not pd.api.types.is_datetime64_any_dtype(time):
        raise BadInput(_("Column 'time' of the blocks must hold times (pandas.to_datetime)."))
    if not pd.api.types.is_numeric_dtype(difficulty) or not (difficulty > 0).all():
        raise BadInput(_("Column 'difficulty' of the blocks must hold numbers above 0."))
    if time.isna().any():
        row = int(time.isna().to_numpy().argmax())
        raise BadInput(_("The time of row {row} is missing.").format(row=row))
    if not time.is_monotonic_increasing:
        row = int((time.diff() < pd.Timedelta(0)).to_numpy().argmax())
        raise BadInput(
            _("The times are not in order: row {row} lies before the row above.").format(row=row)
        )
    if getattr(time.dt, "tz", None) is not None:
        time = time.dt.tz_convert("UTC").dt.tz_localize(None)
    seconds = time.to_numpy("datetime64[us]").astype(float) / 1e6
    return waiting(seconds, difficulty.to_numpy(float))


def enough(count: int, least: int) -> None:
    """Refuse a window with too few blocks for a step."""
    if count < least:
        rule = _("hold {count} blocks, too few for a step: at least {least} are needed")
        raise BadParameter("start, end", "…", rule.format(count=count, least=least))
