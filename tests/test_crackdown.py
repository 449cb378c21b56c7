# SPDX-License-Identifier: MIT
"""What notebook ``02-crackdown`` may be asked: refused at once what the estimators would refuse."""

import pytest

from minelib import impact
from minelib.errors import BadParameters, MinelibError
from minelib.studies.crackdown import Crackdown


@pytest.mark.parametrize(
    ("wrong", "ask"),
    [
        ({"stage_dates": ["2021-05-21", "2021-05-24"]}, "stages"),
        ({"stage_dates": ["2021-05-21", "2021-05-31"], "freq": "epoch"}, "stages"),
        ({"stage_dates": ["2018-01-01", "2024-01-01"]}, "stages"),
        ({"start": "2021-01-01", "end": "2021-09-30"}, "breakpoints"),
        ({"start": "2019-01-01", "end": "2023-12-31", "freq": "D"}, "breakpoints"),
    ],
    ids=["close", "close in epochs", "far", "short", "long"],
)
def test_what_the_estimators_would_refuse_is_refused_at_once(wrong, ask):
    with pytest.raises(BadParameters, match=next(iter(wrong))):
        Crackdown(**wrong)
    freq = wrong.get("freq", "W")
    with pytest.raises(MinelibError):
        if ask == "stages":
            impact.stages(wrong["stage_dates"], n_placebo=19, freq=freq)
        else:
            impact.breakpoints(start=wrong["start"], end=wrong["end"], freq=freq)


def test_the_last_intervention_has_its_longest_horizon():
    ranges = {p["name"]: p["range"] for p in Crackdown.parameters("en")}
    last, days = ranges["intervention"].split()[-1], int(ranges["horizon_days"].split()[-1])
    for freq in ("W", "D", "epoch"):
        assert impact.effect(last, horizon_days=days, freq=freq).horizon_days == days
