# SPDX-License-Identifier: MIT
"""A province's share of the hash rate, from what the chain lost when it went dark."""

import numpy as np
import pandas as pd

from minelib import geography
from minelib.catalog import load
from minelib.chain import step, steps
from minelib.checks import between
from minelib.checks.door import Number

__all__ = ["share_by_outage"]

# event -> province; the falls of spring and summer 2021 that reports pin to one province
_EVENTS = {"xinjiang_outage": "xinjiang", "zhundong": "xinjiang", "sichuan_order": "sichuan"}
_RETURNED = "xinjiang_outage"
_FALL, _RETURN = (-6, 4), (3, 11)  # windows of `step`, in days from the event, both inclusive
_NEAR = pd.Timedelta(days=3)
_DAY = pd.Timedelta(days=1)


def share_by_outage(level: Number = 0.9, *, times: str = "in_order") -> pd.DataFrame:
    """What went dark in three events of 2021, beside the share that the mining map gave there.

    Parameters
    ----------
    level : float
        Of the chain's intervals, between 0 and 1, exclusive.
    times : {"in_order", "median"}
        Treatment of header times that run backwards; see `minelib.chain.block_times`.

    Returns
    -------
    pandas.DataFrame
        One row per event and model: ``event`` (key), ``place`` (key of the province), ``month``;
        ``model`` (``"window"``: `minelib.chain.step` from six days before to four days after,
        nothing but chance moving; ``"drift"``: `minelib.chain.steps`, which allows for drift and
        corrects for selection; ``"return"``: the step back up, three to eleven days after);
        ``time`` (datetime64, UTC); ``share_pct``, ``lower_pct``, ``upper_pct`` (float, percent
        of the network that went dark, or had been dark when it came back); ``map_pct`` (the
        map's share of the province in the world), ``story_lower_pct``, ``story_upper_pct``
        (over the stories about proxies), ``sample_lower_pct``, ``sample_upper_pct`` (what the
        map's sample alone allows); ``difference_pp``, ``lower_pp``, ``upper_pp`` (chain less
        map as published, with the chain's interval); ``map_inside`` (bool: the map's share lies in
        the chain's interval). An event without a step by ``"drift"`` within three days has no
        such row.

    Raises
    ------
    BadParameter
        A level outside (0, 1), or another treatment of times.

    Notes
    -----
    **Identification.** The share is that of the province if all its machines stopped, no others
    did, and nothing else moved the rate in those days. Machines that ran on make it too small,
    others that stopped in the same days (Qinghai on 9 June 2021) too large; the closings of June
    took single zones and sites, so that their size is a share of what closed, not of the
    province, and growth inside a window hides a part of a fall. No labelling of pools and no
    figure of the map enters, so the comparison is one of two independent measurements. The
    map's month is a mean over its days, those of the outage among them.

    The sample saw the provinces of two pools only; the rest may have stood anywhere (bounds in
    the manner of C. F. Manski, Partial Identification of Probability Distributions, 2003).

    Examples
    --------
    >>> april = share_by_outage().query("event == 'xinjiang_outage'")
    >>> bool((april["lower_pct"] < april["share_pct"]).all())
    True
    """
    between("level", level, 0, 1, exclusive=True)
    days = load("events").set_index("event")["date"]
    rows = []
    for event, place in _EVENTS.items():
        day = days[event]
        found = {"window": _window(day, _FALL, times, level)}
        near = steps(day - 2 * _NEAR, day + 2 * _NEAR, times=times, level=level)
        near = near[(near["time"] - day).abs() <= _NEAR + _DAY]
        if not near.empty:
            found["drift"] = near.loc[near["evidence"].idxmax()]
        if event == _RETURNED:
            found["return"] = _window(day, _RETURN, times, level)
        rows += [_row(event, place, day, model, each) for model, each in found.items()]
    return pd.DataFrame(rows)


def _window(day, days, times, level):
    return step(day + days[0] * _DAY, day + days[1] * _DAY, times=times, level=level)


def _row(event, place, day, model, found):
    change = found[["change_pct", "lower_pct", "upper_pct"]].astype(float).to_numpy() / 100
    lost = -change[[0, 2, 1]]
    if model == "return":  # what came back, over what it came back to
        lost = (1 - 1 / (1 + change))[[0, 1, 2]]
    share, lower, upper = 100 * lost
    month = day.replace(day=1)
    told = _mapped(place, month)
    difference = np.array([share, lower, upper]) - told["map_pct"]
    return {
        **{"event": event, "place": place, "month": month, "model": model, "time": found["time"]},
        **{"share_pct": share, "lower_pct": lower, "upper_pct": upper},
        **told,
        **dict(zip(("difference_pp", "lower_pp", "upper_pp"), difference, strict=True)),
        "map_inside": bool(lower <= told["map_pct"] <= upper),
    }


def _mapped(place, month):
    """The map's share of a province in the world, with its two kinds of bounds."""
    province = geography.by_province(month, month, provinces=place).iloc[0]
    china = geography.by_country(month, month, countries="china").iloc[0]
    part, seen = province["share_of_china_pct"] / 100, province["sampled_pct"]
    shown = part * china["share_pct"]
    return {
        "map_pct": shown,
        "story_lower_pct": part * china["story_lower_pct"],
        "story_upper_pct": part * china["story_upper_pct"],
        "sample_lower_pct": shown * seen / 100,
        "sample_upper_pct": shown * seen / 100 + 100 - seen,
    }
