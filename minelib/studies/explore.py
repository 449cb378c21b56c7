# SPDX-License-Identifier: MIT
"""Parameters of notebook ``08-explore``."""

from typing import Annotated, Literal

from minelib.studies.base import Data, Day, Language, Study, before, one_of, parameter


def _places():
    from minelib.catalog import load

    map_places = set(load("country_share")["place"]) | set(load("province_share")["province"])
    return ["world", *sorted(map_places - {"other"})]


class Explore(Study):
    """Where the controls of the explorer stand at first."""

    place: Annotated[str, one_of(_places)] = parameter("world")
    start: Day = parameter("2019-09-01", ge="2010-07-18", le="2026-05-31")
    end: Day = parameter("2022-01-31", ge="2010-07-19", le="2026-06-01")
    freq: Literal["D", "W", "ME"] = parameter("W")
    price_usd_kwh: float = parameter(0.05, unit="USD/kWh", ge=0.01, le=0.2)
    version: Literal["1.4.0", "1.3.1"] = parameter("1.4.0")
    data: Data = parameter("packaged")
    lang: Language = parameter("en")

    checks = (before("start", "end"),)
