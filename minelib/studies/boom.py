# SPDX-License-Identifier: MIT
"""Parameters of notebook ``01-boom``."""

from minelib.studies.base import Data, Day, Language, Study, before, check, parameter


def _usable(machine):
    """The machine is known with what its earnings are computed from."""
    from minelib import economics

    economics.machine(machine, ("hashrate_th_s", "power_w"))


class Boom(Study):
    """The rise: price and hash rate, machines, provinces, pools, earnings."""

    start: Day = parameter("2013-01-01", ge="2011-01-01", le="2019-12-31")
    end: Day = parameter("2021-05-20", ge="2020-06-30", le="2022-01-31")
    top_n_provinces: int = parameter(4, ge=1, le=8)
    top_n_pools: int = parameter(8, ge=1, le=15)
    machine: str = parameter("Antminer S9")
    tariff_usd_kwh: float = parameter(0.05, unit="USD/kWh", gt=0, le=1)
    data: Data = parameter("packaged")
    lang: Language = parameter("en")

    checks = (before("start", "end"), check(("machine",), _usable))
