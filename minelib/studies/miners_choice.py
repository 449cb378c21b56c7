# SPDX-License-Identifier: MIT
"""Parameters of notebook ``05-miners-choice``."""

from typing import Literal

from minelib.studies.base import Data, Day, Language, Study, check, parameter
from minelib.words import date, gettext as _


def _possible(machine, decision_date, horizon_days):
    """The machine is out and known, with its price on the first and on the last day."""
    import pandas as pd

    from minelib import economics

    found = economics.machine(machine, ("efficiency_j_th", "hashrate_th_s", "power_w"))
    day = pd.Timestamp(decision_date)
    if found.release is not None and day < found.release:
        sentence = _("{machine} came out on {date}")
        return sentence.format(machine=found.name(), date=date(found.release))
    economics.machine_price(found, day)
    economics.machine_price(found, day + pd.Timedelta(days=horizon_days))


class MinersChoice(Study):
    """A miner with the power cut: sell, store, or ship abroad."""

    machine: str = parameter("Antminer S19")
    decision_date: Day = parameter("2021-06-20", ge="2021-03-01", le="2022-06-30")
    destination: Literal["kazakhstan", "texas", "russia"] = parameter("kazakhstan")
    tariff_usd_kwh: float | None = parameter(None, unit="USD/kWh", ge=0, le=1)
    delay_days: int | None = parameter(None, unit="days", ge=0, le=720)
    horizon_days: int = parameter(365, unit="days", ge=60, le=550)
    data: Data = parameter("packaged")
    lang: Language = parameter("en")

    checks = (check(("machine", "decision_date", "horizon_days"), _possible),)
