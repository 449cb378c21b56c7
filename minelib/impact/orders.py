# SPDX-License-Identifier: MIT
"""Steps of the hash rate set against the orders that could have moved it, chance counted."""

import numpy as np
import pandas as pd

from minelib.chain import steps
from minelib.checks import as_day, as_span, one_of
from minelib.checks.door import Day, Names
from minelib.errors import BadInput, UnknownName
from minelib.timeline import events
from minelib.words import gettext as _

__all__ = ["ORDERS", "orders"]

ORDERS = ("order", "campaign", "notice", "words", "draft")
"""Acts of table ``events`` that could have moved machines."""

_LOCAL = "Asia/Shanghai"
_STEP = ["time", "lower_time", "upper_time", "change_pct"]


def orders(
    start: Day = "2021-03-01",
    end: Day = "2021-10-31",
    *,
    by: str = "step",
    found: pd.DataFrame | None = None,
    place: str | Names = "china",
    acts: Names = ORDERS,
) -> pd.DataFrame:
    """Which steps have an order inside their interval, and which orders have a step.

    Parameters
    ----------
    start, end : date-like
        First and last day (UTC), both inclusive.
    by : {"step", "order"}
        One row per step, or one row per order.
    found : pandas.DataFrame, optional
        Steps as `minelib.chain.steps` gives them; by default those between `start` and `end`.
    place : str or list of str
        Keys of table ``places``.
    acts : sequence of str
        Acts of table ``events``.

    Returns
    -------
    pandas.DataFrame
        By step: ``time``, ``lower_time``, ``upper_time``, ``change_pct``; ``event`` and
        ``title`` of the order that is nearest; ``gap_hours`` (float: from the order to the
        step, negative where the step came first, 0 within the day of an order whose hour is not
        known); ``inside`` (int: orders inside the interval of the step); ``chance_pct`` (float,
        percent of moments between `start` and `end` at which a step with such an interval would
        have an order inside it). By order: ``event``, ``title``, ``place``, ``from_time``,
        ``to_time`` (UTC), the step that is nearest, ``gap_hours`` and ``inside`` (bool).

    Raises
    ------
    UnknownName
        A place or an act that is not known.
    BadInput
        `found` lacks a column.
    BadParameter
        A start after the end.

    Notes
    -----
    An order whose hour is known is a moment; else it is its whole day in Beijing. An order that
    lies inside the interval of a step is no proof that it was its cause: with many orders chance
    alone puts one into a long interval, which is what ``chance_pct`` says.

    Examples
    --------
    >>> june = orders("2021-06-01", "2021-06-30")
    >>> june["inside"].tolist()
    [2, 2]
    """
    one_of("by", by, ("step", "order"))
    first, last = as_span(start, end)
    known = sorted(set(events()["act"].dropna()))
    for act in acts:
        if act not in known:
            raise UnknownName(_("act"), act, known)
    if found is None:
        found = steps(first, last)
    for name in _STEP:
        if name not in found:
            raise BadInput(_("The steps lack the column {name!r}.").format(name=name))
    acted = events("policy", place, first, last)
    acted = acted[acted["act"].isin(acts) & (acted["date_precision"] == "day")]
    acted = _spans(acted).reset_index(drop=True)
    found = found[_STEP].reset_index(drop=True)
    gaps, inside = _gaps(found, acted), _inside(found, acted)
    if by == "order":
        return _by_order(found, acted, gaps, inside)
    window = as_day("start", start), as_day("end", end) + pd.Timedelta(days=1)
    return _by_step(found, acted, gaps, inside, window)


def _spans(acted):
    """When each order was given, in UTC: its moment, or its day in Beijing."""
    day = acted["date"].dt.tz_localize(_LOCAL).dt.tz_convert("UTC").dt.tz_localize(None)
    moment = pd.to_datetime(acted["time"], utc=True).dt.tz_localize(None)
    return acted.assign(
        from_time=moment.fillna(day), to_time=moment.fillna(day + pd.Timedelta(days=1))
    )


def _gaps(found, acted):
    """Hours from each order to each step: steps by orders."""
    time = found["time"].to_numpy()[:, None]
    early, late = (acted[name].to_numpy()[None, :] for name in ("from_time", "to_time"))
    none = np.timedelta64(0, "s")
    hours = np.maximum(time - late, none) - np.maximum(early - time, none)
    return hours / np.timedelta64(1, "h")


def _inside(found, acted):
    """Which orders lie inside the interval of which steps: steps by orders."""
    low, high = (found[name].to_numpy()[:, None] for name in ("lower_time", "upper_time"))
    early, late = (acted[name].to_numpy()[None, :] for name in ("from_time", "to_time"))
    return (early <= high) & (low <= late)


def _by_step(found, acted, gaps, inside, window):
    rows = found.assign(event=None, title=None, gap_hours=np.nan)
    if len(acted) and len(found):
        nearest = np.abs(gaps).argmin(axis=1)
        rows["event"] = acted["event"].to_numpy()[nearest]
        rows["title"] = acted["title"].to_numpy()[nearest]
        rows["gap_hours"] = gaps[np.arange(len(found)), nearest]
    chance = [_chance(step, acted, window) for step in found.itertuples(index=False)]
    return rows.assign(inside=inside.sum(axis=1), chance_pct=np.array(chance, dtype=float))


def _chance(step, acted, window):
    """Percent of moments of the window at which the interval of a step would meet an order."""
    low = (acted["from_time"] - (step.upper_time - step.time)).clip(*window).sort_values()
    high = (acted["to_time"] + (step.time - step.lower_time)).clip(*window).loc[low.index]
    reached = high.cummax().shift(fill_value=window[0])
    met = (high - np.maximum(low, reached)).clip(lower=pd.Timedelta(0)).sum()
    return 100 * met / (window[1] - window[0])


def _by_order(found, acted, gaps, inside):
    rows = acted[["event", "title", "place", "from_time", "to_time"]]
    if found.empty:
        empty = found.reindex(range(len(rows)))
        return pd.concat([rows, empty], axis=1).assign(gap_hours=np.nan, inside=False)
    nearest = np.abs(gaps).argmin(axis=0)
    rows = pd.concat([rows, found.iloc[nearest].reset_index(drop=True)], axis=1)
    return rows.assign(gap_hours=gaps[nearest, np.arange(len(rows))], inside=inside.any(axis=0))
