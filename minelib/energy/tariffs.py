# SPDX-License-Identifier: MIT
"""What miners paid for power, as a range for each region of the mining map."""

import pandas as pd

from minelib.catalog import load
from minelib.checks import name_in
from minelib.checks.door import Names
from minelib.energy.inputs import need_rows
from minelib.words import N_, gettext as _

__all__ = ["tariff_ranges"]

# Quotations of what others paid: households, industry at large, or the grid buying from a dam.
_NOT_MINERS = ("residential average", "industrial average", "grid purchase from small hydro")
_LEAST_SPREAD = 1.25  # a single quotation is no certainty: at least this factor either way
_COLUMNS = ["place", "kind", "supply", "low_usd_kwh", "high_usd_kwh"]


def tariff_ranges(
    regions: str | Names | None = None, prices: pd.DataFrame | None = None
) -> pd.DataFrame:
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
    need_rows(table, _COLUMNS, _("The table of prices"))
    paid = table[(table["kind"] == "price") & ~table["supply"].isin(_NOT_MINERS)]
    low = paid["low_usd_kwh"].fillna(paid["high_usd_kwh"])
    high = paid["high_usd_kwh"].fillna(paid["low_usd_kwh"])
    places = load("places").set_index("place")
    parent, region = places["parent"].replace({"": None, "world": None}), paid["place"]
    for _level in range(4):  # cities and counties, provinces, countries
        region = region.map(parent).fillna(region)
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
    wanted = on_map if regions is None else [regions] if isinstance(regions, str) else [*regions]
    for place in wanted:
        if place not in places.index:
            name_in(N_("place"), place, on_map)
    out = ranges.reindex(pd.Index(wanted, name="place"))
    out["is_borrowed"] = out["quotes"].isna()
    of_all = {"quotes": 0, "low_usd_kwh": low.min(), "high_usd_kwh": high.max()}
    return out.fillna(of_all).astype({"quotes": "int64"})
