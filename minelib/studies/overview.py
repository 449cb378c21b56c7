# SPDX-License-Identifier: MIT
"""Parameters of notebook ``00-overview``."""

from minelib.studies.base import Data, Day, Language, Study, before, parameter


class Overview(Study):
    """The story in six figures."""

    start: Day = parameter("2013-01-01", ge="2011-01-01", le="2019-12-31")
    end: Day = parameter("2023-12-31", ge="2022-02-01", le="2023-12-31")
    price_usd_kwh: float = parameter(0.05, unit="USD/kWh", ge=0.01, le=0.2)
    data: Data = parameter("packaged")
    lang: Language = parameter("en")

    checks = (before("start", "end"),)
