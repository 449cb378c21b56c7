# SPDX-License-Identifier: MIT
"""Figures on bans, pools, transactions and forecasts, re-computed: value, lower, upper."""

import numpy as np

from minelib import carbon
from minelib.catalog import load
from minelib.published.calculations import (
    BOUNDS,
    Estimate,
    daily_index,
    estimate,
    network,
    only,
    published_intensity,
)

_USD_A_TONNE = 100.0  # Jones and others
_MOSTLY = 5.0  # percent of the blocks: a large pool


def banned(place: str, unit: str) -> Estimate:
    """Change of emissions if a country banned mining, Mt or percent, by countries as reported."""
    table = carbon.ban(place, china="national", germany_ireland="reported").set_index("method")
    row = table.loc["proportional"]
    if unit == "pct":
        return only(row["change_pct"])
    return estimate(row[["change_mt", "lower_mt", "upper_mt"]])


def climate_damage() -> Estimate:
    """Climate damage of 2016 to 2021, percent of the value of the coins created."""
    frame, days = daily_index().loc["2016":"2021"], network("2016", "2021")
    held = published_intensity().reindex(frame.index, method="ffill")
    worth = (days["issuance_btc"] * days["price_usd"]).sum()
    tonnes = ((frame[f"{bound}_gw"] * 24 * held).sum() for bound in BOUNDS)
    return estimate(100 * _USD_A_TONNE * each / worth for each in tonnes)


def _pools():
    """Shares of June 2018, the largest first, and whether a pool was run from China."""
    shares = load("pool_share").set_index("month").loc["2018-06-01"]
    homes = load("pools").set_index("pool")["home_country"]
    shares = shares.set_index("pool")["share_pct"].sort_values(ascending=False)
    return shares, homes.reindex(shares.index)


def six_pools() -> Estimate:
    """Percent of the blocks of June 2018 by the six largest pools."""
    return only(_pools()[0].head(6).sum())


def pools_run_from_china() -> Estimate:
    """Percent of the blocks of June 2018: all such pools, the large ones, and those unknown."""
    shares, homes = _pools()
    chinese, unknown = shares[homes == "china"], shares[homes.isna()]
    large = chinese[chinese >= _MOSTLY].sum()
    return float(chinese.sum()), float(large), float(chinese.sum() + unknown.sum())


def each_transaction(total: float, start: str, end: str) -> Estimate:
    """A published total over the transactions of a period."""
    return only(total / network(start, end)["transactions"].sum())


def elasticity() -> Estimate:
    """Growth of the hash rate up to the week after one of the price's, with a 90 % interval.

    A local projection: both from the week before, so that neither's own trend enters.
    """
    import statsmodels.api as sm

    days = network("2017-01-01", "2021-05-30")[["hashrate_eh_s", "price_usd"]]
    weeks = days.resample("W").mean().map(np.log)
    grown = weeks["hashrate_eh_s"].shift(-1) - weeks["hashrate_eh_s"].shift(1)
    frame = weeks.diff().assign(hashrate_eh_s=grown).dropna()
    model = sm.OLS(frame["hashrate_eh_s"], sm.add_constant(frame[["price_usd"]]))
    fit = model.fit(cov_type="HAC", cov_kwds={"maxlags": 4})
    return estimate((fit.params["price_usd"], *fit.conf_int(0.1).loc["price_usd"]))


def june_2021() -> Estimate:
    """Percent between the first and the last week of June 2021."""
    rate = network("2021-06")["hashrate_eh_s"]
    return only(100 * (rate.tail(7).mean() / rate.head(7).mean() - 1))


def deepest_fall() -> Estimate:
    """Percent that the worst week after the ban lies below the best one before it."""
    weekly = network("2021-05-01", "2021-07-31")["hashrate_eh_s"].rolling(7).mean()
    best, worst = weekly[:"2021-06-20"].max(), weekly["2021-06-20":].min()
    return only(100 * (1 - worst / best))


def slowest_blocks() -> Estimate:
    """Minutes a block in the slowest epoch of the summer of 2021, and on the slowest day."""
    epochs = load("difficulty_epochs")
    summer = epochs["start_date"].between("2021-05-01", "2021-07-31")
    minutes = float(epochs.loc[summer, "duration_s"].max()) / 2016 / 60
    slowest = 24 * 60 / network("2021-05", "2021-07")["block_count"].min()
    return minutes, minutes, float(slowest)
