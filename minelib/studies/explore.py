# SPDX-License-Identifier: MIT
"""Parameters of notebook ``08-explore``."""

from minelib.studies.base import Day, Language, Study, before, parameter
from minelib.studies.findings import finding
from minelib.words import N_

__all__ = ["Explore"]


def _places():
    from minelib.catalog import load

    map_places = set(load("country_share")["place"]) | set(load("province_share")["province"])
    return ["world", *sorted(map_places - {"other"})]


class Explore(Study):
    """Where the controls of the explorer stand at first."""

    place: str = parameter("world", choices=_places, meaning=N_("Place to look at"))
    start: Day = parameter(
        "2019-09-01", ge="2010-07-18", le="2026-05-31", meaning=N_("First day, inclusive")
    )
    end: Day = parameter(
        "2022-01-31", ge="2010-07-19", le="2026-06-01", meaning=N_("Last day, inclusive")
    )
    freq: str = parameter(
        "W",
        choices=["D", "W", "ME"],
        meaning=N_("Frequency of the world's series: day, week or month"),
    )
    price_usd_kwh: float = parameter(
        0.05,
        unit="USD/kWh",
        ge=0.01,
        le=0.2,
        meaning=N_("Price of power that the electricity index assumes"),
    )
    version: str = parameter(
        "1.4.0", choices=["1.4.0", "1.3.1"], meaning=N_("Version of the electricity index")
    )
    lang: Language = parameter("en", meaning=N_("Language of prose, figures and tables"))

    checks = (before("start", "end"),)
    finds = {"{measure}": finding("last", "lower", "upper", unit="{unit}", meaning="{meaning}")}
