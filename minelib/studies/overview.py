# SPDX-License-Identifier: MIT
"""Parameters of notebook ``00-overview``."""

from minelib.studies.base import Day, Language, Study, before, parameter
from minelib.text import N_

__all__ = ["Overview"]


class Overview(Study):
    """The story in six figures."""

    start: Day = parameter(
        "2013-01-01", ge="2011-01-01", le="2019-12-31",
        meaning=N_("First day of the long figures, inclusive"),
    )  # fmt: skip
    end: Day = parameter(
        "2023-12-31", ge="2022-02-01", le="2023-12-31",
        meaning=N_("Last day of the long figures, inclusive"),
    )  # fmt: skip
    price_usd_kwh: float = parameter(
        0.05, unit="USD/kWh", ge=0.01, le=0.2,
        meaning=N_("Price of power that the electricity index assumes"),
    )  # fmt: skip
    lang: Language = parameter("en", meaning=N_("Language of prose, figures and tables"))

    checks = (before("start", "end"),)
