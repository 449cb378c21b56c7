# SPDX-License-Identifier: MIT
"""What miners paid for power, as a range for each region of the mining map."""

import pandas as pd

from minelib.catalog import load
from minelib.errors import UnknownName
from minelib.words import N_

__all__ = ["tariff_ranges"]

# Quotations of what others paid: households, industry at large, or the grid buying from a dam.
_NOT_MINERS = ("residential average", "industrial average", "grid purchase from small hydro")
_LEAST_SPREAD = 1.25  # a single quotation is no certainty: at least this factor either way


def tariff_ranges(regions=None, prices=None):
    """The lowest and the highest tariff quoted for miners, by region of the mining map.

    Parameters
    ----------
    regions : iterable of str, optional
        Places of the mining map; None for all of them.
    prices : pandas.DataFrame, optional
        A table like ``power_prices``: ``place``, ``kind``, ``supply``, ``low_usd_kwh``,
        ``high_usd_kwh``.

    Returns
    -------
    pandas.DataFrame
        Index ``place``; ``low_usd_kwh``, ``high_usd_kwh`` (USD/kWh), ``quotes`` (count) and
        ``is_borrowed`` (true where the region has no quotation and takes the range of all).

    Raises
    ------
    UnknownName
        A region that no table knows.

    Notes
    -----
    Provinces count for China and states for the USA. Surcharges, discounts and model
    assumptions are left out, and so is what households, industry at large or the grid paid. A
    range narrower than a factor of 1.25 either way is widened to it. The quotations are
    anecdotes; the range is what was said, not a sampling interval.

    Examples
    --------
    >>> r = tariff_ranges(["china", "canada"])
    >>> r["is_borrowed"].tolist()
    [False, True]
    """
    table = load("power_prices") if prices is None else prices
    places = load("places").set_index("place")["parent"]
    paid = table[(table["kind"] == "price") & ~table["supply"].isin(_NOT_MINERS)]
    low = paid["low_usd_kwh"].fillna(paid["high_usd_kwh"])
    high = paid["high_usd_kwh"].fillna(paid["low_usd_kwh"])
    region = paid["place"].map(lambda p: _country(p, places))
    ranges = (
        pd.DataFrame({"place": region, "low_usd_kwh": low, "high_usd_kwh": high})
        .dropna()
        .groupby("place")
        .agg(
            low_usd_kwh=("low_usd_kwh", "min"),
            high_usd_kwh=("high_usd_kwh", "max"),
            quotes=("low_usd_kwh", "size"),
        )
    )
    middle = (ranges["low_usd_kwh"] * ranges["high_usd_kwh"]) ** 0.5
    ranges["low_usd_kwh"] = ranges["low_usd_kwh"].clip(upper=middle / _LEAST_SPREAD)
    ranges["high_usd_kwh"] = ranges["high_usd_kwh"].clip(lower=middle * _LEAST_SPREAD)
    on_map = load("country_share")["place"].unique()
    wanted = on_map if regions is None else list(regions)
    for place in wanted:
        if place not in places.index and place not in on_map:
            raise UnknownName(N_("place"), place, [*on_map])
    out = ranges.reindex(pd.Index(wanted, name="place"))
    out["is_borrowed"] = out["quotes"].isna()
    out["quotes"] = out["quotes"].fillna(0).astype("int64")
    quoted = low.min(), high.max()
    out["low_usd_kwh"] = out["low_usd_kwh"].fillna(quoted[0])
    out["high_usd_kwh"] = out["high_usd_kwh"].fillna(quoted[1])
    return out


def _country(place, parents):
    for _step in range(4):
        parent = parents.get(place)
        if not isinstance(parent, str) or not parent or parent == "world":
            break
        place = parent
    return place
