# SPDX-License-Identifier: MIT
"""What the page of the miner's choice computes itself: arithmetic on tables, none of it swept."""

from typing import Any

import pandas as pd

from minelib import economics
from minelib.economics.assumptions import assumed
from minelib.economics.earnings import price_spread
from minelib.figures.states import heads
from minelib.studies.miners_choice import MinersChoice
from minelib.words import date
from minelib.workbench.site.myst import words

__all__ = ["reckoned"]

# what is said has the digits of these columns
_SHOWN = ("break_even_usd_kwh", "cost_usd", "payback_days", "recovered_pct")
_TERMS = ("pool_fee_pct", "overhead_pct", "uptime_pct")


def reckoned(spec: dict[str, Any]) -> dict[str, Any]:
    """A living figure with what its calculator needs; only the miner's choice has one.

    Parameters
    ----------
    spec : dict
        As `minelib.figures.living.Live` has it.
    """
    if spec["name"] != "choice":
        return spec
    day = pd.Timestamp(MinersChoice.model_fields["decision_date"].default)
    prices = economics.hash_price(start=day - pd.Timedelta(days=6))["hashprice_usd_ph_day"]
    values, machines = assumed(), {}
    named = {control["name"]: control["values"] for control in spec["controls"]}
    for name in named["machine"]:
        m, paid = economics.machine(name), economics.machine_price(name, day)
        plain = m.efficiency_j_th
        low, high = min(m.lowest_j_th or plain, plain), max(m.highest_j_th or plain, plain)
        price = [paid.lower_usd_th, paid.usd_th, paid.upper_usd_th]
        machines[name] = [m.hashrate_th_s, m.power_w, [low, plain, high], price]
    own = {
        "says": words("reckoned"),
        "terms": [[value / 100 for value in values[name]] for name in _TERMS],
        "delays": {place: values[f"{place}_delay_days"][1] for place in named["destination"]},
        "digits": [head["digits"] for head in heads(_SHOWN)],
        "machines": machines,
        "prices": prices.tolist(),
        "spread": price_spread(),
        "tolerance": values["nameplate_tolerance_pct"][1] / 100,
        "day": date(day),
        "last": date(prices.index[-1]),
    }
    return {**spec, "reckoned": own}
