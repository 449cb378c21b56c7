# SPDX-License-Identifier: MIT
"""What mining earned and what it cost: hash price, machines, break-even, payback, a choice.

Facts come from the tables (`network_daily`, `machines`, `machine_prices`, `power_prices`,
`relocation_terms`). What no table measures is an assumption of table `machine_assumptions`: a
named argument with a lower, a best and an upper value and its reason, listed by `assumptions`.
"""

from minelib.checks.door import door
from minelib.economics.assumptions import assumed, assumptions
from minelib.economics.decision import Choice, choice
from minelib.economics.destinations import (
    DESTINATIONS,
    OPTIONS,
    destinations,
    option_name,
    tariff_range,
    tariffs,
)
from minelib.economics.earnings import break_even, hash_price, revenue, revenue_per_th
from minelib.economics.grid import compare_machines, delay_and_tariff, latest_delay
from minelib.economics.machines import Machine, machine, machine_frontier, machine_names
from minelib.economics.prices import MachinePrice, machine_price, machine_price_series
from minelib.economics.recovery import payback

__all__ = [
    "DESTINATIONS",
    "OPTIONS",
    "Choice",
    "Machine",
    "MachinePrice",
    "assumed",
    "assumptions",
    "break_even",
    "choice",
    "compare_machines",
    "delay_and_tariff",
    "destinations",
    "hash_price",
    "latest_delay",
    "machine",
    "machine_frontier",
    "machine_names",
    "machine_price",
    "machine_price_series",
    "option_name",
    "payback",
    "revenue",
    "revenue_per_th",
    "tariff_range",
    "tariffs",
]

door(globals())
