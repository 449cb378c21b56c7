# SPDX-License-Identifier: MIT
"""What mining earned and what it cost: hash price, machines, break-even, payback, a choice.

Facts come from the tables (`network_daily`, `machines`, `machine_prices`, `power_prices`,
`relocation_terms`). What no table holds is an assumption: a named argument with a lower, a
best and an upper value and its reason, all listed by `assumptions`.
"""

from minelib.economics.assumptions import ASSUMPTIONS, assumed, assumptions
from minelib.economics.choice import Choice, choice, delay_and_tariff
from minelib.economics.destinations import OPTIONS, destinations, option_name, tariffs
from minelib.economics.earnings import break_even, hash_price, revenue, revenue_per_th
from minelib.economics.machines import Machine, machine, machine_frontier, machine_names
from minelib.economics.payback import payback
from minelib.economics.prices import MachinePrice, machine_price, machine_price_series

__all__ = [
    "ASSUMPTIONS",
    "OPTIONS",
    "Choice",
    "Machine",
    "MachinePrice",
    "assumed",
    "assumptions",
    "break_even",
    "choice",
    "delay_and_tariff",
    "destinations",
    "hash_price",
    "machine",
    "machine_frontier",
    "machine_names",
    "machine_price",
    "machine_price_series",
    "option_name",
    "payback",
    "revenue",
    "revenue_per_th",
    "tariffs",
]
